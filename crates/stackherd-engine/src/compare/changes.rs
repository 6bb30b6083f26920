//! What changed about a row of the groups table.

use stackherd_core::compare::Row;
use stackherd_report::protocol::RowChange;

use super::Compared;
use crate::convert;

/// What changed about the groups of a dump that is compared with others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Changes<'a> {
    pub(super) compared: &'a Compared,
    /// The dump.
    pub(super) instance: u32,
}

impl<'a> Changes<'a> {
    /// The row of the comparison for the group at `index`, which has the key `key` and so many goroutines. With mixed formats
    /// several groups may share a row; none of them is that row then.
    fn row(self, index: usize, key: u64, n_goroutines: u64) -> Option<&'a Row> {
        let (_, row) = self.compared.row(self.compared.key_of_shown(self.instance, index, key)?)?;
        let is_whole = row.counts.get(self.instance as usize) == Some(&n_goroutines);
        Some(row).filter(|_| is_whole)
    }

    /// Target minus baseline.
    pub(crate) fn delta(self, index: usize, key: u64, n_goroutines: u64) -> Option<i64> {
        Some(self.row(index, key, n_goroutines)?.delta)
    }

    /// What the table shows.
    pub(crate) fn view(self, index: usize, key: u64, n_goroutines: u64) -> Option<RowChange> {
        let row = self.row(index, key, n_goroutines)?;
        Some(RowChange {
            status: convert::status(row.status),
            delta: row.delta,
            counts: self.compared.in_time(&row.counts),
            stuck: row.lives.map(|lives| lives.stuck),
            is_outlier: row.spread.as_ref().is_some_and(|spread| spread.outliers.contains(&self.instance)),
        })
    }
}
