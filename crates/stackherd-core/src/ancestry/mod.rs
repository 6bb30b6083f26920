//! Who started whom: creation sites as a tree.
//!
//! From Go 1.21 on a dump names the goroutine that executed the `go` statement (Go `runtime/traceback.go`, `printcreatedby`), so
//! a goroutine has a chain of creators as far back as they are in the dump. Without that, sites are a flat list.

mod chain;
mod creators;
mod tree;

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

pub use chain::{Creator, chain};
pub(crate) use creators::Creators;
use tree::Tree;

use crate::finding::Analysis;
use crate::snapshot::Goroutine;
use crate::tables::FrameId;

/// Longest chain of creators that is told apart; what lies deeper is counted at this depth.
pub const MAX_DEPTH: usize = 64;

/// Creation sites as a tree, in the order in which it is read: a site stands before the sites below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ancestry {
    /// The sites, largest subtree first among those with one parent.
    pub sites: Vec<CreationSite>,
    /// The dump names the goroutines that started others (Go 1.21), so sites can stand below each other.
    pub has_parents: bool,
}

/// A `go` statement, as reached by one chain of creators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreationSite {
    /// The `go` statement; `None` for goroutines that no `go` statement of the dump started: main, the runtime's own, and all
    /// of a profile.
    pub frame: Option<FrameId>,
    /// 0 for the roots.
    pub depth: u32,
    /// Goroutines started here that are in the dump.
    pub n_goroutines: u64,
    /// Those, and all that descend from them.
    pub n_subtree: u64,
    /// Goroutines started here whose creator is not in the dump.
    pub n_orphans: u64,
    /// The longest wait of a goroutine started here.
    pub max_wait_minutes: Option<u32>,
    /// The largest group started here, by index.
    pub largest_group: Option<u32>,
}

/// Makes the tree. `O(goroutines)`.
///
/// A goroutine stands below the site of its creator; when the creator is not in the dump, or when goroutines claim to have
/// started each other, its own site is a root. Equal sites with equal chains are one; the order of goroutines changes nothing.
#[must_use]
pub fn ancestry(analysis: &Analysis<'_>) -> Ancestry {
    let creators = analysis.creators();
    let mut tree = Tree::default();
    if creators.has_any() {
        let goroutines = analysis.snapshot.goroutines();
        let group_of = group_of_rows(analysis, goroutines.len());
        let site_of_group: Vec<Option<FrameId>> = analysis.groups().map(|group| group.created_by()).collect();
        let mut walk = Walk {
            goroutines,
            creators,
            group_of: &group_of,
            site_of_group: &site_of_group,
            nodes: alloc::vec![UNKNOWN; goroutines.len()],
            path: Vec::new(),
            known: HashMap::default(),
        };
        for (row, goroutine) in goroutines.iter().enumerate() {
            let parent = goroutine.parent().map(|parent| creators.row(parent));
            let node = walk.node(&mut tree, row as u32, parent.flatten());
            let group = group_of.get(row).copied();
            tree.count(node, goroutine.count(), goroutine.wait_minutes(), group, parent == Some(None));
        }
    } else {
        let mut known: HashMap<Option<FrameId>, u32, FixedState> = HashMap::default();
        for group in analysis.groups() {
            let site = group.created_by();
            let node = *known.entry(site).or_insert_with(|| tree.add(None, site));
            let wait = group.waits().map(|waits| waits.max);
            tree.count(node, group.n_goroutines(), wait, Some(group.index()), false);
        }
    }
    Ancestry { sites: tree.into_sites(analysis.tables), has_parents: creators.has_any() }
}

fn group_of_rows(analysis: &Analysis<'_>, n_rows: usize) -> Vec<u32> {
    let mut group_of = alloc::vec![u32::MAX; n_rows];
    for group in analysis.groups() {
        for &row in group.rows() {
            if let Some(slot) = group_of.get_mut(row as usize) {
                *slot = group.index();
            }
        }
    }
    group_of
}

/// Nodes of goroutines: not known yet, and being looked for.
const UNKNOWN: u32 = u32::MAX;
const PENDING: u32 = u32::MAX - 1;

/// Finds the node of each goroutine, its creators' first.
struct Walk<'a> {
    goroutines: &'a [Goroutine],
    creators: &'a Creators,
    group_of: &'a [u32],
    site_of_group: &'a [Option<FrameId>],
    nodes: Vec<u32>,
    /// Goroutines whose creator is to be placed first.
    path: Vec<u32>,
    /// Nodes met before, by the node above and their site, both counted from 1.
    known: HashMap<u64, u32, FixedState>,
}

impl Walk<'_> {
    fn state(&self, row: u32) -> u32 {
        self.nodes.get(row as usize).copied().unwrap_or(PENDING)
    }

    /// The node of the goroutine at `row`, which the one at `creator` started.
    fn node(&mut self, tree: &mut Tree, row: u32, creator: Option<u32>) -> u32 {
        let (known, above) = (self.state(row), creator.map(|creator| self.state(creator)));
        if known < PENDING {
            return known;
        }
        // Most are roots, or their creator stands before them.
        match above {
            None => self.place(tree, row, None),
            Some(above) if above < PENDING => self.place(tree, row, Some(above)),
            Some(_) => self.climb(tree, row),
        }
    }

    /// Places the creators of the goroutine at `row`, and then itself.
    fn climb(&mut self, tree: &mut Tree, row: u32) -> u32 {
        let mut at = row;
        let mut above = loop {
            match self.state(at) {
                UNKNOWN => {}
                // They claim to have started each other, which only a forged dump does: each is a root.
                PENDING => {
                    let start = self.path.iter().rposition(|&other| other == at).unwrap_or(self.path.len());
                    for member in self.path.split_off(start) {
                        self.place(tree, member, None);
                    }
                    break self.nodes.get(at as usize).copied();
                }
                node => break Some(node),
            }
            if let Some(slot) = self.nodes.get_mut(at as usize) {
                *slot = PENDING;
            }
            self.path.push(at);
            let parent = self.goroutines.get(at as usize).and_then(Goroutine::parent);
            match parent.and_then(|parent| self.creators.row(parent)) {
                Some(parent) => at = parent,
                None => break None,
            }
        };
        while let Some(row) = self.path.pop() {
            above = Some(self.place(tree, row, above));
        }
        above.unwrap_or(UNKNOWN)
    }

    /// Puts the goroutine at `row` below the node `above`.
    fn place(&mut self, tree: &mut Tree, row: u32, above: Option<u32>) -> u32 {
        let group = self.group_of.get(row as usize).copied().unwrap_or(u32::MAX);
        let site = self.site_of_group.get(group as usize).copied().flatten();
        let above = above.and_then(|above| tree.within_depth(above));
        let number = |id: Option<usize>| id.map_or(0, |id| id as u64 + 1);
        let key = number(above.map(|above| above as usize)) << 32 | number(site.map(FrameId::index));
        let node = *self.known.entry(key).or_insert_with(|| tree.add(above, site));
        if let Some(slot) = self.nodes.get_mut(row as usize) {
            *slot = node;
        }
        node
    }
}

#[cfg(test)]
mod tests;
