//! Everything concluded from one dump.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::mem;

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use crate::ancestry::Ancestry;
use crate::blocking::Blocking;
use crate::finding::{self, Analysis, Confidence, Finding, Severity};
use crate::group::{Groups, positions};
use crate::idle::Idle;
use crate::onset;
use crate::order;
use crate::origin::OriginRules;
use crate::signature::{Grouping, Keys};
use crate::snapshot::Snapshot;
use crate::tables::Tables;
use crate::verdict::{Verdict, verdict};

/// What the reader's own rules say of a dump. Groups are those given to [`judge`].
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Groups to set aside.
    pub ignored: Vec<(u32, Idle)>,
    /// Findings of the reader's rules; they claim their groups before any other.
    pub findings: Vec<Finding>,
    /// Rules not to apply, by name.
    pub muted: Vec<Cow<'static, str>>,
    /// How bad the findings of a rule are, whatever the rule says.
    pub severities: Vec<(Cow<'static, str>, Severity)>,
}

/// Everything concluded from one dump. All indices of groups are those of [`Judgement::groups`].
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The groups in the default ranking: the most suspicious first, then the largest.
    pub groups: Groups,
    /// Their keys, see [`Keys`].
    pub keys: Vec<u64>,
    /// Why each group ranks where it does, 0 to 1.
    pub scores: Vec<f32>,
    /// Why a group is idle.
    pub idle: Vec<Option<Idle>>,
    /// Worst first.
    pub findings: Vec<Finding>,
    /// The finding that speaks for each group: an index into `findings`.
    pub finding_of: Vec<Option<u32>>,
    /// What goroutines wait for.
    pub blocking: Blocking,
    /// Who started whom.
    pub ancestry: Ancestry,
    /// All of it in one sentence.
    pub verdict: Verdict,
}

/// Judges a dump whose goroutines were grouped, the largest group first. `O(goroutines + frames)`.
#[must_use]
pub fn judge(tables: &Tables, snapshot: &Snapshot, groups: &Groups, origins: &OriginRules, mut given: Given) -> Judgement {
    let keys_of = |keys: &Keys<'_>| groups.iter().map(|group| keys.key(group.signature)).collect::<Vec<u64>>();
    let at = |keys: &[u64], index: u32| keys.get(index as usize).copied().unwrap_or_default();
    let keys = keys_of(&Keys::new(tables));
    // Groups of one size stand in the order of the dump, which says nothing of them: rules see them in one of their own.
    let order_keys = keys_of(&Keys::without_folders(tables));
    let size = |index: u32| groups.get(index as usize).map_or(0, |group| group.n_goroutines);
    let mut by_key: Vec<u32> = (0..groups.len() as u32).collect();
    order::by_key(&mut by_key, |&index| (Reverse(size(index)), at(&order_keys, index), index));
    let position = positions(&by_key);
    let moved = |group: &mut u32| *group = position.get(*group as usize).copied().unwrap_or(*group);
    given.ignored.iter_mut().for_each(|(group, _)| moved(group));
    given.findings.iter_mut().flat_map(|finding| &mut finding.groups).for_each(moved);

    let grouped = groups.reordered(&by_key);
    let mut analysis = Analysis::new(tables, snapshot, &grouped, origins, given.ignored);
    let mut findings = finding::find_all(&mut analysis, given.findings, &given.muted);
    for finding in &mut findings {
        if let Some(&(_, severity)) = given.severities.iter().find(|(rule, _)| *rule == finding.rule) {
            finding.severity = severity;
        }
    }
    onset::estimate(&analysis, &mut findings);
    finding::rank(&mut findings);
    let verdict = verdict(&analysis, &findings);
    let scores = scores(&analysis, &findings);
    let score = |index: u32| scores.get(index as usize).copied().unwrap_or_default();
    let place = |index: u32| by_key.get(index as usize).copied().unwrap_or(index);
    // Equal scores keep the order of size, and of the dump.
    let by_score = |left, right| score(right).total_cmp(&score(left)).then(place(left).cmp(&place(right)));
    let order = order::positions(groups.len(), &mut |left, right| by_score(left, right));
    let (blocking, ancestry) = (mem::take(&mut analysis.blocking), mem::take(&mut analysis.ancestry));
    let mut judgement = Judgement {
        groups: grouped.reordered(&order),
        keys: order.iter().map(|&old| at(&keys, place(old))).collect(),
        scores: order.iter().map(|&old| score(old)).collect(),
        idle: order.iter().map(|&old| analysis.idle(old).cloned()).collect(),
        findings,
        finding_of: alloc::vec![None; groups.len()],
        blocking,
        ancestry,
        verdict,
    };
    judgement.renumber(&positions(&order));
    judgement
}

impl Judgement {
    /// The same conclusions about groups that are alike as `grouping` says. What was found stays: rules look at stacks.
    ///
    /// A joined group ranks as its best part does, is spoken for by the worst finding of its parts, and is idle when all of
    /// them are.
    #[must_use]
    pub fn folded(&self, tables: &Tables, snapshot: &Snapshot, origins: &OriginRules, grouping: Grouping) -> Self {
        if grouping == Grouping::default() {
            return self.clone();
        }
        self.folded_by(snapshot, &Keys::of(tables, origins, grouping))
    }

