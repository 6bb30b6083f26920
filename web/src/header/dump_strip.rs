//! One button for each dump.

use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::app::choose_files;
use crate::hooks::{Page, use_page};
use crate::model::{Action, DumpEntry, DumpStatus, thousands};
use crate::shared::{Icon, IconName, document};

/// The dumps, and a button to add one.
#[component]
pub(crate) fn DumpStrip() -> Html {
    let page = use_page();
    let texts = page.texts();
    let add = Callback::from(|_: MouseEvent| choose_files());
    use_effect_with(page.state().active, |_| {
        if let Ok(Some(dump)) = document().query_selector(".dump-active") {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            options.set_inline(ScrollLogicalPosition::Nearest);
            dump.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    html! {
        <div class="dump-strip" role="group" aria-label={texts.loaded_dumps}>
            { for page.state().dumps.iter().map(|dump| dump_button(&page, dump)) }
            if !page.state().dumps.is_empty() {
                <button class="button button-icon" id="add-dump" aria-label={texts.add_dump} title={format!("{} (a)", texts.add_dump)} onclick={add}>
                    <Icon name={IconName::Plus}/>
                </button>
            }
        </div>
    }
}

fn dump_button(page: &Page, dump: &DumpEntry) -> Html {
    let texts = page.texts();
    let id = dump.id;
    let is_active = page.state().active == Some(id);
    let (status, mark, count, why) = match &dump.status {
        DumpStatus::Waiting => ("waiting", Html::default(), String::new(), texts.waiting.to_owned()),
        DumpStatus::Reading { bytes, goroutines } => {
            ("loading", progress(*bytes, dump.size_bytes), thousands(*goroutines), (texts.reading)(&dump.name))
        }
        DumpStatus::Ready(summary) => (
            "ready",
            Html::default(),
            thousands(summary.dump.goroutines),
            (texts.n_goroutines)(&thousands(summary.dump.goroutines)),
        ),
        DumpStatus::Failed(loss) => {
            ("failed", html! { <Icon name={IconName::Warning}/> }, String::new(), crate::error::reason(texts, loss))
        }
    };
    let activate = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::DumpActivated(id)))
    };
    let remove = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.session().remove(id))
    };
    html! {
        <div
            key={id}
            class={classes!("dump", is_active.then_some("dump-active"))}
            data-dump={id.to_string()}
            data-status={status}
        >
            <button class="dump-button" aria-pressed={is_active.to_string()} title={format!("{}: {why}", dump.name)} onclick={activate}>
                if status == "failed" {
                    { mark.clone() }
                }
                <span class="dump-name ellipsis" translate="no">{ short_name(&dump.name) }</span>
                if !count.is_empty() {
                    <span class="dump-count">{ count }</span>
                }
            </button>
            <button class="dump-remove" aria-label={(texts.remove_dump)(&dump.name)} title={(texts.remove_dump)(&dump.name)} onclick={remove}>
                <Icon name={IconName::Cross}/>
            </button>
            if status == "loading" {
                { mark }
            }
        </div>
    }
}

/// The name without the folders before it.
fn short_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// A thin line under the name.
fn progress(bytes: u64, size_bytes: u64) -> Html {
    let percent = bytes.saturating_mul(100) / size_bytes.max(1);
    html! {
        <svg class="dump-progress" width="100%" height="2" aria-hidden="true"><rect width={format!("{}%", percent.min(100))} height="2"/></svg>
    }
}
