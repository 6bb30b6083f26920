//! Reports of goleak, with and without repeated headers.
//!
//! `cargo +nightly fuzz run goleak` in `tests/`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = stackherd_fuzz::check(data);
});
