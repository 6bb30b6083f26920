//! Bytes kept in memory, since a zip archive's list of entries comes last.

use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of one piece: large enough to be few, small enough that growing copies nothing.
const PIECE_BYTES: usize = 1 << 20;

/// Bytes in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Spool {
    /// All but the last are full.
    pieces: Vec<Vec<u8>>,
    len: u64,
}

impl Spool {
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        self.len += bytes.len() as u64;
        while !bytes.is_empty() {
            let room = self.pieces.last().map_or(0, |piece| PIECE_BYTES - piece.len());
            let (taken, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            match self.pieces.last_mut().filter(|_| room > 0) {
                Some(piece) => piece.extend_from_slice(taken),
                None => self.pieces.push(Vec::new()),
            }
            bytes = rest;
        }
    }

    /// The bytes from `at` on, at most `n`, as far as they lie in one piece; empty at the end.
    pub(super) fn piece(&self, at: u64, n: u64) -> &[u8] {
        let size = PIECE_BYTES as u64;
        let Some(piece) = usize::try_from(at / size).ok().and_then(|index| self.pieces.get(index)) else { return &[] };
        let rest = piece.get((at % size) as usize..).unwrap_or_default();
        rest.get(..usize::try_from(n).unwrap_or(usize::MAX)).unwrap_or(rest)
    }

    /// `N` bytes from `at` on.
    pub(super) fn array<const N: usize>(&self, at: u64) -> Option<[u8; N]> {
        let mut array = [0; N];
        SpoolReader { spool: self, at }.read_exact(&mut array).ok()?;
        Some(array)
    }

    /// `n` bytes from `at` on, or as many as there are.
    pub(super) fn bytes(&self, at: u64, n: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Reading memory can't fail.
        let _ = SpoolReader { spool: self, at }.take(n).read_to_end(&mut bytes);
        bytes
    }

    pub(super) fn reader(&self) -> SpoolReader<'_> {
        SpoolReader { spool: self, at: 0 }
    }
}

/// Reads a spool like a file.
#[derive(Clone, Debug)]
pub(super) struct SpoolReader<'a> {
    spool: &'a Spool,
    at: u64,
}

impl Read for SpoolReader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.spool.piece(self.at, into.len() as u64);
        if let Some(into) = into.get_mut(..bytes.len()) {
            into.copy_from_slice(bytes);
        }
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }
}

impl Seek for SpoolReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.spool.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_reads_what_was_pushed() {
        let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| (n / 7) as u8).collect();
        for size in [1000, 1 << 20, bytes.len()] {
            let mut spool = Spool::default();
            bytes.chunks(size).for_each(|chunk| spool.push(chunk));
            assert_eq!(spool.len(), bytes.len() as u64);
            assert_eq!(spool.bytes(0, u64::MAX), bytes);
            assert_eq!(spool.bytes(1_048_570, 20), bytes[1_048_570..1_048_590]);
            assert_eq!(spool.array::<4>(2_999_996).unwrap(), bytes[2_999_996..]);
            assert_eq!(spool.array::<4>(2_999_997), None);
            let mut reader = spool.reader();
            reader.seek(SeekFrom::End(-10)).unwrap();
            let mut tail = Vec::new();
            reader.read_to_end(&mut tail).unwrap();
            assert_eq!(tail, bytes[bytes.len() - 10..]);
            assert!(reader.seek(SeekFrom::Current(-4_000_000)).is_err());
        }
    }
}
