//! From the core's types to the report's: the only place where one becomes the other.

mod compared;

use stackherd_core as model;
use stackherd_report as report;
use stackherd_report::protocol::{Failure, FrameView};

pub(crate) use compared::{
    mode, outcome_kind, relation, similarity, similarity_word, status, trend, wanted_mode, wanted_relation,
};

/// Entries of an archive that a failure lists.
const MAX_ENTRIES_TOLD: usize = 3;

pub(crate) fn category(category: model::Category) -> report::Category {
    use model::Category as From;
    use report::Category as To;
    match category {
        From::Running => To::Running,
        From::Runnable => To::Runnable,
        From::ChanReceive => To::ChanReceive,
        From::ChanSend => To::ChanSend,
        From::Chan => To::Chan,
        From::Select => To::Select,
        From::Lock => To::Lock,
        From::Wait => To::Wait,
        From::Io => To::Io,
        From::Syscall => To::Syscall,
        From::Sleep => To::Sleep,
        From::Runtime => To::Runtime,
        From::Other => To::Other,
    }
}

pub(crate) fn origin(origin: model::Origin) -> report::Origin {
    match origin {
        model::Origin::App => report::Origin::App,
        model::Origin::Dependency => report::Origin::Dependency,
        model::Origin::Std => report::Origin::Std,
        model::Origin::Runtime => report::Origin::Runtime,
    }
}

pub(crate) fn format(format: model::Format) -> report::Format {
    match format {
        model::Format::Traceback => report::Format::Traceback,
        model::Format::Counted => report::Format::Counted,
        model::Format::Profile => report::Format::Profile,
        model::Format::Goleak => report::Format::Goleak,
        model::Format::Race => report::Format::Race,
        model::Format::Delve => report::Format::Delve,
        model::Format::Gops => report::Format::Gops,
        model::Format::CounterLog => report::Format::CounterLog,
    }
}

pub(crate) fn dump_kind(scope: model::Scope) -> report::DumpKind {
    match scope {
        model::Scope::All => report::DumpKind::Goroutine,
        model::Scope::Leaked => report::DumpKind::Goroutineleak,
    }
}

pub(crate) const fn language(language: report::Language) -> model::Language {
    match language {
        report::Language::En => model::Language::En,
        report::Language::ZhCn => model::Language::ZhCn,
    }
}

pub(crate) const fn severity(severity: model::Severity) -> report::Severity {
    match severity {
        model::Severity::Info => report::Severity::Info,
        model::Severity::Warning => report::Severity::Warning,
        model::Severity::Critical => report::Severity::Critical,
    }
}

pub(crate) const fn confidence(confidence: model::Confidence) -> report::Confidence {
    match confidence {
        model::Confidence::Possible => report::Confidence::Possible,
        model::Confidence::Likely => report::Confidence::Likely,
        model::Confidence::Certain => report::Confidence::Certain,
    }
}

pub(crate) const fn verdict_kind(kind: model::VerdictKind) -> report::VerdictKind {
    match kind {
        model::VerdictKind::Crash => report::VerdictKind::Crash,
        model::VerdictKind::Deadlock => report::VerdictKind::Deadlock,
        model::VerdictKind::Leak => report::VerdictKind::Leak,
        model::VerdictKind::Lock => report::VerdictKind::Lock,
        model::VerdictKind::Busy => report::VerdictKind::Busy,
        model::VerdictKind::TestLeak => report::VerdictKind::TestLeak,
        model::VerdictKind::Possible => report::VerdictKind::Possible,
        model::VerdictKind::Nothing => report::VerdictKind::Nothing,
    }
}

pub(crate) const fn object_kind(kind: model::ObjectKind) -> report::BlockingKind {
    match kind {
        model::ObjectKind::Mutex => report::BlockingKind::Mutex,
        model::ObjectKind::RwMutex => report::BlockingKind::Rwmutex,
        model::ObjectKind::WaitGroup => report::BlockingKind::Waitgroup,
        model::ObjectKind::Cond => report::BlockingKind::Cond,
        model::ObjectKind::Once => report::BlockingKind::Once,
        model::ObjectKind::Channel => report::BlockingKind::Channel,
        model::ObjectKind::Connection => report::BlockingKind::Connection,
        model::ObjectKind::Semaphore => report::BlockingKind::Semaphore,
    }
}

