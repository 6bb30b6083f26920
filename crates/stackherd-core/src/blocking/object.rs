//! The objects themselves: who waits for which.

use alloc::vec::Vec;
use core::cmp::Reverse;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::ObjectKind;
use super::holder::is_lock;
use super::repeated::Repeated;
use crate::finding::{Analysis, GroupView};
use crate::order;
use crate::origin::Origin;
use crate::snapshot::Argument;
use crate::tables::FrameId;
use crate::wait::Category;

/// Objects that are told apart; the ones with the fewest waiters are left out beyond.
const MAX_OBJECTS: usize = 100_000;
/// Goroutines of a group whose arguments are looked at.
const MAX_SAMPLES: usize = 64;
/// How far behind the start of its struct a lock is looked for.
pub(super) const MAX_OFFSET: u64 = 256;
/// Groups of an object whose arguments are looked at.
const MAX_SAMPLED_GROUPS: usize = 4;
const NONE: u32 = u32::MAX;

type FixedMap<K, V> = HashMap<K, V, FixedState>;

/// An object, before it is known who may hold it.
#[derive(Clone, Debug)]
pub(super) struct Waited {
    pub(super) address: u64,
    pub(super) is_exact: bool,
    pub(super) kind: ObjectKind,
    pub(super) n_waiters: u64,
    /// The largest first.
    pub(super) groups: Vec<u32>,
    /// The group with most of its waiters, and how many.
    main_group: (u32, u64),
    n_of_last_group: u64,
    /// The first of them in each of the first groups.
    samples: [u32; MAX_SAMPLED_GROUPS],
    pub(super) max_wait_minutes: Option<u32>,
    /// The struct it is in, as the waiters' calls have it.
    pub(super) base: Option<u64>,
}

/// All objects of a dump, most waiters first.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) objects: Vec<Waited>,
    by_address: FixedMap<u64, u32>,
    /// The object of goroutines whose object has no address, by group.
    of_group: Vec<u32>,
    /// What the frames of each group say.
    waits: Vec<Option<Waits>>,
}

impl Waited {
    /// The group with most of its waiters.
    pub(super) fn main_group(&self) -> u32 {
        self.main_group.0
    }

    /// Its first groups, and a waiter in each.
    pub(super) fn samples(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.groups.iter().copied().zip(self.samples.iter().copied())
    }
}

impl Found {
    /// What the goroutine at `row`, which is in `group`, waits for.
    pub(super) fn object_of(&self, analysis: &Analysis<'_>, row: u32, group: u32) -> Option<u32> {
        let goroutine = analysis.snapshot.goroutines().get(row as usize)?;
        let waits = (*self.waits.get(group as usize)?)?;
        let address = goroutine.object_kind.map(|kind| waits.refine(kind, goroutine.object).1);
        let exact = address.and_then(|address| self.by_address.get(&address));
        exact.or_else(|| self.of_group.get(group as usize)).copied().filter(|&object| object != NONE)
    }

    fn exact(&mut self, (kind, address): (ObjectKind, u64)) -> Option<&mut Waited> {
        let next = self.objects.len() as u32;
        let at = *self.by_address.entry(address).or_insert(next);
        if at == next {
            self.objects.push(Waited::new(kind, address, true));
        }
        self.objects.get_mut(at as usize)
    }

    /// Most waiters first.
    fn sort(&mut self) {
        let mut order: Vec<u32> = (0..self.objects.len() as u32).collect();
        order::by_key(&mut order, |&at| Reverse(self.objects.get(at as usize).map_or(0, |object| object.n_waiters)));
        order.truncate(MAX_OBJECTS);
        let mut position = alloc::vec![NONE; self.objects.len()];
        for (new, &old) in order.iter().enumerate() {
            if let Some(slot) = position.get_mut(old as usize) {
                *slot = new as u32;
            }
        }
        let moved = |at: &mut u32| *at = position.get(*at as usize).copied().unwrap_or(NONE);
        self.by_address.values_mut().for_each(moved);
        self.of_group.iter_mut().for_each(moved);
        let mut objects: Vec<Option<Waited>> = core::mem::take(&mut self.objects).into_iter().map(Some).collect();
        self.objects = order.iter().filter_map(|&at| objects.get_mut(at as usize)?.take()).collect();
    }
}

