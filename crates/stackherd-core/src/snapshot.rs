//! A dump as read: one row per goroutine.

use alloc::string::String;
use alloc::vec::Vec;

use crate::blocking::ObjectKind;
use crate::format::Format;
use crate::format::traceback::offsets::{MAX_GOROUTINES, MAX_OFFSETS};
use crate::go_version::GoVersion;
use crate::issue::{Issue, IssueKind};
use crate::note::Note;
use crate::order;
use crate::series::Series;
use crate::tables::{FrameId, StackId, StringId, Tables};
use crate::wait::Category;

/// Go's number of a goroutine, never used twice within a process. 0 is the system goroutine of a thread; it may occur
/// several times in one dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Goid(pub u64);

/// Flags and numbers that Go printed with a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    /// `locked to thread`
    pub const LOCKED_TO_THREAD: Self = Self(1);
    /// `(leaked)`, Go 1.26: the runtime proved that nothing can wake it.
    pub const LEAKED: Self = Self(2);
    /// `(scan)`: the garbage collector was looking at its stack.
    pub const SCAN: Self = Self(4);
    /// `(durable)`, Go 1.25: waits for something in its synctest bubble.
    pub const DURABLE: Self = Self(8);
    /// In a synctest bubble or group, Go 1.24.
    pub const SYNCTEST: Self = Self(16);
    /// The row stands for several goroutines that a profile counts together. Set by [`Goroutine::counted`].
    const COUNTED: Self = Self(32);

    /// Whether all flags of `other` are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Sets the flags of `other`.
    pub const fn set(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Labels of a goroutine as printed, braces removed: an id of raw text such as `handler: "/api", user: 7`.
///
/// [`parse`](crate::format::traceback::labels::parse) reads them; equal texts have equal ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Labels(pub StringId);

/// One goroutine, or several equal ones that a profile counts together: a row of fixed size, whatever its stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goroutine {
    /// Go's number; the count if [`Flags::COUNTED`]. Ask [`Goroutine::goid`] and [`Goroutine::count`].
    number: u64,
    /// The goroutine that started it, from Go 1.21 on; [`NO_PARENT`] otherwise. Ask [`Goroutine::parent`].
    parent: u64,
    /// Where its text starts in the input.
    pub offset_bytes: u64,
    /// Length of its text, blank line excluded. Saturates at 4 GiB.
    pub len_bytes: u32,
    /// Its frames and creator.
    pub stack: StackId,
    /// Go's words for its state, flags removed: `chan receive`.
    pub wait_reason: StringId,
    /// Profiler labels; the empty text for none.
    pub labels: Labels,
    /// Whole minutes, [`NO_WAIT`] when none is printed. Ask [`Goroutine::wait_minutes`].
    wait_minutes: u32,
    /// Address of what it waits for, where Go prints it; 0 otherwise.
    pub object: u64,
    /// What lies at that address; `None` where no address is printed.
    pub object_kind: Option<ObjectKind>,
    /// What the state means.
    pub category: Category,
    /// Flags printed with the state.
    pub flags: Flags,
}

/// An address among the arguments of a call outside of the standard library: what the goroutine works on.
///
/// Only values that Go knows to be live are kept, and only of the first goroutines of each crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The goroutine's index among the rows.
    pub goroutine: u32,
    /// The call.
    pub frame: FrameId,
    /// Which word of the arguments it is, as printed; 0 is the receiver of a method.
    pub position: u8,
    /// The address.
    pub value: u64,
}

/// How far behind the start of its function a call returns to, as Go prints it: `+0x1d`. It differs from build to build.
///
/// Only those of the first goroutines of a dump are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeOffset {
    /// The call, or the `go` statement.
    pub frame: FrameId,
    /// Bytes from the start of the function.
    pub offset: u32,
    /// The goroutine's index among the rows.
    pub(crate) goroutine: u8,
}

impl CodeOffset {
    /// Keeps `offset` unless it is known, the goroutine is not one of the first, or there are many.
    pub(crate) fn add(kept: &mut Vec<Self>, offset: Self) {
        let is_known = |other: &Self| (other.frame, other.offset) == (offset.frame, offset.offset);
        if kept.len() < MAX_OFFSETS && usize::from(offset.goroutine) < MAX_GOROUTINES && !kept.iter().any(is_known) {
            kept.push(offset);
        }
    }
}

const NO_PARENT: u64 = 0;
const NO_WAIT: u32 = u32::MAX;

