//! Numbers in logs, and what looks like one.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::*;
use crate::format::Parser;
use crate::tables::Tables;

fn read(text: &str) -> Vec<Snapshot> {
    let (mut tables, mut parser) = (Tables::default(), Parser::default());
    parser.push(&mut tables, text.as_bytes());
    parser.finish(&mut tables).unwrap_or_default()
}

/// A line per series: name, unit, its points.
fn listed(snapshot: &Snapshot) -> Vec<String> {
    assert_eq!((snapshot.format(), snapshot.n_goroutines()), (Format::CounterLog, 0));
    let series = snapshot.series().iter().map(|series| {
        let points = series.points.iter().map(|point| match point.at_millis {
            Some(at) => format!(" {}@{at}:{}", point.value, point.line_number),
            None => format!(" {}:{}", point.value, point.line_number),
        });
        format!("{} [{}]{}", series.name, series.unit, points.collect::<String>())
    });
    series.collect()
}

#[test]
fn ok_log_lines() {
    let snapshots = read(
        "2026/11/21 01:38:30 start
2026/11/21 01:38:30 stats goroutines=12 heap=3
2026/11/21 01:38:40 stats goroutines=40 heap=3
2026/11/21 01:38:50 stats goroutines=90 heap=3 (90 goroutines)
",
    );
    assert_eq!(snapshots.len(), 1);
    assert_eq!(snapshots[0].line_number(), 2);
    assert_eq!(listed(&snapshots[0]), ["goroutines [goroutines] 12@1795225110000:2 40@1795225120000:3 90@1795225130000:4"]);
}

#[test]
fn ok_series_per_wording() {
    let snapshots = read(
        "Nov 21 01:38:30 api: active goroutines: 2
Nov 21 01:38:31 api: idle goroutines: 7
Nov 21 01:38:32 api: active goroutines: 3
Nov 21 01:38:33 api: idle goroutines: 6
Nov 21 01:38:33 api: all goroutines: 6
",
    );
    assert_eq!(listed(&snapshots[0]), ["active goroutines [goroutines] 2:1 3:3", "idle goroutines [goroutines] 7:2 6:4"]);
}

#[test]
fn ok_metrics_and_expvar_need_one_line() {
    let metrics =
        "# HELP go_goroutines Number of goroutines that currently exist.\n# TYPE go_goroutines gauge\ngo_goroutines 42\n";
    assert_eq!(listed(&read(metrics)[0]), ["go_goroutines [goroutines] 42:3"]);
    let expvar = "{\n\"cmdline\": [\"/app\"],\n\"goroutines\": 42,\n\"memstats\": {\"Alloc\":1}\n}\n";
    assert_eq!(listed(&read(expvar)[0]), ["goroutines [goroutines] 42:3"]);
    let labelled = "go_goroutines{pod=\"a\"} 1 1795225110000\ngo_goroutines{pod=\"b\"} 2 1795225110000\n";
    let expected =
        ["go_goroutines{pod=\"a\"} [goroutines] 1@1795225110000:1", "go_goroutines{pod=\"b\"} [goroutines] 2@1795225110000:2"];
    assert_eq!(listed(&read(labelled)[0]), expected);
}

#[test]
fn ok_gctrace() {
    let snapshots = read(
        "gc 1 @0.012s 2%: 0.026+0.39+0.10 ms clock, 0.21+0.88/0.52/0+0.80 ms cpu, 4->4->0 MB, 5 MB goal, 4 P
gc 2 @1.5s 2%: 0.026+0.39+0.10 ms clock, 0.21+0.88/0.52/0+0.80 ms cpu, 4->5->2 MB, 6 MB goal, 0 MB stacks, 0 MB globals, 4 P (forced)
",
    );
    let expected = ["heap live [MB] 0@12:1 2@1500:2", "heap goal [MB] 5@12:1 6@1500:2", "pause [ms] 0.126@12:1 0.126@1500:2"];
    assert_eq!(listed(&snapshots[0]), expected);
}

#[test]
fn ok_counts_stand_beside_a_dump() {
    let snapshots = read(
        "goroutines=1 ok\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:3 +0x1\n\ngoroutines=2 ok\n\
         goroutine 7 [select]:\nmain.f()\n\t/src/main.go:4 +0x1\ncreated by main.main in goroutine 1\n\t/src/main.go:2 +0x1\ngoroutines=3\n",
    );
    let formats: Vec<_> = snapshots.iter().map(|snapshot| (snapshot.format(), snapshot.n_goroutines())).collect();
    assert_eq!(formats, [(Format::CounterLog, 0), (Format::Traceback, 2)]);
    assert_eq!(listed(&snapshots[0]).len(), 1);
}

#[test]
fn err_one_line_of_a_log_is_no_series() {
    assert!(read("2026/11/21 01:38:30 goroutines=12\nhello\n").is_empty());
    assert!(read("goroutine 1 exited\ngoroutine 2 exited\n").is_empty());
}

#[test]
fn ok_series_are_bounded() {
    let mut text = String::new();
    for name in 0..100 {
        text += &format!("w{name}.goroutines=5\nw{name}.goroutines=6\n");
    }
    assert_eq!(read(&text)[0].series().len(), MAX_SERIES);
}

#[test]
fn ok_long_series_are_thinned_evenly() {
    let n_points = 2 * MAX_POINTS as u64 + 5;
    let mut counters = CounterLog::default();
    for number in 1..=n_points {
        counters.add_bare_line(number, number);
    }
    let snapshot = counters.finish().unwrap();
    let points = &snapshot.series()[0].points;
    assert!((MAX_POINTS / 2..=MAX_POINTS).contains(&points.len()));
    assert!(points.iter().enumerate().all(|(index, point)| point.line_number == 1 + 4 * index as u64));
    assert!(points.last().unwrap().line_number + 4 > n_points);
}

#[test]
fn prop_any_prefix_gives_a_beginning_of_the_series() {
    let text = "x goroutines=12\nnum_goroutine: 5\ngo_goroutines 42\ngc 2 @1.5s 2%: 0.2 ms cpu, 4->5->2 MB, 6 MB goal, 4 P\nx goroutines=13\n";
    for end in 0..text.len() {
        let snapshots = read(&text[..end]);
        assert!(snapshots.len() <= 1);
        assert!(snapshots.iter().all(|snapshot| snapshot.series().iter().all(|series| !series.points.is_empty())));
    }
}
