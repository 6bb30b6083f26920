//! How much speaks for a pile of waiting goroutines being a leak.

use alloc::vec::Vec;

use super::parents::Parents;
use super::{Analysis, Confidence, Severity, Site};
use crate::group::WaitMinutes;
use crate::origin::Origin;
use crate::text::{Count, Goroutines, Percent, Text, minutes, text};

/// From where on something is said. One place for all rules; the evidence of a finding says which of them were reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Fewer goroutines than this at one site are never called a pile. Default: 20, what a busy service has of anything.
    pub pile: u64,
    /// A pile that a pool or a burst rarely makes. Default: 100.
    pub large: u64,
    /// Worth a warning whatever else is known. Default: 1,000; a whole service has tens to hundreds.
    pub huge: u64,
    /// An emergency when anything else speaks for a leak. Default: 10,000.
    pub crowd: u64,
    /// A pile with this share of all busy goroutines is most of what the process does, in percent. Default: 50.
    pub share_percent: u64,
    /// A smaller share than this is not worth mentioning when nothing else speaks for a leak, in percent. Default: 5.
    pub notable_percent: u64,
    /// Waits from here on are long for a server, in minutes. Default: 5.
    pub old_minutes: u32,
    /// Share of goroutines whose creator is gone from which on they look abandoned, in percent. Default: 50.
    pub orphans_percent: u64,
    /// Idle connections that a `net/http` client keeps, `Transport.MaxIdleConns`. Default: 100.
    pub idle_connections: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            pile: 20,
            large: 100,
            huge: 1000,
            crowd: 10_000,
            share_percent: 50,
            notable_percent: 5,
            old_minutes: 5,
            orphans_percent: 50,
            idle_connections: 100,
        }
    }
}

/// What the numbers of a site say, whatever it waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// [`Severity::Info`] unless something besides size speaks for a leak.
    pub severity: Severity,
    /// How sure the numbers make it.
    pub confidence: Confidence,
    /// The thresholds reached, as sentences.
    pub evidence: Vec<Text>,
    /// What speaks against a leak, and what would decide.
    pub counter_evidence: Vec<Text>,
}

/// The numbers of a site.
struct Facts {
    n: u64,
    n_busy: u64,
    waits: Option<WaitMinutes>,
    /// The longest wait of anything else: so long the process runs at least.
    oldest_elsewhere: Option<u32>,
    parents: Parents,
    thresholds: Thresholds,
}

/// Weighs a site by its numbers: count, share, age, who started it. `None` below [`Thresholds::pile`]. `O(goroutines of the
/// site)`.
///
/// Size alone is an info until it is huge: pools and connections come in hundreds. What tells a leak from a pool is who
/// started the goroutines, and whether they came one by one over a long time and none ever left.
#[must_use]
pub fn weigh(analysis: &Analysis<'_>, site: &Site) -> Option<Weight> {
    let facts = Facts {
        n: site.n_goroutines,
        n_busy: analysis.n_busy().max(site.n_goroutines),
        waits: site.waits(analysis),
        oldest_elsewhere: analysis.oldest_elsewhere(site),
        parents: site.parents(analysis),
        thresholds: analysis.thresholds,
    };
    if facts.n < facts.thresholds.pile {
        return None;
    }
    let (severity, confidence) = facts.judge();
    Some(Weight { severity, confidence, evidence: facts.evidence(), counter_evidence: facts.counter_evidence() })
}

impl Weight {
    /// Whether a reader should hear of it: more than an info, or a notable part of what the process does, in code that is
    /// the reader's or a module's.
    pub(super) fn is_worth_telling(&self, analysis: &Analysis<'_>, site: &Site) -> bool {
        let is_in_std = site.largest(analysis).is_some_and(|group| group.origin(site.place) > Origin::Dependency);
        let is_notable = is_share(site.n_goroutines, analysis.n_busy(), analysis.thresholds.notable_percent);
        self.severity > Severity::Info || is_notable && !is_in_std
    }
}

impl Facts {
    fn judge(&self) -> (Severity, Confidence) {
        let limits = self.thresholds;
        // Two independent signs besides size make it likely, one makes it possible.
        let n_signs =
            [self.is_orphaned() && self.is_aged(), self.is_old(), self.came_over_time()].iter().filter(|sign| **sign).count();
        let is_huge = self.n >= limits.huge;
        // Whatever waits long in a pool that still has its owner waits for work.
        let is_calm = self.is_pool_like() || self.is_there_since_start();
        let n_signs = if is_calm && !is_huge { 0 } else { n_signs };
        let is_most = is_share(self.n, self.n_busy, limits.share_percent);
        match (n_signs, is_huge) {
            (0, false) => (Severity::Info, Confidence::Possible),
            (0, true) => (Severity::Warning, Confidence::Possible),
            (1, false) if self.n < limits.large => (Severity::Info, Confidence::Possible),
            (1, false) => (Severity::Warning, Confidence::Possible),
            (_, true) if is_most || self.n >= limits.crowd => (Severity::Critical, Confidence::Likely),
            (1, true) => (Severity::Warning, Confidence::Likely),
            (_, false) if self.n < limits.large => (Severity::Warning, Confidence::Possible),
            _ => (Severity::Warning, Confidence::Likely),
        }
    }

