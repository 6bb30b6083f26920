//! The sentence on top, and what happened to groups to choose from.

use std::rc::Rc;

use stackherd_report::protocol::ComparisonView;
use stackherd_report::{GroupStatus, Relation};
use yew::prelude::*;

use crate::hooks::{Page, use_page};
use crate::model::{Action, CompareAction, shows_stuck, thousands};
use crate::shared::Sentence;

/// Shared stacks below this are worth a warning, in percent.
const FEW_SHARED: u32 = 25;

#[derive(PartialEq, Properties)]
pub(crate) struct HeadProps {
    pub(crate) view: Rc<ComparisonView>,
}

/// What changed, in a sentence, and how many groups did what.
#[component]
pub(crate) fn Head(props: &HeadProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let view = &props.view;
    html! {
        <section class="verdict compare-head" aria-label={texts.verdict}>
            <div class="verdict-text">
                <h1><Sentence text={view.title.clone()}/></h1>
                <p class="verdict-line">
                    <Sentence text={view.detail.clone()}/>
                    if shows_stuck(view) {
                        { " " }{ texts.compare.stuck_means }
                    }
                    if view.mixed_formats {
                        { " " }{ texts.compare.mixed_formats }
                    }
                </p>
                if view.shared_percent < FEW_SHARED && (view.relation_is_given || view.relation != Relation::Unknown) {
                    <p class="compare-few-shared" id="few-shared">{ (texts.compare.few_shared)(view.shared_percent) }</p>
                }
            </div>
            { statuses(&page, view) }
        </section>
    }
}

fn statuses(page: &Page, view: &ComparisonView) -> Html {
    let texts = page.texts().compare;
    let chosen = page.state().compare.status;
    let button = |status: Option<GroupStatus>, count: Option<u32>| {
        let onclick = {
            let page = page.clone();
            Callback::from(move |_: MouseEvent| page.dispatch(Action::Compare(CompareAction::StatusChosen(status))))
        };
        html! {
            <button
                class="segment"
                aria-pressed={(chosen == status).to_string()}
                data-status={status.map_or("all", GroupStatus::as_str)}
                {onclick}
            >
                { status.map_or(texts.all, texts.status) }
                if let Some(count) = count {
                    { " " }{ thousands(u64::from(count)) }
                }
            </button>
        }
    };
    let counts = view.statuses;
    html! {
        <div class="segments" role="group" aria-label={texts.statuses}>
            { button(None, None) }
            { button(Some(GroupStatus::New), Some(counts.new)) }
            { button(Some(GroupStatus::Grown), Some(counts.grown)) }
            { button(Some(GroupStatus::Shrunk), Some(counts.shrunk)) }
            { button(Some(GroupStatus::Gone), Some(counts.gone)) }
        </div>
    }
}
