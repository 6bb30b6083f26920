//! Dumps for the tests of rules, and findings as one line each.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::format::Parser;
use crate::group::{GroupConfig, group};
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
    let groups = group(&tables, snapshot.goroutines(), &GroupConfig::default());
    let judgement = judge(&tables, &snapshot, &groups, &OriginRules::default(), Given::default());
    (tables, snapshot, judgement)
}

/// The findings of the first dump in `text`, one a line: `rule severity confidence n culprit | title`.
pub(crate) fn findings(text: &str) -> Vec<String> {
    let (tables, _, judgement) = judged(text);
    let place = |frame| {
        let location = String::from_utf8_lossy(tables.bytes(tables.frames.get(frame).location)).into_owned();
        location.rsplit('/').next().unwrap_or_default().to_owned()
    };
    let line = |finding: &crate::finding::Finding| {
        let severity = format!("{:?}", finding.severity).to_lowercase();
        let confidence = format!("{:?}", finding.confidence).to_lowercase();
        let culprit = finding.culprit.map_or_else(|| "-".to_string(), place);
        format!("{} {severity} {confidence} {} {culprit} | {}", finding.rule, finding.n_goroutines, finding.title.en)
    };
    judgement.findings.iter().map(line).collect()
}

/// The verdict on the first dump in `text`: `kind: title | detail`.
pub(crate) fn verdict(text: &str) -> String {
    let verdict = judged(text).2.verdict;
    format!("{:?}: {} | {}", verdict.kind, verdict.title.en, verdict.detail.en)
}
