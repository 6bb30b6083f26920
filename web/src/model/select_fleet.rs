//! What the view of instances shows: in which order they stand, and which others are odd.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use stackherd_report::Severity;
use stackherd_report::protocol::{ChangeRow, ComparisonView};

use super::{RowCache, count_at};

/// How the instances stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum InstanceOrder {
    /// Those in which groups stand out first.
    #[default]
    Oddest,
    Name,
    /// The most goroutines first.
    Total,
}

impl InstanceOrder {
    pub(crate) const ALL: [Self; 3] = [Self::Oddest, Self::Name, Self::Total];

    /// For elements.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Oddest => "oddest",
            Self::Name => "name",
            Self::Total => "total",
        }
    }
}

/// Positions of the instances in the order wanted.
pub(crate) fn instances(view: &ComparisonView, order: InstanceOrder) -> Vec<u32> {
    let mut positions: Vec<(u32, _)> = (0..).zip(&view.dumps).collect();
    // Sorting is stable: what is equal stays in the order of time.
    positions.sort_by(|(_, a), (_, b)| {
        let by_name = || by_name(&a.name, &b.name);
        let is_odd = |outliers: u32| outliers > 0;
        match order {
            InstanceOrder::Oddest => is_odd(b.outliers)
                .cmp(&is_odd(a.outliers))
                .then_with(|| badness(b.severity).cmp(&badness(a.severity)))
                .then_with(|| if is_odd(a.outliers) { b.goroutines.cmp(&a.goroutines) } else { Ordering::Equal })
                .then_with(by_name),
            InstanceOrder::Name => by_name(),
            InstanceOrder::Total => b.goroutines.cmp(&a.goroutines).then_with(by_name),
        }
    });
    positions.into_iter().map(|(position, _)| position).collect()
}

const fn badness(severity: Option<Severity>) -> u8 {
    match severity {
        None => 0,
        Some(Severity::Info) => 1,
        Some(Severity::Warning) => 2,
        Some(Severity::Critical) => 3,
    }
}

/// As people count: `pod2` before `pod10`.
fn by_name(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (digits_a, digits_b) = (n_digits(a), n_digits(b));
        if digits_a > 0 && digits_b > 0 {
            let (number_a, rest_a) = a.split_at(digits_a);
            let (number_b, rest_b) = b.split_at(digits_b);
            let (plain_a, plain_b) = (number_a.trim_start_matches('0'), number_b.trim_start_matches('0'));
            let order = plain_a.len().cmp(&plain_b.len()).then_with(|| plain_a.cmp(plain_b));
            match order.then_with(|| number_a.len().cmp(&number_b.len())) {
                Ordering::Equal => (a, b) = (rest_a, rest_b),
                order => return order,
            }
            continue;
        }
        let (mut rest_a, mut rest_b) = (a.chars(), b.chars());
        match (rest_a.next(), rest_b.next()) {
            (None, None) => return Ordering::Equal,
            (first_a, first_b) if first_a == first_b => (a, b) = (rest_a.as_str(), rest_b.as_str()),
            (first_a, first_b) => return first_a.cmp(&first_b),
        }
    }
}

fn n_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The parts of names that tell them apart, between separators: `pod07` of `checkout-7c9fd8b-pod07`.
pub(crate) fn differing_parts<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let is_separator = |c: char| !c.is_alphanumeric();
    let Some((first, others)) = names.split_first().filter(|(_, others)| !others.is_empty()) else { return names.to_vec() };
    let (mut prefix, mut suffix) = (*first, *first);
    for name in others {
        let same = prefix.chars().zip(name.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        prefix = prefix.get(..same).unwrap_or_default();
        let same: usize =
            suffix.chars().rev().zip(name.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        suffix = suffix.get(suffix.len().saturating_sub(same)..).unwrap_or_default();
    }
    // Words stay whole.
    let before = prefix
        .rfind(is_separator)
        .map_or(0, |at| at + prefix.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8));
    let after = suffix.find(is_separator).map_or(0, |at| suffix.len() - at);
    let part = |name: &&'a str| name.get(before..name.len() - after).filter(|part| !part.is_empty()).unwrap_or(name);
    let parts: Vec<&str> = names.iter().map(part).collect();
    // What makes two alike is no name.
    let mut sorted = parts.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) { names.to_vec() } else { parts }
}