    fn is_orphaned(&self) -> bool {
        is_share(self.parents.n_gone, self.n, self.thresholds.orphans_percent)
    }

    /// Half of them wait for longer than a busy server takes for anything.
    fn is_aged(&self) -> bool {
        self.waits.is_some_and(|waits| is_share(waits.n_known.into(), self.n, 50) && waits.p50 >= 1)
    }

    fn is_old(&self) -> bool {
        self.waits.is_some_and(|waits| is_share(waits.n_known.into(), self.n, 50) && waits.p50 >= self.thresholds.old_minutes)
    }

    /// Waits are spread over a long time: they came one after the other, and none left.
    fn came_over_time(&self) -> bool {
        self.waits.is_some_and(|waits| {
            let (p50, max) = (u64::from(waits.p50), u64::from(waits.max));
            max >= u64::from(self.thresholds.old_minutes)
                && is_share(waits.n_known.into(), self.n, 75)
                && (max..=3 * max).contains(&(4 * p50))
        })
    }

    /// A few goroutines started all of them, many each: the one that set up a pool, or one for each of several pools.
    fn is_pool_like(&self) -> bool {
        let parents = self.parents;
        parents.n_known == self.n && 10 * parents.n_distinct <= self.n
    }

    /// They wait as long as the oldest other goroutine: since the process started. What leaks comes later, and over time.
    fn is_there_since_start(&self) -> bool {
        let Some((waits, oldest)) = self.waits.zip(self.oldest_elsewhere) else { return false };
        oldest >= self.thresholds.old_minutes && waits.p50 + 1 >= oldest && waits.p50 <= oldest + 1
    }

    fn evidence(&self) -> Vec<Text> {
        let Self { n, n_busy, parents, .. } = *self;
        let mut evidence = Vec::new();
        let (share, goroutines, busy) = (Percent(n, n_busy), Goroutines(n), Count(n_busy));
        let count = Count(n);
        if n == n_busy {
            evidence.push(text!(
                "All {goroutines} that are not idle stand at this line.",
                "所有非空闲的 goroutine（共 {count} 个）都停在这一行。"
            ));
        } else {
            evidence.push(text!(
                "{goroutines} stand at this line, {share} of the {busy} that are not idle.",
                "{count} 个 goroutine 停在这一行，占 {busy} 个非空闲 goroutine 的 {share}。"
            ));
        }
        if let Some(waits) = self.waits {
            let (known, median, longest) = (Count(waits.n_known.into()), minutes(waits.p50), minutes(waits.max));
            let (median_zh, longest_zh) = (&median.zh_cn, &longest.zh_cn);
            let (median, longest) = (&median.en, &longest.en);
            evidence.push(if waits.min == waits.max {
                text!("{known} of them have waited at least {longest}.", "其中 {known} 个至少已等待 {longest_zh}。")
            } else {
                text!(
                    "Waits are printed for {known} of them: half have waited at least {median}, the longest {longest}.",
                    "其中 {known} 个标有等待时间：一半至少已等待 {median_zh}，最久 {longest_zh}。"
                )
            });
            if self.came_over_time() {
                evidence.push(text!(
                    "Their waits spread over {longest}: they came one after the other, and none of these has left.",
                    "等待时间分布在 {longest_zh} 内：它们陆续到来，而这些都没有离开。"
                ));
            }
        }
        if parents.n_gone > 0 {
            let (gone, known, distinct) = (Count(parents.n_gone), Count(parents.n_known), Count(parents.n_distinct));
            evidence.push(if parents.n_distinct == 1 {
                text!(
                    "One goroutine, which is gone, started all {known}.",
                    "全部 {known} 个都由同一个已不存在的 goroutine 启动。"
                )
            } else {
                text!(
                    "{gone} of {known} were started by goroutines that are gone; {distinct} different ones started them.",
                    "{known} 个中有 {gone} 个的创建者已不存在；共有 {distinct} 个不同的创建者。"
                )
            });
        }
        evidence
    }

