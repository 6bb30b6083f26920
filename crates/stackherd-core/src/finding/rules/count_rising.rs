//! `count-rising`
#![doc = include_str!("../doc/count-rising.md")]

use alloc::vec::Vec;

use crate::finding::{Analysis, Confidence, Detect, Finding, Rule, Severity};
use crate::series::{Point, Series};
use crate::text::{Count, Percent, Text, minutes, text};

pub(super) const RULE: Rule = Rule {
    name: "count-rising",
    doc_en: include_str!("../doc/count-rising.md"),
    doc_zh_cn: include_str!("../doc/count-rising.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Parts that a series is cut into; the median of each stands for it, so one odd sample changes nothing.
const MAX_PARTS: usize = 20;
/// Fewer samples say nothing about a trend.
const MIN_POINTS: usize = 4;
/// Goroutines that have to be added.
const MIN_GROWTH: f64 = 20.0;
/// The same, for a warning.
const LARGE_GROWTH: f64 = 100.0;
/// Share of pairs of parts of which the later one has to be higher, in percent. What goes up and down has 50.
const MIN_RISING_PERCENT: usize = 75;
/// The same, for a warning.
const STEADY_PERCENT: usize = 90;

/// How a count went.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Course {
    from: f64,
    to: f64,
    /// The first and the last sample, unless they are odd ones: what the log shows.
    shown: (f64, f64),
    /// Pairs of parts, and those of which the later part is higher.
    n_pairs: usize,
    n_rising: usize,
    /// Between the first sample and the last, when both have a time.
    millis: Option<i64>,
    n_points: usize,
}

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let counts = analysis.snapshot.series().iter().filter(|series| series.unit == "goroutines");
    counts.filter_map(|series| finding(analysis, series, Course::of(&series.points)?)).collect()
}

impl Course {
    /// `O(points)`, but for sorting the parts.
    fn of(points: &[Point]) -> Option<Self> {
        if points.len() < MIN_POINTS {
            return None;
        }
        let n_parts = (points.len() / 2).clamp(3, MAX_PARTS);
        let part = |at: usize| points.get(at * points.len() / n_parts..(at + 1) * points.len() / n_parts);
        let medians: Vec<f64> = (0..n_parts).filter_map(|at| median(part(at)?)).collect();
        let (from, to) = (*medians.first()?, *medians.last()?);
        let later = |at: usize| medians.iter().skip(at + 1);
        let n_rising = medians.iter().enumerate().map(|(at, one)| later(at).filter(|next| *next > one).count()).sum();
        let n_pairs = n_parts * (n_parts - 1) / 2;
        let millis = match (points.first()?.at_millis, points.last()?.at_millis) {
            (Some(first), Some(last)) => last.checked_sub(first).filter(|&millis| millis > 0),
            _ => None,
        };
        // An odd sample is not what the count was; its neighbours are.
        let usual = |point: &Point, median: f64| {
            let is_usual = (point.value - median).abs() <= 0.2 * median.max(10.0);
            if is_usual { point.value } else { median }
        };
        let shown = (usual(points.first()?, from), usual(points.last()?, to));
        Some(Self { from, to, shown, n_pairs, n_rising, millis, n_points: points.len() })
    }

    fn growth(self) -> f64 {
        self.to - self.from
    }

    fn is_rising(self) -> bool {
        self.growth() >= MIN_GROWTH && self.to >= 1.2 * self.from && self.n_rising * 100 >= self.n_pairs * MIN_RISING_PERCENT
    }

    fn is_steep(self) -> bool {
        self.growth() >= LARGE_GROWTH && self.to >= 2.0 * self.from && self.n_rising * 100 >= self.n_pairs * STEADY_PERCENT
    }

    /// Whole minutes until the count is twice the last, when it goes on as fast.
    fn doubling_minutes(self) -> Option<u32> {
        let per_minute = self.growth() / (self.millis? as f64 / 60_000.0);
        let minutes = self.to / per_minute;
        // A float that is too large saturates.
        (minutes.is_finite() && minutes >= 1.0).then_some(minutes as u32)
    }
}

