//! The report for people.

mod dump;
mod numbers;
mod paint;
mod series;

use std::fmt::Write as _;
use std::io::{self, Write};

use stackherd_report::{Group, Origin, Report, WaitMinutes};

use numbers::{count, grouped_digits, percent};
use paint::Paint;
pub(crate) use paint::plain;

/// Frames printed of a stack before the rest is summed up.
const MAX_FRAMES: usize = 12;

/// Writes the dumps, the states and the first `top` groups; 0 means all.
pub(crate) fn write(out: &mut impl Write, report: &Report, top: usize, is_colored: bool) -> io::Result<()> {
    let paint = Paint { is_colored };
    dump::write_all(out, &report.dumps, paint)?;
    let totals = &report.totals;
    if totals.goroutines == 0 {
        return Ok(());
    }
    writeln!(out, "\n{} in {}:", count(totals.goroutines, "goroutine"), count(totals.groups, "group"))?;
    let mut states: Vec<_> = totals.by_category.iter().collect();
    states.sort_by_key(|&(_, goroutines)| std::cmp::Reverse(goroutines));
    let states: Vec<_> =
        states.iter().map(|(category, goroutines)| format!("{} {}", category.as_str(), grouped_digits(**goroutines))).collect();
    writeln!(out, "{}", states.join(", "))?;
    let shown = if top == 0 { report.groups.len() } else { top.min(report.groups.len()) };
    for group in report.groups.iter().take(shown) {
        writeln!(out)?;
        write_group(out, group, totals.goroutines, paint)?;
    }
    if shown < report.groups.len() {
        let rest: u64 = report.groups.iter().skip(shown).map(|group| group.goroutines).sum();
        let n_groups = (report.groups.len() - shown) as u64;
        writeln!(out, "\n{} with {} not listed; --top 0 lists all.", count(n_groups, "group"), count(rest, "goroutine"))?;
    }
    Ok(())
}

fn write_group(out: &mut impl Write, group: &Group, n_all: u64, paint: Paint) -> io::Result<()> {
    let state = group.wait_reasons.first().map_or(group.category.as_str(), |reason| reason.text.as_str());
    let mut head = format!("{:>9}  {:>6}  {state}", grouped_digits(group.goroutines), percent(group.goroutines, n_all));
    if let Some(waits) = &group.wait_minutes {
        let _ = write!(head, ", {}", waits_text(waits));
    }
    if group.leaked > 0 {
        let _ = write!(head, ", {} leaked", grouped_digits(group.leaked));
    }
    writeln!(out, "{}", paint.bold(&head))?;
    for (at, frame) in group.stack.iter().take(MAX_FRAMES).enumerate() {
        let line = format!("{}  {}", frame.function, place(&frame.file, frame.line));
        let is_culprit = group.culprit == Some(at as u32);
        let line = match frame.origin {
            _ if is_culprit => paint.bold(&line),
            Origin::App => plain(&line),
            Origin::Dependency | Origin::Std | Origin::Runtime => paint.dim(&line),
        };
        writeln!(out, "           {line}")?;
    }
    if group.stack.len() > MAX_FRAMES {
        writeln!(out, "           … {} more frames", group.stack.len() - MAX_FRAMES)?;
    }
    if group.stack.is_empty() {
        writeln!(out, "           (no stack)")?;
    }
    if let Some(creator) = &group.created_by {
        let line = format!("created by {}  {}", creator.function, place(&creator.file, creator.line));
        writeln!(out, "           {}", plain(&line))?;
    }
    Ok(())
}

fn waits_text(waits: &WaitMinutes) -> String {
    if waits.min == waits.max {
        format!("waiting {} min", waits.max)
    } else {
        format!("waiting {} to {} min (median {})", waits.min, waits.max, waits.p50)
    }
}

fn place(file: &str, line: u32) -> String {
    if file.is_empty() { String::new() } else { format!("{file}:{line}") }
}
