//! Groups of several dumps as rules see them: joined by the story or the line they are part of.

use alloc::string::String;
use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{Compared, Row};
use crate::finding::Finding;
use crate::func::FuncName;
use crate::group::Group;
use crate::origin::{Origin, OriginRules};
use crate::tables::{Edge, FrameId, StackId, Tables};
use crate::wait::Category;

/// Rows of one story: those that one finding speaks for, or that wait at the same line.
#[derive(Clone, Debug)]
pub(crate) struct Site<'a> {
    /// Where they wait; `None` for an empty stack.
    pub(crate) place: Option<FrameId>,
    /// The `go` statement of the first one.
    pub(crate) created_by: Option<FrameId>,
    /// What they do, as far as they do the same.
    pub(crate) category: Category,
    /// What the dump that is looked at says of them.
    pub(crate) finding: Option<&'a Finding>,
    /// Indices of rows, in their order.
    pub(crate) rows: Vec<u32>,
}

/// What makes rows one story.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Story {
    Finding(u32),
    Line(Option<FrameId>, Category),
}

/// The group of `row` in `dump`, and its index.
pub(crate) fn group_of<'a>(compared: &Compared<'a>, row: &Row, dump: u32) -> Option<(u32, &'a Group)> {
    let index = (*row.groups.get(dump as usize)?)?;
    Some((index, compared.instances.get(dump as usize)?.judgement.groups.get(index as usize)?))
}

/// Whether `row` has nothing to do in `dump`.
pub(crate) fn is_idle(compared: &Compared<'_>, row: &Row, dump: u32) -> bool {
    let idle = |(group, _): (u32, &Group)| {
        compared.instances.get(dump as usize)?.judgement.idle.get(group as usize)?.as_ref().map(|_| ())
    };
    group_of(compared, row, dump).and_then(idle).is_some()
}

/// What `dump` says of `row`, looked at alone: the index of the finding, and the finding.
pub(crate) fn finding_of<'a>(compared: &Compared<'a>, row: &Row, dump: u32) -> Option<(u32, &'a Finding)> {
    let (group, _) = group_of(compared, row, dump)?;
    let judgement = compared.instances.get(dump as usize)?.judgement;
    let index = (*judgement.finding_of.get(group as usize)?)?;
    Some((index, judgement.findings.get(index as usize)?))
}

/// Joins `rows`, given by index, as `dump` shows them: in the order of their first rows. Rows that `dump` does not have are left
/// out. `O(rows × frames)`.
pub(crate) fn sites<'a>(compared: &Compared<'a>, dump: u32, rows: impl Iterator<Item = u32>) -> Vec<Site<'a>> {
    let mut places = Places::new(compared.tables, compared.origins);
    let mut sites: Vec<Site<'a>> = Vec::new();
    let mut known: HashMap<Story, usize, FixedState> = HashMap::default();
    for index in rows {
        let Some(row) = compared.comparison.rows.get(index as usize) else { continue };
        let Some((_, group)) = group_of(compared, row, dump) else { continue };
        let finding = finding_of(compared, row, dump);
        let category = group.signature.category;
        let place = places.of(group.signature.stack);
        let story = finding.map_or(Story::Line(place, category), |(finding, _)| Story::Finding(finding));
        let at = *known.entry(story).or_insert_with(|| {
            let finding = finding.map(|(_, finding)| finding);
            let created_by = match compared.tables.stacks.last_edge(group.signature.stack) {
                Some((_, Edge::CreatedBy(frame))) => Some(frame),
                _ => None,
            };
            sites.push(Site {
                place: finding.and_then(|finding| finding.culprit).or(place),
                created_by: finding.and_then(|finding| finding.created_by).or(created_by),
                category,
                finding,
                rows: Vec::new(),
            });
            sites.len() - 1
        });
        if let Some(site) = sites.get_mut(at) {
            site.rows.push(index);
        }
    }
    sites
}

impl<'a> Site<'a> {
    /// Its rows.
    pub(crate) fn rows(&self, compared: &Compared<'a>) -> impl Iterator<Item = &'a Row> {
        let rows = &compared.comparison.rows;
        self.rows.iter().filter_map(move |&row| rows.get(row as usize))
    }

    /// Its goroutines in `dump`.
    pub(crate) fn count(&self, compared: &Compared<'a>, dump: u32) -> u64 {
        let counts = self.rows(compared).filter_map(|row| row.counts.get(dump as usize));
        counts.fold(0, |sum, &count| sum.saturating_add(count))
    }
}

/// Where stacks wait, as a reader would say; each frame is looked at once.
pub(crate) struct Places<'a> {
    tables: &'a Tables,
    origins: &'a OriginRules,
    /// By frame: whose it is, and whether it is there only to wait inside a better known one.
    known: Vec<Option<(Origin, bool)>>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(tables: &'a Tables, origins: &'a OriginRules) -> Self {
        Self { tables, origins, known: alloc::vec![None; tables.frames.iter().count()] }
    }

    fn kind(&mut self, frame: FrameId) -> (Origin, bool) {
        let Some(slot) = self.known.get_mut(frame.index()) else { return (Origin::Runtime, true) };
        *slot.get_or_insert_with(|| {
            let text = self.tables.frames.get(frame);
            let name = FuncName::parse(self.tables.bytes(text.function));
            let location = String::from_utf8_lossy(self.tables.bytes(text.location));
            let file = location.rsplit_once(':').map_or(&*location, |(file, _)| file);
            (self.origins.origin(&name, file), name.is_plumbing())
        })
    }

    /// The first application frame from the leaf; else the first one of a dependency; else the first that is neither the
    /// runtime's nor plumbing. `O(frames)`
    pub(crate) fn of(&mut self, stack: StackId) -> Option<FrameId> {
        let (mut dependency, mut library) = (None, None);
        for edge in self.tables.edges(stack) {
            let Edge::Frame(frame) = edge else { continue };
            match self.kind(frame) {
                (Origin::App, _) => return Some(frame),
                (Origin::Dependency, _) => dependency = dependency.or(Some(frame)),
                (Origin::Std, false) => library = library.or(Some(frame)),
                _ => {}
            }
        }
        dependency.or(library)
    }
}

/// A frame's file and line as readers say them: `worker.go:89`; the function when there is no file.
pub(crate) fn place_text(tables: &Tables, frame: FrameId) -> String {
    let text = tables.frames.get(frame);
    let location = String::from_utf8_lossy(tables.bytes(text.location)).into_owned();
    match location.rsplit(['/', '\\']).next() {
        Some(place) if !place.is_empty() => String::from(place),
        _ => String::from(FuncName::parse(tables.bytes(text.function)).full()),
    }
}
