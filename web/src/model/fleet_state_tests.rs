//! Tests of what is known of the instances.

use stackherd_report::protocol::{Opened, Response};

use super::super::sample::summary;
use super::super::sample_fleet::{change_row, fleet, instance, page};
use super::super::{Shown, questions, reduce};
use super::*;

fn opened(state: State, n_dumps: u32) -> State {
    let dump = |id: u32| {
        let mut summary = summary(3);
        summary.dump.id = 10 + id;
        summary
    };
    let opened = Opened { dumps: (0..n_dumps).map(dump).collect(), issues: Vec::new() };
    let state = reduce(state, Action::InputAdded { input: 1, name: "pods.zip".to_owned(), size_bytes: 9 });
    let state = reduce(state, Action::InputStarted(1));
    reduce(state, Action::Answered(Box::new(Response::Opened { input: 1, opened })))
}

fn ready() -> State {
    opened(reduce(State::default(), Action::Answered(Box::new(Response::Ready))), 5)
}

/// The comparison came, and with it the view.
fn compared(mut state: State) -> State {
    state.compare.view = Some(Rc::new(fleet()));
    let view = state.compare.view.clone();
    state.fleet.outdate(view.as_deref());
    lead_to_comparison(&mut state);
    state
}

fn mine(state: &State) -> Vec<Question> {
    let is_mine = |question: &Question| {
        matches!(question, Question::Changes { .. } | Question::Change { .. } | Question::Instance { .. })
    };
    questions(state).into_iter().filter(is_mine).collect()
}

fn ask(state: State, ask: u32) -> State {
    let question = mine(&state).first().cloned().expect("nothing to ask");
    reduce(state, Action::Asked { ask, question })
}

fn act(state: State, action: FleetAction) -> State {
    reduce(state, Action::Fleet(action))
}

#[test]
fn ok_forty_dumps_lead_to_the_odd_ones_unless_the_reader_went_somewhere() {
    let state = compared(ready());
    assert_eq!(state.tab_on_show(), Tab::Fleet);
    let state = reduce(state, Action::TabChosen(Tab::Groups));
    assert_eq!(compared(state).tab_on_show(), Tab::Groups, "not a second time");
    let state = reduce(ready(), Action::Filtered("cart".to_owned()));
    assert_eq!(compared(state).tab_on_show(), Tab::Groups);
}

#[test]
fn ok_dumps_of_different_programs_are_no_fleet() {
    let mut state = ready();
    let mut view = fleet();
    view.relation = Relation::Unknown;
    state.compare.view = Some(Rc::new(view));
    lead_to_comparison(&mut state);
    assert_eq!(state.tab_on_show(), Tab::Groups);
}

#[test]
fn ok_a_dump_chosen_above_the_table_is_an_instance_below_it() {
    let state = reduce(compared(ready()), Action::Activated(Shown::Dump(12)));
    assert_eq!((state.tab_on_show(), state.fleet.instance), (Tab::Fleet, Some(12)));
}

#[test]
fn ok_asks_for_rows_and_the_oddest_instance_and_drops_what_is_overtaken() {
    let state = compared(ready());
    assert!(matches!(mine(&state)[..], [Question::Changes { offset: 0, .. }, Question::Instance { dump: 14 }]));
    let state = ask(state, 1);
    let state = ask(state, 2);
    assert!(mine(&state).is_empty());
    let mut state = act(state, FleetAction::InstanceChosen(12));
    assert_eq!(mine(&state), [Question::Instance { dump: 12 }]);
    state = ask(state, 3);
    state.fleet.answer_instance(2, Some(Box::new(instance(4))));
    assert!(!state.fleet.is_instance_current(12) && state.fleet.instance_view.is_none());
    state.fleet.answer_instance(3, Some(Box::new(instance(2))));
    assert!(state.fleet.is_instance_current(12));
    state.fleet.answer_rows(1, page(vec![change_row("a", &[1, 2, 3, 4, 5])]));
    assert_eq!(state.fleet.total(), 1);
    assert!(mine(&state).is_empty());
}

