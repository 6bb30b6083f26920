//! Stacks as text: panic, fatal error and SIGQUIT output, `runtime.Stack`, `/debug/pprof/goroutine?debug=2`.
//!
//! ```text
//! goroutine 254 [chan send, 11 minutes]:
//! shop.example/checkout/internal/worker.(*Pool).run(0xc0000a2000)
//!     shop.example/checkout/internal/worker/worker.go:89 +0x1a
//! created by shop.example/checkout/internal/worker.(*Pool).start in goroutine 224
//!     shop.example/checkout/internal/worker/worker.go:81 +0x105
//! ```
//!
//! Grammar: Go `runtime/traceback.go`, `goroutineheader`, `traceback2`, `printcreatedby`. Text around and between stacks is
//! skipped; text inside a stack is skipped and noted.

mod ahead;
mod crash;
mod header;
pub mod labels;
mod sections;
mod shape;

use alloc::string::String;
use alloc::vec::Vec;

use hashbrown::HashMap;
use memchr::memmem;

use crate::go_version::GoVersion;
use crate::issue::{Issue, IssueKind};
use crate::line::{Line, LineReader, Taken};
use crate::snapshot::{Goid, Goroutine, Labels, Snapshot};
use crate::tables::{Edge, Frame, FrameId, StackId, StringId, Tables};
use crate::wait::{Category, refine_semacquire};
use crash::CrashReader;
use header::{Header, HeaderError};
use shape::{is_framed, is_function_name, trim_end, trim_start};

/// `net/http/pprof` sends at most this much of a `debug=2` dump (Go `runtime/pprof/pprof.go`, `writeGoroutineStacks`).
const PPROF_LIMIT_BYTES: u64 = 64 << 20;

/// Other text that a stack may hold before it is taken to have ended.
const MAX_INTERLEAVED_LINES: u64 = 20;

type FixedMap<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// Where the parser stands between two lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Line: anything. From: start, every other state. To: `InStack` on a goroutine header.
    #[default]
    Between,
    /// Line: `main.worker(0xc000018060)` or its place. From: a header. To: `Ended` behind the creator's place,
    /// `InAncestors` on their mark.
    InStack,
    /// Line: frames below `[originating from goroutine 7]:`. From: `InStack`, `Ended`. To: `Ended` on an empty line.
    InAncestors,
    /// Line: an empty one, or an ancestor mark. From: `InStack`, `InAncestors`. To: `InStack` on the next header.
    Ended,
}

/// A call or creator whose place has not come yet.
#[derive(Clone, Copy, Debug, Default)]
enum Pending {
    #[default]
    None,
    /// The stack went on like this the last time; the place decides.
    Predicted { child: StackId, frame: FrameId },
    /// A function seen before.
    Known(StringId),
    /// Its name is in [`Open::name`].
    New,
}

/// The goroutine being read.
#[derive(Clone, Debug)]
struct Open {
    goroutine: Goroutine,
    /// Stands where a crash message may stand: counts only if frames follow.
    is_provisional: bool,
    is_unavailable: bool,
    header_line_number: u64,
    /// Where its last understood line ends.
    end_bytes: u64,
    pending: Pending,
    pending_is_creator: bool,
    pending_inlined: bool,
    pending_line_number: u64,
    /// Text skipped since the last frame: lines, and the first of them.
    interleaved: Option<Issue>,
}

/// The state machine. Lines go in, a snapshot comes out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traceback {
    goroutines: Vec<Goroutine>,
    issues: Vec<Issue>,
    crash: CrashReader,
    go_version: GoVersion,
    state: State,
    open: Option<Open>,
    /// Bytes of a pending name, or of a line that may be a C function; reused.
    name: Vec<u8>,
    name_is_c: bool,
    /// Headers read, whatever became of them.
    n_headers: u64,
    n_discarded: u64,
    /// The line of a `-----` with nothing behind it yet.
    rule_line_number: Option<u64>,
    /// Index of the first goroutine behind the first `-----` that a signal follows, and the line's number.
    first_section: Option<(usize, u64)>,
    refined: FixedMap<StackId, Category>,
    last_reason: Option<(StringId, Category)>,
    /// The last line has no line feed and was not understood: its number, where it starts, its text.
    tail: Option<Issue>,
}

/// A [`Traceback`] and the tables it fills.
pub(crate) struct TracebackReader<'a> {
    traceback: &'a mut Traceback,
    tables: &'a mut Tables,
}

