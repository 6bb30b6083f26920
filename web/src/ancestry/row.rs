//! A row of the tree.

use std::rc::Rc;

use stackherd_report::protocol::AncestryRow;
use yew::prelude::*;

use crate::i18n::{SiteName, Texts};
use crate::model::{Language, SiteTree, bar_width, function_name, percent, place, thousands, wait};

/// Pixels to the right for each level, and how many levels get them.
const INDENT: u32 = 16;
const MAX_INDENTS: u32 = 20;

#[derive(PartialEq, Properties)]
pub(crate) struct SiteRowProps {
    pub(crate) row: u32,
    /// Index into the sites.
    pub(crate) site: u32,
    pub(crate) tree: Rc<SiteTree>,
    /// Goroutines of the largest subtree.
    pub(crate) most: u64,
    /// `None` when nothing is below it.
    pub(crate) is_open: Option<bool>,
    pub(crate) is_selected: bool,
    pub(crate) is_tab_stop: bool,
    pub(crate) language: Language,
    pub(crate) on_open: Callback<u32>,
    pub(crate) on_toggle: Callback<u32>,
}

/// One site: how many goroutines with their descendants, how many started here, how many without creator, since when.
#[component]
pub(crate) fn SiteRow(props: &SiteRowProps) -> Html {
    let (Some(row), Some(place)) = (props.tree.site(props.site), props.tree.place(props.site)) else { return Html::default() };
    let texts = props.language.texts();
    let site = props.site;
    let onclick = props.on_open.reform(move |_: MouseEvent| site);
    let has_group = row.largest_group.is_some();
    html! {
        <div
            class={classes!("ancestry-row", has_group.then_some("ancestry-row-open"))}
            role="row"
            aria-rowindex={(u64::from(props.row) + 2).to_string()}
            aria-level={(u64::from(row.depth) + 1).to_string()}
            aria-posinset={place.position.to_string()}
            aria-setsize={place.siblings.to_string()}
            aria-expanded={props.is_open.map(|is_open| is_open.to_string())}
            aria-selected={props.is_selected.to_string()}
            aria-label={name(texts, row, props.tree.has_parents)}
            title={has_group.then_some(texts.ancestry.open_group)}
            tabindex={if props.is_tab_stop { "0" } else { "-1" }}
            data-index={props.row.to_string()}
            data-depth={row.depth.to_string()}
            data-group={row.largest_group.clone()}
            {onclick}
        >
            <div class="ancestry-subtree" role="gridcell"><b>{ thousands(row.subtree) }</b>{ bar(row, props.most) }</div>
            <div class="number" role="gridcell">{ thousands(row.goroutines) }</div>
            if props.tree.has_parents {
                <div class="number" role="gridcell">{ gone(row) }</div>
            }
            <div class="number muted" role="gridcell">
                { row.oldest_minutes.map_or_else(|| html! { <span class="dim">{ "–" }</span> }, |minutes| html! { wait(minutes) }) }
            </div>
            <div class="ancestry-site" role="gridcell">
                <svg class="ancestry-indent" width={(row.depth.min(MAX_INDENTS) * INDENT).to_string()} height="1" aria-hidden="true"></svg>
                { toggle(props) }
                { site_name(texts, row) }
            </div>
        </div>
    }
}

/// For the pointer only: the arrow keys do the same.
fn toggle(props: &SiteRowProps) -> Html {
    let Some(is_open) = props.is_open else { return html! { <span class="ancestry-toggle" aria-hidden="true"></span> } };
    let (site, on_toggle) = (props.site, props.on_toggle.clone());
    let onclick = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        on_toggle.emit(site);
    });
    html! { <span class="ancestry-toggle ancestry-toggle-on" aria-hidden="true" {onclick}>{ if is_open { "▾" } else { "▸" } }</span> }
}

fn site_name(texts: &Texts, row: &AncestryRow) -> Html {
    let Some(site) = &row.site else { return html! { <span class="dim ellipsis">{ texts.ancestry.no_creator }</span> } };
    html! {
        <span class="mono ellipsis" translate="no" title={format!("{} {}:{}", site.function, site.file, site.line)}>
            <b>{ function_name(site) }</b>{ " " }<span class="dim">{ place(site) }</span>
        </span>
    }
}

/// How many creators are gone, and the share of them.
fn gone(row: &AncestryRow) -> Html {
    if row.orphans == 0 || row.site.is_none() {
        return html! { <span class="dim">{ "–" }</span> };
    }
    html! { <>{ thousands(row.orphans) }{ " " }<span class="dim">{ percent(row.orphans, row.goroutines) }</span></> }
}

fn name(texts: &Texts, row: &AncestryRow, has_parents: bool) -> String {
    let site = row.site.as_ref().map(|site| format!("{} {}", function_name(site), place(site)));
    let oldest = row.oldest_minutes.map(wait);
    let gone = thousands(row.orphans);
    (texts.ancestry.row_name)(&SiteName {
        site: site.as_deref().map_or(texts.ancestry.no_creator, str::trim),
        subtree: &thousands(row.subtree),
        goroutines: &thousands(row.goroutines),
        gone: (has_parents && row.orphans > 0).then_some(&gone),
        oldest: oldest.as_deref(),
    })
}

/// The subtree, and in it what was started here.
fn bar(row: &AncestryRow, most: u64) -> Html {
    html! {
        <svg class="ancestry-bar" width="100%" height="4" aria-hidden="true">
            <rect class="ancestry-bar-track" width="100%" height="4" rx="1"/>
            <rect class="ancestry-bar-subtree" width={bar_width(row.subtree, most)} height="4" rx="1"/>
            <rect class="ancestry-bar-here" width={bar_width(row.goroutines, most)} height="4" rx="1"/>
            <rect class="ancestry-bar-subtree" width="2" height="4" rx="1"/>
        </svg>
    }
}
