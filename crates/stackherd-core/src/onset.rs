//! When the trouble began.
//!
//! Of goroutines that pile up, the first one waits longest: the old end of the histogram of waits is the onset. Waits are
//! whole minutes, and start at the last garbage collection before a collection finds the goroutine waiting (Go
//! `runtime/mgcmark.go`, `markroot`, `waitsince`), which is forced every 2 minutes (Go `runtime/proc.go`, `forcegcperiod`). So
//! what is printed may be too little by 1 minute and too much by 2.

use alloc::vec::Vec;

use crate::finding::{Analysis, Finding, GroupView, Severity};
use crate::order;
use crate::snapshot::Goroutine;
use crate::text::{Count, minutes, text};

/// How far off a printed wait may be, either way.
const ERROR_MINUTES: u32 = 2;
/// Goroutines from which on one of them may be there for another reason.
const MANY: usize = 20;

/// An estimate of when goroutines began to pile up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Onset {
    /// Minutes before the dump.
    pub minutes: u32,
    /// How far off that may be, in minutes either way: Go rounds waits down and stamps them at a garbage collection.
    pub error_minutes: u32,
}

/// The old end of a histogram of waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edge {
    minutes: u32,
    /// Goroutines that wait so much longer that they are another story.
    n_outliers: usize,
}

impl Edge {
    /// Finds it in `waits`, which are reordered. `O(waits)`.
    ///
    /// Up to 2 % of many goroutines, and one at least, may be outliers: they are, when they wait more than half as long again as
    /// all others. Goroutines that pile up one by one leave no such gap.
    fn of(waits: &mut [u32]) -> Option<Self> {
        let oldest = *waits.iter().max()?;
        let n_doubtful = if waits.len() < MANY { 0 } else { (waits.len() / 50).max(1) };
        let last = waits.len() - 1;
        let edge = *waits.select_nth_unstable(last.saturating_sub(n_doubtful)).1;
        let is_outlier = |wait: u32| wait > edge.saturating_add(edge / 2).saturating_add(ERROR_MINUTES);
        if !is_outlier(oldest) {
            return Some(Self { minutes: oldest, n_outliers: 0 });
        }
        let n_outliers = waits.iter().filter(|&&wait| is_outlier(wait)).count();
        let minutes = waits.iter().copied().filter(|&wait| !is_outlier(wait)).max()?;
        Some(Self { minutes, n_outliers })
    }
}

/// Estimates the onset of each finding from the waits of its groups, and names the one that came first.
///
/// Warnings and critical findings get a sentence each. `O(goroutines of the findings)`.
pub fn estimate(analysis: &Analysis<'_>, findings: &mut [Finding]) {
    let mut waits: Vec<u32> = Vec::new();
    for finding in findings.iter_mut() {
        waits.clear();
        let groups = finding.groups.iter().filter_map(|&group| analysis.group(group));
        waits.extend(groups.flat_map(GroupView::goroutines).filter_map(Goroutine::wait_minutes));
        let Some(edge) = Edge::of(&mut waits) else { continue };
        finding.onset = Some(Onset { minutes: edge.minutes, error_minutes: ERROR_MINUTES });
        // Within the error it may have begun just now.
        if finding.severity >= Severity::Warning && edge.minutes > ERROR_MINUTES {
            finding.evidence.push(edge.sentence());
        }
    }
    name_first(findings);
}

impl Edge {
    fn sentence(self) -> crate::text::Text {
        let age = minutes(self.minutes);
        let (en, zh) = (&age.en, &age.zh_cn);
        match self.n_outliers {
            0 => text!(
                "The longest wait is {en}: this began about {en} before the dump, give or take {ERROR_MINUTES} minutes, as Go rounds \
                 waits down and stamps them at a garbage collection.",
                "最长等待为 {zh}：问题大约始于转储前 {zh}，误差 {ERROR_MINUTES} 分钟左右（Go 对等待时间向下取整，并在垃圾回收时打点）。"
            ),
            n => {
                let n = Count(n as u64);
                text!(
                    "Apart from {n} much older, the longest wait is {en}: this began about {en} before the dump, give or take \
                     {ERROR_MINUTES} minutes, as Go rounds waits down and stamps them at a garbage collection.",
                    "除 {n} 个明显更早的之外，最长等待为 {zh}：问题大约始于转储前 {zh}，误差 {ERROR_MINUTES} 分钟左右（Go \
                     对等待时间向下取整，并在垃圾回收时打点）。"
                )
            }
        }
    }
}

