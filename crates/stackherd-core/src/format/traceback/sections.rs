//! The sections that `GOTRACEBACK=crash` prints, one per thread.
//!
//! Go `runtime/signal_unix.go`, `crash`: each thread prints what it knows, behind a line of `-----`. A goroutine that one
//! section lists as running on another thread is listed again, with its stack, by that thread.

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use crate::snapshot::{Goid, Goroutine};
use crate::tables::StackId;

/// Drops goroutines that stand in `goroutines` before index `first` or twice behind it, and returns how many.
///
/// Of two entries the one with frames is kept. Goroutine 0 is another one in each section.
pub(super) fn merge(goroutines: &mut Vec<Goroutine>, first: usize) -> u64 {
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
    let mut at = 0;
    goroutines.retain(|_| {
        at += 1;
        !dropped.contains(&(at - 1))
    });
    dropped.len() as u64
}
