//! `errgroup-limit-deadlock`
#![doc = include_str!("../doc/errgroup-limit-deadlock.md")]

use alloc::vec::Vec;

use crate::finding::locks::longest_wait;
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity, Site};
use crate::text::{Count, Goroutines, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "errgroup-limit-deadlock",
    doc_en: include_str!("../doc/errgroup-limit-deadlock.md"),
    doc_zh_cn: include_str!("../doc/errgroup-limit-deadlock.zh-CN.md"),
    detect: Detect::Dump(detect),
};

const GO: &str = "golang.org/x/sync/errgroup.(*Group).Go";
/// The goroutine of a task: `Go.func1`, `Go.gowrap1`.
const TASK: &str = "golang.org/x/sync/errgroup.(*Group).Go.";

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let sites = analysis.sites(analysis.suspects().filter(|&group| waits_for_slot(group) && is_task(group)));
    if sites.is_empty() {
        return Vec::new();
    }
    // Tasks that do something else will end and make room.
    let is_other = |group: &GroupView<'_>| is_task(*group) && !waits_for_slot(*group);
    let n_other: u64 = analysis.groups().filter(is_other).map(GroupView::n_goroutines).sum();
    sites.iter().filter_map(|site| finding(analysis, site, n_other)).collect()
}

/// Waits in `(*Group).Go` for one of `SetLimit`'s slots: a send on a buffered channel.
fn waits_for_slot(group: GroupView<'_>) -> bool {
    let is_send = matches!(group.category(), Category::ChanSend | Category::Chan);
    let is_runtime = |name: &&str| name.starts_with("runtime.");
    is_send && group.functions().find(|name| !is_runtime(name)) == Some(GO)
}

fn is_task(group: GroupView<'_>) -> bool {
    group.functions().any(|name| name.starts_with(TASK))
}

fn finding(analysis: &Analysis<'_>, site: &Site, n_other: u64) -> Option<Finding> {
    let max_wait = site.waits(analysis).map(|waits| waits.max);
    let is_old = max_wait >= Some(analysis.thresholds.old_minutes);
    if n_other > 0 && !is_old && site.n_goroutines < analysis.thresholds.pile {
        return None;
    }
    let mut finding = Finding::new(analysis, &RULE, &site.groups);
    (finding.severity, finding.confidence) = match (n_other, is_old) {
        (0, _) => (Severity::Critical, Confidence::Likely),
        (_, true) => (Severity::Warning, Confidence::Likely),
        (_, false) => (Severity::Info, Confidence::Possible),
    };
    let (n, count) = (Goroutines(site.n_goroutines), Count(site.n_goroutines));
    let verb = if site.n_goroutines == 1 { "waits" } else { "wait" };
    // Who called Go, wherever the package lies.
    let caller = site.largest(analysis).and_then(|group| group.frames().get(group.position(GO)? + 1).copied());
    finding.culprit = caller.or(finding.culprit);
    let place = finding.culprit.map(|culprit| analysis.place_text(culprit)).unwrap_or_default();
    finding.title = text!(
        "{n} {verb} in errgroup's Go at {place}, from inside tasks of an errgroup",
        "{count} 个 goroutine 在 {place} 的 errgroup Go 中等待，而它们自己就是 errgroup 的任务"
    );
    finding.evidence.push(text!(
        "A task keeps its slot of SetLimit until it returns; these tasks want another slot first.",
        "任务在返回之前一直占用 SetLimit 的名额；而这些任务要先得到另一个名额。"
    ));
    finding.evidence.push(if n_other == 0 {
        text!(
            "No other task of an errgroup is in the dump, so nobody is left to free a slot.",
            "转储中没有其他 errgroup 任务，因此没有谁能释放名额。"
        )
    } else {
        let n_other = Count(n_other);
        text!(
            "{n_other} other tasks of errgroups are at work and may free slots.",
            "另有 {n_other} 个 errgroup 任务在工作，可能释放名额。"
        )
    });
    finding.evidence.extend(longest_wait(max_wait));
    finding.counter_evidence.push(text!(
        "If the inner Go belongs to another group, it waits for that group's tasks.",
        "若内层的 Go 属于另一个 Group，它等待的就是那个 Group 的任务。"
    ));
    finding.fix = Some(Fix {
        summary: text!(
            "Don't start tasks of a limited group from its own tasks; use a group of their own, or TryGo.",
            "不要在受限 Group 的任务里再向同一个 Group 添加任务；另用一个 Group，或用 TryGo。"
        ),
        before: "\
g.SetLimit(8)
for _, dir := range dirs {
\tg.Go(func() error {
\t\tfor _, file := range list(dir) {
\t\t\tg.Go(func() error { return read(file) }) // all slots are taken by dirs
\t\t}
\t\treturn nil
\t})
}",
        after: "\
g.SetLimit(8)
for _, dir := range dirs {
\tg.Go(func() error {
\t\tfor _, file := range list(dir) {
\t\t\tif err := read(file); err != nil {
\t\t\t\treturn err
\t\t\t}
\t\t}
\t\treturn nil
\t})
}",
    });
    finding.reference = Some("https://pkg.go.dev/golang.org/x/sync/errgroup#Group.SetLimit");
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

    const TASK: &str = "goroutine N [chan send]:\n\
golang.org/x/sync/errgroup.(*Group).Go(0xc000012080, 0xc0000b0100)\n\t/go/pkg/mod/golang.org/x/sync@v0.7.0/errgroup/errgroup.go:71 +0x34\n\
main.walk(0xc000012080, 0x3)\n\t/src/main.go:18 +0x51\n\
golang.org/x/sync/errgroup.(*Group).Go.func1()\n\t/go/pkg/mod/golang.org/x/sync@v0.7.0/errgroup/errgroup.go:78 +0x50\n";
    const PRODUCER: &str = "goroutine N [chan send]:\n\
golang.org/x/sync/errgroup.(*Group).Go(0xc000012080, 0xc0000b0100)\n\t/go/pkg/mod/golang.org/x/sync@v0.7.0/errgroup/errgroup.go:71 +0x34\n\
main.main()\n\t/src/main.go:28 +0x51\n";
    const WORKING: &str = "goroutine N [IO wait]:\n\
main.read()\n\t/src/main.go:40 +0x51\n\
golang.org/x/sync/errgroup.(*Group).Go.func1()\n\t/go/pkg/mod/golang.org/x/sync@v0.7.0/errgroup/errgroup.go:78 +0x50\n";

    #[test]
    fn ok_tasks_that_wait_for_a_slot_and_have_one() {
        assert_eq!(said(&dump(&[(4, TASK), (1, PRODUCER)])), ["errgroup-limit-deadlock critical likely 4 main.go:18"]);
    }

    #[test]
    fn ok_back_pressure_is_no_deadlock() {
        assert_eq!(said(&dump(&[(1, PRODUCER), (4, WORKING)])), [""; 0]);
        assert_eq!(said(&dump(&[(4, TASK), (4, WORKING)])), [""; 0]);
    }
}
