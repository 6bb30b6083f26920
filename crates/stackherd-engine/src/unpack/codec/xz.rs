//! An xz stream.

use xz4rust::{XzDecoder, XzError, XzNextBlockResult};

use super::{Fault, PIECE_BYTES, Step};

#[derive(Debug)]
pub(super) struct Xz(XzDecoder<'static>);

impl Xz {
    pub(super) fn new(window_bytes: u64) -> Self {
        Self(XzDecoder::with_alloc_dict_size(0, usize::try_from(window_bytes).unwrap_or(usize::MAX)))
    }

    pub(super) fn restart(&mut self) {
        self.0.reset();
    }

    pub(super) fn step(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Step, Fault> {
        out.resize(PIECE_BYTES, 0);
        let result = self.0.decode(input, out);
        out.truncate(result.as_ref().map_or(0, XzNextBlockResult::output_produced));
        match result {
            Ok(progress) => Ok(Step { n_read: progress.input_consumed(), is_end: progress.is_end_of_stream() }),
            Err(XzError::DictionaryTooLarge(_)) => Err(Fault::Window),
            Err(
                XzError::UnsupportedStreamHeaderOption
                | XzError::UnsupportedBlockHeaderOption
                | XzError::UnsupportedCheckType(_)
                | XzError::BcjFilterNotSupported
                | XzError::DeltaFilterUnsupported,
            ) => Err(Fault::Unsupported),
            Err(_) => Err(Fault::Damaged),
        }
    }
}
