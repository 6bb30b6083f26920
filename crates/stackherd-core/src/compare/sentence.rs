//! The sentence on top of a comparison, and the one below.

use alloc::vec::Vec;
use core::cmp::{Ordering, Reverse};

use super::fleet::spread_of;
use super::relation::Relation;
use super::span::{in_minutes, whole};
use super::{Compared, Mode, Row, Status};
use crate::finding::{Severity, Thresholds};
use crate::text::{Count, Goroutines, Percent, Text, text};

/// What changed, in one sentence and a second one.
pub(super) fn sentences(compared: &Compared<'_>) -> (Text, Text) {
    match compared.comparison.mode {
        Mode::Series => (unrelated(compared).unwrap_or_else(|| change(compared)), series_detail(compared)),
        Mode::Fleet => (unrelated(compared).unwrap_or_else(|| odd(compared)), fleet_detail(compared)),
    }
}

/// Dumps that have nothing to do with each other are better not compared.
fn unrelated(compared: &Compared<'_>) -> Option<Text> {
    let related = &compared.comparison.related;
    let percent = related.shared_percent;
    (related.relation == Relation::Unknown && !related.is_given)
        .then(|| text!("These dumps share only {percent}% of their stacks.", "这些转储只有 {percent}% 的堆栈相同。"))
}

fn change(compared: &Compared<'_>) -> Text {
    let comparison = compared.comparison;
    let total = |dump: u32| comparison.totals.get(dump as usize).copied().unwrap_or(0);
    let (before, after) = (total(comparison.baseline), total(comparison.target));
    let when = comparison.minutes.filter(|minutes| *minutes > 0.0).map(in_minutes).map(|when| text_of(&when));
    let when = when.unwrap_or_default();
    let (when_en, when_zh) = (&when.en, &when.zh_cn);
    let deltas = |sign: i64| comparison.rows.iter().map(move |row| row.delta.saturating_mul(sign)).filter(|delta| *delta > 0);
    let (n_more, n_fewer) = (deltas(1).count(), deltas(-1).count());
    let n_same = n_with(compared, Status::Same);
    let groups = if n_same == Count(1) { "group" } else { "groups" };
    let most = deltas(1).max().unwrap_or(0).unsigned_abs();
    let pile = Thresholds::default().pile;
    match after.cmp(&before) {
        // The request for a dump alone looks a little different each time.
        _ if n_more > 0 && most < pile && after.abs_diff(before) < pile => {
            let (before, after) = (Count(before), Goroutines(after));
            let counted = Count(after.0);
            text!(
                "No group grew by {pile} or more: {before}, then {after}{when_en}",
                "没有分组增长 {pile} 个及以上：{when_zh}从 {before} 变为 {counted} 个 goroutine"
            )
        }
        _ if n_more == 0 && n_fewer == 0 => {
            text!("No group grew: {n_same} {groups} unchanged{when_en}", "没有分组增长：{when_zh}{n_same} 个分组未变")
        }
        Ordering::Greater => {
            let more = after - before;
            let (goroutines, more) = (noun(more), Count(more));
            let share = share_of_largest(deltas(1));
            text!(
                "{more} more {goroutines}{when_en}; {share} of the growth is one group",
                "{when_zh}增加 {more} 个 goroutine；{share} 的增长来自一个分组"
            )
        }
        Ordering::Less => {
            let fewer = before - after;
            let (goroutines, fewer) = (noun(fewer), Count(fewer));
            if n_more == 0 {
                return text!(
                    "No group grew: {fewer} fewer {goroutines}{when_en}",
                    "没有分组增长：{when_zh}减少 {fewer} 个 goroutine"
                );
            }
            let share = share_of_largest(deltas(-1));
            text!(
                "{fewer} fewer {goroutines}{when_en}; {share} of the decrease is one group",
                "{when_zh}减少 {fewer} 个 goroutine；{share} 的减少来自一个分组"
            )
        }
        Ordering::Equal => {
            let (all, grown, shrunk) = (Count(after), Count(n_more as u64), Count(n_fewer as u64));
            text!(
                "{all} in all as before{when_en}: groups grown {grown}, shrunk {shrunk}",
                "总数仍为 {all}：{when_zh}增长的分组 {grown} 个，减少的 {shrunk} 个"
            )
        }
    }
}

