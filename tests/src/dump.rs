//! Reads a dump and renders it.

use std::fmt::Write;

use expect_test::Expect;
use stackherd_core::format::traceback::labels;
use stackherd_core::{Edge, Error, Flags, FrameId, FuncName, Goroutine, IssueKind, Parser, Snapshot, Tables};

/// A dump as read.
#[derive(Debug)]
pub(crate) struct Dump {
    pub(crate) tables: Tables,
    pub(crate) snapshot: Snapshot,
}

/// A goroutine as text: what two dumps with different tables are compared by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) goid: u64,
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

/// Reads a dump at once.
pub(crate) fn read(text: &[u8]) -> Result<Dump, Error> {
    read_chunks(&[text])
}

/// Reads a dump in pieces.
pub(crate) fn read_chunks(chunks: &[&[u8]]) -> Result<Dump, Error> {
    let mut tables = Tables::default();
    let snapshot = read_into(&mut tables, chunks)?;
    Ok(Dump { tables, snapshot })
}

/// Reads a dump into tables that hold others already.
pub(crate) fn read_into(tables: &mut Tables, chunks: &[&[u8]]) -> Result<Snapshot, Error> {
    let mut parser = Parser::default();
    for chunk in chunks {
        parser.push(tables, chunk);
    }
    parser.finish(tables)
}

impl Dump {
    pub(crate) fn rows(&self) -> Vec<Row> {
        self.snapshot.goroutines().iter().map(|goroutine| row(&self.tables, goroutine)).collect()
    }

    /// Occurrences of issues of this kind.
    pub(crate) fn n_issues(&self, kind: IssueKind) -> u64 {
        self.snapshot.issues().iter().filter(|issue| issue.kind == kind).map(|issue| issue.count).sum()
    }

    /// Headers that the snapshot accounts for: what became a goroutine, and what was noted instead.
    pub(crate) fn n_headers(&self) -> u64 {
        let noted = self.n_issues(IssueKind::MalformedHeader) + self.n_issues(IssueKind::DuplicateGoroutine);
        self.snapshot.n_goroutines() as u64 + noted
    }

    /// Everything that was read, one fact a line.
    pub(crate) fn render(&self) -> String {
        let mut out = String::new();
        for row in self.rows() {
            row.write(&mut out);
        }
        if let Some(crash) = self.snapshot.crash() {
            let goid = crash.goid.map_or("-".to_owned(), |goid| goid.0.to_string());
            let _ = writeln!(out, "crash {:?} {:?} goroutine {goid}", crash.kind, crash.message);
        }
        for issue in self.snapshot.issues() {
            let _ = writeln!(out, "issue {:?} line {} x{} {:?}", issue.kind, issue.line_number, issue.count, issue.excerpt);
        }
        let go_version = self.snapshot.go_version().to_string();
        if !go_version.is_empty() {
            let _ = writeln!(out, "go {go_version}");
        }
        out
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
        goid: goroutine.goid.0,
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
        let _ = write!(out, "{} [{}] {}", self.goid, self.state, self.category);
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
