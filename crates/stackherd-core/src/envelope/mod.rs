//! What logs, editors and transports wrap around a dump, peeled off before the formats read it.
//!
//! Envelopes lie in envelopes: a colour code around a pod's name before a time before a JSON record with a dump in a string. A
//! line goes through one layer per family, outermost first, and what comes out of a string goes through them again. A layer
//! only takes off what has a dump inside ([`marks`]): other log lines pass as they are, times included.

pub(crate) mod encoding;
mod escaped;
mod held;
mod html;
mod json;
mod layers;
mod markdown;
mod marks;
mod prefix;
mod reversed;
#[cfg(test)]
mod roundtrip;
mod sources;
mod strings;
mod table;
mod terminal;
mod time_stamp;

use alloc::vec::Vec;

use crate::line::Line;
use crate::note::{Note, NoteKind};
use held::HeldLines;
use html::Html;
use prefix::{Common, Kinds};
use reversed::Order;
use sources::Sources;
use table::Table;

pub(crate) use sources::shown_name;

/// Lines behind the first of a dump that tell whether it is stern's.
const MAX_HELD_LINES: usize = 3;

/// A line without its envelope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peeled<'a> {
    /// `bytes` is what was inside; number, offset and length are those of the line in the input.
    pub(crate) line: Line<'a>,
    /// Which of the sources that share the log it comes from, shown by [`shown_name`]; empty when the envelope names none.
    pub(crate) source: &'a [u8],
}

/// What takes peeled lines.
type Sink<'a> = dyn FnMut(Peeled<'_>) + 'a;

/// Finds out what is wrapped around the lines, and peels it off.
#[derive(Clone, Debug, Default)]
pub(crate) struct Envelope {
    /// Something was peeled off since the last header that came without an envelope.
    is_wrapped: bool,
    /// Something was peeled off this line.
    is_peeled: bool,
    notes: Vec<Note>,
    html: Html,
    table: Table,
    /// Prefixes that stood before the lines of a dump.
    learned: Kinds,
    common: Option<Common>,
    stern: Stern,
    /// Lines that wait for what the next ones show.
    held: HeldLines,
    /// The key of the records that hold a line of a dump each.
    record_key: Vec<u8>,
    /// Records of a stream came: docker's, or those of `go test -json`.
    has_records: bool,
    sources: Sources,
    order: Order,
    /// Buffers for what layers put together; reused.
    buffers: Vec<Vec<u8>>,
}

/// What is known of stern's names before the lines.
#[derive(Clone, Debug, Default)]
struct Stern {
    /// Names before each line, once that is sure.
    n_names: usize,
    /// Names before the line that is held, and the text they make.
    asked: usize,
    start: Vec<u8>,
    /// The first held line has names by chance.
    is_refused: bool,
}

impl Envelope {
    /// Whether lines pass as they are, so that stacks may be read from the raw bytes.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        !self.is_wrapped && !self.is_busy()
    }

    /// Whether a line that starts with `start` may hold a whole dump as one string.
    pub(crate) fn is_record(&self, start: &[u8]) -> bool {
        let text = prefix::read(start, Kinds::default(), 0).text;
        json::is_record(text)
            || self.html.is_on()
            || text.first() == Some(&b'<')
            || marks::find_dump(start)
                .is_some_and(|at| memchr::memmem::find(start.get(at..).unwrap_or_default(), b"\\n").is_some())
    }

    /// Takes a line and hands out what was inside: no line, one, or many.
    ///
    /// Not called for lines inside of a stack as long as [`Envelope::is_plain`].
    #[inline]
    pub(crate) fn line(&mut self, line: Line<'_>, sink: &mut impl FnMut(Peeled<'_>)) {
        let is_bare = match line.bytes {
            [] => true,
            [b'g', .., b':'] if line.bytes.starts_with(b"goroutine ") => {
                self.is_wrapped &= self.is_busy();
                true
            }
            _ => false,
        };
        if is_bare && !self.is_busy() {
            self.order.pass();
            sink(Peeled { line, source: b"" });
        } else {
            self.unusual_line(line, sink);
        }
    }

    /// Whether bare lines need a look too.
    #[inline]
    fn is_busy(&self) -> bool {
        self.order.is_active() || self.html.is_on() || self.table.is_on() || !self.held.is_empty()
    }

    #[inline(never)]
    fn unusual_line(&mut self, line: Line<'_>, sink: &mut Sink<'_>) {
        if !self.held.is_empty() {
            self.held_line(line, sink);
            return;
        }
        self.is_peeled = false;
        self.peel(line, sink);
        self.is_wrapped |= self.is_peeled;
    }

    /// Takes a line while it is open whether the first held one is stern's.
    fn held_line(&mut self, line: Line<'_>, sink: &mut Sink<'_>) {
        let mut text = self.buffer();
        terminal::strip(line.bytes, &mut text);
        let is_stern = text.starts_with(&self.stern.start);
        self.put_back(text);
        self.held.push(Peeled { line, source: b"" });
        if is_stern {
            self.stern.n_names = self.stern.asked;
            self.replay(sink);
        } else if self.held.len() > MAX_HELD_LINES {
            self.stern.is_refused = true;
            self.replay(sink);
        }
    }

    fn replay(&mut self, sink: &mut Sink<'_>) {
        let mut held = core::mem::take(&mut self.held);
        held.drain(|peeled| {
            self.unusual_line(peeled.line, sink);
            self.stern.is_refused = false;
        });
        if self.held.is_empty() {
            self.held = held;
        }
    }

    /// Hands out what was held back.
    pub(crate) fn finish(&mut self, sink: &mut impl FnMut(Peeled<'_>)) {
        while !self.held.is_empty() {
            self.stern.is_refused = true;
            self.replay(sink);
        }
        self.end_partials(sink);
        self.order.finish(sink);
        if self.order.n_reversed > 0 {
            let (line_number, count) = (self.order.line_number, self.order.n_reversed);
            Note::add(&mut self.notes, Note { kind: NoteKind::NewestFirst, line_number, count });
        }
    }

    /// Whether the lines came in reverse order.
    pub(crate) fn is_newest_first(&self) -> bool {
        self.order.n_reversed > 0
    }

    /// What was peeled off.
    pub(crate) fn notes(&self) -> Vec<Note> {
        self.notes.clone()
    }

    fn note(&mut self, kind: NoteKind, line: Line<'_>) {
        self.is_peeled = true;
        Note::add(&mut self.notes, Note { kind, line_number: line.number, count: 1 });
    }

    fn buffer(&mut self) -> Vec<u8> {
        self.buffers.pop().unwrap_or_default()
    }

    fn put_back(&mut self, mut buffer: Vec<u8>) {
        buffer.clear();
        buffer.shrink_to(crate::line::MAX_LINE_BYTES);
        self.buffers.push(buffer);
    }
}
