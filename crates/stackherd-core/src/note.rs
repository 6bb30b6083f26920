//! What was peeled off a dump, or inferred, that the reader should know of. Nothing of it is a fault.

use alloc::vec::Vec;
use core::fmt;
use core::mem;

/// Something worth knowing about how a dump was read. Equal kinds are counted together, at the line of the first.
///
/// `Display` gives the plain message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// From 1, of the first occurrence.
    pub line_number: u64,
    /// Lines, records or goroutines concerned; the kind says which.
    pub count: u64,
}

/// Kinds of [`Note`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// UTF-16 text, decoded. Counts nothing.
    Utf16,
    /// Colour and other terminal codes, removed. Counts lines.
    TerminalCodes,
    /// A log prefix before every line, removed. Counts lines.
    LogPrefix(LogPrefix),
    /// Text taken out of JSON records. Counts records.
    JsonRecords,
    /// Text taken out of the cells of a table, such as CSV. Counts lines.
    Table,
    /// A whole dump written as one line with escaped line breaks, undone. Counts lines.
    EscapedText,
    /// A web page: tags removed, entities decoded. Counts lines.
    Html,
    /// Markdown quotes and the asterisks it took. Counts lines.
    Markdown,
    /// Lines broken by a terminal, joined again. Counts lines.
    HardWrap,
    /// Lines in reverse order, turned round. Counts lines.
    NewestFirst,
    /// States that the format does not print, inferred from the frames. Counts goroutines.
    InferredState,
    /// Channel operations of which the format does not tell whether they send or receive. Counts goroutines.
    ChannelDirection,
    /// A profile of differences: goroutines that went away are not shown. Counts those.
    Delta,
    /// A race detector report: it lists accesses, not goroutines. Counts races.
    RaceReport,
    /// Other text around the stacks, such as log lines, skipped. Counts lines.
    OtherText,
}

/// Where a log prefix comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogPrefix {
    /// The container runtime's files on a node: `2026-11-21T01:38:30.1Z stderr F `.
    Cri,
    /// `kubectl logs --prefix` and stern.
    Kubectl,
    /// `docker compose logs`.
    Compose,
    /// A time stamp: `kubectl logs --timestamps`, `docker logs --timestamps`, GitHub Actions.
    Timestamp,
    /// syslog and journald.
    Syslog,
    /// Anything else that is the same before every line.
    Other,
}

impl Note {
    /// Adds `note` to `notes`, to the count of its kind if there is one already.
    pub(crate) fn add(notes: &mut Vec<Self>, note: Self) {
        let same = notes.iter_mut().find(|other| match (other.kind, note.kind) {
            (NoteKind::LogPrefix(one), NoteKind::LogPrefix(other)) => one == other,
            (one, other) => mem::discriminant(&one) == mem::discriminant(&other),
        });
        match same {
            Some(other) => {
                other.count += note.count;
                other.line_number = other.line_number.min(note.line_number);
            }
            None => notes.push(note),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.count;
        let lines = if n == 1 { "line" } else { "lines" };
        match self.kind {
            NoteKind::Utf16 => write!(f, "The text was UTF-16 and was decoded."),
            NoteKind::TerminalCodes => write!(f, "Terminal colour codes were removed from {n} {lines}."),
            NoteKind::LogPrefix(prefix) => write!(f, "{prefix} was removed from {n} {lines}."),
            NoteKind::JsonRecords => {
                write!(f, "The text was taken out of {n} JSON {}.", if n == 1 { "record" } else { "records" })
            }
            NoteKind::Table => write!(f, "The text was taken out of {n} {lines} of a table."),
            NoteKind::EscapedText => write!(f, "Escaped line breaks were undone in {n} {lines}."),
            NoteKind::Html => write!(f, "HTML tags and entities were removed from {n} {lines}."),
            NoteKind::Markdown => write!(f, "Markdown quoting was undone in {n} {lines}."),
            NoteKind::HardWrap => write!(f, "{n} {lines} broken at the width of a terminal were joined again."),
            NoteKind::NewestFirst => write!(f, "{n} {lines} stood in reverse order and were turned round."),
            NoteKind::InferredState => write!(
                f,
                "This format prints no states; those of {n} {} were inferred from the frames.",
                if n == 1 { "goroutine" } else { "goroutines" }
            ),
            NoteKind::ChannelDirection => write!(
                f,
                "{n} {} in a channel operation; this format does not tell sending from receiving. debug=2 does.",
                if n == 1 { "goroutine is" } else { "goroutines are" }
            ),
            NoteKind::Delta => write!(
                f,
                "This profile holds differences between two moments; {n} {} that went away {} not shown.",
                if n == 1 { "goroutine" } else { "goroutines" },
                if n == 1 { "is" } else { "are" }
            ),
            NoteKind::RaceReport => write!(
                f,
                "The race detector reported {n} {}; such a report lists memory accesses, not goroutines.",
                if n == 1 { "race" } else { "races" }
            ),
            NoteKind::OtherText => {
                write!(f, "{n} other {lines} around the stacks {} skipped.", if n == 1 { "was" } else { "were" })
            }
        }
    }
}

impl fmt::Display for LogPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cri => "The container runtime's log prefix",
            Self::Kubectl => "The pod's name",
            Self::Compose => "The service's name",
            Self::Timestamp => "A time stamp",
            Self::Syslog => "The syslog prefix",
            Self::Other => "A log prefix",
        })
    }
}
