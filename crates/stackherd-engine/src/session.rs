//! Dumps that are read, kept and asked about.

use std::collections::BTreeMap;
use std::mem;

use stackherd_core::{self as model, GroupConfig, Groups, Keys, OriginRules, Snapshot, Tables, group};
use stackherd_report::protocol::{
    DumpSummary, Failure, GoroutineRow, GroupDetail, GroupPage, GroupQuery, Opened, Request, Response,
};
use stackherd_report::{Dump, Input, IssueKind, Report};

use crate::convert::{self, FrameReader};
use crate::query::{self, Listing};
use crate::reading::{Read, Reading};
use crate::rows::Grouped;
use crate::unpack::ReadFile;
use crate::{detail, names, report};

/// Holds dumps and answers requests.
///
/// Inputs are known by numbers that the caller chooses and never uses twice. An input may hold several dumps; the session
/// numbers those from 0 on, and never uses a number twice either.
#[derive(Debug, Default)]
pub struct Session {
    tables: Tables,
    rules: OriginRules,
    reading: BTreeMap<u32, Opening>,
    /// In the order in which they were opened.
    inputs: BTreeMap<u32, Input>,
    dumps: BTreeMap<u32, Loaded>,
    next_dump: u32,
}

/// An input that is being read.
#[derive(Debug)]
struct Opening {
    name: String,
    captured_at: Option<String>,
    reading: Reading,
}

/// A dump that was read to its end.
#[derive(Debug)]
struct Loaded {
    name: String,
    captured_at: Option<String>,
    /// The reader ended it before its bytes did.
    is_stopped: bool,
    snapshot: Snapshot,
    groups: Groups,
    /// Keys of the groups.
    keys: Vec<u64>,
    /// The listing asked for last: scrolling asks for it again and again.
    listing: Option<(GroupQuery, Listing)>,
}

impl Session {
    /// Starts an input.
    pub fn open(&mut self, input: u32, name: impl Into<String>, captured_at: Option<String>) {
        self.reading.insert(input, Opening { name: name.into(), captured_at, reading: Reading::default() });
    }

    /// Takes the next bytes of an input, in any cut, packed or not. Returns bytes taken in and goroutines found so far.
    pub fn push(&mut self, input: u32, chunk: &[u8]) -> (u64, u64) {
        let Some(opening) = self.reading.get_mut(&input) else { return (0, 0) };
        opening.reading.push(&mut self.tables, chunk);
        (opening.reading.n_bytes(), opening.reading.n_goroutines())
    }

    /// Ends an input. `stopped` says that the reader ended it before its bytes did.
    ///
    /// # Errors
    /// When nothing of it can be read; the report then lists it without dumps.
    pub fn finish(&mut self, input: u32, stopped: bool) -> Result<Opened, Failure> {
        let Some(Opening { name, captured_at, reading }) = self.reading.remove(&input) else {
            return Err(unknown_input(input));
        };
        let n_bytes = reading.n_bytes();
        let Read { files, issues } = reading.finish(&mut self.tables, stopped);
        let mut dumps = Vec::new();
        for ReadFile { entry, modified_secs, dumps: snapshots } in files {
            let names = names::of(&name, entry.as_deref(), &snapshots);
            for (snapshot, name) in snapshots.into_iter().zip(names) {
                let written = names::time(snapshot.captured_at_nanos()).or_else(|| names::time_of_secs(modified_secs?));
                // What the caller knows is of the archive as a whole.
                let captured_at =
                    if entry.is_some() { written.or_else(|| captured_at.clone()) } else { captured_at.clone().or(written) };
                dumps.push(self.keep(name, captured_at, snapshot));
            }
        }
        let failure = dumps.is_empty().then(|| convert::failure(&issues));
        let ids = dumps.iter().map(|summary| summary.dump.id).collect();
        self.inputs.insert(input, Input { name, bytes: n_bytes, dumps: ids, issues: issues.clone() });
        match failure {
            Some(failure) => Err(failure),
            None => Ok(Opened { dumps, issues }),
        }
    }

