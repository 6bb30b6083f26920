//! Formats that start at a line of their own and end where their shape ends.

use super::counted::Counted;
use super::delve::{self, Delve};
use super::goleak::{self, Goleak};
use super::gops::Gops;
use super::pprof_text::PprofText;
use super::race::Race;
use crate::line::Line;
use crate::snapshot::Snapshot;
use crate::tables::Tables;

/// A section being read.
#[derive(Clone, Debug)]
pub(super) enum Section {
    Counted(Counted),
    PprofText(PprofText),
    Goleak(Goleak),
    Race(Race),
    Delve(Delve),
    Gops(Gops),
}

impl Section {
    /// The section that `line` starts, if it starts one. The line is then taken.
    pub(super) fn starting(tables: &mut Tables, line: Line<'_>) -> Option<Self> {
        Counted::starting(line)
            .map(Self::Counted)
            .or_else(|| PprofText::starting(line).map(Self::PprofText))
            .or_else(|| Goleak::starting(tables, line).map(Self::Goleak))
            .or_else(|| Race::starting(line).map(Self::Race))
            .or_else(|| Delve::starting(tables, line).map(Self::Delve))
            .or_else(|| Gops::starting(line).map(Self::Gops))
    }

    /// Whether a line that stands where a stack may go on can only be the start of a section. Cheap.
    pub(super) fn announced_by(line: &[u8]) -> bool {
        let body = line.trim_ascii_start();
        let is_start = match body.first() {
            Some(b'g') => body.starts_with(b"goroutine profile: total ") || body.starts_with(b"goroutineleak profile: total "),
            Some(b'*' | b'G') => delve::announces(body),
            _ => false,
        };
        is_start || goleak::announces(line)
    }

    /// Takes the next line. False when the section ended before it; the line is then not taken.
    pub(super) fn line(&mut self, tables: &mut Tables, line: Line<'_>) -> bool {
        match self {
            Self::Counted(section) => section.line(tables, line),
            Self::PprofText(section) => section.line(tables, line),
            Self::Goleak(section) => section.line(tables, line),
            Self::Race(section) => section.line(line),
            Self::Delve(section) => section.line(tables, line),
            Self::Gops(section) => section.line(line),
        }
    }

    /// Goroutines read so far.
    pub(super) fn n_goroutines(&self) -> u64 {
        match self {
            Self::Counted(section) => section.n_goroutines(),
            Self::PprofText(section) => section.n_goroutines(),
            Self::Goleak(section) => section.n_goroutines(),
            Self::Delve(section) => section.n_goroutines(),
            Self::Race(_) | Self::Gops(_) => 0,
        }
    }

    /// Ends the section.
    pub(super) fn finish(self, tables: &mut Tables) -> Snapshot {
        match self {
            Self::Counted(section) => section.finish(tables),
            Self::PprofText(section) => section.finish(tables),
            Self::Goleak(section) => section.finish(tables),
            Self::Race(section) => section.finish(),
            Self::Delve(section) => section.finish(tables),
            Self::Gops(section) => section.finish(),
        }
    }
}
