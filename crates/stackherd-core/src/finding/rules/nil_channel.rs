//! `nil-channel`
#![doc = include_str!("../doc/nil-channel.md")]

use alloc::vec::Vec;

use super::way_out::{self, WayOut};
use crate::finding::{Analysis, Confidence, Detect, Finding, GroupView, Rule, Severity};
use crate::tables::StringId;
use crate::text::{Count, Goroutines, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "nil-channel",
    doc_en: include_str!("../doc/nil-channel.md"),
    doc_zh_cn: include_str!("../doc/nil-channel.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Go `runtime/runtime2.go`, `waitReasonChanReceiveNilChan` and `waitReasonChanSendNilChan`, all versions.
const STATES: [&[u8]; 2] = [b"chan receive (nil chan)", b"chan send (nil chan)"];

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let states: Vec<StringId> = STATES.iter().filter_map(|state| analysis.tables.strings.find(state)).collect();
    if states.is_empty() {
        return Vec::new();
    }
    // Others may stand at the same line with a channel that was made.
    let n_nil = |group: GroupView<'_>| -> u64 {
        group.goroutines().filter(|goroutine| states.contains(&goroutine.wait_reason)).map(|goroutine| goroutine.count()).sum()
    };
    let is_channel = |group: GroupView<'_>| matches!(group.category(), Category::ChanReceive | Category::ChanSend);
    let counts: Vec<(u32, u64)> = analysis
        .suspects()
        .filter(|&group| is_channel(group))
        .map(|group| (group.index(), n_nil(group)))
        .filter(|&(_, n)| n > 0)
        .collect();
    let count = |group: u32| counts.binary_search_by_key(&group, |&(group, _)| group).ok().and_then(|at| counts.get(at));
    let sites = analysis.sites(counts.iter().filter_map(|&(group, _)| analysis.group(group)));
    let mut findings = Vec::new();
    for site in sites {
        let n: u64 = site.groups.iter().filter_map(|&group| count(group)).map(|&(_, n)| n).sum();
        let (goroutines, counted, place) = (Goroutines(n), Count(n), analysis.place_text(site.place));
        let (verb, does, verb_zh) = match site.category {
            Category::ChanSend => ("sending to", "send", "向 nil 通道发送"),
            _ => ("receiving from", "receive", "从 nil 通道接收"),
        };
        let are = if n == 1 { "is" } else { "are" };
        let WayOut { lacks, fix, reference, .. } = way_out::nil_channel();
        findings.push(Finding {
            severity: Severity::Warning,
            confidence: Confidence::Likely,
            title: text!(
                "{goroutines} {are} stuck {verb} a nil channel at {place}",
                "{counted} 个 goroutine 卡在 {place}：{verb_zh}"
            ),
            n_goroutines: n,
            culprit: Some(site.place),
            evidence: alloc::vec![
                text!(
                    "Go prints the state as chan {does} (nil chan): the channel is nil, so no other code can have the other end.",
                    "Go 打印的状态是 chan {does} (nil chan)：通道为 nil，其他代码不可能持有另一端。"
                ),
                lacks,
            ],
            counter_evidence: alloc::vec![text!(
                "Some programs park a goroutine on a nil channel on purpose, as a select without cases would.",
                "有些程序故意用 nil 通道挂起 goroutine，就像没有 case 的 select。"
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

    const RECEIVER: &str = "goroutine N [chan receive (nil chan), 4 minutes]:\nmain.(*Job).wait(...)\n\t/src/job.go:12\ncreated by main.run in goroutine 1\n\t/src/run.go:7 +0x1\n";

    #[test]
    fn ok_one_is_enough() {
        assert_eq!(
            findings(&dump(&[(1, RECEIVER)])),
            ["nil-channel warning likely 1 job.go:12 | 1 goroutine is stuck receiving from a nil channel at job.go:12"]
        );
        let senders = RECEIVER.replace("chan receive (nil chan), 4 minutes", "chan send (nil chan)");
        assert_eq!(
            findings(&dump(&[(3, &senders)])),
            ["nil-channel warning likely 3 job.go:12 | 3 goroutines are stuck sending to a nil channel at job.go:12"]
        );
    }

    #[test]
    fn ok_only_those_with_a_nil_channel_are_counted() {
        let made = RECEIVER.replace(" (nil chan)", "");
        assert!(findings(&dump(&[(2, &made), (3, RECEIVER)]))[0].starts_with("nil-channel warning likely 3 job.go:12"));
    }

    #[test]
    fn ok_a_channel_that_was_made_is_no_nil_channel() {
        let made = RECEIVER.replace(" (nil chan)", "");
        assert!(!findings(&dump(&[(300, &made)])).iter().any(|finding| finding.starts_with("nil-channel")));
    }
}
