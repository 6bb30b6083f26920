//! Containers as whole inputs, in any cut.

mod limits;
mod tar;
mod zip;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use stackherd_core::{IssueKind as CoreIssue, Tables};
use stackherd_report::{InputKind, IssueKind};

use super::Limits;
use crate::reading::{Read, Reading};

/// The text of the fixtures: 200 goroutines.
pub(super) fn dump() -> String {
    dump_of(1..=200)
}

fn dump_of(goids: impl Iterator<Item = u32>) -> String {
    let stacks: Vec<_> = goids
        .map(|goid| format!("goroutine {goid} [chan send]:\nmain.work()\n\t/src/main.go:{} +0x3\n", goid % 7 + 1))
        .collect();
    stacks.join("\n")
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What came of an input: entries with their goroutines and issues, and what could not be read.
#[derive(Debug, PartialEq)]
struct Outcome {
    files: Vec<(String, u64, Vec<CoreIssue>)>,
    issues: Vec<(IssueKind, String)>,
}

fn read_with(limits: Limits, bytes: &[u8], size: usize) -> Read {
    let (mut tables, mut reading) = (Tables::default(), Reading::with_limits(limits));
    for chunk in bytes.chunks(size) {
        reading.push(&mut tables, chunk);
    }
    assert_eq!(reading.n_bytes(), bytes.len() as u64);
    reading.finish(&mut tables, false)
}

fn outcome(read: Read) -> Outcome {
    let files = read.files.into_iter().flat_map(|file| {
        let entry = file.entry.unwrap_or_default();
        file.dumps.into_iter().map(move |dump| {
            (entry.clone(), dump.n_goroutines(), dump.issues().iter().map(|issue| issue.kind).collect::<Vec<_>>())
        })
    });
    let issues = read.issues.into_iter().map(|issue| (issue.kind, issue.entry.unwrap_or_default()));
    Outcome { files: files.collect(), issues: issues.collect() }
}

/// Reads in pieces of one byte, of seven and at once, which must come to the same.
#[track_caller]
fn read(bytes: &[u8]) -> Outcome {
    let whole = outcome(read_with(Limits::default(), bytes, bytes.len().max(1)));
    for size in [1, 7] {
        assert_eq!(outcome(read_with(Limits::default(), bytes, size)), whole, "in pieces of {size}");
    }
    whole
}

#[track_caller]
fn check(bytes: &[u8], files: &[(&str, u64)], issues: &[(IssueKind, &str)]) {
    let outcome = read(bytes);
    let read: Vec<_> = outcome.files.iter().map(|(entry, n, _)| (entry.as_str(), *n)).collect();
    let refused: Vec<_> = outcome.issues.iter().map(|(kind, entry)| (*kind, entry.as_str())).collect();
    assert_eq!((read.as_slice(), refused.as_slice()), (files, issues), "{outcome:?}");
}

#[test]
fn ok_whole_files_of_each_compression() {
    let text = dump();
    check(text.as_bytes(), &[("", 200)], &[]);
    check(&gzip(text.as_bytes()), &[("", 200)], &[]);
    check(&[gzip(&text.as_bytes()[..900]), gzip(&text.as_bytes()[900..])].concat(), &[("", 200)], &[]);
    check(include_bytes!("../fixtures/dump.zst"), &[("", 200)], &[]);
    check(include_bytes!("../fixtures/dump.xz"), &[("", 200)], &[]);
    check(include_bytes!("../fixtures/dump.bz2"), &[("", 200)], &[]);
    check(&gzip(&gzip(text.as_bytes())), &[("", 200)], &[]);
    check(&gzip(include_bytes!("../fixtures/dump.xz")), &[("", 200)], &[]);
}

#[test]
fn err_damaged_data_keeps_what_was_inflated() {
    let text = dump_of(1..=9000);
    let packed = gzip(text.as_bytes());
    let mut flipped = packed.clone();
    flipped[packed.len() / 2] ^= 0xff;
    for bytes in [&packed[..packed.len() - 20], &flipped, &[packed.as_slice(), b"trailing"].concat()] {
        let outcome = outcome(read_with(Limits::default(), bytes, 1000));
        let [(_, n, issues)] = outcome.files.as_slice() else { panic!("{outcome:?}") };
        assert!(*n > 1000, "{n}");
        assert!(matches!(issues.last(), Some(CoreIssue::InvalidCompression { offset_bytes: 1.. })), "{issues:?}");
        assert!(outcome.issues.is_empty());
    }
}

#[test]
fn err_inputs_without_a_goroutine() {
    let kind = |bytes: &[u8]| {
        let read = read_with(Limits::default(), bytes, 3);
        assert!(read.files.is_empty());
        let [issue] = read.issues.as_slice() else { panic!("{:?}", read.issues) };
        (issue.kind, issue.looks_like)
    };
    assert_eq!(kind(b""), (IssueKind::Unrecognized, Some(InputKind::Empty)));
    assert_eq!(kind(b"\x1f"), (IssueKind::Unrecognized, Some(InputKind::Binary)));
    assert_eq!(kind(b"BZh"), (IssueKind::Unrecognized, Some(InputKind::Compressed)));
    assert_eq!(kind(b"hello\n"), (IssueKind::Unrecognized, Some(InputKind::Text)));
    assert_eq!(kind(&gzip(b"")), (IssueKind::Unrecognized, Some(InputKind::Empty)));
    assert_eq!(kind(&gzip(b"hello\n")), (IssueKind::Unrecognized, Some(InputKind::Text)));
    assert_eq!(kind(&gzip(b"heap profile: 1: 2 [3: 4]")), (IssueKind::UnsupportedProfile, Some(InputKind::HeapProfile)));
    assert_eq!(kind(b"\x1f\x8b\x08\0junk"), (IssueKind::InvalidCompression, None));
    assert_eq!(kind(&gzip(b"hello\n")[..20]), (IssueKind::InvalidCompression, None));
    assert_eq!(kind(b"7z\xbc\xaf\x27\x1c\0\x04"), (IssueKind::Unrecognized, Some(InputKind::Compressed)));
    let cut_profile = gzip(b"heap profile: 1: 2 [3: 4] @ heap/1048576\n");
    assert_eq!(kind(&cut_profile[..cut_profile.len() - 1]), (IssueKind::UnsupportedProfile, Some(InputKind::HeapProfile)));
}

#[test]
fn ok_a_stop_by_the_reader_is_told_on_the_dump_that_was_open() {
    let read = |bytes: &[u8]| {
        let (mut tables, mut reading) = (Tables::default(), Reading::default());
        reading.push(&mut tables, bytes);
        outcome(reading.finish(&mut tables, true))
    };
    let text = dump_of(1..=9000);
    let packed = gzip(text.as_bytes());
    let outcome = read(&packed[..packed.len() / 2]);
    assert!(matches!(outcome.files[0].2.as_slice(), [CoreIssue::Stopped { .. }]), "{outcome:?}");
    assert!(outcome.issues.is_empty());
    let archive = tar::archive(&[("a.txt", dump_of(1..=3).as_bytes()), ("b.txt", text.as_bytes())]);
    for bytes in [archive.clone(), gzip(&archive)] {
        let outcome = read(&bytes[..bytes.len() / 2]);
        assert_eq!(outcome.files[0], ("a.txt".to_owned(), 3, vec![]));
        assert!(matches!(outcome.files[1].2.as_slice(), [CoreIssue::Stopped { .. }]), "{outcome:?}");
        assert!(outcome.issues.is_empty(), "{outcome:?}");
    }
}

#[test]
fn ok_progress_counts_the_goroutines_of_finished_entries() {
    let (mut tables, mut reading) = (Tables::default(), Reading::default());
    let archive = tar::archive(&[("a.txt", dump_of(1..=9).as_bytes()), ("b.txt", dump_of(1..=9).as_bytes())]);
    reading.push(&mut tables, &archive);
    assert_eq!(reading.n_goroutines(), 18);
}
