//! A tar archive, streamed: POSIX pax, GNU and the formats before them.
//!
//! An archive is a row of blocks: a header, the entry's bytes filled up to a block, the next header. Fields are read by the
//! `tar` crate; the loop is here because bytes are pushed.

use std::mem;

use stackherd_report::{InputIssue, IssueKind};
use tar::{EntryType, Header, PaxExtensions};

use super::{End, Layer, Place, Sink, entry};

pub(super) const BLOCK_BYTES: usize = 512;
/// Length of a header's first field.
pub(super) const NAME_BYTES: usize = 100;
/// Place and length of the field that holds the sum of the header's bytes.
const SUM_AT: usize = 148;
const SUM_BYTES: usize = 8;

/// Whether a block is a header: its bytes add up to what it says.
pub(super) fn is_header(block: &[u8; BLOCK_BYTES]) -> bool {
    let Ok(stated) = Header::from_byte_slice(block).cksum() else { return false };
    let in_sum = |at: usize| (SUM_AT..SUM_AT + SUM_BYTES).contains(&at);
    let bytes = || block.iter().enumerate().map(|(at, &byte)| if in_sum(at) { b' ' } else { byte });
    // Some old programs added up signed bytes.
    let signed: i64 = bytes().map(|byte| i64::from(byte as i8)).sum();
    let unsigned: u32 = bytes().map(u32::from).sum();
    unsigned == stated || signed == i64::from(stated)
}

#[derive(Debug)]
pub(super) struct Tar {
    state: State,
    /// Bytes of an unfinished header.
    header: Vec<u8>,
    /// What extensions say of the next entry.
    next: Extensions,
    /// Zeros that end the archive were seen: what follows need not make sense.
    is_ended: bool,
}

/// What the next bytes are.
#[derive(Debug)]
enum State {
    /// A header, or zeros. From: start, `Body`. To: `Body`, `Damaged`.
    Header,
    /// An entry's bytes. From: `Header`. To: `Header`.
    Body { body: Body, n_left: u64, n_padding: u64 },
    /// Nothing that makes sense. From: `Header`.
    Damaged,
}

#[derive(Debug)]
enum Body {
    Skipped,
    /// GNU: the path of the next entry.
    LongPath(Vec<u8>),
    /// pax: lines of keys and values for the next entry.
    Pax(Vec<u8>),
    File(Box<Layer>),
}

#[derive(Debug, Default)]
struct Extensions {
    path: Option<Vec<u8>>,
    size: Option<u64>,
    modified_secs: Option<i64>,
    is_sparse: bool,
}

impl Tar {
    pub(super) fn new() -> Self {
        Self { state: State::Header, header: Vec::new(), next: Extensions::default(), is_ended: false }
    }

