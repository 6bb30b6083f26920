//! `go tool pprof -raw`: samples name locations that are listed behind all of them.

use alloc::vec::Vec;

use hashbrown::HashMap;

use super::super::other_text::{MAX_OTHER_LINES, OtherText};
use super::frame::{self, Call};
use super::rows::{Rows, Sample};
use super::{is_goroutine_header, raw_labels, time};
use crate::func::fold_shapes;
use crate::issue::{Issue, IssueKind};
use crate::line::{Line, MAX_LINE_BYTES};
use crate::note::NoteKind;
use crate::snapshot::{Scope, Snapshot};
use crate::tables::{Edge, Frame, FrameId, StackId, StringId, Tables};

/// Calls that one location may stand for on average. Real ones stand for one or two; a made-up profile could name one location
/// with a thousand inlined calls a thousand times.
const MAX_MEAN_INLINED: usize = 4;
/// Calls that are kept in any case: a few stacks may be far from the average.
const MIN_CALLS: usize = 1 << 16;

/// Where the reader stands between two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Line: `Period: 1`. To: `Types` on `Samples:`.
    Header,
    /// Line: `goroutine/count`. To: `Samples`.
    Types,
    /// Line: `          2: 1 2 3 4`, or labels. To: `Locations` on `Locations`.
    Samples,
    /// Line: `     1: 0x4860a9 M=1 runtime.gopark /proc.go:474:0 s=457`, or an inlined call's caller. To: `Mappings` on
    /// `Mappings`.
    Locations,
    /// Line: `1: 0x400000/0x53d000/0x0 /src/bin  [FN]`. To: the end on any other.
    Mappings,
}

/// Reads the lines behind `PeriodType: goroutine count`.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    part: Part,
    rows: Rows,
    /// Which value of a sample counts goroutines.
    column: usize,
    samples: Vec<Pending>,
    /// The locations of all samples, leaf first.
    location_ids: Vec<u64>,
    n_goroutines: u64,
    /// Labels of the last sample, as printed.
    labels: Vec<u8>,
    n_label_lines: u64,
    /// Where the calls of a location are in `calls`.
    locations: HashMap<u64, (usize, usize), foldhash::fast::FixedState>,
    /// Innermost first. The frame is not inlined until a caller follows.
    calls: Vec<Frame>,
    /// The location that calls are being added to.
    last_location: Option<u64>,
    /// Other text since the last line of the profile: lines, and the first of them.
    other_text: OtherText,
    is_followed: bool,
    is_cut: bool,
    last_line_number: u64,
    end_bytes: u64,
}

/// A sample whose locations are not known yet.
#[derive(Clone, Copy, Debug)]
struct Pending {
    sample: Sample,
    /// Where its locations end; they start where those of the sample before end.
    end: usize,
}

impl Raw {
    pub(super) fn new(line: Line<'_>, scope: Scope) -> Self {
        Self {
            part: Part::Header,
            rows: Rows::new(line.number, scope),
            column: 0,
            samples: Vec::new(),
            location_ids: Vec::new(),
            n_goroutines: 0,
            labels: Vec::new(),
            n_label_lines: 0,
            locations: HashMap::default(),
            calls: Vec::new(),
            last_location: None,
            other_text: OtherText::default(),
            is_followed: false,
            is_cut: false,
            last_line_number: line.number,
            end_bytes: line.end_bytes(),
        }
    }

    pub(super) fn n_goroutines(&self) -> u64 {
        self.n_goroutines
    }