    fn keep(&mut self, name: String, captured_at: Option<String>, snapshot: Snapshot) -> DumpSummary {
        let groups = group(&self.tables, snapshot.goroutines(), &GroupConfig::default());
        let keys = keys(&self.tables, &groups);
        let is_stopped = snapshot.issues().iter().any(|issue| matches!(issue.kind, model::IssueKind::Stopped { .. }));
        let loaded = Loaded { name, captured_at, is_stopped, snapshot, groups, keys, listing: None };
        let dump = self.next_dump;
        self.next_dump += 1;
        let summary = self.summarize(dump, &loaded);
        self.dumps.insert(dump, loaded);
        summary
    }

    /// Reads a whole input at once.
    ///
    /// # Errors
    /// As [`Session::finish`].
    pub fn add(&mut self, input: u32, name: impl Into<String>, bytes: &[u8]) -> Result<Opened, Failure> {
        self.open(input, name, None);
        self.push(input, bytes);
        self.finish(input, false)
    }

    /// Forgets an input that is being read.
    pub fn cancel(&mut self, input: u32) {
        self.reading.remove(&input);
    }

    /// Forgets a dump.
    pub fn remove(&mut self, dump: u32) {
        self.dumps.remove(&dump);
        for input in self.inputs.values_mut() {
            input.dumps.retain(|&id| id != dump);
        }
    }

    /// Sets which packages are the reader's own, by prefix. Empty means to infer it.
    pub fn set_app_prefixes(&mut self, prefixes: Vec<String>) {
        self.rules.app_prefixes = prefixes;
    }

    /// The report over all dumps, in the order of their numbers.
    #[must_use]
    pub fn report(&self) -> Report {
        let position: BTreeMap<u32, u32> = self.dumps.keys().copied().zip(0..).collect();
        let inputs = self.inputs.values().map(|input| Input {
            dumps: input.dumps.iter().filter_map(|dump| position.get(dump).copied()).collect(),
            ..input.clone()
        });
        let dumps = self.dumps.values().zip(0..).map(|(loaded, id)| loaded.dump(id, &self.tables)).collect();
        let grouped: Vec<_> = self.dumps.values().map(|loaded| self.grouped(loaded)).collect();
        report::report(inputs.collect(), dumps, &grouped)
    }

    /// What was read of a dump.
    #[must_use]
    pub fn summary(&self, dump: u32) -> Option<DumpSummary> {
        Some(self.summarize(dump, self.dumps.get(&dump)?))
    }

    fn summarize(&self, dump: u32, loaded: &Loaded) -> DumpSummary {
        let grouped = self.grouped(loaded);
        DumpSummary {
            dump: loaded.dump(dump, &self.tables),
            groups: loaded.groups.len() as u64,
            by_category: grouped.by_category(),
            max_wait_minutes: loaded.groups.iter().filter_map(|group| Some(group.wait_minutes?.max)).max(),
            largest: loaded.groups.get(0).map(|group| grouped.row(0, group)),
            stopped: loaded.is_stopped,
            memory_bytes: 0,
            parse_millis: 0.0,
        }
    }

    /// Rows of the groups table.
    #[must_use]
    pub fn groups(&mut self, dump: u32, query: &GroupQuery, offset: u32, limit: u32) -> Option<GroupPage> {
        let loaded = self.dumps.get_mut(&dump)?;
        let known = mem::take(&mut loaded.listing).filter(|(known, _)| known == query);
        let loaded = self.dumps.get(&dump)?;
        let grouped = self.grouped(loaded);
        let listing = known.map_or_else(|| query::list(grouped, query), |(_, listing)| listing);
        let page = listing.page(grouped, offset, limit);
        self.dumps.get_mut(&dump)?.listing = Some((query.clone(), listing));
        Some(page)
    }

    /// One group in full.
    #[must_use]
    pub fn group(&self, dump: u32, key: &str) -> Option<GroupDetail> {
        let (grouped, index) = self.find_group(dump, key)?;
        Some(detail::detail(grouped, index, grouped.groups.get(index)?))
    }

    /// Goroutines `offset..offset + limit` of a group, in the order of the dump.
    #[must_use]
    pub fn goroutines(&self, dump: u32, key: &str, offset: u32, limit: u32) -> Vec<GoroutineRow> {
        let Some((grouped, index)) = self.find_group(dump, key) else { return Vec::new() };
        let Some(group) = grouped.groups.get(index) else { return Vec::new() };
        let wanted = grouped.members(group).skip(offset as usize).take(limit as usize);
        wanted.map(|goroutine| detail::goroutine_row(grouped, goroutine)).collect()
    }

