//! How Go printed a dump.
//!
//! One module per format. A format is a line state machine behind [`Parser`]; the scanner owns chunk seams, so any chunking
//! gives the same snapshot.

mod detect;
pub mod traceback;

use crate::error::Error;
use crate::line::LineScanner;
use crate::snapshot::{Goroutine, Snapshot};
use crate::tables::Tables;

pub use detect::look_alike;

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Panic, fatal error and SIGQUIT text, `runtime.Stack`, `debug=2`.
    Traceback,
}

/// Bytes kept from the start of the input, to say what it looks like when no goroutine is found.
const HEAD_BYTES: usize = 4096;

/// Reads one dump, chunk by chunk.
///
/// Never fails on content: it reads what it can and notes the rest as [`Issue`](crate::Issue)s. The tables must be the same
/// in every call.
#[derive(Clone, Debug, Default)]
pub struct Parser {
    lines: LineScanner,
    traceback: traceback::Traceback,
    head: alloc::vec::Vec<u8>,
}

impl Parser {
    /// Takes the next bytes. `O(chunk)`.
    pub fn push(&mut self, tables: &mut Tables, chunk: &[u8]) {
        let room = HEAD_BYTES.saturating_sub(self.head.len());
        if room > 0 {
            self.head.extend_from_slice(chunk.get(..room).unwrap_or(chunk));
        }
        self.lines.push(chunk, &mut self.traceback.reader(tables));
    }

    /// The format being read.
    #[must_use]
    pub fn format(&self) -> Format {
        Format::Traceback
    }

    /// Bytes taken in so far.
    #[must_use]
    pub fn n_bytes(&self) -> u64 {
        self.lines.n_bytes()
    }

    /// The goroutines that are complete so far.
    #[must_use]
    pub fn goroutines(&self) -> &[Goroutine] {
        self.traceback.goroutines()
    }

    /// Ends the input.
    ///
    /// # Errors
    /// [`Error::NoGoroutines`] when no goroutine was found, with what the input looks like instead.
    pub fn finish(mut self, tables: &mut Tables) -> Result<Snapshot, Error> {
        self.lines.finish(&mut self.traceback.reader(tables));
        let snapshot = self.traceback.finish(tables, self.lines.n_bytes(), self.lines.n_lines());
        if snapshot.goroutines.is_empty() {
            return Err(Error::NoGoroutines(look_alike(&self.head)));
        }
        Ok(snapshot)
    }
}
