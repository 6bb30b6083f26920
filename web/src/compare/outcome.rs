//! Whether a fix worked.

use std::rc::Rc;

use stackherd_report::protocol::ComparisonView;
use stackherd_report::{Outcome, OutcomeKind};
use yew::prelude::*;

use crate::hooks::use_page;
use crate::model::{decimal, thousands};
use crate::shared::{Icon, IconName, Sentence};

#[derive(PartialEq, Properties)]
pub(crate) struct OutcomeCardProps {
    pub(crate) view: Rc<ComparisonView>,
    pub(crate) outcome: Outcome,
}

/// Leaks and totals before and after.
#[component]
pub(crate) fn OutcomeCard(props: &OutcomeCardProps) -> Html {
    let page = use_page();
    let texts = page.texts().compare;
    let (view, outcome) = (&props.view, &props.outcome);
    let (icon, tone) = match outcome.kind {
        OutcomeKind::Fixed => (IconName::Check, "verdict-icon-good"),
        OutcomeKind::Better => (IconName::Check, ""),
        OutcomeKind::Unchanged => (IconName::Warning, "verdict-icon-warning"),
        OutcomeKind::Worse => (IconName::Warning, "verdict-icon-critical"),
    };
    let total = |position: u32| thousands(view.dumps.get(position as usize).map_or(0, |dump| dump.goroutines));
    let fact = |label: &'static str, before: String, after: String| {
        html! { <div><dt>{ label }</dt><dd>{ before }{ " → " }<b>{ after }</b></dd></div> }
    };
    html! {
        <section class="compare-outcome" id="outcome" data-outcome={outcome.kind.as_str()} aria-label={texts.outcome}>
            <div class={classes!("verdict-icon", tone)}><Icon name={icon}/></div>
            <div class="verdict-text"><b><Sentence text={outcome.title.clone()}/></b></div>
            <dl class="compare-outcome-facts">
                { fact(texts.all_goroutines, total(view.baseline), total(view.target)) }
                if let Some(gc) = &outcome.gc {
                    { fact(texts.live_heap, format!("{} MB", decimal(gc.live_heap_mb.0)), format!("{} MB", decimal(gc.live_heap_mb.1))) }
                    { fact(texts.gc_pause, format!("{} ms", decimal(gc.pause_ms.0)), format!("{} ms", decimal(gc.pause_ms.1))) }
                }
            </dl>
        </section>
    }
}
