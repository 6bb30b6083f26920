//! Lines that a terminal broke at its width, joined again.
//!
//! ```text
//! github.com/docker/docker/libcontainerd.(*remote).handleConnectionChange(0xc046
//! b5cb60, 0x10)
//!     /go/src/github.com/docker/docker/libcontainerd/remote_windows.go:connection.
//! go:51 +0x32
//! ```
//!
//! Lines are joined when only the whole is a line of a stack; the width itself is not known.

use alloc::vec::Vec;

use super::header;
use super::offsets;
use super::open::Pending;
use super::shape::{self, is_framed, trim_end, trim_start};
use super::{State, Traceback};
use crate::issue::{Issue, IssueKind};
use crate::line::Line;
use crate::note::{Note, NoteKind};
use crate::snapshot::Goid;
use crate::tables::{Edge, Frame, Tables};

/// No terminal breaks lines earlier.
const MIN_COLUMNS: usize = 60;
/// Longest line that is put together.
const MAX_JOINED_BYTES: usize = 4096;

/// The start of a line that may go on in the next one.
#[derive(Clone, Debug, Default)]
pub(super) struct Fragment {
    text: Vec<u8>,
    /// Lines it consists of.
    n_lines: u64,
    /// Number of the last of them, and its columns.
    line_number: u64,
    columns: usize,
    /// It is a header: number and offset of its first line.
    header: Option<(u64, u64)>,
}

impl Fragment {
    /// A line inside of a stack was not understood.
    pub(super) fn keep(&mut self, line: Line<'_>) {
        let columns = columns(line.bytes);
        // A space at a line's end may be lost.
        let goes_on = self.precedes(line) && self.columns.abs_diff(columns) <= 1 && columns >= MIN_COLUMNS;
        if !goes_on || self.text.len() + line.bytes.len() > MAX_JOINED_BYTES {
            self.text.clear();
            self.n_lines = 0;
        }
        if line.bytes.len() <= MAX_JOINED_BYTES {
            self.text.extend_from_slice(line.bytes);
            self.n_lines += 1;
        }
        self.columns = columns;
        self.line_number = line.number;
        self.header = None;
    }

    fn precedes(&self, line: Line<'_>) -> bool {
        self.n_lines > 0 && self.line_number + 1 == line.number
    }

    /// The fragment and `line` as one.
    fn joined(&self, line: Line<'_>) -> Vec<u8> {
        let end = trim_end(line.bytes);
        if self.text.len() + end.len() > MAX_JOINED_BYTES { Vec::new() } else { [self.text.as_slice(), end].concat() }
    }

    fn clear(&mut self) {
        self.text.clear();
        self.n_lines = 0;
        self.header = None;
    }
}

impl Traceback {
    /// Joins a line inside of a stack with what stands before it, if that makes a line of a stack. Returns whether it did.
    pub(super) fn join(&mut self, tables: &mut Tables, line: Line<'_>, body: &[u8]) -> bool {
        let Some(open) = &self.open else { return false };
        if matches!(open.pending, Pending::None) {
            self.join_call(tables, line) || self.end_of_place(tables, line, body)
        } else {
            self.join_creator(tables, line, body) || self.join_place(tables, line, body)
        }
    }

    /// `main.f(0xc046⏎b5cb60, 0x10)`
    fn join_call(&mut self, tables: &mut Tables, line: Line<'_>) -> bool {
        let fragment = &self.fragment;
        // A line may be broken before a space.
        if !fragment.precedes(line) || matches!(line.bytes, [b'\t', ..] | [b' ', b' ' | b'\t', ..]) {
            return false;
        }
        let joined = fragment.joined(line);
        let Some(call) = shape::call(trim_start(&joined)) else { return false };
        let is_wide = fragment.columns >= MIN_COLUMNS && !fragment.text.contains(&b' ');
        if !(is_wide || is_open(&fragment.text)) || is_open(call.function) || call.function.contains(&b',') {
            return false;
        }
        let n_lines = fragment.n_lines;
        let Some(open) = &mut self.open else { return false };
        if !open.begin(&mut self.name, tables, call.function, false) {
            return false;
        }
        open.pending_inlined = call.inlined;
        open.pending_line_number = line.number - n_lines;
        self.arguments.hold(call.arguments, open.predicted());
        self.name_is_c = false;
        self.take_fragment(line);
        true
    }

