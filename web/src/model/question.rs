//! What has to be asked of the worker, concluded from what is on show and not yet known.

use std::rc::Rc;

use stackherd_report::Similarity;
use stackherd_report::protocol::{ChangeQuery, CompareOptions, ExportKind, GroupQuery, Request};

use super::compare_questions::compare_questions;
use super::fleet_state::fleet_questions;
use super::judgement::judgement_question;
use super::judging::judging_questions;
use super::{DumpEntry, Language, State, Tab};

/// A question to the worker.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Question {
    /// A page of the groups table.
    Groups { dump: u32, query: GroupQuery, offset: u32, limit: u32 },
    /// One group.
    Group { dump: u32, key: String },
    /// A page of the goroutines of a group.
    Goroutines { dump: u32, key: String, offset: u32, limit: u32 },
    /// What goroutines wait for.
    Blocking { dump: u32, language: Language },
    /// Who started whom.
    Ancestry { dump: u32 },

    /// What is wrong with a dump.
    Findings { dump: u32, language: Language },
    /// What a rule is about.
    RuleDoc { rule: String, language: Language },
    /// A text to act with.
    Export { dump: u32, kind: ExportKind, language: Language },
    /// Goroutines are to be grouped so.
    Regroup { similarity: Similarity, open: Option<(u32, String)> },
    /// A dump was taken then. Not answered.
    CapturedAt { dump: u32, captured_at: Option<String> },
    /// Instances are told by this expression.
    InstancePattern { pattern: Rc<str> },
    /// How the dumps differ.
    Compare { options: CompareOptions, language: Language },
    /// A page of the rows of the comparison.
    Changes { query: ChangeQuery, offset: u32, limit: u32 },
    /// One row of the comparison.
    Change { key: String },
    /// One instance against the median one.
    Instance { dump: u32 },

    /// The reader's own rules are these.
    Rules { text: Rc<str> },
    /// The reader's own packages are these. Not answered.
    AppPrefixes { prefixes: Vec<String> },
}

impl Question {
    /// As the worker takes it.
    pub(crate) fn request(&self, ask: u32) -> Request {
        match self.clone() {
            Self::Groups { dump, query, offset, limit } => Request::Groups { ask, dump, query, offset, limit },
            Self::Group { dump, key } => Request::Group { ask, dump, key },
            Self::Goroutines { dump, key, offset, limit } => Request::Goroutines { ask, dump, key, offset, limit },
            Self::Blocking { dump, language } => Request::Blocking { ask, dump, language: language.of_sentences() },
            Self::Ancestry { dump } => Request::Ancestry { ask, dump },

            Self::Findings { dump, language } => Request::Findings { ask, dump, language: language.of_sentences() },
            Self::RuleDoc { rule, language } => Request::RuleDoc { ask, rule, language: language.of_sentences() },
            Self::Export { dump, kind, language } => Request::Export { ask, dump, kind, language: language.of_sentences() },
            Self::Rules { text } => Request::Rules { ask, text: text.as_ref().to_owned() },
            Self::AppPrefixes { prefixes } => Request::AppPrefixes { prefixes },

            Self::Regroup { similarity, open } => Request::Regroup { ask, similarity, open },
            Self::CapturedAt { dump, captured_at } => Request::CapturedAt { dump, captured_at },
            Self::InstancePattern { pattern } => Request::InstancePattern { ask, pattern: pattern.as_ref().to_owned() },
            Self::Compare { options, language } => Request::Compare { ask, options, language: language.of_sentences() },
            Self::Changes { query, offset, limit } => Request::Changes { ask, query, offset, limit },
            Self::Change { key } => Request::Change { ask, key },
            Self::Instance { dump } => Request::Instance { ask, dump },
        }
    }
}

/// What the views of the active dump lack, at most one question of each kind; ask again after these are noted.
pub(crate) fn questions(state: &State) -> Vec<Question> {
    // By whose rules comes before what they find, and what is wrong before the table.
    let mut questions = judging_questions(state);
    questions.extend(compare_questions(state));
    questions.extend(fleet_questions(state));
    let Some(entry) = state.active_dump() else { return questions };
    questions.extend(judgement_question(state, entry));
    if entry.summary.groups == 0 {
        return questions;
    }
    let dump = entry.id;

    questions.extend(of_tab(state, entry));

    let groups = &entry.groups;
    let total = groups.matched_groups.unwrap_or_else(|| u32::try_from(entry.summary.groups).unwrap_or(u32::MAX));
    if let Some((offset, limit)) = groups.rows.missing(total) {
        questions.push(Question::Groups { dump, query: groups.query.clone(), offset, limit });
    }

    let detail = &entry.detail;
    let Some(key) = &detail.key else { return questions };
    if !detail.is_current() {
        if detail.asked.is_none() {
            questions.push(Question::Group { dump, key: key.clone() });
        }
    } else if let Some(loaded) = &detail.loaded
        && detail.tab == super::DetailTab::Goroutines
    {
        // One row may stand for many goroutines, so there may be fewer.
        let at_most = u32::try_from(loaded.row.goroutines).unwrap_or(u32::MAX);
        if let Some((offset, limit)) = detail.goroutines.missing(detail.goroutines.total(at_most)) {
            questions.push(Question::Goroutines { dump, key: key.clone(), offset, limit });
        }
    }
    questions
}

/// What the view on show lacks besides the groups.
fn of_tab(state: &State, entry: &DumpEntry) -> Option<Question> {
    let dump = entry.id;
    match state.tab_on_show() {
        Tab::Groups | Tab::Compare | Tab::Fleet | Tab::Issues => None,
        Tab::Blocking => {
            let language = entry.blocking.missing(state.settings.language)?;
            Some(Question::Blocking { dump, language })
        }
        Tab::Ancestry => entry.ancestry.is_missing().then_some(Question::Ancestry { dump }),
    }
}
