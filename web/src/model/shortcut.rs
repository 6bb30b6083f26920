//! Which key does what.

use super::CursorMove;

/// Where the focus is, as far as keys care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// On nothing.
    Page,
    /// On a row of the groups table.
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
    /// Close, then clear, then cancel.
    Escape,
    CopyGroup,
    OpenFiles,
    Paste,
    StepDump {
        forward: bool,
    },
    ShowHelp,
}

/// The meaning of a key, given as the browser names it, without Ctrl, Alt or Meta.
pub(crate) fn shortcut(key: &str, focus: Focus) -> Option<Shortcut> {
    if key == "Escape" {
        return Some(Shortcut::Escape);
    }
    if focus == Focus::Field {
        return None;
    }
    let letter = match key {
        "/" => Shortcut::FocusFilter,
        "j" => Shortcut::MoveCursor(CursorMove::By(1)),
        "k" => Shortcut::MoveCursor(CursorMove::By(-1)),
        "y" => Shortcut::CopyGroup,
        "o" | "a" => Shortcut::OpenFiles,
        "p" => Shortcut::Paste,
        "[" => Shortcut::StepDump { forward: false },
        "]" => Shortcut::StepDump { forward: true },
        "?" => Shortcut::ShowHelp,
        _ if focus == Focus::Control => return None,
        "ArrowDown" => Shortcut::MoveCursor(CursorMove::By(1)),
        "ArrowUp" => Shortcut::MoveCursor(CursorMove::By(-1)),
        "PageDown" => Shortcut::MoveCursor(CursorMove::By(10)),
        "PageUp" => Shortcut::MoveCursor(CursorMove::By(-10)),
        "Home" => Shortcut::MoveCursor(CursorMove::First),
        "End" => Shortcut::MoveCursor(CursorMove::Last),
        "Enter" => Shortcut::OpenGroup,
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
            assert_eq!(shortcut(key, Focus::Field), None, "{key}");
        }
        assert_eq!(shortcut("Escape", Focus::Field), Some(Shortcut::Escape));
    }

    #[test]
    fn ok_controls_keep_their_own_keys() {
        assert_eq!(shortcut("Enter", Focus::Control), None);
        assert_eq!(shortcut("ArrowDown", Focus::Control), None);
        assert_eq!(shortcut("j", Focus::Control), Some(Shortcut::MoveCursor(CursorMove::By(1))));
        assert_eq!(shortcut("Enter", Focus::Groups), Some(Shortcut::OpenGroup));
        assert_eq!(shortcut("q", Focus::Page), None);
    }
}
