//! Similarity levels: what they join, what they leave apart, and that formats agree on what they have in common.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proptest::prelude::*;
use stackherd_core::{
    Basis, Given, Goroutine, Grouping, Groups, Judgement, Keys, OriginRules, Similarity, Tables, WaitMinutes, group, judge,
};

use crate::corpus::{Entry, entries, small};
use crate::dump::{Dump, read, read_chunks, read_into};
use crate::model;

pub(crate) const LEVELS: [Similarity; 4] = [Similarity::Stack, Similarity::Function, Similarity::Origin, Similarity::Culprit];

/// What `debug=1`, `debug=2` and profiles have in common.
pub(crate) const COMMON: Basis = Basis { has_creators: false, has_places: true, has_states: false };

/// Every level by every basis.
fn groupings() -> impl Iterator<Item = Grouping> {
    let bases =
        (0..8_u8).map(|bits| Basis { has_creators: bits & 1 == 0, has_places: bits & 2 == 0, has_states: bits & 4 == 0 });
    bases.flat_map(|basis| LEVELS.map(|similarity| Grouping { similarity, basis }))
}

fn keys_of(tables: &Tables, groups: &Groups, grouping: Grouping) -> Vec<u64> {
    let keys = Keys::of(tables, &OriginRules::default(), grouping);
    groups.iter().map(|group| keys.key(group.signature)).collect()
}

/// Goroutines per key.
pub(crate) fn counts(dump: &Dump, grouping: Grouping) -> BTreeMap<u64, u64> {
    let keys = Keys::of(&dump.tables, &OriginRules::default(), grouping);
    let mut counts = BTreeMap::new();
    for snapshot in &dump.snapshots {
        for group in &group(&dump.tables, snapshot.goroutines()) {
            *counts.entry(keys.key(group.signature)).or_insert(0) += group.n_goroutines;
        }
    }
    counts
}

/// How much of one dump has the same key in another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matched {
    /// Groups of the first, in percent.
    pub(crate) groups: f64,
    /// Goroutines of the larger, in percent.
    pub(crate) goroutines: f64,
}

pub(crate) fn matched(left: &Dump, right: &Dump, grouping: Grouping) -> Matched {
    let (left, right) = (counts(left, grouping), counts(right, grouping));
    let percent = |part: u64, all: u64| part as f64 * 100.0 / all as f64;
    let n_known = left.keys().filter(|key| right.contains_key(key)).count();
    let common = left.iter().map(|(key, count)| *count.min(right.get(key).unwrap_or(&0))).sum();
    Matched {
        groups: percent(n_known as u64, left.len() as u64),
        goroutines: percent(common, left.values().sum::<u64>().max(right.values().sum())),
    }
}

/// Dumps of one moment as stacks, counted stacks and profile.
fn triples() -> Vec<[Entry; 3]> {
    let entries = entries();
    let find =
        |path: String| entries.iter().find(|entry| entry.path.strip_suffix(".gz").unwrap_or(&entry.path) == path).cloned();
    let stacks = entries.iter().filter(|entry| entry.format == "debug2" && entry.path.starts_with("scenarios/"));
    stacks
        .filter_map(|entry| {
            let (start, _) = entry.path.split_once("debug2.txt")?;
            Some([entry.clone(), find(format!("{start}debug1.txt"))?, find(format!("{start}pb"))?])
        })
        .collect()
}

