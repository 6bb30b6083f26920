//! What delve lists for `goroutines`, plain, with `-t`, with `-l`, grouped, and what it says of one `goroutine`.
//!
//! ```text
//! * Goroutine 1 - User: ./main.go:12 main.main (0x4b8d2a) (thread 4242) [chan receive 187126783232]
//!         Labels: "handler":"/api", "user":"7"
//!         0  0x00000000004392d6 in runtime.gopark
//!            at /usr/local/go/src/runtime/proc.go:363
//!         (truncated)
//! [12 goroutines]
//! ```
//!
//! delve `pkg/terminal/command.go`, `printGoroutines`, `formatGoroutine`, `writeGoroutineLong`; `service/api/prettyprint.go`,
//! `PrintStack`. Without `-t` all that is known of a stack is one place in it.

mod row;

use alloc::vec::Vec;

use super::Format;
use super::traceback::header::number;
use super::traceback::open::refine;
use super::traceback::shape::{self, trim_end, trim_start};
use crate::issue::{Issue, IssueKind};
use crate::line::Line;
use crate::order;
use crate::snapshot::{Goid, Goroutine, Labels, Snapshot};
use crate::tables::{Edge, Frame, FrameId, StackId, StringId, Tables};
use crate::wait::Category;
use row::{Place, PlaceKind, Row};

/// Other text in a row before a listing is taken to have ended. Titles of groups and empty lines stand in one.
const MAX_FOREIGN_LINES: u64 = 20;

/// Whether `body`, a line without its indentation, can only be a row of a listing. Cheap.
pub(super) fn announces(body: &[u8]) -> bool {
    let row = body.strip_prefix(b"* ").unwrap_or(body);
    row.starts_with(b"Goroutine ") && Row::parse(body).is_some()
}

/// Reads one listing.
#[derive(Clone, Debug)]
pub(crate) struct Delve {
    line_number: u64,
    goroutines: Vec<Goroutine>,
    issues: Vec<Issue>,
    open: Option<Open>,
    /// The first goroutine listed: one that comes again starts the next listing.
    first: Option<Goid>,
    declared: Option<u64>,
    n_foreign: u64,
    is_over: bool,
}

/// The goroutine being read.
#[derive(Clone, Copy, Debug)]
struct Open {
    goroutine: Goroutine,
    /// Where it is, for a listing without stacks.
    user: Option<FrameId>,
    creator: Option<FrameId>,
    /// The function of a frame whose place has not come yet.
    function: Option<StringId>,
    end_bytes: u64,
}

impl Delve {
    /// The section that `line` starts, if it starts one.
    pub(crate) fn starting(tables: &mut Tables, line: Line<'_>) -> Option<Self> {
        let row = Row::parse(trim_end(line.bytes))?;
        let mut delve = Self {
            line_number: line.number,
            goroutines: Vec::new(),
            issues: Vec::new(),
            open: None,
            first: None,
            declared: None,
            n_foreign: 0,
            is_over: false,
        };
        delve.open(tables, line, row);
        Some(delve)
    }

    /// Takes the next line; false when the section ended before it.
    pub(crate) fn line(&mut self, tables: &mut Tables, line: Line<'_>) -> bool {
        if self.is_over {
            return false;
        }
        let body = trim_end(line.bytes);
        if let Some(row) = Row::parse(body) {
            let is_next_listing = self.first.is_some() && self.first == Some(row.goid);
            if !is_next_listing {
                self.open(tables, line, row);
            }
            return !is_next_listing;
        }
        let body = trim_start(body);
        if body.is_empty() {
            return true;
        }
        if self.is_of_goroutine(tables, line, body) {
            self.n_foreign = 0;
            return true;
        }
        if let Some(total) = total(body) {
            self.declared = Some(total);
            self.is_over = true;
            return true;
        }
        if let Some((total, [])) = body.strip_prefix(b"Total: ").and_then(number) {
            // A group lists a few of its goroutines.
            self.declared = Some(self.declared.unwrap_or_default().saturating_add(total));
            self.n_foreign = 0;
            return true;
        }
        if row::is_broken(body) {
            self.close(tables);
            let cut = IssueKind::Truncated { offset_bytes: line.end_bytes(), goid: None };
            let kind = if line.is_terminated { IssueKind::MalformedHeader } else { cut };
            Issue::note(&mut self.issues, Issue::new(kind, line.number, line.bytes));
            return true;
        }
        self.n_foreign += 1;
        self.n_foreign <= MAX_FOREIGN_LINES && !ends_listing(body)
    }

    fn open(&mut self, tables: &mut Tables, line: Line<'_>, row: Row<'_>) {
        self.close(tables);
        self.n_foreign = 0;
        self.first.get_or_insert(row.goid);
        let wait_reason = tables.strings.intern(row.state);
        let mut goroutine = Goroutine::new(row.goid, wait_reason, Category::of(row.state));
        goroutine.set_wait_minutes(row.wait_minutes);
        goroutine.offset_bytes = line.offset_bytes;
        let end_bytes = line.end_bytes();
        let open = self.open.insert(Open { goroutine, user: None, creator: None, function: None, end_bytes });
        if let Some((kind, place)) = row.place {
            open.note_place(tables, kind, place);
        }
    }

