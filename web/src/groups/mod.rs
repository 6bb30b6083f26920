//! The groups table.

mod head;
mod row;
mod similarity;

use stackherd_report::protocol::SortKey;
use yew::prelude::*;

use self::head::Head;
use self::row::{ChangeColumns, GroupListRow};
use self::similarity::SimilaritySelect;
use crate::hooks::{Page, use_page};
use crate::model::{Action, CursorMove, DumpEntry, Language, Summary, lacks, thousands};
use crate::shared::{VirtualList, focus_after_frame, is_shown};

/// Ranked groups, one row each.
#[component]
pub(crate) fn GroupList() -> Html {
    let page = use_page();
    let texts = page.texts();
    // The same function for every row and at all times, so that a row that did not change is not drawn again.
    let on_open = {
        let page = page.clone();
        use_callback((), move |index, ()| open(&page, index))
    };
    let Some(dump) = page.active() else { return Html::default() };
    let summary = dump.summary.clone();
    let lacks = lacks(&summary);
    let columns = change_columns(&page, &dump);
    let groups = &dump.groups;
    let total = groups.matched_groups.unwrap_or_else(|| u32::try_from(summary.groups).unwrap_or(u32::MAX));
    let on_seen = {
        let page = page.clone();
        Callback::from(move |(first, count)| page.dispatch(Action::GroupsSeen { first, count }))
    };
    let draw = {
        let (dump, summary) = (dump.clone(), summary.clone());
        let language = page.state().settings.language;
        Callback::from(move |seen| rows(&dump, &summary, language, columns, &on_open, seen))
    };
    html! {
        <section class="pane group-pane" aria-label={texts.groups}>
            { pane_header(&page, &dump, &summary) }
            <div
                class={classes!(
                    "group-list",
                    lacks.waits.then_some("group-list-no-waits"),
                    lacks.creators.then_some("group-list-no-creators"),
                    columns.delta.then_some("group-list-changes"),
                    columns.spark.then_some("group-list-sparks"),
                )}
                role="grid"
                aria-label={texts.groups}
                aria-rowcount={(u64::from(total) + 1).to_string()}
                aria-busy={(!groups.rows.is_settled()).to_string()}
            >
                <Head query={groups.query.clone()} {columns}/>
                if total == 0 {
                    { no_match(&page, &dump) }
                } else {
                    <VirtualList class="group-list-rows" {total} cursor={groups.cursor} reveal={groups.reveal} {on_seen} {draw}/>
                }
            </div>
        </section>
    }
}

/// The columns that a comparison with this dump fills.
fn change_columns(page: &Page, dump: &DumpEntry) -> ChangeColumns {
    let view = page.state().compare.view.as_ref();
    let Some(view) = view.filter(|view| view.dumps.iter().any(|compared| compared.dump == dump.id)) else {
        return ChangeColumns::default();
    };
    ChangeColumns { delta: true, spark: view.dumps.len() >= 3 }
}

fn pane_header(page: &Page, dump: &DumpEntry, summary: &Summary) -> Html {
    let texts = page.texts();
    let groups = &dump.groups;
    let all = thousands(summary.groups);
    let shown = match groups.matched_groups {
        Some(matched) if groups.is_narrowed() => (texts.n_of)(&thousands(u64::from(matched)), &all),
        _ => all,
    };
    let by_rank = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::Sorted(SortKey::Rank)))
    };
    html! {
        <div class="pane-header">
            <h2>{ texts.groups }</h2>
            <span class="dim" id="group-count">{ shown }</span>
            <span class="pane-header-space"></span>
            if lacks(summary).waits {
                <span class="dim ellipsis group-pane-lacks" title={(texts.lacks)(lacks(summary))}>{ texts.no_waits }</span>
            }
            <SimilaritySelect/>
            { idle_toggle(page, dump) }
            if groups.query.sort == SortKey::Rank {
                <span class="dim">{ texts.by_rank }</span>
            } else {
                <button class="button button-small" onclick={by_rank}>{ texts.order_by_rank }</button>
            }
        </div>
    }
}

/// Leaves idle groups out, or brings them back.
fn idle_toggle(page: &Page, dump: &DumpEntry) -> Html {
    let texts = &page.texts().findings;
    let Some(judgement) = dump.judgement.loaded.as_ref().filter(|judgement| judgement.idle_groups > 0) else {
        return Html::default();
    };
    let is_hidden = dump.groups.query.hides_idle;
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::IdleHidden(!is_hidden)))
    };
    html! {
        <button
            class="button button-small group-pane-idle"
            id="hide-idle"
            aria-pressed={is_hidden.to_string()}
            title={(texts.idle_set_aside)(&thousands(judgement.idle_goroutines), &thousands(judgement.idle_groups))}
            {onclick}
        >{ texts.hide_idle }{ " " }<span class="dim">{ thousands(judgement.idle_groups) }</span></button>
    }
}

fn no_match(page: &Page, dump: &DumpEntry) -> Html {
    let texts = page.texts();
    let is_idle = dump.groups.query.hides_idle;
    let (why, action, todo) = if is_idle {
        (texts.findings.all_idle, Action::IdleHidden(false), texts.findings.show_idle)
    } else {
        (texts.no_match, Action::FilterCleared, texts.clear_filter)
    };
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(action.clone()))
    };
    html! {
        <div class="group-list-empty" role="rowgroup"><div role="row"><div role="gridcell">
            { why }{ " " }<button class="link" {onclick}>{ todo }</button>
        </div></div></div>
    }
}

fn rows(
    dump: &DumpEntry,
    summary: &Summary,
    language: Language,
    columns: ChangeColumns,
    on_open: &Callback<u32>,
    (first, count): (u32, u32),
) -> Html {
    let groups = &dump.groups;
    let end = first.saturating_add(count);
    // One row takes the focus: the cursor's, or the first drawn when that one is out of sight.
    let tab_stop = if (first..end).contains(&groups.cursor) { groups.cursor } else { first };
    let row = |index: u32| {
        let row = groups.rows.row(index).cloned();
        let is_selected = row.as_ref().is_some_and(|row| dump.detail.key.as_ref() == Some(&row.key));
        html! {
            <GroupListRow
                key={index}
                {index}
                {row}
                total={summary.dump.goroutines}
                {is_selected}
                is_tab_stop={index == tab_stop}
                {columns}
                {language}
                {on_open}
            />
        }
    };
    (first..end).map(row).collect()
}

fn open(page: &Page, index: u32) {
    page.dispatch(Action::CursorMoved(CursorMove::To(index)));
    page.dispatch(Action::DetailOpened(true));
    if !is_shown(".pane-splitter") {
        // The detail now covers the row that had the focus.
        focus_after_frame("#detail");
    }
}
