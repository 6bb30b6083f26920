//! `go tool pprof -traces`.

use alloc::vec::Vec;

use memchr::memmem;

use super::super::other_text::{MAX_OTHER_LINES, OtherText};
use super::rows::{Rows, Sample};
use super::{frame, is_goroutine_header, time};
use crate::format::traceback::labels;
use crate::func::fold_shapes;
use crate::issue::{Issue, IssueKind};
use crate::line::{Line, MAX_LINE_BYTES};
use crate::note::NoteKind;
use crate::snapshot::{Scope, Snapshot};
use crate::tables::{Edge, Frame, StackId, StringId, Tables};

/// Columns before a name; less where indents were lost.
const FRAME_INDENT: &[u8] = b"          ";

/// Where the reader stands between two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Line: `Time: 2026-11-21 01:39:25 UTC`. To: `Labels` on a rule.
    Header,
    /// Line: `   handler:  /api/v1`. From: a rule. To: `Stack` on a count.
    Labels,
    /// Line: `             runtime.chanrecv`. From: `        2   runtime.gopark`. To: `Labels` on a rule.
    Stack,
}

/// Reads the lines behind `Type: goroutine`.
#[derive(Clone, Debug)]
pub(crate) struct Traces {
    part: Part,
    rows: Rows,
    open: Option<Sample>,
    functions: Vec<StringId>,
    /// The labels of the next sample.
    labels: Vec<u8>,
    /// The label being read: its value may hold line feeds.
    label: Option<Label>,
    /// The rule before the next sample: its line and where it ends.
    rule: (u64, u64),
    /// Other text since the last line of a stack: lines, and the first of them.
    other_text: OtherText,
    is_followed: bool,
    is_cut: bool,
    last_line_number: u64,
    end_bytes: u64,
}

#[derive(Clone, Debug)]
struct Label {
    key: Vec<u8>,
    value: Vec<u8>,
    n_more_lines: u64,
}

impl Traces {
    pub(super) fn new(line: Line<'_>, scope: Scope) -> Self {
        Self {
            part: Part::Header,
            rows: Rows::new(line.number, scope),
            open: None,
            functions: Vec::new(),
            labels: Vec::new(),
            label: None,
            rule: (line.number, line.end_bytes()),
            other_text: OtherText::default(),
            is_followed: false,
            is_cut: false,
            last_line_number: line.number,
            end_bytes: line.end_bytes(),
        }
    }

    pub(super) fn n_goroutines(&self) -> u64 {
        let in_open = self.open.map_or(0, |sample| u64::try_from(sample.value).unwrap_or(0));
        self.rows.n_goroutines().saturating_add(in_open)
    }

    pub(super) fn line(&mut self, tables: &mut Tables, line: Line<'_>) -> bool {
        let text = line.bytes.trim_ascii();
        let is_taken = if is_rule(text) {
            self.close(tables);
            self.drop_labels();
            self.part = Part::Labels;
            self.rule = (line.number, line.end_bytes());
            true
        } else {
            match self.part {
                Part::Header => self.header_line(text),
                Part::Labels => self.label_line(tables, line, text),
                Part::Stack => self.stack_line(tables, line, text),
            }
        };
        if is_taken {
            self.last_line_number = line.number;
            self.end_bytes = line.end_bytes();
        }
        self.is_followed = !is_taken;
        is_taken
    }

    fn header_line(&mut self, text: &[u8]) -> bool {
        if let Some(time) = text.strip_prefix(b"Time: ") {
            self.rows.captured_at_nanos = time::nanos(time);
            return true;
        }
        text.is_empty() || text.starts_with(b"Doc: ") || text.starts_with(b"Duration: ")
    }

