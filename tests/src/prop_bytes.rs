//! Whatever the bytes and however they come: the same snapshot, no panic, every header accounted for.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use stackherd_core::Tables;
use stackherd_core::line::MAX_LINE_BYTES;
use stackherd_engine::Session;
use stackherd_report::Report;

use crate::corpus::{small, tracebacks};
use crate::dump::{read, read_chunks, read_into};
use crate::model;

/// Everything that is read of `chunks`, or why nothing is.
pub(crate) fn outcome(chunks: &[&[u8]]) -> String {
    match read_chunks(chunks) {
        Ok(dump) => {
            let ranges: Vec<_> = dump.goroutines().map(|row| (row.offset_bytes, row.len_bytes)).collect();
            let sizes: Vec<_> = dump.snapshots.iter().map(|snapshot| (snapshot.n_bytes(), snapshot.n_lines())).collect();
            format!("{}{sizes:?}, {ranges:?}", dump.render())
        }
        Err(error) => format!("{error:?}"),
    }
}

/// Pieces of dumps, whole lines and broken ones.
const PIECES: &[&str] = &[
    "goroutine 1 [running]:\n",
    "goroutine 7 [chan receive, 3 minutes, locked to thread]:\n",
    "goroutine 5 [",
    "goroutine ",
    "goroutine 9 gp=0x1 m=nil [select] {a: \"b\", c: }:\n",
    "labels:{\"k\": \"v\"}",
    "main.f(0x1)\n",
    "main.f(...)\n",
    "\t/main.go:1 +0x1\n",
    "\t/main.go:1\n",
    "created by main.main in goroutine 1\n",
    "created by main.main\n",
    "\n",
    "\r\n",
    "\t",
    " ",
    ":",
    "(",
    ")",
    "]:",
    "\"",
    "...5 frames elided...\n",
    "[originating from goroutine 7]:\n",
    "\tgoroutine running on other thread; stack unavailable\n",
    "panic: boom\n",
    "fatal error: x\n",
    "SIGQUIT: quit\n",
    "PC=0x1 m=0 sigcode=0\n",
    "-----\n",
    "runtime stack:\n",
    "rax    0x0\n",
    "non-Go function at pc=0x7f\n",
    "symbol\n",
    "\t/x.c:1 pc=0x4\n",
    "\tpc=0x4\n",
    "2026/11/21 goroutine 3 [select]:\n",
    "log line\n",
];

/// Text made of such pieces, now and then with any bytes in between.
fn patchwork() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        20 => select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..5),
        2 => model::dump(3).prop_map(|dump| model::print(&dump).into_bytes()),
    ];
    vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

/// `bytes` cut at `cuts`.
pub(crate) fn chunks<'a>(bytes: &'a [u8], cuts: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    cuts.sort_unstable();
    let mut chunks = Vec::new();
    let mut start = 0;
    for cut in cuts {
        chunks.push(&bytes[start..cut]);
        start = cut;
    }
    chunks.push(&bytes[start..]);
    chunks
}

