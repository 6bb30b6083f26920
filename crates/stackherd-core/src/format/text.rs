//! Text: lines are peeled of their envelope and go to the dumps of the source they come from.

use alloc::string::String;
use alloc::vec::Vec;

use super::dumps::Dumps;
use crate::envelope::{Envelope, Peeled, shown_name};
use crate::line::{Line, LineReader, Taken};
use crate::note::Note;
use crate::order;
use crate::snapshot::Snapshot;
use crate::tables::Tables;

/// Sources that are told apart in one log; lines of further ones go to the last.
const MAX_SOURCES: usize = 1000;

/// Reads the lines of one input.
#[derive(Clone, Debug, Default)]
pub(super) struct TextReader {
    envelope: Envelope,
    sources: Sources,
}

/// A log may hold the output of several pods or packages, line by line.
#[derive(Clone, Debug)]
struct Sources {
    /// The first one has no name: it takes the lines that name none.
    dumps: Vec<(Vec<u8>, Dumps)>,
    /// The source of the last line.
    current: usize,
}

impl Default for Sources {
    fn default() -> Self {
        Self { dumps: alloc::vec![(Vec::new(), Dumps::default())], current: 0 }
    }
}

/// A [`TextReader`] and the tables it fills.
pub(super) struct WithTables<'a> {
    reader: &'a mut TextReader,
    tables: &'a mut Tables,
}

impl LineReader for WithTables<'_> {
    #[inline]
    fn line(&mut self, line: Line<'_>) {
        let TextReader { envelope, sources } = &mut *self.reader;
        if envelope.is_plain()
            // Colours are the one thing that may come and go inside of a stack.
            && !matches!(line.bytes.first(), Some(0x1b | b'^'))
            && let Some(dumps) = sources.current()
            && dumps.is_in_stack()
        {
            dumps.line(self.tables, line);
        } else {
            envelope.line(line, &mut |peeled| sources.line(self.tables, peeled));
        }
    }

    #[inline]
    fn ahead(&mut self, rest: &[u8], offset_bytes: u64) -> Taken {
        if !self.reader.envelope.is_plain() {
            return Taken::default();
        }
        match self.reader.sources.current() {
            Some(dumps) => dumps.ahead(self.tables, rest, offset_bytes),
            None => Taken::default(),
        }
    }

    fn is_record(&self, start: &[u8]) -> bool {
        self.reader.envelope.is_record(start)
    }
}

impl TextReader {
    /// What takes the lines, with the tables they go to.
    pub(super) fn with<'a>(&'a mut self, tables: &'a mut Tables) -> WithTables<'a> {
        WithTables { reader: self, tables }
    }

    /// Goroutines read so far.
    pub(super) fn n_goroutines(&self) -> u64 {
        self.sources.dumps.iter().map(|(_, dumps)| dumps.n_goroutines()).fold(0, u64::saturating_add)
    }

    /// Ends the input. The snapshots are in the order in which they start.
    pub(super) fn finish(self, tables: &mut Tables, n_bytes: u64, n_lines: u64) -> Vec<Snapshot> {
        let Self { mut envelope, mut sources } = self;
        envelope.finish(&mut |peeled| sources.line(tables, peeled));
        let mut snapshots = Vec::new();
        for (name, dumps) in sources.dumps {
            let name = String::from_utf8_lossy(shown_name(&name)).into_owned();
            snapshots.extend(dumps.finish(tables, n_bytes, n_lines).into_iter().map(|mut snapshot| {
                snapshot.source.clone_from(&name);
                snapshot.n_bytes = n_bytes;
                snapshot.n_lines = n_lines;
                envelope.notes().into_iter().for_each(|note| Note::add(&mut snapshot.notes, note));
                snapshot
            }));
        }
        // In the order in which they were written.
        order::by_key(&mut snapshots, |snapshot| snapshot.line_number);
        if envelope.is_newest_first() {
            snapshots.reverse();
        }
        snapshots
    }
}

impl Sources {
    #[inline]
    fn current(&mut self) -> Option<&mut Dumps> {
        self.dumps.get_mut(self.current).map(|(_, dumps)| dumps)
    }

    fn line(&mut self, tables: &mut Tables, peeled: Peeled<'_>) {
        if self.dumps.get(self.current).is_none_or(|(name, _)| name != peeled.source) {
            self.current = self.find_or_add(peeled.source);
        }
        if let Some(dumps) = self.current() {
            dumps.line(tables, peeled.line);
        }
    }

    fn find_or_add(&mut self, name: &[u8]) -> usize {
        // Sources are few, and lines of one come in runs.
        if let Some(known) = self.dumps.iter().position(|(known, _)| known == name) {
            return known;
        }
        if self.dumps.len() < MAX_SOURCES {
            self.dumps.push((name.to_vec(), Dumps::default()));
        }
        self.dumps.len() - 1
    }
}
