//! What Stackherd says of real series and fleets, kept in `expect/compare/`.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use stackherd_engine::Session;
use stackherd_report::{Comparison, Group, GroupChange, Report, Similarity};

use crate::corpus::{entries, folder};

/// Rows listed of a comparison.
const MAX_ROWS: usize = 40;

/// The report over files of the corpus, in this order.
fn report(paths: &[String], similarity: Similarity) -> Report {
    let mut session = Session::default();
    for (input, path) in (0..).zip(paths) {
        session.add(input, path.as_str(), &fs::read(folder().join(path)).unwrap()).unwrap();
    }
    session.regroup(similarity, None);
    session.report()
}

/// Files of one form, in the order of their instants.
fn series(scenario: &str, form: &str) -> Vec<String> {
    let start = format!("scenarios/{scenario}/");
    let is_form = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.split_once('.').is_some_and(|(_, rest)| rest.trim_end_matches(".gz") == form.trim_end_matches(".gz"))
    };
    let mut paths: Vec<String> = entries().into_iter().map(|entry| entry.path).collect();
    paths.retain(|path| path.starts_with(&start) && is_form(path));
    paths.sort();
    assert!(paths.len() > 2, "{scenario} {form}: {paths:?}");
    paths
}

fn render(report: &Report) -> String {
    let Some(comparison) = &report.comparison else { return "not compared\n".to_owned() };
    let mut out = String::new();
    let Comparison { baseline, target, order, restarts, instances, .. } = comparison;
    let _ = writeln!(out, "{}, {}, by {}", comparison.mode.as_str(), comparison.relation.as_str(), report.similarity.as_str());
    let _ = writeln!(out, "baseline {baseline}, target {target}, order {order:?}, restarts {restarts:?}");
    let _ = writeln!(out, "mixed formats {}, minutes {:?}", comparison.mixed_formats, comparison.minutes);
    let _ = writeln!(out, "instances {}", instances.join(" "));
    let _ = writeln!(out, "{}\n{}\n{}", comparison.title, comparison.detail, comparison.relation_why);
    if let Some(outcome) = &comparison.outcome {
        let _ = writeln!(out, "{}: {}", outcome.kind.as_str(), outcome.title);
    }
    for finding in report.findings.iter().filter(|finding| !finding.dumps.is_empty()) {
        let (severity, confidence) = (finding.severity.as_str(), finding.confidence.as_str());
        let _ = writeln!(out, "{severity}, {confidence}: {} of {:?}: {}", finding.rule, finding.dumps, finding.title);
    }
    for change in comparison.groups.iter().take(MAX_ROWS) {
        write_change(&mut out, change, report.groups.iter().find(|group| group.key == change.key));
    }
    out
}

fn write_change(out: &mut String, change: &GroupChange, group: Option<&Group>) {
    let _ = write!(out, "\n{} {:+} {:?}", change.status.as_str(), change.delta, change.counts);
    for (name, number) in [("born", change.born), ("ended", change.ended), ("stuck", change.stuck)] {
        if let Some(number) = number {
            let _ = write!(out, " {name} {number}");
        }
    }
    if let Some(trend) = &change.trend {
        let _ = write!(out, " {}{}", trend.course.as_str(), if trend.monotone { ", monotone" } else { "" });
    }
    if let Some((median, deviation)) = change.median.zip(change.deviation) {
        let _ = write!(out, " median {median} deviation {deviation}");
        let _ = write!(out, " outliers {:?} missing {:?}", change.outlier_dumps, change.missing_dumps);
    }
    out.push('\n');
    let Some(group) = group else { return };
    let frame = group.culprit.and_then(|culprit| group.stack.get(culprit as usize)).or_else(|| group.stack.last());
    let place = frame.map_or_else(String::new, |frame| format!("{} {}:{}", frame.function, frame.file, frame.line));
    let _ = writeln!(out, "  {} {place}", group.category.as_str());
}