impl LineReader for TracebackReader<'_> {
    #[inline]
    fn line(&mut self, line: Line<'_>) {
        self.traceback.line(self.tables, line);
    }

    #[inline]
    fn ahead(&mut self, rest: &[u8], offset_bytes: u64) -> Taken {
        self.traceback.ahead(self.tables, rest, offset_bytes)
    }
}

impl Traceback {
    /// The goroutines that are complete.
    pub(crate) fn goroutines(&self) -> &[Goroutine] {
        &self.goroutines
    }

    /// What takes the lines, with the tables they go to.
    pub(crate) fn reader<'a>(&'a mut self, tables: &'a mut Tables) -> TracebackReader<'a> {
        TracebackReader { traceback: self, tables }
    }

    /// Takes the next line.
    #[inline]
    fn line(&mut self, tables: &mut Tables, line: Line<'_>) {
        let text = trim_end(line.bytes);
        let body = trim_start(text);
        // Calls and places make up nearly all of a dump; everything else takes the slow road.
        if self.state == State::InStack
            && let Some(open) = &mut self.open
        {
            if matches!(open.pending, Pending::None) {
                if let Some(call) = shape::call(body)
                    && begin(open, &mut self.name, tables, call.function, false)
                {
                    open.pending_inlined = call.inlined;
                    open.pending_line_number = line.number;
                    self.name_is_c = false;
                    return;
                }
            } else if let Some(location) = shape::location(body)
                && (line.is_terminated || shape::is_whole(body, location))
            {
                let was_creator = open.pending_is_creator;
                place(open, &self.name, tables, location);
                open.end_bytes = line.offset_bytes + line.bytes.len() as u64;
                if open.interleaved.is_some() {
                    self.note_interleaved();
                }
                if was_creator {
                    self.state = State::Ended;
                }
                return;
            }
        }
        self.other_line(tables, line, text, body);
    }

