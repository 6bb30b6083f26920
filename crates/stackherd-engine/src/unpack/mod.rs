//! Compression and archives: layers of bytes, peeled off until dumps are left.
//!
//! Bytes are pushed into the outermost [`Layer`] in any cut and go through at once; what they are is told by content. Only zip
//! archives are kept, as they came, until they are whole. Nothing that is unpacked is ever held: it goes to the parser of its
//! dump in small pieces.
//!
//! Hostile archives meet [`Limits`]; damaged ones give what can be read of them. Either is told as an issue.

mod codec;
mod compressed;
mod entry;
mod limits;
mod sniff;
mod tar;
mod zip;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use stackherd_core::{Error, InputKind, Issue, Parser, Snapshot, Tables};
use stackherd_report::{InputIssue, IssueKind};

use crate::convert;
use codec::Fault;
use compressed::Compressed;
use limits::Budget;
pub(crate) use limits::{Limit, Limits};
use sniff::{SNIFF_BYTES, Sniffed, sniff};

/// A file that was read: the input itself, or an entry of an archive.
#[derive(Debug)]
pub(crate) struct ReadFile {
    /// Its path inside the archive; `None` for the input itself.
    pub(crate) entry: Option<String>,
    /// When it was written, in seconds since 1970, if the archive knows.
    pub(crate) modified_secs: Option<i64>,
    /// Its dumps, in their order, at least one.
    pub(crate) dumps: Vec<Snapshot>,
}

/// What was found so far.
#[derive(Debug)]
pub(crate) struct Found {
    /// In their order.
    pub(crate) files: Vec<ReadFile>,
    /// What could not be read, in its order.
    pub(crate) issues: Vec<InputIssue>,
    pub(crate) budget: Budget,
    /// Goroutines in `files`.
    pub(crate) n_goroutines: u64,
}

impl Found {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { files: Vec::new(), issues: Vec::new(), budget: Budget::new(limits), n_goroutines: 0 }
    }
}

/// Where everything goes.
#[derive(Debug)]
pub(crate) struct Sink<'a> {
    pub(crate) tables: &'a mut Tables,
    pub(crate) found: &'a mut Found,
}

impl Sink<'_> {
    /// Whether a limit ended the reading.
    fn is_stopped(&self) -> bool {
        self.found.budget.stop().is_some()
    }

    fn issue(&mut self, entry: Option<String>, kind: IssueKind, message: String) {
        self.found.issues.push(InputIssue { kind, entry, message, looks_like: None });
    }
}

/// How the bytes of a file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All of them came.
    Complete,
    /// The reader stopped them.
    Stopped,
    /// They end early, or are damaged.
    Damaged,
    /// They are compressed with an option that is not read.
    Unsupported,
    /// A limit of this file alone was reached.
    TooLarge(Limit),
    /// A limit of the whole input was reached; it is told once.
    Limit,
}

impl End {
    fn of(fault: Fault, limits: &Limits) -> Self {
        match fault {
            Fault::Damaged => Self::Damaged,
            Fault::Unsupported => Self::Unsupported,
            Fault::Window => Self::TooLarge(Limit::Window { max_bytes: limits.window_bytes }),
        }
    }

    /// The same when bytes are missing, unless the reason is known.
    fn or_damaged(self) -> Self {
        if self == Self::Complete { Self::Damaged } else { self }
    }
}

/// Where a file comes from.
#[derive(Clone, Debug, Default)]
struct Place {
    /// Its path inside the input; `None` for the input itself.
    entry: Option<String>,
    modified_secs: Option<i64>,
    /// Archives around it.
    n_archives: u32,
    /// Compressions around it, inside the innermost archive.
    n_compressions: u32,
}

impl Place {
    /// An entry of the archive that is here.
    fn child(&self, path: &str, modified_secs: Option<i64>) -> Self {
        let entry = self.entry.as_ref().map_or_else(|| path.to_owned(), |archive| format!("{archive}/{path}"));
        Self { entry: Some(entry), modified_secs, n_archives: self.n_archives + 1, n_compressions: 0 }
    }

    /// What is in the compressed file that is here.
    fn inflated(&self) -> Self {
        Self { n_compressions: self.n_compressions + 1, ..self.clone() }
    }
}

/// A file while its bytes come in.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    place: Place,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// Too few bytes came to tell.
    Start(Vec<u8>),
    Dump(Box<Parser>),
    Compressed(Box<Compressed>),
    Tar(Box<tar::Tar>),
    Zip(zip::Zip),
    /// An archive in archives in archives.
    TooDeep,
    /// Nothing that anybody means to read.
    Ignored,
}

impl Default for Content {
    fn default() -> Self {
        Self::Start(Vec::new())
    }
}

impl Layer {
    fn new(place: Place) -> Self {
        Self { place, content: Content::default() }
    }

    /// A file of which only the length matters.
    fn ignored() -> Self {
        Self { place: Place::default(), content: Content::Ignored }
    }

