//! Dumps that are read, kept and asked about.

use std::collections::BTreeMap;

use stackherd_core::{Format, GroupConfig, Groups, Keys, OriginRules, Snapshot, Tables, group};
use stackherd_report::protocol::{DumpSummary, Failure, GoroutineRow, GroupDetail, GroupPage, GroupQuery, Request, Response};
use stackherd_report::{Dump, DumpKind, Report};

use crate::convert::{self, FrameReader};
use crate::query::{self, Listing};
use crate::reading::Reading;
use crate::rows::Grouped;
use crate::{detail, report};

/// Holds dumps and answers requests. Dumps are known by numbers that the caller chooses and never uses twice.
#[derive(Debug, Default)]
pub struct Session {
    tables: Tables,
    rules: OriginRules,
    entries: BTreeMap<u32, Entry>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    captured_at: Option<String>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Reading(Box<Reading>),
    Loaded(Box<Loaded>),
}

/// A dump that was read to its end.
#[derive(Debug)]
struct Loaded {
    format: Format,
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
    /// Starts a dump.
    pub fn open(&mut self, dump: u32, name: impl Into<String>, captured_at: Option<String>) {
        let content = Content::Reading(Box::default());
        self.entries.insert(dump, Entry { name: name.into(), captured_at, content });
    }

    /// Takes the next bytes of a dump, in any cut, gzip or text. Returns bytes taken in and goroutines found so far.
    pub fn push(&mut self, dump: u32, chunk: &[u8]) -> (u64, u64) {
        match self.entries.get_mut(&dump).map(|entry| &mut entry.content) {
            Some(Content::Reading(reading)) => {
                reading.push(&mut self.tables, chunk);
                (reading.n_bytes(), reading.parser().goroutines().len() as u64)
            }
            Some(Content::Loaded(loaded)) => (loaded.snapshot.n_bytes(), loaded.snapshot.n_goroutines() as u64),
            None => (0, 0),
        }
    }

    /// Ends a dump. `stopped` says that the reader ended it before its bytes did.
    ///
    /// # Errors
    /// When it holds no goroutine; the dump is then forgotten.
    pub fn finish(&mut self, dump: u32, stopped: bool) -> Result<DumpSummary, Failure> {
        let Some(entry) = self.entries.remove(&dump) else { return Err(unknown_dump(dump)) };
        let Content::Reading(reading) = entry.content else {
            self.entries.insert(dump, entry);
            return self.summary(dump).ok_or_else(|| unknown_dump(dump));
        };
        let format = reading.parser().format();
        let mut snapshot = reading.finish(&mut self.tables).map_err(convert::failure)?;
        if stopped {
            snapshot.note_stop();
        }
        let groups = group(&self.tables, snapshot.goroutines(), &GroupConfig::default());
        let keys = keys(&self.tables, &groups);
        let content = Content::Loaded(Box::new(Loaded { format, is_stopped: stopped, snapshot, groups, keys, listing: None }));
        self.entries.insert(dump, Entry { content, ..entry });
        self.summary(dump).ok_or_else(|| unknown_dump(dump))
    }

    /// Reads a whole dump at once.
    ///
    /// # Errors
    /// As [`Session::finish`].
    pub fn add(&mut self, dump: u32, name: impl Into<String>, bytes: &[u8]) -> Result<DumpSummary, Failure> {
        self.open(dump, name, None);
        self.push(dump, bytes);
        self.finish(dump, false)
    }

    /// Forgets a dump.
    pub fn remove(&mut self, dump: u32) {
        self.entries.remove(&dump);
    }

    /// Sets which packages are the reader's own, by prefix. Empty means to infer it.
    pub fn set_app_prefixes(&mut self, prefixes: Vec<String>) {
        self.rules.app_prefixes = prefixes;
    }