/// What differs are the goroutines that answer the requests for the dumps, and what moved in between.
#[test]
fn ok_formats_agree_on_groups() {
    let triples = triples();
    assert!(triples.len() >= 130, "{}", triples.len());
    let mut problems = Vec::new();
    for entries in &triples {
        let [stacks, counted, profile] = entries.each_ref().map(|entry| read(&entry.bytes()).unwrap());
        for similarity in LEVELS {
            for (other, entry) in [(&counted, &entries[1]), (&profile, &entries[2])] {
                let share = matched(&stacks, other, Grouping { similarity, basis: COMMON }).goroutines;
                if share < 95.0 {
                    problems.push(format!("{} by {similarity:?}: {share:.1} %", entry.path));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Everything that [`Groups::fold`] promises, by looking at every goroutine.
#[track_caller]
fn check_fold(goroutines: &[Goroutine], groups: &Groups, keys: &[u64]) -> Groups {
    let (folded, went) = groups.fold(goroutines, keys);
    assert_eq!(folded.len(), keys.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(went.len(), groups.len());
    let sizes: Vec<_> = folded.iter().map(|group| group.n_goroutines).collect();
    assert!(sizes.is_sorted_by(|left, right| left >= right), "the largest first: {sizes:?}");
    let mut n_members = 0;
    for (index, joined) in (0..).zip(&folded) {
        let parts: Vec<usize> = (0..groups.len()).filter(|&part| went[part] == index).collect();
        assert!(parts.iter().all(|&part| keys[part] == keys[parts[0]]));
        let of_parts: BTreeSet<u32> =
            parts.iter().flat_map(|&part| groups.members(groups.get(part).unwrap())).copied().collect();
        let members = folded.members(joined);
        assert!(of_parts.iter().eq(members), "in the order of the dump");
        n_members += members.len();
        let rows = || members.iter().map(|&member| &goroutines[member as usize]);
        assert_eq!(joined.n_goroutines, rows().map(Goroutine::count).sum::<u64>());
        let sum = |of: fn(&stackherd_core::Group) -> u64| parts.iter().map(|&part| of(groups.get(part).unwrap())).sum::<u64>();
        assert_eq!(joined.n_goroutines, sum(|part| part.n_goroutines));
        assert_eq!(joined.n_leaked, sum(|part| part.n_leaked));
        assert_eq!(joined.n_locked_to_thread, sum(|part| part.n_locked_to_thread));
        let mut waits: Vec<u32> = rows().filter_map(Goroutine::wait_minutes).collect();
        assert_eq!(joined.wait_minutes, WaitMinutes::of(&mut waits));
        let largest = parts.iter().map(|&part| groups.get(part).unwrap()).max_by_key(|part| part.n_goroutines).unwrap();
        let of_signature = parts.iter().map(|&part| groups.get(part).unwrap());
        let chosen = of_signature.clone().find(|part| part.signature == joined.signature).unwrap();
        assert_eq!(chosen.n_goroutines, largest.n_goroutines, "the largest part speaks");
    }
    assert_eq!(n_members, goroutines.len());
    folded
}

/// Folds a dump at every level by every basis, and folds what was folded.
#[track_caller]
fn check_folds(dump: &Dump) {
    for snapshot in &dump.snapshots {
        let goroutines = snapshot.goroutines();
        let groups = group(&dump.tables, goroutines);
        for grouping in groupings() {
            let keys = keys_of(&dump.tables, &groups, grouping);
            let folded = check_fold(goroutines, &groups, &keys);
            let again = keys_of(&dump.tables, &folded, grouping);
            assert_eq!(check_fold(goroutines, &folded, &again), folded, "{grouping:?}: nothing is left to join");
            if grouping.basis == Basis::default() {
                // By less: in one step or in two.
                let common = Grouping { basis: COMMON, ..grouping };
                if grouping.similarity == Similarity::Stack {
                    let direct = check_fold(goroutines, &groups, &keys_of(&dump.tables, &groups, common));
                    let stepwise = check_fold(goroutines, &folded, &keys_of(&dump.tables, &folded, common));
                    let sizes = |groups: &Groups| groups.iter().map(|group| group.n_goroutines).collect::<Vec<_>>();
                    assert_eq!(sizes(&direct), sizes(&stepwise));
                }
            }
        }
    }
}

#[test]
fn ok_folds_of_real_dumps_add_up() {
    for (entry, bytes) in small(40_000).into_iter().step_by(3) {
        let Ok(dump) = read(&bytes) else { continue };
        check_folds(&dump);
        for snapshot in &dump.snapshots {
            let groups = group(&dump.tables, snapshot.goroutines());
            check_coarser(&dump.tables, &groups, &entry.path);
        }
    }
}

/// Goroutines with one stack share a group at every level; those with the same functions share creator and entry function.
#[track_caller]
fn check_coarser(tables: &Tables, groups: &Groups, name: &str) {
    let keys: HashMap<Grouping, Vec<u64>> = groupings().map(|grouping| (grouping, keys_of(tables, groups, grouping))).collect();
    let finer_and_coarser = |finer: Grouping, coarser: Grouping| {
        let mut known = HashMap::new();
        for (finer_key, coarser_key) in keys[&finer].iter().zip(&keys[&coarser]) {
            let other = *known.entry(finer_key).or_insert(coarser_key);
            assert_eq!(other, coarser_key, "{name}: {finer:?} joins what {coarser:?} leaves apart");
        }
    };
    for coarser in groupings() {
        finer_and_coarser(Grouping::default(), coarser);
        // Less to look at tells less apart.
        let basis = Basis { has_creators: true, has_places: true, ..coarser.basis };
        finer_and_coarser(Grouping { basis, ..coarser }, coarser);
    }
    let nameless = |similarity| Grouping { similarity, basis: Basis { has_places: false, ..Basis::default() } };
    finer_and_coarser(nameless(Similarity::Function), nameless(Similarity::Origin));
}

/// Judges the only dump of an input.
fn judged(dump: &Dump) -> Judgement {
    let snapshot = dump.only();
    judge(&dump.tables, snapshot, &group(&dump.tables, snapshot.goroutines()), &OriginRules::default(), Given::default())
}

#[test]
fn ok_folded_judgements_say_the_same_of_larger_groups() {
    let mut n_folded = 0;
    for (entry, bytes) in small(400_000).into_iter().step_by(2) {
        let Ok(dump) = read(&bytes) else { continue };
        let [snapshot] = dump.snapshots.as_slice() else { continue };
        let exact = judged(&dump);
        for grouping in groupings().filter(|grouping| grouping.basis == Basis::default() || grouping.basis == COMMON) {
            let folded = exact.folded(&dump.tables, snapshot, &OriginRules::default(), grouping);
            check_judgement(&dump, &exact, &folded, grouping, &entry.path);
            n_folded += usize::from(folded.groups.len() < exact.groups.len());
        }
    }
    assert!(n_folded > 200, "{n_folded}");
}

#[track_caller]
fn check_judgement(dump: &Dump, exact: &Judgement, folded: &Judgement, grouping: Grouping, name: &str) {
    let name = format!("{name} by {grouping:?}");
    assert_eq!(folded.keys, keys_of(&dump.tables, &folded.groups, grouping), "{name}");
    let n = folded.groups.len();
    assert_eq!([n; 4], [folded.keys.len(), folded.scores.len(), folded.idle.len(), folded.finding_of.len()], "{name}");
    assert!(folded.scores.is_sorted_by(|left, right| left >= right), "{name}");
    assert_eq!(folded.verdict, exact.verdict, "{name}");
    let row_groups = |judgement: &Judgement| {
        let mut groups = vec![0; dump.only().goroutines().len()];
        for (index, group) in judgement.groups.iter().enumerate() {
            judgement.groups.members(group).iter().for_each(|&row| groups[row as usize] = index);
        }
        groups
    };
    let (before, after) = (row_groups(exact), row_groups(folded));
    let went: BTreeMap<usize, usize> = before.iter().copied().zip(after.iter().copied()).collect();
    let parts = |joined: usize| went.iter().filter(move |&(_, &to)| to == joined).map(|(&from, _)| from);
    for joined in 0..n {
        let best = parts(joined).map(|part| exact.scores[part]).fold(0.0, f32::max);
        assert!((folded.scores[joined] - best).abs() < f32::EPSILON, "{name}");
        assert_eq!(folded.idle[joined].is_some(), parts(joined).all(|part| exact.idle[part].is_some()), "{name}");
        assert_eq!(folded.finding_of[joined], parts(joined).filter_map(|part| exact.finding_of[part]).min(), "{name}");
    }
    let moved = |groups: &[u32]| groups.iter().map(|&group| went[&(group as usize)] as u32).collect::<BTreeSet<_>>();
    let set = |groups: &[u32]| {
        let set: BTreeSet<u32> = groups.iter().copied().collect();
        assert_eq!(set.len(), groups.len(), "{name}: a group twice");
        set
    };
    for (left, right) in exact.findings.iter().zip(&folded.findings) {
        assert_eq!(moved(&left.groups), set(&right.groups), "{name} {}", left.rule);
        assert_eq!((&left.rule, &left.title, left.n_goroutines), (&right.rule, &right.title, right.n_goroutines));
    }
    for (left, right) in exact.blocking.objects.iter().zip(&folded.blocking.objects) {
        assert_eq!(moved(&left.groups), set(&right.groups), "{name}");
        for (left, right) in left.candidates.iter().zip(&right.candidates) {
            assert_eq!((left.goroutine, went[&(left.group as usize)] as u32), (right.goroutine, right.group), "{name}");
        }
    }
    for (left, right) in exact.ancestry.sites.iter().zip(&folded.ancestry.sites) {
        let left = left.largest_group.map(|group| went[&(group as usize)] as u32);
        assert_eq!(left, right.largest_group, "{name}");
    }
}

/// Keys do not depend on what else a session holds, on how the text came, on the order, and on what they leave out.
#[track_caller]
fn check_keys(goroutines: &[model::Goroutine], others: &[model::Goroutine], cut: usize) {
    let text = model::print(goroutines);
    let all = |dump: &Dump| groupings().map(|grouping| counts(dump, grouping)).collect::<Vec<_>>();
    let expected = all(&read(text.as_bytes()).unwrap());

    let mut tables = Tables::default();
    let _ = read_into(&mut tables, &[model::print(others).as_bytes()]);
    let snapshots = read_into(&mut tables, &[text.as_bytes()]).unwrap();
    assert_eq!(all(&Dump { tables, snapshots }), expected, "in a session with others");

    let (start, end) = text.as_bytes().split_at(cut % text.len());
    assert_eq!(all(&read_chunks(&[start, end]).unwrap()), expected, "cut at {cut}");

    let mut changed: Vec<_> = goroutines.iter().rev().cloned().collect();
    for goroutine in &mut changed {
        goroutine.goid = goroutine.goid.wrapping_mul(2).max(1);
        goroutine.minutes = goroutine.minutes.map_or(Some(7), |_| None);
        goroutine.labels.push(("tenant".to_owned(), "acme".to_owned()));
        goroutine.flags = [false; 3];
        goroutine.is_locked = !goroutine.is_locked;
    }
    let text = model::print(&changed).replace("(0x", "(0x7").replace(", 0x", ", 0x3");
    assert_eq!(all(&read(text.as_bytes()).unwrap()), expected, "with other ids, waits, labels and arguments");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prop_folds_of_random_dumps_add_up(goroutines in model::dump(20)) {
        let dump = read(model::print(&goroutines).as_bytes()).unwrap();
        check_folds(&dump);
        for snapshot in &dump.snapshots {
            check_coarser(&dump.tables, &group(&dump.tables, snapshot.goroutines()), "random dump");
        }
    }

    #[test]
    fn prop_keys_depend_on_nothing_else(goroutines in model::dump(12), others in model::dump(6), cut in any::<usize>()) {
        // Numbers that double must stay apart.
        prop_assume!(goroutines.iter().all(|goroutine| goroutine.goid < 1 << 62 && goroutine.goid != 0));
        check_keys(&goroutines, &others, cut);
    }
}