    pub(super) fn push(&mut self, sink: &mut Sink<'_>, place: &Place, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() && !sink.is_stopped() {
            match &mut self.state {
                State::Damaged => return,
                State::Header => {
                    let n = BLOCK_BYTES - self.header.len();
                    let (taken, left) = rest.split_at_checked(n).unwrap_or((rest, &[]));
                    self.header.extend_from_slice(taken);
                    rest = left;
                    if self.header.len() == BLOCK_BYTES {
                        let header = mem::take(&mut self.header);
                        self.state = self.open(sink, place, &header);
                        self.header = header;
                        self.header.clear();
                    }
                }
                State::Body { body, n_left, .. } if *n_left > 0 => {
                    let n = usize::try_from(*n_left).unwrap_or(usize::MAX).min(rest.len());
                    let (taken, left) = rest.split_at_checked(n).unwrap_or((rest, &[]));
                    *n_left -= taken.len() as u64;
                    rest = left;
                    body.push(sink, taken);
                }
                State::Body { n_padding, .. } => {
                    let n = usize::try_from(*n_padding).unwrap_or(usize::MAX).min(rest.len());
                    *n_padding -= n as u64;
                    rest = rest.get(n..).unwrap_or_default();
                }
            }
            if matches!(self.state, State::Body { n_left: 0, n_padding: 0, .. })
                && let State::Body { body, .. } = mem::replace(&mut self.state, State::Header)
            {
                self.close(sink, body);
            }
        }
    }

    /// Reads a header and says what follows.
    fn open(&mut self, sink: &mut Sink<'_>, place: &Place, block: &[u8]) -> State {
        if block.iter().all(|&byte| byte == 0) {
            self.is_ended = true;
            return State::Header;
        }
        let block = block.first_chunk().filter(|block| is_header(block));
        let header = block.map(|block| Header::from_byte_slice(block));
        let Some((header, size)) = header.and_then(|header| Some((header, header.entry_size().ok()?))) else {
            return State::Damaged;
        };
        let kind = header.entry_type();
        let (body, size) = match kind {
            EntryType::GNULongName => (Body::LongPath(Vec::new()), size),
            EntryType::XHeader => (Body::Pax(Vec::new()), size),
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                let next = mem::take(&mut self.next);
                let size = next.size.unwrap_or(size);
                (file(sink, place, header, next), size)
            }
            // Links and devices have a size sometimes, and never bytes.
            EntryType::Link | EntryType::Symlink | EntryType::Char | EntryType::Block | EntryType::Fifo => {
                self.next = Extensions::default();
                (Body::Skipped, 0)
            }
            // The target of a link, and what concerns all entries: the extensions collected so far are for what follows.
            EntryType::GNULongLink | EntryType::XGlobalHeader => (Body::Skipped, size),
            _ => {
                self.next = Extensions::default();
                (Body::Skipped, size)
            }
        };
        let n_padding = (BLOCK_BYTES as u64 - size % BLOCK_BYTES as u64) % BLOCK_BYTES as u64;
        if size == 0 {
            self.close(sink, body);
            return State::Header;
        }
        State::Body { body, n_left: size, n_padding }
    }

    fn close(&mut self, sink: &mut Sink<'_>, body: Body) {
        match body {
            Body::Skipped => {}
            Body::LongPath(path) => self.next.path = Some(path.split(|&byte| byte == 0).next().unwrap_or_default().to_vec()),
            Body::Pax(lines) => self.next.read_pax(&lines),
            Body::File(layer) => layer.finish(sink, End::Complete),
        }
    }

    /// Goroutines read so far of the entry that is being read.
    pub(super) fn n_goroutines(&self) -> u64 {
        match &self.state {
            State::Body { body: Body::File(layer), .. } => layer.n_goroutines(),
            _ => 0,
        }
    }

    pub(super) fn finish(self, sink: &mut Sink<'_>, place: &Place, end: End) {
        let is_cut = match self.state {
            State::Header => !self.header.is_empty() && !self.is_ended,
            State::Body { body: Body::File(layer), n_left: 1.., .. } => {
                layer.finish(sink, end.or_damaged());
                true
            }
            State::Body { body: Body::File(layer), .. } => {
                layer.finish(sink, End::Complete);
                false
            }
            State::Body { .. } => true,
            State::Damaged => !self.is_ended,
        };
        let end = if is_cut { end.or_damaged() } else { end };
        if end == End::Damaged {
            sink.found.issues.push(InputIssue {
                kind: IssueKind::InvalidCompression,
                entry: place.entry.clone(),
                message: "the tar archive ends early or is damaged, and what follows could not be read; fetch the file again"
                    .to_owned(),
                looks_like: None,
            });
        }
    }
}

/// Opens a file of the archive.
fn file(sink: &mut Sink<'_>, place: &Place, header: &Header, next: Extensions) -> Body {
    let path = next.path.as_deref().map_or_else(|| header.path_bytes(), Into::into);
    let path = String::from_utf8_lossy(&path);
    // Before POSIX, a folder was a file whose name ends in a slash.
    if entry::is_ignored(&path) || path.ends_with('/') {
        return Body::Skipped;
    }
    if !sink.found.budget.take_entry(place.entry.as_deref()) {
        return Body::Skipped;
    }
    let modified_secs = next.modified_secs.or_else(|| i64::try_from(header.mtime().ok()?).ok());
    let place = place.child(&path, modified_secs);
    if next.is_sparse || header.entry_type() == EntryType::GNUSparse {
        sink.found.issues.push(InputIssue {
            kind: IssueKind::SkippedArchiveEntry,
            entry: place.entry,
            message: "this is a sparse file, which is not read; unpack the archive and open the file itself".to_owned(),
            looks_like: None,
        });
        return Body::Skipped;
    }
    Body::File(Box::new(Layer::new(place)))
}

impl Body {
    fn push(&mut self, sink: &mut Sink<'_>, bytes: &[u8]) {
        match self {
            Self::Skipped => {}
            Self::LongPath(held) | Self::Pax(held) => {
                let room = sink.found.budget.limits().header_bytes.saturating_sub(held.len());
                held.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
            }
            Self::File(layer) => layer.push(sink, bytes),
        }
    }
}

impl Extensions {
    fn read_pax(&mut self, lines: &[u8]) {
        for extension in PaxExtensions::new(lines).flatten() {
            let number = || extension.value().ok().and_then(|value| value.split('.').next()?.parse::<i64>().ok());
            match extension.key_bytes() {
                b"path" | b"GNU.sparse.name" => self.path = Some(extension.value_bytes().to_vec()),
                b"size" => self.size = number().and_then(|size| u64::try_from(size).ok()),
                b"mtime" => self.modified_secs = number(),
                key => self.is_sparse |= key.starts_with(b"GNU.sparse."),
            }
        }
    }
}
