//! How the count of a group goes over time.
//!
//! Neither the slope nor the word for it hangs on one sample: a request burst or a dump taken at a bad moment is no trend.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::{Instance, Row};

/// Longer series are cut into so many parts, and the median of each stands for it: pairs of samples are looked at.
const MAX_SAMPLES: usize = 24;
/// Of this many samples one may be odd; below, nobody can tell which one it is.
const SAMPLES_PER_ODD: usize = 5;
/// From one end to the other a count changes by at least so many goroutines, or it is steady.
const MIN_CHANGE: f64 = 2.0;
/// And by this share of its level, in percent.
const MIN_CHANGE_PERCENT: f64 = 5.0;
/// For so many pairs of samples that go one way, one may go the other way.
const PAIRS_PER_EXCEPTION: usize = 6;
/// A count that stays within this share of its level is steady, in percent.
const STEADY_PERCENT: f64 = 20.0;
/// Or within so many goroutines: a handful of requests more or less is no burst.
const STEADY_RANGE: f64 = 5.0;
/// Fewer samples do not tell a curve from a line.
const MIN_CURVE: usize = 5;

/// How a count goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Course {
    /// More from dump to dump, single odd ones apart. Of two dumps that differ, the later one has more in at least 6 of 7
    /// cases, and the last third has at least 2 more and 5 % of the median more than the first third.
    Growing,
    /// Up and down again: none of the others.
    Bursting,
    /// About the same all the time, single odd dumps apart: within 20 % of the median, or 5 goroutines.
    Steady,
    /// Fewer from dump to dump: the mirror image of growing.
    Shrinking,
}

/// How the count of a group went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// In one word.
    pub course: Course,
    /// Never fewer than in the dump before, and more at the end than at the start.
    pub is_monotone: bool,
    /// Typical growth per minute; per dump when times are unknown. Single odd dumps do not count.
    pub slope: f64,
    /// `slope` is per minute.
    pub has_times: bool,
    /// Minutes in which the count doubles; `None` unless it grows and times are known. What grows faster and faster, by
    /// about the same factor each time, goes on so; all else goes on as `slope` says from the last count.
    pub doubling_minutes: Option<f64>,
}

/// How counts went that were taken at `at_minutes`, or one after the other. `None` below three. Robust against one odd
/// sample in five. Times that are not as many as the counts, or do not increase, are left aside. `O(counts)`.
///
/// The slope is the median of the slopes of all pairs of samples (Theil and Sen).
#[must_use]
pub fn trend(counts: &[u64], at_minutes: Option<&[f64]>) -> Option<Trend> {
    trend_with(&mut Scratch::default(), counts, at_minutes)
}

/// What is used from row to row.
#[derive(Debug, Default)]
struct Scratch {
    samples: Vec<Sample>,
    slopes: Vec<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Sample {
    at: f64,
    count: f64,
}

fn trend_with(scratch: &mut Scratch, counts: &[u64], at_minutes: Option<&[f64]>) -> Option<Trend> {
    let (&first, &last) = (counts.first()?, counts.last()?);
    if counts.len() < 3 {
        return None;
    }
    let times = at_minutes.filter(|times| times.len() == counts.len() && times.is_sorted_by(|left, right| left < right));
    let has_times = times.is_some();
    if counts.iter().all(|&count| count == first) {
        return Some(Trend { course: Course::Steady, is_monotone: false, slope: 0.0, has_times, doubling_minutes: None });
    }
    sample(&mut scratch.samples, counts, times);
    let slope = slope(scratch, |sample| sample.count);
    let course = course(&scratch.samples);
    let doubling_minutes = if course == Course::Growing && has_times { doubling(scratch, slope) } else { None };
    Some(Trend { course, is_monotone: counts.is_sorted() && last > first, slope, has_times, doubling_minutes })
}

/// Takes the samples, or medians of parts of a long series.
fn sample(samples: &mut Vec<Sample>, counts: &[u64], times: Option<&[f64]>) {
    samples.clear();
    let time = |at: usize| times.and_then(|times| times.get(at).copied()).unwrap_or(at as f64);
    if counts.len() <= MAX_SAMPLES {
        samples.extend(counts.iter().enumerate().map(|(at, &count)| Sample { at: time(at), count: count as f64 }));
        return;
    }
    for part in 0..MAX_SAMPLES {
        let (from, to) = (part * counts.len() / MAX_SAMPLES, (part + 1) * counts.len() / MAX_SAMPLES);
        let mut values: Vec<f64> = counts.get(from..to).unwrap_or_default().iter().map(|&count| count as f64).collect();
        let at = (time(from) + time(to - 1)) / 2.0;
        samples.extend(median(&mut values).map(|count| Sample { at, count }));
    }
}

/// The middle value, the mean of the middle two; reorders `values`.
fn median(values: &mut [f64]) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let (below, &mut middle, _) = values.select_nth_unstable_by(values.len() / 2, f64::total_cmp);
    let other = if last % 2 == 1 { below.iter().copied().max_by(f64::total_cmp) } else { None };
    Some(other.map_or(middle, |other| (other + middle) / 2.0))
}

