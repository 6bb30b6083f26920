//! When two goroutines count as alike.

use alloc::vec::Vec;
use core::hash::Hasher;

use siphasher::sip::SipHasher13;

use crate::func::FuncName;
use crate::key_frames::{KeyFrame, Role, call_hash, key_frames};
use crate::origin::OriginRules;
use crate::tables::{Edge, Frame, FrameId, StackId, Tables};
use crate::wait::Category;

/// How alike goroutines must be to share a group. What they do is part of every level; waits, ids, arguments and labels are
/// part of none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Similarity {
    /// The same functions, files and lines, and the same creator.
    #[default]
    Stack,
    /// The same functions, closures and type parameters folded, and the same creating function: survives a rebuild.
    Function,
    /// The same `go` statement and entry function.
    Origin,
    /// The same first application frame from the leaf.
    Culprit,
}

/// What all dumps that are compared tell of a stack: formats leave out different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Basis {
    /// The `go` statement is printed.
    pub has_creators: bool,
    /// Files and lines are printed.
    pub has_places: bool,
    /// The state is printed in Go's words, not inferred, and the runtime's own frames are left out.
    pub has_states: bool,
}

impl Default for Basis {
    /// Everything that `debug=2` tells.
    fn default() -> Self {
        Self { has_creators: true, has_places: true, has_states: true }
    }
}

/// How alike the goroutines of a group are, and by what that is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Grouping {
    /// How alike.
    pub similarity: Similarity,
    /// By what.
    pub basis: Basis,
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

/// Profiles are cut after 32 addresses up to Go 1.22, of which the runtime's own are a few: a stack with more frames than this
/// may be cut in one of the formats.
const MAX_UNCUT_FRAMES: usize = 27;
/// So this many of it, from the leaf, are looked at.
const N_COMMON_FRAMES: usize = 24;

/// Makes keys of signatures: numbers that are the same in every dump, run and on every machine.
///
/// A key is SipHash 1-3 with zero keys over the category and the hash of every frame; a frame's hash is the same over its
/// name, escapes decoded, and its place. Frames are hashed once, so a key costs `O(frames)` of its stack. Other levels than
/// [`Similarity::Stack`] take folded names, and fewer frames.
#[derive(Clone, Debug)]
pub struct Keys<'a> {
    tables: &'a Tables,
    grouping: Grouping,
    /// By frame.
    frames: Vec<KeyFrame>,
}

impl<'a> Keys<'a> {
    /// Hashes the frames of `tables`. `O(frames)`.
    #[must_use]
    pub fn new(tables: &'a Tables) -> Self {
        Self::hashed(tables, |location| location)
    }

    /// Keys of groups that are alike as `grouping` says: equal keys, one group. `origins` tells culprits. `O(frames)`.
    ///
    /// Without creators, places or states these are left out of the keys; without states, also what one format prints and
    /// another does not: frames of the runtime and wrappers, and how categories that can only be inferred differ.
    #[must_use]
    pub fn of(tables: &'a Tables, origins: &OriginRules, grouping: Grouping) -> Self {
        if grouping == Grouping::default() {
            return Self::new(tables);
        }
        Self { tables, grouping, frames: key_frames(tables, origins, grouping) }
    }

    /// The same of files without their folders: keys that do not tell where a program was built, to order by.
    #[must_use]
    pub(crate) fn without_folders(tables: &'a Tables) -> Self {
        let name = |location: &'a [u8]| location.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
        Self::hashed(tables, name)
    }

