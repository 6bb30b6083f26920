//! The table of changes.

use std::rc::Rc;

use stackherd_report::protocol::{ChangeSort, ComparisonView};
use yew::prelude::*;

use super::row::ChangeListRow;
use crate::hooks::{Page, use_page};
use crate::model::{
    Action, CompareAction, CursorMove, MAX_DUMP_COLUMNS, change_sort_state, column_places, names_of, shows_stuck, thousands,
};
use crate::shared::{VirtualList, focus_after_frame, is_shown};

#[derive(PartialEq, Properties)]
pub(crate) struct ChangeListProps {
    pub(crate) view: Rc<ComparisonView>,
    /// Of the dumps, for little room.
    pub(crate) labels: Vec<String>,
}

/// Which columns there are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Columns {
    /// Positions of the dumps that have one.
    pub(super) dumps: Vec<usize>,
    pub(super) baseline: usize,
    pub(super) target: usize,
    pub(super) spark: bool,
    pub(super) rate: bool,
    pub(super) stuck: bool,
}

impl Columns {
    fn of(view: &ComparisonView) -> Self {
        Self {
            dumps: column_places(view),
            baseline: view.baseline as usize,
            target: view.target as usize,
            spark: view.dumps.len() > MAX_DUMP_COLUMNS,
            rate: view.minutes.is_some(),
            stuck: shows_stuck(view),
        }
    }
}

/// Groups by change, one row each.
#[component]
pub(crate) fn ChangeList(props: &ChangeListProps) -> Html {
    let page = use_page();
    let texts = page.texts().compare;
    // The same function for every row and at all times, so that a row that did not change is not drawn again.
    let on_open = {
        let page = page.clone();
        use_callback((), move |index, ()| open(&page, index))
    };
    let columns = use_memo(props.view.clone(), |view| Columns::of(view));
    let compare = &page.state().compare;
    let total = compare.matched_groups.unwrap_or(0);
    let on_seen = {
        let page = page.clone();
        Callback::from(move |(first, count)| page.dispatch(Action::Compare(CompareAction::Seen { first, count })))
    };
    let draw = {
        let (page, columns) = (page.clone(), columns.clone());
        Callback::from(move |seen| rows(&page, &columns, &on_open, seen))
    };
    html! {
        <section class="pane compare-pane" aria-label={texts.changes}>
            <div
                class={classes!(
                    "compare-list",
                    format!("compare-columns-{}", columns.dumps.len()),
                    (columns.dumps.len() >= 4).then_some("compare-many"),
                    columns.spark.then_some("compare-spark"),
                    (!columns.rate).then_some("compare-no-rate"),
                    (!columns.stuck).then_some("compare-no-stuck"),
                )}
                role="grid"
                aria-label={texts.changes}
                aria-rowcount={(u64::from(total) + 1).to_string()}
                aria-busy={(!compare.rows.is_settled() || !compare.is_current()).to_string()}
            >
                { head(&page, props, &columns) }
                if total == 0 && compare.rows.is_current() {
                    { nothing(&page) }
                } else {
                    <VirtualList class="compare-rows" {total} cursor={compare.cursor} reveal={compare.reveal} {on_seen} {draw}/>
                }
            </div>
            { fold(&page, &props.view) }
            <div class="visually-hidden" role="status">{ (texts.n_listed)(&thousands(u64::from(total))) }</div>
        </section>
    }
}

