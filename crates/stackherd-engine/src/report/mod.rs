//! The report over all dumps of a session.

mod concluded;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use stackherd_core::order;
use stackherd_core::{self as model, Goroutine, Signature};
use stackherd_report::{Dump, Generator, Group, Input, Report, SCHEMA, Totals};

use crate::convert;
use crate::detail::{label_counts, wait_reasons};
use crate::judged::Judged;
use crate::rows::Grouped;

/// Ids listed of a group.
const N_GOIDS: usize = 100;

/// One signature in all dumps: its group in each dump that has it, by position of the dump.
struct Joined<'a> {
    signature: Signature,
    n_goroutines: u64,
    /// Its best score.
    score: f32,
    /// The dumps that have it, its index there and the group.
    parts: Vec<(usize, usize, &'a model::Group)>,
}

/// Ranks of joined groups, by dump and index in there.
#[derive(Debug)]
struct Ranks(Vec<Vec<u32>>);

/// Makes the report. Groups are joined over the dumps: the most suspicious first, then the largest, ties by first appearance.
pub(crate) fn report(inputs: Vec<Input>, dumps: Vec<Dump>, judged: &[Judged<'_>]) -> Report {
    let grouped: Vec<Grouped<'_>> = judged.iter().map(|judged| judged.grouped).collect();
    let joined = join(&grouped);
    let ranks = Ranks::new(&grouped, &joined);
    let groups: Vec<Group> = joined.iter().enumerate().filter_map(|(index, joined)| group(index, joined, &grouped)).collect();
    Report {
        schema: SCHEMA.to_owned(),
        generator: Generator { name: "stackherd".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        inputs,
        dumps,
        totals: totals(&groups),
        groups,
        findings: concluded::findings(judged, &ranks),
        comparison: None,
        blocking: concluded::blocking(judged, &ranks),
        ancestry: concluded::ancestry(judged),
    }
}

fn join<'a>(grouped: &[Grouped<'a>]) -> Vec<Joined<'a>> {
    let mut joined: Vec<Joined<'_>> = Vec::new();
    let mut position: HashMap<Signature, usize> = HashMap::new();
    for (dump, grouped) in grouped.iter().enumerate() {
        for (index, group) in grouped.groups.iter().enumerate() {
            let at = *position.entry(group.signature).or_insert_with(|| {
                joined.push(Joined { signature: group.signature, n_goroutines: 0, score: 0.0, parts: Vec::new() });
                joined.len() - 1
            });
            if let Some(joined) = joined.get_mut(at) {
                joined.n_goroutines = joined.n_goroutines.saturating_add(group.n_goroutines);
                joined.score = joined.score.max(grouped.score(index));
                joined.parts.push((dump, index, group));
            }
        }
    }
    order::by(&mut joined, |left, right| right.score.total_cmp(&left.score).then(right.n_goroutines.cmp(&left.n_goroutines)));
    joined
}

impl Ranks {
    fn new(grouped: &[Grouped<'_>], joined: &[Joined<'_>]) -> Self {
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
    fn of(&self, dump: usize, groups: &[u32]) -> Vec<u32> {
        let Some(ranks) = self.0.get(dump) else { return Vec::new() };
        groups.iter().filter_map(|&group| ranks.get(group as usize)).copied().collect()
    }
}

fn totals(groups: &[Group]) -> Totals {
    let mut by_category = BTreeMap::new();
    for group in groups {
        *by_category.entry(group.category).or_default() += group.goroutines;
    }
    Totals {
        goroutines: groups.iter().map(|group| group.goroutines).sum(),
        groups: groups.len() as u64,
        idle_goroutines: groups.iter().filter(|group| group.idle.is_some()).map(|group| group.goroutines).sum(),
        by_category,
    }
}

fn group(index: usize, joined: &Joined<'_>, grouped: &[Grouped<'_>]) -> Option<Group> {
    let &(dump, first_index, first_group) = joined.parts.first()?;
    let first = *grouped.get(dump)?;
    let parts = first.parts(first_group);
    let culprit = first.culprit(&parts.frames).map(|at| at as u32);
    let members = || joined.parts.iter().filter_map(|&(dump, _, group)| Some(grouped.get(dump)?.members(group))).flatten();
    let mut per_dump = vec![0; grouped.len()];
    let mut reasons = Vec::new();
    for &(dump, _, group) in &joined.parts {
        if let Some(count) = per_dump.get_mut(dump) {
            *count = group.n_goroutines;
        }
        if let Some(grouped) = grouped.get(dump) {
            add_reasons(&mut reasons, wait_reasons(*grouped, group));
        }
    }
    order::by_key(&mut reasons, |reason| Reverse(reason.goroutines));
    let mut waits: Vec<u32> = members().filter_map(Goroutine::wait_minutes).collect();
    let sum = |count: fn(&model::Group) -> u64| joined.parts.iter().map(|(_, _, group)| count(group)).sum();
    Some(Group {
        rank: index as u32 + 1,
        key: first.key(first_index),
        goroutines: joined.n_goroutines,
        per_dump,
        category: convert::category(joined.signature.category),
        wait_reasons: reasons,
        wait_minutes: model::WaitMinutes::of(&mut waits).map(convert::wait_minutes),
        stack: parts.frames.iter().map(|&frame| first.frames.frame(frame)).collect(),
        frames_elided: parts.elided_before.is_some(),
        created_by: parts.created_by.map(|frame| first.frames.site(frame)),
        culprit,
        idle: idle(joined, grouped),
        leaked: sum(|group| group.n_leaked),
        locked_to_thread: sum(|group| group.n_locked_to_thread),
        labels: label_counts(first, members(), usize::MAX),
        goids: members().filter_map(Goroutine::goid).map(|goid| goid.0).take(N_GOIDS).collect(),
        score: rounded(joined.score),
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

fn add_reasons(reasons: &mut Vec<stackherd_report::WaitReasonCount>, more: Vec<stackherd_report::WaitReasonCount>) {
    for reason in more {
        match reasons.iter_mut().find(|known| known.text == reason.text) {
            Some(known) => known.goroutines += reason.goroutines,
            None => reasons.push(reason),
        }
    }
}
