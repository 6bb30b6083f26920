//! A zip archive: kept until it is whole, because the list of its entries comes last.
//!
//! The `zip` crate reads that list. An archive that ends early has none; its entries are then found by the headers before them.
//! Either way their bytes go through the same decoders as files of their own.

mod local;
mod spool;

use flate2::Crc;
use stackherd_report::IssueKind;
use zip::CompressionMethod;
use zip::read::{Config, ZipFileEntry};
use zip::unstable::read::ZipIterable;

use super::codec::{Inflater, Kind};
use super::limits::Limit;
use super::{End, Layer, Place, Sink, entry};
use local::Local;
use spool::Spool;

#[derive(Debug, Default)]
pub(super) struct Zip {
    spool: Spool,
    /// Too much came to be kept.
    limit: Option<Limit>,
}

/// An entry, from whichever list.
#[derive(Debug)]
struct Entry {
    path: String,
    is_encrypted: bool,
    method: u16,
    crc: u32,
    data_at: u64,
    /// `None`: as far as the compressed data says.
    n_compressed: Option<u64>,
}

impl Zip {
    pub(super) fn push(&mut self, sink: &mut Sink<'_>, bytes: &[u8]) {
        if self.limit.is_some() {
            return;
        }
        match sink.found.budget.take_spool(bytes.len()) {
            Ok(()) => self.spool.push(bytes),
            Err(limit) => {
                self.limit = Some(limit);
                sink.found.budget.give_spool(self.spool.len());
                self.spool = Spool::default();
            }
        }
    }

    pub(super) fn finish(self, sink: &mut Sink<'_>, place: &Place, end: End) {
        if let Some(limit) = self.limit {
            return sink.issue(place.entry.clone(), IssueKind::TooLarge, limit.to_string());
        }
        if sink.is_stopped() {
            return;
        }
        let listed =
            if end == End::Complete { ZipIterable::try_new(self.spool.reader(), Config::default()).ok() } else { None };
        match listed {
            Some(mut list) => self.read_listed(sink, place, &mut list),
            None => self.read_unlisted(sink, place, end.or_damaged()),
        }
        sink.found.budget.give_spool(self.spool.len());
    }

    /// Reads the entries of the list, in its order.
    fn read_listed(&self, sink: &mut Sink<'_>, place: &Place, list: &mut ZipIterable<spool::SpoolReader<'_>>) {
        let Ok(files) = list.files() else { return damaged(sink, place) };
        for listed in files {
            let Ok(listed) = listed else { return damaged(sink, place) };
            if listed.is_dir() || listed.is_symlink() {
                continue;
            }
            let path = path(&listed);
            let local = Local::read(&self.spool, listed.header_start());
            let entry = Entry {
                path,
                is_encrypted: listed.encrypted(),
                method: method(&listed),
                crc: listed.crc32(),
                // Without its own header the entry is damaged, and has no bytes.
                data_at: local.map_or(u64::MAX, |local| local.data_at),
                n_compressed: Some(listed.compressed_size()),
            };
            if self.read_entry(sink, place, entry, End::Damaged).is_none() {
                return;
            }
        }
    }

    /// Reads entries one after the other as long as there are headers.
    fn read_unlisted(&self, sink: &mut Sink<'_>, place: &Place, end: End) {
        let mut at = Local::first(&self.spool);
        while let Some(local) = Local::read(&self.spool, at) {
            let is_folder = local.path.ends_with('/');
            let n_compressed = (!local.has_descriptor || local.n_compressed > 0).then_some(local.n_compressed);
            let entry = Entry {
                path: local.path.clone(),
                is_encrypted: local.is_encrypted,
                method: local.method,
                crc: local.crc,
                data_at: local.data_at,
                n_compressed,
            };
            let data_end = if is_folder {
                Some(local.data_at.saturating_add(local.n_compressed))
            } else {
                self.read_entry(sink, place, entry, end)
            };
            let Some(data_end) = data_end else { break };
            at = local.next(&self.spool, data_end);
        }
        if end == End::Damaged {
            damaged(sink, place);
        }
    }

