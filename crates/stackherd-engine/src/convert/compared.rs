//! What several dumps say together, from the core's types to the report's, and what the reader decides, the other way.

use stackherd_core as model;
use stackherd_core::compare::outcome::OutcomeKind;
use stackherd_core::compare::{Course, Trend};
use stackherd_report as report;

pub(crate) const fn similarity(similarity: report::Similarity) -> model::Similarity {
    match similarity {
        report::Similarity::Stack => model::Similarity::Stack,
        report::Similarity::Function => model::Similarity::Function,
        report::Similarity::Origin => model::Similarity::Origin,
        report::Similarity::Culprit => model::Similarity::Culprit,
    }
}

pub(crate) fn similarity_word(similarity: model::Similarity) -> report::Similarity {
    match similarity {
        model::Similarity::Function => report::Similarity::Function,
        model::Similarity::Origin => report::Similarity::Origin,
        model::Similarity::Culprit => report::Similarity::Culprit,
        // The finest level is what every version knows.
        _ => report::Similarity::Stack,
    }
}

pub(crate) const fn wanted_mode(mode: report::ComparisonMode) -> model::Mode {
    match mode {
        report::ComparisonMode::Series => model::Mode::Series,
        report::ComparisonMode::Fleet => model::Mode::Fleet,
    }
}

pub(crate) const fn mode(mode: model::Mode) -> report::ComparisonMode {
    match mode {
        model::Mode::Series => report::ComparisonMode::Series,
        model::Mode::Fleet => report::ComparisonMode::Fleet,
    }
}

pub(crate) const fn wanted_relation(relation: report::Relation) -> model::Relation {
    match relation {
        report::Relation::SameProcess => model::Relation::SameProcess,
        report::Relation::SameService => model::Relation::SameService,
        report::Relation::Unknown => model::Relation::Unknown,
    }
}

pub(crate) const fn relation(relation: model::Relation) -> report::Relation {
    match relation {
        model::Relation::SameProcess => report::Relation::SameProcess,
        model::Relation::SameService => report::Relation::SameService,
        model::Relation::Unknown => report::Relation::Unknown,
    }
}

pub(crate) const fn status(status: model::Status) -> report::GroupStatus {
    match status {
        model::Status::New => report::GroupStatus::New,
        model::Status::Grown => report::GroupStatus::Grown,
        model::Status::Shrunk => report::GroupStatus::Shrunk,
        model::Status::Gone => report::GroupStatus::Gone,
        model::Status::Same => report::GroupStatus::Same,
    }
}

pub(crate) fn trend(trend: Trend) -> report::Trend {
    report::Trend {
        course: match trend.course {
            Course::Growing => report::Course::Growing,
            Course::Bursting => report::Course::Bursting,
            Course::Steady => report::Course::Steady,
            Course::Shrinking => report::Course::Shrinking,
        },
        monotone: trend.is_monotone,
        per_minute: trend.has_times.then_some(trend.slope),
        doubling_minutes: trend.doubling_minutes,
    }
}

pub(crate) const fn outcome_kind(kind: OutcomeKind) -> report::OutcomeKind {
    match kind {
        OutcomeKind::Fixed => report::OutcomeKind::Fixed,
        OutcomeKind::Better => report::OutcomeKind::Better,
        OutcomeKind::Unchanged => report::OutcomeKind::Unchanged,
        OutcomeKind::Worse => report::OutcomeKind::Worse,
    }
}
