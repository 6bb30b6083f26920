//! Goroutines followed from dump to dump, against a comparison of all pairs.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use stackherd_core::compare::lives::stuck_goids;
use stackherd_core::compare::{Lives, Row, Wanted};
use stackherd_core::{Comparison, Instance, Mode, Relation, Status};

use crate::relations::Dumps;

/// States, of which the first two are one category.
const STATES: [&str; 5] = ["chan receive", "chan receive (nil chan)", "select", "running", "IO wait"];
const CATEGORIES: [usize; 5] = [0, 0, 2, 3, 4];
const MINUTE_MILLIS: i64 = 60_000;

/// Where a goroutine stands in a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stand {
    /// Its stack: a function and a line.
    stack: usize,
    state: usize,
    wait_minutes: Option<u32>,
}

/// Goroutines by id. The id 0 is that of system goroutines.
type Model = BTreeMap<u64, Stand>;

/// In which dumps goroutines are, and where.
fn lives(n_dumps: usize) -> impl Strategy<Value = Vec<Model>> {
    let stand = (0..6_usize, 0..STATES.len(), option::weighted(0.6, 1..6_u32)).prop_map(|(stack, state, wait_minutes)| Stand {
        stack,
        state,
        wait_minutes,
    });
    // Most stay where they are, so that some are stuck.
    let life = (stand.clone(), vec((0..8_u32, stand, 0..3_u32), n_dumps)).prop_map(|(first, steps)| {
        let mut at = first;
        let step = move |(change, other, minutes): (u32, Stand, u32)| match change {
            0 | 1 => None,
            2 => Some(other),
            _ => {
                at.wait_minutes = at.wait_minutes.map(|wait| wait + minutes);
                Some(at)
            }
        };
        steps.into_iter().map(step).collect::<Vec<_>>()
    });
    btree_map(prop_oneof![4 => 0..200_u64, 1 => any::<u64>()], life, 1..60).prop_map(move |lives| {
        let dump = |at: usize| lives.iter().filter_map(|(&goid, life)| Some((goid, life[at]?))).collect();
        (0..n_dumps).map(dump).collect()
    })
}

fn print(model: &Model) -> String {
    let goroutine = |(goid, stand): (&u64, &Stand)| {
        let wait = stand.wait_minutes.map_or(String::new(), |minutes| format!(", {minutes} minutes"));
        let (function, line) = (stand.stack / 2, 10 + stand.stack);
        let call = format!("acme.example/shop.(*Cart).step{function}(0x1)\n\t/src/shop/cart.go:{line} +0x1d");
        format!(
            "goroutine {goid} [{}{wait}]:\n{call}\ncreated by main.main in goroutine 1\n\t/src/main.go:9 +0x5\n",
            STATES[stand.state]
        )
    };
    model.iter().map(goroutine).collect::<Vec<_>>().join("\n")
}

fn dumps(models: &[Model], at_millis: &[Option<i64>]) -> Dumps {
    let mut dumps = Dumps::default();
    for (model, &at_millis) in models.iter().zip(at_millis) {
        dumps.add("", print(model).as_bytes(), at_millis);
    }
    dumps
}

/// All have something in them.
fn models(n_dumps: usize) -> impl Strategy<Value = Vec<Model>> {
    lives(n_dumps).prop_filter("a dump is empty", |models| models.iter().all(|model| model.keys().any(|&goid| goid > 0)))
}

const ONE_PROCESS: Wanted = Wanted { mode: None, relation: Some(Relation::SameProcess), baseline: Some(0), target: Some(1) };

