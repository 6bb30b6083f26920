//! Keys that work wherever the focus is.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::Page;
use crate::app::choose_files;
use crate::blocking::object_markdown;
use crate::fleet::{choose_at_cursor, copy_detail};
use crate::model::{
    Action, AncestryAction, BlockingAction, CompareAction, CursorMove, Dialog, DumpEntry, FleetAction, Focus, GridMove, Notice,
    Shortcut, Tab, shortcut, tabs,
};
use crate::shared::{Listener, document, focus_after_frame, is_shown, window};

/// How long a letter may follow a `g`.
const G_MILLIS: f64 = 1500.0;

/// Listens on the window, with the page as it is now.
#[hook]
pub(crate) fn use_shortcuts(page: &Page) {
    // When `g` was pressed last, unless another key was since.
    let g_at = use_mut_ref(|| None::<f64>);
    use_effect_with(page.clone(), move |page| {
        let page = page.clone();
        let listener = Listener::new(&window(), "keydown", move |event: Event| {
            let event: KeyboardEvent = event.unchecked_into();
            // An open dialog keeps its keys; the browser closes it with Escape.
            if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() || page.state().dialog.is_some()
            {
                return;
            }
            let follows_g = g_at.take().is_some_and(|at| event.time_stamp() - at < G_MILLIS);
            let shortcut = shortcut(&event.key(), focus(), follows_g);
            if shortcut == Some(Shortcut::AwaitView) {
                g_at.replace(Some(event.time_stamp()));
            }
            if let Some(shortcut) = shortcut
                && act(&page, shortcut)
            {
                event.prevent_default();
            }
        });
        move || drop(listener)
    });
}

fn focus() -> Focus {
    let Some(element) = document().active_element() else { return Focus::Page };
    match element.tag_name().as_str() {
        "BODY" | "HTML" | "MAIN" => Focus::Page,
        "INPUT" | "TEXTAREA" | "SELECT" => Focus::Field,
        _ if element.closest(".group-list-row, .blocking-row, .ancestry-row, .compare-row").is_ok_and(|row| row.is_some()) => {
            Focus::Groups
        }
        _ if ["detail", "blocking-detail", "compare-side"].contains(&element.id().as_str()) => Focus::Page,
        _ => Focus::Control,
    }
}

/// Does what a key asks for; false when there is nothing to do, so that the browser may.
fn act(page: &Page, shortcut: Shortcut) -> bool {
    let has_groups = page.active().is_some_and(|dump| dump.summary.groups > 0);
    match shortcut {
        Shortcut::FocusFilter => {
            let Some(filter) = document().get_element_by_id("filter") else { return false };
            // A hidden filter does not take the focus, and nothing is lost.
            _ = filter.unchecked_ref::<HtmlElement>().focus();
            filter.unchecked_ref::<HtmlInputElement>().select();
        }
        Shortcut::MoveCursor(to) if has_groups => move_cursor(page, to),
        Shortcut::OpenGroup if has_groups => open(page),
        Shortcut::Inward if page.state().tab_on_show() == Tab::Ancestry => {
            page.dispatch(Action::Ancestry(AncestryAction::Inward))
        }
        Shortcut::Outward if page.state().tab_on_show() == Tab::Ancestry => {
            page.dispatch(Action::Ancestry(AncestryAction::Outward));
        }
        Shortcut::ShowTab(tab)
            if page.active().is_some_and(|dump| tabs(&dump.summary, page.state().can_compare()).contains(&tab)) =>
        {
            page.dispatch(Action::TabChosen(tab));
        }
        Shortcut::Escape => return escape(page),
        Shortcut::CopyGroup if has_groups => copy(page),
        Shortcut::OpenFiles => choose_files(),
        Shortcut::Paste => page.dispatch(Action::DialogShown(Some(Dialog::Paste))),
        Shortcut::StepDump { forward } => page.dispatch(Action::Stepped { forward }),
        Shortcut::ShowFix if page.active().is_some_and(|dump| has_findings(&dump)) => page.show_fix(),
        Shortcut::Export if page.active().is_some() => page.dispatch(Action::DialogShown(Some(Dialog::Export))),
        Shortcut::GroupBy(similarity) if has_groups => page.dispatch(Action::SimilarityChosen(similarity)),
        Shortcut::MakeBaseline if page.state().can_compare() => {
            let Some(dump) = page.active().filter(|dump| dump.summary.groups > 0) else { return false };
            page.make_baseline(dump.id);
        }
        Shortcut::ShowHelp => page.dispatch(Action::DialogShown(Some(Dialog::Help))),
        _ => return false,
    }
    true
}

