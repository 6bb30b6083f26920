//! Dumps dropped on the page or pasted into it.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Event};
use yew::prelude::*;

use super::Page;
use crate::model::{Action, Notice};
use crate::shared::{Listener, window};
use crate::worker::{Source, dropped, pasted};

/// Listens on the whole window.
#[hook]
pub(crate) fn use_intake(page: &Page) {
    let page = page.clone();
    let is_dragged_over = page.state().is_dragged_over;
    use_effect_with((page.texts().pasted_name, is_dragged_over), move |&(name, is_dragged_over)| {
        let over = {
            let page = page.clone();
            move |event: Event| {
                let event: DragEvent = event.unchecked_into();
                if event.data_transfer().is_some_and(|data| holds_dump(&data)) {
                    event.prevent_default();
                    if !is_dragged_over {
                        page.dispatch(Action::DraggedOver(true));
                    }
                }
            }
        };
        let leave = {
            let page = page.clone();
            move |event: Event| {
                // Only when it leaves the window, not when it goes from one element to the next.
                if event.unchecked_into::<DragEvent>().related_target().is_none() {
                    page.dispatch(Action::DraggedOver(false));
                }
            }
        };
        let drop_here = {
            let page = page.clone();
            move |event: Event| {
                let event: DragEvent = event.unchecked_into();
                let Some(data) = event.data_transfer().filter(holds_dump) else { return };
                event.prevent_default();
                page.dispatch(Action::DraggedOver(false));
                let sources = dropped(&data, name);
                let page = page.clone();
                spawn_local(async move { take_in(&page, sources.await) });
            }
        };
        let paste = {
            let page = page.clone();
            move |event: Event| {
                let event: ClipboardEvent = event.unchecked_into();
                let Some(data) = event.clipboard_data() else { return };
                let has_files = data.files().is_some_and(|files| files.length() > 0);
                if has_files || !is_field(&event) {
                    event.prevent_default();
                    take_in(&page, pasted(&data, name));
                }
            }
        };
        // What is dragged from the page itself is no dump.
        let start = |event: Event| {
            if !is_field(&event) {
                event.prevent_default();
            }
        };
        let window = window();
        let listeners = [
            Listener::new(&window, "dragstart", start),
            Listener::new(&window, "dragover", over),
            Listener::new(&window, "dragleave", leave),
            Listener::new(&window, "drop", drop_here),
            Listener::new(&window, "paste", paste),
        ];
        move || drop(listeners)
    });
}

fn take_in(page: &Page, sources: Vec<Source>) {
    if sources.is_empty() {
        page.dispatch(Action::Noticed(Notice::NothingToRead));
    } else {
        page.dispatch(Action::DialogShown(None));
        page.session().open(sources);
    }
}

/// Files or text, not a picture dragged about.
fn holds_dump(data: &DataTransfer) -> bool {
    data.types().iter().filter_map(|kind| kind.as_string()).any(|kind| kind == "Files" || kind == "text/plain")
}

fn is_field(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA"))
}
