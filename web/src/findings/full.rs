//! One finding in full: claim, evidence, places, fix, doubts, and what its rule is about.

use stackherd_report::protocol::FindingView;
use yew::prelude::*;

use super::SeverityTag;
use super::brief::fix;
use super::frame_place::FramePlace;
use super::prose::prose;
use super::severity_tag::confidence;
use crate::hooks::{Page, use_page};
use crate::i18n::code_in;
use crate::model::{Action, Notice, Tab, finding_on_show, finding_places, thousands};
use crate::shared::{Icon, IconName, Sentence};

/// The finding on show.
#[component]
pub(crate) fn FindingInFull() -> Html {
    let page = use_page();
    let Some(dump) = page.active() else { return Html::default() };
    finding_on_show(&dump).map(|(_, finding)| finding_in_full(&page, finding)).unwrap_or_default()
}

/// Any finding.
pub(crate) fn finding_in_full(page: &Page, finding: &FindingView) -> Html {
    let texts = &page.texts().findings;
    let places = finding_places(finding);
    html! {
        <article class="finding" id="finding" data-rule={finding.rule.clone()}>
            { claim(page, finding, &places) }
            if !finding.evidence.is_empty() {
                <section class="section" id="finding-evidence">
                    <h3>{ texts.evidence }</h3>
                    <ul class="sentence-list">
                        { for finding.evidence.iter().map(|sentence| item(sentence, &places)) }
                    </ul>
                </section>
            }
            if finding.culprit.is_some() || finding.created_by.is_some() {
                <section class="section" id="finding-places">
                    <h3>{ texts.places }</h3>
                    if let Some(frame) = &finding.culprit {
                        <FramePlace label={texts.stuck_at} frame={frame.clone()}/>
                    }
                    if let Some(frame) = &finding.created_by {
                        <FramePlace label={texts.started_at} frame={frame.clone()}/>
                    }
                </section>
            }
            if finding.fix.is_some() || finding.reference.is_some() {
                <section class="section" id="finding-fix">
                    <h3>
                        { texts.how_to_fix }
                        if finding.fix.is_some() {
                            <span class="section-note">{ texts.pattern_note }</span>
                        }
                    </h3>
                    { fix(finding) }
                    { reference(page, finding) }
                </section>
            }
            if !finding.counter_evidence.is_empty() {
                <section class="section" id="finding-doubts">
                    <h3>{ texts.counter_evidence }</h3>
                    <ul class="sentence-list">{ for finding.counter_evidence.iter().map(|sentence| item(sentence, &places)) }</ul>
                </section>
            }
            { documentation(page, &finding.rule) }
        </article>
    }
}

fn claim(page: &Page, finding: &FindingView, places: &[String]) -> Html {
    let texts = page.texts();
    let copy = {
        let (page, markdown) = (page.clone(), finding.markdown.clone());
        Callback::from(move |_: MouseEvent| page.copy(markdown.clone(), Notice::CopiedMarkdown))
    };
    let objects = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::TabChosen(Tab::Blocking)))
    };
    html! {
        <section class="section">
            <div class="finding-facts">
                <SeverityTag severity={finding.severity} word={(texts.findings.severity)(finding.severity)}/>
                { confidence(texts, finding.confidence) }
                <span>
                    { (texts.n_goroutines)(&thousands(finding.goroutines)) }
                    if finding.n_groups > 0 {
                        { " " }{ (texts.findings.in_groups)(&thousands(u64::from(finding.n_groups))) }
                    }
                </span>
                <span class="section-space"></span>
                if finding.has_objects {
                    <button class="button button-small" id="show-objects" onclick={objects}>{ page.texts().blocking.tab }</button>
                }
                <button class="button button-small" id="copy-finding" aria-label={texts.findings.copy_finding} title={texts.findings.copy_finding} onclick={copy}>
                    <Icon name={IconName::Copy}/>{ texts.markdown }
                </button>
            </div>
            <p class="finding-claim"><Sentence text={code_in(&finding.title, places)}/></p>
        </section>
    }
}

fn item(sentence: &str, places: &[String]) -> Html {
    html! { <li><Sentence text={code_in(sentence, places)}/></li> }
}

/// A plain link, followed only by a click.
fn reference(page: &Page, finding: &FindingView) -> Html {
    let Some(reference) = finding.reference.clone() else { return Html::default() };
    let is_link = reference.starts_with("https://") || reference.starts_with("http://");
    let shown = reference.trim_start_matches("https://").to_owned();
    html! {
        <p class="finding-reference">
            { page.texts().findings.read_on }{ ": " }
            if is_link {
                <a class="link" href={reference} target="_blank" rel="noopener noreferrer" translate="no">{ shown }</a>
            } else {
                { reference }
            }
        </p>
    }
}

/// What the rule is about, folded.
fn documentation(page: &Page, rule: &str) -> Html {
    let texts = &page.texts().findings;
    let judging = &page.state().judging;
    let is_open = judging.is_doc_open;
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::RuleDocOpened(!is_open)))
    };
    html! {
        <section class="section" id="rule-doc">
            <h3>
                <button class="rule-doc-button" aria-expanded={is_open.to_string()} {onclick}>
                    <span aria-hidden="true">{ if is_open { "▾ " } else { "▸ " } }</span>{ (texts.about_rule)(rule) }
                </button>
            </h3>
            if is_open {
                {
                    match judging.doc(rule, page.state().settings.language) {
                        None => html! { <p class="dim">{ "…" }</p> },
                        Some("") => html! { <p class="finding-text">{ texts.own_rule }</p> },
                        Some(markdown) => prose(markdown),
                    }
                }
            }
        </section>
    }
}