    /// A line that is neither a call nor a place where one is due.
    #[inline(never)]
    fn other_line(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8], body: &[u8]) {
        if body.starts_with(b"goroutine ") || (self.state != State::InStack || !is_framed(text)) && has_inner_header(body) {
            if self.header_line(tables, line, text, body) {
                return;
            }
        } else if !line.is_terminated && b"goroutine ".starts_with(body) && !body.is_empty() {
            self.note_cut_header(line);
            return;
        }
        match self.state {
            State::Between => self.outside_line(line.number, text, body),
            State::InStack => self.stack_line(tables, line, text, body),
            State::InAncestors | State::Ended => {
                if let Some(goid) = shape::ancestor(body) {
                    self.ancestor(goid);
                } else if body.is_empty() {
                    self.state = State::Ended;
                } else if self.state == State::Ended || is_section_end(body) {
                    self.close(tables);
                    self.outside_line(line.number, text, body);
                }
            }
        }
    }

    /// Reads a line that holds `goroutine N`. Returns false for prose.
    fn header_line(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8], body: &[u8]) -> bool {
        let is_message_text = self.crash.awaits_stack() && text.starts_with(b"\t");
        if is_message_text {
            return false;
        }
        let parsed = if body.starts_with(b"goroutine ") { header::parse(body) } else { inner_header(body) };
        match parsed {
            Ok(header) => {
                self.close(tables);
                self.open(tables, line, header);
                true
            }
            Err(HeaderError::Malformed) if !line.is_terminated => {
                self.note_cut_header(line);
                true
            }
            Err(HeaderError::Malformed) => {
                self.close(tables);
                Issue::note(&mut self.issues, Issue::new(IssueKind::MalformedHeader, line.number, line.bytes));
                true
            }
            Err(HeaderError::NotAHeader) => false,
        }
    }

    fn note_cut_header(&mut self, line: Line<'_>) {
        let offset_bytes = line.offset_bytes + line.bytes.len() as u64;
        let issue = Issue::new(IssueKind::Truncated { offset_bytes, goid: None }, line.number, line.bytes);
        Issue::note(&mut self.issues, issue);
    }

    fn open(&mut self, tables: &mut Tables, line: Line<'_>, header: Header<'_>) {
        self.n_headers += 1;
        self.rule_line_number = None;
        self.go_version.raise(header.go_version);
        let (wait_reason, category) = self.reason(tables, header.state);
        let mut goroutine = Goroutine::new(Goid(header.goid), wait_reason, category);
        goroutine.set_wait_minutes(header.wait_minutes);
        goroutine.flags = header.flags;
        goroutine.offset_bytes = line.offset_bytes;
        if !header.labels.is_empty() {
            goroutine.labels = Labels(tables.strings.intern(header.labels));
        }
        self.state = State::InStack;
        self.open = Some(Open {
            goroutine,
            is_provisional: self.crash.awaits_stack(),
            is_unavailable: false,
            header_line_number: line.number,
            end_bytes: line.offset_bytes + line.bytes.len() as u64,
            pending: Pending::None,
            pending_is_creator: false,
            pending_inlined: false,
            pending_line_number: 0,
            interleaved: None,
        });
    }

    fn reason(&mut self, tables: &mut Tables, state: &[u8]) -> (StringId, Category) {
        if let Some((id, category)) = self.last_reason
            && tables.bytes(id) == state
        {
            return (id, category);
        }
        let id = tables.strings.intern(state);
        let category = Category::of(state);
        self.go_version.raise(GoVersion::of_reason(state));
        self.last_reason = Some((id, category));
        (id, category)
    }

    /// A line inside a stack that is no call and no place, or not where one is due.
    fn stack_line(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8], body: &[u8]) {
        let Some(open) = &mut self.open else { return };
        if body.is_empty() {
            return;
        }
        if let Some(rest) = body.strip_prefix(b"created by ") {
            self.drop_pending(line.number);
            let (function, parent) = shape::creator(rest);
            let Some(open) = &mut self.open else { return };
            begin(open, &mut self.name, tables, function, true);
            open.pending_line_number = line.number;
            self.name_is_c = false;
            if let Some(parent) = parent {
                open.goroutine.set_parent(Some(Goid(parent)));
                self.go_version.raise(GoVersion::PARENTS);
            }
            return;
        }
        if shape::is_elision(body) {
            open.end_bytes = line.offset_bytes + line.bytes.len() as u64;
            open.goroutine.stack = tables.stacks.child(open.goroutine.stack, Edge::Elided);
            if !body.starts_with(b"...additional") {
                self.go_version.raise(GoVersion::PARENTS);
            }
            return;
        }
        if let Some(goid) = shape::ancestor(body) {
            self.ancestor(goid);
            return;
        }
        if body.ends_with(b"stack unavailable") {
            open.is_unavailable = true;
            open.end_bytes = line.offset_bytes + line.bytes.len() as u64;
            Issue::note(&mut self.issues, Issue::new(IssueKind::StackUnavailable, line.number, line.bytes));
            return;
        }
        if let Some(call) = shape::call(body) {
            // A second call in a row: the first one has no place.
            self.drop_pending(line.number);
            let Some(open) = &mut self.open else { return };
            if begin(open, &mut self.name, tables, call.function, false) {
                open.pending_inlined = call.inlined;
                open.pending_line_number = line.number;
                self.name_is_c = false;
                return;
            }
        }
        if self.c_line(tables, line, body) {
            return;
        }
        if is_section_end(body) {
            self.close(tables);
            self.outside_line(line.number, text, body);
            return;
        }
        if is_framed(text) && shape::location(body).is_some() {
            let is_due = self.open.as_ref().is_some_and(|open| !matches!(open.pending, Pending::None));
            if is_due && !line.is_terminated {
                // Digits may be missing, so the place is not known; the pending call tells that the dump is cut off.
                self.tail = Some(Issue::new(IssueKind::InterleavedText, line.number, text));
                return;
            }
            Issue::note(&mut self.issues, Issue::new(IssueKind::OrphanFrame, line.number, line.bytes));
            return;
        }
        self.skip(tables, line, text);
    }

    /// Frames of C code: `non-Go function at pc=0x…`, or a name and a place with `pc=`.
    fn c_line(&mut self, tables: &mut Tables, line: Line<'_>, body: &[u8]) -> bool {
        let end_bytes = line.offset_bytes + line.bytes.len() as u64;
        if body.starts_with(b"non-Go function at pc=") {
            self.drop_pending(line.number);
            let Some(open) = &mut self.open else { return false };
            let function = tables.strings.intern(b"non-Go function");
            open.pending_inlined = false;
            open.end_bytes = end_bytes;
            push_frame(open, tables, function, StringId::EMPTY);
            return true;
        }
        let Some(open) = &mut self.open else { return false };
        let Some(location) = shape::c_location(body) else { return false };
        if !matches!(open.pending, Pending::None) {
            // C++ names have parentheses too.
            place(open, &self.name, tables, location);
            open.end_bytes = end_bytes;
            return true;
        }
        if !self.name_is_c {
            return false;
        }
        let (function, location) = (tables.strings.intern(&self.name), tables.strings.intern(location));
        open.pending_inlined = false;
        open.end_bytes = end_bytes;
        push_frame(open, tables, function, location);
        self.name_is_c = false;
        // The name was taken for other text when it came.
        if let Some(interleaved) = &mut open.interleaved {
            interleaved.count -= 1;
            if interleaved.count == 0 {
                open.interleaved = None;
            }
        }
        true
    }

    fn skip(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8]) {
        let Some(open) = &mut self.open else { return };
        let issue = Issue::new(IssueKind::InterleavedText, line.number, text);
        if !line.is_terminated {
            self.tail = Some(issue.clone());
        }
        match &mut open.interleaved {
            Some(interleaved) => interleaved.count += 1,
            None => open.interleaved = Some(issue),
        }
        if matches!(open.pending, Pending::None) {
            self.name.clear();
            self.name.extend_from_slice(text);
            self.name_is_c = true;
        }
        if open.interleaved.as_ref().is_some_and(|interleaved| interleaved.count > MAX_INTERLEAVED_LINES) {
            self.close(tables);
        }
    }

    /// The stack went on behind other text.
    #[inline(never)]
    fn note_interleaved(&mut self) {
        if let Some(issue) = self.open.as_mut().and_then(|open| open.interleaved.take()) {
            Issue::note(&mut self.issues, issue);
        }
    }

    fn ancestor(&mut self, goid: u64) {
        self.state = State::InAncestors;
        // The first ancestor is the goroutine that ran the `go` statement, named so even before Go 1.21.
        if let Some(open) = &mut self.open
            && open.goroutine.parent().is_none()
        {
            open.goroutine.set_parent(Some(Goid(goid)));
        }
    }

    fn drop_pending(&mut self, line_number: u64) {
        let Some(open) = &mut self.open else { return };
        if !matches!(open.pending, Pending::None) {
            open.pending = Pending::None;
            let at = if open.pending_line_number > 0 { open.pending_line_number } else { line_number };
            Issue::note(&mut self.issues, Issue::new(IssueKind::MalformedFrame, at, b""));
        }
    }

    /// A line that belongs to no stack.
    fn outside_line(&mut self, line_number: u64, text: &[u8], body: &[u8]) {
        self.state = State::Between;
        if body == b"-----" {
            self.rule_line_number = Some(line_number);
        } else if !body.is_empty()
            && let Some(rule) = self.rule_line_number.take()
            && CrashReader::announces(body)
        {
            self.first_section.get_or_insert((self.goroutines.len(), rule));
        }
        self.crash.line(text);
    }

    /// Ends the goroutine being read, if there is one.
    fn close(&mut self, tables: &Tables) {
        self.drop_pending(0);
        let Some(mut open) = self.open.take() else { return };
        self.state = State::Between;
        self.name_is_c = false;
        let has_stack = open.goroutine.stack != StackId::EMPTY;
        if open.is_provisional && !has_stack && !open.is_unavailable {
            // A header inside a panic message: text of the program, not a goroutine.
            self.n_discarded += 1;
            Issue::note(&mut self.issues, Issue::new(IssueKind::MalformedHeader, open.header_line_number, b""));
            return;
        }
        self.crash.stack_follows(open.goroutine.goid);
        let goroutine = &mut open.goroutine;
        goroutine.len_bytes = u32::try_from(open.end_bytes.saturating_sub(goroutine.offset_bytes)).unwrap_or(u32::MAX);
        if goroutine.category == Category::Lock && tables.bytes(goroutine.wait_reason) == b"semacquire" {
            let stack = goroutine.stack;
            goroutine.category = *self.refined.entry(stack).or_insert_with(|| refine(tables, stack));
        }
        self.goroutines.push(open.goroutine);
    }

    /// Ends the input.
    pub(crate) fn finish(mut self, tables: &mut Tables, n_bytes: u64, n_lines: u64) -> Snapshot {
        self.note_truncation(n_bytes, n_lines);
        self.close(tables);
        let n_duplicates = self.first_section.map_or(0, |(first, _)| sections::merge(&mut self.goroutines, first));
        if let Some((_, line_number)) = self.first_section.filter(|_| n_duplicates > 0) {
            let issue = Issue::new(IssueKind::DuplicateGoroutine, line_number, b"-----");
            self.issues.push(Issue { count: n_duplicates, ..issue });
        }
        debug_assert_eq!(
            self.n_headers,
            self.goroutines.len() as u64 + self.n_discarded + n_duplicates,
            "every header is accounted for"
        );
        self.issues.sort_by_key(|issue| issue.line_number);
        Snapshot {
            goroutines: self.goroutines,
            issues: self.issues,
            crash: self.crash.finish(),
            go_version: self.go_version,
            n_bytes,
            n_lines,
        }
    }

    fn note_truncation(&mut self, n_bytes: u64, n_lines: u64) {
        let Some(open) = &mut self.open else { return };
        let lacks_place = !matches!(open.pending, Pending::None);
        let at_limit = n_bytes == PPROF_LIMIT_BYTES;
        if !(lacks_place || at_limit || self.tail.is_some()) {
            return;
        }
        open.pending = Pending::None;
        let kind = IssueKind::Truncated { offset_bytes: n_bytes, goid: Some(open.goroutine.goid) };
        let excerpt = self.tail.take().map_or_else(String::new, |tail| tail.excerpt);
        Issue::note(&mut self.issues, Issue { kind, line_number: n_lines, count: 1, excerpt });
    }
}