/// The median slope of all pairs.
fn slope(scratch: &mut Scratch, value: impl Fn(Sample) -> f64) -> f64 {
    let Scratch { samples, slopes } = scratch;
    slopes.clear();
    for (index, &left) in samples.iter().enumerate() {
        let later = samples.get(index + 1..).unwrap_or_default();
        slopes.extend(later.iter().map(|&right| (value(right) - value(left)) / (right.at - left.at)));
    }
    median(slopes).unwrap_or(0.0)
}

fn course(samples: &[Sample]) -> Course {
    let counts: Vec<f64> = samples.iter().map(|sample| sample.count).collect();
    if has_risen(&counts) {
        return Course::Growing;
    }
    let mirrored: Vec<f64> = counts.iter().map(|count| -count).collect();
    if has_risen(&mirrored) {
        return Course::Shrinking;
    }
    if is_steady(counts) { Course::Steady } else { Course::Bursting }
}

/// Whether later samples are higher, and the end is well above the start, when the samples that fit least are left out.
///
/// Of those that fit equally badly, the first ones are left out, then the last ones: backwards it must be the same.
fn has_risen(counts: &[f64]) -> bool {
    let mut fits: Vec<(usize, usize)> =
        counts.iter().enumerate().map(|(at, &count)| (offences(counts, at, count), at)).collect();
    // Most series go up and down so much that no few samples can be to blame.
    let n_falling = fits.iter().map(|(offences, _)| offences).sum::<usize>() / 2;
    let n_pairs = counts.len() * counts.len().saturating_sub(1) / 2;
    let n_excused = counts.len() / SAMPLES_PER_ODD * counts.len();
    if n_falling.saturating_sub(n_excused) * PAIRS_PER_EXCEPTION > n_pairs - n_falling {
        return false;
    }
    fits.sort_unstable();
    let has_risen = rises(counts, &fits);
    fits.sort_unstable_by_key(|&(offences, at)| (offences, Reverse(at)));
    has_risen || rises(counts, &fits)
}

/// Samples that are on the wrong side of the one `at`.
fn offences(counts: &[f64], at: usize, count: f64) -> usize {
    let (earlier, later) = counts.split_at_checked(at).unwrap_or_default();
    let n_above: usize = earlier.iter().map(|&other| usize::from(other > count)).sum();
    let n_below: usize = later.iter().map(|&other| usize::from(other < count)).sum();
    n_above + n_below
}

/// The same without the samples at the end of `fits`, which are in the order of their offences.
fn rises(counts: &[f64], fits: &[(usize, usize)]) -> bool {
    // Who goes against nobody fits.
    let n_odd = fits.iter().rev().take(counts.len() / SAMPLES_PER_ODD).filter(|(offences, _)| *offences > 0).count();
    let mut kept: Vec<usize> = fits.iter().rev().skip(n_odd).map(|&(_, at)| at).collect();
    kept.sort_unstable();
    let kept: Vec<f64> = kept.iter().filter_map(|&at| counts.get(at)).copied().collect();

    let (mut n_rising, mut n_falling) = (0, 0);
    for (at, count) in kept.iter().enumerate() {
        for later in kept.get(at + 1..).unwrap_or_default() {
            n_rising += usize::from(later > count);
            n_falling += usize::from(later < count);
        }
    }
    let level = median(&mut kept.clone()).unwrap_or(0.0).abs();
    n_falling * PAIRS_PER_EXCEPTION <= n_rising && change(&kept) >= MIN_CHANGE.max(level * MIN_CHANGE_PERCENT / 100.0)
}

