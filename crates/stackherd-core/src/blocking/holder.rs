//! Who may hold an object: goroutines whose calls mention it, or that are inside what the waiters want to enter.

use alloc::vec::Vec;
use core::cmp::Reverse;

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use super::object::{Found, MAX_OFFSET, Waited, arguments_of};
use super::{MAX_EXPLAINED, ObjectKind};
use crate::finding::{Analysis, Confidence, GroupView};
use crate::order;
use crate::snapshot::Argument;
use crate::tables::FrameId;
use crate::wait::Category;

/// Candidates kept of each object.
const MAX_CANDIDATES: usize = 5;
/// Mentions of an object, and groups inside its function, that are looked at.
const MAX_LOOKED_AT: usize = 64;
/// Groups of waiters whose functions are looked at.
const MAX_PLACES: usize = 4;
/// More goroutines than this can't all be the holder, so none of them is likely.
const MAX_LIKELY: usize = 3;
/// From this score on an address speaks for the candidate.
pub(super) const BY_ADDRESS: u8 = 60;

type FixedMap<K, V> = HashMap<K, V, FixedState>;

/// What speaks for a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A call has the object's own address.
    SameObject(FrameId),
    /// A call has the struct that the waiters lock.
    SameStruct(FrameId),
    /// A call has an address so many bytes below.
    Near(FrameId, u64),
    /// It is inside the function in which the others wait.
    SameFunction(FrameId),
    /// It is inside another method of the same type.
    SameType(FrameId),
    /// It runs the function given to the Once.
    Initialiser(FrameId),
}

/// A candidate, before it is put in words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suspect {
    pub(super) row: u32,
    pub(super) group: u32,
    /// Higher is likelier.
    pub(super) score: u8,
    pub(super) reason: Reason,
    pub(super) confidence: Confidence,
}

/// Looks for holders.
pub(super) struct Holders<'a> {
    analysis: &'a Analysis<'a>,
    found: &'a Found,
    /// Indices of arguments, by value.
    by_value: Vec<u32>,
    group_of_row: Vec<u32>,
    /// Structs that objects are known to lie in.
    bases: HashSet<u64, FixedState>,
    /// Groups inside the functions that waiters are in, by name of the function; and inside methods of their types.
    inside: FixedMap<&'a str, Vec<u32>>,
    /// Groups that run the function of a Once.
    initialisers: Vec<u32>,
}

impl<'a> Holders<'a> {
    pub(super) fn new(analysis: &'a Analysis<'a>, found: &'a Found) -> Self {
        let arguments = analysis.snapshot.arguments();
        // Few arguments lie near a lock, and only these are worth sorting.
        let mut near: HashSet<u64, FixedState> = HashSet::default();
        for object in found.objects.iter().filter(|object| is_mentioned(object)) {
            near.extend([block(object.address), block(object.address.saturating_sub(MAX_OFFSET))]);
        }
        let mut by_value: Vec<u32> = Vec::new();
        if !near.is_empty() {
            let is_near = |argument: &Argument| near.contains(&block(argument.value));
            by_value.extend((0_u32..).zip(arguments).filter(|(_, argument)| is_near(argument)).map(|(at, _)| at));
        }
        order::by_key(&mut by_value, |&at| arguments.get(at as usize).map_or(0, |argument| argument.value));
        let mut group_of_row = alloc::vec![0; if by_value.is_empty() { 0 } else { analysis.snapshot.goroutines().len() }];
        if !by_value.is_empty() {
            for group in analysis.groups() {
                for &row in group.rows() {
                    if let Some(slot) = group_of_row.get_mut(row as usize) {
                        *slot = group.index();
                    }
                }
            }
        }
        let bases = found.objects.iter().filter_map(|object| object.base).collect();
        let mut holders =
            Self { analysis, found, by_value, group_of_row, bases, inside: HashMap::default(), initialisers: Vec::new() };
        holders.index_functions();
        holders
    }

