//! Stacks as Go prints them; besides, every header is accounted for.
//!
//! `cargo +nightly fuzz run traceback` in `tests/`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stackherd_core::{IssueKind, Snapshot};

fuzz_target!(|data: &[u8]| {
    let snapshots = stackherd_fuzz::check(data);
    let Some((_, dump)) = stackherd_fuzz::split(data).filter(|_| !snapshots.is_empty()) else { return };
    // A line that is nothing but a plain header is a goroutine, or is noted.
    let is_header = |line: &&[u8]| {
        line.starts_with(b"goroutine 1 [select")
            && line.ends_with(b"]:")
            && line.iter().filter(|&&byte| byte == b']').count() == 1
    };
    let n_headers = dump.split(|&byte| byte == b'\n').filter(is_header).filter(|line| !line.contains(&b'{')).count() as u64;
    let is_counted = |kind| matches!(kind, IssueKind::MalformedHeader | IssueKind::DuplicateGoroutine);
    let issues = snapshots.iter().flat_map(Snapshot::issues).filter(|issue| is_counted(issue.kind));
    let noted: u64 = issues.map(|issue| issue.count).sum();
    let n_goroutines = snapshots.iter().map(Snapshot::n_goroutines).fold(0, u64::saturating_add);
    assert!(n_goroutines.saturating_add(noted) >= n_headers, "{n_headers} headers");
});
