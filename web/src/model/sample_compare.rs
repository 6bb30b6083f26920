//! A comparison for tests.

use stackherd_report::protocol::{ChangeDetail, ChangePage, ChangeRow, ComparedDump, ComparisonView, StatusCounts, TrendLine};
use stackherd_report::{Category, ComparisonMode, GroupStatus, Relation, Similarity};

use super::sample::frame;

/// When the first dump was taken.
const FIRST: i64 = 1_795_225_110_000;

/// A series of dumps, four minutes apart; the group `big` grows, `small` too.
pub(crate) fn view(n_dumps: u32) -> ComparisonView {
    let dump = |index: u32| ComparedDump {
        dump: index + 1,
        name: "pod-x2k4".to_owned(),
        goroutines: 28_605,
        at_millis: Some(FIRST + i64::from(index) * 240_000),
        begins_process: false,
        outliers: 0,
        severity: None,
    };
    let line = |key: &str, counts: [u64; 3]| TrendLine {
        key: key.to_owned(),
        name: "worker.(*Pool).run".to_owned(),
        category: Category::ChanSend,
        counts: counts.into_iter().cycle().take(n_dumps as usize).collect(),
    };
    ComparisonView {
        mode: ComparisonMode::Series,
        relation: Relation::SameProcess,
        relation_is_given: false,
        relation_why: "Ids go on.".to_owned(),
        shared_percent: 97,
        title: "76,299 more goroutines in 8 min".to_owned(),
        detail: String::new(),
        similarity: Similarity::Stack,
        mixed_formats: false,
        has_ids: true,
        dumps: (0..n_dumps).map(dump).collect(),
        baseline: 0,
        target: n_dumps.saturating_sub(1),
        minutes: Some(8.0),
        delta: 76_299,
        statuses: StatusCounts { new: 0, gone: 0, grown: 2, shrunk: 1, same: 16 },
        findings: Vec::new(),
        outcome: None,
        lines: vec![line("big", [27_070, 63_249, 99_490]), line("small", [74, 195, 317])],
        counters: Vec::new(),
        median_goroutines: 66_714.0,
        compare_millis: 0.0,
    }
}

/// A group with these counts.
pub(crate) fn row(key: &str, counts: &[u64]) -> ChangeRow {
    let count = |at: Option<&u64>| at.copied().and_then(|count| i64::try_from(count).ok()).unwrap_or(0);
    let delta = count(counts.last()) - count(counts.first());
    ChangeRow {
        key: key.to_owned(),
        status: if delta > 0 { GroupStatus::Grown } else { GroupStatus::Shrunk },
        counts: counts.to_vec(),
        delta,
        born: None,
        ended: None,
        stuck: None,
        per_minute: None,
        trend: None,
        median: None,
        deviation: None,
        outliers: Vec::new(),
        missing: Vec::new(),
        category: Category::ChanSend,
        state: "chan send".to_owned(),
        top: Some(frame("shop.example/worker.(*Pool).run", "/src/worker/worker.go", 89)),
        leaf: None,
        wait_minutes: None,
        idle: None,
        severity: None,
    }
}

/// Rows of these groups, all there are.
pub(crate) fn page(keys: &[&str]) -> ChangePage {
    ChangePage {
        offset: 0,
        rows: keys.iter().map(|key| row(key, &[1, 2])).collect(),
        matched_groups: u32::try_from(keys.len()).unwrap_or(u32::MAX),
        invalid_query: None,
    }
}

/// A group about which nothing is known but its row.
pub(crate) fn detail(key: &str) -> ChangeDetail {
    ChangeDetail {
        row: row(key, &[1, 2]),
        dump: 2,
        group: key.to_owned(),
        stack: Vec::new(),
        created_by: None,
        culprit: None,
        wait_histogram: Vec::new(),
        before: 1,
        minutes_to_million: None,
        near: None,
        stuck_goids: Vec::new(),
        markdown: String::new(),
    }
}
