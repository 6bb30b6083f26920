//! Values for tests.

use stackherd_report::protocol::{DumpSummary, FindingView, FrameView, GroupDetail, GroupRow, Judgement};
use stackherd_report::{Category, Confidence, Dump, DumpKind, Fix, Format, Onset, Origin, Severity, Verdict, VerdictKind};

/// A dump of as many groups as goroutines.
pub(crate) fn summary(groups: u64) -> DumpSummary {
    DumpSummary {
        dump: Dump {
            id: 0,
            name: String::new(),
            source: None,
            instance: None,
            format: Format::Traceback,
            kind: DumpKind::Goroutine,
            bytes: 0,
            goroutines: groups,
            declared_goroutines: None,
            distinct_stacks: groups,
            go_version: None,
            crash: None,
            issues: Vec::new(),
            notes: Vec::new(),
            series: Vec::new(),
            line: 1,
            captured_at: None,
            verdict: Verdict { kind: VerdictKind::Nothing, title: String::new(), detail: String::new(), advice: String::new() },
        },
        groups,
        by_category: Vec::new(),
        max_wait_minutes: None,
        largest: None,
        stopped: false,
        memory_bytes: 0,
        parse_millis: 0.0,
        judge_millis: 0.0,
    }
}

/// A frame of the reader's own code.
pub(crate) fn frame(function: &str, file: &str, line: u32) -> FrameView {
    let base = function.rsplit('/').next().unwrap_or_default();
    let (package, name) = base.split_once('.').unwrap_or(("", base));
    FrameView {
        function: function.to_owned(),
        package: package.to_owned(),
        name: name.to_owned(),
        file: file.to_owned(),
        short_file: file.rsplit('/').take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/"),
        line,
        origin: Origin::App,
        inlined: false,
    }
}

/// A finding of a rule about these groups.
pub(crate) fn finding(rule: &str, groups: &[&str]) -> FindingView {
    FindingView {
        rule: rule.to_owned(),
        severity: Severity::Critical,
        confidence: Confidence::Likely,
        title: "104,856 goroutines are stuck sending on a channel at worker.go:89".to_owned(),
        goroutines: 104_856,
        groups: groups.iter().map(|key| (*key).to_owned()).collect(),
        n_groups: u32::try_from(groups.len()).unwrap_or(u32::MAX),
        culprit: Some(frame("shop.example/worker.(*Pool).run", "/src/worker/worker.go", 89)),
        created_by: Some(frame("main.main", "/src/main.go", 12)),
        evidence: vec!["All share one stack.".to_owned()],
        counter_evidence: vec!["A burst looks alike; a second dump decides.".to_owned()],
        fix: Some(Fix {
            summary: "Give the channel room for one value.".to_owned(),
            before: "ch := make(chan T)".to_owned(),
            after: "ch := make(chan T, 1)".to_owned(),
        }),
        reference: Some("https://go.dev/ref/spec#Send_statements".to_owned()),
        onset: Some(Onset { minutes: 21, error_minutes: 1 }),
        has_objects: false,
        markdown: "**leak**".to_owned(),
    }
}

/// Two findings; the verdict is about the second one, whose largest group is `7`.
pub(crate) fn judgement() -> Judgement {
    Judgement {
        verdict: Verdict {
            kind: VerdictKind::Leak,
            title: "Likely leak: 104,856 of 104,857 goroutines are stuck at worker.go:89".to_owned(),
            detail: String::new(),
            advice: String::new(),
        },
        verdict_finding: Some(1),
        findings: vec![finding("lock-pileup", &["3"]), finding("blocked-senders", &["7", "8"])],
        idle_goroutines: 312,
        idle_groups: 9,
    }
}

/// A group of one goroutine.
pub(crate) fn row(key: &str) -> GroupRow {
    GroupRow {
        key: key.to_owned(),
        rank: 1,
        goroutines: 1,
        category: Category::Select,
        state: "select".into(),
        top: None,
        leaf: None,
        created_by: None,
        wait_minutes: None,
        leaked: 0,
        idle: None,
        finding: None,
        change: None,
        score: 0.0,
    }
}

/// The detail of a group about which nothing is known but its row.
pub(crate) fn detail(row: GroupRow) -> GroupDetail {
    GroupDetail {
        row,
        stack: Vec::new(),
        elided_before: None,
        culprit: None,
        wait_reasons: Vec::new(),
        wait_histogram: Vec::new(),
        locked_to_thread: 0,
        idle_reason: None,
        labels: Vec::new(),
        parents: Vec::new(),
        goroutines: Vec::new(),
        markdown: String::new(),
    }
}
