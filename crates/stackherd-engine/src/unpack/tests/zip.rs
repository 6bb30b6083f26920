//! Zip archives.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use stackherd_core::IssueKind as CoreIssue;
use stackherd_report::IssueKind;

use super::{check, dump, dump_of, gzip, outcome, read, read_with, tar};
use crate::unpack::Limits;

pub(super) fn deflate(bytes: &[u8]) -> Packed {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    Packed { bytes: encoder.finish().unwrap(), n_uncompressed: bytes.len(), crc: crc(bytes) }
}

pub(super) struct Packed {
    bytes: Vec<u8>,
    n_uncompressed: usize,
    crc: u32,
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// An entry as APPNOTE 4.3.7 and 4.3.12 lay it out.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    path: &'a str,
    flags: u16,
    method: u16,
    crc: u32,
    n_uncompressed: usize,
    bytes: &'a [u8],
}

impl<'a> Entry<'a> {
    pub(super) fn stored(path: &'a str, bytes: &'a [u8]) -> Self {
        Self { path, flags: 0, method: 0, crc: crc(bytes), n_uncompressed: bytes.len(), bytes }
    }

    pub(super) fn deflated(path: &'a str, packed: &'a Packed) -> Self {
        let Packed { bytes, n_uncompressed, crc } = packed;
        Self { path, flags: 0, method: 8, crc: *crc, n_uncompressed: *n_uncompressed, bytes }
    }

    fn fields(&self, zip: &mut Vec<u8>) {
        zip.extend([self.flags, self.method, 0, 0].into_iter().flat_map(u16::to_le_bytes));
        let sizes = [self.crc, self.bytes.len() as u32, self.n_uncompressed as u32];
        zip.extend(sizes.into_iter().flat_map(u32::to_le_bytes));
        zip.extend([self.path.len() as u16, 0].into_iter().flat_map(u16::to_le_bytes));
    }

    pub(super) fn write_local(&self, zip: &mut Vec<u8>) {
        zip.extend(b"PK\x03\x04\x14\0");
        self.fields(zip);
        zip.extend(self.path.as_bytes());
        zip.extend(self.bytes);
    }

    pub(super) fn write_listed(&self, zip: &mut Vec<u8>, at: usize) {
        zip.extend(b"PK\x01\x02\x14\0\x14\0");
        self.fields(zip);
        zip.extend([0; 10]);
        zip.extend((at as u32).to_le_bytes());
        zip.extend(self.path.as_bytes());
    }
}

pub(super) fn write_end(zip: &mut Vec<u8>, list_at: usize, n: u16) {
    let n_list = zip.len() - list_at;
    zip.extend(b"PK\x05\x06\0\0\0\0");
    zip.extend([n, n].into_iter().flat_map(u16::to_le_bytes));
    zip.extend([n_list as u32, list_at as u32].into_iter().flat_map(u32::to_le_bytes));
    zip.extend([0; 2]);
}

pub(super) fn archive(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut zip = Vec::new();
    let mut at = Vec::new();
    for entry in entries {
        at.push(zip.len());
        entry.write_local(&mut zip);
    }
    let list_at = zip.len();
    entries.iter().zip(at).for_each(|(entry, at)| entry.write_listed(&mut zip, at));
    write_end(&mut zip, list_at, entries.len() as u16);
    zip
}

#[test]
fn ok_archives_of_real_programs() {
    let info_zip = include_bytes!("../fixtures/info-zip.zip");
    let files = [("pod-b/dump.txt.gz", 2), ("pod-a/goroutines.txt", 200)];
    check(info_zip, &files, &[(IssueKind::Unrecognized, "README.md")]);
    // Python, to a pipe: sizes follow the bytes.
    let streamed = include_bytes!("../fixtures/streamed.zip");
    check(streamed, &[("pod-a/goroutines.txt", 200), ("pod-c/größe.txt", 1)], &[]);
    check(&gzip(streamed), &[("pod-a/goroutines.txt", 200), ("pod-c/größe.txt", 1)], &[]);
}

