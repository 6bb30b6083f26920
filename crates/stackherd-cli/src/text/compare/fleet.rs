//! Many instances at one moment: which one is odd.

use std::io::{self, Write};

use stackherd_report::{Comparison, GroupChange, Report};

use super::{group, instance, name};
use crate::text::numbers::{grouped_digits, value};
use crate::text::paint::{Paint, plain};
use crate::text::words::Words;

/// Odd instances told.
const MAX_INSTANCES: usize = 20;
/// Groups told of each.
const MAX_GROUPS: usize = 5;

/// Writes the odd instances with what is odd about them, and what the others have in common.
pub(super) fn write(
    out: &mut impl Write,
    report: &Report,
    comparison: &Comparison,
    words: &Words,
    paint: Paint,
) -> io::Result<()> {
    let mut odd: Vec<Odd<'_>> = comparison.order.iter().map(|&dump| Odd::of(comparison, dump)).collect();
    odd.retain(|odd| !odd.groups.is_empty());
    odd.sort_by(|left, right| right.excess.total_cmp(&left.excess));
    let goroutines = |dump: u32| report.dumps.get(dump as usize).map_or(0, |dump| dump.goroutines);
    for odd in odd.iter().take(MAX_INSTANCES) {
        let line = words.instance.replace("{n}", &grouped_digits(goroutines(odd.dump)));
        writeln!(out, "  {}  {}", paint.bold(instance(comparison, odd.dump)), plain(&line))?;
        for &(count, change) in odd.groups.iter().take(MAX_GROUPS) {
            let median = words.against_median.replace("{n}", &grouped_digits(count));
            let median = median.replace("{median}", &value(change.median.unwrap_or(0.0)));
            writeln!(out, "      {}  {}", plain(&median), plain(&name(group(report, change))))?;
        }
        if odd.groups.len() > MAX_GROUPS {
            let n = grouped_digits((odd.groups.len() - MAX_GROUPS) as u64);
            writeln!(out, "      {}", paint.dim(&words.more_changes.replace("{n}", &n)))?;
        }
    }
    if odd.len() > MAX_INSTANCES {
        let n = grouped_digits((odd.len() - MAX_INSTANCES) as u64);
        writeln!(out, "  {}", plain(&words.more_instances.replace("{n}", &n)))?;
    }
    let mut alike: Vec<u64> =
        comparison.order.iter().filter(|&&dump| odd.iter().all(|odd| odd.dump != dump)).map(|&dump| goroutines(dump)).collect();
    alike.sort_unstable();
    let Some(&median) = alike.get(alike.len() / 2) else { return Ok(()) };
    let line = words.alike.replace("{n}", &grouped_digits(alike.len() as u64));
    let line = line.replace("{all}", &grouped_digits(comparison.order.len() as u64));
    writeln!(out, "  {}", plain(&line.replace("{median}", &grouped_digits(median))))
}

/// An instance in which groups stand out.
struct Odd<'a> {
    dump: u32,
    /// With its goroutines in each, the greatest excess first.
    groups: Vec<(u64, &'a GroupChange)>,
    /// Goroutines above the medians.
    excess: f64,
}

impl<'a> Odd<'a> {
    fn of(comparison: &'a Comparison, dump: u32) -> Self {
        let outliers = comparison.groups.iter().filter(|change| change.outlier_dumps.contains(&dump));
        let count = |change: &GroupChange| change.counts.get(dump as usize).copied().unwrap_or(0);
        let mut groups: Vec<(u64, &GroupChange)> = outliers.map(|change| (count(change), change)).collect();
        let excess = |&(count, change): &(u64, &GroupChange)| count as f64 - change.median.unwrap_or(0.0);
        groups.sort_by(|left, right| excess(right).total_cmp(&excess(left)));
        Self { dump, excess: groups.iter().map(excess).sum(), groups }
    }
}
