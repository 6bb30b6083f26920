//! `lock-cycle`
#![doc = include_str!("../doc/lock-cycle.md")]

use alloc::vec::Vec;

use crate::blocking::{Cycle, Object, nested_methods};
use crate::finding::locks::{Surroundings, is_reader, longest_wait, sentence, waits_in};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity, Site};
use crate::origin::Origin;
use crate::tables::FrameId;
use crate::text::{Count, Goroutines, Text, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "lock-cycle",
    doc_en: include_str!("../doc/lock-cycle.md"),
    doc_zh_cn: include_str!("../doc/lock-cycle.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let mut findings = by_address(analysis);
    let claimed: Vec<u32> = findings.iter().flat_map(|finding| finding.groups.iter().copied()).collect();
    findings.extend(without_addresses(analysis, &claimed));
    findings
}

/// Cycles at the same lines: many pairs of goroutines may have fallen into one mistake.
#[derive(Default)]
struct Story<'a> {
    places: Vec<FrameId>,
    groups: Vec<u32>,
    cycles: Vec<&'a Cycle>,
}

fn by_address(analysis: &Analysis<'_>) -> Vec<Finding> {
    let mut stories: Vec<Story<'_>> = Vec::new();
    for cycle in &analysis.blocking.cycles {
        let groups: Vec<u32> = cycle.steps.iter().filter_map(|&(row, object)| group_of(analysis, row, object)).collect();
        let views: Vec<GroupView<'_>> = groups.iter().filter_map(|&group| analysis.group(group)).collect();
        let is_free = views.iter().all(|group| analysis.is_free(group.index()) && analysis.idle(group.index()).is_none());
        // Reading twice is a story of its own, and so is a Once inside itself.
        let is_read_twice =
            views.len() == 1 && views.iter().all(|&group| is_reader(group) || waits_in(group, "sync.(*Once).doSlow"));
        if views.is_empty() || !is_free || is_read_twice {
            continue;
        }
        let mut places: Vec<FrameId> = views.iter().filter_map(|group| group.place()).collect();
        places.sort_unstable();
        places.dedup();
        let at = stories.iter().position(|story| story.places == places).unwrap_or_else(|| {
            stories.push(Story { places, ..Story::default() });
            stories.len() - 1
        });
        if let Some(story) = stories.get_mut(at) {
            story.groups.extend(groups);
            story.cycles.push(cycle);
        }
    }
    if stories.is_empty() {
        return Vec::new();
    }
    let surroundings = Surroundings::new(analysis);
    stories.iter().filter_map(|story| finding(analysis, &surroundings, story)).collect()
}

fn group_of(analysis: &Analysis<'_>, row: u32, object: u32) -> Option<u32> {
    let object = analysis.blocking.objects.get(object as usize)?;
    let is_member = |group: &u32| analysis.group(*group).is_some_and(|view| view.rows().binary_search(&row).is_ok());
    object.groups.iter().copied().find(is_member)
}

