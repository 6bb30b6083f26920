//! The chart: the groups that changed most, over all dumps.

use std::rc::Rc;

use stackherd_report::protocol::ComparisonView;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::legend::{legend, table, value_text};
use crate::hooks::{Page, use_page};
use crate::i18n::Texts;
use crate::model::{Action, CompareAction, Scale, Tick, TrendChart, TrendCurve, colour_class, spread, trend_chart};
use crate::shared::use_width;

/// Pixels around the plot; on the right there is room for names.
const LEFT: f64 = 56.0;
const RIGHT: f64 = 118.0;
const NARROW_RIGHT: f64 = 22.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 24.0;
const HEIGHT: f64 = 190.0;

/// Width from which on names stand beside lines, and how many at most.
const NAMES_FROM: f64 = 340.0;
const MAX_NAMES: usize = 5;

/// Pixels between two names, and between two marks of the axis.
const NAME_GAP: f64 = 14.0;
const TICK_GAP: f64 = 54.0;

/// Letters of a name that fit.
const NAME_LETTERS: usize = 16;

#[derive(PartialEq, Properties)]
pub(crate) struct ChartProps {
    pub(crate) view: Rc<ComparisonView>,
    pub(crate) labels: Vec<String>,
}

/// Lines, a legend with the values at one dump, or all numbers as a table.
#[component]
pub(crate) fn Chart(props: &ChartProps) -> Html {
    let page = use_page();
    let texts = page.texts().compare;
    let plot = use_node_ref();
    let width = use_width(&plot);
    let stop = use_state_eq(|| None::<usize>);
    let compare = &page.state().compare;
    let chosen = compare.detail.as_ref().map(|detail| &detail.row);
    let layout = trend_chart(&props.view, chosen, &compare.hidden, compare.scale);
    let frame = Frame { width };
    let stops = layout.stops.clone();
    let last = stops.len().saturating_sub(1);

    let onpointermove = {
        let (layout, stop, plot) = (layout.clone(), stop.setter(), plot.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(plot) = plot.cast::<Element>() else { return };
            let x = f64::from(event.client_x()) - plot.get_bounding_client_rect().left();
            stop.set(layout.nearest(frame.share(x)));
        })
    };
    let onpointerleave = {
        let stop = stop.setter();
        Callback::from(move |_: PointerEvent| stop.set(None))
    };
    let onkeydown = {
        let stop = stop.clone();
        Callback::from(move |event: KeyboardEvent| {
            let next = match (event.key().as_str(), *stop) {
                ("Home", _) | ("ArrowRight", None) => 0,
                ("End", _) | ("ArrowLeft", None) => last,
                ("ArrowRight", Some(at)) => at.saturating_add(1).min(last),
                ("ArrowLeft", Some(at)) => at.saturating_sub(1),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            stop.set(Some(next));
        })
    };
    let shown_at = stop.filter(|at| *at <= last).unwrap_or(last);
    html! {
        <section class="compare-chart" aria-label={texts.trend}>
            { chart_header(&page, layout.scale, compare.is_table, props.labels.get(shown_at)) }
            if compare.is_table {
                { table(page.texts(), &layout, &props.labels) }
            } else {
                <div
                    class="compare-plot"
                    role="group"
                    aria-label={texts.chart_keys}
                    tabindex="0"
                    ref={plot}
                    {onpointermove}
                    {onpointerleave}
                    {onkeydown}
                >
                    if width > 0.0 {
                        <svg class="series-chart" width={px(width)} height={px(HEIGHT)} role="img" aria-label={name(texts, &layout, &props.labels)}>
                            { for layout.y_ticks.iter().map(|tick| y_mark(frame, tick)) }
                            { x_axis(frame, &layout, &props.labels) }
                            { for layout.restarts.iter().map(|at| restart(page.texts(), frame, &layout, *at)) }
                            { for (0..).zip(&layout.curves).map(|(index, curve)| line(frame, index, curve)) }
                            { names(frame, &layout) }
                            if let Some(at) = stop.and_then(|stop| stops.get(stop).copied()) {
                                <line class="series-cursor" x1={px(frame.x(at))} x2={px(frame.x(at))} y1={px(TOP)} y2={px(HEIGHT - BOTTOM)}/>
                            }
                        </svg>
                    }
                </div>
                { legend(&page, &layout, shown_at) }
                <p class="visually-hidden" role="status">{ stop.map(|at| words(&layout, &props.labels, at)).unwrap_or_default() }</p>
            }
        </section>
    }
}

