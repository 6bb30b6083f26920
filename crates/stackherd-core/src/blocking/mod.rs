//! Objects that goroutines wait for, and who may hold them.
//!
//! A dump names no owner of a lock. What it prints are addresses: of the mutex in `lockSlow`, of the condition in
//! `notifyListWait`, and of whatever else calls have as arguments. A goroutine whose calls mention the address a lock lies at,
//! and that does not wait for it, may hold it.

mod cycle;
mod holder;
mod object;
mod repeated;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use alloc::vec::Vec;

pub(crate) use cycle::{Nested, nested_methods};

use cycle::Ring;
use holder::{Holders, Suspect};

use crate::finding::{Analysis, Confidence, GroupView};
use crate::tables::FrameId;
use crate::text::Text;

/// What goroutines wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectKind {
    /// `sync.Mutex`
    Mutex,
    /// `sync.RWMutex`
    RwMutex,
    /// `sync.WaitGroup`
    WaitGroup,
    /// `sync.Cond`
    Cond,
    /// `sync.Once`
    Once,
    /// A channel; printed at traceback level 2 only.
    Channel,
    /// A network connection or a file.
    Connection,
    /// A semaphore of the runtime whose owner is not known.
    Semaphore,
}

/// Something that goroutines wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its address; without `is_exact` that of the struct it is in, or 0 when nothing is printed and the waiting line is all
    /// that is known.
    pub address: u64,
    /// The address is the object's own.
    pub is_exact: bool,
    /// What it is.
    pub kind: ObjectKind,
    /// Goroutines that wait for it.
    pub n_waiters: u64,
    /// Their groups, by index, the largest first.
    pub groups: Vec<u32>,
    /// Where most of them wait: the first application frame, else the first frame above the standard library.
    pub waiting_at: Option<FrameId>,
    /// Their longest wait.
    pub max_wait_minutes: Option<u32>,
    /// Who may hold it, the likeliest first.
    pub candidates: Vec<Candidate>,
    /// Index into [`Blocking::cycles`] of the cycle it is part of.
    pub cycle: Option<u32>,
}

/// A goroutine that may hold an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Index into the snapshot's rows.
    pub goroutine: u32,
    /// Its group, by index.
    pub group: u32,
    /// How likely it is.
    pub confidence: Confidence,
    /// What speaks for it.
    pub why: Text,
}

/// Goroutines that wait for each other: each waits for an object that the next one seems to hold, the last one for the
/// first's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// Indices into the snapshot's rows, and into [`Blocking::objects`] of what each waits for.
    pub steps: Vec<(u32, u32)>,
    /// Why it is thought to be one, step by step.
    pub why: Vec<Text>,
}

/// What the goroutines of a dump wait for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocking {
    /// Most waiters first.
    pub objects: Vec<Object>,
    /// Cycles among them.
    pub cycles: Vec<Cycle>,
}

/// Functions are searched for holders, and candidates put in words, for the first objects only; for those in cycles too.
const MAX_EXPLAINED: usize = 1000;

/// Finds the objects, who may hold them, and cycles. `O(goroutines)`, and `O(n log n)` in the arguments kept of them.
#[must_use]
pub fn blocking(analysis: &Analysis<'_>) -> Blocking {
    let found = object::find(analysis);
    if found.objects.is_empty() {
        return Blocking::default();
    }
    let holders = Holders::new(analysis, &found);
    let suspects: Vec<Vec<Suspect>> = (0..found.objects.len() as u32).map(|index| holders.of(index)).collect();
    let rings = cycle::find(analysis, &found, &suspects);
    let mut cycle_of: Vec<Option<u32>> = alloc::vec![None; found.objects.len()];
    for (index, ring) in rings.iter().enumerate() {
        for step in &ring.steps {
            if let Some(slot) = cycle_of.get_mut(step.object as usize) {
                slot.get_or_insert(index as u32);
            }
        }
    }
    let cycle = |ring: &Ring| Cycle {
        steps: ring.steps.iter().map(|step| (step.row, step.object)).collect(),
        why: words::steps(analysis, ring),
    };
    let cycles = rings.iter().map(cycle).collect();
    let mut objects = Vec::with_capacity(found.objects.len());
    for (index, (waited, suspects)) in found.objects.iter().zip(&suspects).enumerate() {
        let cycle = cycle_of.get(index).copied().flatten();
        let explained = if index < MAX_EXPLAINED || cycle.is_some() { suspects.as_slice() } else { &[] };
        objects.push(Object {
            address: waited.address,
            is_exact: waited.is_exact,
            kind: waited.kind,
            n_waiters: waited.n_waiters,
            groups: waited.groups.clone(),
            waiting_at: analysis.group(waited.main_group()).and_then(GroupView::place),
            max_wait_minutes: waited.max_wait_minutes,
            candidates: explained.iter().map(|suspect| candidate(analysis, suspect)).collect(),
            cycle,
        });
    }
    Blocking { objects, cycles }
}

fn candidate(analysis: &Analysis<'_>, suspect: &Suspect) -> Candidate {
    Candidate {
        goroutine: suspect.row,
        group: suspect.group,
        confidence: suspect.confidence,
        why: words::why(analysis, suspect),
    }
}
