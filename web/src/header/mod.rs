//! The bars on top: the loaded dumps, the views, the filter.

mod dump_menu;
mod dump_strip;
mod dump_time;
mod filter;

use yew::prelude::*;

pub(crate) use self::dump_menu::DumpMenu;
use self::dump_strip::DumpStrip;
use self::filter::Filter;
use crate::hooks::use_page;
use crate::i18n::Texts;
use crate::model::{Action, Dialog, DumpEntry, Settings, State, Tab, not_read, tabs, thousands};
use crate::shared::{Icon, IconName, TabItem, TabList};

/// Both bars. The second one exists only for a dump that can be looked at.
#[component]
pub(crate) fn Header() -> Html {
    let page = use_page();
    let texts = page.texts();
    let settings = &page.state().settings;
    let change = |settings: Settings| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::SettingsChanged(settings.clone())))
    };
    let show = |dialog| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::DialogShown(Some(dialog))))
    };
    html! {
        <header class="header">
            <div class="dump-bar">
                <div class="brand"><Icon name={IconName::Logo}/><span class="brand-name" translate="no">{ "Stackherd" }</span></div>
                <DumpStrip/>
                <span class="promise" title={texts.promise_long}>
                    <Icon name={IconName::Shield}/><span class="promise-text">{ texts.promise }</span>
                </span>
                <div class="header-buttons">
                    if page.state().phase() == "ready" {
                        <button class="button" id="show-export" aria-haspopup="dialog" title={format!("{} (e)", texts.findings.export)} onclick={show(Dialog::Export)}>
                            { texts.findings.export }
                        </button>
                    }
                    <button
                        class="button button-icon"
                        id="show-settings"
                        aria-haspopup="dialog"
                        aria-label={texts.findings.settings}
                        title={texts.findings.settings}
                        onclick={show(Dialog::Settings)}
                    ><Icon name={IconName::Settings}/></button>
                    <button
                        class="button button-icon"
                        id="switch-language"
                        aria-label={texts.switch_language}
                        title={texts.switch_language}
                        onclick={change(Settings { language: settings.language.next(), ..settings.clone() })}
                    >{ texts.language }</button>
                    <button
                        class="button button-icon"
                        id="switch-theme"
                        aria-label={(texts.theme)(settings.theme)}
                        title={(texts.theme)(settings.theme)}
                        onclick={change(Settings { theme: settings.theme.next(), ..settings.clone() })}
                    ><Icon name={IconName::Theme}/></button>
                    <button class="button button-icon" id="show-help" aria-label={texts.keyboard_help} title={format!("{} (?)", texts.keyboard_help)} onclick={show(Dialog::Help)}>
                        <strong>{ "?" }</strong>
                    </button>
                </div>
            </div>
            if page.state().phase() == "ready" {
                <ViewBar/>
            }
        </header>
    }
}

#[component]
fn ViewBar() -> Html {
    let page = use_page();
    let texts = page.texts();
    let Some(dump) = page.active() else { return Html::default() };
    let tabs = tabs(&dump.summary, page.state().can_compare());
    let shown = page.state().tab_on_show();
    let items: Vec<TabItem> = tabs.iter().map(|tab| tab_item(texts, page.state(), &dump, *tab)).collect();
    let chosen = tabs.iter().position(|tab| *tab == shown).unwrap_or(0);
    let on_choose = {
        let page = page.clone();
        Callback::from(move |index: usize| {
            if let Some(tab) = tabs.get(index) {
                page.dispatch(Action::TabChosen(*tab));
            }
        })
    };
    html! {
        <div class="view-bar">
            <nav class="view-nav" aria-label={texts.views}>
                <TabList class="view-tabs" label={texts.views} tabs={items} {chosen} {on_choose}/>
            </nav>
            // It is about groups, and has no say in views with a sentence of their own.
            if dump.summary.groups > 0 && (!shown.has_own_sentence() || shown.is_of_all_dumps() && page.state().compare.view.is_some()) {
                <Filter/>
            }
        </div>
    }
}

fn tab_item(texts: &Texts, state: &State, dump: &DumpEntry, tab: Tab) -> TabItem {
    let summary = &dump.summary;
    let (label, count) = match tab {
        Tab::Groups if summary.groups == 0 && !summary.dump.series.is_empty() => {
            (texts.tab_numbers, Some(summary.dump.series.len() as u64))
        }
        Tab::Groups => (texts.tab_groups, Some(summary.groups)),
        Tab::Compare => (texts.compare.tab, None),
        Tab::Fleet => (texts.fleet.tab, None),
        Tab::Blocking => (texts.blocking.tab, dump.blocking.view.as_ref().map(|view| u64::from(view.n_objects))),
        Tab::Ancestry => (texts.ancestry.tab, None),
        Tab::Issues => (texts.tab_issues, Some((summary.dump.issues.len() + not_read(state).len()) as u64)),
    };
    TabItem { id: tab.id(), label, count: count.map(thousands), panel: tab.panel() }
}
