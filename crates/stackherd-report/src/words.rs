//! The closed lists of words of the contract, kebab-case in JSON.

use serde::{Deserialize, Serialize};

/// Derives what every list of words needs.
macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)* })*) => {$(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
        $(#[$meta])*
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word used in JSON, in queries and on the command line.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    )*};
}
pub(crate) use words;

words! {
    /// How Go, or a tool, printed the dump.
    pub enum Format {
        /// `debug=2`, `runtime.Stack`, SIGQUIT, panic and fatal error text.
        Traceback = "traceback",
        /// `debug=1`.
        Counted = "counted",
        /// A protobuf profile.
        Profile = "profile",
        /// A goleak report.
        Goleak = "goleak",
        /// A race detector report.
        Race = "race",
        /// A delve listing.
        Delve = "delve",
        /// A gops listing.
        Gops = "gops",
        /// Lines that count goroutines.
        CounterLog = "counter-log",
    }

    /// Which goroutines a dump lists.
    pub enum DumpKind {
        /// All of them.
        Goroutine = "goroutine",
        /// Only those that the runtime proved to be leaked.
        Goroutineleak = "goroutineleak",
    }

    /// What ended a process.
    pub enum CrashKind {
        /// `panic: …`
        Panic = "panic",
        /// `fatal error: …`
        FatalError = "fatal-error",
        /// A signal, SIGQUIT among them.
        Signal = "signal",
    }

    /// What a goroutine does, coarse enough to count.
    pub enum Category {
        /// On a processor.
        Running = "running",
        /// Waiting for a processor.
        Runnable = "runnable",
        /// Receiving from a channel.
        ChanReceive = "chan-receive",
        /// Sending to a channel.
        ChanSend = "chan-send",
        /// Sending or receiving; the format can't tell.
        Chan = "chan",
        /// In a select statement.
        Select = "select",
        /// Waiting for a mutex or a semaphore.
        Lock = "lock",
        /// Waiting for a `WaitGroup`, a `Cond` or a synctest bubble.
        Wait = "wait",
        /// Waiting for the network poller.
        Io = "io",
        /// In a system call or C code.
        Syscall = "syscall",
        /// In `time.Sleep`.
        Sleep = "sleep",
        /// The Go runtime's own work.
        Runtime = "runtime",
        /// Anything else.
        Other = "other",
    }

    /// Whose code a frame is.
    pub enum Origin {
        /// The reader's.
        App = "app",
        /// A module the reader imports.
        Dependency = "dependency",
        /// Go's standard library.
        Std = "std",
        /// The Go runtime.
        Runtime = "runtime",
    }

    /// What was not understood.
    pub enum IssueKind {
        /// The input ends in the middle of something.
        Truncated = "truncated",
        /// A line starts like a goroutine header and goes on like none.
        MalformedHeader = "malformed-header",
        /// A call or place that can't be read.
        MalformedFrame = "malformed-frame",
        /// A place without a call.
        OrphanFrame = "orphan-frame",
        /// A later section repeats a goroutine.
        DuplicateGoroutine = "duplicate-goroutine",
        /// Go could not read a goroutine's stack.
        StackUnavailable = "stack-unavailable",
        /// Other text inside a stack.
        InterleavedText = "interleaved-text",
        /// The dump declares another total than it lists.
        CountMismatch = "count-mismatch",
        /// A profile of something else than goroutines.
        UnsupportedProfile = "unsupported-profile",
        /// Nothing that looks like a goroutine dump.
        Unrecognized = "unrecognized",
        /// Compressed data that can't be inflated.
        InvalidCompression = "invalid-compression",
        /// A limit was reached.
        TooLarge = "too-large",
        /// An archive that needs a password.
        EncryptedArchive = "encrypted-archive",
        /// An archive entry that was left out.
        SkippedArchiveEntry = "skipped-archive-entry",
        /// Addresses without names.
        Unsymbolized = "unsymbolized",
        /// The same goroutines in another format, left out.
        OtherFormat = "other-format",
        /// A line longer than what is kept of it.
        OverlongLine = "overlong-line",
    }

    /// What was peeled off a dump, or inferred.
    pub enum NoteKind {
        /// UTF-16 text, decoded. Counts nothing.
        Utf16 = "utf-16",
        /// Terminal codes, removed. Counts lines.
        TerminalCodes = "terminal-codes",
        /// The container runtime's prefix, removed. Counts lines.
        CriPrefix = "cri-prefix",
        /// The pod's name, removed. Counts lines.
        KubectlPrefix = "kubectl-prefix",
        /// The service's name, removed. Counts lines.
        ComposePrefix = "compose-prefix",
        /// A time stamp, removed. Counts lines.
        TimestampPrefix = "timestamp-prefix",
        /// The syslog prefix, removed. Counts lines.
        SyslogPrefix = "syslog-prefix",
        /// Any other prefix, removed. Counts lines.
        LogPrefix = "log-prefix",
        /// Text taken out of JSON. Counts records.
        JsonRecords = "json-records",
        /// Escaped line breaks, undone. Counts lines.
        EscapedText = "escaped-text",
        /// Tags and entities, removed. Counts lines.
        Html = "html",
        /// Markdown quoting, undone. Counts lines.
        Markdown = "markdown",
        /// Text taken out of the cells of a table. Counts lines.
        Table = "table",
        /// Lines broken by a terminal, joined. Counts lines.
        HardWrap = "hard-wrap",
        /// Reverse order, turned round. Counts lines.
        NewestFirst = "newest-first",
        /// States inferred from frames. Counts goroutines.
        InferredState = "inferred-state",
        /// Channel operations without a direction. Counts goroutines.
        ChannelDirection = "channel-direction",
        /// A profile of differences; counts the goroutines that went away, which are not shown.
        Delta = "delta",
        /// A race detector report. Counts races.
        RaceReport = "race-report",
        /// Other text around the stacks, skipped. Counts lines.
        OtherText = "other-text",
    }

    /// What an input without goroutines looks like.
    pub enum InputKind {
        /// No bytes, or only white space.
        Empty = "empty",
        /// A protobuf profile, kind unknown.
        ProtobufProfile = "protobuf-profile",
        /// A heap or allocation profile.
        HeapProfile = "heap-profile",
        /// A block profile.
        BlockProfile = "block-profile",
        /// A mutex profile.
        MutexProfile = "mutex-profile",
        /// A block or mutex profile: as protobuf they look alike.
        ContentionProfile = "contention-profile",
        /// A thread creation profile.
        ThreadcreateProfile = "threadcreate-profile",
        /// A CPU profile.
        CpuProfile = "cpu-profile",
        /// A profile of some other name.
        CustomProfile = "custom-profile",
        /// An execution trace.
        ExecutionTrace = "execution-trace",
        /// The pprof index page or its error text.
        PprofIndex = "pprof-index",
        /// Another web page.
        Html = "html",
        /// An archive in which no dump was found.
        Archive = "archive",
        /// Data compressed in a way that is not read.
        Compressed = "compressed",
        /// A picture.
        Image = "image",
        /// A program.
        Executable = "executable",
        /// Other bytes that are no text.
        Binary = "binary",
        /// Text in which nothing was recognized.
        Text = "text",
    }

    /// What kind of trouble a dump shows.
    pub enum VerdictKind {
        /// The process ended; what ended it comes first.
        Crash = "crash",
        /// Nothing can run, or goroutines wait for each other.
        Deadlock = "deadlock",
        /// Goroutines that will never go on, proved or likely.
        Leak = "leak",
        /// A lock that many queue for.
        Lock = "lock",
        /// Many goroutines run or are ready to run.
        Busy = "busy",
        /// A test left goroutines behind.
        TestLeak = "test-leak",
        /// Something is worth a look, nothing more is certain.
        Possible = "possible",
        /// No group stands out.
        Nothing = "nothing",
    }

    /// A language that sentences are written in.
    #[derive(Default)]
    pub enum Language {
        /// English.
        #[default]
        En = "en",
        /// 简体中文.
        ZhCn = "zh-CN",
    }

    /// How bad a finding is.
    pub enum Severity {
        /// Worth knowing.
        Info = "info",
        /// Worth a look.
        Warning = "warning",
        /// Needs action.
        Critical = "critical",
    }

    /// How sure a finding is.
    pub enum Confidence {
        /// It may be.
        Possible = "possible",
        /// The evidence points there.
        Likely = "likely",
        /// The runtime said so.
        Certain = "certain",
    }

    /// How alike goroutines of a group are. What they do is part of every level.
    #[derive(Default)]
    pub enum Similarity {
        /// The same functions, files and lines, and the same creator.
        #[default]
        Stack = "stack",
        /// The same functions; lines are ignored, closures and type parameters folded.
        Function = "function",
        /// The same `go` statement and entry function.
        Origin = "origin",
        /// The same first application frame from the leaf.
        Culprit = "culprit",
    }

    /// How the count of a group goes over time.
    pub enum Course {
        /// More from dump to dump.
        Growing = "growing",
        /// Up and down again.
        Bursting = "bursting",
        /// About the same.
        Steady = "steady",
        /// Fewer from dump to dump.
        Shrinking = "shrinking",
    }

    /// Whether a fix worked.
    pub enum OutcomeKind {
        /// The leaks are gone.
        Fixed = "fixed",
        /// Some are gone or much smaller.
        Better = "better",
        /// None is much smaller.
        Unchanged = "unchanged",
        /// They grew.
        Worse = "worse",
    }

    /// Whether dumps are of one process.
    pub enum Relation {
        /// One process at several times.
        SameProcess = "same-process",
        /// One program, several processes.
        SameService = "same-service",
        /// Can't tell.
        Unknown = "unknown",
    }

    /// How dumps relate.
    pub enum ComparisonMode {
        /// In time.
        Series = "series",
        /// In space.
        Fleet = "fleet",
    }

    /// What happened to a group.
    pub enum GroupStatus {
        /// Not in the baseline.
        New = "new",
        /// Only in the baseline.
        Gone = "gone",
        /// Larger than in the baseline.
        Grown = "grown",
        /// Smaller than in the baseline.
        Shrunk = "shrunk",
        /// As large as in the baseline.
        Same = "same",
    }

    /// What goroutines wait for.
    pub enum BlockingKind {
        /// `sync.Mutex`
        Mutex = "mutex",
        /// `sync.RWMutex`
        Rwmutex = "rwmutex",
        /// `sync.WaitGroup`
        Waitgroup = "waitgroup",
        /// `sync.Cond`
        Cond = "cond",
        /// `sync.Once`
        Once = "once",
        /// A channel.
        Channel = "channel",
        /// A network connection.
        Connection = "connection",
        /// A semaphore of the runtime whose owner is not known.
        Semaphore = "semaphore",
    }
}
