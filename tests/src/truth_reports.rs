//! Every file as a reader drops it, archives and wrapped logs among them, against what an independent reader found in it.
//!
//! `truth` compares goroutine by goroutine what the core reads of bare stacks; here the report must say the same of each file.

use std::collections::BTreeMap;

use stackherd_core::format::traceback::labels;
use stackherd_engine::Session;
use stackherd_report::{Dump, DumpKind, Format, Frame, Group, InputKind, IssueKind, NoteKind, Report, Site};

use crate::corpus::{Entry, TrueGroup, TruePod, entries};
use crate::truth::{fold, fold_call, is_header};

/// What is known of a file.
#[derive(Debug)]
enum Known {
    /// Its groups, and the goroutines of each of its dumps.
    Groups(Vec<&'static TrueGroup>, Vec<u64>),
    /// The goroutines of each file in the archive.
    Pods(&'static [TruePod]),
    /// The files packed in it.
    Files(Vec<Entry>),
    /// Its header lines: each is a goroutine or is noted.
    Headers,
    /// Its races; there are no goroutines.
    Races(u64),
    /// At most these groups, as the end of the file is missing.
    AtMost(Vec<&'static TrueGroup>),
    /// That it holds no goroutines, and what it is.
    Refused(InputKind),
    /// Nothing, for this reason.
    Nothing(&'static str),
}

/// Every file is checked, or there is a reason why not.
fn known(entry: &Entry) -> Known {
    match (entry.format.as_str(), entry.truth()) {
        ("fleet", Some(truth)) => Known::Pods(&truth.pods),
        ("packed", None) => {
            let all = entries();
            let find =
                |path: &String| all.iter().find(|entry| entry.path == *path).unwrap_or_else(|| panic!("no {path}")).clone();
            Known::Files(entry.contains.iter().map(find).collect())
        }
        (_, Some(truth)) => {
            let sum = |groups: &[TrueGroup]| groups.iter().map(|group| group.count).sum();
            if truth.dumps.is_empty() {
                Known::Groups(truth.groups.iter().collect(), vec![sum(&truth.groups)])
            } else {
                let totals = truth.dumps.iter().map(|dump| sum(&dump.groups)).collect();
                Known::Groups(truth.dumps.iter().flat_map(|dump| &dump.groups).collect(), totals)
            }
        }
        ("sample", None) => Known::Headers,
        ("race", None) => Known::Races(3),
        ("cut-short", None) => {
            let whole = entries().into_iter().find(|entry| entry.path.starts_with("scenarios/notify/1.27.3/t0.debug2"));
            Known::AtMost(whole.unwrap().truth().unwrap().groups.iter().collect())
        }
        ("empty", None) => Known::Refused(InputKind::Empty),
        // The first of them is looked for first.
        ("other-profiles", None) => Known::Refused(InputKind::HeapProfile),
        ("http-variants", None) => Known::Nothing("nine answers of net/http/pprof one after another, binary ones among them"),
        (format, None) => panic!("{}: a file of format {format} needs a truth, or a reason why it has none", entry.path),
    }
}

/// What a report says of goroutines with the same frames and creator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Facts {
    count: u64,
    /// Without flags.
    states: BTreeMap<String, u64>,
    leaked: u64,
    locked: u64,
    labels: BTreeMap<(String, String), u64>,
    /// The longest wait; 0 for none.
    max_wait: u32,
    /// The shortest, 0 if one is not printed.
    min_wait: Option<u32>,
}

/// Frames as `function file:line`, leaf first, and the creator.
type Stack = (Vec<String>, String);

/// `is_leak_profile` says that all of them are leaked.
fn of_truth(groups: &[&TrueGroup], is_leak_profile: bool) -> BTreeMap<Stack, Facts> {
    let mut all: BTreeMap<Stack, Facts> = BTreeMap::new();
    for group in groups {
        let frames = group.frames.iter().map(|frame| fold_call(frame)).collect();
        let created_by = group.created_by.as_deref().map(fold_call).unwrap_or_default();
        let facts = all.entry((frames, created_by)).or_default();
        facts.count += group.count;
        facts.locked += group.locked_to_thread;
        facts.leaked += if is_leak_profile { group.count } else { 0 };
        if let Some(state) = &group.state {
            facts.leaked += if state.contains(" (leaked)") { group.count } else { 0 };
            let plain =
                [" (durable)", " (scan)", " (leaked)"].iter().fold(state.clone(), |state, flag| state.replace(flag, ""));
            *facts.states.entry(plain).or_default() += group.count;
        }
        let printed = group.labels.as_deref().unwrap_or_default().trim_start_matches('{').trim_end_matches('}');
        for label in labels::parse(printed.as_bytes()).into_iter().chain(group.label_pairs.iter().cloned()) {
            *facts.labels.entry(label).or_default() += group.count;
        }
        let (min, max) = group.wait_minutes.unwrap_or_default();
        facts.max_wait = facts.max_wait.max(max);
        facts.min_wait = Some(facts.min_wait.map_or(min, |known| known.min(min)));
    }
    all
}

fn of_report(report: &Report, has_states: bool) -> BTreeMap<Stack, Facts> {
    let mut all: BTreeMap<Stack, Facts> = BTreeMap::new();
    for group in &report.groups {
        // The truth of stacks leaves out frames without a place, such as C code; profiles may have names only.
        let frames = group.stack.iter().filter(|frame| !has_states || !frame.file.is_empty()).map(call).collect();
        let created_by = group.created_by.as_ref().map(site).unwrap_or_default();
        let facts = all.entry((frames, created_by)).or_default();
        facts.count += group.goroutines;
        facts.leaked += group.leaked;
        facts.locked += group.locked_to_thread;
        for reason in group.wait_reasons.iter().filter(|_| has_states) {
            *facts.states.entry(reason.text.clone()).or_default() += reason.goroutines;
        }
        for label in &group.labels {
            *facts.labels.entry((label.key.clone(), label.value.clone())).or_default() += label.goroutines;
        }
        let waits = group.wait_minutes.as_ref();
        let min = waits.filter(|waits| waits.known == group.goroutines).map_or(0, |waits| waits.min);
        facts.max_wait = facts.max_wait.max(waits.map_or(0, |waits| waits.max));
        facts.min_wait = Some(facts.min_wait.map_or(min, |known| known.min(min)));
    }
    all
}

fn call(frame: &Frame) -> String {
    if frame.file.is_empty() {
        return fold(&frame.function);
    }
    format!("{} {}:{}", fold(&frame.function), frame.file, frame.line)
}

fn site(site: &Site) -> String {
    format!("{} {}:{}", fold(&site.function), site.file, site.line)
}

/// Says what differs, at most a few stacks of it.
fn difference(truth: &BTreeMap<Stack, Facts>, ours: &BTreeMap<Stack, Facts>) -> Vec<String> {
    let mut lines = Vec::new();
    for (stack, facts) in truth {
        match ours.get(stack) {
            Some(our_facts) if our_facts == facts => {}
            Some(our_facts) => lines.push(format!("{stack:?}\n    truth {facts:?}\n    ours  {our_facts:?}")),
            None => lines.push(format!("missing {stack:?} {facts:?}")),
        }
    }
    let extra = ours.iter().filter(|(stack, _)| !truth.contains_key(*stack));
    lines.extend(extra.map(|(stack, facts)| format!("extra {stack:?} {facts:?}")));
    lines.truncate(2);
    lines.iter().map(|line| line.chars().take(600).collect()).collect()
}

/// Formats that a file may be read as; `None` for logs, which may hold anything.
fn formats(entry: &Entry) -> Option<&'static [Format]> {
    Some(match entry.format.as_str() {
        "debug1" | "leak-debug1" => &[Format::Counted],
        "pb" | "leak-pb" | "pprof-text" => &[Format::Profile],
        "goleak" => &[Format::Goleak],
        "race" => &[Format::Race],
        "fleet" if entry.path.ends_with(".tar.gz") => &[Format::Profile],
        "packed" => &[Format::Traceback, Format::Profile],
        "log" | "http-variants" => return None,
        _ => &[Format::Traceback],
    })
}

/// Everything that is wrong with the report on a file.
fn problems(entry: &Entry) -> Vec<String> {
    let mut session = Session::default();
    let read = session.add(0, entry.path.as_str(), &entry.raw());
    let report = session.report();
    let totals: Vec<u64> = report.dumps.iter().map(|dump| dump.goroutines).collect();
    let total: u64 = totals.iter().sum();
    let noted = |dump: &Dump, kind: IssueKind| -> u64 {
        dump.issues.iter().filter(|issue| issue.kind == kind).map(|issue| issue.count).sum()
    };
    let mut found = Vec::new();
    let mut expect = |is_so: bool, what: String| {
        if !is_so {
            found.push(what)
        }
    };

    let known = known(entry);
    let is_refused = matches!(known, Known::Refused(_));
    if let (Err(failure), false) = (&read, is_refused) {
        return vec![format!("refused: {}", failure.message)];
    }
    let allowed = formats(entry).unwrap_or(Format::ALL);
    let is_leak_profile = matches!(entry.format.as_str(), "leak-debug1" | "leak-pb");
    for dump in &report.dumps {
        expect(allowed.contains(&dump.format), format!("format {}, not one of {allowed:?}", dump.format.as_str()));
        expect((dump.kind == DumpKind::Goroutineleak) == is_leak_profile, format!("kind {}", dump.kind.as_str()));
    }
    match known {
        Known::Groups(groups, expected_totals) => {
            // A log's stacks may be several dumps; only their sum is known.
            let is_one = expected_totals.len() > 1 || entry.format != "log";
            expect(!is_one || totals == expected_totals, format!("{totals:?} goroutines, not {expected_totals:?}"));
            let expected: u64 = expected_totals.iter().sum();
            expect(total == expected, format!("{total} goroutines, not {expected}"));
            let has_states = groups.iter().any(|group| group.state.is_some());
            let (truth, ours) = (of_truth(&groups, is_leak_profile), of_report(&report, has_states));
            difference(&truth, &ours).into_iter().for_each(|line| expect(false, line));
            let declared = report.dumps.first().and_then(|dump| dump.declared_goroutines);
            if entry.format.ends_with("debug1") {
                expect(declared == entry.total, format!("declares {declared:?}, not {:?}", entry.total));
                let mismatch = u64::from(declared != Some(total));
                let n = report.dumps.iter().map(|dump| noted(dump, IssueKind::CountMismatch)).sum::<u64>();
                expect(n == mismatch, format!("{n} mismatches of {declared:?} and {total}"));
            }
        }
        Known::Pods(pods) => {
            let is_profiles = entry.path.ends_with(".tar.gz");
            expect(report.dumps.len() as u64 == entry.members.unwrap_or(0), format!("{} dumps", report.dumps.len()));
            for pod in pods {
                let expected = if is_profiles { pod.total_pb } else { pod.total_debug2 };
                let of_pod: Vec<_> = report.dumps.iter().filter(|dump| dump.name.contains(&pod.pod)).collect();
                let totals: Vec<_> = of_pod.iter().map(|dump| dump.goroutines).collect();
                expect(totals == [expected], format!("{}: {totals:?}, not {expected}", pod.pod));
            }
            expect(Some(total) == entry.total, format!("{total} goroutines, not {:?}", entry.total));
        }
        Known::Files(files) => {
            expect(report.dumps.len() == files.len(), format!("{} dumps of {} files", report.dumps.len(), files.len()));
            // Entries come in the archive's own order.
            let mut order: Vec<_> = (0..report.dumps.len()).collect();
            order.sort_by_key(|&at| &report.dumps[at].name);
            for (at, file) in order.into_iter().zip(&files) {
                let count = |stacks: BTreeMap<Stack, Facts>| -> BTreeMap<Vec<String>, u64> {
                    let mut counts = BTreeMap::new();
                    stacks.into_iter().for_each(|((frames, _), facts)| *counts.entry(frames).or_default() += facts.count);
                    counts
                };
                let own = report.groups.iter().filter(|group| group.per_dump.get(at).is_some_and(|&n| n > 0));
                let own = own.map(|group| Group { goroutines: group.per_dump[at], ..group.clone() });
                let own = Report { groups: own.collect(), ..report.clone() };
                let truth = file.truth().unwrap().groups.iter().collect::<Vec<_>>();
                let (truth, own) = (count(of_truth(&truth, false)), count(of_report(&own, true)));
                // Groups of several formats are joined by what all of them tell, so a stack may be another format's.
                let is_mixed = report.comparison.as_ref().is_some_and(|comparison| comparison.mixed_formats);
                let sum = |counts: &BTreeMap<Vec<String>, u64>| counts.values().sum::<u64>();
                expect(
                    if is_mixed { sum(&truth) == sum(&own) } else { truth == own },
                    format!("dump {at} is not {}", file.path),
                );
            }
        }
        Known::Headers => {
            let n_headers = entry.bytes().split(|&byte| byte == b'\n').filter(|line| is_header(line)).count() as u64;
            let kinds = [IssueKind::MalformedHeader, IssueKind::DuplicateGoroutine];
            let n: u64 = report.dumps.iter().flat_map(|dump| kinds.map(|kind| noted(dump, kind))).sum();
            expect(total + n == n_headers, format!("{n_headers} header lines, {total} goroutines and {n} noted"));
        }
        Known::Races(n) => {
            let notes = report.dumps.iter().flat_map(|dump| &dump.notes).filter(|note| note.kind == NoteKind::RaceReport);
            let counts: Vec<_> = notes.map(|note| note.count).collect();
            expect(counts == [n] && total == 0, format!("{counts:?} races, {total} goroutines"));
        }
        Known::AtMost(groups) => {
            let kinds: Vec<_> = report.dumps.iter().flat_map(|dump| &dump.issues).map(|issue| issue.kind).collect();
            expect(kinds.contains(&IssueKind::InvalidCompression), format!("{kinds:?}"));
            expect(total > 100, format!("only {total} goroutines"));
            let truth = of_truth(&groups, false);
            let ours = of_report(&report, true);
            // The goroutine in which it is cut off may lack its outer frames.
            let too_many = ours.iter().filter(|(stack, facts)| truth.get(*stack).map_or(0, |facts| facts.count) < facts.count);
            let n = too_many.count();
            expect(n <= 1, format!("{n} groups are larger than in the whole dump"));
        }
        Known::Refused(looks_like) => {
            let failure = read.err().map(|failure| (failure.kind, failure.looks_like));
            let kind = if looks_like == InputKind::Empty { IssueKind::Unrecognized } else { IssueKind::UnsupportedProfile };
            expect(failure == Some((kind, Some(looks_like))), format!("{failure:?}"));
            let issues = &report.inputs[0].issues;
            expect(issues.len() == 1 && report.dumps.is_empty(), format!("{issues:?}"));
        }
        Known::Nothing(reason) => expect(!reason.is_empty() && total > 0, format!("{total} goroutines; {reason}")),
    }
    found
}

#[test]
fn ok_reports_say_what_the_truth_says() {
    let mut wrong = Vec::new();
    for entry in entries() {
        let problems = problems(&entry);
        if !problems.is_empty() {
            wrong.push(format!("{}: {}", entry.path, problems.join("\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{} files:\n{}", wrong.len(), wrong.join("\n"));
}

/// A file that nobody checks is a file that nobody needs.
#[test]
fn ok_few_files_are_unchecked() {
    let entries = entries();
    let count = |is_it: fn(&Known) -> bool| entries.iter().filter(|entry| is_it(&known(entry))).count();
    let n_with_groups = count(|known| matches!(known, Known::Groups(..)));
    assert!(n_with_groups >= 620, "{n_with_groups}");
    assert_eq!(count(|known| matches!(known, Known::Nothing(_))), 1);
    assert_eq!(count(|known| matches!(known, Known::Refused(_))), 3);
    assert_eq!(count(|known| matches!(known, Known::Pods(_))), 2);
    assert_eq!(count(|known| matches!(known, Known::Files(_))), 9);
}
