//! The table of objects.

use std::rc::Rc;

use stackherd_report::BlockingKind;
use stackherd_report::protocol::BlockingView;
use yew::prelude::*;

use super::row::ObjectListRow;
use crate::hooks::{Page, use_page};
use crate::model::{Action, BlockingAction, CursorMove, objects_of, thousands};
use crate::shared::{VirtualList, focus_after_frame, is_shown};

#[derive(PartialEq, Properties)]
pub(crate) struct ObjectListProps {
    pub(crate) view: Rc<BlockingView>,
    pub(crate) kind: Option<BlockingKind>,
    /// The object on show.
    pub(crate) cursor: u32,
    pub(crate) reveal: u32,
}

/// Objects by waiters, one row each.
#[component]
pub(crate) fn ObjectList(props: &ObjectListProps) -> Html {
    let page = use_page();
    let texts = page.texts().blocking;
    // The same function for every row and at all times, so that a row that did not change is not drawn again.
    let on_open = {
        let page = page.clone();
        use_callback((), move |row, ()| open(&page, row))
    };
    let objects = use_memo((props.view.clone(), props.kind), |(view, kind)| objects_of(view, *kind));
    let total = u32::try_from(objects.len()).unwrap_or(u32::MAX);
    let row_of_cursor = objects.iter().position(|object| *object == props.cursor).unwrap_or(0);
    let row_of_cursor = u32::try_from(row_of_cursor).unwrap_or(0);
    let most = props.view.objects.iter().map(|object| object.waiters).max().unwrap_or(0);
    let language = page.state().settings.language;
    let draw = {
        let (view, cursor) = (props.view.clone(), props.cursor);
        let objects = objects.clone();
        Callback::from(move |(first, count): (u32, u32)| {
            let end = first.saturating_add(count);
            // One row takes the focus: the cursor's, or the first drawn when that one is out of sight.
            let tab_stop = if (first..end).contains(&row_of_cursor) { row_of_cursor } else { first };
            let row = |row: u32| {
                let object = objects.get(row as usize).copied()?;
                Some(html! {
                    <ObjectListRow
                        key={object}
                        {row}
                        {object}
                        view={view.clone()}
                        {most}
                        is_selected={object == cursor}
                        is_tab_stop={row == tab_stop}
                        {language}
                        on_open={on_open.clone()}
                    />
                })
            };
            (first..end).filter_map(row).collect::<Html>()
        })
    };
    html! {
        <section class="pane blocking-pane" aria-label={texts.objects}>
            <div class="blocking-list" role="grid" aria-label={texts.objects} aria-rowcount={(u64::from(total) + 1).to_string()}>
                <div class="blocking-head" role="row" aria-rowindex="1">
                    <span class="number" role="columnheader" aria-sort="descending"><b>{ texts.column_waiters }{ " ↓" }</b></span>
                    <span role="columnheader">{ texts.column_kind }</span>
                    <span role="columnheader">{ texts.column_address }</span>
                    <span role="columnheader">{ texts.column_waiting_at }</span>
                    <span role="columnheader">{ texts.column_holder }</span>
                    <span class="number" role="columnheader">{ texts.column_oldest }</span>
                </div>
                <VirtualList
                    class="blocking-rows"
                    {total}
                    cursor={row_of_cursor}
                    reveal={props.reveal}
                    keeps_cursor={true}
                    on_seen={Callback::noop()}
                    {draw}
                />
            </div>
            <div class="visually-hidden" role="status">{ (texts.n_shown)(&thousands(u64::from(total))) }</div>
        </section>
    }
}

fn open(page: &Page, row: u32) {
    page.dispatch(Action::Blocking(BlockingAction::CursorMoved(CursorMove::To(row))));
    show(page);
}

/// Shows the object where it has to come over the list.
pub(super) fn show(page: &Page) {
    page.dispatch(Action::Blocking(BlockingAction::Opened(true)));
    if !is_shown("#blocking-detail") {
        // It comes over the row that has the focus.
        focus_after_frame("#blocking-detail");
    }
}
