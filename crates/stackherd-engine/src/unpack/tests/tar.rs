//! Tar archives.

use ::tar::{Builder, EntryType, Header};
use stackherd_core::IssueKind as CoreIssue;
use stackherd_report::IssueKind;

use super::{check, dump, dump_of, gzip, outcome, read, read_with};
use crate::unpack::Limits;

/// 2026-11-21T01:39:25Z
const MODIFIED_SECS: u64 = 1_795_225_165;

pub(super) fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mtime(MODIFIED_SECS);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn other(builder: &mut Builder<Vec<u8>>, kind: EntryType, path: &str, bytes: &[u8]) {
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_path(path).unwrap();
    header.set_size(bytes.len() as u64);
    header.set_cksum();
    builder.append(&header, bytes).unwrap();
}

#[test]
fn ok_entries_of_every_kind() {
    let small = dump_of(1..=3);
    let long = format!("{}/goroutines.txt", "a-long-folder-name".repeat(12));
    let tar = archive(&[
        ("pod-a/goroutines.txt", dump().as_bytes()),
        (&long, small.as_bytes()),
        ("pod-b/dump.gz", &gzip(small.as_bytes())),
        ("pod-c/dump.zst", include_bytes!("../fixtures/dump.zst")),
        ("pod-c/dump.xz", include_bytes!("../fixtures/dump.xz")),
        ("pod-c/dump.bz2", include_bytes!("../fixtures/dump.bz2")),
        ("README.md", b"# Notes\n"),
        ("empty.txt", b""),
        ("heap.txt", b"heap profile: 1: 2048 [1: 2049] @ heap/1048576\n"),
        ("__MACOSX/._README.md", b"\0\x05\x16\x07"),
        (".DS_Store", b"\0\0\0\x01Bud1"),
        ("last.txt", small.as_bytes()),
    ]);
    let files = [
        ("pod-a/goroutines.txt", 200),
        (long.as_str(), 3),
        ("pod-b/dump.gz", 3),
        ("pod-c/dump.zst", 200),
        ("pod-c/dump.xz", 200),
        ("pod-c/dump.bz2", 200),
        ("last.txt", 3),
    ];
    let issues = [
        (IssueKind::Unrecognized, "README.md"),
        (IssueKind::Unrecognized, "empty.txt"),
        (IssueKind::UnsupportedProfile, "heap.txt"),
    ];
    check(&tar, &files, &issues);
    check(&gzip(&tar), &files, &issues);
}

#[test]
fn ok_what_is_no_file_is_passed_over() {
    let mut builder = Builder::new(Vec::new());
    other(&mut builder, EntryType::XGlobalHeader, "pax_global_header", b"30 comment=0123456789abcdef\n");
    other(&mut builder, EntryType::Directory, "pod-a/", b"");
    other(&mut builder, EntryType::Regular, "old-folder/", b"");
    other(&mut builder, EntryType::Symlink, "link", b"");
    other(&mut builder, EntryType::Link, "hard", b"");
    other(&mut builder, EntryType::Fifo, "pipe", b"");
    other(&mut builder, EntryType::GNUSparse, "sparse.txt", b"goroutine 1 [select]:\n");
    other(&mut builder, EntryType::Regular, "a.txt", dump_of(1..=2).as_bytes());
    let tar = builder.into_inner().unwrap();
    check(&tar, &[("a.txt", 2)], &[(IssueKind::SkippedArchiveEntry, "sparse.txt")]);
}

#[test]
fn ok_pax_names_sizes_and_times() {
    let text = dump_of(1..=5);
    let mut builder = Builder::new(Vec::new());
    let size = text.len().to_string();
    builder
        .append_pax_extensions([("path", "größe/dump.txt".as_bytes()), ("size", size.as_bytes()), ("mtime", b"1700000000.25")])
        .unwrap();
    other(&mut builder, EntryType::Regular, "short", text.as_bytes());
    other(&mut builder, EntryType::Regular, "untimed", text.as_bytes());
    let tar = builder.into_inner().unwrap();
    let read = read_with(Limits::default(), &tar, 100);
    let files: Vec<_> = read.files.iter().map(|file| (file.entry.as_deref().unwrap(), file.modified_secs)).collect();
    assert_eq!(files, [("größe/dump.txt", Some(1_700_000_000)), ("untimed", Some(0))]);
}