/// Takes a call or creator. Returns false if `function` can't be a function's name.
#[inline]
fn begin(open: &mut Open, name: &mut Vec<u8>, tables: &Tables, function: &[u8], is_creator: bool) -> bool {
    let predicted = match tables.stacks.recent_child(open.goroutine.stack) {
        Some((child, Edge::Frame(frame))) if !is_creator => Some((child, frame)),
        Some((child, Edge::CreatedBy(frame))) if is_creator => Some((child, frame)),
        _ => None,
    };
    open.pending = match predicted {
        Some((child, frame)) if tables.bytes(tables.frames.get(frame).function) == function => {
            Pending::Predicted { child, frame }
        }
        _ if !is_creator && !is_function_name(function) => return false,
        _ => match tables.strings.find(function) {
            Some(id) => Pending::Known(id),
            None => {
                name.clear();
                name.extend_from_slice(function);
                Pending::New
            }
        },
    };
    open.pending_is_creator = is_creator;
    open.pending_inlined = false;
    true
}

/// Takes the place of the pending call.
#[inline]
fn place(open: &mut Open, name: &[u8], tables: &mut Tables, location: &[u8]) {
    let function = match open.pending {
        Pending::Predicted { child, frame } => {
            let known = tables.frames.get(frame);
            if tables.bytes(known.location) == location {
                open.goroutine.stack = child;
                open.pending = Pending::None;
                return;
            }
            known.function
        }
        Pending::Known(function) => function,
        Pending::New => tables.strings.intern(name),
        Pending::None => return,
    };
    let location = tables.strings.intern(location);
    push_frame(open, tables, function, location);
}

