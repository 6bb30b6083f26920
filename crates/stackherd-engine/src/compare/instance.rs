//! One instance of a fleet against the median one.

use std::cmp::Reverse;

use stackherd_core::compare::fleet;
use stackherd_report::protocol::{InstanceRow, InstanceView};

use super::Compared;
use crate::Session;
use crate::rows::key_text;

/// Groups listed.
const MAX_ROWS: usize = 50;

/// The groups of `dump` that differ from the median; those that stand out first, then those that are missing, then the rest by
/// their difference.
pub(super) fn instance(compared: &Compared, session: &Session, dump: u32) -> Option<InstanceView> {
    let instance = compared.instance(dump)?;
    let mut differing = Vec::new();
    for row in &compared.comparison.rows {
        let goroutines = row.counts.get(instance as usize).copied().unwrap_or(0);
        let of_series;
        let spread = match &row.spread {
            Some(spread) => spread,
            None => {
                of_series = fleet::spread_of(&row.counts);
                &of_series
            }
        };
        let difference = goroutines as f64 - spread.median;
        if difference != 0.0 {
            let (is_outlier, is_missing) = (spread.outliers.contains(&instance), spread.missing.contains(&instance));
            differing.push((is_outlier, is_missing, difference, spread.median, goroutines, row));
        }
    }
    differing.sort_by(|left, right| {
        let weight = |&(is_outlier, is_missing, ..): &(bool, bool, f64, f64, u64, _)| Reverse((is_outlier, is_missing));
        weight(left).cmp(&weight(right)).then(right.2.abs().total_cmp(&left.2.abs())).then(left.5.key.cmp(&right.5.key))
    });
    let n_rows = differing.len() as u32;
    let rows = differing.into_iter().take(MAX_ROWS).filter_map(|(is_outlier, is_missing, _, median, goroutines, row)| {
        let shown = compared.shown(session, row)?;
        let listed = shown.grouped.row(shown.index, shown.group);
        let (key, category, top) = (key_text(row.key), listed.category, listed.top);
        Some(InstanceRow { key, category, top, goroutines, median, is_outlier, is_missing })
    });
    Some(InstanceView { position: compared.position(instance), rows: rows.collect(), n_rows })
}
