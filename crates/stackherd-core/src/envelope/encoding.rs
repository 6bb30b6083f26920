//! Bytes to UTF-8 text.
//!
//! PowerShell writes UTF-16 with a byte order mark when it redirects output; editors and copies lose the mark. `runtime.Stack`
//! into a buffer that is too large leaves NULs behind the text.

use alloc::vec::Vec;
use core::mem;

use memchr::memchr;

use crate::note::{Note, NoteKind};

/// Bytes that tell the encoding: all that is surely there when reading starts, however the input is cut.
const SNIFF_BYTES: usize = 64;

/// Decodes text, whatever the cut.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decoder {
    encoding: Encoding,
    /// Bytes of a byte order mark still to be skipped.
    mark: &'static [u8],
    /// The first byte of a UTF-16 unit.
    odd: Option<u8>,
    /// The first half of a surrogate pair.
    high: Option<u16>,
    /// Decoded text of one chunk; reused.
    text: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Encoding {
    #[default]
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Decoder {
    /// The decoder for an input that starts with `head`.
    pub(crate) fn of(head: &[u8]) -> Self {
        let head = head.get(..SNIFF_BYTES).unwrap_or(head);
        let (encoding, mark): (_, &'static [u8]) = match head {
            [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, b"\xef\xbb\xbf"),
            [0xff, 0xfe, ..] => (Encoding::Utf16Le, b"\xff\xfe"),
            [0xfe, 0xff, ..] => (Encoding::Utf16Be, b"\xfe\xff"),
            _ => (without_mark(head), b""),
        };
        Self { encoding, mark, ..Self::default() }
    }

    /// Takes the next bytes and hands out text.
    #[inline]
    pub(crate) fn push(&mut self, chunk: &[u8], sink: &mut impl FnMut(&[u8])) {
        let mut rest = chunk;
        while let ([expected, mark @ ..], [first, tail @ ..]) = (self.mark, rest)
            && expected == first
        {
            self.mark = mark;
            rest = tail;
        }
        if self.encoding == Encoding::Utf8 {
            without_nul(rest, sink);
        } else {
            self.decode(rest);
            sink(&self.text);
        }
    }

    /// Hands out what was held back.
    pub(crate) fn finish(&mut self, sink: &mut impl FnMut(&[u8])) {
        if self.high.take().is_some() | self.odd.take().is_some() {
            sink("\u{fffd}".as_bytes());
        }
    }

    /// What was decoded.
    pub(crate) fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.encoding != Encoding::Utf8 {
            notes.push(Note { kind: NoteKind::Utf16, line_number: 1, count: 1 });
        }
        notes
    }

    #[inline(never)]
    fn decode(&mut self, bytes: &[u8]) {
        self.text.clear();
        let mut rest = bytes;
        if let (Some(first), [second, tail @ ..]) = (self.odd, rest) {
            self.odd = None;
            self.unit([first, *second]);
            rest = tail;
        }
        let mut pairs = rest.chunks_exact(2);
        for pair in &mut pairs {
            if let &[first, second] = pair {
                self.unit([first, second]);
            }
        }
        if let [last] = pairs.remainder() {
            self.odd = Some(*last);
        }
    }

    #[inline]
    fn unit(&mut self, pair: [u8; 2]) {
        let unit = if self.encoding == Encoding::Utf16Be { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
        if let (None, 1..0x80) = (self.high, unit) {
            self.text.push(unit as u8);
            return;
        }
        let pending = mem::take(&mut self.high);
        match (pending, unit) {
            (_, 0xd800..0xdc00) => {
                if pending.is_some() {
                    self.character('\u{fffd}');
                }
                self.high = Some(unit);
            }
            (Some(high), 0xdc00..0xe000) => {
                let code = 0x1_0000 + ((u32::from(high) - 0xd800) << 10) + (u32::from(unit) - 0xdc00);
                self.character(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            _ => {
                if pending.is_some() {
                    self.character('\u{fffd}');
                }
                if unit != 0 {
                    self.character(char::from_u32(u32::from(unit)).unwrap_or('\u{fffd}'));
                }
            }
        }
    }

    fn character(&mut self, character: char) {
        self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Dumps are ASCII nearly everywhere, so in UTF-16 every other byte is NUL.
fn without_mark(head: &[u8]) -> Encoding {
    let n_pairs = head.len() / 2;
    let zeros = |at: usize| head.iter().skip(at).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let is_most = |n: usize| n_pairs > 1 && n * 4 >= n_pairs * 3;
    match (is_most(even), is_most(odd)) {
        (false, true) if even == 0 => Encoding::Utf16Le,
        (true, false) if odd == 0 => Encoding::Utf16Be,
        _ => Encoding::Utf8,
    }
}

#[inline]
fn without_nul(chunk: &[u8], sink: &mut impl FnMut(&[u8])) {
    let mut rest = chunk;
    while let Some(at) = memchr(0, rest) {
        let (text, tail) = rest.split_at(at);
        if !text.is_empty() {
            sink(text);
        }
        let n_zeros = tail.iter().position(|&byte| byte != 0).unwrap_or(tail.len());
        rest = tail.get(n_zeros..).unwrap_or_default();
    }
    if !rest.is_empty() {
        sink(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    fn decode(chunks: &[&[u8]]) -> String {
        let whole = chunks.concat();
        let mut decoder = Decoder::of(&whole);
        let mut text = Vec::new();
        for chunk in chunks {
            decoder.push(chunk, &mut |bytes| text.extend_from_slice(bytes));
        }
        decoder.finish(&mut |bytes| text.extend_from_slice(bytes));
        String::from_utf8(text).unwrap()
    }

    fn utf16(text: &str, is_big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    const TEXT: &str = "goroutine 1 [running]:\r\nmain.größe·1(0x1) 😀\n";

    #[test]
    fn ok_utf16_with_and_without_mark() {
        for is_big in [false, true] {
            for mark in ["", "\u{feff}"] {
                let bytes = utf16(&[mark, TEXT].concat(), is_big);
                assert_eq!(decode(&[&bytes]), TEXT, "{is_big} {mark:?}");
                assert_eq!(Decoder::of(&bytes).notes().len(), 1);
            }
        }
    }

    #[test]
    fn prop_any_chunking_gives_the_same_text() {
        for bytes in [
            utf16(TEXT, false),
            utf16(&["\u{feff}", TEXT].concat(), true),
            [b"\xef\xbb\xbf\0".as_slice(), TEXT.as_bytes()].concat(),
        ] {
            for at in 0..bytes.len() {
                assert_eq!(decode(&[&bytes[..at], &bytes[at..]]), TEXT, "{at}");
            }
        }
    }

    #[test]
    fn ok_nul_bytes_are_dropped() {
        assert_eq!(decode(&[b"goroutine 1\0\0 [running]:\n\0\0\0\0"]), "goroutine 1 [running]:\n");
        assert!(Decoder::of(b"plain text\0").notes().is_empty());
    }

    #[test]
    fn err_cut_units_and_lone_surrogates() {
        assert_eq!(decode(&[b"\xff\xfea\0b"]), "a\u{fffd}");
        assert_eq!(decode(&[b"\xff\xfe\x00\xd8a\0"]), "\u{fffd}a");
        assert_eq!(decode(&[b"\xff\xfe\x00\xdca\0\x00\xd8"]), "\u{fffd}a\u{fffd}");
    }
}
