//! Groups by instances: which instance of a service is the odd one, and in what.

mod actions;
mod group_pane;
mod head;
mod heat;
mod hover;
mod instance_pane;
mod matrix;
mod names;
mod odd;
mod row;

use std::ops::Deref;
use std::rc::Rc;

use stackherd_report::ComparisonMode;
use stackherd_report::protocol::{ComparedDump, ComparisonView, FrameView};
use yew::prelude::*;

pub(crate) use self::actions::{choose_at_cursor, copy_detail};
use self::group_pane::GroupPane;
use self::head::Head;
use self::instance_pane::InstancePane;
use self::matrix::Matrix;
use self::odd::OddList;
use crate::hooks::{Page, use_page};
use crate::i18n::Texts;
use crate::model::{Action, CompareAction, MIN_INSTANCES, differing_parts, function_name, place};

/// The comparison on show. Only the very same one is equal: comparing its numbers would take longer than drawing them.
#[derive(Clone, Debug)]
struct Compared {
    view: Rc<ComparisonView>,
    /// The part of each instance's name that tells it from the others.
    short: Rc<[String]>,
}

impl Deref for Compared {
    type Target = ComparisonView;

    fn deref(&self) -> &ComparisonView {
        &self.view
    }
}

impl PartialEq for Compared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.view, &other.view)
    }
}

impl Compared {
    fn new(view: Rc<ComparisonView>) -> Self {
        let names: Vec<&str> = view.dumps.iter().map(|dump| dump.name.as_str()).collect();
        let short = differing_parts(&names).into_iter().map(str::to_owned).collect();
        Self { view, short }
    }

    /// What an instance is called where there is little room.
    fn short(&self, position: u32) -> &str {
        self.short.get(position as usize).map_or("", String::as_str)
    }

    fn at(&self, position: u32) -> Option<&ComparedDump> {
        self.dumps.get(position as usize)
    }

    /// The instance that a dump is of.
    fn of_dump(&self, dump: u32) -> Option<&ComparedDump> {
        self.dumps.iter().find(|compared| compared.dump == dump)
    }
}

/// The view: a sentence, the table, and below it one instance or one group.
#[component]
pub(crate) fn FleetView() -> Html {
    let page = use_page();
    let texts = page.texts().fleet;
    let state = page.state();
    let Some(view) = state.compare.view.clone().map(Compared::new) else {
        return html! { <p class="nothing" role="status" data-view="loading">{ texts.loading }{ "…" }</p> };
    };
    if view.mode != ComparisonMode::Fleet {
        return series(&page);
    }
    let too_few = view.dumps.len() < MIN_INSTANCES;
    html! {
        <div class="fleet" data-view="fleet" data-instances={view.dumps.len().to_string()}>
            <Head view={view.clone()}/>
            if too_few {
                <p class="fleet-note" role="note"><b>{ texts.too_few_title }</b>{ " " }{ texts.too_few_why }</p>
            }
            <OddList view={view.clone()}/>
            <Matrix view={view.clone()}/>
            if state.fleet.group.is_some() {
                <GroupPane {view}/>
            } else {
                <InstancePane {view}/>
            }
        </div>
    }
}

/// The dumps are told to be of one instance, one after the other.
fn series(page: &Page) -> Html {
    let texts = page.texts().fleet;
    html! {
        <div class="nothing fleet-series" data-view="series">
            <h1>{ texts.series_title }</h1>
            <p>{ texts.series_why }</p>
            <p><button class="button button-primary" id="as-fleet" onclick={compare_as(page, ComparisonMode::Fleet)}>{ texts.as_fleet }</button></p>
        </div>
    }
}

/// In time or in space, as the reader says.
fn compare_as(page: &Page, mode: ComparisonMode) -> Callback<MouseEvent> {
    let page = page.clone();
    Callback::from(move |_| set_mode(&page, mode))
}

fn set_mode(page: &Page, mode: ComparisonMode) {
    let mut options = page.state().compare.options.clone();
    options.mode = Some(mode);
    page.dispatch(Action::Compare(CompareAction::OptionsChanged(options)));
}

/// `worker.(*Pool).run worker.go:89`, for those who hear it.
fn group_name(texts: &Texts, top: Option<&FrameView>) -> String {
    let Some(frame) = top else { return texts.no_stack.to_owned() };
    format!("{} {}", function_name(frame), place(frame)).trim_end().to_owned()
}

/// The same, for those who see it.
fn group_label(texts: &Texts, top: Option<&FrameView>) -> Html {
    match top {
        Some(frame) => html! {
            <span class="fleet-group mono ellipsis" translate="no" title={frame.function.clone()}>
                <b>{ function_name(frame) }</b>{ " " }<span class="dim">{ place(frame) }</span>
            </span>
        },
        None => html! { <span class="fleet-group ellipsis dim">{ texts.no_stack }</span> },
    }
}
