//! `stuck-goroutines`
#![doc = include_str!("../doc/stuck-goroutines.md")]

use alloc::vec::Vec;

use super::across::{Pile, about, at_place, is_notable, piles, said_alone};
use super::growing_group::has_grown;
use crate::compare::sites::group_of;
use crate::compare::span::Span;
use crate::compare::{Compared, ComparedFinding, Mode};
use crate::finding::{Confidence, Detect, Finding, Rule, Severity, Thresholds};
use crate::text::{Count, Goroutines, Percent, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "stuck-goroutines",
    doc_en: include_str!("../doc/stuck-goroutines.md"),
    doc_zh_cn: include_str!("../doc/stuck-goroutines.zh-CN.md"),
    detect: Detect::Dumps(detect),
};

/// Share of the first dump's goroutines that have to be where they were, in percent.
const STUCK_PERCENT: u64 = 90;
/// Between dumps so close to each other goroutines need not move, in minutes.
const MIN_MINUTES: f64 = 0.5;
/// Who sends or wants a lock for so long does not wait for work, in minutes.
const LONG_MINUTES: f64 = 1.0;

fn detect(compared: &Compared<'_>) -> Vec<ComparedFinding> {
    let Some(span) = Span::of(compared).filter(|span| compared.comparison.mode == Mode::Series && span.is_followed) else {
        return Vec::new();
    };
    let stuck = piles(compared, &span).into_iter().filter(|pile| !has_grown(pile));
    let found = |pile: Pile<'_>| {
        let finding = finding(compared, &span, &pile)?;
        Some(ComparedFinding { finding, dump: span.to, dumps: span.dumps.clone() })
    };
    stuck.filter_map(found).collect()
}

fn finding(compared: &Compared<'_>, span: &Span, pile: &Pile<'_>) -> Option<Finding> {
    let n_stuck = pile.lives?.stuck;
    if n_stuck < Thresholds::default().pile || n_stuck.saturating_mul(100) < pile.before.saturating_mul(STUCK_PERCENT) {
        return None;
    }
    let minutes = span.minutes.or_else(|| waited(compared, span, pile));
    if minutes.is_some_and(|minutes| minutes < MIN_MINUTES) {
        return None;
    }
    let (severity, confidence) = judge(pile, minutes);
    if pile.site.finding.is_none() && severity == Severity::Info && !is_notable(compared, span.to, n_stuck) {
        return None;
    }
    let (n, all, share) = (Count(n_stuck), Goroutines(pile.before), Percent(n_stuck, pile.before));
    let (counted, when, at) = (Count(pile.before), span.text(), at_place(compared, &pile.site));
    let (when_en, when_zh, at_en, at_zh) = (&when.en, &when.zh_cn, &at.en, &at.zh_cn);
    let mut evidence = alloc::vec![text!(
        "{share} of those in the first dump are still on the same stack, and their waits went on.",
        "第一份转储中的 {share} 仍停在同一个栈上，等待时间也在继续增加。"
    )];
    if must_go_on(pile.site.category) {
        evidence.push(text!(
            "Pools wait to receive. Who sends or wants a lock has work to do and cannot.",
            "空闲的池等待的是接收。发送者或等锁者手上有活，却无法继续。"
        ));
    }
    evidence.extend(pile.site.finding.map(said_alone));
    let mut counter_evidence = Vec::new();
    if !must_go_on(pile.site.category) {
        counter_evidence.push(text!(
            "A pool of workers without work looks the same: their number does not grow, and nothing is lost if they wait.",
            "没有活干的 worker 池看起来也是这样：数量并不增长，等待也没有损失。"
        ));
    }
    Some(Finding {
        severity,
        confidence,
        title: text!(
            "{n} of {all}{at_en} have not moved {when_en}",
            "{at_zh}的 {counted} 个 goroutine 中有 {n} 个{when_zh}未曾移动"
        ),
        evidence,
        counter_evidence,
        ..about(&RULE, &pile.site, n_stuck)
    })
}

