//! Why an input shows nothing.

use thiserror::Error;

/// There is no goroutine in the input. Everything less is an [`Issue`](crate::Issue).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// No goroutine header was found; the input looks like something else.
    #[error("{0}")]
    NoGoroutines(InputKind),
    /// The input is compressed, and no goroutine could be read of what was inflated.
    #[error("the compressed data ends early or is damaged, and no goroutine could be read of it; fetch the file again")]
    InvalidCompression,
    /// A profile that ends before the names in it.
    #[error("the profile is cut off after {n_bytes} bytes, before the names of its functions; fetch the whole file again")]
    CutProfile {
        /// How much of it there is.
        n_bytes: u64,
    },
    /// A profile that is none from some byte on.
    #[error("the profile is damaged at byte {offset_bytes}; fetch the file again")]
    DamagedProfile {
        /// Of the protobuf data, after gzip is undone.
        offset_bytes: u64,
    },
    /// A profile that is longer than what is kept of one.
    #[error("the profile is larger than {limit_bytes} bytes, the most that is read; take the dump with debug=2")]
    ProfileTooLarge {
        /// The most that is read.
        limit_bytes: u64,
    },
    /// A profile whose few bytes stand for far more text or frames than any real one.
    #[error("the profile unfolds to far more than its size allows, as no real one does; fetch the file again")]
    OverblownProfile,
}

/// What an input without goroutines looks like. `Display` says what it is and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InputKind {
    /// No bytes, or only white space.
    #[error("the input is empty; take a dump with `curl -s 'localhost:6060/debug/pprof/goroutine?debug=2' > dump.txt`")]
    Empty,
    /// A protobuf profile whose first bytes are damaged.
    #[error("this looks like a protobuf profile that is damaged at its start; fetch the file again")]
    ProtobufProfile,
    /// A heap or allocation profile.
    #[error("this is a heap profile, not a goroutine dump; take /debug/pprof/goroutine?debug=2 instead")]
    HeapProfile,
    /// A block profile.
    #[error("this is a block profile, not a goroutine dump; take /debug/pprof/goroutine?debug=2 instead")]
    BlockProfile,
    /// A mutex profile.
    #[error("this is a mutex profile, not a goroutine dump; take /debug/pprof/goroutine?debug=2 instead")]
    MutexProfile,
    /// A block or mutex profile; as protobuf they look alike.
    #[error("this is a block or mutex profile, not a goroutine dump; take /debug/pprof/goroutine?debug=2 instead")]
    ContentionProfile,
    /// A CPU profile.
    #[error("this is a CPU profile, not a goroutine dump; take /debug/pprof/goroutine?debug=2 instead")]
    CpuProfile,
    /// A thread creation profile.
    #[error("this is a threadcreate profile, not a goroutine dump; take /debug/pprof/goroutine?debug=2 instead")]
    ThreadcreateProfile,
    /// A profile of some other name.
    #[error("this is a custom profile, not a goroutine dump; take /debug/pprof/goroutine?debug=2 instead")]
    CustomProfile,
    /// An execution trace.
    #[error("this is an execution trace, not a goroutine dump; take /debug/pprof/goroutine?debug=2 instead")]
    ExecutionTrace,
    /// The pprof index page or its error text.
    #[error("this is the pprof index or an error page, not a dump; fetch /debug/pprof/goroutine?debug=2")]
    PprofIndex,
    /// Another web page.
    #[error("this is a web page, not a goroutine dump; save the plain text of /debug/pprof/goroutine?debug=2")]
    Html,
    /// An archive without a readable entry.
    #[error("no goroutine dump was found in this archive; pack the text or .pb.gz files themselves")]
    Archive,
    /// Compressed in a way that is not read.
    #[error("this is compressed in a way that is not read; unpack it first, or use gzip, zstd, xz, bzip2, zip or tar")]
    Compressed,
    /// A picture.
    #[error("this is a picture, not a goroutine dump; paste or save the text itself")]
    Image,
    /// A program.
    #[error(
        "this is a program, not a goroutine dump; send the running process SIGQUIT or fetch /debug/pprof/goroutine?debug=2"
    )]
    Executable,
    /// Other bytes that are no text.
    #[error("this is binary data in which no goroutine dump was recognized; give debug=2 text or crash output")]
    Binary,
    /// Text in which nothing was recognized.
    #[error(
        "no goroutine was found in this text; expected a goroutine profile (debug=0, 1 or 2), runtime.Stack output, a panic log or a log with one of them"
    )]
    Text,
}