/// Says of the oldest pile that the others may follow from it.
fn name_first(findings: &mut [Finding]) {
    let is_pile = |finding: &Finding| finding.claims && finding.severity >= Severity::Warning;
    let mut ages: Vec<(Onset, usize)> = findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| is_pile(finding))
        .filter_map(|(index, finding)| Some((finding.onset?, index)))
        .collect();
    order::by_key(&mut ages, |(onset, _)| core::cmp::Reverse(onset.minutes));
    let [(first, index), (second, _), ..] = *ages.as_slice() else { return };
    // Either may be off.
    let gap = first.minutes - second.minutes;
    if gap <= first.error_minutes + second.error_minutes {
        return;
    }
    if let Some(finding) = findings.get_mut(index) {
        let (n, gap) = (Count(ages.len() as u64), minutes(gap));
        let (en, zh) = (&gap.en, &gap.zh_cn);
        finding.evidence.push(text!(
            "It is the oldest of the {n} piles whose age is known, and the next one began about {en} later: likely the first domino.",
            "在 {n} 个已知时长的堆积中它最早，下一个大约晚了 {zh}：很可能是第一张倒下的多米诺骨牌。"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::testing::{dump, read};
    use crate::finding::{Confidence, RULES};
    use crate::group::group;
    use crate::origin::OriginRules;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec;

    fn edge(waits: impl IntoIterator<Item = u32>) -> (u32, usize) {
        let mut waits: Vec<u32> = waits.into_iter().collect();
        let edge = Edge::of(&mut waits).unwrap();
        (edge.minutes, edge.n_outliers)
    }

    #[test]
    fn ok_the_oldest_wait_is_the_edge() {
        assert_eq!(edge([7]), (7, 0));
        assert_eq!(edge([900, 3]), (900, 0), "two are too few to call one odd");
        assert_eq!(edge(0..48), (47, 0));
        assert_eq!(edge((0..30).map(|n| n * 50)), (1450, 0), "a slow leak leaves no gap");
        assert_eq!(Edge::of(&mut []), None);
    }

    #[test]
    fn ok_a_few_old_ones_are_another_story() {
        assert_eq!(edge((0..48).chain([5000])), (47, 1));
        assert_eq!(edge((0..1000).map(|n| n % 40).chain([5000; 10])), (39, 10));
        assert_eq!(edge((0..100).map(|n| n % 40).chain([5000; 10])), (5000, 0), "a tenth is no outlier");
    }

    fn estimated(parts: &[(usize, &str)], severities: &[Severity]) -> Vec<Finding> {
        let (tables, snapshot) = read(&dump(parts));
        let groups = group(&tables, snapshot.goroutines());
        let rules = OriginRules::default();
        let analysis = Analysis::new(&tables, &snapshot, &groups, &rules, vec![]);
        let mut findings: Vec<Finding> = analysis
            .groups()
            .zip(severities)
            .map(|(group, &severity)| {
                let finding = Finding::new(&analysis, &RULES[0], &[group.index()]);
                Finding { severity, confidence: Confidence::Likely, ..finding }
            })
            .collect();
        estimate(&analysis, &mut findings);
        findings
    }

    fn stack(minutes: &str, line: u32) -> String {
        format!("goroutine N [chan send{minutes}]:\nmain.work()\n\t/src/main.go:{line} +0x1\n")
    }

    #[test]
    fn ok_warnings_say_when_they_began_and_which_was_first() {
        let (old, young) = (stack(", 47 minutes", 1), stack(", 9 minutes", 2));
        let findings = estimated(&[(30, &old), (20, &young)], &[Severity::Critical, Severity::Warning]);
        assert_eq!(findings[0].onset, Some(Onset { minutes: 47, error_minutes: 2 }));
        assert!(findings[0].evidence[0].en.starts_with("The longest wait is 47 minutes: this began about 47 minutes"));
        assert!(findings[0].evidence[1].en.contains("began about 38 minutes later"));
        assert_eq!(findings[1].evidence.len(), 1);
    }

    #[test]
    fn ok_no_first_where_ages_are_close_and_no_sentence_for_infos() {
        let (one, other) = (stack(", 47 minutes", 1), stack(", 44 minutes", 2));
        let findings = estimated(&[(30, &one), (20, &other)], &[Severity::Critical, Severity::Warning]);
        assert_eq!((findings[0].evidence.len(), findings[1].evidence.len()), (1, 1));
        let old = stack(", 900 minutes", 2);
        let findings = estimated(&[(30, &one), (20, &old)], &[Severity::Critical, Severity::Info]);
        assert_eq!((findings[0].evidence.len(), findings[1].evidence.len()), (1, 0));
        assert!(findings[1].onset.is_some());
    }

    #[test]
    fn ok_no_onset_without_waits() {
        let new = stack("", 1);
        assert_eq!(estimated(&[(30, &new)], &[Severity::Critical])[0].onset, None);
    }
}
