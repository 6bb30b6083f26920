//! One button for each dump, and a menu of all when they are many.

use stackherd_report::ComparisonMode;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::app::choose_files;
use crate::hooks::{Page, use_page};
use crate::i18n::Texts;
use crate::model::{
    Action, Dialog, InputStatus, Shown, State, StripItem, has_strip_menu, short_names, strip, strip_window, thousands,
};
use crate::shared::{Icon, IconName, document};

/// The dumps, a menu of them, and a button to add one.
#[component]
pub(crate) fn DumpStrip() -> Html {
    let page = use_page();
    let texts = page.texts();
    let state = page.state();
    let add = Callback::from(|_: MouseEvent| choose_files());
    use_effect_with(state.shown, |_| {
        if let Ok(Some(dump)) = document().query_selector(".dump-active") {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            options.set_inline(ScrollLogicalPosition::Nearest);
            dump.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let items = strip(state);
    let all: Vec<&str> = items.iter().map(|item| item.name()).collect();
    let names = short_names(&all);
    let active = items.iter().position(|item| Some(item.shown()) == state.shown);
    let window = strip_window(items.len(), active);
    let buttons = items.iter().zip(names).skip(window.start).take(window.len());
    html! {
        <>
            if has_strip_menu(items.len(), state.can_compare()) {
                { menu_button(&page, items.len()) }
            }
            <div class="dump-strip" role="group" aria-label={texts.loaded_dumps}>
                { for buttons.map(|(item, name)| dump_button(&page, *item, name)) }
                if !items.is_empty() {
                    <button class="button button-icon" id="add-dump" aria-label={texts.add_dump} title={format!("{} (a)", texts.add_dump)} onclick={add}>
                        <Icon name={IconName::Plus}/>
                    </button>
                }
            </div>
        </>
    }
}

fn menu_button(page: &Page, n_dumps: usize) -> Html {
    let n_dumps = thousands(n_dumps as u64);
    let name = (page.texts().all_dumps)(&n_dumps);
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::DialogShown(Some(Dialog::Dumps))))
    };
    html! {
        <button class="button button-small dump-menu-button" id="show-dumps" aria-haspopup="dialog" aria-label={name.clone()} title={name} {onclick}>
            { n_dumps }<Icon name={IconName::Down}/>
        </button>
    }
}

/// What a button says of its dump or file.
pub(super) struct Face {
    /// For the `data-status` attribute.
    pub(super) status: &'static str,
    /// Goroutines; empty where that says nothing.
    pub(super) count: String,
    /// In words.
    pub(super) why: String,
}

pub(super) fn face(texts: &Texts, item: StripItem<'_>) -> Face {
    let input = match item {
        StripItem::Input(input) => input,
        StripItem::Dump(dump) => {
            let dump = &dump.summary.dump;
            let count = thousands(dump.goroutines);
            // Numbers over time are not one number.
            if dump.goroutines == 0 && !dump.series.is_empty() {
                let why = (texts.format)(dump.format, None).to_owned();
                return Face { status: "ready", count: String::new(), why };
            }
            let why = (texts.n_goroutines)(&count);
            return Face { status: "ready", count, why };
        }
    };
    match &input.status {
        InputStatus::Reading { goroutines, .. } => {
            Face { status: "loading", count: thousands(*goroutines), why: (texts.reading)(&input.name) }
        }
        InputStatus::Failed(loss) => Face { status: "failed", count: String::new(), why: crate::error::reason(texts, loss) },
        InputStatus::Waiting | InputStatus::Opened { .. } => {
            Face { status: "waiting", count: String::new(), why: texts.waiting.to_owned() }
        }
    }
}

fn dump_button(page: &Page, item: StripItem<'_>, name: &str) -> Html {
    let texts = page.texts();
    let shown = item.shown();
    let is_active = page.state().shown == Some(shown);
    let Face { status, count, why } = face(texts, item);
    let is_baseline = is_baseline(page.state(), shown);
    let activate = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::Activated(shown)))
    };
    let remove = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.remove(shown))
    };
    let (key, dump, input) = match shown {
        Shown::Dump(dump) => (format!("dump-{dump}"), Some(dump.to_string()), None),
        Shown::Input(input) => (format!("input-{input}"), None, Some(input.to_string())),
    };
    let remove_name = (texts.remove_dump)(name);
    html! {
        <div
            {key}
            class={classes!("dump", is_active.then_some("dump-active"))}
            data-dump={dump}
            data-input={input}
            data-status={status}
        >
            <button class="dump-button" aria-pressed={is_active.to_string()} title={format!("{}: {why}", item.name())} onclick={activate}>
                if status == "failed" {
                    <Icon name={IconName::Warning}/>
                }
                <span class="dump-name ellipsis" translate="no">{ name }</span>
                if !count.is_empty() {
                    <span class="dump-count">{ count }</span>
                }
                if is_baseline {
                    <span class="dump-baseline">{ texts.compare.baseline_badge }</span>
                }
            </button>
            <button class="dump-remove" aria-label={remove_name.clone()} title={remove_name} onclick={remove}>
                <Icon name={IconName::Cross}/>
            </button>
            { progress(item) }
        </div>
    }
}

/// The others are compared to it; in a fleet only when the reader chose it.
pub(super) fn is_baseline(state: &State, shown: Shown) -> bool {
    let compare = &state.compare;
    let is_series = compare.view.as_ref().is_some_and(|view| view.mode == ComparisonMode::Series);
    let baseline = compare.baseline().filter(|_| is_series || compare.options.baseline.is_some());
    baseline.is_some_and(|dump| shown == Shown::Dump(dump))
}

/// A thin line under the name of what is being read.
fn progress(item: StripItem<'_>) -> Html {
    let StripItem::Input(input) = item else { return Html::default() };
    let InputStatus::Reading { bytes, .. } = input.status else { return Html::default() };
    let percent = bytes.saturating_mul(100) / input.size_bytes.max(1);
    html! {
        <svg class="dump-progress" width="100%" height="2" aria-hidden="true"><rect width={format!("{}%", percent.min(100))} height="2"/></svg>
    }
}
