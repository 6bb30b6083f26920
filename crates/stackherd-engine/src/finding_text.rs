//! A finding in words, for clipboards, tickets and chats.

use std::fmt::Write;

use stackherd_report::protocol::FrameView;
use stackherd_report::{Confidence, Finding, Fix, Language, Severity, Site};

use crate::markdown::{block, code, diff, prose};
use crate::phrases::Phrases;

/// The parts of a finding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FindingText<'a> {
    pub(crate) rule: &'a str,
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    pub(crate) title: &'a str,
    pub(crate) culprit: Option<Place<'a>>,
    pub(crate) created_by: Option<Place<'a>>,
    pub(crate) evidence: &'a [String],
    pub(crate) counter_evidence: &'a [String],
    pub(crate) fix: Option<&'a Fix>,
    pub(crate) reference: Option<&'a str>,
}

/// A place in code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    function: &'a str,
    file: &'a str,
    line: u32,
}

impl<'a> From<&'a FrameView> for Place<'a> {
    fn from(frame: &'a FrameView) -> Self {
        Self { function: &frame.function, file: &frame.file, line: frame.line }
    }
}

impl<'a> From<&'a Site> for Place<'a> {
    fn from(site: &'a Site) -> Self {
        Self { function: &site.function, file: &site.file, line: site.line }
    }
}

impl<'a> From<&'a Finding> for FindingText<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            rule: &finding.rule,
            severity: finding.severity,
            confidence: finding.confidence,
            title: &finding.title,
            culprit: finding.culprit.as_ref().map(Place::from),
            created_by: finding.created_by.as_ref().map(Place::from),
            evidence: &finding.evidence,
            counter_evidence: &finding.counter_evidence,
            fix: finding.fix.as_ref(),
            reference: finding.reference.as_deref(),
        }
    }
}

impl Place<'_> {
    /// Function and place as code; the file is left out when there is none.
    pub(crate) fn markdown(self) -> String {
        if self.file.is_empty() {
            return code(self.function);
        }
        format!("{} {}", code(self.function), code(&format!("{}:{}", self.file, self.line)))
    }
}

impl FindingText<'_> {
    /// A section: heading, evidence, places, fix as a diff, what speaks against it.
    pub(crate) fn markdown(self, language: Language) -> String {
        let phrases = Phrases::of(language);
        let (severity, confidence) = (phrases.severity(self.severity), phrases.confidence(self.confidence));
        let mut out = format!("### {}\n\n", prose(self.title));
        let _ = writeln!(out, "{severity} · {confidence} · {}\n", code(self.rule));
        write_list(&mut out, self.evidence);
        for (label, place) in [(phrases.culprit, self.culprit), (phrases.created_by, self.created_by)] {
            if let Some(place) = place {
                let _ = writeln!(out, "{}{}{}\n", label, phrases.colon, place.markdown());
            }
        }
        if let Some(fix) = self.fix {
            let _ = writeln!(out, "{}{}{}\n", phrases.fix, phrases.colon, prose(&fix.summary));
            if !fix.before.is_empty() || !fix.after.is_empty() {
                let _ = writeln!(out, "{}\n\n{}", phrases.pattern, block("diff", &diff(&fix.before, &fix.after)));
            }
        }
        if !self.counter_evidence.is_empty() {
            let _ = writeln!(out, "{}{}\n", phrases.may_be_wrong, phrases.colon.trim_end());
            write_list(&mut out, self.counter_evidence);
        }
        if let Some(reference) = self.reference {
            // Between angle brackets a URL ends where it should; a rule of the reader's own may hold anything.
            let url: String = reference.chars().filter(|c| !c.is_whitespace() && !matches!(c, '<' | '>')).collect();
            let _ = writeln!(out, "{}{}<{url}>", phrases.reference, phrases.colon);
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }
}

fn write_list(out: &mut String, sentences: &[String]) {
    for sentence in sentences {
        let _ = writeln!(out, "- {}", prose(sentence));
    }
    if !sentences.is_empty() {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_finding_reads_well_and_hostile_names_stay_text() {
        let fix = Fix {
            summary: "Give the channel room for one.".to_owned(),
            before: "ch := make(chan T)\nuse(ch)".to_owned(),
            after: "ch := make(chan T, 1)\nuse(ch)".to_owned(),
        };
        let evidence = ["30 wait in main.a`b.".to_owned()];
        let text = FindingText {
            rule: "blocked-senders",
            severity: Severity::Warning,
            confidence: Confidence::Likely,
            title: "30 goroutines are stuck at a*b.go:9",
            culprit: Some(Place { function: "main.a`b\n# c", file: "/src/a*b.go", line: 9 }),
            created_by: None,
            evidence: &evidence,
            counter_evidence: &[],
            fix: Some(&fix),
            reference: Some("https://go.dev/a b"),
        };
        let expected = "### 30 goroutines are stuck at a\\*b.go:9\n\nwarning · likely · `blocked-senders`\n\n- 30 wait in main.a\\`b.\n\n\
                        Stuck at: ``main.a`b # c`` `/src/a*b.go:9`\n\nFix: Give the channel room for one.\n\n\
                        A pattern, not your source:\n\n```diff\n-ch := make(chan T)\n+ch := make(chan T, 1)\n use(ch)\n```\n\n\
                        Read on: <https://go.dev/ab>\n";
        assert_eq!(text.markdown(Language::En), expected);
        assert!(text.markdown(Language::ZhCn).contains("卡在："), "{}", text.markdown(Language::ZhCn));
    }
}
