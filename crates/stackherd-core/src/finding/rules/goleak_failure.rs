//! `goleak-failure`
#![doc = include_str!("../doc/goleak-failure.md")]

use alloc::vec::Vec;

use super::way_out::{WayOut, way_out};
use crate::finding::{Analysis, Confidence, Detect, Finding, Rule, Severity, Site};
use crate::format::Format;
use crate::text::{Count, Goroutines, text};

pub(super) const RULE: Rule = Rule {
    name: "goleak-failure",
    doc_en: include_str!("../doc/goleak-failure.md"),
    doc_zh_cn: include_str!("../doc/goleak-failure.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    if analysis.snapshot.format() != Format::Goleak {
        return Vec::new();
    }
    // goleak leaves out what it knows as idle, so all that it prints is meant.
    let groups = analysis.groups().filter(|group| analysis.is_free(group.index()));
    analysis.sites(groups).iter().filter_map(|site| finding(analysis, site)).collect()
}

fn finding(analysis: &Analysis<'_>, site: &Site) -> Option<Finding> {
    let largest = site.largest(analysis)?;
    let WayOut { operation, lacks, fix, reference } = way_out(largest);
    let n = site.n_goroutines;
    let (goroutines, counted, place) = (Goroutines(n), Count(n), analysis.place_text(site.place));
    let (en, zh) = (&operation.en, &operation.zh_cn);
    let mut evidence = alloc::vec![text!(
        "goleak looked after the test, several times within its time limit, and {goroutines} had not ended.",
        "goleak 在测试结束后、时限内多次检查，仍有 {counted} 个 goroutine 没有结束。"
    )];
    if let Some(creator) = largest.created_by() {
        let (function, at) = (analysis.function_text(creator), analysis.place_text(creator));
        evidence.push(text!("{function} started them at {at}.", "它们由 {function} 在 {at} 启动。"));
    }
    evidence.push(lacks);
    Some(Finding {
        severity: Severity::Warning,
        confidence: Confidence::Likely,
        title: text!(
            "A test left {goroutines} behind, {en} at {place}",
            "测试遗留了 {counted} 个 goroutine：{zh}，位于 {place}"
        ),
        culprit: Some(site.place),
        evidence,
        counter_evidence: alloc::vec![text!(
            "It may belong to a test that ran before in the same process, or be a background goroutine of a library that never ends \
             by design; goleak.IgnoreTopFunction sets that one aside.",
            "它可能属于同一进程中更早的测试，或是某个库按设计不会结束的后台 goroutine；后者可用 goleak.IgnoreTopFunction 排除。"
        )],
        fix: Some(fix),
        reference: Some(reference),
        ..Finding::new(analysis, &RULE, &site.groups)
    })
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::findings;

    const REPORT: &str = "    leak_test.go:17: found unexpected goroutines:
        [Goroutine 6 in state select, with acme.io/sched.(*Scheduler).loop on top of the stack:
        acme.io/sched.(*Scheduler).loop(0xc0000260d0)
        \t/src/sched.go:23 +0xd7
        created by acme.io/sched.New in goroutine 5
        \t/src/sched.go:14 +0x8f
         Goroutine 7 in state select, with acme.io/sched.(*Scheduler).loop on top of the stack:
        acme.io/sched.(*Scheduler).loop(0xc0000260d0)
        \t/src/sched.go:23 +0xd7
        created by acme.io/sched.New in goroutine 5
        \t/src/sched.go:14 +0x8f
        ]
--- FAIL: TestForgetsClose (0.44s)
";

    #[test]
    fn ok_what_a_test_left_behind() {
        assert_eq!(
            findings(REPORT),
            ["goleak-failure warning likely 2 sched.go:23 | A test left 2 goroutines behind, in a select at sched.go:23"]
        );
    }

    #[test]
    fn ok_the_same_goroutines_in_a_dump_are_no_report() {
        let dump = "goroutine 6 [select]:\nacme.io/sched.(*Scheduler).loop(0xc0000260d0)\n\t/src/sched.go:23 +0xd7\n\n";
        assert!(findings(dump).is_empty());
    }
}
