//! A row of the table of changes.

use std::rc::Rc;

use stackherd_report::GroupStatus;
use stackherd_report::protocol::ChangeRow;
use yew::prelude::*;

use super::Sparkline;
use super::list::Columns;
use crate::i18n::{ChangeName, Texts};
use crate::model::{Language, frame_name, per_minute, place, signed, thousands, trend_tone};
use crate::shared::Chip;

#[derive(PartialEq, Properties)]
pub(super) struct ChangeListRowProps {
    pub(super) index: u32,
    /// `None` while the worker has not sent it.
    pub(super) row: Option<Rc<ChangeRow>>,
    pub(super) columns: Rc<Columns>,
    pub(super) is_selected: bool,
    pub(super) is_tab_stop: bool,
    pub(super) language: Language,
    pub(super) on_open: Callback<u32>,
}

/// One group: what happened to it, how many in each dump, how fast, how many did not move, where.
#[component]
pub(super) fn ChangeListRow(props: &ChangeListRowProps) -> Html {
    let aria_row = (u64::from(props.index) + 2).to_string();
    let index = props.index.to_string();
    let Some(row) = &props.row else {
        return html! {
            <div class="compare-row" role="row" aria-rowindex={aria_row} data-index={index} tabindex="-1">
                <div role="gridcell" class="group-list-skeleton"></div>
            </div>
        };
    };
    let texts = props.language.texts();
    let columns = &props.columns;
    let index_of_row = props.index;
    let onclick = props.on_open.reform(move |_: MouseEvent| index_of_row);
    let count = |position: &usize| {
        let count = row.counts.get(*position).copied().unwrap_or(0);
        let is_end = *position == columns.baseline || *position == columns.target;
        let class = classes!("number", (!is_end).then_some("compare-middle"), (count == 0).then_some("dim"));
        html! { <div {class} role="gridcell" data-position={position.to_string()}>{ thousands(count) }</div> }
    };
    html! {
        <div
            class="compare-row"
            role="row"
            aria-rowindex={aria_row}
            aria-selected={props.is_selected.to_string()}
            aria-label={name(texts, columns, row)}
            tabindex={if props.is_tab_stop { "0" } else { "-1" }}
            data-index={index}
            data-key={row.key.clone()}
            data-status={row.status.as_str()}
            {onclick}
        >
            <div role="gridcell"><span class={classes!("tag", status_class(row.status))}>{ (texts.compare.status)(row.status) }</span></div>
            { for columns.dumps.iter().map(count) }
            if columns.spark {
                <div class="compare-spark-cell" role="gridcell"><Sparkline counts={row.counts.clone()} category={row.category}/></div>
            }
            <div class={classes!("number", "compare-delta", trend_tone(row.delta))} role="gridcell">{ signed(row.delta) }</div>
            if columns.rate {
                <div class="number muted compare-rate" role="gridcell">{ row.per_minute.map_or_else(|| "–".to_owned(), per_minute) }</div>
            }
            if columns.stuck {
                <div class={classes!("number", "compare-stuck", (row.stuck.unwrap_or(0) == 0).then_some("dim"))} role="gridcell">
                    { row.stuck.map_or_else(|| "–".to_owned(), thousands) }
                </div>
            }
            <div class="compare-what mono ellipsis" role="gridcell" translate="no" title={row.top.as_ref().map(|top| top.function.clone())}>
                if let Some(top) = &row.top {
                    <b>{ frame_name(top) }</b>{ " " }<span class="dim">{ place(top) }</span>
                } else {
                    <span class="dim">{ texts.no_stack }</span>
                }
            </div>
            <div class="compare-state ellipsis" role="gridcell"><Chip category={row.category} state={row.state.clone()}/></div>
        </div>
    }
}

/// What is more than before asks for a look; the word says it without the colour.
const fn status_class(status: GroupStatus) -> Option<&'static str> {
    match status {
        GroupStatus::New | GroupStatus::Grown => Some("tag-warning"),
        _ => None,
    }
}

fn name(texts: &Texts, columns: &Columns, row: &ChangeRow) -> String {
    let count = |position: usize| thousands(row.counts.get(position).copied().unwrap_or(0));
    let what = row.top.as_ref().map_or_else(|| texts.no_stack.to_owned(), |top| format!("{} {}", frame_name(top), place(top)));
    let rate = row.per_minute.filter(|rate| columns.rate && *rate != 0.0).map(per_minute);
    let stuck = row.stuck.filter(|stuck| columns.stuck && *stuck > 0).map(thousands);
    (texts.compare.row_name)(&ChangeName {
        status: row.status,
        before: &count(columns.baseline),
        after: &count(columns.target),
        delta: &thousands(row.delta.unsigned_abs()),
        state: &row.state,
        what: &what,
        per_minute: rate.as_deref(),
        stuck: stuck.as_deref(),
    })
}
