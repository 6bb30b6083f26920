//! `select-without-exit`
#![doc = include_str!("../doc/select-without-exit.md")]

use alloc::vec::Vec;

use crate::finding::{Analysis, Detect, Finding, Fix, Rule, Site, weigh};
use crate::text::{Count, Goroutines, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "select-without-exit",
    doc_en: include_str!("../doc/select-without-exit.md"),
    doc_zh_cn: include_str!("../doc/select-without-exit.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let selecting = analysis.suspects().filter(|group| group.category() == Category::Select);
    analysis.sites(selecting).iter().filter_map(|site| finding(analysis, site)).collect()
}

fn finding(analysis: &Analysis<'_>, site: &Site) -> Option<Finding> {
    let weight = weigh(analysis, site).filter(|weight| weight.is_worth_telling(analysis, site))?;
    let (n, goroutines, place) = (Count(site.n_goroutines), Goroutines(site.n_goroutines), analysis.place_text(site.place));
    let mut counter_evidence = weight.counter_evidence;
    counter_evidence.insert(
        0,
        text!(
            "Loops that serve one connection or one subscriber each wait in select as long as it lives.",
            "为单个连接或订阅者服务的循环，会在其存活期间一直停在 select 中。"
        ),
    );
    Some(Finding {
        severity: weight.severity,
        confidence: weight.confidence,
        title: text!("{goroutines} wait in select at {place}", "{n} 个 goroutine 停在 {place} 的 select 中"),
        culprit: Some(site.place),
        evidence: weight.evidence,
        counter_evidence,
        fix: Some(Fix {
            summary: text!(
                "Give the loop a way out: a ctx.Done() case, a context that is cancelled on disconnect, and defer ticker.Stop().",
                "给循环一个出口：增加 ctx.Done() 分支，在断开时取消 context，并 defer ticker.Stop()。"
            ),
            before: "ticker := time.NewTicker(d)\nfor {\n\tselect {\n\tcase <-ticker.C:\n\t\tbeat()\n\tcase v := <-in:\n\t\thandle(v)\n\t}\n}",
            after: "ticker := time.NewTicker(d)\ndefer ticker.Stop()\nfor {\n\tselect {\n\tcase <-ticker.C:\n\t\tbeat()\n\tcase v := <-in:\n\t\thandle(v)\n\tcase <-ctx.Done(): // cancelled when the client is gone\n\t\treturn\n\t}\n}",
        }),
        reference: Some("https://go.dev/blog/context"),
        ..Finding::new(analysis, &RULE, &site.groups)
    })
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const LOOP: &str = "goroutine N [select, 8 minutes]:\nmain.(*Subscription).heartbeat(0xc000)\n\t/src/hub.go:81 +0x1d\ncreated by main.(*Hub).Subscribe\n\t/src/hub.go:31 +0x2\n";

    #[test]
    fn ok_loops_that_never_end() {
        let found = findings(&dump(&[(200, LOOP)]));
        assert_eq!(found, ["select-without-exit warning possible 200 hub.go:81 | 200 goroutines wait in select at hub.go:81"]);
    }

    #[test]
    fn ok_few_or_busy_loops_are_none() {
        assert!(findings(&dump(&[(19, LOOP)])).is_empty());
        assert!(findings(&dump(&[(200, &LOOP.replace("select, 8 minutes", "runnable"))])).is_empty());
    }
}
