//! The goroutines that started others, found by their number.

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::snapshot::{Goid, Goroutine};

/// The rows of the goroutines that started others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Creators {
    /// By number; of those in the dump, the first row that has it.
    rows: HashMap<Goid, u32, FixedState>,
    has_any: bool,
}

impl Creators {
    /// Finds them. `O(goroutines)`.
    pub(crate) fn new(goroutines: &[Goroutine]) -> Self {
        let mut wanted = Marks::new(goroutines.len());
        let mut has_any = false;
        let mut last = None;
        for goroutine in goroutines {
            // Runs of goroutines share their creator.
            let parent = goroutine.parent();
            if parent != last
                && let Some(parent) = parent
            {
                has_any = true;
                wanted.mark(parent);
            }
            last = parent;
        }
        let mut rows: HashMap<Goid, u32, FixedState> = HashMap::default();
        if has_any {
            // Most creators of a leak are gone, and there may be as many as goroutines: only those that are here get an entry.
            for (row, goroutine) in goroutines.iter().enumerate() {
                if let Some(goid) = goroutine.goid()
                    && wanted.may_have(goid)
                {
                    rows.entry(goid).or_insert(row as u32);
                }
            }
        }
        Self { rows, has_any }
    }

    /// The dump names creators.
    pub(crate) fn has_any(&self) -> bool {
        self.has_any
    }

    /// The row of `creator`, a goroutine that another one names as its creator; `None` when it is not in the dump.
    #[inline]
    pub(crate) fn row(&self, creator: Goid) -> Option<u32> {
        self.rows.get(&creator).copied()
    }
}

/// A set of numbers that may claim to have some that it has not: one bit each, by a hash.
struct Marks {
    bits: Vec<u64>,
    /// Bits of the hash that are not used.
    shift: u32,
}

impl Marks {
    /// Room for `n` numbers, of which one in sixteen is mistaken.
    fn new(n: usize) -> Self {
        let n_bits = n.max(64).saturating_mul(16).next_power_of_two();
        Self { bits: alloc::vec![0; n_bits / 64], shift: 64 - n_bits.trailing_zeros() }
    }

    fn mark(&mut self, goid: Goid) {
        let at = self.at(goid);
        if let Some(word) = self.bits.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    fn may_have(&self, goid: Goid) -> bool {
        let at = self.at(goid);
        self.bits.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
    }

    fn at(&self, goid: Goid) -> usize {
        // Fibonacci hashing: neighbours are spread over the whole table.
        (goid.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }
}
