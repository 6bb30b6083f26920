//! The stack of the group, leaf first.

use std::collections::BTreeSet;

use stackherd_report::protocol::FrameView;
use yew::prelude::*;

use crate::findings::{anchor, copy_place, full_place};
use crate::hooks::{Page, use_page};
use crate::model::{Action, StackRow, lacks, origin_class, short_place, source_link, stack_rows};

/// Frames with their places; a click on a place copies it, or leads to the reader's source.
#[component]
pub(crate) fn Stack() -> Html {
    let page = use_page();
    let texts = page.texts();
    let Some(dump) = page.active() else { return Html::default() };
    let Some(detail) = dump.detail.loaded.clone() else { return Html::default() };
    let unfolded = &dump.detail.unfolded;
    let facts = StackFacts { stack: &detail.stack, culprit: detail.culprit, elided_before: detail.elided_before, unfolded };
    let on_unfold = {
        let page = page.clone();
        Callback::from(move |first| page.dispatch(Action::FramesUnfolded(first)))
    };
    html! {
        <section class="section" aria-labelledby="stack-title">
            <h3 id="stack-title">
                { texts.stack }<span class="section-space"></span>
                <span class="stack-key"><b>{ texts.origin_app }</b>{ ", " }{ texts.origin_others }</span>
            </h3>
            <ol class="stack">
                { stack_lines(&page, facts, &on_unfold) }
                if detail.stack.is_empty() {
                    <li class="stack-fold">{ texts.no_stack }</li>
                }
                if let Some(creator) = &detail.row.created_by {
                    { creator_line(&page, creator) }
                } else if lacks(&dump.summary).creators {
                    <li class="stack-fold stack-creator">{ texts.created_by }{ ": " }{ texts.no_creator }</li>
                }
            </ol>
        </section>
    }
}

/// What a stack is drawn from.
#[derive(Clone, Copy)]
pub(crate) struct StackFacts<'a> {
    /// Leaf first.
    pub(crate) stack: &'a [FrameView],
    pub(crate) culprit: Option<u32>,
    pub(crate) elided_before: Option<u32>,
    pub(crate) unfolded: &'a BTreeSet<usize>,
}

/// Its lines; `on_unfold` gets the first frame of a folded run.
pub(crate) fn stack_lines(page: &Page, facts: StackFacts<'_>, on_unfold: &Callback<usize>) -> Html {
    let rows = stack_rows(facts.stack, facts.culprit, facts.elided_before, facts.unfolded);
    rows.into_iter().map(|row| stack_row(page, facts, row, on_unfold)).collect()
}

fn stack_row(page: &Page, facts: StackFacts<'_>, row: StackRow, on_unfold: &Callback<usize>) -> Html {
    let texts = page.texts();
    match row {
        StackRow::Frame(index) => {
            let Some(view) = facts.stack.get(index) else { return Html::default() };
            let is_culprit = facts.culprit.map(|culprit| culprit as usize) == Some(index);
            frame(page, view, html! { index }, classes!(is_culprit.then_some("stack-frame-culprit")), None)
        }
        StackRow::Fold { first, count } => {
            let onclick = on_unfold.reform(move |_: MouseEvent| first);
            html! {
                <li class="stack-fold" key={format!("fold-{first}")}>
                    <button class="stack-unfold" aria-expanded="false" {onclick}>{ "▸ " }{ (texts.runtime_frames)(&count.to_string()) }</button>
                </li>
            }
        }
        StackRow::Elided => html! { <li class="stack-fold stack-elided">{ texts.elided }</li> },
    }
}

/// The `go` statement, below the frames.
pub(crate) fn creator_line(page: &Page, creator: &FrameView) -> Html {
    frame(page, creator, html! { "+" }, classes!("stack-creator"), Some(page.texts().created_by))
}

fn frame(page: &Page, frame: &FrameView, number: Html, class: Classes, before: Option<&'static str>) -> Html {
    let texts = page.texts();
    let place = short_place(frame);
    let full = full_place(frame);
    let onclick = copy_place(page, &full);
    html! {
        <li class={classes!("stack-frame", origin_class(frame.origin), class)}>
            <span class="stack-number" aria-hidden="true">{ number }</span>
            <span class="stack-function" translate="no" title={frame.function.clone()}>
                if let Some(before) = before {
                    <span class="dim">{ before }{ " " }</span>
                }
                if !frame.package.is_empty() {
                    { &frame.package }{ "." }
                }
                { &frame.name }
                if frame.inlined {
                    <span class="tag stack-inlined">{ texts.inlined }</span>
                }
            </span>
            if let Some(href) = source_link(&page.state().settings.source_link, frame) {
                { anchor(page, &href, &full, &place) }
            } else if !place.is_empty() {
                <button class="stack-place" translate="no" aria-label={(texts.copy_place)(&full)} title={(texts.copy_place)(&full)} {onclick}>{ place }</button>
            }
        </li>
    }
}
