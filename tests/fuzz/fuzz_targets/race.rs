//! Reports of the race detector.
//!
//! `cargo +nightly fuzz run race` in `tests/`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = stackherd_fuzz::check(data);
});
