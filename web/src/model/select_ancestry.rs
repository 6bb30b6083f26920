//! What the tree of creation sites shows.

use std::collections::BTreeMap;

use stackherd_report::protocol::{AncestryRow, AncestryView, FrameView};

/// Creation sites with their places in the tree.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SiteTree {
    sites: Vec<AncestryRow>,
    places: Vec<SitePlace>,
    /// How many there are, listed or not.
    pub(crate) n_sites: u32,
    pub(crate) has_parents: bool,
}

/// Where a site stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SitePlace {
    above: Option<u32>,
    /// The first site after it that is not below it.
    end: u32,
    /// From 1, among those with the same site above.
    pub(crate) position: u32,
    /// How many those are.
    pub(crate) siblings: u32,
}

impl SiteTree {
    /// A site is below the last one before it with a smaller depth.
    pub(crate) fn new(view: AncestryView) -> Self {
        let AncestryView { sites, n_sites, has_parents } = view;
        let total = u32::try_from(sites.len()).unwrap_or(u32::MAX);
        let mut places: Vec<SitePlace> = Vec::with_capacity(sites.len());
        let mut siblings: BTreeMap<Option<u32>, u32> = BTreeMap::new();
        let mut open: Vec<(u32, u32)> = Vec::new();
        for (index, site) in (0..total).zip(&sites) {
            while let Some(&(depth, before)) = open.last()
                && depth >= site.depth
            {
                open.pop();
                set_end(&mut places, before, index);
            }
            let above = open.last().map(|(_, above)| *above);
            let position = siblings.entry(above).or_default();
            *position += 1;
            places.push(SitePlace { above, end: total, position: *position, siblings: 0 });
            open.push((site.depth, index));
        }
        for place in &mut places {
            place.siblings = siblings.get(&place.above).copied().unwrap_or(1);
        }
        Self { sites, places, n_sites, has_parents }
    }

    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.sites.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn site(&self, site: u32) -> Option<&AncestryRow> {
        self.sites.get(site as usize)
    }

    pub(crate) fn place(&self, site: u32) -> Option<SitePlace> {
        self.places.get(site as usize).copied()
    }

    pub(crate) fn above(&self, site: u32) -> Option<u32> {
        self.place(site)?.above
    }

    pub(crate) fn has_below(&self, site: u32) -> bool {
        self.place(site).is_some_and(|place| place.end > site + 1)
    }

    /// Some site stands below another.
    pub(crate) fn is_deep(&self) -> bool {
        self.places.iter().any(|place| place.above.is_some())
    }

    /// The sites on show, given which are open.
    pub(super) fn rows(&self, is_open: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut rows = Vec::new();
        let mut site = 0;
        while let Some(place) = self.place(site) {
            rows.push(site);
            site = if is_open(site) { site + 1 } else { place.end };
        }
        rows
    }

    /// Goroutines below the largest root: what the bars are measured by.
    pub(crate) fn largest(&self) -> u64 {
        self.sites.iter().map(|site| site.subtree).max().unwrap_or(0)
    }
}

fn set_end(places: &mut [SitePlace], site: u32, end: u32) {
    if let Some(place) = places.get_mut(site as usize) {
        place.end = end;
    }
}

/// What stands out in the tree.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AncestryFacts<'a> {
    /// The line that started the most goroutines, by whatever chain it was reached.
    pub(crate) site: &'a FrameView,
    /// How many those are.
    pub(crate) goroutines: u64,
    /// Those whose creator is gone.
    pub(crate) orphans: u64,
    /// In all sites.
    pub(crate) all_orphans: u64,
    /// Goroutines that some line started.
    pub(crate) all_started: u64,
}

