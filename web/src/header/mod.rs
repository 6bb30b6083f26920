//! The bars on top: the loaded dumps, the views, the filter.

mod dump_menu;
mod dump_strip;
mod filter;

use yew::prelude::*;

pub(crate) use self::dump_menu::DumpMenu;
use self::dump_strip::DumpStrip;
use self::filter::Filter;
use crate::hooks::use_page;
use crate::model::{Action, Dialog, Settings, Tab, not_read, thousands};
use crate::shared::{Icon, IconName, TabItem, TabList};

/// Element ids of the panels that the tabs show.
pub(crate) const PANELS: [&str; 2] = ["panel-groups", "panel-issues"];

/// Both bars. The second one exists only for a dump that can be looked at.
#[component]
pub(crate) fn Header() -> Html {
    let page = use_page();
    let texts = page.texts();
    let settings = page.state().settings;
    let change = |settings: Settings| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::SettingsChanged(settings)))
    };
    let help = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::DialogShown(Some(Dialog::Help))))
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
                    <button
                        class="button button-icon"
                        id="switch-language"
                        aria-label={texts.switch_language}
                        title={texts.switch_language}
                        onclick={change(Settings { language: settings.language.next(), ..settings })}
                    >{ texts.language }</button>
                    <button
                        class="button button-icon"
                        id="switch-theme"
                        aria-label={(texts.theme)(settings.theme)}
                        title={(texts.theme)(settings.theme)}
                        onclick={change(Settings { theme: settings.theme.next(), ..settings })}
                    ><Icon name={IconName::Theme}/></button>
                    <button class="button button-icon" id="show-help" aria-label={texts.keyboard_help} title={format!("{} (?)", texts.keyboard_help)} onclick={help}>
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
    let summary = &dump.summary;
    let [groups, issues] = PANELS;
    let (label, count) = if summary.groups == 0 && !summary.dump.series.is_empty() {
        (texts.tab_numbers, summary.dump.series.len() as u64)
    } else {
        (texts.tab_groups, summary.groups)
    };
    let n_issues = (summary.dump.issues.len() + not_read(page.state()).len()) as u64;
    let tabs = vec![
        TabItem { id: "tab-groups", label, count: Some(thousands(count)), panel: groups },
        TabItem { id: "tab-issues", label: texts.tab_issues, count: Some(thousands(n_issues)), panel: issues },
    ];
    let chosen = usize::from(page.state().tab == Tab::Issues);
    let on_choose = {
        let page = page.clone();
        Callback::from(move |index| page.dispatch(Action::TabChosen(if index == 0 { Tab::Groups } else { Tab::Issues })))
    };
    html! {
        <div class="view-bar">
            <nav class="view-nav" aria-label={texts.views}>
                <TabList class="view-tabs" label={texts.views} {tabs} {chosen} {on_choose}/>
            </nav>
            if summary.groups > 0 {
                <Filter/>
            }
        </div>
    }
}
