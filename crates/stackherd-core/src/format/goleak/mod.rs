//! What goleak says when a test leaks.
//!
//! ```text
//!     leak_test.go:17: found unexpected goroutines:
//!         [Goroutine 6 in state select, with acme.io/sched.(*Scheduler).loop on top of the stack:
//!         acme.io/sched.(*Scheduler).loop(0xc0000260d0)
//!             /src/sched.go:23 +0xd7
//!         created by acme.io/sched.New in goroutine 5
//!             /src/sched.go:14 +0x8f
//!          Goroutine 7 in state chan receive, with …
//!         ]
//! ```
//!
//! goleak `leaks.go`, `Find`, prints a slice of `internal/stack/stacks.go`, `Stack.String`: hence the brackets and the space
//! before every goroutine but the first. Up to v1.2.1 the header that Go printed stands below each of these lines. The stacks
//! are those of `runtime.Stack`, so the traceback reader reads them; it is handed a header as Go prints it.

use alloc::boxed::Box;
use alloc::vec::Vec;

use memchr::memmem;

use super::Format;
use super::traceback::Traceback;
use super::traceback::header::number;
use super::traceback::shape::{self, trim_end, trim_start};
use crate::issue::{Issue, IssueKind};
use crate::line::Line;
use crate::snapshot::{Goid, Snapshot};
use crate::tables::{Edge, Frame, StackId, StringId, Tables};

/// Other text in a row before a report is taken to have ended.
const MAX_FOREIGN_LINES: u64 = 20;

/// How the line before a report ends.
const TITLE: &[u8] = b"found unexpected goroutines:";
/// How the first line of each goroutine ends.
const FIRST_LINE: &[u8] = b" on top of the stack:";

/// Whether `line` most likely belongs to a report. Cheap.
#[inline]
pub(super) fn announces(line: &[u8]) -> bool {
    line.ends_with(FIRST_LINE) || line.ends_with(TITLE)
}

/// Reads one report.
#[derive(Clone, Debug)]
pub(crate) struct Goleak {
    line_number: u64,
    stacks: Box<Traceback>,
    /// A header as Go prints it; reused.
    header: Vec<u8>,
    current: Option<Current>,
    /// Goroutines without a frame, in their order, and the function that goleak names.
    frameless: Vec<(Goid, StringId)>,
    n_foreign: u64,
    /// The bracket at the end came.
    is_over: bool,
    /// A goroutine's first line is cut off at the end of the input.
    cut: Option<Issue>,
    end_bytes: u64,
    end_line_number: u64,
}

/// The goroutine being read.
#[derive(Clone, Copy, Debug)]
struct Current {
    goid: Goid,
    top: StringId,
    /// No frame came yet.
    is_frameless: bool,
}

impl Goleak {
    /// The section that `line` starts, if it starts one.
    pub(crate) fn starting(tables: &mut Tables, line: Line<'_>) -> Option<Self> {
        let body = trim_start(line.bytes);
        // What a process says at its end is read as such, even if it is a report.
        if !announces(body) || body.starts_with(b"panic: ") {
            return None;
        }
        let first = FirstLine::parse(body);
        if first.is_none() && !body.ends_with(TITLE) {
            return None;
        }
        let mut goleak = Self {
            line_number: line.number,
            stacks: Box::default(),
            header: Vec::new(),
            current: None,
            frameless: Vec::new(),
            n_foreign: 0,
            is_over: false,
            cut: None,
            end_bytes: line.end_bytes(),
            end_line_number: line.number,
        };
        if let Some(first) = first {
            goleak.open(tables, line, first);
        }
        Some(goleak)
    }

    /// Takes the next line; false when the section ended before it.
    pub(crate) fn line(&mut self, tables: &mut Tables, line: Line<'_>) -> bool {
        let is_taken = !self.is_over && self.body_line(tables, line);
        if is_taken {
            self.end_bytes = line.end_bytes();
            self.end_line_number = line.number;
        }
        is_taken
    }

    fn body_line(&mut self, tables: &mut Tables, line: Line<'_>) -> bool {
        let body = trim_start(trim_end(line.bytes));
        if let Some(first) = FirstLine::parse(body) {
            // A bracket opens the next report.
            let is_next_report = first.is_first && self.current.is_some();
            if !is_next_report {
                self.open(tables, line, first);
            }
            return !is_next_report;
        }
        let Some(current) = &mut self.current else { return false };
        if body == b"]" {
            self.is_over = true;
            return true;
        }
        if let Some(rest) = body.strip_prefix(b"goroutine ") {
            // goleak up to v1.2.1 repeats Go's header; any other one belongs to a dump that follows.
            return current.is_frameless && number(rest).is_some_and(|(goid, _)| Goid(goid) == current.goid);
        }
        if ends_report(body) {
            return false;
        }
        if !line.is_terminated && body.starts_with(b"Goroutine ") {
            let kind = IssueKind::Truncated { offset_bytes: line.end_bytes(), goid: None };
            self.cut = Some(Issue::new(kind, line.number, line.bytes));
            return true;
        }
        let is_outside = self.stacks.is_outside();
        let is_stack = is_stack_line(body);
        if is_stack && !is_outside {
            self.n_foreign = 0;
        } else if !body.is_empty() {
            self.n_foreign += 1;
        }
        if self.n_foreign > MAX_FOREIGN_LINES {
            return false;
        }
        if is_stack {
            current.is_frameless = false;
            // The bracket stands behind the last place where the stack has no line end.
            self.is_over = body.ends_with(b"]") && shape::call(body).is_none() && !body.starts_with(b"created by ");
        }
        self.stacks.line(tables, line);
        true
    }

