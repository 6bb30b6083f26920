//! How bad, and how sure.

use stackherd_report::{Confidence, Severity};
use yew::prelude::*;

use crate::i18n::Texts;
use crate::model::{confidence_bars, tone};

#[derive(PartialEq, Properties)]
pub(crate) struct SeverityTagProps {
    pub(crate) severity: Severity,
    /// In the language of the page.
    pub(crate) word: AttrValue,
    /// The rule's name, where there is no room for it.
    #[prop_or_default]
    pub(crate) title: Option<AttrValue>,
}

/// A severity in words; the colour only repeats them.
#[component]
pub(crate) fn SeverityTag(props: &SeverityTagProps) -> Html {
    let tone = tone(props.severity).as_str();
    html! { <span class={classes!("tag", format!("tag-{tone}"))} title={props.title.clone()}>{ &props.word }</span> }
}

/// Bars and a word.
pub(super) fn confidence(texts: &Texts, confidence: Confidence) -> Html {
    let texts = &texts.findings;
    let bars = confidence_bars(confidence);
    html! {
        <span class="confidence" data-confidence={confidence.as_str()}>
            { texts.confidence }{ " " }
            <span class="confidence-bars" aria-hidden="true">
                for bar in 1..=3 {
                    <span class={classes!("confidence-bar", (bar <= bars).then_some("confidence-bar-on"))}></span>
                }
            </span>
            { " " }{ (texts.confidence_word)(confidence) }
        </span>
    }
}
