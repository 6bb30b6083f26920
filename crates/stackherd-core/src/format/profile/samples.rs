//! The rows of a profile: the second pass over it.

use alloc::vec::Vec;

use super::SAMPLE;
use super::budget::Budget;
use super::contents::{Contents, decode};
use super::fields::Fields;
use super::frames::{Frames, unsymbolized};
use super::kind::Counts;
use super::labels::{Known, LabelReader};
use super::messages::Sample;
use crate::error::Error;
use crate::infer::{Inferred, infer_or_running};
use crate::snapshot::{Flags, Goid, Goroutine, Labels, Scope};
use crate::tables::{Edge, FrameId, StackId, Tables};
use crate::wait::{Category, refine_semacquire};

/// What a stack without names is said to do: Go's word for a status it does not know.
const UNKNOWN: Inferred = Inferred { wait_reason: "???", category: Category::Other };

/// The goroutines of a profile.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) goroutines: Vec<Goroutine>,
    /// Goroutines that went away, in a profile of differences.
    pub(super) n_gone: u64,
    /// Goroutines whose state was inferred.
    pub(super) n_inferred: u64,
    /// Locations of stacks that are not in the profile.
    pub(super) n_unknown_locations: u64,
}

/// What turns samples into rows.
#[derive(Debug)]
pub(super) struct Samples<'a, 'bytes> {
    pub(super) contents: &'a Contents<'bytes>,
    pub(super) frames: &'a Frames,
    pub(super) counts: Counts,
    pub(super) budget: &'a mut Budget,
}

impl<'bytes> Samples<'_, 'bytes> {
    /// Reads the samples among the fields of `bytes`, one row for each. `O(bytes + frames)`.
    ///
    /// # Errors
    /// [`Error::DamagedProfile`], [`Error::OverblownProfile`]
    pub(super) fn read(&mut self, tables: &mut Tables, bytes: &[u8]) -> Result<Rows, Error> {
        let mut rows = Rows::default();
        let mut sample = Sample::default();
        let mut labels = LabelReader::default();
        let mut stack = Vec::new();
        // The first pass went over all fields; what breaks them is known.
        for field in Fields::new(bytes).map_while(Result::ok).filter(|field| field.number == SAMPLE) {
            decode(field, &mut sample)?;
            let value = sample.values.get(self.counts.value_idx).copied().unwrap_or(0);
            if value <= 0 {
                rows.n_gone = rows.n_gone.saturating_add(value.unsigned_abs());
                continue;
            }
            stack.clear();
            self.unfold(tables, &sample, &mut stack, &mut rows)?;
            let known = labels.read(self.contents, &sample.labels, self.budget)?;
            let mut goroutine = row(tables, &stack, known, labels.text(), value.unsigned_abs(), &mut rows);
            if self.counts.scope == Scope::Leaked {
                goroutine.flags.set(Flags::LEAKED);
            }
            rows.goroutines.push(goroutine);
        }
        Ok(rows)
    }

    /// Collects the frames of `sample`, leaf first.
    fn unfold(&mut self, tables: &mut Tables, sample: &Sample, stack: &mut Vec<FrameId>, rows: &mut Rows) -> Result<(), Error> {
        for &location_id in &sample.location_ids {
            match self.frames.of(self.contents, location_id) {
                Some(frames) => {
                    self.budget.take_frames(frames.len())?;
                    stack.extend_from_slice(frames);
                }
                None => {
                    self.budget.take_frames(1)?;
                    rows.n_unknown_locations += 1;
                    stack.push(unsymbolized(tables, 0));
                }
            }
        }
        Ok(())
    }
}

fn row(tables: &mut Tables, stack: &[FrameId], known: Known<'_>, labels: &[u8], count: u64, rows: &mut Rows) -> Goroutine {
    let (wait_reason, category) = match known.wait_reason {
        Some(state) => {
            let category = match Category::of(state) {
                Category::Lock if state == b"semacquire" => refine_semacquire(functions(tables, stack)),
                category => category,
            };
            (tables.strings.intern(state), category)
        }
        None => {
            let inferred = inferred(tables, stack);
            if inferred != UNKNOWN {
                rows.n_inferred = rows.n_inferred.saturating_add(count);
            }
            (tables.strings.intern(inferred.wait_reason.as_bytes()), inferred.category)
        }
    };
    let mut goroutine = match known.goid {
        Some(goid) if count == 1 => Goroutine::new(Goid(goid), wait_reason, category),
        _ => Goroutine::counted(count, wait_reason, category),
    };
    goroutine.set_parent(known.parent.map(Goid));
    goroutine.set_wait_minutes(known.wait_minutes);
    goroutine.labels = Labels(tables.strings.intern(labels));
    goroutine.stack = stack.iter().fold(StackId::EMPTY, |stack, &frame| push(tables, stack, Edge::Frame(frame)));
    goroutine
}

fn inferred(tables: &Tables, stack: &[FrameId]) -> Inferred {
    let is_address = functions(tables, stack).next().is_some_and(|function| function.starts_with(b"0x"));
    if is_address { UNKNOWN } else { infer_or_running(functions(tables, stack)) }
}

fn functions<'a>(tables: &'a Tables, stack: &'a [FrameId]) -> impl Iterator<Item = &'a [u8]> {
    stack.iter().map(|&frame| tables.bytes(tables.frames.get(frame).function))
}

/// Stacks of one kind come in a row, so the edge met last is likely the next one too.
fn push(tables: &mut Tables, stack: StackId, edge: Edge) -> StackId {
    match tables.stacks.recent_child(stack) {
        Some((child, recent)) if recent == edge => child,
        _ => tables.stacks.child(stack, edge),
    }
}
