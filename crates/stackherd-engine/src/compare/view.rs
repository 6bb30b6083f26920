//! A comparison as the page shows it, without its rows.

use stackherd_core::compare::Row;
use stackherd_core::{self as model, Status};
use stackherd_report::protocol::{ComparedDump, ComparisonView, StatusCounts, TrendLine};
use stackherd_report::{Language, Outcome, Series, Severity};

use super::Compared;
use super::row::swing;
use crate::rows::key_text;
use crate::{Session, convert};

/// Groups drawn in a chart.
const MAX_LINES: usize = 8;

impl Compared {
    pub(super) fn view(&self, session: &Session, language: Language) -> ComparisonView {
        let comparison = &self.comparison;
        let text = |text: &model::Text| text.get(convert::language(language)).to_owned();
        let total = |instance: u32| comparison.totals.get(instance as usize).copied().unwrap_or(0);
        let (before, after) = (total(comparison.baseline), total(comparison.target));
        ComparisonView {
            mode: convert::mode(comparison.mode),
            relation: convert::relation(comparison.related.relation),
            relation_is_given: comparison.related.is_given,
            relation_why: text(&comparison.related.why),
            shared_percent: comparison.related.shared_percent,
            title: text(&comparison.title),
            detail: text(&comparison.detail),
            similarity: convert::similarity_word(session.similarity),
            mixed_formats: self.is_mixed(),
            has_ids: self.has_ids(session),
            dumps: comparison.order.iter().filter_map(|&instance| self.dump(instance)).collect(),
            baseline: self.position(comparison.baseline),
            target: self.position(comparison.target),
            minutes: comparison.minutes,
            delta: i64::try_from(after).unwrap_or(i64::MAX).saturating_sub(i64::try_from(before).unwrap_or(i64::MAX)),
            statuses: statuses(&comparison.rows),
            findings: self.findings(session, language),
            outcome: self.outcome(session, language),
            lines: self.lines(session),
            counters: counters(session),
            compare_millis: 0.0,
            median_goroutines: model::compare::fleet::spread_of(&comparison.totals).median,
        }
    }

    fn dump(&self, instance: u32) -> Option<ComparedDump> {
        let at = instance as usize;
        let has = |row: &&Row| row.spread.as_ref().is_some_and(|spread| spread.outliers.contains(&instance));
        Some(ComparedDump {
            dump: *self.sides.dumps.get(at)?,
            name: self.sides.names.get(at).cloned().unwrap_or_default(),
            goroutines: self.comparison.totals.get(at).copied().unwrap_or(0),
            at_millis: self.sides.at_millis.get(at).copied().flatten(),
            begins_process: self.comparison.restarts.contains(&instance),
            outliers: self.comparison.rows.iter().filter(has).count() as u32,
            severity: self.severity_of(instance),
        })
    }

    /// The worst finding of the comparison that is about an instance.
    fn severity_of(&self, instance: u32) -> Option<Severity> {
        let about = |found: &&model::compare::ComparedFinding| found.dump == instance || found.dumps.contains(&instance);
        let worst = self.comparison.findings.iter().filter(about).map(|found| found.finding.severity).max();
        worst.map(convert::severity)
    }

    fn has_ids(&self, session: &Session) -> bool {
        let instances = 0..self.sides.dumps.len() as u32;
        let mut first = instances.filter_map(|instance| self.loaded(session, instance)?.snapshot.goroutines().first());
        first.all(|goroutine| goroutine.goid().is_some())
    }

    pub(crate) fn outcome(&self, session: &Session, language: Language) -> Option<Outcome> {
        let outcome = self.comparison.outcome.as_ref()?;
        let rows = outcome.leaks.iter().filter_map(|&row| self.comparison.rows.get(row as usize));
        Some(Outcome {
            kind: convert::outcome_kind(outcome.kind),
            title: outcome.title.get(convert::language(language)).to_owned(),
            leaks: rows.map(|row| key_text(row.key)).collect(),
            gc: super::gc::change(self, session),
        })
    }

    fn findings(&self, session: &Session, language: Language) -> Vec<stackherd_report::protocol::FindingView> {
        let keys = |rows: &[u32]| {
            let rows = rows.iter().filter_map(|&row| self.comparison.rows.get(row as usize));
            rows.map(|row| key_text(row.key)).collect::<Vec<_>>()
        };
        let found = self.comparison.findings.iter().filter_map(|found| {
            let judged = session.judged_by(self.loaded(session, found.dump)?, self.judgement(session, found.dump)?, language);
            Some(judged.finding_about(&found.finding, keys(&found.finding.groups), false))
        });
        found.collect()
    }

    /// The groups whose counts lie farthest apart.
    fn lines(&self, session: &Session) -> Vec<TrendLine> {
        let mut rows: Vec<&Row> = self.comparison.rows.iter().filter(|row| swing(row) > 0).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(swing(row)));
        let line = |row: &Row| {
            let shown = self.shown(session, row)?;
            let listed = shown.grouped.row(shown.index, shown.group);
            let name = listed.top.map_or(listed.state, |top| match top.package.as_str() {
                "" => top.name,
                package => format!("{package}.{}", top.name),
            });
            Some(TrendLine { key: key_text(row.key), name, category: listed.category, counts: self.in_time(&row.counts) })
        };
        rows.into_iter().take(MAX_LINES).filter_map(line).collect()
    }
}

fn statuses(rows: &[Row]) -> StatusCounts {
    let mut counts = StatusCounts::default();
    for row in rows {
        let count = match row.status {
            Status::New => &mut counts.new,
            Status::Grown => &mut counts.grown,
            Status::Shrunk => &mut counts.shrunk,
            Status::Gone => &mut counts.gone,
            Status::Same => &mut counts.same,
        };
        *count += 1;
    }
    counts
}

/// Numbers of logs among the inputs that know the time of day.
fn counters(session: &Session) -> Vec<Series> {
    let series = session.dumps.values().flat_map(|loaded| loaded.snapshot.series());
    series.filter(|series| series.points.iter().any(|point| point.at_millis.is_some())).map(convert::series).collect()
}
