//! Tests of the trend chart.

use stackherd_report::report::Point;

use super::super::sample_compare::{row, view};
use super::*;

#[test]
fn ok_lines_lie_where_time_and_number_say() {
    let mut view = view(3);
    view.dumps[1].at_millis = view.dumps[0].at_millis.map(|at| at + 2 * 60_000);
    let chart = trend_chart(&view, None, &BTreeSet::new(), Some(Scale::Linear));
    assert_eq!(chart.stops, [0.0, 0.25, 1.0]);
    assert_eq!(chart.curves[0].values, [Some(27_070.0), Some(63_249.0), Some(99_490.0)]);
    assert!((chart.curves[0].points[2].1 - 0.9949).abs() < 1e-9, "{:?}", chart.curves[0].points);
    view.dumps[1].at_millis = None;
    assert_eq!(trend_chart(&view, None, &BTreeSet::new(), None).stops, [0.0, 0.5, 1.0]);
}

#[test]
fn ok_small_lines_beside_large_ones_get_a_logarithmic_scale() {
    let mut view = view(3);
    let chart = trend_chart(&view, None, &BTreeSet::new(), None);
    assert_eq!(chart.scale, Scale::Log);
    let labels: Vec<&str> = chart.y_ticks.iter().map(|tick| tick.label.as_str()).collect();
    assert_eq!(labels, ["0", "10", "100", "1,000", "10,000", "100,000"]);
    let hidden = BTreeSet::from(["big".to_owned()]);
    let chart = trend_chart(&view, None, &hidden, None);
    assert!(chart.curves[0].points.is_empty() && chart.curves[0].is_hidden);
    assert_eq!(chart.scale, Scale::Linear);
    view.lines.clear();
    let chart = trend_chart(&view, None, &BTreeSet::new(), None);
    assert!(chart.curves.is_empty() && !chart.y_ticks.is_empty());
}

#[test]
fn ok_the_group_chosen_is_drawn_too() {
    let view = view(3);
    let chosen = row("other", &[3, 2, 1]);
    let chart = trend_chart(&view, Some(&chosen), &BTreeSet::new(), None);
    assert_eq!(chart.curves.last().map(|curve| curve.key.as_str()), Some("other"));
    let known = row("big", &[1, 1, 1]);
    assert_eq!(trend_chart(&view, Some(&known), &BTreeSet::new(), None).curves.len(), view.lines.len());
}

#[test]
fn ok_counters_join_the_axis_of_time() {
    let mut view = view(2);
    let first = view.dumps[0].at_millis.unwrap();
    let point = |minutes: i64, value| Point { line: 1, at_millis: Some(first + minutes * 60_000), value };
    let points = vec![point(-1, 10.0), point(2, 20.0), point(900, 30.0)];
    view.counters = vec![Series { name: "heap".into(), unit: "MB".into(), points }];
    let chart = trend_chart(&view, None, &BTreeSet::new(), None);
    let counter = chart.curves.last().unwrap();
    assert_eq!((counter.name.as_str(), counter.category), ("heap (MB)", None));
    assert_eq!(counter.points.len(), 2, "what was counted hours later would squeeze the rest");
    assert_eq!(counter.values, [Some(10.0), Some(20.0)]);
    assert!(chart.stops[0] > 0.0, "the counter begins before the first dump");
    view.dumps[0].at_millis = None;
    assert!(trend_chart(&view, None, &BTreeSet::new(), None).curves.iter().all(|curve| curve.category.is_some()));
}

#[test]
fn ok_labels_do_not_lie_upon_each_other() {
    assert_eq!(spread(&[10.0, 12.0, 50.0], 10.0, 100.0), [10.0, 20.0, 50.0]);
    assert_eq!(spread(&[99.0, 98.0], 10.0, 100.0), [100.0, 90.0]);
    assert!(spread(&[], 10.0, 100.0).is_empty());
}

#[test]
fn ok_nearest_dump() {
    let chart = trend_chart(&view(3), None, &BTreeSet::new(), None);
    assert_eq!([0.0, 0.3, 0.9].map(|at| chart.nearest(at)), [Some(0), Some(1), Some(2)]);
}
