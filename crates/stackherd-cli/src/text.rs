//! The report for people.

use std::fmt::Write as _;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use stackherd_report::{Dump, Group, Origin, Report, WaitMinutes};

/// Frames printed of a stack before the rest is summed up.
const MAX_FRAMES: usize = 12;

/// Writes the dumps, the states and the first `top` groups; 0 means all.
pub(crate) fn write(out: &mut impl Write, report: &Report, top: usize, is_colored: bool) -> io::Result<()> {
    let paint = Paint { is_colored };
    for dump in &report.dumps {
        write_dump(out, dump, paint)?;
    }
    let totals = &report.totals;
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

fn write_dump(out: &mut impl Write, dump: &Dump, paint: Paint) -> io::Result<()> {
    let mut facts = vec![count(dump.goroutines, "goroutine"), dump.format.as_str().to_owned(), megabytes(dump.bytes)];
    if let Some(version) = &dump.go_version {
        facts.push(format!("Go {version}"));
    }
    if !dump.issues.is_empty() {
        facts.push(count(dump.issues.len() as u64, "issue"));
    }
    writeln!(out, "{}: {}", paint.bold(&dump.name), facts.join(", "))?;
    if let Some(crash) = &dump.crash {
        let first_line = crash.message.lines().next().unwrap_or_default();
        let goroutine = crash.goid.map_or_else(String::new, |goid| format!(" in goroutine {goid}"));
        writeln!(out, "  {}{goroutine}: {first_line}", paint.red(crash.kind.as_str()))?;
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
            Origin::App => line,
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
        writeln!(out, "           created by {}  {}", creator.function, place(&creator.file, creator.line))?;
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

fn megabytes(bytes: u64) -> String {
    if bytes < 1_000_000 { format!("{:.1} kB", bytes as f64 / 1e3) } else { format!("{:.1} MB", bytes as f64 / 1e6) }
}

fn count(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped_digits(n), if n == 1 { "" } else { "s" })
}

/// `104,856`
fn grouped_digits(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Rounded down, so that 100 % means all.
fn percent(part: u64, all: u64) -> String {
    let per_mille = (u128::from(part) * 1000 / u128::from(all.max(1))) as u64;
    if per_mille == 0 && part > 0 { "<0.1 %".to_owned() } else { format!("{}.{} %", per_mille / 10, per_mille % 10) }
}

/// Colours on a terminal, plain text elsewhere.
#[derive(Clone, Copy)]
struct Paint {
    is_colored: bool,
}

impl Paint {
    fn bold(self, text: &str) -> String {
        self.apply(Style::new().bold(), text)
    }

    fn dim(self, text: &str) -> String {
        self.apply(Style::new().dimmed(), text)
    }

    fn red(self, text: &str) -> String {
        self.apply(AnsiColor::Red.on_default().bold(), text)
    }

    /// Dump text may hold escape codes of its own; a terminal must not act on them.
    fn apply(self, style: Style, text: &str) -> String {
        let text: String = text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
        if self.is_colored { format!("{style}{text}{style:#}") } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_numbers() {
        assert_eq!(grouped_digits(7), "7");
        assert_eq!(grouped_digits(104_856), "104,856");
        assert_eq!(count(1, "group"), "1 group");
        assert_eq!(percent(104_856, 104_857), "99.9 %");
        assert_eq!(percent(5, 5), "100.0 %");
        assert_eq!(percent(1, 100_000), "<0.1 %");
        assert_eq!(megabytes(43_500_000), "43.5 MB");
    }

    #[test]
    fn ok_escape_codes_of_a_dump_do_not_reach_the_terminal() {
        let paint = Paint { is_colored: false };
        assert_eq!(paint.bold("main\x1b[2J"), "main\u{fffd}[2J");
    }
}
