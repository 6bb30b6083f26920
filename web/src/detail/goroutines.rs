//! Every goroutine of the group.

use std::rc::Rc;

use stackherd_report::protocol::GoroutineRow;
use yew::prelude::*;

use crate::hooks::use_page;
use crate::i18n::Texts;
use crate::model::{Action, lacks, thousands, wait};
use crate::shared::VirtualList;

/// A list of any length.
#[component]
pub(crate) fn Goroutines() -> Html {
    let page = use_page();
    let texts = page.texts();
    let Some(dump) = page.active() else { return Html::default() };
    let Some(detail) = dump.detail.loaded.clone() else { return Html::default() };
    let at_most = u32::try_from(detail.row.goroutines).unwrap_or(u32::MAX);
    let total = dump.detail.goroutines.total(at_most);
    let lacks = lacks(&dump.summary);
    // Without ids a row stands for all goroutines that are equal.
    let is_counted = lacks.ids;
    let on_seen = {
        let page = page.clone();
        Callback::from(move |(first, count)| page.dispatch(Action::GoroutinesSeen { first, count }))
    };
    let draw = {
        let dump = dump.clone();
        Callback::from(move |(first, count): (u32, u32)| {
            let rows = first..first.saturating_add(count);
            let row = |index: u32| row(texts, index, dump.detail.goroutines.row(index), is_counted);
            rows.map(row).collect::<Html>()
        })
    };
    html! {
        <div
            class={classes!("goroutine-list", is_counted.then_some("goroutine-list-counted"))}
            role="table"
            aria-label={texts.tab_goroutines}
            aria-rowcount={(u64::from(total) + 1).to_string()}
            aria-busy={(!dump.detail.goroutines.is_settled()).to_string()}
        >
            if lacks.any() {
                <p class="goroutine-list-lacks dim">{ (texts.lacks)(lacks) }</p>
            }
            <div class="goroutine-list-head" role="rowgroup">
                <div class="goroutine-list-columns" role="row" aria-rowindex="1">
                    <span role="columnheader">{ if is_counted { texts.column_count } else { texts.column_id } }</span>
                    <span role="columnheader">{ texts.column_state }</span>
                    if !is_counted {
                        <span role="columnheader">{ texts.column_wait_one }</span>
                        <span role="columnheader">{ texts.column_parent }</span>
                    }
                    <span role="columnheader">{ texts.column_labels }</span>
                </div>
            </div>
            <VirtualList class="goroutine-list-rows" {total} is_tab_stop=true {on_seen} {draw}/>
        </div>
    }
}

fn row(texts: &Texts, index: u32, row: Option<&Rc<GoroutineRow>>, is_counted: bool) -> Html {
    let aria_row = (u64::from(index) + 2).to_string();
    let Some(row) = row else {
        return html! { <div key={index} class="goroutine-list-row" role="row" aria-rowindex={aria_row}><span role="cell" class="group-list-skeleton"></span></div> };
    };
    let id = |goid: Option<u64>| goid.map_or_else(|| "–".to_owned(), |goid| goid.to_string());
    let labels: Vec<String> = row.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let labels = labels.join(", ");
    html! {
        <div key={index} class="goroutine-list-row mono" role="row" aria-rowindex={aria_row} translate="no">
            <span role="cell" class="ellipsis">
                if is_counted || row.count > 1 {
                    { (texts.n_goroutines)(&thousands(row.count)) }
                } else {
                    { id(row.goid) }
                }
            </span>
            <span role="cell" class="ellipsis" title={row.state.clone()}>
                { &row.state }
                if row.locked_to_thread {
                    <span class="tag">{ texts.locked }</span>
                }
            </span>
            if !is_counted {
                <span role="cell">{ row.wait_minutes.map_or_else(|| "–".to_owned(), wait) }</span>
                <span role="cell">{ id(row.parent) }</span>
            }
            <span role="cell" class="ellipsis dim" title={labels.clone()}>{ labels }</span>
        </div>
    }
}
