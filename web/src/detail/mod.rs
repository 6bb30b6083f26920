//! The group on show.

mod goroutines;
mod sections;
mod stack;

use stackherd_report::protocol::GroupDetail;
use yew::prelude::*;

use self::goroutines::Goroutines;
pub(crate) use self::sections::wait_section;
use self::sections::{labels, parents, states, waits};
use self::stack::Stack;
pub(crate) use self::stack::{StackFacts, creator_line, stack_lines};
use crate::findings::{FindingInFull, FixBrief};
use crate::hooks::{Page, use_page};
use crate::model::{Action, DetailTab, DumpEntry, Language, detail_tab, finding_on_show, lacks, thousands, wait};
use crate::shared::{Chip, Icon, IconName, TabItem, TabList, focus_after_frame};

/// Stack, waits, labels, parents and goroutines of one group.
#[component]
pub(crate) fn Detail() -> Html {
    let page = use_page();
    let texts = page.texts();
    let Some(dump) = page.active() else { return Html::default() };
    let is_busy = !dump.detail.is_current();
    let content = match &dump.detail.loaded {
        Some(detail) => content(&page, &dump, detail),
        None => Html::default(),
    };
    html! {
        <aside
            class="pane group-detail"
            id="detail"
            tabindex="-1"
            aria-label={texts.detail}
            aria-busy={is_busy.to_string()}
            data-key={dump.detail.loaded.as_ref().map(|detail| detail.row.key.clone())}
        >{ content }</aside>
    }
}

/// In the order of their tabs; the last one only when there is a finding.
const TABS: [DetailTab; 3] = [DetailTab::Stack, DetailTab::Goroutines, DetailTab::Fix];

fn content(page: &Page, dump: &DumpEntry, detail: &GroupDetail) -> Html {
    let texts = page.texts();
    let (tab, lacks) = (detail_tab(dump), lacks(&dump.summary));
    let n = thousands(detail.row.goroutines);
    let mut tabs = vec![
        TabItem { id: "tab-stack", label: texts.tab_stack, count: None, panel: "detail-stack" },
        TabItem { id: "tab-goroutines", label: texts.tab_goroutines, count: Some(n.clone()), panel: "detail-goroutines" },
    ];
    if finding_on_show(dump).is_some() {
        tabs.push(TabItem { id: "tab-fix", label: texts.findings.tab_fix, count: None, panel: "detail-fix" });
    }
    let on_choose = {
        let page = page.clone();
        Callback::from(move |index| {
            let tab = TABS.get(index).copied().unwrap_or_default();
            page.dispatch(Action::DetailTabChosen(tab));
        })
    };
    html! {
        <>
            <div class="group-detail-header">
                { title(page, detail) }
                { facts(page, detail, &n) }
                <TabList
                    class="group-detail-tabs"
                    label={texts.detail_views}
                    {tabs}
                    chosen={TABS.iter().position(|known| *known == tab).unwrap_or(0)}
                    {on_choose}
                />
            </div>
            if tab == DetailTab::Stack {
                <div class="group-detail-scroll" id="detail-stack" role="tabpanel" aria-labelledby="tab-stack" tabindex="0">
                    { idle_reason(page, detail) }
                    <Stack/>
                    <FixBrief/>
                    { states(texts, detail) }
                    { waits(texts, detail) }
                    { labels(texts, detail) }
                    { parents(texts, detail) }
                    if lacks.any() {
                        <p class="section group-detail-lacks dim">{ (texts.lacks)(lacks) }</p>
                    }
                </div>
            } else if tab == DetailTab::Goroutines {
                <div class="group-detail-goroutines" id="detail-goroutines" role="tabpanel" aria-labelledby="tab-goroutines"><Goroutines/></div>
            } else {
                <div class="group-detail-scroll" id="detail-fix" role="tabpanel" aria-labelledby="tab-fix" tabindex="0"><FindingInFull/></div>
            }
        </>
    }
}

fn title(page: &Page, detail: &GroupDetail) -> Html {
    let texts = page.texts();
    let back = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::DetailOpened(false));
            focus_after_frame(".group-list-row[tabindex='0']");
        })
    };
    let copy = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.copy_group())
    };
    let name = match &detail.row.top {
        Some(top) if top.package.is_empty() => top.name.clone(),
        Some(top) => format!("{}.{}", top.package, top.name),
        None => texts.no_stack.to_owned(),
    };
    html! {
        <div class="group-detail-title">
            <button class="button button-small group-detail-back" onclick={back}><Icon name={IconName::Back}/>{ texts.back_to_groups }</button>
            <h2 translate="no" title={detail.row.top.as_ref().map(|top| top.function.clone())}>{ name }</h2>
            <button class="button button-small" id="copy-group" title={texts.copy_markdown} onclick={copy}>
                <Icon name={IconName::Copy}/>{ texts.markdown }
            </button>
        </div>
    }
}

fn facts(page: &Page, detail: &GroupDetail, n: &str) -> Html {
    let texts = page.texts();
    let row = &detail.row;
    html! {
        <div class="group-detail-facts">
            <span><b>{ n }</b>{ " " }{ (texts.goroutines)(n) }</span>
            <Chip category={row.category} state={row.state.clone()}/>
            if let Some(waits) = &row.wait_minutes {
                <span>{ (texts.wait_p50_max)(&wait(waits.p50), &wait(waits.max)) }</span>
            }
            if row.leaked > 0 {
                <span class="tag tag-warning" title={(texts.marked_leaked)(&thousands(row.leaked))}>{ (texts.leaked)(&thousands(row.leaked)) }</span>
            }
            if let Some(idle) = &row.idle {
                <span class="tag" translate="no">{ texts.findings.idle }{ ": " }{ idle }</span>
            }
            if detail.locked_to_thread > 0 {
                <span class="tag">{ (texts.locked_to_thread)(&thousands(detail.locked_to_thread)) }</span>
            }
            for label in detail.labels.iter().take(3) {
                <span class="tag" translate="no">{ format!("{}={}", label.key, label.value) }</span>
            }
        </div>
    }
}

/// Why the group is no cause for concern, in the language of the page.
fn idle_reason(page: &Page, detail: &GroupDetail) -> Html {
    let Some((english, chinese)) = &detail.idle_reason else { return Html::default() };
    let reason = match page.state().settings.language {
        Language::English => english,
        Language::Chinese => chinese,
    };
    html! {
        <section class="section" id="idle-reason">
            <h3>{ page.texts().findings.why_idle }</h3>
            <p class="finding-text">{ reason }</p>
        </section>
    }
}
