//! What is known about a dump before anything is judged.

use alloc::string::String;
use alloc::vec::Vec;

use super::parents::Lineage;
use super::stack_view::{FrameFacts, GroupView, Site, Stack};
use super::weigh::Thresholds;
use crate::ancestry::{self, Ancestry, Creators};
use crate::blocking::{self, Blocking};
use crate::group::Groups;
use crate::idle::{self, Idle};
use crate::order;
use crate::origin::OriginRules;
use crate::snapshot::Snapshot;
use crate::tables::{FrameId, Tables};
use crate::wait::Category;

/// A dump, its groups and their stacks, taken apart once for all rules.
#[derive(Debug)]
pub struct Analysis<'a> {
    /// Strings, frames and stacks.
    pub tables: &'a Tables,
    /// The goroutines.
    pub snapshot: &'a Snapshot,
    /// By size; groups are known by their index in here.
    pub grouped: &'a Groups,
    /// Whose code is whose.
    pub origins: &'a OriginRules,
    /// From where on something is said.
    pub thresholds: Thresholds,
    /// Objects waited for.
    pub blocking: Blocking,
    /// Who started whom.
    pub ancestry: Ancestry,
    pub(super) lineage: Lineage,
    pub(super) facts: Vec<FrameFacts>,
    pub(super) stacks: Vec<Stack>,
    idle: Vec<Option<Idle>>,
    n_goroutines: u64,
    n_busy: u64,
    /// The longest wait of a site, and the longest of all others.
    oldest: [(u32, Option<(FrameId, Category)>); 2],
    is_claimed: Vec<bool>,
}

impl<'a> Analysis<'a> {
    /// Takes the stacks apart, marks idle groups, finds objects and ancestry. `O(goroutines + frames)`.
    ///
    /// `given` are groups that the reader wants set aside.
    #[must_use]
    pub fn new(
        tables: &'a Tables,
        snapshot: &'a Snapshot,
        grouped: &'a Groups,
        origins: &'a OriginRules,
        given: Vec<(u32, Idle)>,
    ) -> Self {
        let mut analysis = Self {
            tables,
            snapshot,
            grouped,
            origins,
            thresholds: Thresholds::default(),
            blocking: Blocking::default(),
            ancestry: Ancestry::default(),
            lineage: Lineage::new(snapshot.goroutines()),
            facts: Vec::new(),
            stacks: Vec::new(),
            idle: alloc::vec![None; grouped.len()],
            n_goroutines: grouped.iter().map(|group| group.n_goroutines).sum(),
            n_busy: 0,
            oldest: [(0, None); 2],
            is_claimed: alloc::vec![false; grouped.len()],
        };
        analysis.stacks = grouped.iter().map(|group| Stack::of(tables, group.signature.stack)).collect();
        analysis.facts = FrameFacts::of_all(tables, origins, &analysis.stacks);
        analysis.idle = idle::mark(&analysis);
        for (group, idle) in given {
            if let Some(mark) = analysis.idle.get_mut(group as usize) {
                *mark = Some(idle);
            }
        }
        let busy = analysis.groups().filter(|group| analysis.idle(group.index()).is_none());
        analysis.n_busy = busy.map(GroupView::n_goroutines).sum();
        analysis.oldest = analysis.oldest_sites();
        analysis.blocking = blocking::blocking(&analysis);
        analysis.ancestry = ancestry::ancestry(&analysis);
        analysis
    }

