//! The groups of all dumps, side by side.

use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Reverse;

use hashbrown::HashMap;

use super::{Instance, Mode, Row, Status};

/// One row for each key, in the order of first appearance.
pub(super) fn rows(instances: &[Instance<'_>]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut row_of: HashMap<u64, usize, foldhash::fast::FixedState> = HashMap::default();
    for (dump, instance) in instances.iter().enumerate() {
        let judgement = instance.judgement;
        for ((group, &key), index) in judgement.groups.iter().zip(&judgement.keys).zip(0..) {
            let at = *row_of.entry(key).or_insert_with(|| {
                rows.push(empty(key, instances.len()));
                rows.len() - 1
            });
            let Some(row) = rows.get_mut(at) else { continue };
            if let (Some(count), Some(slot)) = (row.counts.get_mut(dump), row.groups.get_mut(dump)) {
                *count = count.saturating_add(group.n_goroutines);
                slot.get_or_insert(index);
            }
        }
    }
    rows
}

fn empty(key: u64, n_dumps: usize) -> Row {
    Row {
        key,
        counts: vec![0; n_dumps],
        groups: vec![None; n_dumps],
        status: Status::Same,
        delta: 0,
        lives: None,
        per_minute: None,
        trend: None,
        spread: None,
    }
}

/// Fills in what changed from `baseline` to `target`.
pub fn measure(rows: &mut [Row], baseline: u32, target: u32, minutes: Option<f64>) {
    for row in rows {
        let count = |dump: u32| row.counts.get(dump as usize).copied().unwrap_or(0);
        let (before, after) = (count(baseline), count(target));
        row.status = status(before, after);
        row.delta = i64::try_from(after).unwrap_or(i64::MAX).saturating_sub(i64::try_from(before).unwrap_or(i64::MAX));
        row.per_minute = minutes.map(|minutes| row.delta as f64 / minutes);
    }
}

/// What happened to a group that had `before` goroutines and has `after`.
#[must_use]
pub const fn status(before: u64, after: u64) -> Status {
    match (before, after) {
        (0, 0) => Status::Same,
        (0, _) => Status::New,
        (_, 0) => Status::Gone,
        _ if after > before => Status::Grown,
        _ if after < before => Status::Shrunk,
        _ => Status::Same,
    }
}

/// The greatest change first, in a fleet the oddest first; ties by size, then by key.
pub fn sort(rows: &mut [Row], mode: Mode) {
    let size = |row: &Row| row.counts.iter().copied().max().unwrap_or(0);
    match mode {
        Mode::Series => {
            rows.sort_unstable_by_key(|row| {
                (Reverse(row.delta.unsigned_abs()), Reverse(row.delta > 0), Reverse(size(row)), row.key)
            });
        }
        Mode::Fleet => {
            let excess = |row: &Row| row.spread.as_ref().map_or(0, |spread| spread.excess);
            rows.sort_unstable_by_key(|row| (Reverse(excess(row)), Reverse(size(row)), row.key));
        }
    }
}