impl Waited {
    fn new(kind: ObjectKind, address: u64, is_exact: bool) -> Self {
        Self {
            address,
            is_exact,
            kind,
            n_waiters: 0,
            groups: Vec::new(),
            main_group: (0, 0),
            n_of_last_group: 0,
            samples: [NONE; MAX_SAMPLED_GROUPS],
            max_wait_minutes: None,
            base: None,
        }
    }

    /// Groups come largest first, and one after the other.
    fn add(&mut self, group: u32, row: u32, count: u64, wait_minutes: Option<u32>) {
        if self.groups.last() != Some(&group) {
            if let Some(sample) = self.samples.get_mut(self.groups.len()) {
                *sample = row;
            }
            self.groups.push(group);
            self.n_of_last_group = 0;
        }
        self.n_waiters = self.n_waiters.saturating_add(count);
        self.n_of_last_group = self.n_of_last_group.saturating_add(count);
        if self.n_of_last_group > self.main_group.1 {
            self.main_group = (group, self.n_of_last_group);
        }
        self.max_wait_minutes = self.max_wait_minutes.max(wait_minutes);
    }
}

/// What the frames of a group say of what it waits for.
#[derive(Clone, Copy, Debug)]
struct Waits {
    kind: ObjectKind,
    is_reader: bool,
}

impl Waits {
    fn of(group: GroupView<'_>) -> Option<Self> {
        let kind = match group.category() {
            Category::Lock | Category::Wait => None,
            Category::Io => Some(ObjectKind::Connection),
            Category::ChanReceive | Category::ChanSend => Some(ObjectKind::Channel),
            _ => return None,
        };
        let is_reader = false;
        if let Some(kind) = kind {
            return Some(Self { kind, is_reader });
        }
        let mut waits: Option<Self> = None;
        for (&frame, function) in group.frames().iter().zip(group.functions()) {
            let is_waiting = matches!(group.package(frame), "sync" | "internal/sync" | "internal/poll");
            if !is_waiting && group.origin(frame) != Origin::Runtime {
                break;
            }
            let kind = match function.strip_prefix("internal/").unwrap_or(function) {
                name if name.starts_with("sync.(*Once).") => ObjectKind::Once,
                name if name.starts_with("sync.(*RWMutex).") => ObjectKind::RwMutex,
                name if name.starts_with("sync.(*Mutex).") => ObjectKind::Mutex,
                "sync.(*WaitGroup).Wait" => ObjectKind::WaitGroup,
                "sync.(*Cond).Wait" | "sync.runtime_notifyListWait" => ObjectKind::Cond,
                name if name.starts_with("poll.(*fdMutex).") => ObjectKind::Connection,
                name if name.starts_with("sync.runtime_Semacquire") && waits.is_none() => ObjectKind::Semaphore,
                _ => continue,
            };
            let is_reader = function == "sync.(*RWMutex).RLock";
            waits = Some(Self { kind, is_reader });
        }
        waits
    }

    /// The object that lies around a word that goroutines park at (Go `sync/rwmutex.go`, `waitgroup.go`, `mutex.go`).
    fn refine(self, kind: ObjectKind, address: u64) -> (ObjectKind, u64) {
        match (kind, self.kind) {
            (ObjectKind::Semaphore, ObjectKind::WaitGroup) => (self.kind, address.saturating_sub(8)),
            (ObjectKind::Semaphore, ObjectKind::RwMutex) if self.is_reader => (self.kind, address.saturating_sub(12)),
            (ObjectKind::Semaphore, ObjectKind::RwMutex) => (self.kind, address.saturating_sub(8)),
            (ObjectKind::Semaphore, ObjectKind::Mutex) => (self.kind, address.saturating_sub(4)),
            // The writers' mutex is the first field.
            (ObjectKind::Mutex, ObjectKind::RwMutex | ObjectKind::Once) => (self.kind, address),
            _ => (kind, address),
        }
    }
}