    /// The report over all complete dumps, in the order of their numbers.
    #[must_use]
    pub fn report(&self) -> Report {
        let loaded: Vec<_> = self.entries.values().filter_map(|entry| Some((entry, entry.loaded()?))).collect();
        let dumps =
            loaded.iter().enumerate().map(|(id, (entry, loaded))| loaded.dump(id as u32, entry, &self.tables)).collect();
        let grouped: Vec<_> = loaded.iter().map(|(_, loaded)| self.grouped(loaded)).collect();
        report::report(dumps, &grouped)
    }

    /// What was read of a dump; `None` until it is complete.
    #[must_use]
    pub fn summary(&self, dump: u32) -> Option<DumpSummary> {
        let entry = self.entries.get(&dump)?;
        let loaded = entry.loaded()?;
        let grouped = self.grouped(loaded);
        Some(DumpSummary {
            dump: loaded.dump(dump, entry, &self.tables),
            groups: loaded.groups.len() as u64,
            by_category: grouped.by_category(),
            max_wait_minutes: loaded.groups.iter().filter_map(|group| Some(group.wait_minutes?.max)).max(),
            largest: loaded.groups.get(0).map(|group| grouped.row(0, group)),
            stopped: loaded.is_stopped,
            memory_bytes: 0,
            parse_millis: 0.0,
        })
    }

    /// Rows of the groups table; works while the dump is still being read.
    #[must_use]
    pub fn groups(&mut self, dump: u32, query: &GroupQuery, offset: u32, limit: u32) -> Option<GroupPage> {
        let frames = FrameReader { tables: &self.tables, rules: &self.rules };
        match &mut self.entries.get_mut(&dump)?.content {
            Content::Reading(reading) => {
                let goroutines = reading.parser().goroutines();
                let groups = group(&self.tables, goroutines, &GroupConfig::default());
                let grouped = Grouped { goroutines, groups: &groups, keys: &keys(&self.tables, &groups), frames };
                Some(query::list(grouped, query).page(grouped, offset, limit))
            }
            Content::Loaded(loaded) => {
                let grouped =
                    Grouped { goroutines: loaded.snapshot.goroutines(), groups: &loaded.groups, keys: &loaded.keys, frames };
                let listing = match loaded.listing.take() {
                    Some((known, listing)) if known == *query => listing,
                    _ => query::list(grouped, query),
                };
                let page = listing.page(grouped, offset, limit);
                loaded.listing = Some((query.clone(), listing));
                Some(page)
            }
        }
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
            Request::Open { dump, name, captured_at } => {
                self.open(dump, name, captured_at);
                None
            }
            Request::Chunk { dump } => {
                let (bytes, goroutines) = self.push(dump, chunk);
                Some(Response::Progress { dump, bytes, goroutines })
            }
            Request::Finish { dump, stopped } => Some(match self.finish(dump, stopped) {
                Ok(summary) => Response::Opened { dump, summary },
                Err(failure) => Response::Failed { dump, failure },
            }),
            Request::Remove { dump } => {
                self.remove(dump);
                None
            }
            Request::Groups { ask, dump, query, offset, limit } => {
                let page = self.groups(dump, &query, offset, limit)?;
                Some(Response::Groups { ask, dump, page })
            }
            Request::Group { ask, dump, key } => Some(Response::Group { ask, dump, detail: self.group(dump, &key) }),
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
        let grouped = self.grouped(self.entries.get(&dump)?.loaded()?);
        let key = u64::from_str_radix(key, 16).ok()?;
        let index = grouped.keys.iter().position(|&known| known == key)?;
        Some((grouped, index))
    }
}

impl Entry {
    fn loaded(&self) -> Option<&Loaded> {
        match &self.content {
            Content::Loaded(loaded) => Some(loaded),
            Content::Reading(_) => None,
        }
    }
}

