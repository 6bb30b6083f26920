//! Counted stacks as text: `debug=1`.
//!
//! ```text
//! goroutine profile: total 44
//! 2 @ 0x4860aa 0x415bce 0x4156f2 0x536f25 0x48c921
//! # labels: {"handler":"/api/v1"}
//! #   0x536f24    main.recv+0x24  /src/app/main.go:54
//! ```
//!
//! Go `runtime/pprof/pprof.go`, `printCountProfile`, `printStackRecord`. Equal stacks with different labels are groups of their
//! own. There are no numbers, states, waits, arguments and creators.

mod shape;
mod state;

use alloc::vec::Vec;
use core::mem;

use crate::format::Format;
use crate::go_version::GoVersion;
use crate::issue::{Issue, IssueKind};
use crate::line::Line;
use crate::note::{Note, NoteKind};
use crate::order;
use crate::snapshot::{Flags, Goroutine, Labels, Scope, Snapshot};
use crate::tables::{Edge, Frame, StringId, Tables};
use crate::wait::Category;

use super::other_text::OtherText;
use super::section::Section;
use shape::Entry;
use state::Evidence;

/// Reads such a section.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    line_number: u64,
    scope: Scope,
    declared: u64,
    /// The sum of the counts.
    found: u64,
    rows: Vec<Goroutine>,
    /// What each row's state will be concluded from; the last row's comes when its stack is complete.
    evidence: Vec<Evidence>,
    /// Addresses and functions of the last row.
    pcs: Vec<u64>,
    functions: Vec<StringId>,
    /// Addresses of the line being read; reused.
    next_pcs: Vec<u64>,
    /// The address of the first call; unknown when its line can't be read.
    first_call: Option<u64>,
    /// Lines of calls, whatever became of them.
    n_calls: u64,
    /// The first function has not run yet.
    is_entry: bool,
    issues: Vec<Issue>,
    /// Other text since the last line of the profile: lines, and the first of them.
    other_text: OtherText,
    /// An empty line followed the last line of the profile.
    is_after_blank: bool,
    /// Something else started, so the input does not end here.
    is_followed: bool,
    /// The last line, when it is cut off.
    cut: Option<Issue>,
    last_line_number: u64,
    end_bytes: u64,
}

impl Counted {
    /// The section that `line` starts, if it starts one.
    pub(crate) fn starting(line: Line<'_>) -> Option<Self> {
        let (scope, declared) = shape::header(line.bytes.trim_ascii())?;
        Some(Self {
            line_number: line.number,
            scope,
            declared,
            found: 0,
            rows: Vec::new(),
            evidence: Vec::new(),
            pcs: Vec::new(),
            functions: Vec::new(),
            next_pcs: Vec::new(),
            first_call: None,
            n_calls: 0,
            is_entry: false,
            issues: Vec::new(),
            other_text: OtherText::default(),
            is_after_blank: false,
            is_followed: false,
            cut: None,
            last_line_number: line.number,
            end_bytes: line.end_bytes(),
        })
    }

    /// Takes the next line; false when the section ended before it.
    pub(crate) fn line(&mut self, tables: &mut Tables, line: Line<'_>) -> bool {
        let text = line.bytes.trim_ascii();
        let is_taken = match text.first() {
            None => {
                self.is_after_blank = true;
                return true;
            }
            Some(b'#') => self.entry_line(tables, line, text),
            Some(b'0'..=b'9') => self.group_line(tables, line, text),
            Some(_) => false,
        };
        if !is_taken && !self.other_line(tables, line, text) {
            self.is_followed = true;
            return false;
        }
        self.last_line_number = line.number;
        self.end_bytes = line.end_bytes();
        if is_taken {
            self.is_after_blank = false;
            self.other_text.note_inside(&mut self.issues);
        }
        true
    }

    /// `3 @ 0x4860aa 0x415bce`
    fn group_line(&mut self, tables: &Tables, line: Line<'_>, text: &[u8]) -> bool {
        let Some(count) = shape::group(text, line.is_terminated, &mut self.next_pcs) else {
            let is_cut = !line.is_terminated && self.found < self.declared;
            if is_cut {
                self.note_cut(line);
            }
            return is_cut;
        };
        self.close(tables);
        mem::swap(&mut self.pcs, &mut self.next_pcs);
        self.found = self.found.saturating_add(count);
        let mut row = Goroutine::counted(count, StringId::EMPTY, Category::Other);
        row.offset_bytes = line.offset_bytes;
        row.len_bytes = len_bytes(line.offset_bytes, line);
        if self.scope == Scope::Leaked {
            row.flags.set(Flags::LEAKED);
        }
        self.rows.push(row);
        if !line.is_terminated && !text.ends_with(b"@") {
            self.note_cut(line);
        }
        true
    }