#[test]
fn ok_another_comparison_outdates_and_other_dumps_clear() {
    let mut state = ask(compared(ready()), 1);
    state.fleet.answer_rows(1, page(vec![change_row("a", &[1, 2, 3, 4, 5])]));
    state = act(state, FleetAction::InstanceChosen(12));
    let mut view = fleet();
    state.fleet.outdate(Some(&view));
    assert!(state.fleet.rows.row(0).is_some(), "the same dumps: old rows stay until new ones come");
    view.dumps.remove(2);
    state.fleet.outdate(Some(&view));
    assert!(state.fleet.rows.row(0).is_none() && state.fleet.instance.is_none());
    assert_eq!(state.fleet.instance_on_show(&view), Some(14));
}

#[test]
fn ok_a_group_takes_the_place_of_the_instance_and_its_answer_is_told_from_others() {
    let mut state = compared(ready());
    state = act(ask(ask(state, 1), 2), FleetAction::GroupChosen { key: "a".to_owned(), dump: Some(12) });
    assert_eq!(mine(&state), [Question::Change { key: "a".to_owned() }]);
    state = ask(state, 3);
    assert!(state.fleet.answer_detail(9, None).is_err(), "the other view asked");
    assert!(state.fleet.answer_detail(3, None).is_ok());
    assert_eq!(state.fleet.group, None, "there is no such group");
    assert_eq!(state.fleet.instance, Some(12));
}

#[test]
fn ok_the_filter_of_the_page_and_the_order_change_the_list() {
    let mut state = ask(compared(ready()), 1);
    state.fleet.answer_rows(1, page(vec![change_row("a", &[1, 2, 3, 4, 5])]));
    state = reduce(state, Action::Filtered("cart".to_owned()));
    assert!(matches!(&mine(&state)[0], Question::Changes { query, .. } if query.text == "cart"));
    state = act(state, FleetAction::Sorted(ChangeSort::Median));
    assert!(
        matches!(&mine(&state)[0], Question::Changes { query, .. } if query.sort == ChangeSort::Median && !query.ascending)
    );
    state = act(state, FleetAction::Sorted(ChangeSort::Median));
    assert!(matches!(&mine(&state)[0], Question::Changes { query, .. } if query.sort == ChangeSort::Rank));
}

#[test]
fn ok_a_series_and_another_view_ask_nothing() {
    let mut state = compared(ready());
    state = reduce(state, Action::TabChosen(Tab::Blocking));
    assert!(mine(&state).is_empty());
    state = reduce(state, Action::TabChosen(Tab::Fleet));
    let mut view = fleet();
    view.mode = ComparisonMode::Series;
    state.compare.view = Some(Rc::new(view));
    assert!(mine(&state).is_empty());
}

#[test]
fn ok_names_of_instances_by_the_readers_pattern() {
    let mut state = act(compared(ready()), FleetAction::PatternGiven("pod(".into()));
    let question = questions(&state).into_iter().find(|question| matches!(question, Question::InstancePattern { .. }));
    state = reduce(state, Action::Asked { ask: 7, question: question.expect("not asked") });
    assert!(!questions(&state).iter().any(|question| matches!(question, Question::InstancePattern { .. })));
    state.fleet.answer_pattern(7, Some("unclosed group".to_owned()));
    state.fleet.answer_pattern(7, None);
    assert_eq!(state.fleet.pattern_error.as_deref(), Some("unclosed group"), "answered already");
    state.fleet.lost();
    assert!(questions(&state).iter().any(|question| matches!(question, Question::InstancePattern { .. })), "a new worker");
}

#[test]
fn ok_the_cursor_stays_in_the_table() {
    let mut state = ask(compared(ready()), 1);
    state.fleet.answer_rows(1, page(vec![change_row("a", &[1; 5]), change_row("b", &[1; 5])]));
    state = act(state, FleetAction::CursorMoved(GridMove::Last));
    assert_eq!((state.fleet.cursor, state.fleet.reveal), ((2, 5), 1));
    let mut view = fleet();
    view.dumps.truncate(3);
    state.fleet.outdate(Some(&view));
    assert_eq!(state.fleet.cursor, (1, 3));
    assert_eq!(state.shown, Some(Shown::Dump(10)));
}
