//! Rows of the groups table.

use std::collections::BTreeMap;

use stackherd_core as model;
use stackherd_core::order;
use stackherd_core::{Edge, FrameId, Goroutine, Group, Groups, StringId};
use stackherd_report::protocol::{FindingBadge, GroupRow};
use stackherd_report::{CategoryCount, Origin};

use crate::compare::Changes;
use crate::convert::{self, FrameReader};

/// A dump's goroutines and how they group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grouped<'a> {
    pub(crate) goroutines: &'a [Goroutine],
    pub(crate) groups: &'a Groups,
    /// By rank.
    pub(crate) keys: &'a [u64],
    pub(crate) frames: FrameReader<'a>,
    pub(crate) judgement: &'a model::Judgement,
    /// What changed, when the dump is compared with others.
    pub(crate) changes: Option<Changes<'a>>,
}

/// A stack taken apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct StackParts {
    /// Leaf first.
    pub(crate) frames: Vec<FrameId>,
    pub(crate) created_by: Option<FrameId>,
    /// Index into `frames` of the frame behind the gap that Go left.
    pub(crate) elided_before: Option<usize>,
}

/// The key of a group as it is written: 16 hexadecimal digits.
pub(crate) fn key_text(key: u64) -> String {
    format!("{key:016x}")
}

impl<'a> Grouped<'a> {
    pub(crate) fn members(self, group: &Group) -> impl Iterator<Item = &'a Goroutine> {
        let goroutines = self.goroutines;
        self.groups.members(group).iter().filter_map(move |&at| goroutines.get(at as usize))
    }

    pub(crate) fn parts(self, group: &Group) -> StackParts {
        let mut parts = StackParts::default();
        for edge in self.frames.tables.edges(group.signature.stack) {
            match edge {
                Edge::Frame(frame) => parts.frames.push(frame),
                Edge::CreatedBy(frame) => parts.created_by = Some(frame),
                Edge::Elided => parts.elided_before = Some(parts.frames.len()),
            }
        }
        parts
    }

    /// Go's words for the group's state with their counts, most frequent first, ties in the order of the dump.
    pub(crate) fn wait_reasons(self, group: &Group) -> Vec<(StringId, u64)> {
        let mut counts: Vec<(StringId, u64)> = Vec::new();
        for goroutine in self.members(group) {
            match counts.iter_mut().find(|(reason, _)| *reason == goroutine.wait_reason) {
                Some((_, count)) => *count += goroutine.count(),
                None => counts.push((goroutine.wait_reason, goroutine.count())),
            }
        }
        order::by_key(&mut counts, |&(_, count)| std::cmp::Reverse(count));
        counts
    }

    /// The frame that names a group: the first application frame from the leaf, else the entry function, `runtime.goexit` and
    /// the like skipped. An index into `frames`.
    pub(crate) fn top(self, frames: &[FrameId]) -> Option<usize> {
        let entry = || frames.iter().rposition(|&frame| self.frames.origin(frame) != Origin::Runtime);
        self.culprit(frames).or_else(entry).or_else(|| frames.len().checked_sub(1))
    }

    /// The frame that says what the goroutines wait in: the first from the leaf that is neither the runtime's nor the
    /// standard library's plumbing. An index into `frames`.
    fn leaf(self, frames: &[FrameId]) -> Option<usize> {
        frames.iter().position(|&frame| match self.frames.origin(frame) {
            Origin::Runtime => false,
            Origin::Std => !self.frames.function(frame).is_plumbing(),
            Origin::App | Origin::Dependency => true,
        })
    }

    /// The first application frame from the leaf: an index into `frames`.
    pub(crate) fn culprit(self, frames: &[FrameId]) -> Option<usize> {
        frames.iter().position(|&frame| self.frames.origin(frame) == Origin::App)
    }

    pub(crate) fn key(self, index: usize) -> String {
        key_text(self.keys.get(index).copied().unwrap_or_default())
    }

    pub(crate) fn state(self, group: &Group) -> String {
        self.wait_reasons(group).first().map(|&(reason, _)| self.frames.text(reason)).unwrap_or_default()
    }

    pub(crate) fn row(self, index: usize, group: &Group) -> GroupRow {
        let parts = self.parts(group);
        let top = self.top(&parts.frames);
        let leaf = self.leaf(&parts.frames).filter(|&leaf| Some(leaf) != top);
        let view = |at: Option<usize>| at.and_then(|at| parts.frames.get(at)).map(|&frame| self.frames.view(frame));
        GroupRow {
            key: self.key(index),
            rank: index as u32 + 1,
            goroutines: group.n_goroutines,
            category: convert::category(group.signature.category),
            state: self.state(group),
            top: view(top),
            leaf: view(leaf),
            created_by: parts.created_by.map(|frame| self.frames.view(frame)),
            wait_minutes: group.wait_minutes.map(convert::wait_minutes),
            leaked: group.n_leaked,
            idle: self.idle(index).map(|idle| idle.name.to_string()),
            finding: self.badge(index),
            score: self.score(index),
            change: self.changes.and_then(|changes| changes.view(index, self.keys.get(index).copied()?, group.n_goroutines)),
        }
    }

    /// Why the group at `index` is idle. A group that a finding speaks for is not set aside, whatever its pattern.
    pub(crate) fn idle(self, index: usize) -> Option<&'a model::Idle> {
        let is_spoken_for = self.judgement.finding_of.get(index).is_some_and(Option::is_some);
        self.judgement.idle.get(index)?.as_ref().filter(|_| !is_spoken_for)
    }

    /// Why the group at `index` ranks where it does.
    pub(crate) fn score(self, index: usize) -> f32 {
        self.judgement.scores.get(index).copied().unwrap_or_default()
    }

    fn badge(self, index: usize) -> Option<FindingBadge> {
        let at = (*self.judgement.finding_of.get(index)?)?;
        let finding = self.judgement.findings.get(at as usize)?;
        Some(FindingBadge { index: at, rule: finding.rule.to_string(), severity: convert::severity(finding.severity) })
    }

    /// Goroutines per category, largest first.
    pub(crate) fn by_category(self) -> Vec<CategoryCount> {
        let mut counts: BTreeMap<model::Category, u64> = BTreeMap::new();
        for group in self.groups {
            *counts.entry(group.signature.category).or_default() += group.n_goroutines;
        }
        let mut counts: Vec<_> = counts
            .into_iter()
            .map(|(category, goroutines)| CategoryCount { category: convert::category(category), goroutines })
            .collect();
        order::by_key(&mut counts, |count| std::cmp::Reverse(count.goroutines));
        counts
    }
}
