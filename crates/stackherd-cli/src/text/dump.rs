//! What was read of each dump.

use std::io::{self, Write};

use stackherd_report::{Dump, DumpKind, Format, NoteKind};

use super::numbers::{count, grouped_digits, megabytes};
use super::paint::{Paint, plain};
use super::series;

/// Dumps printed before the rest is summed up.
const MAX_DUMPS: usize = 20;
/// Series printed of a dump before the rest is summed up.
const MAX_SERIES: usize = 20;

/// Writes what each dump is.
pub(super) fn write_all(out: &mut impl Write, dumps: &[Dump], paint: Paint) -> io::Result<()> {
    for dump in dumps.iter().take(MAX_DUMPS) {
        write(out, dump, paint)?;
    }
    if let Some(rest @ [_, ..]) = dumps.get(MAX_DUMPS..) {
        let goroutines = rest.iter().fold(0_u64, |sum, dump| sum.saturating_add(dump.goroutines));
        writeln!(out, "… and {} with {}", count(rest.len() as u64, "more dump"), count(goroutines, "goroutine"))?;
    }
    Ok(())
}

fn write(out: &mut impl Write, dump: &Dump, paint: Paint) -> io::Result<()> {
    writeln!(out, "{}: {}", paint.bold(&dump.name), plain(&facts(dump).join(", ")))?;
    if let Some(crash) = &dump.crash {
        let first_line = crash.message.lines().next().unwrap_or_default();
        let goroutine = crash.goid.map_or_else(String::new, |goid| format!(" in goroutine {goid}"));
        writeln!(out, "  {}{goroutine}: {}", paint.red(crash.kind.as_str()), plain(first_line))?;
    }
    for line in dump.series.iter().take(MAX_SERIES).filter_map(series::line) {
        writeln!(out, "  {}", plain(&line))?;
    }
    if dump.series.len() > MAX_SERIES {
        writeln!(out, "  … and {}", count((dump.series.len() - MAX_SERIES) as u64, "more counter"))?;
    }
    // What a race report is, the first line says.
    for note in dump.notes.iter().filter(|note| note.kind != NoteKind::RaceReport) {
        writeln!(out, "  {}", paint.dim(&note.message))?;
    }
    Ok(())
}

fn facts(dump: &Dump) -> Vec<String> {
    let mut facts = vec![content(dump)];
    if let Some(declared) = dump.declared_goroutines.filter(|&declared| declared != dump.goroutines) {
        facts.push(format!("declares {}", grouped_digits(declared)));
    }
    facts.push(match dump.kind {
        DumpKind::Goroutine => dump.format.as_str().to_owned(),
        DumpKind::Goroutineleak => format!("{} goroutineleak", dump.format.as_str()),
    });
    facts.push(megabytes(dump.bytes));
    if let Some(version) = &dump.go_version {
        facts.push(format!("Go {version}"));
    }
    if let Some(source) = dump.source.as_ref().filter(|source| !dump.name.contains(source.as_str())) {
        facts.push(format!("from {source}"));
    }
    if let Some(time) = &dump.captured_at {
        facts.push(whole_seconds(time));
    }
    if !dump.issues.is_empty() {
        facts.push(count(dump.issues.len() as u64, "issue"));
    }
    facts
}

/// A moment without its parts of a second, which only files have.
fn whole_seconds(time: &str) -> String {
    match time.split_once('.') {
        Some((seconds, rest)) => format!("{seconds}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit())),
        None => time.to_owned(),
    }
}

/// What the dump lists.
fn content(dump: &Dump) -> String {
    if dump.goroutines > 0 {
        return count(dump.goroutines, "goroutine");
    }
    let races = dump.notes.iter().find(|note| note.kind == NoteKind::RaceReport).map(|note| note.count);
    match (races, dump.kind) {
        (Some(races), _) => format!("{}; a race report lists no goroutines", count(races, "data race")),
        (None, _) if dump.format == Format::Race => "a race report lists no goroutines".to_owned(),
        (None, _) if !dump.series.is_empty() => count(dump.series.len() as u64, "counter"),
        (None, DumpKind::Goroutineleak) => "no leaked goroutines".to_owned(),
        (None, DumpKind::Goroutine) => "no goroutines".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stackherd_report::{Note, Point, Series, Verdict, VerdictKind};

    fn dump(format: Format, goroutines: u64) -> Dump {
        Dump {
            id: 0,
            name: "a.txt".to_owned(),
            source: None,
            instance: None,
            format,
            kind: DumpKind::Goroutine,
            bytes: 1500,
            goroutines,
            declared_goroutines: None,
            distinct_stacks: 0,
            go_version: None,
            crash: None,
            issues: Vec::new(),
            notes: Vec::new(),
            series: Vec::new(),
            line: 1,
            captured_at: None,
            verdict: Verdict { kind: VerdictKind::Nothing, title: String::new(), detail: String::new(), advice: String::new() },
        }
    }

    fn note(kind: NoteKind, count: u64, message: &str) -> Note {
        Note { kind, line: 1, count, message: message.to_owned() }
    }

    #[track_caller]
    fn check(dumps: &[Dump], expected: &str) {
        let mut out = Vec::new();
        write_all(&mut out, dumps, Paint { is_colored: false }).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn ok_facts() {
        let leaked = Dump { kind: DumpKind::Goroutineleak, declared_goroutines: Some(9), ..dump(Format::Counted, 7) };
        check(&[leaked], "a.txt: 7 goroutines, declares 9, counted goroutineleak, 1.5 kB\n");
        let same = Dump { declared_goroutines: Some(7), source: Some("pod-3".to_owned()), ..dump(Format::Profile, 7) };
        check(&[same], "a.txt: 7 goroutines, profile, 1.5 kB, from pod-3\n");
        let noted = Dump { notes: vec![note(NoteKind::Html, 3, "HTML was\x1b removed.")], ..dump(Format::Traceback, 1) };
        check(&[noted], "a.txt: 1 goroutine, traceback, 1.5 kB\n  HTML was\u{fffd} removed.\n");
    }

    #[test]
    fn ok_dumps_without_goroutines() {
        let none = Dump { kind: DumpKind::Goroutineleak, ..dump(Format::Counted, 0) };
        check(&[none], "a.txt: no leaked goroutines, counted goroutineleak, 1.5 kB\n");
        let races = Dump { notes: vec![note(NoteKind::RaceReport, 2, "…")], ..dump(Format::Race, 0) };
        check(&[races], "a.txt: 2 data races; a race report lists no goroutines, race, 1.5 kB\n");
        let points = [5.0, 6.0].map(|value| Point { line: 1, at_millis: None, value }).to_vec();
        let series = Series { name: "num_goroutine".to_owned(), unit: String::new(), points };
        let log = Dump { series: vec![series; 22], ..dump(Format::CounterLog, 0) };
        let mut out = Vec::new();
        write_all(&mut out, &[log], Paint { is_colored: false }).unwrap();
        let lines: Vec<_> = std::str::from_utf8(&out).unwrap().lines().collect();
        assert_eq!(
            lines[..2],
            ["a.txt: 22 counters, counter-log, 1.5 kB", "  num_goroutine: 5 → 6, min 5, max 6, 2 points  ▁█"]
        );
        assert_eq!((lines.len(), lines[21]), (22, "  … and 2 more counters"));
    }

    #[test]
    fn ok_many_dumps_are_summed_up() {
        let mut out = Vec::new();
        write_all(&mut out, &vec![dump(Format::Traceback, 7); 30], Paint { is_colored: false }).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), 21);
        assert!(text.ends_with("… and 10 more dumps with 70 goroutines\n"), "{text}");
    }
}