/// An instance in which a group stands out or is missing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Odd {
    pub(crate) position: u32,
    /// The group that is odd, the oddest of several.
    pub(crate) row: Rc<ChangeRow>,
    pub(crate) count: u64,
    pub(crate) is_missing: bool,
}

/// The instances with something odd among the rows known, the oddest group of each; at most `limit`.
pub(crate) fn odd_instances(rows: &RowCache<ChangeRow>, total: u32, limit: usize) -> Vec<Odd> {
    /// The oddest rows come first; what is odd further down is in the table.
    const ROWS: u32 = 60;
    let mut odd: BTreeMap<u32, (usize, Odd)> = BTreeMap::new();
    let known = || (0..total.min(ROWS)).filter_map(|index| rows.row(index));
    for is_missing in [false, true] {
        for row in known() {
            for &position in if is_missing { &row.missing } else { &row.outliers } {
                let rank = odd.len();
                let count = count_at(row, position);
                odd.entry(position).or_insert_with(|| (rank, Odd { position, row: row.clone(), count, is_missing }));
            }
        }
    }
    let mut odd: Vec<(usize, Odd)> = odd.into_values().collect();
    odd.sort_by_key(|(rank, _)| *rank);
    odd.into_iter().take(limit).map(|(_, odd)| odd).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample_fleet::{change_row, fleet};
    use super::*;

    fn names(order: InstanceOrder) -> Vec<String> {
        let view = fleet();
        let name = |position: u32| view.dumps[position as usize].name.clone();
        instances(&view, order).into_iter().map(name).collect()
    }

    #[test]
    fn ok_sick_instances_come_first() {
        assert_eq!(names(InstanceOrder::Oddest), ["pod10", "pod3", "pod1", "pod2", "pod4"]);
        assert_eq!(names(InstanceOrder::Name), ["pod1", "pod2", "pod3", "pod4", "pod10"]);
        assert_eq!(names(InstanceOrder::Total), ["pod10", "pod3", "pod2", "pod1", "pod4"]);
    }

    #[test]
    fn ok_names_stand_as_people_count() {
        let mut names = vec!["b", "a10b2", "a2", "a10b10", "a", "a02", "x2k4q", "x2k4"];
        names.sort_by(|a, b| by_name(a, b));
        assert_eq!(names, ["a", "a2", "a02", "a10b2", "a10b10", "b", "x2k4", "x2k4q"]);
    }

    #[test]
    fn ok_only_what_differs_of_names_is_needed() {
        let pods = ["checkout-7c9fd8b-pod01.txt", "checkout-7c9fd8b-pod02.txt", "checkout-7c9fd8b-pod13.txt"];
        assert_eq!(differing_parts(&pods), ["pod01", "pod02", "pod13"]);
        assert_eq!(differing_parts(&["pod1", "pod2"]), ["pod1", "pod2"]);
        assert_eq!(differing_parts(&["web", "web-2"]), ["web", "web-2"]);
        assert_eq!(
            differing_parts(&["a-é", "a-è", "a-"]),
            ["a-é", "a-è", "a-"].map(|name| if name == "a-" { "a-" } else { &name[2..] })
        );
        assert_eq!(differing_parts(&["same", "same"]), ["same", "same"]);
        assert_eq!(differing_parts(&["only"]), ["only"]);
        assert!(differing_parts(&[]).is_empty());
    }

    #[test]
    fn ok_every_odd_instance_is_named_once_with_its_oddest_group() {
        let mut rows = RowCache::default();
        rows.ask(1, 0);
        let mut first = change_row("a", &[1, 1, 90, 1, 500]);
        first.outliers = vec![4, 2];
        let mut second = change_row("b", &[1, 0, 1, 1, 60]);
        (second.outliers, second.missing) = (vec![4], vec![1]);
        rows.answer(1, vec![first, second]);
        let odd = odd_instances(&rows, 2, 9);
        let told: Vec<(u32, &str, u64, bool)> =
            odd.iter().map(|odd| (odd.position, odd.row.key.as_str(), odd.count, odd.is_missing)).collect();
        assert_eq!(told, [(4, "a", 500, false), (2, "a", 90, false), (1, "b", 0, true)]);
        assert_eq!(odd_instances(&rows, 2, 2).len(), 2);
    }
}
