//! Goroutines that wait for each other.

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use super::ObjectKind;
use super::holder::{BY_ADDRESS, Reason, Suspect, receiver_type};
use super::object::{Found, arguments_of};
use crate::finding::{Analysis, GroupView};
use crate::snapshot::Argument;
use crate::tables::FrameId;
use crate::wait::Category;

/// Cycles that are told apart.
const MAX_CYCLES: usize = 1000;
/// Goroutines in a cycle; longer chains are no mistake that anyone makes.
const MAX_STEPS: usize = 64;
/// A lock that was not let go for so long is not merely busy.
const OLD_MINUTES: u32 = 2;

/// A cycle, before it is put in words.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    pub(super) steps: Vec<Step>,
    /// The calls by which a goroutine seems to hold what it waits for itself; for a ring of one.
    pub(super) again: Option<Nested>,
}

/// An object's way to the next one: who seems to hold it, and what that goroutine waits for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) row: u32,
    pub(super) group: u32,
    pub(super) object: u32,
    /// How far below the object it holds its argument points, where that is all that speaks for it.
    distance: Option<u64>,
}

/// Finds cycles. Each object is visited once. `O(objects)`.
pub(super) fn find(analysis: &Analysis<'_>, found: &Found, suspects: &[Vec<Suspect>]) -> Vec<Ring> {
    let steps: Vec<Vec<Step>> = suspects.iter().map(|suspects| steps_of(analysis, found, suspects)).collect();
    let mut rings = Vec::new();
    let mut known: HashSet<Vec<u32>, FixedState> = HashSet::default();
    // 0: not visited, 1: on the way, 2: done.
    let mut marks = alloc::vec![0_u8; steps.len()];
    for start in 0..steps.len() as u32 {
        if marks.get(start as usize) != Some(&0) {
            continue;
        }
        // The way here: an object, how many of its steps were taken, and the last of them.
        let mut way: Vec<(u32, usize, Option<Step>)> = alloc::vec![(start, 0, None)];
        set(&mut marks, start, 1);
        while let Some(last) = way.last_mut() {
            let next = steps.get(last.0 as usize).and_then(|steps| steps.get(last.1)).copied();
            let Some(step) = next else {
                set(&mut marks, last.0, 2);
                way.pop();
                continue;
            };
            last.1 += 1;
            last.2 = Some(step);
            match marks.get(step.object as usize) {
                Some(0) => {
                    set(&mut marks, step.object, 1);
                    way.push((step.object, 0, None));
                }
                Some(1) => {
                    let from = way.iter().rposition(|&(object, ..)| object == step.object).unwrap_or(0);
                    let taken = way.get(from..).unwrap_or_default().iter().filter_map(|&(_, _, step)| step);
                    let ring: Vec<Step> = taken.collect();
                    let mut objects: Vec<u32> = ring.iter().map(|step| step.object).collect();
                    objects.sort_unstable();
                    // Arguments that point below a lock prove little, unless all do by the same number of bytes.
                    let distance = ring.first().and_then(|step| step.distance);
                    let is_uniform = ring.iter().all(|step| step.distance == distance);
                    if is_uniform && ring.len() <= MAX_STEPS && rings.len() < MAX_CYCLES && known.insert(objects) {
                        rings.push(Ring { steps: ring, again: None });
                    }
                }
                _ => {}
            }
        }
    }
    for (index, suspects) in suspects.iter().enumerate() {
        let is_held = suspects.iter().any(|suspect| suspect.score >= BY_ADDRESS);
        if !is_held
            && rings.len() < MAX_CYCLES
            && let Some(ring) = locks_again(analysis, found, index as u32)
        {
            rings.push(ring);
        }
    }
    rings
}

fn set(marks: &mut [u8], at: u32, mark: u8) {
    if let Some(slot) = marks.get_mut(at as usize) {
        *slot = mark;
    }
}

