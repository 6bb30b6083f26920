//! All dumps by name, for those who have hundreds.

use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::dump_strip::{Face, face, is_baseline};
use super::dump_time::DumpTimeForm;
use crate::hooks::{Page, use_page};
use crate::model::{Action, Shown, StripItem, dump_time, find_names, strip, thousands};
use crate::shared::{Icon, IconName, Modal, VirtualList, focus_after_frame};

/// Id of the list, which the field above it controls.
const LIST: &str = "dump-menu-list";

/// Rows that Page Up and Page Down jump over.
const PAGE_ROWS: u32 = 10;

/// A field and a list: typing finds, arrows move, Enter shows.
#[component]
pub(crate) fn DumpMenu() -> Html {
    let page = use_page();
    let texts = page.texts();
    let text = use_state(String::new);
    let items = strip(page.state());
    let names: Vec<&str> = items.iter().map(|item| item.name()).collect();
    let found = find_names(&names, &text);
    let shown_at = |index: usize| items.get(index).map(|item| item.shown());
    let active = found.iter().position(|index| shown_at(*index) == page.state().shown);
    let cursor = use_state(|| active.and_then(|index| u32::try_from(index).ok()).unwrap_or(0));
    let reveal = use_state(|| 0_u32);
    let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let at = (*cursor).min(total.saturating_sub(1));

    let oninput = {
        let (text, cursor, reveal) = (text.clone(), cursor.clone(), reveal.clone());
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
            cursor.set(0);
            reveal.set(*reveal + 1);
        })
    };
    let onkeydown = {
        let (page, cursor, reveal) = (page.clone(), cursor.clone(), reveal.clone());
        let chosen = found.get(at as usize).and_then(|index| shown_at(*index));
        Callback::from(move |event: KeyboardEvent| {
            let last = total.saturating_sub(1);
            let next = match event.key().as_str() {
                "ArrowDown" => at.saturating_add(1),
                "ArrowUp" => at.saturating_sub(1),
                "PageDown" => at.saturating_add(PAGE_ROWS),
                "PageUp" => at.saturating_sub(PAGE_ROWS),
                "Enter" => {
                    if let Some(shown) = chosen {
                        page.dispatch(Action::Activated(shown));
                        page.dispatch(Action::DialogShown(None));
                    }
                    at
                }
                _ => return,
            };
            event.prevent_default();
            cursor.set(next.min(last));
            reveal.set(*reveal + 1);
        })
    };
    // What can be compared has a time and can be the baseline.
    let dump_at = found.get(at as usize).and_then(|index| match items.get(*index) {
        Some(StripItem::Dump(dump)) if page.state().can_compare() => Some(dump.id),
        _ => None,
    });
    let draw = {
        let page = page.clone();
        let pick = cursor.setter();
        Callback::from(move |(first, count): (u32, u32)| {
            let items = strip(page.state());
            let found = found.iter().filter_map(|index| items.get(*index));
            let rows = (first..).zip(found.skip(first as usize)).take(count as usize);
            rows.map(|(index, item)| row(&page, *item, index, index == at, &pick)).collect::<Html>()
        })
    };
    html! {
        <Modal title={(texts.all_dumps)(&thousands(items.len() as u64))}>
            <div class="dump-menu-field filter">
                <Icon name={IconName::Search}/>
                <input
                    class="filter-input"
                    type="text"
                    role="combobox"
                    spellcheck="false"
                    autocomplete="off"
                    autofocus=true
                    aria-label={texts.find_dump}
                    aria-expanded="true"
                    aria-haspopup="grid"
                    aria-controls={LIST}
                    aria-activedescendant={(total > 0).then(|| row_id(at))}
                    placeholder={texts.find_dump}
                    value={(*text).clone()}
                    {oninput}
                    {onkeydown}
                />
            </div>
            <div class="dump-menu" id={LIST} role="grid" aria-label={texts.loaded_dumps} aria-rowcount={total.to_string()}>
                if total == 0 {
                    <p class="dump-menu-empty muted">{ texts.no_such_dump }</p>
                } else {
                    <VirtualList class="dump-menu-rows" {total} cursor={at} reveal={*reveal} on_seen={Callback::noop()} {draw}/>
                }
            </div>
            if let Some(dump) = dump_at {
                <DumpTimeForm key={dump} {dump}/>
            }
        </Modal>
    }
}

fn row_id(index: u32) -> String {
    format!("dump-menu-row-{index}")
}

fn row(page: &Page, item: StripItem<'_>, index: u32, is_at: bool, pick: &UseStateSetter<u32>) -> Html {
    let texts = page.texts();
    let Face { status, count, why } = face(texts, item);
    let shown = item.shown();
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::Activated(shown));
            page.dispatch(Action::DialogShown(None));
        })
    };
    let remove = {
        let page = page.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            page.remove(shown);
        })
    };
    let remove_name = (texts.remove_dump)(item.name());
    let time = match shown {
        Shown::Dump(dump) if page.state().can_compare() => Some(dump_time(page.state(), dump)),
        _ => None,
    };
    let set_time = {
        let pick = pick.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            pick.set(index);
            focus_after_frame("#dump-time");
        })
    };
    html! {
        <div
            key={index}
            id={row_id(index)}
            class={classes!("dump-menu-row", is_at.then_some("dump-menu-row-at"))}
            role="row"
            aria-rowindex={(u64::from(index) + 1).to_string()}
            aria-selected={is_at.to_string()}
            data-index={index.to_string()}
            data-status={status}
            title={why}
            {onclick}
        >
            <span class="dump-menu-name ellipsis" role="gridcell" translate="no">
                if status == "failed" {
                    <Icon name={IconName::Warning}/>
                }
                { item.name() }
                if is_baseline(page.state(), shown) {
                    <span class="dump-baseline">{ texts.compare.baseline_badge }</span>
                }
            </span>
            <span class="dim" role="gridcell">{ count }</span>
            <span role="gridcell" class="dump-menu-time">
                if let Some(time) = time {
                    <button
                        class="button button-small"
                        aria-label={(texts.compare.set_time_of)(item.name())}
                        title={(texts.compare.set_time_of)(item.name())}
                        onclick={set_time}
                    >{ time.map_or_else(|| texts.compare.time_unknown.to_owned(), |time| time.text) }</button>
                }
            </span>
            <span role="gridcell">
                <button class="button button-icon" aria-label={remove_name.clone()} title={remove_name} onclick={remove}><Icon name={IconName::Cross}/></button>
            </span>
        </div>
    }
}
