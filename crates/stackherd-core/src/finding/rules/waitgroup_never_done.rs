//! `waitgroup-never-done`
#![doc = include_str!("../doc/waitgroup-never-done.md")]

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

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
    let sites = analysis.sites(waiting);
    let workers = workers(analysis, &sites);
    sites.iter().zip(&workers).filter_map(|(site, workers)| finding(analysis, site, workers)).collect()
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

/// What the waiters of a site started.
#[derive(Clone, Default)]
struct Started<'a> {
    n_waiters: u64,
    /// Waiters that started a goroutine which is still there.
    n_served: u64,
    n_workers: u64,
    /// The group with most of the workers.
    best: Option<(GroupView<'a>, u64)>,
}

impl<'a> Started<'a> {
    fn add(&mut self, group: GroupView<'a>, n: u64) {
        self.n_workers += n;
        if n > 0 && self.best.is_none_or(|(_, most)| n > most) {
            self.best = Some((group, n));
        }
    }

    fn workers(self, has_parents: bool) -> Workers<'a> {
        match self.best {
            _ if self.n_waiters == 0 => Workers::Unknown,
            None => Workers::Gone(self.n_waiters),
            // Most waiters have nobody left to wait for; the others may just be at work.
            Some(_) if has_parents && self.n_served.saturating_mul(2) < self.n_waiters => {
                Workers::Gone(self.n_waiters - self.n_served)
            }
            Some((group, _)) => Workers::Visible(group, self.n_workers),
        }
    }
}

/// What the waiters of each site started. There may be many sites, so the goroutines are looked at once for all of them.
fn workers<'a>(analysis: &'a Analysis<'_>, sites: &[Site]) -> Vec<Workers<'a>> {
    let mut started: Vec<Started<'a>> = alloc::vec![Started::default(); sites.len()];
    let mut site_of: HashMap<Goid, u32, FixedState> = HashMap::default();
    for ((at, site), started) in (0..).zip(sites).zip(&mut started) {
        let groups = site.groups.iter().filter_map(|&group| analysis.group(group));
        for goid in groups.flat_map(GroupView::goroutines).filter_map(Goroutine::goid) {
            started.n_waiters += u64::from(site_of.insert(goid, at).is_none());
        }
    }
    // Since Go 1.21 each goroutine names its parent; before, only the line of the go statement is known.
    let has_parents = analysis.creators().has_any();
    if has_parents {
        add_children(analysis, &site_of, &mut started);
    } else {
        for (site, started) in sites.iter().zip(&mut started) {
            let function = analysis.function(site.place);
            let is_worker = |group: &GroupView<'_>| group.created_by().is_some() && group.creator().starts_with(function);
            analysis.groups().filter(is_worker).for_each(|group| started.add(group, group.n_goroutines()));
        }
    }
    started.into_iter().map(|started| started.workers(has_parents)).collect()
}

/// Counts the goroutines of each group that waiters started, by the site of the waiter.
fn add_children<'a>(analysis: &'a Analysis<'_>, site_of: &HashMap<Goid, u32, FixedState>, started: &mut [Started<'a>]) {
    let mut served: HashSet<Goid, FixedState> = HashSet::default();
    let mut counts: Vec<u64> = alloc::vec![0; started.len()];
    let mut touched: Vec<u32> = Vec::new();
    for group in analysis.groups() {
        for parent in group.goroutines().filter_map(Goroutine::parent) {
            let Some(&at) = site_of.get(&parent) else { continue };
            let (Some(count), Some(started)) = (counts.get_mut(at as usize), started.get_mut(at as usize)) else { continue };
            if *count == 0 {
                touched.push(at);
            }
            *count += 1;
            started.n_served += u64::from(served.insert(parent));
        }
        for at in touched.drain(..) {
            if let (Some(count), Some(started)) = (counts.get_mut(at as usize), started.get_mut(at as usize)) {
                started.add(group, core::mem::take(count));
            }
        }
    }
}

fn finding(analysis: &Analysis<'_>, site: &Site, workers: &Workers<'_>) -> Option<Finding> {
    let weight = weigh(analysis, site)?;
    let max_wait = site.waits(analysis).map(|waits| waits.max);
    let mut finding = Finding::new(analysis, &RULE, &site.groups);
    finding.severity = weight.severity;
    finding.confidence = weight.confidence;
    match workers {
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
    match workers {
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
