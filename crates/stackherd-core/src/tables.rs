//! Every distinct string, frame and stack once, shared by all snapshots of a session.
//!
//! Ids are valid for the tables that gave them out. Tables only grow: removing a dump frees its rows, not its strings.

use alloc::vec::Vec;
use core::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// A distinct run of bytes in [`StringTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StringId(u32);

impl StringId {
    /// The empty string.
    pub const EMPTY: Self = Self(0);

    /// Position in the table, to index side tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// Whether it is the empty string.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }
}

/// A distinct function and place in [`FrameTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameId(u32);

impl FrameId {
    /// Position in the table, to index side tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A distinct stack in [`StackTable`], creator included. Equal stacks have equal ids in every snapshot of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StackId(u32);

impl StackId {
    /// The stack without frames.
    pub const EMPTY: Self = Self(0);

    /// Position in the table, to index side tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One call: a function and the place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The function's name as printed, without arguments.
    pub function: StringId,
    /// `FILE:LINE` as printed; empty when the dump has none.
    pub location: StringId,
    /// Go printed `(...)` for the arguments: the compiler inlined the call. As first seen.
    pub inlined: bool,
}

/// How a stack goes on from a shorter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// The next frame towards the entry function.
    Frame(FrameId),
    /// Go left frames out here.
    Elided,
    /// The `go` statement; always the last edge.
    CreatedBy(FrameId),
}

/// Strings, frames and stacks of a session.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Names, places, states and labels.
    pub strings: StringTable,
    /// Calls.
    pub frames: FrameTable,
    /// Stacks.
    pub stacks: StackTable,
}

impl Tables {
    /// The bytes of `id`.
    #[inline]
    #[must_use]
    pub fn bytes(&self, id: StringId) -> &[u8] {
        self.strings.bytes(id)
    }

    /// The frames of `stack`, leaf first, with gaps and the creator in their places. `O(frames)`.
    #[must_use]
    pub fn edges(&self, stack: StackId) -> Vec<Edge> {
        self.stacks.edges(stack)
    }
}

/// Bytes stored once.
#[derive(Clone, Debug)]
pub struct StringTable {
    arena: Vec<u8>,
    /// End of each string in the arena; it starts where the one before ends.
    ends: Vec<u32>,
    lookup: HashTable<u32>,
}

impl Default for StringTable {
    fn default() -> Self {
        Self { arena: Vec::new(), ends: alloc::vec![0], lookup: HashTable::new() }
    }
}

impl StringTable {
    /// The bytes of `id`.
    #[inline]
    #[must_use]
    pub fn bytes(&self, id: StringId) -> &[u8] {
        slice_of(&self.arena, &self.ends, id.0)
    }

    /// Every string, in the order of their ids; the empty one is the first.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|id| slice_of(&self.arena, &self.ends, id as u32))
    }

    /// The id of `bytes`, if they were stored before.
    #[inline]
    #[must_use]
    pub fn find(&self, bytes: &[u8]) -> Option<StringId> {
        if bytes.is_empty() {
            return Some(StringId::EMPTY);
        }
        let found = self.lookup.find(hash(bytes), |&id| slice_of(&self.arena, &self.ends, id) == bytes);
        found.map(|&id| StringId(id))
    }

    /// Stores `bytes` unless they are stored already.
    ///
    /// A table holds up to 4 GiB; beyond that every new string is the empty one.
    pub fn intern(&mut self, bytes: &[u8]) -> StringId {
        if let Some(id) = self.find(bytes) {
            return id;
        }
        let (Ok(id), Ok(end)) = (u32::try_from(self.ends.len()), u32::try_from(self.arena.len() + bytes.len())) else {
            return StringId::EMPTY;
        };
        self.arena.extend_from_slice(bytes);
        self.ends.push(end);
        let (arena, ends) = (&self.arena, &self.ends);
        self.lookup.insert_unique(hash(bytes), id, |&other| hash(slice_of(arena, ends, other)));
        StringId(id)
    }
}

#[inline]
fn slice_of<'a>(arena: &'a [u8], ends: &[u32], id: u32) -> &'a [u8] {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends.get(id - 1).copied().unwrap_or(0) };
    let end = ends.get(id).copied().unwrap_or(start);
    arena.get(start as usize..end as usize).unwrap_or_default()
}

#[inline]
fn hash<T: core::hash::Hash + ?Sized>(value: &T) -> u64 {
    FixedState::with_seed(0x5eed).hash_one(value)
}

/// Calls stored once.
#[derive(Clone, Debug, Default)]
pub struct FrameTable {
    frames: Vec<Frame>,
    lookup: HashTable<u32>,
}

impl FrameTable {
    /// The frame of `id`.
    #[inline]
    #[must_use]
    pub fn get(&self, id: FrameId) -> Frame {
        let unknown = Frame { function: StringId::EMPTY, location: StringId::EMPTY, inlined: false };
        self.frames.get(id.0 as usize).copied().unwrap_or(unknown)
    }

