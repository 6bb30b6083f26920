//! What goroutines wait for: objects by waiters, who may hold them, and cycles.

mod cycle;
mod detail;
mod list;
mod markdown;
mod row;
mod sides;

use std::rc::Rc;

use stackherd_report::BlockingKind;
use stackherd_report::protocol::BlockingView;
use yew::prelude::*;

use self::detail::ObjectDetail;
use self::list::ObjectList;
pub(crate) use self::markdown::object_markdown;
use self::sides::Sides;
use crate::hooks::{Page, use_page};
use crate::i18n::{CycleFact, MostFact, Texts};
use crate::model::{
    Action, BlockedOn, BlockingAction, BlockingState, blocked_on, blocking_kinds, cycle_goids, n_listed, place, thousands,
    type_name,
};
use crate::shared::{Icon, IconName, Sentence};

/// The view of objects: a sentence, the table, and the object on show.
#[component]
pub(crate) fn Blocking() -> Html {
    let page = use_page();
    let texts = page.texts().blocking;
    let Some(dump) = page.active() else { return Html::default() };
    let state = &dump.blocking;
    let Some(view) = &state.view else {
        return html! { <p class="nothing" role="status" data-view="loading">{ texts.loading }{ "…" }</p> };
    };
    if view.objects.is_empty() {
        return empty(&page);
    }
    html! {
        <>
            { strip(&page, state, view) }
            <div class={classes!("blocking-panes", state.is_open.then_some("blocking-panes-open"))} data-view="blocking">
                <ObjectList view={view.clone()} kind={state.kind} cursor={state.cursor} reveal={state.reveal}/>
                <Sides view={view.clone()} cursor={state.cursor}/>
                <ObjectDetail view={view.clone()} cursor={state.cursor}/>
            </div>
        </>
    }
}

fn empty(page: &Page) -> Html {
    let texts = page.texts().blocking;
    html! {
        <div class="nothing blocking-empty" data-view="empty">
            <h1>{ texts.empty_title }</h1>
            <p>{ texts.empty_why }</p>
            <p>{ texts.empty_channels }</p>
        </div>
    }
}

/// The sentence on top, and the kinds to choose from.
fn strip(page: &Page, state: &BlockingState, view: &Rc<BlockingView>) -> Html {
    let texts = page.texts();
    let is_cycle = !view.cycles.is_empty();
    let (listed, all) = n_listed(view);
    let cut = all.as_ref().map(|all| (texts.blocking.cut)(&listed, all)).unwrap_or_default();
    let lead = (texts.blocking.lead)(&all.unwrap_or(listed), &thousands(view.waiters));
    html! {
        <section class="verdict" aria-label={texts.verdict}>
            <div class={classes!("verdict-icon", is_cycle.then_some("verdict-icon-critical"))}>
                <Icon name={if is_cycle { IconName::Warning } else { IconName::Info }}/>
            </div>
            <div class="verdict-text">
                <h1><Sentence text={headline(texts, view)}/></h1>
                <p class="verdict-line">{ lead }{ cut }</p>
            </div>
            { kinds(page, state, view) }
        </section>
    }
}

fn headline(texts: &Texts, view: &BlockingView) -> String {
    match blocked_on(view) {
        BlockedOn::Cycle { cycle, places } => {
            let goids = cycle_goids(cycle);
            (texts.blocking.cycle_headline)(&CycleFact {
                goids: goids.as_deref(),
                goroutines: cycle.steps.len(),
                places: &places,
            })
        }
        BlockedOn::Most(object) => (texts.blocking.most_headline)(&MostFact {
            waiters: &thousands(object.waiters),
            kind: (texts.blocking.kind)(object.kind),
            place: &object.waiting_at.as_ref().map(place).unwrap_or_default(),
            is_one: object.exact && !object.address.is_empty(),
        }),
        BlockedOn::Nothing => texts.blocking.empty_title.to_owned(),
    }
}

fn kinds(page: &Page, state: &BlockingState, view: &BlockingView) -> Html {
    let texts = page.texts().blocking;
    let present = blocking_kinds(view);
    if present.len() < 2 {
        return Html::default();
    }
    let button = |kind: Option<BlockingKind>| {
        let page = page.clone();
        let onclick = Callback::from(move |_: MouseEvent| page.dispatch(Action::Blocking(BlockingAction::KindChosen(kind))));
        html! {
            <button
                key={kind.map_or("all", BlockingKind::as_str)}
                class="blocking-kind"
                aria-pressed={(state.kind == kind).to_string()}
                data-kind={kind.map_or("all", BlockingKind::as_str)}
                {onclick}
            >{ kind.map_or_else(|| texts.all_kinds.to_owned(), |kind| short_name((texts.kind)(kind))) }</button>
        }
    };
    html! {
        <div class="blocking-kinds" role="group" aria-label={texts.kinds}>
            { button(None) }
            { for present.into_iter().map(|kind| button(Some(kind))) }
        </div>
    }
}

/// Without the package, and with a capital as every button has one.
fn short_name(name: &str) -> String {
    let name = name.trim_start_matches("sync.");
    let mut chars = name.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `sync.Mutex 0xc000010000`, or only the kind where the dump has no address.
fn object_name(texts: &Texts, kind: BlockingKind, address: &str, is_exact: bool) -> String {
    let name = (texts.blocking.kind)(kind);
    match (address.is_empty(), is_exact) {
        (true, _) => name.to_owned(),
        (false, true) => format!("{name} {address}"),
        (false, false) => format!("{name} {}", (texts.blocking.inside)(address)),
    }
}

/// `goroutine 208`, or some goroutine where the format has no ids.
fn goroutine_name(texts: &Texts, goid: Option<u64>) -> String {
    goid.map_or_else(|| texts.blocking.some_goroutine.to_owned(), |goid| (texts.goroutine)(&goid.to_string()))
}

/// Go's own names are not to be translated.
const fn is_go_name(kind: BlockingKind) -> bool {
    type_name(kind).is_some()
}
