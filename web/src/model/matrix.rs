//! The cells of the table of groups by instances: what they say and how strong they are coloured.

use stackherd_report::protocol::ChangeRow;

use super::{decimal, percent, thousands};

/// What a cell tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CellValue {
    /// Goroutines as a multiple of the group's median.
    #[default]
    Ratio,
    /// Goroutines.
    Count,
    /// Goroutines as a part of the instance's.
    Share,
}

impl CellValue {
    pub(crate) const ALL: [Self; 3] = [Self::Ratio, Self::Count, Self::Share];

    /// For elements.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Ratio => "ratio",
            Self::Count => "count",
            Self::Share => "share",
        }
    }

    /// What the legend shows: words and how strong their colour is.
    pub(crate) fn legend(self) -> [(&'static str, f64); 5] {
        match self {
            Self::Ratio => [("½×", 0.5), ("1×", 1.0), ("4×", 4.0), ("16×", 16.0), ("64×", 64.0)]
                .map(|(words, ratio)| (words, ratio_heat(ratio))),
            Self::Count => [("1", 1), ("10", 10), ("100", 100), ("1k", 1000), ("10k", 10_000)]
                .map(|(words, count)| (words, count_heat(count))),
            Self::Share => [("0.1%", 0.001), ("1%", 0.01), ("5%", 0.05), ("25%", 0.25), ("100%", 1.0)]
                .map(|(words, share)| (words, share_heat(share))),
        }
    }
}

/// How a cell looks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    /// How strong its colour is, 0 to 1.
    pub(crate) heat: f64,
    /// What stands in it; empty where the colour is enough.
    pub(crate) text: String,
    pub(crate) mark: CellMark,
}

/// What is special about a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellMark {
    None,
    Outlier,
    /// Most instances have the group.
    Missing,
    /// The instance has no goroutine at all.
    NotTaken,
}

/// The cell of the instance at `position`, whose goroutines are `goroutines` in all.
pub(crate) fn cell(row: &ChangeRow, position: u32, goroutines: u64, value: CellValue) -> Cell {
    if goroutines == 0 {
        return Cell { heat: 0.0, text: String::new(), mark: CellMark::NotTaken };
    }
    let count = count_at(row, position);
    let mark = if row.outliers.contains(&position) {
        CellMark::Outlier
    } else if row.missing.contains(&position) {
        CellMark::Missing
    } else {
        CellMark::None
    };
    let (heat, text) = match value {
        CellValue::Ratio => {
            let text = if mark == CellMark::None { String::new() } else { short_count(count) };
            (ratio_heat(ratio(count, row.median)), text)
        }
        CellValue::Count => (count_heat(count), short_count(count)),
        CellValue::Share => (share_heat(as_f64(count) / as_f64(goroutines)), short_percent(count, goroutines)),
    };
    // Nothing is no less than little.
    let (heat, text) = match (count, mark) {
        (0, CellMark::Missing) => (0.0, "0".to_owned()),
        (0, _) => (0.0, String::new()),
        _ => (heat, text),
    };
    Cell { heat, text, mark }
}

/// Goroutines of a group in the instance at `position`.
pub(crate) fn count_at(row: &ChangeRow, position: u32) -> u64 {
    row.counts.get(position as usize).copied().unwrap_or(0)
}

/// How many times the median a count is. Below one goroutine there is nothing to multiply.
pub(crate) fn ratio(count: u64, median: Option<f64>) -> f64 {
    as_f64(count) / median.unwrap_or(0.0).max(1.0)
}

/// `47.7×`, `16,582×`, `0.25×`; `None` when the median is less than one goroutine.
pub(crate) fn ratio_text(count: u64, median: Option<f64>) -> Option<String> {
    let median = median.filter(|median| *median >= 1.0)?;
    Some(format!("{}×", times(as_f64(count) / median)))
}