impl Goroutine {
    /// A goroutine with an empty stack, as its header describes it.
    #[must_use]
    pub fn new(goid: Goid, wait_reason: StringId, category: Category) -> Self {
        Self {
            number: goid.0,
            parent: NO_PARENT,
            offset_bytes: 0,
            len_bytes: 0,
            stack: StackId::EMPTY,
            wait_reason,
            labels: Labels(StringId::EMPTY),
            wait_minutes: NO_WAIT,
            object: 0,
            object_kind: None,
            category,
            flags: Flags::default(),
        }
    }

    /// `count` goroutines with an empty stack, which a profile lists without their numbers.
    #[must_use]
    pub fn counted(count: u64, wait_reason: StringId, category: Category) -> Self {
        let mut flags = Flags::default();
        flags.set(Flags::COUNTED);
        Self { number: count, flags, ..Self::new(Goid(0), wait_reason, category) }
    }

    /// Go's number; `None` in a profile, which has no numbers.
    #[must_use]
    pub fn goid(&self) -> Option<Goid> {
        (!self.flags.has(Flags::COUNTED)).then_some(Goid(self.number))
    }

    /// How many goroutines the row stands for.
    #[inline]
    #[must_use]
    pub fn count(&self) -> u64 {
        if self.flags.has(Flags::COUNTED) { self.number } else { 1 }
    }

    /// The goroutine that started it, when printed.
    #[must_use]
    pub fn parent(&self) -> Option<Goid> {
        (self.parent != NO_PARENT).then_some(Goid(self.parent))
    }

    /// Notes the goroutine that started it.
    pub fn set_parent(&mut self, parent: Option<Goid>) {
        self.parent = parent.map_or(NO_PARENT, |goid| goid.0);
    }

    /// Whole minutes of waiting, when printed.
    ///
    /// Go rounds down and stamps the start at a garbage collection, so the number is neither exact nor always there
    /// (Go `runtime/mgcmark.go`, `waitsince`).
    #[must_use]
    pub fn wait_minutes(&self) -> Option<u32> {
        (self.wait_minutes != NO_WAIT).then_some(self.wait_minutes)
    }

    /// Notes the wait.
    pub fn set_wait_minutes(&mut self, minutes: Option<u32>) {
        self.wait_minutes = minutes.map_or(NO_WAIT, |minutes| minutes.min(NO_WAIT - 1));
    }
}

/// What ended a process, as its dump says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crash {
    /// Panic, fatal error or signal.
    pub kind: CrashKind,
    /// The runtime's message without its prefix, at most a few lines.
    pub message: String,
    /// The first goroutine printed after it.
    pub goid: Option<Goid>,
}

/// Kinds of [`Crash`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrashKind {
    /// `panic: …`
    Panic,
    /// `fatal error: …`
    FatalError,
    /// `SIGQUIT: quit`, `[signal …]`
    Signal,
}

/// Which goroutines a dump lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    #[default]
    All,
    /// Those the garbage collector proved to be leaked: the `goroutineleak` profile, Go 1.26.
    Leaked,
}

/// A dump as read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    pub(crate) format: Format,
    pub(crate) scope: Scope,
    pub(crate) source: String,
    /// Line of the input it starts at; snapshots of one input are in this order.
    pub(crate) line_number: u64,
    pub(crate) goroutines: Vec<Goroutine>,
    /// In the order of the rows.
    pub(crate) arguments: Vec<Argument>,
    /// In the order of the text.
    pub(crate) offsets: Vec<CodeOffset>,
    pub(crate) declared_goroutines: Option<u64>,
    pub(crate) captured_at_nanos: Option<i64>,
    pub(crate) issues: Vec<Issue>,
    pub(crate) notes: Vec<Note>,
    pub(crate) series: Vec<Series>,
    pub(crate) crash: Option<Crash>,
    pub(crate) go_version: GoVersion,
    pub(crate) n_bytes: u64,
    pub(crate) n_lines: u64,
}

impl Snapshot {
    /// How it was printed.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Which goroutines it lists.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Which of the sources that share a log it comes from, a pod or a package; empty when there is one only.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Line of the input it starts at, from 1.
    #[must_use]
    pub fn line_number(&self) -> u64 {
        self.line_number
    }

    /// The rows, in the order of the dump.
    #[must_use]
    pub fn goroutines(&self) -> &[Goroutine] {
        &self.goroutines
    }

