//! A field for those whose dump is in the clipboard.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::hooks::use_page;
use crate::model::{Action, Notice};
use crate::shared::Modal;
use crate::worker::from_text;

/// Takes text.
#[component]
pub(crate) fn PasteDialog() -> Html {
    let page = use_page();
    let texts = page.texts();
    let field = use_node_ref();
    let onclick = {
        let (page, field) = (page.clone(), field.clone());
        Callback::from(move |_: MouseEvent| {
            let text = field.cast::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default();
            match from_text(&text, page.texts().pasted_name) {
                Some(source) => {
                    page.dispatch(Action::DialogShown(None));
                    page.session().open(vec![source]);
                }
                None => page.dispatch(Action::Noticed(Notice::NothingToRead)),
            }
        })
    };
    html! {
        <Modal title={texts.paste_title}>
            <textarea
                class="paste-field mono"
                ref={field}
                aria-label={texts.paste_label}
                placeholder="goroutine 1 [running]:"
                spellcheck="false"
                autofocus=true
            />
            <div class="modal-actions">
                <button class="button button-primary button-large" {onclick}>{ texts.read_pasted }</button>
            </div>
        </Modal>
    }
}
