//! Dumps that are read, kept and asked about.

use std::collections::BTreeMap;
use std::mem;

use stackherd_core::{self as model, GroupConfig, OriginRules, Snapshot, Tables, group};
use stackherd_report::protocol::{
    AncestryView, BlockingView, DumpSummary, ExportKind, Failure, GoroutineRow, GroupDetail, GroupPage, GroupQuery, Judgement,
    Opened,
};
use stackherd_report::{Dump, Input, IssueKind, Language, Report};

use crate::convert::{self, FrameReader};
use crate::judged::Judged;
use crate::query::{self, Listing};
use crate::reading::{Read, Reading};
use crate::rows::Grouped;
use crate::unpack::ReadFile;
use crate::user_rules::{RulesError, UserRules};
use crate::{detail, export, names, report};

/// Holds dumps and answers requests.
///
/// Inputs are known by numbers that the caller chooses and never uses twice. An input may hold several dumps; the session
/// numbers those from 0 on, and never uses a number twice either.
#[derive(Debug, Default)]
pub struct Session {
    tables: Tables,
    rules: OriginRules,
    user_rules: UserRules,
    reading: BTreeMap<u32, Opening>,
    /// In the order in which they were opened.
    inputs: BTreeMap<u32, Input>,
    dumps: BTreeMap<u32, Loaded>,
    next_dump: u32,
    clock: Option<Clock>,
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

/// A dump that was read to its end.
#[derive(Debug)]
struct Loaded {
    name: String,
    captured_at: Option<String>,
    /// The reader ended it before its bytes did.
    is_stopped: bool,
    snapshot: Snapshot,
    /// Its groups among the rest.
    judgement: model::Judgement,
    judge_millis: f64,
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
        let (judgement, judge_millis) = self.judge(&snapshot);
        let is_stopped = snapshot.issues().iter().any(|issue| matches!(issue.kind, model::IssueKind::Stopped { .. }));
        let loaded = Loaded { name, captured_at, is_stopped, snapshot, judgement, judge_millis, listing: None };
        let dump = self.next_dump;
        self.next_dump += 1;
        let summary = self.summarize(dump, &loaded);
        self.dumps.insert(dump, loaded);
        summary
    }

