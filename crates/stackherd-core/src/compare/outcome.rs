//! What became of the leaks of the baseline.

use alloc::vec::Vec;

use super::sites::{Places, finding_of, group_of};
use super::stack_diff::nearest;
use super::{Compared, Mode, Relation, Row, Status};
use crate::finding::{Severity, Thresholds};
use crate::tables::{FrameId, StackId};
use crate::text::{Count, Text, text};

/// A leak is mended when so little of it is left, in percent, and fewer than [`Thresholds::pile`].
const LEFT_PERCENT: u64 = 25;
/// Or so little of a large one, in percent, and fewer than [`Thresholds::large`].
const LEFT_OF_LARGE_PERCENT: u64 = 1;
/// The leaks together are much smaller when so much is left, in percent.
const MUCH_SMALLER_PERCENT: u64 = 50;
/// They grew when there is so much of them, in percent, and at least [`Thresholds::pile`] more.
const WORSE_PERCENT: u64 = 120;

/// What became of the leaks that the baseline has.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// All in one word.
    pub kind: OutcomeKind,
    /// In a sentence.
    pub title: Text,
    /// Each leak: index of its row, the largest of the baseline first.
    pub leaks: Vec<u32>,
}

/// Whether a fix worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutcomeKind {
    /// All leaks of the baseline are gone, or as small as what a service has of anything: below 20 and a quarter of what they
    /// were, or below 100 and a hundredth.
    Fixed,
    /// Some are, or all of them together are at most half of what they were.
    Better,
    /// None is much smaller.
    Unchanged,
    /// They grew together, by a fifth and 20 at least.
    Worse,
}

/// A leak and what is left of it.
#[derive(Clone, Copy, Debug)]
struct Leak {
    row: u32,
    before: u64,
    after: u64,
}

impl Leak {
    fn is_mended(self) -> bool {
        let limits = Thresholds::default();
        let is_below = |percent: u64| self.after.saturating_mul(100) <= self.before.saturating_mul(percent);
        self.after < limits.pile && is_below(LEFT_PERCENT) || self.after < limits.large && is_below(LEFT_OF_LARGE_PERCENT)
    }
}

/// What became of the leaks of the baseline; `None` when there is none, in a fleet, and when the dumps have nothing to
/// do with each other.
///
/// Leaks are the groups for which a warning of the baseline speaks, and those with a mere hint that had grown before it. The
/// dumps may be of one process or of two: before a deploy and after it. A rebuild moves lines, and with them keys, unless
/// groups are alike by function: so a leak that is gone while a new group stands in the same function on nearly the same stack
/// is not gone.
pub(super) fn outcome(compared: &Compared<'_>) -> Option<Outcome> {
    let comparison = compared.comparison;
    if comparison.mode == Mode::Fleet || comparison.related.relation == Relation::Unknown {
        return None;
    }
    let at = |dump: u32| move |row: &Row| row.counts.get(dump as usize).copied().unwrap_or(0);
    let (before, after) = (at(comparison.baseline), at(comparison.target));
    let mut leaks: Vec<Leak> = (0_u32..)
        .zip(&comparison.rows)
        .filter(|(_, row)| is_leak(compared, row))
        .map(|(index, row)| Leak { row: index, before: before(row), after: after(row) })
        .collect();
    leaks.sort_by_key(|leak| core::cmp::Reverse(leak.before));
    if leaks.is_empty() {
        return None;
    }
    add_moved(compared, &mut leaks);
    let sum = |count: fn(&Leak) -> u64| leaks.iter().map(count).fold(0, u64::saturating_add);
    let (had, has) = (sum(|leak| leak.before), sum(|leak| leak.after));
    let n_mended = leaks.iter().filter(|leak| leak.is_mended()).count();
    let is_share = |percent: u64| has.saturating_mul(100).cmp(&had.saturating_mul(percent));
    let kind = match () {
        () if n_mended == leaks.len() => OutcomeKind::Fixed,
        () if is_share(WORSE_PERCENT).is_ge() && has >= had.saturating_add(Thresholds::default().pile) => OutcomeKind::Worse,
        () if n_mended > 0 || is_share(MUCH_SMALLER_PERCENT).is_le() => OutcomeKind::Better,
        () => OutcomeKind::Unchanged,
    };
    let total = |dump: u32| Count(comparison.totals.get(dump as usize).copied().unwrap_or(0));
    Some(Outcome {
        kind,
        title: title(
            kind,
            leaks.len(),
            n_mended,
            [Count(had), Count(has)],
            [total(comparison.baseline), total(comparison.target)],
        ),
        leaks: leaks.into_iter().map(|leak| leak.row).collect(),
    })
}

