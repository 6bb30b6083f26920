//! What a dump says, from the sentence on top to the last goroutine.

mod nothing;
mod panes;
mod states;
mod verdict;

use yew::prelude::*;

use self::nothing::Nothing;
use self::panes::Panes;
use self::states::States;
use self::verdict::VerdictStrip;
use crate::header::PANELS;
use crate::hooks::use_page;
use crate::issues::Issues;
use crate::model::{Summary, Tab};
use crate::series::SeriesView;

#[derive(PartialEq, Properties)]
pub(crate) struct OverviewProps {
    pub(crate) summary: Summary,
}

/// The strip on top, and the view chosen below it.
#[component]
pub(crate) fn Overview(props: &OverviewProps) -> Html {
    let page = use_page();
    let [groups, issues] = PANELS;
    let tab = page.state().tab;
    let summary = &props.summary;
    html! {
        <>
            <VerdictStrip summary={summary.clone()}/>
            if summary.dump.goroutines > 0 {
                <States summary={summary.clone()}/>
            }
            <div class="panel" id={groups} role="tabpanel" aria-labelledby="tab-groups" hidden={tab != Tab::Groups}>
                if tab == Tab::Groups {
                    { content(summary) }
                }
            </div>
            <div class="panel" id={issues} role="tabpanel" aria-labelledby="tab-issues" tabindex="0" hidden={tab != Tab::Issues}>
                if tab == Tab::Issues {
                    <Issues summary={summary.clone()}/>
                }
            </div>
        </>
    }
}

fn content(summary: &Summary) -> Html {
    if summary.groups > 0 {
        html! { <Panes/> }
    } else if summary.dump.series.is_empty() {
        html! { <Nothing summary={summary.clone()}/> }
    } else {
        html! { <SeriesView summary={summary.clone()}/> }
    }
}
