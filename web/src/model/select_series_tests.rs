//! Axes, marks and lines without a pixel.

use stackherd_report::report::{Point, Series};

use super::*;

fn series(unit: &str, points: &[(u64, Option<i64>, f64)]) -> Series {
    let point = |&(line, at_millis, value): &(u64, Option<i64>, f64)| Point { line, at_millis, value };
    Series { name: "n".into(), unit: unit.into(), points: points.iter().map(point).collect() }
}

fn lines(values: &[f64]) -> Series {
    let points: Vec<_> = (1..).zip(values).map(|(line, value)| (line, None, *value)).collect();
    series("", &points)
}

fn labels(ticks: &[Tick]) -> Vec<&str> {
    ticks.iter().map(|tick| tick.label.as_str()).collect()
}

#[test]
fn ok_axis_is_the_best_that_all_values_have() {
    let at = |millis| series("", &[(1, Some(millis), 0.0), (2, Some(millis + 1), 0.0)]);
    assert_eq!(Axis::of(&[at(1_795_225_110_000)]), Axis::Clock);
    assert_eq!(Axis::of(&[at(12_000)]), Axis::Elapsed);
    assert_eq!(Axis::of(&[at(12_000), lines(&[1.0, 2.0])]), Axis::Line);
    assert_eq!(Axis::of(&[series("", &[(7, None, 1.0), (7, None, 2.0)])]), Axis::Index);
    assert_eq!(Axis::of(&[]), Axis::Index);
}

#[test]
fn ok_values_are_scaled_from_zero_to_a_round_number() {
    let chart = chart(&[lines(&[100.0, 730.0, 365.0])]);
    let panel = &chart.panels[0];
    assert_eq!(labels(&panel.y_ticks), ["0", "200", "400", "600", "800"]);
    let points = &panel.lines[0].points;
    assert_eq!(points.iter().map(|point| point.0).collect::<Vec<_>>(), [0.0, 0.5, 1.0]);
    assert!((points[1].1 - 730.0 / 800.0).abs() < 1e-9);
}

#[test]
fn ok_units_have_panels_of_their_own_over_one_axis() {
    let one = |unit: &str, at: i64, value| series(unit, &[(1, Some(0), value), (2, Some(at), value)]);
    let chart = chart(&[one("goroutines", 1000, 5.0), one("MB", 2000, 9000.0), one("goroutines", 2000, 7.0)]);
    let units: Vec<_> = chart.panels.iter().map(|panel| (panel.unit.as_str(), panel.lines.len())).collect();
    assert_eq!(units, [("goroutines", 2), ("MB", 1)]);
    assert_eq!(chart.stops, [0.0, 1000.0, 2000.0]);
    assert_eq!(chart.panels[0].lines[0].points[1].0, 0.5, "ends where its time ends");
    assert_eq!(chart.panels[0].lines[1].series, 2);
}

#[test]
fn ok_times_have_marks_that_clocks_have() {
    let hours = |from: i64, hours: i64| {
        let to = from + hours * 3_600_000;
        chart(&[series("", &[(1, Some(from), 1.0), (2, Some(to), 2.0)])])
    };
    let morning = 1_795_219_200_000; // 2026-11-21 00:00:00
    assert_eq!(labels(&hours(morning, 1).x_ticks(4.0)), ["00:00", "00:15", "00:30", "00:45", "01:00"]);
    assert_eq!(labels(&hours(morning, 72).x_ticks(3.0)), ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"]);
    assert_eq!(labels(&hours(0, 1).x_ticks(2.0)), ["0 s", "30 min", "1 h"]);
    assert!(hours(morning, 24 * 3650).x_ticks(6.0).len() <= 8);
    assert_eq!(labels(&chart(&[lines(&[1.0; 11])]).x_ticks(5.0)), ["2", "4", "6", "8", "10"]);
}

#[test]
fn ok_thinned_lines_keep_ends_and_peaks() {
    let mut values = vec![10.0; 50_000];
    values[31_234] = 9_999.0;
    values[7] = -4_000.0;
    let chart = chart(&[lines(&values)]);
    let line = &chart.panels[0].lines[0];
    assert!(line.points.len() <= 1000, "{} points", line.points.len());
    assert_eq!((line.points[0].0, line.points[line.points.len() - 1].0), (0.0, 1.0));
    let top = line.points.iter().map(|point| point.1).fold(0.0, f64::max);
    let bottom = line.points.iter().map(|point| point.1).fold(1.0, f64::min);
    assert!(top > 0.99 && bottom < 0.1, "{bottom} to {top}");
    assert!(line.points.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    assert_eq!(line.value_at(31_235.0), Some(9_999.0), "values are read from all of them");
}

#[test]
fn ok_the_nearest_stop_is_found_and_its_values() {
    let chart = chart(&[series("", &[(10, None, 1.0), (20, None, 2.0), (50, None, 3.0)]), series("", &[(20, None, 9.0)])]);
    assert_eq!([0.0, 0.1, 0.2, 0.6, 0.7, 1.0].map(|at| chart.nearest_stop(at)), [0, 0, 1, 1, 2, 2].map(Some));
    assert_eq!(chart.place(1), Some(0.25));
    let lines = &chart.panels[0].lines;
    assert_eq!([10.0, 20.0, 50.0].map(|at| lines[1].value_at(at)), [None, Some(9.0), Some(9.0)]);
}

#[test]
fn ok_newest_first_is_drawn_from_left_to_right() {
    let chart = chart(&[series("", &[(1, Some(3000), 3.0), (2, Some(1000), 1.0)])]);
    assert_eq!(chart.panels[0].lines[0].points, [(0.0, 1.0 / 3.0), (1.0, 1.0)]);
}

#[test]
fn ok_one_value_and_none() {
    let one = chart(&[lines(&[42.0])]);
    assert_eq!(one.panels[0].lines[0].points.len(), 1);
    assert_eq!(one.place(0), Some(0.5));
    assert_eq!(labels(&one.x_ticks(5.0)), ["1"]);
    let none = chart(&[lines(&[])]);
    assert!(none.panels.is_empty() && none.x_ticks(5.0).is_empty() && none.nearest_stop(0.5).is_none());
    assert_eq!(labels(&chart(&[lines(&[0.0, 0.0])]).panels[0].y_ticks), ["0", "1"]);
}

#[test]
fn ok_hostile_numbers_end_in_a_bounded_chart() {
    let wild = [f64::NAN, f64::INFINITY, f64::MAX, f64::MIN, 1e300, -1e300, f64::MIN_POSITIVE, 5e-324];
    let chart = chart(&[lines(&wild)]);
    let panel = &chart.panels[0];
    assert_eq!(panel.lines[0].points.len(), 4, "what can't be scaled is left out");
    assert!(panel.lines[0].points.iter().all(|(x, y)| (0.0..=1.0).contains(x) && (0.0..=1.0).contains(y)));
    assert!(panel.y_ticks.len() <= 24);
    let times = super::chart(&[series("", &[(1, Some(i64::MIN + 1), 1.0), (2, Some(i64::MAX), 2.0)])]);
    assert!(times.x_ticks(5.0).len() <= 24);
    let many: Vec<Series> = (0..30).map(|_| lines(&[1.0])).collect();
    assert_eq!(super::chart(&many).n_hidden, 22);
}
