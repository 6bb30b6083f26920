//! A summary of an incident for tickets and chats, as Markdown.

use std::fmt::Write;

use stackherd_core::order;
use stackherd_report::{Dump, Language, Report};

use super::count;
use super::incident_words::IncidentWords;
use crate::finding_text::FindingText;
use crate::markdown::{prose, sentence};
use crate::story::{Story, stories};

/// Dumps listed.
const MAX_DUMPS: usize = 40;
/// Findings told.
const MAX_FINDINGS: usize = 20;
/// Names of dumps listed with a finding.
const MAX_NAMES: usize = 5;
/// Issues told.
const MAX_ISSUES: usize = 10;

/// Verdict, when, findings with evidence and fix, counts, what is not known.
pub(crate) fn incident(report: &Report, language: Language) -> String {
    let words = IncidentWords::of(language);
    let mut out = String::new();
    write_verdict(&mut out, report, words);
    write_when(&mut out, report, words);
    write_findings(&mut out, report, language, words);
    write_counts(&mut out, report, words);
    write_not_known(&mut out, report, words);
    out
}

/// The worst verdict of all dumps.
fn write_verdict(out: &mut String, report: &Report, words: &IncidentWords) {
    let worst = report.dumps.iter().map(|dump| &dump.verdict).min_by_key(|verdict| verdict.kind);
    let title = worst.map_or("", |verdict| verdict.title.as_str());
    let _ = writeln!(out, "# {}\n", if title.is_empty() { words.title.to_owned() } else { prose(title) });
    if let Some(verdict) = worst.filter(|verdict| !verdict.detail.is_empty()) {
        let _ = writeln!(out, "{}\n", sentence(&verdict.detail));
    }
    if let [dump] = report.dumps.as_slice()
        && !dump.verdict.advice.is_empty()
    {
        let _ = writeln!(out, "{}\n", sentence(&dump.verdict.advice));
    }
}

fn write_when(out: &mut String, report: &Report, words: &IncidentWords) {
    let _ = writeln!(out, "## {}\n", words.when);
    out.push_str(words.dump_head);
    for dump in report.dumps.iter().take(MAX_DUMPS) {
        write_dump(out, dump, words);
    }
    out.push('\n');
    if report.dumps.len() > MAX_DUMPS {
        let n = count((report.dumps.len() - MAX_DUMPS) as u64);
        let _ = writeln!(out, "{}\n", words.more_dumps.replace("{n}", &n));
    }
    let onset = report.findings.iter().filter_map(|finding| finding.onset.as_ref()).max_by_key(|onset| onset.minutes);
    if let Some(onset) = onset {
        let sentence = words.onset.replace("{minutes}", &count(onset.minutes.into()));
        let _ = writeln!(out, "{}\n", sentence.replace("{error}", &count(onset.error_minutes.into())));
    }
}

fn write_dump(out: &mut String, dump: &Dump, words: &IncidentWords) {
    let time = dump.captured_at.as_deref().unwrap_or(words.unknown_time);
    let version = dump.go_version.as_ref().map_or_else(String::new, |version| format!(", Go {version}"));
    let _ = writeln!(
        out,
        "| {} | {} | {} | {}{} | {} |",
        prose(&dump.name),
        prose(time),
        count(dump.goroutines),
        dump.format.as_str(),
        prose(&version),
        words.kind(dump.verdict.kind)
    );
}

fn write_findings(out: &mut String, report: &Report, language: Language, words: &IncidentWords) {
    let _ = writeln!(out, "## {}\n", words.findings);
    let stories = stories(report);
    if stories.is_empty() {
        let _ = writeln!(out, "{}\n", words.no_findings);
    }
    for story in stories.iter().take(MAX_FINDINGS) {
        let _ = writeln!(out, "{}", FindingText::from(story.finding).markdown(language));
        if report.dumps.len() > 1 {
            write_dumps_of(out, report, story, words);
        }
    }
    if stories.len() > MAX_FINDINGS {
        let n = count((stories.len() - MAX_FINDINGS) as u64);
        let _ = writeln!(out, "{}\n", words.more_findings.replace("{n}", &n));
    }
}