    /// Reads an entry and returns where its bytes end, unless there is no going on. `end` is how it ends when bytes are missing.
    fn read_entry(&self, sink: &mut Sink<'_>, place: &Place, entry: Entry, end: End) -> Option<u64> {
        let data_end = entry.n_compressed.map(|n| entry.data_at.saturating_add(n));
        let is_ignored = entry::is_ignored(&entry.path);
        if is_ignored && data_end.is_some() {
            return data_end;
        }
        if !sink.found.budget.take_entry(place.entry.as_deref()) {
            return None;
        }
        let place = place.child(&entry.path, None);
        if entry.is_encrypted {
            let message = "this entry is encrypted; unpack it with its password and open the file itself";
            sink.issue(place.entry, IssueKind::EncryptedArchive, message.to_owned());
            return data_end;
        }
        let kind = match (entry.method, data_end) {
            (0, Some(_)) => None,
            (0, None) => {
                let message = "the archive ends early, and this entry's length stood at its end; fetch the file again";
                sink.issue(place.entry, IssueKind::InvalidCompression, message.to_owned());
                return None;
            }
            (8, _) => Some(Kind::Deflate),
            (12, _) => Some(Kind::Bzip2),
            (93, _) => Some(Kind::Zstd),
            (95, _) => Some(Kind::Xz),
            (method, _) => {
                let name = CompressionMethod::name_from_u16(method);
                let message =
                    format!("this entry is compressed by {name}, which is not read; unpack it and open the file itself");
                sink.issue(place.entry, IssueKind::SkippedArchiveEntry, message);
                return data_end;
            }
        };
        let layer = if is_ignored { Layer::ignored() } else { Layer::new(place) };
        let at = match kind {
            None => self.read_stored(sink, layer, &entry, end),
            Some(kind) => self.read_compressed(sink, layer, &entry, kind, end),
        };
        if sink.is_stopped() { None } else { data_end.or(at) }
    }

    fn read_stored(&self, sink: &mut Sink<'_>, mut layer: Layer, entry: &Entry, end: End) -> Option<u64> {
        let n = entry.n_compressed.unwrap_or_default();
        let (mut n_read, mut crc) = (0, Crc::new());
        while n_read < n && !sink.is_stopped() {
            let piece = self.spool.piece(entry.data_at.saturating_add(n_read), n - n_read);
            if piece.is_empty() {
                break;
            }
            n_read += piece.len() as u64;
            crc.update(piece);
            layer.push(sink, piece);
        }
        let is_whole = n_read == n && crc.sum() == entry.crc;
        let end = if n_read < n { end } else { End::Damaged };
        layer.finish(sink, if is_whole { End::Complete } else { end });
        None
    }

    /// Returns where the compressed data ends, if it says so.
    fn read_compressed(&self, sink: &mut Sink<'_>, mut layer: Layer, entry: &Entry, kind: Kind, end: End) -> Option<u64> {
        let mut inflater = Inflater::single(kind, sink.found.budget.limits().window_bytes);
        let n = entry.n_compressed.unwrap_or(u64::MAX);
        let (mut n_read, mut crc, mut fault) = (0, Crc::new(), None);
        let mut each = |out: &[u8]| {
            crc.update(out);
            layer.inflated(sink, out)
        };
        while n_read < n && fault.is_none() && !inflater.is_done() {
            let piece = self.spool.piece(entry.data_at.saturating_add(n_read), n - n_read);
            if piece.is_empty() {
                break;
            }
            match inflater.push(piece, &mut each) {
                // Nothing is taken once a limit is reached.
                Ok(0) => break,
                Ok(n_taken) => n_read += n_taken as u64,
                Err(found) => fault = Some(found),
            }
        }
        let is_at_end = inflater.is_done();
        fault = fault.or(inflater.finish(&mut each).err());
        let limits = *sink.found.budget.limits();
        let end = match fault {
            Some(fault) if n_read == n || fault != super::codec::Fault::Damaged => End::of(fault, &limits),
            Some(_) => end,
            // A size in front of the data comes with its checksum.
            None if crc.sum() == entry.crc || entry.n_compressed.is_none() => End::Complete,
            None => End::Damaged,
        };
        layer.finish(sink, end);
        is_at_end.then(|| entry.data_at.saturating_add(n_read))
    }
}

/// Names are UTF-8 in practice, whatever the archive says of them; some are in the code page of the first PCs.
fn path(listed: &ZipFileEntry<'_>) -> String {
    match std::str::from_utf8(listed.name_raw()) {
        Ok(path) => path.to_owned(),
        Err(_) => listed.name().map_or_else(|_| String::from_utf8_lossy(listed.name_raw()).into_owned(), Into::into),
    }
}

#[allow(deprecated, reason = "the only way to the number, and numbers are what the format defines")]
fn method(listed: &ZipFileEntry<'_>) -> u16 {
    listed.compression().to_u16()
}

fn damaged(sink: &mut Sink<'_>, place: &Place) {
    let message = "the zip archive ends early or is damaged, and what follows could not be read; fetch the file again";
    sink.issue(place.entry.clone(), IssueKind::InvalidCompression, message.to_owned());
}
