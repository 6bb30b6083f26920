//! How real dumps relate: of one process, of one service, or of neither.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder};
use stackherd_core::compare::lives::stuck_goids;
use stackherd_core::compare::{Lives, Wanted, compare};
use stackherd_core::{Comparison, Given, Instance, Judgement, Mode, OriginRules, Relation, Snapshot, Tables, group, judge};

use crate::corpus::{Entry, entries};
use crate::dump::read_into;

/// Dumps that are compared.
#[derive(Default)]
pub(crate) struct Dumps {
    pub(crate) tables: Tables,
    pub(crate) dumps: Vec<Dump>,
}

/// One of them.
pub(crate) struct Dump {
    pub(crate) name: String,
    pub(crate) snapshot: Snapshot,
    pub(crate) at_millis: Option<i64>,
}

impl Dumps {
    /// Adds the first dump of a text.
    pub(crate) fn add(&mut self, name: &str, text: &[u8], at_millis: Option<i64>) {
        let read = read_into(&mut self.tables, &[text]).unwrap_or_else(|error| panic!("{name}: {error}"));
        let snapshot = read.into_iter().next().unwrap();
        self.dumps.push(Dump { name: name.to_owned(), snapshot, at_millis });
    }

    /// Compares them.
    pub(crate) fn compare(&self, wanted: Wanted) -> Comparison {
        self.with_instances(|instances| compare(&self.tables, &OriginRules::default(), instances, wanted).unwrap())
    }

    /// What a comparison is made of.
    pub(crate) fn with_instances<T>(&self, work: impl FnOnce(&[Instance<'_>]) -> T) -> T {
        let judged: Vec<Judgement> = self.dumps.iter().map(|dump| judged(&self.tables, &dump.snapshot)).collect();
        let instances = self.dumps.iter().zip(&judged).map(|(dump, judgement)| Instance {
            snapshot: &dump.snapshot,
            judgement,
            at_millis: dump.at_millis,
            name: &dump.name,
            process: &dump.name,
        });
        work(&instances.collect::<Vec<_>>())
    }
}

fn judged(tables: &Tables, snapshot: &Snapshot) -> Judgement {
    let groups = group(tables, snapshot.goroutines());
    judge(tables, snapshot, &groups, &OriginRules::default(), Given::default())
}

/// A file of a scenario: `scenarios/notify/1.27.3/t0.debug2.txt.gz`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a> {
    scenario: &'a str,
    /// With its variant: two of them are two runs.
    version: &'a str,
    instant: &'a str,
    form: &'a str,
}

fn place(entry: &Entry) -> Option<Place<'_>> {
    let mut parts = entry.path.strip_prefix("scenarios/")?.split('/');
    let (scenario, version, file) = (parts.next()?, parts.next()?, parts.next()?);
    let (instant, form) = file.split_once('.')?;
    Some(Place { scenario, version, instant, form: form.trim_end_matches(".gz") })
}

/// The dumps of a form, named for their instants, in the order of time.
fn dumps_of<'a>(entries: &'a [Entry], is_wanted: impl Fn(Place<'_>) -> bool) -> (Dumps, Vec<Place<'a>>) {
    let mut found: Vec<_> = entries.iter().filter_map(|entry| Some((place(entry)?, entry))).collect();
    found.retain(|&(place, _)| is_wanted(place));
    found.sort_unstable_by_key(|&(place, _)| place);
    let mut dumps = Dumps::default();
    for (place, entry) in &found {
        dumps.add(place.instant, &entry.bytes(), None);
    }
    (dumps, found.into_iter().map(|(place, _)| place).collect())
}

/// Whether two scenarios are one program.
fn are_one_program(left: &str, right: &str) -> bool {
    let program = |scenario: &str| if scenario == "big10k" { "notify".to_owned() } else { scenario.to_owned() };
    program(left) == program(right)
}

