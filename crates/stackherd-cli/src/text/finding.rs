//! Findings with their evidence.

use std::io::{self, Write};

use stackherd_engine::{Story, stories};
use stackherd_report::{Fix, Report, Severity, Site};

use super::numbers::grouped_digits;
use super::paint::{Paint, plain};
use super::place;
use super::words::Words;

/// Findings told before the rest is summed up.
const MAX_FINDINGS: usize = 20;

/// Writes the findings, those that several dumps share once.
pub(super) fn write_all(out: &mut impl Write, report: &Report, words: &Words, paint: Paint) -> io::Result<()> {
    let stories = stories(report);
    for story in stories.iter().take(MAX_FINDINGS) {
        write(out, story, report.dumps.len(), words, paint)?;
        writeln!(out)?;
    }
    if stories.len() > MAX_FINDINGS {
        let n = grouped_digits((stories.len() - MAX_FINDINGS) as u64);
        writeln!(out, "{}\n", words.more.replace("{n}", &n))?;
    }
    Ok(())
}

fn write(out: &mut impl Write, story: &Story<'_>, n_dumps: usize, words: &Words, paint: Paint) -> io::Result<()> {
    let finding = story.finding;
    let (severity, confidence) = (words.severity(finding.severity), words.confidence(finding.confidence));
    let severity = match finding.severity {
        Severity::Info => paint.dim(severity),
        Severity::Warning => paint.yellow(severity),
        Severity::Critical => paint.red(severity),
    };
    let what = paint.dim(&format!("[{confidence}, {}]", finding.rule));
    writeln!(out, "{severity} {} {what}", paint.bold(&finding.title))?;
    // What several dumps show together says itself in which.
    if n_dumps > 1 && finding.dumps.is_empty() {
        let line = words.in_dumps.replace("{n}", &grouped_digits(story.dumps.len() as u64));
        let line = line.replace("{all}", &grouped_digits(n_dumps as u64));
        writeln!(out, "  {}", line.replace("{goroutines}", &grouped_digits(story.goroutines)))?;
    }
    for sentence in &finding.evidence {
        writeln!(out, "  - {}", plain(sentence))?;
    }
    for (label, site) in [(words.culprit, &finding.culprit), (words.created_by, &finding.created_by)] {
        if let Some(site) = site {
            write_site(out, label, site, paint)?;
        }
    }
    if let Some(fix) = &finding.fix {
        write_fix(out, fix, words, paint)?;
    }
    for sentence in &finding.counter_evidence {
        writeln!(out, "  {}: {}", words.may_be_wrong, paint.dim(sentence))?;
    }
    if let Some(reference) = &finding.reference {
        writeln!(out, "  {}: {}", words.reference, plain(reference))?;
    }
    Ok(())
}

fn write_site(out: &mut impl Write, label: &str, site: &Site, paint: Paint) -> io::Result<()> {
    writeln!(out, "  {label}: {}  {}", paint.bold(&site.function), plain(&place(&site.file, site.line)))
}

/// The sentence, and the code to end up with; what to change is in Markdown and JSON.
fn write_fix(out: &mut impl Write, fix: &Fix, words: &Words, paint: Paint) -> io::Result<()> {
    writeln!(out, "  {}: {}", words.fix, plain(&fix.summary))?;
    for line in fix.after.lines() {
        match line.trim_end() {
            "" => writeln!(out)?,
            line => writeln!(out, "      {}", paint.dim(&line.replace('\t', "    ")))?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use stackherd_engine::Session;
    use stackherd_report::Language;

    #[test]
    fn ok_findings_that_dumps_share_are_told_once() {
        let mut session = Session::default();
        session.set_rules("[[rule]]\nname = \"a\"\nmessage = \"{count} stuck\"\nany_frame = \"send\"").unwrap();
        for (input, n) in (0..).zip([1, 30, 2]) {
            let goroutine = |goid| format!("goroutine {goid} [select]:\nmain.send(0x1)\n\t/src/main.go:9 +0x1\n\n");
            session.add(input, "a.txt", (1..=n).map(goroutine).collect::<String>().as_bytes()).unwrap();
        }
        let mut out = Vec::new();
        write_all(&mut out, &session.report(), Words::of(Language::En), Paint { is_colored: false }).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains("\n\nwarning 30 stuck [likely, a]\n  in 3 of 3 dumps; goroutines in all: 33\n  - 30 goroutines in"),
            "{text}"
        );
        assert!(text.ends_with("  at: main.send  /src/main.go:9\n\n"), "{text}");
    }
}