fn head(page: &Page, props: &ChangeListProps, columns: &Columns) -> Html {
    let texts = page.texts();
    let names = names_of(page.state(), &props.view);
    let name_at = |position: usize| names.get(position).cloned().unwrap_or_default();
    let dump = |position: &usize| {
        let label = props.labels.get(*position).cloned().unwrap_or_default();
        match *position {
            at if at == columns.target => sorted(page, "number", ChangeSort::Goroutines, &label, Some(name_at(at))),
            at if at == columns.baseline => sorted(page, "number", ChangeSort::Before, &label, Some(name_at(at))),
            at => html! { <span class="number compare-middle" role="columnheader" title={name_at(at)}>{ label }</span> },
        }
    };
    html! {
        <div class="compare-row-head" role="row" aria-rowindex="1">
            <span role="columnheader">{ texts.compare.column_change }</span>
            { for columns.dumps.iter().map(dump) }
            if columns.spark {
                <span class="compare-spark-cell" role="columnheader">{ texts.compare.column_trend }</span>
            }
            { sorted(page, "number", ChangeSort::Delta, texts.compare.column_delta, None) }
            if columns.rate {
                { sorted(page, "number compare-rate", ChangeSort::PerMinute, texts.compare.column_per_minute, None) }
            }
            if columns.stuck {
                { sorted(page, "number compare-stuck", ChangeSort::Stuck, texts.compare.column_stuck, Some(texts.compare.stuck_means.to_owned())) }
            }
            { sorted(page, "compare-what", ChangeSort::Function, texts.compare.column_frame, None) }
            { sorted(page, "compare-state", ChangeSort::State, texts.compare.column_state, None) }
        </div>
    }
}

fn sorted(page: &Page, class: &'static str, sort: ChangeSort, label: &str, title: Option<String>) -> Html {
    let order = change_sort_state(&page.state().compare.query, sort);
    let arrow = match order {
        "ascending" => " ↑",
        "descending" | "other" => " ↓",
        _ => "",
    };
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::Compare(CompareAction::Sorted(sort))))
    };
    html! {
        <span class={class} role="columnheader" aria-sort={order}>
            <button class={classes!("group-list-sort", (order != "none").then_some("group-list-sort-on"))} {title} {onclick} data-sort={sort.as_str()}>
                { label }<span aria-hidden="true">{ arrow }</span>
            </button>
        </span>
    }
}

/// Groups that did not change, folded into a line below the table.
fn fold(page: &Page, view: &ComparisonView) -> Html {
    let texts = page.texts().compare;
    let compare = &page.state().compare;
    if view.statuses.same == 0 || compare.status.is_some() {
        return Html::default();
    }
    let is_open = compare.unfolds_same;
    let n = thousands(u64::from(view.statuses.same));
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::Compare(CompareAction::SameUnfolded(!is_open))))
    };
    html! {
        <button class="compare-fold" id="unchanged" aria-expanded={is_open.to_string()} {onclick}>
            <span aria-hidden="true">{ if is_open { "▾ " } else { "▸ " } }</span>
            { if is_open { (texts.hide_unchanged)(&n) } else { (texts.n_unchanged)(&n) } }
        </button>
    }
}

fn nothing(page: &Page) -> Html {
    let texts = page.texts();
    let compare = &page.state().compare;
    let is_filtered = page.active().is_some_and(|dump| dump.groups.is_filtered());
    let clear = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::FilterCleared))
    };
    html! {
        <div class="group-list-empty" role="rowgroup"><div role="row"><div role="gridcell">
            if is_filtered {
                { texts.no_match }{ " " }<button class="link" onclick={clear}>{ texts.clear_filter }</button>
            } else if compare.status.is_some() {
                { texts.no_match }
            } else {
                { texts.compare.nothing_changed }
            }
        </div></div></div>
    }
}

fn rows(page: &Page, columns: &Rc<Columns>, on_open: &Callback<u32>, (first, count): (u32, u32)) -> Html {
    let compare = &page.state().compare;
    let language = page.state().settings.language;
    let end = first.saturating_add(count);
    // One row takes the focus: the cursor's, or the first drawn when that one is out of sight.
    let tab_stop = if (first..end).contains(&compare.cursor) { compare.cursor } else { first };
    let row = |index: u32| {
        let row = compare.rows.row(index).cloned();
        let is_selected = row.as_ref().is_some_and(|row| compare.key.as_ref() == Some(&row.key));
        html! {
            <ChangeListRow
                key={index}
                {index}
                {row}
                columns={columns.clone()}
                {is_selected}
                is_tab_stop={index == tab_stop}
                {language}
                {on_open}
            />
        }
    };
    (first..end).map(row).collect()
}

fn open(page: &Page, index: u32) {
    page.dispatch(Action::Compare(CompareAction::CursorMoved(CursorMove::To(index))));
    page.dispatch(Action::Compare(CompareAction::Opened(true)));
    if !is_shown("#compare-side") {
        // It comes over the row that has the focus.
        focus_after_frame("#compare-side");
    }
}
