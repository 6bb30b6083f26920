//! A row of the table of objects.

use std::rc::Rc;

use stackherd_report::protocol::{BlockingView, ObjectRow};
use yew::prelude::*;

use super::{goroutine_name, is_go_name, object_name};
use crate::i18n::{ObjectName, Texts};
use crate::model::{Language, bar_width, function_name, holder, kind_colour, place, thousands, wait};

#[derive(PartialEq, Properties)]
pub(crate) struct ObjectListRowProps {
    pub(crate) row: u32,
    /// Index into the view's objects.
    pub(crate) object: u32,
    pub(crate) view: Rc<BlockingView>,
    /// Waiters of the object that has the most.
    pub(crate) most: u64,
    pub(crate) is_selected: bool,
    pub(crate) is_tab_stop: bool,
    pub(crate) language: Language,
    pub(crate) on_open: Callback<u32>,
}

/// One object: how many wait, what it is, where they wait, who may hold it, since when.
#[component]
pub(crate) fn ObjectListRow(props: &ObjectListRowProps) -> Html {
    let Some(object) = props.view.objects.get(props.object as usize) else { return Html::default() };
    let texts = props.language.texts();
    let row = props.row;
    let onclick = props.on_open.reform(move |_: MouseEvent| row);
    let kind = (texts.blocking.kind)(object.kind);
    html! {
        <div
            class={classes!("blocking-row", kind_colour(object.kind))}
            role="row"
            aria-rowindex={(u64::from(row) + 2).to_string()}
            aria-selected={props.is_selected.to_string()}
            aria-label={name(props, object)}
            tabindex={if props.is_tab_stop { "0" } else { "-1" }}
            data-index={row.to_string()}
            data-kind={object.kind.as_str()}
            data-address={object.address.clone()}
            data-cycle={object.cycle.map(|cycle| cycle.to_string())}
            {onclick}
        >
            <div class="blocking-waiters" role="gridcell">
                <b>{ thousands(object.waiters) }</b>
                { bar(object.waiters, props.most) }
            </div>
            <div class="blocking-row-kind ellipsis" role="gridcell" translate={is_go_name(object.kind).then_some("no")}>
                <span class="swatch"></span>{ kind }
            </div>
            <div class="blocking-address mono ellipsis" role="gridcell">{ address(texts, object) }</div>
            <div class="blocking-two-lines" role="gridcell" translate="no">
                if let Some(frame) = &object.waiting_at {
                    <div class="mono ellipsis" title={frame.function.clone()}><b>{ function_name(frame) }</b></div>
                    <div class="mono ellipsis dim">{ place(frame) }</div>
                } else {
                    <div class="dim">{ texts.no_stack }</div>
                }
            </div>
            <div class="blocking-two-lines blocking-holder" role="gridcell">{ suspect(texts, props) }</div>
            <div class="number muted" role="gridcell">
                { object.oldest_minutes.map_or_else(|| html! { <span class="dim">{ "–" }</span> }, |minutes| html! { wait(minutes) }) }
            </div>
        </div>
    }
}

/// The address, or that there is none.
pub(super) fn address(texts: &Texts, object: &ObjectRow) -> Html {
    if object.address.is_empty() {
        html! { <span class="dim">{ texts.not_in_dump }</span> }
    } else if object.exact {
        html! { <span translate="no">{ &object.address }</span> }
    } else {
        html! { <span title={texts.blocking.inside_why}>{ (texts.blocking.inside)(&object.address) }</span> }
    }
}

fn suspect(texts: &Texts, props: &ObjectListRowProps) -> Html {
    let Some(holder) = holder(&props.view, props.object) else {
        return html! { <><div class="ellipsis">{ texts.blocking.no_candidate }</div><div class="ellipsis dim">{ texts.blocking.no_owner }</div></> };
    };
    let goroutine = goroutine_name(texts, holder.goid);
    let first = if holder.is_in_cycle {
        (texts.blocking.in_cycle)(&goroutine)
    } else {
        let others = Some(holder.others).filter(|others| *others > 0).map(|others| thousands(others as u64));
        let others = others.map(|others| (texts.blocking.others)(&others)).unwrap_or_default();
        format!("{goroutine}, {}{others}", holder.state)
    };
    let second = holder.confidence.map(|confidence| (texts.blocking.because)(confidence, holder.why)).unwrap_or_default();
    html! { <><div class="ellipsis">{ first }</div><div class="ellipsis dim" title={second.clone()}>{ second }</div></> }
}

fn name(props: &ObjectListRowProps, object: &ObjectRow) -> String {
    let texts = props.language.texts();
    let holder = holder(&props.view, props.object).map(|holder| goroutine_name(texts, holder.goid));
    let oldest = object.oldest_minutes.map(wait);
    let at = object.waiting_at.as_ref().map(|frame| format!("{} {}", function_name(frame), place(frame)));
    (texts.blocking.row_name)(&ObjectName {
        waiters: &thousands(object.waiters),
        object: &object_name(texts, object.kind, &object.address, object.exact),
        place: at.as_deref().unwrap_or_default().trim(),
        holder: holder.as_deref(),
        oldest: oldest.as_deref(),
    })
}

/// Waiters as a bar that ends at the right; at least a visible sliver.
fn bar(part: u64, most: u64) -> Html {
    html! {
        <svg class="blocking-bar" width="100%" height="4" aria-hidden="true">
            <rect class="blocking-bar-part" width={bar_width(part, most)} height="4" rx="1"/>
            <rect class="blocking-bar-part" width="3" height="4" rx="1"/>
        </svg>
    }
}
