//! `waitgroup-never-done`
#![doc = include_str!("../doc/waitgroup-never-done.md")]

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use crate::blocking::words::does;
use crate::finding::locks::{longest_wait, waits_in};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity, Site, weigh};
use crate::snapshot::{Goid, Goroutine};
use crate::text::{Count, Goroutines, Text, text};

pub(super) const RULE: Rule = Rule {
    name: "waitgroup-never-done",
    doc_en: include_str!("../doc/waitgroup-never-done.md"),
    doc_zh_cn: include_str!("../doc/waitgroup-never-done.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let waiting = analysis.suspects().filter(|&group| waits_in(group, "sync.(*WaitGroup).Wait"));
    analysis.sites(waiting).iter().filter_map(|site| finding(analysis, site)).collect()
}

/// The goroutines that the waiters started, as far as they are in the dump.
enum Workers<'a> {
    /// The format does not say who started whom.
    Unknown,
    /// So many of the waiters have none left.
    Gone(u64),
    /// The largest group of them, and how many there are.
    Visible(GroupView<'a>, u64),
}

fn workers<'a>(analysis: &'a Analysis<'_>, site: &Site) -> Workers<'a> {
    let groups = || site.groups.iter().filter_map(|&group| analysis.group(group));
    let waiters: HashSet<Goid, FixedState> = groups().flat_map(GroupView::goroutines).filter_map(Goroutine::goid).collect();
    if waiters.is_empty() {
        return Workers::Unknown;
    }
    // Since Go 1.21 each goroutine names its parent; before, only the line of the go statement is known.
    let has_parents = analysis.ancestry.has_parents || groups().any(|group| group.parents().n_known > 0);
    let function = analysis.function(site.place);
    let mut best: Option<(GroupView<'a>, u64)> = None;
    let mut n_workers = 0;
    let mut served: HashSet<Goid, FixedState> = HashSet::default();
    for group in analysis.groups() {
        let n = if has_parents {
            let parents = || group.goroutines().filter_map(Goroutine::parent).filter(|parent| waiters.contains(parent));
            served.extend(parents());
            parents().count() as u64
        } else if group.created_by().is_some() && group.creator().starts_with(function) {
            group.n_goroutines()
        } else {
            0
        };
        n_workers += n;
        if n > 0 && best.is_none_or(|(_, most)| n > most) {
            best = Some((group, n));
        }
    }
    let n_waiters = waiters.len() as u64;
    match best {
        None => Workers::Gone(n_waiters),
        // Most waiters have nobody left to wait for; the others may just be at work.
        Some(_) if has_parents && (served.len() as u64).saturating_mul(2) < n_waiters => {
            Workers::Gone(n_waiters - served.len() as u64)
        }
        Some((group, _)) => Workers::Visible(group, n_workers),
    }
}

fn finding(analysis: &Analysis<'_>, site: &Site) -> Option<Finding> {
    let weight = weigh(analysis, site)?;
    let max_wait = site.waits(analysis).map(|waits| waits.max);
    let workers = workers(analysis, site);
    let mut finding = Finding::new(analysis, &RULE, &site.groups);
    finding.severity = weight.severity;
    finding.confidence = weight.confidence;
    match &workers {
        Workers::Gone(_) => {
            finding.severity = finding.severity.max(Severity::Warning);
            finding.confidence = Confidence::Likely;
        }
        // Whoever waits for workers that are still there waits rightly; what is wrong, if anything, is where those are.
        Workers::Visible(..) => finding.severity = Severity::Info,
        Workers::Unknown => {}
    }
    let (n, count) = (Goroutines(site.n_goroutines), Count(site.n_goroutines));
    let place = analysis.place_text(site.place);
    finding.title = match workers {
        Workers::Gone(_) => text!(
            "{n} wait for a WaitGroup at {place}, and the goroutines they started are gone",
            "{count} 个 goroutine 在 {place} 等待 WaitGroup，而它们启动的 goroutine 已不在"
        ),
        _ => text!("{n} wait for a WaitGroup at {place}", "{count} 个 goroutine 在 {place} 等待 WaitGroup"),
    };
    match &workers {
        Workers::Gone(n_alone) => {
            let (n_alone, all) = (Count(*n_alone), Count(site.n_goroutines));
            finding.evidence.push(text!(
                "{n_alone} of these {all} have no goroutine left that they started: a worker ended without Done, or Add counted too many.",
                "这 {all} 个之中有 {n_alone} 个启动的 goroutine 已一个不剩：有的没有执行 Done 就结束了，或 Add 计多了。"
            ));
        }
        Workers::Visible(group, n_workers) => {
            let Text { en, zh_cn } = does(analysis, *group, group.waits().map(|waits| waits.max));
            let (all, n_workers) = (Goroutines(*n_workers), Count(*n_workers));
            let started = group.created_by().map(|frame| analysis.place_text(frame)).unwrap_or_default();
            finding.evidence.push(text!(
                "{all} that they started at {started} are in the dump; a typical one {en}.",
                "它们在 {started} 启动的 {n_workers} 个 goroutine 仍在；典型的一个{zh_cn}。"
            ));
        }
        Workers::Unknown => {}
    }
    finding.evidence.extend(weight.evidence);
    if finding.evidence.len() < 4 {
        finding.evidence.extend(longest_wait(max_wait));
    }
    finding.counter_evidence = weight.counter_evidence;
    finding.counter_evidence.push(match workers {
        Workers::Gone(_) => text!(
            "Done may be called by goroutines that somebody else started, such as those of a pool.",
            "Done 也可能由他人启动的 goroutine（如工作池）执行。"
        ),
        Workers::Visible(..) => text!(
            "While the workers are at work, waiting for them is right; look at what they wait for.",
            "只要工作 goroutine 还在工作，等待它们就是正常的；应看它们在等什么。"
        ),
        Workers::Unknown => text!(
            "This format does not say who started whom. A dump with debug=2 shows whether the workers are still there.",
            "这种格式不记录由谁启动；debug=2 的转储能看出工作 goroutine 是否仍在。"
        ),
    });
    finding.fix = Some(Fix {
        summary: text!(
            "Call Done on every way out: defer it first thing, or use WaitGroup.Go (Go 1.25).",
            "确保每条路径都执行 Done：在开头 defer，或使用 WaitGroup.Go（Go 1.25）。"
        ),
        before: "\
for _, r := range records {
\twg.Add(1)
\tgo func() {
\t\tif err := handle(r); err != nil {
\t\t\treturn // Done is missing
\t\t}
\t\twg.Done()
\t}()
}
wg.Wait()",
        after: "\
for _, r := range records {
\twg.Add(1)
\tgo func() {
\t\tdefer wg.Done()
\t\tif err := handle(r); err != nil {
\t\t\tlog.Print(err)
\t\t}
\t}()
}
wg.Wait()",
    });
    finding.reference = Some("https://pkg.go.dev/sync#WaitGroup");
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

    const WAITER: &str = "goroutine N [sync.WaitGroup.Wait]:\n\
sync.runtime_SemacquireWaitGroup(0xc000012f30?)\n\t/go/src/runtime/sema.go:110 +0x25\n\
sync.(*WaitGroup).Wait(0x0?)\n\t/go/src/sync/waitgroup.go:118 +0x48\n\
main.(*Batch).Run(0xc00001e0a0)\n\t/src/batch.go:24 +0xd6\n\
created by main.main in goroutine 1\n\t/src/batch.go:40 +0x5c\n";

    #[test]
    fn ok_workers_that_are_gone() {
        assert_eq!(said(&dump(&[(30, WAITER)])), ["waitgroup-never-done warning likely 30 batch.go:24"]);
    }

    #[test]
    fn ok_a_few_waiters_are_no_leak() {
        assert_eq!(said(&dump(&[(3, WAITER)])), [""; 0]);
    }

    #[test]
    fn ok_profiles_say_less() {
        let text = "goroutine profile: total 30\n30 @ 0x1 0x2 0x3 0x4\n\
#\t0x4\tsync.runtime_SemacquireWaitGroup+0x24\t/go/src/runtime/sema.go:110\n\
#\t0x5\tsync.(*WaitGroup).Wait+0x47\t/go/src/sync/waitgroup.go:118\n\
#\t0x6\tmain.(*Batch).Run+0xd5\t/src/batch.go:24\n\n";
        let said = said(text);
        assert!(said[0].ends_with(" possible 30 batch.go:24"), "{said:?}");
    }
}