fn finding(analysis: &Analysis<'_>, surroundings: &Surroundings<'_>, story: &Story<'_>) -> Option<Finding> {
    let first = story.cycles.first()?;
    let mut rows: Vec<u32> = story.cycles.iter().flat_map(|cycle| cycle.steps.iter().map(|&(row, _)| row)).collect();
    rows.sort_unstable();
    rows.dedup();
    let mut objects: Vec<u32> = story.cycles.iter().flat_map(|cycle| cycle.steps.iter().map(|&(_, object)| object)).collect();
    objects.sort_unstable();
    objects.dedup();
    let objects: Vec<&Object> = objects.iter().filter_map(|&at| analysis.blocking.objects.get(at as usize)).collect();
    let n_waiters: u64 = objects.iter().map(|object| object.n_waiters).sum();
    let max_wait = objects.iter().filter_map(|object| object.max_wait_minutes).max();
    let is_alone = first.steps.len() == 1;
    let mut finding = Finding::new(analysis, &RULE, &story.groups);
    finding.n_goroutines = rows.len() as u64;
    let is_likely = objects.iter().all(|object| {
        let holders = || object.candidates.iter().filter(|candidate| candidate.confidence == Confidence::Likely);
        holders().count() > 0 && holders().all(|holder| waits_for_lock(analysis, holder.group))
    });
    let is_known = || {
        let group = story.groups.first().and_then(|&group| analysis.group(group));
        group.and_then(|group| nested_methods(analysis, group)).is_some_and(|nested| nested.is_known)
    };
    // Nobody else is there who could hold it.
    let is_closed = views(analysis, &story.groups)
        .filter_map(|group| Some(group.package(group.place()?)))
        .all(|package| !surroundings.is_anyone_at_work(package));
    let is_pile = n_waiters >= analysis.thresholds.pile;
    (finding.severity, finding.confidence) = match () {
        () if !is_alone && is_likely => (Severity::Critical, Confidence::Likely),
        () if !is_alone => (Severity::Warning, Confidence::Possible),
        () if max_wait >= Some(analysis.thresholds.old_minutes) => (Severity::Critical, Confidence::Likely),
        () if (max_wait >= Some(1) || is_pile) && (is_known() || is_closed) => (Severity::Critical, Confidence::Likely),
        () if max_wait >= Some(1) || is_pile => (Severity::Warning, Confidence::Possible),
        () => (Severity::Info, Confidence::Possible),
    };
    let place = analysis.place_text(finding.culprit?);
    let (n, n_count) = (Goroutines(finding.n_goroutines), Count(finding.n_goroutines));
    let verb = if finding.n_goroutines == 1 { "waits" } else { "wait" };
    finding.title = match (is_alone, finding.confidence) {
        (true, _) => text!(
            "{n} {verb} at {place} for a lock that the same goroutine seems to hold",
            "{n_count} 个 goroutine 在 {place} 等待似乎由自己持有的锁"
        ),
        (false, Confidence::Possible) => {
            text!("{n} may wait for each other's locks, at {place}", "{n_count} 个 goroutine 可能在互相等待对方的锁（{place}）")
        }
        (false, _) => {
            text!("{n} wait for each other's locks, at {place}", "{n_count} 个 goroutine 互相等待对方的锁（{place}）")
        }
    };
    for why in first.why.iter().take(4).map(sentence) {
        // Both sides of a pair read the same.
        if !finding.evidence.contains(&why) {
            finding.evidence.push(why);
        }
    }
    let n_more_cycles = story.cycles.len() as u64 - 1;
    if n_more_cycles > 0 {
        let n = Count(n_more_cycles);
        let s = if n_more_cycles == 1 { "" } else { "s" };
        finding.evidence.push(text!("{n} more cycle{s} of this kind at the same lines.", "同样几行处还有 {n} 个这样的环。"));
    }
    let n_behind = n_waiters.saturating_sub(finding.n_goroutines);
    if n_behind > 0 {
        let count = Count(n_behind);
        let (s, verb) = if n_behind == 1 { ("", "waits") } else { ("s", "wait") };
        finding.evidence.push(if is_alone {
            text!(
                "{count} more goroutine{s} {verb} behind it for the same lock.",
                "另有 {count} 个 goroutine 排在它后面等待同一把锁。"
            )
        } else {
            text!(
                "{count} more goroutine{s} {verb} behind them for the same locks.",
                "另有 {count} 个 goroutine 排在它们后面等待同样的锁。"
            )
        });
    }
    finding.evidence.extend(longest_wait(max_wait));
    finding.counter_evidence.push(text!(
        "A dump does not say who holds a lock: the holders are inferred from the addresses in the arguments of their calls.",
        "转储并不记录谁持有锁：持有者是根据各调用参数中的地址推断的。"
    ));
    finding.counter_evidence.push(second_dump());
    finding.fix = Some(if is_alone { fix_again() } else { fix_order() });
    finding.reference = Some("https://pkg.go.dev/sync#Mutex");
    Some(finding)
}

fn views<'a>(analysis: &'a Analysis<'_>, groups: &'a [u32]) -> impl Iterator<Item = GroupView<'a>> {
    groups.iter().filter_map(|&group| analysis.group(group))
}

fn waits_for_lock(analysis: &Analysis<'_>, group: u32) -> bool {
    analysis.group(group).is_some_and(|group| group.category() == Category::Lock)
}

