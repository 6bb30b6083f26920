//! How the counts of groups over several dumps are drawn: places from 0 to 1.

use std::collections::BTreeSet;

use stackherd_report::Category;
use stackherd_report::protocol::{ChangeRow, ComparisonView};
use stackherd_report::report::Series;

use super::select_compare::frame_name;
use super::select_series::{marks, nice_step};
use super::{Tick, decimal};

/// From this ratio between large and small lines on, small ones would lie on the axis; and large means at least this.
const LOG_FROM: f64 = 50.0;
const LOG_FROM_COUNT: f64 = 1000.0;

/// Counters beside the groups at most.
const MAX_COUNTERS: usize = 4;

/// How heights stand for numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    Linear,
    Log,
}

/// All that can be drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrendChart {
    pub(crate) scale: Scale,
    /// Where the dumps are, from the left.
    pub(crate) stops: Vec<f64>,
    pub(crate) y_ticks: Vec<Tick>,
    pub(crate) curves: Vec<TrendCurve>,
    /// Dumps of another process than the one before.
    pub(crate) restarts: Vec<usize>,
}

/// A group, or a counter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrendCurve {
    /// Of the group; the name of a counter.
    pub(crate) key: String,
    pub(crate) name: String,
    /// `None` for a counter.
    pub(crate) category: Option<Category>,
    /// 0 to 1, from the left and from the bottom. Empty when it is not to be drawn.
    pub(crate) points: Vec<(f64, f64)>,
    /// At each dump; `None` where a counter has none yet.
    pub(crate) values: Vec<Option<f64>>,
    pub(crate) is_hidden: bool,
}

impl TrendChart {
    /// The dump nearest to a place from 0 to 1.
    pub(crate) fn nearest(&self, at: f64) -> Option<usize> {
        let distance = |stop: &f64| (stop - at).abs();
        let nearest = self.stops.iter().enumerate().min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
        nearest.map(|(index, _)| index)
    }
}

/// Lays out the groups worth drawing, the one chosen and the counters of logs.
#[expect(clippy::cast_precision_loss, reason = "a pixel is wider than what is lost")]
pub(crate) fn trend_chart(
    view: &ComparisonView,
    chosen: Option<&ChangeRow>,
    hidden: &BTreeSet<String>,
    scale: Option<Scale>,
) -> TrendChart {
    let mut groups: Vec<(String, String, Category, Vec<f64>)> = Vec::new();
    let numbers = |counts: &[u64]| counts.iter().map(|count| *count as f64).collect();
    for line in &view.lines {
        groups.push((line.key.clone(), line.name.clone(), line.category, numbers(&line.counts)));
    }
    if let Some(row) = chosen.filter(|row| view.lines.iter().all(|line| line.key != row.key)) {
        let name = row.top.as_ref().map(frame_name).unwrap_or_default();
        groups.push((row.key.clone(), name, row.category, numbers(&row.counts)));
    }
    let (times, counters) = match times(view) {
        Some(times) => (Some(times), view.counters.as_slice()),
        None => (None, [].as_slice()),
    };
    let is_shown = |key: &str| !hidden.contains(key);
    let highs = || groups.iter().filter(|group| is_shown(&group.0)).map(|group| group.3.iter().copied().fold(0.0, f64::max));
    let counted = || counters.iter().filter(|counter| is_goroutines(counter) && is_shown(&counter.name));
    let in_range = |at: i64| times.as_ref().is_some_and(|times| times.window.0 <= at && at <= times.window.1);
    let counter_high = counted()
        .flat_map(|counter| &counter.points)
        .filter(|point| point.at_millis.is_some_and(in_range))
        .map(|point| point.value)
        .fold(0.0, f64::max);
    let highest = highs().fold(counter_high, f64::max);
    let lowest = highs().filter(|high| *high > 0.0).fold(f64::INFINITY, f64::min);
    let scale =
        scale.unwrap_or(if highest >= LOG_FROM_COUNT && highest / lowest >= LOG_FROM { Scale::Log } else { Scale::Linear });
    let (top, y_ticks) = y_axis(scale, highest);

    let stops = match &times {
        Some(times) => times.at.iter().map(|at| times.place(*at)).collect(),
        None => places_in_order(view.dumps.len()),
    };
    let curve = |(key, name, category, counts): (String, String, Category, Vec<f64>)| {
        let is_hidden = hidden.contains(&key);
        let points = stops.iter().zip(&counts).map(|(x, count)| (*x, height(scale, *count, top))).collect();
        let values = counts.into_iter().map(Some).collect();
        TrendCurve {
            key,
            name,
            category: Some(category),
            points: if is_hidden { Vec::new() } else { points },
            values,
            is_hidden,
        }
    };
    let mut curves: Vec<TrendCurve> = groups.into_iter().map(curve).collect();
    if let Some(times) = &times {
        let curve = |counter| counter_curve(counter, times, scale, top, hidden);
        curves.extend(counters.iter().filter_map(curve).take(MAX_COUNTERS));
    }
    let restarts = view.dumps.iter().enumerate().skip(1).filter(|(_, dump)| dump.begins_process).map(|(index, _)| index);
    TrendChart { scale, y_ticks, curves, restarts: restarts.collect(), stops }
}

/// When the dumps were taken, and from when to when the axis goes.
struct Times {
    at: Vec<i64>,
    window: (i64, i64),
}