    /// `⇥/src/connection.⏎go:51 +0x32`
    fn join_place(&mut self, tables: &mut Tables, line: Line<'_>, body: &[u8]) -> bool {
        let fragment = &self.fragment;
        let start = trim_start(&fragment.text);
        // Log lines have spaces where paths have none.
        let is_path = start.starts_with(b"/") || start.get(1) == Some(&b':') || !start.contains(&b' ');
        let is_start = is_path && (is_framed(&fragment.text) || fragment.columns >= MIN_COLUMNS);
        let is_place_itself = !is_framed(&fragment.text) && body.starts_with(b"/") && shape::location(body).is_some();
        if !fragment.precedes(line) || !is_start || is_place_itself || line.bytes.first() == Some(&b'\t') {
            return false;
        }
        let joined = fragment.joined(line);
        let joined = trim_start(&joined);
        let Some(location) = shape::location(joined).filter(|place| line.is_terminated || shape::is_whole(joined, place))
        else {
            return false;
        };
        self.place(tables, line, location, joined.get(location.len()..).unwrap_or_default());
        self.take_fragment(line);
        true
    }

    /// `created by example.com/app.(*Pool).sta⏎rt in goroutine 7`
    pub(super) fn join_creator(&mut self, tables: &Tables, line: Line<'_>, body: &[u8]) -> bool {
        let Some(open) = &mut self.open else { return false };
        if !open.pending_is_creator
            || matches!(open.pending, Pending::None)
            || open.pending_line_number + 1 != line.number
            || is_framed(line.bytes) && body.contains(&b'/')
        {
            return false;
        }
        let start: &[u8] = match open.pending {
            Pending::Predicted { frame, .. } => tables.bytes(tables.frames.get(frame).function),
            Pending::Known(function) => tables.bytes(function),
            Pending::New => &self.name,
            Pending::None => return false,
        };
        let mut joined = start.to_vec();
        if let Some(Goid(parent)) = open.goroutine.parent() {
            joined.extend_from_slice(alloc::format!(" in goroutine {parent}").as_bytes());
        }
        let is_wide = joined.len() + b"created by ".len() >= MIN_COLUMNS;
        let has_parent = open.goroutine.parent().is_some();
        let n_start = joined.len();
        joined.extend_from_slice(trim_end(line.bytes));
        if !has_parent && shape::creator(&joined).1.is_none() {
            // A space at the line's end is lost.
            joined.insert(n_start, b' ');
            if shape::creator(&joined).1.is_none() {
                joined.remove(n_start);
            }
        }
        let (function, parent) = shape::creator(&joined);
        let is_name = |text: &[u8]| text.iter().all(|&byte| byte.is_ascii_alphanumeric() || b"._-()*[]/%~".contains(&byte));
        let is_whole = match parent {
            Some(_) if has_parent => is_wide && body.iter().all(u8::is_ascii_digit),
            Some(_) => true,
            None => is_wide && !has_parent && is_name(body) && !is_open(function),
        };
        if !is_whole || !shape::is_function_name(function) {
            return false;
        }
        open.begin(&mut self.name, tables, function, true);
        open.goroutine.set_parent(parent.map(Goid));
        self.note_joined(line.number, 1);
        true
    }

    /// What is left of a place that was read: `⇥/src/main.go:12⏎3 +0x32`, `⇥/src/main.go:123 +0x⏎32`.
    pub(super) fn end_of_place(&mut self, tables: &mut Tables, line: Line<'_>, body: &[u8]) -> bool {
        let Some(open) = &mut self.open else { return false };
        // Right behind it, with one line end or two bytes of it.
        let is_next = line.offset_bytes.wrapping_sub(open.end_bytes).wrapping_sub(1) <= 1;
        let is_rest = |byte: &u8| byte.is_ascii_hexdigit() || b"x+=sp ".contains(byte);
        if !is_next
            || open.interleaved.is_some()
            || open.goroutine.stack == crate::tables::StackId::EMPTY
            || !body.iter().all(is_rest)
        {
            return false;
        }
        let n_digits = body.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = body.split_at(n_digits);
        let has_offset = rest.starts_with(b" +0x");
        let is_sure = has_offset || rest.starts_with(b"+0x") && n_digits == 0 || body.contains(&b'=');
        if !is_sure && open.place_columns != self.wrap_columns {
            return false;
        }
        if is_sure && open.place_columns >= MIN_COLUMNS {
            self.wrap_columns = open.place_columns;
        }
        if n_digits > 0 && !open.place_has_offset && (has_offset || rest.is_empty()) {
            let Some((parent, edge)) = tables.stacks.last_edge(open.goroutine.stack) else { return false };
            let (Edge::Frame(cut) | Edge::CreatedBy(cut)) = edge else { return false };
            let frame = tables.frames.get(cut);
            let location = [tables.bytes(frame.location), digits].concat();
            let location = tables.strings.intern(&location);
            let frame = tables.frames.intern(Frame { location, ..frame });
            self.arguments.correct(self.goroutines.len(), cut, frame);
            let edge = if matches!(edge, Edge::CreatedBy(_)) { Edge::CreatedBy(frame) } else { Edge::Frame(frame) };
            open.goroutine.stack = tables.stacks.child(parent, edge);
        }
        open.place_has_offset |= has_offset;
        open.end_bytes = line.end_bytes();
        self.note_joined(line.number, 1);
        true
    }