/// Ids of the goroutines of a row in a dump.
fn members(instances: &[Instance<'_>], row: &Row, dump: usize) -> Vec<u64> {
    let instance = &instances[dump];
    let Some(group) = row.groups[dump] else { return Vec::new() };
    let members = instance.judgement.groups.members(instance.judgement.groups.get(group as usize).unwrap());
    members.iter().map(|&at| instance.snapshot.goroutines()[at as usize].goid().unwrap().0).collect()
}

fn is_stuck(before: Stand, after: Stand, is_short: bool) -> bool {
    let is_one_place = (before.stack, CATEGORIES[before.state]) == (after.stack, CATEGORIES[after.state]);
    let has_grown = match (before.wait_minutes, after.wait_minutes) {
        (Some(before), Some(after)) if is_short => after >= before,
        (Some(before), Some(after)) => after > before,
        (Some(_), None) => false,
        (None, _) => true,
    };
    is_one_place && has_grown
}

/// Lives of a row, each goroutine of one dump looked for among all of the other.
fn slow_lives(before: &Model, after: &Model, old: &[u64], new: &[u64], is_short: bool) -> Lives {
    let is_in = |model: &Model, goid: u64| model.iter().any(|(&other, _)| other == goid);
    let count =
        |goids: &[u64], is_it: &dyn Fn(u64) -> bool| goids.iter().filter(|&&goid| goid > 0 && is_it(goid)).count() as u64;
    let stays = |goid: u64| before.iter().any(|(&other, &stand)| other == goid && is_stuck(stand, after[&goid], is_short));
    Lives {
        born: count(new, &|goid| !is_in(before, goid)),
        ended: count(old, &|goid| !is_in(after, goid)),
        stuck: count(new, &stays),
    }
}

fn by_key(comparison: &Comparison) -> BTreeMap<u64, &Row> {
    comparison.rows.iter().map(|row| (row.key, row)).collect()
}

fn mirrored(status: Status) -> Status {
    match status {
        Status::New => Status::Gone,
        Status::Gone => Status::New,
        Status::Grown => Status::Shrunk,
        Status::Shrunk => Status::Grown,
        Status::Same => Status::Same,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn prop_lives_are_those_of_all_pairs(models in models(2), seconds in option::of(0..200_i64)) {
        let at = |from: i64| seconds.map(|seconds| from * seconds * 1000);
        let dumps = dumps(&models, &[at(0), at(1)]);
        let found = dumps.compare(ONE_PROCESS);
        // Ids tell the order where times do not.
        let is_reversed = found.is_reversed();
        prop_assert!(!is_reversed || seconds.is_none_or(|seconds| seconds == 0));
        let is_short = seconds.is_some_and(|seconds| seconds * 1000 < MINUTE_MILLIS);
        dumps.with_instances(|instances| {
            for row in &found.rows {
                let [old, new] = [0, 1].map(|dump| members(instances, row, dump));
                prop_assert_eq!(vec![old.len() as u64, new.len() as u64], row.counts.clone());
                let lives = if is_reversed {
                    let lives = slow_lives(&models[1], &models[0], &new, &old, is_short);
                    Lives { born: lives.ended, ended: lives.born, ..lives }
                } else {
                    slow_lives(&models[0], &models[1], &old, &new, is_short)
                };
                prop_assert_eq!(row.lives, Some(lives));
                let stuck = stuck_goids(instances, &found, row, usize::MAX);
                prop_assert_eq!(stuck.len() as u64, lives.stuck);
                let (earlier, later) = if is_reversed { (&models[1], &models[0]) } else { (&models[0], &models[1]) };
                prop_assert!(stuck.iter().all(|goid| is_stuck(earlier[&goid.0], later[&goid.0], is_short) && new.contains(&goid.0)));
                prop_assert_eq!(stuck_goids(instances, &found, row, 3), stuck[..stuck.len().min(3)].to_vec());
            }
            Ok(())
        })?;
    }

    #[test]
    fn prop_a_dump_is_the_same_as_itself(models in models(1)) {
        let dumps = dumps(&[models[0].clone(), models[0].clone()], &[Some(0), Some(0)]);
        let found = dumps.compare(Wanted::default());
        prop_assert_eq!(found.related.relation, Relation::SameProcess);
        dumps.with_instances(|instances| {
            for row in &found.rows {
                let n_followed = members(instances, row, 1).iter().filter(|&&goid| goid > 0).count() as u64;
                prop_assert_eq!((row.status, row.delta), (Status::Same, 0));
                prop_assert_eq!(row.lives, Some(Lives { born: 0, ended: 0, stuck: n_followed }));
            }
            Ok(())
        })?;
    }

    #[test]
    fn prop_swapping_mirrors(models in models(2)) {
        let dumps = dumps(&models, &[Some(0), Some(5 * MINUTE_MILLIS)]);
        let (there, back) = (dumps.compare(ONE_PROCESS), dumps.compare(Wanted { baseline: Some(1), target: Some(0), ..ONE_PROCESS }));
        let back_rows = by_key(&back);
        prop_assert_eq!(there.minutes, Some(5.0));
        prop_assert_eq!(back.minutes, Some(-5.0));
        for row in &there.rows {
            let other = back_rows[&row.key];
            prop_assert_eq!((mirrored(row.status), -row.delta), (other.status, other.delta));
            prop_assert_eq!(row.per_minute, other.per_minute);
            let (lives, other) = (row.lives.unwrap(), other.lives.unwrap());
            prop_assert_eq!((lives.born, lives.ended, lives.stuck), (other.ended, other.born, other.stuck));
        }
    }

    #[test]
    fn prop_counts_add_up_in_any_order(models in models(4), order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle()) {
        let at: Vec<Option<i64>> = (0..4).map(|at| Some(at * 3 * MINUTE_MILLIS)).collect();
        let given = dumps(&models, &at).compare(Wanted { baseline: None, target: None, ..ONE_PROCESS });
        for (at, model) in models.iter().enumerate() {
            prop_assert_eq!(given.totals[at], model.len() as u64);
            prop_assert_eq!(given.rows.iter().map(|row| row.counts[at]).sum::<u64>(), model.len() as u64);
        }
        let pick = |list: &[Option<i64>]| order.iter().map(|&from| list[from]).collect::<Vec<_>>();
        let shuffled: Vec<Model> = order.iter().map(|&from| models[from].clone()).collect();
        let other = dumps(&shuffled, &pick(&at)).compare(Wanted { baseline: None, target: None, ..ONE_PROCESS });
        let rows = by_key(&other);
        prop_assert_eq!(given.rows.len(), rows.len());
        prop_assert_eq!(order.iter().map(|&from| given.totals[from]).collect::<Vec<_>>(), other.totals.clone());
        for row in &given.rows {
            let found = rows[&row.key];
            prop_assert_eq!(order.iter().map(|&from| row.counts[from]).collect::<Vec<_>>(), found.counts.clone());
            prop_assert_eq!((row.status, row.delta, row.lives, row.trend), (found.status, found.delta, found.lives, found.trend));
        }
    }

    /// Whatever is said or told of the relation, nothing gets lost.
    #[test]
    fn prop_nothing_gets_lost(models in models(3)) {
        let dumps = dumps(&models, &[None; 3]);
        for relation in [None, Some(Relation::SameProcess), Some(Relation::SameService), Some(Relation::Unknown)] {
            let found = dumps.compare(Wanted { relation, ..Wanted::default() });
            let mut order = found.order.clone();
            order.sort_unstable();
            prop_assert_eq!(order, vec![0, 1, 2]);
            prop_assert_eq!((found.related.process.len(), found.related.is_given), (3, relation.is_some()));
            prop_assert!(found.baseline != found.target);
            let has_lives = found.related.are_one_process(found.baseline, found.target);
            prop_assert!(found.rows.iter().all(|row| row.lives.is_some() == has_lives || found.mode == Mode::Fleet));
        }
    }
}
