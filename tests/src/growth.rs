//! Several dumps of one service: what was made to grow is said to grow, and a healthy one yields no warning.

use std::collections::BTreeMap;

use stackherd_core::compare::trend::Course;
use stackherd_core::compare::{ComparedFinding, Wanted};
use stackherd_core::{Comparison, Mode, Severity};

use crate::corpus::{Entry, entries};
use crate::relations::Dumps;

/// The comparison of files as a series, with their names.
fn series(files: &[&Entry]) -> (Dumps, Comparison) {
    let mut dumps = Dumps::default();
    for entry in files {
        dumps.add("", &entry.bytes(), None);
    }
    let comparison = dumps.compare(Wanted { mode: Some(Mode::Series), ..Wanted::default() });
    (dumps, comparison)
}

/// Dumps of a scenario in one form, by version, in the order of time.
fn runs<'a>(entries: &'a [Entry], scenario: &str, form: &str) -> BTreeMap<&'a str, Vec<&'a Entry>> {
    let mut runs: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        let mut parts = entry.path.split('/');
        let (Some("scenarios"), Some(name), Some(version), Some(file)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let Some((_, rest)) = file.split_once('.') else { continue };
        if name == scenario && rest.trim_end_matches(".gz") == form {
            runs.entry(version).or_default().push(entry);
        }
    }
    runs
}

fn said(found: &[ComparedFinding]) -> Vec<(&str, Severity, &str)> {
    found.iter().map(|found| (&*found.finding.rule, found.finding.severity, &*found.finding.title.en)).collect()
}

/// Rows whose counts are these.
fn courses(comparison: &Comparison, counts: &[u64]) -> Vec<Course> {
    let rows = comparison.rows.iter().filter(|row| row.counts == counts);
    rows.filter_map(|row| row.trend).map(|trend| trend.course).collect()
}

#[test]
fn ok_planted_courses() {
    let entries = entries();
    for form in ["debug2.txt", "debug1.txt", "pb"] {
        let runs = runs(&entries, "tseries", form);
        let (_, comparison) = series(&runs["1.27.3"]);
        assert_eq!(courses(&comparison, &[1, 2, 3, 4, 5, 6]), [Course::Growing], "{form}: slowloop");
        assert_eq!(courses(&comparison, &[5, 20, 35, 60, 100, 160]), [Course::Growing], "{form}: upload");
        assert_eq!(courses(&comparison, &[48, 40, 32, 24, 16, 8]), [Course::Shrinking], "{form}: warm");
        assert_eq!(courses(&comparison, &[32; 6]), [Course::Steady], "{form}: worker");
        let loud: Vec<_> = comparison.findings.iter().filter(|found| found.finding.severity > Severity::Info).collect();
        assert_eq!(loud.len(), 1, "{form}: {:?}", said(&comparison.findings));
        assert_eq!(
            (&*loud[0].finding.rule, &*loud[0].finding.title.en),
            ("growing-group", "Goroutines at main.go:21 grew from 5 to 160 over 6 dumps"),
            "{form}"
        );
    }
}

#[test]
fn ok_groups_that_grow_together() {
    let entries = entries();
    for form in ["debug2.txt", "debug1.txt"] {
        let runs = runs(&entries, "notify", form);
        let (_, comparison) = series(&runs["1.27.3"]);
        let courses = courses(&comparison, &[150, 200, 250, 300, 350]);
        assert!(courses.len() >= 3 && courses.iter().all(|course| *course == Course::Growing), "{form}: {courses:?}");
        let grown = said(&comparison.findings);
        let n_loud = grown.iter().filter(|(rule, severity, _)| *rule == "growing-group" && *severity > Severity::Info).count();
        assert_eq!(n_loud, 3, "{form}: {grown:?}");
    }
}

#[test]
fn ok_healthy_services_yield_no_warning() {
    let entries = entries();
    let mut n_series = 0;
    for scenario in ["idlepool", "rpcidle"] {
        for form in ["debug2.txt", "debug1.txt", "pb"] {
            let runs = runs(&entries, scenario, form);
            let all: Vec<&Entry> = runs.values().flatten().copied().collect();
            for files in runs.values().chain([&all]).filter(|files| files.len() > 1) {
                let (_, comparison) = series(files);
                let loud: Vec<_> =
                    said(&comparison.findings).into_iter().filter(|(_, severity, _)| *severity > Severity::Info).collect();
                assert!(loud.is_empty(), "{scenario} {form}: {loud:?}");
                assert_eq!(comparison.outcome, None, "{scenario} {form}");
                n_series += 1;
            }
        }
    }
    assert!(n_series >= 14, "only {n_series} series");
}
