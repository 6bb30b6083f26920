//! What the overview says of a dump: plain facts, never a judgement.

use stackherd_report::protocol::{DumpSummary, GroupRow};
use stackherd_report::{Category, CategoryCount, Crash, Issue, IssueKind};

/// The first thing to know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict<'a> {
    /// The process ended, and the dump says how.
    Crash(&'a Crash),
    /// Many goroutines share a stack.
    Shared(&'a GroupRow),
    /// Every goroutine has a stack of its own, as far as the first group tells.
    Distinct,
    /// There are no goroutines.
    Nothing,
}

/// The fact that comes first.
pub(crate) fn verdict(summary: &DumpSummary) -> Verdict<'_> {
    match (&summary.dump.crash, &summary.largest) {
        (Some(crash), _) => Verdict::Crash(crash),
        (None, Some(row)) if row.goroutines > 1 => Verdict::Shared(row),
        (None, Some(_)) => Verdict::Distinct,
        (None, None) => Verdict::Nothing,
    }
}

/// The issue that makes counts a lower bound.
pub(crate) fn lower_bound(summary: &DumpSummary) -> Option<&Issue> {
    summary.dump.issues.iter().find(|issue| matches!(issue.kind, IssueKind::Truncated | IssueKind::InvalidCompression))
}

/// A part of a state bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) category: Category,
    pub(crate) goroutines: u64,
}

/// The goroutines by state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StateBars {
    pub(crate) total: u64,
    pub(crate) all: Vec<Segment>,
    /// All but the first state, when that one leaves too little room for the others.
    pub(crate) rest: Vec<Segment>,
    pub(crate) rest_total: u64,
}

/// The bars of the overview strip.
pub(crate) fn state_bars(counts: &[CategoryCount]) -> StateBars {
    let all: Vec<Segment> = counts
        .iter()
        .filter(|count| count.goroutines > 0)
        .map(|count| Segment { category: count.category, goroutines: count.goroutines })
        .collect();
    let total = all.iter().map(|segment| segment.goroutines).sum();
    let is_dominated = all.first().is_some_and(|first| u128::from(first.goroutines) * 5 > u128::from(total) * 4);
    let rest: Vec<Segment> = if is_dominated { all.iter().copied().skip(1).collect() } else { Vec::new() };
    let rest_total = rest.iter().map(|segment| segment.goroutines).sum();
    StateBars { total, all, rest, rest_total }
}

/// `Go ≥1.24`, from what the dump proves.
pub(crate) fn go_version(version: &str) -> String {
    let version = version.trim_start_matches("go");
    format!("Go {}", version.replace(">=", "≥").replace("<=", "≤"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(numbers: &[u64]) -> Vec<CategoryCount> {
        let pair = |(category, goroutines): (&Category, &u64)| CategoryCount { category: *category, goroutines: *goroutines };
        Category::ALL.iter().zip(numbers).map(pair).collect()
    }

    #[test]
    fn ok_one_bar_when_no_state_dominates() {
        let bars = state_bars(&counts(&[80, 20]));
        assert_eq!((bars.total, bars.all.len(), bars.rest.len()), (100, 2, 0));
    }

    #[test]
    fn ok_second_bar_enlarges_the_rest() {
        let bars = state_bars(&counts(&[81, 15, 4]));
        assert_eq!((bars.rest.len(), bars.rest_total), (2, 19));
    }

    #[test]
    fn ok_one_state_alone_leaves_no_second_bar() {
        assert!(state_bars(&counts(&[81, 0])).rest.is_empty());
        assert_eq!(state_bars(&[]).total, 0);
    }

    #[test]
    fn ok_go_version() {
        assert_eq!(go_version(">=1.24"), "Go ≥1.24");
        assert_eq!(go_version("go1.27.3"), "Go 1.27.3");
    }
}
