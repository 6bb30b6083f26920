//! The sentence on top, and the numbers beside it.

use stackherd_report::protocol::{DumpSummary, FindingView, GroupRow};
use stackherd_report::{DumpKind, Severity};
use yew::prelude::*;

use super::buttons::buttons;
use crate::hooks::use_page;
use crate::i18n::{CountsFact, Shared, Texts, code, code_in};
use crate::model::{
    Counts, Summary, Tone, Verdict, decimal, elapsed, finding_places, judged_verdict, lower_bound, n_values, percent, place,
    thousands, verdict, verdict_finding, verdict_tone, wait,
};
use crate::shared::{Icon, IconName, Sentence};

#[derive(PartialEq, Properties)]
pub(crate) struct VerdictStripProps {
    pub(crate) summary: Summary,
}

/// What is wrong, when the engine has a word for it; else plain facts, the most important one first.
#[component]
pub(crate) fn VerdictStrip(props: &VerdictStripProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let summary = &*props.summary;
    let dump = page.active();
    let judged = dump.as_ref().and_then(|dump| judged_verdict(dump, page.state().settings.language));
    let judgement = dump.as_ref().and_then(|dump| dump.judgement.loaded.clone());
    let finding = judgement.as_deref().and_then(verdict_finding);
    let (tone, title, line) = match judged {
        Some(verdict) => {
            let places = finding.map(finding_places).unwrap_or_default();
            let line = if verdict.detail.is_empty() { second_line(texts, summary) } else { code_in(&verdict.detail, &places) };
            (verdict_tone(verdict, finding), code_in(&verdict.title, &places), line)
        }
        None => (fact_tone(summary), headline(texts, summary), second_line(texts, summary)),
    };
    let kind = judged.map(|verdict| verdict.kind.as_str());
    html! {
        <section class="verdict" aria-label={texts.verdict} data-kind={kind} data-tone={tone.as_str()}>
            <div class={classes!("verdict-icon", format!("verdict-icon-{}", tone.as_str()))} role="img" aria-label={tone_word(texts, tone)}>
                <Icon name={icon(tone)}/>
            </div>
            <div class="verdict-text">
                <h1><Sentence text={title}/></h1>
                <p class="verdict-line"><Sentence text={line}/></p>
            </div>
            if let Some(issue) = lower_bound(summary) {
                <span class="tag tag-warning verdict-lower-bound" title={(texts.issue_message)(issue, summary)}>
                    { if summary.stopped { (texts.stopped)(&thousands(summary.dump.goroutines)) } else { texts.lower_bound.to_owned() } }
                </span>
            }
            <dl class="kpis">{ for kpis(texts, summary, finding).into_iter().map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }) }</dl>
            if let Some(judgement) = &judgement {
                { buttons(&page, judgement) }
            }
        </section>
    }
}

/// How the facts are meant, where nothing is concluded from them.
fn fact_tone(summary: &DumpSummary) -> Tone {
    match verdict(summary) {
        Verdict::Crash(_) => Tone::Critical,
        Verdict::NoLeaks => Tone::Good,
        _ => Tone::Info,
    }
}

const fn icon(tone: Tone) -> IconName {
    match tone {
        Tone::Critical | Tone::Warning => IconName::Warning,
        Tone::Info => IconName::Info,
        Tone::Good => IconName::Check,
    }
}

fn tone_word(texts: &Texts, tone: Tone) -> &'static str {
    match tone {
        Tone::Critical => (texts.findings.severity)(Severity::Critical),
        Tone::Warning => (texts.findings.severity)(Severity::Warning),
        Tone::Info => (texts.findings.severity)(Severity::Info),
        Tone::Good => texts.findings.good,
    }
}

fn headline(texts: &Texts, summary: &DumpSummary) -> String {
    match verdict(summary) {
        Verdict::Crash(crash) => {
            let goid = crash.goid.map(|goid| goid.to_string());
            // Only the first line: the rest of a long message is in the dump.
            let message = crash.message.lines().next().unwrap_or_default().trim_end_matches([':', ' ']);
            (texts.crash)(crash.kind, message, goid.as_deref())
        }
        Verdict::Shared(row) => shared(texts, summary, row),
        Verdict::Distinct => (texts.distinct)(&thousands(summary.dump.goroutines), &thousands(summary.groups)),
        Verdict::NoLeaks => texts.no_leaks.to_owned(),
        Verdict::Races(races) => (texts.races)(races),
        Verdict::Counts(numbers) => counts(texts, &numbers),
        Verdict::Nothing => texts.nothing.to_owned(),
    }
}

