//! `goroutine-per-request`
#![doc = include_str!("../doc/goroutine-per-request.md")]

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity};
use crate::origin::Origin;
use crate::tables::FrameId;
use crate::text::{Count, Goroutines, Percent, text};

pub(super) const RULE: Rule = Rule {
    name: "goroutine-per-request",
    doc_en: include_str!("../doc/goroutine-per-request.md"),
    doc_zh_cn: include_str!("../doc/goroutine-per-request.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// From so many goroutines of one site on; a service has tens to hundreds.
const MIN_GOROUTINES: u64 = 1000;
/// Share of the goroutines that are not idle, in percent.
const MIN_SHARE_PERCENT: u64 = 60;
/// What does the same everywhere is stuck there, which other rules tell.
const MIN_STACKS: usize = 3;
/// The same, for the largest stack: its share of the site, in percent.
const MAX_STACK_PERCENT: u64 = 50;

/// Goroutines that one line started.
#[derive(Debug)]
struct Spawned {
    at: FrameId,
    n_goroutines: u64,
    groups: Vec<u32>,
}

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let mut spawned: Vec<Spawned> = Vec::new();
    let mut known: HashMap<FrameId, usize, FixedState> = HashMap::default();
    let mut n_busy = 0_u64;
    for group in analysis.groups().filter(|group| analysis.idle(group.index()).is_none()) {
        n_busy += group.n_goroutines();
        let Some(at) = started_at(group) else { continue };
        let index = *known.entry(at).or_insert_with(|| {
            spawned.push(Spawned { at, n_goroutines: 0, groups: Vec::new() });
            spawned.len() - 1
        });
        if let Some(site) = spawned.get_mut(index) {
            site.n_goroutines += group.n_goroutines();
            site.groups.push(group.index());
        }
    }
    spawned.iter().filter_map(|site| finding(analysis, site, n_busy)).collect()
}

/// The `go` statement; where none is printed, the function that it started.
fn started_at(group: GroupView<'_>) -> Option<FrameId> {
    let entry = || group.frames().iter().rev().copied().find(|&frame| group.origin(frame) != Origin::Runtime);
    group.created_by().or_else(entry)
}

fn finding(analysis: &Analysis<'_>, site: &Spawned, n_busy: u64) -> Option<Finding> {
    let n = site.n_goroutines;
    let largest = site.groups.first().and_then(|&group| analysis.group(group))?;
    let is_mixed = site.groups.len() >= MIN_STACKS && largest.n_goroutines() * 100 < n.saturating_mul(MAX_STACK_PERCENT);
    if n < MIN_GOROUTINES || n.saturating_mul(100) < n_busy.saturating_mul(MIN_SHARE_PERCENT) || !is_mixed {
        return None;
    }
    let is_creator = largest.created_by() == Some(site.at);
    let (goroutines, counted, share) = (Goroutines(n), Count(n), Percent(n, n_busy));
    let (n_stacks, of_largest) = (Count(site.groups.len() as u64), Percent(largest.n_goroutines(), n));
    let (function, place) = (analysis.function_text(site.at), analysis.place_text(site.at));
    Some(Finding {
        severity: if n >= analysis.thresholds.crowd && is_creator { Severity::Warning } else { Severity::Info },
        confidence: if is_creator { Confidence::Likely } else { Confidence::Possible },
        title: if is_creator {
            text!(
                "{goroutines} were all started at {place}, without a limit that the dump shows",
                "{counted} 个 goroutine 都在 {place} 启动，转储中看不到数量限制"
            )
        } else {
            text!(
                "{goroutines} all run {function}, without a limit that the dump shows",
                "{counted} 个 goroutine 都在运行 {function}，转储中看不到数量限制"
            )
        },
        culprit: Some(site.at),
        created_by: largest.created_by(),
        evidence: alloc::vec![
            text!(
                "{function} started {share} of the goroutines that are not idle.",
                "非空闲 goroutine 中的 {share} 来自 {function}。"
            ),
            text!(
                "They stand in {n_stacks} different stacks, the largest with {of_largest} of them: they are busy with different \
                 steps rather than stuck at one.",
                "它们分布在 {n_stacks} 种不同的栈中，最大的一种占 {of_largest}：它们忙于不同的步骤，而不是卡在同一处。"
            ),
        ],
        counter_evidence: alloc::vec![text!(
            "A burst of load looks the same. If the number falls with the load, nothing leaks.",
            "负载突增时看起来也是这样。若数量随负载回落，就没有泄漏。"
        )],
        fix: Some(Fix {
            summary: text!(
                "Bound how many run at once, with a fixed number of workers or a semaphore.",
                "用固定数量的 worker 或信号量限制同时运行的数量。"
            ),
            before: "for _, item := range items {\n\tgo handle(item)\n}",
            after: "var group errgroup.Group\ngroup.SetLimit(64)\nfor _, item := range items {\n\tgroup.Go(func() error { return handle(item) })\n}\nreturn group.Wait()",
        }),
        reference: Some("https://pkg.go.dev/golang.org/x/sync/errgroup#Group.SetLimit"),
        claims: false,
        ..Finding::new(analysis, &RULE, &site.groups)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::testing::{dump, findings};
    use alloc::format;
    use alloc::string::String;

    fn stack(step: u32) -> String {
        format!(
            "goroutine N [runnable]:\nmain.(*Handler).step{step}()\n\t/src/steps.go:{} +0x1\nmain.(*Handler).handle()\n\t/src/handle.go:9 +0x1\ncreated by main.(*Server).serve in goroutine 1\n\t/src/serve.go:31 +0x1\n",
            step * 10
        )
    }

    fn of_rule(text: &str) -> Vec<String> {
        findings(text).into_iter().filter(|finding| finding.starts_with(RULE.name)).collect()
    }

    #[test]
    fn ok_one_line_starts_most() {
        let stacks = [1, 2, 3].map(stack);
        let text = dump(&[(400, &stacks[0]), (400, &stacks[1]), (300, &stacks[2])]);
        assert_eq!(
            of_rule(&text),
            [
                "goroutine-per-request info likely 1100 serve.go:31 | 1,100 goroutines were all started at serve.go:31, without a limit \
              that the dump shows"
            ]
        );
    }

    #[test]
    fn ok_profiles_show_the_function_instead() {
        let profile: String = (1..=4)
            .map(|step| {
                format!("400 @ 0x{step} 0x9\n#\t0x{step}\tmain.step{step}+0x1\t/src/s.go:{step}\n#\t0x9\tmain.handle+0x1\t/src/h.go:9\n\n")
            })
            .collect();
        let found = of_rule(&format!("goroutine profile: total 1600\n{profile}"));
        assert!(found[0].starts_with("goroutine-per-request info possible 1600 h.go:9 | 1,600 goroutines all run main.handle"));
    }

    #[test]
    fn ok_one_pile_is_no_spread() {
        let stacks = [1, 2, 3].map(stack);
        assert!(of_rule(&dump(&[(900, &stacks[0]), (100, &stacks[1]), (100, &stacks[2])])).is_empty());
        assert!(of_rule(&dump(&[(300, &stacks[0]), (300, &stacks[1]), (300, &stacks[2])])).is_empty());
    }
}
