//! The layers in their order. What they find in strings is read in [`strings`](super::strings).

use alloc::vec::Vec;
use core::mem;

use super::json;
use super::prefix::{self, Common, Prefix, Stream};
use super::sources::Origin;
use super::{Envelope, Peeled, Sink, markdown, marks, terminal};
use crate::line::{Line, MAX_LINE_BYTES};
use crate::note::{LogPrefix, NoteKind};

/// Strings in strings that are opened.
pub(super) const MAX_DEPTH: u8 = 4;

/// How a line came to a layer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context<'a> {
    pub(super) origin: Origin<'a>,
    /// Strings it was taken out of.
    pub(super) depth: u8,
}

impl Envelope {
    /// A line of the input.
    pub(super) fn peel(&mut self, line: Line<'_>, sink: &mut Sink<'_>) {
        let line = with(line, line.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line.bytes));
        self.terminal(line, Context::default(), sink);
    }

    /// Terminal codes.
    pub(super) fn terminal(&mut self, line: Line<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        if !terminal::has_codes(line.bytes) {
            self.page(line, context, sink);
            return;
        }
        self.note(NoteKind::TerminalCodes, line);
        let mut text = self.buffer();
        terminal::strip(line.bytes, &mut text);
        self.page(with(line, &text), context, sink);
        self.put_back(text);
    }

    /// HTML.
    fn page(&mut self, line: Line<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        if context.depth > 0 || !(self.html.is_on() || self.html.starts(line.bytes)) {
            self.row(line, context, sink);
            return;
        }
        let mut text = self.buffer();
        if self.html.line(line.bytes, &mut text) {
            self.note(NoteKind::Html, line);
            let shown = text.strip_suffix(b"\n").unwrap_or(&text);
            for part in shown.split(|&byte| byte == b'\n') {
                self.row(with(line, part), context, sink);
            }
        } else {
            self.row(line, context, sink);
        }
        self.put_back(text);
    }

    /// Rows of a table.
    fn row(&mut self, line: Line<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        let is_header = line.bytes.starts_with(b"goroutine ");
        if context.depth > 0 {
            self.quote(line, context, sink);
            return;
        }
        if self.table.is_on() && is_header && !self.table.is_in_cell() {
            self.table.stop();
        }
        if is_header && !self.table.is_on() || !(self.table.is_on() || self.table.starts(line.bytes, line.number == 1)) {
            self.quote(line, context, sink);
            return;
        }
        let mut text = self.buffer();
        let is_there = self.table.line(line.bytes, &mut text);
        let is_of_dump = is_there && self.sources.of(context.origin).look_at(&text);
        if is_of_dump || is_there && marks::find_dump(&text).is_some() {
            self.note(NoteKind::Table, line);
            self.quote(with(line, &text), context, sink);
        } else {
            self.quote(line, context, sink);
        }
        self.put_back(text);
    }

    /// Markdown's quotes.
    fn quote(&mut self, line: Line<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        match markdown::unquote(line.bytes) {
            Some(text) if self.sources.of(context.origin).look_at(text) => {
                self.note(NoteKind::Markdown, line);
                self.prefix(with(line, text), context, sink);
            }
            _ => self.prefix(line, context, sink),
        }
    }

    /// Log prefixes.
    fn prefix(&mut self, line: Line<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        if self.stern.n_names == 0
            && context.depth == 0
            && !self.stern.is_refused
            && let Some((n_names, len)) = prefix::stern_start(line.bytes)
        {
            self.stern.asked = n_names;
            self.stern.start.clear();
            self.stern.start.extend_from_slice(line.bytes.get(..len).unwrap_or_default());
            self.held.push(Peeled { line, source: b"" });
            return;
        }
        let mut prefix = prefix::read(line.bytes, self.learned, self.stern.n_names);
        self.strip_common(&mut prefix, context.origin);
        if prefix.kinds.is_empty() {
            self.record(line, context, sink);
            return;
        }
        let mut name = self.buffer();
        join_names(&mut name, &[context.origin.name, prefix.name, prefix.container]);
        let stream = if prefix.stream == Stream::Only { context.origin.stream } else { prefix.stream };
        let inside = Context { origin: Origin { name: &name, stream }, ..context };
        let is_learned = self.learned.has_all(prefix.kinds) || prefix.is_certain();
        if is_learned || marks::starts_dump(prefix.text) || holds_dump(prefix.text) {
            self.prefixed(line, &prefix, inside, sink);
        } else {
            self.record(line, context, sink);
        }
        self.put_back(name);
    }

    /// Takes off a prefix that is the same before every line, or finds it.
    fn strip_common(&mut self, prefix: &mut Prefix<'_>, origin: Origin<'_>) {
        if let Some(common) = &mut self.common {
            if let Some(text) = common.strip(prefix.text) {
                common.is_confirmed = true;
                self.learned.add(LogPrefix::Other);
                prefix.text = text;
                prefix.kinds.add(LogPrefix::Other);
                return;
            }
            // The line behind the header has none: it was the header's own.
            if !common.is_confirmed && !prefix.text.is_empty() {
                self.common = None;
            }
        }
        if let Some(at) = marks::inner_header(prefix.text) {
            self.common = Common::of(prefix.text, at);
            if self.common.is_some() {
                // The next line has to come here.
                self.is_peeled = true;
                self.sources.of(origin).look_at(prefix.text);
            }
        }
    }

    /// A line behind its prefix.
    fn prefixed(&mut self, line: Line<'_>, prefix: &Prefix<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        let state = self.sources.of(context.origin);
        if prefix.is_partial {
            state.hold(line, prefix.text);
            self.note_prefix(prefix, line);
            return;
        }
        let partial = mem::take(&mut state.partial);
        let start = state.partial_at.take();
        self.learned.add_all(prefix.kinds);
        if let Some(start) = start {
            self.note_prefix(prefix, line);
            self.joined(line, start, (partial, prefix.text), context, sink);
        } else if state.look_at(prefix.text)
            || holds_dump(prefix.text)
            // Records of which each holds a line of a dump.
            || (self.has_records || !self.record_key.is_empty()) && json::is_record(prefix.text)
        {
            self.note_prefix(prefix, line);
            self.control_codes(with(line, prefix.text), prefix, context, sink);
        } else {
            // An ordinary log line: its time matters.
            self.is_peeled = true;
            self.record(with(line, prefix.with_time.unwrap_or(prefix.text)), context, sink);
        }
    }

    fn note_prefix(&mut self, prefix: &Prefix<'_>, line: Line<'_>) {
        for kind in prefix.kinds.iter() {
            self.note(NoteKind::LogPrefix(kind), line);
        }
    }

    /// Tabs and escapes as rsyslog writes them, in octal: `#011`.
    fn control_codes(&mut self, line: Line<'_>, prefix: &Prefix<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        if !prefix.kinds.has(LogPrefix::Syslog) || memchr::memmem::find(line.bytes, b"#0").is_none() {
            self.record(line, context, sink);
            return;
        }
        let mut text = self.buffer();
        let mut rest = line.bytes;
        while let Some(at) = memchr::memchr(b'#', rest) {
            let (before, code) = rest.split_at(at);
            text.extend_from_slice(before);
            let (byte, len) = match code {
                [_, b'0', b'1', b'1', ..] => (b'\t', 4),
                [_, b'0', b'3', b'3', ..] => (0x1b, 4),
                _ => (b'#', 1),
            };
            text.push(byte);
            rest = code.get(len..).unwrap_or_default();
        }
        text.extend_from_slice(rest);
        let mut plain = self.buffer();
        terminal::strip(&text, &mut plain);
        self.record(with(line, &plain), context, sink);
        self.put_back(plain);
        self.put_back(text);
    }

    /// A line that came in pieces.
    fn joined(
        &mut self,
        line: Line<'_>,
        (number, offset_bytes): (u64, u64),
        (mut text, end): (Vec<u8>, &[u8]),
        context: Context<'_>,
        sink: &mut Sink<'_>,
    ) {
        text.extend_from_slice(end);
        let len_bytes = line.end_bytes().saturating_sub(offset_bytes);
        let whole = Line { bytes: &text, number, offset_bytes, len_bytes, is_terminated: line.is_terminated };
        self.sources.of(context.origin).look_at(&text);
        self.record(whole, context, sink);
        self.put_back(text);
    }

    /// Hands out lines whose ends never came.
    pub(super) fn end_partials(&mut self, sink: &mut Sink<'_>) {
        for state in self.sources.take_partials() {
            let (number, offset_bytes) = state.partial_at.unwrap_or_default();
            let line = Line {
                bytes: &state.partial,
                number,
                offset_bytes,
                len_bytes: state.partial.len() as u64,
                is_terminated: false,
            };
            self.record(line, Context { origin: state.origin(), depth: MAX_DEPTH - 1 }, sink);
        }
    }

    /// A line that nothing is wrapped around any more.
    pub(super) fn emit(&mut self, line: Line<'_>, context: Context<'_>, sink: &mut Sink<'_>) {
        if !self.is_peeled && line.bytes.starts_with(b"goroutine ") {
            self.is_wrapped = self.html.is_on() || self.table.is_on();
        }
        let mut key = self.buffer();
        let line = with(line, line.bytes.get(..MAX_LINE_BYTES).unwrap_or(line.bytes));
        self.order.line(Peeled { line, source: context.origin.key(&mut key) }, sink);
        self.put_back(key);
    }
}

pub(super) fn with<'a>(line: Line<'_>, bytes: &'a [u8]) -> Line<'a> {
    let Line { number, offset_bytes, len_bytes, is_terminated, .. } = line;
    Line { bytes, number, offset_bytes, len_bytes, is_terminated }
}

/// Whether a string in `text` holds a dump.
fn holds_dump(text: &[u8]) -> bool {
    (json::is_record(text) || memchr::memchr(b'\\', text).is_some()) && marks::find_dump(text).is_some()
}

/// `pod/container`
pub(super) fn join_names(out: &mut Vec<u8>, names: &[&[u8]]) {
    for name in names.iter().filter(|name| !name.is_empty()) {
        if !out.is_empty() {
            out.push(b'/');
        }
        out.extend_from_slice(name);
    }
}
