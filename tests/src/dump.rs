//! Reads a dump and renders it.

use std::fmt::Write;

use expect_test::Expect;
use stackherd_core::format::traceback::labels;
use stackherd_core::{
    Edge, Error, Flags, Format, FrameId, FuncName, Goroutine, Issue, IssueKind, Parser, Scope, Snapshot, Tables,
};

/// An input as read.
#[derive(Debug)]
pub(crate) struct Dump {
    pub(crate) tables: Tables,
    /// Its dumps, in their order.
    pub(crate) snapshots: Vec<Snapshot>,
}

/// A goroutine as text: what two dumps with different tables are compared by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Missing in profiles, which count goroutines.
    pub(crate) goid: Option<u64>,
    pub(crate) count: u64,
    /// With its flags: `chan receive (leaked)`.
    pub(crate) state: String,
    pub(crate) category: &'static str,
    pub(crate) wait_minutes: Option<u32>,
    pub(crate) is_locked: bool,
    pub(crate) is_synctest: bool,
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) stack: Vec<Step>,
    pub(crate) created_by: Option<String>,
    pub(crate) parent: Option<u64>,
}

/// Where a stack goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// `function file:line`, and whether the call was inlined.
    Call(String, bool),
    Elided,
}

/// Reads an input at once.
pub(crate) fn read(text: &[u8]) -> Result<Dump, Error> {
    read_chunks(&[text])
}

/// Reads an input in pieces.
pub(crate) fn read_chunks(chunks: &[&[u8]]) -> Result<Dump, Error> {
    let mut tables = Tables::default();
    let snapshots = read_into(&mut tables, chunks)?;
    Ok(Dump { tables, snapshots })
}

/// Reads an input into tables that hold others already.
pub(crate) fn read_into(tables: &mut Tables, chunks: &[&[u8]]) -> Result<Vec<Snapshot>, Error> {
    let mut parser = Parser::default();
    for chunk in chunks {
        parser.push(tables, chunk);
    }
    parser.finish(tables)
}

impl Dump {
    pub(crate) fn goroutines(&self) -> impl Iterator<Item = &Goroutine> {
        self.snapshots.iter().flat_map(Snapshot::goroutines)
    }

    pub(crate) fn rows(&self) -> Vec<Row> {
        self.goroutines().map(|goroutine| row(&self.tables, goroutine)).collect()
    }

    /// Goroutines in all dumps.
    pub(crate) fn n_goroutines(&self) -> u64 {
        self.snapshots.iter().map(Snapshot::n_goroutines).sum()
    }

    pub(crate) fn issues(&self) -> Vec<&Issue> {
        self.snapshots.iter().flat_map(Snapshot::issues).collect()
    }

    /// The only dump of the input.
    #[track_caller]
    pub(crate) fn only(&self) -> &Snapshot {
        let [only] = self.snapshots.as_slice() else { panic!("{} dumps: {}", self.snapshots.len(), self.render()) };
        only
    }

    /// Occurrences of issues of this kind.
    pub(crate) fn n_issues(&self, kind: IssueKind) -> u64 {
        self.issues().iter().filter(|issue| issue.kind == kind).map(|issue| issue.count).sum()
    }

    /// Headers that the dumps account for: what became a goroutine, and what was noted instead.
    pub(crate) fn n_headers(&self) -> u64 {
        let noted = self.n_issues(IssueKind::MalformedHeader) + self.n_issues(IssueKind::DuplicateGoroutine);
        self.n_goroutines() + noted
    }

    /// Everything that was read, one fact a line. The first dump has no title.
    pub(crate) fn render(&self) -> String {
        let mut out = String::new();
        for (at, snapshot) in self.snapshots.iter().enumerate() {
            if at > 0 {
                let _ = writeln!(out, "dump at line {}", snapshot.line_number());
            }
            self.write(&mut out, snapshot);
        }
        out
    }