    /// A line between a rule and a count.
    fn label_line(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8]) -> bool {
        if is_goroutine_header(text) {
            return false;
        }
        if let Some((key, value)) = label(text) {
            self.end_label();
            self.label = Some(Label { key: key.to_vec(), value: value.to_vec(), n_more_lines: 0 });
            return true;
        }
        if let Some((value, name)) = count(text) {
            self.end_label();
            self.begin(tables, line, value, name);
            return true;
        }
        match &mut self.label {
            None => text.is_empty(),
            Some(label) => {
                label.n_more_lines += 1;
                if label.value.len() < MAX_LINE_BYTES {
                    label.value.push(b'\n');
                    label.value.extend_from_slice(line.bytes.trim_ascii_end());
                }
                label.n_more_lines <= MAX_OTHER_LINES
            }
        }
    }

    fn end_label(&mut self) {
        if let Some(label) = self.label.take()
            && self.labels.len() < MAX_LINE_BYTES
        {
            labels::append(&mut self.labels, &label.key, &label.value);
        }
    }

    fn drop_labels(&mut self) {
        self.label = None;
        self.labels.clear();
    }

    fn begin(&mut self, tables: &mut Tables, line: Line<'_>, value: i64, name: &[u8]) {
        self.close(tables);
        let labels = tables.strings.intern(&self.labels);
        self.labels.clear();
        // Labels belong to the sample; they start behind the rule.
        let (rule_number, rule_end) = self.rule;
        let has_labels = labels != StringId::EMPTY && rule_number < line.number;
        self.open = Some(Sample {
            value,
            stack: StackId::EMPTY,
            labels,
            offset_bytes: if has_labels { rule_end + 1 } else { line.offset_bytes },
            end_bytes: line.end_bytes(),
            line_number: line.number,
        });
        self.part = Part::Stack;
        self.frame(tables, line, name);
    }

    /// A line below a count.
    fn stack_line(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8]) -> bool {
        if text.is_empty() {
            return true;
        }
        if let Some((value, name)) = count(text) {
            // A rule got lost.
            self.rule = (line.number, line.offset_bytes);
            self.begin(tables, line, value, name);
            return true;
        }
        let is_frame = line.bytes.starts_with(FRAME_INDENT)
            || line.bytes.starts_with(b"\t")
            || frame::name_len(text.strip_suffix(INLINE).unwrap_or(text)) == text.strip_suffix(INLINE).unwrap_or(text).len();
        if is_frame {
            self.frame(tables, line, text);
            return true;
        }
        if is_goroutine_header(text) {
            return false;
        }
        self.other_text.skip(line)
    }

    fn frame(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8]) {
        if !line.is_terminated {
            self.is_cut = true;
            self.rows.note_cut(line.number, line.end_bytes(), line.bytes);
            return;
        }
        self.other_text.note_inside(&mut self.rows.issues);
        let Some(open) = &mut self.open else { return };
        let (text, inlined) = match text.strip_suffix(INLINE) {
            Some(text) => (text, true),
            None => (text, false),
        };
        let call = frame::traced(text);
        if !call.is_symbolized {
            Issue::note(&mut self.rows.issues, Issue::new(IssueKind::Unsymbolized, line.number, text));
        }
        let function = tables.strings.intern(&fold_shapes(call.function));
        let location = tables.strings.intern(call.location);
        let frame = tables.frames.intern(Frame { function, location, inlined });
        open.stack = tables.stacks.child(open.stack, Edge::Frame(frame));
        open.end_bytes = line.end_bytes();
        self.functions.push(function);
    }

    fn close(&mut self, tables: &mut Tables) {
        if let Some(sample) = self.open.take() {
            self.rows.add(tables, sample, &self.functions);
        }
        self.functions.clear();
        self.skip_other_text();
    }

    fn skip_other_text(&mut self) {
        if let Some((line_number, n_lines)) = self.other_text.take_behind() {
            self.rows.note(NoteKind::OtherText, line_number, n_lines);
        }
    }

    pub(super) fn finish(mut self, tables: &mut Tables) -> Snapshot {
        self.close(tables);
        // A rule ends the list.
        let is_open = self.part == Part::Stack || self.label.is_some() || !self.labels.is_empty();
        if is_open && !self.is_cut && !self.is_followed {
            self.rows.note_cut(self.last_line_number, self.end_bytes, b"");
        }
        self.rows.finish(self.part != Part::Header)
    }
}

const INLINE: &[u8] = b" (inline)";

/// `-----------+-------`
fn is_rule(text: &[u8]) -> bool {
    let after = text.strip_prefix(b"-----------+");
    after.is_some_and(|after| !after.is_empty() && after.iter().all(|&byte| byte == b'-'))
}

/// Reads `handler:  /api/v1`; trimming took the spaces of an empty value.
fn label(text: &[u8]) -> Option<(&[u8], &[u8])> {
    match memmem::find(text, b":  ") {
        Some(colon) => Some((text.get(..colon)?, text.get(colon + 3..)?)),
        None => text.strip_suffix(b":").filter(|key| !key.contains(&b':')).map(|key| (key, b"".as_slice())),
    }
}

/// Reads `2   runtime.gopark`: the count, and the name behind it.
fn count(text: &[u8]) -> Option<(i64, &[u8])> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let n_digits = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, name) = digits.split_at(n_digits);
    if digits.is_empty() || !(name.starts_with(b"  ") || name.starts_with(b"\t")) {
        return None;
    }
    let value = digits.iter().fold(0_i64, |value, digit| value.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    Some((if text.starts_with(b"-") { -value } else { value }, name.trim_ascii_start()))
}

#[cfg(test)]
mod tests {
    use crate::format::traceback::labels;
    use crate::format::{Format, Parser};
    use crate::{Error, InputKind, IssueKind, Snapshot, Tables};
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    const TEXT: &str = "File: bin-27\nBuild ID: 8e66\nType: goroutine\nTime: 2026-11-21 01:39:25 UTC
-----------+-------------------------------------------------------
         2   runtime.gopark
             internal/sync.(*Mutex).Lock (inline)
             main.(*Server).lockIt
-----------+-------------------------------------------------------
   handler:  /api/v1
 user name:  a \"b\"

