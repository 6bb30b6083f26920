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
mod arguments;
mod asterisk;
mod boundary;
mod crash;
mod hard_wrap;
pub(in crate::format) mod header;
pub mod labels;
pub(crate) mod offsets;
pub(in crate::format) mod open;
mod sections;
pub(in crate::format) mod shape;
mod stack_line;

use alloc::string::String;
use alloc::vec::Vec;

use hashbrown::HashMap;
use memchr::memmem;

use crate::go_version::GoVersion;
use crate::issue::{Issue, IssueKind};
use crate::line::Line;
use crate::note::{Note, NoteKind};
use crate::order;
use crate::snapshot::{CodeOffset, Goid, Goroutine, Labels, Snapshot};
use crate::tables::{StackId, StringId, Tables};
use crate::wait::Category;
use arguments::Arguments;
use boundary::Boundary;
use crash::CrashReader;
use hard_wrap::Fragment;
use header::{Header, HeaderError};
use open::{Open, Pending, refine};
use shape::{is_framed, trim_end, trim_start};

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

/// The state machine. Lines go in, a snapshot comes out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traceback {
    goroutines: Vec<Goroutine>,
    arguments: Arguments,
    offsets: Vec<CodeOffset>,
    issues: Vec<Issue>,
    crash: CrashReader,
    go_version: GoVersion,
    /// Dumps that ended where another one started.
    finished: Vec<Snapshot>,
    /// What tells that a header starts another dump.
    boundary: Boundary,
    other_text: Option<Note>,
    /// Lines that a terminal broke, and asterisks that Markdown ate.
    hard_wrap: Option<Note>,
    /// The width of that terminal.
    wrap_columns: usize,
    markdown: Option<Note>,
    /// The start of a line that may go on in the next one.
    fragment: Fragment,
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
    /// The last line was empty.
    is_after_blank: bool,
    refined: FixedMap<StackId, Category>,
    last_reason: Option<(StringId, Category)>,
    /// The last line has no line feed and was not understood: its number, where it starts, its text.
    tail: Option<Issue>,
}

impl Traceback {
    /// How many goroutines are complete.
    pub(crate) fn n_goroutines(&self) -> u64 {
        let finished: u64 = self.finished.iter().map(Snapshot::n_goroutines).sum();
        finished + self.goroutines.len() as u64
    }

    /// Whether the next line may be the start of something else than a stack line.
    #[inline]
    pub(crate) fn is_outside(&self) -> bool {
        matches!(self.state, State::Between | State::Ended) || self.is_after_blank
    }

    /// Takes the next line.
    #[inline]
    pub(crate) fn line(&mut self, tables: &mut Tables, line: Line<'_>) {
        let text = trim_end(line.bytes);
        let body = trim_start(text);
        // Calls and places make up nearly all of a dump; everything else takes the slow road.
        if self.state == State::InStack
            && let Some(open) = &mut self.open
            && open.interleaved.is_none()
        {
            if matches!(open.pending, Pending::None) {
                if let Some(call) = shape::call(body)
                    && open.begin(&mut self.name, tables, call.function, false)
                {
                    open.pending_inlined = call.inlined;
                    open.pending_line_number = line.number;
                    self.arguments.hold(call.arguments, open.predicted());
                    self.name_is_c = false;
                    return;
                }
            } else if let Some(location) = shape::location(body)
                && (line.is_terminated || shape::is_whole(body, location))
            {
                self.place(tables, line, location, body.get(location.len()..).unwrap_or_default());
                return;
            }
        }
        self.other_line(tables, line, text, body);
    }

