//! Compressed data to bytes, piece by piece: pushed in any cut, handed on in pieces that are never large.
//!
//! Each codec reads one member: a gzip member, a zstd frame, an xz or bzip2 stream. [`Inflater`] joins members, since logs are
//! rotated by appending and parallel compressors write many.

mod bzip2;
mod deflate;
mod gzip;
mod xz;
mod zstd;

use std::ops::ControlFlow;

/// Bytes that a codec hands on at once.
const PIECE_BYTES: usize = 64 * 1024;

/// A way to compress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Gzip,
    /// A zip entry's, without header and checksum.
    Deflate,
    Zstd,
    Xz,
    Bzip2,
}

/// Why data can't be inflated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It ends early or is damaged.
    Damaged,
    /// It is well-formed and uses an option that is not read.
    Unsupported,
    /// It needs more memory to look back than is allowed.
    Window,
}

/// How far a codec came.
#[derive(Debug)]
struct Step {
    /// Bytes of the input it took.
    n_read: usize,
    /// The member ended.
    is_end: bool,
}

#[derive(Debug)]
enum Codec {
    Gzip(gzip::Gzip),
    Deflate(deflate::Deflate),
    Zstd(Box<zstd::Zstd>),
    Xz(Box<xz::Xz>),
    Bzip2(bzip2::Bzip2),
}

impl Codec {
    fn new(kind: Kind, window_bytes: u64) -> Self {
        match kind {
            Kind::Gzip => Self::Gzip(gzip::Gzip::default()),
            Kind::Deflate => Self::Deflate(deflate::Deflate::default()),
            Kind::Zstd => Self::Zstd(Box::new(zstd::Zstd::new(window_bytes))),
            Kind::Xz => Self::Xz(Box::new(xz::Xz::new(window_bytes))),
            Kind::Bzip2 => Self::Bzip2(bzip2::Bzip2::default()),
        }
    }

    /// Makes ready for the next member.
    fn restart(&mut self) {
        match self {
            Self::Gzip(codec) => codec.restart(),
            Self::Deflate(codec) => codec.restart(),
            Self::Zstd(codec) => codec.restart(),
            Self::Xz(codec) => codec.restart(),
            Self::Bzip2(codec) => codec.restart(),
        }
    }

    /// Reads some of `input`, which is not empty, and appends what comes out of it to `out`: not much more than a piece.
    fn step(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Step, Fault> {
        match self {
            Self::Gzip(codec) => codec.step(input, out),
            Self::Deflate(codec) => codec.step(input, out),
            Self::Zstd(codec) => codec.step(input, out),
            Self::Xz(codec) => codec.step(input, out),
            Self::Bzip2(codec) => codec.step(input, out),
        }
    }

    /// Hands out what is left when no more input comes. Fails unless the member is complete.
    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        match self {
            Self::Gzip(codec) => codec.finish(out),
            Self::Zstd(codec) => codec.finish(out),
            Self::Deflate(_) | Self::Xz(_) | Self::Bzip2(_) => Err(Fault::Damaged),
        }
    }
}

/// Takes compressed bytes and hands on what comes out.
#[derive(Debug)]
pub(super) struct Inflater {
    codec: Codec,
    place: Place,
    /// What follows the first member is not looked at.
    is_single: bool,
    out: Vec<u8>,
}

/// Where an [`Inflater`] stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In a member. From: start, `Between`.
    Member,
    /// After a member: more of them may come, or the zeros that fill up a tape. From: `Member`.
    Between,
}

impl Inflater {
    /// Reads members until there are no more.
    pub(super) fn new(kind: Kind, window_bytes: u64) -> Self {
        Self { codec: Codec::new(kind, window_bytes), place: Place::Member, is_single: false, out: Vec::new() }
    }

    /// Reads one member.
    pub(super) fn single(kind: Kind, window_bytes: u64) -> Self {
        Self { is_single: true, ..Self::new(kind, window_bytes) }
    }

    /// Whether a single member is complete.
    pub(super) fn is_done(&self) -> bool {
        self.is_single && self.place == Place::Between
    }