/// Whether a warning of the baseline speaks for `row`, or a hint and its growth before.
fn is_leak(compared: &Compared<'_>, row: &Row) -> bool {
    let comparison = compared.comparison;
    let Some((_, finding)) = finding_of(compared, row, comparison.baseline) else { return false };
    let count = |dump: u32| row.counts.get(dump as usize).copied().unwrap_or(0);
    let had = count(comparison.baseline);
    let has_grown = |&dump: &u32| {
        had >= count(dump).saturating_add(Thresholds::default().pile)
            && had.saturating_mul(100) >= count(dump).saturating_mul(WORSE_PERCENT)
    };
    let mut earlier = comparison.order.iter().take_while(|&&dump| dump != comparison.baseline);
    finding.severity > Severity::Info || earlier.any(has_grown)
}

/// Adds what new groups of the target have of leaks that seem to be gone: the same function in the same state on nearly the
/// same stack. Each new group counts once, for the largest leak.
fn add_moved(compared: &Compared<'_>, leaks: &mut [Leak]) {
    let comparison = compared.comparison;
    if !leaks.iter().any(|leak| leak.is_mended()) {
        return;
    }
    let mut places = Places::new(compared.tables, compared.origins);
    let mut function = |stack: StackId| {
        let place: Option<FrameId> = places.of(stack);
        place.map(|place| compared.tables.frames.get(place).function)
    };
    let mut new: Vec<(StackId, u64)> = Vec::new();
    let mut kinds = Vec::new();
    for row in comparison.rows.iter().filter(|row| row.status == Status::New && row.delta >= Thresholds::default().pile as i64)
    {
        let Some((_, group)) = group_of(compared, row, comparison.target) else { continue };
        new.push((group.signature.stack, row.delta.unsigned_abs()));
        kinds.push((group.signature.category, function(group.signature.stack)));
    }
    for leak in leaks.iter_mut().filter(|leak| leak.is_mended()) {
        let row = comparison.rows.get(leak.row as usize);
        let Some((_, group)) = row.and_then(|row| group_of(compared, row, comparison.baseline)) else { continue };
        let kind = (group.signature.category, function(group.signature.stack));
        // Others are as far away as the empty stack.
        let candidates: Vec<StackId> =
            kinds.iter().zip(&new).map(|(other, &(stack, _))| if *other == kind { stack } else { StackId::EMPTY }).collect();
        let Some(found) = nearest(compared.tables, group.signature.stack, &candidates) else { continue };
        if let Some((_, count)) = new.get_mut(found) {
            leak.after = leak.after.saturating_add(core::mem::take(count));
        }
        if let Some(kind) = kinds.get_mut(found) {
            kind.1 = None;
        }
    }
}