/// How far the end is above the start. Of five samples and more one at either end does not make it.
fn change(counts: &[f64]) -> f64 {
    let n_end = if counts.len() < SAMPLES_PER_ODD { 1 } else { (counts.len() / 3).max(2) };
    let mut start: Vec<f64> = counts.iter().copied().take(n_end).collect();
    let mut end: Vec<f64> = counts.iter().copied().skip(counts.len().saturating_sub(n_end)).collect();
    start.sort_unstable_by(f64::total_cmp);
    end.sort_unstable_by(f64::total_cmp);
    // Of the middle two, those that are closer to each other.
    let (upper, lower) = (start.get(n_end / 2), end.get((n_end - 1) / 2));
    upper.zip(lower).map_or(0.0, |(from, to)| to - from)
}

/// Whether they stay where they are, when those farthest from the median are left out.
fn is_steady(mut counts: Vec<f64>) -> bool {
    let level = median(&mut counts).unwrap_or(0.0);
    counts.sort_unstable_by(|left, right| (left - level).abs().total_cmp(&(right - level).abs()));
    counts.truncate(counts.len() - counts.len() / SAMPLES_PER_ODD);
    let (min, max) = counts.iter().fold((f64::MAX, f64::MIN), |(min, max), &count| (min.min(count), max.max(count)));
    max - min <= STEADY_RANGE.max(level * STEADY_PERCENT / 100.0)
}

/// Minutes in which the last count doubles.
fn doubling(scratch: &mut Scratch, slope: f64) -> Option<f64> {
    let last = scratch.samples.last()?.count;
    let minutes = if is_curve(scratch) { 1.0 / self::slope(scratch, |sample| log2(sample.count)) } else { last / slope };
    (minutes.is_finite() && minutes > 0.0).then_some(minutes)
}

/// Whether it grows by about the same factor each time rather than by the same number: the factors differ half as much.
fn is_curve(scratch: &mut Scratch) -> bool {
    let Scratch { samples, slopes } = scratch;
    if samples.len() < MIN_CURVE || samples.iter().any(|sample| sample.count < 1.0) {
        return false;
    }
    let mut unevenness = |value: fn(f64) -> f64| {
        slopes.clear();
        let steps = samples.iter().zip(samples.iter().skip(1));
        slopes.extend(steps.map(|(left, right)| (value(right.count) - value(left.count)) / (right.at - left.at)));
        let middle = median(slopes).filter(|middle| *middle > 0.0)?;
        slopes.iter_mut().for_each(|slope| *slope = (*slope - middle).abs());
        median(slopes).map(|deviation| deviation / middle)
    };
    let (line, curve) = (unevenness(|count| count), unevenness(log2));
    line.zip(curve).is_some_and(|(line, curve)| curve * 2.0 < line)
}

/// The binary logarithm of a count; `core` has none. Off by less than 0.00001.
fn log2(count: f64) -> f64 {
    if count < 1.0 {
        return 0.0;
    }
    let bits = count.to_bits();
    let exponent = (bits >> 52) as f64 - 1023.0;
    // Between 1 and 2.
    let mantissa = f64::from_bits(bits & ((1 << 52) - 1) | (1023 << 52));
    // ln(m) = 2 (x + x³/3 + x⁵/5 + …) with x = (m − 1) / (m + 1), at most a third.
    let x = (mantissa - 1.0) / (mantissa + 1.0);
    let square = x * x;
    let mut term = x;
    let mut sum = 0.0;
    for odd in [1.0, 3.0, 5.0, 7.0, 9.0] {
        sum += term / odd;
        term *= square;
    }
    exponent + 2.0 * sum * core::f64::consts::LOG2_E
}

