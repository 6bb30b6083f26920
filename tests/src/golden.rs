//! What Stackherd says of every dump, readable and kept in `expect/`.
//!
//! A golden is for people: it shows in a review what a change of the parser or of the grouping does to real dumps.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use stackherd_engine::Session;
use stackherd_report::{Dump, DumpKind, Group, Report};

use crate::corpus::{Entry, entries, files_below};

/// Groups listed of a report.
const MAX_GROUPS: usize = 30;
/// Frames listed of a stack.
const MAX_FRAMES: usize = 8;
/// Ids listed of a group.
const MAX_GOIDS: usize = 5;
/// Points listed of a series.
const MAX_POINTS: usize = 10;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("expect")
}

/// The same path as the dump's, that of compressed text without the compression.
fn golden_path(entry: &Entry) -> String {
    match entry.path.strip_suffix(".gz") {
        Some(text) if text.ends_with(".txt") || text.ends_with(".log") => text.to_owned(),
        None if entry.path.ends_with(".txt") || entry.path.ends_with(".log") => entry.path.clone(),
        _ => entry.path.clone() + ".txt",
    }
}

/// What is said of the file as it is; a refusal is an input without dumps.
fn report(entry: &Entry) -> Report {
    let mut session = Session::default();
    let _ = session.add(0, entry.path.as_str(), &entry.raw());
    session.report()
}

fn render(report: &Report) -> String {
    let mut out = String::new();
    for issue in report.inputs.iter().flat_map(|input| &input.issues) {
        let looks_like = issue.looks_like.map_or("", |kind| kind.as_str());
        let entry = issue.entry.as_deref().unwrap_or("-");
        let _ = writeln!(out, "{entry}: {} {looks_like}: {}", issue.kind.as_str(), issue.message);
    }
    for dump in &report.dumps {
        if report.dumps.len() > 1 {
            let _ = writeln!(out, "{} at line {}", dump.name, dump.line);
        }
        write_dump(&mut out, dump);
    }
    if report.dumps.is_empty() {
        return out;
    }
    let categories: Vec<_> =
        report.totals.by_category.iter().map(|(category, count)| format!("{} {count}", category.as_str())).collect();
    let _ = writeln!(out, "{} groups: {}", report.totals.groups, categories.join(", "));
    for finding in &report.findings {
        let culprit = finding.culprit.as_ref().map_or("-".to_owned(), |site| format!("{}:{}", site.file, site.line));
        let (severity, confidence) = (finding.severity.as_str(), finding.confidence.as_str());
        let (rule, title) = (&finding.rule, &finding.title);
        let _ = writeln!(out, "{severity}, {confidence}: {rule} {} at {culprit}: {title}", finding.goroutines);
    }
    for group in report.groups.iter().take(MAX_GROUPS) {
        out.push('\n');
        write_group(&mut out, group);
    }
    if report.groups.len() > MAX_GROUPS {
        let _ = writeln!(out, "\n… {} more groups", report.groups.len() - MAX_GROUPS);
    }
    out
}

fn write_dump(out: &mut String, dump: &Dump) {
    let go_version = dump.go_version.as_deref().unwrap_or("unknown");
    let _ = write!(
        out,
        "{} goroutines, {} stacks, {} bytes, {}, go {go_version}",
        dump.goroutines,
        dump.distinct_stacks,
        dump.bytes,
        dump.format.as_str()
    );
    if dump.kind != DumpKind::Goroutine {
        let _ = write!(out, ", {}", dump.kind.as_str());
    }
    if let Some(declared) = dump.declared_goroutines {
        let _ = write!(out, ", declares {declared}");
    }
    if let Some(captured_at) = &dump.captured_at {
        let _ = write!(out, ", of {captured_at}");
    }
    if let Some(source) = &dump.source {
        let _ = write!(out, ", source {source:?}");
    }
    out.push('\n');
    if !dump.verdict.title.is_empty() {
        let _ = writeln!(out, "{}: {}", dump.verdict.kind.as_str(), dump.verdict.title);
    }
    if let Some(crash) = &dump.crash {
        let goid = crash.goid.map_or("none".to_owned(), |goid| goid.to_string());
        let _ = writeln!(out, "{} in goroutine {goid}: {:?}", crash.kind.as_str(), crash.message);
    }
    for issue in &dump.issues {
        let _ = writeln!(out, "line {}: {} x{}: {}", issue.line, issue.kind.as_str(), issue.count, issue.message);
        if let Some(excerpt) = &issue.excerpt {
            let _ = writeln!(out, "    {excerpt:?}");
        }
    }
    for note in &dump.notes {
        let _ = writeln!(out, "line {}: note {} x{}: {}", note.line, note.kind.as_str(), note.count, note.message);
    }
    for series in &dump.series {
        let values: Vec<_> = series.points.iter().take(MAX_POINTS).map(|point| point.value.to_string()).collect();
        let _ =
            writeln!(out, "series {:?} {:?}, {} points: {}", series.name, series.unit, series.points.len(), values.join(" "));
    }
}

