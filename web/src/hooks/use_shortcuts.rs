//! Keys that work wherever the focus is.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::Page;
use crate::app::choose_files;
use crate::model::{Action, Dialog, Focus, Shortcut, shortcut};
use crate::shared::{Listener, document, focus_after_frame, is_shown, window};

/// Listens on the window, with the page as it is now.
#[hook]
pub(crate) fn use_shortcuts(page: &Page) {
    use_effect_with(page.clone(), |page| {
        let page = page.clone();
        let listener = Listener::new(&window(), "keydown", move |event: Event| {
            let event: KeyboardEvent = event.unchecked_into();
            // An open dialog keeps its keys; the browser closes it with Escape.
            if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() || page.state().dialog.is_some()
            {
                return;
            }
            if let Some(shortcut) = shortcut(&event.key(), focus())
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
        _ if element.closest(".group-list-row").is_ok_and(|row| row.is_some()) => Focus::Groups,
        _ if element.id() == "detail" => Focus::Page,
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
        Shortcut::MoveCursor(to) if has_groups => page.dispatch(Action::CursorMoved(to)),
        Shortcut::OpenGroup if has_groups => {
            page.dispatch(Action::DetailOpened(true));
            focus_after_frame("#detail");
        }
        Shortcut::Escape => return escape(page),
        Shortcut::CopyGroup if has_groups => page.copy_group(),
        Shortcut::OpenFiles => choose_files(),
        Shortcut::Paste => page.dispatch(Action::DialogShown(Some(Dialog::Paste))),
        Shortcut::StepDump { forward } => page.dispatch(Action::Stepped { forward }),
        Shortcut::ShowHelp => page.dispatch(Action::DialogShown(Some(Dialog::Help))),
        _ => return false,
    }
    true
}

/// Close, then clear, then cancel.
fn escape(page: &Page) -> bool {
    if let Some(input) = page.state().active_input().filter(|input| input.is_loading()) {
        page.session().cancel(input.id);
        return true;
    }
    let Some(dump) = page.active() else { return false };
    if dump.detail.is_open && is_shown(".group-detail-back") {
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
