//! What the view of changes shows of a comparison.

use std::borrow::Cow;

use stackherd_report::Relation;
use stackherd_report::protocol::{ChangeQuery, ChangeSort, ComparisonView, FrameView};

use super::{State, clock, decimal, elapsed, short_names, thousands};

/// Dumps that have a column of their own; of more only two and a small picture of all.
pub(crate) const MAX_DUMP_COLUMNS: usize = 6;

/// Letters of a name that fit into a column.
const MAX_LABEL: usize = 9;

/// Positions of the dumps that have columns.
pub(crate) fn column_places(view: &ComparisonView) -> Vec<usize> {
    if view.dumps.len() <= MAX_DUMP_COLUMNS {
        return (0..view.dumps.len()).collect();
    }
    let (baseline, target) = (view.baseline as usize, view.target as usize);
    if baseline == target { vec![baseline] } else { vec![baseline.min(target), baseline.max(target)] }
}

/// What the dumps are called in little room: minutes since the first one, where times tell them apart, else names.
pub(crate) fn dump_labels(state: &State, view: &ComparisonView) -> Vec<String> {
    times_since_first(view).unwrap_or_else(|| names_of(state, view))
}

/// Names as short as they can be, in the order of the comparison.
pub(crate) fn names_of(state: &State, view: &ComparisonView) -> Vec<String> {
    let all: Vec<(u32, &str)> = state.dumps().map(|dump| (dump.id, dump.name())).collect();
    let name_of = |id: u32| all.iter().find(|(dump, _)| *dump == id).map_or("", |(_, name)| *name);
    let names: Vec<&str> = view.dumps.iter().map(|dump| name_of(dump.dump)).collect();
    without_common_end(&short_names(&names))
}

/// Endings that all share tell nothing: `t0`, `t1` of `t0.debug2.txt.gz`, `t1.debug2.txt.gz`.
fn without_common_end(names: &[&str]) -> Vec<String> {
    let end = |name: &&str| name.find('.').map_or(String::new(), |at| name.get(at..).unwrap_or_default().to_owned());
    let first = names.first().map(end).unwrap_or_default();
    let is_common = !first.is_empty() && names.iter().all(|name| end(name) == first && name.len() > first.len());
    let cut = |name: &&str| name.get(..name.len().saturating_sub(first.len())).unwrap_or(name).to_owned();
    names.iter().map(|name| if is_common { cut(name) } else { (*name).to_owned() }).collect()
}

fn times_since_first(view: &ComparisonView) -> Option<Vec<String>> {
    let times: Vec<i64> = view.dumps.iter().map(|dump| dump.at_millis).collect::<Option<_>>()?;
    let first = *times.first()?;
    let labels: Vec<String> = times.iter().map(|at| since(at.saturating_sub(first))).collect();
    let is_rising = times.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
    let mut unique = labels.clone();
    unique.sort_unstable();
    unique.dedup();
    (is_rising && unique.len() == labels.len() && labels.iter().all(|label| label.len() <= MAX_LABEL)).then_some(labels)
}

/// A distance in time in one unit: `+12 s`, `+3.5 min`, `+2.3 h`.
#[expect(clippy::cast_precision_loss, reason = "a label has one decimal")]
fn since(millis: i64) -> String {
    let seconds = (millis as f64 / 1000.0).max(0.0);
    let one = |value: f64| decimal((value * 10.0).round() / 10.0);
    match seconds {
        ..=0.0 => "0 min".to_owned(),
        ..60.0 => format!("+{} s", one(seconds)),
        ..7200.0 => format!("+{} min", one(seconds / 60.0)),
        ..172_800.0 => format!("+{} h", one(seconds / 3600.0)),
        _ => format!("+{} d", one(seconds / 86_400.0)),
    }
}

/// `+72,420`, `−3`, `0`.
pub(crate) fn signed(delta: i64) -> String {
    let size = thousands(delta.unsigned_abs());
    match delta {
        1.. => format!("+{size}"),
        0 => size,
        _ => format!("−{size}"),
    }
}

/// The class of a difference; its sign says the same.
pub(crate) const fn trend_tone(delta: i64) -> Option<&'static str> {
    match delta {
        1.. => Some("delta-up"),
        0 => None,
        _ => Some("delta-down"),
    }
}

/// Whole numbers from ten on, one decimal below.
pub(crate) fn per_minute(rate: f64) -> String {
    let rounded = if rate.abs() >= 10.0 { rate.round() } else { (rate * 10.0).round() / 10.0 };
    if rounded > 0.0 { format!("+{}", decimal(rounded)) } else { decimal(rounded) }
}

/// Goroutines can be followed from one dump to another.
pub(crate) fn shows_stuck(view: &ComparisonView) -> bool {
    view.has_ids && view.relation == Relation::SameProcess
}

/// `ascending`, `descending`, `other` or `none`, as assistive technology calls it.
pub(crate) fn change_sort_state(query: &ChangeQuery, sort: ChangeSort) -> &'static str {
    match (query.sort == sort, query.ascending) {
        (true, true) => "ascending",
        (true, false) => "descending",
        // The default order is by the size of the change, whatever its sign.
        (false, _) if sort == ChangeSort::Delta && query.sort == ChangeSort::Rank => "other",
        (false, _) => "none",
    }
}