/// A factor with as many digits as matter.
pub(crate) fn times(factor: f64) -> String {
    let digits = if factor >= 100.0 {
        return thousands(whole(factor.round()));
    } else if factor >= 1.0 || factor == 0.0 {
        1
    } else {
        2
    };
    format!("{factor:.digits$}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A number of goroutines that may be between two: `6`, `6.5`.
pub(crate) fn median_text(median: Option<f64>) -> String {
    decimal(median.unwrap_or(0.0))
}

/// `668`, `1.3k`, `99k`, `1.2M`.
pub(crate) fn short_count(count: u64) -> String {
    const SCALES: [(u64, &str); 3] = [(1_000_000_000, "G"), (1_000_000, "M"), (1000, "k")];
    for (scale, unit) in SCALES {
        if count >= scale {
            let tenths = count / (scale / 10);
            let rest = tenths % 10;
            let has_rest = tenths < 100 && rest > 0;
            return if has_rest { format!("{}.{rest}{unit}", tenths / 10) } else { format!("{}{unit}", tenths / 10) };
        }
    }
    count.to_string()
}

/// A share for a cell: whole percent, below ten with one decimal.
fn short_percent(part: u64, whole: u64) -> String {
    let text = percent(part, whole);
    match text.split_once('.') {
        Some((digits, _)) if digits.len() > 1 && !digits.starts_with('<') => format!("{digits}%"),
        _ => text,
    }
}

/// Height of a bar of all goroutines of an instance, 0 to 1, so that ten times as many are a step higher.
pub(crate) fn total_bar(goroutines: u64, most: u64) -> f64 {
    log_part(as_f64(goroutines), as_f64(most))
}

/// Length of a bar of a ratio, 0 to 1.
pub(crate) fn ratio_bar(ratio: f64, most: f64) -> f64 {
    log_part(ratio, most.max(4.0))
}

fn log_part(value: f64, most: f64) -> f64 {
    if most <= 0.0 { 0.0 } else { (value.ln_1p() / most.ln_1p()).clamp(0.0, 1.0) }
}

/// 0.02 at half the median, 0.5 at 64 times.
fn ratio_heat(ratio: f64) -> f64 {
    const PER_DOUBLING: f64 = (0.5 - 0.02) / 7.0;
    if ratio <= 0.0 { 0.0 } else { (0.02 + PER_DOUBLING * (ratio.log2() + 1.0)).clamp(0.02, 0.5) }
}

/// 0.04 for one goroutine, 0.5 for 10,000.
fn count_heat(count: u64) -> f64 {
    if count == 0 { 0.0 } else { (0.04 + 0.115 * as_f64(count).log10()).clamp(0.02, 0.5) }
}

/// 0.02 for a thousandth, 0.5 for all.
fn share_heat(share: f64) -> f64 {
    if share <= 0.0 { 0.0 } else { (0.5 + 0.16 * share.log10()).clamp(0.02, 0.5) }
}

#[expect(clippy::cast_precision_loss, reason = "a number of goroutines is far below 2^53")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float saturates")]
fn whole(value: f64) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::super::sample_fleet::change_row;
    use super::*;

    #[test]
    fn ok_a_cell_is_as_strong_as_its_multiple_of_the_median() {
        let row = change_row("a", &[6, 12, 3, 24, 600, 0]);
        let heat = |position| cell(&row, position, 1000, CellValue::Ratio).heat;
        assert!((heat(2) - 0.02).abs() < 1e-9, "half");
        assert!((heat(4) - 0.5).abs() < 1e-9, "100 times");
        assert!(heat(0) < heat(1) && heat(1) < heat(3) && heat(3) < heat(4));
        assert_eq!(heat(5), 0.0);
    }

    #[test]
    fn ok_outliers_have_their_number_and_missing_ones_a_zero() {
        let mut row = change_row("a", &[6, 99_490, 0, 7, 0]);
        row.outliers = vec![1];
        row.missing = vec![2];
        let at = |position, value| cell(&row, position, 200_000, value);
        assert_eq!((at(1, CellValue::Ratio).text.as_str(), at(1, CellValue::Ratio).mark), ("99k", CellMark::Outlier));
        assert_eq!((at(2, CellValue::Ratio).text.as_str(), at(2, CellValue::Ratio).mark), ("0", CellMark::Missing));
        assert_eq!(at(0, CellValue::Ratio).text, "");
        assert_eq!(at(0, CellValue::Count).text, "6");
        assert_eq!(at(4, CellValue::Count).text, "", "few have it");
        assert_eq!(at(1, CellValue::Share).text, "49%");
        assert_eq!(cell(&row, 0, 0, CellValue::Count).mark, CellMark::NotTaken);
        assert_eq!(at(9, CellValue::Ratio).heat, 0.0, "no such instance");
    }

    #[test]
    fn ok_short_numbers() {
        let counts = [0, 999, 1000, 1321, 9999, 10_000, 99_490, 1_250_000];
        assert_eq!(counts.map(short_count), ["0", "999", "1k", "1.3k", "9.9k", "10k", "99k", "1.2M"]);
        assert_eq!(ratio_text(668, Some(14.0)).as_deref(), Some("47.7×"));
        assert_eq!(ratio_text(99_490, Some(6.0)).as_deref(), Some("16,582×"));
        assert_eq!(ratio_text(1, Some(4.0)).as_deref(), Some("0.25×"));
        assert_eq!(ratio_text(8, Some(2.0)).as_deref(), Some("4×"));
        assert_eq!(ratio_text(140, Some(0.0)), None);
        assert_eq!(ratio_text(140, None), None);
    }

    #[test]
    fn ok_bars_grow_with_the_order_of_magnitude() {
        assert_eq!(total_bar(0, 0), 0.0);
        assert_eq!(total_bar(104_895, 104_895), 1.0);
        assert!((total_bar(317, 104_895) - 0.5).abs() < 0.01);
        assert!(ratio_bar(47.7, 16_582.0) > 0.35 && ratio_bar(0.0, 4.0) == 0.0);
    }

    #[test]
    fn ok_legends_grow() {
        for value in CellValue::ALL {
            let legend = value.legend();
            assert!(legend.windows(2).all(|pair| pair[0].1 < pair[1].1), "{}", value.as_str());
        }
    }
}
