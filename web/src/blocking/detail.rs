//! The object on show: its cycle, or who may hold it and who waits.

use std::rc::Rc;

use stackherd_report::BlockingKind;
use stackherd_report::protocol::{BlockingView, CandidateView, ObjectRow};
use yew::prelude::*;

use super::cycle::cycle;
use super::markdown::object_markdown;
use super::row::address;
use super::{goroutine_name, is_go_name};
use crate::hooks::{Page, use_page};
use crate::model::{Action, BlockingAction, Notice, function_name, kind_colour, place, thousands, wait};
use crate::shared::{Icon, IconName, focus_after_frame};

/// Groups that the engine sends at most.
const MAX_GROUPS: usize = 20;

#[derive(PartialEq, Properties)]
pub(crate) struct ObjectDetailProps {
    pub(crate) view: Rc<BlockingView>,
    /// The object on show.
    pub(crate) cursor: u32,
}

/// The right pane.
#[component]
pub(crate) fn ObjectDetail(props: &ObjectDetailProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let Some(object) = props.view.objects.get(props.cursor as usize) else { return Html::default() };
    let cycle_view = object.cycle.and_then(|cycle| props.view.cycles.get(cycle as usize));
    html! {
        <aside
            class="pane blocking-detail"
            id="blocking-detail"
            tabindex="-1"
            aria-label={texts.blocking.detail}
            data-kind={object.kind.as_str()}
            data-address={object.address.clone()}
        >
            <div class="pane-header">
                { back(&page) }
                if cycle_view.is_some() {
                    <h2>{ texts.blocking.cycle }</h2><span class="tag blocking-critical">{ texts.blocking.critical }</span>
                } else {
                    <h2 class={classes!("blocking-title", kind_colour(object.kind))} translate={is_go_name(object.kind).then_some("no")}>
                        <span class="swatch"></span>{ (texts.blocking.kind)(object.kind) }
                    </h2>
                    <span class="mono ellipsis">{ address(texts, object) }</span>
                }
                <span class="pane-header-space"></span>
                { copy(&page, props) }
            </div>
            <div class="blocking-scroll" key={props.cursor}>
                if let Some(cycle_view) = cycle_view {
                    { cycle(&page, cycle_view) }
                } else {
                    { facts(&page, object) }
                    { candidates(&page, object) }
                }
                { groups(&page, object) }
            </div>
        </aside>
    }
}

fn back(page: &Page) -> Html {
    let texts = page.texts().blocking;
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::Blocking(BlockingAction::Opened(false)));
            focus_after_frame(".blocking-row[tabindex='0']");
        })
    };
    html! { <button class="button button-small blocking-back" {onclick}><Icon name={IconName::Back}/>{ texts.back }</button> }
}

fn copy(page: &Page, props: &ObjectDetailProps) -> Html {
    let texts = page.texts();
    let onclick = {
        let (page, view, cursor) = (page.clone(), props.view.clone(), props.cursor);
        Callback::from(move |_: MouseEvent| page.copy(object_markdown(page.texts(), &view, cursor), Notice::CopiedMarkdown))
    };
    html! {
        <button class="button button-small" id="copy-object" title={texts.blocking.copy_object} {onclick}>
            <Icon name={IconName::Copy}/>{ texts.markdown }
        </button>
    }
}

fn facts(page: &Page, object: &ObjectRow) -> Html {
    let texts = page.texts();
    html! {
        <section class="section">
            <p class="blocking-facts">
                <b>{ (texts.blocking.n_wait)(&thousands(object.waiters)) }</b>
                if let Some(minutes) = object.oldest_minutes {
                    <span>{ (texts.blocking.oldest)(&wait(minutes)) }</span>
                }
            </p>
            if let Some(frame) = &object.waiting_at {
                <p class="mono blocking-at" translate="no"><b>{ function_name(frame) }</b>{ " " }<span class="dim">{ place(frame) }</span></p>
            }
            if object.address.is_empty() {
                <p class="muted">{ texts.blocking.no_address }</p>
                if object.kind == BlockingKind::Channel {
                    <p class="muted">{ texts.blocking.channel_address }</p>
                }
            } else if !object.exact {
                <p class="muted">{ texts.blocking.inside_why }</p>
            }
        </section>
    }
}