pub(crate) const fn onset(onset: model::Onset) -> report::Onset {
    report::Onset { minutes: onset.minutes, error_minutes: onset.error_minutes }
}

pub(crate) fn note(note: &model::Note) -> report::Note {
    report::Note { kind: note_kind(note.kind), line: note.line_number, count: note.count, message: note.to_string() }
}

fn note_kind(kind: model::NoteKind) -> report::NoteKind {
    use model::NoteKind as From;
    use report::NoteKind as To;
    match kind {
        From::Utf16 => To::Utf16,
        From::TerminalCodes => To::TerminalCodes,
        From::LogPrefix(model::LogPrefix::Cri) => To::CriPrefix,
        From::LogPrefix(model::LogPrefix::Kubectl) => To::KubectlPrefix,
        From::LogPrefix(model::LogPrefix::Compose) => To::ComposePrefix,
        From::LogPrefix(model::LogPrefix::Timestamp) => To::TimestampPrefix,
        From::LogPrefix(model::LogPrefix::Syslog) => To::SyslogPrefix,
        From::LogPrefix(model::LogPrefix::Other) => To::LogPrefix,
        From::JsonRecords => To::JsonRecords,
        From::EscapedText => To::EscapedText,
        From::Html => To::Html,
        From::Markdown => To::Markdown,
        From::Table => To::Table,
        From::HardWrap => To::HardWrap,
        From::NewestFirst => To::NewestFirst,
        From::InferredState => To::InferredState,
        From::ChannelDirection => To::ChannelDirection,
        From::Delta => To::Delta,
        From::RaceReport => To::RaceReport,
        From::OtherText => To::OtherText,
    }
}

pub(crate) fn series(series: &model::Series) -> report::Series {
    let point =
        |point: &model::Point| report::Point { line: point.line_number, at_millis: point.at_millis, value: point.value };
    report::Series { name: series.name.clone(), unit: series.unit.clone(), points: series.points.iter().map(point).collect() }
}

pub(crate) fn wait_minutes(waits: model::WaitMinutes) -> report::WaitMinutes {
    report::WaitMinutes { known: waits.n_known.into(), min: waits.min, p50: waits.p50, p95: waits.p95, max: waits.max }
}

pub(crate) fn crash(crash: &model::Crash) -> report::Crash {
    let kind = match crash.kind {
        model::CrashKind::Panic => report::CrashKind::Panic,
        model::CrashKind::FatalError => report::CrashKind::FatalError,
        model::CrashKind::Signal => report::CrashKind::Signal,
    };
    report::Crash { kind, message: crash.message.clone(), goid: crash.goid.map(|goid| goid.0) }
}

pub(crate) fn issue(issue: &model::Issue) -> report::Issue {
    report::Issue {
        kind: issue_kind(issue.kind),
        line: issue.line_number,
        count: issue.count,
        message: issue.to_string(),
        excerpt: (!issue.excerpt.is_empty()).then(|| issue.excerpt.clone()),
        offset_bytes: issue.kind.offset_bytes(),
        goid: issue.kind.goid().map(|goid| goid.0),
    }
}

fn issue_kind(kind: model::IssueKind) -> report::IssueKind {
    use model::IssueKind as From;
    use report::IssueKind as To;
    match kind {
        From::Truncated { .. } | From::Stopped { .. } => To::Truncated,
        From::MalformedHeader => To::MalformedHeader,
        From::MalformedFrame => To::MalformedFrame,
        From::OrphanFrame => To::OrphanFrame,
        From::DuplicateGoroutine => To::DuplicateGoroutine,
        From::StackUnavailable => To::StackUnavailable,
        From::InvalidCompression { .. } => To::InvalidCompression,
        From::InterleavedText => To::InterleavedText,
        From::CountMismatch { .. } => To::CountMismatch,
        From::Unsymbolized => To::Unsymbolized,
        From::OtherFormat { .. } => To::OtherFormat,
        From::OverlongLine => To::OverlongLine,
        From::TooLarge { .. } => To::TooLarge,
    }
}

