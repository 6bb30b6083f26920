//! What has to be asked and told about several dumps, and what of the comparison follows from which dumps are there.

use stackherd_report::protocol::CompareOptions;

use super::judging::outdate;
use super::reduce_inputs::{edit_all_dumps, edit_dump};
use super::{Language, Question, Reader, State, Tab};

/// What a comparison depends on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Basis {
    /// Those of counter logs are among them: their numbers join the chart.
    dumps: Vec<u32>,
    options: CompareOptions,
    language: Language,
    edition: u32,
}

impl Basis {
    pub(super) fn of(state: &State) -> Self {
        Self {
            dumps: state.dumps().map(|dump| dump.id).collect(),
            options: state.compare.options.clone(),
            language: state.settings.language,
            edition: state.compare.edition,
        }
    }
}

/// What has to be asked about how the dumps differ, and, when the view of changes is on show, about its rows.
pub(super) fn compare_questions(state: &State) -> Vec<Question> {
    let compare = &state.compare;
    let mut questions = Vec::new();
    if state.reader != Reader::Ready {
        return questions;
    }
    // Times and grouping come first: the comparison is made of them.
    questions.extend(compare.untold.iter().cloned().map(|(dump, captured_at)| Question::CapturedAt { dump, captured_at }));
    if compare.regrouping.is_none() && compare.similarity != state.similarity {
        questions.push(Question::Regroup { similarity: state.similarity, open: open_group(state) });
    }
    if !state.can_compare() {
        return questions;
    }
    let basis = Basis::of(state);
    let is_asked = compare.asked.as_ref().is_some_and(|(_, asked)| *asked == basis);
    let is_known = compare.asked.is_none() && compare.basis.as_ref() == Some(&basis);
    let is_waiting = state.inputs.iter().any(|input| input.is_loading()) || compare.regrouping.is_some();
    if !is_asked && !is_known && !is_waiting {
        questions.push(Question::Compare { options: basis.options, language: basis.language });
        return questions;
    }
    if state.tab_on_show() != Tab::Compare || compare.view.is_none() {
        return questions;
    }
    if let Some((offset, limit)) = compare.rows.missing(compare.matched_groups.unwrap_or(u32::MAX)) {
        questions.push(Question::Changes { query: compare.query.clone(), offset, limit });
    }
    if let Some(key) = compare.key.as_ref().filter(|_| !compare.is_detail_current() && compare.detail_asked.is_none()) {
        questions.push(Question::Change { key: key.clone() });
    }
    questions
}

/// The group on show: in the dump whose stack is drawn.
fn open_group(state: &State) -> Option<(u32, String)> {
    let of_compare = || state.compare.detail.as_ref().map(|detail| (detail.dump, detail.group.clone()));
    let of_dump = || state.active_dump().and_then(|dump| Some((dump.id, dump.detail.key.clone()?)));
    if state.tab_on_show() == Tab::Compare { of_compare().or_else(of_dump) } else { of_dump().or_else(of_compare) }
}

/// Brings the comparison in line with the dumps and the filter, after something happened.
pub(super) fn follow_dumps(state: &mut State) {
    if !state.can_compare() {
        if state.compare.clear() {
            edit_all_dumps(state, |entry| entry.groups.rows.change());
        }
    } else if let Some(dump) = state.active_dump().cloned() {
        state.compare.filter(&dump.groups.query);
    }
}

/// Another comparison came: what rows of dumps say of it is out of date.
pub(super) fn compared(state: &mut State) {
    edit_all_dumps(state, |entry| entry.groups.rows.change());
}

/// The worker groups otherwise: keys of groups are others, in every dump.
pub(super) fn regrouped(state: &mut State, ask: u32, open: Option<(u32, String)>) {
    if !state.compare.regrouped(ask, open.as_ref().map(|(_, key)| key.as_str())) {
        return;
    }
    outdate(state);
    edit_all_dumps(state, |entry| {
        let detail = &mut entry.detail;
        (detail.key, detail.asked, detail.is_outdated) = (None, None, true);
        detail.unfolded.clear();
        detail.goroutines.clear();
    });
    if let Some((dump, key)) = open {
        edit_dump(state, dump, |entry| entry.detail.key = Some(key));
    }
}
