//! Compressed files and archives through the session: no panic, the same report however the bytes come, and it adds up.
//!
//! `cargo +nightly fuzz run unpack` in `tests/`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stackherd_engine::Session;
use stackherd_report::Report;

fn report(chunks: &[&[u8]]) -> Report {
    let mut session = Session::default();
    session.open(0, "input", None);
    for chunk in chunks {
        session.push(0, chunk);
    }
    let opened = session.finish(0, false);
    let report = session.report();
    assert_eq!(opened.is_err(), report.dumps.is_empty(), "an input without dumps is refused");
    assert!(opened.is_ok() || !report.inputs[0].issues.is_empty(), "a refusal says why");
    report
}

fuzz_target!(|data: &[u8]| {
    let Some((size, file)) = stackherd_fuzz::split(data) else { return };
    let whole = report(&[file]);
    assert_eq!(whole, report(&file.chunks(size).collect::<Vec<_>>()), "chunks of {size} bytes");
    let in_dumps = whole.dumps.iter().map(|dump| dump.goroutines).fold(0, u64::saturating_add);
    let in_groups = whole.groups.iter().map(|group| group.goroutines).fold(0, u64::saturating_add);
    assert_eq!([in_groups, whole.totals.goroutines], [in_dumps; 2]);
});
