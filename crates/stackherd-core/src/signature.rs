//! When two goroutines count as alike.

use core::hash::Hasher;

use siphasher::sip::SipHasher13;

use crate::func::FuncName;
use crate::tables::{Edge, FrameId, StackId, Tables};
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

impl Signature {
    /// A number for this signature that is the same in every dump, run and on every machine. `O(frames)`.
    ///
    /// SipHash 1-3 with zero keys over the category and every frame's name and place, each ended by a zero byte.
    #[must_use]
    pub fn key(&self, tables: &Tables) -> u64 {
        let mut hasher = SipHasher13::new();
        hasher.write(self.category.as_str().as_bytes());
        for edge in tables.edges(self.stack) {
            match edge {
                Edge::Frame(frame) => write_frame(&mut hasher, FRAME_MARK, tables, frame),
                Edge::CreatedBy(frame) => write_frame(&mut hasher, CREATED_BY_MARK, tables, frame),
                Edge::Elided => hasher.write(&[ELIDED_MARK]),
            }
        }
        hasher.finish()
    }
}

fn write_frame(hasher: &mut SipHasher13, mark: u8, tables: &Tables, frame: FrameId) {
    let frame = tables.frames.get(frame);
    hasher.write(&[mark]);
    hasher.write(FuncName::parse(tables.bytes(frame.function)).full().as_bytes());
    hasher.write(&[0]);
    hasher.write(tables.bytes(frame.location));
    hasher.write(&[0]);
}