/// Profiles print no addresses. Where everybody inside a package waits for a lock, the holders are among them: those that wait
/// apart from the crowd.
fn without_addresses(analysis: &Analysis<'_>, claimed: &[u32]) -> Vec<Finding> {
    let has_addresses = analysis.blocking.objects.iter().any(|object| object.is_exact);
    let waiting = analysis.suspects().filter(|group| {
        group.category() == Category::Lock
            && !claimed.contains(&group.index())
            && !is_reader(*group)
            && group.place().is_some_and(|place| matches!(group.origin(place), Origin::App | Origin::Dependency))
    });
    let sites = analysis.sites(waiting);
    if has_addresses || sites.len() < 2 {
        return Vec::new();
    }
    let surroundings = Surroundings::new(analysis);
    let package = |site: &Site| site.largest(analysis).map_or("", |group| group.package(site.place));
    let mut findings = Vec::new();
    // The crowd of a package comes before its smaller sites.
    let mut seen: Vec<&str> = Vec::new();
    for crowd in sites.iter().take_while(|site| site.n_goroutines >= analysis.thresholds.pile) {
        let name = package(crowd);
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        if surroundings.is_anyone_at_work(name) {
            continue;
        }
        let inside = || sites.iter().filter(|site| package(site) == name);
        let total: u64 = inside().map(|site| site.n_goroutines).sum();
        let apart = inside().filter(|site| {
            let is_small = site.n_goroutines >= 2 && site.n_goroutines.saturating_mul(4) <= crowd.n_goroutines;
            is_small && analysis.function(site.place) != analysis.function(crowd.place)
        });
        findings.extend(apart.map(|site| apart_from(analysis, site, crowd, total)));
    }
    findings
}

fn apart_from(analysis: &Analysis<'_>, site: &Site, crowd: &Site, total: u64) -> Finding {
    let mut finding = Finding::new(analysis, &RULE, &site.groups);
    finding.severity = Severity::Warning;
    let (n, count) = (Goroutines(site.n_goroutines), Count(site.n_goroutines));
    let (place, function) = (analysis.place_text(site.place), analysis.function_text(site.place));
    let package = function.split('.').next().unwrap_or_default();
    let (crowd_at, n_crowd, total) = (analysis.place_text(crowd.place), Count(crowd.n_goroutines), Count(total));
    finding.title = text!(
        "{n} wait for a lock at {place} and may hold what {n_crowd} others wait for",
        "{count} 个 goroutine 在 {place} 等待锁，同时可能持有另外 {n_crowd} 个 goroutine 等待的锁"
    );
    finding.evidence.push(text!(
        "All {total} goroutines inside package {package} wait for a lock and none of them works, so the holders are likely among them.",
        "{package} 包内的 {total} 个 goroutine 全都在等待锁，没有一个在工作，因此持有者很可能就在其中。"
    ));
    finding.evidence.push(text!(
        "{count} of them wait in {function} at {place}, apart from the {n_crowd} at {crowd_at}.",
        "其中 {count} 个等在 {function}（{place}），与等在 {crowd_at} 的 {n_crowd} 个不同。"
    ));
    finding.counter_evidence.push(text!(
        "This format prints no addresses, so it does not show which lock each of them waits for. A dump with debug=2 does.",
        "这种格式不含地址，看不出各自等待的是哪把锁；debug=2 的转储可以看出。"
    ));
    finding.counter_evidence.push(text!(
        "A function that returned without unlocking, or a lock held for a moment, looks the same.",
        "某个函数返回时忘了解锁，或锁只是被短暂持有，看起来也是这样。"
    ));
    finding.fix = Some(fix_order());
    finding.reference = Some("https://pkg.go.dev/sync#Mutex");
    finding
}

fn second_dump() -> Text {
    text!(
        "If the same goroutines still wait there in a second dump, it is a deadlock.",
        "若第二次转储中同样的 goroutine 仍等在那里，就是死锁。"
    )
}

fn fix_order() -> Fix {
    Fix {
        summary: text!("Take several locks in one order everywhere.", "在所有地方都按同一顺序获取多把锁。"),
        before: "\
func Transfer(from, to *Account, n int64) {
\tfrom.mu.Lock()
\tdefer from.mu.Unlock()
\tto.mu.Lock() // the opposite transfer holds it
\tdefer to.mu.Unlock()
\tfrom.balance -= n
\tto.balance += n
}",
        after: "\
func Transfer(from, to *Account, n int64) {
\tif from.id == to.id {
\t\treturn
\t}
\tfirst, second := from, to
\tif second.id < first.id {
\t\tfirst, second = second, first
\t}
\tfirst.mu.Lock()
\tdefer first.mu.Unlock()
\tsecond.mu.Lock()
\tdefer second.mu.Unlock()
\tfrom.balance -= n
\tto.balance += n
}",
    }
}

