//! The chart: lines in panels, one panel for each unit.

use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::legend::{Legend, words};
use crate::hooks::use_page;
use crate::i18n::Texts;
use crate::model::{Axis, Panel, SeriesChart, Summary, Tick, chart, place_name};
use crate::shared::use_width;

/// Pixels around the plot. On the left there is room for `1,000,000`.
const LEFT: f64 = 68.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 24.0;

/// Height of one panel, alone and among others, and the gap below it.
const PANEL_HEIGHT: f64 = 180.0;
const SMALL_PANEL_HEIGHT: f64 = 96.0;
const GAP: f64 = 18.0;

/// Width that a mark of the axis needs.
const TICK_WIDTH: f64 = 92.0;

/// Stops of one press of Page Up or Page Down, as a part of all.
const PAGE_PART: usize = 10;

#[derive(PartialEq, Properties)]
pub(super) struct ChartProps {
    pub(super) summary: Summary,
}

/// Lines, and the values at the place the pointer or the keys are at.
#[component]
pub(super) fn Chart(props: &ChartProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let plot = use_node_ref();
    let width = use_width(&plot);
    let layout = use_memo(props.summary.clone(), |summary| chart(&summary.dump.series));
    let stop = use_state_eq(|| None::<usize>);
    let frame = Frame { width, panel_height: if layout.panels.len() > 1 { SMALL_PANEL_HEIGHT } else { PANEL_HEIGHT } };

    let onpointermove = {
        let (layout, stop, plot) = (layout.clone(), stop.setter(), plot.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(plot) = plot.cast::<Element>() else { return };
            let x = f64::from(event.client_x()) - plot.get_bounding_client_rect().left();
            stop.set(layout.nearest_stop(frame.share(x)));
        })
    };
    let onpointerleave = {
        let stop = stop.setter();
        Callback::from(move |_: PointerEvent| stop.set(None))
    };
    let onkeydown = {
        let (stop, last) = (stop.clone(), layout.stops.len().saturating_sub(1));
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                return stop.set(None);
            }
            if let Some(next) = moved(&event.key(), *stop, last) {
                event.prevent_default();
                stop.set(Some(next));
            }
        })
    };
    let at = stop.and_then(|stop| layout.place(stop));
    html! {
        <div class="series-top">
            <Legend summary={props.summary.clone()} layout={layout.clone()} stop={*stop}/>
            <div
                class="series-plot"
                role="group"
                aria-label={texts.series_keys}
                tabindex="0"
                ref={plot}
                {onpointermove}
                {onpointerleave}
                {onkeydown}
            >
                if width > 0.0 {
                    <svg class="series-chart" width={px(width)} height={px(frame.height(&layout))} role="img" aria-label={name(texts, &props.summary, &layout)}>
                        { for (0..).zip(&layout.panels).map(|(index, one)| panel(frame, index, one, &layout)) }
                        { x_axis(texts, frame, &layout) }
                        if let Some(at) = at {
                            <line class="series-cursor" x1={px(frame.x(at))} x2={px(frame.x(at))} y1={px(TOP)} y2={px(frame.height(&layout) - BOTTOM)}/>
                        }
                    </svg>
                }
            </div>
            <p class="visually-hidden" role="status">{ stop.map(|stop| words(texts, &props.summary, &layout, stop)).unwrap_or_default() }</p>
        </div>
    }
}

/// Where things are, in pixels.
#[derive(Clone, Copy, Debug)]
struct Frame {
    width: f64,
    panel_height: f64,
}

impl Frame {
    fn plot_width(self) -> f64 {
        (self.width - LEFT - RIGHT).max(1.0)
    }

    fn x(self, at: f64) -> f64 {
        LEFT + at * self.plot_width()
    }

    /// The other way round.
    fn share(self, x: f64) -> f64 {
        (x - LEFT) / self.plot_width()
    }

    fn panel_top(self, index: u32) -> f64 {
        TOP + f64::from(index) * (self.panel_height + GAP)
    }

    fn y(self, index: u32, at: f64) -> f64 {
        self.panel_top(index) + (1.0 - at) * self.panel_height
    }

    fn height(self, layout: &SeriesChart) -> f64 {
        let n_panels = u32::try_from(layout.panels.len()).unwrap_or(u32::MAX).max(1);
        self.panel_top(n_panels) - GAP + BOTTOM
    }
}

