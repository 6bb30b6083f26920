//! Throughput of reading and grouping `debug=2` text, beside a newline scan of the same bytes.
//!
//! `STACKHERD_BENCH_DUMP=FILE` measures a dump of your own instead of a generated one. With `--test` every bench runs once;
//! each asserts its counts.

mod dump;

use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;
use dump::{GeneratedDump, Shape, generate};
use stackherd_core::{Parser, Snapshot, Tables, group};

/// A chunk as the page transfers it.
const CHUNK_BYTES: usize = 4 << 20;

static DUMP: LazyLock<GeneratedDump> = LazyLock::new(|| match std::env::var_os("STACKHERD_BENCH_DUMP") {
    Some(path) => {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let (tables, snapshot) = read(text.as_bytes());
        let n_groups = group(&tables, snapshot.goroutines()).len();
        GeneratedDump { n_goroutines: snapshot.n_goroutines() as usize, n_groups, text }
    }
    None => {
        generate(Shape { n_bytes: if std::env::args().any(|arg| arg == "--test") { 1 << 20 } else { 64 << 20 }, n_stacks: 800 })
    }
});

fn main() {
    divan::main();
}

fn read(text: &[u8]) -> (Tables, Snapshot) {
    let mut tables = Tables::default();
    let mut parser = Parser::default();
    for chunk in text.chunks(CHUNK_BYTES) {
        parser.push(&mut tables, chunk);
    }
    let snapshot = parser.finish(&mut tables).unwrap_or_default().into_iter().next().unwrap_or_default();
    (tables, snapshot)
}

/// The yardstick: finding every line end.
#[divan::bench]
fn newline_scan(bencher: Bencher) {
    let bytes = DUMP.text.as_bytes();
    bencher.counter(BytesCount::of_slice(bytes)).bench(|| memchr::memchr_iter(b'\n', divan::black_box(bytes)).count());
}

/// Bytes to snapshot.
#[divan::bench]
fn read_traceback(bencher: Bencher) {
    let bytes = DUMP.text.as_bytes();
    bencher.counter(BytesCount::of_slice(bytes)).bench(|| {
        let (tables, snapshot) = read(divan::black_box(bytes));
        assert_eq!(snapshot.n_goroutines(), DUMP.n_goroutines as u64);
        tables
    });
}

/// Bytes to ranked groups.
#[divan::bench]
fn read_and_group(bencher: Bencher) {
    let bytes = DUMP.text.as_bytes();
    bencher.counter(BytesCount::of_slice(bytes)).bench(|| {
        let (tables, snapshot) = read(divan::black_box(bytes));
        let groups = group(&tables, snapshot.goroutines());
        assert_eq!(groups.len(), DUMP.n_groups);
        groups
    });
}
