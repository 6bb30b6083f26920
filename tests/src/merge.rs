//! Merged reports are those of the dumps together, in whatever order they are merged.

use std::fs;

use proptest::prelude::*;
use serde_json::Value;
use stackherd_engine::{MergeError, Session, merge};
use stackherd_report::{Report, Similarity};

use crate::corpus::{entries, folder};
use crate::model;

/// The report over named dumps.
fn report(dumps: &[(&str, &[u8])], similarity: Similarity) -> Report {
    let mut session = Session::default();
    for (input, (name, bytes)) in (0..).zip(dumps) {
        let _ = session.add(input, *name, bytes);
    }
    session.regroup(similarity, None);
    session.report()
}

/// A report as JSON.
fn json(report: &Report) -> Value {
    serde_json::to_value(report).unwrap()
}

/// What merging promises: everything but what needs the goroutines of several dumps at once.
fn promised(report: &Report) -> Value {
    let mut report = report.clone();
    report.comparison = None;
    report.findings.retain(|finding| finding.dumps.is_empty());
    // Of a call that is inlined in one dump and not in another, a session keeps what it reads first.
    report.groups.iter_mut().flat_map(|group| &mut group.stack).for_each(|frame| frame.inlined = false);
    json(&report)
}

/// The first place where two values differ.
fn difference(left: &Value, right: &Value, at: &str) -> Option<String> {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            left.iter().find_map(|(key, value)| difference(value, right.get(key)?, &format!("{at}.{key}")))
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let mut pairs = left.iter().zip(right).enumerate();
            pairs.find_map(|(index, (left, right))| difference(left, right, &format!("{at}[{index}]")))
        }
        (left, right) => (left != right).then(|| format!("{at}: {left:.200} and {right:.200}")),
    }
}

#[track_caller]
fn check_equal(left: &Value, right: &Value, what: &str) {
    assert!(left == right, "{what}: {}", difference(left, right, "report").unwrap_or_default());
}

/// Merging three reports in any order is analyzing their dumps together.
#[track_caller]
fn check(dumps: &[(&str, &[u8])], similarity: Similarity) {
    let [a, b, c] = [0, 1, 2].map(|at| report(&dumps[at..=at], similarity));
    let pair = merge(vec![a.clone(), b.clone()]).unwrap();
    check_equal(&promised(&pair), &promised(&report(&dumps[..2], similarity)), &format!("{} and {}", dumps[0].0, dumps[1].0));
    let left = merge(vec![pair, c.clone()]).unwrap();
    let right = merge(vec![a.clone(), merge(vec![b.clone(), c.clone()]).unwrap()]).unwrap();
    let at_once = merge(vec![a, b, c]).unwrap();
    check_equal(&json(&left), &json(&at_once), "from the left");
    check_equal(&json(&right), &json(&at_once), "from the right");
    let together = report(dumps, similarity);
    check_equal(&promised(&at_once), &promised(&together), "together");
    check_comparisons(&at_once, &together);
}

/// Both compare the same groups with the same counts.
fn check_comparisons(merged: &Report, together: &Report) {
    let rows = |report: &Report| {
        let rows = report.comparison.iter().flat_map(|comparison| &comparison.groups);
        let mut rows: Vec<_> = rows.map(|change| (change.key.clone(), change.counts.clone())).collect();
        rows.sort();
        rows
    };
    assert_eq!(rows(merged), rows(together));
    let (Some(merged), Some(together)) = (&merged.comparison, &together.comparison) else { return };
    assert!(merged.groups.iter().all(|change| change.born.is_none() && change.stuck.is_none()));
    if (merged.baseline, merged.target) == (together.baseline, together.target) {
        let status = |comparison: &stackherd_report::Comparison| {
            let mut rows: Vec<_> =
                comparison.groups.iter().map(|change| (change.key.clone(), change.status, change.delta)).collect();
            rows.sort_by(|left, right| left.0.cmp(&right.0));
            rows
        };
        assert_eq!(status(merged), status(together));
    }
}

