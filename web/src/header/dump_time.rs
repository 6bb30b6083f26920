//! When a dump was taken, and whether the others are compared to it.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::dump_strip::is_baseline;
use crate::hooks::use_page;
use crate::model::{Action, Shown, dump_time, rfc3339};

#[derive(PartialEq, Properties)]
pub(super) struct DumpTimeFormProps {
    pub(super) dump: u32,
}

/// A field below the list of dumps, about the one under the cursor.
#[component]
pub(super) fn DumpTimeForm(props: &DumpTimeFormProps) -> Html {
    let page = use_page();
    let texts = page.texts().compare;
    let dump = props.dump;
    let time = dump_time(page.state(), dump);
    let Some(name) = page.state().dumps().find(|entry| entry.id == dump).map(|entry| entry.name().to_owned()) else {
        return Html::default();
    };
    let set = move |captured_at: Option<String>| Action::CaptureTimeSet { dump, captured_at };
    let onchange = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            // A field that is only half filled has no value.
            if let Some(at) = rfc3339(&event.target_unchecked_into::<HtmlInputElement>().value()) {
                page.dispatch(set(Some(at)));
            }
        })
    };
    let forget = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(set(None)))
    };
    let baseline = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.make_baseline(dump))
    };
    let is_base = is_baseline(page.state(), Shown::Dump(dump));
    let is_given = time.as_ref().is_some_and(|time| time.is_given);
    let source = match &time {
        None => texts.time_unknown,
        Some(time) if time.is_given => texts.time_given,
        Some(_) => texts.time_of_file,
    };
    html! {
        <div class="dump-time" role="group" aria-label={name.clone()} data-dump={dump.to_string()}>
            <span class="dump-time-name ellipsis" translate="no" title={name.clone()}>{ &name }</span>
            <label class="dump-time-label" for="dump-time">{ texts.taken_at }</label>
            <input
                class="dump-time-input"
                id="dump-time"
                type="datetime-local"
                step="1"
                aria-describedby="dump-time-source"
                value={time.map(|time| time.input).unwrap_or_default()}
                {onchange}
            />
            <span class="dim" id="dump-time-source">{ source }</span>
            if is_given {
                <button class="button button-small" id="forget-time" onclick={forget}>{ texts.forget_time }</button>
            }
            <button class="button button-small" id="make-baseline" disabled={is_base} onclick={baseline}>
                { if is_base { texts.is_baseline } else { texts.make_baseline } }
            </button>
        </div>
    }
}
