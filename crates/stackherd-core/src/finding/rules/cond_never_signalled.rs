//! `cond-never-signalled`
#![doc = include_str!("../doc/cond-never-signalled.md")]

use alloc::vec::Vec;

use crate::blocking::ObjectKind;
use crate::finding::locks::{Surroundings, longest_wait, waits_in};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, Rule, Severity, Site, weigh};
use crate::text::{Count, Goroutines, text};

pub(super) const RULE: Rule = Rule {
    name: "cond-never-signalled",
    doc_en: include_str!("../doc/cond-never-signalled.md"),
    doc_zh_cn: include_str!("../doc/cond-never-signalled.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let sites = analysis.sites(analysis.suspects().filter(|&group| waits_in(group, "sync.(*Cond).Wait")));
    if sites.is_empty() {
        return Vec::new();
    }
    let surroundings = Surroundings::new(analysis);
    sites.iter().filter_map(|site| finding(analysis, &surroundings, site)).collect()
}

fn finding(analysis: &Analysis<'_>, surroundings: &Surroundings<'_>, site: &Site) -> Option<Finding> {
    let weight = weigh(analysis, site)?;
    let max_wait = site.waits(analysis).map(|waits| waits.max);
    let is_old = max_wait >= Some(analysis.thresholds.old_minutes);
    let n_conds = analysis.blocking.objects.iter().filter(|object| {
        object.kind == ObjectKind::Cond && object.is_exact && object.groups.iter().any(|group| site.groups.contains(group))
    });
    let n_conds = n_conds.count() as u64;
    // Workers of a pool share the Cond of their queue. One Cond for each goroutine is what requests have.
    let is_each_alone = n_conds >= 2 && n_conds.saturating_mul(2) >= site.n_goroutines;
    let mut finding = Finding::new(analysis, &RULE, &site.groups);
    finding.severity = if is_each_alone && is_old { weight.severity.max(Severity::Warning) } else { weight.severity };
    finding.confidence = if is_each_alone && is_old { Confidence::Likely } else { weight.confidence };
    let (n, count) = (Goroutines(site.n_goroutines), Count(site.n_goroutines));
    let place = analysis.place_text(site.place);
    finding.title = text!("{n} wait in sync.Cond.Wait at {place}", "{count} 个 goroutine 在 {place} 的 sync.Cond.Wait 中等待");
    match n_conds {
        0 => {}
        1 => finding.evidence.push(text!(
            "All of them whose Cond is known wait for the same one: one Signal wakes one of them, Broadcast all.",
            "凡能看出 Cond 的，等的都是同一个：Signal 只唤醒一个，Broadcast 唤醒全部。"
        )),
        _ => {
            let n_conds = Count(n_conds);
            finding.evidence.push(text!(
                "They wait for {n_conds} different Conds, so this is no pool at one queue.",
                "它们等待 {n_conds} 个不同的 Cond，因此不是守着同一队列的工作池。"
            ));
        }
    }
    finding.evidence.extend(weight.evidence);
    if finding.evidence.len() < 4 {
        finding.evidence.extend(longest_wait(max_wait));
    }
    finding.counter_evidence = weight.counter_evidence;
    let package = site.largest(analysis).map_or("", |group| group.package(site.place));
    if n_conds <= 1 {
        finding.counter_evidence.push(text!(
            "Workers that wait for work look the same, and they are no leak.",
            "等待任务的工作 goroutine 看起来一样，而它们不是泄漏。"
        ));
    } else if surroundings.is_anyone_at_work(package) {
        finding.counter_evidence.push(text!(
            "Others inside the same package are at work and may still signal.",
            "同一包内还有其他 goroutine 在工作，仍可能发出信号。"
        ));
    }
    finding.fix = Some(Fix {
        summary: text!(
            "Change the condition under the lock and Broadcast on every change, closing included; prefer a channel where one can be closed.",
            "在持锁时修改条件，并在每次变化（包括关闭）时 Broadcast；能用可关闭的通道时优先用通道。"
        ),
        before: "\
func (q *Queue) Close() {
\tq.closed = true // waiters sleep on
}",
        after: "\
func (q *Queue) Close() {
\tq.mu.Lock()
\tq.closed = true
\tq.mu.Unlock()
\tq.cond.Broadcast()
}",
    });
    finding.reference = Some("https://pkg.go.dev/sync#Cond");
    Some(finding)
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use crate::finding::testing::{dump, findings};

    fn said(text: &str) -> Vec<String> {
        let mine = |line: &String| line.starts_with(super::RULE.name);
        let short = |line: String| line.split(" | ").next().map(String::from);
        findings(text).into_iter().filter(mine).filter_map(short).collect()
    }

    const WAITER: &str = "goroutine N [sync.Cond.Wait, 17 minutes]:\n\
sync.runtime_notifyListWait(0xc0000a00d0, 0x0)\n\t/go/src/runtime/sema.go:587 +0x159\n\
sync.(*Cond).Wait(0x0?)\n\t/go/src/sync/cond.go:71 +0x85\n\
main.(*Reply).Wait(0xc0000a00a0)\n\t/src/main.go:26 +0x6a\n";

    #[test]
    fn ok_each_waits_for_its_own() {
        let own: Vec<String> =
            (0..30_u32).map(|n| WAITER.replace("a00d0", &alloc::format!("{:05x}", 0xa00d0 + n * 64))).collect();
        let text = dump(&own.iter().map(|waiter| (1, waiter.as_str())).collect::<Vec<_>>()).replace("\n\n\n", "\n\n");
        assert_eq!(said(&text), ["cond-never-signalled warning likely 30 main.go:26"]);
    }

    #[test]
    fn ok_few_are_no_pile() {
        assert_eq!(said(&dump(&[(6, WAITER)])), [""; 0]);
    }
}
