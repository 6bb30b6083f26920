//! What changed between dumps.

mod chart;
mod findings;
mod group;
mod head;
mod legend;
mod list;
mod near;
mod options;
mod outcome;
mod row;
mod side;
mod sparkline;

use yew::prelude::*;

use self::head::Head;
use self::list::ChangeList;
use self::options::Options;
pub(crate) use self::options::relation;
use self::outcome::OutcomeCard;
use self::side::Side;
pub(crate) use self::sparkline::Sparkline;
use crate::app::choose_files;
use crate::hooks::{Page, use_page};
use crate::model::dump_labels;

/// The view of changes: a sentence, the table, the chart and the group on show.
#[component]
pub(crate) fn CompareView() -> Html {
    let page = use_page();
    let state = page.state();
    let compare = &state.compare;
    let Some(view) = compare.view.clone() else { return without(&page) };
    let labels = dump_labels(state, &view);
    html! {
        <>
            <Head view={view.clone()}/>
            <Options view={view.clone()}/>
            if let Some(outcome) = view.outcome.clone() {
                <OutcomeCard view={view.clone()} {outcome}/>
            }
            <div class={classes!("compare-panes", compare.is_open.then_some("compare-panes-open"))} data-view="compare">
                <ChangeList view={view.clone()} labels={labels.clone()}/>
                <Side {view} {labels}/>
            </div>
        </>
    }
}

/// Nothing to compare, or nothing known yet.
fn without(page: &Page) -> Html {
    let texts = page.texts().compare;
    if page.state().can_compare() && !page.state().compare.is_answered() {
        return html! { <p class="nothing" role="status" data-view="loading">{ texts.loading }{ "…" }</p> };
    }
    let add = Callback::from(|_: MouseEvent| choose_files());
    let why = if page.state().can_compare() { texts.none_why } else { texts.empty_why };
    html! {
        <div class="nothing compare-empty" data-view="empty">
            <h1>{ texts.empty_title }</h1>
            <p>{ why }</p>
            <p><button class="button button-primary" id="add-second" onclick={add}>{ texts.add_second }</button></p>
        </div>
    }
}