pub(crate) fn input_issue(error: model::Error, entry: Option<String>) -> report::InputIssue {
    let message = error.to_string();
    let (kind, looks_like) = match error {
        model::Error::NoGoroutines(input) => (failure_kind(input), Some(input_kind(input))),
        model::Error::InvalidCompression => (report::IssueKind::InvalidCompression, None),
        model::Error::CutProfile { .. } => (report::IssueKind::Truncated, None),
        model::Error::ProfileTooLarge { .. } | model::Error::OverblownProfile => (report::IssueKind::TooLarge, None),
        _ => (report::IssueKind::Unrecognized, None),
    };
    report::InputIssue { kind, entry, message, looks_like }
}

fn failure_kind(input: model::InputKind) -> report::IssueKind {
    match input {
        model::InputKind::ProtobufProfile
        | model::InputKind::HeapProfile
        | model::InputKind::BlockProfile
        | model::InputKind::MutexProfile
        | model::InputKind::ContentionProfile
        | model::InputKind::ThreadcreateProfile
        | model::InputKind::CpuProfile
        | model::InputKind::CustomProfile
        | model::InputKind::ExecutionTrace => report::IssueKind::UnsupportedProfile,
        _ => report::IssueKind::Unrecognized,
    }
}

/// Why nothing of an input could be read.
pub(crate) fn failure(issues: &[report::InputIssue]) -> Failure {
    let of_input = issues.iter().rev().find(|issue| issue.entry.is_none());
    if let (Some(issue), [_]) = (of_input, issues) {
        return Failure { kind: issue.kind, looks_like: issue.looks_like, message: issue.message.clone() };
    }
    let shared = issues.first().map(|issue| issue.kind).filter(|&kind| issues.iter().all(|issue| issue.kind == kind));
    let kind = of_input.map(|issue| issue.kind).or(shared).unwrap_or(report::IssueKind::Unrecognized);
    let mut message = of_input.map_or_else(|| model::InputKind::Archive.to_string(), |issue| issue.message.clone());
    let entries = || issues.iter().filter_map(|issue| Some((issue.entry.as_ref()?, &issue.message)));
    for (entry, why) in entries().take(MAX_ENTRIES_TOLD) {
        message += &format!("; {entry}: {why}");
    }
    let n_more = entries().count().saturating_sub(MAX_ENTRIES_TOLD);
    if n_more > 0 {
        message += &format!("; and {n_more} more entries");
    }
    Failure { kind, looks_like: Some(report::InputKind::Archive), message }
}

fn input_kind(input: model::InputKind) -> report::InputKind {
    use model::InputKind as From;
    use report::InputKind as To;
    match input {
        From::Empty => To::Empty,
        From::ProtobufProfile => To::ProtobufProfile,
        From::HeapProfile => To::HeapProfile,
        From::BlockProfile => To::BlockProfile,
        From::MutexProfile => To::MutexProfile,
        From::ContentionProfile => To::ContentionProfile,
        From::ThreadcreateProfile => To::ThreadcreateProfile,
        From::CpuProfile => To::CpuProfile,
        From::CustomProfile => To::CustomProfile,
        From::ExecutionTrace => To::ExecutionTrace,
        From::PprofIndex => To::PprofIndex,
        From::Html => To::Html,
        From::Archive => To::Archive,
        From::Compressed => To::Compressed,
        From::Image => To::Image,
        From::Executable => To::Executable,
        From::Binary => To::Binary,
        // A kind that the core learned later is told by its message.
        _ => To::Text,
    }
}

/// Reads frames out of the tables in the reader's terms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FrameReader<'a> {
    pub(crate) tables: &'a model::Tables,
    pub(crate) rules: &'a model::OriginRules,
}

