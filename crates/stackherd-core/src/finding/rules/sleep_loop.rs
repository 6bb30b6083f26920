//! `sleep-loop`
#![doc = include_str!("../doc/sleep-loop.md")]

use alloc::vec::Vec;

use crate::finding::{Analysis, Detect, Finding, Fix, Rule, Site, weigh};
use crate::text::{Count, Goroutines, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "sleep-loop",
    doc_en: include_str!("../doc/sleep-loop.md"),
    doc_zh_cn: include_str!("../doc/sleep-loop.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let sleeping = analysis.suspects().filter(|group| group.category() == Category::Sleep);
    analysis.sites(sleeping).iter().filter_map(|site| finding(analysis, site)).collect()
}

fn finding(analysis: &Analysis<'_>, site: &Site) -> Option<Finding> {
    let weight = weigh(analysis, site)?;
    let (n, goroutines, place) = (Count(site.n_goroutines), Goroutines(site.n_goroutines), analysis.place_text(site.place));
    let mut counter_evidence = weight.counter_evidence;
    counter_evidence.insert(
        0,
        text!(
            "A sleep ends by itself; whether the loop around it does is not visible in a goroutine dump.",
            "休眠会自行结束；外层循环是否会结束，goroutine 转储中看不到。"
        ),
    );
    Some(Finding {
        severity: weight.severity,
        confidence: weight.confidence,
        title: text!("{goroutines} sleep at {place}", "{n} 个 goroutine 在 {place} 休眠"),
        culprit: Some(site.place),
        evidence: weight.evidence,
        counter_evidence,
        fix: Some(Fix {
            summary: text!(
                "Limit the retries, let the delay grow to a limit, and wake up when the context ends.",
                "限制重试次数，使延迟逐步增长到上限，并在 context 结束时醒来。"
            ),
            before: "for {\n\tif try() == nil {\n\t\treturn\n\t}\n\ttime.Sleep(time.Second)\n}",
            after: "for delay := time.Second; ; delay = min(2*delay, time.Minute) {\n\tif try() == nil {\n\t\treturn nil\n\t}\n\tselect {\n\tcase <-time.After(delay):\n\tcase <-ctx.Done():\n\t\treturn ctx.Err()\n\t}\n}",
        }),
        reference: Some("https://pkg.go.dev/time#After"),
        ..Finding::new(analysis, &RULE, &site.groups)
    })
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const SLEEPER: &str = "goroutine N [sleep, 6 minutes]:\ntime.Sleep(0x34630b8a000)\n\t/usr/lib/go/src/runtime/time.go:195 +0x1\nmain.(*Poller).sleepLoop(0xc000)\n\t/src/poller.go:29 +0x1d\ncreated by main.main\n\t/src/main.go:31 +0x2\n";

    #[test]
    fn ok_many_sleepers() {
        let found = findings(&dump(&[(150, SLEEPER)]));
        assert_eq!(found, ["sleep-loop warning possible 150 poller.go:29 | 150 goroutines sleep at poller.go:29"]);
    }

    #[test]
    fn ok_few_sleepers_are_none() {
        assert!(findings(&dump(&[(19, SLEEPER)])).is_empty());
    }
}