fn panel(frame: Frame, index: u32, panel: &Panel, layout: &SeriesChart) -> Html {
    let (left, right) = (px(frame.x(0.0)), px(frame.x(1.0)));
    let mark = |tick: &Tick| {
        let y = frame.y(index, tick.at);
        html! {
            <>
                <line class="series-grid" x1={left.clone()} x2={right.clone()} y1={px(y)} y2={px(y)}/>
                <text class="series-tick" x={px(LEFT - 8.0)} y={px(y + 4.0)} text-anchor="end">{ &tick.label }</text>
            </>
        }
    };
    let line = |line: &crate::model::Line| {
        let class = style_class(layout, line.series);
        if let [(x, y)] = line.points.as_slice() {
            return html! { <circle class={classes!("series-point", class)} cx={px(frame.x(*x))} cy={px(frame.y(index, *y))} r="3"/> };
        }
        let mut path = String::with_capacity(line.points.len() * 14);
        for (x, y) in &line.points {
            path.push(if path.is_empty() { 'M' } else { 'L' });
            path.push_str(&format!("{:.1} {:.1}", frame.x(*x), frame.y(index, *y)));
        }
        html! { <path class={classes!("series-line", class)} d={path}/> }
    };
    html! {
        <g key={index}>
            { for panel.y_ticks.iter().map(mark) }
            if !panel.unit.is_empty() {
                <text class="series-unit" x={px(LEFT + 4.0)} y={px(frame.panel_top(index) + 11.0)}>{ &panel.unit }</text>
            }
            { for panel.lines.iter().map(line) }
        </g>
    }
}

fn x_axis(texts: &Texts, frame: Frame, layout: &SeriesChart) -> Html {
    let y = frame.height(layout) - BOTTOM;
    let ticks = layout.x_ticks((frame.plot_width() / TICK_WIDTH).max(1.0));
    let mark = |tick: Tick| {
        let x = frame.x(tick.at);
        // The outer marks stay inside of the picture.
        let anchor = if tick.at > 0.97 { "end" } else { "middle" };
        html! {
            <>
                <line class="series-axis" x1={px(x)} x2={px(x)} y1={px(y)} y2={px(y + 4.0)}/>
                <text class="series-tick" x={px(x)} y={px(y + 16.0)} text-anchor={anchor}>{ tick.label }</text>
            </>
        }
    };
    html! {
        <>
            <line class="series-axis" x1={px(frame.x(0.0))} x2={px(frame.x(1.0))} y1={px(y)} y2={px(y)}/>
            <text class="series-unit" x="0" y={px(y + 16.0)}>{ (texts.axis)(layout.axis) }</text>
            { for ticks.into_iter().map(mark) }
        </>
    }
}

/// What a screen reader says of the picture.
fn name(texts: &Texts, summary: &Summary, layout: &SeriesChart) -> String {
    let drawn = layout.panels.iter().flat_map(|panel| &panel.lines);
    let names: Vec<&str> =
        drawn.filter_map(|line| summary.dump.series.get(line.series)).map(|series| series.name.as_str()).collect();
    let place = |stop: usize| layout.stops.get(stop).map(|at| written(texts, layout.axis, *at)).unwrap_or_default();
    (texts.series_chart)(&names.join(", "), &place(0), &place(layout.stops.len().saturating_sub(1)))
}

/// A place of the axis in words.
pub(super) fn written(texts: &Texts, axis: Axis, at: f64) -> String {
    let place = place_name(axis, at);
    match axis {
        Axis::Clock => (texts.at_clock)(&place),
        Axis::Elapsed => (texts.at_elapsed)(&place),
        Axis::Line => (texts.nth_line)(&place),
        Axis::Index => (texts.nth_value)(&place),
    }
}

/// How the line of a series looks: by its place among those drawn.
pub(super) fn style_class(layout: &SeriesChart, series: usize) -> Option<String> {
    let drawn = layout.panels.iter().flat_map(|panel| &panel.lines);
    let index = drawn.enumerate().find(|(_, line)| line.series == series)?.0;
    Some(format!("series-{}", index + 1))
}

/// The stop that a key moves to.
fn moved(key: &str, stop: Option<usize>, last: usize) -> Option<usize> {
    let page = (last / PAGE_PART).max(1);
    let next = match (key, stop) {
        ("Home", _) => 0,
        ("End", _) | ("ArrowLeft" | "PageUp", None) => last,
        ("ArrowRight" | "PageDown", None) => 0,
        ("ArrowRight", Some(stop)) => stop.saturating_add(1),
        ("ArrowLeft", Some(stop)) => stop.saturating_sub(1),
        ("PageDown", Some(stop)) => stop.saturating_add(page),
        ("PageUp", Some(stop)) => stop.saturating_sub(page),
        _ => return None,
    };
    Some(next.min(last))
}

fn px(length: f64) -> String {
    format!("{length:.1}")
}
