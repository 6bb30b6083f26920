//! Which line is which, and the values at one place.

use std::rc::Rc;

use yew::prelude::*;

use super::chart::{style_class, written};
use crate::hooks::use_page;
use crate::i18n::Texts;
use crate::model::{Line, SeriesChart, Summary, decimal, shown_unit, thousands};

#[derive(PartialEq, Properties)]
pub(super) struct LegendProps {
    pub(super) summary: Summary,
    pub(super) layout: Rc<SeriesChart>,
    /// The place whose values are shown; the last one where there is none.
    pub(super) stop: Option<usize>,
}

/// A line above the chart that does not move when values change.
#[component]
pub(super) fn Legend(props: &LegendProps) -> Html {
    let texts = use_page().texts();
    let layout = &*props.layout;
    let stop = props.stop.unwrap_or_else(|| layout.stops.len().saturating_sub(1));
    let Some(at) = layout.stops.get(stop).copied() else { return Html::default() };
    let item = |line: &Line| {
        let name = props.summary.dump.series.get(line.series).map(|series| series.name.clone());
        html! {
            <li class="series-legend-item" key={line.series}>
                <svg width="22" height="8" aria-hidden="true"><path class={classes!("series-line", style_class(layout, line.series))} d="M0 4H22"/></svg>
                <span class="mono" translate="no">{ name }</span>
                <b>{ value(&props.summary, line, at) }</b>
            </li>
        }
    };
    html! {
        <div class="series-head">
            <span class="series-place dim">{ written(texts, layout.axis, at) }</span>
            <ul class="series-legend">{ for layout.panels.iter().flat_map(|panel| &panel.lines).map(item) }</ul>
            if layout.n_hidden > 0 {
                <span class="dim">{ (texts.series_hidden)(&thousands(layout.n_hidden as u64)) }</span>
            }
        </div>
    }
}

/// The same in one sentence.
pub(super) fn words(texts: &Texts, summary: &Summary, layout: &SeriesChart, stop: usize) -> String {
    let Some(at) = layout.stops.get(stop).copied() else { return String::new() };
    let lines = layout.panels.iter().flat_map(|panel| &panel.lines);
    let values = lines.filter_map(|line| {
        let series = summary.dump.series.get(line.series)?;
        Some(format!("{} {}", series.name, value(summary, line, at)))
    });
    let values: Vec<String> = values.collect();
    format!("{}: {}", written(texts, layout.axis, at), values.join(", "))
}

/// The value of a line at a place, with its unit unless the name says it.
fn value(summary: &Summary, line: &Line, at: f64) -> String {
    let Some(value) = line.value_at(at) else { return "–".to_owned() };
    match summary.dump.series.get(line.series).map_or("", shown_unit) {
        "" => decimal(value),
        unit => format!("{} {unit}", decimal(value)),
    }
}
