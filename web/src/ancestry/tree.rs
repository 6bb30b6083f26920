//! The tree grid.

use std::rc::Rc;

use yew::prelude::*;

use super::row::SiteRow;
use crate::hooks::{Page, use_page};
use crate::model::{Action, AncestryAction, SiteTree, thousands};
use crate::shared::{VirtualList, focus_after_frame};

#[derive(PartialEq, Properties)]
pub(crate) struct TreeProps {
    pub(crate) tree: Rc<SiteTree>,
}

/// Sites that are on show, one row each.
#[component]
pub(crate) fn Tree(props: &TreeProps) -> Html {
    let page = use_page();
    let texts = page.texts().ancestry;
    // The same functions for every row and at all times, so that a row that did not change is not drawn again.
    let on_open = {
        let page = page.clone();
        use_callback(props.tree.clone(), move |site, tree| open(&page, tree, site))
    };
    let on_toggle = {
        let page = page.clone();
        use_callback((), move |site, ()| page.dispatch(Action::Ancestry(AncestryAction::Toggled(site))))
    };
    let Some(dump) = page.active() else { return Html::default() };
    let state = &dump.ancestry;
    let tree = &props.tree;
    let rows = Rc::new(state.rows(tree));
    let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let cursor = rows.binary_search(&state.cursor).ok().and_then(|row| u32::try_from(row).ok()).unwrap_or(0);
    let (most, language) = (tree.largest(), page.state().settings.language);
    let draw = {
        let (dump, tree, rows) = (dump.clone(), tree.clone(), rows.clone());
        Callback::from(move |(first, count): (u32, u32)| {
            let end = first.saturating_add(count);
            // One row takes the focus: the cursor's, or the first drawn when that one is out of sight.
            let tab_stop = if (first..end).contains(&cursor) { cursor } else { first };
            let row = |row: u32| {
                let site = rows.get(row as usize).copied()?;
                let is_open = tree.has_below(site).then(|| dump.ancestry.is_open(&tree, site));
                Some(html! {
                    <SiteRow
                        key={site}
                        {row}
                        {site}
                        tree={tree.clone()}
                        {most}
                        {is_open}
                        is_selected={row == cursor}
                        is_tab_stop={row == tab_stop}
                        {language}
                        on_open={on_open.clone()}
                        on_toggle={on_toggle.clone()}
                    />
                })
            };
            (first..end).filter_map(row).collect::<Html>()
        })
    };
    html! {
        <section class="pane ancestry-pane" aria-label={texts.sites} data-view="ancestry">
            <div class="pane-header">
                <h2>{ texts.sites }</h2>
                <span class="dim">{ thousands(u64::from(tree.n_sites)) }</span>
                <span class="pane-header-space"></span>
                if tree.is_deep() {
                    { all(&page, true, texts.open_all) }
                    { all(&page, false, texts.close_all) }
                }
            </div>
            <div
                class={classes!("ancestry-list", (!tree.has_parents).then_some("ancestry-list-flat"))}
                role="treegrid"
                aria-label={texts.sites}
                aria-rowcount={(u64::from(total) + 1).to_string()}
            >
                <div class="ancestry-head" role="row" aria-rowindex="1">
                    <span class="number" role="columnheader" title={texts.subtree_why}>{ texts.column_subtree }</span>
                    <span class="number" role="columnheader">{ texts.column_started }</span>
                    if tree.has_parents {
                        <span class="number" role="columnheader" title={texts.gone_why}>{ texts.column_gone }</span>
                    }
                    <span class="number" role="columnheader">{ texts.column_oldest }</span>
                    <span role="columnheader">{ texts.column_site }</span>
                </div>
                <VirtualList class="ancestry-rows" {total} {cursor} reveal={state.reveal} on_seen={Callback::noop()} {draw}/>
            </div>
        </section>
    }
}

fn all(page: &Page, open: bool, label: &'static str) -> Html {
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::Ancestry(AncestryAction::AllToggled { open })))
    };
    html! { <button class="button button-small" data-open={open.to_string()} {onclick}>{ label }</button> }
}

/// Shows the largest group that was started at a site.
fn open(page: &Page, tree: &SiteTree, site: u32) {
    page.dispatch(Action::Ancestry(AncestryAction::Chosen(site)));
    if let Some(key) = tree.site(site).and_then(|row| row.largest_group.clone()) {
        page.dispatch(Action::GroupShown { key });
        focus_after_frame("#detail");
    }
}