#[test]
fn ok_entries_of_every_method() {
    let (text, packed) = (dump(), deflate(dump().as_bytes()));
    let by_method = |path, method, bytes| Entry { method, bytes, ..Entry::deflated(path, &packed) };
    let tgz = gzip(&tar::archive(&[("x/dump.txt", text.as_bytes())]));
    let inner = archive(&[Entry::deflated("dump.txt", &packed), Entry::stored("deep.zip", b"PK\x05\x06")]);
    let zip = archive(&[
        Entry::stored("stored.txt", text.as_bytes()),
        Entry::deflated("deflated.txt", &packed),
        by_method("bzip2.txt", 12, include_bytes!("../fixtures/dump.bz2")),
        by_method("zstd.txt", 93, include_bytes!("../fixtures/dump.zst")),
        by_method("xz.txt", 95, include_bytes!("../fixtures/dump.xz")),
        by_method("deflate64.txt", 9, b"?"),
        Entry::stored("pod/dump.xz", include_bytes!("../fixtures/dump.xz")),
        Entry::stored("pod.tgz", &tgz),
        Entry::stored("inner.zip", &inner),
        Entry::stored("folder/", b""),
        Entry::stored("empty.txt", b""),
    ]);
    let files = [
        "stored.txt",
        "deflated.txt",
        "bzip2.txt",
        "zstd.txt",
        "xz.txt",
        "pod/dump.xz",
        "pod.tgz/x/dump.txt",
        "inner.zip/dump.txt",
    ]
    .map(|path| (path, 200));
    let issues = [
        (IssueKind::SkippedArchiveEntry, "deflate64.txt"),
        (IssueKind::SkippedArchiveEntry, "inner.zip/deep.zip"),
        (IssueKind::Unrecognized, "empty.txt"),
    ];
    check(&zip, &files, &issues);
}

#[test]
fn err_encrypted_entries_are_named() {
    let encrypted = include_bytes!("../fixtures/encrypted.zip");
    let issues = [(IssueKind::EncryptedArchive, "README.md"), (IssueKind::EncryptedArchive, "pod-a/goroutines.txt")];
    check(encrypted, &[], &issues);
    let text = dump_of(1..=2);
    let secret = Entry { flags: 1, ..Entry::stored("secret.txt", text.as_bytes()) };
    let zip = archive(&[secret, Entry::stored("open.txt", text.as_bytes())]);
    check(&zip, &[("open.txt", 2)], &[(IssueKind::EncryptedArchive, "secret.txt")]);
}

#[test]
fn err_every_cut_gives_the_entries_before_it() {
    let packed = deflate(dump().as_bytes());
    let zips = [
        archive(&[Entry::deflated("a.txt", &packed), Entry::deflated("b.txt", &packed)]),
        include_bytes!("../fixtures/streamed.zip").to_vec(),
    ];
    for zip in zips {
        let second_at = zip.windows(4).rposition(|bytes| bytes == b"PK\x03\x04").unwrap();
        for end in (4..zip.len()).step_by(5) {
            let outcome = outcome(read_with(Limits::default(), &zip[..end], zip.len()));
            let issues: Vec<_> = outcome.issues.iter().map(|(kind, _)| *kind).collect();
            assert!(issues.contains(&IssueKind::InvalidCompression), "cut at {end}: {outcome:?}");
            let whole = outcome.files.iter().filter(|(_, _, issues)| issues.is_empty()).count();
            assert!(end < second_at || whole >= 1, "cut at {end}: {outcome:?}");
            for (_, _, issues) in &outcome.files[whole..] {
                assert!(issues.iter().any(|kind| matches!(kind, CoreIssue::InvalidCompression { .. })), "cut at {end}");
            }
        }
        assert_eq!(read(&zip).files.len(), 2);
    }
}

#[test]
fn err_a_wrong_checksum_is_told() {
    let text = dump_of(1..=3);
    let packed = deflate(text.as_bytes());
    let zip = archive(&[
        Entry { crc: 7, ..Entry::stored("a.txt", text.as_bytes()) },
        Entry { crc: 7, ..Entry::deflated("b.txt", &packed) },
        Entry::deflated("c.txt", &packed),
    ]);
    let outcome = read(&zip);
    let damaged: Vec<_> = outcome.files.iter().map(|(_, n, issues)| (*n, issues.len())).collect();
    assert_eq!(damaged, [(3, 1), (3, 1), (3, 0)]);
}

#[test]
fn err_entries_that_are_not_where_the_list_says() {
    let text = dump_of(1..=3);
    let entry = Entry::stored("a.txt", text.as_bytes());
    let mut zip = Vec::new();
    entry.write_local(&mut zip);
    let list_at = zip.len();
    entry.write_listed(&mut zip, 0);
    entry.write_listed(&mut zip, 9);
    entry.write_listed(&mut zip, 900_000);
    write_end(&mut zip, list_at, 3);
    let bad = (IssueKind::InvalidCompression, "a.txt");
    check(&zip, &[("a.txt", 3)], &[bad, bad]);
}

#[test]
fn err_bytes_that_only_start_like_an_archive() {
    check(b"PK\x03\x04\x14\0\0\0", &[], &[(IssueKind::InvalidCompression, "")]);
    check(b"PK\x03\x04 is how zip archives start\n", &[], &[(IssueKind::InvalidCompression, "")]);
    let empty = archive(&[]);
    check(&empty, &[], &[]);
}

#[test]
fn ok_an_archive_after_other_bytes_is_found_by_its_list() {
    // As in an archive that was split or prepended to, but still starts like one.
    let text = dump_of(1..=3);
    let inner = archive(&[Entry::stored("a.txt", text.as_bytes())]);
    let zip = [b"PK\x07\x08".as_slice(), &inner].concat();
    check(&zip, &[("a.txt", 3)], &[]);
}