fn write_group(out: &mut String, group: &Group) {
    let states: Vec<_> = match group.wait_reasons.as_slice() {
        [only] => vec![only.text.clone()],
        several => several.iter().map(|reason| format!("{} x{}", reason.text, reason.goroutines)).collect(),
    };
    let _ = write!(out, "{} {} [{}]", group.goroutines, group.category.as_str(), states.join(", "));
    if let Some(waits) = &group.wait_minutes {
        let _ = write!(out, ", {}..{}..{} min of {}", waits.min, waits.p50, waits.max, waits.known);
    }
    for (count, word) in [(group.leaked, "leaked"), (group.locked_to_thread, "locked to thread")] {
        if count > 0 {
            let _ = write!(out, ", {count} {word}");
        }
    }
    out.push('\n');
    for (at, frame) in group.stack.iter().take(MAX_FRAMES).enumerate() {
        let mark = if group.culprit == Some(at as u32) { '>' } else { ' ' };
        let inlined = if frame.inlined { " inlined" } else { "" };
        let origin = frame.origin.as_str();
        let _ = writeln!(out, " {mark}  {} {}:{} {origin}{inlined}", frame.function, frame.file, frame.line);
    }
    if group.stack.len() > MAX_FRAMES {
        let _ = writeln!(out, "    … {} more frames", group.stack.len() - MAX_FRAMES);
    }
    if group.frames_elided {
        out.push_str("    some frames elided by Go\n");
    }
    if let Some(creator) = &group.created_by {
        let _ =
            writeln!(out, "    created by {} {}:{} {}", creator.function, creator.file, creator.line, creator.origin.as_str());
    }
    for label in &group.labels {
        let _ = writeln!(out, "    label {:?}={:?} x{}", label.key, label.value, label.goroutines);
    }
    if group.per_dump.len() > 1 {
        let per_dump: Vec<_> = group.per_dump.iter().map(u64::to_string).collect();
        let _ = writeln!(out, "    in the dumps {}", per_dump.join(" "));
    }
    if !group.goids.is_empty() {
        let goids: Vec<_> = group.goids.iter().take(MAX_GOIDS).map(u64::to_string).collect();
        let more = if group.goroutines > MAX_GOIDS as u64 { " …" } else { "" };
        let _ = writeln!(out, "    goroutine {}{more}", goids.join(" "));
    }
}

/// The first line that differs, for a failure that can be read.
fn first_difference(expected: &str, actual: &str) -> String {
    let mut lines = expected.lines().zip(actual.lines()).enumerate();
    match lines.find(|(_, (expected, actual))| expected != actual) {
        Some((at, (expected, actual))) => format!("line {}\n  expected {expected}\n  got      {actual}", at + 1),
        None => format!("{} lines expected, got {}", expected.lines().count(), actual.lines().count()),
    }
}

#[test]
fn ok_reports_are_those_expected() {
    let bless = std::env::var_os("STACKHERD_BLESS").is_some();
    let mut problems = Vec::new();
    let mut known = BTreeSet::new();
    for entry in entries() {
        let path = golden_path(&entry);
        let file = folder().join(&path);
        let actual = render(&report(&entry));
        assert!(known.insert(path), "{}: two dumps share a golden", entry.path);
        if bless {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, &actual).unwrap();
            continue;
        }
        match fs::read_to_string(&file) {
            Ok(expected) if expected == actual => {}
            Ok(expected) => problems.push(format!("{}: {}", entry.path, first_difference(&expected, &actual))),
            Err(error) => problems.push(format!("{}: {error}", file.display())),
        }
    }
    for path in files_below(&folder()) {
        // What is said of several dumps is kept by its own test.
        if known.contains(&path) || path.starts_with("compare/") {
            continue;
        }
        if bless {
            fs::remove_file(folder().join(&path)).unwrap();
        } else {
            problems.push(format!("expect/{path}: there is no such dump"));
        }
    }
    assert!(
        problems.is_empty(),
        "{} dumps; STACKHERD_BLESS=1 rewrites what is expected:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn ok_groups_add_up_in_every_report() {
    for entry in entries() {
        let report = report(&entry);
        let in_dumps: u64 = report.dumps.iter().map(|dump| dump.goroutines).sum();
        let sum: u64 = report.groups.iter().map(|group| group.goroutines).sum();
        let by_category: u64 = report.totals.by_category.values().sum();
        let by_reason: u64 = report.groups.iter().flat_map(|group| &group.wait_reasons).map(|reason| reason.goroutines).sum();
        assert_eq!([sum, by_category, by_reason, report.totals.goroutines], [in_dumps; 4], "{}", entry.path);
        for (at, dump) in report.dumps.iter().enumerate() {
            let sum: u64 = report.groups.iter().map(|group| group.per_dump[at]).sum();
            assert_eq!(sum, dump.goroutines, "{}: {}", entry.path, dump.name);
        }
        for (at, group) in report.groups.iter().enumerate() {
            assert_eq!(group.rank as usize, at + 1, "{}", entry.path);
            assert_eq!(group.per_dump.iter().sum::<u64>(), group.goroutines, "{}", entry.path);
            let has_goids = !group.goids.is_empty();
            let expected = if has_goids { group.goroutines.min(100) } else { 0 };
            // Where formats meet, some goroutines of a group have an id and others have none.
            let is_mixed = report.comparison.as_ref().is_some_and(|comparison| comparison.mixed_formats);
            assert!(group.goids.len() as u64 == expected || is_mixed && group.goids.len() as u64 <= expected, "{}", entry.path);
            assert!(group.culprit.is_none_or(|culprit| (culprit as usize) < group.stack.len()), "{}", entry.path);
            let next = report.groups.get(at + 1).map_or((0.0, 0), |next| (next.score, next.goroutines));
            let this = (group.score, group.goroutines);
            assert!(this >= next, "{}: group {} is less suspicious, or smaller, than the next", entry.path, group.rank);
        }
    }
}

#[test]
fn ok_group_keys_are_unique_and_the_same_on_every_reading() {
    for entry in entries().into_iter().step_by(4) {
        let keys = |report: &Report| report.groups.iter().map(|group| group.key.clone()).collect::<Vec<_>>();
        let first = keys(&report(&entry));
        assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), first.len(), "{}", entry.path);
        assert_eq!(first, keys(&report(&entry)), "{}", entry.path);
    }
}