/// Fills in the trend of all rows. `O(rows × dumps)`.
pub(super) fn follow(rows: &mut [Row], instances: &[Instance<'_>], order: &[u32]) {
    let times = times(instances, order);
    let mut scratch = Scratch::default();
    let mut counts: Vec<u64> = Vec::with_capacity(order.len());
    for row in rows {
        counts.clear();
        counts.extend(order.iter().filter_map(|&dump| row.counts.get(dump as usize)));
        row.trend = trend_with(&mut scratch, &counts, times.as_deref());
    }
}

/// Minutes since the first of `order`; `None` unless all times are known.
pub(crate) fn times(instances: &[Instance<'_>], order: &[u32]) -> Option<Vec<f64>> {
    let at = |dump: &u32| instances.get(*dump as usize)?.at_millis;
    let first = at(order.first()?)?;
    order.iter().map(|dump| Some(at(dump)?.saturating_sub(first) as f64 / 60_000.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course_of(counts: &[u64]) -> Course {
        trend(counts, None).unwrap().course
    }

    #[test]
    fn ok_courses() {
        for growing in [
            &[1, 2, 3, 4, 5, 6][..],
            &[5, 20, 35, 60, 100, 160],
            &[150, 200, 250, 300, 350],
            &[5, 5, 5, 5, 5, 100, 100],
            &[10, 500, 1000],
            &[100, 96, 118, 114, 125, 121, 140],
        ] {
            assert_eq!(course_of(growing), Course::Growing, "{growing:?}");
            let falling: Vec<u64> = growing.iter().rev().copied().collect();
            assert_eq!(course_of(&falling), Course::Shrinking, "{falling:?}");
        }
        assert_eq!(course_of(&[48, 40, 32, 24, 16, 8]), Course::Shrinking);
        for steady in [&[32; 6][..], &[3, 5, 2, 6, 3, 4], &[0, 0, 1], &[1000, 1001, 1002, 1003], &[100, 103, 99, 101, 98]] {
            assert_eq!(course_of(steady), Course::Steady, "{steady:?}");
        }
        for bursting in [&[10, 500, 10][..], &[0, 40, 0, 40, 0, 40], &[5, 80, 200, 90, 4, 70, 190, 6]] {
            assert_eq!(course_of(bursting), Course::Bursting, "{bursting:?}");
        }
    }

    #[test]
    fn ok_one_odd_sample_changes_nothing() {
        assert_eq!(course_of(&[1, 2, 3, 900, 5, 6]), Course::Growing);
        assert_eq!(course_of(&[150, 200, 0, 300, 350]), Course::Growing);
        assert_eq!(course_of(&[32, 32, 32, 32, 32, 0]), Course::Steady);
        assert_eq!(course_of(&[32, 32, 32, 32, 32, 400]), Course::Steady);
        assert_eq!(course_of(&[48, 40, 32, 400, 16, 8]), Course::Shrinking);
        let odd = trend(&[100, 110, 9000, 130, 140, 150], None).unwrap();
        assert!((9.0..=11.0).contains(&odd.slope) && !odd.is_monotone, "{odd:?}");
    }

    #[test]
    fn ok_slope_is_per_minute_when_times_are_known() {
        let counts = [150, 200, 250, 300, 350];
        let timed = trend(&counts, Some(&[0.0, 3.5, 7.0, 10.5, 14.0])).unwrap();
        assert!(timed.has_times && timed.is_monotone);
        assert!((timed.slope - 50.0 / 3.5).abs() < 1e-9 && (timed.doubling_minutes.unwrap() - 24.5).abs() < 1e-9);
        for odd_times in [&[0.0, 1.0, 1.0, 2.0, 3.0][..], &[0.0, 1.0], &[0.0, f64::NAN, 2.0, 3.0, 4.0]] {
            let untimed = trend(&counts, Some(odd_times)).unwrap();
            assert_eq!((untimed.has_times, untimed.slope, untimed.doubling_minutes), (false, 50.0, None));
        }
        assert_eq!(trend(&[1, 9], None), None);
    }

    #[test]
    fn ok_what_grows_by_a_factor_doubles_sooner_than_its_slope_says() {
        let minutes = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
        let doubling = trend(&[10, 20, 40, 80, 160, 320], Some(&minutes)).unwrap().doubling_minutes.unwrap();
        assert!((doubling - 1.0).abs() < 0.01, "{doubling}");
        let upload = trend(&[5, 20, 35, 60, 100, 160], Some(&minutes)).unwrap().doubling_minutes.unwrap();
        assert!((1.0..1.6).contains(&upload), "{upload}");
        assert_eq!(trend(&[48, 40, 32, 24, 16, 8], Some(&minutes)).unwrap().doubling_minutes, None);
    }

    #[test]
    fn ok_logarithms() {
        for (count, expected) in [(1.0, 0.0), (2.0, 1.0), (1000.0, 9.965_784), (3.0, 1.584_963), (1e15, 49.828_921)] {
            assert!((log2(count) - expected).abs() < 1e-5, "{count}: {}", log2(count));
        }
    }

    #[test]
    fn ok_long_series() {
        let rising: Vec<u64> = (0..5000).map(|at| 1000 + at / 2 + at % 7).collect();
        let long = trend(&rising, None).unwrap();
        assert_eq!(long.course, Course::Growing);
        assert!((long.slope - 0.5).abs() < 0.01, "{long:?}");
    }
}
