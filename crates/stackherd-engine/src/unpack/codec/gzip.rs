//! A gzip member: RFC 1952.

use std::io::Write;
use std::mem;

use flate2::write::GzDecoder;

use super::{Fault, Step};

#[derive(Debug)]
pub(super) struct Gzip(Box<GzDecoder<Vec<u8>>>);

impl Default for Gzip {
    fn default() -> Self {
        Self(Box::new(GzDecoder::new(Vec::new())))
    }
}

impl Gzip {
    pub(super) fn restart(&mut self) {
        *self = Self::default();
    }

    pub(super) fn step(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Step, Fault> {
        let written = self.0.write(input);
        mem::swap(self.0.get_mut(), out);
        match written {
            // The decoder takes nothing more once it has the member's checksum.
            Ok(0) => self.finish(out).map(|()| Step { n_read: 0, is_end: true }),
            Ok(n_read) => Ok(Step { n_read, is_end: false }),
            Err(_) => Err(Fault::Damaged),
        }
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let end = self.0.try_finish();
        out.append(self.0.get_mut());
        end.map_err(|_| Fault::Damaged)
    }
}
