//! What the overview says of a dump: plain facts, never a judgement.

use stackherd_report::protocol::{DumpSummary, GroupRow};
use stackherd_report::report::{NoteKind, Series};
use stackherd_report::{Category, CategoryCount, Crash, DumpKind, Format, Issue, IssueKind};

use super::shown_unit;

/// The first thing to know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict<'a> {
    /// The process ended, and the dump says how.
    Crash(&'a Crash),
    /// Many goroutines share a stack.
    Shared(&'a GroupRow),
    /// Every goroutine has a stack of its own, as far as the first group tells.
    Distinct,
    /// The Go runtime looked for leaked goroutines and found none.
    NoLeaks,
    /// A race report, with this many races.
    Races(u64),
    /// Numbers over time.
    Counts(Counts<'a>),
    /// There are no goroutines.
    Nothing,
}

/// The fact that comes first.
pub(crate) fn verdict(summary: &DumpSummary) -> Verdict<'_> {
    match (&summary.dump.crash, &summary.largest) {
        (Some(crash), _) => Verdict::Crash(crash),
        (None, Some(row)) if row.goroutines > 1 => Verdict::Shared(row),
        (None, Some(_)) => Verdict::Distinct,
        (None, None) => without_goroutines(summary),
    }
}

fn without_goroutines(summary: &DumpSummary) -> Verdict<'_> {
    let dump = &summary.dump;
    let races = || dump.notes.iter().filter(|note| note.kind == NoteKind::RaceReport).map(|note| note.count).sum();
    match counts(&dump.series) {
        Some(counts) => Verdict::Counts(counts),
        None if dump.format == Format::Race => Verdict::Races(races()),
        // A list that was cut off before its first entry proves nothing.
        None if dump.kind == DumpKind::Goroutineleak && lower_bound(summary).is_none() => Verdict::NoLeaks,
        None => Verdict::Nothing,
    }
}

/// How the number went that matters most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Counts<'a> {
    pub(crate) name: &'a str,
    /// Empty for goroutines.
    pub(crate) unit: &'a str,
    pub(crate) values: usize,
    pub(crate) first: f64,
    pub(crate) last: f64,
    pub(crate) highest: f64,
    /// Between the first and the last value, when both have a time.
    pub(crate) span_millis: Option<u64>,
}

/// The goroutines if they are counted, else the first number there is.
pub(crate) fn counts(series: &[Series]) -> Option<Counts<'_>> {
    let filled = || series.iter().filter(|series| !series.points.is_empty());
    let is_goroutines = |series: &&Series| series.unit == "goroutines" || series.name.contains("goroutine");
    let series = filled().find(is_goroutines).or_else(|| filled().next())?;
    let (first, last) = (series.points.first()?, series.points.last()?);
    Some(Counts {
        name: &series.name,
        unit: shown_unit(series),
        values: series.points.len(),
        first: first.value,
        last: last.value,
        highest: series.points.iter().map(|point| point.value).fold(f64::NEG_INFINITY, f64::max),
        span_millis: first.at_millis.zip(last.at_millis).map(|(first, last)| first.abs_diff(last)),
    })
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
    use stackherd_report::report::{Note, Point};

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

    fn empty(format: Format, kind: DumpKind) -> DumpSummary {
        let mut summary = super::super::sample::summary(0);
        summary.dump.format = format;
        summary.dump.kind = kind;
        summary
    }

    #[test]
    fn ok_no_leaked_goroutine_is_good_news_unless_the_list_was_cut() {
        let mut summary = empty(Format::Counted, DumpKind::Goroutineleak);
        assert_eq!(verdict(&summary), Verdict::NoLeaks);
        summary.dump.issues.push(Issue {
            kind: IssueKind::Truncated,
            line: 1,
            count: 1,
            message: String::new(),
            excerpt: None,
            offset_bytes: None,
            goid: None,
        });
        assert_eq!(verdict(&summary), Verdict::Nothing);
        assert_eq!(verdict(&empty(Format::Counted, DumpKind::Goroutine)), Verdict::Nothing);
    }

    #[test]
    fn ok_races_are_counted() {
        let mut summary = empty(Format::Race, DumpKind::Goroutine);
        assert_eq!(verdict(&summary), Verdict::Races(0));
        summary.dump.notes.push(Note { kind: NoteKind::RaceReport, line: 1, count: 3, message: String::new() });
        assert_eq!(verdict(&summary), Verdict::Races(3));
    }

    #[test]
    fn ok_counts_are_of_goroutines_first() {
        let series = |name: &str, unit: &str, values: &[f64]| Series {
            name: name.into(),
            unit: unit.into(),
            points: (0..)
                .zip(values)
                .map(|(n, value)| Point { line: n as u64, at_millis: Some(n * 1000), value: *value })
                .collect(),
        };
        let mut summary = empty(Format::CounterLog, DumpKind::Goroutine);
        summary.dump.series = vec![series("heap", "MB", &[9.0]), series("go_goroutines", "", &[5.0, 90.0, 40.0])];
        let Verdict::Counts(counts) = verdict(&summary) else { panic!("no counts") };
        assert_eq!((counts.name, counts.values, counts.span_millis), ("go_goroutines", 3, Some(2000)));
        assert_eq!([counts.first, counts.last, counts.highest], [5.0, 40.0, 90.0]);
        assert_eq!(super::counts(&[series("empty", "", &[])]), None);
    }

    #[test]
    fn ok_go_version() {
        assert_eq!(go_version(">=1.24"), "Go ≥1.24");
        assert_eq!(go_version("go1.27.3"), "Go 1.27.3");
    }
}
