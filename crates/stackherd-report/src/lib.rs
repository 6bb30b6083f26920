//! What leaves Stackherd, as plain types with public fields.
//!
//! - [`report`]: the JSON contract `stackherd.report/1`, printed by the terminal program, returned to JavaScript, merged by scripts.
//! - [`protocol`]: what the page asks its worker and what comes back: small views, never a whole snapshot.
//!
//! This crate holds no logic and depends on nothing of ours; the engine fills it, everybody else reads it.
//! Every type is plain enough for postcard as well as JSON: no untagged enums, no skipped fields.

#![no_std]

extern crate alloc;

mod compared;
mod detailed;
mod judged;
pub mod protocol;
pub mod report;
pub mod words;

pub use report::{
    BlockingKind, BlockingObject, Category, CategoryCount, Comparison, ComparisonMode, Confidence, Course, Crash, CrashKind,
    CreationSite, Dump, DumpKind, Finding, Fix, Format, Frame, GcChange, Generator, Group, GroupChange, GroupStatus,
    HolderCandidate, Input, InputIssue, InputKind, Issue, IssueKind, Label, Language, Note, NoteKind, Onset, Origin, Outcome,
    OutcomeKind, Point, Relation, Report, SCHEMA, Series, Severity, Similarity, Site, Totals, Trend, Verdict, VerdictKind,
    WaitCount, WaitMinutes, WaitReasonCount,
};
