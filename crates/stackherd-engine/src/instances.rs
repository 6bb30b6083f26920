//! What the process of each dump is called.
//!
//! The reader's pattern is believed first, then a label that all labelled goroutines share, then the source in a shared log,
//! then the path: without extensions, times, and words that every dump has.

use std::collections::HashSet;

use regex::Regex;
use stackherd_core::format::traceback::labels;
use stackherd_core::{Snapshot, Tables};

use crate::times;

/// Label keys that name a process, the most telling first.
const LABEL_KEYS: [&str; 9] = ["pod", "pod_name", "instance", "host", "hostname", "node", "replica", "container", "task"];
/// Label texts of a dump that are looked at: a process has one name.
const MAX_LABELS: usize = 1000;
/// Parts of a name that say what a file is, or which one of several, and not whose.
const WORDS: [&str; 32] = [
    "goroutine",
    "goroutines",
    "goroutineleak",
    "dump",
    "dumps",
    "debug",
    "debug0",
    "debug1",
    "debug2",
    "pprof",
    "profile",
    "prof",
    "stack",
    "stacks",
    "stacktrace",
    "trace",
    "traces",
    "traceback",
    "sigquit",
    "crash",
    "leak",
    "before",
    "after",
    "base",
    "baseline",
    "first",
    "second",
    "last",
    "old",
    "new",
    "snapshot",
    "copy",
];
/// Endings of files that hold dumps.
const EXTENSIONS: [&str; 22] = [
    "txt", "log", "out", "err", "dump", "prof", "pprof", "pb", "html", "htm", "md", "json", "jsonl", "ndjson", "csv", "gz",
    "zst", "xz", "bz2", "zip", "tar", "tgz",
];

/// What is known of the names of one dump.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    /// What the reader's pattern or a label says.
    pub(crate) instance: Option<&'a str>,
    /// Which source of a shared log it comes from.
    pub(crate) source: Option<&'a str>,
    /// Its name: a path.
    pub(crate) name: &'a str,
}

/// What the first group, or else the whole match, of a pattern finds in a name.
pub(crate) fn matched(pattern: &Regex, name: &str) -> Option<String> {
    let captures = pattern.captures(name)?;
    let found = captures.iter().skip(1).flatten().next().or_else(|| captures.get(0))?;
    Some(found.as_str().to_owned()).filter(|name| !name.is_empty())
}

/// The value of a label that names the process and that all labelled goroutines share.
pub(crate) fn label(tables: &Tables, snapshot: &Snapshot) -> Option<String> {
    let mut seen = HashSet::new();
    let mut values: Option<Vec<(String, String)>> = None;
    for goroutine in snapshot.goroutines().iter().filter(|goroutine| !goroutine.labels.0.is_empty()) {
        if seen.len() >= MAX_LABELS || !seen.insert(goroutine.labels) {
            continue;
        }
        let of_goroutine = labels::parse(tables.bytes(goroutine.labels.0));
        match &mut values {
            Some(values) => values.retain(|value| of_goroutine.contains(value)),
            None => values = Some(of_goroutine),
        }
        if values.as_ref().is_some_and(Vec::is_empty) {
            return None;
        }
    }
    let values = values?;
    let is_named = |key: &str, wanted: &str| {
        let key = key.to_ascii_lowercase().replace(['-', '.', '/'], "_");
        // As in `k8s.pod.name`.
        key == wanted || key.strip_suffix(&format!("_{wanted}")).is_some() || key.ends_with(&format!("_{wanted}_name"))
    };
    let value = |wanted: &&str| values.iter().find(|(key, value)| is_named(key, wanted) && !value.is_empty());
    LABEL_KEYS.iter().find_map(value).map(|(_, value)| value.clone())
}