    fn write(&self, out: &mut String, snapshot: &Snapshot) {
        if snapshot.format() != Format::Traceback {
            let _ = writeln!(out, "{:?}", snapshot.format());
        }
        if snapshot.scope() != Scope::All {
            let _ = writeln!(out, "{:?}", snapshot.scope());
        }
        if !snapshot.source().is_empty() {
            let _ = writeln!(out, "source {:?}", snapshot.source());
        }
        if let Some(declared) = snapshot.declared_goroutines() {
            let _ = writeln!(out, "declares {declared}");
        }
        for goroutine in snapshot.goroutines() {
            row(&self.tables, goroutine).write(out);
        }
        if let Some(crash) = snapshot.crash() {
            let goid = crash.goid.map_or("-".to_owned(), |goid| goid.0.to_string());
            let _ = writeln!(out, "crash {:?} {:?} goroutine {goid}", crash.kind, crash.message);
        }
        for issue in snapshot.issues() {
            let _ = writeln!(out, "issue {:?} line {} x{} {:?}", issue.kind, issue.line_number, issue.count, issue.excerpt);
        }
        for note in snapshot.notes() {
            let _ = writeln!(out, "note {:?} line {} x{}", note.kind, note.line_number, note.count);
        }
        for series in snapshot.series() {
            let points: Vec<_> = series.points.iter().map(|point| point.value.to_string()).collect();
            let _ = writeln!(out, "series {:?} {:?} {}", series.name, series.unit, points.join(" "));
        }
        let go_version = snapshot.go_version().to_string();
        if !go_version.is_empty() {
            let _ = writeln!(out, "go {go_version}");
        }
    }
}

/// A goroutine in words.
pub(crate) fn row(tables: &Tables, goroutine: &Goroutine) -> Row {
    let mut state = String::from_utf8_lossy(tables.bytes(goroutine.wait_reason)).into_owned();
    for (flag, text) in [(Flags::LEAKED, " (leaked)"), (Flags::SCAN, " (scan)"), (Flags::DURABLE, " (durable)")] {
        if goroutine.flags.has(flag) {
            state.push_str(text);
        }
    }
    let mut stack = Vec::new();
    let mut created_by = None;
    for edge in tables.edges(goroutine.stack) {
        match edge {
            Edge::Frame(frame) => stack.push(Step::Call(call(tables, frame), tables.frames.get(frame).inlined)),
            Edge::Elided => stack.push(Step::Elided),
            Edge::CreatedBy(frame) => created_by = Some(call(tables, frame)),
        }
    }
    Row {
        goid: goroutine.goid().map(|goid| goid.0),
        count: goroutine.count(),
        state,
        category: goroutine.category.as_str(),
        wait_minutes: goroutine.wait_minutes(),
        is_locked: goroutine.flags.has(Flags::LOCKED_TO_THREAD),
        is_synctest: goroutine.flags.has(Flags::SYNCTEST),
        labels: labels::parse(tables.bytes(goroutine.labels.0)),
        stack,
        created_by,
        parent: goroutine.parent().map(|goid| goid.0),
    }
}

/// `function file:line`; only the function if there is no place.
fn call(tables: &Tables, frame: FrameId) -> String {
    let frame = tables.frames.get(frame);
    let function = FuncName::parse(tables.bytes(frame.function));
    let location = String::from_utf8_lossy(tables.bytes(frame.location));
    format!("{} {location}", function.full()).trim_end().to_owned()
}

impl Row {
    fn write(&self, out: &mut String) {
        let name = self.goid.map_or(format!("x{}", self.count), |goid| goid.to_string());
        let _ = write!(out, "{name} [{}] {}", self.state, self.category);
        if let Some(minutes) = self.wait_minutes {
            let _ = write!(out, ", {minutes} min");
        }
        if self.is_locked {
            out.push_str(", locked");
        }
        if self.is_synctest {
            out.push_str(", synctest");
        }
        for (key, value) in &self.labels {
            let _ = write!(out, ", {key:?}={value:?}");
        }
        out.push('\n');
        for step in &self.stack {
            let _ = match step {
                Step::Call(call, false) => writeln!(out, "  {call}"),
                Step::Call(call, true) => writeln!(out, "  {call} inlined"),
                Step::Elided => writeln!(out, "  ..."),
            };
        }
        match (&self.created_by, self.parent) {
            (Some(creator), Some(parent)) => _ = writeln!(out, "  by {creator} in {parent}"),
            (Some(creator), None) => _ = writeln!(out, "  by {creator}"),
            (None, Some(parent)) => _ = writeln!(out, "  in {parent}"),
            (None, None) => {}
        }
    }
}

/// Reads `text` and compares everything that was read.
#[track_caller]
pub(crate) fn check(text: &str, expect: Expect) {
    let rendered = read(text.as_bytes()).map_or_else(|error| format!("error {error:?}\n"), |dump| dump.render());
    expect.assert_eq(&rendered);
}
