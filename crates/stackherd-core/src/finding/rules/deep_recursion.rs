//! `deep-recursion`
#![doc = include_str!("../doc/deep-recursion.md")]

use alloc::vec::Vec;

use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity};
use crate::tables::{FrameId, StringId};
use crate::text::{Count, text};

pub(super) const RULE: Rule = Rule {
    name: "deep-recursion",
    doc_en: include_str!("../doc/deep-recursion.md"),
    doc_zh_cn: include_str!("../doc/deep-recursion.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Most functions that call each other in a circle.
const MAX_PERIOD: usize = 8;
/// Frames that have to repeat. Go prints 100 of a deep stack, the first 50 and the last.
const MIN_FRAMES: usize = 50;
/// The same, where Go left frames out and the cycle starts anew behind the gap.
const MIN_FRAMES_ELIDED: usize = 20;
/// Findings of one dump; one bug shows at many depths.
const MAX_FINDINGS: usize = 5;

/// Functions that call each other again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cycle {
    /// How many functions it has.
    period: usize,
    /// Frames that it covers.
    n_frames: usize,
    /// The first of them from the leaf.
    start: usize,
}

impl Cycle {
    /// The longest one in `names`, with the fewest functions. `O(names)`.
    fn find(names: &[StringId]) -> Option<Self> {
        let mut best: Option<Self> = None;
        for period in 1..=MAX_PERIOD {
            let mut n_equal = 0;
            for (at, (name, next)) in names.iter().zip(names.iter().skip(period)).enumerate() {
                n_equal = if name == next { n_equal + 1 } else { 0 };
                let n_frames = n_equal + period;
                if n_equal >= 2 * period && best.is_none_or(|best| n_frames > best.n_frames) {
                    best = Some(Self { period, n_frames, start: at + 1 - n_equal });
                }
            }
        }
        best
    }
}

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    // What overflowed is looked at whatever its size.
    let overflowed = analysis.snapshot.crash().filter(|crash| crash.message.starts_with("stack overflow"));
    let overflowed = overflowed.and_then(|crash| crash.goid);
    let mut findings: Vec<(FrameId, Finding)> = Vec::new();
    for group in analysis.groups().filter(|group| group.frames().len() >= MIN_FRAMES_ELIDED) {
        let names: Vec<StringId> = group.frames().iter().map(|&frame| analysis.tables.frames.get(frame).function).collect();
        let Some(cycle) = Cycle::find(&names) else { continue };
        let min_frames = if group.is_elided() { MIN_FRAMES_ELIDED } else { MIN_FRAMES };
        if cycle.n_frames < min_frames {
            continue;
        }
        let Some(place) = place(analysis, group, cycle) else { continue };
        let is_overflow =
            overflowed.is_some() && group.goroutines().take(MIN_FRAMES).any(|goroutine| goroutine.goid() == overflowed);
        if let Some((_, finding)) = findings.iter_mut().find(|(known, _)| *known == place) {
            finding.groups.push(group.index());
            finding.n_goroutines += group.n_goroutines();
        } else if findings.len() < MAX_FINDINGS || is_overflow {
            findings.push((place, finding(analysis, group, cycle, place, is_overflow)));
        }
    }
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// The call of the cycle that a reader can change: the first one of the application.
fn place(analysis: &Analysis<'_>, group: GroupView<'_>, cycle: Cycle) -> Option<FrameId> {
    let frames = group.frames().get(cycle.start..cycle.start + cycle.period)?;
    // By name, so that it does not matter at which of its calls the stack was taken.
    let key = |&&frame: &&FrameId| (group.origin(frame), analysis.function(frame), analysis.place_text(frame));
    frames.iter().min_by_key(key).copied()
}

fn finding(analysis: &Analysis<'_>, group: GroupView<'_>, cycle: Cycle, place: FrameId, is_overflow: bool) -> Finding {
    let (n_frames, n_functions) = (Count(cycle.n_frames as u64), cycle.period);
    let (function, at) = (analysis.function_text(place), analysis.place_text(place));
    let mut evidence = alloc::vec![match n_functions {
        1 => text!(
            "{function} calls itself: {n_frames} frames in a row are the same function.",
            "{function} 调用自身：连续 {n_frames} 帧是同一个函数。"
        ),
        _ => text!(
            "{n_functions} functions call each other in a circle, over {n_frames} frames.",
            "{n_functions} 个函数循环互相调用，共 {n_frames} 帧。"
        ),
    }];
    if group.is_elided() {
        evidence.push(text!(
            "Go left frames in the middle out, so the stack is deeper than what is printed.",
            "Go 省略了中间的帧，因此实际的栈比打印出来的更深。"
        ));
    }
    if is_overflow {
        evidence.push(text!(
            "The stack reached Go's limit, 1 GB on 64-bit systems, and the process ended.",
            "栈达到 Go 的上限（64 位系统为 1 GB），进程因此结束。"
        ));
    }
    Finding {
        severity: if is_overflow { Severity::Warning } else { Severity::Info },
        confidence: if is_overflow { Confidence::Certain } else { Confidence::Possible },
        title: text!("{function} recurses over {n_frames} frames at {at}", "{function} 在 {at} 递归达 {n_frames} 帧"),
        culprit: Some(place),
        evidence,
        counter_evidence: if is_overflow {
            Vec::new()
        } else {
            alloc::vec![text!(
                "Walking a deep tree or parsing nested input recurses as well, and ends.",
                "遍历很深的树或解析嵌套的输入也会递归，但会结束。"
            )]
        },
        fix: Some(Fix {
            summary: text!(
                "Check the case that ends the recursion, and bound its depth where the input decides it.",
                "检查终止递归的条件；深度由输入决定时要加以限制。"
            ),
            before: "func (n *Node) walk() {\n\tfor _, child := range n.children {\n\t\tchild.walk() // a cycle in the data never ends\n\t}\n}",
            after: "func (n *Node) walk(depth int) error {\n\tif depth > maxDepth {\n\t\treturn errTooDeep\n\t}\n\tfor _, child := range n.children {\n\t\tif err := child.walk(depth + 1); err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n\treturn nil\n}",
        }),
        reference: Some("https://pkg.go.dev/runtime/debug#SetMaxStack"),
        claims: false,
        ..Finding::new(analysis, &RULE, &[group.index()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::testing::findings;
    use alloc::format;
    use alloc::string::String;

    fn stack(functions: &[&str], n: usize) -> String {
        let frames: String =
            functions.iter().cycle().take(n).map(|name| format!("main.{name}(0x1)\n\t/src/walk.go:9 +0x1\n")).collect();
        format!("goroutine 7 [running]:\n{frames}main.main()\n\t/src/main.go:3 +0x1\n")
    }

    fn of_rule(text: &str) -> Vec<String> {
        findings(text).into_iter().filter(|finding| finding.starts_with(RULE.name)).collect()
    }

    #[test]
    fn ok_a_function_that_calls_itself() {
        assert_eq!(
            of_rule(&stack(&["walk"], 60)),
            ["deep-recursion info possible 1 walk.go:9 | main.walk recurses over 60 frames at walk.go:9"]
        );
        assert!(of_rule(&stack(&["walk", "visit", "enter"], 60))[0].contains("recurses over 60 frames"));
    }

    #[test]
    fn ok_gaps_and_overflows() {
        let frames = "main.walk(0x1)\n\t/src/walk.go:9 +0x1\n".repeat(30);
        let stack = format!("goroutine 7 [running]:\n{frames}...312 frames elided...\n{frames}");
        assert!(of_rule(&stack)[0].starts_with("deep-recursion info possible 1 walk.go:9"));
        let crash = format!("runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\n\n{stack}");
        assert!(of_rule(&crash)[0].starts_with("deep-recursion warning certain 1 walk.go:9"));
    }

    #[test]
    fn ok_a_deep_stack_is_no_recursion() {
        assert!(of_rule(&stack(&["walk"], 40)).is_empty());
        let different: String = (0..90).map(|n| format!("main.f{n}(0x1)\n\t/src/f.go:{} +0x1\n", n + 1)).collect();
        assert!(of_rule(&format!("goroutine 7 [running]:\n{different}")).is_empty());
    }

    #[test]
    fn ok_the_smallest_period_wins() {
        let mut tables = crate::tables::Tables::default();
        let mut names = |names: &str| -> Vec<StringId> { names.bytes().map(|name| tables.strings.intern(&[name])).collect() };
        assert_eq!(Cycle::find(&names("xaaaaay")), Some(Cycle { period: 1, n_frames: 5, start: 1 }));
        assert_eq!(Cycle::find(&names("xabababy")), Some(Cycle { period: 2, n_frames: 6, start: 1 }));
        assert_eq!(Cycle::find(&names("abcdefgh")), None);
    }
}
