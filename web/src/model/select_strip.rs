//! Which dumps can be looked at, and what they are called where there is little room.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{DumpEntry, InputEntry, Shown, State};

/// Buttons drawn at once. All dumps are in the menu.
const MAX_BUTTONS: usize = 48;

/// Dumps from which on a menu is easier than a row of buttons.
const MENU_FROM: usize = 6;

/// A button of the strip.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StripItem<'a> {
    /// A file on its way, or one that could not be read.
    Input(&'a InputEntry),
    Dump(&'a DumpEntry),
}

impl<'a> StripItem<'a> {
    pub(crate) const fn shown(self) -> Shown {
        match self {
            Self::Input(input) => Shown::Input(input.id),
            Self::Dump(dump) => Shown::Dump(dump.id),
        }
    }

    pub(crate) fn name(self) -> &'a str {
        match self {
            Self::Input(input) => &input.name,
            Self::Dump(dump) => dump.name(),
        }
    }

    pub(crate) const fn is_failed(self) -> bool {
        matches!(self, Self::Input(input) if input.is_failed())
    }
}

/// Dumps and files in the order they were added; what could not be read comes last, out of the way.
pub(crate) fn strip(state: &State) -> Vec<StripItem<'_>> {
    let mut items = Vec::new();
    for input in &state.inputs {
        match input.dumps() {
            [] if input.is_failed() => {}
            [] => items.push(StripItem::Input(input)),
            dumps => items.extend(dumps.iter().map(|dump| StripItem::Dump(dump))),
        }
    }
    items.extend(state.inputs.iter().filter(|input| input.is_failed()).map(|input| StripItem::Input(input)));
    items
}

/// The buttons to draw: all, or those around the one on show.
pub(crate) fn strip_window(total: usize, active: Option<usize>) -> Range<usize> {
    let first = active.unwrap_or(0).saturating_sub(MAX_BUTTONS / 2).min(total.saturating_sub(MAX_BUTTONS));
    first..total.min(first + MAX_BUTTONS)
}

/// There are so many that they should be found by name, or they can be compared: the menu holds what that needs.
pub(crate) const fn has_strip_menu(total: usize, can_compare: bool) -> bool {
    total >= MENU_FROM || can_compare
}

/// Names without the folders before them, as long as that tells them apart: `dump.txt`, but `pod-7/dump.txt` beside
/// `pod-8/dump.txt`.
pub(crate) fn short_names<'a>(names: &[&'a str]) -> Vec<&'a str> {
    /// Folders kept at most; a name that needs more is shown whole.
    const MAX_FOLDERS: usize = 6;
    let mut short = vec![""; names.len()];
    let mut open: Vec<usize> = (0..names.len()).collect();
    for n_folders in 0..=MAX_FOLDERS {
        let tail = |index: usize| {
            names.get(index).map_or("", |name| if n_folders == MAX_FOLDERS { name } else { tail(name, n_folders) })
        };
        // How many different names end in it: the same file opened twice stays short.
        let mut by_tail: BTreeMap<&str, (Option<&str>, bool)> = BTreeMap::new();
        for &index in &open {
            let name = names.get(index).copied();
            let (first, is_shared) = by_tail.entry(tail(index)).or_insert((name, false));
            *is_shared |= *first != name;
        }
        open.retain(|&index| {
            let tail = tail(index);
            if let Some(short) = short.get_mut(index) {
                *short = tail;
            }
            by_tail.get(tail).is_some_and(|(_, is_shared)| *is_shared)
        });
    }
    short
}

/// The last element of a path and `n_folders` before it. In `app.log [api-7/web]` the source is the last element.
fn tail(name: &str, n_folders: usize) -> &str {
    let source = name.rfind(" [").filter(|&at| name.get(at..).is_some_and(|source| source.contains(']')));
    let Some(n_folders) = n_folders.checked_sub(usize::from(source.is_some())) else {
        return source.and_then(|at| name.get(at + 1..)).unwrap_or(name);
    };
    let path = source.and_then(|at| name.get(..at)).unwrap_or(name);
    match path.rmatch_indices('/').nth(n_folders) {
        Some((slash, _)) => name.get(slash + 1..).unwrap_or(name),
        None => name,
    }
}

/// Which of the names hold a text, whatever its case.
pub(crate) fn find_names(names: &[&str], text: &str) -> Vec<usize> {
    let text = text.trim().to_lowercase();
    let holds = |(index, name): (usize, &&str)| name.to_lowercase().contains(&text).then_some(index);
    names.iter().enumerate().filter_map(holds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_names_are_as_short_as_they_can_be() {
        assert_eq!(short_names(&["a/b/dump.txt", "x.txt"]), ["dump.txt", "x.txt"]);
        assert_eq!(
            short_names(&["p.zip/pod-7/dump.txt", "p.zip/pod-8/dump.txt", "p.zip/notes/other.txt"]),
            ["pod-7/dump.txt", "pod-8/dump.txt", "other.txt"]
        );
        assert_eq!(short_names(&["a/x/d", "b/x/d", "d"]), ["a/x/d", "b/x/d", "d"]);
        let pods = ["logs/app.log [api-7/web]", "logs/app.log [api-7/web] #2", "logs/app.log [api-8/web]"];
        assert_eq!(short_names(&pods), ["[api-7/web]", "[api-7/web] #2", "[api-8/web]"]);
        assert_eq!(short_names(&["a.log [web]", "b.log [web]"]), ["a.log [web]", "b.log [web]"]);
        assert_eq!(short_names(&["log.txt", "log.txt #2"]), ["log.txt", "log.txt #2"]);
    }

    #[test]
    fn ok_names_that_can_not_be_told_apart_end() {
        assert_eq!(short_names(&["a/d.txt", "a/d.txt"]), ["d.txt", "d.txt"]);
        let deep = ["1/a/b/c/d/e/f/g/h", "2/a/b/c/d/e/f/g/h"];
        assert_eq!(short_names(&deep), deep);
        assert!(short_names(&[]).is_empty());
    }

    #[test]
    fn ok_few_are_drawn_and_the_one_on_show_is_among_them() {
        assert_eq!(strip_window(3, Some(2)), 0..3);
        assert_eq!(strip_window(500, None), 0..48);
        assert_eq!(strip_window(500, Some(250)), 226..274);
        assert_eq!(strip_window(500, Some(499)), 452..500);
        assert_eq!(strip_window(0, None), 0..0);
    }

    #[test]
    fn ok_find_by_name() {
        let names = ["prod/Pod-7.txt", "prod/pod-8.txt", "notes"];
        assert_eq!(find_names(&names, " POD-"), [0, 1]);
        assert_eq!(find_names(&names, ""), [0, 1, 2]);
        assert!(find_names(&names, "staging").is_empty());
    }
}
