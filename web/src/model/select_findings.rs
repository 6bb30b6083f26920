//! What the overview says of a judgement.

use stackherd_report::protocol::{FindingView, Judgement};
use stackherd_report::{Confidence, Severity, Verdict, VerdictKind};

use super::{DumpEntry, Language, place};

/// How a sentence is meant. The words always say it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Critical,
    Warning,
    Info,
    Good,
}

impl Tone {
    /// For class names.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Good => "good",
        }
    }
}

pub(crate) const fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Critical => Tone::Critical,
        Severity::Warning => Tone::Warning,
        Severity::Info => Tone::Info,
    }
}

/// The engine's verdict, when it has one. The one that came with the dump is in English.
pub(crate) fn judged_verdict(entry: &DumpEntry, language: Language) -> Option<&Verdict> {
    let verdict = match &entry.judgement.loaded {
        Some(judgement) => &judgement.verdict,
        None if language == Language::English => &entry.summary.dump.verdict,
        None => return None,
    };
    // That a process ended is never nothing.
    let hides_crash = verdict.kind == VerdictKind::Nothing && entry.summary.dump.crash.is_some();
    (!verdict.title.is_empty() && !hides_crash).then_some(verdict)
}

/// The finding the verdict is about.
pub(crate) fn verdict_finding(judgement: &Judgement) -> Option<&FindingView> {
    judgement.findings.get(judgement.verdict_finding? as usize)
}

/// How the verdict is meant.
pub(crate) fn verdict_tone(verdict: &Verdict, finding: Option<&FindingView>) -> Tone {
    match (verdict.kind, finding) {
        (VerdictKind::Nothing, _) => Tone::Good,
        (VerdictKind::Crash | VerdictKind::Deadlock, _) => Tone::Critical,
        (_, Some(finding)) => tone(finding.severity),
        (VerdictKind::Leak | VerdictKind::Lock | VerdictKind::TestLeak, None) => Tone::Warning,
        (VerdictKind::Busy | VerdictKind::Possible, None) => Tone::Info,
    }
}

/// Bars of three.
pub(crate) const fn confidence_bars(confidence: Confidence) -> u32 {
    match confidence {
        Confidence::Possible => 1,
        Confidence::Likely => 2,
        Confidence::Certain => 3,
    }
}

/// The places a finding's sentences name: they are shown as code.
pub(crate) fn finding_places(finding: &FindingView) -> Vec<String> {
    let frames = [&finding.culprit, &finding.created_by].into_iter().flatten();
    frames.map(place).filter(|place| place.contains(':')).collect()
}

#[cfg(test)]
mod tests {
    use stackherd_report::{Crash, CrashKind};

    use super::super::sample::{finding, judgement, summary};
    use super::*;

    #[test]
    fn ok_a_verdict_in_another_language_is_waited_for() {
        let mut summary = summary(3);
        summary.dump.verdict.title = "Likely leak".into();
        let mut entry = DumpEntry::new(summary);
        assert_eq!(judged_verdict(&entry, Language::English).map(|verdict| verdict.title.as_str()), Some("Likely leak"));
        assert_eq!(judged_verdict(&entry, Language::Chinese), None);
        let mut chinese = judgement();
        chinese.verdict.title = "疑似泄漏".into();
        entry.judgement.loaded = Some(std::rc::Rc::new(chinese));
        assert_eq!(judged_verdict(&entry, Language::Chinese).map(|verdict| verdict.title.as_str()), Some("疑似泄漏"));
    }

    #[test]
    fn ok_no_verdict_without_a_title() {
        let entry = DumpEntry::new(summary(3));
        assert_eq!(judged_verdict(&entry, Language::English), None);
    }

    #[test]
    fn ok_a_crash_is_never_nothing() {
        let mut summary = summary(3);
        summary.dump.verdict.title = "Nothing unusual".into();
        assert!(judged_verdict(&DumpEntry::new(summary.clone()), Language::English).is_some());
        summary.dump.crash = Some(Crash { kind: CrashKind::Panic, message: "boom".into(), goid: None });
        assert_eq!(judged_verdict(&DumpEntry::new(summary), Language::English), None);
    }

    #[test]
    fn ok_tone_by_kind_and_severity() {
        let judgement = judgement();
        let mut verdict = judgement.verdict.clone();
        let found = verdict_finding(&judgement);
        assert_eq!(verdict_tone(&verdict, found), Tone::Critical);
        let mild = FindingView { severity: Severity::Info, ..finding("x", &[]) };
        assert_eq!(verdict_tone(&verdict, Some(&mild)), Tone::Info);
        assert_eq!(verdict_tone(&verdict, None), Tone::Warning);
        verdict.kind = VerdictKind::Nothing;
        assert_eq!(verdict_tone(&verdict, Some(&mild)), Tone::Good);
        verdict.kind = VerdictKind::Deadlock;
        assert_eq!(verdict_tone(&verdict, Some(&mild)), Tone::Critical);
    }

    #[test]
    fn ok_places_of_a_finding() {
        assert_eq!(finding_places(&finding("x", &["1"])), ["worker.go:89", "main.go:12"]);
    }
}
