//! Offsets in the code, kept of the first goroutines of a dump: they tell builds of a program apart.

use crate::snapshot::CodeOffset;
use crate::tables::{Edge, StackId, Tables};

/// Offsets kept of a dump.
pub(crate) const MAX_OFFSETS: usize = 128;
/// Goroutines whose offsets are kept.
pub(crate) const MAX_GOROUTINES: usize = 32;

/// Whether those of the goroutine in `row` are kept. While they are, the fast road is closed: it reads no offsets.
#[inline]
pub(super) fn are_kept(kept: &[CodeOffset], row: usize) -> bool {
    row < MAX_GOROUTINES && kept.len() < MAX_OFFSETS
}

/// Notes ` +0x1d` behind the place of the last frame of `stack`.
pub(super) fn note(kept: &mut alloc::vec::Vec<CodeOffset>, tables: &Tables, stack: StackId, row: usize, rest: &[u8]) {
    let Some(digits) = rest.strip_prefix(b" +0x") else { return };
    let end = digits.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(digits.len());
    let digits = digits.get(..end).and_then(|digits| core::str::from_utf8(digits).ok());
    let offset = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let edge = tables.stacks.last_edge(stack).map(|(_, edge)| edge);
    if let (Some(offset), Some(Edge::Frame(frame) | Edge::CreatedBy(frame))) = (offset, edge) {
        CodeOffset::add(kept, CodeOffset { frame, offset, goroutine: row as u8 });
    }
}
