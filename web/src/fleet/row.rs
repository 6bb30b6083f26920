//! A row of the table: the group by name, and its cells for those who don't see the picture.

use std::rc::Rc;

use stackherd_report::protocol::ChangeRow;
use yew::prelude::*;

use super::{Compared, group_label, group_name};
use crate::i18n::{CellName, FleetRowName};
use crate::model::{Language, MatrixWindow, colour_class, count_at, median_text, ratio_text, thousands};
use crate::shared::use_css;

/// Instances that the name of a row tells at most.
const MAX_TOLD: usize = 5;

#[derive(PartialEq, Properties)]
pub(super) struct FleetRowProps {
    pub(super) index: u32,
    /// `None` until it came.
    pub(super) row: Option<Rc<ChangeRow>>,
    pub(super) view: Compared,
    /// Positions of all instances in their order.
    pub(super) columns: Rc<Vec<u32>>,
    pub(super) window: MatrixWindow,
    /// The column of the cursor, where it is in this row.
    pub(super) cursor: Option<u32>,
    /// The column that takes the focus, where it is in this row.
    pub(super) tab_stop: Option<u32>,
    pub(super) is_chosen: bool,
    pub(super) language: Language,
}

/// One group. The picture below shows its cells; only the row with the cursor has elements for them, so that ten thousand
/// groups by forty instances stay a small document.
#[component]
pub(super) fn FleetRow(props: &FleetRowProps) -> Html {
    let cells = use_node_ref();
    use_css(&cells, "transform", Some(format!("translateX({}px)", props.window.columns.top)));
    let texts = props.language.texts();
    let index = props.index.to_string();
    let rowindex = (u64::from(props.index) + 2).to_string();
    let Some(row) = &props.row else {
        return html! { <div class="fleet-row" role="row" aria-rowindex={rowindex} data-index={index}><div class="fleet-label" role="rowheader"></div></div> };
    };
    let group = group_name(texts, row.top.as_ref());
    let is_odd = !row.outliers.is_empty();
    html! {
        <div
            class={classes!("fleet-row", props.is_chosen.then_some("fleet-row-chosen"), colour_class(row.category))}
            role="row"
            aria-rowindex={rowindex}
            data-index={index}
            data-key={row.key.clone()}
        >
            <div
                class={classes!("fleet-label", is_odd.then_some("fleet-label-odd"))}
                role="rowheader"
                aria-colindex="1"
                aria-selected={props.is_chosen.to_string()}
                aria-label={name(props, row, &group)}
                tabindex={if props.tab_stop == Some(0) { "0" } else { "-1" }}
                data-cell={format!("{}-0", props.index + 1)}
            >
                <span class="swatch"></span>
                { group_label(texts, row.top.as_ref()) }
                <span class="fleet-median number">
                    { median_text(row.median) }
                    if let Some(deviation) = row.deviation.filter(|deviation| *deviation > 0.0) {
                        <span class="fleet-deviation">{ " ± " }{ median_text(Some(deviation)) }</span>
                    }
                </span>
            </div>
            if props.cursor.is_some() {
                <div class="fleet-strip" role="presentation" ref={cells}>{ cells_of(props, row, &group) }</div>
            }
        </div>
    }
}

fn name(props: &FleetRowProps, row: &ChangeRow, group: &str) -> String {
    let texts = props.language.texts();
    let told = |positions: &[u32], with_count: bool| {
        let one = |position: &u32| {
            let count = if with_count { format!(" {}", thousands(count_at(row, *position))) } else { String::new() };
            format!("{}{count}", props.view.short(*position))
        };
        positions.iter().map(one).take(MAX_TOLD).collect::<Vec<_>>().join(", ")
    };
    (texts.fleet.row_name)(&FleetRowName {
        group,
        state: &row.state,
        median: &median_text(row.median),
        outliers: &told(&row.outliers, true),
        missing: &told(&row.missing, false),
    })
}

fn cells_of(props: &FleetRowProps, row: &ChangeRow, group: &str) -> Html {
    let window = props.window.columns;
    let cell = |column: u32| {
        let position = *props.columns.get(column as usize)?;
        Some(html! {
            <div
                key={column}
                class="fleet-cell"
                role="gridcell"
                aria-colindex={(column + 2).to_string()}
                aria-label={cell_name(&props.view, props.language, row, position, group)}
                tabindex={if props.tab_stop == Some(column + 1) { "0" } else { "-1" }}
                data-cell={format!("{}-{}", props.index + 1, column + 1)}
            ></div>
        })
    };
    (window.first..window.first + window.count).filter_map(cell).collect()
}

/// What a cell says: whose, of what, how many, and how odd that is.
pub(super) fn cell_name(view: &Compared, language: Language, row: &ChangeRow, position: u32, group: &str) -> String {
    let count = count_at(row, position);
    (language.texts().fleet.cell_name)(&CellName {
        instance: view.short(position),
        group,
        goroutines: &thousands(count),
        ratio: ratio_text(count, row.median).as_deref(),
        median: &median_text(row.median),
        is_outlier: row.outliers.contains(&position),
        is_missing: row.missing.contains(&position),
    })
}
