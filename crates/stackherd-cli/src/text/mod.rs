//! The report for people.

mod compare;
mod dump;
mod finding;
mod numbers;
mod paint;
mod series;
mod verdict;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use stackherd_report::{Group, Language, Origin, Relation, Report, WaitMinutes};

use numbers::{count, grouped_digits, percent};
use paint::Paint;
pub(crate) use paint::plain;
use words::Words;

/// Frames printed of a stack before the rest is summed up.
const MAX_FRAMES: usize = 12;

/// What to write, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// Groups listed; 0 means all, the idle ones too.
    pub(crate) top: usize,
    /// Idle groups are told.
    pub(crate) shows_idle: bool,
    pub(crate) is_colored: bool,
    pub(crate) language: Language,
}

/// Writes the verdict, the findings, the dumps, the states and the first groups.
pub(crate) fn write(out: &mut impl Write, report: &Report, options: &Options) -> io::Result<()> {
    let paint = Paint { is_colored: options.is_colored };
    let words = Words::of(options.language);
    // What several dumps of a service show together says more than the worst of them alone.
    let is_compared = report.comparison.as_ref().is_some_and(|comparison| comparison.relation != Relation::Unknown);
    if is_compared {
        compare::write(out, report, options, words, paint)?;
        verdict::write(out, &report.dumps, words, paint)?;
    } else {
        verdict::write(out, &report.dumps, words, paint)?;
        compare::write(out, report, options, words, paint)?;
    }
    finding::write_all(out, report, words, paint)?;
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
    write_groups(out, report, options, paint)
}

fn write_groups(out: &mut impl Write, report: &Report, options: &Options, paint: Paint) -> io::Result<()> {
    let (idle, busy): (Vec<&Group>, Vec<&Group>) = report.groups.iter().partition(|group| group.idle.is_some());
    let lists_idle = options.shows_idle && options.top == 0;
    let listed: Vec<&Group> = if lists_idle { report.groups.iter().collect() } else { busy };
    let shown = if options.top == 0 { listed.len() } else { options.top.min(listed.len()) };
    for group in listed.iter().take(shown) {
        writeln!(out)?;
        write_group(out, group, report.totals.goroutines, paint)?;
    }
    if options.shows_idle && !lists_idle && !idle.is_empty() {
        writeln!(out, "\n{}", paint.dim(&idle_line(&idle)))?;
    }
    if shown < listed.len() {
        let rest: u64 = listed.iter().skip(shown).map(|group| group.goroutines).sum();
        let n_groups = (listed.len() - shown) as u64;
        writeln!(out, "\n{} with {} not listed; --top 0 lists all.", count(n_groups, "group"), count(rest, "goroutine"))?;
    }
    Ok(())
}

/// `idle: 304 goroutines in 9 groups: net-http-keep-alive 300, accept-loop 4`
fn idle_line(idle: &[&Group]) -> String {
    let mut patterns: BTreeMap<&str, u64> = BTreeMap::new();
    for group in idle {
        *patterns.entry(group.idle.as_deref().unwrap_or_default()).or_default() += group.goroutines;
    }
    let goroutines = patterns.values().sum();
    let mut patterns: Vec<_> = patterns.into_iter().collect();
    patterns.sort_by_key(|&(_, goroutines)| std::cmp::Reverse(goroutines));
    let patterns: Vec<_> =
        patterns.iter().map(|&(name, goroutines)| format!("{name} {}", grouped_digits(goroutines))).collect();
    let (goroutines, groups) = (count(goroutines, "goroutine"), count(idle.len() as u64, "group"));
    format!("idle: {goroutines} in {groups}: {}", patterns.join(", "))
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
    if let Some(idle) = &group.idle {
        let _ = write!(head, ", idle: {idle}");
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
