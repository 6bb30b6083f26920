//! `profile.proto`: `/debug/pprof/goroutine` without `debug`, and what tools make of it.
//!
//! ```text
//! period_type {1 2}  period 1  sample_type {1 2}
//! location {…} function {…} location {…} function {…} sample {…}  …
//! time_nanos …  mapping {…}  string_table "" "goroutine" "count" …
//! ```
//!
//! That is the order of Go (`runtime/pprof/proto.go`), with the names last, so the whole profile is kept and walked twice:
//! first for what samples refer to, then for the samples. Fields are decoded one at a time. Every reference may be wrong, as
//! may be every number; a bad one costs a name, not the profile.
//!
//! Format: github.com/google/pprof `proto/profile.proto`.

mod budget;
mod contents;
mod fields;
mod frames;
mod kind;
mod labels;
mod messages;
mod samples;
mod start;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use crate::error::Error;
use crate::format::Format;
use crate::go_version::GoVersion;
use crate::issue::{Issue, IssueKind};
use crate::note::{Note, NoteKind};
use crate::snapshot::{Scope, Snapshot};
use crate::tables::Tables;
use budget::Budget;
use contents::Contents;
use fields::Broken;
use frames::Frames;
use samples::Samples;

pub(super) use start::starts;

/// Fields of the profile that more than one room knows.
const SAMPLE_TYPE: u32 = 1;
const SAMPLE: u32 = 2;
const PERIOD_TYPE: u32 = 11;

/// Most bytes that are kept. A profile of a million different stacks has some 100 MB.
const LIMIT_BYTES: usize = 512 << 20;

/// Keeps the bytes of a profile: its string table may come last.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProfileReader {
    bytes: Vec<u8>,
    is_too_large: bool,
}

impl ProfileReader {
    /// Takes the next bytes.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        if self.is_too_large || chunk.len() > LIMIT_BYTES - self.bytes.len() {
            self.is_too_large = true;
            self.bytes = Vec::new();
            return;
        }
        self.bytes.extend_from_slice(chunk);
    }

    /// Reads the profile.
    ///
    /// # Errors
    /// When it is a profile of something else, or damaged.
    pub(crate) fn finish(self, tables: &mut Tables) -> Result<Snapshot, Error> {
        if self.is_too_large {
            return Err(Error::ProfileTooLarge { limit_bytes: LIMIT_BYTES as u64 });
        }
        let bytes = self.bytes.as_slice();
        let contents = Contents::read(bytes)?;
        let lacks_names = contents.strings.is_empty() && contents.has_samples;
        if lacks_names || contents.is_cut && !contents.is_complete() {
            return Err(Broken::Cut.into_error(bytes.len()));
        }
        let counts = kind::counts(&contents).map_err(Error::NoGoroutines)?;
        let mut budget = Budget::of(bytes.len());
        let frames = Frames::intern(tables, &contents, &mut budget)?;
        let mut samples = Samples { contents: &contents, frames: &frames, counts, budget: &mut budget };
        let rows = samples.read(tables, bytes)?;

        let mut snapshot = Snapshot {
            format: Format::Profile,
            scope: counts.scope,
            line_number: 1,
            goroutines: rows.goroutines,
            captured_at_nanos: Some(contents.time_nanos).filter(|&nanos| nanos != 0),
            n_bytes: bytes.len() as u64,
            ..Snapshot::default()
        };
        if counts.scope == Scope::Leaked {
            snapshot.go_version.raise(GoVersion::LEAKED);
        }
        for (kind, count) in [(NoteKind::InferredState, rows.n_inferred), (NoteKind::Delta, rows.n_gone)] {
            if count > 0 {
                Note::add(&mut snapshot.notes, Note { kind, line_number: 1, count });
            }
        }
        let n_unsymbolized = frames.n_unsymbolized + rows.n_unknown_locations;
        if n_unsymbolized > 0 {
            snapshot.issues.push(Issue { count: n_unsymbolized, ..Issue::new(IssueKind::Unsymbolized, 1, b"") });
        }
        if contents.is_cut {
            let kind = IssueKind::Truncated { offset_bytes: bytes.len() as u64, goid: None };
            snapshot.issues.push(Issue::new(kind, 1, b""));
        }
        Ok(snapshot)
    }
}