fn title(kind: OutcomeKind, n: usize, n_mended: usize, [had, has]: [Count; 2], [all_before, all_after]: [Count; 2]) -> Text {
    let (n_all, s) = (Count(n as u64), if n == 1 { "" } else { "s" });
    let n_mended = Count(n_mended as u64);
    let mut said = match kind {
        OutcomeKind::Fixed if n == 1 => text!(
            "Fixed: the leak of the baseline went from {had} goroutines to {has}",
            "已修复：基线中的泄漏从 {had} 个 goroutine 降至 {has} 个"
        ),
        OutcomeKind::Fixed => text!(
            "Fixed: all {n_all} leaking groups of the baseline went from {had} goroutines to {has}",
            "已修复：基线中全部 {n_all} 个泄漏分组从 {had} 个 goroutine 降至 {has} 个"
        ),
        OutcomeKind::Better => text!(
            "Better, not fixed: {n_mended} of {n_all} leaking group{s} of the baseline gone or small, from {had} goroutines to {has}",
            "有改善但未修复：基线中 {n_all} 个泄漏分组有 {n_mended} 个消失或变小，从 {had} 个 goroutine 降至 {has} 个"
        ),
        OutcomeKind::Unchanged => text!(
            "Not fixed: {n_all} leaking group{s} of the baseline had {had} goroutines, now {has}",
            "未修复：基线中 {n_all} 个泄漏分组有 {had} 个 goroutine，现在为 {has} 个"
        ),
        OutcomeKind::Worse => text!(
            "Worse: {n_all} leaking group{s} of the baseline grew from {had} goroutines to {has}",
            "更糟：基线中 {n_all} 个泄漏分组从 {had} 个 goroutine 增至 {has} 个"
        ),
    };
    let all = text!("; all goroutines from {all_before} to {all_after}.", "；goroutine 总数从 {all_before} 变为 {all_after}。");
    said.en.push_str(&all.en);
    said.zh_cn.push_str(&all.zh_cn);
    said
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;
    use crate::compare::Comparison;
    use crate::finding::testing::{compared, dump};

    const MAIN: &str = "goroutine N [chan receive]:\nmain.main()\n\t/src/main.go:9 +0x1\n";

    fn sender(name: &str, line: u32) -> String {
        format!(
            "goroutine N [chan send, 7 minutes]:\nmain.(*Worker).{name}()\n\t/src/worker.go:{line} +0x1d\ncreated by main.(*Worker).Start in goroutine 1\n\t/src/worker.go:56 +0x2\n"
        )
    }

    fn text(parts: &[(usize, &str, u32)]) -> String {
        let stacks: Vec<(usize, String)> = parts.iter().map(|&(n, name, line)| (n, sender(name, line))).collect();
        let parts = stacks.iter().map(|(n, stack)| (*n, &**stack));
        dump(&core::iter::once((3, MAIN)).chain(parts).collect::<Vec<_>>())
    }

    fn comparison(before: &str, after: &str) -> Comparison {
        compared(Mode::Series, &[("v1", Some(0), before), ("v2", Some(30), after)]).1
    }

    #[track_caller]
    fn check(before: &[(usize, &str, u32)], after: &[(usize, &str, u32)], kind: OutcomeKind, title: &str) {
        let outcome = comparison(&text(before), &text(after)).outcome.unwrap();
        assert_eq!((outcome.kind, &*outcome.title.en), (kind, title));
    }

    #[test]
    fn ok_fixed() {
        check(
            &[(400, "Send", 10)],
            &[(2, "Send", 10)],
            OutcomeKind::Fixed,
            "Fixed: the leak of the baseline went from 400 goroutines to 2; all goroutines from 403 to 5.",
        );
        check(
            &[(400, "Send", 10), (120, "Post", 30)],
            &[],
            OutcomeKind::Fixed,
            "Fixed: all 2 leaking groups of the baseline went from 520 goroutines to 0; all goroutines from 523 to 3.",
        );
    }

    #[test]
    fn ok_better_unchanged_and_worse() {
        check(
            &[(400, "Send", 10), (120, "Post", 30)],
            &[(390, "Send", 10)],
            OutcomeKind::Better,
            "Better, not fixed: 1 of 2 leaking groups of the baseline gone or small, from 520 goroutines to 390; all goroutines from \
             523 to 393.",
        );
        check(
            &[(400, "Send", 10)],
            &[(380, "Send", 10)],
            OutcomeKind::Unchanged,
            "Not fixed: 1 leaking group of the baseline had 400 goroutines, now 380; all goroutines from 403 to 383.",
        );
        check(
            &[(400, "Send", 10)],
            &[(900, "Send", 10)],
            OutcomeKind::Worse,
            "Worse: 1 leaking group of the baseline grew from 400 goroutines to 900; all goroutines from 403 to 903.",
        );
    }

    #[test]
    fn ok_a_line_that_moved_is_no_fix() {
        check(
            &[(400, "Send", 10)],
            &[(410, "Send", 14)],
            OutcomeKind::Unchanged,
            "Not fixed: 1 leaking group of the baseline had 400 goroutines, now 410; all goroutines from 403 to 413.",
        );
        let other = comparison(&text(&[(400, "Send", 10)]), &text(&[(410, "Other", 14)])).outcome.unwrap();
        assert_eq!(other.kind, OutcomeKind::Fixed);
    }

    #[test]
    fn ok_no_leak_no_outcome() {
        assert_eq!(comparison(&text(&[(5, "Send", 10)]), &text(&[(400, "Send", 10)])).outcome, None);
        let leak = text(&[(400, "Send", 10)]);
        let fleet = [("a", None, &*leak), ("b", None, &*leak), ("c", None, &*leak)];
        assert_eq!(compared(Mode::Fleet, &fleet).1.outcome, None);
    }
}