    /// Lets the session tell how long it judged: it has no clock of its own.
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = Some(clock);
    }

    /// What is concluded from a dump, and the milliseconds that took.
    fn judge(&self, snapshot: &Snapshot) -> (model::Judgement, f64) {
        let groups = group(&self.tables, snapshot.goroutines(), &GroupConfig::default());
        let given = self.user_rules.apply(&self.tables, snapshot, &groups, &self.rules);
        let now = || self.clock.map_or(0.0, |clock| clock());
        let start = now();
        let judgement = model::judge(&self.tables, snapshot, &groups, &self.rules, given);
        (judgement, now() - start)
    }

    /// Judges every dump again. Rankings may change, so nothing of them is kept.
    fn judge_again(&mut self) {
        let mut dumps = mem::take(&mut self.dumps);
        for loaded in dumps.values_mut() {
            (loaded.judgement, loaded.judge_millis) = self.judge(&loaded.snapshot);
            loaded.listing = None;
        }
        self.dumps = dumps;
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

    /// The report over all dumps, in the order of their numbers, in English.
    #[must_use]
    pub fn report(&self) -> Report {
        self.report_in(Language::En)
    }

    /// The report with the sentences of verdicts, findings and candidates in `language`.
    #[must_use]
    pub fn report_in(&self, language: Language) -> Report {
        let position: BTreeMap<u32, u32> = self.dumps.keys().copied().zip(0..).collect();
        let inputs = self.inputs.values().map(|input| Input {
            dumps: input.dumps.iter().filter_map(|dump| position.get(dump).copied()).collect(),
            ..input.clone()
        });
        let dumps = self.dumps.values().zip(0..).map(|(loaded, id)| self.dump(id, loaded, language)).collect();
        let judged: Vec<_> = self.dumps.values().map(|loaded| self.judged(loaded, language)).collect();
        report::report(inputs.collect(), dumps, &judged)
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

    /// A text to act with, of one dump or, for `None`, of all. `None` when there is no such dump.
    #[must_use]
    pub fn export(&self, dump: Option<u32>, kind: ExportKind, language: Language) -> Option<String> {
        let loaded: Vec<&Loaded> = match dump {
            Some(dump) => vec![self.dumps.get(&dump)?],
            None => self.dumps.values().collect(),
        };
        let dumps = loaded.iter().zip(0..).map(|(loaded, id)| self.dump(id, loaded, language)).collect();
        let judged: Vec<_> = loaded.iter().map(|loaded| self.judged(loaded, language)).collect();
        let report = || report::report(Vec::new(), dumps, &judged);
        Some(match kind {
            ExportKind::GoleakOptions => export::goleak(&judged),
            ExportKind::PrometheusRule => export::prometheus(&report(), language),
            ExportKind::IncidentSummary => export::incident(&report(), language),
        })
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
            groups: loaded.judgement.groups.len() as u64,
            by_category: grouped.by_category(),
            max_wait_minutes: loaded.judgement.groups.iter().filter_map(|group| Some(group.wait_minutes?.max)).max(),
            largest: loaded.judgement.groups.get(0).map(|group| grouped.row(0, group)),
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

    fn judged<'a>(&'a self, loaded: &'a Loaded, language: Language) -> Judged<'a> {
        Judged { grouped: self.grouped(loaded), judgement: &loaded.judgement, user_rules: &self.user_rules, language }
    }

    fn grouped<'a>(&'a self, loaded: &'a Loaded) -> Grouped<'a> {
        let frames = FrameReader { tables: &self.tables, rules: &self.rules };
        Grouped {
            goroutines: loaded.snapshot.goroutines(),
            groups: &loaded.judgement.groups,
            keys: &loaded.judgement.keys,
            frames,
            judgement: &loaded.judgement,
        }
    }

    fn find_group(&self, dump: u32, key: &str) -> Option<(Grouped<'_>, usize)> {
        let grouped = self.grouped(self.dumps.get(&dump)?);
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

impl Session {
    fn dump(&self, id: u32, loaded: &Loaded, language: Language) -> Dump {
        let snapshot = &loaded.snapshot;
        let go_version = snapshot.go_version().to_string();
        Dump {
            id,
            name: loaded.name.clone(),
            source: (!snapshot.source().is_empty()).then(|| snapshot.source().to_owned()),
            format: convert::format(snapshot.format()),
            kind: convert::dump_kind(snapshot.scope()),
            bytes: snapshot.n_bytes(),
            goroutines: snapshot.n_goroutines(),
            declared_goroutines: snapshot.declared_goroutines(),
            distinct_stacks: snapshot.n_distinct_stacks(&self.tables) as u64,
            go_version: (!go_version.is_empty()).then_some(go_version),
            crash: snapshot.crash().map(convert::crash),
            issues: snapshot.issues().iter().map(convert::issue).collect(),
            notes: snapshot.notes().iter().map(convert::note).collect(),
            series: snapshot.series().iter().map(convert::series).collect(),
            line: snapshot.line_number(),
            captured_at: loaded.captured_at.clone(),
            verdict: self.judged(loaded, language).verdict(),
        }
    }
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
        // A main goroutine that waits is idle, which is not what this is about.
        let dump = DUMP.replace("main.main()", "main.loop()");
        let mut session = Session::default();
        session.add(4, "a.txt", dump.as_bytes()).unwrap();
        session.add(2, "b.txt", dump.replace("[select]", "[running]").as_bytes()).unwrap();
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

    const RULES: &str =
        "[[rule]]\nname = \"main-first\"\nseverity = \"critical\"\nmessage = \"m\"\nany_frame = 'main\\.main'\n";

    #[test]
    fn ok_rules_judge_all_dumps_again() {
        let mut session = session();
        session.add(5, "b.txt", DUMP.as_bytes()).unwrap();
        let first = |session: &mut Session, dump| {
            let row = all(session, dump).unwrap().rows.remove(0);
            // Its key finds it again, so keys follow the ranking.
            assert_eq!(session.group(dump, &row.key).unwrap().row, row);
            (row.goroutines, row.finding.map(|finding| finding.rule))
        };
        assert_eq!(first(&mut session, 0), (2, None));
        session.set_rules(RULES).unwrap();
        for dump in [0, 1] {
            assert_eq!(first(&mut session, dump), (1, Some("main-first".to_owned())));
        }
        assert!(session.set_rules("x = 1").is_err());
        assert_eq!(first(&mut session, 0).0, 1, "the rules stay as they were");
        session.set_rules("").unwrap();
        assert_eq!(first(&mut session, 1), (2, None));
    }

    #[test]
    fn ok_rules_are_for_dumps_to_come_too() {
        let mut session = Session::default();
        session.set_rules(RULES).unwrap();
        let summary = session.add(0, "a.txt", DUMP.as_bytes()).unwrap().dumps.remove(0);
        assert_eq!(summary.largest.unwrap().finding.unwrap().rule, "main-first");
        let report = session.report();
        assert_eq!((report.findings[0].groups.as_slice(), report.groups[0].goroutines), ([1].as_slice(), 1));
    }

    #[test]
    fn ok_findings_of_all_dumps_add_up_to_their_groups() {
        let mut session = session();
        session
            .add(5, "b.txt", DUMP.replace("goroutine 8 [chan send, 9 minutes]", "goroutine 8 [running]").as_bytes())
            .unwrap();
        session.set_rules("[[rule]]\nname = \"w\"\nmessage = \"m\"\nany_frame = 'w\\.run'\n").unwrap();
        let report = session.report();
        assert_eq!(report.findings.iter().map(|finding| finding.dump).collect::<Vec<_>>(), [0, 1]);
        for finding in &report.findings {
            let groups = finding.groups.iter().map(|&rank| &report.groups[rank as usize - 1]);
            let sum: u64 = groups.map(|group| group.per_dump[finding.dump as usize]).sum();
            assert_eq!(sum, finding.goroutines);
        }
        assert!(report.groups.is_sorted_by(|left, right| left.score >= right.score));
    }
}
