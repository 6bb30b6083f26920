//! One row of a comparison in full.

use stackherd_core::compare::Row;
use stackherd_core::compare::lives::stuck_goids;
use stackherd_report::protocol::ChangeDetail;

use super::{Compared, near};
use crate::rows::key_text;
use crate::{Session, detail as group_detail};

/// Ids of stuck goroutines that are listed.
const MAX_STUCK: usize = 50;
/// What no process survives; told as a forecast.
const MANY: f64 = 1e6;

pub(super) fn detail(compared: &Compared, session: &Session, key: u64) -> Option<ChangeDetail> {
    let (index, row) = compared.row(key)?;
    let shown = compared.shown(session, row)?;
    let detail = group_detail::detail(shown.grouped, shown.index, shown.group);
    let comparison = &compared.comparison;
    let count = |instance: u32| row.counts.get(instance as usize).copied().unwrap_or(0);
    let pace = row.trend.filter(|trend| trend.has_times).map(|trend| trend.slope).or(row.per_minute);
    let left = MANY - count(comparison.target) as f64;
    let stuck = stuck_goids(&compared.sides.instances(session), comparison, row, MAX_STUCK);
    Some(ChangeDetail {
        row: compared.change_row(session, index, row)?,
        dump: *compared.sides.dumps.get(shown.instance as usize)?,
        group: compared.key_in_dump(session, shown.instance, row).map_or_else(String::new, key_text),
        stack: detail.stack,
        created_by: detail.row.created_by,
        culprit: detail.culprit,
        wait_histogram: detail.wait_histogram,
        before: count(comparison.baseline),
        minutes_to_million: pace.filter(|&pace| pace > 0.0 && left > 0.0).map(|pace| left / pace),
        near: near::near(compared, session, row),
        stuck_goids: stuck.into_iter().map(|goid| goid.0).collect(),
        markdown: detail.markdown,
    })
}

impl Compared {
    /// The key, in the groups of the dump as shown, of a row: with mixed formats that of its largest part.
    fn key_in_dump(&self, session: &Session, instance: u32, row: &Row) -> Option<u64> {
        let shown = self.loaded(session, instance)?.shown();
        if !self.is_mixed() {
            return Some(row.key);
        }
        let parts = shown.keys.iter().enumerate().zip(&shown.groups);
        let parts = parts.filter(|&((index, &key), _)| self.key_of_shown(instance, index, key) == Some(row.key));
        parts.max_by_key(|(_, group)| group.n_goroutines).map(|((_, &key), _)| key)
    }
}