impl FrameReader<'_> {
    pub(crate) fn view(self, id: model::FrameId) -> FrameView {
        let frame = self.tables.frames.get(id);
        let function = model::FuncName::parse(self.tables.bytes(frame.function));
        let (file, line) = split_location(self.tables.bytes(frame.location));
        FrameView {
            package: function.package_element().to_owned(),
            name: function.name().to_owned(),
            short_file: short_file(&file).to_owned(),
            origin: origin(self.rules.origin(&function, &file)),
            function: function.full().to_owned(),
            file,
            line,
            inlined: frame.inlined,
        }
    }

    pub(crate) fn origin(self, id: model::FrameId) -> report::Origin {
        let frame = self.tables.frames.get(id);
        let (file, _) = split_location(self.tables.bytes(frame.location));
        origin(self.rules.origin(&self.function(id), &file))
    }

    pub(crate) fn function(self, id: model::FrameId) -> model::FuncName {
        model::FuncName::parse(self.tables.bytes(self.tables.frames.get(id).function))
    }

    pub(crate) fn frame(self, id: model::FrameId) -> report::Frame {
        let view = self.view(id);
        report::Frame { function: view.function, file: view.file, line: view.line, origin: view.origin, inlined: view.inlined }
    }

    pub(crate) fn site(self, id: model::FrameId) -> report::Site {
        let view = self.view(id);
        report::Site { function: view.function, file: view.file, line: view.line, origin: view.origin }
    }

    pub(crate) fn text(self, id: model::StringId) -> String {
        String::from_utf8_lossy(self.tables.bytes(id)).into_owned()
    }
}

/// `/app/worker.go:89` is the file and the line; an empty place has neither.
fn split_location(location: &[u8]) -> (String, u32) {
    let text = String::from_utf8_lossy(location);
    match text.rsplit_once(':') {
        Some((file, line)) => (file.to_owned(), line.parse().unwrap_or(0)),
        None => (text.into_owned(), 0),
    }
}

/// The file and its folder, enough to recognize it.
fn short_file(file: &str) -> &str {
    let is_separator = |c: char| c == '/' || c == '\\';
    let Some(last) = file.rfind(is_separator) else { return file };
    let folder = file.get(..last).and_then(|path| path.rfind(is_separator)).map_or(0, |at| at + 1);
    file.get(folder..).unwrap_or(file).trim_start_matches(is_separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_failures_of_archives_say_what_their_entries_share() {
        use report::IssueKind::{EncryptedArchive, TooLarge, Unrecognized};
        let issue = |kind, entry: Option<&str>| report::InputIssue {
            kind,
            entry: entry.map(str::to_owned),
            message: "it is so".to_owned(),
            looks_like: None,
        };
        let alone = failure(&[issue(TooLarge, None)]);
        assert_eq!((alone.kind, alone.looks_like, alone.message.as_str()), (TooLarge, None, "it is so"));
        assert_eq!(failure(&[]).kind, Unrecognized);
        let secret = failure(&[issue(EncryptedArchive, Some("a")), issue(EncryptedArchive, Some("b"))]);
        assert_eq!(secret.kind, EncryptedArchive);
        assert!(secret.message.ends_with("; a: it is so; b: it is so"), "{}", secret.message);
        assert_eq!(failure(&[issue(EncryptedArchive, Some("a")), issue(Unrecognized, Some("b"))]).kind, Unrecognized);
        let cut = failure(&[issue(Unrecognized, Some("a")), issue(TooLarge, None)]);
        assert_eq!((cut.kind, cut.message.as_str()), (TooLarge, "it is so; a: it is so"));
    }

    #[test]
    fn ok_places() {
        assert_eq!(split_location(b"C:/x y/a.go:12"), ("C:/x y/a.go".to_owned(), 12));
        assert_eq!(split_location(b""), (String::new(), 0));
        assert_eq!(short_file("/src/app/worker/worker.go"), "worker/worker.go");
        assert_eq!(short_file("/main.go"), "main.go");
        assert_eq!(short_file("main.go"), "main.go");
        assert_eq!(short_file("C:\\src\\app\\main.go"), "app\\main.go");
    }
}
