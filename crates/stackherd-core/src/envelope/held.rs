//! Lines kept for later.

use alloc::vec::Vec;

use super::Peeled;
use crate::line::Line;

/// Lines and their sources, kept in one piece of memory.
#[derive(Clone, Debug, Default)]
pub(super) struct HeldLines {
    bytes: Vec<u8>,
    lines: Vec<Held>,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    /// Text and source end here; the text starts where the line before ends.
    text_end: usize,
    source_end: usize,
    number: u64,
    offset_bytes: u64,
    len_bytes: u64,
    is_terminated: bool,
}

impl HeldLines {
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.bytes.len() + self.lines.len() * size_of::<Held>()
    }

    pub(super) fn push(&mut self, Peeled { line, source }: Peeled<'_>) {
        self.bytes.extend_from_slice(line.bytes);
        let text_end = self.bytes.len();
        self.bytes.extend_from_slice(source);
        let Line { number, offset_bytes, len_bytes, is_terminated, .. } = line;
        self.lines.push(Held { text_end, source_end: self.bytes.len(), number, offset_bytes, len_bytes, is_terminated });
    }

    pub(super) fn get(&self, at: usize) -> Option<Peeled<'_>> {
        let held = self.lines.get(at)?;
        let start = at.checked_sub(1).and_then(|before| self.lines.get(before)).map_or(0, |before| before.source_end);
        let &Held { text_end, source_end, number, offset_bytes, len_bytes, is_terminated } = held;
        let bytes = self.bytes.get(start..text_end)?;
        let source = self.bytes.get(text_end..source_end)?;
        Some(Peeled { line: Line { bytes, number, offset_bytes, len_bytes, is_terminated }, source })
    }

    /// Hands out all lines in their order.
    pub(super) fn drain(&mut self, mut sink: impl FnMut(Peeled<'_>)) {
        for at in 0..self.lines.len() {
            if let Some(peeled) = self.get(at) {
                sink(peeled);
            }
        }
        self.clear();
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.lines.clear();
    }
}
