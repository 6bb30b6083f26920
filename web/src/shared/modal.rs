//! A dialog over the page.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::{Icon, IconName};
use crate::hooks::use_page;
use crate::model::Action;

#[derive(PartialEq, Properties)]
pub(crate) struct ModalProps {
    pub(crate) title: AttrValue,
    /// Makes it wider, or otherwise than others.
    #[prop_or_default]
    pub(crate) class: Classes,
    pub(crate) children: Html,
}

/// Keeps the focus inside until it is closed; the browser brings it back afterwards.
#[component]
pub(crate) fn Modal(props: &ModalProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            let dialog = dialog.cast::<HtmlDialogElement>();
            // Refused only for a dialog that is open already.
            _ = dialog.as_ref().map(HtmlDialogElement::show_modal);
            move || _ = dialog.as_ref().map(HtmlDialogElement::close)
        });
    }
    let close = {
        let page = page.clone();
        Callback::from(move |()| page.dispatch(Action::DialogShown(None)))
    };
    let oncancel = {
        let close = close.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            close.emit(());
        })
    };
    let onclick = close.reform(|_: MouseEvent| ());
    html! {
        <dialog class={classes!("modal", props.class.clone())} aria-labelledby="modal-title" ref={dialog} {oncancel}>
            <header class="modal-header">
                <h2 id="modal-title">{ &props.title }</h2>
                <button class="button button-icon" aria-label={texts.close} title={texts.close} {onclick}><Icon name={IconName::Cross}/></button>
            </header>
            { props.children.clone() }
        </dialog>
    }
}
