//! A zip archive's local headers: what stands before each entry's bytes (APPNOTE 4.3.7).

use super::spool::Spool;

const MAGIC: [u8; 4] = *b"PK\x03\x04";
/// An archive that could have been split starts with this (APPNOTE 8.5.4); an entry's sizes may follow it too (4.3.9).
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const HEADER_BYTES: u64 = 30;
/// The sizes stand in an extra field (4.5.3).
const ZIP64: u32 = u32::MAX;

/// A local header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Local {
    pub(super) path: String,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) is_encrypted: bool,
    /// Size and checksum follow the bytes, because the writer could not go back.
    pub(super) has_descriptor: bool,
    pub(super) n_compressed: u64,
    /// Where the entry's bytes start.
    pub(super) data_at: u64,
}

impl Local {
    pub(super) fn read(spool: &Spool, at: u64) -> Option<Self> {
        let header: [u8; HEADER_BYTES as usize] = spool.array(at)?;
        if !header.starts_with(&MAGIC) {
            return None;
        }
        let u16_at = |at: usize| header.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes));
        let u32_at = |at: usize| header.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
        let (flags, method, crc) = (u16_at(6)?, u16_at(8)?, u32_at(14)?);
        let (n_compressed, n_uncompressed) = (u32_at(18)?, u32_at(22)?);
        let (n_path, n_extra) = (u64::from(u16_at(26)?), u64::from(u16_at(28)?));
        let path = spool.bytes(at + HEADER_BYTES, n_path);
        let extra = spool.bytes(at + HEADER_BYTES + n_path, n_extra);
        if (path.len() as u64, extra.len() as u64) != (n_path, n_extra) {
            return None;
        }
        let in_extra = if n_compressed == ZIP64 { zip64_size(&extra, n_uncompressed == ZIP64) } else { None };
        Some(Self {
            path: String::from_utf8_lossy(&path).into_owned(),
            method,
            crc,
            is_encrypted: flags & 1 != 0,
            has_descriptor: flags & 8 != 0,
            n_compressed: in_extra.unwrap_or(n_compressed.into()),
            data_at: at + HEADER_BYTES + n_path + n_extra,
        })
    }

    /// Where the first header is.
    pub(super) fn first(spool: &Spool) -> u64 {
        if spool.array(0) == Some(DESCRIPTOR) { DESCRIPTOR.len() as u64 } else { 0 }
    }

    /// Where the next header is, when this entry's bytes end at `end`.
    pub(super) fn next(&self, spool: &Spool, end: u64) -> u64 {
        // With or without magic number, with sizes of four or eight bytes: nothing says which.
        let lengths: &[u64] = if self.has_descriptor { &[16, 12, 24, 20] } else { &[0] };
        let is_header = |at: &u64| spool.array(*at).is_some_and(|magic: [u8; 4]| magic == MAGIC || magic == CENTRAL);
        lengths.iter().map(|length| end + length).find(is_header).unwrap_or(end)
    }
}

/// Extra fields are a number, a length and bytes; those of zip64 are the two sizes, as far as the header lacks them.
fn zip64_size(mut extra: &[u8], has_uncompressed: bool) -> Option<u64> {
    while let [a, b, c, d, rest @ ..] = extra {
        let (number, length) = (u16::from_le_bytes([*a, *b]), u16::from_le_bytes([*c, *d]));
        let (field, next) = rest.split_at_checked(length.into())?;
        if number == 1 {
            let field = if has_uncompressed { field.get(8..)? } else { field };
            return field.first_chunk().map(|size| u64::from_le_bytes(*size));
        }
        extra = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_zip64_sizes() {
        let field = [&[9, 9, 1, 0, 7, 1, 0, 16, 0][..], &5_u64.to_le_bytes(), &7_u64.to_le_bytes()].concat();
        assert_eq!(zip64_size(&field, true), Some(7));
        assert_eq!(zip64_size(&field, false), Some(5));
        assert_eq!(zip64_size(&field[..10], true), None);
        assert_eq!(zip64_size(b"", true), None);
    }

    #[test]
    fn err_what_is_no_header() {
        let mut spool = Spool::default();
        spool.push(b"PK\x03\x04\x14\0\0\0");
        assert_eq!(Local::read(&spool, 0), None);
        assert_eq!(Local::read(&spool, u64::MAX - 3), None);
    }
}