    pub(super) fn line(&mut self, tables: &mut Tables, line: Line<'_>) -> bool {
        let text = line.bytes.trim_ascii();
        let is_taken = match self.part {
            Part::Header => self.header_line(text),
            Part::Types => {
                let is_column = |kind: &[u8]| kind.starts_with(b"goroutine");
                self.column = text.split(|&byte| byte == b' ').position(is_column).unwrap_or(0);
                self.part = if text.is_empty() { Part::Types } else { Part::Samples };
                true
            }
            Part::Samples => self.sample_line(tables, line, text),
            Part::Locations => self.location_line(tables, line, text),
            Part::Mappings => text.is_empty() || numbered(text).is_some_and(|(_, rest)| rest.starts_with(b"0x")),
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
        if text == b"Samples:" {
            self.part = Part::Types;
            return true;
        }
        text.is_empty() || text.starts_with(b"Period: ") || text.starts_with(b"Duration: ")
    }

    fn sample_line(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8]) -> bool {
        if text == b"Locations" {
            self.end_labels(tables);
            self.part = Part::Locations;
            return true;
        }
        if let Some(value) = sample(text, self.column, &mut self.location_ids) {
            self.end_labels(tables);
            if !line.is_terminated {
                self.is_cut = true;
                self.rows.note_cut(line.number, line.end_bytes(), line.bytes);
            }
            self.n_goroutines = self.n_goroutines.saturating_add(u64::try_from(value).unwrap_or(0));
            let sample = Sample {
                value,
                stack: StackId::EMPTY,
                labels: StringId::EMPTY,
                offset_bytes: line.offset_bytes,
                end_bytes: line.end_bytes(),
                line_number: line.number,
            };
            self.samples.push(Pending { sample, end: self.location_ids.len() });
            return true;
        }
        let Some(last) = self.samples.last_mut() else { return text.is_empty() };
        // Values may hold line feeds, so any line may belong to the labels.
        self.n_label_lines += 1;
        if self.labels.len() < MAX_LINE_BYTES {
            if self.n_label_lines > 1 {
                self.labels.push(b'\n');
            }
            self.labels.extend_from_slice(line.bytes);
            last.sample.end_bytes = line.end_bytes();
        }
        self.n_label_lines <= MAX_OTHER_LINES && !is_goroutine_header(text)
    }

    fn end_labels(&mut self, tables: &mut Tables) {
        if let Some(last) = self.samples.last_mut()
            && !self.labels.is_empty()
        {
            last.sample.labels = tables.strings.intern(&raw_labels::read(&self.labels));
        }
        self.labels.clear();
        self.n_label_lines = 0;
    }

    fn location_line(&mut self, tables: &mut Tables, line: Line<'_>, text: &[u8]) -> bool {
        if text.is_empty() {
            return true;
        }
        if text == b"Mappings" {
            self.part = Part::Mappings;
            return true;
        }
        if !line.is_terminated {
            self.is_cut = true;
            self.rows.note_cut(line.number, line.end_bytes(), line.bytes);
            return true;
        }
        if let Some((id, rest)) = numbered(text)
            && rest.starts_with(b"0x")
        {
            let (address, rest) = word(rest);
            let rest = [b"M=".as_slice(), b"[F]"].iter().fold(rest, |rest, mark| match word(rest) {
                (first, after) if first.starts_with(mark) => after,
                _ => rest,
            });
            let unnamed = Call { function: address, location: b"", is_symbolized: false };
            let call = frame::raw(rest).filter(|call| call.is_symbolized).unwrap_or(unnamed);
            self.locations.insert(id, (self.calls.len(), self.calls.len()));
            self.last_location = Some(id);
            self.call(tables, line, call);
            return true;
        }
        if let Some(call) = frame::raw(text) {
            if let Some(callee) = self.calls.last_mut() {
                callee.inlined = true;
            }
            self.call(tables, line, call);
            return true;
        }
        if is_goroutine_header(text) {
            return false;
        }
        self.other_text.skip(line)
    }

    /// Adds a call to the last location; the ones before it were inlined into it.
    fn call(&mut self, tables: &mut Tables, line: Line<'_>, call: Call<'_>) {
        self.other_text.note_inside(&mut self.rows.issues);
        if !call.is_symbolized {
            Issue::note(&mut self.rows.issues, Issue::new(IssueKind::Unsymbolized, line.number, line.bytes));
        }
        let Some((_, end)) = self.last_location.and_then(|id| self.locations.get_mut(&id)) else { return };
        let function = tables.strings.intern(&fold_shapes(call.function));
        let location = tables.strings.intern(call.location);
        self.calls.push(Frame { function, location, inlined: false });
        *end = self.calls.len();
    }

