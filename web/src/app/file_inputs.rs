//! The file choosers behind the buttons.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};
use yew::prelude::*;

use crate::hooks::use_page;
use crate::shared::document;
use crate::worker::from_files;

const FILES: &str = "choose-files";
const FOLDER: &str = "choose-folder";

/// Asks the reader for files.
pub(crate) fn choose_files() {
    click(FILES);
}

/// Asks the reader for a folder.
pub(crate) fn choose_folder() {
    click(FOLDER);
}

fn click(id: &str) {
    if let Some(input) = document().get_element_by_id(id) {
        input.unchecked_ref::<HtmlInputElement>().click();
    }
}

/// Two inputs that nobody sees.
#[component]
pub(crate) fn FileInputs() -> Html {
    let page = use_page();
    let onchange = Callback::from(move |event: Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        if let Some(files) = input.files() {
            page.session().open(from_files(&files));
        }
        // So that the same file can be chosen again.
        input.set_value("");
    });
    html! {
        <>
            <input id={FILES} type="file" multiple=true hidden=true onchange={onchange.clone()}/>
            <input id={FOLDER} type="file" webkitdirectory=true multiple=true hidden=true {onchange}/>
        </>
    }
}
