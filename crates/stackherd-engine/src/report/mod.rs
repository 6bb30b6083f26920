//! The report over all dumps of a session.

mod compared;
mod concluded;
mod groups;

use std::collections::BTreeMap;

use stackherd_report::{Dump, Generator, Group, Input, Report, SCHEMA, Similarity, Totals};

use crate::judged::Judged;
use crate::rows::Grouped;

use groups::Ranks;
pub(crate) use groups::{N_GOIDS, add_reasons, waits};

/// Makes the report, without the comparison. Groups are joined over the dumps: the most suspicious first, then the largest, ties
/// by first appearance in one dump and by key in several.
pub(crate) fn report(inputs: Vec<Input>, dumps: Vec<Dump>, judged: &[Judged<'_>], similarity: Similarity) -> Report {
    let grouped: Vec<Grouped<'_>> = judged.iter().map(|judged| judged.grouped).collect();
    let joined = groups::join(&grouped);
    let ranks = Ranks::new(&grouped, &joined);
    let groups = groups::groups(&joined, &grouped);
    Report {
        schema: SCHEMA.to_owned(),
        generator: generator(),
        inputs,
        dumps,
        totals: totals(&groups),
        similarity,
        groups,
        findings: concluded::findings(judged, &ranks),
        comparison: None,
        blocking: concluded::blocking(judged, &ranks),
        ancestry: concluded::ancestry(judged),
    }
}

pub(crate) fn generator() -> Generator {
    Generator { name: "stackherd".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
}

/// Sums over all groups.
pub(crate) fn totals(groups: &[Group]) -> Totals {
    let mut by_category = BTreeMap::new();
    for group in groups {
        let sum: &mut u64 = by_category.entry(group.category).or_default();
        *sum = sum.saturating_add(group.goroutines);
    }
    let sum = |groups: &mut dyn Iterator<Item = &Group>| groups.fold(0_u64, |sum, group| sum.saturating_add(group.goroutines));
    Totals {
        goroutines: sum(&mut groups.iter()),
        groups: groups.len() as u64,
        idle_goroutines: sum(&mut groups.iter().filter(|group| group.idle.is_some())),
        by_category,
    }
}

/// Worst first, then surest, then largest; ties stay.
pub(crate) fn sort_findings(findings: &mut [stackherd_report::Finding]) {
    findings.sort_by_key(|finding| std::cmp::Reverse((finding.severity, finding.confidence, finding.goroutines)));
}