    /// All groups, the largest first.
    pub fn groups(&self) -> impl Iterator<Item = GroupView<'_>> + Clone {
        (0..self.stacks.len() as u32).filter_map(|index| self.group(index))
    }

    /// Groups that are neither idle nor spoken for.
    pub fn suspects(&self) -> impl Iterator<Item = GroupView<'_>> + Clone {
        self.groups().filter(|group| self.is_free(group.index()) && self.idle(group.index()).is_none())
    }

    /// The group at `index`.
    #[must_use]
    pub fn group(&self, index: u32) -> Option<GroupView<'_>> {
        GroupView::new(self, index)
    }

    /// Whether no rule spoke for the group yet.
    #[must_use]
    pub fn is_free(&self, group: u32) -> bool {
        !self.is_claimed.get(group as usize).copied().unwrap_or(true)
    }

    /// Why the group is idle.
    #[must_use]
    pub fn idle(&self, group: u32) -> Option<&Idle> {
        self.idle.get(group as usize)?.as_ref()
    }

    /// The idle patterns of all groups.
    #[must_use]
    pub fn idle_marks(&self) -> &[Option<Idle>] {
        &self.idle
    }

    pub(super) fn claim(&mut self, groups: &[u32]) {
        for &group in groups {
            if let Some(claimed) = self.is_claimed.get_mut(group as usize) {
                *claimed = true;
            }
        }
    }

    /// All goroutines of the dump.
    #[must_use]
    pub fn n_goroutines(&self) -> u64 {
        self.n_goroutines
    }

    /// Goroutines that are not idle.
    #[must_use]
    pub fn n_busy(&self) -> u64 {
        self.n_busy
    }

    /// The goroutines that started others.
    pub(crate) fn creators(&self) -> &Creators {
        &self.lineage.creators
    }

    fn oldest_sites(&self) -> [(u32, Option<(FrameId, Category)>); 2] {
        let [mut first, mut second] = [(0, None); 2];
        for group in self.groups() {
            let Some((place, waits)) = group.place().zip(group.waits()) else { continue };
            let site = Some((place, group.category()));
            if site == first.1 {
                first.0 = first.0.max(waits.max);
            } else if waits.max > first.0 {
                second = first;
                first = (waits.max, site);
            } else if waits.max > second.0 {
                second = (waits.max, site);
            }
        }
        [first, second]
    }

    /// The longest wait of a goroutine that is not at `site`: the process runs at least as long.
    #[must_use]
    pub fn oldest_elsewhere(&self, site: &Site) -> Option<u32> {
        let at = Some((site.place, site.category));
        self.oldest.iter().find(|(_, other)| other.is_some() && *other != at).map(|&(minutes, _)| minutes)
    }

    /// Joins `groups` that wait at the same line and do the same, the largest first: stacks may differ below.
    #[must_use]
    pub fn sites<'s>(&'s self, groups: impl Iterator<Item = GroupView<'s>>) -> Vec<Site> {
        let mut sites: Vec<Site> = Vec::new();
        let mut known: hashbrown::HashMap<(FrameId, Category), usize, foldhash::fast::FixedState> =
            hashbrown::HashMap::default();
        for group in groups {
            let Some(place) = group.place() else { continue };
            let at = *known.entry((place, group.category())).or_insert_with(|| {
                sites.push(Site { place, category: group.category(), n_goroutines: 0, groups: Vec::new() });
                sites.len() - 1
            });
            if let Some(site) = sites.get_mut(at) {
                site.n_goroutines += group.n_goroutines();
                site.groups.push(group.index());
            }
        }
        order::by_key(&mut sites, |site| core::cmp::Reverse(site.n_goroutines));
        sites
    }

    /// How many frames the tables have; every index of a frame is below.
    #[must_use]
    pub fn n_frames(&self) -> usize {
        self.facts.len()
    }

    /// A frame's full name, escapes decoded, closures as printed: `net/http.(*persistConn).readLoop`.
    #[must_use]
    pub fn function(&self, frame: FrameId) -> &str {
        self.facts.get(frame.index()).map_or("", |facts| facts.name.full())
    }

    /// A frame's full name without the folder that vendors its package: `google.golang.org/grpc.(*Server).Serve`.
    #[must_use]
    pub fn library_function(&self, frame: FrameId) -> &str {
        let facts = self.facts.get(frame.index());
        facts.and_then(|facts| facts.name.full().get(facts.library_start..)).unwrap_or_default()
    }

    /// A frame's file and line as readers say them: `worker.go:89`; the function when there is no file.
    #[must_use]
    pub fn place_text(&self, frame: FrameId) -> String {
        let location = String::from_utf8_lossy(self.tables.bytes(self.tables.frames.get(frame).location)).into_owned();
        match location.rsplit(['/', '\\']).next() {
            Some(place) if !place.is_empty() => String::from(place),
            _ => String::from(self.function(frame)),
        }
    }

    /// A frame's function as readers say it, its package's last element included: `worker.(*Pool).run`.
    #[must_use]
    pub fn function_text(&self, frame: FrameId) -> String {
        let Some(facts) = self.facts.get(frame.index()) else { return String::new() };
        match facts.name.package_element() {
            "" => String::from(facts.name.name()),
            package => alloc::format!("{package}.{}", facts.name.name()),
        }
    }
}