fn write_dumps_of(out: &mut String, report: &Report, story: &Story<'_>, words: &IncidentWords) {
    if !story.finding.dumps.is_empty() {
        // What several dumps show together says itself in which.
        return;
    }
    let names = story.dumps.iter().filter_map(|&dump| report.dumps.get(dump as usize)).map(|dump| prose(&dump.name));
    let mut names: Vec<String> = names.take(MAX_NAMES).collect();
    if story.dumps.len() > MAX_NAMES {
        names.push("…".to_owned());
    }
    let sentence = words.in_dumps.replace("{n}", &count(story.dumps.len() as u64));
    let sentence = sentence.replace("{all}", &count(report.dumps.len() as u64));
    let sentence = sentence.replace("{goroutines}", &count(story.goroutines));
    // Names come last: they are the reader's, and may hold braces themselves.
    let _ = writeln!(out, "{}\n", sentence.replace("{names}", &names.join(", ")));
}

fn write_counts(out: &mut String, report: &Report, words: &IncidentWords) {
    let totals = &report.totals;
    let sentence = words.totals.replace("{goroutines}", &count(totals.goroutines));
    let sentence = sentence.replace("{groups}", &count(totals.groups)).replace("{idle}", &count(totals.idle_goroutines));
    let _ = writeln!(out, "## {}\n\n{sentence}\n", words.counts);
    if totals.by_category.is_empty() {
        return;
    }
    out.push_str(words.state_head);
    let mut states: Vec<_> = totals.by_category.iter().collect();
    order::by_key(&mut states, |&(_, goroutines)| std::cmp::Reverse(goroutines));
    for (category, &goroutines) in states {
        let _ = writeln!(out, "| {} | {} |", category.as_str(), count(goroutines));
    }
    out.push('\n');
}

fn write_not_known(out: &mut String, report: &Report, words: &IncidentWords) {
    let _ = writeln!(out, "## {}\n", words.not_known);
    let issues = report.dumps.iter().flat_map(|dump| dump.issues.iter().map(move |issue| (&dump.name, &issue.message)));
    for (name, message) in issues.take(MAX_ISSUES) {
        let _ = writeln!(out, "- {}", words.issue.replace("{name}", &prose(name)).replace("{message}", &prose(message)));
    }
    if report.dumps.len() == 1 {
        let _ = writeln!(out, "- {}", words.one_dump);
    }
    for limit in words.limits {
        let _ = writeln!(out, "- {limit}");
    }
}

#[cfg(test)]
mod tests {
    use crate::Session;
    use stackherd_report::Language;
    use stackherd_report::protocol::ExportKind;

    fn dump(n: u32) -> String {
        let goroutine = |goid| format!("goroutine {goid} [chan send, 9 minutes]:\nmain.send(0x1)\n\t/src/main.go:9 +0x1\n\n");
        (1..=n).map(goroutine).collect()
    }

    fn session(dumps: &[(&str, u32)]) -> Session {
        let mut session = Session::default();
        session
            .set_rules(
                "[[rule]]\nname = \"stuck\"\nmessage = \"{count} stuck at {place}\"\nany_frame = \"send\"\nfix = \"Drain it.\"",
            )
            .unwrap();
        for (input, &(name, n)) in (0..).zip(dumps) {
            session.add(input, name, dump(n).as_bytes()).unwrap();
        }
        session
    }

    #[test]
    fn ok_one_dump() {
        let text = session(&[("a|b.txt", 30)]).export(Some(0), ExportKind::IncidentSummary, Language::En).unwrap();
        for line in [
            "## When",
            "| a\\|b.txt | time not recorded | 30 | traceback",
            "### 30 stuck at main.go:9",
            "warning · likely · `stuck`",
            "- 30 goroutines in 1 group fit your rule stuck: any_frame /send/.",
            "Stuck at: `main.send` `/src/main.go:9`",
            "Fix: Drain it.",
            "Goroutines: 30. Groups: 1. Idle goroutines: 0.",
            "| chan-send | 30 |",
            "- One dump shows no growth; a second one, taken minutes later, would.",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn ok_findings_of_several_dumps_are_told_once() {
        let text =
            session(&[("a", 30), ("b", 40), ("c", 1)]).export(None, ExportKind::IncidentSummary, Language::ZhCn).unwrap();
        assert_eq!(text.matches("\n### 40 stuck").count(), 1, "{text}");
        assert!(text.contains("出现在 3 个转储中的 3 个，共 71 个 goroutine。a, b, c"), "{text}");
        assert!(text.contains("### 40 stuck at main.go:9"), "the worst one is told\n{text}");
    }
}