    /// A line that is neither a call nor a place where one is due.
    #[inline(never)]
    fn other_line(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8], body: &[u8]) {
        self.is_after_blank = body.is_empty();
        if self.join_header(tables, line, body) || self.state == State::InStack && self.join_creator(tables, line, body) {
            return;
        }
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
                } else if self.state == State::Ended && self.end_of_place(tables, line, body) {
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
                self.open_header(tables, line, header);
                true
            }
            Err(HeaderError::Malformed) if !line.is_terminated => {
                self.note_cut_header(line);
                true
            }
            Err(HeaderError::Malformed) => {
                self.close(tables);
                self.keep_header(line);
                true
            }
            Err(HeaderError::NotAHeader) => false,
        }
    }

    fn note_cut_header(&mut self, line: Line<'_>) {
        let offset_bytes = line.end_bytes();
        let issue = Issue::new(IssueKind::Truncated { offset_bytes, goid: None }, line.number, line.bytes);
        Issue::note(&mut self.issues, issue);
    }

    /// Ends what was read before a header, and starts its goroutine.
    fn open_header(&mut self, tables: &mut Tables, line: Line<'_>, header: Header<'_>) {
        self.close(tables);
        if self.starts_another_dump(Goid(header.goid)) {
            let asker = self.take_asker();
            self.end_dump();
            if let Some(asker) = asker {
                self.n_headers += 1;
                self.add(asker);
            }
        }
        self.open(tables, line, header);
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
            end_bytes: line.end_bytes(),
            pending: Pending::None,
            pending_is_creator: false,
            pending_inlined: false,
            pending_line_number: 0,
            interleaved: None,
            n_restored: 0,
            place_has_offset: false,
            place_columns: 0,
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
        if body.is_empty() {
            self.crash.line(text);
            return;
        }
        if body == b"-----" {
            self.rule_line_number = Some(line_number);
        } else if let Some(rule) = self.rule_line_number.take()
            && CrashReader::announces(body)
        {
            self.first_section.get_or_insert((self.goroutines.len(), rule));
        } else if CrashReader::announces(text) && self.crash.is_over() && !self.goroutines.is_empty() {
            self.boundary.announced = true;
        }
        if self.boundary.announced {
            // It belongs to the dump that follows.
            self.boundary.crash.line(text);
            return;
        }
        if !self.crash.line(text) {
            let other = Note { kind: NoteKind::OtherText, line_number, count: 1 };
            self.other_text.get_or_insert(Note { count: 0, ..other }).count += 1;
        }
    }

    /// Ends the goroutine being read, if there is one.
    fn close(&mut self, tables: &Tables) {
        self.drop_pending(0);
        let Some(mut open) = self.open.take() else { return };
        self.state = State::Between;
        self.name_is_c = false;
        if open.n_restored > 0 {
            let note = Note { kind: NoteKind::Markdown, line_number: open.header_line_number, count: 0 };
            self.markdown.get_or_insert(note).count += open.n_restored;
        }
        let has_stack = open.goroutine.stack != StackId::EMPTY;
        if open.is_provisional && !has_stack && !open.is_unavailable {
            // A header inside a panic message: text of the program, not a goroutine.
            self.n_discarded += 1;
            Issue::note(&mut self.issues, Issue::new(IssueKind::MalformedHeader, open.header_line_number, b""));
            return;
        }
        if let Some(goid) = open.goroutine.goid() {
            self.crash.stack_follows(goid);
        }
        let goroutine = &mut open.goroutine;
        goroutine.len_bytes = u32::try_from(open.end_bytes.saturating_sub(goroutine.offset_bytes)).unwrap_or(u32::MAX);
        if goroutine.category == Category::Lock && tables.bytes(goroutine.wait_reason) == b"semacquire" {
            let stack = goroutine.stack;
            goroutine.category = *self.refined.entry(stack).or_insert_with(|| refine(tables, stack));
        }
        self.add((open.goroutine, open.header_line_number));
    }

    fn add(&mut self, (goroutine, header_line_number): (Goroutine, u64)) {
        self.boundary.note(&goroutine, header_line_number);
        self.goroutines.push(goroutine);
    }

    /// Ends the input. One snapshot per dump that has goroutines.
    pub(crate) fn finish(mut self, tables: &mut Tables, n_bytes: u64, n_lines: u64) -> Vec<Snapshot> {
        self.end_fragment();
        self.note_truncation(n_bytes, n_lines);
        self.close(tables);
        self.end_dump();
        if let Some(first) = self.finished.first_mut() {
            first.notes.extend([self.other_text, self.hard_wrap, self.markdown].into_iter().flatten());
        }
        self.finished
    }

    /// Puts what was read so far into a snapshot of its own.
    pub(super) fn end_dump(&mut self) {
        let mut arguments = self.arguments.end_dump(self.goroutines.len());
        let n_duplicates =
            self.first_section.map_or(0, |(first, _)| sections::merge(&mut self.goroutines, &mut arguments, first));
        if let Some((_, line_number)) = self.first_section.filter(|_| n_duplicates > 0) {
            let issue = Issue::new(IssueKind::DuplicateGoroutine, line_number, b"-----");
            self.issues.push(Issue { count: n_duplicates, ..issue });
        }
        debug_assert_eq!(
            self.n_headers,
            self.goroutines.len() as u64 + self.n_discarded + n_duplicates,
            "every header is accounted for"
        );
        self.n_headers = 0;
        self.n_discarded = 0;
        self.first_section = None;
        let boundary = core::mem::take(&mut self.boundary);
        let crash = core::mem::replace(&mut self.crash, boundary.crash);
        self.last_reason = None;
        let go_version = core::mem::take(&mut self.go_version);
        let mut issues = core::mem::take(&mut self.issues);
        order::by_key(&mut issues, |issue| issue.line_number);
        if self.goroutines.is_empty() {
            self.offsets.clear();
            // Damage without a goroutine is told with the dump before it.
            if let Some(last) = self.finished.last_mut() {
                issues.into_iter().for_each(|issue| Issue::note(&mut last.issues, issue));
            }
            return;
        }
        self.finished.push(Snapshot {
            line_number: boundary.line_number,
            goroutines: core::mem::take(&mut self.goroutines),
            arguments,
            offsets: core::mem::take(&mut self.offsets),
            issues,
            crash: crash.finish(),
            go_version,
            ..Snapshot::default()
        });
    }

    fn note_truncation(&mut self, n_bytes: u64, n_lines: u64) {
        let Some(open) = &mut self.open else { return };
        let lacks_place = !matches!(open.pending, Pending::None);
        let at_limit = n_bytes == PPROF_LIMIT_BYTES;
        if !(lacks_place || at_limit || self.tail.is_some()) {
            return;
        }
        open.pending = Pending::None;
        let kind = IssueKind::Truncated { offset_bytes: n_bytes, goid: open.goroutine.goid() };
        let excerpt = self.tail.take().map_or_else(String::new, |tail| tail.excerpt);
        Issue::note(&mut self.issues, Issue { kind, line_number: n_lines, count: 1, excerpt });
    }
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
