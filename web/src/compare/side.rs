//! The panel beside the table: the chart, and the group or the findings below it.

use std::rc::Rc;

use stackherd_report::protocol::ComparisonView;
use yew::prelude::*;

use super::chart::Chart;
use super::findings::Findings;
use super::group::GroupOnShow;
use crate::hooks::{Page, use_page};
use crate::model::{Action, CompareAction, ComparePanel, thousands};
use crate::shared::{Icon, IconName, TabItem, TabList, focus_after_frame};

#[derive(PartialEq, Properties)]
pub(crate) struct SideProps {
    pub(crate) view: Rc<ComparisonView>,
    pub(crate) labels: Vec<String>,
}

/// In the order of their tabs.
const PANELS: [ComparePanel; 2] = [ComparePanel::Group, ComparePanel::Findings];

/// It lies over the table where there is no room beside it.
#[component]
pub(crate) fn Side(props: &SideProps) -> Html {
    let page = use_page();
    let texts = page.texts().compare;
    let compare = &page.state().compare;
    html! {
        <aside
            class="pane compare-side"
            id="compare-side"
            tabindex="-1"
            aria-label={texts.side}
            aria-busy={(compare.key.is_some() && !compare.is_detail_current()).to_string()}
            data-key={compare.detail.as_ref().map(|detail| detail.row.key.clone())}
        >
            { back(&page) }
            <div class="compare-side-scroll">
                <Chart view={props.view.clone()} labels={props.labels.clone()}/>
                { tabs(&page, &props.view) }
                if compare.panel == ComparePanel::Group {
                    <div id="compare-group" role="tabpanel" aria-labelledby="tab-compare-group" tabindex="0">
                        <GroupOnShow view={props.view.clone()} labels={props.labels.clone()}/>
                    </div>
                } else {
                    <div id="compare-findings" role="tabpanel" aria-labelledby="tab-compare-findings"><Findings view={props.view.clone()}/></div>
                }
            </div>
        </aside>
    }
}

fn back(page: &Page) -> Html {
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::Compare(CompareAction::Opened(false)));
            focus_after_frame(".compare-row[tabindex='0']");
        })
    };
    html! {
        <button class="button button-small compare-back" {onclick}><Icon name={IconName::Back}/>{ page.texts().compare.back }</button>
    }
}

fn tabs(page: &Page, view: &ComparisonView) -> Html {
    let texts = page.texts().compare;
    let tabs = vec![
        TabItem { id: "tab-compare-group", label: texts.tab_group, count: None, panel: "compare-group" },
        TabItem {
            id: "tab-compare-findings",
            label: texts.tab_findings,
            count: Some(thousands(view.findings.len() as u64)),
            panel: "compare-findings",
        },
    ];
    let chosen = PANELS.iter().position(|panel| *panel == page.state().compare.panel).unwrap_or(0);
    let on_choose = {
        let page = page.clone();
        Callback::from(move |index: usize| {
            let panel = PANELS.get(index).copied().unwrap_or_default();
            page.dispatch(Action::Compare(CompareAction::PanelChosen(panel)));
        })
    };
    html! { <TabList class="group-detail-tabs compare-tabs" label={texts.panels} {tabs} {chosen} {on_choose}/> }
}
