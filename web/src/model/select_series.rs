//! How numbers over time are drawn: axes, marks and lines, in unit intervals.

use stackherd_report::report::Series;

use super::span::clock_tick;
use super::{clock, decimal, elapsed, elapsed_seconds, thousands};

/// Lines drawn at most; the table has all numbers.
const MAX_LINES: usize = 8;

/// Points of a drawn line at most; there are hardly more pixels.
const MAX_POINTS: usize = 1000;

/// Marks on the axis of values, at about which number.
const Y_TICKS: f64 = 4.0;

/// A value so large that differences overflow is not drawn.
const MAX_VALUE: f64 = 1e300;

/// Times below this one count from the start of a process: three years, while dates of dumps are past 2009.
const MAX_ELAPSED_MILLIS: i64 = 100_000_000_000;

/// What the numbers are drawn over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    /// Milliseconds since 1970.
    Clock,
    /// Milliseconds since the process started.
    Elapsed,
    /// Lines of the log.
    Line,
    /// The n-th value of its series, from 1.
    Index,
}

impl Axis {
    /// By time if all values have one, else by line if that tells them apart.
    pub(crate) fn of(series: &[Series]) -> Self {
        let points = || series.iter().flat_map(|series| &series.points);
        let Some(first) = points().next() else { return Self::Index };
        if points().all(|point| point.at_millis.is_some()) {
            let is_elapsed = points().filter_map(|point| point.at_millis).all(|at| at.abs() < MAX_ELAPSED_MILLIS);
            return if is_elapsed { Self::Elapsed } else { Self::Clock };
        }
        if points().any(|point| point.line != first.line) { Self::Line } else { Self::Index }
    }
}

/// Values with their places on the axis, from left to right.
type Values = Vec<(f64, f64)>;

/// A mark on an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    /// 0 to 1, from the left or from the bottom.
    pub(crate) at: f64,
    pub(crate) label: String,
}

/// All that can be drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SeriesChart {
    pub(crate) axis: Axis,
    /// One for each unit, one above the other, over the same axis.
    pub(crate) panels: Vec<Panel>,
    /// Series that are not drawn.
    pub(crate) n_hidden: usize,
    /// Where values are, from left to right, each place once; in the numbers of the axis.
    pub(crate) stops: Vec<f64>,
}

/// Series of one unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Panel {
    pub(crate) unit: String,
    pub(crate) y_ticks: Vec<Tick>,
    pub(crate) lines: Vec<Line>,
}

/// One series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Index of the series.
    pub(crate) series: usize,
    /// 0 to 1, from the left and from the bottom.
    pub(crate) points: Vec<(f64, f64)>,
    /// All values with their places, from left to right.
    values: Values,
}

impl Line {
    /// The value at a place, or the last one before it.
    pub(crate) fn value_at(&self, place: f64) -> Option<f64> {
        let after = self.values.partition_point(|(at, _)| *at <= place);
        self.values.get(after.checked_sub(1)?).map(|(_, value)| *value)
    }
}

