//! A finding as its card shows it.

use stackherd_core as model;
use stackherd_report::protocol::FindingView;

use super::Judged;
use super::blocking::MAX_OBJECTS;
use crate::convert;
use crate::finding_text::{FindingText, Place};

/// Groups listed of a finding.
const MAX_GROUPS: usize = 50;

impl Judged<'_> {
    /// Whether each group waits for an object that the blocked-on view lists.
    pub(super) fn groups_with_objects(self) -> Vec<bool> {
        let mut has_objects = vec![false; self.grouped.groups.len()];
        for &group in self.judgement.blocking.objects.iter().take(MAX_OBJECTS).flat_map(|object| &object.groups) {
            if let Some(has_objects) = has_objects.get_mut(group as usize) {
                *has_objects = true;
            }
        }
        has_objects
    }

    pub(super) fn finding(self, finding: &model::Finding, has_objects: &[bool]) -> FindingView {
        let has_objects = finding.groups.iter().any(|&group| has_objects.get(group as usize).copied().unwrap_or(false));
        let keys = finding.groups.iter().map(|&group| self.grouped.key(group as usize));
        self.finding_about(finding, keys.collect(), has_objects)
    }

    /// A finding about groups with these keys.
    pub(crate) fn finding_about(self, finding: &model::Finding, mut keys: Vec<String>, has_objects: bool) -> FindingView {
        let n_groups = keys.len() as u32;
        keys.truncate(MAX_GROUPS);
        let mut view = FindingView {
            rule: finding.rule.to_string(),
            severity: convert::severity(finding.severity),
            confidence: convert::confidence(finding.confidence),
            title: self.text(&finding.title),
            goroutines: finding.n_goroutines,
            groups: keys,
            n_groups,
            culprit: self.frame(finding.culprit),
            created_by: self.frame(finding.created_by),
            evidence: self.texts(&finding.evidence),
            counter_evidence: self.texts(&finding.counter_evidence),
            fix: finding.fix.as_ref().map(|fix| self.fix(fix)),
            reference: self.reference(finding),
            onset: finding.onset.map(convert::onset),
            has_objects,
            markdown: String::new(),
        };
        view.markdown = FindingText {
            rule: &view.rule,
            severity: view.severity,
            confidence: view.confidence,
            title: &view.title,
            culprit: view.culprit.as_ref().map(Place::from),
            created_by: view.created_by.as_ref().map(Place::from),
            evidence: &view.evidence,
            counter_evidence: &view.counter_evidence,
            fix: view.fix.as_ref(),
            reference: view.reference.as_deref(),
        }
        .markdown(self.language);
        view
    }

    /// Where to read on: what the rule says, be it built in or the reader's.
    pub(crate) fn reference(self, finding: &model::Finding) -> Option<String> {
        finding.reference.or_else(|| self.user_rules.reference(&finding.rule)).map(str::to_owned)
    }
}