    /// Inflates `input` and hands what comes out to `each`, which may break off. Returns how much of `input` was taken.
    pub(super) fn push(&mut self, input: &[u8], each: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<usize, Fault> {
        let mut rest = input;
        while !rest.is_empty() && !self.is_done() {
            if self.place == Place::Between {
                let n_zeros = rest.iter().take_while(|&&byte| byte == 0).count();
                rest = rest.get(n_zeros..).unwrap_or_default();
                if rest.is_empty() {
                    break;
                }
                self.codec.restart();
                self.place = Place::Member;
            }
            self.out.clear();
            let step = self.codec.step(rest, &mut self.out);
            // What came out before a fault is worth reading.
            if !self.out.is_empty() && each(&self.out).is_break() {
                break;
            }
            let step = step?;
            rest = rest.get(step.n_read..).unwrap_or_default();
            if step.is_end {
                self.place = Place::Between;
            } else if step.n_read == 0 && self.out.is_empty() {
                return Err(Fault::Damaged);
            }
        }
        Ok(input.len() - rest.len())
    }

    /// Says that no more input comes, and hands on what is left.
    pub(super) fn finish(&mut self, each: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), Fault> {
        if self.place == Place::Between {
            return Ok(());
        }
        let mut end = Ok(());
        loop {
            self.out.clear();
            end = end.and(self.codec.finish(&mut self.out));
            if self.out.is_empty() || each(&self.out).is_break() {
                return end;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{dump, gzip};
    use super::*;

    const WINDOW: u64 = 128 << 20;

    fn inflate(kind: Kind, bytes: &[u8], size: usize) -> (Vec<u8>, Result<(), Fault>) {
        let (mut inflater, mut out) = (Inflater::new(kind, WINDOW), Vec::new());
        let mut each = |piece: &[u8]| {
            assert!(piece.len() <= 4 * PIECE_BYTES, "{}", piece.len());
            out.extend_from_slice(piece);
            ControlFlow::Continue(())
        };
        let mut end = Ok(());
        for chunk in bytes.chunks(size) {
            match inflater.push(chunk, &mut each) {
                Ok(n) => assert_eq!(n, chunk.len()),
                Err(fault) => {
                    end = Err(fault);
                    break;
                }
            }
        }
        let end = end.and_then(|()| inflater.finish(&mut each));
        (out, end)
    }

    fn all() -> Vec<(Kind, Vec<u8>)> {
        vec![
            (Kind::Gzip, gzip(dump().as_bytes())),
            (Kind::Zstd, include_bytes!("../fixtures/dump.zst").to_vec()),
            (Kind::Xz, include_bytes!("../fixtures/dump.xz").to_vec()),
            (Kind::Xz, include_bytes!("../fixtures/sha256.xz").to_vec()),
            (Kind::Bzip2, include_bytes!("../fixtures/dump.bz2").to_vec()),
        ]
    }

    #[test]
    fn ok_in_any_cut() {
        for (kind, bytes) in all() {
            for size in [1, 7, bytes.len()] {
                assert_eq!(inflate(kind, &bytes, size), (dump().into_bytes(), Ok(())), "{kind:?} in pieces of {size}");
            }
        }
    }

    #[test]
    fn ok_several_members_and_padding() {
        for (kind, bytes) in all() {
            let twice = [bytes.as_slice(), &[0; 700], &bytes, &[0; 9]].concat();
            for size in [1, 7, twice.len()] {
                assert_eq!(
                    inflate(kind, &twice, size),
                    (dump().repeat(2).into_bytes(), Ok(())),
                    "{kind:?} in pieces of {size}"
                );
            }
        }
    }

    #[test]
    fn err_trailing_garbage_comes_after_what_was_whole() {
        for (kind, bytes) in all() {
            let garbage = [bytes.as_slice(), b"<html>not found</html>"].concat();
            assert_eq!(inflate(kind, &garbage, 7), (dump().into_bytes(), Err(Fault::Damaged)), "{kind:?}");
        }
    }

    #[test]
    fn err_every_cut_gives_a_start_of_the_text() {
        for (kind, bytes) in all() {
            for end in 0..bytes.len() {
                let (out, result) = inflate(kind, &bytes[..end], 64);
                assert_eq!(result, Err(Fault::Damaged), "{kind:?} cut at {end}");
                assert!(dump().as_bytes().starts_with(&out), "{kind:?} cut at {end}");
            }
        }
    }

    #[test]
    fn ok_zstd_frames_of_several_blocks() {
        let text: String =
            (0..400_u32).map(|n| format!("{}\n", char::from(b'a' + (n % 26) as u8).to_string().repeat(1000))).collect();
        let bytes = include_bytes!("../fixtures/blocks.zst");
        for size in [1, 7, bytes.len()] {
            assert_eq!(inflate(Kind::Zstd, bytes, size), (text.clone().into_bytes(), Ok(())));
        }
        // All of this frame is inside its window, which the decoder gives away only at the end.
        let (out, end) = inflate(Kind::Zstd, &bytes[..bytes.len() - 5], 9);
        assert_eq!((end, out.len()), (Err(Fault::Damaged), 393_216));
        assert!(text.as_bytes().starts_with(&out));
        let skipped = [b"\x53\x2a\x4d\x18\x03\0\0\0abc".as_slice(), bytes, b"\x53\x2a\x4d\x18\0\0\0\0"].concat();
        assert_eq!(inflate(Kind::Zstd, &skipped, 5), (text.into_bytes(), Ok(())));
    }

    #[test]
    fn err_every_flipped_byte_is_noticed_or_harmless() {
        for (kind, bytes) in all() {
            for at in 0..bytes.len() {
                let mut bytes = bytes.clone();
                bytes[at] ^= 0x55;
                let (out, result) = inflate(kind, &bytes, 1000);
                assert!(result.is_err() || out == dump().into_bytes(), "{kind:?} flipped at {at}");
            }
        }
    }

    #[test]
    fn ok_breaking_off_stops_at_once() {
        let zeros = gzip(&vec![0; 16 << 20]);
        let (mut inflater, mut n) = (Inflater::new(Kind::Gzip, WINDOW), 0);
        let end = inflater.push(&zeros, &mut |piece| {
            n += piece.len();
            ControlFlow::Break(())
        });
        assert!(end.unwrap() < zeros.len() && n <= 4 * PIECE_BYTES, "{n}");
    }

    #[test]
    fn err_a_window_over_the_limit() {
        let xz = include_bytes!("../fixtures/dump.xz");
        let mut inflater = Inflater::new(Kind::Xz, 1 << 20);
        assert_eq!(inflater.push(xz, &mut |_| ControlFlow::Continue(())), Err(Fault::Window));
        // RFC 8878, 3.1.1.1: no flags, a window of 2 GiB.
        let mut inflater = Inflater::new(Kind::Zstd, WINDOW);
        let zstd = b"\x28\xb5\x2f\xfd\x00\xa8\x01\0\0";
        assert_eq!(inflater.push(zstd, &mut |_| ControlFlow::Continue(())), Err(Fault::Window));
    }
}
