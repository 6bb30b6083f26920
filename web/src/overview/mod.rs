//! What a dump says, from the sentence on top to the last goroutine.

mod panes;
mod states;
mod verdict;

use std::rc::Rc;

use stackherd_report::protocol::DumpSummary;
use yew::prelude::*;

use self::panes::Panes;
use self::states::States;
use self::verdict::VerdictStrip;
use crate::header::PANELS;
use crate::hooks::use_page;
use crate::issues::IssueList;
use crate::model::Tab;

#[derive(PartialEq, Properties)]
pub(crate) struct OverviewProps {
    pub(crate) summary: Rc<DumpSummary>,
}

/// The strip on top, and the view chosen below it.
#[component]
pub(crate) fn Overview(props: &OverviewProps) -> Html {
    let page = use_page();
    let [groups, issues] = PANELS;
    let tab = page.state().tab;
    html! {
        <>
            <VerdictStrip summary={props.summary.clone()}/>
            <States summary={props.summary.clone()}/>
            <div class="panel" id={groups} role="tabpanel" aria-labelledby="tab-groups" hidden={tab != Tab::Groups}>
                if tab == Tab::Groups {
                    <Panes/>
                }
            </div>
            <div class="panel" id={issues} role="tabpanel" aria-labelledby="tab-issues" tabindex="0" hidden={tab != Tab::Issues}>
                if tab == Tab::Issues {
                    <IssueList issues={props.summary.dump.issues.clone()} is_stopped={props.summary.stopped}/>
                }
            </div>
        </>
    }
}
