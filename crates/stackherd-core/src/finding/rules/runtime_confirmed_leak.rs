//! `runtime-confirmed-leak`
#![doc = include_str!("../doc/runtime-confirmed-leak.md")]

use alloc::vec::Vec;

use super::way_out::{WayOut, way_out};
use crate::finding::{Analysis, Confidence, Detect, Finding, GroupView, Rule, Severity, Site};
use crate::snapshot::Scope;
use crate::text::{Count, Goroutines, text};

pub(super) const RULE: Rule = Rule {
    name: "runtime-confirmed-leak",
    doc_en: include_str!("../doc/runtime-confirmed-leak.md"),
    doc_zh_cn: include_str!("../doc/runtime-confirmed-leak.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    // What was proved counts whatever the stack looks like, so idle patterns do not matter here.
    let proved = analysis.groups().filter(|&group| analysis.is_free(group.index()) && n_leaked(analysis, group) > 0);
    analysis.sites(proved).iter().filter_map(|site| finding(analysis, site)).collect()
}

fn n_leaked(analysis: &Analysis<'_>, group: GroupView<'_>) -> u64 {
    match analysis.snapshot.scope() {
        Scope::Leaked => group.n_goroutines(),
        Scope::All => group.n_leaked(),
    }
}

fn finding(analysis: &Analysis<'_>, site: &Site) -> Option<Finding> {
    let WayOut { operation, lacks, fix, reference } = way_out(site.largest(analysis)?);
    let n: u64 = site.groups.iter().filter_map(|&group| analysis.group(group)).map(|group| n_leaked(analysis, group)).sum();
    let (goroutines, counted, place) = (Goroutines(n), Count(n), analysis.place_text(site.place));
    let (en, zh) = (&operation.en, &operation.zh_cn);
    let mut evidence = alloc::vec![text!(
        "The garbage collector proved it: nothing that still runs can reach what they wait for.",
        "垃圾回收器已证明：任何仍在运行的代码都无法触及它们所等待的对象。"
    )];
    let others = site.n_goroutines - n.min(site.n_goroutines);
    if others > 0 {
        let (all, others) = (Count(site.n_goroutines), Count(others));
        evidence.push(text!(
            "Of {all} at this line {counted} are proved; something can still reach what the other {others} wait for, or they came \
             later.",
            "这一行的 {all} 个中有 {counted} 个已被证明；其余 {others} 个等待的对象仍可触及，或它们来得更晚。"
        ));
    }
    evidence.push(lacks);
    Some(Finding {
        severity: Severity::Critical,
        confidence: Confidence::Certain,
        title: text!(
            "{goroutines} leaked {en} at {place}, as the Go runtime proved",
            "Go 运行时证实：{counted} 个 goroutine 泄漏于 {place}（{zh}）"
        ),
        n_goroutines: n,
        culprit: Some(site.place),
        evidence,
        fix: Some(fix),
        reference: Some(reference),
        ..Finding::new(analysis, &RULE, &site.groups)
    })
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const SENDER: &str = "goroutine N [chan send (leaked)]:\nmain.fetch.func1()\n\t/src/fetch.go:12 +0x1d\ncreated by main.fetch in goroutine 1\n\t/src/fetch.go:10 +0x1\n";

    #[test]
    fn ok_what_the_runtime_marked_is_certain() {
        assert_eq!(
            findings(&dump(&[(1, SENDER)])),
            [
                "runtime-confirmed-leak critical certain 1 fetch.go:12 | 1 goroutine leaked sending on a channel at fetch.go:12, as the Go \
              runtime proved"
            ]
        );
    }

    #[test]
    fn ok_a_leak_profile_holds_nothing_else() {
        let profile = "goroutineleak profile: total 2\n2 @ 0x1 0x2\n#\t0x1\tsync.runtime_SemacquireWaitGroup+0x1\t/go/src/runtime/sema.go:110\n#\t0x1\tsync.(*WaitGroup).Wait+0x1\t/go/src/sync/waitgroup.go:118\n#\t0x2\tmain.fetch+0x1\t/src/fetch.go:12\n\n";
        let found = findings(profile);
        assert!(
            found[0].starts_with("runtime-confirmed-leak critical certain 2 fetch.go:12 | 2 goroutines leaked waiting for a")
        );
    }

    #[test]
    fn ok_only_marked_goroutines_are_counted() {
        let unmarked = SENDER.replace(" (leaked)", "");
        let found = findings(&dump(&[(5, &unmarked), (2, SENDER)]));
        assert!(found[0].starts_with("runtime-confirmed-leak critical certain 2 fetch.go:12"), "{found:?}");
    }

    #[test]
    fn ok_no_mark_is_no_proof() {
        let unmarked = SENDER.replace(" (leaked)", "");
        assert!(!findings(&dump(&[(500, &unmarked)])).iter().any(|finding| finding.starts_with("runtime-confirmed-leak")));
    }
}
