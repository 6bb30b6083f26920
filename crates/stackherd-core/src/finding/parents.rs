//! Who started the goroutines of a group, and whether they are still there.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::ancestry::Creators;
use crate::snapshot::{Goid, Goroutine};

/// The goroutines that started others.
#[derive(Clone, Debug, Default)]
pub(super) struct Lineage {
    pub(super) creators: Creators,
}

/// Who started the goroutines of a group or site. Known from Go 1.21 on (Go `runtime/traceback.go`, `printcreatedby`).
///
/// Workers of a pool share one parent that lives as long as they do. What leaks is started by many, most of them gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parents {
    /// Goroutines whose parent is printed.
    pub n_known: u64,
    /// Of those, goroutines whose parent is not in the dump.
    pub n_gone: u64,
    /// Distinct parents.
    pub n_distinct: u64,
    /// Goroutines that the busiest parent started.
    pub n_of_busiest: u64,
}

impl Lineage {
    pub(super) fn new(goroutines: &[Goroutine]) -> Self {
        Self { creators: Creators::new(goroutines) }
    }

    pub(super) fn is_alive(&self, parent: Goid) -> bool {
        self.creators.row(parent).is_some()
    }

    /// Counts the parents of `goroutines`. `O(goroutines)`.
    pub(super) fn of<'a>(&self, goroutines: impl Iterator<Item = &'a Goroutine>) -> Parents {
        let mut counts: HashMap<Goid, u64, FixedState> = HashMap::default();
        let mut parents = Parents::default();
        for parent in goroutines.filter_map(Goroutine::parent) {
            parents.n_known += 1;
            parents.n_gone += u64::from(!self.is_alive(parent));
            let count = counts.entry(parent).or_default();
            *count += 1;
            parents.n_of_busiest = parents.n_of_busiest.max(*count);
        }
        parents.n_distinct = counts.len() as u64;
        parents
    }
}