/// Where things are, in pixels.
#[derive(Clone, Copy, Debug)]
struct Frame {
    width: f64,
}

impl Frame {
    fn has_names(self) -> bool {
        self.width >= NAMES_FROM
    }

    fn plot_width(self) -> f64 {
        let right = if self.has_names() { RIGHT } else { NARROW_RIGHT };
        (self.width - LEFT - right).max(1.0)
    }

    fn x(self, at: f64) -> f64 {
        LEFT + at * self.plot_width()
    }

    /// The other way round.
    fn share(self, x: f64) -> f64 {
        (x - LEFT) / self.plot_width()
    }

    fn y(self, at: f64) -> f64 {
        TOP + (1.0 - at) * (HEIGHT - TOP - BOTTOM)
    }
}

/// `label` is of the dump whose values the legend has.
fn chart_header(page: &Page, scale: Scale, is_table: bool, label: Option<&String>) -> Html {
    let texts = page.texts().compare;
    let scale_button = |of: Scale, label: &'static str| {
        let onclick = {
            let page = page.clone();
            Callback::from(move |_: MouseEvent| page.dispatch(Action::Compare(CompareAction::ScaleChosen(of))))
        };
        html! { <button class="segment" aria-pressed={(scale == of).to_string()} {onclick}>{ label }</button> }
    };
    let toggle = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::Compare(CompareAction::TableShown(!is_table))))
    };
    html! {
        <div class="pane-header">
            <h2>{ texts.trend }</h2>
            if !is_table {
                <span class="dim" id="trend-at">{ label.cloned() }</span>
            }
            <span class="pane-header-space"></span>
            <button class="button button-small" id="trend-table" aria-pressed={is_table.to_string()} onclick={toggle}>{ texts.as_table }</button>
            if !is_table {
                <div class="segments" role="group" aria-label={texts.scale}>
                    { scale_button(Scale::Linear, texts.linear) }
                    { scale_button(Scale::Log, texts.log) }
                </div>
            }
        </div>
    }
}

fn y_mark(frame: Frame, tick: &Tick) -> Html {
    let y = frame.y(tick.at);
    html! {
        <>
            <line class="series-grid" x1={px(frame.x(0.0))} x2={px(frame.x(1.0))} y1={px(y)} y2={px(y)}/>
            <text class="series-tick" x={px(LEFT - 7.0)} y={px(y + 3.5)} text-anchor="end">{ &tick.label }</text>
        </>
    }
}

/// The dumps; those whose label would lie upon the one before have a mark only.
fn x_axis(frame: Frame, layout: &TrendChart, labels: &[String]) -> Html {
    let y = HEIGHT - BOTTOM;
    let mut free_from = f64::NEG_INFINITY;
    let marks = layout.stops.iter().zip(labels).map(|(stop, label)| {
        let x = frame.x(*stop);
        let is_free = x >= free_from;
        if is_free {
            free_from = x + TICK_GAP;
        }
        html! {
            <>
                <line class="series-axis" x1={px(x)} x2={px(x)} y1={px(y)} y2={px(y + 4.0)}/>
                if is_free {
                    <text class="series-tick" x={px(x)} y={px(y + 16.0)} text-anchor="middle">{ shortened(label) }</text>
                }
            </>
        }
    });
    marks.collect()
}

