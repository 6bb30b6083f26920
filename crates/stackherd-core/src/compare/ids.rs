//! Goroutine ids of a dump: where each stands.

use alloc::vec;
use alloc::vec::Vec;

use crate::snapshot::{Goid, Goroutine, Snapshot};

/// Ids in a row that stand side by side in the table: a line of a processor's cache.
const RUN_BITS: u32 = 3;

/// The row of each id of a dump. System goroutines are left out: they share the id 0.
///
/// A table of its own, because it is looked up once for every goroutine. Ids that follow each other are often printed so, and
/// keep together; a slot is small and starts as zeros.
#[derive(Debug)]
pub(super) struct Ids<'a> {
    goroutines: &'a [Goroutine],
    /// The lower half of an id, and its row from 1; 0 for none.
    slots: Vec<(u32, u32)>,
    shift: u32,
}

/// The highest id of `snapshot`; `None` when rows have no ids, or when there are none but of system goroutines.
pub(super) fn max(snapshot: &Snapshot) -> Option<u64> {
    let mut max = 0;
    for goroutine in snapshot.goroutines() {
        max = max.max(goroutine.goid()?.0);
    }
    (max > 0).then_some(max)
}

impl<'a> Ids<'a> {
    /// The ids of `snapshot`. `O(goroutines)`.
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        Self::of_rows(snapshot.goroutines(), 0..snapshot.goroutines().len() as u32)
    }

    /// The ids of some rows. An id that occurs twice has its first row.
    pub(super) fn of_rows(goroutines: &'a [Goroutine], rows: impl ExactSizeIterator<Item = u32>) -> Self {
        // At most two thirds of the slots are taken.
        let n_slots = (rows.len().saturating_mul(3) / 2).next_power_of_two().max(1 << (RUN_BITS + 1));
        let mut ids = Self { goroutines, slots: vec![(0, 0); n_slots], shift: 64 + RUN_BITS - n_slots.trailing_zeros() };
        for row in rows {
            if let Some(goid @ Goid(1..)) = goroutines.get(row as usize).and_then(Goroutine::goid) {
                let (at, found) = ids.find(goid);
                if let Some(slot) = ids.slots.get_mut(at).filter(|_| found.is_none()) {
                    *slot = (goid.0 as u32, row + 1);
                }
            }
        }
        ids
    }

    /// The row of `goid`.
    #[inline]
    pub(super) fn row(&self, goid: Goid) -> Option<u32> {
        self.find(goid).1
    }

    /// The slot of `goid`, or the free one that it would take.
    #[inline]
    fn find(&self, goid: Goid) -> (usize, Option<u32>) {
        let mask = self.slots.len() - 1;
        // Fibonacci hashing: the upper bits of a product depend on all bits of a number.
        let run = (goid.0 >> RUN_BITS).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        let mut at = ((run << RUN_BITS) | (goid.0 & ((1 << RUN_BITS) - 1))) as usize;
        loop {
            let Some(&(low, row)) = self.slots.get(at) else { return (at, None) };
            if row == 0 {
                return (at, None);
            }
            // The lower half is nearly always enough; the row has all of it.
            if low == goid.0 as u32 && self.goroutines.get(row as usize - 1).and_then(Goroutine::goid) == Some(goid) {
                return (at, Some(row - 1));
            }
            at = (at + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::StringId;
    use crate::wait::Category;

    fn rows(goids: &[u64]) -> Vec<Goroutine> {
        goids.iter().map(|&goid| Goroutine::new(Goid(goid), StringId::EMPTY, Category::Select)).collect()
    }

    fn of(goroutines: Vec<Goroutine>) -> Snapshot {
        Snapshot { goroutines, ..Snapshot::default() }
    }

    #[test]
    fn ok_ids_lead_to_their_first_row() {
        let goids = [7, 0, u64::MAX, 8, 7, 1 << 40, 0];
        let snapshot = of(rows(&goids));
        let ids = Ids::of(&snapshot);
        let found = [7, 8, u64::MAX, 1 << 40, 0, 9].map(|goid| ids.row(Goid(goid)));
        assert_eq!(found, [Some(0), Some(3), Some(2), Some(5), None, None]);
        assert_eq!(max(&snapshot), Some(u64::MAX));
    }

    #[test]
    fn ok_many_ids() {
        let goids: Vec<u64> = (1..5000).map(|at| at * 37).collect();
        let snapshot = of(rows(&goids));
        let ids = Ids::of(&snapshot);
        assert!(
            (0_u32..).zip(&goids).all(|(row, &goid)| ids.row(Goid(goid)) == Some(row) && ids.row(Goid(goid + 1)).is_none())
        );
    }

    #[test]
    fn ok_counted_rows_have_no_ids() {
        let counted = Goroutine::counted(3, StringId::EMPTY, Category::Select);
        assert_eq!(max(&of(alloc::vec![counted])), None);
        assert_eq!(max(&of(rows(&[0, 0]))), None);
        assert_eq!(max(&of(rows(&[0, 9]))), Some(9));
        assert_eq!(Ids::of(&Snapshot::default()).row(Goid(1)), None);
    }

    #[test]
    fn ok_ids_whose_lower_halves_are_equal() {
        let goids: Vec<u64> = (0..50).map(|at| (at << 32) | 7).collect();
        let snapshot = of(rows(&goids));
        let ids = Ids::of(&snapshot);
        assert!((0_u32..).zip(&goids).all(|(row, &goid)| ids.row(Goid(goid)) == Some(row)));
    }
}
