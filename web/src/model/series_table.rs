//! The same numbers as a table: every value with its time and its change.

use stackherd_report::report::{Point, Series};

use super::{Axis, change, clock, decimal, elapsed_seconds, thousands};

/// Rows in the order of the log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SeriesTable {
    axis: Axis,
    /// Series and point of each row.
    rows: Vec<(u32, u32)>,
}

/// One value, written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeriesRow {
    pub(crate) line: String,
    /// Empty when values have no times.
    pub(crate) time: String,
    pub(crate) series: usize,
    pub(crate) value: String,
    /// Since the value before in the same series; empty for the first.
    pub(crate) change: String,
}

/// The table of all series.
pub(crate) fn series_table(series: &[Series]) -> SeriesTable {
    let mut rows: Vec<(u64, (u32, u32))> = Vec::new();
    for (series_index, one) in (0..).zip(series) {
        rows.extend((0..).zip(&one.points).map(|(index, point)| (point.line, (series_index, index))));
    }
    rows.sort_unstable();
    SeriesTable { axis: Axis::of(series), rows: rows.into_iter().map(|(_, row)| row).collect() }
}

impl SeriesTable {
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// Every value has a time.
    pub(crate) const fn has_times(&self) -> bool {
        matches!(self.axis, Axis::Clock | Axis::Elapsed)
    }

    /// A row, given the series the table was made of.
    pub(crate) fn row(&self, series: &[Series], index: u32) -> Option<SeriesRow> {
        let &(series_index, point_index) = self.rows.get(index as usize)?;
        let points = &series.get(series_index as usize)?.points;
        let point = points.get(point_index as usize)?;
        let before = (point_index as usize).checked_sub(1).and_then(|before| points.get(before));
        Some(SeriesRow {
            line: thousands(point.line),
            time: self.time(point),
            series: series_index as usize,
            value: decimal(point.value),
            change: before.map(|before| change(point.value - before.value)).unwrap_or_default(),
        })
    }

    fn time(&self, point: &Point) -> String {
        match (self.axis, point.at_millis) {
            (Axis::Clock, Some(at)) => clock(at),
            (Axis::Elapsed, Some(at)) => elapsed_seconds(at),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: &[(u64, Option<i64>, f64)]) -> Series {
        let point = |&(line, at_millis, value): &(u64, Option<i64>, f64)| Point { line, at_millis, value };
        Series { name: "n".into(), unit: String::new(), points: points.iter().map(point).collect() }
    }

    #[test]
    fn ok_rows_follow_the_log_and_changes_follow_the_series() {
        let all = [
            series(&[(1, Some(500), 10.0), (3, Some(62_451), 7.5), (5, Some(70_000), 7.5)]),
            series(&[(1, Some(500), 1.0), (3, Some(62_451), 4.0)]),
        ];
        let table = series_table(&all);
        assert!(table.has_times());
        let rows: Vec<SeriesRow> = (0..table.len()).filter_map(|index| table.row(&all, index)).collect();
        let text: Vec<String> =
            rows.iter().map(|row| format!("{} {} {} {} {}", row.line, row.time, row.series, row.value, row.change)).collect();
        assert_eq!(text, ["1 0.5 s 0 10 ", "1 0.5 s 1 1 ", "3 62.451 s 0 7.5 −2.5", "3 62.451 s 1 4 +3", "5 70 s 0 7.5 0"]);
        assert_eq!(table.row(&all, 5), None);
    }

    #[test]
    fn ok_values_without_times_have_lines() {
        let all = [series(&[(4, None, 1.0), (1200, Some(5), 2.0)])];
        let table = series_table(&all);
        assert!(!table.has_times());
        assert_eq!(table.row(&all, 1).map(|row| (row.line, row.time)), Some(("1,200".into(), String::new())));
    }
}
