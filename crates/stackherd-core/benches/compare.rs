//! What comparing two dumps of 100,000 goroutines costs, and a fleet of 40 with 10,000 each, part by part.
//!
//! The budget of the pair is 30 ms in the browser, reading and judging excluded. Yardsticks: reading all ids once, and sorting
//! them. With `--test` the dumps are small and every bench runs once.

use std::fmt::Write;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use stackherd_core::compare::{Wanted, lives};
use stackherd_core::{
    Comparison, Given, Instance, Judgement, Mode, OriginRules, Parser, Relation, Snapshot, Tables, compare, group, judge,
};

const STATES: [&str; 5] = ["chan send", "select", "chan receive", "IO wait", "sync.Mutex.Lock"];
/// Distinct stacks of a dump.
const N_STACKS: u64 = 800;

struct Dumps {
    tables: Tables,
    snapshots: Vec<Snapshot>,
    judgements: Vec<Judgement>,
    origins: OriginRules,
}

fn size(n: u64) -> u64 {
    if std::env::args().any(|arg| arg == "--test") { n / 50 } else { n }
}

/// One process twice: a tenth of the goroutines ended, others were born.
static PAIR: LazyLock<Dumps> = LazyLock::new(|| {
    let n = size(100_000);
    Dumps::read([0, n / 10].map(|first| (first, n, 1)).into_iter())
});

/// Forty processes of one program.
static FLEET: LazyLock<Dumps> = LazyLock::new(|| Dumps::read((1..=40).map(|pod| (0, size(10_000), pod))));

impl Dumps {
    /// Reads dumps of `n` goroutines from the `first` one on of a process.
    fn read(dumps: impl Iterator<Item = (u64, u64, u64)>) -> Self {
        let origins = OriginRules::default();
        let mut tables = Tables::default();
        let mut snapshots = Vec::new();
        for (first, n, process) in dumps {
            let mut text = String::new();
            (first..first + n).for_each(|at| write_goroutine(&mut text, at, at - first, process));
            let mut parser = Parser::default();
            parser.push(&mut tables, text.as_bytes());
            let snapshot = parser.finish(&mut tables).unwrap_or_default().into_iter().next().unwrap_or_default();
            assert_eq!(snapshot.n_goroutines(), n);
            snapshots.push(snapshot);
        }
        let judged = |snapshot: &Snapshot| {
            let groups = group(&tables, snapshot.goroutines());
            judge(&tables, snapshot, &groups, &origins, Given::default())
        };
        let judgements = snapshots.iter().map(judged).collect();
        Self { tables, snapshots, judgements, origins }
    }

    fn instances(&self) -> Vec<Instance<'_>> {
        let pairs = self.snapshots.iter().zip(&self.judgements);
        pairs.map(|(snapshot, judgement)| Instance { snapshot, judgement, at_millis: None, name: "", process: "" }).collect()
    }

    fn compare(&self, instances: &[Instance<'_>], wanted: Wanted) -> Option<Comparison> {
        compare(&self.tables, &self.origins, instances, wanted)
    }
}

fn main() {
    divan::main();
}

/// The goroutine that a process started as its `at`th, in a dump where it is `row`th. Ids are spread as in a process that ran
/// for long, and stand in the order in which Go reuses its slots.
fn write_goroutine(text: &mut String, at: u64, row: u64, process: u64) {
    let goid = at * 7 + 300;
    let random = mix(at ^ (process << 40));
    let stack = (random % N_STACKS).min(mix(random) % N_STACKS);
    let state = STATES.get((stack % 5) as usize).copied().unwrap_or_default();
    let parent = mix(random + 1) % 500;
    // Writing to a String cannot fail.
    let _ = match row % 3 {
        0 => writeln!(text, "goroutine {goid} [{state}]:"),
        _ => writeln!(text, "goroutine {goid} [{state}, {} minutes]:", 90 - (row % 90)),
    };
    for depth in 0..8 {
        let line = stack * 7 + depth;
        let address = random >> 27;
        let _ = writeln!(
            text,
            "acme.example/shop/cart.(*Cart).step{depth}(0xc{address:09x})\n\t/srv/shop/cart/cart.go:{line} +0x1d"
        );
    }
    let _ =
        writeln!(text, "created by acme.example/shop/cart.New in goroutine {parent}\n\t/srv/shop/cart/new.go:{stack} +0x9c\n");
}

