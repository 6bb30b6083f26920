//! The next state.

use std::rc::Rc;

use stackherd_report::protocol::{GroupPage, Response, SortKey};

use super::compare_questions::{Basis, compared, follow_dumps, regrouped};
use super::fleet_state::{fleet_follows, fleet_notices, lead_to_comparison};
use super::judgement::{choose_finding, judgement_answered, judgement_asked, show_fix};
use super::judging::{exported, judging_asked, rule_doc_answered, rules_answered, want_export};
use super::reduce_inputs::{added, edit_dump, edit_input, failed, notice, opened, removed, reopened, show, step, worker_lost};
use super::{Action, DetailTab, DumpEntry, InputStatus, Loss, Question, Reader, Shown, State, Tab};

/// What the page knows after something happened.
pub(crate) fn reduce(mut state: State, action: Action) -> State {
    fleet_notices(&mut state, &action);
    let is_dump_chosen = matches!(action, Action::Activated(_) | Action::Stepped { .. });
    match action {
        Action::Answered(response) => answered(&mut state, *response),
        Action::Asked { ask, question } => asked(&mut state, ask, &question),
        Action::WorkerLost => worker_lost(&mut state),
        Action::WorkerBroken(reason) => {
            worker_lost(&mut state);
            state.reader = Reader::Broken(reason);
        }

        Action::InputAdded { input, name, size_bytes } => added(&mut state, input, name, size_bytes),
        Action::InputStarted(input) => edit_input(&mut state, input, |entry| {
            entry.status = InputStatus::Reading { bytes: 0, goroutines: 0 };
        }),
        Action::InputUnreadable { input, reason } => failed(&mut state, input, Loss::Unreadable(reason)),
        Action::InputRemoved(input) => removed(&mut state, Shown::Input(input)),
        Action::InputReopened { old, new } => reopened(&mut state, old, new),
        Action::DumpRemoved(dump) => removed(&mut state, Shown::Dump(dump)),
        Action::Activated(shown) => show(&mut state, shown),
        Action::Stepped { forward } => step(&mut state, forward),

        Action::Filtered(_)
        | Action::CategoryToggled(_)
        | Action::FilterCleared
        | Action::Sorted(_)
        | Action::GroupsSeen { .. }
        | Action::CursorMoved(_)
        | Action::DetailOpened(_)
        | Action::DetailTabChosen(_)
        | Action::FramesUnfolded(_)
        | Action::GoroutinesSeen { .. }
        | Action::IdleHidden(_) => {
            edit_active(&mut state, |entry| in_dump(entry, action));
        }

        Action::Compare(action) => state.compare.act(action),
        Action::Fleet(action) => state.fleet.act(action),
        Action::SimilarityChosen(similarity) => state.similarity = similarity,
        Action::CaptureTimeSet { dump, captured_at } => state.compare.set_time(dump, captured_at),
        Action::Blocking(action) => edit_active(&mut state, |entry| entry.blocking.act(action)),
        Action::Ancestry(action) => edit_active(&mut state, |entry| entry.ancestry.act(action)),
        Action::GroupShown { key } => {
            state.tab = Tab::Groups;
            edit_active(&mut state, |entry| show_group(entry, key));
        }

        Action::TabChosen(tab) => state.tab = tab,
        Action::DialogShown(dialog) => state.dialog = dialog,
        Action::DraggedOver(is_dragged_over) => state.is_dragged_over = is_dragged_over,
        Action::Noticed(words) => notice(&mut state, words),
        Action::ToastFaded { serial } => {
            if state.toast.as_ref().is_some_and(|toast| toast.serial == serial) {
                state.toast = None;
            }
        }
        Action::SettingsChanged(settings) => state.settings = settings,

        Action::FindingChosen(_) | Action::FixShown => {
            state.tab = Tab::Groups;
            state.judging.is_list_open = false;
            if let Some(Shown::Dump(active)) = state.shown {
                edit_dump(&mut state, active, |entry| match action {
                    Action::FindingChosen(index) => choose_finding(entry, index),
                    _ => show_fix(entry),
                });
            }
        }
        Action::FindingListOpened(is_open) => {
            state.judging.is_list_open = is_open;
            if is_open {
                state.tab = Tab::Groups;
            }
        }
        Action::RuleDocOpened(is_open) => state.judging.is_doc_open = is_open,
        Action::ExportWanted { kind, is_for_clipboard } => want_export(&mut state, kind, is_for_clipboard),
        Action::ExportDone => state.judging.export = None,
    }
    follow_dumps(&mut state);
    fleet_follows(&mut state, is_dump_chosen);
    state
}

