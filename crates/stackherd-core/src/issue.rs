//! What was not understood, or what limits what can be concluded.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::mem;

use crate::snapshot::Goid;

/// Longest excerpt kept of an offending line, in bytes.
const MAX_EXCERPT_BYTES: usize = 160;

/// Something in the input that was not understood. Equal kinds are counted together, at the line of the first.
///
/// `Display` gives the plain message: what was seen and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// What it is.
    pub kind: IssueKind,
    /// From 1, of the first occurrence.
    pub line_number: u64,
    /// How often it occurred.
    pub count: u64,
    /// The first offending line, shortened; empty when there is none.
    pub excerpt: String,
}

/// Kinds of [`Issue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueKind {
    /// The input ends in the middle of a goroutine.
    Truncated {
        /// Where it ends.
        offset_bytes: u64,
        /// The goroutine it was cut in, when its header was read.
        goid: Option<Goid>,
    },
    /// The reader stopped the reading.
    Stopped {
        /// How far it came.
        offset_bytes: u64,
    },
    /// A line that starts like a goroutine header and goes on like none.
    MalformedHeader,
    /// A call without a place.
    MalformedFrame,
    /// A place without a call.
    OrphanFrame,
    /// A later section lists a goroutine again.
    DuplicateGoroutine,
    /// `goroutine running on other thread; stack unavailable`
    StackUnavailable,
    /// Other text inside a stack, such as a log line.
    InterleavedText,
    /// The dump's own total is not what was read.
    CountMismatch {
        /// The dump's own total.
        declared: u64,
        /// What was read.
        found: u64,
    },
    /// Frames that are bare addresses: the profile carries no names for them.
    Unsymbolized,
    /// Goroutines of another format in the same input, left out so that none is counted twice.
    OtherFormat {
        /// How many they are.
        n_goroutines: u64,
    },
    /// A line is longer than what is kept of it.
    OverlongLine,
    /// Compressed data that ends early or is damaged.
    InvalidCompression {
        /// How much of the text was inflated.
        offset_bytes: u64,
    },
    /// More came out of compressed data than is read.
    TooLarge {
        /// How much of the text was read.
        offset_bytes: u64,
    },
}

impl IssueKind {
    /// The byte it happened at, for kinds that have one.
    #[must_use]
    pub fn offset_bytes(self) -> Option<u64> {
        match self {
            Self::Truncated { offset_bytes, .. }
            | Self::Stopped { offset_bytes }
            | Self::InvalidCompression { offset_bytes }
            | Self::TooLarge { offset_bytes } => Some(offset_bytes),
            _ => None,
        }
    }

    /// The goroutine it is about, for kinds that know it.
    #[must_use]
    pub fn goid(self) -> Option<Goid> {
        match self {
            Self::Truncated { goid, .. } => goid,
            _ => None,
        }
    }

    /// The same, in an input that has `n_bytes` before this one.
    #[must_use]
    pub(crate) fn moved(self, n_bytes: u64) -> Self {
        match self {
            Self::Truncated { offset_bytes, goid } => Self::Truncated { offset_bytes: offset_bytes + n_bytes, goid },
            Self::Stopped { offset_bytes } => Self::Stopped { offset_bytes: offset_bytes + n_bytes },
            Self::InvalidCompression { offset_bytes } => Self::InvalidCompression { offset_bytes: offset_bytes + n_bytes },
            Self::TooLarge { offset_bytes } => Self::TooLarge { offset_bytes: offset_bytes + n_bytes },
            other => other,
        }
    }
}

impl Issue {
    /// A single occurrence.
    #[must_use]
    pub fn new(kind: IssueKind, line_number: u64, line: &[u8]) -> Self {
        let cut = line.get(..MAX_EXCERPT_BYTES).unwrap_or(line);
        let mut excerpt = String::from_utf8_lossy(cut).into_owned();
        if cut.len() < line.len() {
            excerpt.push('…');
        }
        Self { kind, line_number, count: 1, excerpt }
    }

