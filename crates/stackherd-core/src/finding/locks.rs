//! What rules about locks have in common.

use alloc::string::String;
use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use super::{Analysis, GroupView};
use crate::blocking::Object;
use crate::tables::FrameId;
use crate::text::{Text, minutes, text};
use crate::wait::Category;

/// Objects of a group that are looked at; a group waits for one in nearly every case.
pub(super) const MAX_OBJECTS: usize = 8;

/// What surrounds those that wait for locks, looked up once for all of them.
#[derive(Debug)]
pub(super) struct Surroundings<'a> {
    analysis: &'a Analysis<'a>,
    /// The objects of each group, most waiters first.
    objects: Vec<Vec<u32>>,
    /// Packages in which somebody does something else than wait for a lock.
    at_work: HashSet<&'a str, FixedState>,
    /// Lines at which somebody runs or is ready to.
    moving: HashSet<FrameId, FixedState>,
}

impl<'a> Surroundings<'a> {
    /// `O(frames of all groups)`.
    pub(super) fn new(analysis: &'a Analysis<'a>) -> Self {
        let mut objects: Vec<Vec<u32>> = alloc::vec![Vec::new(); analysis.grouped.len()];
        for (index, object) in analysis.blocking.objects.iter().enumerate() {
            for &group in &object.groups {
                if let Some(of_group) = objects.get_mut(group as usize).filter(|of_group| of_group.len() < MAX_OBJECTS) {
                    of_group.push(index as u32);
                }
            }
        }
        let mut at_work = HashSet::default();
        let mut moving = HashSet::default();
        let mut is_seen = alloc::vec![false; analysis.tables.frames.iter().count()];
        for group in analysis.groups() {
            if matches!(group.category(), Category::Running | Category::Runnable) {
                moving.extend(group.place());
            }
            if group.category() == Category::Lock || analysis.idle(group.index()).is_some() {
                continue;
            }
            for &frame in group.frames() {
                let Some(is_seen) = is_seen.get_mut(frame.index()).filter(|is_seen| !**is_seen) else { continue };
                *is_seen = true;
                // It is below everything.
                if analysis.function(frame) != "main.main" {
                    at_work.insert(group.package(frame));
                }
            }
        }
        Self { analysis, objects, at_work, moving }
    }

    /// The objects that goroutines of `groups` wait for, at most a few of each group.
    pub(super) fn objects_of(&self, groups: &[u32]) -> Vec<&'a Object> {
        let of_group = |&group: &u32| self.objects.get(group as usize);
        let mut objects: Vec<u32> = groups.iter().filter_map(of_group).flatten().copied().collect();
        objects.sort_unstable();
        objects.dedup();
        objects.iter().filter_map(|&at| self.analysis.blocking.objects.get(at as usize)).take(MAX_OBJECTS).collect()
    }

    /// Whether somebody is inside `package` who does not wait for a lock.
    pub(super) fn is_anyone_at_work(&self, package: &str) -> bool {
        self.at_work.contains(package)
    }

    /// Whether somebody who runs, or is ready to, is at `place`.
    pub(super) fn is_moving(&self, place: FrameId) -> bool {
        self.moving.contains(&place)
    }
}

/// Whether `group` waits in `sync.(*RWMutex).RLock`.
pub(super) fn is_reader(group: GroupView<'_>) -> bool {
    waits_in(group, "sync.(*RWMutex).RLock")
}

/// Whether `group` waits in `sync.(*RWMutex).Lock`, for another writer or for the readers.
pub(super) fn is_writer(group: GroupView<'_>) -> bool {
    waits_in(group, "sync.(*RWMutex).Lock")
}

/// Whether `function` of package sync is what `group` waits in: nothing but the same package and the runtime lies above it.
pub(super) fn waits_in(group: GroupView<'_>, function: &str) -> bool {
    if !matches!(group.category(), Category::Lock | Category::Wait) {
        return false;
    }
    for (&frame, name) in group.frames().iter().zip(group.functions()) {
        if name == function {
            return true;
        }
        let package = group.package(frame);
        if !matches!(package, "sync" | "internal/sync") && package != "runtime" {
            return false;
        }
    }
    false
}

/// `The longest of these waits is at least 12 minutes.`
pub(super) fn longest_wait(max_wait_minutes: Option<u32>) -> Option<Text> {
    let Text { en, zh_cn } = minutes(max_wait_minutes.filter(|&wait| wait > 0)?);
    Some(text!("The longest of these waits is at least {en}.", "其中最久的已等待至少 {zh_cn}。"))
}

/// A sentence of a candidate's reason.
pub(super) fn sentence(reason: &Text) -> Text {
    let mut chars = reason.en.chars();
    let first: String = chars.next().map(|first| first.to_ascii_uppercase()).into_iter().collect();
    // Names of functions stay as they are.
    let is_name = reason.en.split(' ').next().is_some_and(|word| word.contains('.'));
    let en = if is_name { reason.en.clone() } else { first + chars.as_str() };
    let zh_cn = &reason.zh_cn;
    text!("{en}.", "{zh_cn}。")
}