impl SeriesChart {
    /// The index of the stop nearest to a point from 0 to 1 of the axis.
    pub(crate) fn nearest_stop(&self, at: f64) -> Option<usize> {
        let (from, to) = self.range()?;
        let place = from + at.clamp(0.0, 1.0) * (to - from);
        let after = self.stops.partition_point(|stop| *stop < place);
        let distance = |index: &usize| self.stops.get(*index).map_or(f64::INFINITY, |stop| (stop - place).abs());
        [after.saturating_sub(1), after]
            .into_iter()
            .filter(|index| *index < self.stops.len())
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    /// Where a stop is, from 0 to 1.
    pub(crate) fn place(&self, stop: usize) -> Option<f64> {
        let (from, to) = self.range()?;
        Some(share(*self.stops.get(stop)?, from, to))
    }

    /// Marks of the axis, at most about `n_wanted`.
    pub(crate) fn x_ticks(&self, n_wanted: f64) -> Vec<Tick> {
        let Some((from, to)) = self.range() else { return Vec::new() };
        let span = to - from;
        let step = match self.axis {
            Axis::Clock | Axis::Elapsed => time_step(span, n_wanted),
            Axis::Line | Axis::Index => nice_step(span, n_wanted).max(1.0),
        };
        let spans_days = span > 86_400_000.0 || (from / 86_400_000.0).floor() < (to / 86_400_000.0).floor();
        let label = |at: f64| match self.axis {
            Axis::Clock => clock_tick(whole(at), whole(step), spans_days),
            Axis::Elapsed if at < 0.0 => format!("−{}", elapsed(whole(at).unsigned_abs())),
            Axis::Elapsed if at < 1.0 => "0 s".to_owned(),
            Axis::Elapsed => elapsed(whole(at).unsigned_abs()),
            Axis::Line | Axis::Index => thousands(whole(at).unsigned_abs()),
        };
        if span <= 0.0 {
            return vec![Tick { at: 0.5, label: label(from) }];
        }
        let marks = marks(from, to, step);
        marks.into_iter().map(|at| Tick { at: share(at, from, to), label: label(at) }).collect()
    }

    /// The first and the last place.
    fn range(&self) -> Option<(f64, f64)> {
        Some((*self.stops.first()?, *self.stops.last()?))
    }
}

/// A place of the axis, written out.
pub(crate) fn place_name(axis: Axis, at: f64) -> String {
    match axis {
        Axis::Clock => clock(whole(at)),
        Axis::Elapsed => elapsed_seconds(whole(at)),
        Axis::Line | Axis::Index => thousands(whole(at).unsigned_abs()),
    }
}

/// The unit to write behind a value; goroutines need none, they are what everything here counts.
pub(crate) fn shown_unit(series: &Series) -> &str {
    if series.unit == "goroutines" { "" } else { &series.unit }
}

/// Values in all series.
pub(crate) fn n_values(series: &[Series]) -> u64 {
    series.iter().map(|series| series.points.len() as u64).sum()
}

/// Lays out all series.
pub(crate) fn chart(series: &[Series]) -> SeriesChart {
    let axis = Axis::of(series);
    let mut panels: Vec<(String, Vec<(usize, Values)>)> = Vec::new();
    let mut stops = Vec::new();
    let (mut n_lines, mut n_hidden) = (0, 0);
    for (index, one) in series.iter().enumerate() {
        let values = places(one, axis);
        if values.is_empty() {
            continue;
        }
        if n_lines == MAX_LINES {
            n_hidden += 1;
            continue;
        }
        n_lines += 1;
        stops.extend(values.iter().map(|(at, _)| *at));
        match panels.iter_mut().find(|(unit, _)| *unit == one.unit) {
            Some((_, lines)) => lines.push((index, values)),
            None => panels.push((one.unit.clone(), vec![(index, values)])),
        }
    }
    stops.sort_unstable_by(f64::total_cmp);
    stops.dedup();
    let range = stops.first().copied().zip(stops.last().copied()).unwrap_or((0.0, 0.0));
    let panels = panels.into_iter().map(|(unit, lines)| panel(unit, lines, range)).collect();
    SeriesChart { axis, panels, n_hidden, stops }
}

/// The values of a series with their places on the axis, from left to right.
#[expect(clippy::cast_precision_loss, reason = "a pixel is wider than what is lost")]
fn places(series: &Series, axis: Axis) -> Values {
    let place = |(index, point): (usize, &stackherd_report::report::Point)| {
        let at = match axis {
            Axis::Clock | Axis::Elapsed => point.at_millis? as f64,
            Axis::Line => point.line as f64,
            Axis::Index => index as f64 + 1.0,
        };
        (point.value.abs() <= MAX_VALUE).then_some((at, point.value))
    };
    let mut values: Values = series.points.iter().enumerate().filter_map(place).collect();
    // Logs that were merged, or that start with the newest line. Values of one moment keep their order.
    values.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    values
}

fn panel(unit: String, lines: Vec<(usize, Values)>, (from, to): (f64, f64)) -> Panel {
    let values = || lines.iter().flat_map(|(_, values)| values).map(|(_, value)| *value);
    // A scale that starts at zero does not make a mountain of a hill.
    let (lowest, highest) = values().fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let step = nice_step(highest - lowest, Y_TICKS);
    let (bottom, mut top) = ((lowest / step).floor() * step, (highest / step).ceil() * step);
    if top <= bottom {
        top = bottom + step;
    }
    let y_ticks =
        marks(bottom, top, step).into_iter().map(|at| Tick { at: share(at, bottom, top), label: decimal(at) }).collect();
    let line = |(series, values): (usize, Values)| {
        let points = thin(&values, MAX_POINTS);
        let points = points.into_iter().map(|(at, value)| (share(at, from, to), share(value, bottom, top))).collect();
        Line { series, points, values }
    };
    Panel { unit, y_ticks, lines: lines.into_iter().map(line).collect() }
}

/// At most `max` points that look like all of them: the first, the last, and of each stretch between the lowest and the
/// highest, so that no peak is lost.
fn thin(points: &[(f64, f64)], max: usize) -> Values {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    if points.len() <= max {
        return points.to_vec();
    }
    let n_stretches = (max.saturating_sub(2) / 2).max(1);
    let length = (points.len() - 2).div_ceil(n_stretches);
    let mut thinned = vec![*first];
    for stretch in points.get(1..points.len() - 1).unwrap_or_default().chunks(length) {
        let by_value = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
        if let (Some(low), Some(high)) = (stretch.iter().min_by(by_value), stretch.iter().max_by(by_value)) {
            let (left, right) = if low.0 <= high.0 { (low, high) } else { (high, low) };
            thinned.push(*left);
            if left != right {
                thinned.push(*right);
            }
        }
    }
    thinned.push(*last);
    thinned
}

/// 1, 2 or 5 times a power of ten, so that about `n_wanted` of them make up the span.
pub(super) fn nice_step(span: f64, n_wanted: f64) -> f64 {
    if !(span.is_finite() && span > 0.0) {
        return 1.0;
    }
    let raw = span / n_wanted.max(1.0);
    let magnitude = 10.0_f64.powf(raw.log10().floor());
    let step = match raw / magnitude {
        ..=1.0 => magnitude,
        ..=2.0 => 2.0 * magnitude,
        ..=5.0 => 5.0 * magnitude,
        _ => 10.0 * magnitude,
    };
    if step.is_normal() { step } else { 1.0 }
}

/// The same for milliseconds: steps that clocks have.
fn time_step(span: f64, n_wanted: f64) -> f64 {
    const DAY: f64 = 86_400_000.0;
    const STEPS: [f64; 19] = [
        1e3,
        2e3,
        5e3,
        10e3,
        15e3,
        30e3,
        60e3,
        120e3,
        300e3,
        600e3,
        900e3,
        1800e3,
        3600e3,
        7200e3,
        10_800e3,
        21_600e3,
        43_200e3,
        DAY,
        2.0 * DAY,
    ];
    let raw = span / n_wanted.max(1.0);
    match raw {
        // Whole milliseconds; the labels have no more.
        ..1000.0 => nice_step(span, n_wanted).max(1.0),
        _ => STEPS.into_iter().find(|step| *step >= raw).unwrap_or_else(|| nice_step(span / DAY, n_wanted).max(1.0) * DAY),
    }
}

/// Multiples of `step` from `from` to `to`, a bounded number.
pub(super) fn marks(from: f64, to: f64, step: f64) -> Vec<f64> {
    const MAX_MARKS: u32 = 24;
    let first = (from / step).ceil();
    // The sum of many steps drifts, a product does not. The hair's breadth keeps the last mark in spite of rounding.
    (0..MAX_MARKS).map(|n| (first + f64::from(n)) * step).take_while(|at| *at <= to + step * 1e-9).collect()
}

/// Where a value lies between two others, 0 to 1; the middle when they are the same.
fn share(value: f64, from: f64, to: f64) -> f64 {
    if to > from { ((value - from) / (to - from)).clamp(0.0, 1.0) } else { 0.5 }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
fn whole(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
#[path = "select_series_tests.rs"]
mod tests;
