//! The sections that `GOTRACEBACK=crash` prints, one per thread.
//!
//! Go `runtime/signal_unix.go`, `crash`: each thread prints what it knows, behind a line of `-----`. A goroutine that one
//! section lists as running on another thread is listed again, with its stack, by that thread.

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use crate::snapshot::{Argument, Goid, Goroutine};
use crate::tables::StackId;

/// Drops goroutines that stand in `goroutines` before index `first` or twice behind it, and returns how many.
///
/// `arguments` stay with their goroutines. Of two entries the one with frames is kept. Goroutine 0 is another one in each section.
pub(super) fn merge(goroutines: &mut Vec<Goroutine>, arguments: &mut Vec<Argument>, first: usize) -> u64 {
    let mut kept: HashMap<Goid, usize, FixedState> = HashMap::default();
    let mut dropped: HashSet<usize, FixedState> = HashSet::default();
    for (at, goroutine) in goroutines.iter().enumerate() {
        let Some(goid) = goroutine.goid().filter(|&goid| goid != Goid(0)) else { continue };
        match kept.get(&goid).copied() {
            Some(earlier) if at >= first => {
                let has_stack = |at: usize| goroutines.get(at).is_some_and(|row| row.stack != StackId::EMPTY);
                if has_stack(at) && !has_stack(earlier) {
                    dropped.insert(earlier);
                    kept.insert(goid, at);
                } else {
                    dropped.insert(at);
                }
            }
            Some(_) => {}
            None => {
                kept.insert(goid, at);
            }
        }
    }
    if dropped.is_empty() {
        return 0;
    }
    let mut n_kept = 0;
    let new_rows: Vec<Option<u32>> = (0..goroutines.len())
        .map(|at| {
            let is_kept = !dropped.contains(&at);
            n_kept += u32::from(is_kept);
            is_kept.then(|| n_kept - 1)
        })
        .collect();
    let new_row = |row: usize| new_rows.get(row).copied().flatten();
    let mut at = 0;
    goroutines.retain(|_| {
        at += 1;
        new_row(at - 1).is_some()
    });
    arguments.retain_mut(|argument| {
        let row = new_row(argument.goroutine as usize);
        argument.goroutine = row.unwrap_or_default();
        row.is_some()
    });
    dropped.len() as u64
}