fn answered(state: &mut State, response: Response) {
    match response {
        Response::Ready => state.reader = Reader::Ready,
        Response::Progress { input, bytes, goroutines } => edit_input(state, input, |entry| {
            if entry.is_loading() {
                entry.status = InputStatus::Reading { bytes, goroutines };
            }
        }),
        Response::Opened { input, opened: read } => opened(state, input, read),
        Response::Failed { input, failure } => failed(state, input, Loss::Input(failure)),
        Response::Groups { ask, dump, page } => edit_dump(state, dump, |entry| groups_answered(entry, ask, page)),
        Response::Group { ask, dump, detail } => edit_dump(state, dump, |entry| {
            if entry.detail.asked != Some(ask) {
                return;
            }
            entry.detail.asked = None;
            match detail {
                Some(detail) => {
                    if entry.detail.key.as_ref() == Some(&detail.row.key) {
                        entry.detail.loaded = Some(Rc::from(detail));
                        entry.detail.is_outdated = false;
                    }
                }
                // The worker does not know the group: nothing to wait for.
                None => {
                    entry.detail.key = entry.detail.loaded.as_ref().map(|loaded| loaded.row.key.clone());
                    entry.detail.is_outdated = false;
                }
            }
        }),
        Response::Goroutines { ask, dump, rows, .. } => edit_dump(state, dump, |entry| {
            entry.detail.goroutines.answer(ask, rows);
        }),
        Response::Blocking { ask, dump, blocking } => {
            edit_dump(state, dump, |entry| entry.blocking.answer(ask, blocking));
        }
        Response::Ancestry { ask, dump, ancestry } => {
            edit_dump(state, dump, |entry| entry.ancestry.answer(ask, ancestry));
        }
        Response::Findings { ask, dump, judgement } => {
            edit_dump(state, dump, |entry| judgement_answered(entry, ask, judgement));
        }
        Response::Compared { ask, view } => {
            if state.compare.answer_view(ask, view) {
                compared(state);
                state.fleet.outdate(state.compare.view.as_deref());
                lead_to_comparison(state);
            }
        }
        Response::Changes { ask, page } => {
            if let Err(page) = state.compare.answer_rows(ask, page) {
                state.fleet.answer_rows(ask, page);
            }
        }
        Response::Change { ask, detail } => {
            if let Err(detail) = state.fleet.answer_detail(ask, detail) {
                state.compare.answer_detail(ask, detail);
            }
        }
        Response::Instance { ask, view, .. } => state.fleet.answer_instance(ask, view),
        Response::Regrouped { ask, open, .. } => regrouped(state, ask, open),
        Response::InstancePattern { ask, error } => state.fleet.answer_pattern(ask, error),
        Response::RuleDoc { ask, markdown, .. } => rule_doc_answered(&mut state.judging, ask, &markdown),
        Response::Exported { ask, text, .. } => exported(&mut state.judging, ask, &text),
        Response::Rules { ask, error } => rules_answered(&mut state.judging, ask, error),
    }
}

fn groups_answered(entry: &mut DumpEntry, ask: u32, page: GroupPage) {
    let is_first_of_list = !entry.groups.rows.is_current();
    if !entry.groups.rows.answer(ask, page.rows) {
        return;
    }
    let groups = &mut entry.groups;
    groups.matched_groups = Some(page.matched_groups);
    groups.matched_goroutines = page.matched_goroutines;
    groups.invalid_query = page.invalid_query;
    if is_first_of_list {
        let chosen = entry.detail.key.as_ref().and_then(|key| groups.rows.position(|row| row.key == *key));
        groups.cursor = chosen.unwrap_or(0);
        // After another filter the first match is on show; after another order the same group stays.
        groups.follows |= entry.detail.key.is_none();
        groups.reveal += 1;
    }
    follow(entry);
}

/// Opens the row under the cursor as soon as it is known.
fn follow(entry: &mut DumpEntry) {
    if entry.groups.follows
        && let Some(row) = entry.groups.rows.row(entry.groups.cursor)
    {
        let key = row.key.clone();
        entry.groups.follows = false;
        choose(entry, key);
    }
}

pub(super) fn choose(entry: &mut DumpEntry, key: String) {
    entry.judgement.leave(&key);
    let detail = &mut entry.detail;
    if detail.key.as_ref() != Some(&key) {
        detail.key = Some(key);
        detail.unfolded.clear();
        detail.goroutines.clear();
    }
}