/// Each run of each scenario against each other: equal runs are one process, other runs of a program one service.
#[test]
fn ok_processes_and_services_are_told_apart() {
    let entries = entries();
    let (dumps, places) = dumps_of(&entries, |place| place.form == "debug2.txt");
    let mut n_of: BTreeMap<&str, u32> = BTreeMap::new();
    let mut problems = Vec::new();
    dumps.with_instances(|instances| {
        for (left, left_place) in places.iter().enumerate() {
            for (right, right_place) in places.iter().enumerate().skip(left + 1) {
                let is_one_run = (left_place.scenario, left_place.version) == (right_place.scenario, right_place.version);
                let is_one_program = are_one_program(left_place.scenario, right_place.scenario);
                if !is_one_program && (left + right) % 5 > 0 {
                    continue;
                }
                let expected = match (is_one_run, is_one_program) {
                    (true, _) => Relation::SameProcess,
                    (_, true) => Relation::SameService,
                    _ => Relation::Unknown,
                };
                *n_of
                    .entry(if is_one_run {
                        "run"
                    } else if is_one_program {
                        "service"
                    } else {
                        "other"
                    })
                    .or_default() += 1;
                // Names do not help.
                let pair = [instances[left], instances[right]].map(|instance| Instance { name: "", process: "", ..instance });
                let found = compare(&dumps.tables, &OriginRules::default(), &pair, Wanted::default()).unwrap();
                if found.related.relation != expected {
                    problems.push(format!("{left_place:?} {right_place:?}: {:?}", found.related));
                }
            }
        }
    });
    assert!(n_of["run"] >= 70 && n_of["service"] > 400 && n_of["other"] > 1000, "{n_of:?}");
    assert!(problems.is_empty(), "{} of {n_of:?}:\n{}", problems.len(), problems.join("\n"));
}

/// A run whose instants come in any order is a series of one process in the order of its ids, or of its names.
#[test]
fn ok_series_are_put_in_order() {
    let entries = entries();
    for (scenario, n) in [("tseries", 6), ("notify", 5)] {
        for (form, relation) in
            [("debug2.txt", Relation::SameProcess), ("debug1.txt", Relation::SameService), ("pb", Relation::SameService)]
        {
            for has_names in [true, false] {
                let (mut dumps, _) =
                    dumps_of(&entries, |place| (place.scenario, place.version, place.form) == (scenario, "1.27.3", form));
                assert_eq!(dumps.dumps.len(), n);
                if !has_names {
                    dumps.dumps.iter_mut().for_each(|dump| dump.name.clear());
                }
                // The first and the last change places.
                dumps.dumps.swap(0, n - 1);
                let found = dumps.compare(Wanted::default());
                assert_eq!(
                    (found.mode, found.related.relation),
                    (Mode::Series, relation),
                    "{scenario} {form}: {:?}",
                    found.related
                );
                if has_names || form == "debug2.txt" {
                    let mut expected: Vec<u32> = (0..n as u32).collect();
                    expected.swap(0, n - 1);
                    assert_eq!((&found.order, &found.restarts), (&expected, &Vec::new()), "{scenario} {form}");
                    assert_eq!((found.baseline, found.target), (n as u32 - 1, 0));
                }
            }
        }
    }
}

/// What the programs counted themselves, goroutine by goroutine.
#[test]
fn ok_lives_of_a_series_are_those_of_the_program() {
    let entries = entries();
    let (dumps, _) =
        dumps_of(&entries, |place| (place.scenario, place.version, place.form) == ("tseries", "1.27.3", "debug2.txt"));
    let found = dumps.compare(Wanted::default());
    let lives = |from: u64, to: u64| {
        found.rows.iter().find(|row| (row.counts[0], row.counts[5]) == (from, to)).map(|row| row.lives.unwrap())
    };
    // Uploads that hang: none of the first five ended.
    assert_eq!(lives(5, 160), Some(Lives { born: 155, ended: 0, stuck: 5 }));
    assert_eq!(lives(48, 8).map(|lives| (lives.born, lives.ended)), Some((0, 40)));
    assert_eq!(lives(32, 32).map(|lives| (lives.born, lives.ended)), Some((0, 0)));
    let row = found.rows.iter().find(|row| row.counts[5] == 160).unwrap();
    let stuck = dumps.with_instances(|instances| stuck_goids(instances, &found, row, 3));
    assert_eq!(stuck.len(), 3);
    let is_in = |goid| dumps.dumps[0].snapshot.goroutines().iter().any(|goroutine| goroutine.goid() == Some(goid));
    assert!(stuck.into_iter().all(is_in));
}

fn fleet(file: &str, members: impl Fn(&[u8]) -> Vec<(String, Vec<u8>)>) -> Dumps {
    let entry = entries().into_iter().find(|entry| entry.path == file).unwrap();
    let mut dumps = Dumps::default();
    for (name, bytes) in members(&entry.raw()) {
        dumps.add(&name, &bytes, None);
    }
    assert_eq!(dumps.dumps.len(), 40);
    dumps
}

