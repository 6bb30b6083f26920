//! A dump that was read to its end.

use regex::Regex;
use stackherd_core::{self as model, Snapshot};
use stackherd_report::protocol::GroupQuery;

use crate::instances::{self, Facts};
use crate::query::Listing;
use crate::times::Moment;

/// A dump, what was concluded from it, and how it is shown.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) name: String,
    /// What its process is called by a label that all labelled goroutines share.
    pub(crate) label: Option<String>,
    /// When it was taken, as its text, its name or its file say.
    pub(crate) told_at: Option<Moment>,
    /// When it was taken, as the reader says.
    pub(crate) typed_at: Option<Moment>,
    /// The reader ended it before its bytes did.
    pub(crate) is_stopped: bool,
    pub(crate) snapshot: Snapshot,
    /// What was concluded from stacks.
    pub(crate) judgement: model::Judgement,
    /// The same of groups that are less alike; `None` while stacks are shown.
    pub(crate) folded: Option<model::Judgement>,
    pub(crate) judge_millis: f64,
    /// The listing asked for last: scrolling asks for it again and again.
    pub(crate) listing: Option<(GroupQuery, Listing)>,
}

impl Loaded {
    /// Its groups among the rest, as alike as the session has it.
    pub(crate) fn shown(&self) -> &model::Judgement {
        self.folded.as_ref().unwrap_or(&self.judgement)
    }

    /// What its process calls itself: what the reader's pattern finds in the name, else a label of its goroutines.
    pub(crate) fn instance(&self, pattern: Option<&Regex>) -> Option<String> {
        pattern.and_then(|pattern| instances::matched(pattern, &self.name)).or_else(|| self.label.clone())
    }

    /// What is known of its names; `instance` is what [`Loaded::instance`] says.
    pub(crate) fn facts<'a>(&'a self, instance: Option<&'a str>) -> Facts<'a> {
        let source = Some(self.snapshot.source()).filter(|source| !source.is_empty());
        Facts { instance, source, name: &self.name }
    }

    /// When it was taken, as far as anybody knows.
    pub(crate) fn taken_at(&self) -> Option<&Moment> {
        self.typed_at.as_ref().or(self.told_at.as_ref())
    }
}