    pub(super) fn finish(mut self, tables: &mut Tables) -> Snapshot {
        self.end_labels(tables);
        let calls: Vec<FrameId> = self.calls.iter().map(|&call| tables.frames.intern(call)).collect();
        let mut n_calls = (self.location_ids.len() + calls.len()).saturating_mul(MAX_MEAN_INLINED).max(MIN_CALLS);
        let mut functions = Vec::new();
        let mut start = 0;
        for Pending { mut sample, end } in self.samples {
            functions.clear();
            for id in self.location_ids.get(start..end).unwrap_or_default() {
                let calls = self.locations.get(id).and_then(|&(first, end)| calls.get(first..end)).unwrap_or_default();
                for &call in calls.iter().take(n_calls) {
                    sample.stack = tables.stacks.child(sample.stack, Edge::Frame(call));
                    functions.push(tables.frames.get(call).function);
                }
                if calls.is_empty() || calls.len() > n_calls {
                    sample.stack = tables.stacks.child(sample.stack, Edge::Elided);
                }
                n_calls = n_calls.saturating_sub(calls.len());
            }
            start = end;
            self.rows.add(tables, sample, &functions);
        }
        if let Some((line_number, n_lines)) = self.other_text.take_behind() {
            self.rows.note(NoteKind::OtherText, line_number, n_lines);
        }
        let is_open = !matches!(self.part, Part::Header | Part::Mappings);
        if is_open && !self.is_cut && !self.is_followed {
            self.rows.note_cut(self.last_line_number, self.end_bytes, b"");
        }
        self.rows.finish(self.part != Part::Header)
    }
}

/// Reads `2: 1 2 3 4`: the value in `column`. The locations go to `ids`.
fn sample(text: &[u8], column: usize, ids: &mut Vec<u64>) -> Option<i64> {
    let colon = memchr::memchr(b':', text)?;
    let (values, rest) = text.split_at(colon);
    let mut value = None;
    for (at, word) in values.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).enumerate() {
        let number = signed(word)?;
        if at == 0 || at == column {
            value = Some(number);
        }
    }
    let len = ids.len();
    for word in rest.get(1..)?.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        match number(word) {
            Some(id) => ids.push(id),
            None => {
                ids.truncate(len);
                return None;
            }
        }
    }
    value
}

/// Reads `1: ` and returns the number and what follows.
fn numbered(text: &[u8]) -> Option<(u64, &[u8])> {
    let colon = memchr::memchr(b':', text)?;
    Some((number(text.get(..colon)?)?, text.get(colon + 1..)?.trim_ascii_start()))
}

/// Splits off the first word.
fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let len = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at(len);
    (word, rest.trim_ascii_start())
}

fn signed(word: &[u8]) -> Option<i64> {
    let (is_negative, digits) = word.strip_prefix(b"-").map_or((false, word), |digits| (true, digits));
    let value = i64::try_from(number(digits)?).unwrap_or(i64::MAX);
    Some(if is_negative { -value } else { value })
}

/// A whole number, saturating.
fn number(word: &[u8]) -> Option<u64> {
    let is_number = !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    is_number.then(|| {
        word.iter().fold(0_u64, |value, digit| value.saturating_mul(10).saturating_add(u64::from(digit.wrapping_sub(b'0'))))
    })
}

#[cfg(test)]
mod tests {
    use crate::format::Parser;
    use crate::format::traceback::labels;
    use crate::{Edge, Error, InputKind, IssueKind, Snapshot, Tables};
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    const TEXT: &str = "PeriodType: goroutine count
Period: 1
Time: 2026-11-21 01:39:25.135620524 +0000 UTC
Samples:
goroutine/count
          2: 1 5 8 
          1: 9 
                handler:[/api/v1] user name:[a \"b\"
]
Locations
     1: 0x4860a9 M=1 runtime.gopark /go/src/runtime/proc.go:474:0 s=457
     5: 0x4623b1 M=1 runtime.goparkunlock /go/src/runtime/proc.go:480:0 s=479
             runtime.semacquire1 /go/src/runtime/sema.go:192:0 s=146
     8: 0x536cbd M=1 main.(*Server).lockIt /my src/main.go:39:0 s=39
     9: 0x7f01 M=2 
Mappings
1: 0x400000/0x53d000/0x0 /src/bin-27 8e66 [FN]
";

