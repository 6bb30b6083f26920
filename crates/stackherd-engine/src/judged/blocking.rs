//! The blocked-on view: objects, who waits, who may hold them, cycles.

use stackherd_core::blocking::{Candidate, Cycle, Object};
use stackherd_core::{FrameId, Goroutine};
use stackherd_report::protocol::{BlockingView, CandidateView, CycleStep, CycleView, ObjectRow};
use stackherd_report::{Language, Origin};

use super::Judged;
use crate::convert;
use crate::detail::goroutine_row;

/// Objects listed.
pub(super) const MAX_OBJECTS: usize = 1000;
/// Groups listed of an object.
const MAX_GROUPS: usize = 20;
/// Candidates listed of an object.
pub(crate) const MAX_CANDIDATES: usize = 5;
/// Frames shown of a goroutine in a cycle.
const MAX_FRAMES: usize = 12;

/// An address as Go prints it; empty when none is known.
pub(crate) fn address(address: u64) -> String {
    if address == 0 { String::new() } else { format!("{address:#x}") }
}

impl<'a> Judged<'a> {
    /// What goroutines wait for.
    pub(crate) fn blocking(self) -> BlockingView {
        let blocking = &self.judgement.blocking;
        BlockingView {
            objects: blocking.objects.iter().take(MAX_OBJECTS).map(|object| self.object(object)).collect(),
            n_objects: blocking.objects.len() as u32,
            waiters: blocking.objects.iter().map(|object| object.n_waiters).sum(),
            cycles: blocking.cycles.iter().map(|cycle| self.cycle(cycle)).collect(),
        }
    }

    fn object(self, object: &Object) -> ObjectRow {
        ObjectRow {
            address: address(object.address),
            exact: object.is_exact,
            kind: convert::object_kind(object.kind),
            waiters: object.n_waiters,
            groups: self.keys(&object.groups, MAX_GROUPS),
            waiting_at: self.frame(object.waiting_at),
            oldest_minutes: object.max_wait_minutes,
            candidates: object.candidates.iter().take(MAX_CANDIDATES).map(|candidate| self.candidate(candidate)).collect(),
            cycle: object.cycle,
        }
    }

    fn candidate(self, candidate: &Candidate) -> CandidateView {
        let goroutine = self.goroutine(candidate.goroutine).map(|goroutine| goroutine_row(self.grouped, goroutine));
        let frames = self.frames(candidate.group);
        let top = self.grouped.top(&frames).and_then(|at| frames.get(at)).copied();
        CandidateView {
            goid: goroutine.as_ref().and_then(|goroutine| goroutine.goid),
            state: goroutine.map(|goroutine| goroutine.state).unwrap_or_default(),
            group: self.grouped.key(candidate.group as usize),
            top: self.frame(top),
            confidence: convert::confidence(candidate.confidence),
            why: self.text(&candidate.why),
        }
    }

    fn cycle(self, cycle: &Cycle) -> CycleView {
        let groups: Vec<Option<u32>> = cycle.steps.iter().map(|&(row, object)| self.group_of(row, object)).collect();
        let steps = cycle.steps.iter().zip(&groups).map(|(&(row, object), &group)| self.step(row, object, group));
        let steps: Vec<CycleStep> = steps.collect();
        CycleView { why: self.why(cycle, &steps), steps, fix: self.fix_of(&groups) }
    }

    /// Why a cycle is thought to be one, step by step: who waits for what, and what speaks for the next one to hold it.
    fn why(self, cycle: &Cycle, steps: &[CycleStep]) -> Vec<String> {
        let whys = self.texts(&cycle.why);
        if whys.len() != steps.len() || steps.len() < 2 {
            return whys;
        }
        let n = steps.len();
        let named = |(at, why): (usize, String)| {
            let next = (at + 1) % n;
            self.held(cycle, at, next).and_then(|held| self.named(steps.get(at)?, steps.get(next)?, &held)).unwrap_or(why)
        };
        whys.into_iter().enumerate().map(named).collect()
    }

