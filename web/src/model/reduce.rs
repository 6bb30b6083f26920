//! The next state.

use std::rc::Rc;

use stackherd_report::protocol::{GroupPage, Response, SortKey};

use super::{Action, CursorMove, DetailState, DumpEntry, DumpStatus, Loss, Question, Reader, State, Tab, Toast};

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

        Action::DumpAdded { dump, name, size_bytes } => {
            state.dumps.push(Rc::new(DumpEntry::new(dump, name, size_bytes)));
            // The first of several dropped together is read first, so it is the one to look at; so is a new one
            // beside dumps that are all done.
            if state.active_dump().is_none_or(|active| !active.is_loading()) {
                state.active = Some(dump);
                state.tab = Tab::Groups;
            }
        }
        Action::DumpStarted(dump) => edit(&mut state, dump, |entry| {
            entry.status = DumpStatus::Reading { bytes: 0, goroutines: 0 };
        }),
        Action::DumpUnreadable { dump, reason } => failed(&mut state, dump, Loss::Unreadable(reason)),
        Action::DumpRemoved(dump) => removed(&mut state, dump),
        Action::DumpReopened { old, new } => {
            edit(&mut state, old, |entry| *entry = DumpEntry::new(new, entry.name.clone(), entry.size_bytes));
            if state.active == Some(old) {
                state.active = Some(new);
            }
        }
        Action::DumpActivated(dump) => state.active = Some(dump),
        Action::DumpStepped { forward } => step(&mut state, forward),

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
            if let Some(active) = state.active {
                edit(&mut state, active, |entry| in_dump(entry, action));
            }
        }

        Action::TabChosen(tab) => state.tab = tab,
        Action::DialogShown(dialog) => state.dialog = dialog,
        Action::DraggedOver(is_dragged_over) => state.is_dragged_over = is_dragged_over,
        Action::Noticed(notice) => {
            let serial = state.toast.as_ref().map_or(0, |toast| toast.serial + 1);
            state.toast = Some(Toast { notice, serial });
        }
        Action::ToastFaded { serial } => {
            if state.toast.as_ref().is_some_and(|toast| toast.serial == serial) {
                state.toast = None;
            }
        }
        Action::SettingsChanged(settings) => state.settings = settings,
    }
    state
}

/// Changes one dump, if it is still there.
fn edit(state: &mut State, dump: u32, change: impl FnOnce(&mut DumpEntry)) {
    if let Some(entry) = state.dumps.iter_mut().find(|entry| entry.id == dump) {
        change(Rc::make_mut(entry));
    }
}

fn answered(state: &mut State, response: Response) {
    match response {
        Response::Ready => state.reader = Reader::Ready,
        Response::Progress { dump, bytes, goroutines } => edit(state, dump, |entry| {
            if entry.is_loading() {
                entry.status = DumpStatus::Reading { bytes, goroutines };
            }
        }),
        Response::Opened { dump, summary } => {
            edit(state, dump, |entry| entry.status = DumpStatus::Ready(Rc::new(summary)));
            state.runs += 1;
            leave_failure(state, dump);
        }
        Response::Failed { dump, failure } => failed(state, dump, Loss::Input(failure)),
        Response::Groups { ask, dump, page } => edit(state, dump, |entry| groups_answered(entry, ask, page)),
        Response::Group { ask, dump, detail } => edit(state, dump, |entry| {
            if entry.detail.asked != Some(ask) {
                return;
            }
            entry.detail.asked = None;
            match detail {
                Some(detail) => {
                    if entry.detail.key.as_ref() == Some(&detail.row.key) {
                        entry.detail.loaded = Some(Rc::new(detail));
                    }
                }
                // The worker does not know the group: nothing to wait for.
                None => entry.detail.key = entry.detail.loaded.as_ref().map(|loaded| loaded.row.key.clone()),
            }
        }),
        Response::Goroutines { ask, dump, rows, .. } => edit(state, dump, |entry| {
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
        Question::Groups { dump, offset, .. } => edit(state, *dump, |entry| entry.groups.rows.ask(ask, *offset)),
        Question::Group { dump, .. } => edit(state, *dump, |entry| entry.detail.asked = Some(ask)),
        Question::Goroutines { dump, offset, .. } => edit(state, *dump, |entry| entry.detail.goroutines.ask(ask, *offset)),
    }
}

fn failed(state: &mut State, dump: u32, loss: Loss) {
    edit(state, dump, |entry| entry.status = DumpStatus::Failed(Rc::new(loss)));
    state.runs += 1;
}

/// When the first of several dumps failed, the first good one is the one to look at.
fn leave_failure(state: &mut State, dump: u32) {
    if state.active_dump().is_none_or(|active| matches!(active.status, DumpStatus::Failed(_))) {
        state.active = Some(dump);
    }
}

fn removed(state: &mut State, dump: u32) {
    let Some(index) = state.dumps.iter().position(|entry| entry.id == dump) else { return };
    state.dumps.remove(index);
    if state.active == Some(dump) {
        let neighbour = state.dumps.get(index).or_else(|| state.dumps.last());
        state.active = neighbour.map(|entry| entry.id);
    }
}

fn step(state: &mut State, forward: bool) {
    let Some(index) = state.dumps.iter().position(|entry| Some(entry.id) == state.active) else { return };
    let next = if forward { index.checked_add(1) } else { index.checked_sub(1) };
    if let Some(entry) = next.and_then(|next| state.dumps.get(next)) {
        state.active = Some(entry.id);
    }
}

fn worker_lost(state: &mut State) {
    state.reader = Reader::Starting;
    for entry in &mut state.dumps {
        let entry = Rc::make_mut(entry);
        if matches!(entry.status, DumpStatus::Failed(_)) {
            continue;
        }
        if entry.is_loading() {
            state.runs += 1;
        }
        entry.status = DumpStatus::Failed(Rc::new(Loss::Crashed));
        entry.groups.rows.forget_questions();
        entry.detail.goroutines.forget_questions();
        entry.detail.asked = None;
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