fn counts(texts: &Texts, counts: &Counts<'_>) -> String {
    let unit = if counts.unit.is_empty() { String::new() } else { format!(" {}", counts.unit) };
    let value = |value: f64| format!("{}{unit}", decimal(value));
    let last = (counts.values > 1).then(|| value(counts.last));
    let span = counts.span_millis.filter(|millis| *millis > 0).map(elapsed);
    (texts.counts)(&CountsFact {
        name: &code(counts.name),
        first: &value(counts.first),
        last: last.as_deref(),
        highest: &value(counts.highest),
        span: span.as_deref(),
    })
}

fn shared(texts: &Texts, summary: &DumpSummary, row: &GroupRow) -> String {
    let total = summary.dump.goroutines;
    let at = row.top.as_ref().or(row.leaf.as_ref()).map(place).filter(|place| !place.is_empty());
    let oldest = row.wait_minutes.as_ref().map(|waits| wait(waits.max));
    (texts.shared)(&Shared {
        goroutines: &thousands(row.goroutines),
        total: &thousands(total),
        percent: &percent(row.goroutines, total),
        is_all: row.goroutines == total,
        state: &row.state,
        place: &at.map(|at| code(&at)).unwrap_or_default(),
        oldest: oldest.as_deref(),
    })
}

fn second_line(texts: &Texts, summary: &DumpSummary) -> String {
    let mut facts = Vec::new();
    if let Some(row) = &summary.largest {
        if matches!(verdict(summary), Verdict::Crash(_)) && row.goroutines > 1 {
            facts.push(format!("{}.", shared(texts, summary, row)));
        } else if let Some(creator) = &row.created_by
            && row.goroutines > 1
        {
            let at = place(creator);
            let name =
                [&creator.package, &creator.name].map(String::as_str).join(if creator.package.is_empty() { "" } else { "." });
            facts.push((texts.started_by)(&code(format!("{name} {at}").trim())));
        }
        if row.leaked > 0 {
            facts.push((texts.marked_leaked)(&thousands(row.leaked)));
        }
    }
    if summary.dump.kind == DumpKind::Goroutineleak && summary.dump.goroutines > 0 {
        facts.push(texts.only_leaked.to_owned());
    }
    if let Some(declared) = summary.dump.declared_goroutines.filter(|declared| *declared != summary.dump.goroutines) {
        facts.push(format!("{}.", (texts.declared_differs)(&thousands(declared))));
    }
    facts.join(" ")
}

fn kpis(texts: &Texts, summary: &DumpSummary, finding: Option<&FindingView>) -> Vec<(&'static str, String)> {
    let total = summary.dump.goroutines;
    if total == 0 && !summary.dump.series.is_empty() {
        let n_series = thousands(summary.dump.series.len() as u64);
        return vec![(texts.kpi_values, thousands(n_values(&summary.dump.series))), (texts.kpi_series, n_series)];
    }
    let mut kpis = vec![(texts.kpi_goroutines, thousands(total))];
    match finding {
        Some(finding) => {
            kpis.push((texts.findings.kpi_concerned, percent(finding.goroutines, total)));
            let began = finding.onset.as_ref().map(|onset| (texts.findings.ago)(&wait(onset.minutes)));
            kpis.push(match began {
                Some(began) => (texts.findings.kpi_began, began),
                None => (texts.kpi_groups, thousands(summary.groups)),
            });
        }
        None => {
            kpis.push((texts.kpi_groups, thousands(summary.groups)));
            kpis.extend(summary.largest.as_ref().map(|row| (texts.kpi_top_group, percent(row.goroutines, total))));
        }
    }
    kpis.extend(summary.max_wait_minutes.map(|minutes| (texts.kpi_oldest, wait(minutes))));
    kpis
}
