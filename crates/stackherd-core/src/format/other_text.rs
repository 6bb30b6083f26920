//! Other text inside of a section, such as log lines.

use alloc::vec::Vec;

use crate::issue::{Issue, IssueKind};
use crate::line::Line;

/// Lines in a row that may stand where none is due before a section is taken to have ended.
pub(super) const MAX_OTHER_LINES: u64 = 20;

/// Lines skipped since the section last went on.
#[derive(Clone, Debug, Default)]
pub(super) struct OtherText(Option<Issue>);

impl OtherText {
    /// Skips a line; false when the section has ended before it.
    pub(super) fn skip(&mut self, line: Line<'_>) -> bool {
        let new = || Issue { count: 0, ..Issue::new(IssueKind::InterleavedText, line.number, line.bytes) };
        let skipped = self.0.get_or_insert_with(new);
        let is_noise = skipped.count < MAX_OTHER_LINES;
        skipped.count += u64::from(is_noise);
        is_noise
    }

    /// The section went on behind it: it stood inside.
    pub(super) fn note_inside(&mut self, issues: &mut Vec<Issue>) {
        if let Some(skipped) = self.0.take() {
            Issue::note(issues, skipped);
        }
    }

    /// The section has ended before it: its first line and how many there are.
    pub(super) fn take_behind(&mut self) -> Option<(u64, u64)> {
        self.0.take().map(|skipped| (skipped.line_number, skipped.count))
    }
}