    fn hashed(tables: &'a Tables, place: impl Fn(&'a [u8]) -> &'a [u8]) -> Self {
        let hash = |frame: Frame| {
            let name = FuncName::parse(tables.bytes(frame.function));
            // Nothing but the call counts for exact stacks.
            KeyFrame { call: call_hash(name.full(), place(tables.bytes(frame.location))), function: 0, role: Role::Library }
        };
        Self { tables, grouping: Grouping::default(), frames: tables.frames.iter().map(hash).collect() }
    }

    /// What the keys tell apart.
    #[must_use]
    pub fn grouping(&self) -> Grouping {
        self.grouping
    }

    /// The key of `signature`.
    #[must_use]
    pub fn key(&self, signature: Signature) -> u64 {
        let Grouping { similarity, basis } = self.grouping;
        let mut hasher = SipHasher13::new();
        hasher.write(similarity.mark());
        let category = if basis.has_states { signature.category.as_str() } else { coarse(signature.category) };
        hasher.write(category.as_bytes());
        let edges = self.tables.edges(signature.stack);
        let creator = edges.iter().find_map(|edge| match edge {
            Edge::CreatedBy(frame) if basis.has_creators => self.frame(*frame),
            _ => None,
        });
        match similarity {
            Similarity::Stack | Similarity::Function => {
                let hash = |frame: KeyFrame| if similarity == Similarity::Stack { frame.call } else { frame.function };
                for (mark, frame) in self.counted(&edges) {
                    write(&mut hasher, mark, frame.map_or(0, hash));
                }
                if let Some(creator) = creator {
                    write(&mut hasher, CREATED_BY_MARK, hash(creator));
                }
            }
            Similarity::Origin => {
                write(&mut hasher, CREATED_BY_MARK, creator.map_or(0, |creator| creator.call));
                write(&mut hasher, FRAME_MARK, self.entry(&edges));
            }
            Similarity::Culprit => {
                let culprit = self.frames_of(&edges).find(|frame| frame.role == Role::App);
                write(&mut hasher, FRAME_MARK, culprit.map_or_else(|| self.entry(&edges), |culprit| culprit.call));
            }
        }
        hasher.finish()
    }

    /// The frames that count for stacks, with gaps.
    fn counted(&self, edges: &[Edge]) -> Vec<(u8, Option<KeyFrame>)> {
        let Grouping { similarity, basis } = self.grouping;
        let pick = |is_counted: &dyn Fn(Role) -> bool| {
            let picked = edges.iter().filter_map(|edge| match edge {
                Edge::Frame(id) => {
                    self.frame(*id).filter(|frame| is_counted(frame.role)).map(|frame| (FRAME_MARK, Some(frame)))
                }
                Edge::Elided => basis.has_states.then_some((ELIDED_MARK, None)),
                Edge::CreatedBy(_) => None,
            });
            picked.collect::<Vec<_>>()
        };
        if !basis.has_states {
            let mut picked = pick(&|role| matches!(role, Role::App | Role::Library));
            if picked.is_empty() {
                // A goroutine of the runtime itself, of which all formats print all.
                picked = pick(&|role| role != Role::Exit);
            }
            if picked.len() > MAX_UNCUT_FRAMES {
                picked.truncate(N_COMMON_FRAMES);
            }
            return picked;
        }
        let mut picked = pick(&|role| similarity == Similarity::Stack || role != Role::Wrapper);
        if picked.is_empty() {
            picked = pick(&|_| true);
        }
        picked
    }

    /// Hash of the function that the goroutine started with: `runtime.goexit` and `runtime.main` call it.
    fn entry(&self, edges: &[Edge]) -> u64 {
        let is_any = |frame: &KeyFrame| matches!(frame.role, Role::App | Role::Library);
        let is_own = |frame: &KeyFrame| frame.role != Role::Exit;
        let entry = self.frames_of(edges).filter(is_any).last();
        entry.or_else(|| self.frames_of(edges).filter(is_own).last()).map_or(0, |frame| frame.function)
    }

    fn frames_of(&self, edges: &[Edge]) -> impl Iterator<Item = KeyFrame> {
        edges.iter().filter_map(|edge| match edge {
            Edge::Frame(id) => self.frame(*id),
            Edge::Elided | Edge::CreatedBy(_) => None,
        })
    }

    fn frame(&self, id: FrameId) -> Option<KeyFrame> {
        self.frames.get(id.index()).copied()
    }
}

fn write(hasher: &mut SipHasher13, mark: u8, hash: u64) {
    hasher.write(&[mark]);
    hasher.write(&hash.to_le_bytes());
}

impl Similarity {
    /// Tells keys of different levels apart; never change the values.
    const fn mark(self) -> &'static [u8] {
        match self {
            Self::Stack => b"",
            Self::Function => b"function ",
            Self::Origin => b"origin ",
            Self::Culprit => b"culprit ",
        }
    }
}

/// What remains of a category where it can only be inferred. Counted stacks do not tell a receive from a send, profiles do not
/// tell who is on a processor, and semaphores have many names; never change the words.
const fn coarse(category: Category) -> &'static str {
    match category {
        Category::Running | Category::Runnable | Category::Syscall | Category::Runtime | Category::Other => "active",
        Category::ChanReceive | Category::ChanSend | Category::Chan => "chan",
        Category::Select => "select",
        Category::Lock | Category::Wait => "lock",
        Category::Io => "io",
        Category::Sleep => "sleep",
    }
}
