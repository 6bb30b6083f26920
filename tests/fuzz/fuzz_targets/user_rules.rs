//! Rules of the reader's own, as TOML or JSON: taken or refused with a reason, and applied to a dump that still adds up.
//!
//! `cargo +nightly fuzz run user_rules` in `tests/`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stackherd_engine::Session;

const DUMP: &str = "goroutine 7 [chan send, 3 minutes]:\nshop.example/w.(*Pool).run(0xc000018060)\n\t/w.go:9 +0x1\n\
                    created by main.main in goroutine 1\n\t/src/main.go:5 +0x2\n";

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut session = Session::default();
    assert!(session.add(0, "input", DUMP.as_bytes()).is_ok());
    if let Err(error) = session.set_rules(text) {
        assert!(!error.to_string().is_empty());
    }
    let report = session.report();
    assert_eq!((report.totals.goroutines, report.groups.len()), (1, 1));
});