/// The middle value of `points`, the lower one of two.
fn median(points: &[Point]) -> Option<f64> {
    let mut values: Vec<f64> = points.iter().map(|point| point.value).filter(|value| value.is_finite()).collect();
    let middle = values.len().checked_sub(1)? / 2;
    Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
}

/// `from start to end in t`
fn span(course: Course) -> Text {
    match course.millis.map(|millis| u32::try_from(millis / 60_000).unwrap_or(u32::MAX)) {
        Some(0) => text!("in less than a minute", "不到 1 分钟内"),
        Some(whole) => {
            let Text { en, zh_cn } = minutes(whole);
            text!("in {en}", "{zh_cn}内")
        }
        None => {
            let n = Count(course.n_points as u64);
            text!("over {n} samples", "{n} 个采样内")
        }
    }
}

fn finding(analysis: &Analysis<'_>, series: &Series, course: Course) -> Option<Finding> {
    if !course.is_rising() {
        return None;
    }
    // Counts are below 2^53.
    let (from, to) = (Count(course.shown.0 as u64), Count(course.shown.1 as u64));
    let (span, name) = (span(course), &series.name);
    let (en, zh) = (&span.en, &span.zh_cn);
    let share = Percent(course.n_rising as u64, course.n_pairs as u64);
    let mut evidence = alloc::vec![
        text!(
            "{name} went from {from} to {to} {en}; single odd samples do not count.",
            "{name} 在{zh}从 {from} 升至 {to}；个别异常采样不计。"
        ),
        text!(
            "Of two stretches of the log, the later one is higher in {share} of all cases; 50% is no trend.",
            "任取日志的两段，{share} 的情况下后一段更高；50% 表示没有趋势。"
        ),
    ];
    if let Some(Text { en, zh_cn }) = course.doubling_minutes().map(minutes) {
        evidence.push(text!("At this pace it doubles in another {en}.", "按此速度，再过 {zh_cn}将翻倍。"));
    }
    let is_steep = course.is_steep();
    Some(Finding {
        severity: if is_steep { Severity::Warning } else { Severity::Info },
        confidence: if is_steep { Confidence::Likely } else { Confidence::Possible },
        title: text!("The goroutine count rose from {from} to {to} {en}", "goroutine 数量在{zh}从 {from} 升至 {to}"),
        evidence,
        counter_evidence: alloc::vec![
            text!(
                "A count follows the load: it may fall again when the load does, and it rises after a start.",
                "数量随负载变化：负载下降时可能回落，启动后也会上升。"
            ),
            text!(
                "The count does not say which goroutines they are. Two dumps of debug=2, some minutes apart, do: compare them here.",
                "数量并不说明是哪些 goroutine。相隔几分钟取两次 debug=2 转储，在此对比即可得知。"
            ),
        ],
        reference: Some("https://pkg.go.dev/net/http/pprof"),
        claims: false,
        ..Finding::new(analysis, &RULE, &[])
    })
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::findings;
    use alloc::format;
    use alloc::string::String;

    fn log(counts: impl Iterator<Item = u64>) -> String {
        let line =
            |(minute, n): (usize, u64)| format!("2026-11-21T{:02}:{:02}:00Z goroutines: {n}\n", minute / 60, minute % 60);
        counts.enumerate().map(line).collect()
    }

    #[test]
    fn ok_a_rising_count() {
        assert_eq!(
            findings(&log((0..100).map(|minute| 200 + 10 * minute))),
            ["count-rising warning likely 0 - | The goroutine count rose from 200 to 1,190 in 1 h 39 min"]
        );
        let slow = findings(&log((0..100).map(|minute| 200 + minute)));
        assert_eq!(slow, ["count-rising info possible 0 - | The goroutine count rose from 200 to 299 in 1 h 39 min"]);
    }

    #[test]
    fn ok_one_odd_sample_is_no_rise() {
        assert!(findings(&log((0..50).map(|minute| if minute == 49 { 90_000 } else { 200 + minute % 3 }))).is_empty());
        assert!(findings(&log((0..50).map(|minute| 200 + 100 * (minute % 7)))).is_empty());
        assert!(findings(&log((0..50).map(|minute| 900 - minute))).is_empty());
    }
}