    /// A header broke off; the rest may follow.
    pub(super) fn keep_header(&mut self, line: Line<'_>) {
        self.end_fragment();
        self.fragment.clear();
        self.fragment.keep(line);
        self.fragment.header = Some((line.number, line.offset_bytes));
    }

    /// `goroutine 12 [chan receive, 3 minutes, locked to thr⏎ead]:`. Returns whether `line` belongs to the header.
    pub(super) fn join_header(&mut self, tables: &mut Tables, line: Line<'_>, body: &[u8]) -> bool {
        let Some((number, offset_bytes)) = self.fragment.header else { return false };
        if self.fragment.precedes(line) && !body.starts_with(b"goroutine ") && !body.is_empty() {
            let joined = self.fragment.joined(line);
            if let Ok(header) = header::parse(trim_start(&joined)) {
                let count = self.fragment.n_lines;
                self.fragment.clear();
                self.open_header(tables, Line { number, offset_bytes, ..line }, header);
                if let Some(open) = &mut self.open {
                    open.end_bytes = line.end_bytes();
                }
                self.note_joined(number, count);
                return true;
            }
            if self.fragment.columns >= MIN_COLUMNS && self.fragment.columns.abs_diff(columns(line.bytes)) <= 1 {
                self.fragment.keep(line);
                self.fragment.header = Some((number, offset_bytes));
                return true;
            }
        }
        self.end_fragment();
        false
    }

    /// A header that broke off did not go on.
    pub(super) fn end_fragment(&mut self) {
        if let Some((number, _)) = self.fragment.header.take() {
            let issue = Issue::new(IssueKind::MalformedHeader, number, &self.fragment.text);
            Issue::note(&mut self.issues, issue);
        }
    }

    /// The fragment became part of a line: it was taken for other text when it came.
    fn take_fragment(&mut self, line: Line<'_>) {
        let n_lines = self.fragment.n_lines;
        self.wrap_columns = self.fragment.columns;
        self.fragment.clear();
        self.note_joined(line.number - n_lines, n_lines);
        let Some(open) = &mut self.open else { return };
        if let Some(interleaved) = &mut open.interleaved {
            interleaved.count = interleaved.count.saturating_sub(n_lines);
            if interleaved.count == 0 {
                open.interleaved = None;
            }
        }
        if self.open.as_ref().is_some_and(|open| matches!(open.pending, Pending::None)) {
            self.note_interleaved();
        }
    }

    fn note_joined(&mut self, line_number: u64, count: u64) {
        let note = Note { kind: NoteKind::HardWrap, line_number, count: 0 };
        self.hard_wrap.get_or_insert(note).count += count;
    }

    /// Takes the place of the pending call.
    pub(super) fn place(&mut self, tables: &mut Tables, line: Line<'_>, location: &[u8], rest: &[u8]) {
        let Some(open) = &mut self.open else { return };
        let was_creator = open.pending_is_creator;
        open.place(&self.name, tables, location);
        open.place_has_offset = !rest.is_empty();
        open.place_columns = line.bytes.len() + if line.bytes.first() == Some(&b'\t') { 7 } else { 0 };
        open.end_bytes = line.end_bytes();
        let row = self.goroutines.len();
        if offsets::are_kept(&self.offsets, row) {
            offsets::note(&mut self.offsets, tables, open.goroutine.stack, row, rest);
        }
        if was_creator {
            self.state = State::Ended;
        } else {
            self.arguments.note_held(tables, &mut open.goroutine, self.goroutines.len());
        }
    }
}

/// Whether a parenthesis is not closed.
fn is_open(text: &[u8]) -> bool {
    let count = |wanted: u8| text.iter().filter(|&&byte| byte == wanted).count();
    count(b'(') > count(b')')
}

/// The columns that `text` takes on a terminal.
fn columns(text: &[u8]) -> usize {
    text.iter().fold(0, |columns, &byte| match byte {
        b'\t' => columns / 8 * 8 + 8,
        // Further bytes of a character.
        0x80..0xc0 => columns,
        _ => columns + 1,
    })
}
