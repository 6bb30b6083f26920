//! Sorting for lists that are short or rarely sorted: one sort for all types.
//!
//! Each use of `slice::sort_by` is a copy of the standard library's sort, 5 KB of the page. Here positions are sorted, which
//! is one copy for everyone, and then the items are moved to their places. Lists with an item per goroutine or per line keep
//! `slice::sort_by`: a comparison costs a call here.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::mem;

/// The numbers below `n` in the order of `compare`; equal ones stay as they are. `O(n log n)`.
#[inline(never)]
pub fn positions(n: usize, compare: &mut dyn FnMut(u32, u32) -> Ordering) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(n).unwrap_or(u32::MAX)).collect();
    order.sort_by(|&left, &right| compare(left, right));
    order
}

/// Sorts `items` as `slice::sort_by` does: equal ones keep their order.
pub fn by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let order = positions(items.len(), &mut |left, right| match (items.get(left as usize), items.get(right as usize)) {
        (Some(left), Some(right)) => compare(left, right),
        _ => Ordering::Equal,
    });
    arrange(order, &mut |at, from| items.swap(at, from));
}

/// Sorts `items` as `slice::sort_by_key` does: equal ones keep their order.
pub fn by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    by(items, |left, right| key(left).cmp(&key(right)));
}

/// Swaps items until at each position is the one that `order` names for it. `O(n)`.
#[inline(never)]
fn arrange(mut order: Vec<u32>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        // Around the ring of items that take each other's place; places that are done name themselves.
        let mut at = start;
        while let Some(from) = order.get_mut(at).map(|from| mem::replace(from, at as u32) as usize) {
            if from == at || from == start {
                break;
            }
            swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    /// Numbers without a pattern, the same ones each time.
    fn numbers(seed: u32) -> impl Iterator<Item = u32> {
        core::iter::successors(Some(seed | 1), |last| Some(last.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)))
            .map(|number| number >> 16)
    }

    #[test]
    fn ok_same_as_the_standard_sort() {
        for n in 0..200 {
            for n_values in [1, 2, 7, 1000] {
                let items: Vec<(u32, usize)> = numbers(n).take(n as usize).map(|number| number % n_values).zip(0..).collect();
                let (mut ours, mut expected) = (items.clone(), items);
                by_key(&mut ours, |&(value, _)| value);
                expected.sort_by_key(|&(value, _)| value);
                assert_eq!(ours, expected);
                by(&mut ours, |left, right| right.0.cmp(&left.0));
                expected.sort_by_key(|&(value, _)| core::cmp::Reverse(value));
                assert_eq!(ours, expected);
            }
        }
    }

    #[test]
    fn ok_equal_items_keep_their_order() {
        let mut words = ["wait", "lock", "a", "b", "send", "c"].map(String::from);
        by_key(&mut words, String::len);
        assert_eq!(words, ["a", "b", "c", "wait", "lock", "send"]);
    }

    #[test]
    fn ok_positions_of_what_stands_elsewhere() {
        let sizes = [3, 9, 3, 4];
        let order = positions(sizes.len(), &mut |left, right| sizes[right as usize].cmp(&sizes[left as usize]));
        assert_eq!(order, [1, 3, 0, 2]);
        assert_eq!(positions(0, &mut |_, _| Ordering::Equal), []);
    }
}