fn files(start: &str, end: &str) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<String> = entries().into_iter().map(|entry| entry.path).collect();
    paths.retain(|path| path.starts_with(start) && path.contains(end));
    paths.iter().map(|path| (path.clone(), fs::read(folder().join(path)).unwrap())).collect()
}

#[test]
fn ok_reports_of_real_dumps_add_up() {
    for (start, end) in [
        ("scenarios/tseries/", ".debug2."),
        ("scenarios/notify/1.27.3/", ".debug1."),
        ("scenarios/lockdead/", ".debug2."),
        ("scenarios/shapes/", "debug2"),
        ("scenarios/tseries/", ".pb"),
        ("crash/1.27.3/", "all"),
        ("tests/", ".txt"),
    ] {
        let files = files(start, end);
        let dumps: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        assert!(dumps.len() >= 3, "{start} {end}");
        for dumps in dumps.windows(3).step_by(2).take(4) {
            for &similarity in Similarity::ALL {
                check(dumps, similarity);
            }
        }
    }
}

#[test]
fn ok_reports_of_several_dumps_add_up() {
    let fleet = fs::read(folder().join("fleet/checkout-40-pods.zip")).unwrap();
    let single = files("scenarios/tseries/", "t0.debug2");
    let log = files("wrapped/", "two-dumps-with-logs");
    check(&[("fleet.zip", &fleet), ("t0.txt", &single[0].1), ("app.log", &log[0].1)], Similarity::Stack);
}

/// Formats meet on what both tell; words that come equally often may change places.
#[test]
fn ok_formats_meet() {
    let [debug1, debug2, pb] = ["t2.debug1", "t2.debug2", "t2.pb"].map(|name| files("scenarios/tseries/", name).remove(0));
    let dumps: [(&str, &[u8]); 3] = [(&debug1.0, &debug1.1), (&debug2.0, &debug2.1), (&pb.0, &pb.1)];
    for similarity in [Similarity::Stack, Similarity::Function] {
        let single = dumps.map(|dump| report(&[dump], similarity));
        let merged = merge(single.to_vec()).unwrap();
        let together = report(&dumps, similarity);
        assert!(merged.comparison.as_ref().unwrap().mixed_formats);
        check_comparisons(&merged, &together);
        let left = merge(vec![merge(single[..2].to_vec()).unwrap(), single[2].clone()]).unwrap();
        check_comparisons(&left, &together);
    }
}

#[test]
fn err_reports_that_do_not_fit() {
    assert_eq!(merge(Vec::new()).unwrap_err(), MergeError::Nothing);
    let file = files("scenarios/tseries/", "t0.debug2").remove(0);
    let dump: [(&str, &[u8]); 1] = [(&file.0, &file.1)];
    let (stack, function) = (report(&dump, Similarity::Stack), report(&dump, Similarity::Function));
    let error = merge(vec![stack.clone(), function.clone()]).unwrap_err();
    assert_eq!(error, MergeError::Similarity { first: Similarity::Stack, other: Similarity::Function });
    assert!(error.to_string().contains("by stack and by function"), "{error}");
    let newer = Report { schema: "stackherd.report/2".to_owned(), ..stack.clone() };
    let error = merge(vec![stack.clone(), newer]).unwrap_err();
    assert!(error.to_string().contains("\"stackherd.report/2\"") && error.to_string().contains("\"stackherd.report/1\""));
    assert_eq!(merge(vec![stack.clone()]).unwrap(), stack);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prop_generated_reports_add_up(dumps in prop::array::uniform3(model::dump(40)), level in 0..4_usize) {
        let texts = dumps.map(|dump| model::print(&dump));
        let names = ["a.txt", "b.txt", "c.txt"];
        let dumps: Vec<(&str, &[u8])> = names.into_iter().zip(texts.iter().map(String::as_bytes)).collect();
        check(&dumps, Similarity::ALL[level]);
    }
}
