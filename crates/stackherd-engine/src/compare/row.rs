//! Rows of a comparison as they are shown.

use stackherd_core::Group;
use stackherd_core::compare::Row;
use stackherd_report::Severity;
use stackherd_report::protocol::ChangeRow;

use super::Compared;
use crate::rows::{Grouped, key_text};
use crate::{Session, convert};

/// A group of one instance that stands for a row.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) instance: u32,
    pub(super) grouped: Grouped<'a>,
    pub(super) index: usize,
    pub(super) group: &'a Group,
}

impl Compared {
    pub(super) fn shown<'a>(&'a self, session: &'a Session, row: &Row) -> Option<Shown<'a>> {
        let instance = self.shown_in(row)?;
        let grouped = self.grouped(session, instance)?;
        let index = (*row.groups.get(instance as usize)?)? as usize;
        Some(Shown { instance, grouped, index, group: grouped.groups.get(index)? })
    }

    /// What the table of changes shows of the row at `index`.
    pub(super) fn change_row(&self, session: &Session, index: u32, row: &Row) -> Option<ChangeRow> {
        let shown = self.shown(session, row)?;
        let listed = shown.grouped.row(shown.index, shown.group);
        let spread = row.spread.as_ref();
        Some(ChangeRow {
            key: key_text(row.key),
            status: convert::status(row.status),
            counts: self.in_time(&row.counts),
            delta: row.delta,
            born: row.lives.map(|lives| lives.born),
            ended: row.lives.map(|lives| lives.ended),
            stuck: row.lives.map(|lives| lives.stuck),
            per_minute: row.per_minute,
            trend: row.trend.map(convert::trend),
            median: spread.map(|spread| spread.median),
            deviation: spread.map(|spread| spread.deviation),
            outliers: spread.map_or_else(Vec::new, |spread| self.positions(&spread.outliers)),
            missing: spread.map_or_else(Vec::new, |spread| self.positions(&spread.missing)),
            category: listed.category,
            state: listed.state,
            top: listed.top,
            leaf: listed.leaf,
            wait_minutes: listed.wait_minutes,
            idle: self.idle(session, row),
            severity: self.severity(index, shown),
        })
    }

    /// The idle pattern of a row that is idle in all dumps that have it.
    pub(super) fn idle(&self, session: &Session, row: &Row) -> Option<String> {
        let mut names = (0..).zip(&row.groups).filter_map(|(instance, &group)| {
            Some(self.grouped(session, instance)?.idle(group? as usize).map(|idle| idle.name.to_string()))
        });
        let first = names.next()??;
        names.all(|name| name.is_some()).then_some(first)
    }

    /// The worst of the findings that speak for a row: those of the dump that shows it, and those of the comparison.
    fn severity(&self, index: u32, shown: Shown<'_>) -> Option<Severity> {
        let judgement = shown.grouped.judgement;
        let of_dump = judgement.finding_of.get(shown.index).copied().flatten();
        let of_dump = of_dump.and_then(|finding| judgement.findings.get(finding as usize)).map(|finding| finding.severity);
        let findings = self.comparison.findings.iter().map(|found| &found.finding);
        let between = findings.filter(|finding| finding.groups.contains(&index)).map(|finding| finding.severity).max();
        of_dump.max(between).map(convert::severity)
    }
}

/// How far the counts of a row lie apart.
pub(super) fn swing(row: &Row) -> u64 {
    let (min, max) = row.counts.iter().fold((u64::MAX, 0), |(min, max), &count| (min.min(count), max.max(count)));
    max.saturating_sub(min)
}
