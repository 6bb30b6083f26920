//! An xz stream.

use xz4rust::{XzDecoder, XzError};

use super::{Fault, PIECE_BYTES, Step};

/// Bytes that one call of the decoder hands out at most.
const CALL_BYTES: usize = 4096;

/// The decoder keeps to itself what came out in the call in which it finds a fault. It is called in the same small steps
/// whatever the cut, so that damaged data gives the same text in any.
#[derive(Debug)]
pub(super) struct Xz {
    decoder: XzDecoder<'static>,
    /// What one call handed out; reused.
    handed: Vec<u8>,
}

impl Xz {
    pub(super) fn new(window_bytes: u64) -> Self {
        let max_bytes = usize::try_from(window_bytes).unwrap_or(usize::MAX);
        Self { decoder: XzDecoder::with_alloc_dict_size(0, max_bytes), handed: vec![0; CALL_BYTES] }
    }

    pub(super) fn restart(&mut self) {
        self.decoder.reset();
    }

    pub(super) fn step(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Step, Fault> {
        let mut step = Step { n_read: 0, is_end: false };
        while let Some(byte) = input.get(step.n_read..=step.n_read)
            && out.len() < PIECE_BYTES
            && !step.is_end
        {
            let progress = self.decoder.decode(byte, &mut self.handed).map_err(fault)?;
            out.extend_from_slice(self.handed.get(..progress.output_produced()).unwrap_or_default());
            step.n_read += progress.input_consumed();
            step.is_end = progress.is_end_of_stream();
            if progress.input_consumed() == 0 && progress.output_produced() == 0 {
                break;
            }
        }
        Ok(step)
    }
}

fn fault(error: XzError) -> Fault {
    match error {
        XzError::DictionaryTooLarge(_) => Fault::Window,
        XzError::UnsupportedStreamHeaderOption
        | XzError::UnsupportedBlockHeaderOption
        | XzError::UnsupportedCheckType(_)
        | XzError::BcjFilterNotSupported
        | XzError::DeltaFilterUnsupported => Fault::Unsupported,
        _ => Fault::Damaged,
    }
}
