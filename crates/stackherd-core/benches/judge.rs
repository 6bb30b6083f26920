//! What judging a dump of 1,000,000 goroutines in 2,000 stacks costs, stage by stage, beside reading it.
//!
//! The budget is 200 ms in the browser for findings, blocking and ancestry together. With `--test` the dump is small and every
//! bench runs once.

use std::fmt::Write;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use stackherd_core::finding::find_all;
use stackherd_core::{
    Analysis, Given, Groups, OriginRules, Parser, Snapshot, Tables, ancestry, blocking, group, idle, judge, onset,
};

/// Distinct stacks.
const N_STACKS: u64 = 2000;
/// Goroutines that start others.
const N_CREATORS: u64 = 2000;
/// Goroutines whose text is made and read at a time.
const CHUNK_GOROUTINES: u64 = 10_000;
/// Goroutines of which the text is kept, to measure the reading.
const READ_GOROUTINES: u64 = 100_000;

/// State, and the library frames between the runtime and the application.
const KINDS: [(&str, &[&str]); 10] = [
    ("chan send", &[]),
    ("chan receive", &[]),
    ("select", &[]),
    ("sync.Mutex.Lock", &["internal/sync.runtime_SemacquireMutex", "internal/sync.(*Mutex).lockSlow", "sync.(*Mutex).Lock"]),
    ("sync.WaitGroup.Wait", &["sync.runtime_SemacquireWaitGroup", "sync.(*WaitGroup).Wait"]),
    ("IO wait", &["internal/poll.runtime_pollWait", "internal/poll.(*FD).Read", "net.(*netFD).Read", "net.(*conn).Read"]),
    ("sleep", &["time.Sleep"]),
    ("select", &["net/http.(*persistConn).roundTrip", "net/http.(*Transport).roundTrip", "net/http.(*Client).do"]),
    ("select", &["database/sql.(*DB).conn", "database/sql.(*DB).query", "database/sql.(*DB).QueryContext"]),
    ("runnable", &[]),
];

struct Dump {
    tables: Tables,
    snapshot: Snapshot,
    groups: Groups,
    origins: OriginRules,
}

static DUMP: LazyLock<Dump> = LazyLock::new(|| {
    let n = if std::env::args().any(|arg| arg == "--test") { 20_000 } else { 1_000_000 };
    let mut tables = Tables::default();
    let mut parser = Parser::default();
    let mut text = String::new();
    for first in (0..n).step_by(CHUNK_GOROUTINES as usize) {
        text.clear();
        (first..n.min(first + CHUNK_GOROUTINES)).for_each(|at| write_goroutine(&mut text, at));
        parser.push(&mut tables, text.as_bytes());
    }
    let snapshot = parser.finish(&mut tables).unwrap_or_default().into_iter().next().unwrap_or_default();
    assert_eq!(snapshot.n_goroutines(), n);
    let groups = group(&tables, snapshot.goroutines());
    Dump { tables, snapshot, groups, origins: OriginRules::default() }
});

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::new();
    (0..READ_GOROUTINES).for_each(|at| write_goroutine(&mut text, at));
    text
});

fn main() {
    divan::main();
}

/// The goroutine at `at`. Ids are spread as in a process that ran for long; half of the goroutines were started by one of 2,000
/// that are still there and that main started, the others by one of their own that is gone.
fn write_goroutine(text: &mut String, at: u64) {
    let random = mix(at);
    let goid = at * 37 + 1;
    // A few stacks hold most goroutines.
    let stack = (random % N_STACKS).min(mix(random) % N_STACKS).min(mix(random + 1) % N_STACKS);
    let Some(&(state, library)) = KINDS.get((stack % KINDS.len() as u64) as usize) else { return };
    let minutes = mix(random + 2) % 90;
    // Writing to a String cannot fail.
    let _ = match minutes {
        0..20 => writeln!(text, "goroutine {goid} [{state}]:"),
        _ => writeln!(text, "goroutine {goid} [{state}, {minutes} minutes]:"),
    };
    for function in library {
        let _ = writeln!(
            text,
            "{function}(0xc{:09x}, 0x72)\n\t/usr/local/go/src/library.go:{} +0x85",
            random >> 28,
            40 + function.len()
        );
    }
    for depth in 0..4 {
        let line = stack * 7 + depth;
        let _ = writeln!(
            text,
            "acme.example/shop/cart.(*Cart).step{depth}(0xc{:09x})\n\t/srv/shop/cart/cart.go:{line} +0x1d",
            random >> 27
        );
    }
    let (site, parent) = match at {
        0 => return text.push('\n'),
        1..N_CREATORS => (1000 + at % 5, 1),
        _ if mix(random + 3).is_multiple_of(2) => (stack % 300, (random % N_CREATORS) * 37 + 1),
        _ => (stack % 300, goid - 11),
    };
    let _ =
        writeln!(text, "created by acme.example/shop/cart.New in goroutine {parent}\n\t/srv/shop/cart/new.go:{site} +0x9c\n");
}

/// SplitMix64: repeatable numbers without a dependency.
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn analysis() -> Analysis<'static> {
    Analysis::new(&DUMP.tables, &DUMP.snapshot, &DUMP.groups, &DUMP.origins, Vec::new())
}

/// The yardstick: bytes to rows, of a tenth of the dump.
#[divan::bench]
fn read_a_tenth(bencher: Bencher) {
    let bytes = TEXT.as_bytes();
    bencher.counter(BytesCount::of_slice(bytes)).counter(ItemsCount::new(READ_GOROUTINES)).bench(|| {
        let mut tables = Tables::default();
        let mut parser = Parser::default();
        parser.push(&mut tables, divan::black_box(bytes));
        parser.finish(&mut tables)
    });
}

/// Rows to groups.
#[divan::bench]
fn group_rows(bencher: Bencher) {
    let dump = &*DUMP;
    bencher.bench(|| group(&dump.tables, dump.snapshot.goroutines()));
}

/// Everything below, in the order in which it is done.
#[divan::bench]
fn judge_all(bencher: Bencher) {
    let dump = &*DUMP;
    bencher.bench(|| judge(&dump.tables, &dump.snapshot, &dump.groups, &dump.origins, Given::default()));
}

/// Stacks, idle groups, objects and ancestry.
#[divan::bench]
fn stage_1_analysis(bencher: Bencher) {
    LazyLock::force(&DUMP);
    bencher.bench(analysis);
}

/// Idle groups, as a part of the analysis.
#[divan::bench]
fn stage_1a_idle(bencher: Bencher) {
    let analysis = analysis();
    bencher.bench_local(|| idle::mark(&analysis));
}

/// Objects waited for, as a part of the analysis.
#[divan::bench]
fn stage_1b_blocking(bencher: Bencher) {
    let analysis = analysis();
    bencher.bench_local(|| blocking::blocking(&analysis));
}

/// Who started whom, as a part of the analysis.
#[divan::bench]
fn stage_1c_ancestry(bencher: Bencher) {
    let analysis = analysis();
    bencher.bench_local(|| ancestry::ancestry(&analysis));
}

/// All rules.
#[divan::bench]
fn stage_2_rules(bencher: Bencher) {
    bencher.with_inputs(analysis).bench_local_refs(|analysis| find_all(analysis, Vec::new(), &[]));
}

/// When it began, for all findings.
#[divan::bench]
fn stage_3_onset(bencher: Bencher) {
    let mut analysis = analysis();
    let findings = find_all(&mut analysis, Vec::new(), &[]);
    bencher.with_inputs(|| findings.clone()).bench_local_refs(|findings| onset::estimate(&analysis, findings));
}
