//! Groups of several reports, joined by their keys.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, HashMap};

use stackherd_report::{Group, Label, Report, WaitCount};

use crate::report::{N_GOIDS, add_reasons, waits};

/// The rank that each group of one report has among all: by its rank there.
#[derive(Debug)]
pub(super) struct Ranks(HashMap<u32, u32>);

impl Ranks {
    /// New ranks of groups with these ranks.
    pub(super) fn of(&self, ranks: &[u32]) -> Vec<u32> {
        let mut new: Vec<u32> = Vec::new();
        for rank in ranks.iter().filter_map(|rank| self.0.get(rank)).copied() {
            if !new.contains(&rank) {
                new.push(rank);
            }
        }
        new
    }
}

/// Takes the groups out of `reports` and joins them in the order of a report over `n_dumps` dumps; and their ranks in it.
pub(super) fn join(reports: &mut [Report], n_dumps: usize) -> (Vec<Group>, Vec<Ranks>) {
    let mut joined: Vec<Group> = Vec::new();
    let mut position: HashMap<String, usize> = HashMap::new();
    let mut keys_of: Vec<Vec<(u32, String)>> = Vec::new();
    let mut first = 0;
    for report in reports {
        let mut keys = Vec::new();
        for mut group in std::mem::take(&mut report.groups) {
            keys.push((group.rank, group.key.clone()));
            let mut per_dump = vec![0; n_dumps];
            for (slot, &count) in per_dump.iter_mut().skip(first).zip(&group.per_dump) {
                *slot = count;
            }
            group.per_dump = per_dump;
            match position.get(&group.key).and_then(|&at| joined.get_mut(at)) {
                Some(known) => add(known, group),
                None => {
                    position.insert(group.key.clone(), joined.len());
                    joined.push(group);
                }
            }
        }
        first += report.dumps.len();
        keys_of.push(keys);
    }
    joined.sort_by(by_rank);
    for (group, rank) in joined.iter_mut().zip(1..) {
        group.rank = rank;
    }
    let rank_of: HashMap<&str, u32> = joined.iter().map(|group| (group.key.as_str(), group.rank)).collect();
    let ranks = keys_of.iter().map(|keys| {
        let rank = |(old, key): &(u32, String)| Some((*old, *rank_of.get(key.as_str())?));
        Ranks(keys.iter().filter_map(rank).collect())
    });
    let ranks = ranks.collect();
    (joined, ranks)
}

/// The most suspicious first, then the largest, ties by key.
fn by_rank(left: &Group, right: &Group) -> Ordering {
    let size = right.goroutines.cmp(&left.goroutines);
    right.score.total_cmp(&left.score).then(size).then_with(|| left.key.cmp(&right.key))
}

/// Adds `other` to a group with the same key that comes before it.
pub(super) fn add(group: &mut Group, other: Group) {
    group.goroutines = group.goroutines.saturating_add(other.goroutines);
    for (slot, count) in group.per_dump.iter_mut().zip(other.per_dump) {
        *slot = slot.saturating_add(count);
    }
    add_reasons(&mut group.wait_reasons, other.wait_reasons);
    group.wait_counts = add_waits(&group.wait_counts, &other.wait_counts);
    group.wait_minutes = waits(&group.wait_counts);
    group.idle = group.idle.take().filter(|_| other.idle.is_some());
    group.leaked = group.leaked.saturating_add(other.leaked);
    group.locked_to_thread = group.locked_to_thread.saturating_add(other.locked_to_thread);
    add_labels(&mut group.labels, other.labels);
    let room = N_GOIDS.saturating_sub(group.goids.len());
    group.goids.extend(other.goids.into_iter().take(room));
    group.score = group.score.max(other.score);
}

fn add_waits(left: &[WaitCount], right: &[WaitCount]) -> Vec<WaitCount> {
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for wait in left.iter().chain(right) {
        let sum = counts.entry(wait.minutes).or_default();
        *sum = sum.saturating_add(wait.goroutines);
    }
    counts.into_iter().map(|(minutes, goroutines)| WaitCount { minutes, goroutines }).collect()
}

/// Most frequent first, ties by key and value.
fn add_labels(labels: &mut Vec<Label>, more: Vec<Label>) {
    if more.is_empty() {
        return;
    }
    let mut position: HashMap<(String, String), usize> = HashMap::new();
    for (at, label) in labels.iter().enumerate() {
        position.insert((label.key.clone(), label.value.clone()), at);
    }
    for label in more {
        match position.get(&(label.key.clone(), label.value.clone())).and_then(|&at| labels.get_mut(at)) {
            Some(known) => known.goroutines = known.goroutines.saturating_add(label.goroutines),
            None => labels.push(label),
        }
    }
    labels.sort_by(|left, right| {
        let key = |label: &Label| (Reverse(label.goroutines), label.key.clone(), label.value.clone());
        key(left).cmp(&key(right))
    });
}
