//! Goroutines followed by their ids.
//!
//! An id is never used twice within a process, so an id in both dumps is one goroutine. Whoever is in another group than before
//! has moved: it is neither born nor ended, and it is not stuck. The deltas of groups are therefore not `born - ended`.
//!
//! A goroutine is stuck when it stands where it stood: the same stack to the line, the same category, and a wait that grew.
//! The wait decides only where Go printed it:
//!
//! - printed in both dumps, the later one must be larger. Go prints whole minutes, so it may be equal when the dumps are known
//!   to be less than a minute apart. How much larger does not matter: times of files are not exact, and a wait may start to be
//!   counted late.
//! - printed in the earlier only, the goroutine ran in between: a wait that goes on does not fall below a minute. Other formats
//!   than stacks as text leave waits out, so there it says nothing.
//! - printed in the later only, or in none: Go stamps the start of a wait at a garbage collection, so this is no evidence
//!   against it.
//!
//! System goroutines, which share the id 0, are not followed. When any row of either dump has no id, as in profiles, nothing is.

use alloc::vec;
use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::ids::Ids;
use super::{Comparison, Instance, Row};
use crate::format::Format;
use crate::judgement::Judgement;
use crate::snapshot::{Goid, Goroutine};

/// What became of the goroutines of a group from baseline to target. Ids never recur within a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lives {
    /// Goroutines of the group in the target whose ids the baseline does not have at all.
    pub born: u64,
    /// Goroutines of the group in the baseline whose ids the target does not have at all.
    pub ended: u64,
    /// Goroutines of the group in both, at the same stack in the same state, whose wait grew where both dumps print it.
    pub stuck: u64,
}

/// How waits must have changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waits {
    /// The target was taken before the baseline.
    is_reversed: bool,
    /// Less than a minute lies between them.
    is_short: bool,
    /// Both dumps print every wait of a minute and more.
    are_complete: bool,
}

impl Waits {
    /// Of two dumps; `is_reversed` says that the target is the earlier one.
    pub(super) fn new(baseline: &Instance<'_>, target: &Instance<'_>, is_reversed: bool) -> Self {
        let apart = baseline.at_millis.zip(target.at_millis).map(|(from, to)| from.abs_diff(to));
        Self {
            is_reversed,
            is_short: apart.is_some_and(|millis| millis < 60_000),
            are_complete: [baseline, target].iter().all(|instance| instance.snapshot.format() == Format::Traceback),
        }
    }

    /// Whether a goroutine that is in both dumps has not moved in between.
    #[inline]
    fn is_stuck(self, baseline: &Goroutine, target: &Goroutine) -> bool {
        if baseline.stack != target.stack || baseline.category != target.category {
            return false;
        }
        let (earlier, later) = if self.is_reversed { (target, baseline) } else { (baseline, target) };
        match (earlier.wait_minutes(), later.wait_minutes()) {
            (Some(earlier), Some(later)) => later > earlier || self.is_short && later == earlier,
            (Some(_), None) => !self.are_complete,
            (None, _) => true,
        }
    }
}

/// Fills in the lives of all rows. `O(goroutines + groups)`.
pub(super) fn follow(rows: &mut [Row], baseline: &Instance<'_>, target: &Instance<'_>, waits: Waits) {
    let (before, after) = (baseline.snapshot.goroutines(), target.snapshot.goroutines());
    if [baseline, target].iter().any(|instance| super::ids::max(instance.snapshot).is_none()) {
        return;
    }
    let ids = Ids::of(baseline.snapshot);
    let row_of: HashMap<u64, u32, FixedState> = rows.iter().map(|row| row.key).zip(0..).collect();
    let mut lives = vec![Lives::default(); rows.len()];
    let mut is_in_target = vec![false; before.len()];
    let places = rows_of(target.judgement, after.len(), &row_of);
    for (goroutine, &place) in after.iter().zip(&places) {
        let Some(lives) = lives.get_mut(place as usize) else { continue };
        let Some(goid @ Goid(1..)) = goroutine.goid() else { continue };
        let Some(row) = ids.row(goid) else {
            lives.born += 1;
            continue;
        };
        if let (Some(old), Some(is_in_target)) = (before.get(row as usize), is_in_target.get_mut(row as usize)) {
            *is_in_target = true;
            lives.stuck += u64::from(waits.is_stuck(old, goroutine));
        }
    }
    let is_target_row = |row: u32| is_in_target.get(row as usize).copied().unwrap_or(false);
    let places = rows_of(baseline.judgement, before.len(), &row_of);
    for ((goroutine, &place), &is_in_target) in before.iter().zip(&places).zip(&is_in_target) {
        let Some(goid @ Goid(1..)) = goroutine.goid().filter(|_| !is_in_target) else { continue };
        // A damaged dump may have an id twice, of which the first is known.
        if ids.row(goid).is_some_and(is_target_row) {
            continue;
        }
        if let Some(lives) = lives.get_mut(place as usize) {
            lives.ended += 1;
        }
    }
    for (row, lives) in rows.iter_mut().zip(lives) {
        row.lives = Some(lives);
    }
}

/// The row of the comparison that each goroutine is in.
fn rows_of(judgement: &Judgement, n_goroutines: usize, row_of: &HashMap<u64, u32, FixedState>) -> Vec<u32> {
    let mut rows = vec![u32::MAX; n_goroutines];
    for (group, key) in judgement.groups.iter().zip(&judgement.keys) {
        let Some(&row) = row_of.get(key) else { continue };
        for &member in judgement.groups.members(group) {
            if let Some(slot) = rows.get_mut(member as usize) {
                *slot = row;
            }
        }
    }
    rows
}

/// The first `n` stuck goroutines of `row`, in the order of the target's text. `O(goroutines)`.
#[must_use]
pub fn stuck_goids(instances: &[Instance<'_>], comparison: &Comparison, row: &Row, n: usize) -> Vec<Goid> {
    let instance = |index: u32| instances.get(index as usize);
    let (Some(baseline), Some(target)) = (instance(comparison.baseline), instance(comparison.target)) else {
        return Vec::new();
    };
    if row.lives.is_none_or(|lives| lives.stuck == 0) {
        return Vec::new();
    }
    let waits = Waits::new(baseline, target, comparison.is_reversed());
    let judgement = target.judgement;
    let groups = judgement.groups.iter().zip(&judgement.keys).filter(|&(_, &key)| key == row.key).map(|(group, _)| group);
    let mut members: Vec<u32> = groups.flat_map(|group| judgement.groups.members(group)).copied().collect();
    members.sort_unstable();
    let (before, after) = (baseline.snapshot.goroutines(), target.snapshot.goroutines());
    // Of the few that are asked for, so that the crowd is read once and not hashed.
    let ids = Ids::of_rows(after, members.iter().copied());
    let mut old_rows = vec![u32::MAX; after.len()];
    for (goroutine, old_row) in before.iter().zip(0..) {
        if let Some(slot) = goroutine.goid().and_then(|goid| ids.row(goid)).and_then(|row| old_rows.get_mut(row as usize))
            && *slot == u32::MAX
        {
            *slot = old_row;
        }
    }
    let stuck = members.iter().filter_map(|&member| {
        let old = before.get(*old_rows.get(member as usize)? as usize)?;
        let goroutine = after.get(member as usize)?;
        waits.is_stuck(old, goroutine).then(|| goroutine.goid())?
    });
    stuck.take(n).collect()
}