fn fix_again() -> Fix {
    Fix {
        summary: text!(
            "Lock in exported methods only, and call unexported ones that expect the lock to be held.",
            "只在导出方法中加锁，再调用要求已持有锁的非导出方法。"
        ),
        before: "\
func (c *Cache) Refresh(key string) {
\tc.mu.Lock()
\tdefer c.mu.Unlock()
\tc.Set(key, load(key)) // Set locks c.mu again
}",
        after: "\
func (c *Cache) Refresh(key string) {
\tvalue := load(key)
\tc.mu.Lock()
\tdefer c.mu.Unlock()
\tc.set(key, value) // expects c.mu to be held
}",
    }
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

    const THERE: &str = "\
goroutine N [sync.Mutex.Lock]:\n\
internal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)\n\t/go/src/runtime/sema.go:95 +0x25\n\
internal/sync.(*Mutex).lockSlow(0xc000018270)\n\t/go/src/internal/sync/mutex.go:149 +0x15d\n\
sync.(*Mutex).Lock(...)\n\t/go/src/sync/mutex.go:46\n\
main.Transfer(0xc000018258, 0xc000018270, 0xa)\n\t/src/main.go:21 +0x9c\n";
    const BACK: &str = "\
goroutine N [sync.Mutex.Lock]:\n\
internal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)\n\t/go/src/runtime/sema.go:95 +0x25\n\
internal/sync.(*Mutex).lockSlow(0xc000018258)\n\t/go/src/internal/sync/mutex.go:149 +0x15d\n\
sync.(*Mutex).Lock(...)\n\t/go/src/sync/mutex.go:46\n\
main.Transfer(0xc000018270, 0xc000018258, 0xa)\n\t/src/main.go:21 +0x9c\n";
    const ELSEWHERE: &str = "\
goroutine N [sync.Mutex.Lock]:\n\
internal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)\n\t/go/src/runtime/sema.go:95 +0x25\n\
internal/sync.(*Mutex).lockSlow(0xc000018258)\n\t/go/src/internal/sync/mutex.go:149 +0x15d\n\
sync.(*Mutex).Lock(...)\n\t/go/src/sync/mutex.go:46\n\
main.Transfer(0xc000018258, 0xc000018288, 0xa)\n\t/src/main.go:18 +0x9c\n";

    #[test]
    fn ok_two_that_wait_for_each_other() {
        assert_eq!(said(&dump(&[(1, THERE), (1, BACK)])), ["lock-cycle critical likely 2 main.go:21"]);
    }

    #[test]
    fn ok_a_chain_is_no_cycle() {
        assert_eq!(said(&dump(&[(1, THERE), (1, ELSEWHERE)])), [""; 0]);
    }

    const COUNTED: &str = "\
goroutine profile: total 42
40 @ 0x1 0x2 0x3 0x4 0x5
#\t0x4\tsync.runtime_SemacquireMutex+0x24\t/go/src/runtime/sema.go:95
#\t0x5\tsync.(*Mutex).Lock+0x27\t/go/src/sync/mutex.go:46
#\t0x6\texample.com/ledger.(*Account).Balance+0x2b\t/src/ledger.go:29

2 @ 0x1 0x2 0x3 0x4 0x6
#\t0x4\tsync.runtime_SemacquireMutex+0x24\t/go/src/runtime/sema.go:95
#\t0x5\tsync.(*Mutex).Lock+0x27\t/go/src/sync/mutex.go:46
#\t0x7\texample.com/ledger.Transfer+0x7d\t/src/ledger.go:21

";

    #[test]
    fn ok_without_addresses_those_apart_are_suspected() {
        assert_eq!(said(COUNTED), ["lock-cycle warning possible 2 ledger.go:21"]);
    }

    #[test]
    fn ok_where_somebody_works_is_no_cycle() {
        let working = "1 @ 0x8 0x9\n#\t0x8\texample.com/ledger.(*Account).Sum+0x2b\t/src/ledger.go:40\n\n";
        let text = alloc::format!("{}{working}", COUNTED.replace("total 42", "total 43"));
        assert_eq!(said(&text), [""; 0]);
    }
}