    /// Notes which groups are inside the functions, and methods of the types, in which goroutines wait.
    fn index_functions(&mut self) {
        let analysis = self.analysis;
        let is_held = |object: &&Waited| is_lock(object.kind);
        for object in self.found.objects.iter().filter(is_held) {
            for place in places(analysis, object) {
                let function = analysis.function(place);
                self.inside.entry(function).or_default();
                if let Some(receiver) = receiver_type(function) {
                    self.inside.entry(receiver).or_default();
                }
            }
        }
        if self.inside.is_empty() {
            return;
        }
        // Names are looked up once for each frame.
        let mut names: Vec<Option<[&str; 2]>> = alloc::vec![None; analysis.tables.frames.iter().count()];
        for group in analysis.groups() {
            if runs_once(group) {
                self.initialisers.push(group.index());
            }
            for &frame in group.frames() {
                let Some(slot) = names.get_mut(frame.index()) else { continue };
                let known = slot.get_or_insert_with(|| {
                    let function = analysis.function(frame);
                    [function, receiver_type(function).unwrap_or("")]
                        .map(|name| if self.inside.contains_key(name) { name } else { "" })
                });
                for name in known.iter().filter(|name| !name.is_empty()) {
                    let groups = self.inside.get_mut(name);
                    if let Some(groups) = groups.filter(|groups| groups.last() != Some(&group.index())) {
                        groups.push(group.index());
                    }
                }
            }
        }
    }

    /// The likeliest holders of the object at `index`, the likeliest first.
    pub(super) fn of(&self, index: u32) -> Vec<Suspect> {
        let is_explained = (index as usize) < MAX_EXPLAINED;
        let Some(object) = self.found.objects.get(index as usize) else { return Vec::new() };
        let mut suspects = Vec::new();
        if object.kind == ObjectKind::Once {
            self.running_initialisers(object, &mut suspects);
        }
        if is_mentioned(object) {
            self.by_address(index, object, &mut suspects);
        }
        let n_by_address = suspects.len();
        if is_explained && matches!(object.kind, ObjectKind::Mutex | ObjectKind::RwMutex | ObjectKind::Semaphore) {
            self.by_function(index, object, &mut suspects);
        }
        // One entry for each goroutine, its best; a group is named once when only its function speaks for it.
        order::by_key(&mut suspects, |suspect| (suspect.row, Reverse(suspect.score)));
        suspects.dedup_by_key(|suspect| suspect.row);
        order::by_key(&mut suspects, |suspect| (Reverse(suspect.score), suspect.group, suspect.row));
        let best = suspects.first().map_or(0, |suspect| suspect.score);
        let n_alike = suspects.iter().filter(|suspect| suspect.score.saturating_add(10) >= best).count();
        let n_suspects = suspects.len();
        let is_sure = n_by_address > 0 && n_alike <= MAX_LIKELY;
        for suspect in &mut suspects {
            // The only one past the lock is hard to explain otherwise.
            let is_only = n_suspects == 1 && matches!(suspect.reason, Reason::SameFunction(_));
            let is_likely = is_sure && suspect.score >= 80 || suspect.score >= 95 || is_only && suspect.score >= 50;
            suspect.confidence = if is_likely { Confidence::Likely } else { Confidence::Possible };
        }
        suspects.truncate(MAX_CANDIDATES);
        suspects
    }

    fn by_address(&self, index: u32, object: &Waited, suspects: &mut Vec<Suspect>) {
        let all = self.analysis.snapshot.arguments();
        let value_of = |at: u32| all.get(at as usize).map_or(0, |argument| argument.value);
        let end = self.by_value.partition_point(|&at| value_of(at) <= object.address);
        let start = match (object.kind, object.is_exact) {
            // A channel lies in no struct.
            (ObjectKind::Channel, _) | (_, false) => object.address,
            _ => object.address.saturating_sub(MAX_OFFSET),
        };
        let mentions = self.by_value.get(..end).unwrap_or_default().iter().rev();
        for argument in mentions.take(MAX_LOOKED_AT).filter_map(|&at| all.get(at as usize)) {
            if argument.value < start {
                break;
            }
            let Some(score) = self.score(object, argument) else { continue };
            let row = argument.goroutine;
            let group = self.group_of_row.get(row as usize).copied().unwrap_or(0);
            if self.is_contender(index, row, group) {
                continue;
            }
            let reason = match () {
                () if object.base == Some(argument.value) => Reason::SameStruct(argument.frame),
                () if argument.value == object.address => Reason::SameObject(argument.frame),
                () => Reason::Near(argument.frame, object.address - argument.value),
            };
            // Nobody is closer to holding it than who works on the same struct in the same function, past the lock.
            let mut functions = places(self.analysis, object).map(|place| self.analysis.function(place));
            let is_same_function = functions.any(|function| function == self.analysis.function(argument.frame));
            let score = if is_same_function && score >= 80 { 98 } else { score };
            self.add(suspects, row, group, score, reason);
        }
    }

