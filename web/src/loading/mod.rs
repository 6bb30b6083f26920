//! An input on its way.

use yew::prelude::*;

use crate::hooks::use_page;
use crate::model::{size, thousands};

#[derive(PartialEq, Properties)]
pub(crate) struct LoadingProps {
    pub(crate) id: u32,
    pub(crate) name: AttrValue,
    pub(crate) size_bytes: u64,
    /// Bytes read and goroutines found; `None` while others are read first.
    #[prop_or_default]
    pub(crate) so_far: Option<(u64, u64)>,
}

/// How far it is, and how to stop it.
#[component]
pub(crate) fn Loading(props: &LoadingProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let (bytes, goroutines) = props.so_far.unwrap_or_default();
    let percent = (bytes.saturating_mul(100) / props.size_bytes.max(1)).min(100);
    let so_far = match props.so_far {
        Some(_) => (texts.read_so_far)(&size(bytes), &size(props.size_bytes), &thousands(goroutines)),
        None => texts.waiting.to_owned(),
    };
    let onclick = {
        let (page, id) = (page.clone(), props.id);
        Callback::from(move |_: MouseEvent| page.session().cancel(id))
    };
    html! {
        <section class="loading" aria-busy="true">
            <h1 class="loading-title">{ (texts.reading)(&props.name) }</h1>
            <div
                class="loading-bar"
                role="progressbar"
                aria-label={(texts.reading)(&props.name)}
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow={percent.to_string()}
                aria-valuetext={so_far.clone()}
            >
                <svg width="100%" height="8" aria-hidden="true"><rect width={format!("{percent}%")} height="8"/></svg>
            </div>
            <p class="loading-text">{ so_far }</p>
            <p>
                <button class="button" id="cancel" {onclick}>{ texts.cancel }</button>
                <span class="dim loading-note"><kbd>{ "Esc" }</kbd>{ " " }{ texts.cancel_keeps }</span>
            </p>
        </section>
    }
}
