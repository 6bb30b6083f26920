//! Bare deflate, as zip entries hold it: RFC 1951.

use flate2::{Decompress, FlushDecompress, Status};

use super::{Fault, PIECE_BYTES, Step};

#[derive(Debug)]
pub(super) struct Deflate(Decompress);

impl Default for Deflate {
    fn default() -> Self {
        Self(Decompress::new(false))
    }
}

impl Deflate {
    pub(super) fn restart(&mut self) {
        self.0.reset(false);
    }

    pub(super) fn step(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Step, Fault> {
        out.reserve(PIECE_BYTES);
        let before = self.0.total_in();
        let status = self.0.decompress_vec(input, out, FlushDecompress::None).map_err(|_| Fault::Damaged)?;
        Ok(Step { n_read: (self.0.total_in() - before) as usize, is_end: status == Status::StreamEnd })
    }
}