    /// How much an argument says.
    fn score(&self, object: &Waited, argument: &Argument) -> Option<u8> {
        if object.base == Some(argument.value) {
            return Some(85);
        }
        let distance = object.address.checked_sub(argument.value)?;
        if distance == 0 {
            return Some(88);
        }
        // The struct of another lock, or bytes that happen to lie below.
        if self.bases.contains(&argument.value) || object.base.is_some_and(|base| argument.value < base) {
            return None;
        }
        let nearness = 32_u64.saturating_sub(distance / 8) as u8;
        Some(if argument.position == 0 { 38 + nearness } else { 8 + nearness / 2 })
    }

    /// Whether the goroutine waits for the object itself, or is about to: woken, and not behind the lock yet.
    fn is_contender(&self, index: u32, row: u32, group: u32) -> bool {
        let Some(view) = self.analysis.group(group) else { return true };
        let waited = self.found.object_of(self.analysis, row, group);
        // The writers' mutex of an RWMutex has an address, the rest of it only a struct.
        let struct_of =
            |object: u32| self.found.objects.get(object as usize).filter(|object| object.kind == ObjectKind::RwMutex)?.base;
        waited == Some(index)
            || waited.and_then(struct_of).is_some_and(|base| struct_of(index) == Some(base))
            || matches!(view.category(), Category::Running | Category::Runnable) && view.functions().any(is_lock_slow)
    }

    fn by_function(&self, index: u32, object: &Waited, suspects: &mut Vec<Suspect>) {
        let analysis = self.analysis;
        let functions = places(analysis, object).map(|place| analysis.function(place));
        let receivers = functions.clone().filter_map(receiver_type);
        let names = functions.map(|function| (function, true)).chain(receivers.map(|receiver| (receiver, false)));
        for (name, is_same) in names {
            let groups = self.inside.get(name).map(Vec::as_slice).unwrap_or_default();
            for &at in groups.iter().take(MAX_LOOKED_AT) {
                let Some(group) = analysis.group(at) else { continue };
                let Some(&row) = group.rows().first() else { continue };
                let is_waiting_there = || places(analysis, object).any(|place| group.place() == Some(place));
                if waits_for_lock(group) && (!is_same || is_waiting_there()) || self.is_contender(index, row, at) {
                    continue;
                }
                let is_inside = |frame: &FrameId| {
                    let inside = analysis.function(*frame);
                    if is_same { inside == name } else { receiver_type(inside) == Some(name) }
                };
                let Some(frame) = group.frames().iter().copied().find(is_inside) else { continue };
                // Another instance has another lock.
                let at_frame = |argument: &&Argument| argument.frame == frame && argument.position == 0;
                let instance = arguments_of(analysis, row).iter().find(at_frame).map(|argument| argument.value);
                if instance.is_some() && object.base.is_some() && instance != object.base {
                    continue;
                }
                if !is_same && (analysis.idle(at).is_some() || !may_hold(group)) {
                    continue;
                }
                let (score, reason) = if is_same { (50, Reason::SameFunction(frame)) } else { (20, Reason::SameType(frame)) };
                self.add(suspects, row, at, score, reason);
            }
        }
    }

