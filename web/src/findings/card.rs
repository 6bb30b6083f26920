//! A finding in the list.

use stackherd_report::protocol::FindingView;
use yew::prelude::*;

use super::SeverityTag;
use super::severity_tag::confidence;
use crate::hooks::Page;
use crate::i18n::code_in;
use crate::model::{finding_places, place, thousands};
use crate::shared::Sentence;

/// Severity, count, claim, the first evidence, culprit and confidence.
pub(crate) fn card(
    page: &Page,
    finding: &FindingView,
    index: u32,
    is_current: bool,
    is_tab_stop: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    let texts = page.texts();
    let places = finding_places(finding);
    html! {
        <li key={index}>
            <button
                class="finding-card"
                aria-current={is_current.then_some("true")}
                tabindex={if is_tab_stop { "0" } else { "-1" }}
                data-finding={index.to_string()}
                data-rule={finding.rule.clone()}
                data-severity={finding.severity.as_str()}
                {onclick}
            >
                <span class="finding-card-top">
                    <SeverityTag severity={finding.severity} word={(texts.findings.severity)(finding.severity)}/>
                    <span class="ellipsis" translate="no">{ &finding.rule }</span>
                    <b class="finding-card-count" title={(texts.n_goroutines)(&thousands(finding.goroutines))}>{ thousands(finding.goroutines) }</b>
                </span>
                <span class="finding-card-title"><Sentence text={code_in(&finding.title, &places)}/></span>
                if let Some(evidence) = finding.evidence.first() {
                    <span class="finding-card-evidence"><Sentence text={code_in(evidence, &places)}/></span>
                }
                <span class="finding-card-foot">
                    <span class="mono ellipsis" translate="no">{ finding.culprit.as_ref().map(place) }</span>
                    { confidence(texts, finding.confidence) }
                </span>
            </button>
        </li>
    }
}