    /// Takes the next bytes.
    pub(crate) fn push(&mut self, sink: &mut Sink<'_>, bytes: &[u8]) {
        if sink.is_stopped() || bytes.is_empty() {
            return;
        }
        match &mut self.content {
            Content::Start(head) => {
                let room = SNIFF_BYTES.saturating_sub(head.len());
                let (taken, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
                head.extend_from_slice(taken);
                if let Some(sniffed) = sniff(head, false) {
                    self.open(sink, sniffed);
                    self.push(sink, rest);
                }
            }
            Content::Dump(parser) => parser.push(sink.tables, bytes),
            Content::Compressed(compressed) => compressed.push(sink, bytes),
            Content::Tar(tar) => tar.push(sink, &self.place, bytes),
            Content::Zip(zip) => zip.push(sink, bytes),
            Content::TooDeep | Content::Ignored => {}
        }
    }

    /// Takes bytes that came out of compressed data, as long as no limit is reached.
    fn inflated(&mut self, sink: &mut Sink<'_>, bytes: &[u8]) -> ControlFlow<()> {
        if sink.is_stopped() || !sink.found.budget.take_inflated(bytes.len(), self.place.entry.as_deref()) {
            return ControlFlow::Break(());
        }
        self.push(sink, bytes);
        ControlFlow::Continue(())
    }

    /// Starts on what it turned out to be.
    fn open(&mut self, sink: &mut Sink<'_>, sniffed: Sniffed) {
        let Limits { archives, compressions, window_bytes, .. } = *sink.found.budget.limits();
        let content = match sniffed {
            Sniffed::Compressed(kind) if self.place.n_compressions < compressions => {
                Content::Compressed(Box::new(Compressed::new(kind, window_bytes, self.place.inflated())))
            }
            Sniffed::Dump | Sniffed::Compressed(_) => Content::Dump(Box::default()),
            Sniffed::Tar | Sniffed::Zip if self.place.n_archives >= archives => Content::TooDeep,
            Sniffed::Tar => Content::Tar(Box::new(tar::Tar::new())),
            Sniffed::Zip => Content::Zip(zip::Zip::default()),
        };
        if let Content::Start(head) = std::mem::replace(&mut self.content, content) {
            self.push(sink, &head);
        }
    }

    /// Goroutines read so far of what is not finished.
    pub(crate) fn n_goroutines(&self) -> u64 {
        match &self.content {
            Content::Dump(parser) => parser.n_goroutines(),
            Content::Compressed(compressed) => compressed.n_goroutines(),
            Content::Tar(tar) => tar.n_goroutines(),
            Content::Start(_) | Content::Zip(_) | Content::TooDeep | Content::Ignored => 0,
        }
    }

    /// Ends the file.
    pub(crate) fn finish(mut self, sink: &mut Sink<'_>, end: End) {
        let end = if sink.is_stopped() { End::Limit } else { end };
        if let Content::Start(head) = &self.content {
            let sniffed = sniff(head, true).unwrap_or(Sniffed::Dump);
            self.open(sink, sniffed);
        }
        match self.content {
            Content::Dump(parser) => finish_dump(sink, *parser, self.place, end),
            Content::Compressed(compressed) => compressed.finish(sink, end),
            Content::Tar(tar) => tar.finish(sink, &self.place, end),
            Content::Zip(zip) => zip.finish(sink, &self.place, end),
            Content::TooDeep => {
                let message = "this archive is inside other archives; unpack those and open it by itself";
                sink.issue(self.place.entry, IssueKind::SkippedArchiveEntry, message.to_owned());
            }
            Content::Start(_) | Content::Ignored => {}
        }
    }
}

fn finish_dump(sink: &mut Sink<'_>, parser: Parser, place: Place, end: End) {
    let offset_bytes = parser.n_bytes();
    let Place { entry, modified_secs, .. } = place;
    if let End::TooLarge(limit) = end {
        sink.issue(entry.clone(), IssueKind::TooLarge, limit.to_string());
    }
    match parser.finish(sink.tables) {
        Ok(mut dumps) => {
            mark(&mut dumps, end, offset_bytes);
            sink.found.n_goroutines += dumps.iter().map(Snapshot::n_goroutines).sum::<u64>();
            sink.found.files.push(ReadFile { entry, modified_secs, dumps });
        }
        Err(error) => {
            let error = match end {
                // The limit is told, and says more.
                End::Limit | End::TooLarge(_) => return,
                End::Damaged if tells_little(error) => Error::InvalidCompression,
                End::Unsupported => Error::NoGoroutines(InputKind::Compressed),
                End::Complete | End::Stopped | End::Damaged => error,
            };
            sink.found.issues.push(convert::input_issue(error, entry));
        }
    }
}

/// Whether an error is no more than what any cut file would give.
fn tells_little(error: Error) -> bool {
    use InputKind::{Binary, Empty, ProtobufProfile, Text};
    matches!(error, Error::NoGoroutines(Empty | Text | Binary | ProtobufProfile))
}

/// Notes on the dumps that were open at the end why the rest of them is missing: of each source in the log, the last one.
fn mark(dumps: &mut [Snapshot], end: End, offset_bytes: u64) {
    let kind = match end {
        End::Complete => return,
        End::Stopped => None,
        End::Damaged | End::Unsupported => Some(stackherd_core::IssueKind::InvalidCompression { offset_bytes }),
        End::Limit | End::TooLarge(_) => Some(stackherd_core::IssueKind::TooLarge { offset_bytes }),
    };
    let mut sources = BTreeSet::new();
    for dump in dumps.iter_mut().rev() {
        if sources.insert(dump.source().to_owned()) {
            match kind {
                Some(kind) => dump.add_issue(Issue::new(kind, dump.n_lines(), b"")),
                None => dump.note_stop(),
            }
        }
    }
}

#[cfg(test)]
mod tests;
