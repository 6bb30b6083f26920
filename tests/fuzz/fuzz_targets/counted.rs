//! `debug=1` text.
//!
//! `cargo +nightly fuzz run counted` in `tests/`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = stackherd_fuzz::check(data);
});
