//! Who started whom: creation sites as a tree.

mod row;
mod tree;

use yew::prelude::*;

use self::tree::Tree;
use crate::hooks::{Page, use_page};
use crate::i18n::{GoneFact, SiteFact, code};
use crate::model::{SiteTree, ancestry_facts, function_name, percent, place, thousands};
use crate::shared::{Icon, IconName, Sentence};

/// The tree of creation sites, under a sentence that says what is seen.
#[component]
pub(crate) fn Ancestry() -> Html {
    let page = use_page();
    let texts = page.texts().ancestry;
    let Some(dump) = page.active() else { return Html::default() };
    let Some(tree) = &dump.ancestry.tree else {
        return html! { <p class="nothing" role="status" data-view="loading">{ texts.loading }{ "…" }</p> };
    };
    html! {
        <>
            { strip(&page, tree, dump.summary.dump.goroutines) }
            // Without any creator there is one row, which says nothing.
            if ancestry_facts(tree).is_some() {
                <Tree tree={tree.clone()}/>
            }
        </>
    }
}

fn strip(page: &Page, tree: &SiteTree, total: u64) -> Html {
    let texts = page.texts().ancestry;
    let (headline, mut lines) = match ancestry_facts(tree) {
        Some(facts) => {
            let headline = (texts.headline)(&SiteFact {
                goroutines: &thousands(facts.goroutines),
                total: &thousands(total),
                percent: &percent(facts.goroutines, total),
                place: &code(format!("{} {}", function_name(facts.site), place(facts.site)).trim()),
            });
            let line = if tree.has_parents {
                (texts.gone)(&GoneFact {
                    gone: &thousands(facts.orphans),
                    of: &thousands(facts.goroutines),
                    percent: &percent(facts.orphans, facts.goroutines),
                    all_gone: &thousands(facts.all_orphans),
                    all: &thousands(facts.all_started),
                    all_percent: &percent(facts.all_orphans, facts.all_started),
                })
            } else {
                texts.no_parents.to_owned()
            };
            (headline, vec![line])
        }
        None => (texts.no_creators.to_owned(), vec![texts.no_creators_why.to_owned()]),
    };
    if tree.n_sites > tree.len() {
        lines.push((texts.cut)(&thousands(u64::from(tree.len())), &thousands(u64::from(tree.n_sites))));
    }
    html! {
        <section class="verdict" aria-label={page.texts().verdict} data-parents={tree.has_parents.to_string()}>
            <div class="verdict-icon"><Icon name={IconName::Info}/></div>
            <div class="verdict-text">
                <h1><Sentence text={headline}/></h1>
                <p class="verdict-line ancestry-line"><Sentence text={lines.join(" ")}/></p>
            </div>
        </section>
    }
}
