//! What the race detector says.
//!
//! ```text
//! ==================
//! WARNING: DATA RACE
//! Read at 0x00c000094168 by goroutine 9:
//!   main.(*counter).add()
//!       /src/main.go:12 +0x7e
//!
//! Goroutine 9 (running) created at:
//! ==================
//! Found 1 data race(s)
//! ```
//!
//! LLVM `compiler-rt/lib/tsan/rtl/tsan_report.cpp`, the branches for Go. A report lists two accesses, and who started the
//! goroutines behind them; it says nothing of the goroutines there are. So reports are counted and their stacks are left out.

use alloc::vec;

use super::Format;
use super::traceback::shape::{self, trim_end, trim_start};
use crate::line::Line;
use crate::note::{Note, NoteKind};
use crate::snapshot::Snapshot;

/// Other text in a row before a report is taken to have ended.
const MAX_FOREIGN_LINES: u64 = 20;

const WARNING: &[u8] = b"WARNING: DATA RACE";
const RULE: &[u8] = b"==================";

/// Reads reports that follow each other.
#[derive(Clone, Debug)]
pub(crate) struct Race {
    line_number: u64,
    n_races: u64,
    state: State,
    n_foreign: u64,
}

/// Where the reader stands between two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Line: an access, a goroutine, their stacks. From: `Between` on the warning. To: `Between` on a rule.
    InReport,
    /// Line: an empty one, a rule, the total. From: `InReport`. To: `InReport` on the next warning.
    Between,
}

impl Race {
    /// The section that `line` starts, if it starts one.
    pub(crate) fn starting(line: Line<'_>) -> Option<Self> {
        let body = trim_end(line.bytes);
        // A logger may stand before it.
        body.ends_with(WARNING).then_some(Self { line_number: line.number, n_races: 1, state: State::InReport, n_foreign: 0 })
    }

    /// Takes the next line; false when the section ended before it.
    pub(crate) fn line(&mut self, line: Line<'_>) -> bool {
        let text = trim_end(line.bytes);
        let body = trim_start(text);
        if body.ends_with(WARNING) {
            self.n_races += 1;
            self.n_foreign = 0;
            self.state = State::InReport;
            return true;
        }
        if body.is_empty() {
            return true;
        }
        if body == RULE {
            self.state = State::Between;
            return true;
        }
        match self.state {
            State::Between => body.starts_with(b"Found ") && body.ends_with(b" data race(s)"),
            State::InReport => {
                if is_report_line(text, body) {
                    self.n_foreign = 0;
                } else {
                    self.n_foreign += 1;
                }
                self.n_foreign <= MAX_FOREIGN_LINES && !ends_report(body)
            }
        }
    }

    /// Ends the section.
    pub(crate) fn finish(self) -> Snapshot {
        let note = Note { kind: NoteKind::RaceReport, line_number: self.line_number, count: self.n_races };
        Snapshot { format: Format::Race, line_number: self.line_number, notes: vec![note], ..Snapshot::default() }
    }
}

fn is_report_line(text: &[u8], body: &[u8]) -> bool {
    const STARTS: &[&[u8]] = &[b"Read at 0x", b"Write at 0x", b"Atomic ", b"Previous ", b"Goroutine ", b"Mutex ", b"["];
    text.starts_with(b"  ")
        || STARTS.iter().any(|start| body.starts_with(start))
        || shape::call(body).is_some()
        || shape::location(body).is_some()
}

/// A report that was cut off is followed by something else.
fn ends_report(body: &[u8]) -> bool {
    const STARTS: &[&[u8]] = &[b"goroutine ", b"panic: ", b"fatal error: ", b"--- ", b"=== ", b"FAIL", b"exit status "];
    STARTS.iter().any(|start| body.starts_with(start)) || body.ends_with(b" on top of the stack:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Parser;
    use crate::tables::Tables;
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    fn read(text: &str) -> Vec<Snapshot> {
        let (mut tables, mut parser) = (Tables::default(), Parser::default());
        parser.push(&mut tables, text.as_bytes());
        parser.finish(&mut tables).unwrap_or_default()
    }

    fn n_races(snapshot: &Snapshot) -> u64 {
        assert_eq!((snapshot.format(), snapshot.n_goroutines()), (Format::Race, 0));
        assert_eq!(snapshot.notes().len(), 1);
        snapshot.notes()[0].count
    }

    const REPORT: &str = "==================
WARNING: DATA RACE
Read at 0x00c000094168 by goroutine 9:
  main.(*counter).add()
      /src/main.go:12 +0x7e

Previous write at 0x00c000094168 by main goroutine:
  [failed to restore the stack]

Goroutine 9 (running) created at:
  main.main()
      /src/main.go:20 +0x78
==================
";

    #[test]
    fn ok_reports_in_a_row_are_counted() {
        let snapshots = read(&format!("{REPORT}{REPORT}Found 2 data race(s)\nexit status 66\n"));
        assert_eq!(snapshots.len(), 1);
        assert_eq!((n_races(&snapshots[0]), snapshots[0].line_number()), (2, 2));
        assert!(snapshots[0].notes()[0].to_string().starts_with("The race detector reported 2 races"));
    }

    #[test]
    fn ok_reports_of_several_tests_are_one_entry() {
        let test = "--- FAIL: TestRace (0.00s)\n    testing.go:1867: race detected during execution of test\n";
        let snapshots = read(&format!("{REPORT}{REPORT}{test}{REPORT}{test}FAIL\n"));
        assert_eq!(snapshots.len(), 1);
        assert_eq!((n_races(&snapshots[0]), snapshots[0].line_number()), (3, 2));
    }

    #[test]
    fn ok_dump_behind_a_report_is_read() {
        let dump = "goroutine 1 [running]:\nmain.main()\n\t/src/main.go:3 +0x1\n";
        for report in [REPORT, REPORT.strip_suffix("==================\n").unwrap()] {
            let snapshots = read(&format!("{report}{dump}"));
            assert_eq!(n_races(&snapshots[0]), 1);
            assert_eq!((snapshots[1].format(), snapshots[1].n_goroutines()), (Format::Traceback, 1));
        }
    }

    #[test]
    fn err_rules_and_totals_alone_are_nothing() {
        assert!(read("==================\nFound 1 data race(s)\n").is_empty());
    }

    #[test]
    fn prop_any_prefix_counts_the_warnings() {
        let text = format!("{REPORT}{REPORT}Found 2 data race(s)\n");
        for end in 0..text.len() {
            let snapshots = read(&text[..end]);
            let n: u64 = snapshots.iter().map(n_races).sum();
            assert_eq!(n, text[..end].matches("WARNING: DATA RACE").count() as u64);
        }
    }
}
