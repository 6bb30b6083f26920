//! The filter of the groups table.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::hooks::use_page;
use crate::model::Action;
use crate::shared::{Icon, IconName};

/// A substring, or a regular expression between slashes.
#[component]
pub(crate) fn Filter() -> Html {
    let page = use_page();
    let texts = page.texts();
    let Some(dump) = page.active() else { return Html::default() };
    let invalid = dump.groups.invalid_query.clone();
    let oninput = {
        let page = page.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            page.dispatch(Action::Filtered(input.value()));
        })
    };
    let clear = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::FilterCleared))
    };
    html! {
        <div class={classes!("filter", invalid.is_some().then_some("filter-invalid"))} role="search">
            <Icon name={IconName::Search}/>
            <input
                id="filter"
                class="filter-input"
                type="text"
                spellcheck="false"
                autocomplete="off"
                aria-label={texts.filter}
                aria-invalid={invalid.is_some().to_string()}
                aria-describedby={invalid.is_some().then_some("filter-error")}
                placeholder={texts.filter_hint}
                value={dump.groups.query.text.clone()}
                {oninput}
            />
            if dump.groups.is_filtered() {
                <button class="filter-clear" aria-label={texts.clear_filter} title={format!("{} (Esc)", texts.clear_filter)} onclick={clear}>
                    <Icon name={IconName::Cross}/>
                </button>
            } else {
                <kbd aria-hidden="true">{ "/" }</kbd>
            }
            if let Some(why) = invalid {
                <span class="filter-error" id="filter-error" role="alert">{ (texts.invalid_filter)(&why) }</span>
            }
        </div>
    }
}
