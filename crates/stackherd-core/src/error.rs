//! Why an input shows nothing.

use thiserror::Error;

/// There is no goroutine in the input. Everything less is an [`Issue`](crate::Issue).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// No goroutine header was found; the input looks like something else.
    #[error("{0}")]
    NoGoroutines(InputKind),
    /// The input starts like gzip, and nothing could be inflated.
    #[error("the gzip data is damaged and nothing could be inflated; fetch the file again")]
    InvalidCompression,
}

/// What an input without goroutines looks like. `Display` says what it is and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InputKind {
    /// No bytes, or only white space.
    #[error("the input is empty; take a dump with `curl -s 'localhost:6060/debug/pprof/goroutine?debug=2' > dump.txt`")]
    Empty,
    /// `debug=1` text.
    #[error("this is a counted goroutine profile (debug=1), which this version does not read; take the dump with debug=2")]
    CountedProfile,
    /// A protobuf profile.
    #[error("this is a protobuf profile, which this version does not read; take the goroutine dump with debug=2")]
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
    /// A thread creation profile.
    #[error("this is a threadcreate profile, not a goroutine dump; take /debug/pprof/goroutine?debug=2 instead")]
    ThreadcreateProfile,
    /// A profile of some other name.
    #[error("this is a custom profile, not a goroutine dump; take /debug/pprof/goroutine?debug=2 instead")]
    CustomProfile,
    /// An execution trace.
    #[error("this is an execution trace, not a goroutine dump; take /debug/pprof/goroutine?debug=2 instead")]
    ExecutionTrace,
    /// A goleak report without goroutine headers.
    #[error("this is a goleak report, which this version does not read; take a dump with runtime.Stack or debug=2")]
    Goleak,
    /// A race detector report.
    #[error("this is a race detector report; it lists no goroutine dump, use debug=2 or SIGQUIT to take one")]
    Race,
    /// A delve listing.
    #[error("this is a delve listing, which this version does not read; take the dump with debug=2 or SIGQUIT")]
    Delve,
    /// Output of `go tool pprof`.
    #[error("this is output of go tool pprof, which this version does not read; take the dump with debug=2")]
    PprofText,
    /// The pprof index page or its error text.
    #[error("this is the pprof index or an error page, not a dump; fetch /debug/pprof/goroutine?debug=2")]
    PprofIndex,
    /// Another web page.
    #[error("this is a web page, not a goroutine dump; save the plain text of /debug/pprof/goroutine?debug=2")]
    Html,
    /// A zip archive.
    #[error("this is a zip archive, which this version does not open; unpack it and give its files")]
    Zip,
    /// A tar archive.
    #[error("this is a tar archive, which this version does not open; unpack it and give its files")]
    Tar,
    /// Compressed otherwise than by gzip.
    #[error("this is compressed in a way this version does not open; unpack it first, gzip is fine")]
    Compressed,
    /// UTF-16 text.
    #[error("this is UTF-16 text, which this version does not read; save it as UTF-8")]
    Utf16,
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
    #[error("no goroutine was found in this text; expected debug=2 text, runtime.Stack output or a panic log")]
    Text,
}
