//! The goroutine being read.

use alloc::vec::Vec;

use super::asterisk;
use super::shape::is_function_name;
use crate::issue::Issue;
use crate::snapshot::Goroutine;
use crate::tables::{Edge, Frame, FrameId, StackId, StringId, Tables};
use crate::wait::{Category, refine_semacquire};

/// A call or creator whose place has not come yet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Pending {
    #[default]
    None,
    /// The stack went on like this the last time; the place decides.
    Predicted { child: StackId, frame: FrameId },
    /// A function seen before.
    Known(StringId),
    /// Its name is in the buffer that goes with the goroutine.
    New,
}

/// The goroutine being read.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) goroutine: Goroutine,
    /// Stands where a crash message may stand: counts only if frames follow.
    pub(super) is_provisional: bool,
    pub(super) is_unavailable: bool,
    pub(super) header_line_number: u64,
    /// Where its last understood line ends.
    pub(super) end_bytes: u64,
    pub(super) pending: Pending,
    pub(super) pending_is_creator: bool,
    pub(super) pending_inlined: bool,
    pub(super) pending_line_number: u64,
    /// Text skipped since the last frame: lines, and the first of them.
    pub(super) interleaved: Option<Issue>,
    /// More than the line number followed the last place.
    pub(super) place_has_offset: bool,
    /// Length of the line with the last place, its indent counted in columns.
    pub(super) place_columns: usize,
    /// Names whose asterisks were put back.
    pub(super) n_restored: u64,
}

impl Open {
    /// Takes a call or creator; `name` keeps it if it is new. Returns false if `function` can't be a function's name.
    #[inline]
    pub(super) fn begin(&mut self, name: &mut Vec<u8>, tables: &Tables, function: &[u8], is_creator: bool) -> bool {
        let predicted = match tables.stacks.recent_child(self.goroutine.stack) {
            Some((child, Edge::Frame(frame))) if !is_creator => Some((child, frame)),
            Some((child, Edge::CreatedBy(frame))) if is_creator => Some((child, frame)),
            _ => None,
        };
        self.pending = match predicted {
            Some((child, frame)) if tables.bytes(tables.frames.get(frame).function) == function => {
                Pending::Predicted { child, frame }
            }
            _ if !is_creator && !is_function_name(function) => return false,
            _ => match tables.strings.find(function) {
                Some(id) => Pending::Known(id),
                None if asterisk::restore(function, name) => {
                    self.n_restored += 1;
                    tables.strings.find(name).map_or(Pending::New, Pending::Known)
                }
                None => {
                    name.clear();
                    name.extend_from_slice(function);
                    Pending::New
                }
            },
        };
        self.pending_is_creator = is_creator;
        self.pending_inlined = false;
        true
    }

    /// The node that the pending call likely leads to.
    #[inline]
    pub(super) fn predicted(&self) -> Option<StackId> {
        match self.pending {
            Pending::Predicted { child, .. } => Some(child),
            Pending::None | Pending::Known(_) | Pending::New => None,
        }
    }

    /// Takes the place of the pending call.
    #[inline]
    pub(super) fn place(&mut self, name: &[u8], tables: &mut Tables, location: &[u8]) {
        let function = match self.pending {
            Pending::Predicted { child, frame } => {
                let known = tables.frames.get(frame);
                if tables.bytes(known.location) == location {
                    self.goroutine.stack = child;
                    self.pending = Pending::None;
                    return;
                }
                known.function
            }
            Pending::Known(function) => function,
            Pending::New => tables.strings.intern(name),
            Pending::None => return,
        };
        let location = tables.strings.intern(location);
        self.push_frame(tables, function, location);
    }

    /// Adds a frame, or the creator if that is pending.
    pub(super) fn push_frame(&mut self, tables: &mut Tables, function: StringId, location: StringId) {
        let frame = tables.frames.intern(Frame { function, location, inlined: self.pending_inlined });
        let is_creator = self.pending_is_creator && !matches!(self.pending, Pending::None);
        let edge = if is_creator { Edge::CreatedBy(frame) } else { Edge::Frame(frame) };
        self.goroutine.stack = tables.stacks.child(self.goroutine.stack, edge);
        self.pending = Pending::None;
    }
}

/// What `semacquire` means on `stack`.
pub(in crate::format) fn refine(tables: &Tables, stack: StackId) -> Category {
    let edges = tables.edges(stack);
    refine_semacquire(edges.iter().filter_map(|edge| match edge {
        Edge::Frame(frame) => Some(tables.bytes(tables.frames.get(*frame).function)),
        Edge::Elided | Edge::CreatedBy(_) => None,
    }))
}
