//! Two dumps in one input: nothing is lost when they are compared, whatever is said of them.
//!
//! `cargo +nightly fuzz run compare` in `tests/`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stackherd_core::compare::{Wanted, lives};
use stackherd_core::{Given, Instance, Judgement, OriginRules, Parser, Relation, Snapshot, Tables, compare, group, judge};

/// What lies between the dumps.
const BORDER: &[u8] = b"\n=====\n";

fn read(tables: &mut Tables, text: &[u8]) -> Vec<Snapshot> {
    let mut parser = Parser::default();
    parser.push(tables, text);
    parser.finish(tables).unwrap_or_default()
}

fuzz_target!(|data: &[u8]| {
    let border = data.windows(BORDER.len()).position(|window| window == BORDER).unwrap_or(data.len() / 2);
    let (left, right) = data.split_at(border);
    let mut tables = Tables::default();
    let mut snapshots = read(&mut tables, left);
    snapshots.extend(read(&mut tables, right));
    let origins = OriginRules::default();
    let judged = |snapshot: &Snapshot| {
        let groups = group(&tables, snapshot.goroutines());
        judge(&tables, snapshot, &groups, &origins, Given::default())
    };
    let judgements: Vec<Judgement> = snapshots.iter().map(judged).collect();
    let times = [None, Some(0), Some(i64::MAX), Some(i64::MIN)];
    for (round, relation) in [None, Some(Relation::SameProcess), Some(Relation::SameService)].into_iter().enumerate() {
        let instances: Vec<Instance<'_>> = (0..)
            .zip(snapshots.iter().zip(&judgements))
            .map(|(at, (snapshot, judgement))| Instance {
                snapshot,
                judgement,
                at_millis: times[(at + round) % times.len()],
                name: ["", "t1", "pod-7"][at % 3],
                process: ["", "t1", "pod-7"][at % 3],
            })
            .collect();
        let Some(found) = compare(&tables, &origins, &instances, Wanted { relation, ..Wanted::default() }) else { return };
        let mut order = found.order.clone();
        order.sort_unstable();
        assert!(order.iter().copied().eq(0..snapshots.len() as u32), "{:?}", found.order);
        for (at, snapshot) in snapshots.iter().enumerate() {
            let sum = found.rows.iter().fold(0_u64, |sum, row| sum.saturating_add(row.counts[at]));
            assert_eq!((sum, found.totals[at]), (snapshot.n_goroutines(), snapshot.n_goroutines()));
        }
        for row in &found.rows {
            let Some(lives) = row.lives else { continue };
            let [before, after] = [found.baseline, found.target].map(|dump| row.counts[dump as usize]);
            assert!(lives.ended <= before && lives.born + lives.stuck <= after, "{row:?}");
            assert_eq!(lives::stuck_goids(&instances, &found, row, usize::MAX).len() as u64, lives.stuck);
        }
        assert!(!found.related.why.en.is_empty() && !found.related.why.zh_cn.is_empty());
    }
});
