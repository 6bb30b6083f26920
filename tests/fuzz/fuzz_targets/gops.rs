//! `gops stats`.
//!
//! `cargo +nightly fuzz run gops` in `tests/`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = stackherd_fuzz::check(data);
});
