//! Lines inside a stack that are neither a call nor a place where one is due.

use super::open::Pending;
use super::shape::{self, is_framed};
use super::{MAX_INTERLEAVED_LINES, State, Traceback, is_section_end};
use crate::go_version::GoVersion;
use crate::issue::{Issue, IssueKind};
use crate::line::Line;
use crate::snapshot::Goid;
use crate::tables::{Edge, StringId, Tables};

impl Traceback {
    /// A line inside a stack that is no call and no place, or not where one is due.
    pub(super) fn stack_line(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8], body: &[u8]) {
        if body.is_empty() || self.open.is_none() {
            return;
        }
        if self.join(tables, line, body) {
            return;
        }
        if let Some(rest) = body.strip_prefix(b"created by ") {
            self.drop_pending(line.number);
            let (function, parent) = shape::creator(rest);
            let Some(open) = &mut self.open else { return };
            open.begin(&mut self.name, tables, function, true);
            open.pending_line_number = line.number;
            self.name_is_c = false;
            if let Some(parent) = parent {
                open.goroutine.set_parent(Some(Goid(parent)));
                self.go_version.raise(GoVersion::PARENTS);
            }
            return;
        }
        if shape::is_elision(body) {
            let Some(open) = &mut self.open else { return };
            open.end_bytes = line.end_bytes();
            open.goroutine.stack = tables.stacks.child(open.goroutine.stack, Edge::Elided);
            if !body.starts_with(b"...additional") {
                self.go_version.raise(GoVersion::PARENTS);
            }
            return;
        }
        if let Some(goid) = shape::ancestor(body) {
            self.ancestor(goid);
            return;
        }
        if body.ends_with(b"stack unavailable") {
            let Some(open) = &mut self.open else { return };
            open.is_unavailable = true;
            open.end_bytes = line.end_bytes();
            Issue::note(&mut self.issues, Issue::new(IssueKind::StackUnavailable, line.number, line.bytes));
            return;
        }
        if let Some(call) = shape::call(body) {
            // A second call in a row: the first one has no place.
            self.drop_pending(line.number);
            let Some(open) = &mut self.open else { return };
            if open.begin(&mut self.name, tables, call.function, false) {
                open.pending_inlined = call.inlined;
                open.pending_line_number = line.number;
                self.arguments.hold(call.arguments, open.predicted());
                self.name_is_c = false;
                return;
            }
        }
        let is_due = self.open.as_ref().is_some_and(|open| !matches!(open.pending, Pending::None));
        if is_due
            && let Some(location) = shape::location(body)
            && (line.is_terminated || shape::is_whole(body, location))
        {
            // Behind other text.
            self.place(tables, line, location, body.get(location.len()..).unwrap_or_default());
            self.note_interleaved();
            return;
        }
        if self.c_line(tables, line, body) {
            return;
        }
        if is_section_end(body) {
            self.close(tables);
            self.outside_line(line.number, text, body);
            return;
        }
        if is_framed(text) && shape::location(body).is_some() {
            if is_due && !line.is_terminated {
                // Digits may be missing, so the place is not known; the pending call tells that the dump is cut off.
                self.tail = Some(Issue::new(IssueKind::InterleavedText, line.number, text));
                return;
            }
            Issue::note(&mut self.issues, Issue::new(IssueKind::OrphanFrame, line.number, line.bytes));
            return;
        }
        self.skip(tables, line, text);
    }

    /// Frames of C code: `non-Go function at pc=0x…`, or a name and a place with `pc=`.
    fn c_line(&mut self, tables: &mut Tables, line: Line<'_>, body: &[u8]) -> bool {
        let end_bytes = line.end_bytes();
        if body.starts_with(b"non-Go function at pc=") {
            self.drop_pending(line.number);
            let Some(open) = &mut self.open else { return false };
            let function = tables.strings.intern(b"non-Go function");
            open.pending_inlined = false;
            open.end_bytes = end_bytes;
            open.push_frame(tables, function, StringId::EMPTY);
            return true;
        }
        let Some(open) = &mut self.open else { return false };
        let Some(location) = shape::c_location(body) else { return false };
        if !matches!(open.pending, Pending::None) {
            // C++ names have parentheses too.
            open.place(&self.name, tables, location);
            open.end_bytes = end_bytes;
            return true;
        }
        if !self.name_is_c {
            return false;
        }
        let (function, location) = (tables.strings.intern(&self.name), tables.strings.intern(location));
        open.pending_inlined = false;
        open.end_bytes = end_bytes;
        open.push_frame(tables, function, location);
        self.name_is_c = false;
        // The name was taken for other text when it came.
        if let Some(interleaved) = &mut open.interleaved {
            interleaved.count -= 1;
            if interleaved.count == 0 {
                open.interleaved = None;
            }
        }
        true
    }

    fn skip(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8]) {
        let Some(open) = &mut self.open else { return };
        self.fragment.keep(line);
        let issue = Issue::new(IssueKind::InterleavedText, line.number, text);
        if !line.is_terminated {
            self.tail = Some(issue.clone());
        }
        match &mut open.interleaved {
            Some(interleaved) => interleaved.count += 1,
            None => open.interleaved = Some(issue),
        }
        if matches!(open.pending, Pending::None) {
            self.name.clear();
            self.name.extend_from_slice(text);
            self.name_is_c = true;
        }
        if open.interleaved.as_ref().is_some_and(|interleaved| interleaved.count > MAX_INTERLEAVED_LINES) {
            self.close(tables);
        }
    }

    /// The stack went on behind other text.
    #[inline(never)]
    pub(super) fn note_interleaved(&mut self) {
        if let Some(issue) = self.open.as_mut().and_then(|open| open.interleaved.take()) {
            Issue::note(&mut self.issues, issue);
        }
    }

    pub(super) fn ancestor(&mut self, goid: u64) {
        self.state = State::InAncestors;
        // The first ancestor is the goroutine that ran the `go` statement, named so even before Go 1.21.
        if let Some(open) = &mut self.open
            && open.goroutine.parent().is_none()
        {
            open.goroutine.set_parent(Some(Goid(goid)));
        }
    }
}
