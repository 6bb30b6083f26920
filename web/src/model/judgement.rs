//! What the worker concluded of a dump, and which finding the reader looks at.

use std::rc::Rc;

use stackherd_report::protocol::{FindingView, Judgement};

use super::reduce::choose;
use super::{DetailTab, DumpEntry, Language, Question, State};

/// The judgement of a dump.
#[derive(Clone, Debug, Default)]
pub(crate) struct JudgementState {
    /// The last one the worker sent; for a moment in the language or by the rules before.
    pub(crate) loaded: Option<Rc<Judgement>>,
    /// What it was asked for with.
    basis: Option<Basis>,
    /// The question under way.
    asked: Option<(u32, Basis)>,
    /// The finding chosen, by the reader or because the verdict is about it: an index.
    chosen: Option<u32>,
}

/// What a judgement depends on besides the dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Basis {
    language: Language,
    /// The edition of the reader's rules.
    edition: u32,
}

impl JudgementState {
    /// The group on show is another one. A finding that is not about it is not on show any more.
    pub(super) fn leave(&mut self, key: &str) {
        let is_about = |finding: &FindingView| finding.groups.iter().any(|group| group == key);
        if !self.chosen_finding().is_some_and(|(_, finding)| is_about(finding)) {
            self.chosen = None;
        }
    }

    fn chosen_finding(&self) -> Option<(u32, &FindingView)> {
        let index = self.chosen?;
        Some((index, self.loaded.as_ref()?.findings.get(index as usize)?))
    }
}

/// The question for the judgement of a dump, when it is not known in this language and by these rules.
pub(super) fn judgement_question(state: &State, entry: &DumpEntry) -> Option<Question> {
    let basis = basis(state);
    let judgement = &entry.judgement;
    let is_asked = judgement.asked.is_some_and(|(_, asked)| asked == basis);
    let is_known = judgement.asked.is_none() && judgement.basis == Some(basis);
    (!is_asked && !is_known).then_some(Question::Findings { dump: entry.id, language: basis.language })
}

const fn basis(state: &State) -> Basis {
    Basis { language: state.settings.language, edition: state.judging.edition }
}

pub(super) const fn judgement_asked(entry: &mut DumpEntry, ask: u32, language: Language, edition: u32) {
    entry.judgement.asked = Some((ask, Basis { language, edition }));
}

pub(super) fn judgement_answered(entry: &mut DumpEntry, ask: u32, judgement: Judgement) {
    let Some((_, basis)) = entry.judgement.asked.filter(|(asked, _)| *asked == ask) else { return };
    let before = entry.judgement.chosen_finding().map(|(_, finding)| (finding.rule.clone(), finding.groups.first().cloned()));
    let is_first = entry.judgement.loaded.is_none();
    let verdict_finding = judgement.verdict_finding.or((!judgement.findings.is_empty()).then_some(0));
    // Other rules may have moved it.
    let same = |(rule, group): (String, Option<String>)| {
        let is_same = |finding: &FindingView| finding.rule == rule && finding.groups.first() == group.as_ref();
        judgement.findings.iter().position(is_same).and_then(|index| u32::try_from(index).ok())
    };
    let chosen = before.and_then(same);
    entry.judgement = JudgementState { loaded: Some(Rc::new(judgement)), basis: Some(basis), asked: None, chosen };
    // The answer comes first: its group is open without a click, unless the reader was faster.
    let is_untouched = !entry.groups.is_filtered() && entry.groups.cursor == 0 && !entry.detail.is_open;
    if let Some(index) = verdict_finding.filter(|_| is_first && is_untouched) {
        choose_finding(entry, index);
    }
}

/// Puts a finding on show, and opens its largest group.
pub(super) fn choose_finding(entry: &mut DumpEntry, index: u32) {
    let finding = entry.judgement.loaded.as_ref().and_then(|judgement| judgement.findings.get(index as usize));
    let Some(finding) = finding else { return };
    let key = finding.groups.first().cloned();
    entry.judgement.chosen = Some(index);
    let Some(key) = key else {
        // It is about the dump as a whole: there is no stack to show.
        entry.detail.tab = DetailTab::Fix;
        return;
    };
    let groups = &mut entry.groups;
    groups.follows = false;
    if let Some(row) = groups.rows.position(|row| row.key == key).filter(|_| groups.rows.is_current()) {
        groups.cursor = row;
        groups.reveal += 1;
    }
    choose(entry, key);
}

/// Goes to what to change: of the finding on show, else of the one the verdict is about.
pub(super) fn show_fix(entry: &mut DumpEntry) {
    if finding_on_show(entry).is_none() {
        let Some(judgement) = &entry.judgement.loaded else { return };
        choose_finding(entry, judgement.verdict_finding.unwrap_or(0));
    }
    if finding_on_show(entry).is_some() {
        entry.detail.tab = DetailTab::Fix;
        entry.detail.is_open = true;
    }
}

/// The finding the detail is about: the one chosen, else the one that speaks for the group on show.
pub(crate) fn finding_on_show(entry: &DumpEntry) -> Option<(u32, &FindingView)> {
    entry.judgement.chosen_finding().or_else(|| {
        let findings = &entry.judgement.loaded.as_ref()?.findings;
        let detail = entry.detail.loaded.as_ref().filter(|detail| Some(&detail.row.key) == entry.detail.key.as_ref())?;
        let badge = detail.row.finding.as_ref()?;
        // Between two editions of the rules an index may mean another one.
        let finding = findings.get(badge.index as usize).filter(|finding| finding.rule == badge.rule)?;
        Some((badge.index, finding))
    })
}

/// The tab of the detail, as far as there is something in it.
pub(crate) fn detail_tab(entry: &DumpEntry) -> DetailTab {
    match entry.detail.tab {
        DetailTab::Fix if finding_on_show(entry).is_none() => DetailTab::Stack,
        tab => tab,
    }
}

#[cfg(test)]
#[path = "judgement_tests.rs"]
mod tests;