    /// `# labels: {"k":"v"}` and `#⇥0x536f24⇥main.recv+0x24⇥/src/main.go:54`
    fn entry_line(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8]) -> bool {
        if self.rows.is_empty() {
            return false;
        }
        let Some(entry) = shape::entry(text) else {
            if !line.is_terminated {
                self.note_cut(line);
            }
            return !line.is_terminated;
        };
        let is_whole = line.is_terminated || self.is_last_frame(entry);
        match entry {
            _ if !is_whole => self.note_cut(line),
            Entry::Labels(labels) => {
                let labels = Labels(tables.strings.intern(labels));
                self.extend_row(line, |row| row.labels = labels);
            }
            Entry::Frame(frame) => {
                self.is_entry |= self.n_calls == 0 && frame.is_entry;
                self.push_frame(tables, line, frame.pc, frame.function, frame.location);
            }
            Entry::Unsymbolized(pc, address) => {
                self.push_frame(tables, line, pc, address, b"");
                Issue::note(&mut self.issues, Issue::new(IssueKind::Unsymbolized, line.number, text));
            }
            Entry::Malformed => {
                self.n_calls += 1;
                Issue::note(&mut self.issues, Issue::new(IssueKind::MalformedFrame, line.number, text));
            }
        }
        true
    }

    /// Whether the profile is complete with this frame, so that only the last line feed is missing. The last address is
    /// `runtime.goexit`, which is not printed, unless the stack was cut at the depth limit.
    fn is_last_frame(&self, entry: Entry<'_>) -> bool {
        let Entry::Frame(frame) = entry else { return false };
        let is_at_end = self.pcs.iter().rev().take(2).any(|&pc| pc == frame.pc.wrapping_add(1));
        is_at_end && self.found >= self.declared
    }

    fn push_frame(&mut self, tables: &mut Tables, line: Line<'_>, pc: u64, function: &[u8], location: &[u8]) {
        let function = tables.strings.intern(function);
        let location = tables.strings.intern(location);
        let frame = tables.frames.intern(Frame { function, location, inlined: false });
        if self.n_calls == 0 {
            self.first_call = Some(pc);
        }
        self.n_calls += 1;
        self.functions.push(function);
        self.extend_row(line, |row| row.stack = tables.stacks.child(row.stack, Edge::Frame(frame)));
    }

    fn extend_row(&mut self, line: Line<'_>, change: impl FnOnce(&mut Goroutine)) {
        if let Some(row) = self.rows.last_mut() {
            row.len_bytes = len_bytes(row.offset_bytes, line);
            change(row);
        }
    }

    /// The stack of the last row is complete.
    fn close(&mut self, tables: &Tables) {
        if self.evidence.len() < self.rows.len() {
            self.evidence.push(Evidence::new(tables, &self.pcs, &self.functions, self.first_call, self.is_entry));
        }
        self.functions.clear();
        self.first_call = None;
        self.n_calls = 0;
        self.is_entry = false;
    }

    fn note_cut(&mut self, line: Line<'_>) {
        let kind = IssueKind::Truncated { offset_bytes: line.end_bytes(), goid: None };
        self.cut = Some(Issue::new(kind, line.number, line.bytes));
    }

    /// Takes a line of other text, such as a log line. False when the profile has ended before it.
    fn other_line(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8]) -> bool {
        let is_complete = self.found >= self.declared && (self.is_after_blank || self.rows.is_empty());
        if is_complete || shape::starts_other_text(text) || Section::starting(tables, line).is_some() {
            return false;
        }
        self.other_text.skip(line)
    }

    /// Goroutines read so far.
    pub(crate) fn n_goroutines(&self) -> u64 {
        self.found
    }

    /// Ends the section.
    pub(crate) fn finish(mut self, tables: &mut Tables) -> Snapshot {
        self.close(tables);
        let conclusions = state::conclude(tables, &mut self.rows, &self.evidence);
        let mut notes = Vec::new();
        let mut note = |kind, line_number, count| {
            if count > 0 {
                notes.push(Note { kind, line_number, count });
            }
        };
        note(NoteKind::InferredState, self.line_number, conclusions.n_inferred);
        note(NoteKind::ChannelDirection, self.line_number, conclusions.n_channel);
        if let Some((line_number, n_lines)) = self.other_text.take_behind() {
            note(NoteKind::OtherText, line_number, n_lines);
        }
        let mut issues = self.issues;
        let is_short = self.found < self.declared;
        if is_short && !self.is_followed && self.cut.is_none() {
            let kind = IssueKind::Truncated { offset_bytes: self.end_bytes, goid: None };
            self.cut = Some(Issue::new(kind, self.last_line_number, b""));
        }
        issues.extend(self.cut);
        if self.found != self.declared {
            let kind = IssueKind::CountMismatch { declared: self.declared, found: self.found };
            issues.push(Issue::new(kind, self.line_number, b""));
        }
        order::by_key(&mut issues, |issue| issue.line_number);
        let is_leak_profile = self.scope == Scope::Leaked;
        Snapshot {
            format: Format::Counted,
            scope: self.scope,
            line_number: self.line_number,
            goroutines: self.rows,
            declared_goroutines: Some(self.declared),
            issues,
            notes,
            go_version: if is_leak_profile { GoVersion::LEAKED } else { GoVersion::UNKNOWN },
            ..Snapshot::default()
        }
    }
}

