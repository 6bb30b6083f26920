//! The creators of one goroutine.

use alloc::vec::Vec;

use super::{Creators, MAX_DEPTH};
use crate::snapshot::{Goid, Snapshot};
use crate::tables::{Edge, FrameId, Tables};

/// A goroutine that started another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Creator {
    /// Its number.
    pub goid: Goid,
    /// The `go` statement that it executed.
    pub site: Option<FrameId>,
    /// It is in the dump; the chain ends with one that is not.
    pub in_dump: bool,
}

/// The creators of the goroutine at `row`, the nearest first, as far as the dump knows them: from Go 1.21 on, and at most
/// [`MAX_DEPTH`] of them. `O(goroutines)`.
#[must_use]
pub fn chain(tables: &Tables, snapshot: &Snapshot, row: u32) -> Vec<Creator> {
    let goroutines = snapshot.goroutines();
    let mut chain: Vec<Creator> = Vec::new();
    let Some(mut goroutine) = goroutines.get(row as usize) else { return chain };
    if goroutine.parent().is_none() {
        return chain;
    }
    let creators = Creators::new(goroutines);
    while let Some(parent) = goroutine.parent() {
        let is_cycle = goroutine.goid() == Some(parent) || chain.iter().any(|creator| creator.goid == parent);
        if is_cycle || chain.len() >= MAX_DEPTH {
            break;
        }
        let site = match tables.stacks.last_edge(goroutine.stack) {
            Some((_, Edge::CreatedBy(frame))) => Some(frame),
            _ => None,
        };
        let above = creators.row(parent).and_then(|row| goroutines.get(row as usize));
        chain.push(Creator { goid: parent, site, in_dump: above.is_some() });
        let Some(above) = above else { break };
        goroutine = above;
    }
    chain
}
