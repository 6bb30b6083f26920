//! What is found in real dumps, against what the programs that printed them did.

use std::collections::BTreeMap;

use serde::Deserialize;
use stackherd_engine::Session;
use stackherd_report::{Finding, Group, Report, Severity, Site};

use crate::corpus::{Entry, entries};

/// A mistake that a program made on purpose.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Leak {
    /// What it is.
    kind: String,
    /// Goroutines that the program counted.
    count: Option<u64>,
    /// Those in the file, where it differs.
    seen_in_file: Option<u64>,
    /// Where they stand.
    culprit: Option<Place>,
}

#[derive(Clone, Debug, Deserialize)]
struct Place {
    file: String,
    line: Option<u32>,
}

/// What is known to be wrong with a program.
#[derive(Clone, Debug)]
enum Expected {
    /// Nothing.
    Healthy,
    Leaks(Vec<Leak>),
    /// Nobody counted.
    Unknown,
}

/// Rules that name a mistake rightly; what the runtime proves is always right.
const RULES: &[(&str, &[&str])] = &[
    ("chan_recv_no_sender", &["blocked-receivers", "websocket-pump-leak"]),
    ("range_never_closed", &["blocked-receivers", "websocket-pump-leak"]),
    ("chan_send_no_receiver", &["blocked-senders"]),
    ("chan_nil", &["nil-channel"]),
    ("select_empty", &["empty-select"]),
    ("select_no_exit", &["select-without-exit", "context-never-cancelled", "goleak-failure"]),
    ("ctx_never_cancelled", &["context-never-cancelled", "select-without-exit", "blocked-receivers"]),
    ("ticker_never_stopped", &["select-without-exit", "blocked-receivers", "sleep-loop"]),
    ("ticker_stopped_never_closed", &["select-without-exit", "blocked-receivers", "sleep-loop"]),
    ("timer_loop", &["sleep-loop", "select-without-exit", "blocked-receivers"]),
    ("sleep_loop", &["sleep-loop"]),
    ("http_body_not_closed", &["http-body-not-closed"]),
    ("http_client_no_timeout", &["http-client-no-timeout"]),
    ("waitgroup_never_done", &["waitgroup-never-done"]),
    ("io_pipe_blocked", &["pipe-blocked"]),
    ("exec_wait", &["process-wait", "pipe-blocked"]),
    ("syscall_blocked", &["stuck-syscall", "io-without-deadline"]),
    ("once_blocked", &["once-reentry", "lock-pileup"]),
    ("once_wait_victim", &["once-reentry", "lock-pileup"]),
    ("mutex_deadlock", &["lock-cycle", "lock-pileup"]),
    ("mutex_wait_victim", &["lock-pileup", "lock-cycle"]),
    ("test_hang", &["blocked-receivers", "crash", "select-without-exit", "waitgroup-never-done"]),
];
const PROVED: [&str; 3] = ["runtime-confirmed-leak", "deadlock", "lock-cycle"];
/// Mistakes that show themselves from the first goroutine on.
const STRONG: [&str; 5] = ["chan_nil", "select_empty", "mutex_deadlock", "db_pool_exhausted", "http_body_not_closed"];
/// Goroutines from which on every other mistake has to be found.
const MUST_COUNT: u64 = 20;
/// Rules that do not claim a leak.
const NO_CLAIM: [&str; 3] = ["crash", "truncated-dump", "count-rising"];

fn expected(entry: &Entry) -> Expected {
    match &entry.expected_leaks {
        Some(word) if word == "none" => Expected::Healthy,
        Some(leaks) if leaks.is_array() => Expected::Leaks(serde_json::from_value(leaks.clone()).unwrap()),
        _ => Expected::Unknown,
    }
}

fn report(entry: &Entry) -> Report {
    let mut session = Session::default();
    session.add(0, entry.path.as_str(), &entry.raw()).unwrap_or_else(|failure| panic!("{}: {}", entry.path, failure.message));
    session.report()
}

/// All files with goroutines, and what is said of them.
fn reports() -> impl Iterator<Item = (Entry, Report)> {
    entries().into_iter().filter(|entry| entry.total.is_some_and(|total| total > 0)).map(|entry| {
        let report = report(&entry);
        (entry, report)
    })
}

fn is_at(site: Option<&Site>, place: &Place) -> bool {
    let base = |path: &str| path.replace('\\', "/").rsplit('/').next().unwrap().to_owned();
    site.is_some_and(|site| base(&site.file) == base(&place.file) && place.line.is_none_or(|line| site.line == line))
}