         1   runtime.chanrecv
             main.F[go.shape.struct { x int }]
-----------+-------------------------------------------------------
";

    fn read(text: &str) -> (Tables, Result<Vec<Snapshot>, Error>) {
        let mut tables = Tables::default();
        let mut parser = Parser::default();
        parser.push(&mut tables, text.as_bytes());
        let snapshots = parser.finish(&mut tables);
        (tables, snapshots)
    }

    fn render(tables: &Tables, snapshot: &Snapshot) -> Vec<String> {
        let row = |row: &crate::Goroutine| {
            let frames: Vec<_> = tables
                .edges(row.stack)
                .iter()
                .map(|edge| match edge {
                    crate::Edge::Frame(frame) => {
                        let frame = tables.frames.get(*frame);
                        let name = String::from_utf8_lossy(tables.bytes(frame.function));
                        format!("{name}{}", if frame.inlined { "*" } else { "" })
                    }
                    other => format!("{other:?}"),
                })
                .collect();
            format!("{} {:?} {}", row.count(), labels::parse(tables.bytes(row.labels.0)), frames.join(" < "))
        };
        snapshot.goroutines().iter().map(row).collect()
    }

    #[test]
    fn ok_stacks_inlined_calls_and_labels_with_line_feeds() {
        let (tables, snapshots) = read(TEXT);
        let snapshot = &snapshots.unwrap()[0];
        assert_eq!(
            render(&tables, snapshot),
            [
                "2 [] runtime.gopark < internal/sync.(*Mutex).Lock* < main.(*Server).lockIt",
                r#"1 [("handler", "/api/v1"), ("user name", "a \"b\"\n")] runtime.chanrecv < main.F[...]"#,
            ]
        );
        assert_eq!((snapshot.format(), snapshot.n_goroutines()), (Format::Profile, 3));
        assert_eq!(snapshot.captured_at_nanos(), Some(1_795_225_165_000_000_000));
        assert!(snapshot.issues().is_empty(), "{:?}", snapshot.issues());
        let row = &snapshot.goroutines()[1];
        let end = row.offset_bytes as usize + row.len_bytes as usize;
        let text = &TEXT[row.offset_bytes as usize..end];
        assert!(text.starts_with("   handler:") && text.ends_with("int }]"), "{text}");
    }

    #[test]
    fn err_a_cut_list_is_said_to_be_cut() {
        for (end, n_goroutines) in [(TEXT.len() - 69, 3), (TEXT.len() - 75, 3), (TEXT.len() - 110, 3), (TEXT.len() - 140, 2)] {
            let (_, snapshots) = read(&TEXT[..end]);
            let snapshot = &snapshots.unwrap()[0];
            assert_eq!(snapshot.n_goroutines(), n_goroutines, "{end}");
            let is_cut = |kind| matches!(kind, IssueKind::Truncated { .. });
            assert!(snapshot.issues().iter().any(|issue| is_cut(issue.kind)), "{end}");
        }
    }

    #[test]
    fn err_other_types_and_other_reports_are_no_goroutines() {
        let (_, heap) = read(&TEXT.replace("Type: goroutine", "Type: inuse_space"));
        assert_eq!(heap.unwrap_err(), Error::NoGoroutines(InputKind::HeapProfile));
        let (_, top) = read("Type: goroutine\nShowing nodes accounting for 44, 100% of 44 total\n      flat  flat%\n");
        assert!(top.is_err(), "{top:?}");
    }

    #[test]
    fn ok_a_profile_without_goroutines_says_so() {
        let rule = "-----------+-------------------------------------------------------";
        let (_, snapshots) = read(&format!("Type: goroutineleak\n{rule}\n"));
        assert_eq!(snapshots.unwrap()[0].declared_goroutines(), Some(0));
    }

    #[test]
    fn ok_differences_count_what_went_away() {
        let (tables, snapshots) = read(&TEXT.replace("         2   runtime", "        -2   runtime"));
        let snapshot = &snapshots.unwrap()[0];
        assert_eq!(render(&tables, snapshot).len(), 1);
        let gone = snapshot.notes().iter().find(|note| note.kind == crate::NoteKind::Delta).unwrap();
        assert_eq!((gone.count, gone.line_number), (2, 6));
    }

    #[test]
    fn ok_other_text_is_skipped_and_other_dumps_end_the_list() {
        let text = TEXT.replace("             main.(*Server)", "2026/11/21 01:39 still alive\n             main.(*Server)");
        let (_, snapshots) = read(&format!("{text}\ngoroutine 7 [select]:\nmain.f()\n\t/m.go:1 +0x1\n"));
        let snapshots = snapshots.unwrap();
        assert_eq!(snapshots.iter().map(Snapshot::n_goroutines).collect::<Vec<_>>(), [3, 1]);
        assert_eq!((snapshots[0].issues()[0].kind, snapshots[0].issues()[0].count), (IssueKind::InterleavedText, 1));
    }
}
