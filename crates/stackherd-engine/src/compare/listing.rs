//! Which rows of a comparison to list, and in which order.

use std::cmp::Ordering;

use stackherd_core::compare::Row;
use stackherd_report::protocol::{ChangePage, ChangeQuery, ChangeSort};

use super::Compared;
use super::row::Shown;
use crate::pattern::{Matches, Pattern};
use crate::{Session, convert};

/// The rows that match a query, in its order: indices of the comparison's rows.
#[derive(Debug)]
pub(crate) struct Listing {
    order: Vec<u32>,
    invalid_query: Option<String>,
}

/// Runs `query`. `O(strings + stacks + goroutines)` with a text, `O(rows × dumps)` without.
pub(super) fn list(compared: &Compared, session: &Session, query: &ChangeQuery) -> Listing {
    let (pattern, invalid_query) = match Pattern::parse(&query.text) {
        Ok(pattern) => (pattern, None),
        Err(message) => (None, Some(message)),
    };
    let matches = pattern.map(|pattern| Matches::new(&session.tables, &pattern));
    let is_wanted = |row: &Row| {
        let in_statuses = query.statuses.is_empty() || query.statuses.contains(&convert::status(row.status));
        if !in_statuses || query.hides_idle && compared.idle(session, row).is_some() {
            return false;
        }
        if query.categories.is_empty() && matches.is_none() {
            return true;
        }
        let Some(shown) = compared.shown(session, row) else { return false };
        let category = convert::category(shown.group.signature.category);
        (query.categories.is_empty() || query.categories.contains(&category))
            && matches.as_ref().is_none_or(|matches| matches.has(shown.grouped, shown.group))
    };
    let rows = compared.comparison.rows.iter().zip(0..);
    let mut order: Vec<u32> = rows.filter(|(row, _)| is_wanted(row)).map(|(_, index)| index).collect();
    sort(compared, session, query, &mut order);
    Listing { order, invalid_query }
}

impl Listing {
    /// Rows `offset..offset + limit`.
    pub(super) fn page(&self, compared: &Compared, session: &Session, offset: u32, limit: u32) -> ChangePage {
        let wanted = self.order.iter().skip(offset as usize).take(limit as usize);
        let row = |&index: &u32| compared.change_row(session, index, compared.comparison.rows.get(index as usize)?);
        ChangePage {
            offset,
            rows: wanted.filter_map(row).collect(),
            matched_groups: self.order.len() as u32,
            invalid_query: self.invalid_query.clone(),
        }
    }
}

/// What rows are compared by. What is unknown is the smallest.
#[derive(PartialEq, PartialOrd)]
enum Key {
    Number(Option<f64>),
    Text(String),
}

/// Sorts by the query's column; equal rows keep the order of the comparison either way.
fn sort(compared: &Compared, session: &Session, query: &ChangeQuery, order: &mut Vec<u32>) {
    if query.sort == ChangeSort::Rank {
        if query.ascending {
            order.reverse();
        }
        return;
    }
    let rows = &compared.comparison.rows;
    let keyed = order.iter().filter_map(|&index| Some((key(compared, session, query.sort, rows.get(index as usize)?), index)));
    let mut keyed: Vec<(Key, u32)> = keyed.collect();
    keyed.sort_by(|left, right| {
        let by_key = left.0.partial_cmp(&right.0).unwrap_or(Ordering::Equal);
        let directed = if query.ascending { by_key } else { by_key.reverse() };
        directed.then(left.1.cmp(&right.1))
    });
    *order = keyed.into_iter().map(|(_, index)| index).collect();
}

fn key(compared: &Compared, session: &Session, sort: ChangeSort, row: &Row) -> Key {
    let count = |instance: u32| row.counts.get(instance as usize).map(|&count| count as f64);
    let text = |text: &dyn Fn(Shown<'_>) -> String| Key::Text(compared.shown(session, row).map(text).unwrap_or_default());
    match sort {
        ChangeSort::Rank => Key::Number(None),
        ChangeSort::Delta => Key::Number(Some(row.delta as f64)),
        ChangeSort::Goroutines => Key::Number(count(compared.comparison.target)),
        ChangeSort::Before => Key::Number(count(compared.comparison.baseline)),
        ChangeSort::PerMinute => Key::Number(row.per_minute),
        ChangeSort::Stuck => Key::Number(row.lives.map(|lives| lives.stuck as f64)),
        ChangeSort::Median => Key::Number(row.spread.as_ref().map(|spread| spread.median)),
        ChangeSort::State => text(&|shown| shown.grouped.state(shown.group)),
        ChangeSort::Function => text(&|shown| {
            let top = shown.grouped.row(shown.index, shown.group).top;
            top.map_or_else(String::new, |top| format!("{} {}:{}", top.function, top.file, top.line))
        }),
    }
}
