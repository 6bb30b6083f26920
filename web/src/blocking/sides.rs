//! The stacks of the goroutines of a cycle, side by side.

use std::rc::Rc;

use stackherd_report::protocol::{BlockingView, CycleStep, FrameView};
use yew::prelude::*;

use super::detail::open_group;
use super::{goroutine_name, object_name};
use crate::findings::{anchor, copy_place, full_place};
use crate::hooks::{Page, use_page};
use crate::i18n::Texts;
use crate::model::{folded_on_top, function_name, held_by, origin_class, short_place, source_link};

#[derive(PartialEq, Properties)]
pub(crate) struct SidesProps {
    pub(crate) view: Rc<BlockingView>,
    /// The object on show.
    pub(crate) cursor: u32,
}

/// Nothing for an object that is in no cycle.
#[component]
pub(crate) fn Sides(props: &SidesProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let cycle = props.view.objects.get(props.cursor as usize).and_then(|object| object.cycle);
    let Some(cycle) = cycle.and_then(|cycle| props.view.cycles.get(cycle as usize)) else { return Html::default() };
    let side = |(index, step): (usize, &CycleStep)| {
        let holds = held_by(cycle, index).map(|before| object_name(texts, before.kind, &before.address, true));
        side(&page, step, holds)
    };
    html! {
        <section class="pane cycle-sides" aria-labelledby="cycle-sides-title">
            <div class="pane-header"><h2 id="cycle-sides-title">{ (texts.blocking.sides)(cycle.steps.len()) }</h2></div>
            <div class="cycle-sides-scroll" tabindex="0" role="group" aria-labelledby="cycle-sides-title">
                <div class="cycle-sides-columns">{ for cycle.steps.iter().enumerate().map(side) }</div>
            </div>
        </section>
    }
}

fn side(page: &Page, step: &CycleStep, holds: Option<String>) -> Html {
    let texts = page.texts();
    let folded = folded_on_top(&step.stack);
    let numbered = || step.stack.iter().enumerate();
    let goroutine = goroutine_name(texts, step.goid);
    html! {
        <article class="cycle-side" data-goid={step.goid.map(|goid| goid.to_string())}>
            <h3>
                <b>{ &goroutine }</b>{ " " }<span class="dim" translate="no">{ &step.state }</span>
                <span class="section-space"></span>
                { open_group(page, &step.group, texts.blocking.open_group, &(texts.blocking.open_group_of)(&goroutine)) }
            </h3>
            if folded > 0 {
                <details class="cycle-side-folded">
                    <summary>{ (texts.runtime_frames)(&folded.to_string()) }</summary>
                    <ol class="stack">{ for numbered().take(folded).map(|(index, view)| frame(page, index, view)) }</ol>
                </details>
            }
            <ol class="stack">{ for numbered().skip(folded).map(|(index, view)| frame(page, index, view)) }</ol>
            { claims(texts, step, holds) }
        </article>
    }
}

fn claims(texts: &Texts, step: &CycleStep, holds: Option<String>) -> Html {
    html! {
        <ul class="cycle-side-claims mono">
            if let Some(holds) = holds {
                <li>{ (texts.blocking.likely_holds)(&holds) }</li>
            }
            <li>{ (texts.blocking.waits_for_object)(&object_name(texts, step.kind, &step.address, true)) }</li>
        </ul>
    }
}

fn frame(page: &Page, index: usize, frame: &FrameView) -> Html {
    let texts = page.texts();
    let place = short_place(frame);
    let full = full_place(frame);
    let link = source_link(&page.state().settings.source_link, frame);
    let onclick = copy_place(page, &full);
    html! {
        <li class={classes!("stack-frame", origin_class(frame.origin))}>
            <span class="stack-number" aria-hidden="true">{ index }</span>
            <span class="stack-function" translate="no" title={frame.function.clone()}>{ function_name(frame) }</span>
            if let Some(href) = link.filter(|_| !place.is_empty()) {
                { anchor(page, &href, &full, &place) }
            } else if !place.is_empty() {
                <button class="stack-place" translate="no" aria-label={(texts.copy_place)(&full)} title={(texts.copy_place)(&full)} {onclick}>{ place }</button>
            }
        </li>
    }
}
