//! The report over all dumps of a session.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use stackherd_core::{self as model, Goroutine, Signature};
use stackherd_report::{Dump, Generator, Group, Input, Report, SCHEMA, Totals};

use crate::convert;
use crate::detail::{label_counts, wait_reasons};
use crate::rows::Grouped;

/// Ids listed of a group.
const N_GOIDS: usize = 100;

/// One signature in all dumps: its group in each dump that has it, by position of the dump.
struct Joined<'a> {
    signature: Signature,
    n_goroutines: u64,
    /// Its rank in the first dump that has it.
    index: usize,
    parts: Vec<(usize, &'a model::Group)>,
}

/// Makes the report. Groups are joined over the dumps: largest first, ties by first appearance.
pub(crate) fn report(inputs: Vec<Input>, dumps: Vec<Dump>, grouped: &[Grouped<'_>]) -> Report {
    let mut joined: Vec<Joined<'_>> = Vec::new();
    let mut position: HashMap<Signature, usize> = HashMap::new();
    for (dump, grouped) in grouped.iter().enumerate() {
        for (index, group) in grouped.groups.iter().enumerate() {
            let at = *position.entry(group.signature).or_insert_with(|| {
                joined.push(Joined { signature: group.signature, n_goroutines: 0, index, parts: Vec::new() });
                joined.len() - 1
            });
            if let Some(joined) = joined.get_mut(at) {
                joined.n_goroutines += group.n_goroutines;
                joined.parts.push((dump, group));
            }
        }
    }
    joined.sort_by_key(|joined| Reverse(joined.n_goroutines));
    let totals = totals(&joined);
    let groups =
        joined.iter().enumerate().filter_map(|(index, joined)| group(index, joined, grouped, totals.goroutines)).collect();
    Report {
        schema: SCHEMA.to_owned(),
        generator: Generator { name: "stackherd".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        inputs,
        dumps,
        totals,
        groups,
        findings: Vec::new(),
        comparison: None,
        blocking: Vec::new(),
    }
}

fn totals(joined: &[Joined<'_>]) -> Totals {
    let mut by_category = BTreeMap::new();
    for joined in joined {
        *by_category.entry(convert::category(joined.signature.category)).or_default() += joined.n_goroutines;
    }
    Totals {
        goroutines: joined.iter().map(|joined| joined.n_goroutines).sum(),
        groups: joined.len() as u64,
        idle_goroutines: 0,
        by_category,
    }
}

fn group(index: usize, joined: &Joined<'_>, grouped: &[Grouped<'_>], n_all: u64) -> Option<Group> {
    let &(dump, first_group) = joined.parts.first()?;
    let first = *grouped.get(dump)?;
    let parts = first.parts(first_group);
    let culprit = first.culprit(&parts.frames).map(|at| at as u32);
    let members = || joined.parts.iter().filter_map(|&(dump, group)| Some(grouped.get(dump)?.members(group))).flatten();
    let mut per_dump = vec![0; grouped.len()];
    let mut reasons = Vec::new();
    for &(dump, group) in &joined.parts {
        if let Some(count) = per_dump.get_mut(dump) {
            *count = group.n_goroutines;
        }
        if let Some(grouped) = grouped.get(dump) {
            add_reasons(&mut reasons, wait_reasons(*grouped, group));
        }
    }
    reasons.sort_by_key(|reason| Reverse(reason.goroutines));
    let mut waits: Vec<u32> = members().filter_map(Goroutine::wait_minutes).collect();
    let sum = |count: fn(&model::Group) -> u64| joined.parts.iter().map(|(_, group)| count(group)).sum();
    Some(Group {
        rank: index as u32 + 1,
        key: first.key(joined.index),
        goroutines: joined.n_goroutines,
        per_dump,
        category: convert::category(joined.signature.category),
        wait_reasons: reasons,
        wait_minutes: model::WaitMinutes::of(&mut waits).map(convert::wait_minutes),
        stack: parts.frames.iter().map(|&frame| first.frames.frame(frame)).collect(),
        frames_elided: parts.elided_before.is_some(),
        created_by: parts.created_by.map(|frame| first.frames.site(frame)),
        culprit,
        idle: None,
        leaked: sum(|group| group.n_leaked),
        locked_to_thread: sum(|group| group.n_locked_to_thread),
        labels: label_counts(first, members(), usize::MAX),
        goids: members().filter_map(Goroutine::goid).map(|goid| goid.0).take(N_GOIDS).collect(),
        score: joined.n_goroutines as f64 / n_all.max(1) as f64,
    })
}

fn add_reasons(reasons: &mut Vec<stackherd_report::WaitReasonCount>, more: Vec<stackherd_report::WaitReasonCount>) {
    for reason in more {
        match reasons.iter_mut().find(|known| known.text == reason.text) {
            Some(known) => known.goroutines += reason.goroutines,
            None => reasons.push(reason),
        }
    }
}
