//! What a file is, told from its first bytes and never from its name.

use super::codec::Kind;
use super::tar;

/// Bytes that tell every kind: a tar header.
pub(super) const SNIFF_BYTES: usize = tar::BLOCK_BYTES;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sniffed {
    /// Anything that is not packed.
    Dump,
    Compressed(Kind),
    Tar,
    Zip,
}

const MAGIC: &[(&[u8], Sniffed)] = &[
    (b"\x1f\x8b", Sniffed::Compressed(Kind::Gzip)),
    (b"\x28\xb5\x2f\xfd", Sniffed::Compressed(Kind::Zstd)),
    (b"\xfd7zXZ\0", Sniffed::Compressed(Kind::Xz)),
    (b"PK\x03\x04", Sniffed::Zip),
    // An archive without entries, and one that could have been split.
    (b"PK\x05\x06", Sniffed::Zip),
    (b"PK\x07\x08PK\x03\x04", Sniffed::Zip),
];

/// A bzip2 stream starts with `BZh`, a digit, and the number of a block or of the end of a stream without blocks.
const BZIP2: [&[u8; 10]; 2] = [b"BZh_\x31\x41\x59\x26\x53\x59", b"BZh_\x17\x72\x45\x38\x50\x90"];

/// Tells what starts with `head`; `None` while more bytes could change the answer. `is_whole` says that no more will come.
pub(super) fn sniff(head: &[u8], is_whole: bool) -> Option<Sniffed> {
    for &(magic, kind) in MAGIC {
        if head.starts_with(magic) {
            return Some(kind);
        }
    }
    if is_zstd_skippable(head) {
        return Some(Sniffed::Compressed(Kind::Zstd));
    }
    if starts_bzip2(head) && head.len() >= BZIP2[0].len() {
        return Some(Sniffed::Compressed(Kind::Bzip2));
    }
    if let Some(block) = head.first_chunk() {
        return Some(if tar::is_header(block) { Sniffed::Tar } else { Sniffed::Dump });
    }
    let is_open = !is_whole && (head.is_empty() || may_become_magic(head) || may_become_tar(head));
    if is_open { None } else { Some(Sniffed::Dump) }
}

fn may_become_magic(head: &[u8]) -> bool {
    MAGIC.iter().any(|(magic, _)| magic.starts_with(head)) || starts_bzip2(head)
}

/// The name comes first in a tar header, so a line break in it means text. Go's own dumps have one in their first 100 bytes.
fn may_become_tar(head: &[u8]) -> bool {
    head.iter().take(tar::NAME_BYTES).all(|&byte| byte == 0 || byte >= b' ')
}

/// RFC 8878, 3.1.2: a frame that carries no content may come first.
fn is_zstd_skippable(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// Whether `head` agrees with the start of a bzip2 stream as far as both go.
fn starts_bzip2(head: &[u8]) -> bool {
    let agrees = |&(&wanted, &byte): &(&u8, &u8)| wanted == byte || wanted == b'_' && matches!(byte, b'1'..=b'9');
    BZIP2.iter().any(|start| start.iter().zip(head).all(|pair| agrees(&pair)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_kinds() {
        let cases: &[(&[u8], Option<Sniffed>)] = &[
            (b"", None),
            (b"\x1f", None),
            (b"\x1f\x8b", Some(Sniffed::Compressed(Kind::Gzip))),
            (b"\x28\xb5\x2f", None),
            (b"\x28\xb5\x2f\xfd", Some(Sniffed::Compressed(Kind::Zstd))),
            (b"\x5a\x2a\x4d\x18", Some(Sniffed::Compressed(Kind::Zstd))),
            (b"\xfd7zXZ\0", Some(Sniffed::Compressed(Kind::Xz))),
            (b"BZh91AY&S", None),
            (b"BZh91AY&SY", Some(Sniffed::Compressed(Kind::Bzip2))),
            (b"BZh9\n", Some(Sniffed::Dump)),
            (b"PK\x03\x04", Some(Sniffed::Zip)),
            (b"PK\x01\x02", Some(Sniffed::Dump)),
            (b"goroutine 1 [running]:\n", Some(Sniffed::Dump)),
            (b"goroutine 1", None),
        ];
        for (head, expected) in cases {
            assert_eq!(sniff(head, false), *expected, "{}", head.escape_ascii());
        }
        assert_eq!(sniff(b"goroutine 1", true), Some(Sniffed::Dump));
        assert_eq!(sniff(b"\x1f", true), Some(Sniffed::Dump));
        assert_eq!(sniff(&[b'a'; SNIFF_BYTES], false), Some(Sniffed::Dump));
    }
}