fn restart(texts: &Texts, frame: Frame, layout: &TrendChart, at: usize) -> Html {
    let stop = |index: usize| layout.stops.get(index).copied().unwrap_or(0.0);
    let x = frame.x(f64::midpoint(stop(at.saturating_sub(1)), stop(at)));
    html! {
        <g class="compare-restart">
            <line x1={px(x)} x2={px(x)} y1={px(TOP)} y2={px(HEIGHT - BOTTOM)}/>
            <text class="series-tick" x={px(x)} y={px(TOP - 2.0)} text-anchor="middle">{ texts.compare.restart }</text>
        </g>
    }
}

fn line(frame: Frame, index: usize, curve: &TrendCurve) -> Html {
    let mut path = String::with_capacity(curve.points.len() * 14);
    for (x, y) in &curve.points {
        path.push(if path.is_empty() { 'M' } else { 'L' });
        path.push_str(&format!("{:.1} {:.1}", frame.x(*x), frame.y(*y)));
    }
    let is_group = curve.category.is_some();
    html! {
        <g key={curve.key.clone()} class={curve_class(index, curve)} data-line={curve.key.clone()}>
            <path d={path}/>
            if is_group {
                { for curve.points.iter().map(|(x, y)| html! { <circle cx={px(frame.x(*x))} cy={px(frame.y(*y))} r="2.6"/> }) }
            }
        </g>
    }
}

/// The colour is that of the state; lines of one state differ by their dashes.
pub(super) fn curve_class(index: usize, curve: &TrendCurve) -> Classes {
    match curve.category {
        Some(category) => classes!("trend-line", colour_class(category), format!("trend-dash-{}", index % 4)),
        None => classes!("trend-line", "trend-counter"),
    }
}

/// Names at the right ends of the first lines, moved apart.
fn names(frame: Frame, layout: &TrendChart) -> Html {
    if !frame.has_names() {
        return Html::default();
    }
    let drawn: Vec<(&TrendCurve, f64)> =
        layout.curves.iter().filter_map(|curve| Some((curve, frame.y(curve.points.last()?.1)))).take(MAX_NAMES).collect();
    let places: Vec<f64> = drawn.iter().map(|(_, y)| *y).collect();
    let places = spread(&places, NAME_GAP, HEIGHT - BOTTOM);
    let x = px(frame.x(1.0) + 8.0);
    let name = |((curve, _), y): (&(&TrendCurve, f64), f64)| {
        html! { <text class="trend-name" x={x.clone()} y={px(y + 3.5)} translate="no">{ shortened(&curve.name) }</text> }
    };
    drawn.iter().zip(places).map(name).collect()
}

/// As much of a name as fits; its end tells more than its beginning.
fn shortened(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    match letters.len().checked_sub(NAME_LETTERS - 1) {
        Some(cut) if cut > 1 => "…".to_owned() + &letters.into_iter().skip(cut).collect::<String>(),
        _ => name.to_owned(),
    }
}

/// What a screen reader says of the picture.
fn name(texts: &crate::i18n::CompareTexts, layout: &TrendChart, labels: &[String]) -> String {
    let shown: Vec<&str> = layout.curves.iter().filter(|curve| !curve.is_hidden).map(|curve| curve.name.as_str()).collect();
    if shown.is_empty() {
        return texts.no_lines.to_owned();
    }
    let label = |label: Option<&String>| label.cloned().unwrap_or_default();
    (texts.chart_name)(&shown.join(", "), &label(labels.first()), &label(labels.last()))
}

/// The values at one dump, in a sentence.
fn words(layout: &TrendChart, labels: &[String], at: usize) -> String {
    let shown = layout.curves.iter().filter(|curve| !curve.is_hidden);
    let values: Vec<String> = shown.map(|curve| format!("{} {}", curve.name, value_text(curve, at))).collect();
    format!("{}: {}", labels.get(at).cloned().unwrap_or_default(), values.join(", "))
}

fn px(length: f64) -> String {
    format!("{length:.1}")
}