#[test]
fn ok_archives_of_other_makers() {
    let text = dump_of(1..=5);
    let names: [(&str, Header); 2] = [("v7.txt", Header::new_old()), ("ustar.txt", Header::new_ustar())];
    let mut builder = Builder::new(Vec::new());
    for (name, mut header) in names {
        header.set_path(name).unwrap();
        header.set_size(text.len() as u64);
        header.set_cksum();
        builder.append(&header, text.as_bytes()).unwrap();
    }
    let tar = builder.into_inner().unwrap();
    let files = [("v7.txt", 5), ("ustar.txt", 5)];
    check(&tar, &files, &[]);
    // Without the zeros at its end, and one appended to another.
    check(&tar[..tar.len() - 1024], &files, &[]);
    check(&tar.repeat(2), &files.repeat(2), &[]);
}

#[test]
fn ok_nested_once() {
    let inner = archive(&[("dump.txt", dump().as_bytes()), ("deep.tar", &archive(&[("x.txt", dump().as_bytes())]))]);
    let tar = archive(&[("plain.tar", &inner), ("packed.tgz", &gzip(&inner))]);
    check(
        &tar,
        &[("plain.tar/dump.txt", 200), ("packed.tgz/dump.txt", 200)],
        &[(IssueKind::SkippedArchiveEntry, "plain.tar/deep.tar"), (IssueKind::SkippedArchiveEntry, "packed.tgz/deep.tar")],
    );
}

#[test]
fn err_a_bad_entry_does_not_end_the_archive() {
    let mut packed = gzip(dump().as_bytes());
    packed.truncate(packed.len() / 2);
    let tar = archive(&[("bad.gz", b"\x1f\x8b\x08\0junk"), ("cut.gz", &packed), ("good.txt", dump().as_bytes())]);
    let outcome = read(&tar);
    assert_eq!(outcome.issues, [(IssueKind::InvalidCompression, "bad.gz".to_owned())]);
    let [(cut, n, issues), good] = outcome.files.as_slice() else { panic!("{outcome:?}") };
    assert!(cut == "cut.gz" && *n > 0 && matches!(issues.last(), Some(CoreIssue::InvalidCompression { .. })), "{outcome:?}");
    assert_eq!(*good, ("good.txt".to_owned(), 200, vec![]));
}

#[test]
fn err_a_cut_archive_gives_what_was_there() {
    let tar = archive(&[("a.txt", dump().as_bytes()), ("b.txt", dump_of(1..=900).as_bytes())]);
    let packed = gzip(&tar);
    for bytes in [&tar[..tar.len() / 2], &packed[..packed.len() - 300]] {
        let outcome = read(bytes);
        assert_eq!(outcome.issues, [(IssueKind::InvalidCompression, String::new())]);
        assert_eq!(outcome.files[0], ("a.txt".to_owned(), 200, vec![]));
        let (entry, n, issues) = &outcome.files[1];
        assert!(entry == "b.txt" && (1..900).contains(n), "{n}");
        assert!(issues.iter().any(|kind| matches!(kind, CoreIssue::InvalidCompression { .. })), "{issues:?}");
    }
}

#[test]
fn err_a_damaged_header_ends_the_archive() {
    let mut tar = archive(&[("a.txt", dump_of(1..=2).as_bytes()), ("b.txt", dump().as_bytes())]);
    tar[1024 + 3] ^= 1;
    check(&tar, &[("a.txt", 2)], &[(IssueKind::InvalidCompression, "")]);
}

#[test]
fn err_sizes_that_lie() {
    let mut header = Header::new_gnu();
    header.set_path("a.txt").unwrap();
    header.set_size(u64::MAX);
    header.set_cksum();
    let tar = [header.as_bytes().as_slice(), dump().as_bytes()].concat();
    let outcome = outcome(read_with(Limits::default(), &tar, 1000));
    assert_eq!((outcome.files[0].1, outcome.issues.len()), (200, 1));
}
