//! A zstd frame: RFC 8878.

use std::io::Read;

use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{Fault, PIECE_BYTES, Step};

const MAGIC: [u8; 4] = 0xfd2f_b528_u32.to_le_bytes();
const BLOCK_HEADER_BYTES: usize = 3;
const CHECKSUM_BYTES: usize = 4;
/// An empty block that says it is the frame's last.
const LAST_BLOCK: [u8; BLOCK_HEADER_BYTES] = [1, 0, 0];

/// The decoder reads whole headers and whole blocks, so bytes are held until one is complete.
pub(super) struct Zstd {
    decoder: FrameDecoder,
    state: State,
    held: Vec<u8>,
}

impl std::fmt::Debug for Zstd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Zstd").field("state", &self.state).field("n_held", &self.held.len()).finish_non_exhaustive()
    }
}

/// What the next bytes are.
#[derive(Clone, Copy, Debug)]
enum State {
    /// The frame's header. From: start. To: `Block`, `Skip`.
    Header,
    /// A frame without content. From: `Header`.
    Skip { n_left: u64 },
    /// A block with its header. From: `Header`, `Block`.
    Block { has_checksum: bool },
    /// Nothing of this frame: what was decoded last is being handed on. From: `Block`.
    Drain,
}

impl Zstd {
    pub(super) fn new(window_bytes: u64) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(window_bytes);
        Self { decoder, state: State::Header, held: Vec::new() }
    }

    pub(super) fn restart(&mut self) {
        self.state = State::Header;
        self.held.clear();
    }

    pub(super) fn step(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Step, Fault> {
        let mut rest = input;
        if self.decoder.can_collect() == 0 {
            match self.state {
                State::Header => {
                    if let Some(unit) = self.hold(&mut rest, header_len)? {
                        self.state = self.start(&unit)?;
                    }
                }
                State::Skip { n_left } => {
                    let n = usize::try_from(n_left).unwrap_or(usize::MAX).min(rest.len());
                    rest = rest.get(n..).unwrap_or_default();
                    self.state = State::Skip { n_left: n_left - n as u64 };
                }
                State::Block { has_checksum } => {
                    if let Some(unit) = self.hold(&mut rest, |held| Ok(block_len(held, has_checksum)))? {
                        self.block(&unit)?;
                    }
                }
                State::Drain => {}
            }
        }
        self.drain(out)?;
        let is_end = match self.state {
            State::Skip { n_left } => n_left == 0,
            State::Drain => self.is_drained()?,
            State::Header | State::Block { .. } => false,
        };
        Ok(Step { n_read: input.len() - rest.len(), is_end })
    }

    /// Hands out what is there of a frame that ends early: the decoder keeps a window of it back until it saw the last block.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let end = match self.state {
            State::Drain => Ok(()),
            State::Block { has_checksum } => {
                let mut last = LAST_BLOCK.to_vec();
                last.resize(if has_checksum { BLOCK_HEADER_BYTES + CHECKSUM_BYTES } else { BLOCK_HEADER_BYTES }, 0);
                self.block(&last)?;
                Err(Fault::Damaged)
            }
            State::Header | State::Skip { .. } => Err(Fault::Damaged),
        };
        self.drain(out)?;
        self.is_drained()?;
        end
    }

    /// Moves bytes from `rest` until there are as many as `len` asks for; it returns a larger number once it knows more.
    fn hold(&mut self, rest: &mut &[u8], len: impl Fn(&[u8]) -> Result<usize, Fault>) -> Result<Option<Vec<u8>>, Fault> {
        loop {
            let wanted = len(&self.held)?;
            let n = wanted.saturating_sub(self.held.len());
            if n == 0 {
                return Ok(Some(std::mem::take(&mut self.held)));
            }
            let (taken, left) = rest.split_at_checked(n).unwrap_or((rest, &[]));
            self.held.extend_from_slice(taken);
            *rest = left;
            if taken.len() < n {
                return Ok(None);
            }
        }
    }

    fn start(&mut self, header: &[u8]) -> Result<State, Fault> {
        if !header.starts_with(&MAGIC) {
            let length = header.last_chunk().map_or(0, |length| u32::from_le_bytes(*length));
            return Ok(State::Skip { n_left: length.into() });
        }
        self.decoder.reset(header).map_err(|error| match error {
            FrameDecoderError::WindowSizeTooBig { .. } => Fault::Window,
            FrameDecoderError::DictNotProvided { .. } => Fault::Unsupported,
            _ => Fault::Damaged,
        })?;
        let has_checksum = header.get(MAGIC.len()).is_some_and(|descriptor| descriptor & 4 != 0);
        Ok(State::Block { has_checksum })
    }

    fn block(&mut self, unit: &[u8]) -> Result<(), Fault> {
        let is_last = self.decoder.decode_blocks(unit, BlockDecodingStrategy::UptoBlocks(1)).map_err(|_| Fault::Damaged)?;
        if is_last {
            self.state = State::Drain;
        }
        Ok(())
    }

    fn drain(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        if self.decoder.can_collect() > 0 {
            out.resize(PIECE_BYTES, 0);
            let n = self.decoder.read(out).map_err(|_| Fault::Damaged)?;
            out.truncate(n);
        }
        Ok(())
    }

    /// Whether all of the frame is handed on. The checksum is known only then.
    fn is_drained(&self) -> Result<bool, Fault> {
        let is_drained = self.decoder.can_collect() == 0;
        let checksum = self.decoder.get_checksum_from_data();
        if is_drained && checksum.is_some() && checksum != self.decoder.get_calculated_checksum() {
            return Err(Fault::Damaged);
        }
        Ok(is_drained)
    }
}

/// RFC 8878, 3.1.1.1 and 3.1.2.
fn header_len(held: &[u8]) -> Result<usize, Fault> {
    let Some(magic) = held.first_chunk() else { return Ok(MAGIC.len()) };
    if matches!(magic, [0x50..=0x5f, 0x2a, 0x4d, 0x18]) {
        return Ok(MAGIC.len() + 4);
    }
    if *magic != MAGIC {
        return Err(Fault::Damaged);
    }
    let Some(&descriptor) = held.get(MAGIC.len()) else { return Ok(MAGIC.len() + 1) };
    let is_single_segment = descriptor & 0x20 != 0;
    let n_window = usize::from(!is_single_segment);
    let n_dictionary = match descriptor & 3 {
        3 => 4,
        n => n.into(),
    };
    let n_content_size = match descriptor >> 6 {
        0 => usize::from(is_single_segment),
        n => 1 << n,
    };
    Ok(MAGIC.len() + 1 + n_window + n_dictionary + n_content_size)
}

/// RFC 8878, 3.1.1.2.
fn block_len(held: &[u8], has_checksum: bool) -> usize {
    let Some(&[low, middle, high]) = held.first_chunk() else { return BLOCK_HEADER_BYTES };
    let header = u32::from_le_bytes([low, middle, high, 0]);
    let is_run = header >> 1 & 3 == 1;
    let n_content = if is_run { 1 } else { (header >> 3) as usize };
    let n_checksum = if has_checksum && header & 1 == 1 { CHECKSUM_BYTES } else { 0 };
    BLOCK_HEADER_BYTES + n_content + n_checksum
}