/// Opens a group that another view names, with the cursor on its row where that is known.
fn show_group(entry: &mut DumpEntry, key: String) {
    let groups = &mut entry.groups;
    if let Some(row) = groups.rows.position(|row| row.key == key) {
        groups.cursor = row;
    }
    groups.follows = false;
    groups.reveal += 1;
    choose(entry, key);
    entry.detail.tab = DetailTab::Stack;
    entry.detail.is_open = true;
}

fn edit_active(state: &mut State, change: impl FnOnce(&mut DumpEntry)) {
    if let Some(Shown::Dump(active)) = state.shown {
        edit_dump(state, active, change);
    }
}

fn asked(state: &mut State, ask: u32, question: &Question) {
    match question {
        Question::Groups { dump, offset, .. } => edit_dump(state, *dump, |entry| entry.groups.rows.ask(ask, *offset)),
        Question::Group { dump, .. } => edit_dump(state, *dump, |entry| entry.detail.asked = Some(ask)),
        Question::Goroutines { dump, offset, .. } => edit_dump(state, *dump, |entry| entry.detail.goroutines.ask(ask, *offset)),
        Question::Blocking { dump, language } => edit_dump(state, *dump, |entry| entry.blocking.ask(ask, *language)),
        Question::Ancestry { dump } => edit_dump(state, *dump, |entry| entry.ancestry.ask(ask)),

        Question::Findings { dump, language } => {
            let edition = state.judging.edition;
            edit_dump(state, *dump, |entry| judgement_asked(entry, ask, *language, edition));
        }
        Question::Compare { .. } => {
            let basis = Basis::of(state);
            state.compare.ask_view(ask, basis);
        }
        // Two views list rows of the comparison; only the one on show asks.
        Question::Changes { .. } | Question::Change { .. } if state.tab_on_show() == Tab::Fleet => {
            state.fleet.asked(ask, question);
        }
        Question::Instance { .. } => state.fleet.asked(ask, question),
        Question::InstancePattern { .. } => {
            state.compare.asked(ask, question);
            state.fleet.asked(ask, question);
        }
        Question::Regroup { .. } | Question::CapturedAt { .. } | Question::Changes { .. } | Question::Change { .. } => {
            state.compare.asked(ask, question);
        }
        Question::RuleDoc { .. } | Question::Export { .. } | Question::Rules { .. } | Question::AppPrefixes { .. } => {
            judging_asked(state, ask, question);
        }
    }
}

/// What the reader does in the views of one dump.
fn in_dump(entry: &mut DumpEntry, action: Action) {
    let groups = &mut entry.groups;
    match action {
        Action::Filtered(text) if text != groups.query.text => {
            groups.query.text = text;
            refilter(entry);
        }
        Action::CategoryToggled(category) => {
            let categories = &mut groups.query.categories;
            match categories.iter().position(|on| *on == category) {
                Some(index) => _ = categories.remove(index),
                None => categories.push(category),
            }
            refilter(entry);
        }
        Action::FilterCleared if groups.is_filtered() => {
            groups.query.text.clear();
            groups.query.categories.clear();
            refilter(entry);
        }
        Action::IdleHidden(is_hidden) if groups.query.hides_idle != is_hidden => {
            groups.query.hides_idle = is_hidden;
            groups.rows.change();
        }
        Action::Sorted(key) => {
            // The ranking has one order; everything else can be reversed.
            let reverses = groups.query.sort == key && key != SortKey::Rank;
            groups.query.ascending = if reverses { !groups.query.ascending } else { is_text(key) };
            groups.query.sort = key;
            groups.rows.change();
        }
        Action::GroupsSeen { first, count } => groups.rows.see(first, count),
        Action::CursorMoved(to) => {
            let Some(last) = groups.matched_groups.and_then(|groups| groups.checked_sub(1)) else { return };
            groups.cursor = to.row_from(groups.cursor, last);
            groups.follows = true;
            groups.reveal += 1;
            follow(entry);
        }
        Action::DetailOpened(is_open) => entry.detail.is_open = is_open,
        Action::DetailTabChosen(tab) => entry.detail.tab = tab,
        Action::FramesUnfolded(first) => _ = entry.detail.unfolded.insert(first),
        Action::GoroutinesSeen { first, count } => entry.detail.goroutines.see(first, count),
        _ => {}
    }
}

fn refilter(entry: &mut DumpEntry) {
    entry.groups.rows.change();
    entry.groups.cursor = 0;
    entry.groups.follows = true;
}

/// Names start at A, numbers at the largest. So does the ranking, whose order the worker knows.
const fn is_text(key: SortKey) -> bool {
    matches!(key, SortKey::Function | SortKey::CreatedBy | SortKey::State)
}

#[cfg(test)]
#[path = "reduce_tests.rs"]
mod tests;
