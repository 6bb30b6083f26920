//! Which instance of a service is the odd one.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::Row;

/// A group stands out in an instance that has at least so many times its median.
pub const OUTLIER_FACTOR: u64 = 4;
/// And at least so many goroutines more.
pub const OUTLIER_EXCESS: u64 = 20;
/// Of fewer instances none is the odd one: it could as well be the other.
pub const MIN_INSTANCES: usize = 3;
/// A group is missing in an instance when so many of all instances have it, in percent.
pub const USUAL_PERCENT: u64 = 90;

/// More goroutines than anybody has; four times as many still are a number.
const LARGEST: u64 = u64::MAX / 8;

/// How the count of a group differs between instances.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    /// Of the counts; the mean of the middle two.
    pub median: f64,
    /// Median distance from the median.
    pub deviation: f64,
    /// Instances with at least [`OUTLIER_FACTOR`] times the median and [`OUTLIER_EXCESS`] more, the greatest count first.
    pub outliers: Vec<u32>,
    /// Instances without it although at least [`USUAL_PERCENT`] have it.
    pub missing: Vec<u32>,
    /// Goroutines that outliers have above the median, together.
    pub excess: u64,
}

/// How `counts` of instances differ; below [`MIN_INSTANCES`] none is an outlier. `O(counts × log counts)`.
#[must_use]
pub fn spread_of(counts: &[u64]) -> Spread {
    spread_with(&mut Vec::new(), counts)
}

/// Twice the median, which is a whole number; 0 of none. Reorders `values`.
fn twice_median(values: &mut [u64]) -> u64 {
    let middle = values.len() / 2;
    if values.is_empty() {
        return 0;
    }
    let is_even = values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable(middle);
    let lower = if is_even { below.iter().copied().max().unwrap_or(upper) } else { upper };
    lower + upper
}

fn spread_with(values: &mut Vec<u64>, counts: &[u64]) -> Spread {
    values.clear();
    // In halves all is exact.
    values.extend(counts.iter().map(|&count| count.min(LARGEST)));
    let median = twice_median(values);
    values.iter_mut().for_each(|value| *value = (*value * 2).abs_diff(median));
    let deviation = twice_median(values);
    let is_outlier = |count: u64| {
        let twice = count.min(LARGEST) * 2;
        twice >= median.saturating_mul(OUTLIER_FACTOR) && twice >= median + 2 * OUTLIER_EXCESS
    };
    let of_instances = || (0_u32..).zip(counts.iter().copied());
    let mut outliers: Vec<(Reverse<u64>, u32)> = Vec::new();
    if counts.len() >= MIN_INSTANCES {
        outliers.extend(of_instances().filter(|&(_, count)| is_outlier(count)).map(|(dump, count)| (Reverse(count), dump)));
        outliers.sort_unstable();
    }
    let n_having = counts.iter().filter(|&&count| count > 0).count() as u64;
    let is_usual = n_having * 100 >= counts.len() as u64 * USUAL_PERCENT;
    let is_missing = |&(_, count): &(u32, u64)| is_usual && count == 0;
    let excess = |&(Reverse(count), _): &(Reverse<u64>, u32)| (count.min(LARGEST) * 2 - median) / 2;
    let excess = outliers.iter().map(excess).fold(0, u64::saturating_add);
    Spread {
        median: median as f64 / 2.0,
        deviation: deviation as f64 / 4.0,
        outliers: outliers.into_iter().map(|(_, dump)| dump).collect(),
        missing: of_instances().filter(is_missing).map(|(dump, _)| dump).collect(),
        excess,
    }
}

/// Fills in the spread of all rows.
pub(super) fn spread(rows: &mut [Row]) {
    let mut values = Vec::new();
    for row in rows {
        row.spread = Some(spread_with(&mut values, &row.counts));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_outliers_are_far_above_the_median() {
        let mut counts = [0; 40];
        (counts[6], counts[18], counts[32], counts[3]) = (140, 88, 301, 1);
        let spread = spread_of(&counts);
        assert_eq!((spread.median, spread.deviation), (0.0, 0.0));
        assert_eq!((spread.outliers, spread.excess), (alloc::vec![32, 6, 18], 529));
    }

    #[test]
    fn ok_medians_and_deviations() {
        let spread = spread_of(&[1, 2, 3, 4]);
        assert_eq!((spread.median, spread.deviation), (2.5, 1.0));
        let spread = spread_of(&[10, 10, 12, 14, 100]);
        assert_eq!((spread.median, spread.deviation), (12.0, 2.0));
        assert_eq!((spread.outliers, spread.excess), (alloc::vec![4], 88));
        assert_eq!(spread_of(&[]), Spread::default());
        assert_eq!(spread_of(&[u64::MAX, 0, 0, 0]).outliers, [0]);
    }

    #[test]
    fn ok_a_little_more_is_no_outlier() {
        assert!(spread_of(&[1, 1, 20]).outliers.is_empty());
        assert!(spread_of(&[100, 100, 399]).outliers.is_empty());
        assert_eq!(spread_of(&[100, 100, 400]).outliers, [2]);
        assert!(spread_of(&[0, 5000]).outliers.is_empty(), "two instances");
    }

    #[test]
    fn ok_missing_where_nearly_all_have_it() {
        let mut counts = [3; 10];
        counts[4] = 0;
        assert_eq!(spread_of(&counts).missing, [4]);
        counts[5] = 0;
        assert!(spread_of(&counts).missing.is_empty());
        assert!(spread_of(&[0, 0, 0]).missing.is_empty());
    }
}