    /// Takes a line below the first one of a goroutine. False when it does not belong there.
    fn is_of_goroutine(&mut self, tables: &mut Tables, line: Line<'_>, body: &[u8]) -> bool {
        let Some(open) = &mut self.open else { return false };
        let stack = open.goroutine.stack;
        if let Some(function) = row::frame_function(body) {
            open.end_call(tables);
            open.function = Some(tables.strings.intern(function));
        } else if let Some(location) = body.strip_prefix(b"at ").and_then(shape::location) {
            let Some(function) = open.function.take() else {
                Issue::note(&mut self.issues, Issue::new(IssueKind::OrphanFrame, line.number, line.bytes));
                return true;
            };
            let location = tables.strings.intern(location);
            open.push_frame(tables, function, location);
        } else if body == b"(truncated)" || body.starts_with(b"error: ") {
            // An error stands for the frames that delve could not read.
            open.end_call(tables);
            open.goroutine.stack = tables.stacks.child(open.goroutine.stack, Edge::Elided);
        } else if let Some(labels) = body.strip_prefix(b"Labels: ") {
            open.goroutine.labels = Labels(tables.strings.intern(row::labels(labels)));
        } else if stack == StackId::EMPTY
            && let Some((kind, place)) = Place::of_kind(body)
        {
            open.note_place(tables, kind, place);
        } else {
            return false;
        }
        open.end_bytes = line.end_bytes();
        true
    }

    fn close(&mut self, tables: &mut Tables) {
        let Some(mut open) = self.open.take() else { return };
        open.end_call(tables);
        let goroutine = &mut open.goroutine;
        if goroutine.stack == StackId::EMPTY
            && let Some(user) = open.user
        {
            goroutine.stack = tables.stacks.child(StackId::EMPTY, Edge::Frame(user));
        }
        if let Some(creator) = open.creator {
            goroutine.stack = tables.stacks.child(goroutine.stack, Edge::CreatedBy(creator));
        }
        if tables.bytes(goroutine.wait_reason) == b"semacquire" {
            goroutine.category = refine(tables, goroutine.stack);
        }
        goroutine.len_bytes = u32::try_from(open.end_bytes.saturating_sub(goroutine.offset_bytes)).unwrap_or(u32::MAX);
        self.goroutines.push(open.goroutine);
    }

    /// Goroutines read so far.
    pub(crate) fn n_goroutines(&self) -> u64 {
        self.goroutines.len() as u64
    }

    /// Ends the section.
    pub(crate) fn finish(mut self, tables: &mut Tables) -> Snapshot {
        // `Goroutine 5:` and nothing behind it is no listing.
        if self.open.is_some_and(|open| open.is_bare()) && self.goroutines.is_empty() {
            self.open = None;
        }
        self.close(tables);
        let found = self.n_goroutines();
        if let Some(declared) = self.declared.filter(|&declared| declared != found) {
            self.issues.push(Issue::new(IssueKind::CountMismatch { declared, found }, self.line_number, b""));
        }
        order::by_key(&mut self.issues, |issue| issue.line_number);
        Snapshot {
            format: Format::Delve,
            line_number: self.line_number,
            goroutines: self.goroutines,
            declared_goroutines: self.declared,
            issues: self.issues,
            ..Snapshot::default()
        }
    }
}

impl Open {
    fn note_place(&mut self, tables: &mut Tables, kind: PlaceKind, place: Place<'_>) {
        // delve names no function and no file for what it does not know: `:0 ??? (0x0)`.
        if place.is_unknown() {
            return;
        }
        let (function, location) = (tables.strings.intern(place.function), tables.strings.intern(place.location));
        let frame = tables.frames.intern(Frame { function, location, inlined: false });
        match kind {
            // The function that holds the `go` statement, as `created by` names it.
            PlaceKind::Go => self.creator = Some(frame),
            PlaceKind::User => self.user = Some(frame),
            PlaceKind::Runtime | PlaceKind::Start => self.user = self.user.or(Some(frame)),
        }
    }

    fn push_frame(&mut self, tables: &mut Tables, function: StringId, location: StringId) {
        let frame = tables.frames.intern(Frame { function, location, inlined: false });
        self.goroutine.stack = tables.stacks.child(self.goroutine.stack, Edge::Frame(frame));
    }

    /// A frame without a place.
    fn end_call(&mut self, tables: &mut Tables) {
        if let Some(function) = self.function.take() {
            self.push_frame(tables, function, StringId::EMPTY);
        }
    }

    fn is_bare(&self) -> bool {
        let has_place = self.user.is_some() || self.creator.is_some() || self.function.is_some();
        !has_place && self.goroutine.stack == StackId::EMPTY
    }
}

/// `[12 goroutines]`
fn total(body: &[u8]) -> Option<u64> {
    let (total, rest) = number(body.strip_prefix(b"[")?)?;
    (rest == b" goroutines]").then_some(total)
}

/// What delve prints next, and what starts another format.
fn ends_listing(body: &[u8]) -> bool {
    const STARTS: &[&[u8]] =
        &[b"(dlv)", b"> ", b"interrupted", b"goroutine ", b"panic: ", b"fatal error: ", b"WARNING: DATA RACE", b"goroutines: "];
    STARTS.iter().any(|start| body.starts_with(start)) || body.ends_with(b" on top of the stack:")
}

#[cfg(test)]
mod tests;
