//! Tests of what is known of how the dumps differ.

use stackherd_report::protocol::{Opened, Response};
use stackherd_report::{Relation, Similarity};

use super::super::sample::summary;
use super::super::sample_compare::{detail, page, view};
use super::super::{Action, Language, Settings, Shown, State, Tab, questions, reduce};
use super::*;

/// A page with dumps 1 to `n`, all read, and a worker that answers.
fn loaded(n: u32) -> State {
    let mut state = reduce(State::default(), Action::Answered(Box::new(Response::Ready)));
    for id in 1..=n {
        state = reduce(state, Action::InputAdded { input: id, name: format!("t{id}"), size_bytes: 1 });
        let mut summary = summary(3);
        summary.dump.id = id;
        let opened = Opened { dumps: vec![summary], issues: Vec::new() };
        state = answer(state, Response::Opened { input: id, opened });
    }
    state
}

fn answer(state: State, response: Response) -> State {
    reduce(state, Action::Answered(Box::new(response)))
}

/// Notes the questions that `wanted` picks, from number `first` on; the numbers they got.
fn ask(state: &mut State, first: u32, wanted: fn(&Question) -> bool) -> Vec<u32> {
    let asked: Vec<Question> = questions(state).into_iter().filter(wanted).collect();
    let numbered = (first..).zip(asked);
    numbered
        .map(|(ask, question)| {
            *state = reduce(std::mem::take(state), Action::Asked { ask, question });
            ask
        })
        .collect()
}

const fn is_compare(question: &Question) -> bool {
    matches!(question, Question::Compare { .. })
}

/// Dumps 1 and 2 compared, the view of changes on show.
fn compared() -> State {
    let mut state = loaded(2);
    assert_eq!(ask(&mut state, 1, is_compare), [1]);
    state = answer(state, Response::Compared { ask: 1, view: Some(Box::new(view(2))) });
    reduce(state, Action::TabChosen(Tab::Compare))
}

fn act(state: State, action: CompareAction) -> State {
    reduce(state, Action::Compare(action))
}

fn n_asked(state: &State, wanted: fn(&Question) -> bool) -> usize {
    questions(state).iter().filter(|question| wanted(question)).count()
}

#[test]
fn ok_asked_once_for_two_dumps_and_again_when_something_changes() {
    assert_eq!(n_asked(&loaded(1), is_compare), 0);
    let state = compared();
    assert_eq!(n_asked(&state, is_compare), 0);
    let options = CompareOptions { relation: Some(Relation::SameService), ..CompareOptions::default() };
    assert_eq!(n_asked(&act(state.clone(), CompareAction::OptionsChanged(options)), is_compare), 1);
    let chinese = Settings { language: Language::Chinese, ..Settings::default() };
    assert_eq!(n_asked(&reduce(state.clone(), Action::SettingsChanged(chinese)), is_compare), 1);
    let loading = Action::InputAdded { input: 9, name: "t9".into(), size_bytes: 1 };
    let options = CompareOptions { baseline: Some(2), ..CompareOptions::default() };
    let state = act(reduce(state, loading), CompareAction::OptionsChanged(options));
    assert_eq!(n_asked(&state, is_compare), 0, "a dump is on its way");
}

#[test]
fn ok_overtaken_answers_are_dropped() {
    let mut state = loaded(2);
    ask(&mut state, 1, is_compare);
    let options = CompareOptions { baseline: Some(2), ..CompareOptions::default() };
    state = act(state, CompareAction::OptionsChanged(options));
    ask(&mut state, 2, is_compare);
    state = answer(state, Response::Compared { ask: 1, view: Some(Box::new(view(2))) });
    assert!(state.compare.view.is_none());
    state = answer(state, Response::Compared { ask: 2, view: Some(Box::new(view(2))) });
    assert!(state.compare.view.is_some());
}

#[test]
fn ok_the_first_row_is_open_and_the_cursor_opens_others() {
    let mut state = compared();
    let rows = |question: &Question| matches!(question, Question::Changes { .. });
    let asked = ask(&mut state, 10, rows);
    state = answer(state, Response::Changes { ask: asked[0], page: page(&["a", "b"]) });
    assert_eq!(state.compare.key.as_deref(), Some("a"));
    let asked = ask(&mut state, 20, |question| matches!(question, Question::Change { .. }));
    state = answer(state, Response::Change { ask: asked[0], detail: Some(Box::new(detail("a"))) });
    assert!(state.compare.is_detail_current());
    state = act(state, CompareAction::CursorMoved(CursorMove::By(1)));
    assert_eq!((state.compare.key.as_deref(), state.compare.cursor), (Some("b"), 1));
    assert!(!state.compare.is_detail_current());
}