    fn running_initialisers(&self, object: &Waited, suspects: &mut Vec<Suspect>) {
        let Some(main) = self.analysis.group(object.main_group()) else { return };
        for group in self.initialisers.iter().filter_map(|&group| self.analysis.group(group)) {
            let Some(&row) = group.rows().first() else { continue };
            let is_same = match (caller_of_once(main), caller_of_once(group)) {
                (None, None) => main.created_by() == group.created_by(),
                (mine, other) => mine == other,
            };
            let once = group.position("sync.(*Once).doSlow").and_then(|at| group.frames().get(at));
            if let Some(&once) = once.filter(|_| is_same) {
                self.add(suspects, row, group.index(), 90, Reason::Initialiser(once));
            }
        }
    }

    fn add(&self, suspects: &mut Vec<Suspect>, row: u32, group: u32, score: u8, reason: Reason) {
        // Loops of idle goroutines mention their struct too.
        let is_idle = self.analysis.idle(group).is_some();
        let is_loop = self
            .analysis
            .group(group)
            .is_some_and(|group| group.category() == Category::Select && group.leaf() == group.place());
        let score = score.saturating_sub(if is_idle { 30 } else { 0 }).saturating_sub(if is_loop { 10 } else { 0 });
        suspects.push(Suspect { row, group, score, reason, confidence: Confidence::Possible });
    }
}

/// Where the largest groups of its waiters stand.
fn places<'a>(analysis: &'a Analysis<'_>, object: &'a Waited) -> impl Iterator<Item = FrameId> + Clone + 'a {
    let groups = object.groups.iter().take(MAX_PLACES).filter_map(|&group| analysis.group(group));
    groups.filter_map(GroupView::place)
}

/// Whether arguments of calls may tell who holds it.
fn is_mentioned(object: &Waited) -> bool {
    object.address > 0 && (is_lock(object.kind) || object.kind == ObjectKind::Channel)
}

/// Addresses in one block are at most [`MAX_OFFSET`] apart.
const fn block(address: u64) -> u64 {
    address / MAX_OFFSET
}

/// Kinds that somebody holds.
pub(super) fn is_lock(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Mutex | ObjectKind::RwMutex | ObjectKind::Once | ObjectKind::Semaphore)
}

pub(super) fn waits_for_lock(group: GroupView<'_>) -> bool {
    group.category() == Category::Lock
}

/// Whether a Once's function is on the stack, above `doSlow`.
fn runs_once(group: GroupView<'_>) -> bool {
    let mut frames = group.frames().iter().zip(group.functions());
    let is_own = |frame: FrameId| matches!(group.package(frame), "sync" | "internal/sync" | "runtime");
    frames.find(|&(&frame, _)| !is_own(frame)).is_some() && frames.any(|(_, function)| function == "sync.(*Once).doSlow")
}

fn may_hold(group: GroupView<'_>) -> bool {
    use Category::{Chan, ChanReceive, ChanSend, Io, Lock, Runnable, Running, Sleep, Syscall, Wait};
    matches!(group.category(), Running | Runnable | Syscall | Io | Chan | ChanReceive | ChanSend | Sleep | Lock | Wait)
}

fn is_lock_slow(function: &str) -> bool {
    matches!(
        function,
        "sync.(*Mutex).lockSlow" | "internal/sync.(*Mutex).lockSlow" | "sync.(*RWMutex).Lock" | "sync.(*RWMutex).RLock"
    )
}

/// The frame that called `Do` of a Once.
fn caller_of_once(group: GroupView<'_>) -> Option<FrameId> {
    let last = group.functions().rposition(|function| matches!(function, "sync.(*Once).Do" | "sync.(*Once).doSlow"))?;
    group.frames().get(last + 1).copied()
}

/// `example.com/cache.(*Cache).` of `example.com/cache.(*Cache).Get.func1`.
pub(super) fn receiver_type(function: &str) -> Option<&str> {
    let open = function.find(".(*")?;
    let len = function.get(open..)?.find(").")?;
    function.get(..open + len + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_types_of_receivers() {
        assert_eq!(receiver_type("example.com/cache.(*Cache).Get.func1"), Some("example.com/cache.(*Cache)."));
        assert_eq!(receiver_type("example.com/cache.(*LRU[...]).Get"), Some("example.com/cache.(*LRU[...])."));
        assert_eq!(receiver_type("example.com/cache.Get"), None);
    }
}
