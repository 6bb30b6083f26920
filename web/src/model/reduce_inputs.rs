//! Inputs and their dumps: how they come, which is on show, and how they go.

use std::rc::Rc;

use stackherd_report::IssueKind;
use stackherd_report::protocol::{Failure, Opened};

use super::judging::judging_lost;
use super::{DumpEntry, InputEntry, InputStatus, Loss, Notice, Reader, Shown, State, Tab, Toast, strip};

/// Changes one input, if it is still there.
pub(super) fn edit_input(state: &mut State, input: u32, change: impl FnOnce(&mut InputEntry)) {
    if let Some(entry) = state.inputs.iter_mut().find(|entry| entry.id == input) {
        change(Rc::make_mut(entry));
    }
}

/// Changes one dump, if it is still there.
pub(super) fn edit_dump(state: &mut State, dump: u32, change: impl FnOnce(&mut DumpEntry)) {
    let holds = |input: &&mut Rc<InputEntry>| input.dumps().iter().any(|entry| entry.id == dump);
    let Some(input) = state.inputs.iter_mut().find(holds) else { return };
    if let InputStatus::Opened { dumps, .. } = &mut Rc::make_mut(input).status
        && let Some(entry) = dumps.iter_mut().find(|entry| entry.id == dump)
    {
        change(Rc::make_mut(entry));
    }
}

/// Changes every dump.
pub(super) fn edit_all_dumps(state: &mut State, change: impl Fn(&mut DumpEntry)) {
    for input in &mut state.inputs {
        if let InputStatus::Opened { dumps, .. } = &mut Rc::make_mut(input).status {
            dumps.iter_mut().for_each(|entry| change(Rc::make_mut(entry)));
        }
    }
}

pub(super) fn added(state: &mut State, input: u32, name: String, size_bytes: u64) {
    // The first of several dropped together is read first, so it is the one to look at; so is a new one beside
    // dumps that are all done.
    let is_next = state.active_input().is_none_or(|active| !active.is_loading());
    state.inputs.push(Rc::new(InputEntry::new(input, name, size_bytes)));
    if is_next {
        show(state, Shown::Input(input));
    }
}

pub(super) fn reopened(state: &mut State, old: u32, new: u32) {
    edit_input(state, old, |entry| *entry = InputEntry::new(new, entry.name.clone(), entry.size_bytes));
    if state.shown == Some(Shown::Input(old)) {
        state.shown = Some(Shown::Input(new));
    }
}

pub(super) fn opened(state: &mut State, input: u32, opened: Opened) {
    let dumps: Vec<Rc<DumpEntry>> = opened.dumps.into_iter().map(|summary| Rc::new(DumpEntry::new(summary))).collect();
    // The first is what the file begins with; one without goroutines is only worth a look when no other has more.
    let first = dumps.first().filter(|first| first.summary.dump.goroutines > 0);
    let most = || dumps.iter().rev().max_by_key(|dump| dump.summary.dump.goroutines);
    let Some(best) = first.or_else(most).map(|dump| dump.id) else {
        return failed(state, input, Loss::Input(nothing_opened()));
    };
    let issues = opened.issues.into();
    edit_input(state, input, |entry| entry.status = InputStatus::Opened { dumps, issues });
    state.runs += 1;
    // When others failed, the first good one is the one to look at.
    let was_on_show = state.shown == Some(Shown::Input(input));
    if was_on_show || state.active_input().is_none_or(|active| active.is_failed()) {
        show(state, Shown::Dump(best));
        // Who compares and adds a dump goes on comparing.
        if !matches!(state.tab, Tab::Compare | Tab::Fleet) {
            state.tab = Tab::Groups;
        }
    }
}

