//! Where a line ends.

use alloc::vec::Vec;

use memchr::memchr;

/// Longest line that is kept whole, in bytes. Go prints no stack line near this; what is longer is panic text or not a
/// dump, and its rest is dropped so that memory stays bounded.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// Longest line that is kept of a record: a log line that holds a whole dump as one string. `debug=2` stops at 64 MiB.
pub const MAX_RECORD_BYTES: usize = 128 << 20;

/// One line of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The text without its line end, `\n` or `\r\n`. Cut at [`MAX_LINE_BYTES`].
    pub bytes: &'a [u8],
    /// From 1.
    pub number: u64,
    /// Where the line starts in the input.
    pub offset_bytes: u64,
    /// Length of the line in the input without its line end, whatever was peeled off `bytes`.
    pub len_bytes: u64,
    /// A line feed follows; only the last line of an input may lack it.
    pub is_terminated: bool,
}

impl Line<'_> {
    /// Where the line ends in the input, without its line end.
    #[inline]
    #[must_use]
    pub fn end_bytes(&self) -> u64 {
        self.offset_bytes + self.len_bytes
    }
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

    /// Whether a line that starts with these [`MAX_LINE_BYTES`] may hold a whole dump, so that up to [`MAX_RECORD_BYTES`] of it
    /// are kept.
    fn is_record(&self, _start: &[u8]) -> bool {
        false
    }
}

/// Cuts chunks into lines; any chunking gives the same lines.
#[derive(Clone, Debug, Default)]
pub struct LineScanner {
    /// The start of a line whose end has not come yet.
    carry: Vec<u8>,
    /// Bytes of that line, dropped ones included.
    carried_bytes: u64,
    /// What the reader says of that line, once it is too long for an ordinary one.
    is_record: Option<bool>,
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
                self.carry(rest, reader);
                return;
            };
            let (head, tail) = rest.split_at(end);
            self.carry(head, reader);
            rest = tail.get(1..).unwrap_or_default();
            self.hand_out_carried(true, reader);
            rest = self.skip_taken(rest, reader);
        }
        while let Some(end) = memchr(b'\n', rest) {
            let (line, tail) = rest.split_at(end);
            self.n_lines += 1;
            let line = cut(line, reader);
            let bytes = without_carriage_return(line);
            reader.line(Line {
                bytes,
                number: self.n_lines,
                offset_bytes: self.offset_bytes,
                len_bytes: bytes.len() as u64,
                is_terminated: true,
            });
            self.offset_bytes += end as u64 + 1;
            rest = self.skip_taken(tail.get(1..).unwrap_or_default(), reader);
        }
        self.carry(rest, reader);
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

    fn carry(&mut self, bytes: &[u8], reader: &impl LineReader) {
        let room = MAX_LINE_BYTES.saturating_sub(self.carry.len());
        let (kept, rest) = bytes.split_at(room.min(bytes.len()));
        self.carry.extend_from_slice(kept);
        self.carried_bytes += bytes.len() as u64;
        if !rest.is_empty() && *self.is_record.get_or_insert_with(|| reader.is_record(&self.carry)) {
            let room = MAX_RECORD_BYTES.saturating_sub(self.carry.len());
            self.carry.extend_from_slice(rest.get(..room).unwrap_or(rest));
        }
    }

    fn hand_out_carried(&mut self, is_terminated: bool, reader: &mut impl LineReader) {
        self.n_lines += 1;
        let bytes = without_carriage_return(&self.carry);
        reader.line(Line {
            bytes,
            number: self.n_lines,
            offset_bytes: self.offset_bytes,
            len_bytes: bytes.len() as u64,
            is_terminated,
        });
        self.offset_bytes += self.carried_bytes + u64::from(is_terminated);
        self.carry.clear();
        if self.is_record.take().is_some() {
            self.carry.shrink_to(MAX_LINE_BYTES);
        }
        self.carried_bytes = 0;
    }
}

#[inline]
fn cut<'a>(line: &'a [u8], reader: &impl LineReader) -> &'a [u8] {
    match line.get(..MAX_LINE_BYTES) {
        Some(start) if line.len() > MAX_LINE_BYTES => {
            if reader.is_record(start) {
                line.get(..MAX_RECORD_BYTES).unwrap_or(line)
            } else {
                start
            }
        }
        _ => line,
    }
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
