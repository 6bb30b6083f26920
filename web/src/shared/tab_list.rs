//! Tabs: one is chosen, the arrow keys move.

use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// One tab.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TabItem {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    /// A number beside the label.
    pub(crate) count: Option<String>,
    /// The element it shows.
    pub(crate) panel: &'static str,
}

#[derive(PartialEq, Properties)]
pub(crate) struct TabListProps {
    pub(crate) class: Classes,
    pub(crate) label: AttrValue,
    pub(crate) tabs: Vec<TabItem>,
    pub(crate) chosen: usize,
    pub(crate) on_choose: Callback<usize>,
}

/// A row of tabs.
#[component]
pub(crate) fn TabList(props: &TabListProps) -> Html {
    let list = use_node_ref();
    let onkeydown = {
        let (list, on_choose, chosen, last) =
            (list.clone(), props.on_choose.clone(), props.chosen, props.tabs.len().saturating_sub(1));
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" => (chosen + 1).min(last),
                "ArrowLeft" => chosen.saturating_sub(1),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            on_choose.emit(next);
            let tab = list.cast::<web_sys::Element>().and_then(|list| list.children().item(u32::try_from(next).ok()?));
            if let Some(tab) = tab {
                // An element that can't take the focus keeps it where it is.
                _ = wasm_bindgen::JsCast::unchecked_ref::<HtmlElement>(&tab).focus();
            }
        })
    };
    let tab = |(index, tab): (usize, &TabItem)| {
        let is_chosen = index == props.chosen;
        let onclick = props.on_choose.reform(move |_: MouseEvent| index);
        html! {
            <button
                key={tab.id}
                id={tab.id}
                class="tab"
                role="tab"
                aria-selected={is_chosen.to_string()}
                aria-controls={tab.panel}
                tabindex={if is_chosen { "0" } else { "-1" }}
                {onclick}
            >
                { tab.label }
                if let Some(count) = &tab.count {
                    <span class="tab-count">{ count }</span>
                }
            </button>
        }
    };
    html! {
        <div class={props.class.clone()} role="tablist" aria-label={props.label.clone()} ref={list} {onkeydown}>
            { for props.tabs.iter().enumerate().map(tab) }
        </div>
    }
}
