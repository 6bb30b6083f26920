//! Which key does what.

use stackherd_report::Similarity;

use super::{CursorMove, Tab};

/// Where the focus is, as far as keys care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// On nothing.
    Page,
    /// On a row of a table.
    Groups,
    /// In a field that takes text.
    Field,
    /// On a button, a tab or a splitter, which have keys of their own.
    Control,
}

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shortcut {
    FocusFilter,
    MoveCursor(CursorMove),
    OpenGroup,
    /// Opens what is below a site of the tree, or goes there.
    Inward,
    /// Closes it, or goes to what is above.
    Outward,
    /// The next key names a view.
    AwaitView,
    ShowTab(Tab),
    /// Close, then clear, then cancel.
    Escape,
    CopyGroup,
    OpenFiles,
    Paste,
    StepDump {
        forward: bool,
    },
    ShowHelp,
    ShowFix,
    Export,
    GroupBy(Similarity),
    /// The dump on show becomes the baseline.
    MakeBaseline,
}

/// The meaning of a key, given as the browser names it, without Ctrl, Alt or Meta. A key that follows a `g` names a view,
/// if it is one that does.
pub(crate) fn shortcut(key: &str, focus: Focus, follows_g: bool) -> Option<Shortcut> {
    if key == "Escape" {
        return Some(Shortcut::Escape);
    }
    if focus == Focus::Field {
        return None;
    }
    if follows_g && let Some(tab) = Tab::by_letter(key) {
        return Some(Shortcut::ShowTab(tab));
    }
    let letter = match key {
        "g" => Shortcut::AwaitView,
        "/" => Shortcut::FocusFilter,
        "j" => Shortcut::MoveCursor(CursorMove::By(1)),
        "k" => Shortcut::MoveCursor(CursorMove::By(-1)),
        "y" => Shortcut::CopyGroup,
        "o" | "a" => Shortcut::OpenFiles,
        "p" => Shortcut::Paste,
        "[" => Shortcut::StepDump { forward: false },
        "]" => Shortcut::StepDump { forward: true },
        "?" => Shortcut::ShowHelp,
        "f" => Shortcut::ShowFix,
        "e" => Shortcut::Export,
        "1" => Shortcut::GroupBy(Similarity::Stack),
        "2" => Shortcut::GroupBy(Similarity::Function),
        "3" => Shortcut::GroupBy(Similarity::Origin),
        "4" => Shortcut::GroupBy(Similarity::Culprit),
        "b" => Shortcut::MakeBaseline,
        _ if focus == Focus::Control => return None,
        "ArrowDown" => Shortcut::MoveCursor(CursorMove::By(1)),
        "ArrowUp" => Shortcut::MoveCursor(CursorMove::By(-1)),
        "PageDown" => Shortcut::MoveCursor(CursorMove::By(10)),
        "PageUp" => Shortcut::MoveCursor(CursorMove::By(-10)),
        "Home" => Shortcut::MoveCursor(CursorMove::First),
        "End" => Shortcut::MoveCursor(CursorMove::Last),
        "Enter" => Shortcut::OpenGroup,
        "ArrowRight" => Shortcut::Inward,
        "ArrowLeft" => Shortcut::Outward,
        _ => return None,
    };
    Some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_letters_do_nothing_in_a_field() {
        for key in ["j", "/", "?", "o", "Enter", "ArrowDown"] {
            assert_eq!(shortcut(key, Focus::Field, false), None, "{key}");
        }
        assert_eq!(shortcut("Escape", Focus::Field, false), Some(Shortcut::Escape));
    }

    #[test]
    fn ok_controls_keep_their_own_keys() {
        assert_eq!(shortcut("Enter", Focus::Control, false), None);
        assert_eq!(shortcut("ArrowDown", Focus::Control, false), None);
        assert_eq!(shortcut("j", Focus::Control, false), Some(Shortcut::MoveCursor(CursorMove::By(1))));
        assert_eq!(shortcut("Enter", Focus::Groups, false), Some(Shortcut::OpenGroup));
        assert_eq!(shortcut("q", Focus::Page, false), None);
    }

    #[test]
    fn ok_a_letter_after_g_names_a_view() {
        assert_eq!(shortcut("g", Focus::Page, false), Some(Shortcut::AwaitView));
        assert_eq!(shortcut("b", Focus::Groups, true), Some(Shortcut::ShowTab(Tab::Blocking)));
        assert_eq!(shortcut("o", Focus::Control, true), Some(Shortcut::ShowTab(Tab::Groups)));
        assert_eq!(shortcut("o", Focus::Page, false), Some(Shortcut::OpenFiles));
        assert_eq!(shortcut("j", Focus::Page, true), shortcut("j", Focus::Page, false), "no view has this letter");
        assert_eq!(shortcut("b", Focus::Field, true), None);
        assert_eq!(shortcut("b", Focus::Page, false), Some(Shortcut::MakeBaseline));
        assert_eq!(shortcut("3", Focus::Groups, false), Some(Shortcut::GroupBy(Similarity::Origin)));
        assert_eq!(shortcut("g", Focus::Page, true), Some(Shortcut::AwaitView));
    }
}