    fn counter_evidence(&self) -> Vec<Text> {
        let mut counter = Vec::new();
        if self.is_pool_like() {
            let parents = Goroutines(self.parents.n_distinct);
            let n = Count(self.parents.n_distinct);
            counter.push(text!(
                "{parents} started all of them, as worker pools are started.",
                "它们全部由 {n} 个 goroutine 启动，工作池正是这样启动的。"
            ));
        }
        if self.is_there_since_start() {
            counter.push(text!(
                "Most wait as long as the oldest other goroutine does: since the process started, not since something broke.",
                "多数与其他最老的 goroutine 等待一样久：自进程启动以来如此，而非某处出错之后。"
            ));
        }
        if self.waits.is_none() {
            counter.push(text!(
                "No wait is printed: they came within the last minute or two, or the format has no waits (debug=2 does).",
                "没有等待时间：它们可能在最近一两分钟内才出现，或该格式不含等待时间（debug=2 才有）。"
            ));
        }
        if self.parents.n_known == 0 {
            counter.push(text!(
                "Nothing tells who started them (debug=2 of Go 1.21 or newer does), so a pool looks the same.",
                "无从得知由谁启动（Go 1.21 及以上的 debug=2 才有），工作池看起来也一样。"
            ));
        }
        counter.push(text!(
            "One dump cannot show growth: take a second one a minute later and compare.",
            "一份转储无法证明增长：请在一分钟后再取一份对比。"
        ));
        counter
    }
}

/// Whether `part` is at least `percent` of `whole`.
pub(super) fn is_share(part: u64, whole: u64, percent: u64) -> bool {
    whole > 0 && u128::from(part) * 100 >= u128::from(whole) * u128::from(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(n: u64, waits: Option<(u32, u32, u32)>, parents: (u64, u64, u64)) -> Facts {
        let waits = waits.map(|(min, p50, max)| WaitMinutes { n_known: n as u32, min, p50, p95: max, max });
        let (n_known, n_gone, n_distinct) = parents;
        let parents = Parents { n_known, n_gone, n_distinct, n_of_busiest: n_known / n_distinct.max(1) };
        Facts { n, n_busy: 2 * n, waits, oldest_elsewhere: None, parents, thresholds: Thresholds::default() }
    }

    #[track_caller]
    fn check(facts: &Facts, severity: Severity, confidence: Confidence) {
        assert_eq!(facts.judge(), (severity, confidence));
    }

    #[test]
    fn ok_size_alone_is_no_evidence() {
        check(&facts(64, None, (0, 0, 0)), Severity::Info, Confidence::Possible);
        check(&facts(900, None, (0, 0, 0)), Severity::Info, Confidence::Possible);
        check(&facts(1000, None, (0, 0, 0)), Severity::Warning, Confidence::Possible);
    }

    #[test]
    fn ok_a_pool_waits_for_work_however_long() {
        check(&facts(64, Some((1, 90, 300)), (64, 0, 1)), Severity::Info, Confidence::Possible);
        check(&facts(500, Some((60, 60, 60)), (500, 0, 1)), Severity::Info, Confidence::Possible);
        check(&facts(64, Some((60, 60, 60)), (0, 0, 0)), Severity::Info, Confidence::Possible);
    }

    #[test]
    fn ok_several_pools_are_pools_too() {
        check(&facts(128, Some((0, 4, 9)), (128, 64, 2)), Severity::Info, Confidence::Possible);
        check(&facts(128, Some((0, 4, 9)), (128, 128, 64)), Severity::Warning, Confidence::Likely);
    }

    #[test]
    fn ok_what_waits_since_the_start_did_not_pile_up() {
        let orphans = || facts(300, Some((60, 60, 60)), (300, 300, 300));
        check(&Facts { oldest_elsewhere: Some(61), ..orphans() }, Severity::Info, Confidence::Possible);
        check(&Facts { oldest_elsewhere: Some(90), ..orphans() }, Severity::Warning, Confidence::Likely);
        check(&Facts { oldest_elsewhere: Some(20), ..orphans() }, Severity::Warning, Confidence::Likely);
    }

    #[test]
    fn ok_orphans_that_wait_long() {
        check(&facts(64, Some((0, 0, 0)), (64, 64, 64)), Severity::Info, Confidence::Possible);
        check(&facts(64, Some((1, 7, 9)), (64, 64, 64)), Severity::Warning, Confidence::Possible);
        check(&facts(300, Some((1, 7, 9)), (300, 200, 300)), Severity::Warning, Confidence::Likely);
        check(&facts(300, Some((1, 2, 3)), (300, 200, 300)), Severity::Warning, Confidence::Possible);
    }

    #[test]
    fn ok_crowds_that_came_over_time() {
        check(&facts(100_000, Some((0, 21, 42)), (0, 0, 0)), Severity::Critical, Confidence::Likely);
        check(&facts(2000, Some((0, 21, 42)), (2000, 0, 1)), Severity::Critical, Confidence::Likely);
        check(&Facts { n_busy: 100_000, ..facts(2000, Some((1, 2, 42)), (0, 0, 0)) }, Severity::Warning, Confidence::Possible);
    }

    #[test]
    fn ok_shares() {
        assert!(is_share(1, 2, 50) && !is_share(0, 0, 0) && !is_share(49, 100, 50));
    }
}