impl Times {
    #[expect(clippy::cast_precision_loss, reason = "a pixel is wider than what is lost")]
    fn place(&self, at: i64) -> f64 {
        let (from, to) = self.window;
        (at.saturating_sub(from) as f64 / to.saturating_sub(from).max(1) as f64).clamp(0.0, 1.0)
    }
}

/// The times of the dumps, if they tell them apart. Counters widen the axis by half at most.
fn times(view: &ComparisonView) -> Option<Times> {
    let at: Vec<i64> = view.dumps.iter().map(|dump| dump.at_millis).collect::<Option<_>>()?;
    let (first, last) = (*at.iter().min()?, *at.iter().max()?);
    let span = last.saturating_sub(first);
    if span <= 0 {
        return None;
    }
    let (lowest, highest) = (first.saturating_sub(span / 4), last.saturating_add(span / 4));
    let counted = || view.counters.iter().flat_map(|counter| &counter.points).filter_map(|point| point.at_millis);
    let inside = || counted().filter(|at| lowest <= *at && *at <= highest);
    let window = (inside().min().map_or(first, |at| at.min(first)), inside().max().map_or(last, |at| at.max(last)));
    Some(Times { at, window })
}

#[expect(clippy::cast_precision_loss, reason = "there are few dumps")]
fn places_in_order(n_dumps: usize) -> Vec<f64> {
    let last = n_dumps.saturating_sub(1).max(1) as f64;
    (0..n_dumps).map(|index| index as f64 / last).collect()
}

fn is_goroutines(counter: &Series) -> bool {
    counter.unit.is_empty() || counter.unit == "goroutines"
}

/// A counter over the time of the dumps. One that does not count goroutines has a height of its own.
fn counter_curve(counter: &Series, times: &Times, scale: Scale, top: f64, hidden: &BTreeSet<String>) -> Option<TrendCurve> {
    let mut points: Vec<(i64, f64)> = counter.points.iter().filter_map(|point| Some((point.at_millis?, point.value))).collect();
    points.sort_by_key(|(at, _)| *at);
    let values: Vec<Option<f64>> = times
        .at
        .iter()
        .map(|at| points.get(points.partition_point(|(of_point, _)| of_point <= at).checked_sub(1)?).map(|point| point.1))
        .collect();
    points.retain(|(at, _)| times.window.0 <= *at && *at <= times.window.1);
    if points.is_empty() {
        return None;
    }
    let own = points.iter().map(|(_, value)| *value).fold(1.0, f64::max);
    let top = if is_goroutines(counter) { top } else { own * 1.1 };
    let is_hidden = hidden.contains(&counter.name);
    let drawn = points.iter().map(|(at, value)| (times.place(*at), height(scale, *value, top))).collect();
    let name = if is_goroutines(counter) { counter.name.clone() } else { format!("{} ({})", counter.name, counter.unit) };
    let points = if is_hidden { Vec::new() } else { drawn };
    Some(TrendCurve { key: counter.name.clone(), name, category: None, points, values, is_hidden })
}

/// The number at the top, and the marks below it.
fn y_axis(scale: Scale, highest: f64) -> (f64, Vec<Tick>) {
    let tick = |value: f64, top: f64| Tick { at: height(scale, value, top), label: decimal(value) };
    match scale {
        Scale::Linear => {
            let step = nice_step(highest, 4.0).max(1.0);
            let top = ((highest / step).ceil() * step).max(step);
            (top, marks(0.0, top, step).into_iter().map(|at| tick(at, top)).collect())
        }
        Scale::Log => {
            let power = highest.max(1.0).log10().floor();
            let scaled = highest / 10.0_f64.powf(power);
            let top = [1.0, 2.0, 5.0, 10.0].into_iter().find(|part| scaled <= *part).unwrap_or(10.0) * 10.0_f64.powf(power);
            let mut values = vec![0.0];
            let mut value = if top < 1000.0 { 1.0 } else { 10.0 };
            while value <= top && values.len() < 16 {
                values.push(value);
                value *= 10.0;
            }
            (top, values.into_iter().map(|value| tick(value, top)).collect())
        }
    }
}

/// A group that is gone has no logarithm: one is added to every count.
fn height(scale: Scale, value: f64, top: f64) -> f64 {
    let part = match scale {
        Scale::Linear => value / top,
        Scale::Log => (1.0 + value.max(0.0)).log10() / (1.0 + top).log10(),
    };
    part.clamp(0.0, 1.0)
}

/// Moves labels apart that would lie upon each other, from the top down, and back up from the bottom.
pub(crate) fn spread(places: &[f64], gap: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    let at = |index: &usize| places.get(*index).copied().unwrap_or(0.0);
    order.sort_by(|a, b| at(a).total_cmp(&at(b)));
    let mut moved: Vec<f64> = order.iter().map(at).collect();
    let mut least = f64::NEG_INFINITY;
    for place in &mut moved {
        *place = place.max(least);
        least = *place + gap;
    }
    let mut most = bottom;
    for place in moved.iter_mut().rev() {
        *place = place.min(most);
        most = *place - gap;
    }
    let mut spread = places.to_vec();
    for (index, place) in order.into_iter().zip(moved) {
        if let Some(slot) = spread.get_mut(index) {
            *slot = place;
        }
    }
    spread
}

#[cfg(test)]
#[path = "trend_chart_tests.rs"]
mod tests;
