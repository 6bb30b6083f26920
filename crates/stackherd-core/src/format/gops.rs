//! `gops stats`.
//!
//! ```text
//! goroutines: 12
//! OS threads: 11
//! GOMAXPROCS: 4
//! num CPU: 4
//! ```
//!
//! gops `agent/agent.go`, the handler of `signal.Stats`. The first line alone may stand in any log, so the second one decides.

use alloc::string::String;
use alloc::vec;

use super::Format;
use super::counter_log::MAX_COUNT;
use super::traceback::header::number;
use super::traceback::shape::{trim_end, trim_start};
use crate::line::Line;
use crate::series::{Point, Series};
use crate::snapshot::Snapshot;

/// Reads what one call prints.
#[derive(Clone, Debug)]
pub(crate) struct Gops {
    line_number: u64,
    n_goroutines: u64,
    /// `OS threads:` follows.
    is_confirmed: bool,
}

impl Gops {
    /// The section that `line` starts, if it starts one.
    pub(crate) fn starting(line: Line<'_>) -> Option<Self> {
        let digits = trim_end(trim_start(line.bytes).strip_prefix(b"goroutines: ")?);
        match number(digits)? {
            (n_goroutines, []) if n_goroutines <= MAX_COUNT => {
                Some(Self { line_number: line.number, n_goroutines, is_confirmed: false })
            }
            _ => None,
        }
    }

    /// Takes the next line; false when the section ended before it.
    pub(crate) fn line(&mut self, line: Line<'_>) -> bool {
        let body = trim_start(line.bytes);
        if body.starts_with(b"OS threads: ") {
            self.is_confirmed = true;
            return true;
        }
        self.is_confirmed && (body.starts_with(b"GOMAXPROCS: ") || body.starts_with(b"num CPU: "))
    }

    /// The line and its number when it turned out not to be from gops: a line of a log then.
    pub(super) fn unconfirmed(&self) -> Option<(u64, u64)> {
        (!self.is_confirmed).then_some((self.line_number, self.n_goroutines))
    }

    /// Ends the section. Without a series when it was none.
    pub(crate) fn finish(self) -> Snapshot {
        let snapshot = Snapshot { format: Format::Gops, line_number: self.line_number, ..Snapshot::default() };
        if !self.is_confirmed {
            return snapshot;
        }
        // Below 2^53.
        let point = Point { line_number: self.line_number, at_millis: None, value: self.n_goroutines as f64 };
        let name = String::from("goroutines");
        let series = vec![Series { unit: name.clone(), name, points: vec![point] }];
        Snapshot { declared_goroutines: Some(self.n_goroutines), series, ..snapshot }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Parser;
    use crate::tables::Tables;
    use alloc::format;
    use alloc::vec::Vec;

    fn read(text: &str) -> Vec<Snapshot> {
        let (mut tables, mut parser) = (Tables::default(), Parser::default());
        parser.push(&mut tables, text.as_bytes());
        parser.finish(&mut tables).unwrap_or_default()
    }

    fn values(snapshot: &Snapshot) -> Vec<f64> {
        snapshot.series()[0].points.iter().map(|point| point.value).collect()
    }

    #[test]
    fn ok_stats() {
        let snapshots = read("$ gops stats 4242\ngoroutines: 12\nOS threads: 11\nGOMAXPROCS: 4\nnum CPU: 4\n");
        assert_eq!(snapshots.len(), 1);
        let snapshot = &snapshots[0];
        assert_eq!((snapshot.format(), snapshot.line_number(), snapshot.n_goroutines()), (Format::Gops, 2, 0));
        assert_eq!((snapshot.declared_goroutines(), values(snapshot)), (Some(12), vec![12.0]));
        assert_eq!(snapshot.series()[0].name, "goroutines");
    }

    #[test]
    fn ok_stats_again_and_again_are_one_series() {
        let stats = |n: u64| format!("goroutines: {n}\r\nOS threads: 11\r\nGOMAXPROCS: 4\r\nnum CPU: 4\r\nSat Nov 21\r\n");
        let snapshots = read(&[stats(12), stats(40), stats(90)].concat());
        assert_eq!(snapshots.len(), 1);
        assert_eq!((snapshots[0].declared_goroutines(), values(&snapshots[0])), (Some(90), vec![12.0, 40.0, 90.0]));
        assert_eq!(snapshots[0].series()[0].points[2].line_number, 11);
    }

    #[test]
    fn ok_lines_of_a_log_are_a_log() {
        let snapshots = read("goroutines: 12\ngoroutines: 13\nhello\ngoroutines: 14");
        assert_eq!(snapshots.len(), 1);
        assert_eq!((snapshots[0].format(), values(&snapshots[0])), (Format::CounterLog, vec![12.0, 13.0, 14.0]));
    }

    #[test]
    fn err_one_line_is_nothing() {
        assert!(read("goroutines: 12\n").is_empty());
        assert!(read("goroutines: twelve\nOS threads: 3\n").is_empty());
    }
}
