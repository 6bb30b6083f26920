//! What `go tool pprof` prints with `-traces` and `-raw`.
//!
//! ```text
//! Type: goroutine                                                     PeriodType: goroutine count
//! -----------+-------------------------------------------------       Samples:
//!    handler:  /api/v1                                                goroutine/count
//!          2   runtime.gopark                                                   2: 1 2 3 4
//!              runtime.chanrecv                                                 handler:[/api/v1]
//! ```
//!
//! github.com/google/pprof `internal/report/report.go`, `printTraces`, and `profile/profile.go`, `(*Profile).String`. Both list
//! the runtime's frames, inlined calls, and neither goroutine numbers nor states.

mod frame;
mod raw;
mod raw_labels;
mod rows;
mod time;
mod traces;

use crate::line::Line;
use crate::snapshot::{Scope, Snapshot};
use crate::tables::Tables;
use raw::Raw;
use traces::Traces;

/// Reads such a section.
#[derive(Clone, Debug)]
pub(crate) enum PprofText {
    Traces(Traces),
    Raw(Raw),
}

impl PprofText {
    /// The section that `line` starts, if it starts one.
    pub(crate) fn starting(line: Line<'_>) -> Option<Self> {
        let text = line.bytes.trim_ascii();
        if let Some(kind) = text.strip_prefix(b"Type: ") {
            return scope_of(kind).map(|scope| Self::Traces(Traces::new(line, scope)));
        }
        let kind = text.strip_prefix(b"PeriodType: ")?;
        scope_of(kind.split(|&byte| byte == b' ').next()?).map(|scope| Self::Raw(Raw::new(line, scope)))
    }

    /// Takes the next line; false when the section ended before it.
    pub(crate) fn line(&mut self, tables: &mut Tables, line: Line<'_>) -> bool {
        match self {
            Self::Traces(traces) => traces.line(tables, line),
            Self::Raw(raw) => raw.line(tables, line),
        }
    }

    /// Goroutines read so far.
    pub(crate) fn n_goroutines(&self) -> u64 {
        match self {
            Self::Traces(traces) => traces.n_goroutines(),
            Self::Raw(raw) => raw.n_goroutines(),
        }
    }

    /// Ends the section. A header with nothing behind it states no total and holds no goroutine.
    pub(crate) fn finish(self, tables: &mut Tables) -> Snapshot {
        match self {
            Self::Traces(traces) => traces.finish(tables),
            Self::Raw(raw) => raw.finish(tables),
        }
    }
}

/// Which goroutines a profile of this type lists. The plural is that of other producers.
fn scope_of(kind: &[u8]) -> Option<Scope> {
    match kind {
        b"goroutine" | b"goroutines" => Some(Scope::All),
        b"goroutineleak" => Some(Scope::Leaked),
        _ => None,
    }
}

/// Whether a line is the header of a goroutine, so that this text has ended.
fn is_goroutine_header(text: &[u8]) -> bool {
    text.strip_prefix(b"goroutine ").and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit) && text.contains(&b'[')
}
