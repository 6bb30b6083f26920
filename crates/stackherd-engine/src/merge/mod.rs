//! Reports of several runs joined to one, without the dumps.
//!
//! What a report says of its groups, findings, objects and creation sites adds up: merging reports gives what analysing their
//! dumps together gives, and the order in which reports are merged does not matter. What needs the goroutines themselves is left
//! out or made anew from counts: who was born, ended or did not move, whether dumps are of one process, what became of the leaks,
//! and the findings that several dumps make together. Where formats tell different things, groups are joined by what all of them
//! tell; words and labels that come equally often may then stand in another order.

mod compared;
mod fold;
mod groups;

use std::fmt;

use stackherd_report::{Finding, Report, SCHEMA, Similarity};

use crate::report::{generator, sort_findings, totals};
use groups::Ranks;

/// Why reports can't be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeError {
    /// There is none.
    Nothing,
    /// They are written by other rules than this version knows.
    Schema {
        /// What the report says.
        found: String,
        /// What is known here.
        known: &'static str,
    },
    /// Their groups are alike in different ways, so that none of one is in the other.
    Similarity {
        /// Of the first report.
        first: Similarity,
        /// Of a later one.
        other: Similarity,
    },
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("no report to merge"),
            Self::Schema { found, known } => write!(f, "the report's schema is {found:?}, this version knows {known:?}"),
            Self::Similarity { first, other } => {
                let (first, other) = (first.as_str(), other.as_str());
                write!(f, "reports grouped by {first} and by {other} share no groups; analyze both with the same --by")
            }
        }
    }
}

impl std::error::Error for MergeError {}

/// Joins reports of the same schema and similarity to one over all of their dumps, in the order given. Associative. One report
/// stays as it is.
///
/// # Errors
/// When there is none, or when schemas or similarities differ.
pub fn merge(reports: Vec<Report>) -> Result<Report, MergeError> {
    let mut reports = reports;
    let similarity = reports.first().ok_or(MergeError::Nothing)?.similarity;
    for report in &reports {
        if report.schema != SCHEMA {
            return Err(MergeError::Schema { found: report.schema.clone(), known: SCHEMA });
        }
        if report.similarity != similarity {
            return Err(MergeError::Similarity { first: similarity, other: report.similarity });
        }
    }
    if reports.len() == 1 {
        return reports.pop().ok_or(MergeError::Nothing);
    }
    let is_mixed = fold::to_common(&mut reports, similarity);
    let n_dumps = reports.iter().map(|report| report.dumps.len()).sum();
    let (groups, ranks) = groups::join(&mut reports, n_dumps);
    let mut merged = Report {
        schema: SCHEMA.to_owned(),
        generator: generator(),
        inputs: Vec::new(),
        dumps: Vec::new(),
        totals: totals(&groups),
        similarity,
        groups,
        findings: Vec::new(),
        comparison: None,
        blocking: Vec::new(),
        ancestry: Vec::new(),
    };
    for (report, ranks) in reports.into_iter().zip(&ranks) {
        append(&mut merged, report, ranks);
    }
    sort_findings(&mut merged.findings);
    merged.blocking.sort_by_key(|object| std::cmp::Reverse(object.waiters));
    merged.comparison = compared::compare(&merged, is_mixed);
    Ok(merged)
}

/// Adds what a report says of its dumps behind what others say of theirs.
fn append(merged: &mut Report, report: Report, ranks: &Ranks) {
    let first = merged.dumps.len() as u32;
    for mut input in report.inputs {
        input.dumps.iter_mut().for_each(|dump| *dump += first);
        merged.inputs.push(input);
    }
    for mut dump in report.dumps {
        dump.id += first;
        merged.dumps.push(dump);
    }
    // What several dumps show together is not theirs alone.
    for finding in report.findings.into_iter().filter(|finding| finding.dumps.is_empty()) {
        merged.findings.push(Finding { dump: finding.dump + first, groups: ranks.of(&finding.groups), ..finding });
    }
    for mut object in report.blocking {
        object.dump += first;
        object.groups = ranks.of(&object.groups);
        merged.blocking.push(object);
    }
    for mut site in report.ancestry {
        site.dump += first;
        merged.ancestry.push(site);
    }
}