/// With a space in front of the English one.
fn text_of(when: &Text) -> Text {
    let (en, zh_cn) = (&when.en, &when.zh_cn);
    text!(" {en}", "{zh_cn}")
}

/// `goroutine`, `goroutines`
const fn noun(n: u64) -> &'static str {
    if n == 1 { "goroutine" } else { "goroutines" }
}

/// The largest of `deltas` in percent of all.
fn share_of_largest(deltas: impl Iterator<Item = i64>) -> Percent {
    let (mut largest, mut all) = (0_u64, 0_u64);
    for delta in deltas.map(i64::unsigned_abs) {
        largest = largest.max(delta);
        all = all.saturating_add(delta);
    }
    Percent(largest, all)
}

/// Groups that the baseline or the target has, by what happened to them.
fn n_with(compared: &Compared<'_>, status: Status) -> Count {
    let comparison = compared.comparison;
    let has = |row: &Row, dump: u32| row.counts.get(dump as usize).is_some_and(|&count| count > 0);
    let is_there = |row: &&Row| has(row, comparison.baseline) || has(row, comparison.target);
    Count(comparison.rows.iter().filter(|row| row.status == status).filter(is_there).count() as u64)
}

fn series_detail(compared: &Compared<'_>) -> Text {
    let [new, grown, shrunk, gone, same] =
        [Status::New, Status::Grown, Status::Shrunk, Status::Gone, Status::Same].map(|status| n_with(compared, status));
    let mut said = text!(
        "{new} new, {grown} grown, {shrunk} shrunk, {gone} gone, {same} unchanged.",
        "新增 {new}，增长 {grown}，减少 {shrunk}，消失 {gone}，未变 {same}。"
    );
    let restarts = match compared.comparison.restarts.len() {
        0 => return said,
        1 => text!(
            " The service was restarted in between: a leak needs time to show again.",
            "期间服务重启过：泄漏需要时间才会再次显现。"
        ),
        n => text!(
            " The service was restarted {n} times in between: a leak needs time to show again.",
            "期间服务重启过 {n} 次：泄漏需要时间才会再次显现。"
        ),
    };
    said.en.push_str(&restarts.en);
    said.zh_cn.push_str(&restarts.zh_cn);
    said
}

/// Which instances stand out by a warning, and how much more the oddest has.
fn odd(compared: &Compared<'_>) -> Text {
    let comparison = compared.comparison;
    let totals = &comparison.totals;
    let loud = || comparison.findings.iter().filter(|found| found.finding.severity > Severity::Info);
    let mut dumps: Vec<u32> = loud().flat_map(|found| found.dumps.iter().copied()).collect();
    dumps.sort_unstable();
    dumps.dedup();
    let n_all = Count(totals.len() as u64);
    let total = |dump: u32| totals.get(dump as usize).copied().unwrap_or(0);
    let median = spread_of(totals).median;
    let Some(oddest) = dumps.iter().copied().max_by_key(|&dump| (total(dump), Reverse(dump))) else {
        let (min, max) =
            (Count(totals.iter().copied().min().unwrap_or(0)), Goroutines(totals.iter().copied().max().unwrap_or(0)));
        let most = Count(max.0);
        return text!(
            "No instance stands out: {n_all} instances with {min} to {max}",
            "没有实例异常：{n_all} 个实例，各有 {min} 至 {most} 个 goroutine"
        );
    };
    // One group may stand out in an instance that has no more of everything than the others.
    if (total(oddest) as f64) < 2.0 * median
        && let Some(found) = loud().next()
    {
        return found.finding.title.clone();
    }
    let (n, goroutines, counted) = (Count(dumps.len() as u64), Goroutines(total(oddest)), Count(total(oddest)));
    let median = Count(whole(median).into());
    let name = name_of(compared, oddest);
    let (name_en, name_zh, is) = (&name.en, &name.zh_cn, if dumps.len() == 1 { "is" } else { "are" });
    text!(
        "{n} of {n_all} instances {is} odd: {name_en} has {goroutines}, the median instance has {median}",
        "{n_all} 个实例中有 {n} 个异常：{name_zh} 有 {counted} 个 goroutine，实例中位数为 {median}"
    )
}

/// What a dump is called: its instance, or its number in the order given.
pub(crate) fn name_of(compared: &Compared<'_>, dump: u32) -> Text {
    match compared.instances.get(dump as usize).map(|instance| instance.name) {
        Some(name) if !name.is_empty() => Text { en: name.into(), zh_cn: name.into() },
        _ => {
            let number = dump + 1;
            text!("dump {number}", "转储 {number}")
        }
    }
}