fn move_cursor(page: &Page, to: CursorMove) {
    page.dispatch(match page.state().tab_on_show() {
        Tab::Groups | Tab::Issues => Action::CursorMoved(to),
        Tab::Compare => Action::Compare(CompareAction::CursorMoved(to)),
        Tab::Fleet => Action::Fleet(FleetAction::CursorMoved(match to {
            CursorMove::By(rows) => GridMove::By { rows, columns: 0 },
            CursorMove::To(row) => GridMove::To { row: row + 1, column: 0 },
            CursorMove::First => GridMove::FirstRow,
            CursorMove::Last => GridMove::LastRow,
        })),
        Tab::Blocking => Action::Blocking(BlockingAction::CursorMoved(to)),
        Tab::Ancestry => Action::Ancestry(AncestryAction::CursorMoved(to)),
    });
}

/// Shows what the cursor is on.
fn open(page: &Page) {
    match page.state().tab_on_show() {
        Tab::Compare => {
            page.dispatch(Action::Compare(CompareAction::Opened(true)));
            focus_after_frame("#compare-side");
        }
        Tab::Fleet => choose_at_cursor(page),
        Tab::Groups | Tab::Issues => {
            page.dispatch(Action::DetailOpened(true));
            focus_after_frame("#detail");
        }
        Tab::Blocking => {
            page.dispatch(Action::Blocking(BlockingAction::Opened(true)));
            focus_after_frame("#blocking-detail");
        }
        Tab::Ancestry => {
            let site = page.active().and_then(|dump| dump.ancestry.tree.as_ref()?.site(dump.ancestry.cursor).cloned());
            if let Some(key) = site.and_then(|site| site.largest_group) {
                page.dispatch(Action::GroupShown { key });
                focus_after_frame("#detail");
            }
        }
    }
}

/// Copies what is on show.
fn copy(page: &Page) {
    if page.state().tab_on_show() == Tab::Fleet {
        return copy_detail(page);
    }
    if page.state().tab_on_show() == Tab::Compare {
        if let Some(detail) = &page.state().compare.detail {
            page.copy(detail.markdown.clone(), Notice::CopiedMarkdown);
        }
        return;
    }
    let object = page.active().filter(|_| page.state().tab_on_show() == Tab::Blocking);
    match object.map(|dump| (dump.blocking.view.clone(), dump.blocking.cursor)) {
        Some((Some(view), cursor)) if !view.objects.is_empty() => {
            page.copy(object_markdown(page.texts(), &view, cursor), Notice::CopiedMarkdown);
        }
        Some(_) => {}
        None => page.copy_group(),
    }
}

fn has_findings(dump: &DumpEntry) -> bool {
    dump.judgement.loaded.as_ref().is_some_and(|judgement| !judgement.findings.is_empty())
}

/// Close, then clear, then cancel.
fn escape(page: &Page) -> bool {
    if let Some(input) = page.state().active_input().filter(|input| input.is_loading()) {
        page.session().cancel(input.id);
        return true;
    }
    let Some(dump) = page.active() else { return false };
    if page.state().judging.is_list_open {
        page.dispatch(Action::FindingListOpened(false));
        focus_after_frame("#show-findings");
    } else if dump.blocking.is_open && is_shown(".blocking-back") {
        page.dispatch(Action::Blocking(BlockingAction::Opened(false)));
        focus_after_frame(".blocking-row[tabindex='0']");
    } else if page.state().tab_on_show() == Tab::Fleet && page.state().fleet.group.is_some() {
        page.dispatch(Action::Fleet(FleetAction::GroupClosed));
    } else if page.state().tab_on_show() == Tab::Compare && page.state().compare.is_open && is_shown(".compare-back") {
        page.dispatch(Action::Compare(CompareAction::Opened(false)));
        focus_after_frame(".compare-row[tabindex='0']");
    } else if page.state().tab_on_show().has_own_sentence() && !page.state().tab_on_show().is_of_all_dumps() {
        return false;
    } else if dump.detail.is_open && is_shown(".group-detail-back") {
        page.dispatch(Action::DetailOpened(false));
        focus_after_frame(".group-list-row[tabindex='0']");
    } else if dump.groups.is_filtered() {
        page.dispatch(Action::FilterCleared);
    } else if let Some(element) = document().active_element().filter(|element: &Element| element.id() == "filter") {
        _ = element.unchecked_ref::<HtmlElement>().blur();
    } else {
        return false;
    }
    true
}