fn judge(pile: &Pile<'_>, minutes: Option<f64>) -> (Severity, Confidence) {
    let is_long = must_go_on(pile.site.category) && minutes.is_some_and(|minutes| minutes >= LONG_MINUTES);
    let plain = if is_long { (Severity::Warning, Confidence::Likely) } else { (Severity::Info, Confidence::Possible) };
    let Some(alone) = pile.site.finding else { return plain };
    // Certain is what the runtime says.
    (plain.0.max(alone.severity), alone.confidence.max(Confidence::Likely))
}

/// Whoever waits in `category` is held back: nobody waits there for work.
const fn must_go_on(category: Category) -> bool {
    matches!(category, Category::ChanSend | Category::Lock)
}

/// Minutes from the first dump to the last by what they print: half of the largest group waits so much longer.
fn waited(compared: &Compared<'_>, span: &Span, pile: &Pile<'_>) -> Option<f64> {
    let row = pile.site.rows(compared).max_by_key(|row| row.lives.map(|lives| lives.stuck))?;
    let half = |dump: u32| Some(group_of(compared, row, dump)?.1.wait_minutes?.p50);
    let longer = half(span.to)?.checked_sub(half(span.from).unwrap_or(0))?;
    // Whole minutes are rounded down: no difference says nothing.
    (longer > 0).then(|| f64::from(longer))
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;
    use core::ops::Range;

    use crate::finding::testing::{dump_of, findings_of_series};

    fn stacks(ids: Range<u64>, state: &str) -> String {
        let stack = format!(
            "goroutine N [{state}]:\nmain.(*Cache).Get()\n\t/src/cache.go:51 +0x1d\ncreated by main.serve in goroutine 7\n\t/src/main.go:56 +0x2\n"
        );
        let main = "goroutine N [chan receive]:\nmain.main()\n\t/src/main.go:9 +0x1\n";
        dump_of(&[(1..2, main), (ids, &stack)])
    }

    #[test]
    fn ok_waiting_for_a_lock_all_the_time() {
        let (before, after) = (stacks(10..40, "sync.Mutex.Lock, 1 minutes"), stacks(10..42, "sync.Mutex.Lock, 4 minutes"));
        let found = findings_of_series(&[(0, &before), (3, &after)]);
        assert_eq!(
            found,
            ["stuck-goroutines warning likely 30 cache.go:51 | 30 of 30 goroutines at cache.go:51 have not moved in 3 minutes"]
        );
    }

    #[test]
    fn ok_a_pool_that_waits_is_no_warning() {
        let (before, after) = (stacks(10..42, "select, 1 minutes"), stacks(10..42, "select, 4 minutes"));
        let found = findings_of_series(&[(0, &before), (3, &after)]);
        let is_loud = |found: &String| found.contains(" warning ") || found.contains(" critical ");
        assert!(!found.iter().any(is_loud), "{found:?}");
    }

    #[test]
    fn ok_who_moves_or_is_one_of_few_is_not_stuck() {
        let [others, few] = [stacks(50..80, "chan send"), stacks(10..29, "chan send, 4 minutes")];
        assert!(findings_of_series(&[(0, &stacks(10..40, "chan send")), (3, &others)]).is_empty());
        assert!(findings_of_series(&[(0, &stacks(10..29, "chan send")), (3, &few)]).is_empty());
        // A wait that began anew.
        let (before, after) = (stacks(10..40, "chan send, 5 minutes"), stacks(10..40, "chan send, 2 minutes"));
        assert!(findings_of_series(&[(0, &before), (3, &after)]).is_empty());
        // A moment later.
        let (before, after) = (stacks(10..40, "chan send"), stacks(10..40, "chan send"));
        let found = findings_of_series(&[(0, &before), (0, &after)]);
        assert!(!found.iter().any(|found| found.contains(" warning ")), "{found:?}");
    }
}