/// The finding that names `leak` and its line, if there is one.
fn found<'a>(entry: &Entry, report: &'a Report, leak: &Leak) -> Option<&'a Finding> {
    let rules = RULES.iter().find(|(kind, _)| *kind == leak.kind).unwrap_or_else(|| panic!("no rule for {}", leak.kind)).1;
    let mut rules = [rules, &PROVED].concat();
    // Without a direction a channel operation may be either.
    if entry.format.ends_with("debug1") && leak.kind == "chan_send_no_receiver" {
        rules.push("blocked-receivers");
    }
    report
        .findings
        .iter()
        .filter(|finding| rules.contains(&finding.rule.as_str()))
        .filter(|finding| leak.culprit.as_ref().is_none_or(|place| is_at(finding.culprit.as_ref(), place)))
        .max_by_key(|finding| finding.severity)
}

#[test]
fn ok_planted_leaks_are_found_where_they_are() {
    let mut n_found: BTreeMap<String, u64> = BTreeMap::new();
    let mut missed = Vec::new();
    for (entry, report) in reports() {
        let Expected::Leaks(leaks) = expected(&entry) else { continue };
        for leak in leaks {
            let n = leak.seen_in_file.or(leak.count).unwrap_or(0);
            let is_strong = STRONG.contains(&leak.kind.as_str());
            if n == 0 || n < MUST_COUNT && !is_strong {
                continue;
            }
            // With debug=2 the leak profile lists all goroutines, also those of which the runtime proved nothing.
            let is_proved = entry.format.starts_with("leak-") && report.groups.iter().any(|group| group.leaked > 0);
            let must_warn = is_strong || is_proved;
            match found(&entry, &report, &leak) {
                Some(finding) if must_warn && finding.severity == Severity::Info => {
                    missed.push(format!("{}: {} is only an info", entry.path, leak.kind));
                }
                Some(_) => *n_found.entry(leak.kind).or_default() += 1,
                None => {
                    let said: Vec<_> = report.findings.iter().map(|finding| finding.title.as_str()).collect();
                    missed.push(format!("{}: {} x{n} at {:?}, said {said:?}", entry.path, leak.kind, leak.culprit));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
    assert!(n_found.len() >= 13, "only {n_found:?}");
    assert!(n_found.values().sum::<u64>() > 400, "only {n_found:?}");
}

#[test]
fn ok_healthy_programs_yield_no_warning() {
    let mut n_healthy = 0;
    for (entry, report) in reports() {
        if !matches!(expected(&entry), Expected::Healthy) {
            continue;
        }
        n_healthy += 1;
        let claims: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Info && !NO_CLAIM.contains(&finding.rule.as_str()))
            .map(|finding| format!("{}: {}", finding.rule, finding.title))
            .collect();
        assert!(claims.is_empty(), "{}: {claims:?}", entry.path);
    }
    assert!(n_healthy >= 30, "only {n_healthy} healthy dumps");
}

#[test]
fn ok_numbers_of_findings_add_up_to_their_groups() {
    let mut n_findings = 0;
    for (entry, report) in reports() {
        for finding in &report.findings {
            n_findings += 1;
            let place = format!("{}: {}", entry.path, finding.title);
            assert!(!finding.title.is_empty() && !finding.evidence.is_empty(), "{place} says too little");
            let groups: Vec<_> = finding.groups.iter().map(|rank| &report.groups[*rank as usize - 1]).collect();
            // What several dumps together show is counted in all that it names.
            let dumps = if finding.dumps.is_empty() { vec![finding.dump] } else { finding.dumps.clone() };
            let in_dumps = |group: &Group| dumps.iter().map(|&dump| group.per_dump[dump as usize]).sum::<u64>();
            let n_groups: u64 = groups.iter().map(|group| in_dumps(group)).sum();
            assert!(finding.goroutines <= n_groups || groups.is_empty(), "{place}: {} of {n_groups}", finding.goroutines);
            assert!(finding.goroutines > 0 || groups.is_empty(), "{place} is about nobody");
        }
        // A group is spoken for once.
        let mut claimed = BTreeMap::new();
        for finding in
            report.findings.iter().filter(|finding| finding.dumps.is_empty() && !WHOLE_DUMP.contains(&finding.rule.as_str()))
        {
            for &rank in &finding.groups {
                let other = claimed.insert((finding.dump, rank), &finding.title);
                assert_eq!(other, None, "{}: {} as well", entry.path, finding.title);
            }
        }
    }
    assert!(n_findings > 500, "only {n_findings} findings");
}

/// Rules that speak of the whole dump, beside those that speak for groups.
const WHOLE_DUMP: [&str; 5] = ["crash", "truncated-dump", "count-rising", "deep-recursion", "goroutine-per-request"];
