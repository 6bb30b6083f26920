//! Groups do not depend on how a dump was cut, ordered or read.

use std::collections::BTreeMap;

use proptest::prelude::*;
use stackherd_core::{Keys, Snapshot, Tables, group};

use crate::corpus::{Entry, entries, tracebacks};
use crate::dump::{Dump, read, read_into};
use crate::{model, oracle};

/// Goroutines per key.
fn counts(dump: &Dump) -> BTreeMap<u64, u64> {
    let goroutines: Vec<_> = dump.goroutines().copied().collect();
    let groups = group(&dump.tables, &goroutines);
    let keys = Keys::new(&dump.tables);
    groups.iter().map(|group| (keys.key(group.signature), group.n_goroutines)).collect()
}

fn clean() -> impl Iterator<Item = (Entry, Vec<u8>)> {
    entries().into_iter().filter(Entry::is_clean).map(|entry| {
        let bytes = entry.bytes();
        (entry, bytes)
    })
}

/// The text of each goroutine with what follows it.
fn blocks<'a>(snapshot: &Snapshot, bytes: &'a [u8]) -> Vec<&'a [u8]> {
    let mut starts: Vec<_> = snapshot.goroutines().iter().map(|row| row.offset_bytes as usize).collect();
    assert_eq!(starts.first(), Some(&0), "a clean dump starts with a goroutine");
    starts.push(bytes.len());
    starts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

#[test]
fn ok_fast_groups_of_clean_dumps_are_the_naive_groups() {
    let n_compared = clean().map(|(entry, bytes)| oracle::compare(&entry.path, &bytes)).count();
    assert!(n_compared > 140, "only {n_compared} dumps are clean");
}

#[test]
fn ok_order_of_goroutines_does_not_matter() {
    for (entry, bytes) in clean().step_by(4) {
        let dump = read(&bytes).unwrap();
        let mut blocks = blocks(dump.only(), &bytes);
        blocks.reverse();
        // Every third from the back first: far neighbours meet.
        let shuffled: Vec<_> = (0..3).flat_map(|start| blocks.iter().skip(start).step_by(3).copied()).collect();
        // The last one of a dump has no blank line behind it.
        let text = shuffled.join(b"\n".as_slice());
        assert_eq!(counts(&read(&text).unwrap()), counts(&dump), "{}", entry.path);
    }
}

#[test]
fn ok_group_counts_add_up() {
    for entry in tracebacks() {
        let dump = read(&entry.bytes()).unwrap();
        let sum: u64 = counts(&dump).values().sum();
        assert_eq!(sum, dump.n_goroutines(), "{}", entry.path);
    }
}

/// Reads `parts` one by one into common tables.
fn read_parts(parts: &[&[u8]]) -> (Tables, Vec<Snapshot>) {
    let mut tables = Tables::default();
    let snapshots = parts.iter().flat_map(|part| read_into(&mut tables, &[part]).unwrap()).collect();
    (tables, snapshots)
}

/// A dump cut at goroutines, its parts merged either way, against the whole.
#[track_caller]
fn check_merge(name: &str, bytes: &[u8], cuts: [usize; 2]) {
    let whole = read(bytes).unwrap();
    let [first, second] = cuts;
    let (tables, snapshots) = read_parts(&[&bytes[..first], &bytes[first..second], &bytes[second..]]);
    let [a, b, c] = <[Snapshot; 3]>::try_from(snapshots).unwrap();
    let left = a.clone().merge(b.clone()).merge(c.clone());
    let right = a.merge(b.merge(c));
    assert_eq!(left, right, "{name}: merge is not associative");
    let merged = Dump { tables, snapshots: vec![left] };
    assert_eq!(merged.render(), whole.render(), "{name} cut at {cuts:?}");
    let facts = |dump: &Dump| {
        let ranges: Vec<_> = dump.goroutines().map(|row| (row.offset_bytes, row.len_bytes)).collect();
        (ranges, dump.only().n_bytes(), dump.only().n_lines())
    };
    assert_eq!(facts(&merged), facts(&whole), "{name} cut at {cuts:?}");
    assert_eq!(counts(&merged), counts(&whole), "{name} cut at {cuts:?}");
}

/// Sections of `GOTRACEBACK=crash` list goroutines again, which only a reader of the whole dump sees: these are not cut.
fn has_sections(bytes: &[u8]) -> bool {
    bytes.windows(7).any(|window| window == b"\n-----\n")
}

#[test]
fn ok_parts_of_corpus_dumps_merge_into_the_whole() {
    let mut n_merged = 0;
    for entry in tracebacks().into_iter().step_by(2) {
        let bytes = entry.bytes();
        let dump = read(&bytes).unwrap();
        let starts: Vec<_> = dump.goroutines().map(|row| row.offset_bytes as usize).collect();
        if starts.len() < 3 || dump.snapshots.len() > 1 || has_sections(&bytes) {
            continue;
        }
        check_merge(&entry.path, &bytes, [starts[1], starts[2]]);
        check_merge(&entry.path, &bytes, [starts[starts.len() / 3].max(starts[1]), starts[starts.len() - 1]]);
        n_merged += 1;
    }
    assert!(n_merged > 130, "only {n_merged} dumps could be cut");
}

#[test]
fn ok_merging_with_nothing_changes_nothing() {
    let dump = read(b"goroutine 1 [select]:\nmain.f()\n\t/main.go:1 +0x1\n").unwrap();
    let snapshot = dump.only();
    assert_eq!(&snapshot.clone().merge(Snapshot::default()), snapshot);
    assert_eq!(&Snapshot::default().merge(snapshot.clone()), snapshot);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prop_parts_of_random_dumps_merge_into_the_whole(dump in model::dump(10), cuts in any::<[prop::sample::Index; 2]>()) {
        prop_assume!(dump.len() >= 3);
        let texts: Vec<_> = dump.iter().map(model::print_goroutine).collect();
        let mut cuts = cuts.map(|cut| 1 + cut.index(texts.len() - 1));
        cuts.sort_unstable();
        prop_assume!(cuts[0] < cuts[1]);
        let at = |n: usize| texts[..n].iter().map(|text| text.len() + 1).sum();
        check_merge("random dump", texts.join("\n").as_bytes(), cuts.map(at));
    }

    #[test]
    fn prop_order_of_goroutines_does_not_matter(dump in model::dump(20).prop_shuffle(), reversed in any::<bool>()) {
        let mut other = dump.clone();
        other.sort_by_key(|goroutine| goroutine.goid);
        if reversed {
            other.reverse();
        }
        let of = |goroutines: &[model::Goroutine]| counts(&read(model::print(goroutines).as_bytes()).unwrap());
        prop_assert_eq!(of(&dump), of(&other));
    }
}
