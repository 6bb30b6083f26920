//! The one sentence on top.

use crate::finding::{Analysis, Confidence, Finding, Severity};
use crate::snapshot::Scope;
use crate::text::{Count, Goroutines, Text, minutes, text};
use crate::wait::Category;

/// What kind of trouble a dump shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VerdictKind {
    /// The process ended; what ended it comes first.
    Crash,
    /// Nothing can run, or goroutines wait for each other.
    Deadlock,
    /// Goroutines that will never go on, proved or likely.
    Leak,
    /// A lock that many queue for.
    Lock,
    /// Many goroutines are ready to run or run.
    Busy,
    /// A test left goroutines behind.
    TestLeak,
    /// Something is worth a look, and nothing more is certain.
    Possible,
    /// No group stands out.
    Nothing,
}

/// The answer to "what is wrong?", in one sentence and a second one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What kind of trouble it is.
    pub kind: VerdictKind,
    /// State, count, place and age. Empty for a dump without goroutines of which no finding speaks.
    pub title: Text,
    /// What else is worth knowing: who started them, how partial the dump is. May be empty.
    pub detail: Text,
    /// What would decide it, for a reader who has this dump only. May be empty.
    pub advice: Text,
    /// Index of the finding it is about.
    pub finding: Option<u32>,
}

/// Sums `findings` up; they are in their order. What crashed comes first, then what is worst.
#[must_use]
pub fn verdict(analysis: &Analysis<'_>, findings: &[Finding]) -> Verdict {
    let crash = findings.iter().position(|finding| finding.rule == "crash" && finding.severity == Severity::Critical);
    let worst = findings.iter().position(|finding| finding.claims && finding.severity > Severity::Info);
    let told = findings.iter().position(|finding| finding.severity > Severity::Info);
    let first = crash.or(worst).or(told);
    if let Some((index, finding)) = first.and_then(|index| Some((index, findings.get(index)?))) {
        let mut detail = started_by(analysis, finding);
        append(&mut detail, others(findings, index));
        let (kind, title) = (kind(finding), title(analysis, finding));
        return Verdict { kind, title, detail, advice: Text::default(), finding: Some(index as u32) };
    }
    if let Some(busy) = busy(analysis) {
        return busy;
    }
    nothing(analysis, findings)
}

fn kind(finding: &Finding) -> VerdictKind {
    match &*finding.rule {
        "crash" => VerdictKind::Crash,
        _ if finding.is_cause() => VerdictKind::Deadlock,
        "lock-pileup" => VerdictKind::Lock,
        "goleak-failure" => VerdictKind::TestLeak,
        "truncated-dump" | "count-rising" => VerdictKind::Possible,
        _ => VerdictKind::Leak,
    }
}

/// What the finding says, led by how sure it is, ended by the age.
fn title(analysis: &Analysis<'_>, finding: &Finding) -> Text {
    let Text { en, zh_cn } = &finding.title;
    let kind = kind(finding);
    let mut title = match (kind, finding.confidence) {
        (VerdictKind::Leak, Confidence::Likely) => text!("Likely leak: {en}", "疑似泄漏：{zh_cn}"),
        (VerdictKind::Leak, Confidence::Possible) => text!("Possible leak: {en}", "可能泄漏：{zh_cn}"),
        (VerdictKind::Leak, Confidence::Certain) => text!("Leak: {en}", "泄漏：{zh_cn}"),
        (VerdictKind::Deadlock, Confidence::Likely) => text!("Likely deadlock: {en}", "疑似死锁：{zh_cn}"),
        (VerdictKind::Deadlock, Confidence::Possible) => text!("Possible deadlock: {en}", "可能死锁：{zh_cn}"),
        _ => finding.title.clone(),
    };
    let oldest = finding
        .groups
        .iter()
        .filter_map(|&group| Some(analysis.group(group)?.waits()?.max))
        .max()
        .filter(|_| matches!(kind, VerdictKind::Leak | VerdictKind::Deadlock | VerdictKind::Lock));
    if let Some(oldest) = oldest.map(minutes) {
        let (en, zh_cn) = (&oldest.en, &oldest.zh_cn);
        append_with(&mut title, text!(", oldest {en}", "，最久 {zh_cn}"));
    }
    title
}

fn started_by(analysis: &Analysis<'_>, finding: &Finding) -> Text {
    let Some(creator) = finding.created_by.filter(|_| finding.claims) else { return Text::default() };
    let (function, place) = (analysis.function_text(creator), analysis.place_text(creator));
    text!("Started by `{function}` at `{place}`.", "由 `{function}` 在 `{place}` 启动。")
}

/// How many other findings there are.
fn others(findings: &[Finding], index: usize) -> Text {
    let loud = findings.iter().enumerate().filter(|&(at, finding)| at != index && finding.severity > Severity::Info).count();
    match loud {
        0 => Text::default(),
        1 => text!("One more finding needs a look.", "另有一项发现需要查看。"),
        _ => text!("{loud} more findings need a look.", "另有 {loud} 项发现需要查看。"),
    }
}

