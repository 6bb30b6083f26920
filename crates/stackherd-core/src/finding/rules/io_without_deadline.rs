//! `io-without-deadline`
#![doc = include_str!("../doc/io-without-deadline.md")]

use alloc::vec::Vec;

use crate::finding::story::{by_place, finding, grade, median_minutes};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity, Site};
use crate::origin::Origin;
use crate::text::{Count, minutes, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "io-without-deadline",
    doc_en: include_str!("../doc/io-without-deadline.md"),
    doc_zh_cn: include_str!("../doc/io-without-deadline.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let mut sites = by_place(analysis.suspects().filter(|&group| waits_for_a_peer(group)));
    sites.retain(|site| site.n_goroutines >= analysis.thresholds.pile);
    sites.iter().filter_map(|site| at(analysis, site)).collect()
}

/// In the network poller, under code outside the standard library.
fn waits_for_a_peer(group: GroupView<'_>) -> bool {
    let has_code = group.frames().iter().any(|&frame| matches!(group.origin(frame), Origin::App | Origin::Dependency));
    group.category() == Category::Io && has_code
}

fn at(analysis: &Analysis<'_>, site: &Site) -> Option<Finding> {
    let waited = median_minutes(analysis, site);
    let is_old = waited >= analysis.thresholds.old_minutes;
    // A busy server waits for its peers all the time.
    let is_known = site.waits(analysis).is_some();
    if is_known && !is_old && site.n_goroutines < analysis.thresholds.crowd / 10 {
        return None;
    }
    // Silent peers are ordinary, too; only very many old ones are not.
    let graded = match grade(analysis, site.n_goroutines, waited) {
        (Severity::Critical, _) if is_old => (Severity::Warning, Confidence::Possible),
        (_, _) if site.n_goroutines >= analysis.thresholds.crowd => (Severity::Warning, Confidence::Possible),
        _ => (Severity::Info, Confidence::Possible),
    };
    let mut finding = finding(analysis, &RULE, site, &[], graded);
    (finding.severity, finding.confidence) = graded;
    let group = site.largest(analysis)?;
    let is_write = group.functions().any(|name| name == "internal/poll.(*pollDesc).waitWrite");
    let n = Count(site.n_goroutines);
    let place = analysis.place_text(site.place);
    let half = minutes(waited);
    finding.title = match (is_write, waited) {
        (false, 0) => {
            text!("{n} goroutines read from silent peers at {place}", "{n} 个 goroutine 在 {place} 读取没有动静的对端")
        }
        (true, 0) => text!("{n} goroutines write to slow peers at {place}", "{n} 个 goroutine 在 {place} 写入迟缓的对端"),
        (false, _) => {
            let (en, zh_cn) = (half.en, half.zh_cn);
            text!(
                "{n} goroutines read from silent peers at {place}, half of them for at least {en}",
                "{n} 个 goroutine 在 {place} 读取没有动静的对端，其中一半至少等了 {zh_cn}"
            )
        }
        (true, _) => {
            let (en, zh_cn) = (half.en, half.zh_cn);
            text!(
                "{n} goroutines write to slow peers at {place}, half of them for at least {en}",
                "{n} 个 goroutine 在 {place} 写入迟缓的对端，其中一半至少等了 {zh_cn}"
            )
        }
    };
    let function = analysis.function_text(site.place);
    finding.evidence.insert(
        0,
        text!(
            "All {n} wait in the network poller below {function}. Without a deadline, a peer that vanished is not noticed until TCP gives up, and a reader may never notice.",
            "{n} 个全部停在 {function} 之下的网络轮询器里。没有截止时间，对端消失要到 TCP 放弃时才会发现，读取方可能永远发现不了。"
        ),
    );
    finding.counter_evidence.insert(
        0,
        text!(
            "A dump shows neither deadlines nor whether the peer is alive: idle clients of a server look the same. Compare the number with the connections you expect.",
            "转储既不显示截止时间，也不显示对端是否还在：服务端的空闲客户端看起来一样。请与预期的连接数比较。"
        ),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "Set a deadline before each read and write; use keep-alives or pings for connections that may be silent.",
            "每次读写前设置截止时间；对可能长时间安静的连接使用 keep-alive 或 ping。"
        ),
        before: "n, err := conn.Read(buf) // waits as long as the peer is silent\n",
        after: "if err := conn.SetReadDeadline(time.Now().Add(2 * time.Minute)); err != nil {\n\treturn err\n}\nn, err := conn.Read(buf)\n",
    });
    finding.reference = Some("https://pkg.go.dev/net#Conn");
    Some(finding)
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const READER: &str = "
goroutine N [IO wait, 200 minutes]:
internal/poll.runtime_pollWait(0x7f3c1c0e2d08, 0x72)
\t/usr/local/go/src/runtime/netpoll.go:351 +0x85
net.(*conn).Read(0xc000142000, {0xc000134000, 0x1000, 0x1000})
\t/usr/local/go/src/net/net.go:194 +0x45
main.(*Session).run(0xc00013a000)
\t/src/app/session.go:48 +0x45
created by main.serve in goroutine 21
\t/src/app/session.go:42 +0x205
";

    #[test]
    fn ok_silent_peers() {
        let lines = findings(&dump(&[(12_000, READER)]));
        assert!(
            lines[0].starts_with(
                "io-without-deadline warning possible 12000 session.go:48 | 12,000 goroutines read from silent peers at \
                 session.go:48, half of them for at least 3 h 20 min"
            ),
            "{lines:?}"
        );
        let lines = findings(&dump(&[(300, READER)]));
        assert!(lines[0].starts_with("io-without-deadline info possible 300 session.go:48"), "{lines:?}");
    }

    #[test]
    fn ok_clients_that_just_spoke_are_no_finding() {
        let fresh = READER.replace("200 minutes", "1 minutes");
        assert_eq!(findings(&dump(&[(300, &fresh)])), [""; 0]);
        assert_eq!(findings(&dump(&[(19, READER)])), [""; 0]);
    }
}
