//! Dumps that are read, kept and asked about.

mod loaded;
mod reports;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::mem;

use stackherd_core::{self as model, Grouping, OriginRules, Snapshot, Tables, group};
use stackherd_report::protocol::{
    AncestryView, BlockingView, CompareOptions, DumpSummary, Failure, GoroutineRow, GroupDetail, GroupPage, GroupQuery,
    Judgement, Opened,
};
use stackherd_report::{Input, IssueKind, Language};

use crate::compare::Compared;
use crate::convert::{self, FrameReader};
use crate::judged::Judged;
use crate::query;
use crate::reading::{Read, Reading};
use crate::rows::Grouped;
use crate::times::Moment;
use crate::unpack::ReadFile;
use crate::user_rules::{RulesError, UserRules};
use crate::{detail, instances, names, times};
pub(crate) use loaded::Loaded;
use regex::Regex;

/// Holds dumps and answers requests.
///
/// Inputs are known by numbers that the caller chooses and never uses twice. An input may hold several dumps; the session
/// numbers those from 0 on, and never uses a number twice either.
#[derive(Debug, Default)]
pub struct Session {
    pub(crate) tables: Tables,
    pub(crate) rules: OriginRules,
    pub(crate) user_rules: UserRules,
    reading: BTreeMap<u32, Opening>,
    /// In the order in which they were opened.
    pub(crate) inputs: BTreeMap<u32, Input>,
    pub(crate) dumps: BTreeMap<u32, Loaded>,
    next_dump: u32,
    clock: Option<Clock>,
    /// How alike the goroutines of a group are.
    pub(crate) similarity: model::Similarity,
    /// What the reader decides of the comparison.
    pub(crate) options: CompareOptions,
    /// How the reader tells instances apart.
    pub(crate) instance_pattern: Option<Regex>,
    /// How the dumps differ, since it was last asked for; `None` in it when there is nothing to compare.
    pub(crate) compared: OnceCell<Option<Compared>>,
}

/// Milliseconds since any moment that stays the same.
type Clock = fn() -> f64;

/// An input that is being read.
#[derive(Debug)]
struct Opening {
    name: String,
    captured_at: Option<String>,
    reading: Reading,
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
            // Several dumps of one file were not taken at the time in its name.
            let in_name = (snapshots.len() == 1).then(|| times::of_path(entry.as_deref().unwrap_or(&name))).flatten();
            for (snapshot, name) in snapshots.into_iter().zip(names) {
                let written = names::time(snapshot.captured_at_nanos()).map(Moment::said);
                // What the caller knows is of the archive as a whole.
                let of_file = if entry.is_some() { modified_secs.and_then(names::time_of_secs) } else { captured_at.clone() };
                let of_name = in_name.clone().map(Moment::said);
                let told_at = written.or(of_name).or_else(|| of_file.map(Moment::of_file));
                dumps.push(self.keep(name, told_at, snapshot));
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

    fn keep(&mut self, name: String, told_at: Option<Moment>, snapshot: Snapshot) -> DumpSummary {
        let (judgement, judge_millis) = self.judge(&snapshot);
        let is_stopped = snapshot.issues().iter().any(|issue| matches!(issue.kind, model::IssueKind::Stopped { .. }));
        let folded = self.folded(&snapshot, &judgement);
        let label = instances::label(&self.tables, &snapshot);
        let (typed_at, listing) = (None, None);
        let loaded = Loaded { name, label, told_at, typed_at, is_stopped, snapshot, judgement, folded, judge_millis, listing };
        let dump = self.next_dump;
        self.next_dump += 1;
        let summary = self.summarize(dump, &loaded);
        self.dumps.insert(dump, loaded);
        self.forget_comparison();
        summary
    }

    /// Lets the session tell how long it judged: it has no clock of its own.
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = Some(clock);
    }

    /// Milliseconds of the clock; 0 without one.
    pub(crate) fn now(&self) -> f64 {
        self.clock.map_or(0.0, |clock| clock())
    }

    /// What is concluded from a dump, and the milliseconds that took.
    fn judge(&self, snapshot: &Snapshot) -> (model::Judgement, f64) {
        let groups = group(&self.tables, snapshot.goroutines());
        let given = self.user_rules.apply(&self.tables, snapshot, &groups, &self.rules);
        let start = self.now();
        let judgement = model::judge(&self.tables, snapshot, &groups, &self.rules, given);
        (judgement, self.now() - start)
    }

    /// The same conclusions about groups as alike as the session has them; `None` while those are stacks.
    pub(crate) fn folded(&self, snapshot: &Snapshot, judgement: &model::Judgement) -> Option<model::Judgement> {
        let grouping = Grouping { similarity: self.similarity, ..Grouping::default() };
        (grouping != Grouping::default()).then(|| judgement.folded(&self.tables, snapshot, &self.rules, grouping))
    }

    /// Judges every dump again. Rankings may change, so nothing of them is kept.
    fn judge_again(&mut self) {
        let mut dumps = mem::take(&mut self.dumps);
        for loaded in dumps.values_mut() {
            (loaded.judgement, loaded.judge_millis) = self.judge(&loaded.snapshot);
            loaded.folded = self.folded(&loaded.snapshot, &loaded.judgement);
        }
        self.dumps = dumps;
        self.forget_comparison();
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
        self.forget_comparison();
        for input in self.inputs.values_mut() {
            input.dumps.retain(|&id| id != dump);
        }
    }

