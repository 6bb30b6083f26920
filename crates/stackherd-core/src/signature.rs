//! When two goroutines count as alike.

use alloc::vec::Vec;
use core::hash::Hasher;

use siphasher::sip::SipHasher13;

use crate::func::FuncName;
use crate::tables::{Edge, Frame, StackId, Tables};
use crate::wait::Category;

/// How alike goroutines must be to share a group. What they do is part of every level; waits, ids, arguments and labels are
/// part of none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Similarity {
    /// The same functions, files and lines, and the same creator.
    #[default]
    Stack,
}

/// What the goroutines of a group have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// Frames and creator.
    pub stack: StackId,
    /// What they do.
    pub category: Category,
}

/// Tells kinds of edges apart in a key; never change the values.
const FRAME_MARK: u8 = 1;
const ELIDED_MARK: u8 = 2;
const CREATED_BY_MARK: u8 = 3;

/// Makes keys of signatures: numbers that are the same in every dump, run and on every machine.
///
/// A key is SipHash 1-3 with zero keys over the category and the hash of every frame; a frame's hash is the same over its
/// name, escapes decoded, and its place. Frames are hashed once, so a key costs `O(frames)` of its stack.
#[derive(Clone, Debug)]
pub struct Keys<'a> {
    tables: &'a Tables,
    /// By frame.
    hashes: Vec<u64>,
}

impl<'a> Keys<'a> {
    /// Hashes the frames of `tables`. `O(frames)`.
    #[must_use]
    pub fn new(tables: &'a Tables) -> Self {
        Self::hashed(tables, |location| location)
    }

    /// The same of files without their folders: keys that do not tell where a program was built, to order by.
    #[must_use]
    pub(crate) fn without_folders(tables: &'a Tables) -> Self {
        let name = |location: &'a [u8]| location.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
        Self::hashed(tables, name)
    }

    fn hashed(tables: &'a Tables, place: impl Fn(&'a [u8]) -> &'a [u8]) -> Self {
        let hash = |frame: Frame| {
            let mut hasher = SipHasher13::new();
            hasher.write(FuncName::parse(tables.bytes(frame.function)).full().as_bytes());
            hasher.write(&[0]);
            hasher.write(place(tables.bytes(frame.location)));
            hasher.finish()
        };
        Self { tables, hashes: tables.frames.iter().map(hash).collect() }
    }

    /// The key of `signature`.
    #[must_use]
    pub fn key(&self, signature: Signature) -> u64 {
        let mut hasher = SipHasher13::new();
        hasher.write(signature.category.as_str().as_bytes());
        for edge in self.tables.edges(signature.stack) {
            let (mark, frame) = match edge {
                Edge::Frame(frame) => (FRAME_MARK, Some(frame)),
                Edge::CreatedBy(frame) => (CREATED_BY_MARK, Some(frame)),
                Edge::Elided => (ELIDED_MARK, None),
            };
            let hash = frame.and_then(|frame| self.hashes.get(frame.index())).copied().unwrap_or(0);
            hasher.write(&[mark]);
            hasher.write(&hash.to_le_bytes());
        }
        hasher.finish()
    }
}