    /// Addresses that the goroutines' calls have as arguments, in the order of the rows. Empty for formats without arguments.
    #[must_use]
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }

    /// Offsets in the code of the first goroutines, each once: what tells builds of a program apart. Empty for formats without.
    #[must_use]
    pub fn offsets(&self) -> &[CodeOffset] {
        &self.offsets
    }

    /// How many goroutines there are: the sum of the rows' counts. `O(rows)`.
    #[must_use]
    pub fn n_goroutines(&self) -> u64 {
        self.goroutines.iter().fold(0, |sum, goroutine| sum.saturating_add(goroutine.count()))
    }

    /// The dump's own total, when it states one.
    #[must_use]
    pub fn declared_goroutines(&self) -> Option<u64> {
        self.declared_goroutines
    }

    /// When it was taken, in nanoseconds since 1970, when the dump says so.
    #[must_use]
    pub fn captured_at_nanos(&self) -> Option<i64> {
        self.captured_at_nanos
    }

    /// What was peeled off or inferred.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Numbers over time, of a log.
    #[must_use]
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// What was not understood, by line number.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// What ended the process, when the dump says so.
    #[must_use]
    pub fn crash(&self) -> Option<&Crash> {
        self.crash.as_ref()
    }

    /// The oldest Go version that prints such text.
    #[must_use]
    pub fn go_version(&self) -> GoVersion {
        self.go_version
    }

    /// Size of the input.
    #[must_use]
    pub fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// Lines of the input.
    #[must_use]
    pub fn n_lines(&self) -> u64 {
        self.n_lines
    }

    /// Stacks that differ in a frame or the creator. `O(goroutines + stacks)`.
    #[must_use]
    pub fn n_distinct_stacks(&self, tables: &Tables) -> usize {
        let mut is_seen = alloc::vec![false; tables.stacks.n_nodes()];
        for goroutine in &self.goroutines {
            if let Some(seen) = is_seen.get_mut(goroutine.stack.index()) {
                *seen = true;
            }
        }
        is_seen.into_iter().filter(|&seen| seen).count()
    }

    /// Notes that the reader stopped the reading here: that, and not the dump, is why its end is missing.
    pub fn note_stop(&mut self) {
        self.issues.retain(|issue| !matches!(issue.kind, IssueKind::Truncated { .. } | IssueKind::InvalidCompression { .. }));
        self.add_issue(Issue::new(IssueKind::Stopped { offset_bytes: self.n_bytes }, self.n_lines, b""));
    }

    /// Adds an issue that the caller found.
    pub fn add_issue(&mut self, issue: Issue) {
        self.issues.push(issue);
        order::by_key(&mut self.issues, |issue| issue.line_number);
    }

    /// Joins two snapshots whose tables are the same: `other` is the part of the dump that follows, in the same format.
    ///
    /// Associative; the empty snapshot changes nothing. Lines and offsets of `other` go on where this one ends.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        if self == Self::default() {
            return other;
        }
        let first_goid = other.goroutines.first().and_then(Goroutine::goid);
        match &mut self.crash {
            // Its stack is the first one behind it.
            Some(crash) => crash.goid = crash.goid.or(first_goid),
            None => self.crash = other.crash,
        }
        let n_rows = self.goroutines.len() as u32;
        for offset in other.offsets {
            let goroutine = u8::try_from(self.goroutines.len() + usize::from(offset.goroutine)).unwrap_or(u8::MAX);
            CodeOffset::add(&mut self.offsets, CodeOffset { goroutine, ..offset });
        }
        let arguments = other.arguments.into_iter();
        self.arguments
            .extend(arguments.map(|argument| Argument { goroutine: argument.goroutine.saturating_add(n_rows), ..argument }));
        self.goroutines.extend(
            other
                .goroutines
                .into_iter()
                .map(|goroutine| Goroutine { offset_bytes: goroutine.offset_bytes + self.n_bytes, ..goroutine }),
        );
        for mut issue in other.issues {
            issue.line_number += self.n_lines;
            issue.kind = issue.kind.moved(self.n_bytes);
            Issue::note(&mut self.issues, issue);
        }
        for mut note in other.notes {
            note.line_number += self.n_lines;
            Note::add(&mut self.notes, note);
        }
        self.go_version = self.go_version.max(other.go_version);
        self.n_bytes += other.n_bytes;
        self.n_lines += other.n_lines;
        self
    }
}
