//! `blocked-receivers`
#![doc = include_str!("../doc/blocked-receivers.md")]

use alloc::vec::Vec;

use crate::finding::{Analysis, Detect, Finding, Fix, Rule, Site, weigh};
use crate::text::{Count, Goroutines, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "blocked-receivers",
    doc_en: include_str!("../doc/blocked-receivers.md"),
    doc_zh_cn: include_str!("../doc/blocked-receivers.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    // In counted text a channel operation has no direction.
    let receivers = analysis.suspects().filter(|group| matches!(group.category(), Category::ChanReceive | Category::Chan));
    analysis.sites(receivers).iter().filter_map(|site| finding(analysis, site)).collect()
}

fn finding(analysis: &Analysis<'_>, site: &Site) -> Option<Finding> {
    let weight = weigh(analysis, site).filter(|weight| weight.is_worth_telling(analysis, site))?;
    let (n, goroutines, place) = (Count(site.n_goroutines), Goroutines(site.n_goroutines), analysis.place_text(site.place));
    let mut counter_evidence = weight.counter_evidence;
    let title = if site.category == Category::Chan {
        counter_evidence.insert(0, text!("This format does not tell sending from receiving.", "此格式无法区分发送与接收。"));
        text!("{goroutines} wait on a channel at {place}", "{n} 个 goroutine 在 {place} 等待通道操作")
    } else {
        text!("{goroutines} wait to receive from a channel at {place}", "{n} 个 goroutine 在 {place} 等待从通道接收")
    };
    counter_evidence.insert(
        0,
        text!("Workers that wait for their next job look the same.", "等待下一个任务的工作 goroutine 看起来也是这样。"),
    );
    Some(Finding {
        severity: weight.severity,
        confidence: weight.confidence,
        title,
        culprit: Some(site.place),
        evidence: weight.evidence,
        counter_evidence,
        fix: Some(Fix {
            summary: text!(
                "Let the sender close the channel on every path, or receive in a select with ctx.Done().",
                "让发送方在所有路径上关闭通道，或在 select 中同时等待 ctx.Done()。"
            ),
            before: "for v := range ch { // waits forever if ch is never closed\n\thandle(v)\n}",
            after: "for {\n\tselect {\n\tcase v, ok := <-ch:\n\t\tif !ok {\n\t\t\treturn\n\t\t}\n\t\thandle(v)\n\tcase <-ctx.Done():\n\t\treturn\n\t}\n}",
        }),
        reference: Some("https://go.dev/blog/pipelines"),
        ..Finding::new(analysis, &RULE, &site.groups)
    })
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const RECEIVER: &str = "goroutine N [chan receive, 7 minutes]:\nmain.(*Feed).pump()\n\t/src/feed.go:70 +0x1d\ncreated by main.(*Hub).Subscribe in goroutine P\n\t/src/feed.go:31 +0x2\n";

    fn with_parents(n: u64, parent: impl Fn(u64) -> u64) -> alloc::string::String {
        let parts: alloc::vec::Vec<_> = (0..n).map(|at| RECEIVER.replace('P', &alloc::format!("{}", parent(at)))).collect();
        let parts: alloc::vec::Vec<_> = parts.iter().map(|part| (1, part.as_str())).collect();
        // Goroutine 1 is still there.
        alloc::format!("goroutine 1 [running]:\nmain.main()\n\t/src/main.go:1 +0x1\n\n{}", dump(&parts))
    }

    #[test]
    fn ok_receivers_whose_creators_are_gone() {
        let found = findings(&with_parents(120, |at| 90_000 + at));
        assert_eq!(
            found,
            ["blocked-receivers warning likely 120 feed.go:70 | 120 goroutines wait to receive from a channel at feed.go:70"]
        );
    }

    #[test]
    fn ok_a_pool_is_no_warning() {
        let pool = findings(&with_parents(120, |_| 1));
        assert!(pool.iter().all(|finding| finding.contains(" info possible ")), "{pool:?}");
        assert!(findings(&with_parents(19, |at| 90_000 + at)).is_empty());
    }

    #[test]
    fn ok_counted_text_has_no_direction() {
        let counted = "goroutine profile: total 1200\n1200 @ 0x43e7ae 0x40a5d6 0x40a1f8 0x6f0e85 0x470be1\n#\t0x6f0e84\tmain.(*Feed).pump+0x44\t/src/feed.go:70\n\n";
        let found = findings(counted);
        assert_eq!(
            found,
            ["blocked-receivers warning possible 1200 feed.go:70 | 1,200 goroutines wait on a channel at feed.go:70"]
        );
    }
}