/// `worker.(*Pool).run`.
pub(crate) fn frame_name(frame: &FrameView) -> String {
    if frame.package.is_empty() { frame.name.clone() } else { format!("{}.{}", frame.package, frame.name) }
}

/// Position of the first dump that has the group.
pub(crate) fn since_dump(counts: &[u64]) -> Option<usize> {
    counts.iter().position(|count| *count > 0)
}

/// Minutes in words, for a forecast: `1.6 h`, `12 d`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float saturates")]
pub(crate) fn forecast(minutes: f64) -> String {
    elapsed((minutes.max(0.0) * 60_000.0) as u64)
}

/// A line through counts, in a picture of this size.
#[expect(clippy::cast_precision_loss, reason = "a pixel is wider than what is lost")]
pub(crate) fn spark_path(counts: &[u64], width: f64, height: f64) -> String {
    let highest = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let step = width / (counts.len().saturating_sub(1).max(1)) as f64;
    let mut path = String::with_capacity(counts.len() * 12);
    for (index, count) in counts.iter().enumerate() {
        let (x, y) = (step * index as f64, height * (1.0 - *count as f64 / highest));
        path.push(if path.is_empty() { 'M' } else { 'L' });
        path.push_str(&format!("{x:.1} {y:.1}"));
    }
    path
}

/// When a dump was taken, as far as known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DumpTime {
    /// As a field for a date and a time takes it, in UTC.
    pub(crate) input: String,
    /// As people read it.
    pub(crate) text: String,
    /// The reader said so.
    pub(crate) is_given: bool,
}

/// When a dump was taken: as the reader says, else as the comparison or the file has it.
pub(crate) fn dump_time(state: &State, dump: u32) -> Option<DumpTime> {
    let given = state.compare.time_given(dump);
    let compared = || {
        let view = state.compare.view.as_ref()?;
        let at = view.dumps.iter().find(|compared| compared.dump == dump)?.at_millis?;
        Some(clock(at))
    };
    let file = || state.dumps().find(|entry| entry.id == dump)?.summary.dump.captured_at.clone();
    let text: Cow<'_, str> = match given {
        Some(given) => given.into(),
        None => compared().or_else(file)?.into(),
    };
    let seconds = text.get(..19).unwrap_or(&text);
    Some(DumpTime { input: seconds.replace(' ', "T"), text: seconds.replace('T', " "), is_given: given.is_some() })
}

/// What a field for a date and a time holds, as RFC 3339 in UTC; `None` when it is empty or not complete.
pub(crate) fn rfc3339(input: &str) -> Option<String> {
    match input.len() {
        16 => Some(format!("{input}:00Z")),
        19.. => Some(format!("{}Z", input.get(..19)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample_compare::view;
    use super::*;

    #[test]
    fn ok_columns_are_minutes_where_times_tell_dumps_apart() {
        let mut view = view(3);
        assert_eq!(times_since_first(&view).unwrap(), ["0 min", "+4 min", "+8 min"]);
        view.dumps[1].at_millis = view.dumps[0].at_millis.map(|at| at + 90_000);
        assert_eq!(times_since_first(&view).unwrap()[1], "+1.5 min");
        view.dumps[1].at_millis = view.dumps[0].at_millis;
        assert_eq!(times_since_first(&view), None, "taken at one moment, or so it seems");
        view.dumps[1].at_millis = None;
        assert_eq!(times_since_first(&view), None);
    }

    #[test]
    fn ok_many_dumps_have_two_columns() {
        assert_eq!(column_places(&view(6)), [0, 1, 2, 3, 4, 5]);
        let mut many = view(7);
        assert_eq!(column_places(&many), [0, 6]);
        (many.baseline, many.target) = (5, 2);
        assert_eq!(column_places(&many), [2, 5]);
    }

    #[test]
    fn ok_names_without_what_all_end_in() {
        assert_eq!(without_common_end(&["t0.debug2.txt.gz", "t4.debug2.txt.gz"]), ["t0", "t4"]);
        assert_eq!(without_common_end(&["a.txt", "b.pb.gz"]), ["a.txt", "b.pb.gz"]);
        assert_eq!(without_common_end(&[".txt", "b.txt"]), [".txt", "b.txt"]);
    }

    #[test]
    fn ok_numbers_carry_their_sign() {
        assert_eq!([72_420, -3, 0].map(signed), ["+72,420", "−3", "0"]);
        assert_eq!([9053.4, 0.44, -0.4, 0.0].map(per_minute), ["+9,053", "+0.4", "−0.4", "0"]);
        assert_eq!(forecast(96.0), "1 h 36 min");
    }

    #[test]
    fn ok_spark_path() {
        assert_eq!(spark_path(&[0, 5, 10], 20.0, 10.0), "M0.0 10.0L10.0 5.0L20.0 0.0");
        assert_eq!(spark_path(&[0, 0], 20.0, 10.0), "M0.0 10.0L20.0 10.0");
    }

    #[test]
    fn ok_typed_times_are_utc() {
        assert_eq!(rfc3339("2026-11-21T01:38").as_deref(), Some("2026-11-21T01:38:00Z"));
        assert_eq!(rfc3339("2026-11-21T01:38:30.5").as_deref(), Some("2026-11-21T01:38:30Z"));
        assert_eq!(rfc3339(""), None);
    }
}
