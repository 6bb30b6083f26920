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
pub(crate) const SAMPLES: [Sample; 6] = [
    Sample { file_name: "http-client.txt.xz", goroutines: 321, bytes: include_bytes!("../../samples/hungclient.xz") },
    Sample { file_name: "send-leak.txt.xz", goroutines: 267, bytes: include_bytes!("../../samples/sendleak.xz") },
    Sample { file_name: "deadlock.txt.xz", goroutines: 506, bytes: include_bytes!("../../samples/lockdead.xz") },
    Sample { file_name: "subscriptions.txt.xz", goroutines: 9997, bytes: include_bytes!("../../samples/big10k.xz") },
    Sample { file_name: "five-in-time.tar.xz", goroutines: 3785, bytes: include_bytes!("../../samples/notify.tar.xz") },
    Sample { file_name: "forty-pods.tar.xz", goroutines: 1597, bytes: include_bytes!("../../samples/pods.tar.xz") },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_samples_are_small_and_packed() {
        assert!(SAMPLES.iter().map(|sample| sample.bytes.len()).sum::<usize>() < 60_000);
        assert!(SAMPLES.iter().all(|sample| sample.bytes.starts_with(b"\xfd7zXZ\0")));
    }
}
