//! `context-never-cancelled`
#![doc = include_str!("../doc/context-never-cancelled.md")]

use alloc::vec::Vec;

use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity, Site, weigh};
use crate::group::WaitMinutes;
use crate::text::{Count, Goroutines, text};

pub(super) const RULE: Rule = Rule {
    name: "context-never-cancelled",
    doc_en: include_str!("../doc/context-never-cancelled.md"),
    doc_zh_cn: include_str!("../doc/context-never-cancelled.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Beginnings of the names of the goroutine that a cancellable context starts when its parent is of a type that package
/// context does not know (Go `context/context.go`, `propagateCancel`): the first up to Go 1.20, the second from 1.21 on.
/// Closures are numbered anew with every version.
const WATCHERS: [&str; 2] = ["context.propagateCancel.", "context.(*cancelCtx).propagateCancel."];

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let watchers = analysis.suspects().filter(|&group| is_watcher(group));
    analysis.sites(watchers).iter().filter_map(|site| finding(analysis, site)).collect()
}

fn is_watcher(group: GroupView<'_>) -> bool {
    WATCHERS.iter().any(|name| group.entry().starts_with(name))
}

fn finding(analysis: &Analysis<'_>, site: &Site) -> Option<Finding> {
    let mut weight = weigh(analysis, site)?;
    let limits = analysis.thresholds;
    // A watcher ends with its context, and contexts of requests are short.
    let is_old = |waits: WaitMinutes| u64::from(waits.n_known) * 2 >= site.n_goroutines && waits.p50 >= limits.old_minutes;
    let is_aged = |waits: WaitMinutes| u64::from(waits.n_known) * 2 >= site.n_goroutines && waits.p50 >= 1;
    let (waits, parents) = (site.waits(analysis), site.parents(analysis));
    let is_orphaned = parents.n_gone > 0 && parents.n_gone * 100 >= site.n_goroutines * limits.orphans_percent;
    let (is_old, is_aged) = (waits.is_some_and(is_old), waits.is_some_and(is_aged));
    if is_old || is_orphaned {
        weight.severity = weight.severity.max(Severity::Warning);
    }
    if is_orphaned && is_aged {
        weight.confidence = weight.confidence.max(Confidence::Likely);
    }
    let (n, goroutines, place) = (Count(site.n_goroutines), Goroutines(site.n_goroutines), analysis.place_text(site.place));
    weight.evidence.push(text!(
        "Package context starts one per cancellable context whose parent is of a type of your own or of a library, and it ends \
         only when one of the two is cancelled.",
        "当父 context 是自定义或库的类型时，context 包会为每个可取消的子 context 启动一个这样的 goroutine，只有两者之一被取消它才结束。"
    ));
    if is_orphaned {
        let (gone, known) = (Count(parents.n_gone), Count(parents.n_known));
        weight.evidence.push(text!(
            "The goroutines that made the contexts are gone for {gone} of {known}: nobody is left to call cancel there.",
            "{known} 个中有 {gone} 个的创建者已不存在：那里已没有人能调用 cancel。"
        ));
    }
    weight.counter_evidence.insert(
        0,
        text!(
            "Contexts that live as long as a connection or a session have such goroutines for as long; their number then follows \
             the number of connections.",
            "与连接或会话同寿的 context 会一直带着这样的 goroutine；此时它们的数量与连接数一致。"
        ),
    );
    Some(Finding {
        severity: weight.severity,
        confidence: weight.confidence,
        title: text!(
            "{goroutines} wait for contexts that have not been cancelled, in {place}",
            "{n} 个 goroutine 在 {place} 等待尚未取消的 context"
        ),
        culprit: Some(site.place),
        evidence: weight.evidence,
        counter_evidence: weight.counter_evidence,
        fix: Some(Fix {
            summary: text!(
                "Call the cancel function on every path, best by defer; go vet finds where it is dropped.",
                "在每条路径上调用 cancel 函数，最好用 defer；go vet 能找出被丢弃的地方。"
            ),
            before: "ctx, _ := context.WithCancel(parent)\ngo watch(ctx)\nreturn nil",
            after: "ctx, cancel := context.WithCancel(parent)\ndefer cancel() // or when the subscription ends\nreturn watch(ctx)",
        }),
        reference: Some("https://pkg.go.dev/context#WithCancel"),
        ..Finding::new(analysis, &RULE, &site.groups)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::testing::{dump, findings};
    use alloc::format;
    use alloc::string::String;

    const WATCHER: &str = "goroutine N [select, 7 minutes]:\ncontext.(*cancelCtx).propagateCancel.func2()\n\t/usr/local/go/src/context/context.go:524 +0xa5\ncreated by context.(*cancelCtx).propagateCancel in goroutine 9\n\t/usr/local/go/src/context/context.go:523 +0x47c\n";

    fn of_rule(text: &str) -> Vec<String> {
        findings(text).into_iter().filter(|finding| finding.starts_with(RULE.name)).collect()
    }

    #[test]
    fn ok_watchers_whose_creators_are_gone() {
        assert_eq!(
            of_rule(&dump(&[(60, WATCHER)])),
            [
                "context-never-cancelled warning likely 60 context.go:524 | 60 goroutines wait for contexts that have not been cancelled, in \
              context.go:524"
            ]
        );
    }

    #[test]
    fn ok_profiles_and_old_names() {
        let profile = |name: &str| {
            format!("goroutine profile: total 60\n60 @ 0x1 0x2\n#\t0x1\t{name}+0x1\t/go/src/context/context.go:279\n\n")
        };
        for name in ["context.propagateCancel.func1", "context.(*cancelCtx).propagateCancel.func2"] {
            let found = of_rule(&profile(name));
            assert!(found[0].starts_with("context-never-cancelled info possible 60 context.go:279"), "{found:?}");
        }
    }

    #[test]
    fn ok_a_few_watchers_are_no_pile() {
        assert!(of_rule(&dump(&[(19, WATCHER)])).is_empty());
    }

    #[test]
    fn ok_a_goroutine_below_a_context_is_no_watcher() {
        let other = WATCHER.replace("propagateCancel.func2()", "Done()");
        assert!(of_rule(&dump(&[(60, &other)])).is_empty());
    }
}