/// Goroutines that wait for a processor are no leak, but may be why a service is slow.
fn busy(analysis: &Analysis<'_>) -> Option<Verdict> {
    let n: u64 = analysis
        .groups()
        .filter(|group| matches!(group.category(), Category::Runnable | Category::Running))
        .map(|group| group.n_goroutines())
        .sum();
    let all = analysis.n_goroutines();
    if n < analysis.thresholds.large || n * 2 < all {
        return None;
    }
    let (n, all) = (Count(n), Count(all));
    Some(Verdict {
        kind: VerdictKind::Busy,
        title: text!(
            "Busy: {n} of {all} goroutines run or wait for a processor",
            "繁忙：{all} 个 goroutine 中有 {n} 个在运行或等待处理器"
        ),
        detail: text!(
            "None of them is stuck. A CPU profile tells what they do.",
            "它们并未卡住。CPU 剖析可以说明它们在做什么。"
        ),
        advice: Text::default(),
        finding: None,
    })
}

fn nothing(analysis: &Analysis<'_>, findings: &[Finding]) -> Verdict {
    let n_all = analysis.n_goroutines();
    if n_all == 0 {
        return Verdict {
            kind: VerdictKind::Nothing,
            title: Text::default(),
            detail: Text::default(),
            advice: Text::default(),
            finding: None,
        };
    }
    let idle = n_all - analysis.n_busy();
    let detail = match idle {
        0 => Text::default(),
        _ => {
            let (idle, counted) = (Goroutines(idle), Count(idle));
            let is = if idle == Goroutines(1) { "is" } else { "are" };
            text!("{idle} {is} idle and set aside.", "{counted} 个空闲，已归到一边。")
        }
    };
    let advice = match analysis.snapshot.scope() {
        Scope::All => text!(
            "One dump cannot prove growth: add a second one taken a minute later.",
            "仅凭一份转储无法证明增长，请间隔一分钟再取一份。"
        ),
        Scope::Leaked => Text::default(),
    };
    let (goroutines, n) = (Goroutines(n_all), Count(n_all));
    let hint = findings.iter().position(|finding| finding.claims);
    if let Some((index, finding)) = hint.and_then(|index| Some((index, findings.get(index)?))) {
        let Text { en, zh_cn } = &finding.title;
        return Verdict {
            kind: VerdictKind::Possible,
            title: text!("Nothing proves a leak; worth a look: {en}", "没有泄漏的证据；值得一看：{zh_cn}"),
            detail,
            advice,
            finding: Some(index as u32),
        };
    }
    let asked = findings.iter().position(|finding| finding.rule == "crash").map(|index| index as u32);
    Verdict {
        kind: VerdictKind::Nothing,
        title: text!("Nothing unusual: {goroutines}, no group stands out", "未见异常：{n} 个 goroutine，没有突出的分组"),
        detail,
        advice,
        finding: asked,
    }
}

/// Adds a sentence.
fn append(text: &mut Text, sentence: Text) {
    if !text.en.is_empty() && !sentence.en.is_empty() {
        text.en.push(' ');
    }
    append_with(text, sentence);
}

fn append_with(text: &mut Text, rest: Text) {
    text.en.push_str(&rest.en);
    text.zh_cn.push_str(&rest.zh_cn);
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, verdict};

    const SENDER: &str = "goroutine N [chan send, 7 minutes]:\nmain.(*S).First.func1()\n\t/src/main.go:33 +0x1d\ncreated by main.(*S).First in goroutine 9\n\t/src/main.go:31 +0x2\n";

    #[test]
    fn ok_a_leak_comes_with_place_age_and_creator() {
        assert_eq!(
            verdict(&dump(&[(120, SENDER)])),
            "Leak: Likely leak: 120 goroutines are stuck sending on a channel at main.go:33, oldest 7 minutes | Started by `main.(*S).First` at `main.go:31`."
        );
    }

    #[test]
    fn ok_a_hint_is_no_leak() {
        let text = dump(&[(30, &SENDER.replace(", 7 minutes", ""))]);
        assert!(
            verdict(&text).starts_with("Possible: Nothing proves a leak; worth a look: 30 goroutines"),
            "{}",
            verdict(&text)
        );
    }

    #[test]
    fn ok_a_few_goroutines_are_nothing_unusual() {
        let text = dump(&[(3, SENDER)]);
        assert!(
            verdict(&text).starts_with("Nothing: Nothing unusual: 3 goroutines, no group stands out |"),
            "{}",
            verdict(&text)
        );
    }

    #[test]
    fn ok_many_that_run_are_busy() {
        let text = dump(&[(200, &SENDER.replace("chan send, 7 minutes", "runnable"))]);
        assert!(verdict(&text).starts_with("Busy: Busy: 200 of 200 goroutines run"), "{}", verdict(&text));
    }
}
