//! Every value as a row.

use yew::prelude::*;

use crate::hooks::use_page;
use crate::model::{SeriesRow, Summary, series_table, shown_unit};
use crate::shared::VirtualList;

#[derive(PartialEq, Properties)]
pub(super) struct TableProps {
    pub(super) summary: Summary,
}

/// A list of any length.
#[component]
pub(super) fn Table(props: &TableProps) -> Html {
    let texts = use_page().texts();
    let table = use_memo(props.summary.clone(), |summary| series_table(&summary.dump.series));
    let has_names = props.summary.dump.series.len() > 1;
    let total = table.len();
    let draw = {
        let (table, summary) = (table.clone(), props.summary.clone());
        Callback::from(move |(first, count): (u32, u32)| {
            let series = &summary.dump.series;
            let rows = (first..first.saturating_add(count)).filter_map(|index| Some((index, table.row(series, index)?)));
            let name =
                |row: &SeriesRow| series.get(row.series).map(|series| (series.name.clone(), shown_unit(series).to_owned()));
            rows.map(|(index, row)| {
                let (name, unit) = name(&row).unwrap_or_default();
                html! {
                    <div key={index} class="series-table-row" role="row" aria-rowindex={(u64::from(index) + 2).to_string()} data-index={index.to_string()}>
                        <span role="cell" class="number dim">{ row.line }</span>
                        if table.has_times() {
                            <span role="cell">{ row.time }</span>
                        }
                        if has_names {
                            <span role="cell" class="mono ellipsis" translate="no" title={name.clone()}>{ name }</span>
                        }
                        <span role="cell" class="number series-table-value">{ row.value }{ " " }<span class="dim">{ unit }</span></span>
                        <span role="cell" class="number">{ row.change }</span>
                    </div>
                }
            })
            .collect::<Html>()
        })
    };
    html! {
        <div
            class={classes!(
                "series-table",
                (!table.has_times()).then_some("series-table-no-times"),
                (!has_names).then_some("series-table-no-names"),
            )}
            role="table"
            aria-label={texts.series}
            aria-rowcount={(u64::from(total) + 1).to_string()}
        >
            <div role="rowgroup">
                <div class="series-table-row series-table-head" role="row" aria-rowindex="1">
                    <span role="columnheader" class="number">{ texts.column_line }</span>
                    if table.has_times() {
                        <span role="columnheader">{ texts.column_time }</span>
                    }
                    if has_names {
                        <span role="columnheader">{ texts.column_name }</span>
                    }
                    <span role="columnheader" class="number">{ texts.column_value }</span>
                    <span role="columnheader" class="number">{ texts.column_change }</span>
                </div>
            </div>
            <VirtualList class="series-table-rows" {total} is_tab_stop=true on_seen={Callback::noop()} {draw}/>
        </div>
    }
}
