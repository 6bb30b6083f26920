//! How counts go over time and differ between instances: what that does not depend on.

use proptest::prelude::*;
use stackherd_core::compare::fleet::spread_of;
use stackherd_core::compare::trend::{Course, trend};

fn course(counts: &[u64]) -> Course {
    trend(counts, None).unwrap().course
}

fn mirrored(course: Course) -> Course {
    match course {
        Course::Growing => Course::Shrinking,
        Course::Shrinking => Course::Growing,
        other => other,
    }
}

/// Ever more, by at least a tenth of the start each time.
fn rising() -> impl Strategy<Value = Vec<u64>> {
    (1_u64..200, prop::collection::vec(0_u64..50, 7..24)).prop_map(|(start, steps)| {
        let mut count = start;
        steps
            .iter()
            .map(|step| {
                count += 3 + start / 10 + step;
                count
            })
            .collect()
    })
}

/// About the same all the time.
fn steady() -> impl Strategy<Value = Vec<u64>> {
    (0_u64..5000, prop::collection::vec(0_u64..100, 7..24))
        .prop_map(|(level, noise)| noise.iter().map(|noise| level + level * noise / 5000).collect())
}

/// The middle value, counted in halves.
fn twice_median(counts: &[u64]) -> u64 {
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prop_backwards_is_the_mirror_image(counts in prop::collection::vec(0_u64..400, 3..24)) {
        let backwards: Vec<u64> = counts.iter().rev().copied().collect();
        prop_assert_eq!(course(&backwards), mirrored(course(&counts)));
        let [forth, back] = [&counts, &backwards].map(|counts| trend(counts, None).unwrap().slope);
        prop_assert!((forth + back).abs() < 1e-9);
    }

    #[test]
    fn prop_one_replaced_sample_changes_no_course(counts in rising(), steady in steady(), at in any::<prop::sample::Index>(), odd in 0_u64..100_000) {
        let mut replaced = counts.clone();
        replaced[at.index(counts.len())] = odd;
        prop_assert_eq!(course(&counts), Course::Growing);
        prop_assert_eq!(course(&replaced), Course::Growing);
        replaced.reverse();
        prop_assert_eq!(course(&replaced), Course::Shrinking);
        let mut replaced = steady.clone();
        replaced[at.index(steady.len())] = odd;
        prop_assert_eq!(course(&steady), Course::Steady);
        prop_assert_eq!(course(&replaced), Course::Steady);
    }

    #[test]
    fn prop_a_constant_makes_it_no_more_than_steady(counts in prop::collection::vec(0_u64..400, 3..24), constant in 0_u64..10_000) {
        let more: Vec<u64> = counts.iter().map(|count| count + constant).collect();
        let (before, after) = (course(&counts), course(&more));
        prop_assert!(after == before || after == Course::Steady || after == Course::Bursting, "{:?} {:?}", before, after);
        prop_assert!(before != Course::Steady || after == Course::Steady);
        let [slope, of_more] = [&counts, &more].map(|counts| trend(counts, None).unwrap().slope);
        prop_assert!((slope - of_more).abs() < 1e-9);
    }

    #[test]
    fn prop_times_only_scale_the_slope(counts in prop::collection::vec(0_u64..400, 3..24), minutes in 1_u32..100) {
        let times: Vec<f64> = (0..counts.len()).map(|at| at as f64 * f64::from(minutes)).collect();
        let (timed, plain) = (trend(&counts, Some(&times)).unwrap(), trend(&counts, None).unwrap());
        prop_assert_eq!((timed.course, timed.is_monotone), (plain.course, plain.is_monotone));
        prop_assert!((timed.slope * f64::from(minutes) - plain.slope).abs() < 1e-6);
        prop_assert!(timed.doubling_minutes.is_none_or(|doubling| doubling > 0.0 && timed.course == Course::Growing));
    }

    #[test]
    fn prop_spread_is_what_its_words_say(counts in prop::collection::vec(prop_oneof![0_u64..40, 0_u64..500], 0..60)) {
        let spread = spread_of(&counts);
        if counts.is_empty() {
            return Ok(());
        }
        let median = twice_median(&counts);
        prop_assert_eq!(spread.median, median as f64 / 2.0);
        let distances: Vec<u64> = counts.iter().map(|count| (2 * count).abs_diff(median)).collect();
        prop_assert_eq!(spread.deviation, twice_median(&distances) as f64 / 4.0);
        let is_outlier = |count: u64| counts.len() >= 3 && 2 * count >= 4 * median && 2 * count >= median + 40;
        let mut outliers: Vec<u32> = (0..).zip(&counts).filter(|(_, count)| is_outlier(**count)).map(|(dump, _)| dump).collect();
        outliers.sort_by_key(|&dump| std::cmp::Reverse(counts[dump as usize]));
        prop_assert_eq!(&spread.outliers, &outliers);
        let n_having = counts.iter().filter(|count| **count > 0).count();
        let missing: Vec<u32> = (0..).zip(&counts).filter(|(_, count)| **count == 0 && n_having * 10 >= counts.len() * 9).map(|(dump, _)| dump).collect();
        prop_assert_eq!(&spread.missing, &missing);
        let excess: u64 = outliers.iter().map(|&dump| (2 * counts[dump as usize] - median) / 2).sum();
        prop_assert_eq!(spread.excess, excess);
    }
}
