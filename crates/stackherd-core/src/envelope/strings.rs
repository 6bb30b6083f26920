//! The innermost layers: text that is a string of something else.

use core::mem;

use super::escaped::{self, Text};
use super::json::{self, Record};
use super::layers::{Context, MAX_DEPTH, join_names, with};
use super::prefix::Stream;
use super::sources::Origin;
use super::{Envelope, Sink};
use crate::line::Line;
use crate::note::NoteKind;

impl Envelope {
    /// JSON records.
    pub(super) fn record(&mut self, line: Line<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        let is_inside = !self.record_key.is_empty() && context.depth < MAX_DEPTH;
        if is_inside && json::is_punctuation(line.bytes) {
            return;
        }
        if context.depth >= MAX_DEPTH || !json::is_record(line.bytes) {
            self.escaped(line, context, sink);
            return;
        }
        let mut rest = line.bytes;
        let mut is_taken = false;
        // Lists of records hold many; pieces of one that is written over several lines hold one.
        while !rest.is_empty() {
            let key = mem::take(&mut self.record_key);
            let (record, pod, tail) = json::read(rest, &key);
            self.record_key = key;
            let mut name = self.buffer();
            join_names(&mut name, &[context.origin.name, pod]);
            let inside = Context { origin: Origin { name: &name, ..context.origin }, ..context };
            is_taken |= self.read_record(line, record, inside, sink);
            self.put_back(name);
            rest = tail.strip_prefix(b",").unwrap_or(tail).trim_ascii_start();
            if !rest.starts_with(b"{") {
                break;
            }
        }
        let is_member = is_inside && line.bytes.trim_ascii_start().starts_with(b"\"");
        if !(is_taken || is_member) {
            self.emit(line, context, sink);
        }
    }

    /// Takes the text out of a record. Returns false if it holds nothing of a dump.
    fn read_record(&mut self, line: Line<'_>, record: Record<'_>, context: Context<'_>, sink: &mut Sink<'_>) -> bool {
        match record {
            Record::Docker { text, is_stdout } => {
                self.has_records = true;
                self.note(NoteKind::JsonRecords, line);
                let stream = if is_stdout { Stream::Stdout } else { Stream::Stderr };
                let context = Context { origin: Origin { stream, ..context.origin }, ..context };
                self.pieces(line, text, context, sink);
                true
            }
            Record::GoTest { package, text } => {
                self.has_records = true;
                self.note(NoteKind::JsonRecords, line);
                if let Some(text) = text {
                    let mut name = self.buffer();
                    join_names(&mut name, &[context.origin.name, package]);
                    let context = Context { origin: Origin { name: &name, ..context.origin }, ..context };
                    self.pieces(line, text, context, sink);
                    self.put_back(name);
                }
                true
            }
            Record::Dump { key, text } => {
                self.note(NoteKind::JsonRecords, line);
                if text.has_lines() {
                    self.text(line, text, context, sink);
                    // Whatever stands in the record behind it: the dump ends here.
                    self.inner(with(line, b""), context, sink);
                } else {
                    self.record_key.clear();
                    self.record_key.extend_from_slice(key);
                    self.sources.of(context.origin).is_in_dump = true;
                    self.text(line, text, context, sink);
                }
                true
            }
            Record::Other { text: Some(text) } => {
                let mut content = self.buffer();
                text.append_to(&mut content);
                let is_of_dump = self.sources.of(context.origin).look_at(&content);
                self.put_back(content);
                if is_of_dump {
                    self.note(NoteKind::JsonRecords, line);
                    self.text(line, text, context, sink);
                    if text.raw.is_empty() {
                        self.inner(with(line, b""), context, sink);
                    }
                } else {
                    self.record_key.clear();
                }
                is_of_dump
            }
            Record::Other { text: None } => false,
        }
    }

    /// A piece of a stream: lines end where it says so.
    fn pieces(&mut self, line: Line<'_>, text: Text<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        let mut content = self.buffer();
        text.append_to(&mut content);
        let mut rest = content.as_slice();
        while let Some(at) = memchr::memchr(b'\n', rest) {
            let (piece, tail) = rest.split_at(at);
            rest = tail.get(1..).unwrap_or_default();
            let piece = piece.strip_suffix(b"\r").unwrap_or(piece);
            let state = self.sources.of(context.origin);
            let whole = Line { is_terminated: true, ..line };
            match state.partial_at.take() {
                Some((number, offset_bytes)) => {
                    let mut partial = mem::take(&mut state.partial);
                    partial.extend_from_slice(piece);
                    let len_bytes = line.end_bytes().saturating_sub(offset_bytes);
                    let bytes = partial.strip_suffix(b"\r").unwrap_or(&partial);
                    self.inner(Line { bytes, number, offset_bytes, len_bytes, is_terminated: true }, context, sink);
                    self.put_back(partial);
                }
                None => self.inner(with(whole, piece), context, sink),
            }
        }
        if !rest.is_empty() {
            self.sources.of(context.origin).hold(line, rest);
        }
        self.put_back(content);
    }

    /// Text with escaped line breaks.
    fn escaped(&mut self, line: Line<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        let is_header = line.bytes.trim_ascii_end().ends_with(b":") && line.bytes.trim_ascii_start().starts_with(b"goroutine ");
        let found = if is_header || context.depth >= MAX_DEPTH { None } else { escaped::find(line.bytes) };
        let Some((text, mut rest)) = found else {
            self.emit(line, context, sink);
            return;
        };
        self.note(NoteKind::EscapedText, line);
        self.text(line, text, context, sink);
        while let Some((text, tail)) = escaped::find(rest) {
            self.text(line, text, context, sink);
            rest = tail;
        }
        self.inner(with(line, b""), context, sink);
    }

    /// The lines of a string.
    fn text(&mut self, line: Line<'_>, text: Text<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        let mut buffer = self.buffer();
        text.lines(&mut buffer, |part, is_terminated| {
            self.inner(
                Line { bytes: part, is_terminated: is_terminated || line.is_terminated && text.is_closed, ..line },
                context,
                sink,
            );
        });
        self.put_back(buffer);
    }

    /// A line that was inside of a string.
    fn inner(&mut self, line: Line<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        let context = Context { depth: context.depth + 1, ..context };
        self.terminal(line, context, sink);
    }
}
