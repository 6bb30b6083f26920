//! Archives that are made to fill a memory.

use stackherd_core::IssueKind as CoreIssue;
use stackherd_report::IssueKind;

use super::zip::{Entry, archive, deflate};
use super::{dump, dump_of, gzip, outcome, read_with, tar};
use crate::unpack::Limits;

fn limits() -> Limits {
    Limits { inflated_bytes: 1 << 20, ratio_from_bytes: 1 << 30, ..Limits::default() }
}

#[test]
fn err_ten_gigabytes_of_zeros() {
    // Many members of equal content are one file.
    let zeros = gzip(&vec![0; 10 << 20]).repeat(1000);
    let read = read_with(limits(), &zeros, 1 << 20);
    let [issue] = read.issues.as_slice() else { panic!("{:?}", read.issues) };
    assert_eq!((issue.kind, issue.entry.as_deref(), issue.looks_like), (IssueKind::TooLarge, None, None));
    assert!(issue.message.starts_with("more than 1 MiB come out"), "{}", issue.message);
    assert!(read.files.is_empty());
}

#[test]
fn err_what_was_read_before_a_limit_is_kept_and_marked() {
    let text = dump_of(1..=40_000);
    for bytes in [gzip(text.as_bytes()), gzip(&tar::archive(&[("a.txt", text.as_bytes()), ("b.txt", text.as_bytes())]))] {
        let outcome = outcome(read_with(limits(), &bytes, 1000));
        let [(entry, n, issues)] = outcome.files.as_slice() else { panic!("{outcome:?}") };
        assert!((10_000..40_000).contains(n), "{n}");
        assert!(issues.iter().any(|kind| matches!(kind, CoreIssue::TooLarge { offset_bytes: 900_000.. })), "{issues:?}");
        assert_eq!(outcome.issues, [(IssueKind::TooLarge, entry.clone())].map(|(kind, _)| (kind, String::new())));
    }
}

#[test]
fn err_growth_beyond_the_ratio() {
    let limits = Limits { ratio: 100, ratio_from_bytes: 1 << 20, ..Limits::default() };
    let bomb = gzip(&vec![b'x'; 64 << 20]);
    let read = read_with(limits, &bomb, bomb.len());
    assert!(read.issues[0].message.contains("more than 100 times its size"), "{}", read.issues[0].message);
    // The same growth in a small file is none of our business.
    let small = gzip(&[dump().as_bytes(), &vec![b'\n'; 900_000]].concat());
    assert_eq!(outcome(read_with(limits, &small, 100)).files[0].1, 200);
}

#[test]
fn err_archives_in_archives_in_archives() {
    // As 42.zip: each layer holds 16 archives, the innermost a large file.
    let zeros = deflate(&vec![0; 1 << 20]);
    let mut layer = archive(&[Entry::deflated("0.dll", &zeros)]);
    for _ in 0..4 {
        let names: Vec<_> = (0..16).map(|n| format!("lib {n}.zip")).collect();
        let entries: Vec<_> = names.iter().map(|name| Entry::stored(name, &layer)).collect();
        layer = archive(&entries);
    }
    let outcome = outcome(read_with(Limits::default(), &layer, 1 << 16));
    assert!(outcome.files.is_empty());
    assert_eq!(outcome.issues.len(), 256);
    assert!(outcome.issues.iter().all(|(kind, _)| *kind == IssueKind::SkippedArchiveEntry));
    assert_eq!(outcome.issues[0].1, "lib 0.zip/lib 0.zip");
}

#[test]
fn err_entries_over_each_other() {
    // One compressed piece that every entry points to.
    let zeros = deflate(&vec![0; 1 << 20]);
    let mut zip = Vec::new();
    let entry = Entry::deflated("0.txt", &zeros);
    entry.write_local(&mut zip);
    let list_at = zip.len();
    (0..500).for_each(|_| entry.write_listed(&mut zip, 0));
    super::zip::write_end(&mut zip, list_at, 500);
    let limits = Limits { inflated_bytes: 64 << 20, ..Limits::default() };
    let outcome = outcome(read_with(limits, &zip, zip.len()));
    assert_eq!(outcome.issues.len(), 65, "64 files without goroutines, and the limit");
    assert_eq!(outcome.issues.last(), Some(&(IssueKind::TooLarge, "0.txt".to_owned())));
}

#[test]
fn err_too_many_entries() {
    let limits = Limits { entries: 3, ..Limits::default() };
    let text = dump_of(1..=2);
    let files: Vec<_> = ["a", "b", "c", "d", "e"].iter().map(|name| (*name, text.as_bytes())).collect();
    let entries: Vec<_> = files.iter().map(|(name, bytes)| Entry::stored(name, bytes)).collect();
    for bytes in [tar::archive(&files), archive(&entries)] {
        let outcome = outcome(read_with(limits, &bytes, 1000));
        assert_eq!((outcome.files.len(), outcome.issues), (3, vec![(IssueKind::TooLarge, String::new())]));
    }
}

#[test]
fn err_a_zip_archive_too_large_to_keep() {
    let limits = Limits { spooled_bytes: 20_000, ..Limits::default() };
    let text = dump();
    let small = archive(&[Entry::stored("a.txt", text.as_bytes())]);
    assert_eq!(outcome(read_with(limits, &small, 1000)).files.len(), 1);
    let large = archive(&[Entry::stored("a.txt", text.as_bytes()), Entry::stored("b.txt", text.as_bytes())]);
    let read = read_with(limits, &large, 1000);
    assert_eq!(outcome(read), super::Outcome { files: vec![], issues: vec![(IssueKind::TooLarge, String::new())] });
    // Inside another archive, only that entry is lost.
    let outer = tar::archive(&[("large.zip", &large), ("small.zip", &small)]);
    let outcome = outcome(read_with(limits, &outer, 1000));
    assert_eq!(outcome.issues, [(IssueKind::TooLarge, "large.zip".to_owned())]);
    assert_eq!(outcome.files, [("small.zip/a.txt".to_owned(), 200, vec![])]);
}

#[test]
fn err_a_window_too_large_concerns_one_entry() {
    let limits = Limits { window_bytes: 1 << 20, ..Limits::default() };
    let files: [(&str, &[u8]); 2] = [("a.xz", include_bytes!("../fixtures/dump.xz")), ("b.txt", b"goroutine 1 [select]:\n")];
    let read = read_with(limits, &tar::archive(&files), 1000);
    let [issue] = read.issues.as_slice() else { panic!("{:?}", read.issues) };
    assert_eq!((issue.kind, issue.entry.as_deref()), (IssueKind::TooLarge, Some("a.xz")));
    assert!(issue.message.contains("more than 1 MiB of memory"), "{}", issue.message);
    assert_eq!(read.files.len(), 1);
}
