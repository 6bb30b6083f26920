//! Findings, objects and creation sites of all dumps, as the report lists them.

use std::cmp::Reverse;

use stackherd_core as model;
use stackherd_report::{BlockingObject, CreationSite, Finding, HolderCandidate};

use super::{Ranks, sort_findings};
use crate::convert;
use crate::judged::{Judged, MAX_CANDIDATES, address, largest_sites};

/// Objects listed of a dump.
const MAX_OBJECTS: usize = 1000;
/// Creation sites listed of a dump.
const MAX_SITES: usize = 1000;

/// Worst first, then surest, then largest; ties in the order of the dumps.
pub(super) fn findings(judged: &[Judged<'_>], ranks: &Ranks) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (dump, &judged) in judged.iter().enumerate() {
        let of_dump = judged.judgement.findings.iter();
        let ranks = |finding: &model::Finding| ranks.of(dump, &finding.groups);
        findings.extend(of_dump.map(|it| Finding { groups: ranks(it), dump: dump as u32, ..finding(judged, it) }));
    }
    sort_findings(&mut findings);
    findings
}

/// A finding, without its groups and its dump.
pub(super) fn finding(judged: Judged<'_>, finding: &model::Finding) -> Finding {
    let site = |frame: Option<model::FrameId>| frame.map(|frame| judged.grouped.frames.site(frame));
    Finding {
        rule: finding.rule.to_string(),
        severity: convert::severity(finding.severity),
        confidence: convert::confidence(finding.confidence),
        title: judged.text(&finding.title),
        goroutines: finding.n_goroutines,
        groups: Vec::new(),
        culprit: site(finding.culprit),
        created_by: site(finding.created_by),
        evidence: judged.texts(&finding.evidence),
        counter_evidence: judged.texts(&finding.counter_evidence),
        fix: finding.fix.as_ref().map(|fix| judged.fix(fix)),
        reference: judged.reference(finding),
        onset: finding.onset.map(convert::onset),
        dump: 0,
        dumps: Vec::new(),
    }
}

/// Most waiters first, ties in the order of the dumps.
pub(super) fn blocking(judged: &[Judged<'_>], ranks: &Ranks) -> Vec<BlockingObject> {
    let mut objects = Vec::new();
    for (dump, judged) in judged.iter().enumerate() {
        let blocking = &judged.judgement.blocking;
        for object in blocking.objects.iter().take(MAX_OBJECTS) {
            let cycle = object.cycle.and_then(|cycle| blocking.cycles.get(cycle as usize));
            objects.push(BlockingObject {
                object: address(object.address),
                exact: object.is_exact,
                dump: dump as u32,
                kind: convert::object_kind(object.kind),
                waiters: object.n_waiters,
                groups: ranks.of(dump, &object.groups),
                waiting_at: object.waiting_at.map(|frame| judged.grouped.frames.site(frame)),
                oldest_minutes: object.max_wait_minutes,
                holder_candidates: candidates(*judged, object),
                cycle: cycle.map(|cycle| cycle.steps.iter().filter_map(|&(row, _)| goid(*judged, row)).collect()),
            });
        }
    }
    objects.sort_by_key(|object| Reverse(object.waiters));
    objects
}

/// Candidates that have an id.
fn candidates(judged: Judged<'_>, object: &model::blocking::Object) -> Vec<HolderCandidate> {
    let candidate = |candidate: &model::blocking::Candidate| {
        Some(HolderCandidate {
            goid: goid(judged, candidate.goroutine)?,
            confidence: convert::confidence(candidate.confidence),
            why: judged.text(&candidate.why),
        })
    };
    object.candidates.iter().filter_map(candidate).take(MAX_CANDIDATES).collect()
}

fn goid(judged: Judged<'_>, row: u32) -> Option<u64> {
    judged.goroutine(row)?.goid().map(|goid| goid.0)
}

/// The trees of the dumps, one after the other.
pub(super) fn ancestry(judged: &[Judged<'_>]) -> Vec<CreationSite> {
    let mut sites = Vec::new();
    for (dump, judged) in judged.iter().enumerate() {
        for site in largest_sites(&judged.judgement.ancestry.sites, MAX_SITES) {
            sites.push(CreationSite {
                dump: dump as u32,
                depth: site.depth,
                site: site.frame.map(|frame| judged.grouped.frames.site(frame)),
                goroutines: site.n_goroutines,
                subtree: site.n_subtree,
                orphans: site.n_orphans,
                oldest_minutes: site.max_wait_minutes,
            });
        }
    }
    sites
}
