//! Five instances of a service, two of which are sick.

use stackherd_report::protocol::{ChangePage, ChangeRow, ComparedDump, ComparisonView, InstanceView, StatusCounts};
use stackherd_report::{Category, ComparisonMode, Relation, Severity, Similarity};

use super::sample::frame;

/// How five instances differ.
pub(crate) fn fleet() -> ComparisonView {
    let dump = |dump: u32, name: &str, goroutines: u64, outliers: u32, severity: Option<Severity>| ComparedDump {
        dump,
        name: name.to_owned(),
        goroutines,
        at_millis: None,
        begins_process: false,
        outliers,
        severity,
    };
    ComparisonView {
        mode: ComparisonMode::Fleet,
        relation: Relation::SameService,
        relation_is_given: false,
        relation_why: "the names of the files differ in one place".to_owned(),
        shared_percent: 98,
        title: "2 of 5 instances stand out".to_owned(),
        detail: String::new(),
        similarity: Similarity::Stack,
        mixed_formats: false,
        has_ids: true,
        dumps: vec![
            dump(10, "pod1", 40, 0, None),
            dump(11, "pod2", 50, 0, None),
            dump(12, "pod3", 120, 1, Some(Severity::Warning)),
            dump(13, "pod4", 30, 0, None),
            dump(14, "pod10", 600, 2, Some(Severity::Critical)),
        ],
        baseline: 0,
        target: 4,
        minutes: None,
        delta: 560,
        statuses: StatusCounts::default(),
        findings: Vec::new(),
        outcome: None,
        lines: Vec::new(),
        counters: Vec::new(),
        median_goroutines: 50.0,
        compare_millis: 0.0,
    }
}

/// A group with so many goroutines in each instance and a median of 6.
pub(crate) fn change_row(key: &str, counts: &[u64]) -> ChangeRow {
    ChangeRow {
        key: key.to_owned(),
        status: stackherd_report::GroupStatus::Same,
        counts: counts.to_vec(),
        delta: 0,
        born: None,
        ended: None,
        stuck: None,
        per_minute: None,
        trend: None,
        median: Some(6.0),
        deviation: Some(1.0),
        outliers: Vec::new(),
        missing: Vec::new(),
        category: Category::Select,
        state: "select".to_owned(),
        top: Some(frame("shop.example/checkout/cart.Refresh", "/src/cart/cart.go", 40)),
        leaf: None,
        wait_minutes: None,
        idle: None,
        severity: None,
    }
}

/// A page with these rows only.
pub(crate) fn page(rows: Vec<ChangeRow>) -> ChangePage {
    let matched_groups = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    ChangePage { offset: 0, rows, matched_groups, invalid_query: None }
}

/// An instance that does not differ.
pub(crate) fn instance(position: u32) -> InstanceView {
    InstanceView { position, rows: Vec::new(), n_rows: 0 }
}
