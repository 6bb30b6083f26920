//! What findings about libraries have in common: sites joined by line, graded by number and age.

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::library::is_one_of;
use super::weigh::weigh;
use super::{Analysis, Confidence, Finding, GroupView, Rule, Severity, Site};
use crate::order;
use crate::tables::FrameId;

/// Joins `groups` that wait at the same line, whatever they do there, the largest site first: a caller that waits for a
/// response and one that reads its body are stuck in the same call.
pub(super) fn by_place<'a>(groups: impl Iterator<Item = GroupView<'a>>) -> Vec<Site> {
    by_frame(groups, GroupView::place)
}

/// Joins `groups` with the same frame in `place`, the largest site first.
pub(super) fn by_frame<'a>(
    groups: impl Iterator<Item = GroupView<'a>>,
    place: impl Fn(GroupView<'a>) -> Option<FrameId>,
) -> Vec<Site> {
    let mut sites: Vec<Site> = Vec::new();
    let mut known: HashMap<FrameId, usize, FixedState> = HashMap::default();
    for group in groups {
        let Some(place) = place(group) else { continue };
        let at = *known.entry(place).or_insert_with(|| {
            sites.push(Site { place, category: group.category(), n_goroutines: 0, groups: Vec::new() });
            sites.len() - 1
        });
        if let Some(site) = sites.get_mut(at) {
            site.n_goroutines += group.n_goroutines();
            site.groups.push(group.index());
        }
    }
    order::by_key(&mut sites, |site| core::cmp::Reverse(site.n_goroutines));
    sites
}

/// Joins all of `groups` into one site, at the line of the first; `None` when there is none.
pub(super) fn as_one<'a>(groups: impl Iterator<Item = GroupView<'a>>) -> Option<Site> {
    let mut joined: Option<Site> = None;
    for group in groups {
        let Some(place) = group.place() else { continue };
        let site =
            joined.get_or_insert_with(|| Site { place, category: group.category(), n_goroutines: 0, groups: Vec::new() });
        site.n_goroutines += group.n_goroutines();
        site.groups.push(group.index());
    }
    joined
}

/// The frame of `site`'s largest group in one of `functions`, where a reader would look for stacks without application frames.
pub(super) fn frame_in(analysis: &Analysis<'_>, site: &Site, functions: &[&str]) -> Option<FrameId> {
    let frames = site.largest(analysis)?.frames();
    frames.iter().copied().find(|&frame| is_one_of(analysis.library_function(frame), functions))
}

/// Minutes that half of a site's goroutines have waited at least; 0 when fewer than half print a wait.
pub(super) fn median_minutes(analysis: &Analysis<'_>, site: &Site) -> u32 {
    let waits = site.waits(analysis).filter(|waits| u64::from(waits.n_known) * 2 >= site.n_goroutines);
    waits.map_or(0, |waits| waits.p50)
}

/// How bad a pile is whose pattern should not last: by its number, and by the minutes that half of it has waited.
pub(super) fn grade(analysis: &Analysis<'_>, n: u64, minutes: u32) -> (Severity, Confidence) {
    let thresholds = analysis.thresholds;
    let (is_old, is_many) = (minutes >= thresholds.old_minutes, n >= thresholds.crowd / 10);
    match minutes {
        _ if n < thresholds.pile => (Severity::Info, Confidence::Possible),
        _ if n >= thresholds.crowd || (is_many && is_old) => (Severity::Critical, Confidence::Likely),
        _ if is_old => (Severity::Warning, Confidence::Likely),
        0 if !is_many => (Severity::Info, Confidence::Possible),
        _ => (Severity::Warning, Confidence::Possible),
    }
}

/// A finding of `rule` at `site`, with `more` groups that are part of the story: as bad as `graded` or as its numbers say,
/// whichever is worse.
pub(super) fn finding(
    analysis: &Analysis<'_>,
    rule: &Rule,
    site: &Site,
    more: &[u32],
    graded: (Severity, Confidence),
) -> Finding {
    let groups: Vec<u32> = site.groups.iter().chain(more).copied().collect();
    let mut finding = Finding::new(analysis, rule, &groups);
    finding.culprit = Some(site.place);
    finding.created_by = site.largest(analysis).and_then(GroupView::created_by);
    (finding.severity, finding.confidence) = graded;
    if let Some(weight) = weigh(analysis, site) {
        finding.severity = finding.severity.max(weight.severity);
        finding.confidence = finding.confidence.max(weight.confidence);
        finding.evidence = weight.evidence;
        finding.counter_evidence = weight.counter_evidence;
    }
    finding
}

/// The groups of `indices`.
pub(super) fn groups_of<'a>(analysis: &'a Analysis<'_>, indices: &'a [u32]) -> impl Iterator<Item = GroupView<'a>> + Clone {
    indices.iter().filter_map(|&index| analysis.group(index))
}

/// Goroutines in the groups of `indices`.
pub(super) fn n_goroutines(analysis: &Analysis<'_>, indices: &[u32]) -> u64 {
    groups_of(analysis, indices).map(GroupView::n_goroutines).sum()
}
