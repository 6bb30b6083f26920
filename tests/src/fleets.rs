//! Many instances of one service: the sick ones are named, and no other.

use stackherd_engine::Session;
use stackherd_report::protocol::CompareOptions;
use stackherd_report::{ComparisonMode, Report, Severity};

use crate::corpus::{Entry, entries};

fn report(paths: &[&str]) -> Report {
    let entries = entries();
    let mut session = Session::default();
    for (id, path) in (0..).zip(paths) {
        let entry: &Entry = entries.iter().find(|entry| entry.path == *path).unwrap_or_else(|| panic!("no {path}"));
        session.add(id, *path, &entry.raw()).unwrap_or_else(|failure| panic!("{path}: {}", failure.message));
    }
    session.set_comparison(CompareOptions { mode: Some(ComparisonMode::Fleet), ..CompareOptions::default() });
    session.report()
}

/// The last part of a pod's name.
fn pod(name: &str) -> &str {
    name.rsplit('-').next().unwrap()
}

#[track_caller]
fn check_checkout(path: &str) {
    let report = report(&[path]);
    let comparison = report.comparison.as_ref().unwrap();
    assert_eq!(comparison.instances.len(), 40);
    let odd: Vec<_> = comparison.groups.iter().filter(|group| !group.outlier_dumps.is_empty()).collect();
    let [odd] = odd[..] else { panic!("{path}: {} groups stand out", odd.len()) };
    let name = |dump: &u32| pod(&comparison.instances[*dump as usize]);
    let mut sick: Vec<(&str, u64)> = odd.outlier_dumps.iter().map(|dump| (name(dump), odd.counts[*dump as usize])).collect();
    sick.sort_unstable();
    assert_eq!(sick, [("pod07", 140), ("pod19", 88), ("pod33", 301)], "{path}");
    assert_eq!((odd.median, odd.deviation), (Some(0.0), Some(0.0)));
    assert_eq!(
        comparison.title,
        "3 of 40 instances are odd: checkout-7c9fd8b-pod33 has 340 goroutines, the median instance has 26"
    );

    let found: Vec<_> = report.findings.iter().filter(|finding| finding.rule == "outlier-instance").collect();
    let [found] = found[..] else { panic!("{path}: {} findings", found.len()) };
    assert_eq!(
        found.title,
        "3 of 40 instances stand out: checkout-7c9fd8b-pod33 has 301 goroutines at cart.go:39, the median has 0"
    );
    assert_eq!((found.severity, found.goroutines), (Severity::Warning, 529));
    assert_eq!(found.culprit.as_ref().map(|culprit| culprit.line), Some(39));
    let named: Vec<&str> =
        found.evidence.iter().take(3).filter_map(|said| said.split_once(": ")).map(|(name, _)| pod(name)).collect();
    assert_eq!(named, ["pod33", "pod07", "pod19"]);
}

#[test]
fn ok_three_sick_pods_of_forty_as_stacks() {
    check_checkout("fleet/checkout-40-pods.zip");
}

#[test]
fn ok_three_sick_pods_of_forty_as_profiles() {
    check_checkout("fleet/checkout-40-pods.tar.gz");
}

#[test]
fn ok_a_healthy_fleet_has_no_odd_instance() {
    let entries = entries();
    let instants = |form: &str| -> Vec<&str> {
        let is_one = |entry: &&Entry| {
            entry.path.starts_with("scenarios/idlepool/") && entry.path.contains(form) && !entry.path.contains("leak")
        };
        entries.iter().filter(is_one).map(|entry| &*entry.path).collect()
    };
    for form in ["debug2", "debug1", ".pb"] {
        let paths = instants(form);
        assert!(paths.len() >= 5, "{paths:?}");
        let report = report(&paths);
        let loud: Vec<_> = report.findings.iter().filter(|finding| finding.severity > Severity::Info).collect();
        assert!(loud.is_empty(), "{form}: {loud:?}");
        let title = report.comparison.unwrap().title;
        assert!(title.starts_with("No instance stands out: "), "{form}: {title}");
    }
}
