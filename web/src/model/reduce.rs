//! The next state.

use std::rc::Rc;

use stackherd_report::protocol::{GroupPage, Response, SortKey};

use super::reduce_inputs::{added, edit_dump, edit_input, failed, notice, opened, removed, reopened, show, step, worker_lost};
use super::{Action, CursorMove, DetailState, DumpEntry, InputStatus, Loss, Question, Reader, Shown, State};

/// What the page knows after something happened.
pub(crate) fn reduce(mut state: State, action: Action) -> State {
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
        | Action::GoroutinesSeen { .. } => {
            if let Some(Shown::Dump(active)) = state.shown {
                edit_dump(&mut state, active, |entry| in_dump(entry, action));
            }
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
    }
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
                    }
                }
                // The worker does not know the group: nothing to wait for.
                None => entry.detail.key = entry.detail.loaded.as_ref().map(|loaded| loaded.row.key.clone()),
            }
        }),
        Response::Goroutines { ask, dump, rows, .. } => edit_dump(state, dump, |entry| {
            entry.detail.goroutines.answer(ask, rows);
        }),
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
        choose(&mut entry.detail, key);
    }
}

fn choose(detail: &mut DetailState, key: String) {
    if detail.key.as_ref() != Some(&key) {
        detail.key = Some(key);
        detail.unfolded.clear();
        detail.goroutines.clear();
    }
}

fn asked(state: &mut State, ask: u32, question: &Question) {
    match question {
        Question::Groups { dump, offset, .. } => edit_dump(state, *dump, |entry| entry.groups.rows.ask(ask, *offset)),
        Question::Group { dump, .. } => edit_dump(state, *dump, |entry| entry.detail.asked = Some(ask)),
        Question::Goroutines { dump, offset, .. } => edit_dump(state, *dump, |entry| entry.detail.goroutines.ask(ask, *offset)),
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
            groups.cursor = match to {
                CursorMove::By(rows) => groups.cursor.saturating_add_signed(rows),
                CursorMove::To(row) => row,
                CursorMove::First => 0,
                CursorMove::Last => last,
            }
            .min(last);
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
