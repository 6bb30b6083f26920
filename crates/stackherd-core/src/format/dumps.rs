//! The dumps of one source: stacks as text, and sections in other formats between them.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::Format;
use super::counter_log::CounterLog;
use super::section::Section;
use super::traceback::Traceback;
use crate::issue::{Issue, IssueKind};
use crate::line::{Line, Taken};
use crate::note::Note;
use crate::order;
use crate::snapshot::Snapshot;
use crate::tables::Tables;

/// Hands each line to the format it belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct Dumps {
    traceback: Traceback,
    section: Option<Box<Section>>,
    /// Sections that ended.
    finished: Vec<Snapshot>,
    counters: CounterLog,
}

impl Dumps {
    /// Whether the next line most likely belongs to a goroutine's stack.
    #[inline]
    pub(super) fn is_in_stack(&self) -> bool {
        self.section.is_none() && !self.traceback.is_outside()
    }

    /// Takes the next line.
    pub(super) fn line(&mut self, tables: &mut Tables, line: Line<'_>) {
        if let Some(section) = &mut self.section {
            if section.line(tables, line) {
                return;
            }
            self.end_section(tables);
        }
        if is_between_goroutines(line.bytes) {
            self.traceback.line(tables, line);
            return;
        }
        let is_outside = self.traceback.is_outside();
        // Behind a stack whose end nothing tells, such as that of `main`, a report would be taken for more of its frames.
        if (is_outside || Section::announced_by(line.bytes))
            && let Some(section) = Section::starting(tables, line)
        {
            self.section = Some(Box::new(section));
            return;
        }
        if is_outside {
            self.counters.line(line);
        }
        self.traceback.line(tables, line);
    }

    /// Takes whole lines that are as they were the last time.
    #[inline]
    pub(super) fn ahead(&mut self, tables: &Tables, rest: &[u8], offset_bytes: u64) -> Taken {
        if self.section.is_some() { Taken::default() } else { self.traceback.ahead(tables, rest, offset_bytes) }
    }

    /// Goroutines read so far.
    pub(super) fn n_goroutines(&self) -> u64 {
        let in_section = self.section.as_ref().map_or(0, |section| section.n_goroutines());
        let read = self.traceback.n_goroutines().saturating_add(in_section);
        self.finished.iter().map(Snapshot::n_goroutines).fold(read, u64::saturating_add)
    }

    fn end_section(&mut self, tables: &mut Tables) {
        let Some(section) = self.section.take() else { return };
        if let Section::Gops(gops) = &*section
            && let Some((line_number, n_goroutines)) = gops.unconfirmed()
        {
            self.counters.add_bare_line(line_number, n_goroutines);
        }
        let ended = section.finish(tables);
        match self.finished.last_mut() {
            Some(last) if last.format == ended.format && matches!(ended.format, Format::Race | Format::Gops) => {
                join(last, ended)
            }
            _ if says_nothing(&ended) => {}
            _ => self.finished.push(ended),
        }
    }

    /// Ends the input.
    pub(super) fn finish(mut self, tables: &mut Tables, n_bytes: u64, n_lines: u64) -> Vec<Snapshot> {
        self.end_section(tables);
        let mut snapshots = self.traceback.finish(tables, n_bytes, n_lines);
        let has_stacks = !snapshots.is_empty();
        for section in self.finished {
            // A process prints the same goroutines in several formats; counting them twice would be wrong.
            match snapshots.first_mut().filter(|_| has_stacks && section.format == Format::Counted) {
                Some(first) => {
                    let kind = IssueKind::OtherFormat { n_goroutines: section.n_goroutines() };
                    first.add_issue(Issue::new(kind, section.line_number, b""));
                }
                None => snapshots.push(section),
            }
        }
        snapshots.extend(self.counters.finish());
        order::by_key(&mut snapshots, |snapshot| snapshot.line_number);
        snapshots
    }
}

/// The lines between two stacks, which a dump is full of: they start nothing else.
#[inline]
fn is_between_goroutines(line: &[u8]) -> bool {
    line.is_empty() || line.strip_prefix(b"goroutine ").and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit)
}

/// A line that looked like the start of a section, with nothing behind it.
fn says_nothing(section: &Snapshot) -> bool {
    let has_text = !section.issues.is_empty() || !section.notes.is_empty();
    section.goroutines.is_empty() && section.declared_goroutines.is_none() && section.series.is_empty() && !has_text
}

/// Joins a section that lists no goroutines with the next one of its format: a log may hold thousands.
fn join(earlier: &mut Snapshot, later: Snapshot) {
    earlier.declared_goroutines = later.declared_goroutines.or(earlier.declared_goroutines);
    later.notes.into_iter().for_each(|note| Note::add(&mut earlier.notes, note));
    for series in later.series {
        match earlier.series.iter_mut().find(|known| known.name == series.name) {
            Some(known) => known.points.extend(series.points),
            None => earlier.series.push(series),
        }
    }
}