    /// Answers a request of the page; `chunk` holds the bytes of a [`Request::Chunk`].
    pub fn handle(&mut self, request: Request, chunk: &[u8]) -> Option<Response> {
        match request {
            Request::Open { input, name, captured_at } => {
                self.open(input, name, captured_at);
                None
            }
            Request::Chunk { input } => {
                let (bytes, goroutines) = self.push(input, chunk);
                Some(Response::Progress { input, bytes, goroutines })
            }
            Request::Finish { input, stopped } => Some(match self.finish(input, stopped) {
                Ok(opened) => Response::Opened { input, opened },
                Err(failure) => Response::Failed { input, failure },
            }),
            Request::Cancel { input } => {
                self.cancel(input);
                None
            }
            Request::Remove { dump } => {
                self.remove(dump);
                None
            }
            Request::Groups { ask, dump, query, offset, limit } => {
                let page = self.groups(dump, &query, offset, limit)?;
                Some(Response::Groups { ask, dump, page })
            }
            Request::Group { ask, dump, key } => {
                Some(Response::Group { ask, dump, detail: self.group(dump, &key).map(Box::new) })
            }
            Request::Goroutines { ask, dump, key, offset, limit } => {
                let rows = self.goroutines(dump, &key, offset, limit);
                Some(Response::Goroutines { ask, dump, key, offset, rows })
            }
            Request::AppPrefixes { prefixes } => {
                self.set_app_prefixes(prefixes);
                None
            }
        }
    }

    fn grouped<'a>(&'a self, loaded: &'a Loaded) -> Grouped<'a> {
        let frames = FrameReader { tables: &self.tables, rules: &self.rules };
        Grouped { goroutines: loaded.snapshot.goroutines(), groups: &loaded.groups, keys: &loaded.keys, frames }
    }

    fn find_group(&self, dump: u32, key: &str) -> Option<(Grouped<'_>, usize)> {
        let grouped = self.grouped(self.dumps.get(&dump)?);
        let key = u64::from_str_radix(key, 16).ok()?;
        let index = grouped.keys.iter().position(|&known| known == key)?;
        Some((grouped, index))
    }
}

impl Loaded {
    fn dump(&self, id: u32, tables: &Tables) -> Dump {
        let snapshot = &self.snapshot;
        let go_version = snapshot.go_version().to_string();
        Dump {
            id,
            name: self.name.clone(),
            source: (!snapshot.source().is_empty()).then(|| snapshot.source().to_owned()),
            format: convert::format(snapshot.format()),
            kind: convert::dump_kind(snapshot.scope()),
            bytes: snapshot.n_bytes(),
            goroutines: snapshot.n_goroutines(),
            declared_goroutines: snapshot.declared_goroutines(),
            distinct_stacks: snapshot.n_distinct_stacks(tables) as u64,
            go_version: (!go_version.is_empty()).then_some(go_version),
            crash: snapshot.crash().map(convert::crash),
            issues: snapshot.issues().iter().map(convert::issue).collect(),
            notes: snapshot.notes().iter().map(convert::note).collect(),
            series: snapshot.series().iter().map(convert::series).collect(),
            line: snapshot.line_number(),
            captured_at: self.captured_at.clone(),
        }
    }
}

fn keys(tables: &Tables, groups: &Groups) -> Vec<u64> {
    let keys = Keys::new(tables);
    groups.iter().map(|group| keys.key(group.signature)).collect()
}

