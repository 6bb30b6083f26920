//! What was concluded from a dump, as the page and the report show it.

mod ancestry;
mod blocking;
mod finding;
#[cfg(test)]
mod tests;

use std::mem;

use stackherd_core as model;
use stackherd_core::{FrameId, Text};
use stackherd_report as report;
use stackherd_report::Language;
use stackherd_report::protocol::{FrameView, Judgement};

pub(crate) use ancestry::largest_sites;
pub(crate) use blocking::{MAX_CANDIDATES, address};

use crate::convert;
use crate::rows::Grouped;
use crate::user_rules::UserRules;

/// A dump and what was concluded from it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged<'a> {
    pub(crate) grouped: Grouped<'a>,
    pub(crate) judgement: &'a model::Judgement,
    pub(crate) user_rules: &'a UserRules,
    pub(crate) language: Language,
    /// There is no other dump to compare it with.
    pub(crate) is_alone: bool,
}

impl Judged<'_> {
    pub(crate) fn text(self, text: &Text) -> String {
        text.get(convert::language(self.language)).to_owned()
    }

    pub(crate) fn texts(self, texts: &[Text]) -> Vec<String> {
        texts.iter().map(|text| self.text(text)).collect()
    }

    fn frame(self, frame: Option<FrameId>) -> Option<FrameView> {
        frame.map(|frame| self.grouped.frames.view(frame))
    }

    /// Keys of `groups`, `max` at most.
    fn keys(self, groups: &[u32], max: usize) -> Vec<String> {
        groups.iter().take(max).map(|&group| self.grouped.key(group as usize)).collect()
    }

    pub(crate) fn verdict(self) -> report::Verdict {
        let verdict = &self.judgement.verdict;
        report::Verdict {
            kind: convert::verdict_kind(verdict.kind),
            title: self.text(&verdict.title),
            detail: self.text(&verdict.detail),
            advice: self.text(&verdict.advice),
        }
    }

    /// The verdict and the findings.
    pub(crate) fn view(self) -> Judgement {
        let has_objects = self.groups_with_objects();
        let idle = || self.grouped.groups.iter().enumerate().filter(|&(index, _)| self.grouped.idle(index).is_some());
        let mut verdict = self.verdict();
        let advice = mem::take(&mut verdict.advice);
        if self.is_alone && !advice.is_empty() {
            // Chinese sentences have no space between them.
            let space = if verdict.detail.is_empty() || self.language == Language::ZhCn { "" } else { " " };
            verdict.detail = format!("{}{space}{advice}", verdict.detail);
        }
        Judgement {
            verdict,
            verdict_finding: self.judgement.verdict.finding,
            findings: self.judgement.findings.iter().map(|finding| self.finding(finding, &has_objects)).collect(),
            idle_goroutines: idle().map(|(_, group)| group.n_goroutines).sum(),
            idle_groups: idle().count() as u64,
        }
    }

    pub(crate) fn fix(self, fix: &model::Fix) -> report::Fix {
        report::Fix { summary: self.text(&fix.summary), before: fix.before.to_owned(), after: fix.after.to_owned() }
    }
}
