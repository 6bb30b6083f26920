//! What is known of each source that shares a log.

use alloc::vec::Vec;

use super::marks;
use super::prefix::Stream;
use crate::line::{Line, MAX_RECORD_BYTES};

/// Sources that are told apart; the rest share the last state.
const MAX_SOURCES: usize = 1000;
/// Lines in a row that belong to no dump, after which a dump is taken to have ended.
const MAX_OTHER_LINES: u32 = 8;

/// Who wrote a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Origin<'a> {
    /// A pod, service or package; empty for the only one.
    pub(super) name: &'a [u8],
    pub(super) stream: Stream,
}

impl Origin<'_> {
    /// The name by which lines are kept apart, and its end behind a NUL that is not shown: a process may write a dump to one
    /// stream while it logs to the other.
    pub(super) fn key<'a>(&'a self, buffer: &'a mut Vec<u8>) -> &'a [u8] {
        let mark: &[u8] = match self.stream {
            Stream::Only => return self.name,
            Stream::Stdout => b"\0stdout",
            Stream::Stderr => b"\0stderr",
        };
        buffer.clear();
        buffer.extend_from_slice(self.name);
        buffer.extend_from_slice(mark);
        buffer
    }
}

/// The name of a source as it is shown.
pub(crate) fn shown_name(key: &[u8]) -> &[u8] {
    key.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// The states of all sources.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    states: Vec<State>,
    /// The one of the last line.
    current: usize,
    /// For sources beyond those that are told apart.
    rest: State,
}

/// The state of one source.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    name: Vec<u8>,
    stream: Stream,
    /// A dump started and did not end yet.
    pub(super) is_in_dump: bool,
    n_other_lines: u32,
    /// The start of a line that came in pieces.
    pub(super) partial: Vec<u8>,
    /// Where that line starts.
    pub(super) partial_at: Option<(u64, u64)>,
}

impl Sources {
    /// The state of `origin`.
    pub(super) fn of(&mut self, origin: Origin<'_>) -> &mut State {
        let is_it = |state: &State| state.stream == origin.stream && state.name == origin.name;
        if !self.states.get(self.current).is_some_and(is_it) {
            self.current = self.states.iter().position(is_it).unwrap_or(self.states.len());
            if self.current == self.states.len() && self.current < MAX_SOURCES {
                self.states.push(State { name: origin.name.to_vec(), stream: origin.stream, ..State::default() });
            }
        }
        self.states.get_mut(self.current).unwrap_or(&mut self.rest)
    }

    /// Lines that never ended, with their origins.
    pub(super) fn take_partials(&mut self) -> Vec<State> {
        let mut states = core::mem::take(&mut self.states);
        states.push(core::mem::take(&mut self.rest));
        states.retain(|state| state.partial_at.is_some());
        states
    }
}

impl State {
    pub(super) fn origin(&self) -> Origin<'_> {
        Origin { name: &self.name, stream: self.stream }
    }

    /// Looks at the next line of this source. Returns whether it belongs to a dump.
    pub(super) fn look_at(&mut self, text: &[u8]) -> bool {
        if self.is_in_dump {
            self.n_other_lines = if marks::is_dump_line(text) { 0 } else { self.n_other_lines + 1 };
            self.is_in_dump = self.n_other_lines <= MAX_OTHER_LINES;
        } else if marks::starts_dump(text) {
            self.is_in_dump = true;
            self.n_other_lines = 0;
        }
        self.is_in_dump
    }

    /// Keeps a piece of a line whose end is to come.
    pub(super) fn hold(&mut self, line: Line<'_>, piece: &[u8]) {
        self.partial_at.get_or_insert((line.number, line.offset_bytes));
        let room = MAX_RECORD_BYTES.saturating_sub(self.partial.len());
        self.partial.extend_from_slice(piece.get(..room).unwrap_or(piece));
    }
}
