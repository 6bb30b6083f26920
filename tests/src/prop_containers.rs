//! What a dump is packed in changes nothing of it, however the bytes come.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use stackherd_engine::Session;
use stackherd_report::{Group, Report};

use crate::corpus::{Entry, entries};
use crate::prop_bytes::chunks;

fn packed() -> Vec<Entry> {
    entries().into_iter().filter(|entry| entry.format == "packed").collect()
}

fn report(chunks: &[&[u8]]) -> Report {
    let mut session = Session::default();
    session.open(0, "dump", None);
    for chunk in chunks {
        session.push(0, chunk);
    }
    let _ = session.finish(0, false);
    session.report()
}

fn groups(report: &Report) -> Vec<Group> {
    report.groups.clone()
}

fn plain() -> Vec<u8> {
    crate::corpus::bytes_of("scenarios/sendleak/1.27.3/early.debug2.txt")
}

#[test]
fn ok_every_compression_gives_the_groups_of_the_text() {
    let whole = report(&[&plain()]);
    assert_eq!(whole.totals.goroutines, 267);
    let mut n_checked = 0;
    for entry in packed().iter().filter(|entry| entry.path.contains("sendleak")) {
        let report = report(&[&entry.raw()]);
        assert_eq!(groups(&report), groups(&whole), "{}", entry.path);
        assert_eq!(report.dumps[0].bytes, whole.dumps[0].bytes, "{}", entry.path);
        n_checked += 1;
    }
    assert_eq!(n_checked, 4);
}

/// The file that is no dump is said to be none; the others are there under their paths.
#[test]
fn ok_every_archive_gives_the_groups_of_its_files() {
    let mut all = Vec::new();
    for entry in packed().iter().filter(|entry| entry.path.contains("pods")) {
        let report = report(&[&entry.raw()]);
        // Entries come in the archive's own order.
        let mut names: Vec<_> = report.dumps.iter().map(|dump| (dump.name.as_str(), dump.goroutines)).collect();
        names.sort_unstable();
        let ends = ["a/goroutines.txt", "b/goroutine.pb.gz", "b/goroutines.txt"];
        assert!(
            names.len() == 3 && names.iter().zip(ends).all(|((name, _), end)| name.ends_with(end)),
            "{}: {names:?}",
            entry.path
        );
        assert_eq!(names.iter().map(|(_, n)| n).collect::<Vec<_>>(), [&506, &267, &267], "{}", entry.path);
        let refused: Vec<_> = report.inputs[0].issues.iter().filter_map(|issue| issue.entry.as_deref()).collect();
        assert!(refused.len() == 1 && refused[0].ends_with("README.txt"), "{}: {refused:?}", entry.path);
        let counts: BTreeMap<_, _> = report.groups.iter().map(|group| (group.key.clone(), group.goroutines)).collect();
        all.push((entry.path.clone(), counts));
    }
    assert_eq!(all.len(), 5);
    for (path, counts) in &all {
        assert_eq!(counts, &all[0].1, "{path}");
    }
}

#[test]
fn ok_containers_in_chunks() {
    let archives = entries().into_iter().filter(|entry| entry.format == "fleet");
    for entry in packed().into_iter().chain(archives) {
        let bytes = entry.raw();
        let whole = report(&[&bytes]);
        // Small ones put a seam at every place of the first headers.
        for size in [1, 509, 4096] {
            if size == 1 && bytes.len() > 10_000 {
                continue;
            }
            assert!(report(&bytes.chunks(size).collect::<Vec<_>>()) == whole, "{} in chunks of {size} bytes", entry.path);
        }
    }
}

/// Whatever is missing, nothing is made up, and it is said.
#[test]
fn ok_containers_cut_anywhere() {
    for entry in packed() {
        let bytes = entry.raw();
        let n = report(&[&bytes]).totals.goroutines;
        for len in (0..bytes.len()).step_by(bytes.len() / 12 + 1) {
            let report = report(&[&bytes[..len]]);
            assert!(report.totals.goroutines <= n, "{} cut at {len}", entry.path);
            let n_issues: usize = report.dumps.iter().map(|dump| dump.issues.len()).sum();
            let says_so = n_issues > 0 || !report.inputs[0].issues.is_empty();
            assert!(says_so || report.totals.goroutines == n, "{} cut at {len} says nothing", entry.path);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prop_any_chunking_of_containers(pick in any::<prop::sample::Index>(), cuts in vec(any::<prop::sample::Index>(), 0..6)) {
        let packed: Vec<_> = packed().into_iter().filter(|entry| entry.path.contains("sendleak") || entry.path.ends_with("zip")).collect();
        let entry = pick.get(&packed);
        let bytes = entry.raw();
        prop_assert!(report(&chunks(&bytes, &cuts)) == report(&[&bytes]), "{}", entry.path);
    }
}