    /// Adds `issue` to `issues`, to the count of its kind if there is one already.
    pub(crate) fn note(issues: &mut Vec<Self>, issue: Self) {
        let same = issues.iter_mut().find(|other| mem::discriminant(&other.kind) == mem::discriminant(&issue.kind));
        match same {
            Some(other) => {
                other.count += issue.count;
                if issue.line_number < other.line_number {
                    let count = other.count;
                    *other = Self { count, ..issue };
                }
            }
            None => issues.push(issue),
        }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.count;
        match self.kind {
            IssueKind::Truncated { offset_bytes, goid: Some(goid) } => write!(
                f,
                "The dump is cut off in goroutine {}, at byte {offset_bytes}. Counts are a lower bound; take the dump again with a \
                 larger buffer, or save the whole response.",
                goid.0
            ),
            IssueKind::Truncated { offset_bytes, goid: None } => write!(
                f,
                "The dump is cut off at byte {offset_bytes}. Counts are a lower bound; take the dump again \
                 with a larger buffer, or save the whole response."
            ),
            IssueKind::Stopped { offset_bytes } => {
                write!(
                    f,
                    "Reading was stopped after {offset_bytes} bytes. Counts are a lower bound; open the dump again to read all of it."
                )
            }
            IssueKind::MalformedHeader => write!(
                f,
                "{n} {} like a goroutine header but cannot be one, and {} not counted as a goroutine.",
                if n == 1 { "line looks" } else { "lines look" },
                if n == 1 { "is" } else { "are" }
            ),
            IssueKind::MalformedFrame => write!(
                f,
                "{n} {} no file and line after it and {} left out of the stack.",
                if n == 1 { "call has" } else { "calls have" },
                if n == 1 { "is" } else { "are" }
            ),
            IssueKind::OrphanFrame => write!(
                f,
                "{n} {} no call before it and {} left out of the stack.",
                if n == 1 { "file line has" } else { "file lines have" },
                if n == 1 { "is" } else { "are" }
            ),
            IssueKind::DuplicateGoroutine => write!(
                f,
                "{n} {} listed again in a later section and counted once; the entry with a stack is kept.",
                if n == 1 { "goroutine is" } else { "goroutines are" }
            ),
            IssueKind::StackUnavailable => write!(
                f,
                "Go could not print the stack of {n} running {}; they are counted without frames.",
                if n == 1 { "goroutine" } else { "goroutines" }
            ),
            IssueKind::InvalidCompression { offset_bytes } => write!(
                f,
                "The compressed data ends early or is damaged after {offset_bytes} bytes of text. Counts are a lower bound; fetch the \
                 file again."
            ),
            IssueKind::TooLarge { offset_bytes } => write!(
                f,
                "Reading stopped at a limit after {offset_bytes} bytes of text. Counts are a lower bound; unpack the file and open the \
                 text itself."
            ),
            IssueKind::CountMismatch { declared, found } => {
                write!(f, "The dump says it holds {declared} goroutines and {found} were read; it may be incomplete or edited.")
            }
            IssueKind::Unsymbolized => write!(
                f,
                "{n} {} an address without a function name. Take the profile from the running process, or symbolize it with go tool \
                 pprof.",
                if n == 1 { "frame is" } else { "frames are" }
            ),
            IssueKind::OtherFormat { n_goroutines } => write!(
                f,
                "The input also holds a profile of {n_goroutines} goroutines, which the stacks here list one by one. It is left out so \
                 that none is counted twice; put it into a file of its own to read it."
            ),
            IssueKind::OverlongLine => write!(
                f,
                "{n} {} too long and {} cut. Save the dump with its line breaks.",
                if n == 1 { "line is" } else { "lines are" },
                if n == 1 { "was" } else { "were" }
            ),
            IssueKind::InterleavedText => write!(
                f,
                "{n} {} of other text inside stacks {} skipped; the stacks around them are complete.",
                if n == 1 { "line" } else { "lines" },
                if n == 1 { "was" } else { "were" }
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    #[test]
    fn ok_equal_kinds_are_counted_at_the_first_line() {
        let mut issues = vec![];
        Issue::note(&mut issues, Issue::new(IssueKind::OrphanFrame, 9, b"\t/a.go:1"));
        Issue::note(&mut issues, Issue::new(IssueKind::OrphanFrame, 4, b"\t/b.go:1"));
        Issue::note(&mut issues, Issue::new(IssueKind::MalformedHeader, 5, b"goroutine 5 ["));
        assert_eq!(issues.len(), 2);
        assert_eq!((issues[0].line_number, issues[0].count, issues[0].excerpt.as_str()), (4, 2, "\t/b.go:1"));
    }

    #[test]
    fn ok_messages_say_where_and_what_to_do() {
        let cut = Issue::new(IssueKind::Truncated { offset_bytes: 812, goid: Some(Goid(7)) }, 30, b"main.f(0x");
        assert!(cut.to_string().starts_with("The dump is cut off in goroutine 7, at byte 812."));
    }
}
