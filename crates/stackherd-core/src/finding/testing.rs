//! Dumps for the tests of rules, one or several, and findings as one line each.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

use crate::compare::{Comparison, Instance, Mode, Wanted, compare};
use crate::finding::Finding;
use crate::format::Parser;
use crate::group::group;
use crate::judgement::{Given, Judgement, judge};
use crate::origin::OriginRules;
use crate::snapshot::Snapshot;
use crate::tables::Tables;

/// A dump of `parts`: so many goroutines of each stack. A stack starts with `goroutine N [state, 9 minutes]:`, and each
/// goroutine gets an id for its `N`.
pub(crate) fn dump(parts: &[(usize, &str)]) -> String {
    let mut text = String::new();
    let mut goid = 100;
    for &(n, stack) in parts {
        for _ in 0..n {
            goid += 1;
            text.push_str(&stack.trim().replacen("goroutine N ", &format!("goroutine {goid} "), 1));
            text.push_str("\n\n");
        }
    }
    text
}

/// Reads the first dump in `text`.
pub(crate) fn read(text: &str) -> (Tables, Snapshot) {
    let mut tables = Tables::default();
    let mut parser = Parser::default();
    parser.push(&mut tables, text.as_bytes());
    let snapshot = parser.finish(&mut tables).unwrap().remove(0);
    (tables, snapshot)
}

/// Judges the first dump in `text`.
pub(crate) fn judged(text: &str) -> (Tables, Snapshot, Judgement) {
    let (tables, snapshot) = read(text);
    let groups = group(&tables, snapshot.goroutines());
    let judgement = judge(&tables, &snapshot, &groups, &OriginRules::default(), Given::default());
    (tables, snapshot, judgement)
}

/// The findings of the first dump in `text`, one a line: `rule severity confidence n culprit | title`.
pub(crate) fn findings(text: &str) -> Vec<String> {
    let (tables, _, judgement) = judged(text);
    judgement.findings.iter().map(|finding| line(&tables, finding)).collect()
}

fn line(tables: &Tables, finding: &Finding) -> String {
    let place = |frame| {
        let location = String::from_utf8_lossy(tables.bytes(tables.frames.get(frame).location)).into_owned();
        location.rsplit('/').next().unwrap_or_default().to_owned()
    };
    let severity = format!("{:?}", finding.severity).to_lowercase();
    let confidence = format!("{:?}", finding.confidence).to_lowercase();
    let culprit = finding.culprit.map_or_else(|| "-".to_string(), place);
    format!("{} {severity} {confidence} {} {culprit} | {}", finding.rule, finding.n_goroutines, finding.title.en)
}

/// A dump of `parts`, each with the ids of its goroutines, so that they can be followed: `goroutine N [chan send]:`.
pub(crate) fn dump_of(parts: &[(Range<u64>, &str)]) -> String {
    let mut text = String::new();
    for (ids, stack) in parts {
        for id in ids.clone() {
            text.push_str(&stack.trim().replacen("goroutine N ", &format!("goroutine {id} "), 1));
            text.push_str("\n\n");
        }
    }
    text
}

/// Compares dumps: what each is called, minutes since the first when known, and its text.
pub(crate) fn compared(mode: Mode, dumps: &[(&str, Option<i64>, &str)]) -> (Tables, Comparison) {
    let mut tables = Tables::default();
    let mut read = |text: &str| {
        let mut parser = Parser::default();
        parser.push(&mut tables, text.as_bytes());
        parser.finish(&mut tables).unwrap().remove(0)
    };
    let snapshots: Vec<Snapshot> = dumps.iter().map(|(_, _, text)| read(text)).collect();
    let judge = |snapshot: &Snapshot| {
        let groups = group(&tables, snapshot.goroutines());
        judge(&tables, snapshot, &groups, &OriginRules::default(), Given::default())
    };
    let judgements: Vec<Judgement> = snapshots.iter().map(judge).collect();
    let both = snapshots.iter().zip(&judgements);
    let instances: Vec<Instance<'_>> = both
        .zip(dumps)
        .map(|((snapshot, judgement), &(name, minutes, _))| Instance {
            snapshot,
            judgement,
            at_millis: minutes.map(|minutes| minutes * 60_000),
            name,
            process: name,
        })
        .collect();
    let wanted = Wanted { mode: Some(mode), ..Wanted::default() };
    let comparison = compare(&tables, &OriginRules::default(), &instances, wanted).unwrap();
    (tables, comparison)
}

/// The findings of a series of dumps, given by minutes since the first and text; as [`findings`] has them.
pub(crate) fn findings_of_series(dumps: &[(i64, &str)]) -> Vec<String> {
    let dumps: Vec<_> = dumps.iter().map(|&(minutes, text)| ("", Some(minutes), text)).collect();
    findings_between(Mode::Series, &dumps)
}

/// The findings of several dumps; as [`findings`] has them.
pub(crate) fn findings_between(mode: Mode, dumps: &[(&str, Option<i64>, &str)]) -> Vec<String> {
    let (tables, comparison) = compared(mode, dumps);
    comparison.findings.iter().map(|found| line(&tables, &found.finding)).collect()
}

/// The verdict on the first dump in `text`: `kind: title | detail`.
pub(crate) fn verdict(text: &str) -> String {
    let verdict = judged(text).2.verdict;
    format!("{:?}: {} | {}", verdict.kind, verdict.title.en, verdict.detail.en)
}
