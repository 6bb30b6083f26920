//! Groups of several dumps, joined by their keys.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use stackherd_core::{self as model, Goroutine};
use stackherd_report::{Group, WaitCount, WaitReasonCount};

use crate::convert;
use crate::detail::{label_counts, wait_reasons};
use crate::rows::{Grouped, key_text};

/// Ids listed of a group.
pub(crate) const N_GOIDS: usize = 100;

/// One key in all dumps: its groups in each dump that has it, by position of the dump.
#[derive(Debug)]
pub(super) struct Joined<'a> {
    key: u64,
    n_goroutines: u64,
    /// Its best score, as the report has it.
    score: f64,
    /// The dumps that have it, its index there and the group.
    parts: Vec<(usize, usize, &'a model::Group)>,
}

/// Ranks of joined groups, by dump and index in there.
#[derive(Debug)]
pub(super) struct Ranks(Vec<Vec<u32>>);

/// The most suspicious first, then the largest; ties in one dump as they are, in several by key.
pub(super) fn join<'a>(grouped: &[Grouped<'a>]) -> Vec<Joined<'a>> {
    let mut joined: Vec<Joined<'_>> = Vec::new();
    let mut position: HashMap<u64, usize> = HashMap::new();
    for (dump, grouped) in grouped.iter().enumerate() {
        for ((index, group), &key) in grouped.groups.iter().enumerate().zip(grouped.keys) {
            let at = *position.entry(key).or_insert_with(|| {
                joined.push(Joined { key, n_goroutines: 0, score: 0.0, parts: Vec::new() });
                joined.len() - 1
            });
            if let Some(joined) = joined.get_mut(at) {
                joined.n_goroutines = joined.n_goroutines.saturating_add(group.n_goroutines);
                joined.score = joined.score.max(rounded(grouped.score(index)));
                joined.parts.push((dump, index, group));
            }
        }
    }
    // The order within one dump tells more than is written of a score.
    if grouped.len() > 1 {
        joined.sort_by(|left, right| rank(left).partial_cmp(&rank(right)).unwrap_or(std::cmp::Ordering::Equal));
    }
    joined
}

fn rank(joined: &Joined<'_>) -> (f64, Reverse<u64>, u64) {
    (-joined.score, Reverse(joined.n_goroutines), joined.key)
}

impl Ranks {
    pub(super) fn new(grouped: &[Grouped<'_>], joined: &[Joined<'_>]) -> Self {
        let mut ranks: Vec<Vec<u32>> = grouped.iter().map(|grouped| vec![0; grouped.groups.len()]).collect();
        for (joined, rank) in joined.iter().zip(1..) {
            for &(dump, index, _) in &joined.parts {
                if let Some(slot) = ranks.get_mut(dump).and_then(|ranks| ranks.get_mut(index)) {
                    *slot = rank;
                }
            }
        }
        Self(ranks)
    }

    /// Ranks of the groups of a dump, in the same order.
    pub(super) fn of(&self, dump: usize, groups: &[u32]) -> Vec<u32> {
        let Some(ranks) = self.0.get(dump) else { return Vec::new() };
        groups.iter().filter_map(|&group| ranks.get(group as usize)).copied().collect()
    }
}

/// The joined groups as the report has them.
pub(super) fn groups(joined: &[Joined<'_>], grouped: &[Grouped<'_>]) -> Vec<Group> {
    joined.iter().zip(1..).filter_map(|(joined, rank)| group(rank, joined, grouped)).collect()
}