fn push_frame(open: &mut Open, tables: &mut Tables, function: StringId, location: StringId) {
    let frame = tables.frames.intern(Frame { function, location, inlined: open.pending_inlined });
    let is_creator = open.pending_is_creator && !matches!(open.pending, Pending::None);
    let edge = if is_creator { Edge::CreatedBy(frame) } else { Edge::Frame(frame) };
    open.goroutine.stack = tables.stacks.child(open.goroutine.stack, edge);
    open.pending = Pending::None;
}

fn refine(tables: &Tables, stack: StackId) -> Category {
    let edges = tables.edges(stack);
    refine_semacquire(edges.iter().filter_map(|edge| match edge {
        Edge::Frame(frame) => Some(tables.bytes(tables.frames.get(*frame).function)),
        Edge::Elided | Edge::CreatedBy(_) => None,
    }))
}

/// Lines that never stand inside a stack and end the one before them.
fn is_section_end(body: &[u8]) -> bool {
    body == b"-----"
        || body == b"runtime stack:"
        || body.starts_with(b"PC=0x")
        || CrashReader::announces(body)
        || shape::is_register(body)
}

/// A header behind a log prefix: `2026/11/21 10:00:00 goroutine 7 [running]:`.
fn has_inner_header(body: &[u8]) -> bool {
    body.last() == Some(&b':') && memmem::find(body, b" goroutine ").is_some()
}

fn inner_header(body: &[u8]) -> Result<Header<'_>, HeaderError> {
    let at = memmem::find(body, b" goroutine ").ok_or(HeaderError::NotAHeader)?;
    header::parse(body.get(at + 1..).unwrap_or_default()).map_err(|_| HeaderError::NotAHeader)
}
