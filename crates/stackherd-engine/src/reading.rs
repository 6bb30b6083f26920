//! An input while its bytes come in: the files in it and the dumps in those.

use stackherd_core::Tables;
use stackherd_report::{InputIssue, IssueKind};

use crate::unpack::{End, Found, Layer, Limits, ReadFile, Sink};

/// What was read of an input.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// Files that hold dumps, in their order.
    pub(crate) files: Vec<ReadFile>,
    /// What could not be read, in its order.
    pub(crate) issues: Vec<InputIssue>,
}

/// Takes an input's bytes, packed or not.
#[derive(Debug)]
pub(crate) struct Reading {
    layer: Layer,
    found: Found,
}

impl Default for Reading {
    fn default() -> Self {
        Self::with_limits(Limits::default())
    }
}

impl Reading {
    pub(crate) fn with_limits(limits: Limits) -> Self {
        Self { layer: Layer::default(), found: Found::new(limits) }
    }

    /// Bytes taken in, as they came.
    pub(crate) fn n_bytes(&self) -> u64 {
        self.found.budget.n_input()
    }

    /// Goroutines read so far.
    pub(crate) fn n_goroutines(&self) -> u64 {
        self.found.n_goroutines + self.layer.n_goroutines()
    }

    /// Takes the next bytes.
    pub(crate) fn push(&mut self, tables: &mut Tables, chunk: &[u8]) {
        let Self { layer, found } = self;
        found.budget.take_input(chunk.len());
        layer.push(&mut Sink { tables, found }, chunk);
    }

    /// Ends the input. `is_stopped` says that the reader ended it before its bytes did.
    pub(crate) fn finish(self, tables: &mut Tables, is_stopped: bool) -> Read {
        let Self { layer, mut found } = self;
        let end = if is_stopped { End::Stopped } else { End::Complete };
        layer.finish(&mut Sink { tables, found: &mut found }, end);
        let stop = found.budget.stop().cloned();
        let Found { files, mut issues, .. } = found;
        issues.extend(stop.map(|stop| InputIssue {
            kind: IssueKind::TooLarge,
            entry: stop.entry,
            message: stop.limit.to_string(),
            looks_like: None,
        }));
        Read { files, issues }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUMP: &str = "goroutine 1 [select]:\nmain.main()\n\t/src/main.go:7 +0x3\n";

    #[test]
    fn ok_progress_counts_bytes_as_they_came_and_goroutines_as_they_are_read() {
        let (mut tables, mut reading) = (Tables::default(), Reading::default());
        reading.push(&mut tables, DUMP.as_bytes());
        reading.push(&mut tables, b"\ngoroutine 2 [select]:\nmain.main()\n");
        assert_eq!((reading.n_bytes(), reading.n_goroutines()), (DUMP.len() as u64 + 35, 1));
        let read = reading.finish(&mut tables, false);
        assert_eq!((read.files.len(), read.files[0].dumps[0].n_goroutines()), (1, 2));
    }
}