impl Loaded {
    fn dump(&self, id: u32, entry: &Entry, tables: &Tables) -> Dump {
        let go_version = self.snapshot.go_version().to_string();
        Dump {
            id,
            name: entry.name.clone(),
            format: convert::format(self.format),
            kind: DumpKind::Goroutine,
            bytes: self.snapshot.n_bytes(),
            goroutines: self.snapshot.n_goroutines() as u64,
            declared_goroutines: None,
            distinct_stacks: self.snapshot.n_distinct_stacks(tables) as u64,
            go_version: (!go_version.is_empty()).then_some(go_version),
            crash: self.snapshot.crash().map(convert::crash),
            issues: self.snapshot.issues().iter().map(convert::issue).collect(),
            captured_at: entry.captured_at.clone(),
        }
    }
}

fn keys(tables: &Tables, groups: &Groups) -> Vec<u64> {
    let keys = Keys::new(tables);
    groups.iter().map(|group| keys.key(group.signature)).collect()
}

fn unknown_dump(dump: u32) -> Failure {
    Failure { kind: stackherd_report::IssueKind::Unrecognized, looks_like: None, message: format!("there is no dump {dump}") }
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
    fn ok_groups_are_there_while_a_dump_is_read() {
        let mut session = Session::default();
        session.open(1, "a.txt", Some("2026-11-21T10:00:00Z".to_owned()));
        let (head, tail) = DUMP.split_at(DUMP.find("goroutine 8").unwrap() + 12);
        assert_eq!(session.push(1, head.as_bytes()), (head.len() as u64, 1));
        assert!(session.summary(1).is_none());
        assert_eq!(all(&mut session, 1).unwrap().goroutines, 1);
        assert_eq!(session.push(1, tail.as_bytes()).0, DUMP.len() as u64);
        let summary = session.finish(1, false).unwrap();
        assert_eq!((summary.dump.goroutines, summary.groups, summary.max_wait_minutes), (3, 2, Some(9)));
        assert_eq!(summary.dump.captured_at.as_deref(), Some("2026-11-21T10:00:00Z"));
        assert_eq!(summary.largest.unwrap().goroutines, 2);
    }

    #[test]
    fn ok_finishing_twice_and_pushing_later_change_nothing() {
        let mut session = session();
        let before = session.summary(4);
        assert_eq!(session.push(4, b"goroutine 9 [select]:\n"), (DUMP.len() as u64, 3));
        assert_eq!(session.finish(4, true).ok(), before);
    }

    #[test]
    fn ok_a_stopped_dump_says_so() {
        let mut session = Session::default();
        session.open(1, "a.txt", None);
        session.push(1, DUMP.as_bytes());
        let issues = session.finish(1, true).unwrap().dump.issues;
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0].kind, Kind::Truncated);
        assert!(issues[0].message.starts_with("Reading was stopped after"), "{}", issues[0].message);
    }

    #[test]
    fn err_a_dump_without_goroutines_is_forgotten() {
        let mut session = Session::default();
        let failure = session.add(1, "a.png", b"\x89PNG\r\n\x1a\n").unwrap_err();
        assert_eq!(failure.kind, Kind::Unrecognized);
        assert_eq!(session.finish(1, false).unwrap_err().message, "there is no dump 1");
        assert_eq!(session.push(1, DUMP.as_bytes()), (0, 0));
        assert!(all(&mut session, 1).is_none());
        assert!(session.report().dumps.is_empty());
    }

    #[test]
    fn ok_removed_dumps_leave_the_others() {
        let mut session = session();
        session.add(2, "b.txt", DUMP.as_bytes()).unwrap();
        assert_eq!(session.report().groups[0].per_dump, [2, 2]);
        session.remove(4);
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
        assert_eq!(report.dumps.iter().map(|dump| dump.name.as_str()).collect::<Vec<_>>(), ["b.txt", "a.txt"]);
        let counts: Vec<_> = report.groups.iter().map(|group| (group.rank, group.goroutines, group.per_dump.clone())).collect();
        assert_eq!(counts, [(1, 4, vec![2, 2]), (2, 1, vec![1, 0]), (3, 1, vec![0, 1])]);
        assert_eq!(report.totals.goroutines, 6);
        let waits = report.groups[0].wait_minutes.as_ref().unwrap();
        assert_eq!((waits.known, waits.min, waits.max), (4, 3, 9));
    }

    #[test]
    fn ok_keys_find_groups_again() {
        let mut session = session();
        for row in all(&mut session, 4).unwrap().rows {
            let detail = session.group(4, &row.key).unwrap();
            assert_eq!(detail.row, row);
            assert_eq!(session.goroutines(4, &row.key, 0, 100).len() as u64, row.goroutines);
        }
        assert!(session.group(4, "0000000000000000").is_none());
        assert!(session.goroutines(4, "0000000000000000", 0, 100).is_empty());
    }

    #[test]
    fn ok_goroutines_come_in_pages() {
        let mut session = session();
        let key = all(&mut session, 4).unwrap().rows[0].key.clone();
        let goids = |offset, limit| {
            let rows = session.goroutines(4, &key, offset, limit);
            rows.iter().map(|row| row.goid.unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(goids(0, 1), [7]);
        assert_eq!(goids(1, 5), [8]);
        assert!(goids(2, 5).is_empty());
        let row = session.goroutines(4, &key, 1, 1).remove(0);
        assert_eq!((row.wait_minutes, row.parent, row.state.as_str()), (Some(9), Some(1), "chan send"));
        assert!(DUMP[row.offset_bytes as usize..].starts_with("goroutine 8 "));
    }

    #[test]
    fn ok_prefixes_tell_whose_code_it_is() {
        let mut session = session();
        let top = |session: &mut Session| all(session, 4).unwrap().rows[0].top.clone().unwrap();
        assert_eq!(top(&mut session).origin, Origin::App);
        session.set_app_prefixes(vec!["other.example".to_owned()]);
        assert_eq!(top(&mut session).origin, Origin::Dependency);
        session.set_app_prefixes(Vec::new());
        assert_eq!(top(&mut session).origin, Origin::App);
    }

    #[test]
    fn ok_requests_get_their_answers() {
        let mut session = Session::default();
        let open = Request::Open { dump: 1, name: "a.txt".to_owned(), captured_at: None };
        assert_eq!(session.handle(open, b""), None);
        let progress = session.handle(Request::Chunk { dump: 1 }, DUMP.as_bytes());
        assert_eq!(progress, Some(Response::Progress { dump: 1, bytes: DUMP.len() as u64, goroutines: 2 }));
        let opened = session.handle(Request::Finish { dump: 1, stopped: false }, b"");
        assert!(matches!(opened, Some(Response::Opened { dump: 1, .. })), "{opened:?}");
        let query = GroupQuery::default();
        let groups = session.handle(Request::Groups { ask: 5, dump: 1, query, offset: 1, limit: 1 }, b"");
        let Some(Response::Groups { ask: 5, dump: 1, page }) = groups else { panic!("{groups:?}") };
        assert_eq!((page.offset, page.rows.len(), page.matched_groups), (1, 1, 2));
        let key = page.rows[0].key.clone();
        let group = session.handle(Request::Group { ask: 6, dump: 1, key: key.clone() }, b"");
        assert!(matches!(group, Some(Response::Group { ask: 6, detail: Some(_), .. })), "{group:?}");
        let rows = session.handle(Request::Goroutines { ask: 7, dump: 1, key, offset: 0, limit: 9 }, b"");
        assert!(matches!(&rows, Some(Response::Goroutines { ask: 7, rows, .. }) if rows.len() == 1), "{rows:?}");
        assert_eq!(session.handle(Request::AppPrefixes { prefixes: Vec::new() }, b""), None);
        assert_eq!(session.handle(Request::Remove { dump: 1 }, b""), None);
        let gone = session.handle(Request::Group { ask: 8, dump: 1, key: String::new() }, b"");
        assert_eq!(gone, Some(Response::Group { ask: 8, dump: 1, detail: None }));
        let failed = session.handle(Request::Finish { dump: 1, stopped: false }, b"");
        assert!(matches!(failed, Some(Response::Failed { dump: 1, .. })), "{failed:?}");
    }
}