    fn read(text: &str) -> (Tables, Result<Vec<Snapshot>, Error>) {
        let mut tables = Tables::default();
        let mut parser = Parser::default();
        parser.push(&mut tables, text.as_bytes());
        let snapshots = parser.finish(&mut tables);
        (tables, snapshots)
    }

    fn render(tables: &Tables, snapshot: &Snapshot) -> Vec<String> {
        let frame = |edge: &Edge| match edge {
            Edge::Frame(frame) => {
                let frame = tables.frames.get(*frame);
                let text = |id| String::from_utf8_lossy(tables.bytes(id)).into_owned();
                let place = text(frame.location);
                let place = place.rsplit('/').next().unwrap_or_default();
                format!("{}@{place}{}", text(frame.function), if frame.inlined { "*" } else { "" })
            }
            other => format!("{other:?}"),
        };
        let row = |row: &crate::Goroutine| {
            let frames: Vec<_> = tables.edges(row.stack).iter().map(frame).collect();
            format!("{} {:?} {}", row.count(), labels::parse(tables.bytes(row.labels.0)), frames.join(" < "))
        };
        snapshot.goroutines().iter().map(row).collect()
    }

    #[test]
    fn ok_samples_labels_inlined_calls_and_addresses() {
        let (tables, snapshots) = read(TEXT);
        let snapshot = &snapshots.unwrap()[0];
        assert_eq!(
            render(&tables, snapshot),
            [
                "2 [] runtime.gopark@proc.go:474 < runtime.goparkunlock@proc.go:480* < runtime.semacquire1@sema.go:192 < \
                 main.(*Server).lockIt@main.go:39",
                r#"1 [("handler", "/api/v1"), ("user name", "a \"b\"\n")] 0x7f01@"#,
            ]
        );
        assert_eq!(snapshot.captured_at_nanos(), Some(1_795_225_165_135_620_524));
        let kinds: Vec<_> = snapshot.issues().iter().map(|issue| (issue.kind, issue.count)).collect();
        assert_eq!(kinds, [(IssueKind::Unsymbolized, 1)]);
    }

    #[test]
    fn err_a_cut_profile_keeps_its_counts() {
        for mark in ["Locations", "     8: 0x536cbd", "cbd M=1 main", "ings"] {
            let (_, snapshots) = read(&TEXT[..TEXT.find(mark).unwrap()]);
            let snapshot = &snapshots.unwrap()[0];
            assert_eq!(snapshot.n_goroutines(), 3, "{mark}");
            assert!(snapshot.issues().iter().any(|issue| matches!(issue.kind, IssueKind::Truncated { .. })), "{mark}");
        }
    }

    #[test]
    fn err_other_profiles_are_no_goroutines() {
        let (_, heap) = read(&TEXT.replace("goroutine count", "space bytes"));
        assert_eq!(heap.unwrap_err(), Error::NoGoroutines(InputKind::HeapProfile));
    }

    #[test]
    fn ok_a_location_that_stands_for_too_many_calls_is_cut() {
        let callers = "             main.f /src/main.go:39:0 s=39\n".repeat(1000);
        let ids = "8 ".repeat(1000);
        let text = TEXT.replace("2: 1 5 8 ", &format!("2: {ids}")).replace("     9: ", &format!("{callers}     9: "));
        let (tables, snapshots) = read(&text);
        let snapshots = snapshots.unwrap();
        let edges = tables.edges(snapshots[0].goroutines()[0].stack);
        assert!(edges.len() < 70_000 && edges.last() == Some(&Edge::Elided), "{}", edges.len());
    }
}
