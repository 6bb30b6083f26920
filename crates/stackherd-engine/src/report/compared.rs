//! How several dumps differ, as the report has it.

use std::collections::HashMap;

use stackherd_core as model;
use stackherd_core::compare::{ComparedFinding, Row};
use stackherd_report::{Comparison, Finding, GroupChange, Language, Report};

use super::sort_findings;
use crate::compare::Compared;
use crate::rows::key_text;
use crate::{Session, convert};

/// What it takes to write a comparison: dumps of the session are instances of the comparison and positions in the report.
struct Writer<'a> {
    compared: &'a Compared,
    session: &'a Session,
    language: Language,
    /// Where each instance stands in the report.
    positions: Vec<u32>,
    n_dumps: usize,
}

impl Compared {
    /// Adds the comparison, and what it finds, to a report over all dumps of the session.
    pub(crate) fn write(&self, session: &Session, language: Language, report: &mut Report) {
        let position: HashMap<u32, u32> = session.dumps.keys().copied().zip(0..).collect();
        let positions = self.sides.dumps.iter().filter_map(|dump| position.get(dump)).copied().collect();
        let writer = Writer { compared: self, session, language, positions, n_dumps: report.dumps.len() };
        let ranks: HashMap<&str, u32> = report.groups.iter().map(|group| (group.key.as_str(), group.rank)).collect();
        let found = self.comparison.findings.iter();
        let mut findings: Vec<Finding> = found.filter_map(|found| writer.finding(found, &ranks)).collect();
        findings.append(&mut report.findings);
        sort_findings(&mut findings);
        report.findings = findings;
        report.comparison = Some(writer.comparison());
    }
}

impl Writer<'_> {
    fn comparison(&self) -> Comparison {
        let comparison = &self.compared.comparison;
        Comparison {
            relation: convert::relation(comparison.related.relation),
            relation_why: self.text(&comparison.related.why),
            mode: convert::mode(comparison.mode),
            baseline: self.position(comparison.baseline),
            target: self.position(comparison.target),
            order: self.positions(&comparison.order),
            restarts: self.positions(&comparison.restarts),
            instances: self.instances(),
            minutes: comparison.minutes,
            mixed_formats: self.compared.is_mixed(),
            title: self.text(&comparison.title),
            detail: self.text(&comparison.detail),
            outcome: self.compared.outcome(self.session, self.language),
            groups: comparison.rows.iter().map(|row| self.change(row)).collect(),
        }
    }

    fn change(&self, row: &Row) -> GroupChange {
        let mut counts = vec![0; self.n_dumps];
        for (&position, &count) in self.positions.iter().zip(&row.counts) {
            if let Some(slot) = counts.get_mut(position as usize) {
                *slot = count;
            }
        }
        let spread = row.spread.as_ref();
        GroupChange {
            key: key_text(row.key),
            status: convert::status(row.status),
            counts,
            delta: row.delta,
            born: row.lives.map(|lives| lives.born),
            ended: row.lives.map(|lives| lives.ended),
            stuck: row.lives.map(|lives| lives.stuck),
            per_minute: row.per_minute,
            outlier_dumps: spread.map_or_else(Vec::new, |spread| self.positions(&spread.outliers)),
            missing_dumps: spread.map_or_else(Vec::new, |spread| self.positions(&spread.missing)),
            median: spread.map(|spread| spread.median),
            deviation: spread.map(|spread| spread.deviation),
            trend: row.trend.map(convert::trend),
        }
    }

    fn finding(&self, found: &ComparedFinding, ranks: &HashMap<&str, u32>) -> Option<Finding> {
        let loaded = self.compared.loaded(self.session, found.dump)?;
        let judgement = self.compared.judgement(self.session, found.dump)?;
        let judged = self.session.judged_by(loaded, judgement, self.language);
        let rows = found.finding.groups.iter().filter_map(|&row| self.compared.comparison.rows.get(row as usize));
        let groups = rows.filter_map(|row| ranks.get(key_text(row.key).as_str()).copied()).collect();
        let (baseline, target) = (self.compared.comparison.baseline, self.compared.comparison.target);
        let dumps = if found.dumps.is_empty() { &[baseline, target][..] } else { &found.dumps };
        Some(Finding {
            groups,
            dump: self.position(found.dump),
            dumps: self.positions(dumps),
            ..super::concluded::finding(judged, &found.finding)
        })
    }

    /// What the process of each dump is called; a dump that is not compared keeps its name.
    fn instances(&self) -> Vec<String> {
        let mut names: Vec<String> = self.session.dumps.values().map(|loaded| loaded.name.clone()).collect();
        for (&position, name) in self.positions.iter().zip(&self.compared.sides.names) {
            if let Some(slot) = names.get_mut(position as usize) {
                slot.clone_from(name);
            }
        }
        names
    }

    fn text(&self, text: &model::Text) -> String {
        text.get(convert::language(self.language)).to_owned()
    }

    fn position(&self, instance: u32) -> u32 {
        self.positions.get(instance as usize).copied().unwrap_or(instance)
    }

    fn positions(&self, instances: &[u32]) -> Vec<u32> {
        instances.iter().map(|&instance| self.position(instance)).collect()
    }
}