fn fleet_detail(compared: &Compared<'_>) -> Text {
    let comparison = compared.comparison;
    let spreads = || comparison.rows.iter().filter_map(|row| row.spread.as_ref());
    let (n_groups, n_odd) = (comparison.rows.len(), spreads().filter(|spread| !spread.outliers.is_empty()).count());
    let n_missing = spreads().filter(|spread| !spread.missing.is_empty()).count();
    let (n_groups, n_odd, n_missing) = (Count(n_groups as u64), Count(n_odd as u64), Count(n_missing as u64));
    text!(
        "{n_groups} groups; out of line in some instance: {n_odd}; missing in one while nearly all others have it: {n_missing}.",
        "共 {n_groups} 个分组：{n_odd} 个在某实例中异常，{n_missing} 个在几乎所有其他实例都有的情况下缺失。"
    )
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;
    use crate::finding::testing::{compared, dump};

    fn stack(line: u32) -> String {
        format!("goroutine N [select]:\nmain.work()\n\t/src/work.go:{line} +0x1\n")
    }

    /// A dump with so many goroutines at lines 1, 2, 3 …
    fn text(counts: &[usize]) -> String {
        let stacks: Vec<(usize, String)> = (1..).zip(counts).map(|(line, &n)| (n, stack(line))).collect();
        dump(&stacks.iter().map(|(n, stack)| (*n, &**stack)).collect::<Vec<_>>())
    }

    fn said(mode: Mode, dumps: &[(&str, Option<i64>, &str)]) -> String {
        let (_, comparison) = compared(mode, dumps);
        format!("{} | {}", comparison.title.en, comparison.detail.en)
    }

    #[track_caller]
    fn check(before: &[usize], after: &[usize], minutes: Option<i64>, expected: &str) {
        let start = minutes.map(|_| 0);
        assert_eq!(said(Mode::Series, &[("", start, &text(before)), ("", minutes, &text(after))]), expected);
    }

    #[test]
    fn ok_series() {
        check(
            &[10, 5, 0, 7, 3],
            &[100, 11, 4, 7, 0],
            Some(8),
            "97 more goroutines in 8 minutes; 90.0% of the growth is one group | 1 new, 2 grown, 0 shrunk, 1 gone, 1 unchanged.",
        );
        check(&[10, 5], &[10, 5], None, "No group grew: 2 groups unchanged | 0 new, 0 grown, 0 shrunk, 0 gone, 2 unchanged.");
        check(
            &[10, 5],
            &[9, 5],
            Some(1),
            "No group grew: 1 fewer goroutine in 1 minute | 0 new, 0 grown, 1 shrunk, 0 gone, 1 unchanged.",
        );
        check(
            &[50, 5],
            &[10, 6],
            Some(90),
            "39 fewer goroutines in 1 h 30 min; 100% of the decrease is one group | 0 new, 1 grown, 1 shrunk, 0 gone, 0 unchanged.",
        );
        check(
            &[10, 5],
            &[9, 8],
            Some(1),
            "No group grew by 20 or more: 15, then 17 goroutines in 1 minute | 0 new, 1 grown, 1 shrunk, 0 gone, 0 unchanged.",
        );
        check(
            &[50, 5],
            &[30, 25],
            None,
            "55 in all as before: groups grown 1, shrunk 1 | 0 new, 1 grown, 1 shrunk, 0 gone, 0 unchanged.",
        );
    }

    #[test]
    fn ok_fleet() {
        let [usual, more, odd] = [&[5, 20][..], &[6, 30], &[7, 400]].map(text);
        let fleet = [("a", None, &*usual), ("b", None, &*more), ("c", None, &*usual), ("d", None, &*odd)];
        assert_eq!(
            said(Mode::Fleet, &fleet),
            "1 of 4 instances is odd: d has 407 goroutines, the median instance has 31 | 2 groups; out of line in some instance: 1; \
             missing in one while nearly all others have it: 0."
        );
        assert!(
            said(Mode::Fleet, &fleet[..3]).starts_with("No instance stands out: 3 instances with 25 to 36 goroutines |"),
            "{}",
            said(Mode::Fleet, &fleet[..3])
        );
    }
}
