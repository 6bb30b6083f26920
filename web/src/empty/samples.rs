//! Real dumps that the page brings along, each with a lesson.

/// A dump, compressed.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) file_name: &'static str,
    /// As the program itself counted them.
    pub(crate) goroutines: u64,
    pub(crate) bytes: &'static [u8],
}

/// From programs with planted defects, built with Go 1.27.3. Their words are in [`crate::i18n::Texts::samples`].
pub(crate) const SAMPLES: [Sample; 4] = [
    Sample { file_name: "http-client.txt.gz", goroutines: 321, bytes: include_bytes!("../../samples/hungclient.gz") },
    Sample { file_name: "send-leak.txt.gz", goroutines: 267, bytes: include_bytes!("../../samples/sendleak.gz") },
    Sample { file_name: "deadlock.txt.gz", goroutines: 506, bytes: include_bytes!("../../samples/lockdead.gz") },
    Sample { file_name: "subscriptions.txt.gz", goroutines: 9997, bytes: include_bytes!("../../samples/big10k.gz") },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_samples_are_small_and_gzip() {
        assert!(SAMPLES.iter().map(|sample| sample.bytes.len()).sum::<usize>() < 150_000);
        assert!(SAMPLES.iter().all(|sample| sample.bytes.starts_with(&[0x1f, 0x8b])));
    }
}