    /// What speaks for the goroutine of the step `next` to hold what that of the step `at` waits for.
    fn held(self, cycle: &Cycle, at: usize, next: usize) -> Option<String> {
        let (&(_, object), &(holder, _)) = (cycle.steps.get(at)?, cycle.steps.get(next)?);
        let candidates = &self.judgement.blocking.objects.get(object as usize)?.candidates;
        candidates.iter().find(|candidate| candidate.goroutine == holder).map(|candidate| self.text(&candidate.why))
    }

    fn named(self, step: &CycleStep, next: &CycleStep, why: &str) -> Option<String> {
        let (goid, next, address) = (step.goid?, next.goid?, &step.address);
        match self.language {
            _ if address.is_empty() => None,
            Language::En => Some(format!("Goroutine {goid} waits for {address}. Goroutine {next} seems to hold it: {why}.")),
            Language::ZhCn => Some(format!("goroutine {goid} 等待 {address}，似乎由 goroutine {next} 持有：{why}。")),
        }
    }

    fn step(self, row: u32, object_index: u32, group: Option<u32>) -> CycleStep {
        let object = self.judgement.blocking.objects.get(object_index as usize);
        let goroutine = self.goroutine(row).map(|goroutine| goroutine_row(self.grouped, goroutine));
        let frames = group.map_or_else(Vec::new, |group| self.frames(group));
        let n_frames = frames.iter().rposition(|&frame| self.grouped.frames.origin(frame) == Origin::App);
        let n_frames = n_frames.map_or(frames.len(), |last| last + 1);
        let shown = frames.iter().take(n_frames).take(MAX_FRAMES);
        CycleStep {
            goid: goroutine.as_ref().and_then(|goroutine| goroutine.goid),
            state: goroutine.map_or_else(String::new, |goroutine| match goroutine.wait_minutes {
                Some(minutes) => format!("{}, {minutes} minutes", goroutine.state),
                None => goroutine.state,
            }),
            group: group.map_or_else(String::new, |group| self.grouped.key(group as usize)),
            stack: shown.map(|&frame| self.grouped.frames.view(frame)).collect(),
            object: Some(object_index).filter(|&index| object.is_some() && (index as usize) < MAX_OBJECTS),
            address: object.map_or_else(String::new, |object| address(object.address)),
            kind: object.map_or(stackherd_report::BlockingKind::Semaphore, |object| convert::object_kind(object.kind)),
        }
    }

    /// The fix of the finding that speaks for the goroutines of a cycle.
    fn fix_of(self, groups: &[Option<u32>]) -> Option<stackherd_report::Fix> {
        let claimed = groups.iter().filter_map(|&group| *self.judgement.finding_of.get(group? as usize)?);
        let mut findings = claimed.filter_map(|finding| self.judgement.findings.get(finding as usize));
        findings.find_map(|finding| finding.fix.as_ref()).map(|fix| self.fix(fix))
    }

    /// The group of a row that waits for an object: one of the object's.
    fn group_of(self, row: u32, object: u32) -> Option<u32> {
        let groups = &self.judgement.blocking.objects.get(object as usize)?.groups;
        let is_in = |group: u32| {
            let group = self.grouped.groups.get(group as usize);
            // Members are in the order of the dump, which is that of their numbers.
            group.is_some_and(|group| self.grouped.groups.members(group).binary_search(&row).is_ok())
        };
        groups.iter().copied().find(|&group| is_in(group))
    }

    pub(crate) fn goroutine(self, row: u32) -> Option<&'a Goroutine> {
        self.grouped.goroutines.get(row as usize)
    }

    /// Leaf first.
    fn frames(self, group: u32) -> Vec<FrameId> {
        self.grouped.groups.get(group as usize).map_or_else(Vec::new, |group| self.grouped.parts(group).frames)
    }
}
