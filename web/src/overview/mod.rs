//! What a dump says, from the sentence on top to the last goroutine.

mod buttons;
mod nothing;
mod panes;
mod states;
mod verdict;

use yew::prelude::*;

use self::nothing::Nothing;
use self::panes::Panes;
use self::states::States;
use self::verdict::VerdictStrip;
use crate::ancestry::Ancestry;
use crate::blocking::Blocking;
use crate::compare::CompareView;
use crate::findings::FindingInFull;
use crate::fleet::FleetView;
use crate::hooks::use_page;
use crate::issues::Issues;
use crate::model::{Summary, Tab, tabs};
use crate::series::SeriesView;

#[derive(PartialEq, Properties)]
pub(crate) struct OverviewProps {
    pub(crate) summary: Summary,
}

/// The strip on top, and the view chosen below it.
#[component]
pub(crate) fn Overview(props: &OverviewProps) -> Html {
    let page = use_page();
    let shown = page.state().tab_on_show();
    let has_findings = page
        .active()
        .is_some_and(|dump| dump.judgement.loaded.as_ref().is_some_and(|judgement| !judgement.findings.is_empty()));
    let summary = &props.summary;
    html! {
        <>
            if !shown.has_own_sentence() {
                <VerdictStrip summary={summary.clone()}/>
                if summary.dump.goroutines > 0 {
                    <States summary={summary.clone()}/>
                }
            }
            { for tabs(summary, page.state().can_compare()).iter().map(|tab| panel(*tab, shown, summary, has_findings)) }
        </>
    }
}

/// Every tab has its panel; only the one on show has something in it.
fn panel(tab: Tab, shown: Tab, summary: &Summary, has_findings: bool) -> Html {
    let view = match tab {
        _ if tab != shown => Html::default(),
        Tab::Groups => content(summary, has_findings),
        Tab::Compare => html! { <CompareView/> },
        Tab::Fleet => html! { <FleetView/> },
        Tab::Blocking => html! { <Blocking/> },
        Tab::Ancestry => html! { <Ancestry/> },
        Tab::Issues => html! { <Issues summary={summary.clone()}/> },
    };
    // Nothing in the list of issues takes the focus, so that the panel does.
    let tabindex = (tab == Tab::Issues).then_some("0");
    html! {
        <div key={tab.panel()} class="panel" id={tab.panel()} role="tabpanel" aria-labelledby={tab.id()} {tabindex} hidden={tab != shown}>{ view }</div>
    }
}

fn content(summary: &Summary, has_findings: bool) -> Html {
    if summary.groups > 0 {
        return html! { <Panes/> };
    }
    let what = if summary.dump.series.is_empty() {
        html! { <Nothing summary={summary.clone()}/> }
    } else {
        html! { <SeriesView summary={summary.clone()}/> }
    };
    if !has_findings {
        return what;
    }
    // There is no stack to show beside what is found.
    html! {
        <div class="beside-finding">
            <div class="beside-finding-what">{ what }</div>
            <aside class="beside-finding-full"><FindingInFull/></aside>
        </div>
    }
}
