//! The sentence on top, and the numbers beside it.

use stackherd_report::DumpKind;
use stackherd_report::protocol::{DumpSummary, GroupRow};
use yew::prelude::*;

use crate::hooks::use_page;
use crate::i18n::{CountsFact, Shared, Texts, code};
use crate::model::{
    Counts, Summary, Verdict, decimal, elapsed, lower_bound, n_values, percent, place, thousands, verdict, wait,
};
use crate::shared::{Icon, IconName, Sentence};

#[derive(PartialEq, Properties)]
pub(crate) struct VerdictStripProps {
    pub(crate) summary: Summary,
}

/// Plain facts, the most important one first.
#[component]
pub(crate) fn VerdictStrip(props: &VerdictStripProps) -> Html {
    let texts = use_page().texts();
    let summary = &*props.summary;
    let fact = verdict(summary);
    let is_crash = matches!(fact, Verdict::Crash(_));
    let is_good = fact == Verdict::NoLeaks;
    let icon = match (is_crash, is_good) {
        (true, _) => IconName::Warning,
        (_, true) => IconName::Shield,
        _ => IconName::Info,
    };
    html! {
        <section class="verdict" aria-label={texts.verdict}>
            <div class={classes!("verdict-icon", is_crash.then_some("verdict-icon-crash"), is_good.then_some("verdict-icon-good"))}><Icon name={icon}/></div>
            <div class="verdict-text">
                <h1><Sentence text={headline(texts, summary)}/></h1>
                <p class="verdict-line"><Sentence text={second_line(texts, summary)}/></p>
            </div>
            if let Some(issue) = lower_bound(summary) {
                <span class="tag tag-warning verdict-lower-bound" title={(texts.issue_message)(issue, summary)}>
                    { if summary.stopped { (texts.stopped)(&thousands(summary.dump.goroutines)) } else { texts.lower_bound.to_owned() } }
                </span>
            }
            <dl class="kpis">{ for kpis(texts, summary).into_iter().map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }) }</dl>
        </section>
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

fn kpis(texts: &Texts, summary: &DumpSummary) -> Vec<(&'static str, String)> {
    let total = summary.dump.goroutines;
    if total == 0 && !summary.dump.series.is_empty() {
        let n_series = thousands(summary.dump.series.len() as u64);
        return vec![(texts.kpi_values, thousands(n_values(&summary.dump.series))), (texts.kpi_series, n_series)];
    }
    let mut kpis = vec![(texts.kpi_goroutines, thousands(total)), (texts.kpi_groups, thousands(summary.groups))];
    kpis.extend(summary.largest.as_ref().map(|row| (texts.kpi_top_group, percent(row.goroutines, total))));
    kpis.extend(summary.max_wait_minutes.map(|minutes| (texts.kpi_oldest, wait(minutes))));
    kpis
}