    /// Every frame, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = Frame> {
        self.frames.iter().copied()
    }

    /// Stores `frame` unless one with its function and place is stored already.
    pub fn intern(&mut self, frame: Frame) -> FrameId {
        let key = |frame: &Frame| hash(&(frame.function, frame.location));
        let frames = &self.frames;
        let known = self.lookup.find(key(&frame), |&id| {
            frames.get(id as usize).is_some_and(|other| other.function == frame.function && other.location == frame.location)
        });
        if let Some(&id) = known {
            return FrameId(id);
        }
        // Fewer frames than strings are ever stored, and those are counted in 32 bits.
        let id = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
        self.frames.push(frame);
        let frames = &self.frames;
        self.lookup.insert_unique(key(&frame), id, |&other| frames.get(other as usize).map_or(0, key));
        FrameId(id)
    }
}

/// Stacks stored as a tree: a stack is a shorter stack and one more edge, from the leaf outwards.
#[derive(Clone, Debug)]
pub struct StackTable {
    nodes: Vec<Node>,
    lookup: HashTable<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// Always smaller than the node's own id; the empty stack is its own parent.
    parent: StackId,
    edge: Edge,
    /// The child met last; goroutines with one stack come in crowds, so it is likely the next one too.
    recent_child: StackId,
}

impl Default for StackTable {
    fn default() -> Self {
        let root = Node { parent: StackId::EMPTY, edge: Edge::Elided, recent_child: StackId::EMPTY };
        Self { nodes: alloc::vec![root], lookup: HashTable::new() }
    }
}

impl StackTable {
    /// Number of stacks and of beginnings of stacks; ids are smaller than that.
    #[must_use]
    pub fn n_nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Every stack as a shorter one and one more edge, in the order of their ids, the empty stack left out. A stack comes
    /// behind the one it goes on from.
    pub fn iter(&self) -> impl Iterator<Item = (StackId, Edge)> {
        self.nodes.iter().skip(1).map(|node| (node.parent, node.edge))
    }

    /// The stack that `stack` goes on from, and by which edge; `None` for the empty stack.
    #[must_use]
    pub fn last_edge(&self, stack: StackId) -> Option<(StackId, Edge)> {
        let node = self.nodes.get(stack.index())?;
        (stack != StackId::EMPTY).then_some((node.parent, node.edge))
    }

    /// The stack that goes on from `parent` by the edge met last, and that edge.
    #[inline]
    #[must_use]
    pub fn recent_child(&self, parent: StackId) -> Option<(StackId, Edge)> {
        let child = self.nodes.get(parent.index())?.recent_child;
        let node = self.nodes.get(child.index())?;
        (child != StackId::EMPTY).then_some((child, node.edge))
    }

    /// The stack that goes on from `parent` by `edge`; stored unless it is known.
    pub fn child(&mut self, parent: StackId, edge: Edge) -> StackId {
        let key = |parent: StackId, edge: Edge| hash(&(parent, edge));
        let nodes = &self.nodes;
        let known = self.lookup.find(key(parent, edge), |&id| {
            nodes.get(id as usize).is_some_and(|node| node.parent == parent && node.edge == edge)
        });
        let child = match known {
            Some(&id) => StackId(id),
            None => {
                let Ok(id) = u32::try_from(self.nodes.len()) else { return parent };
                self.nodes.push(Node { parent, edge, recent_child: StackId::EMPTY });
                let nodes = &self.nodes;
                self.lookup.insert_unique(key(parent, edge), id, |&other| {
                    nodes.get(other as usize).map_or(0, |node| key(node.parent, node.edge))
                });
                StackId(id)
            }
        };
        if let Some(node) = self.nodes.get_mut(parent.index()) {
            node.recent_child = child;
        }
        child
    }

    /// The edges of `stack`, leaf first. `O(edges)`.
    #[must_use]
    pub fn edges(&self, stack: StackId) -> Vec<Edge> {
        let mut edges = Vec::new();
        let mut at = stack;
        while at != StackId::EMPTY {
            let Some(node) = self.nodes.get(at.index()) else { break };
            edges.push(node.edge);
            at = node.parent;
        }
        edges.reverse();
        edges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_equal_bytes_have_equal_ids() {
        let mut strings = StringTable::default();
        let first = strings.intern(b"main.main");
        assert_eq!(strings.intern(b""), StringId::EMPTY);
        assert_eq!(strings.intern(b"main.main"), first);
        assert_ne!(strings.intern(b"main.main.func1"), first);
        assert_eq!(strings.bytes(first), b"main.main");
        assert_eq!(strings.find(b"other"), None);
    }

    #[test]
    fn ok_equal_stacks_have_equal_ids_and_share_beginnings() {
        let mut tables = Tables::default();
        let frame = |tables: &mut Tables, name: &[u8]| {
            let function = tables.strings.intern(name);
            Edge::Frame(tables.frames.intern(Frame { function, location: StringId::EMPTY, inlined: false }))
        };
        let (a, b, c) = (frame(&mut tables, b"a"), frame(&mut tables, b"b"), frame(&mut tables, b"c"));
        let ab = [a, b].iter().fold(StackId::EMPTY, |stack, &edge| tables.stacks.child(stack, edge));
        let ac = [a, c].iter().fold(StackId::EMPTY, |stack, &edge| tables.stacks.child(stack, edge));
        assert_ne!(ab, ac);
        assert_eq!(tables.stacks.n_nodes(), 4);
        assert_eq!(tables.edges(ac), [a, c]);
        let again = tables.stacks.child(StackId::EMPTY, a);
        assert_eq!(tables.stacks.child(again, b), ab);
        assert_eq!(tables.stacks.recent_child(again), Some((ab, b)));
    }
}