/// What each process is called, empty when nothing says so. Dumps of one process share a name.
pub(crate) fn processes(dumps: &[Facts<'_>]) -> Vec<String> {
    let outer = |n: usize| {
        let of = |dump: &Facts<'_>| join(segments(dump.name).skip(1).map(core_name).filter(|name| !name.is_empty()).take(n));
        dumps.iter().map(of).collect::<Vec<_>>()
    };
    // A folder that all dumps are in is no name of any of them.
    let tells = |names: &Vec<String>| names.iter().any(|name| Some(name) != names.first());
    let parents = [1, 2].into_iter().map(outer).find(tells).unwrap_or_else(|| vec![String::new(); dumps.len()]);
    let name = |(dump, parent): (&Facts<'_>, &String)| {
        if let Some(name) = dump.instance.or(dump.source) {
            return name.to_owned();
        }
        let own = segments(dump.name).next().map(core_name).unwrap_or_default();
        if own.is_empty() { parent.clone() } else { own }
    };
    dumps.iter().zip(&parents).map(name).collect()
}

/// A name for each dump that tells it from the others, as short as it can be.
pub(crate) fn names(dumps: &[Facts<'_>]) -> Vec<String> {
    let of = |name: &dyn Fn(&Facts<'_>) -> String| dumps.iter().map(name).collect::<Vec<_>>();
    let is_good = |names: &Vec<String>| are_unique(names) && names.iter().all(|name| !name.is_empty());
    let told = |dump: &Facts<'_>| dump.instance.or(dump.source).unwrap_or_default().to_owned();
    let own = |dump: &Facts<'_>| segments(dump.name).map(core_name).find(|name| !name.is_empty()).unwrap_or_default();
    let two = |dump: &Facts<'_>| join(segments(dump.name).map(core_name).filter(|name| !name.is_empty()).take(2));
    let stem = |dump: &Facts<'_>| segments(dump.name).next().map(numbered_stem).unwrap_or_default();
    let stems = |dump: &Facts<'_>| join(segments(dump.name).map(numbered_stem).take(2));
    let whole = |dump: &Facts<'_>| dump.name.to_owned();
    let ways: [&dyn Fn(&Facts<'_>) -> String; 6] = [&told, &own, &two, &stem, &stems, &whole];
    if let Some(names) = ways.iter().map(|way| of(*way)).find(is_good) {
        return names;
    }
    let known = of(&told);
    numbered(if known.iter().all(|name| !name.is_empty()) { known } else { of(&whole) })
}

/// Tells equal names apart by a number.
fn numbered(names: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut unique = Vec::new();
    for name in names {
        let mut chosen = name.clone();
        let mut n = 1;
        while !taken.insert(chosen.clone()) {
            n += 1;
            chosen = format!("{name} #{n}");
        }
        unique.push(chosen);
    }
    unique
}

fn are_unique(names: &[String]) -> bool {
    let mut seen = HashSet::new();
    names.iter().all(|name| seen.insert(name))
}

/// The parts of a path, the file first.
fn segments(name: &str) -> impl Iterator<Item = &str> {
    name.rsplit(['/', '\\']).filter(|segment| !segment.is_empty() && *segment != "." && *segment != "..")
}

fn join<T: AsRef<str>>(inner_first: impl Iterator<Item = T>) -> String {
    inner_first.fold(String::new(), |joined, part| match joined.as_str() {
        "" => part.as_ref().to_owned(),
        _ => format!("{}/{joined}", part.as_ref()),
    })
}

/// A file's name and which one of its dumps it is: `app.log #2`.
fn split_number(segment: &str) -> (&str, Option<&str>) {
    let is_number = |number: &str| !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit());
    match segment.rsplit_once(" #").filter(|(_, number)| is_number(number)) {
        Some((file, number)) => (file, Some(number)),
        None => (segment, None),
    }
}

/// `app #2`
fn numbered_stem(segment: &str) -> String {
    let (file, number) = split_number(segment);
    let number = number.map_or_else(String::new, |number| format!(" #{number}"));
    format!("{}{number}", stem(file))
}

/// A file's name without the endings that say how it is written.
fn stem(segment: &str) -> &str {
    let mut stem = segment;
    while let Some((rest, extension)) = stem.rsplit_once('.') {
        let is_known = EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension));
        if !is_known || rest.is_empty() {
            break;
        }
        stem = rest;
    }
    stem
}

/// What a file's name says of the process: without its time and without words that every dump has. Empty when nothing is left
/// but a number.
fn core_name(segment: &str) -> String {
    let mut name = stem(split_number(segment).0).to_owned();
    while let Some(written) = times::written(&name) {
        // In its place stands what separates words, so that none grow together.
        name.replace_range(written.range, "-");
    }
    let is_separator = |c: char| matches!(c, '-' | '_' | '.' | ' ' | '#' | '(' | ')' | '[' | ']' | '@' | '=');
    // Separators inside what stays are part of the name.
    let mut parts: Vec<(&str, &str)> = Vec::new();
    let mut rest = name.as_str();
    while !rest.is_empty() {
        let word_len = rest.find(is_separator).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(word_len);
        let separator_len = tail.find(|c| !is_separator(c)).unwrap_or(tail.len());
        let (separator, tail) = tail.split_at(separator_len);
        if !word.is_empty() && !is_common(word) {
            parts.push((word, separator));
        }
        rest = tail;
    }
    // More of them are an address: `10.0.0.1`.
    if parts.len() < 4 && parts.iter().all(|(word, _)| word.chars().all(|c| c.is_ascii_digit())) {
        return String::new();
    }
    let mut out = String::new();
    for (at, (word, separator)) in parts.iter().enumerate() {
        out.push_str(word);
        if at + 1 < parts.len() {
            out.push_str(separator.get(..1).unwrap_or("-"));
        }
    }
    out
}

/// A word that every dump has, or that numbers dumps: `goroutines`, `t3`, `T12`.
fn is_common(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let is_instant = lower.strip_prefix('t').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|c| c.is_ascii_digit()));
    let numbered = lower.trim_end_matches(|c: char| c.is_ascii_digit());
    is_instant || WORDS.contains(&lower.as_str()) || (!numbered.is_empty() && WORDS.contains(&numbered))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(name: &str) -> Facts<'_> {
        Facts { instance: None, source: None, name }
    }

    #[track_caller]
    fn check(paths: &[&str], shown: &[&str], of_process: &[&str]) {
        let dumps: Vec<_> = paths.iter().map(|path| facts(path)).collect();
        assert_eq!(names(&dumps), shown);
        assert_eq!(processes(&dumps), of_process);
    }

    #[test]
    fn ok_pods_in_folders_and_files() {
        check(&["pod-7/goroutines.txt", "pod-8/goroutines.txt"], &["pod-7", "pod-8"], &["pod-7", "pod-8"]);
        check(
            &["fleet.zip/checkout-7c9fd8b-pod07.txt", "fleet.zip/checkout-7c9fd8b-pod08.txt"],
            &["checkout-7c9fd8b-pod07", "checkout-7c9fd8b-pod08"],
            &["checkout-7c9fd8b-pod07", "checkout-7c9fd8b-pod08"],
        );
        check(&["eu/pod-1/goroutine.txt", "us/pod-1/goroutine.txt"], &["eu/pod-1", "us/pod-1"], &["eu/pod-1", "us/pod-1"]);
        check(
            &["d/checkout-a.debug2.txt.gz", "d/checkout-b.debug2.txt.gz", "d/cart.pb.gz"],
            &["checkout-a", "checkout-b", "cart"],
            &["checkout-a", "checkout-b", "cart"],
        );
        check(
            &["10.0.0.1_8080.txt", "10.0.0.2_8080.txt"],
            &["10.0.0.1_8080", "10.0.0.2_8080"],
            &["10.0.0.1_8080", "10.0.0.2_8080"],
        );
    }

    #[test]
    fn ok_dumps_of_one_process() {
        check(&["t0.debug2.txt", "t1.debug2.txt"], &["t0.debug2", "t1.debug2"], &["", ""]);
        check(&["before.txt", "after.txt"], &["before", "after"], &["", ""]);
        check(&["dump1.txt", "dump2.txt"], &["dump1", "dump2"], &["", ""]);
        check(&["/tmp/goroutine.txt", "/tmp/goroutine (1).txt"], &["goroutine", "goroutine (1)"], &["", ""]);
        check(
            &["pod-7-20261121-123000.txt", "pod-7-20261121-124000.txt"],
            &["pod-7-20261121-123000", "pod-7-20261121-124000"],
            &["pod-7", "pod-7"],
        );
        check(&["app.log", "app.log #2"], &["app", "app #2"], &["app", "app"]);
        check(&["a.txt", "a.txt"], &["a.txt", "a.txt #2"], &["a", "a"]);
        check(&["1795225165.txt", "1795225465.txt"], &["1795225165", "1795225465"], &["", ""]);
    }

    #[test]
    fn ok_labels_and_sources_come_first() {
        let labelled = |instance, name| Facts { instance: Some(instance), ..facts(name) };
        assert_eq!(names(&[labelled("a", "x.txt"), labelled("b", "x.txt")]), ["a", "b"]);
        assert_eq!(names(&[labelled("a", "x.txt"), labelled("a", "y.txt")]), ["x", "y"]);
        assert_eq!(names(&[labelled("a", "x.txt"), labelled("a", "x.txt")]), ["a", "a #2"]);
        let sourced = |source, name| Facts { source: Some(source), ..facts(name) };
        let log = [sourced("pod-a", "app.log [pod-a]"), sourced("pod-b", "app.log [pod-b]")];
        assert_eq!(
            (names(&log), processes(&log)),
            (vec!["pod-a".into(), "pod-b".into()], vec!["pod-a".into(), "pod-b".into()])
        );
        assert!(names(&[]).is_empty() && processes(&[]).is_empty());
    }

    #[test]
    fn ok_patterns_find_the_first_group_or_all() {
        let find = |pattern: &str, name| matched(&Regex::new(pattern).unwrap(), name);
        assert_eq!(find("pod-[0-9]+", "x/pod-7.txt").as_deref(), Some("pod-7"));
        assert_eq!(find("pod-([0-9]+)", "x/pod-7.txt").as_deref(), Some("7"));
        assert_eq!(find("x*", "pod"), None);
    }

    #[test]
    fn ok_a_label_that_all_share() {
        let read = |brackets: &[&str]| {
            let mut tables = Tables::default();
            let mut parser = stackherd_core::Parser::default();
            for (goid, labels) in (1..).zip(brackets) {
                let text = format!("goroutine {goid} [select]{labels}:\nmain.f()\n\t/src/main.go:1 +0x1\n\n");
                parser.push(&mut tables, text.as_bytes());
            }
            let snapshot = parser.finish(&mut tables).unwrap().remove(0);
            label(&tables, &snapshot)
        };
        let a = " {pod: pod-a, handler: x}";
        assert_eq!(read(&[a, "", a]).as_deref(), Some("pod-a"));
        assert_eq!(read(&[a, " {pod: pod-b}"]), None);
        assert_eq!(read(&[" {handler: x}"]), None);
        assert_eq!(read(&[" {k8s.pod.name: pod-c, host: h}"]).as_deref(), Some("pod-c"));
        assert_eq!(read(&[""]), None);
    }
}