#[track_caller]
fn check(name: &str, paths: &[String], similarity: Similarity) -> Report {
    let report = report(paths, similarity);
    let actual = render(&report);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("expect/compare").join(name);
    if std::env::var_os("STACKHERD_BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &actual).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert!(expected == actual, "{name} differs; STACKHERD_BLESS=1 rewrites it:\n{actual}");
    check_sums(&report, name);
    report
}

/// Groups and rows are the same, one to one, and so are their numbers.
fn check_sums(report: &Report, name: &str) {
    let comparison = report.comparison.as_ref().unwrap();
    assert_eq!(comparison.groups.len(), report.groups.len(), "{name}");
    for change in &comparison.groups {
        let group = report.groups.iter().find(|group| group.key == change.key).unwrap();
        assert_eq!(group.per_dump, change.counts, "{name} {}", change.key);
        let count = |dump: u32| i64::try_from(change.counts[dump as usize]).unwrap();
        assert_eq!(change.delta, count(comparison.target) - count(comparison.baseline), "{name} {}", change.key);
    }
}

/// The counts of the rows with a function, added up.
fn counts(report: &Report, function: &str) -> Vec<u64> {
    let groups = report.groups.iter().filter(|group| group.stack.iter().any(|frame| frame.function == function));
    groups.fold(vec![0; report.dumps.len()], |sums, group| {
        sums.iter().zip(&group.per_dump).map(|(sum, count)| sum + count).collect()
    })
}

#[test]
fn ok_a_series_in_every_format() {
    for form in ["debug2.txt", "debug1.txt", "pb.gz"] {
        let report = check(&format!("tseries.{form}.txt"), &series("tseries/1.27.3", form), Similarity::Stack);
        assert_eq!(counts(&report, "main.(*Exporter).Upload"), [5, 20, 35, 60, 100, 160], "{form}");
        assert_eq!(counts(&report, "main.warm"), [48, 40, 32, 24, 16, 8], "{form}");
        let report = check(&format!("notify.{form}.txt"), &series("notify/1.27.3", form), Similarity::Stack);
        let pump = "acme.io/notify/internal/hub.(*Subscription).pumpMessages";
        assert_eq!(counts(&report, pump), [150, 200, 250, 300, 350], "{form}");
    }
}

#[test]
fn ok_a_series_at_every_level() {
    for similarity in [Similarity::Function, Similarity::Origin, Similarity::Culprit] {
        let name = format!("tseries.by-{}.txt", similarity.as_str());
        check(&name, &series("tseries/1.27.3", "debug2.txt"), similarity);
    }
}

#[test]
fn ok_fleets_have_their_sick_pods() {
    for archive in ["zip", "tar.gz"] {
        let path = format!("fleet/checkout-40-pods.{archive}");
        let report = check(&format!("fleet.{archive}.txt"), &[path], Similarity::Stack);
        let comparison = report.comparison.unwrap();
        let odd = comparison.groups.iter().flat_map(|change| &change.outlier_dumps);
        let mut names: Vec<&str> = odd.map(|&dump| comparison.instances[dump as usize].as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["checkout-7c9fd8b-pod07", "checkout-7c9fd8b-pod19", "checkout-7c9fd8b-pod33"]);
    }
}

#[test]
fn ok_formats_meet_on_what_both_tell() {
    let at = |instant: &str, form: &str| {
        let found = series("tseries/1.27.3", form).into_iter().find(|path| path.contains(&format!("/{instant}.")));
        found.unwrap()
    };
    for (name, before, after) in [
        ("debug1-debug2", "debug1.txt", "debug2.txt"),
        ("debug2-pb", "debug2.txt", "pb.gz"),
        ("pb-debug1", "pb.gz", "debug1.txt"),
    ] {
        let paths = [at("t0", before), at("t5", after)];
        let report = check(&format!("tseries.mixed-{name}.txt"), &paths, Similarity::Stack);
        assert!(report.comparison.as_ref().unwrap().mixed_formats);
        assert_eq!(counts(&report, "main.(*Exporter).Upload"), [5, 160], "{name}");
        let upload =
            report.groups.iter().filter(|group| group.stack.iter().any(|frame| frame.function == "main.(*Exporter).Upload"));
        assert_eq!(upload.count(), 1, "{name}: both are one group");
    }
}

#[test]
fn ok_a_dump_and_itself_are_the_same() {
    for similarity in Similarity::ALL {
        let path = series("notify/1.27.3", "debug2.txt").remove(0);
        let comparison = report(&[path.clone(), path], *similarity).comparison.unwrap();
        let is_same =
            |change: &GroupChange| change.delta == 0 && change.born.unwrap_or(0) == 0 && change.ended.unwrap_or(0) == 0;
        assert!(comparison.groups.iter().all(is_same), "{similarity:?}");
    }
}
