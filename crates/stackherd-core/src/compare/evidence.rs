//! What two dumps tell about being of one process.
//!
//! Go numbers goroutines upwards and never twice within a process (Go `runtime/proc.go`, `newproc1`), so an id that is in both
//! dumps must have been started by the same `go` statement in the same goroutine. Processes of one program agree on the ids of
//! their start, and a program that does little else agrees on nearly all of them. Then addresses decide, which differ from
//! process to process because several threads fill the heap, and since Go 1.26 it lies anywhere; and offsets in the code, which
//! differ from build to build.

use alloc::vec::Vec;

use super::ids::Ids;
use super::service::file_of;
use crate::blocking::ObjectKind;
use crate::snapshot::{Argument, CodeOffset, Goid, Goroutine, Snapshot};
use crate::tables::{Edge, FrameId, StackId, Tables};

/// Goroutines of a dump that are looked up in the other.
const SAMPLES: usize = 1024;
/// Goroutines of the older dump that are looked for to count those the newer one has besides.
const LATE_SAMPLES: usize = 8192;
/// Below it a sample says too little, and all goroutines are looked up.
const FEW: u32 = 32;
/// Ids of a program's start, which its processes have in common.
const STARTUP_IDS: u64 = 256;
/// Disagreements that settle it.
const ENOUGH: u32 = 24;

/// What two dumps tell about being of one process. Numbers are of a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Ids that are in both dumps.
    pub(super) n_common: u32,
    /// Those of them beyond the start of the program.
    pub(super) n_late_common: u32,
    /// Ids in both dumps that other code or another goroutine started.
    pub(super) n_other_start: u32,
    /// Goroutines with the same id whose calls work on the same addresses.
    pub(super) n_same_address: u32,
    /// Goroutines with the same id at the same stack whose calls work on other addresses.
    pub(super) n_other_address: u32,
    /// Those of them that wait for another connection or listener.
    pub(super) n_other_connection: u32,
    /// Ids between the start and the highest of the older dump that only the newer one has.
    pub(super) n_late: u32,
    /// Ids between the start and the highest of the older dump that the newer one has.
    pub(super) n_below: u32,
    /// Ids of the older dump beyond the start, and how many numbers they are of.
    density: (u64, u64),
    /// Calls that both dumps have, and their offsets in the code.
    pub(super) n_places: u32,
    /// Those of them in another file or at another offset: another build.
    pub(super) n_other_place: u32,
    /// Every goroutine was looked up.
    pub(super) is_exact: bool,
}

/// What the evidence comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kinship {
    /// One process.
    Same,
    /// Two processes.
    Other,
    /// Nothing contradicts that it is one process, and nothing proves it.
    Unclear,
}

impl Evidence {
    /// Compares two dumps whose goroutines all have ids; `older` is the one with the lower highest id.
    ///
    /// `is_thorough` asks for all there is to tell, not only for what settles it.
    pub(super) fn between(tables: &Tables, older: &Snapshot, newer: &Snapshot, newer_ids: &Ids<'_>, is_thorough: bool) -> Self {
        let mut evidence = Self::sampled(tables, older, newer, newer_ids, SAMPLES);
        if !evidence.is_exact && evidence.n_common < FEW {
            evidence = Self::sampled(tables, older, newer, newer_ids, usize::MAX);
        }
        let is_settled = evidence.kinship_of_starts() == Kinship::Other;
        if is_thorough || !is_settled {
            evidence.compare_builds(tables, older, newer);
        }
        if !is_settled && !evidence.is_one_by_address() {
            evidence.count_late(older, newer, newer_ids);
        }
        evidence
    }

