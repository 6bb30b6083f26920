//! How Go printed a dump.
//!
//! Bytes come in any cut. [`Parser`] looks at the first of them: a profile is kept until it is whole, text is decoded, cut into
//! lines, peeled of what logs wrapped around them (the envelope) and read by one module per format.

pub(crate) mod counted;
pub mod counter_log;
pub(crate) mod delve;
mod detect;
mod dumps;
pub(crate) mod goleak;
pub(crate) mod gops;
mod other_text;
pub(crate) mod pprof_text;
pub(crate) mod profile;
pub(crate) mod race;
mod section;
mod text;
pub mod traceback;

use alloc::vec::Vec;

use crate::envelope::encoding::Decoder;
use crate::error::Error;
use crate::line::LineScanner;
use crate::order;
use crate::snapshot::Snapshot;
use crate::tables::Tables;

pub use detect::look_alike;
use profile::ProfileReader;
use text::TextReader;

/// A format that can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Panic, fatal error and SIGQUIT text, `runtime.Stack`, `debug=2`, gops `stack`.
    #[default]
    Traceback,
    /// `debug=1`: counted stacks as text.
    Counted,
    /// `debug=0`: `profile.proto`; also what `go tool pprof` prints of it with `-traces` and `-raw`.
    Profile,
    /// What goleak says when a test leaks.
    Goleak,
    /// What the race detector says. It lists no goroutines.
    Race,
    /// What delve lists for `goroutines`.
    Delve,
    /// `gops stats`.
    Gops,
    /// Goroutine counts in a log, metrics, expvar, `gctrace`.
    CounterLog,
}

/// Bytes kept from the start of the input, to choose how to read it and to say what it looks like when nothing is found.
const HEAD_BYTES: usize = 4096;
/// Bytes that tell a profile and the encoding of text.
const SNIFF_BYTES: usize = 64;

/// Reads the dumps of one input, chunk by chunk.
///
/// Never fails on content: it reads what it can and notes the rest as [`Issue`](crate::Issue)s. The tables must be the same
/// in every call. Any chunking gives the same snapshots.
#[derive(Clone, Debug, Default)]
pub struct Parser {
    head: Vec<u8>,
    content: Content,
    n_bytes: u64,
}

#[derive(Clone, Debug, Default)]
enum Content {
    /// Too few bytes came to tell.
    #[default]
    Start,
    Text(alloc::boxed::Box<TextContent>),
    Profile(ProfileReader),
    /// A program or a picture: text in it is no dump of its own, as this program's own pages show.
    Other,
}

#[derive(Clone, Debug, Default)]
struct TextContent {
    decoder: Decoder,
    lines: LineScanner,
    reader: TextReader,
}

impl Parser {
    /// Takes the next bytes. `O(chunk)`.
    pub fn push(&mut self, tables: &mut Tables, chunk: &[u8]) {
        let held = self.head.len();
        self.n_bytes += chunk.len() as u64;
        let room = HEAD_BYTES.saturating_sub(held);
        if room > 0 {
            self.head.extend_from_slice(chunk.get(..room).unwrap_or(chunk));
        }
        if !matches!(self.content, Content::Start) {
            self.content.push(tables, chunk);
        } else if self.head.len() >= SNIFF_BYTES {
            self.start(tables, held);
            self.content.push(tables, chunk);
        }
    }

    /// Chooses how to read, and reads the first `held` bytes.
    fn start(&mut self, tables: &mut Tables, held: usize) {
        self.content = if profile::starts(&self.head) {
            Content::Profile(ProfileReader::default())
        } else if detect::holds_no_text(&self.head) {
            Content::Other
        } else {
            let decoder = Decoder::of(&self.head);
            Content::Text(alloc::boxed::Box::new(TextContent { decoder, ..TextContent::default() }))
        };
        self.content.push(tables, self.head.get(..held).unwrap_or_default());
    }

    /// Bytes taken in so far.
    #[must_use]
    pub fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// Goroutines read so far.
    #[must_use]
    pub fn n_goroutines(&self) -> u64 {
        match &self.content {
            Content::Text(text) => text.reader.n_goroutines(),
            Content::Start | Content::Profile(_) | Content::Other => 0,
        }
    }

    /// Ends the input. Its dumps come in their order, at least one; a dump may hold no goroutine, when it says so itself.
    ///
    /// # Errors
    /// [`Error::NoGoroutines`] when nothing was found, with what the input looks like instead.
    pub fn finish(mut self, tables: &mut Tables) -> Result<Vec<Snapshot>, Error> {
        if matches!(self.content, Content::Start) {
            self.start(tables, self.head.len());
        }
        let nothing = Error::NoGoroutines(look_alike(&self.head));
        match self.content {
            Content::Start | Content::Other => Err(nothing),
            Content::Profile(profile) => Ok(alloc::vec![profile.finish(tables)?]),
            Content::Text(mut text) => {
                let (lines, reader) = (&mut text.lines, &mut text.reader);
                text.decoder.finish(&mut |bytes| lines.push(bytes, &mut reader.with(tables)));
                lines.finish(&mut reader.with(tables));
                let mut snapshots = text.reader.finish(tables, text.lines.n_bytes(), text.lines.n_lines());
                for snapshot in &mut snapshots {
                    snapshot.notes.extend(text.decoder.notes());
                    order::by_key(&mut snapshot.notes, |note| note.line_number);
                }
                if snapshots.is_empty() { Err(nothing) } else { Ok(snapshots) }
            }
        }
    }
}

impl Content {
    fn push(&mut self, tables: &mut Tables, chunk: &[u8]) {
        match self {
            Self::Start | Self::Other => {}
            Self::Profile(profile) => profile.push(chunk),
            Self::Text(text) => {
                let (lines, reader) = (&mut text.lines, &mut text.reader);
                text.decoder.push(chunk, &mut |bytes| lines.push(bytes, &mut reader.with(tables)));
            }
        }
    }
}