/// Length of the text from `start_bytes` to the end of `line`.
fn len_bytes(start_bytes: u64, line: Line<'_>) -> u32 {
    u32::try_from(line.end_bytes().saturating_sub(start_bytes)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Parser;
    use crate::format::traceback::labels;
    use alloc::format;
    use alloc::string::String;

    const TEXT: &str = "goroutine profile: total 6
3 @ 0x4860aa 0x415bce 0x4156f2 0x53a17c 0x52ccac 0x48c921
# labels: {\"handler\":\"/api/v1\", \"user name\":\"a \\\"b\\\" é\\n\"}
#\t0x53a17b\tmain.setup.func9+0x7b\t/src/main.go:174
#\t0x52ccab\truntime/pprof.Do+0x8b\t\t/go/src/runtime/pprof/runtime.go:57

2 @ 0x4860aa 0x460b66 0x53b18f 0x48c921
#\t0x53b18e\tmain.leaky.func4+0xe\t/src/main.go:391

1 @ 0x538a49 0x44f307 0x48c921
#\t0x538a48\tmain.main+0x148\t\t/src/main.go:243
#\t0x44f306\truntime.main+0x426\t/go/src/runtime/proc.go:302

";

    fn read(text: &str) -> (Tables, Vec<Snapshot>) {
        let mut tables = Tables::default();
        let mut parser = Parser::default();
        parser.push(&mut tables, text.as_bytes());
        let snapshots = parser.finish(&mut tables).unwrap_or_default();
        (tables, snapshots)
    }

    fn render(tables: &Tables, snapshot: &Snapshot) -> Vec<String> {
        let text = |id| String::from_utf8_lossy(tables.bytes(id)).into_owned();
        let frame = |edge: &Edge| match edge {
            Edge::Frame(frame) => {
                let frame = tables.frames.get(*frame);
                format!("{} {}", text(frame.function), text(frame.location))
            }
            other => format!("{other:?}"),
        };
        let row = |row: &Goroutine| {
            let frames: Vec<_> = tables.edges(row.stack).iter().map(frame).collect();
            format!("{} [{}] {}", row.count(), text(row.wait_reason), frames.join(" < "))
        };
        snapshot.goroutines().iter().map(row).collect()
    }

    fn kinds(snapshot: &Snapshot) -> Vec<(IssueKind, u64)> {
        snapshot.issues().iter().map(|issue| (issue.kind, issue.count)).collect()
    }

    #[test]
    fn ok_groups_labels_and_states() {
        let (tables, snapshots) = read(TEXT);
        let snapshot = &snapshots[0];
        assert_eq!(
            render(&tables, snapshot),
            [
                "3 [chan receive or send] main.setup.func9 /src/main.go:174 < runtime/pprof.Do /go/src/runtime/pprof/runtime.go:57",
                "2 [select] main.leaky.func4 /src/main.go:391",
                "1 [running] main.main /src/main.go:243 < runtime.main /go/src/runtime/proc.go:302",
            ]
        );
        let row = &snapshot.goroutines()[0];
        let expected = [("handler", "/api/v1"), ("user name", "a \"b\" é\n")].map(|(key, value)| (key.into(), value.into()));
        assert_eq!(labels::parse(tables.bytes(row.labels.0)), expected);
        let text = &TEXT[row.offset_bytes as usize..][..row.len_bytes as usize];
        assert!(text.starts_with("3 @ 0x4860aa") && text.ends_with("runtime.go:57"), "{text}");
        assert_eq!((snapshot.format(), snapshot.declared_goroutines()), (Format::Counted, Some(6)));
        let notes: Vec<_> = snapshot.notes().iter().map(|note| (note.kind, note.count)).collect();
        assert_eq!(notes, [(NoteKind::InferredState, 6), (NoteKind::ChannelDirection, 3)]);
        assert!(snapshot.issues().is_empty());
    }

    #[test]
    fn ok_a_leak_profile_lists_leaked_goroutines() {
        let (_, snapshots) = read("goroutineleak profile: total 0\n");
        assert_eq!((snapshots[0].scope(), snapshots[0].n_goroutines()), (Scope::Leaked, 0));
        assert!(snapshots[0].issues().is_empty());
        let (_, snapshots) = read(&TEXT.replace("goroutine profile", "goroutineleak profile"));
        assert!(snapshots[0].goroutines().iter().all(|row| row.flags.has(Flags::LEAKED)));
    }

    #[test]
    fn ok_addresses_without_names_and_groups_without_addresses() {
        let (tables, snapshots) = read("goroutine profile: total 5\n4 @\n\n1 @ 0x0 0x0\n#\t0x0\n\n");
        assert_eq!(render(&tables, &snapshots[0]), ["4 [waiting] ", "1 [waiting] 0x0 "]);
        assert_eq!(kinds(&snapshots[0]), [(IssueKind::Unsymbolized, 1)]);
    }

    #[test]
    fn ok_indents_and_log_lines_inside() {
        let text = TEXT.replace("\n2 @", "\n2026/11/21 01:38:30 still alive\n2 @").replace('\n', "\n    ");
        let (tables, snapshots) = read(&text);
        assert_eq!(render(&tables, &snapshots[0]), render(&read(TEXT).0, &read(TEXT).1[0]));
        assert_eq!(kinds(&snapshots[0]), [(IssueKind::InterleavedText, 1)]);
    }

    #[test]
    fn ok_the_profile_ends_where_something_else_starts() {
        let (_, snapshots) = read(&format!("{TEXT}{TEXT}log line\ngoroutineleak profile: total 0\n"));
        assert_eq!(snapshots.iter().map(Snapshot::n_goroutines).collect::<Vec<_>>(), [6, 6, 0]);
        let custom = "example.com/conns profile: total 9\n9 @ 0x51fd2f\n#\t0x51fd2e\tmain.f+0x6e\t/src/main.go:1\n";
        assert_eq!(read(&format!("{TEXT}{custom}")).1[0].n_goroutines(), 6);
        assert!(read(custom).1.is_empty());
        let log = "log line\n".repeat(30);
        let late = format!("{}{log}2 @ 0x1 0x2\n", TEXT.replace("total 6", "total 8"));
        assert_eq!(read(&late).1[0].n_goroutines(), 6);
    }

    #[test]
    fn err_counts_that_do_not_add_up() {
        let (_, snapshots) = read(&TEXT.replace("total 6", "total 5"));
        assert_eq!(kinds(&snapshots[0]), [(IssueKind::CountMismatch { declared: 5, found: 6 }, 1)]);
        let huge = TEXT.replace("2 @", "99999999999999999999 @");
        assert_eq!(read(&huge).1[0].n_goroutines(), u64::MAX);
    }

    #[test]
    fn err_a_cut_profile_says_so() {
        let is_cut = |text: &str| {
            let (_, snapshots) = read(text);
            snapshots[0].issues().iter().any(|issue| matches!(issue.kind, IssueKind::Truncated { .. }))
        };
        for (mark, n_goroutines) in
            [("2 @", 3), ("0x460b66", 5), ("leaky", 5), ("main.go:391", 5), ("1 @ 0x53", 5), ("43\n", 6)]
        {
            let text = &TEXT[..TEXT.find(mark).unwrap()];
            assert!(is_cut(text), "{mark}");
            assert_eq!(read(text).1[0].n_goroutines(), n_goroutines, "{mark}");
        }
        assert!(!is_cut(TEXT.trim_end()), "only the last line feed is missing");
    }

    #[test]
    fn prop_any_prefix_adds_up() {
        for end in 0..TEXT.len() {
            let Some(text) = TEXT.get(..end) else { continue };
            let (_, snapshots) = read(text);
            for snapshot in snapshots {
                let declared = snapshot.declared_goroutines().unwrap();
                let mismatch = kinds(&snapshot).iter().any(|(kind, _)| matches!(kind, IssueKind::CountMismatch { .. }));
                assert_eq!(snapshot.n_goroutines() != declared, mismatch, "{end}");
            }
        }
    }

    #[test]
    fn err_frames_without_a_place_are_left_out() {
        let (tables, snapshots) = read(&TEXT.replace("\t/src/main.go:174", ""));
        assert_eq!(render(&tables, &snapshots[0])[0], "3 [waiting] runtime/pprof.Do /go/src/runtime/pprof/runtime.go:57");
        assert_eq!(kinds(&snapshots[0]), [(IssueKind::MalformedFrame, 1)]);
    }
}
