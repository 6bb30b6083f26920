//! Dumps that are read, kept and asked about.

use std::collections::BTreeMap;

use stackherd_core::{Format, GroupConfig, Groups, Issue, IssueKind, Keys, OriginRules, Snapshot, Tables, group};
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
            snapshot.add_issue(Issue::new(IssueKind::Stopped { offset_bytes: snapshot.n_bytes() }, snapshot.n_lines(), b""));
        }
        let groups = group(&self.tables, snapshot.goroutines(), &GroupConfig::default());
        let keys = keys(&self.tables, &groups);
        let content = Content::Loaded(Box::new(Loaded { format, snapshot, groups, keys, listing: None }));
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