    /// Sets which packages are the reader's own, by prefix. Empty means to infer it. All dumps are judged again.
    pub fn set_app_prefixes(&mut self, prefixes: Vec<String>) {
        if self.rules.app_prefixes != prefixes {
            self.rules.app_prefixes = prefixes;
            self.judge_again();
        }
    }

    /// Takes the reader's own rules, as TOML or JSON; an empty text for none. All dumps are judged again.
    ///
    /// # Errors
    /// When the text is no rules file; the rules then stay as they were.
    pub fn set_rules(&mut self, text: &str) -> Result<(), RulesError> {
        self.user_rules = UserRules::parse(text)?;
        self.judge_again();
        Ok(())
    }

    /// The verdict and the findings of a dump.
    #[must_use]
    pub fn findings(&self, dump: u32, language: Language) -> Option<Judgement> {
        Some(self.judged(self.dumps.get(&dump)?, language).view())
    }

    /// What the goroutines of a dump wait for.
    #[must_use]
    pub fn blocking(&self, dump: u32, language: Language) -> Option<BlockingView> {
        Some(self.judged(self.dumps.get(&dump)?, language).blocking())
    }

    /// Who started whom.
    #[must_use]
    pub fn ancestry(&self, dump: u32) -> Option<AncestryView> {
        Some(self.judged(self.dumps.get(&dump)?, Language::En).ancestry())
    }

    /// What was read of a dump.
    #[must_use]
    pub fn summary(&self, dump: u32) -> Option<DumpSummary> {
        Some(self.summarize(dump, self.dumps.get(&dump)?))
    }

    fn summarize(&self, dump: u32, loaded: &Loaded) -> DumpSummary {
        let grouped = self.grouped(loaded);
        DumpSummary {
            dump: self.dump(dump, loaded, Language::En),
            groups: loaded.shown().groups.len() as u64,
            by_category: grouped.by_category(),
            max_wait_minutes: loaded.shown().groups.iter().filter_map(|group| Some(group.wait_minutes?.max)).max(),
            largest: loaded.shown().groups.get(0).map(|group| grouped.row(0, group)),
            stopped: loaded.is_stopped,
            memory_bytes: 0,
            parse_millis: 0.0,
            judge_millis: loaded.judge_millis,
        }
    }

    /// Rows of the groups table.
    #[must_use]
    pub fn groups(&mut self, dump: u32, query: &GroupQuery, offset: u32, limit: u32) -> Option<GroupPage> {
        let loaded = self.dumps.get_mut(&dump)?;
        let known = mem::take(&mut loaded.listing).filter(|(known, _)| known == query);
        let grouped = self.grouped_with_changes(dump)?;
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

    fn judged<'a>(&'a self, loaded: &'a Loaded, language: Language) -> Judged<'a> {
        self.judged_by(loaded, loaded.shown(), language)
    }

    /// A dump and a judgement of it.
    pub(crate) fn judged_by<'a>(
        &'a self,
        loaded: &'a Loaded,
        judgement: &'a model::Judgement,
        language: Language,
    ) -> Judged<'a> {
        let is_alone = self.dumps.values().filter(|loaded| !loaded.snapshot.goroutines().is_empty()).nth(1).is_none();
        Judged { grouped: self.grouped_by(loaded, judgement), judgement, user_rules: &self.user_rules, language, is_alone }
    }

    /// The groups of a dump, and what changed about them when it is compared with others.
    fn grouped_with_changes(&self, dump: u32) -> Option<Grouped<'_>> {
        let grouped = self.grouped(self.dumps.get(&dump)?);
        Some(Grouped { changes: self.compared().and_then(|compared| compared.changes_of(dump)), ..grouped })
    }

    fn grouped<'a>(&'a self, loaded: &'a Loaded) -> Grouped<'a> {
        self.grouped_by(loaded, loaded.shown())
    }

    /// The groups of a dump as a judgement of it has them.
    pub(crate) fn grouped_by<'a>(&'a self, loaded: &'a Loaded, judgement: &'a model::Judgement) -> Grouped<'a> {
        Grouped {
            goroutines: loaded.snapshot.goroutines(),
            groups: &judgement.groups,
            keys: &judgement.keys,
            frames: FrameReader { tables: &self.tables, rules: &self.rules },
            judgement,
            changes: None,
        }
    }

    fn find_group(&self, dump: u32, key: &str) -> Option<(Grouped<'_>, usize)> {
        let grouped = self.grouped_with_changes(dump)?;
        let key = u64::from_str_radix(key, 16).ok()?;
        let index = grouped.keys.iter().position(|&known| known == key)?;
        Some((grouped, index))
    }
}

#[cfg(test)]
impl Session {
    /// What was concluded from a dump, to be changed by a test.
    pub(crate) fn judgement_mut(&mut self, dump: u32) -> Option<&mut model::Judgement> {
        let loaded = self.dumps.get_mut(&dump)?;
        loaded.listing = None;
        Some(&mut loaded.judgement)
    }
}

fn unknown_input(input: u32) -> Failure {
    Failure { kind: IssueKind::Unrecognized, looks_like: None, message: format!("no input {input} is being read") }
}
