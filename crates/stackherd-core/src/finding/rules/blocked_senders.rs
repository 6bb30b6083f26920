//! `blocked-senders`
#![doc = include_str!("../doc/blocked-senders.md")]

use alloc::vec::Vec;

use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, Rule, Severity, Site, weigh};
use crate::text::{Count, Goroutines, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "blocked-senders",
    doc_en: include_str!("../doc/blocked-senders.md"),
    doc_zh_cn: include_str!("../doc/blocked-senders.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let senders = analysis.suspects().filter(|group| group.category() == Category::ChanSend);
    analysis.sites(senders).iter().filter_map(|site| finding(analysis, site)).collect()
}

fn finding(analysis: &Analysis<'_>, site: &Site) -> Option<Finding> {
    let mut weight = weigh(analysis, site)?;
    // Pools wait to receive. Who waits to send has work done that nobody takes; a few may be held back for a moment.
    let is_large = site.n_goroutines >= analysis.thresholds.large;
    let is_aged = site.waits(analysis).is_some_and(|waits| waits.p50 >= 1 && u64::from(waits.n_known) * 2 >= site.n_goroutines);
    if is_large || is_aged {
        weight.severity = weight.severity.max(Severity::Warning);
    }
    if is_large && is_aged {
        weight.confidence = weight.confidence.max(Confidence::Likely);
    }
    let (n, goroutines, place) = (Count(site.n_goroutines), Goroutines(site.n_goroutines), analysis.place_text(site.place));
    weight.evidence.push(text!(
        "A send ends when somebody receives or the buffer has room; nobody did.",
        "发送要等到有人接收或缓冲区有空位才会结束；而没有人接收。"
    ));
    weight.counter_evidence.insert(
        0,
        text!(
            "A slow receiver that still takes values looks the same at one moment.",
            "接收方只是较慢但仍在接收时，某一时刻看起来也是这样。"
        ),
    );
    Some(Finding {
        severity: weight.severity,
        confidence: weight.confidence,
        title: text!("{goroutines} are stuck sending on a channel at {place}", "{n} 个 goroutine 卡在 {place} 的通道发送上"),
        culprit: Some(site.place),
        evidence: weight.evidence,
        counter_evidence: weight.counter_evidence,
        fix: Some(Fix {
            summary: text!(
                "Give the channel room for the one value, or let the sender give up when its context ends.",
                "为通道留出一个值的缓冲，或让发送方在 context 结束时放弃。"
            ),
            before: "ch := make(chan T)\ngo func() { ch <- work() }()\nselect {\ncase v := <-ch:\n\treturn v, nil\ncase <-ctx.Done(): // the sender stays behind\n\treturn zero, ctx.Err()\n}",
            after: "ch := make(chan T, 1)\ngo func() { ch <- work() }()\nselect {\ncase v := <-ch:\n\treturn v, nil\ncase <-ctx.Done(): // the value goes into the buffer\n\treturn zero, ctx.Err()\n}",
        }),
        reference: Some("https://go.dev/blog/pipelines"),
        ..Finding::new(analysis, &RULE, &site.groups)
    })
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const SENDER: &str = "goroutine N [chan send, M minutes]:\nmain.(*Searcher).First.func1()\n\t/src/main.go:33 +0x1d\ncreated by main.(*Searcher).First in goroutine 9\n\t/src/main.go:31 +0x2\n";

    #[test]
    fn ok_abandoned_senders() {
        let found = findings(&dump(&[(120, &SENDER.replace("M minutes", "7 minutes"))]));
        assert_eq!(
            found,
            ["blocked-senders warning likely 120 main.go:33 | 120 goroutines are stuck sending on a channel at main.go:33"]
        );
        let fresh = findings(&dump(&[(30, &SENDER.replace(", M minutes", ""))]));
        assert!(fresh[0].starts_with("blocked-senders info possible 30 main.go:33"), "{fresh:?}");
    }

    #[test]
    fn ok_a_few_senders_are_no_pile() {
        assert!(findings(&dump(&[(19, &SENDER.replace("M minutes", "7 minutes"))])).is_empty());
        assert!(findings(&dump(&[(40, &SENDER.replace("chan send, M minutes", "running"))])).is_empty());
    }
}
