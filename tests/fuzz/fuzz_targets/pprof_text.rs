//! `go tool pprof -traces` and `-raw`.
//!
//! `cargo +nightly fuzz run pprof_text` in `tests/`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = stackherd_fuzz::check(data);
});