/// Forty pods of one service: no two are one process, and nothing was restarted.
#[test]
fn ok_pods_are_a_fleet() {
    for dumps in [fleet("fleet/checkout-40-pods.zip", zip_members), fleet("fleet/checkout-40-pods.tar.gz", tar_members)] {
        let found = dumps.compare(Wanted::default());
        assert_eq!((found.mode, found.related.relation), (Mode::Fleet, Relation::SameService), "{:?}", found.related);
        assert_eq!((found.related.process, found.restarts), ((0..40).collect(), Vec::new()));
        assert_eq!(found.order, (0..40).collect::<Vec<_>>());
    }
}

/// Without names ids and addresses still tell pods apart.
#[test]
fn ok_pods_without_names_are_processes_of_their_own() {
    let mut dumps = fleet("fleet/checkout-40-pods.zip", zip_members);
    dumps.dumps.iter_mut().for_each(|dump| dump.name.clear());
    let found = dumps.compare(Wanted::default());
    assert_eq!(found.related.process, (0..40).collect::<Vec<_>>(), "{:?}", found.related.why);
    assert_eq!(found.mode, Mode::Fleet);
}

/// Two dumps, a restart, two more: a series with one restart, by time or by name.
#[test]
fn ok_a_restart_is_recognised() {
    let entries = entries();
    let find = |path: &str| entries.iter().find(|entry| entry.path.starts_with(path)).unwrap().bytes();
    let files = [
        "scenarios/notify/1.24.11/t0.debug2",
        "scenarios/notify/1.24.11/t1.debug2",
        "scenarios/notify/1.27.3/t0.debug2",
        "scenarios/notify/1.27.3/t1.debug2",
        "scenarios/notify/1.27.3/t2.debug2",
    ];
    for has_times in [true, false] {
        let mut dumps = Dumps::default();
        for (at, path) in files.iter().enumerate() {
            let name = if has_times { "notify".to_owned() } else { format!("notify-{at}") };
            dumps.add(&name, &find(path), has_times.then_some(at as i64 * 600_000));
        }
        let found = dumps.compare(Wanted::default());
        assert_eq!((found.mode, found.related.relation), (Mode::Series, Relation::SameService), "{:?}", found.related);
        assert_eq!((found.order, found.restarts), (vec![0, 1, 2, 3, 4], vec![2]), "{:?}", found.related);
        assert_eq!(found.related.process, [0, 0, 1, 1, 1]);
    }
}

/// The reader knows better.
#[test]
fn ok_the_reader_decides() {
    let entries = entries();
    let (dumps, _) =
        dumps_of(&entries, |place| (place.scenario, place.version, place.form) == ("wgleak", "1.27.3", "debug2.txt"));
    let relation = |relation| dumps.compare(Wanted { relation, ..Wanted::default() });
    assert!(relation(None).rows.iter().all(|row| row.lives.is_some()));
    let apart = relation(Some(Relation::SameService));
    assert!(apart.related.is_given && apart.rows.iter().all(|row| row.lives.is_none()));
    let back = dumps.compare(Wanted { baseline: Some(1), target: Some(0), ..Wanted::default() });
    assert_eq!((back.baseline, back.target, back.is_reversed()), (1, 0, true));
}

/// Files of a zip archive, inflated.
fn zip_members(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut members = Vec::new();
    let mut rest = archive;
    while let Some(header) = rest.strip_prefix(b"PK\x03\x04") {
        let number = |at: usize, len: usize| {
            header[at - 4..at - 4 + len].iter().rev().fold(0, |sum, &byte| sum << 8 | usize::from(byte))
        };
        let (size, name_len) = (number(18, 4), number(26, 2));
        let name = String::from_utf8(header[26..26 + name_len].to_vec()).unwrap();
        let start = 26 + name_len + number(28, 2);
        let mut text = Vec::new();
        DeflateDecoder::new(&header[start..start + size]).read_to_end(&mut text).unwrap();
        members.push((name.trim_end_matches(".txt").to_owned(), text));
        rest = &header[start + size..];
    }
    members
}

/// Files of a tar archive, inflated.
fn tar_members(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let tar = inflated(archive);
    let mut members = Vec::new();
    let mut at = 0;
    while let Some(header) = tar.get(at..at + 512).filter(|header| header[0] != 0) {
        let text = |range: std::ops::Range<usize>| String::from_utf8_lossy(&header[range]).trim_end_matches('\0').to_owned();
        let size = usize::from_str_radix(text(124..135).trim(), 8).unwrap();
        if header[156] == b'0' {
            let content = &tar[at + 512..at + 512 + size];
            let name = text(0..100);
            let file = name.rsplit('/').next().unwrap();
            members.push((file.split('.').next().unwrap().to_owned(), inflated(content)));
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    members
}

fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut out).unwrap();
    out
}
