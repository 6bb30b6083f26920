//! A dump while its bytes come in.

use std::io::Write;

use flate2::write::MultiGzDecoder;
use stackherd_core::{Issue, IssueKind, Parser, Snapshot, Tables};

/// RFC 1952: the first two bytes of a gzip member.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Takes a dump's bytes, compressed or not.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    parser: Parser,
    input: Input,
    /// Bytes taken in, as they came.
    n_bytes: u64,
}

#[derive(Debug, Default)]
enum Input {
    /// Fewer bytes came than the magic number has.
    #[default]
    Start,
    FirstByte(u8),
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    /// Inflating failed; the rest of the input is not looked at.
    Broken,
}

impl Reading {
    pub(crate) fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    pub(crate) fn parser(&self) -> &Parser {
        &self.parser
    }

    /// Takes the next bytes.
    pub(crate) fn push(&mut self, tables: &mut Tables, chunk: &[u8]) {
        self.n_bytes += chunk.len() as u64;
        match &mut self.input {
            Input::Plain => self.parser.push(tables, chunk),
            Input::Gzip(_) => self.inflate(tables, chunk),
            Input::Broken => {}
            Input::Start | Input::FirstByte(_) => self.sniff(tables, chunk),
        }
    }

    fn sniff(&mut self, tables: &mut Tables, chunk: &[u8]) {
        let mut head: Vec<u8> = match self.input {
            Input::FirstByte(byte) => vec![byte],
            _ => Vec::new(),
        };
        let held = head.len();
        head.extend(chunk.iter().take(GZIP_MAGIC.len() - held));
        if head.len() < GZIP_MAGIC.len() {
            if let [byte] = head.as_slice() {
                self.input = Input::FirstByte(*byte);
            }
            return;
        }
        let held = head.get(..held).unwrap_or_default();
        if head == GZIP_MAGIC {
            self.input = Input::Gzip(Box::new(MultiGzDecoder::new(Vec::new())));
            self.inflate(tables, held);
            self.inflate(tables, chunk);
        } else {
            self.input = Input::Plain;
            self.parser.push(tables, held);
            self.parser.push(tables, chunk);
        }
    }

    /// Inflates piece by piece, so that a small chunk with a huge content is never held whole.
    fn inflate(&mut self, tables: &mut Tables, chunk: &[u8]) {
        let Input::Gzip(decoder) = &mut self.input else { return };
        let mut rest = chunk;
        while !rest.is_empty() {
            match decoder.write(rest) {
                Ok(0) => break,
                Ok(n) => rest = rest.get(n..).unwrap_or_default(),
                Err(_) => {
                    self.parser.push(tables, decoder.get_ref());
                    self.input = Input::Broken;
                    return;
                }
            }
            self.parser.push(tables, decoder.get_ref());
            decoder.get_mut().clear();
        }
    }

    /// Ends the input.
    pub(crate) fn finish(mut self, tables: &mut Tables) -> Result<Snapshot, stackherd_core::Error> {
        let mut is_broken = matches!(self.input, Input::Broken);
        match &mut self.input {
            Input::FirstByte(byte) => self.parser.push(tables, &[*byte]),
            Input::Gzip(decoder) => {
                is_broken = decoder.try_finish().is_err();
                self.parser.push(tables, decoder.get_ref());
            }
            Input::Start | Input::Plain | Input::Broken => {}
        }
        let offset_bytes = self.parser.n_bytes();
        let is_nothing = offset_bytes == 0 && is_broken;
        let mut snapshot = self
            .parser
            .finish(tables)
            .map_err(|error| if is_nothing { stackherd_core::Error::InvalidCompression } else { error })?;
        if is_broken {
            snapshot.add_issue(Issue::new(IssueKind::InvalidCompression { offset_bytes }, snapshot.n_lines(), b""));
        }
        Ok(snapshot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use stackherd_core::{Error, InputKind};

    const DUMP: &[u8] = b"goroutine 1 [select]:\nmain.main()\n\t/src/main.go:7 +0x3\n";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Goroutines and the issues' kinds.
    fn read(chunks: &[&[u8]]) -> Result<(usize, Vec<IssueKind>), Error> {
        let (mut tables, mut reading) = (Tables::default(), Reading::default());
        for chunk in chunks {
            reading.push(&mut tables, chunk);
        }
        assert_eq!(reading.n_bytes(), chunks.iter().map(|chunk| chunk.len() as u64).sum::<u64>());
        let snapshot = reading.finish(&mut tables)?;
        Ok((snapshot.n_goroutines(), snapshot.issues().iter().map(|issue| issue.kind).collect()))
    }

    #[test]
    fn ok_plain_and_gzip_in_any_pieces() {
        for bytes in [DUMP.to_vec(), gzip(DUMP), [gzip(&DUMP[..30]), gzip(&DUMP[30..])].concat()] {
            for size in [1, 2, 3, 1000] {
                let chunks: Vec<_> = std::iter::once(&b""[..]).chain(bytes.chunks(size)).collect();
                assert_eq!(read(&chunks), Ok((1, vec![])), "{size}");
            }
        }
    }

    #[test]
    fn err_damaged_gzip_keeps_what_was_inflated() {
        let compressed = gzip(&DUMP.repeat(500));
        let (n, issues) = read(&[&compressed[..compressed.len() - 20]]).unwrap();
        assert!(n > 0 && n <= 500, "{n}");
        assert!(matches!(issues.last(), Some(IssueKind::InvalidCompression { .. })), "{issues:?}");
    }

    #[test]
    fn err_gzip_of_nothing_readable() {
        assert_eq!(read(&[b"\x1f\x8b\x08\0junk"]), Err(Error::InvalidCompression));
        assert_eq!(read(&[&gzip(b"")]), Err(Error::NoGoroutines(InputKind::Empty)));
        assert_eq!(read(&[&gzip(b"hello\n")]), Err(Error::NoGoroutines(InputKind::Text)));
        assert_eq!(read(&[]), Err(Error::NoGoroutines(InputKind::Empty)));
        assert_eq!(read(&[b"\x1f"]), Err(Error::NoGoroutines(InputKind::Binary)));
    }
}
