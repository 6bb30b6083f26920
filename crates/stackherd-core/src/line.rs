//! Where a line ends.

use alloc::vec::Vec;

use memchr::memchr;

/// Longest line that is kept whole, in bytes. Go prints no stack line near this; what is longer is panic text or not a
/// dump, and its rest is dropped so that memory stays bounded.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// One line of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The text without its line end, `\n` or `\r\n`. Cut at [`MAX_LINE_BYTES`].
    pub bytes: &'a [u8],
    /// From 1.
    pub number: u64,
    /// Where the line starts in the input.
    pub offset_bytes: u64,
    /// A line feed follows; only the last line of an input may lack it.
    pub is_terminated: bool,
}

/// Lines that a reader took on its own, ahead of the scanner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Their bytes, line ends included.
    pub n_bytes: usize,
    /// How many they are.
    pub n_lines: u64,
}

/// What takes the lines of a [`LineScanner`].
pub trait LineReader {
    /// Takes one line.
    fn line(&mut self, line: Line<'_>);

    /// Looks at the bytes behind the last line, the first of which is at `offset_bytes`, and may take whole lines of them
    /// itself. Taking none is always right: the same bytes then come through [`LineReader::line`].
    fn ahead(&mut self, rest: &[u8], offset_bytes: u64) -> Taken;
}

/// Cuts chunks into lines; any chunking gives the same lines.
#[derive(Clone, Debug, Default)]
pub struct LineScanner {
    /// The start of a line whose end has not come yet.
    carry: Vec<u8>,
    /// Bytes of that line, dropped ones included.
    carried_bytes: u64,
    n_lines: u64,
    offset_bytes: u64,
}

impl LineScanner {
    /// Lines handed out so far.
    #[must_use]
    pub fn n_lines(&self) -> u64 {
        self.n_lines
    }

    /// Bytes taken in so far.
    #[must_use]
    pub fn n_bytes(&self) -> u64 {
        self.offset_bytes + self.carried_bytes
    }

    /// Takes the next bytes and hands out every line that ends in them. `O(chunk)`.
    #[inline]
    pub fn push(&mut self, chunk: &[u8], reader: &mut impl LineReader) {
        let mut rest = chunk;
        if self.carried_bytes > 0 {
            let Some(end) = memchr(b'\n', rest) else {
                self.carry(rest);
                return;
            };
            let (head, tail) = rest.split_at(end);
            self.carry(head);
            rest = tail.get(1..).unwrap_or_default();
            self.hand_out_carried(true, reader);
            rest = self.skip_taken(rest, reader);
        }
        while let Some(end) = memchr(b'\n', rest) {
            let (line, tail) = rest.split_at(end);
            self.n_lines += 1;
            reader.line(Line {
                bytes: without_carriage_return(cut(line)),
                number: self.n_lines,
                offset_bytes: self.offset_bytes,
                is_terminated: true,
            });
            self.offset_bytes += end as u64 + 1;
            rest = self.skip_taken(tail.get(1..).unwrap_or_default(), reader);
        }
        self.carry(rest);
    }

    #[inline]
    fn skip_taken<'a>(&mut self, rest: &'a [u8], reader: &mut impl LineReader) -> &'a [u8] {
        let taken = reader.ahead(rest, self.offset_bytes);
        self.n_lines += taken.n_lines;
        self.offset_bytes += taken.n_bytes as u64;
        rest.get(taken.n_bytes..).unwrap_or_default()
    }

    /// Hands out the last line if it has no line feed.
    pub fn finish(&mut self, reader: &mut impl LineReader) {
        if self.carried_bytes > 0 {
            self.hand_out_carried(false, reader);
        }
    }

    fn carry(&mut self, bytes: &[u8]) {
        let room = MAX_LINE_BYTES.saturating_sub(self.carry.len());
        self.carry.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        self.carried_bytes += bytes.len() as u64;
    }

    fn hand_out_carried(&mut self, is_terminated: bool, reader: &mut impl LineReader) {
        self.n_lines += 1;
        reader.line(Line {
            bytes: without_carriage_return(&self.carry),
            number: self.n_lines,
            offset_bytes: self.offset_bytes,
            is_terminated,
        });
        self.offset_bytes += self.carried_bytes + u64::from(is_terminated);
        self.carry.clear();
        self.carried_bytes = 0;
    }
}

fn cut(line: &[u8]) -> &[u8] {
    line.get(..MAX_LINE_BYTES).unwrap_or(line)
}

fn without_carriage_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec;

    /// Writes down what it is handed.
    #[derive(Default)]
    struct Notes(Vec<String>);

    impl LineReader for Notes {
        fn line(&mut self, line: Line<'_>) {
            let text = String::from_utf8_lossy(line.bytes);
            let end = if line.is_terminated { "" } else { " open" };
            self.0.push(format!("{}@{} {text:?}{end}", line.number, line.offset_bytes));
        }

        fn ahead(&mut self, _: &[u8], _: u64) -> Taken {
            Taken::default()
        }
    }

    fn lines(chunks: &[&[u8]]) -> Vec<String> {
        let (mut scanner, mut notes) = (LineScanner::default(), Notes::default());
        for chunk in chunks {
            scanner.push(chunk, &mut notes);
        }
        scanner.finish(&mut notes);
        notes.0
    }

    #[test]
    fn ok_lines_with_and_without_end() {
        assert_eq!(lines(&[b"a\r\n\nbc"]), ["1@0 \"a\"", "2@3 \"\"", "3@4 \"bc\" open"]);
        assert!(lines(&[b""]).is_empty());
    }

    #[test]
    fn prop_any_chunking_gives_the_same_lines() {
        let text = b"one\r\ntwo\n\nthree \r\r\nlast";
        let whole = lines(&[text]);
        for first in 0..text.len() {
            for second in first..text.len() {
                assert_eq!(lines(&[&text[..first], &text[first..second], &text[second..]]), whole);
            }
        }
    }

    #[test]
    fn ok_overlong_line_is_cut_the_same_way_in_one_and_in_two_chunks() {
        let mut text = vec![b'x'; MAX_LINE_BYTES + 10];
        text.extend_from_slice(b"\nend\n");
        let whole = lines(&[&text]);
        assert_eq!(whole, lines(&[&text[..MAX_LINE_BYTES + 5], &text[MAX_LINE_BYTES + 5..]]));
        assert_eq!(whole[1], format!("2@{} \"end\"", MAX_LINE_BYTES + 11));
    }
}
