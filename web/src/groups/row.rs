//! A row of the groups table.

use std::rc::Rc;

use stackherd_report::GroupStatus;
use stackherd_report::protocol::{FrameView, GroupRow};
use yew::prelude::*;

use crate::compare::Sparkline;
use crate::findings::SeverityTag;
use crate::i18n::RowName;
use crate::model::{Language, colour_class, is_same_place, percent, place, signed, thousands, trend_tone, wait, wait_short};
use crate::shared::Chip;

/// Columns that exist when the dump is compared with others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChangeColumns {
    pub(crate) delta: bool,
    /// From three dumps on.
    pub(crate) spark: bool,
}

#[derive(PartialEq, Properties)]
pub(crate) struct GroupListRowProps {
    pub(crate) index: u32,
    /// `None` while the worker has not sent it.
    pub(crate) row: Option<Rc<GroupRow>>,
    /// Goroutines in the dump.
    pub(crate) total: u64,
    pub(crate) is_selected: bool,
    pub(crate) is_tab_stop: bool,
    /// There is a column for what changed, and one for how it went.
    pub(crate) columns: ChangeColumns,
    pub(crate) language: Language,
    pub(crate) on_open: Callback<u32>,
}

/// One group: how many, how much of all, where, in what state, since when.
#[component]
pub(crate) fn GroupListRow(props: &GroupListRowProps) -> Html {
    let aria_row = (u64::from(props.index) + 2).to_string();
    let index = props.index.to_string();
    let Some(row) = &props.row else {
        return html! {
            <div class="group-list-row group-list-row-unknown" role="row" aria-rowindex={aria_row} data-index={index} tabindex="-1">
                <div role="gridcell" class="group-list-skeleton"></div>
            </div>
        };
    };
    let texts = props.language.texts();
    let share = percent(row.goroutines, props.total);
    let index_of_row = props.index;
    let onclick = props.on_open.reform(move |_: MouseEvent| index_of_row);
    html! {
        <div
            class={classes!("group-list-row", row.idle.is_some().then_some("group-list-row-idle"))}
            role="row"
            aria-rowindex={aria_row}
            aria-selected={props.is_selected.to_string()}
            aria-label={name(props, row)}
            tabindex={if props.is_tab_stop { "0" } else { "-1" }}
            data-index={index}
            data-key={row.key.clone()}
            data-idle={row.idle.clone()}
            data-severity={row.finding.as_ref().map(|badge| badge.severity.as_str())}
            {onclick}
        >
            <div class="group-list-count" role="gridcell">{ thousands(row.goroutines) }</div>
            <div class={classes!("group-list-share", colour_class(row.category))} role="gridcell">
                <span class="group-list-percent">{ &share }</span>
                { bar(row.goroutines, props.total) }
            </div>
            { changes(props, row) }
            <div class="group-list-what" role="gridcell">
                <div class="group-list-function ellipsis" translate="no">
                    if let Some(top) = &row.top {
                        <span class="group-list-package">{ package(top) }</span>{ &top.name }{ " " }<span class="group-list-place">{ place(top) }</span>
                    } else {
                        <span class="group-list-package">{ texts.no_stack }</span>
                    }
                </div>
                <div class="group-list-second ellipsis">
                    if let Some(change) = row.change.as_ref().filter(|change| props.columns.delta && change.status != GroupStatus::Same) {
                        <span class="tag">{ (texts.compare.status)(change.status) }</span>{ " " }
                    }
                    if let Some(badge) = &row.finding {
                        <SeverityTag severity={badge.severity} word={(texts.findings.severity)(badge.severity)} title={badge.rule.clone()}/>{ " " }
                    }
                    <Chip category={row.category} state={row.state.clone()}/>
                    if let Some(idle) = &row.idle {
                        { " " }{ texts.findings.idle }{ ": " }<span translate="no">{ idle }</span>
                    }
                    if let Some(leaf) = leaf(row) {
                        { " → " }<span class="mono" translate="no">{ package(leaf) }{ &leaf.name }</span>
                    }
                    if let Some(creator) = &row.created_by {
                        <span class="group-list-creator-inline">{ " ← " }<span class="mono" translate="no">{ package(creator) }{ &creator.name }</span></span>
                    }
                </div>
            </div>
            <div class="group-list-creator mono ellipsis dim" role="gridcell" translate="no">
                { row.created_by.as_ref().map_or_else(|| texts.entry_point.to_owned(), |creator| package(creator) + &creator.name) }
            </div>
            <div class="group-list-wait" role="gridcell">
                if let Some(waits) = &row.wait_minutes {
                    <b title={wait(waits.max)}>{ wait_short(waits.max) }</b>{ " " }<span class="dim">{ wait_short(waits.p50) }</span>
                } else {
                    <span class="dim">{ "–" }</span>
                }
            </div>
        </div>
    }
}

fn name(props: &GroupListRowProps, row: &GroupRow) -> String {
    let texts = props.language.texts();
    let change = row.change.as_ref().filter(|change| props.columns.delta && change.delta != 0);
    let change = change.map(|change| (texts.compare.up_or_down)(change.delta, &thousands(change.delta.unsigned_abs())));
    let oldest = row.wait_minutes.as_ref().map(|waits| wait(waits.max));
    let name = (texts.row_name)(&RowName {
        goroutines: &thousands(row.goroutines),
        percent: &percent(row.goroutines, props.total),
        state: &row.state,
        function: &row.top.as_ref().map_or_else(|| texts.no_stack.to_owned(), |top| package(top) + &top.name),
        place: &row.top.as_ref().map(place).unwrap_or_default(),
        change: change.as_deref(),
        oldest: oldest.as_deref(),
    });
    let badge = row.finding.as_ref().map(|badge| format!("{} {}", (texts.findings.severity)(badge.severity), badge.rule));
    let idle = row.idle.as_ref().map(|idle| format!("{} {idle}", texts.findings.idle));
    [Some(name), badge, idle].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What became of it since the baseline, and how it went over all dumps.
fn changes(props: &GroupListRowProps, row: &GroupRow) -> Html {
    let change = row.change.as_ref();
    html! {
        <>
            if props.columns.delta {
                <div class={classes!("group-list-delta", change.and_then(|change| trend_tone(change.delta)))} role="gridcell">
                    { change.map_or_else(|| "–".to_owned(), |change| signed(change.delta)) }
                </div>
            }
            if props.columns.spark {
                <div class="group-list-spark" role="gridcell">
                    if let Some(change) = change {
                        <Sparkline counts={change.counts.clone()} category={row.category}/>
                    }
                </div>
            }
        </>
    }
}

/// `worker.`, or nothing where there is no package.
fn package(frame: &FrameView) -> String {
    if frame.package.is_empty() { String::new() } else { format!("{}.", frame.package) }
}

/// The leaf, when it says more than the top frame.
fn leaf(row: &GroupRow) -> Option<&FrameView> {
    let leaf = row.leaf.as_ref()?;
    row.top.as_ref().is_none_or(|top| !is_same_place(top, leaf)).then_some(leaf)
}

/// The share as a bar; at least a visible sliver.
fn bar(part: u64, whole: u64) -> Html {
    let tenths = u128::from(part) * 1000 / u128::from(whole.max(1));
    html! {
        <svg class="group-list-bar" width="100%" height="4" aria-hidden="true">
            <rect class="group-list-bar-track" width="100%" height="4" rx="1"/>
            <rect class="group-list-bar-part" width={format!("{}.{}%", tenths / 10, tenths % 10)} height="4" rx="1"/>
            <rect class="group-list-bar-part" width="2" height="4" rx="1"/>
        </svg>
    }
}
