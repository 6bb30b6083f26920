//! A bzip2 stream.

use bzip2::{Decompress, Status};

use super::{Fault, PIECE_BYTES, Step};

pub(super) struct Bzip2(Decompress);

impl std::fmt::Debug for Bzip2 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Bzip2").field(&self.0.total_in()).finish()
    }
}

impl Default for Bzip2 {
    fn default() -> Self {
        Self(Decompress::new(false))
    }
}

impl Bzip2 {
    pub(super) fn restart(&mut self) {
        *self = Self::default();
    }

    pub(super) fn step(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Step, Fault> {
        out.reserve(PIECE_BYTES);
        let before = self.0.total_in();
        let status = self.0.decompress_vec(input, out).map_err(|_| Fault::Damaged)?;
        Ok(Step { n_read: (self.0.total_in() - before) as usize, is_end: status == Status::StreamEnd })
    }
}