#[test]
fn ok_rows_are_asked_only_where_they_are_on_show() {
    let state = compared();
    let rows = |question: &Question| matches!(question, Question::Changes { .. });
    assert_eq!(n_asked(&state, rows), 1);
    assert_eq!(n_asked(&reduce(state, Action::TabChosen(Tab::Groups)), rows), 0);
}

#[test]
fn ok_unchanged_groups_are_folded_until_wanted() {
    let state = compared();
    assert_eq!(state.compare.query.statuses.len(), 4);
    let all = act(state.clone(), CompareAction::SameUnfolded(true));
    assert!(all.compare.query.statuses.is_empty());
    let grown = act(state, CompareAction::StatusChosen(Some(GroupStatus::Grown)));
    assert_eq!(grown.compare.query.statuses, [GroupStatus::Grown]);
}

#[test]
fn ok_a_click_on_the_change_goes_from_growth_to_shrinkage_and_back() {
    let mut compare = CompareState::default();
    let mut orders = Vec::new();
    for _ in 0..3 {
        compare.act(CompareAction::Sorted(ChangeSort::Delta));
        orders.push((compare.query.sort, compare.query.ascending));
    }
    assert_eq!(orders, [(ChangeSort::Delta, false), (ChangeSort::Delta, true), (ChangeSort::Rank, false)]);
    compare.act(CompareAction::Sorted(ChangeSort::Function));
    assert!(compare.query.ascending);
}

#[test]
fn ok_the_filter_of_the_page_applies() {
    let state = reduce(compared(), Action::Filtered("worker".into()));
    assert_eq!(state.compare.query.text, "worker");
    let state = reduce(state, Action::FilterCleared);
    assert!(state.compare.query.text.is_empty());
}

#[test]
fn ok_times_go_to_the_worker_before_it_compares_again() {
    let at = Some("2026-11-21T01:38:30Z".to_owned());
    let mut state = reduce(compared(), Action::CaptureTimeSet { dump: 2, captured_at: at.clone() });
    let asked = questions(&state);
    assert!(matches!(&asked[0], Question::CapturedAt { dump: 2, captured_at } if *captured_at == at));
    ask(&mut state, 30, |question| matches!(question, Question::CapturedAt { .. }));
    assert!(state.compare.untold.is_empty());
    assert_eq!(n_asked(&state, is_compare), 1);
    assert_eq!(state.compare.time_given(2), at.as_deref());
}

#[test]
fn ok_other_similarity_keeps_the_selection() {
    let regroup = |question: &Question| matches!(question, Question::Regroup { .. });
    let mut state = reduce(compared(), Action::TabChosen(Tab::Groups));
    state = reduce(state, Action::Activated(Shown::Dump(2)));
    state = reduce(state, Action::GroupShown { key: "old".into() });
    state = reduce(state, Action::SimilarityChosen(Similarity::Culprit));
    let asked = questions(&state);
    let open = Some((2, "old".to_owned()));
    assert!(asked.contains(&Question::Regroup { similarity: Similarity::Culprit, open: open.clone() }), "{asked:?}");
    assert_eq!(ask(&mut state, 40, regroup), [40]);
    assert_eq!(n_asked(&state, regroup), 0, "it is on its way");
    let open = Some((2, "new".to_owned()));
    state = answer(state, Response::Regrouped { ask: 40, similarity: Similarity::Culprit, open });
    assert_eq!(state.active_dump().unwrap().detail.key.as_deref(), Some("new"));
    assert_eq!(state.compare.key.as_deref(), Some("new"));
    assert_eq!(n_asked(&state, is_compare), 1);
    assert_eq!(n_asked(&state, |question| matches!(question, Question::Group { key, .. } if key == "new")), 1);
}

#[test]
fn ok_below_two_dumps_there_is_nothing_to_compare() {
    let options = CompareOptions { baseline: Some(2), target: Some(1), ..CompareOptions::default() };
    let state = act(compared(), CompareAction::OptionsChanged(options));
    let state = reduce(state, Action::DumpRemoved(2));
    assert!(state.compare.view.is_none() && state.compare.key.is_none());
    assert_eq!((state.compare.options.baseline, state.compare.options.target), (None, Some(1)));
    assert_eq!(n_asked(&state, is_compare), 0);
}

#[test]
fn ok_a_worker_that_is_lost_knows_no_times_and_no_similarity() {
    let mut state = reduce(compared(), Action::SimilarityChosen(Similarity::Function));
    ask(&mut state, 50, |question| matches!(question, Question::Regroup { .. }));
    state = reduce(state, Action::WorkerLost);
    assert!(state.compare.view.is_none());
    state = answer(state, Response::Ready);
    assert_eq!(n_asked(&state, |question| matches!(question, Question::Regroup { .. })), 1);
}