    fn open(&mut self, tables: &mut Tables, line: Line<'_>, first: FirstLine<'_>) {
        self.close();
        self.n_foreign = 0;
        self.current = Some(Current { goid: first.goid, top: tables.strings.intern(first.function), is_frameless: true });
        self.header.clear();
        for part in [b"goroutine ".as_slice(), first.goid_text, b" [", first.state] {
            self.header.extend_from_slice(part);
        }
        // goleak takes off the last bracket only, so labels behind it (Go 1.27) stay: `select] {route: "/api"}`.
        let has_labels_after = memmem::find(first.state, b"] {").is_some();
        self.header.extend_from_slice(if has_labels_after { b":" } else { b"]:" });
        self.stacks.line(tables, Line { bytes: &self.header, is_terminated: true, ..line });
    }

    fn close(&mut self) {
        if let Some(current) = self.current.take()
            && current.is_frameless
        {
            self.frameless.push((current.goid, current.top));
        }
    }

    /// Goroutines read so far.
    pub(crate) fn n_goroutines(&self) -> u64 {
        self.stacks.n_goroutines()
    }

    /// Ends the section.
    pub(crate) fn finish(mut self, tables: &mut Tables) -> Snapshot {
        self.close();
        let mut snapshot = Snapshot::default();
        for part in self.stacks.finish(tables, self.end_bytes, self.end_line_number) {
            snapshot.goroutines.extend(part.goroutines);
            part.issues.into_iter().for_each(|issue| Issue::note(&mut snapshot.issues, issue));
            snapshot.notes.extend(part.notes);
            snapshot.go_version.raise(part.go_version);
        }
        if let Some(cut) = self.cut {
            Issue::note(&mut snapshot.issues, cut);
        }
        let mut frameless = self.frameless.into_iter().peekable();
        for goroutine in &mut snapshot.goroutines {
            if let Some((_, function)) = frameless.next_if(|&(goid, _)| goroutine.goid() == Some(goid))
                && goroutine.stack == StackId::EMPTY
            {
                let frame = tables.frames.intern(Frame { function, location: StringId::EMPTY, inlined: false });
                goroutine.stack = tables.stacks.child(StackId::EMPTY, Edge::Frame(frame));
            }
        }
        Snapshot { format: Format::Goleak, line_number: self.line_number, ..snapshot }
    }
}

/// `[Goroutine 6 in state select, with main.loop on top of the stack:`
struct FirstLine<'a> {
    /// The bracket stands before it.
    is_first: bool,
    goid: Goid,
    goid_text: &'a [u8],
    /// Everything between the brackets of Go's header.
    state: &'a [u8],
    function: &'a [u8],
}

impl<'a> FirstLine<'a> {
    fn parse(body: &'a [u8]) -> Option<Self> {
        let rest = body.strip_suffix(FIRST_LINE)?;
        let unbracketed = rest.strip_prefix(b"[");
        let text = unbracketed.unwrap_or(rest).strip_prefix(b"Goroutine ")?;
        let (goid, rest) = number(text)?;
        let goid_text = text.get(..text.len() - rest.len())?;
        let rest = rest.strip_prefix(b" in state ")?;
        // Labels may hold anything, a function's name no comma and space outside of brackets.
        let comma = memmem::rfind(rest, b", with ")?;
        let (state, function) = (rest.get(..comma)?, rest.get(comma + b", with ".len()..)?);
        Some(Self { is_first: unbracketed.is_some(), goid: Goid(goid), goid_text, state, function })
    }
}

fn is_stack_line(body: &[u8]) -> bool {
    shape::location(body).is_some()
        || shape::call(body).is_some()
        || body.starts_with(b"created by ")
        || shape::is_elision(body)
        || shape::ancestor(body).is_some()
        || body.strip_suffix(b"]").is_some_and(|body| shape::location(body).is_some())
}

/// Lines of `go test` and the runtime that never stand inside a report.
fn ends_report(body: &[u8]) -> bool {
    const STARTS: &[&[u8]] =
        &[b"FAIL", b"--- ", b"=== ", b"ok  \t", b"PASS", b"exit status ", b"panic: ", b"fatal error: ", b"WARNING: DATA RACE"];
    // A header behind a log prefix.
    let is_header = body.last() == Some(&b':') && memmem::find(body, b" goroutine ").is_some();
    is_header || STARTS.iter().any(|start| body.starts_with(start))
}

#[cfg(test)]
mod tests;