/// The sentence on top; `None` when no creator is known.
pub(crate) fn ancestry_facts(tree: &SiteTree) -> Option<AncestryFacts<'_>> {
    let mut by_line: BTreeMap<(&str, &str, u32), (&FrameView, u64, u64)> = BTreeMap::new();
    let (mut all_started, mut all_orphans) = (0, 0);
    for row in &tree.sites {
        let Some(site) = &row.site else { continue };
        let (_, goroutines, orphans) = by_line.entry((&site.function, &site.file, site.line)).or_insert((site, 0, 0));
        *goroutines += row.goroutines;
        *orphans += row.orphans;
        all_started += row.goroutines;
        all_orphans += row.orphans;
    }
    // The first in the order of names among equals, so that the same dump says the same.
    let (site, goroutines, orphans) = by_line.into_values().rev().max_by_key(|(_, goroutines, _)| *goroutines)?;
    Some(AncestryFacts { site, goroutines, orphans, all_orphans, all_started })
}

/// Values for tests.
#[cfg(test)]
pub(super) mod sample {
    use stackherd_report::Origin;

    use super::super::sample_blocking::frame;
    use super::*;

    /// Sites of these depths; the n-th started n goroutines at line n, half of them without their creator.
    pub(crate) fn view(depths: &[u32]) -> AncestryView {
        let row = |(index, depth): (u32, &u32)| AncestryRow {
            depth: *depth,
            site: (index > 0).then(|| frame(Origin::App, "main.start", index)),
            goroutines: u64::from(index),
            subtree: u64::from(index),
            orphans: u64::from(index / 2),
            oldest_minutes: None,
            largest_group: Some(format!("group-{index}")),
        };
        let sites: Vec<AncestryRow> = (0..).zip(depths).map(row).collect();
        AncestryView { n_sites: u32::try_from(sites.len()).expect("few"), sites, has_parents: true }
    }
}

#[cfg(test)]
mod tests {
    use super::sample::view;
    use super::*;

    #[test]
    fn ok_the_tree_follows_from_the_depths() {
        let tree = SiteTree::new(view(&[0, 1, 2, 3, 2, 1, 0]));
        let above: Vec<Option<u32>> = (0..7).map(|site| tree.above(site)).collect();
        assert_eq!(above, [None, Some(0), Some(1), Some(2), Some(1), Some(0), None]);
        let below: Vec<bool> = (0..7).map(|site| tree.has_below(site)).collect();
        assert_eq!(below, [true, true, true, false, false, false, false]);
        let places: Vec<(u32, u32)> =
            (0..7).filter_map(|site| tree.place(site)).map(|place| (place.position, place.siblings)).collect();
        assert_eq!(places, [(1, 2), (1, 2), (1, 2), (1, 1), (2, 2), (2, 2), (2, 2)]);
        assert!(tree.is_deep());
    }

    #[test]
    fn ok_a_closed_site_hides_all_below() {
        let tree = SiteTree::new(view(&[0, 1, 2, 3, 2, 1, 0]));
        assert_eq!(tree.rows(|_| true), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(tree.rows(|site| site != 1), [0, 1, 5, 6]);
        assert_eq!(tree.rows(|_| false), [0, 6]);
    }

    #[test]
    fn ok_depths_that_jump_still_make_a_tree() {
        let tree = SiteTree::new(view(&[2, 5, 1, 1]));
        assert_eq!(tree.rows(|_| true).len(), 4);
        assert_eq!((tree.above(1), tree.above(2)), (Some(0), None));
        let empty = SiteTree::new(view(&[]));
        assert_eq!((empty.rows(|_| true).len(), empty.largest(), empty.is_deep()), (0, 0, false));
        assert_eq!(ancestry_facts(&empty), None);
    }

    #[test]
    fn ok_a_line_counts_however_it_was_reached() {
        let mut sites = view(&[0, 1, 1, 2]);
        // Line 1 started one goroutine here and three there.
        sites.sites[3].site = sites.sites[1].site.clone();
        let tree = SiteTree::new(sites);
        let facts = ancestry_facts(&tree).expect("facts");
        assert_eq!((facts.site.line, facts.goroutines, facts.orphans), (1, 4, 1));
        assert_eq!((facts.all_started, facts.all_orphans), (6, 2));
        assert_eq!(tree.largest(), 3);
    }

    #[test]
    fn ok_goroutines_that_none_started_say_nothing() {
        assert_eq!(ancestry_facts(&SiteTree::new(view(&[0]))), None);
    }
}
