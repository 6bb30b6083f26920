//! Every dump against what an independent reader found in it.

use std::collections::BTreeMap;

use stackherd_core::{IssueKind, Snapshot};

use crate::corpus::{Entry, TrueGroup, tracebacks};
use crate::dump::{Dump, Step, read};

/// What goroutines of one group of the truth have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    state: String,
    frames: Vec<String>,
    created_by: String,
    labels: String,
}

/// What may differ between goroutines of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Facts {
    count: u64,
    n_locked: u64,
    is_elided: bool,
    waits: Option<(u32, u32)>,
}

impl Facts {
    fn add(&mut self, count: u64, n_locked: u64, is_elided: bool, waits: Option<(u32, u32)>) {
        // The truth takes this flag from the first goroutine of a group.
        self.is_elided |= is_elided && self.count == 0;
        self.count += count;
        self.n_locked += n_locked;
        self.waits = match (self.waits, waits) {
            (Some((min, max)), Some((other_min, other_max))) => Some((min.min(other_min), max.max(other_max))),
            (known, other) => known.or(other),
        };
    }
}

/// Function names are compared with their escapes decoded and their type arguments folded: `p.F[...]`.
pub(crate) fn fold(name: &str) -> String {
    let mut folded = String::new();
    let mut depth = 0;
    for c in percent_decoded(name).chars() {
        match c {
            '[' => {
                if depth == 0 && !folded.ends_with("[...]") {
                    folded.push_str("[...]");
                }
                depth += 1;
            }
            ']' => depth -= 1,
            c if depth == 0 => folded.push(c),
            _ => {}
        }
    }
    folded
}

