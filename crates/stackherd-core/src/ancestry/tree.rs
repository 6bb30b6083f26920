//! The tree while it grows.

use alloc::vec::Vec;
use core::cmp::{Ordering, Reverse};

use super::{CreationSite, MAX_DEPTH};
use crate::order;
use crate::tables::{FrameId, Tables};

/// Sites in the order in which they were met: a site comes behind the one above it.
#[derive(Debug, Default)]
pub(super) struct Tree {
    sites: Vec<CreationSite>,
    above: Vec<Option<u32>>,
}

impl Tree {
    /// Adds a site below `above`.
    pub(super) fn add(&mut self, above: Option<u32>, frame: Option<FrameId>) -> u32 {
        let depth = above.and_then(|above| self.sites.get(above as usize)).map_or(0, |site| site.depth + 1);
        self.sites.push(CreationSite {
            frame,
            depth,
            n_goroutines: 0,
            n_subtree: 0,
            n_orphans: 0,
            max_wait_minutes: None,
            largest_group: None,
        });
        self.above.push(above);
        (self.sites.len() - 1) as u32
    }

    /// The node to put something below that belongs below `node`: at the greatest depth, the one above it.
    pub(super) fn within_depth(&self, node: u32) -> Option<u32> {
        let site = self.sites.get(node as usize)?;
        if site.depth as usize + 1 < MAX_DEPTH { Some(node) } else { self.above.get(node as usize).copied().flatten() }
    }

    /// Counts a goroutine, or several equal ones, started at `node`.
    pub(super) fn count(&mut self, node: u32, n: u64, wait: Option<u32>, group: Option<u32>, is_orphan: bool) {
        let Some(site) = self.sites.get_mut(node as usize) else { return };
        site.n_goroutines = site.n_goroutines.saturating_add(n);
        site.n_orphans += if is_orphan { n } else { 0 };
        site.max_wait_minutes = site.max_wait_minutes.max(wait);
        // Groups are in the order of their size.
        site.largest_group = match (site.largest_group, group) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// The sites in the order in which the tree is read. `O(sites)` but for sorting.
    pub(super) fn into_sites(mut self, tables: &Tables) -> Vec<CreationSite> {
        for index in (0..self.sites.len()).rev() {
            let Some(site) = self.sites.get_mut(index) else { continue };
            site.n_subtree = site.n_subtree.saturating_add(site.n_goroutines);
            let n = site.n_subtree;
            let above = self.above.get(index).copied().flatten();
            if let Some(above) = above.and_then(|above| self.sites.get_mut(above as usize)) {
                above.n_subtree = above.n_subtree.saturating_add(n);
            }
        }
        // Sites below one another, each list in its order.
        let order = order::positions(self.sites.len(), &mut |left, right| {
            let above = |node: u32| self.above.get(node as usize).copied().flatten();
            above(left).cmp(&above(right)).then_with(|| self.compare(tables, left, right))
        });
        // Roots have no number above them, so they come first.
        let n_roots = order.partition_point(|&node| self.above.get(node as usize).is_none_or(Option::is_none));
        let mut first_below: Vec<u32> = alloc::vec![0; self.sites.len()];
        for (at, &node) in order.iter().enumerate().rev() {
            let above = self.above.get(node as usize).copied().flatten();
            if let Some(first) = above.and_then(|above| first_below.get_mut(above as usize)) {
                *first = at as u32;
            }
        }
        let mut sites = Vec::with_capacity(self.sites.len());
        let mut pending: Vec<u32> = order.iter().take(n_roots).rev().copied().collect();
        while let Some(node) = pending.pop() {
            sites.extend(self.sites.get(node as usize));
            let first = first_below.get(node as usize).copied().unwrap_or(0) as usize;
            // A root is first of all, so no list of sites below starts at 0.
            let below = order.get(first..).filter(|_| first > 0).unwrap_or_default();
            let n = below.partition_point(|&other| self.above.get(other as usize).copied().flatten() <= Some(node));
            pending.extend(below.iter().take(n).rev());
        }
        sites
    }

    /// By what is counted; by name where that is equal, so that the order of goroutines changes nothing.
    fn compare(&self, tables: &Tables, left: u32, right: u32) -> Ordering {
        let (Some(one), Some(other)) = (self.sites.get(left as usize), self.sites.get(right as usize)) else {
            return Ordering::Equal;
        };
        let size = |site: &CreationSite| Reverse((site.n_subtree, site.n_goroutines));
        let name = |site: &CreationSite| {
            site.frame.map(|frame| {
                let frame = tables.frames.get(frame);
                (tables.bytes(frame.function), tables.bytes(frame.location))
            })
        };
        size(one).cmp(&size(other)).then_with(|| name(one).cmp(&name(other)))
    }
}
