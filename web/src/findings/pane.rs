//! The list of findings, worst first.

use stackherd_report::protocol::Judgement;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::card::card;
use crate::hooks::{Page, use_page};
use crate::model::{Action, DumpEntry, finding_on_show, thousands};
use crate::shared::{Icon, IconName, focus_after_frame, is_shown};

/// Cards drawn at first, and each time the reader wants more.
const STEP: usize = 40;

/// What is wrong, and what was set aside as idle.
#[component]
pub(crate) fn FindingsPane() -> Html {
    let page = use_page();
    let limit = use_state(|| STEP);
    let texts = &page.texts().findings;
    let Some(dump) = page.active() else { return Html::default() };
    let judgement = dump.judgement.loaded.clone();
    let close = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::FindingListOpened(false));
            focus_after_frame("#show-findings");
        })
    };
    let more = {
        let limit = limit.clone();
        Callback::from(move |_: MouseEvent| limit.set(*limit + STEP))
    };
    html! {
        <section class="pane findings-pane" id="findings" aria-label={texts.findings} aria-busy={judgement.is_none().to_string()}>
            <div class="pane-header">
                <h2>{ texts.findings }</h2>
                if let Some(judgement) = &judgement {
                    <span class="dim" id="finding-count">{ thousands(judgement.findings.len() as u64) }</span>
                }
                <span class="pane-header-space"></span>
                <span class="dim">{ texts.by_severity }</span>
                <button class="button button-icon findings-close" aria-label={page.texts().close} title={page.texts().close} onclick={close}>
                    <Icon name={IconName::Cross}/>
                </button>
            </div>
            {
                match &judgement {
                    None => html! { <p class="findings-empty dim">{ texts.judging }</p> },
                    Some(judgement) if judgement.findings.is_empty() => nothing(&page, &dump),
                    Some(judgement) => list(&page, &dump, judgement, *limit, more),
                }
            }
            if let Some(judgement) = judgement.filter(|judgement| judgement.idle_groups > 0) {
                { idle(&page, &dump, &judgement) }
            }
        </section>
    }
}

fn nothing(page: &Page, dump: &DumpEntry) -> Html {
    let texts = &page.texts().findings;
    html! {
        <div class="findings-empty" id="no-findings">
            <p class="findings-empty-title"><Icon name={IconName::Check}/><b>{ texts.nothing }</b></p>
            if dump.summary.groups > 0 {
                <p>{ (texts.nothing_checked)(&thousands(dump.summary.groups)) }</p>
                <p class="dim">{ texts.nothing_next }</p>
            }
        </div>
    }
}

fn list(page: &Page, dump: &DumpEntry, judgement: &Judgement, limit: usize, more: Callback<MouseEvent>) -> Html {
    let texts = &page.texts().findings;
    let current = finding_on_show(dump).map(|(index, _)| index);
    let tab_stop = current.filter(|index| (*index as usize) < limit).unwrap_or(0);
    let cards = (0..).zip(&judgement.findings).take(limit).map(|(index, finding)| {
        let onclick = {
            let page = page.clone();
            Callback::from(move |_: MouseEvent| choose(&page, index))
        };
        card(page, finding, index, current == Some(index), index == tab_stop, onclick)
    });
    let hidden = judgement.findings.len().saturating_sub(limit);
    html! {
        <div class="findings-scroll">
            <ul class="finding-list" onkeydown={Callback::from(move_focus)}>{ for cards }</ul>
            if hidden > 0 {
                <button class="button findings-more" onclick={more}>{ (texts.more)(&thousands(hidden.min(STEP) as u64)) }</button>
            }
        </div>
    }
}

fn choose(page: &Page, index: u32) {
    page.dispatch(Action::FindingChosen(index));
    page.dispatch(Action::DetailOpened(true));
    if !is_shown(".pane-splitter") {
        focus_after_frame("#detail");
    }
}

/// The arrow keys go from card to card; Enter chooses, as on every button.
pub(crate) fn move_focus(event: KeyboardEvent) {
    let Some(card) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let item = card.parent_element();
    let next = match event.key().as_str() {
        "ArrowDown" => item.and_then(|item| item.next_element_sibling()),
        "ArrowUp" => item.and_then(|item| item.previous_element_sibling()),
        "Home" => item.and_then(|item| item.parent_element()?.first_element_child()),
        "End" => item.and_then(|item| item.parent_element()?.last_element_child()),
        _ => return,
    };
    event.prevent_default();
    if let Some(card) = next.and_then(|item| item.first_element_child()) {
        // A button takes the focus.
        _ = card.unchecked_ref::<HtmlElement>().focus();
    }
}

fn idle(page: &Page, dump: &DumpEntry, judgement: &Judgement) -> Html {
    let texts = &page.texts().findings;
    let is_hidden = dump.groups.query.hides_idle;
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::IdleHidden(!is_hidden)))
    };
    html! {
        <div class="findings-idle" id="idle-line">
            <span>{ (texts.idle_set_aside)(&thousands(judgement.idle_goroutines), &thousands(judgement.idle_groups)) }</span>
            <button class="link" {onclick}>{ if is_hidden { texts.show_idle } else { texts.hide_idle } }</button>
        </div>
    }
}