/// SplitMix64: repeatable numbers without a dependency.
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn ids(snapshot: &Snapshot) -> Vec<u64> {
    snapshot.goroutines().iter().filter_map(|goroutine| goroutine.goid().map(|goid| goid.0)).collect()
}

/// The yardstick: every id once.
#[divan::bench]
fn read_ids(bencher: Bencher) {
    let pair = &*PAIR;
    bencher
        .counter(ItemsCount::new(pair.snapshots.iter().map(Snapshot::n_goroutines).sum::<u64>()))
        .bench(|| pair.snapshots.iter().map(ids).collect::<Vec<_>>());
}

/// The other yardstick: what looking up ids by sorting them would need first.
#[divan::bench]
fn sort_ids(bencher: Bencher) {
    let pair = &*PAIR;
    let shuffled = |snapshot: &Snapshot| {
        let mut ids = ids(snapshot);
        ids.sort_unstable_by_key(|&id| mix(id));
        ids
    };
    let shuffled: Vec<_> = pair.snapshots.iter().map(shuffled).collect();
    bencher.with_inputs(|| shuffled.clone()).bench_local_refs(|ids| ids.iter_mut().for_each(|ids| ids.sort_unstable()));
}

/// Everything, as the page asks for it.
#[divan::bench]
fn compare_pair(bencher: Bencher) {
    let pair = &*PAIR;
    let instances = pair.instances();
    bencher.bench_local(|| {
        let found = pair.compare(&instances, Wanted::default())?;
        assert_eq!(found.related.relation, Relation::SameProcess);
        let born: u64 = found.rows.iter().filter_map(|row| row.lives).map(|lives| lives.born).sum();
        assert_eq!(born, size(100_000) / 10);
        Some(found)
    });
}

/// The same without telling the relation and without following ids.
#[divan::bench]
fn compare_pair_of_counts(bencher: Bencher) {
    let pair = &*PAIR;
    let instances = pair.instances();
    let wanted = Wanted { relation: Some(Relation::SameService), ..Wanted::default() };
    bencher.bench_local(|| pair.compare(&instances, wanted));
}

/// The same with following ids, and without telling the relation.
#[divan::bench]
fn compare_pair_as_told(bencher: Bencher) {
    let pair = &*PAIR;
    let instances = pair.instances();
    let wanted = Wanted { relation: Some(Relation::SameProcess), ..Wanted::default() };
    bencher.bench_local(|| pair.compare(&instances, wanted));
}

/// The stuck ones of the largest row, by id.
#[divan::bench]
fn list_stuck(bencher: Bencher) {
    let pair = &*PAIR;
    let instances = pair.instances();
    let Some(found) = pair.compare(&instances, Wanted::default()) else { return };
    let Some(row) = found.rows.iter().max_by_key(|row| row.lives.map(|lives| lives.stuck)) else { return };
    bencher.bench_local(|| lives::stuck_goids(&instances, &found, row, 100));
}

/// A fleet: every process against every other.
#[divan::bench]
fn compare_fleet(bencher: Bencher) {
    let fleet = &*FLEET;
    let instances = fleet.instances();
    bencher.bench_local(|| {
        let found = fleet.compare(&instances, Wanted::default())?;
        assert_eq!((found.mode, found.related.process.len()), (Mode::Fleet, 40));
        assert!(found.related.process.iter().zip(0..).all(|(&process, at)| process == at));
        Some(found)
    });
}
