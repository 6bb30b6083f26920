//! The head of the table: the names of the instances, and how many goroutines each has.

use std::rc::Rc;

use yew::prelude::*;

use super::Compared;
use crate::hooks::use_page;
use crate::model::{MatrixWindow, median_text, thousands, total_bar};
use crate::shared::use_css;

/// Pixels of the highest bar.
const BAR_HEIGHT: f64 = 28.0;

#[derive(PartialEq, Properties)]
pub(super) struct NamesProps {
    pub(super) view: Compared,
    /// Positions of all instances in their order.
    pub(super) columns: Rc<Vec<u32>>,
    pub(super) window: MatrixWindow,
    pub(super) cell_width: f64,
    /// The column that takes the focus.
    pub(super) tab_stop: Option<u32>,
    /// The instance below the table.
    pub(super) chosen: Option<u32>,
    /// The corner: names of the columns that stay in sight.
    pub(super) corner: Html,
}

/// Names and totals.
#[component]
pub(super) fn Names(props: &NamesProps) -> Html {
    let page = use_page();
    let texts = page.texts().fleet;
    let (names, bars) = (use_node_ref(), use_node_ref());
    let window = props.window.columns;
    let shift = format!("translateX({}px)", window.top);
    use_css(&names, "transform", Some(shift.clone()));
    use_css(&bars, "transform", Some(shift));
    let drawn = || {
        let of = |column: u32| Some((column, props.view.at(*props.columns.get(column as usize)?)?));
        (window.first..window.first + window.count).filter_map(of)
    };
    let most = props.view.dumps.iter().map(|dump| dump.goroutines).max().unwrap_or(0);
    let bar = |(column, dump): (u32, &stackherd_report::protocol::ComparedDump)| {
        let height = (total_bar(dump.goroutines, most) * BAR_HEIGHT).max(1.0);
        html! {
            <rect
                key={dump.dump}
                class={(dump.outliers > 0).then_some("fleet-bar-sick")}
                x={format!("{:.2}", f64::from(column - window.first) * props.cell_width)}
                y={format!("{:.1}", BAR_HEIGHT - height)}
                width={format!("{:.2}", (props.cell_width - 1.5).max(1.0))}
                height={format!("{height:.1}")}
            />
        }
    };
    html! {
        <div class="fleet-head" role="rowgroup">
            <div class="fleet-names" role="row" aria-rowindex="1">
                { props.corner.clone() }
                <div class="fleet-strip" role="presentation" ref={names}>
                    for (column, dump) in drawn() {
                        <div
                            key={dump.dump}
                            class={classes!("fleet-name", (dump.outliers > 0).then_some("fleet-sick"))}
                            role="columnheader"
                            aria-colindex={(column + 2).to_string()}
                            aria-selected={(props.chosen == Some(dump.dump)).to_string()}
                            aria-label={(texts.instance_name)(&dump.name, &thousands(dump.goroutines), dump.outliers)}
                            title={(texts.instance_name)(&dump.name, &thousands(dump.goroutines), dump.outliers)}
                            tabindex={if props.tab_stop == Some(column + 1) { "0" } else { "-1" }}
                            data-cell={format!("0-{}", column + 1)}
                            data-column={(column + 1).to_string()}
                            data-dump={dump.dump.to_string()}
                            data-outliers={dump.outliers.to_string()}
                        ><span translate="no">{ props.view.short(props.columns.get(column as usize).copied().unwrap_or(u32::MAX)) }</span></div>
                    }
                </div>
            </div>
            <div class="fleet-totals" aria-hidden="true">
                <div class="fleet-label">
                    <b class="ellipsis">{ texts.total }</b><span class="dim">{ texts.logarithmic }</span>
                    <span class="fleet-median number">{ median_text(Some(props.view.median_goroutines)) }</span>
                </div>
                <div class="fleet-strip" ref={bars}>
                    <svg
                        class="fleet-bars"
                        width={format!("{:.0}", f64::from(window.count) * props.cell_width)}
                        height={BAR_HEIGHT.to_string()}
                    >{ for drawn().map(bar) }</svg>
                </div>
            </div>
        </div>
    }
}
