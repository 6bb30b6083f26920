//! The head of the groups table: what the columns are, and by which the rows are ordered.

use stackherd_report::protocol::{GroupQuery, SortKey};
use yew::prelude::*;

use super::row::ChangeColumns;
use crate::hooks::{Page, use_page};
use crate::model::Action;

#[derive(PartialEq, Properties)]
pub(crate) struct HeadProps {
    pub(crate) query: GroupQuery,
    pub(crate) columns: ChangeColumns,
}

/// A click orders by a column, another one reverses.
#[component]
pub(crate) fn Head(props: &HeadProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let column = |class, sort, label| column(&page, &props.query, class, sort, label);
    html! {
        <div class="group-list-head" role="row" aria-rowindex="1">
            { column("number", SortKey::Goroutines, texts.column_count) }
            <span class="number" role="columnheader">{ texts.column_share }</span>
            if props.columns.delta {
                { column("number", SortKey::Delta, texts.compare.column_delta) }
            }
            if props.columns.spark {
                <span class="group-list-spark" role="columnheader">{ texts.compare.column_trend }</span>
            }
            { column("", SortKey::Function, texts.column_frame) }
            { column("group-list-creator", SortKey::CreatedBy, texts.column_created_by) }
            { column("number group-list-wait", SortKey::MaxWait, texts.column_wait) }
        </div>
    }
}

fn column(page: &Page, query: &GroupQuery, class: &'static str, sort: SortKey, label: &'static str) -> Html {
    let is_on = query.sort == sort;
    let (order, arrow) = match (is_on, query.ascending) {
        (false, _) => ("none", ""),
        (true, true) => ("ascending", " ↑"),
        (true, false) => ("descending", " ↓"),
    };
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::Sorted(sort)))
    };
    html! {
        <span class={class} role="columnheader" aria-sort={order}>
            <button class={classes!("group-list-sort", is_on.then_some("group-list-sort-on"))} {onclick} data-sort={sort.as_str()}>
                { label }<span aria-hidden="true">{ arrow }</span>
            </button>
        </span>
    }
}