    fn sampled(tables: &Tables, older: &Snapshot, newer: &Snapshot, newer_ids: &Ids<'_>, n_most: usize) -> Self {
        let rows = older.goroutines();
        let step = rows.len().div_ceil(n_most).max(1);
        let mut evidence = Self { is_exact: step == 1, ..Self::default() };
        let is_one_format = older.format() == newer.format();
        for (row, goroutine) in (0_u32..).zip(rows).step_by(step) {
            let Some(goid @ Goid(1..)) = goroutine.goid() else { continue };
            let Some(other_row) = newer_ids.row(goid) else { continue };
            let Some(other) = newer.goroutines().get(other_row as usize) else { continue };
            evidence.n_common += 1;
            evidence.n_late_common += u32::from(goid.0 > STARTUP_IDS);
            if !have_one_start(tables, goroutine, other, is_one_format) {
                evidence.n_other_start += 1;
                if evidence.n_other_start >= ENOUGH && evidence.kinship_of_starts() == Kinship::Other {
                    evidence.is_exact = false;
                    break;
                }
                continue;
            }
            match share_an_address((older, row, goroutine), (newer, other_row, other)) {
                Some(true) => evidence.n_same_address += 1,
                Some(false) => {
                    evidence.n_other_address += 1;
                    evidence.n_other_connection += u32::from(goroutine.object_kind == Some(ObjectKind::Connection));
                }
                None => {}
            }
        }
        evidence
    }

    /// A build has each function in one file, and a call at one offset. A line may hold several calls; one that is equal makes
    /// them equal.
    fn compare_builds(&mut self, tables: &Tables, older: &Snapshot, newer: &Snapshot) {
        let [older, newer] = [older, newer].map(|snapshot| {
            let key = |offset: &CodeOffset| {
                let frame = tables.frames.get(offset.frame);
                (frame.function, frame.location, offset.offset)
            };
            let mut offsets: Vec<_> = snapshot.offsets().iter().map(key).collect();
            offsets.sort_unstable();
            offsets
        });
        for places in older.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
            let Some(&(function, location, _)) = places.first() else { continue };
            let start = newer.partition_point(|other| other.0 < function);
            let others = newer.get(start..).unwrap_or_default().iter().take_while(|other| other.0 == function);
            let Some(other) = others.clone().next() else { continue };
            let file = |location| file_of(tables.bytes(location));
            let mut at_place = others.filter(|other| other.1 == location).peekable();
            let is_other = if at_place.peek().is_some() {
                !at_place.any(|other| places.contains(other))
            } else if file(other.1) != file(location) {
                true
            } else {
                continue;
            };
            self.n_places += 1;
            self.n_other_place += u32::from(is_other);
        }
    }

    /// Whether the dumps are of two builds of a program.
    pub(super) fn are_two_builds(&self) -> bool {
        self.n_other_place > 0 && self.n_other_place * 8 >= self.n_places
    }

    /// Counts ids of the newer dump that the older one should have, too; those in both are told from a sample.
    fn count_late(&mut self, older: &Snapshot, newer: &Snapshot, newer_ids: &Ids<'_>) {
        let Some(max) = super::ids::max(older) else { return };
        let is_due = |goid: &Goid| goid.0 > STARTUP_IDS && goid.0 < max;
        let due = |snapshot: &Snapshot, step| {
            let goroutines = snapshot.goroutines().iter().step_by(step);
            goroutines.filter_map(Goroutine::goid).filter(is_due).collect::<Vec<Goid>>()
        };
        let step = older.goroutines().len().div_ceil(LATE_SAMPLES).max(1);
        let sample = due(older, step);
        let n_common = sample.iter().filter(|&&goid| newer_ids.row(goid).is_some()).count() * step;
        self.density = ((sample.len() * step) as u64, max.saturating_sub(STARTUP_IDS));
        self.n_below = due(newer, 1).len() as u32;
        self.n_late = self.n_below.saturating_sub(n_common as u32);
    }

    /// What it comes to.
    pub(super) fn kinship(&self) -> Kinship {
        if self.are_two_builds() {
            return Kinship::Other;
        }
        let starts = self.kinship_of_starts();
        if starts != Kinship::Unclear {
            return starts;
        }
        if self.is_one_by_address() {
            return Kinship::Same;
        }
        let (n_old, n_numbers) = self.density;
        // Each processor hands out 16 ids at a time, so ids may come late, but only few of many.
        if self.n_late >= 64 && self.n_late > self.n_below / 2 && n_old + u64::from(self.n_below) < n_numbers {
            return Kinship::Other;
        }
        // Goroutines that are left are those that were there: by chance they would also be in the gaps between.
        let is_subset = self.n_late * 20 <= self.n_below;
        if is_subset && self.n_below >= 32 && n_old * 10 < n_numbers * 9 {
            return Kinship::Same;
        }
        // A listener stays with its goroutine, and lies elsewhere in each process: the kernel places it at random.
        if self.n_other_connection > 0 && self.n_same_address == 0 {
            return Kinship::Other;
        }
        if self.n_other_address >= 3 && self.n_other_address > 4 * self.n_same_address {
            return Kinship::Other;
        }
        Kinship::Unclear
    }

    /// A damaged header or a stack cut off may differ, but not many.
    fn kinship_of_starts(&self) -> Kinship {
        let differ = self.n_common == 0 || self.n_other_start > self.n_common / 32;
        if differ { Kinship::Other } else { Kinship::Unclear }
    }

    /// Goroutines that go on with other work have other addresses, so not all need be equal.
    fn is_one_by_address(&self) -> bool {
        self.n_same_address > 0 && 3 * self.n_same_address >= self.n_other_address && self.kinship_of_starts() != Kinship::Other
    }
}