fn percent_decoded(text: &str) -> String {
    let mut decoded = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match hex.filter(|_| *first == b'%') {
            Some(byte) => {
                decoded.push(byte);
                rest = &tail[2..];
            }
            None => {
                decoded.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Folds the function of `function file:line`; the place follows the first space outside of brackets.
pub(crate) fn fold_call(call: &str) -> String {
    let mut depth = 0;
    let space = call.find(|c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ' ' && depth == 0
    });
    match space {
        Some(at) => fold(&call[..at]) + &call[at..],
        None => fold(call),
    }
}

fn of_truth(groups: &[TrueGroup]) -> BTreeMap<Key, Facts> {
    let mut all: BTreeMap<Key, Facts> = BTreeMap::new();
    for group in groups {
        let key = Key {
            state: group.state.clone().unwrap_or_default(),
            frames: group.frames.iter().map(|frame| fold_call(frame)).collect(),
            created_by: group.created_by.as_deref().map(fold_call).unwrap_or_default(),
            labels: group.labels.as_deref().map(labels).unwrap_or_default(),
        };
        all.entry(key).or_default().add(
            group.count,
            group.locked_to_thread,
            group.frames_elided,
            group.wait_minutes.or(Some((0, 0))),
        );
    }
    all
}

/// The truth keeps labels as printed; ours are compared as read.
fn labels(printed: &str) -> String {
    let text = printed.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(printed);
    format!("{:?}", stackherd_core::format::traceback::labels::parse(text.as_bytes()))
}

fn of_dump(dump: &Dump) -> BTreeMap<Key, Facts> {
    let mut all: BTreeMap<Key, Facts> = BTreeMap::new();
    for row in dump.rows() {
        let is_elided = row.stack.contains(&Step::Elided);
        let frames = row.stack.iter().filter_map(|step| match step {
            // The truth leaves out frames without a place, such as C code.
            Step::Call(call, _) => call.contains(' ').then(|| fold_call(call)),
            Step::Elided => None,
        });
        let key = Key {
            state: row.state.clone(),
            frames: frames.collect(),
            created_by: row.created_by.as_deref().map(fold_call).unwrap_or_default(),
            labels: if row.labels.is_empty() { String::new() } else { format!("{:?}", row.labels) },
        };
        // The truth takes a wait that is not printed for 0 minutes.
        let minutes = row.wait_minutes.unwrap_or(0);
        all.entry(key).or_default().add(1, row.is_locked.into(), is_elided, Some((minutes, minutes)));
    }
    all
}

/// Says what differs, at most a few groups of it.
fn difference(truth: &BTreeMap<Key, Facts>, ours: &BTreeMap<Key, Facts>) -> Option<String> {
    let mut lines = Vec::new();
    for (key, facts) in truth {
        match ours.get(key) {
            Some(our_facts) if our_facts == facts => {}
            Some(our_facts) => lines.push(format!("{key:?}\n    truth {facts:?}\n    ours  {our_facts:?}")),
            None => lines.push(format!("missing {key:?} {facts:?}")),
        }
    }
    lines
        .extend(ours.iter().filter(|(key, _)| !truth.contains_key(key)).map(|(key, facts)| format!("extra {key:?} {facts:?}")));
    lines.truncate(4);
    (!lines.is_empty()).then(|| lines.join("\n  "))
}

/// Runs `check` over every dump that has a truth and fails with all that it says.
fn check_all(check: impl Fn(&Entry, &Dump) -> Option<String>) {
    let mut problems = Vec::new();
    let mut n_checked = 0;
    for entry in tracebacks() {
        let dump = read(&entry.bytes()).unwrap_or_else(|error| panic!("{}: {error}", entry.path));
        if let Some(problem) = check(&entry, &dump) {
            problems.push(format!("{}: {problem}", entry.path));
        }
        n_checked += 1;
    }
    assert!(n_checked > 300);
    assert!(problems.is_empty(), "{} of {n_checked} dumps:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn ok_totals_are_those_of_the_truth() {
    check_all(|entry, dump| {
        let truth = entry.truth()?;
        let total = dump.n_goroutines();
        let listed: u64 = truth.groups.iter().map(|group| group.count).sum();
        (total != listed || entry.total != Some(total))
            .then(|| format!("{total} goroutines; truth {listed}, manifest {:?}", entry.total))
    });
}

#[test]
fn ok_groups_are_those_of_the_truth() {
    check_all(|entry, dump| difference(&of_truth(&entry.truth()?.groups), &of_dump(dump)));
}

#[test]
fn ok_every_scenario_and_crash_has_a_truth() {
    let without = tracebacks().into_iter().filter(|entry| entry.truth().is_none()).map(|entry| entry.path);
    let without: Vec<_> = without.filter(|path| !path.starts_with("format-samples/")).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn ok_dumps_cut_off_say_so_and_others_do_not() {
    check_all(|entry, dump| {
        let issues = dump.issues();
        let says_so = issues.iter().any(|issue| matches!(issue.kind, IssueKind::Truncated { .. }));
        // The manifest says so for the scenarios only; the others are named for it.
        let is_cut = entry.truncated || entry.path.contains("/partial_") || entry.path.ends_with("-trunc.txt");
        // An excerpt ends where its quoter wanted.
        let is_excerpt = entry.path.starts_with("public/issues/");
        (says_so != is_cut && !is_excerpt).then(|| format!("cut off: {is_cut}; {issues:?}"))
    });
}

#[test]
fn ok_the_inferred_go_version_is_never_newer_than_the_real_one() {
    check_all(|entry, dump| {
        let inferred = dump.snapshots.iter().map(|snapshot| snapshot.go_version().to_string());
        let minor: u32 = inferred.filter_map(|version| version.strip_prefix(">=1.")?.parse().ok()).max()?;
        (minor > entry.go_minor()?).then(|| format!(">=1.{minor} in a dump of {:?}", entry.go_version))
    });
}

#[test]
fn ok_crashes_say_what_the_program_said() {
    check_all(|entry, dump| {
        let expected = match entry.headline.as_deref()? {
            // What the manifest says of these describes the program and not its text.
            "panic with text that imitates a goroutine header" => Some("bad input:"),
            "own dump by runtime.Stack between marker lines" => None,
            "runtime: goroutine stack exceeds limit; fatal error: stack overflow" => Some("stack overflow"),
            "panic: first [recovered] / panic: handler: first" => Some("first [recovered]"),
            // These processes ended before the signal reached them.
            "SIGQUIT: quit" => Some("all goroutines are asleep - deadlock!"),
            headline => headline.split_once(": ").map(|(_, message)| message),
        };
        let message = dump.snapshots.iter().find_map(Snapshot::crash).and_then(|crash| crash.message.lines().next());
        (message != expected).then(|| format!("{message:?} is not {expected:?}"))
    });
}

#[test]
fn ok_every_header_line_is_a_goroutine_or_an_issue() {
    check_all(|entry, dump| {
        let bytes = entry.bytes();
        let n_headers = bytes.split(|&byte| byte == b'\n').filter(|line| is_header(line)).count() as u64;
        (n_headers != dump.n_headers()).then(|| format!("{n_headers} header lines, {} accounted for", dump.n_headers()))
    });
}

/// `goroutine 5 … [ … ] … :`, however the brackets are filled.
pub(crate) fn is_header(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    let Some(rest) = line.trim_end().strip_prefix("goroutine ") else { return false };
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    digits > 0 && rest.ends_with(':') && rest[digits..].starts_with(' ') && rest.contains('[') && rest.contains(']')
}