fn group(rank: u32, joined: &Joined<'_>, grouped: &[Grouped<'_>]) -> Option<Group> {
    let &(dump, _, first_group) = joined.parts.first()?;
    let first = *grouped.get(dump)?;
    let parts = first.parts(first_group);
    let culprit = first.culprit(&parts.frames).map(|at| at as u32);
    let members = || joined.parts.iter().filter_map(|&(dump, _, group)| Some(grouped.get(dump)?.members(group))).flatten();
    let mut per_dump = vec![0_u64; grouped.len()];
    let mut reasons = Vec::new();
    for &(dump, _, group) in &joined.parts {
        if let Some(count) = per_dump.get_mut(dump) {
            *count = count.saturating_add(group.n_goroutines);
        }
        if let Some(grouped) = grouped.get(dump) {
            add_reasons(&mut reasons, wait_reasons(*grouped, group));
        }
    }
    let wait_counts = wait_counts(members());
    let sum = |count: fn(&model::Group) -> u64| joined.parts.iter().map(|(_, _, group)| count(group)).sum();
    Some(Group {
        rank,
        key: key_text(joined.key),
        goroutines: joined.n_goroutines,
        per_dump,
        category: convert::category(first_group.signature.category),
        wait_reasons: reasons,
        wait_minutes: waits(&wait_counts),
        wait_counts,
        stack: parts.frames.iter().map(|&frame| first.frames.frame(frame)).collect(),
        frames_elided: parts.elided_before.is_some(),
        created_by: parts.created_by.map(|frame| first.frames.site(frame)),
        culprit,
        idle: idle(joined, grouped),
        leaked: sum(|group| group.n_leaked),
        locked_to_thread: sum(|group| group.n_locked_to_thread),
        labels: label_counts(first, members(), usize::MAX),
        goids: members().filter_map(Goroutine::goid).map(|goid| goid.0).take(N_GOIDS).collect(),
        score: joined.score,
    })
}

/// The idle pattern of a group that is idle in every dump that has it.
fn idle(joined: &Joined<'_>, grouped: &[Grouped<'_>]) -> Option<String> {
    let mut names = joined.parts.iter().map(|&(dump, index, _)| Some(&grouped.get(dump)?.idle(index)?.name));
    let first = names.next()??;
    names.all(|name| name.is_some()).then(|| first.to_string())
}

/// A score with the digits that mean something: `0.83`, not `0.8299999833106995`.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e4).round() / 1e4
}

/// Adds up what goroutines wait for, most frequent first; ties in order of first appearance.
pub(crate) fn add_reasons(reasons: &mut Vec<WaitReasonCount>, more: Vec<WaitReasonCount>) {
    for reason in more {
        match reasons.iter_mut().find(|known| known.text == reason.text) {
            Some(known) => known.goroutines = known.goroutines.saturating_add(reason.goroutines),
            None => reasons.push(reason),
        }
    }
    reasons.sort_by_key(|reason| Reverse(reason.goroutines));
}

fn wait_counts<'a>(members: impl Iterator<Item = &'a Goroutine>) -> Vec<WaitCount> {
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for minutes in members.filter_map(Goroutine::wait_minutes) {
        *counts.entry(minutes).or_default() += 1;
    }
    counts.into_iter().map(|(minutes, goroutines)| WaitCount { minutes, goroutines }).collect()
}

/// The distribution of waits, as [`model::WaitMinutes::of`] has it; `None` if there is none.
pub(crate) fn waits(counts: &[WaitCount]) -> Option<stackherd_report::WaitMinutes> {
    let (min, max) = (counts.first()?.minutes, counts.last()?.minutes);
    let known = counts.iter().fold(0_u64, |sum, count| sum.saturating_add(count.goroutines));
    let quantile = |percent: u64| {
        let mut left = u128::from(known.saturating_sub(1)) * u128::from(percent) / 100;
        let at = counts.iter().find(|count| {
            let is_here = left < u128::from(count.goroutines);
            left = left.saturating_sub(u128::from(count.goroutines));
            is_here
        });
        at.map_or(max, |count| count.minutes)
    };
    Some(stackherd_report::WaitMinutes { known, min, p50: quantile(50), p95: quantile(95), max })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_waits_are_those_of_the_core() {
        for list in [&[7][..], &[1, 1, 2], &[9, 1, 4, 4, 2, 100, 3], &[0; 40], &[5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]] {
            let mut minutes: BTreeMap<u32, u64> = BTreeMap::new();
            list.iter().for_each(|&wait| *minutes.entry(wait).or_default() += 1);
            let counts: Vec<_> = minutes.into_iter().map(|(minutes, goroutines)| WaitCount { minutes, goroutines }).collect();
            let expected = model::WaitMinutes::of(&mut list.to_vec()).map(convert::wait_minutes);
            assert_eq!(waits(&counts), expected, "{list:?}");
        }
        assert_eq!(waits(&[]), None);
    }
}