pub(super) fn failed(state: &mut State, input: u32, loss: Loss) {
    let Some(name) = state.inputs.iter().find(|entry| entry.id == input).map(|entry| entry.name.clone()) else { return };
    edit_input(state, input, |entry| entry.status = InputStatus::Failed(Rc::new(loss)));
    state.runs += 1;
    let before = state.shown_before.filter(|before| state.dumps().any(|dump| dump.id == *before));
    let instead = before
        .or_else(|| state.dumps().next().map(|dump| dump.id))
        .map(Shown::Dump)
        .or_else(|| state.inputs.iter().find(|entry| entry.is_loading()).map(|entry| Shown::Input(entry.id)));
    // A file that can't be read is no reason to take away what can.
    if let Some(instead) = instead {
        if state.shown == Some(Shown::Input(input)) {
            show(state, instead);
        }
        let more = match state.toast.as_ref().map(|toast| &toast.notice) {
            Some(Notice::NotRead { more, .. }) => more.saturating_add(1),
            _ => 0,
        };
        notice(state, Notice::NotRead { name, more });
    }
}

/// Shows a toast, in place of the one before.
pub(super) fn notice(state: &mut State, notice: Notice) {
    let serial = state.toast.as_ref().map_or(0, |toast| toast.serial.wrapping_add(1));
    state.toast = Some(Toast { notice, serial });
}

pub(super) fn show(state: &mut State, shown: Shown) {
    if let Some(Shown::Dump(dump)) = state.shown {
        state.shown_before = Some(dump);
    }
    state.shown = Some(shown);
}

pub(super) fn step(state: &mut State, forward: bool) {
    let items = strip(state);
    let Some(index) = items.iter().position(|item| Some(item.shown()) == state.shown) else { return };
    let next = if forward { index.checked_add(1) } else { index.checked_sub(1) };
    if let Some(next) = next.and_then(|next| items.get(next)).map(|item| item.shown()) {
        show(state, next);
    }
}

/// Takes an input or a dump away; an input goes with its last dump.
pub(super) fn removed(state: &mut State, gone: Shown) {
    let Some(index) = strip(state).iter().position(|item| item.shown() == gone) else { return };
    match gone {
        Shown::Input(input) => state.inputs.retain(|entry| entry.id != input),
        Shown::Dump(dump) => {
            for input in &mut state.inputs {
                if input.dumps().iter().any(|entry| entry.id == dump)
                    && let InputStatus::Opened { dumps, .. } = &mut Rc::make_mut(input).status
                {
                    dumps.retain(|entry| entry.id != dump);
                }
            }
            state.inputs.retain(|input| !matches!(&input.status, InputStatus::Opened { dumps, .. } if dumps.is_empty()));
        }
    }
    let left: Vec<u32> = state.dumps().map(|dump| dump.id).collect();
    state.compare.keep_dumps(|dump| left.contains(&dump));
    if state.shown == Some(gone) {
        let items = strip(state);
        let good = |index: usize| items.get(index).filter(|item| !item.is_failed());
        let neighbour = good(index).or_else(|| good(index.checked_sub(1)?)).or(items.get(index)).or(items.last());
        state.shown = neighbour.map(|item| item.shown());
    }
}

/// Dumps live in the worker. What is left of them is the files they can be read from again.
pub(super) fn worker_lost(state: &mut State) {
    state.reader = Reader::Starting;
    judging_lost(&mut state.judging);
    state.fleet.lost();
    state.compare.lose();
    let shown = state.active_input().map(|input| Shown::Input(input.id));
    for entry in &mut state.inputs {
        if entry.is_failed() {
            continue;
        }
        let entry = Rc::make_mut(entry);
        if entry.is_loading() {
            state.runs += 1;
        }
        entry.status = InputStatus::Failed(Rc::new(Loss::Crashed));
    }
    state.shown = shown;
}

/// The worker promises a dump or a failure; this stands in for a broken promise.
fn nothing_opened() -> Failure {
    Failure { kind: IssueKind::Unrecognized, looks_like: None, message: "nothing was read".to_owned() }
}
