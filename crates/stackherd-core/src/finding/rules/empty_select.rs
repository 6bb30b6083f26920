//! `empty-select`
#![doc = include_str!("../doc/empty-select.md")]

use alloc::vec::Vec;

use super::way_out::{self, WayOut};
use crate::finding::{Analysis, Confidence, Detect, Finding, GroupView, Rule, Severity};
use crate::text::{Count, Goroutines, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "empty-select",
    doc_en: include_str!("../doc/empty-select.md"),
    doc_zh_cn: include_str!("../doc/empty-select.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Go `runtime/runtime2.go`, `waitReasonSelectNoCases`, all versions. Profiles show it by `runtime.block`.
const STATE: &[u8] = b"select (no cases)";

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let Some(state) = analysis.tables.strings.find(STATE) else { return Vec::new() };
    let is_empty = |group: &GroupView<'_>| {
        // A stack ends in a select with cases or without, so one goroutine speaks for its group.
        group.category() == Category::Select && group.goroutines().next().is_some_and(|first| first.wait_reason == state)
    };
    // Main waits for the process to be ended.
    let groups = analysis.suspects().filter(is_empty).filter(|group| !group.has("main.main"));
    let mut findings = Vec::new();
    for site in analysis.sites(groups) {
        let n = site.n_goroutines;
        let (goroutines, counted, place) = (Goroutines(n), Count(n), analysis.place_text(site.place));
        let (are, verb) = if n == 1 { ("is", "waits") } else { ("are", "wait") };
        let WayOut { lacks, fix, reference, .. } = way_out::empty_select();
        findings.push(Finding {
            severity: Severity::Warning,
            confidence: Confidence::Likely,
            title: text!(
                "{goroutines} {are} stuck in a select without cases at {place}",
                "{counted} 个 goroutine 卡在 {place} 的空 select 中"
            ),
            culprit: Some(site.place),
            evidence: alloc::vec![
                text!(
                    "{goroutines} {verb} in select {{}} outside of main.",
                    "main 之外有 {counted} 个 goroutine 停在 select {{}} 中。"
                ),
                lacks,
            ],
            counter_evidence: alloc::vec![text!(
                "A single one that was started once, to keep something alive as long as the process, does no harm.",
                "若只启动一次、为了让某物与进程同寿，单独一个并无害处。"
            )],
            fix: Some(fix),
            reference: Some(reference),
            ..Finding::new(analysis, &RULE, &site.groups)
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const BLOCKED: &str = "goroutine N [select (no cases), 4 minutes]:\nmain.keep(...)\n\t/src/keep.go:12\ncreated by main.run in goroutine 1\n\t/src/run.go:7 +0x1\n";

    #[test]
    fn ok_one_is_enough() {
        assert_eq!(
            findings(&dump(&[(1, BLOCKED)])),
            ["empty-select warning likely 1 keep.go:12 | 1 goroutine is stuck in a select without cases at keep.go:12"]
        );
    }

    #[test]
    fn ok_main_is_no_leak() {
        let main = "goroutine 1 [select (no cases), 40 minutes]:\nmain.serve()\n\t/src/keep.go:12 +0x2\nmain.main()\n\t/src/main.go:9 +0x1d\n";
        assert!(findings(main).is_empty());
    }

    #[test]
    fn ok_a_select_with_cases_is_no_empty_one() {
        let select = BLOCKED.replace(" (no cases)", "");
        assert!(!findings(&dump(&[(300, &select)])).iter().any(|finding| finding.starts_with("empty-select")));
    }
}
