//! Colours on a terminal, plain text elsewhere.

use anstyle::{AnsiColor, Style};

/// Paints text that comes from a dump.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    pub(super) is_colored: bool,
}

impl Paint {
    pub(super) fn bold(self, text: &str) -> String {
        self.apply(Style::new().bold(), text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.apply(Style::new().dimmed(), text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.apply(AnsiColor::Red.on_default().bold(), text)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.apply(AnsiColor::Yellow.on_default().bold(), text)
    }

    fn apply(self, style: Style, text: &str) -> String {
        let text = plain(text);
        if self.is_colored { format!("{style}{text}{style:#}") } else { text }
    }
}

/// Names and texts of a dump may hold escape codes of their own; a terminal must not act on them.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_escape_codes_of_a_dump_do_not_reach_the_terminal() {
        assert_eq!(Paint { is_colored: false }.bold("main\x1b[2J"), "main\u{fffd}[2J");
        assert_eq!(Paint { is_colored: true }.dim("a\x07"), "\x1b[2ma\u{fffd}\x1b[0m");
    }
}