/// Holders by address that wait for a lock themselves. Nothing when there is one that works: it will let go.
fn steps_of(analysis: &Analysis<'_>, found: &Found, suspects: &[Suspect]) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut is_old = true;
    let mut is_alive = false;
    for suspect in suspects {
        let distance = match suspect.reason {
            _ if suspect.score >= BY_ADDRESS => None,
            Reason::Near(_, distance) => Some(distance),
            _ => continue,
        };
        let Some(group) = analysis.group(suspect.group) else { continue };
        let wait = analysis.snapshot.goroutines().get(suspect.row as usize).and_then(|goroutine| goroutine.wait_minutes());
        match group.category() {
            Category::Lock => {
                let Some(object) = found.object_of(analysis, suspect.row, suspect.group) else { continue };
                is_old &= wait >= Some(OLD_MINUTES);
                steps.push(Step { row: suspect.row, group: suspect.group, object, distance });
            }
            Category::Running | Category::Runnable | Category::Syscall | Category::Io => is_alive |= distance.is_none(),
            _ => {}
        }
    }
    if is_alive && !is_old {
        steps.clear();
    }
    steps
}

/// A goroutine that seems to hold what it waits for: a method further down its own stack works on the same struct.
fn locks_again(analysis: &Analysis<'_>, found: &Found, index: u32) -> Option<Ring> {
    let object = found.objects.get(index as usize)?;
    if !matches!(object.kind, ObjectKind::Mutex | ObjectKind::RwMutex) {
        return None;
    }
    let mut again = None;
    for (at, row) in object.samples() {
        let group = analysis.group(at)?;
        let Some(frames) = nested_methods(analysis, group) else { continue };
        // Two different ways to lock twice are a way the program works, not a mistake.
        if again.is_some_and(|(_, known): (_, Nested)| (known.inner, known.outer) != (frames.inner, frames.outer)) {
            return None;
        }
        let step = Step { row, group: at, object: index, distance: None };
        again = again.or(Some((step, frames)));
    }
    let (step, frames) = again?;
    Some(Ring { steps: alloc::vec![step], again: Some(frames) })
}

/// A method that waits for a lock which another one, further down the same stack, likely took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Nested {
    pub(crate) inner: FrameId,
    pub(crate) outer: FrameId,
    /// Both are known to work on the same value.
    pub(crate) is_known: bool,
}

/// The method in which `group` waits for a lock and one below it, of the same type and on the same value as far as that is
/// known, that likely took the lock: both are exported, or other code lies between them.
///
/// An exported method that calls an unexported one of its type is how locks are meant to be split.
pub(crate) fn nested_methods(analysis: &Analysis<'_>, group: GroupView<'_>) -> Option<Nested> {
    let inner_at = group.frames().iter().position(|&frame| Some(frame) == group.place())?;
    let inner = *group.frames().get(inner_at)?;
    let receiver = receiver_type(analysis.function(inner))?;
    let arguments = arguments_of(analysis, *group.rows().first()?);
    let value_at = |frame: FrameId| {
        arguments
            .iter()
            .find(|argument: &&Argument| argument.frame == frame && argument.position == 0)
            .map(|argument| argument.value)
    };
    let mut is_foreign_between = false;
    for &outer in group.frames().get(inner_at + 1..)? {
        let function = analysis.function(outer);
        if !function.starts_with(receiver) {
            is_foreign_between = true;
            continue;
        }
        let (is_same, is_known) = match (value_at(inner), value_at(outer)) {
            (Some(inner), Some(outer)) => (inner == outer, true),
            _ => (true, false),
        };
        let methods = [analysis.function(inner), function].map(|function| function.get(receiver.len()..).unwrap_or_default());
        let is_exported = methods.iter().all(|method| method.starts_with(|first: char| first.is_uppercase()));
        let is_closure = methods.iter().any(|method| method.contains('.'));
        if is_same && outer != inner && !is_closure && (is_exported || is_foreign_between) {
            return Some(Nested { inner, outer, is_known });
        }
    }
    None
}
