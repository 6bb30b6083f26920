//! How several dumps differ, for people.

mod fleet;
mod series;
mod table;

use std::io::{self, Write};

use stackherd_report::{Comparison, ComparisonMode, Group, GroupChange, Report};

use super::Options;
use super::paint::{Paint, plain};
use super::words::Words;

/// Rows told when all groups are asked for as little as by default.
const MAX_ROWS: usize = 20;

/// Writes what changed, or which instances are odd.
pub(super) fn write(out: &mut impl Write, report: &Report, options: &Options, words: &Words, paint: Paint) -> io::Result<()> {
    let Some(comparison) = &report.comparison else { return Ok(()) };
    writeln!(out, "{}", paint.bold(&comparison.title))?;
    if !comparison.detail.is_empty() {
        writeln!(out, "{}", plain(&comparison.detail))?;
    }
    let relation = words.relation(comparison.relation);
    writeln!(out, "{}", paint.dim(&format!("{relation}{}{}", words.colon, comparison.relation_why)))?;
    if comparison.mixed_formats {
        writeln!(out, "{}", paint.dim(words.mixed_formats))?;
    }
    if let Some(outcome) = &comparison.outcome {
        writeln!(out, "{}", plain(&outcome.title))?;
        if let Some(gc) = &outcome.gc {
            writeln!(out, "{}", plain(&words.gc_change(gc)))?;
        }
    }
    match comparison.mode {
        ComparisonMode::Series => series::write(out, report, comparison, options, words, paint)?,
        ComparisonMode::Fleet => fleet::write(out, report, comparison, words, paint)?,
    }
    writeln!(out)
}

/// The group of a row.
fn group<'a>(report: &'a Report, change: &GroupChange) -> Option<&'a Group> {
    report.groups.iter().find(|group| group.key == change.key)
}

/// What a row is called: state, function and place.
fn name(group: Option<&Group>) -> String {
    let Some(group) = group else { return String::new() };
    let state = group.wait_reasons.first().map_or(group.category.as_str(), |reason| reason.text.as_str());
    let own = group.culprit.and_then(|culprit| group.stack.get(culprit as usize));
    let Some(frame) = own.or_else(|| group.stack.last()) else { return state.to_owned() };
    let file = frame.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let place = if file.is_empty() { String::new() } else { format!("  {file}:{}", frame.line) };
    format!("{state}  {}{place}", frame.function)
}

/// What a dump is called in a table.
fn instance(comparison: &Comparison, dump: u32) -> &str {
    comparison.instances.get(dump as usize).map_or("", String::as_str)
}
