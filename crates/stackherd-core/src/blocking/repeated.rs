//! Connections that more than one goroutine waits for, among very many that one waits for.

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use super::ObjectKind;
use crate::finding::{Analysis, GroupView};
use crate::wait::Category;

/// Addresses of connections met at least twice, and a few others.
#[derive(Clone, Debug, Default)]
pub(super) struct Repeated {
    addresses: HashSet<u64, FixedState>,
}

impl Repeated {
    /// A server with a million connections has a million addresses, nearly all of them once. A bit for each, by a hash, tells
    /// those that can't be repeated, without a table of all.
    pub(super) fn connections(analysis: &Analysis<'_>) -> Self {
        let rows = analysis.groups().filter(|group| group.category() == Category::Io).flat_map(GroupView::goroutines);
        let rows = rows.filter(|goroutine| goroutine.object_kind == Some(ObjectKind::Connection));
        let n = rows.clone().count();
        let mut repeated = Self::default();
        if n < 2 {
            return repeated;
        }
        let n_words = (n / 8).next_power_of_two();
        let mut bits: Vec<u64> = alloc::vec![0; n_words];
        for address in rows.map(|goroutine| goroutine.object) {
            // Fibonacci hashing: the upper bits depend on all.
            let hash = address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
            let Some(word) = bits.get_mut((hash >> 6) as usize & (n_words - 1)) else { continue };
            let bit = 1 << (hash & 63);
            if *word & bit != 0 {
                repeated.addresses.insert(address);
            }
            *word |= bit;
        }
        repeated
    }

    pub(super) fn has(&self, address: u64) -> bool {
        self.addresses.contains(&address)
    }
}