/// Whether the same `go` statement in the same goroutine started both, as far as the dumps say.
fn have_one_start(tables: &Tables, left: &Goroutine, right: &Goroutine, is_one_format: bool) -> bool {
    if left.stack == right.stack && left.parent() == right.parent() {
        return true;
    }
    if left.parent().zip(right.parent()).is_some_and(|(left, right)| left != right) {
        return false;
    }
    let (Some(left), Some(right)) = (creator(tables, left.stack), creator(tables, right.stack)) else { return true };
    let (left, right) = (tables.frames.get(left), tables.frames.get(right));
    // Formats print places in their own ways.
    left.function == right.function && (left.location == right.location || !is_one_format)
}

fn creator(tables: &Tables, stack: StackId) -> Option<FrameId> {
    match tables.stacks.last_edge(stack)?.1 {
        Edge::CreatedBy(frame) => Some(frame),
        Edge::Frame(_) | Edge::Elided => None,
    }
}

/// Whether most of what two goroutines with one id work on is the same; `None` when they have nothing to compare, or moved on.
fn share_an_address(left: (&Snapshot, u32, &Goroutine), right: (&Snapshot, u32, &Goroutine)) -> Option<bool> {
    let (mut n_same, mut n_other) = (0, 0);
    let mut count = |left: u64, right: u64| if left == right { n_same += 1 } else { n_other += 1 };
    if left.2.stack != right.2.stack {
        return None;
    }
    if left.2.object_kind.is_some() && left.2.object_kind == right.2.object_kind {
        count(left.2.object, right.2.object);
    }
    for argument in arguments(left.0, left.1) {
        let is_it = |other: &&Argument| other.frame == argument.frame && other.position == argument.position;
        if let Some(other) = arguments(right.0, right.1).iter().find(is_it) {
            count(argument.value, other.value);
        }
    }
    (n_same + n_other > 0).then_some(n_same > n_other)
}

/// The arguments of the goroutine in `row`.
fn arguments(snapshot: &Snapshot, row: u32) -> &[Argument] {
    let rest = snapshot.arguments();
    let start = rest.partition_point(|argument| argument.goroutine < row);
    let rest = rest.get(start..).unwrap_or_default();
    let len = rest.iter().take_while(|argument| argument.goroutine == row).count();
    rest.get(..len).unwrap_or_default()
}