    /// The same by keys that serve several dumps. `O(goroutines + groups)`.
    #[must_use]
    pub fn folded_by(&self, snapshot: &Snapshot, keys: &Keys<'_>) -> Self {
        if keys.grouping() == Grouping::default() {
            return self.clone();
        }
        let keys: Vec<u64> = self.groups.iter().map(|group| keys.key(group.signature)).collect();
        let (folded, went) = self.groups.fold(snapshot.goroutines(), &keys);
        let mut parts = alloc::vec![Joined::default(); folded.len()];
        for (index, &joined) in went.iter().enumerate() {
            let Some(joined) = parts.get_mut(joined as usize) else { continue };
            let n_goroutines = self.groups.get(index).map_or(0, |group| group.n_goroutines);
            joined.key = keys.get(index).copied().unwrap_or_default();
            joined.score = joined.score.max(self.scores.get(index).copied().unwrap_or_default());
            match self.idle.get(index).and_then(Option::as_ref) {
                Some(idle) if joined.idle.is_none_or(|(n_largest, _)| n_goroutines > n_largest) => {
                    joined.idle = Some((n_goroutines, idle));
                }
                Some(_) => {}
                None => joined.is_busy = true,
            }
        }
        let score = |index: u32| parts.get(index as usize).map_or(0.0, |joined| joined.score);
        let mut order: Vec<u32> = (0..folded.len() as u32).collect();
        // Equal scores keep the order of size.
        order.sort_by(|&left, &right| score(right).total_cmp(&score(left)));
        let ranked: Vec<&Joined<'_>> = order.iter().filter_map(|&old| parts.get(old as usize)).collect();
        let position = positions(&order);
        let position: Vec<u32> = went.iter().map(|&joined| position.get(joined as usize).copied().unwrap_or(joined)).collect();
        let mut judgement = Self {
            groups: folded.reordered(&order),
            keys: ranked.iter().map(|joined| joined.key).collect(),
            scores: ranked.iter().map(|joined| joined.score).collect(),
            idle: ranked.iter().map(|joined| joined.idle.filter(|_| !joined.is_busy).map(|(_, idle)| idle.clone())).collect(),
            findings: self.findings.clone(),
            finding_of: alloc::vec![None; folded.len()],
            blocking: self.blocking.clone(),
            ancestry: self.ancestry.clone(),
            verdict: self.verdict.clone(),
        };
        judgement.renumber(&position);
        judgement
    }

    /// Replaces indices of groups by their `position`.
    fn renumber(&mut self, position: &[u32]) {
        let renumber = |group: &mut u32| *group = position.get(*group as usize).copied().unwrap_or(*group);
        for (index, finding) in self.findings.iter_mut().enumerate() {
            finding.groups.iter_mut().for_each(renumber);
            // All of a finding rank by its weight, so that this is their order by size.
            finding.groups.sort_unstable();
            finding.groups.dedup();
            for &group in finding.groups.iter().filter(|_| finding.claims) {
                if let Some(slot) = self.finding_of.get_mut(group as usize) {
                    slot.get_or_insert(index as u32);
                }
            }
        }
        for object in &mut self.blocking.objects {
            object.groups.iter_mut().for_each(renumber);
            dedup(&mut object.groups);
            object.candidates.iter_mut().for_each(|candidate| renumber(&mut candidate.group));
        }
        self.ancestry.sites.iter_mut().filter_map(|site| site.largest_group.as_mut()).for_each(renumber);
    }
}

/// What the parts of a joined group say together.
#[derive(Clone, Copy, Debug, Default)]
struct Joined<'a> {
    key: u64,
    score: f32,
    /// Of the largest part that is idle, with its size.
    idle: Option<(u64, &'a Idle)>,
    is_busy: bool,
}

/// Leaves the first of equal groups, wherever they stand.
fn dedup(groups: &mut Vec<u32>) {
    let mut is_known = HashSet::<u32, FixedState>::default();
    groups.retain(|&group| is_known.insert(group));
}

/// How suspicious each group is: what its finding says, then its share of the dump.
fn scores(analysis: &Analysis<'_>, findings: &[Finding]) -> Vec<f32> {
    let n_all = analysis.n_goroutines().max(1) as f32;
    let mut scores: Vec<f32> = analysis
        .groups()
        .map(|group| {
            let share = group.n_goroutines() as f32 / n_all;
            if analysis.idle(group.index()).is_some() { 0.05 * share } else { 0.1 + 0.2 * share }
        })
        .collect();
    for finding in findings.iter().filter(|finding| finding.claims) {
        let severity = match finding.severity {
            Severity::Critical => 0.8,
            Severity::Warning => 0.6,
            Severity::Info => 0.35,
        };
        let confidence = match finding.confidence {
            Confidence::Certain => 0.08,
            Confidence::Likely => 0.05,
            Confidence::Possible => 0.0,
        };
        let share = 0.1 * finding.n_goroutines.min(n_all as u64) as f32 / n_all;
        for &group in &finding.groups {
            if let Some(score) = scores.get_mut(group as usize) {
                *score = score.max(severity + confidence + share);
            }
        }
    }
    scores
}
