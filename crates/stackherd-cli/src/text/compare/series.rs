//! One service at several moments: what is new, grown, shrunk and gone.

use std::io::{self, Write};

use stackherd_report::{Comparison, GroupChange, GroupStatus, Report};

use super::table::Table;
use super::{MAX_ROWS, group, instance, name};
use crate::text::numbers::{grouped_digits, value};
use crate::text::paint::{Paint, plain};
use crate::text::words::Words;
use crate::text::{Options, series};

/// Dumps that have a column each; of more the first and the last have one, and the rest a sparkline.
const MAX_COLUMNS: usize = 6;
/// Longer names stand above the table, by number.
const MAX_NAME: usize = 14;

/// Writes a row for each group that changed, and a line for those that did not.
pub(super) fn write(
    out: &mut impl Write,
    report: &Report,
    comparison: &Comparison,
    options: &Options,
    words: &Words,
    paint: Paint,
) -> io::Result<()> {
    let (changed, same): (Vec<&GroupChange>, Vec<&GroupChange>) =
        comparison.groups.iter().partition(|change| change.status != GroupStatus::Same);
    let max = match options.top {
        0 => usize::MAX,
        top => top.min(MAX_ROWS),
    };
    let has_stuck = changed.iter().any(|change| change.stuck.is_some());
    let columns = Columns::of(comparison);
    if !changed.is_empty() {
        columns.write_names(out, comparison)?;
    }
    let mut head = vec![words.change.to_owned()];
    head.extend(columns.heads(comparison));
    head.push(words.delta.to_owned());
    head.extend(comparison.minutes.map(|_| words.per_minute.to_owned()));
    head.extend(has_stuck.then(|| words.stuck.to_owned()));
    head.push(words.group.to_owned());
    let mut table = Table::new(head);
    for change in changed.iter().take(max) {
        let mut row = vec![words.status(change.status).to_owned()];
        row.extend(columns.cells(change, comparison));
        row.push(signed(change.delta));
        row.extend(comparison.minutes.map(|_| change.per_minute.map_or_else(String::new, rate)));
        row.extend(has_stuck.then(|| change.stuck.map_or_else(String::new, grouped_digits)));
        row.push(name(group(report, change)));
        table.push(row);
    }
    table.write(out, paint)?;
    if changed.len() > max {
        let n = grouped_digits((changed.len() - max) as u64);
        writeln!(out, "  {}", plain(&words.more_changes.replace("{n}", &n)))?;
    }
    if !same.is_empty() {
        let target = comparison.target as usize;
        let goroutines = same.iter().filter_map(|change| change.counts.get(target)).sum();
        let line = words.unchanged.replace("{n}", &grouped_digits(same.len() as u64));
        writeln!(out, "  {}", paint.dim(&line.replace("{goroutines}", &grouped_digits(goroutines))))?;
    }
    Ok(())
}

/// Which dumps have a column.
struct Columns {
    /// In the order of time.
    dumps: Vec<u32>,
    /// Between the first and the last stands how it went.
    has_sparkline: bool,
    has_numbers: bool,
}

impl Columns {
    fn of(comparison: &Comparison) -> Self {
        let order = &comparison.order;
        let has_sparkline = order.len() > MAX_COLUMNS;
        let dumps =
            if has_sparkline { order.first().into_iter().chain(order.last()).copied().collect() } else { order.clone() };
        let has_numbers = dumps.iter().any(|&dump| instance(comparison, dump).chars().count() > MAX_NAME);
        Self { dumps, has_sparkline, has_numbers }
    }

    fn write_names(&self, out: &mut impl Write, comparison: &Comparison) -> io::Result<()> {
        for &dump in self.dumps.iter().filter(|_| self.has_numbers) {
            writeln!(out, "  [{dump}] {}", plain(instance(comparison, dump)))?;
        }
        Ok(())
    }

    fn heads(&self, comparison: &Comparison) -> Vec<String> {
        let name = |&dump: &u32| if self.has_numbers { format!("[{dump}]") } else { instance(comparison, dump).to_owned() };
        self.between(self.dumps.iter().map(name).collect(), "…".to_owned())
    }

    fn cells(&self, change: &GroupChange, comparison: &Comparison) -> Vec<String> {
        let count = |dump: u32| change.counts.get(dump as usize).copied().unwrap_or(0);
        let cells = self.dumps.iter().map(|&dump| grouped_digits(count(dump))).collect();
        let values: Vec<f64> = comparison.order.iter().map(|&dump| count(dump) as f64).collect();
        self.between(cells, series::sparkline_of(&values))
    }

    /// Puts `middle` between the first and the last when the rest has no columns.
    fn between(&self, mut cells: Vec<String>, middle: String) -> Vec<String> {
        if self.has_sparkline && !cells.is_empty() {
            cells.insert(1, middle);
        }
        cells
    }
}

fn signed(delta: i64) -> String {
    let digits = grouped_digits(delta.unsigned_abs());
    match delta {
        0 => digits,
        1.. => format!("+{digits}"),
        _ => format!("-{digits}"),
    }
}

/// Per minute, with the digits that mean something.
fn rate(per_minute: f64) -> String {
    let rounded = if per_minute.abs() < 10.0 { (per_minute * 10.0).round() / 10.0 } else { per_minute.round() };
    let sign = if rounded > 0.0 { "+" } else { "" };
    format!("{sign}{}", value(rounded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_changes_have_a_sign() {
        assert_eq!([0, 1200, -7].map(signed), ["0", "+1,200", "-7"]);
        assert_eq!([0.0, 0.04, 5.25, -17.6].map(rate), ["0", "0", "+5.3", "-18"]);
    }
}
