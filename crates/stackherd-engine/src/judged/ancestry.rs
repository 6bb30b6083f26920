//! The ancestry view: creation sites as a tree.

use stackherd_core::CreationSite;
use stackherd_core::order;
use stackherd_report::protocol::{AncestryRow, AncestryView};

use super::Judged;

/// Sites listed.
const MAX_SITES: usize = 5000;

/// At most `max` sites in their order: those with most descendants, so that what is left out are twigs.
pub(crate) fn largest_sites(sites: &[CreationSite], max: usize) -> Vec<CreationSite> {
    if sites.len() <= max {
        return sites.to_vec();
    }
    let mut by_size: Vec<usize> = (0..sites.len()).collect();
    // A site stands before those below it and has as many descendants at least: equal ones keep their order, so no site
    // stays without its parent.
    order::by_key(&mut by_size, |&at| std::cmp::Reverse(sites.get(at).map_or(0, |site| site.n_subtree)));
    by_size.truncate(max);
    by_size.sort_unstable();
    by_size.into_iter().filter_map(|at| sites.get(at)).copied().collect()
}

impl Judged<'_> {
    /// Who started whom.
    pub(crate) fn ancestry(self) -> AncestryView {
        let ancestry = &self.judgement.ancestry;
        AncestryView {
            sites: largest_sites(&ancestry.sites, MAX_SITES).iter().map(|site| self.site(site)).collect(),
            n_sites: ancestry.sites.len() as u32,
            has_parents: ancestry.has_parents,
        }
    }

    fn site(self, site: &CreationSite) -> AncestryRow {
        AncestryRow {
            depth: site.depth,
            site: self.frame(site.frame),
            goroutines: site.n_goroutines,
            subtree: site.n_subtree,
            orphans: site.n_orphans,
            oldest_minutes: site.max_wait_minutes,
            largest_group: site.largest_group.map(|group| self.grouped.key(group as usize)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(depth: u32, n_subtree: u64) -> CreationSite {
        CreationSite {
            frame: None,
            depth,
            n_goroutines: 1,
            n_subtree,
            n_orphans: 0,
            max_wait_minutes: None,
            largest_group: None,
        }
    }

    #[test]
    fn ok_what_is_left_out_are_twigs() {
        let sites = [site(0, 5), site(1, 5), site(2, 1), site(0, 9), site(1, 2)];
        let kept: Vec<_> = largest_sites(&sites, 3).iter().map(|site| (site.depth, site.n_subtree)).collect();
        assert_eq!(kept, [(0, 5), (1, 5), (0, 9)]);
        assert_eq!(largest_sites(&sites, 5), sites);
    }
}
