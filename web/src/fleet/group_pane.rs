//! One group in all instances: its stack, and how many goroutines each instance has on it.

use stackherd_report::protocol::{ChangeDetail, ChangeRow, FrameView};
use yew::prelude::*;

use super::actions::open_group;
use super::{Compared, group_name};
use crate::findings::{copy_place, full_place};
use crate::hooks::{Page, use_page};
use crate::model::{
    Action, FleetAction, bar_width, colour_class, count_at, function_name, median_text, origin_class, short_place, thousands,
};
use crate::shared::{Icon, IconName};

/// Instances listed, those with the most goroutines.
const MAX_INSTANCES: usize = 24;

#[derive(PartialEq, Properties)]
pub(super) struct GroupPaneProps {
    pub(super) view: Compared,
}

/// The group that the reader chose.
#[component]
pub(super) fn GroupPane(props: &GroupPaneProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let fleet = &page.state().fleet;
    let detail = fleet.detail.as_ref().filter(|detail| fleet.group.as_ref() == Some(&detail.row.key));
    let Some(dump) = fleet.instance_on_show(&props.view) else { return Html::default() };
    let instance = props.view.of_dump(dump).map(|compared| compared.name.clone()).unwrap_or_default();
    let back = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::Fleet(FleetAction::InstanceChosen(dump))))
    };
    html! {
        <section
            class="fleet-pane"
            id="fleet-pane"
            aria-labelledby="fleet-pane-title"
            aria-busy={(!fleet.is_detail_current()).to_string()}
            data-group={fleet.group.clone()}
        >
            <div class="pane-header">
                <button
                    class="button button-icon"
                    id="fleet-back"
                    aria-label={(texts.fleet.back_to_instance)(&instance)}
                    title={(texts.fleet.back_to_instance)(&instance)}
                    onclick={back}
                ><Icon name={IconName::Back}/></button>
                if let Some(detail) = detail {
                    { title(&page, detail) }
                    <span class="section-space"></span>
                    { open_button(&page, &props.view, detail, dump) }
                }
            </div>
            if let Some(detail) = detail {
                <div class="fleet-group-panes">
                    <ol class="stack fleet-pane-scroll" tabindex="0" aria-label={texts.tab_stack}>
                        { for detail.stack.iter().enumerate().map(|(index, view)| frame(&page, index, view, detail.culprit)) }
                    </ol>
                    { by_instance(&page, &props.view, &detail.row, dump) }
                </div>
            }
        </section>
    }
}

fn title(page: &Page, detail: &ChangeDetail) -> Html {
    let texts = page.texts();
    let row = &detail.row;
    html! {
        <>
            <span class={classes!("swatch", colour_class(row.category))}></span>
            <h2 id="fleet-pane-title" class="mono ellipsis" translate="no">{ group_name(texts, row.top.as_ref()) }</h2>
            <span class="dim ellipsis" translate="no">{ &row.state }</span>
            <span class="chip">{ (texts.fleet.spread)(&median_text(row.median), &median_text(row.deviation)) }</span>
        </>
    }
}

/// Leads to the group in the dump of the instance, where that has it.
fn open_button(page: &Page, view: &Compared, detail: &ChangeDetail, dump: u32) -> Html {
    let mut has_it = (0..).zip(&view.dumps).filter(|(position, _)| count_at(&detail.row, *position) > 0);
    let Some((position, _)) = has_it.find(|(_, compared)| compared.dump == dump) else { return Html::default() };
    let onclick = {
        let (page, key) = (page.clone(), detail.row.key.clone());
        Callback::from(move |_: MouseEvent| open_group(&page, dump, key.clone()))
    };
    html! {
        <button class="button button-primary button-small" id="open-group" {onclick}>
            { (page.texts().fleet.open_group_in)(view.short(position)) }
        </button>
    }
}

fn frame(page: &Page, index: usize, frame: &FrameView, culprit: Option<u32>) -> Html {
    let place = short_place(frame);
    let full = full_place(frame);
    let onclick = copy_place(page, &full);
    let is_hot = culprit.is_some_and(|culprit| culprit as usize == index);
    html! {
        <li class={classes!("stack-frame", origin_class(frame.origin), is_hot.then_some("stack-frame-culprit"))}>
            <span class="stack-number" aria-hidden="true">{ index }</span>
            <span class="stack-function" translate="no" title={frame.function.clone()}>{ function_name(frame) }</span>
            if !place.is_empty() {
                <button class="stack-place" translate="no" aria-label={(page.texts().copy_place)(&full)} title={(page.texts().copy_place)(&full)} {onclick}>{ place }</button>
            }
        </li>
    }
}

fn by_instance(page: &Page, view: &Compared, row: &ChangeRow, on_show: u32) -> Html {
    let texts = page.texts().fleet;
    let mut counts: Vec<_> = (0..).zip(&view.dumps).map(|(position, dump)| (count_at(row, position), position, dump)).collect();
    counts.sort_by_key(|(count, _, dump)| std::cmp::Reverse((*count, dump.dump == on_show)));
    let most = counts.first().map_or(0, |(count, ..)| *count);
    let more = counts.len().saturating_sub(MAX_INSTANCES);
    html! {
        <div class={classes!("fleet-pane-scroll", "fleet-by-instance", colour_class(row.category))} role="group" aria-label={texts.by_instance}>
            for (count, position, dump) in counts.into_iter().take(MAX_INSTANCES) {
                <button
                    key={dump.dump}
                    class="fleet-instance"
                    aria-pressed={(dump.dump == on_show).to_string()}
                    data-dump={dump.dump.to_string()}
                    onclick={choose(page, row, dump.dump)}
                >
                    <span class={classes!("mono", "ellipsis", row.outliers.contains(&position).then_some("fleet-sick"))} translate="no" title={dump.name.clone()}>{ view.short(position) }</span>
                    <b class="number">{ thousands(count) }</b>
                    <svg class="fleet-pane-bar" width="100%" height="6" aria-hidden="true">
                        <rect width={bar_width(count, most)} height="6" rx="1"/>
                    </svg>
                </button>
            }
            if more > 0 {
                <p class="fleet-note dim">{ (texts.others_have)(&thousands(more as u64)) }</p>
            }
        </div>
    }
}

/// The same group in another instance.
fn choose(page: &Page, row: &ChangeRow, dump: u32) -> Callback<MouseEvent> {
    let (page, key) = (page.clone(), row.key.clone());
    Callback::from(move |_| page.dispatch(Action::Fleet(FleetAction::GroupChosen { key: key.clone(), dump: Some(dump) })))
}
