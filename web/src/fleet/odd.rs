//! The instances that differ, by name and with what is odd about them.

use yew::prelude::*;

use super::{Compared, group_name};
use crate::hooks::{Page, use_page};
use crate::model::{Action, FleetAction, Odd, odd_instances, thousands};

/// Of the list and of the chips.
const MAX_LISTED: usize = 8;
const MAX_CHIPS: usize = 3;

#[derive(PartialEq, Properties)]
pub(super) struct OddListProps {
    pub(super) view: Compared,
}

/// A list of them, where the table is too wide to be taken in at a glance.
#[component]
pub(super) fn OddList(props: &OddListProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let fleet = &page.state().fleet;
    let odd = odd_instances(&fleet.rows, fleet.total(), MAX_LISTED);
    if odd.is_empty() {
        return Html::default();
    }
    let on_show = fleet.instance_on_show(&props.view);
    let item = |odd: &Odd| {
        let Some(dump) = props.view.at(odd.position) else { return Html::default() };
        html! {
            <li key={dump.dump}>
                <button
                    class="fleet-odd"
                    aria-pressed={(fleet.group.is_none() && on_show == Some(dump.dump)).to_string()}
                    onclick={choose(&page, dump.dump)}
                >
                    <b class={classes!("mono", (dump.outliers > 0).then_some("fleet-sick"))} translate="no">{ props.view.short(odd.position) }</b>
                    <span class="number">{ thousands(dump.goroutines) }</span>
                    <span class="fleet-odd-group mono ellipsis dim" translate="no">{ group_name(texts, odd.row.top.as_ref()) }</span>
                    <span class="number">{ count(odd) }</span>
                </button>
            </li>
        }
    };
    html! {
        <section class="fleet-odd-list" aria-label={texts.fleet.odd_list}><ul>{ for odd.iter().map(item) }</ul></section>
    }
}

/// The others that differ, beside the one on show.
pub(super) fn also_differ(page: &Page, view: &Compared, on_show: Option<u32>) -> Html {
    let texts = page.texts();
    let fleet = &page.state().fleet;
    let odd = odd_instances(&fleet.rows, fleet.total(), usize::MAX);
    let others = || odd.iter().filter_map(|odd| Some((odd, view.at(odd.position).filter(|dump| Some(dump.dump) != on_show)?)));
    if others().next().is_none() {
        return Html::default();
    }
    let more = others().count().saturating_sub(MAX_CHIPS);
    html! {
        <span class="fleet-also">
            <span class="dim">{ texts.fleet.also_differ }</span>
            for (odd, dump) in others().take(MAX_CHIPS) {
                <button class="button button-small" translate="no" key={dump.dump} onclick={choose(page, dump.dump)}>
                    { view.short(odd.position) }
                    <span class="dim">
                        { odd.row.top.as_ref().map_or("", |frame| last_part(&frame.name)) }{ " " }{ count(odd) }
                    </span>
                </button>
            }
            if more > 0 {
                <span class="dim">{ "+" }{ more }</span>
            }
        </span>
    }
}

fn count(odd: &Odd) -> String {
    thousands(odd.count)
}

fn choose(page: &Page, dump: u32) -> Callback<MouseEvent> {
    let page = page.clone();
    Callback::from(move |_| page.dispatch(Action::Fleet(FleetAction::InstanceChosen(dump))))
}

/// `Quote` of `(*Client).Quote`.
fn last_part(name: &str) -> &str {
    name.rsplit_once(").").map_or(name, |(_, last)| last)
}