fn candidates(page: &Page, object: &ObjectRow) -> Html {
    let texts = page.texts();
    if object.candidates.is_empty() {
        // Without an address nothing was looked for, which was said already.
        if object.address.is_empty() {
            return Html::default();
        }
        return html! { <section class="section"><h3>{ (texts.blocking.candidates)(object.kind) }</h3><p class="muted">{ texts.blocking.no_candidates }</p></section> };
    }
    html! {
        <section class="section">
            <h3>{ (texts.blocking.candidates)(object.kind) }</h3>
            <p class="muted blocking-note">{ (texts.blocking.candidates_note)(object.kind) }</p>
            <ul class="candidate-list">{ for object.candidates.iter().map(|candidate| candidate_item(page, candidate)) }</ul>
        </section>
    }
}

fn candidate_item(page: &Page, candidate: &CandidateView) -> Html {
    let texts = page.texts();
    let goroutine = goroutine_name(texts, candidate.goid);
    html! {
        <li class="candidate" data-goid={candidate.goid.map(|goid| goid.to_string())}>
            <div class="candidate-head">
                <b>{ &goroutine }</b><span class="chip" translate="no">{ &candidate.state }</span>
                <span class="tag">{ (texts.blocking.confidence)(candidate.confidence) }</span>
                <span class="section-space"></span>
                { open_group(page, &candidate.group, texts.blocking.open_group, &(texts.blocking.open_group_of)(&goroutine)) }
            </div>
            if let Some(top) = &candidate.top {
                <p class="mono" translate="no">{ function_name(top) }{ " " }<span class="dim">{ place(top) }</span></p>
            }
            <p class="muted">{ &candidate.why }</p>
        </li>
    }
}

/// A button that opens a group in the groups view.
pub(super) fn open_group(page: &Page, key: &str, label: &str, name: &str) -> Html {
    let onclick = to_group(page, key);
    html! { <button class="button button-small" data-group={key.to_owned()} aria-label={name.to_owned()} title={name.to_owned()} {onclick}>{ label }</button> }
}

fn to_group(page: &Page, key: &str) -> Callback<MouseEvent> {
    let (page, key) = (page.clone(), key.to_owned());
    Callback::from(move |_: MouseEvent| {
        page.dispatch(Action::GroupShown { key: key.clone() });
        focus_after_frame("#detail");
    })
}

fn groups(page: &Page, object: &ObjectRow) -> Html {
    let texts = page.texts();
    let Some(dump) = page.active() else { return Html::default() };
    if object.groups.is_empty() {
        return Html::default();
    }
    let item = |key: &String| {
        // What it is called where the page happens to know it, else the beginning of its key.
        let row = dump.groups.rows.position(|row| row.key == *key).and_then(|index| dump.groups.rows.row(index).cloned());
        let name = row.as_ref().and_then(|row| row.top.as_ref()).map(|top| format!("{} {}", function_name(top), place(top)));
        let onclick = to_group(page, key);
        html! {
            <li key={key.clone()}>
                <button class="link mono blocking-group" data-group={key.clone()} {onclick}>
                    { name.unwrap_or_else(|| (texts.blocking.group)(key.get(..8).unwrap_or(key))) }
                </button>
                if let Some(row) = row {
                    <span class="dim">{ thousands(row.goroutines) }{ " " }<span translate="no">{ &row.state }</span></span>
                }
            </li>
        }
    };
    html! {
        <section class="section">
            <h3>{ texts.blocking.waiting_groups }</h3>
            <ul class="blocking-groups">{ for object.groups.iter().map(item) }</ul>
            if object.groups.len() >= MAX_GROUPS {
                <p class="dim blocking-note">{ (texts.blocking.first_groups)(&MAX_GROUPS.to_string()) }</p>
            }
        </section>
    }
}