/// Finds what goroutines wait for. `O(goroutines)`.
pub(super) fn find(analysis: &Analysis<'_>) -> Found {
    let mut found = Found { of_group: alloc::vec![NONE; analysis.grouped.len()], ..Found::default() };
    let mut by_line: FixedMap<(ObjectKind, Option<FrameId>, u64), u32> = HashMap::default();
    let repeated = Repeated::connections(analysis);
    for group in analysis.groups() {
        let waits = Waits::of(group);
        found.waits.push(waits);
        let Some(waits) = waits else { continue };
        let mut n_unknown = 0_u64;
        let mut first_unknown = None;
        for (&row, goroutine) in group.rows().iter().zip(group.goroutines()) {
            if let Some(kind) = goroutine.object_kind {
                if kind == ObjectKind::Connection && !repeated.has(goroutine.object) {
                    continue;
                }
                let refined = waits.refine(kind, goroutine.object);
                let Some(object) = found.exact(refined) else { continue };
                if object.kind == ObjectKind::Mutex {
                    object.kind = refined.0;
                }
                object.add(group.index(), row, goroutine.count(), goroutine.wait_minutes());
            } else if matches!(group.category(), Category::Lock | Category::Wait) {
                n_unknown = n_unknown.saturating_add(goroutine.count());
                first_unknown = first_unknown.or(Some(row));
            } else {
                // A level of traceback has either all addresses of channels or none.
                break;
            }
        }
        let (Some(row), Some(place)) = (first_unknown, group.place()) else { continue };
        let base = common_receiver(analysis, group, place).unwrap_or(0);
        let next = found.objects.len() as u32;
        // Readers and writers of one struct's RWMutex stand at different lines.
        let line = (base == 0).then_some(place);
        let at = *by_line.entry((waits.kind, line, base)).or_insert(next);
        if at == next {
            found.objects.push(Waited::new(waits.kind, base, false));
        }
        if let Some(object) = found.objects.get_mut(at as usize) {
            let max_wait = group.waits().map(|waits| waits.max);
            object.add(group.index(), row, n_unknown, max_wait);
            object.base = (base > 0).then_some(base);
        }
        if let Some(of_group) = found.of_group.get_mut(group.index() as usize) {
            *of_group = at;
        }
    }
    found.sort();
    // Only of locks is it asked who holds them.
    for object in found.objects.iter_mut().filter(|object| object.is_exact && is_lock(object.kind)) {
        object.base = base(analysis, object);
    }
    found
}

/// Arguments kept of the goroutine at `row`.
pub(super) fn arguments_of<'a>(analysis: &Analysis<'a>, row: u32) -> &'a [Argument] {
    let all = analysis.snapshot.arguments();
    let start = all.partition_point(|argument| argument.goroutine < row);
    let rest = all.get(start..).unwrap_or_default();
    let len = rest.iter().take_while(|argument| argument.goroutine == row).count();
    rest.get(..len).unwrap_or_default()
}

/// The receiver that all goroutines of `group` have at `place`, as far as it is known.
fn common_receiver(analysis: &Analysis<'_>, group: GroupView<'_>, place: FrameId) -> Option<u64> {
    let samples = group.rows().iter().take(MAX_SAMPLES);
    let mut receivers = samples.filter_map(|&row| {
        let of_place = |argument: &&Argument| argument.frame == place && argument.position == 0;
        arguments_of(analysis, row).iter().find(of_place).map(|argument| argument.value)
    });
    let first = receivers.next()?;
    receivers.all(|other| other == first).then_some(first)
}

/// The start of the struct that `object` lies in: the closest address below it that a waiter has as an argument.
fn base(analysis: &Analysis<'_>, object: &Waited) -> Option<u64> {
    let rows = object.samples.iter().copied().filter(|&row| row != NONE);
    let values = rows.flat_map(|row| arguments_of(analysis, row)).map(|argument| argument.value);
    values.filter(|&value| value <= object.address && object.address - value <= MAX_OFFSET).max()
}