fn unknown_input(input: u32) -> Failure {
    Failure { kind: IssueKind::Unrecognized, looks_like: None, message: format!("no input {input} is being read") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stackherd_report::{IssueKind as Kind, Origin};

    const DUMP: &str = "goroutine 1 [select]:\nmain.main()\n\t/src/main.go:7 +0x3\n\n\
                        goroutine 7 [chan send, 3 minutes]:\nshop.example/w.run(0x1)\n\t/w.go:9 +0x1\ncreated by main.main in goroutine 1\n\t/src/main.go:5 +0x2\n\n\
                        goroutine 8 [chan send, 9 minutes]:\nshop.example/w.run(0x2)\n\t/w.go:9 +0x1\ncreated by main.main in goroutine 1\n\t/src/main.go:5 +0x2\n";

    fn session() -> Session {
        let mut session = Session::default();
        session.add(4, "a.txt", DUMP.as_bytes()).unwrap();
        session
    }

    fn all(session: &mut Session, dump: u32) -> Option<GroupPage> {
        session.groups(dump, &GroupQuery::default(), 0, 100)
    }

    #[test]
    fn ok_progress_counts_goroutines() {
        let mut session = Session::default();
        session.open(1, "a.txt", Some("2026-11-21T10:00:00Z".to_owned()));
        let (head, tail) = DUMP.split_at(DUMP.find("goroutine 8").unwrap() + 12);
        assert_eq!(session.push(1, head.as_bytes()), (head.len() as u64, 1));
        assert!(session.summary(0).is_none());
        assert_eq!(session.push(1, tail.as_bytes()).0, DUMP.len() as u64);
        let summary = session.finish(1, false).unwrap().dumps.remove(0);
        assert_eq!((summary.dump.id, summary.dump.goroutines, summary.groups, summary.max_wait_minutes), (0, 3, 2, Some(9)));
        assert_eq!(summary.dump.captured_at.as_deref(), Some("2026-11-21T10:00:00Z"));
        assert_eq!(summary.largest.unwrap().goroutines, 2);
    }

    #[test]
    fn ok_an_input_ends_once() {
        let mut session = session();
        assert_eq!(session.push(4, b"goroutine 9 [select]:\n"), (0, 0));
        assert_eq!(session.finish(4, true).unwrap_err().message, "no input 4 is being read");
        session.open(5, "b.txt", None);
        session.cancel(5);
        assert_eq!(session.push(5, DUMP.as_bytes()), (0, 0));
        assert_eq!(session.report().inputs.len(), 1);
    }

    #[test]
    fn ok_a_stopped_dump_says_so() {
        let mut session = Session::default();
        session.open(1, "a.txt", None);
        session.push(1, DUMP.as_bytes());
        let issues = session.finish(1, true).unwrap().dumps.remove(0).dump.issues;
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0].kind, Kind::Truncated);
        assert!(issues[0].message.starts_with("Reading was stopped after"), "{}", issues[0].message);
    }

    #[test]
    fn err_an_input_without_goroutines_has_no_dumps() {
        let mut session = Session::default();
        let failure = session.add(1, "a.png", b"\x89PNG\r\n\x1a\n").unwrap_err();
        assert_eq!(failure.kind, Kind::Unrecognized);
        assert!(all(&mut session, 0).is_none());
        let report = session.report();
        assert!(report.dumps.is_empty());
        assert_eq!((report.inputs[0].name.as_str(), report.inputs[0].issues.len()), ("a.png", 1));
    }

    #[test]
    fn ok_several_dumps_of_one_input() {
        let mut session = Session::default();
        let opened = session.add(9, "app.log", format!("{DUMP}\nlog line\n{DUMP}").as_bytes()).unwrap();
        let names: Vec<_> = opened.dumps.iter().map(|summary| (summary.dump.id, summary.dump.name.as_str())).collect();
        assert_eq!(names, [(0, "app.log"), (1, "app.log #2")]);
        assert_eq!(session.report().inputs[0].dumps, [0, 1]);
        assert_eq!(session.report().groups[0].per_dump, [2, 2]);
    }

    #[test]
    fn ok_removed_dumps_leave_the_others() {
        let mut session = session();
        session.add(2, "b.txt", DUMP.as_bytes()).unwrap();
        assert_eq!(session.report().groups[0].per_dump, [2, 2]);
        session.remove(0);
        session.remove(77);
        let report = session.report();
        assert_eq!(report.dumps.iter().map(|dump| (dump.id, dump.name.as_str())).collect::<Vec<_>>(), [(0, "b.txt")]);
        assert_eq!(report.groups[0].per_dump, [2]);
    }

    #[test]
    fn ok_reports_join_dumps_in_the_order_of_their_numbers() {
        let mut session = session();
        session.add(2, "b.txt", DUMP.replace("[select]", "[running]").as_bytes()).unwrap();
        let report = session.report();
        assert_eq!(report.dumps.iter().map(|dump| dump.name.as_str()).collect::<Vec<_>>(), ["a.txt", "b.txt"]);
        let counts: Vec<_> = report.groups.iter().map(|group| (group.rank, group.goroutines, group.per_dump.clone())).collect();
        assert_eq!(counts, [(1, 4, vec![2, 2]), (2, 1, vec![1, 0]), (3, 1, vec![0, 1])]);
        assert_eq!(report.totals.goroutines, 6);
        let waits = report.groups[0].wait_minutes.as_ref().unwrap();
        assert_eq!((waits.known, waits.min, waits.max), (4, 3, 9));
    }

    #[test]
    fn ok_keys_find_groups_again() {
        let mut session = session();
        for row in all(&mut session, 0).unwrap().rows {
            let detail = session.group(0, &row.key).unwrap();
            assert_eq!(detail.row, row);
            assert_eq!(session.goroutines(0, &row.key, 0, 100).len() as u64, row.goroutines);
        }
        assert!(session.group(0, "0000000000000000").is_none());
        assert!(session.goroutines(0, "0000000000000000", 0, 100).is_empty());
    }

    #[test]
    fn ok_goroutines_come_in_pages() {
        let mut session = session();
        let key = all(&mut session, 0).unwrap().rows[0].key.clone();
        let goids = |offset, limit| {
            let rows = session.goroutines(0, &key, offset, limit);
            rows.iter().map(|row| row.goid.unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(goids(0, 1), [7]);
        assert_eq!(goids(1, 5), [8]);
        assert!(goids(2, 5).is_empty());
        let row = session.goroutines(0, &key, 1, 1).remove(0);
        assert_eq!((row.wait_minutes, row.parent, row.state.as_str()), (Some(9), Some(1), "chan send"));
        assert!(DUMP[row.offset_bytes as usize..].starts_with("goroutine 8 "));
    }

    #[test]
    fn ok_prefixes_tell_whose_code_it_is() {
        let mut session = session();
        let top = |session: &mut Session| all(session, 0).unwrap().rows[0].top.clone().unwrap();
        assert_eq!(top(&mut session).origin, Origin::App);
        session.set_app_prefixes(vec!["other.example".to_owned()]);
        assert_eq!(top(&mut session).origin, Origin::Dependency);
        session.set_app_prefixes(Vec::new());
        assert_eq!(top(&mut session).origin, Origin::App);
    }

    #[test]
    fn ok_requests_get_their_answers() {
        let mut session = Session::default();
        let open = Request::Open { input: 1, name: "a.txt".to_owned(), captured_at: None };
        assert_eq!(session.handle(open, b""), None);
        let progress = session.handle(Request::Chunk { input: 1 }, DUMP.as_bytes());
        assert_eq!(progress, Some(Response::Progress { input: 1, bytes: DUMP.len() as u64, goroutines: 2 }));
        let opened = session.handle(Request::Finish { input: 1, stopped: false }, b"");
        assert!(matches!(&opened, Some(Response::Opened { input: 1, opened }) if opened.dumps.len() == 1), "{opened:?}");
        let query = GroupQuery::default();
        let groups = session.handle(Request::Groups { ask: 5, dump: 0, query, offset: 1, limit: 1 }, b"");
        let Some(Response::Groups { ask: 5, dump: 0, page }) = groups else { panic!("{groups:?}") };
        assert_eq!((page.offset, page.rows.len(), page.matched_groups), (1, 1, 2));
        let key = page.rows[0].key.clone();
        let group = session.handle(Request::Group { ask: 6, dump: 0, key: key.clone() }, b"");
        assert!(matches!(group, Some(Response::Group { ask: 6, detail: Some(_), .. })), "{group:?}");
        let rows = session.handle(Request::Goroutines { ask: 7, dump: 0, key, offset: 0, limit: 9 }, b"");
        assert!(matches!(&rows, Some(Response::Goroutines { ask: 7, rows, .. }) if rows.len() == 1), "{rows:?}");
        assert_eq!(session.handle(Request::AppPrefixes { prefixes: Vec::new() }, b""), None);
        assert_eq!(session.handle(Request::Cancel { input: 3 }, b""), None);
        assert_eq!(session.handle(Request::Remove { dump: 0 }, b""), None);
        let gone = session.handle(Request::Group { ask: 8, dump: 0, key: String::new() }, b"");
        assert_eq!(gone, Some(Response::Group { ask: 8, dump: 0, detail: None }));
        let failed = session.handle(Request::Finish { input: 1, stopped: false }, b"");
        assert!(matches!(failed, Some(Response::Failed { input: 1, .. })), "{failed:?}");
    }
}