/// Lines that can't be anything but a header.
pub(crate) fn n_certain_headers(bytes: &[u8]) -> u64 {
    let is_certain =
        |line: &&[u8]| line.starts_with(b"goroutine 1 [") && line.ends_with(b"]:") && !line[13..line.len() - 2].contains(&b']');
    bytes.split(|&byte| byte == b'\n').filter(is_certain).count() as u64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prop_any_chunking_gives_the_same_snapshot(bytes in patchwork(), cuts in vec(any::<prop::sample::Index>(), 0..6)) {
        prop_assert_eq!(outcome(&chunks(&bytes, &cuts)), outcome(&[&bytes]), "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn prop_byte_by_byte_gives_the_same_snapshot(bytes in patchwork()) {
        let single: Vec<_> = bytes.chunks(1).collect();
        prop_assert_eq!(outcome(&single), outcome(&[&bytes]), "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn prop_random_bytes_never_panic(bytes in vec(any::<u8>(), 0..300)) {
        outcome(&[&bytes]);
    }

    #[test]
    fn prop_headers_are_accounted_for(bytes in patchwork()) {
        if let Ok(dump) = read(&bytes) {
            prop_assert!(dump.n_headers() >= n_certain_headers(&bytes), "{}", dump.render());
        }
    }

    /// What a session read before changes nothing but the numbers of names and stacks.
    #[test]
    fn prop_tables_that_know_the_stacks_change_nothing(bytes in patchwork(), before in patchwork()) {
        let mut tables = Tables::default();
        let _ = read_into(&mut tables, &[&before]);
        let _ = read_into(&mut tables, &[&bytes]);
        let again = read_into(&mut tables, &[&bytes]).map(|snapshots| crate::dump::Dump { tables, snapshots }.render());
        let fresh = read(&bytes).map(|dump| dump.render());
        // Whether a call was inlined is noted for its function and place once for all dumps.
        let plain = |text: String| text.replace(" inlined\n", "\n");
        prop_assert_eq!(again.map(plain), fresh.map(plain));
    }

    #[test]
    fn prop_no_prefix_has_more_goroutines(dump in model::dump(6), cut in any::<prop::sample::Index>()) {
        let text = model::print(&dump).into_bytes();
        let prefix = &text[..cut.index(text.len())];
        let n = read(prefix).map_or(0, |dump| dump.n_goroutines());
        prop_assert!(n <= dump.len() as u64);
    }

    #[test]
    fn prop_gzip_in_any_members_is_the_text(
        dump in model::dump(6),
        members in vec(any::<prop::sample::Index>(), 0..4),
        cuts in vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let text = model::print(&dump).into_bytes();
        let compressed: Vec<u8> = chunks(&text, &members).into_iter().flat_map(gzip).collect();
        prop_assert_eq!(report(&chunks(&compressed, &cuts)), report(&[&text]));
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn report(chunks: &[&[u8]]) -> Report {
    let mut session = Session::default();
    session.open(0, "dump", None);
    for chunk in chunks {
        session.push(0, chunk);
    }
    session.finish(0, false).unwrap();
    // The input's own size is the packed one.
    Report { inputs: Vec::new(), ..session.report() }
}

/// Sizes that put seams at every place of the usual lines.
#[test]
fn ok_chunks_of_corpus_dumps() {
    for (entry, bytes) in small(60_000).into_iter().step_by(2) {
        let whole = outcome(&[&bytes]);
        for size in [1, 7, 64, 1021, 4096] {
            let pieces: Vec<_> = bytes.chunks(size).collect();
            assert!(outcome(&pieces) == whole, "{} in chunks of {size} bytes", entry.path);
        }
    }
}

#[test]
fn ok_prefixes_of_corpus_dumps() {
    for (entry, bytes) in small(12_000).into_iter().step_by(3) {
        let n = read(&bytes).unwrap().n_goroutines();
        let step = if bytes.len() < 1500 { 1 } else { 97 };
        for len in (0..bytes.len()).step_by(step) {
            let n_prefix = read(&bytes[..len]).map_or(0, |dump| dump.n_goroutines());
            assert!(n_prefix <= n, "{}: {n_prefix} goroutines in the first {len} bytes, {n} in all", entry.path);
        }
    }
}

/// A line longer than any that Go prints reads the same wherever it is cut, on a stack met before too.
#[test]
fn ok_overlong_lines_in_chunks() {
    for n_bytes in (MAX_LINE_BYTES - 12..MAX_LINE_BYTES + 3).chain([2 * MAX_LINE_BYTES]) {
        for long in ["call", "place", "creator"] {
            let goroutine = |goid, n_bytes: usize| {
                let padding = |line| if long == line { "0".repeat(n_bytes) } else { "0".to_owned() };
                format!(
                    "goroutine {goid} [select]:\nmain.f({})\n\t/main.go:1 +0x{}\ncreated by main.main in goroutine {}1\n\t/main.go:9 +0x1\n\n",
                    padding("call"),
                    padding("place"),
                    padding("creator")
                )
            };
            let text = [goroutine(1, 1), goroutine(2, n_bytes), goroutine(3, n_bytes)].concat().into_bytes();
            let pieces: Vec<_> = text.chunks(1000).collect();
            assert!(outcome(&pieces) == outcome(&[&text]), "{n_bytes} bytes in a {long}");
        }
    }
}

/// A place that was stored before is no function's name, however it looks.
#[test]
fn ok_texts_known_as_something_else_are_read_the_same() {
    let bytes = b"goroutine 2 [select]:\n: 1/x.go:95()\nmain.f()\n\t: 1/x.go:95\n";
    let mut tables = Tables::default();
    let first = read_into(&mut tables, &[bytes]).unwrap();
    assert_eq!(read_into(&mut tables, &[bytes]).unwrap(), first);
}

/// A compressed dump cut anywhere gives what was inflated, and says so.
#[test]
fn ok_gzip_cut_anywhere() {
    let (_, bytes) = small(12_000).into_iter().max_by_key(|(_, bytes)| bytes.len()).unwrap();
    let compressed = gzip(&bytes);
    for len in (0..compressed.len()).step_by(11) {
        let mut session = Session::default();
        match session.add(0, "dump", &compressed[..len]) {
            Ok(opened) => {
                let last = &opened.dumps.last().unwrap().dump;
                assert!(last.issues.iter().any(|issue| issue.kind == stackherd_report::IssueKind::InvalidCompression));
            }
            Err(failure) => assert!(!failure.message.is_empty()),
        }
    }
}

/// Bytes are turned over, removed and doubled; nothing may panic, and every header stays accounted for.
#[test]
fn ok_damaged_corpus_dumps() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for entry in tracebacks().into_iter().step_by(3) {
        let mut bytes = entry.bytes();
        bytes.truncate(20_000);
        for _ in 0..8 {
            let at = random(bytes.len());
            match random(3) {
                0 => bytes[at] ^= 1 << random(8),
                1 => drop(bytes.drain(at..(at + random(40)).min(bytes.len()))),
                _ => bytes.extend_from_within(at..(at + random(200)).min(bytes.len())),
            }
            let pieces: Vec<_> = bytes.chunks(1 + random(500)).collect();
            assert!(outcome(&pieces) == outcome(&[&bytes]), "{}", entry.path);
        }
    }
}
