//! Reads Go goroutine dumps and groups the goroutines that share a stack.
//!
//! The way through the crate, left to right:
//!
//! 1. [`line::LineScanner`] cuts chunks of bytes into lines, wherever the chunks are cut.
//! 2. [`format::Parser`] peels off what logs wrapped around them, reads them as Go printed them and fills a [`Snapshot`] per
//!    dump: one fixed-size [`Goroutine`] row per goroutine. What it did not understand becomes an [`Issue`], what it peeled or
//!    inferred a [`Note`]; only an input without any dump is an [`Error`].
//! 3. [`Tables`] hold every distinct string, frame and stack once, for all snapshots of a session, so equal stacks have
//!    equal [`StackId`]s everywhere.
//! 4. [`group`](group()) joins goroutines with the same [`Signature`].
//! 5. [`judge`] sets the idle groups aside, finds what goroutines wait for and who started them, applies the rules and ranks
//!    the groups.
//! 6. [`compare`](compare()) says what changed between dumps, which groups grow, and which of many instances is odd.
//!
//! The crate sees bytes only: no browser, no file, no clock, no thread. It builds without `std`.
//!
//! ```
//! use stackherd_core::{Parser, Tables, group};
//!
//! let dump = b"goroutine 7 [chan send, 3 minutes]:\nmain.work(...)\n\t/src/main.go:9\n";
//! let mut tables = Tables::default();
//! let mut parser = Parser::default();
//! parser.push(&mut tables, dump);
//! let snapshots = parser.finish(&mut tables)?;
//! let groups = group(&tables, snapshots[0].goroutines());
//! assert_eq!(groups.len(), 1);
//! # Ok::<(), stackherd_core::Error>(())
//! ```

#![no_std]

extern crate alloc;

pub mod ancestry;
pub mod blocking;
pub mod compare;
mod envelope;
pub mod error;
pub mod finding;
pub mod folded_name;
pub mod format;
pub mod func;
pub mod go_version;
pub mod group;
pub mod idle;
mod infer;
pub mod issue;
pub mod judgement;
mod key_frames;
pub mod line;
pub mod note;
pub mod onset;
pub mod order;
pub mod origin;
pub mod series;
pub mod signature;
pub mod snapshot;
pub mod tables;
pub mod text;
pub mod verdict;
pub mod wait;

pub use ancestry::{Ancestry, CreationSite, Creator};
pub use blocking::{Blocking, ObjectKind};
pub use compare::{Comparison, Instance, Mode, Relation, Status, compare};
pub use error::{Error, InputKind};
pub use finding::{Analysis, Confidence, Finding, Fix, Rule, Severity};
pub use format::{Format, Parser};
pub use func::FuncName;
pub use go_version::GoVersion;
pub use group::{Group, Groups, WaitMinutes, group};
pub use idle::Idle;
pub use issue::{Issue, IssueKind};
pub use judgement::{Given, Judgement, judge};
pub use note::{LogPrefix, Note, NoteKind};
pub use onset::Onset;
pub use origin::{Origin, OriginRules};
pub use series::{Point, Series};
pub use signature::{Basis, Grouping, Keys, Signature, Similarity};
pub use snapshot::{Argument, CodeOffset, Crash, CrashKind, Flags, Goid, Goroutine, Labels, Scope, Snapshot};
pub use tables::{Edge, Frame, FrameId, StackId, StringId, Tables};
pub use text::{Language, Text};
pub use verdict::{Verdict, VerdictKind};
pub use wait::Category;
