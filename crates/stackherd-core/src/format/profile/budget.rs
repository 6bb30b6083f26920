//! What a profile may unfold to.

use crate::error::Error;

/// Text per byte of the profile. Real profiles name a function or file a few times.
const TEXT_PER_BYTE: usize = 64;
/// Frames per byte of the profile. Real profiles spend a byte or two on an address, which is a call and the few inlined in it.
const FRAMES_PER_BYTE: usize = 16;
/// For the smallest profiles.
const FLOOR: usize = 1 << 20;

/// Limits the work that a profile asks for: its parts refer to each other by number, so that a few bytes may name a long text or
/// a long chain of calls over and over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    text_bytes: usize,
    frames: usize,
}

impl Budget {
    pub(super) fn of(n_bytes: usize) -> Self {
        let of = |per_byte: usize| n_bytes.saturating_mul(per_byte).saturating_add(FLOOR);
        Self { text_bytes: of(TEXT_PER_BYTE), frames: of(FRAMES_PER_BYTE) }
    }

    /// Before `n` bytes of text are made.
    pub(super) fn take_text(&mut self, n: usize) -> Result<(), Error> {
        self.text_bytes = self.text_bytes.checked_sub(n).ok_or(Error::OverblownProfile)?;
        Ok(())
    }

    /// Before `n` frames are walked.
    pub(super) fn take_frames(&mut self, n: usize) -> Result<(), Error> {
        self.frames = self.frames.checked_sub(n).ok_or(Error::OverblownProfile)?;
        Ok(())
    }
}
