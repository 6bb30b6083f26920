//! Where one dump ends and the next one starts.
//!
//! A log may hold several dumps of one process, or of several. A process never uses a goroutine's number twice, and lists
//! its goroutines in the same order each time (Go `runtime/proc.go`, `allgs`), so the numbers a dump starts with tell the next one;
//! a process that announces its end starts a new one too.

use super::Traceback;
use super::crash::CrashReader;
use crate::snapshot::{Goid, Goroutine};
use crate::wait::Category;

/// Numbers kept from the start of a dump.
const N_FIRST: usize = 16;

/// Dumps told apart in one input; what follows stays with the last.
const MAX_DUMPS: usize = 1000;

/// What is remembered of the dump being read.
#[derive(Clone, Debug, Default)]
pub(super) struct Boundary {
    /// Line of its first header.
    pub(super) line_number: u64,
    first: [u64; N_FIRST],
    n_first: usize,
    /// The line of the last header, and whether that goroutine ran: the one that asks for a dump comes first in it.
    last_line_number: u64,
    last_is_running: bool,
    /// A process announced its end after goroutines were read: what it says, for the dump that follows.
    pub(super) announced: bool,
    pub(super) crash: CrashReader,
}

impl Boundary {
    /// A goroutine was read.
    #[inline]
    pub(super) fn note(&mut self, goroutine: &Goroutine, header_line_number: u64) {
        if self.line_number == 0 {
            self.line_number = header_line_number;
        }
        if let Some(Goid(number)) = goroutine.goid().filter(|&goid| goid != Goid(0))
            && let Some(slot) = self.first.get_mut(self.n_first)
        {
            *slot = number;
            self.n_first += 1;
        }
        self.last_line_number = header_line_number;
        self.last_is_running = goroutine.category == Category::Running;
    }

    fn has_first(&self, Goid(number): Goid) -> bool {
        self.first.iter().take(self.n_first).any(|&first| first == number)
    }
}

impl Traceback {
    /// Whether the header of `goid` starts another dump.
    pub(super) fn starts_another_dump(&mut self, goid: Goid) -> bool {
        if self.goroutines.is_empty() || self.finished.len() >= MAX_DUMPS {
            return false;
        }
        // The sections of GOTRACEBACK=crash repeat goroutines.
        let is_repeated = self.boundary.has_first(goid) && self.first_section.is_none();
        self.boundary.announced || is_repeated
    }

    /// Takes the last goroutine out of the dump if it is the one that asked for the next one: Go lists it first.
    pub(super) fn take_asker(&mut self) -> Option<(Goroutine, u64)> {
        if self.boundary.announced || !self.boundary.last_is_running || self.goroutines.len() < 2 {
            return None;
        }
        self.n_headers -= 1;
        Some((self.goroutines.pop()?, self.boundary.last_line_number))
    }
}
