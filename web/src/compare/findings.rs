//! What follows from several dumps: cards, and one finding in full.

use std::rc::Rc;

use stackherd_report::protocol::ComparisonView;
use yew::prelude::*;

use crate::findings::{card, finding_in_full, move_focus};
use crate::hooks::{Page, use_page};
use crate::model::{Action, CompareAction};
use crate::shared::{Icon, IconName, focus_after_frame};

#[derive(PartialEq, Properties)]
pub(crate) struct FindingsProps {
    pub(crate) view: Rc<ComparisonView>,
}

/// The list of them, or the one chosen.
#[component]
pub(crate) fn Findings(props: &FindingsProps) -> Html {
    let page = use_page();
    let texts = page.texts().compare;
    if let Some(finding) = page.state().compare.finding_on_show() {
        let back = choose(&page, None, ".compare-findings .finding-card");
        return html! {
            <>
                <div class="compare-finding-bar">
                    <button class="button button-small" id="all-findings" onclick={back}><Icon name={IconName::Back}/>{ texts.all_findings }</button>
                </div>
                { finding_in_full(&page, finding) }
            </>
        };
    }
    if props.view.findings.is_empty() {
        return html! { <p class="section dim">{ texts.no_findings }</p> };
    }
    let cards = (0..).zip(&props.view.findings).map(|(index, finding)| {
        let onclick = choose(&page, Some(index), "#all-findings");
        card(&page, finding, index, false, index == 0, onclick)
    });
    html! {
        <div class="compare-findings"><ul class="finding-list" onkeydown={Callback::from(move_focus)}>{ for cards }</ul></div>
    }
}

/// Shows a finding, or the list of them; the focus goes along.
fn choose(page: &Page, finding: Option<u32>, focus: &'static str) -> Callback<MouseEvent> {
    let page = page.clone();
    Callback::from(move |_: MouseEvent| {
        page.dispatch(Action::Compare(CompareAction::FindingChosen(finding)));
        focus_after_frame(focus);
    })
}
