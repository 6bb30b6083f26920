//! From the core's types to the report's: the only place where one becomes the other.

use stackherd_core as model;
use stackherd_report as report;
use stackherd_report::protocol::{self, Failure, FrameView};

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
    }
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
    }
}

pub(crate) fn failure(error: model::Error) -> Failure {
    let model::Error::NoGoroutines(input) = error else {
        return Failure { kind: report::IssueKind::InvalidCompression, looks_like: None, message: error.to_string() };
    };
    let kind = match input {
        model::InputKind::CountedProfile
        | model::InputKind::ProtobufProfile
        | model::InputKind::HeapProfile
        | model::InputKind::BlockProfile
        | model::InputKind::MutexProfile
        | model::InputKind::ThreadcreateProfile
        | model::InputKind::CustomProfile
        | model::InputKind::ExecutionTrace => report::IssueKind::UnsupportedProfile,
        _ => report::IssueKind::Unrecognized,
    };
    Failure { kind, looks_like: input_kind(input), message: error.to_string() }
}

fn input_kind(input: model::InputKind) -> Option<protocol::InputKind> {
    use model::InputKind as From;
    use protocol::InputKind as To;
    Some(match input {
        From::Empty => To::Empty,
        From::CountedProfile => To::CountedProfile,
        From::ProtobufProfile => To::ProtobufProfile,
        From::HeapProfile => To::HeapProfile,
        From::BlockProfile => To::BlockProfile,
        From::MutexProfile => To::MutexProfile,
        From::ThreadcreateProfile => To::ThreadcreateProfile,
        From::CustomProfile => To::CustomProfile,
        From::ExecutionTrace => To::ExecutionTrace,
        From::Goleak => To::Goleak,
        From::Race => To::Race,
        From::Delve => To::Delve,
        From::PprofText => To::PprofText,
        From::PprofIndex => To::PprofIndex,
        From::Html => To::Html,
        From::Zip => To::Zip,
        From::Tar => To::Tar,
        From::Compressed => To::Compressed,
        From::Utf16 => To::Utf16,
        From::Image => To::Image,
        From::Executable => To::Executable,
        From::Binary => To::Binary,
        From::Text => To::Text,
        _ => return None,
    })
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
    fn ok_places() {
        assert_eq!(split_location(b"C:/x y/a.go:12"), ("C:/x y/a.go".to_owned(), 12));
        assert_eq!(split_location(b""), (String::new(), 0));
        assert_eq!(short_file("/src/app/worker/worker.go"), "worker/worker.go");
        assert_eq!(short_file("/main.go"), "main.go");
        assert_eq!(short_file("main.go"), "main.go");
        assert_eq!(short_file("C:\\src\\app\\main.go"), "app\\main.go");
    }
}
