//! A number over time in one line.

use stackherd_report::Series;

use super::numbers::{count, duration, value};

/// Columns of the sparkline at most.
const MAX_COLUMNS: usize = 40;
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// `go_goroutines: 120 → 4,812 goroutines, min 118, max 4,900, 60 points over 2 h  ▁▂▅█`
pub(super) fn line(series: &Series) -> Option<String> {
    let values: Vec<f64> = series.points.iter().map(|point| point.value).filter(|value| value.is_finite()).collect();
    let (first, last) = (*values.first()?, *values.last()?);
    let (min, max) = values.iter().fold((first, first), |(min, max), &value| (min.min(value), max.max(value)));
    let unit = if series.unit.is_empty() { String::new() } else { format!(" {}", series.unit) };
    let mut line = format!("{}: ", series.name);
    if values.len() == 1 {
        line += &format!("{}{unit}", value(first));
        return Some(line);
    }
    line += &format!("{} → {}{unit}, min {}, max {}, ", value(first), value(last), value(min), value(max));
    line += &count(values.len() as u64, "point");
    if let Some(span) = span_millis(series) {
        line += &format!(" over {}", duration(span));
    }
    line += "  ";
    line.extend(sparkline(&values, min, max));
    Some(line)
}

/// From the first to the last time, when there are some.
fn span_millis(series: &Series) -> Option<u64> {
    let mut times = series.points.iter().filter_map(|point| point.at_millis);
    let first = times.next()?;
    let last = times.next_back()?;
    (last != first).then(|| last.abs_diff(first))
}

/// Values as a line of blocks.
pub(super) fn sparkline_of(values: &[f64]) -> String {
    let (min, max) = values.iter().fold((f64::MAX, f64::MIN), |(min, max), &value| (min.min(value), max.max(value)));
    sparkline(values, min, max).collect()
}

/// The largest value of each column: a short peak must not go unseen.
fn sparkline(values: &[f64], min: f64, max: f64) -> impl Iterator<Item = char> {
    let n = values.len().min(MAX_COLUMNS);
    let columns = (0..n).map(move |at| values.get(at * values.len() / n..(at + 1) * values.len() / n).unwrap_or_default());
    let height = max - min;
    columns.map(move |column| {
        let top = column.iter().fold(min, |top, &value| top.max(value));
        let level = if height > 0.0 { ((top - min) / height * (LEVELS.len() - 1) as f64).round() as usize } else { 0 };
        LEVELS.get(level).copied().unwrap_or('█')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stackherd_report::Point;

    fn series(values: &[f64], step_millis: Option<i64>) -> Series {
        let point = |(at, &value): (usize, &f64)| Point {
            line: at as u64 + 1,
            at_millis: step_millis.map(|step| 1_795_225_165_000 + at as i64 * step),
            value,
        };
        let points = values.iter().enumerate().map(point).collect();
        Series { name: "go_goroutines".to_owned(), unit: "goroutines".to_owned(), points }
    }

    #[test]
    fn ok_one_line_says_it_all() {
        let grown = series(&[120.0, 118.0, 2000.0, 4900.0, 4812.0], Some(900_000));
        let line = line(&grown).unwrap();
        assert_eq!(line, "go_goroutines: 120 → 4,812 goroutines, min 118, max 4,900, 5 points over 1 h  ▁▁▄██");
    }

    #[test]
    fn ok_without_times_and_with_one_point() {
        assert_eq!(line(&series(&[3.0, 3.0], None)).unwrap(), "go_goroutines: 3 → 3 goroutines, min 3, max 3, 2 points  ▁▁");
        assert_eq!(line(&series(&[3.0], Some(1))).unwrap(), "go_goroutines: 3 goroutines");
        assert_eq!(line(&series(&[], None)), None);
        assert_eq!(line(&series(&[f64::NAN], None)), None);
    }

    #[test]
    fn ok_many_points_share_columns_and_keep_their_peaks() {
        let mut values = vec![1.0; 10_000];
        values[5017] = 9.0;
        let line = line(&series(&values, None)).unwrap();
        let spark: Vec<char> = line.chars().rev().take_while(|c| LEVELS.contains(c)).collect();
        assert_eq!((spark.len(), spark.iter().filter(|&&c| c == '█').count()), (MAX_COLUMNS, 1));
    }

    #[test]
    fn ok_extreme_values() {
        let line = line(&series(&[f64::MIN, f64::MAX, f64::INFINITY, 0.0], None)).unwrap();
        assert!(line.contains("3 points"), "{line}");
    }
}
