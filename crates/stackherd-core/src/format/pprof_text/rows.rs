//! The rows of a profile as text.

use alloc::vec::Vec;

use crate::format::Format;
use crate::go_version::GoVersion;
use crate::infer::infer_or_running;
use crate::issue::{Issue, IssueKind};
use crate::note::{Note, NoteKind};
use crate::order;
use crate::snapshot::{Flags, Goroutine, Labels, Scope, Snapshot};
use crate::tables::{StackId, StringId, Tables};
use crate::wait::Category;

/// Goroutines that a profile counts together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// How many; negative in a profile of differences.
    pub(super) value: i64,
    /// Their frames.
    pub(super) stack: StackId,
    /// Their labels, as [`labels::append`](crate::format::traceback::labels::append) writes them.
    pub(super) labels: StringId,
    /// Where its text starts in the input.
    pub(super) offset_bytes: u64,
    /// Where its text ends.
    pub(super) end_bytes: u64,
    /// Line of the input it starts at.
    pub(super) line_number: u64,
}

/// Collects them.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    line_number: u64,
    scope: Scope,
    goroutines: Vec<Goroutine>,
    n_goroutines: u64,
    n_inferred: u64,
    notes: Vec<Note>,
    /// What was not understood.
    pub(super) issues: Vec<Issue>,
    /// When the profile was taken.
    pub(super) captured_at_nanos: Option<i64>,
}

impl Rows {
    /// None yet, of a profile that starts at this line.
    pub(super) fn new(line_number: u64, scope: Scope) -> Self {
        Self {
            line_number,
            scope,
            goroutines: Vec::new(),
            n_goroutines: 0,
            n_inferred: 0,
            notes: Vec::new(),
            issues: Vec::new(),
            captured_at_nanos: None,
        }
    }

    /// Goroutines so far.
    pub(super) fn n_goroutines(&self) -> u64 {
        self.n_goroutines
    }

    /// Adds a row. `functions` are those of its stack, leaf first.
    pub(super) fn add(&mut self, tables: &mut Tables, sample: Sample, functions: &[StringId]) {
        let count = sample.value.unsigned_abs();
        if sample.value <= 0 {
            self.note(NoteKind::Delta, sample.line_number, count);
            return;
        }
        let (wait_reason, category) = state(tables, functions);
        if category != Category::Other || wait_reason != WAITING {
            self.n_inferred = self.n_inferred.saturating_add(count);
        }
        let mut row = Goroutine::counted(count, tables.strings.intern(wait_reason.as_bytes()), category);
        row.stack = sample.stack;
        row.labels = Labels(sample.labels);
        row.offset_bytes = sample.offset_bytes;
        row.len_bytes = u32::try_from(sample.end_bytes.saturating_sub(sample.offset_bytes)).unwrap_or(u32::MAX);
        if self.scope == Scope::Leaked {
            row.flags.set(Flags::LEAKED);
        }
        self.n_goroutines = self.n_goroutines.saturating_add(count);
        self.goroutines.push(row);
    }

    /// Notes something that concerns `count` lines or goroutines, if it concerns any.
    pub(super) fn note(&mut self, kind: NoteKind, line_number: u64, count: u64) {
        if count > 0 {
            Note::add(&mut self.notes, Note { kind, line_number, count });
        }
    }

    /// Notes that the input ends too early.
    pub(super) fn note_cut(&mut self, line_number: u64, end_bytes: u64, text: &[u8]) {
        let kind = IssueKind::Truncated { offset_bytes: end_bytes, goid: None };
        self.issues.push(Issue::new(kind, line_number, text));
    }

    /// The snapshot. `is_listed` when samples were announced, so that none means no goroutine.
    pub(super) fn finish(mut self, is_listed: bool) -> Snapshot {
        self.note(NoteKind::InferredState, self.line_number, self.n_inferred);
        order::by_key(&mut self.notes, |note| note.line_number);
        order::by_key(&mut self.issues, |issue| issue.line_number);
        let is_empty = self.goroutines.is_empty() && is_listed;
        let is_leak_profile = self.scope == Scope::Leaked;
        Snapshot {
            format: Format::Profile,
            scope: self.scope,
            line_number: self.line_number,
            goroutines: self.goroutines,
            declared_goroutines: is_empty.then_some(0),
            captured_at_nanos: self.captured_at_nanos,
            issues: self.issues,
            notes: self.notes,
            go_version: if is_leak_profile { GoVersion::LEAKED } else { GoVersion::UNKNOWN },
            ..Snapshot::default()
        }
    }
}

/// Said of what is parked for an unknown reason.
const WAITING: &str = "waiting";

/// The state of a goroutine with these functions. The runtime's are listed, so one that is not parked runs, or soon will.
fn state(tables: &Tables, functions: &[StringId]) -> (&'static str, Category) {
    let inferred = infer_or_running(functions.iter().map(|&function| tables.bytes(function)));
    (inferred.wait_reason, inferred.category)
}
