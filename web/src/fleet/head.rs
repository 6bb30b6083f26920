//! What stands above the table: the sentence, what colours mean, and what cells tell.

use stackherd_report::ComparisonMode;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{Compared, compare_as, set_mode};
use crate::compare::relation;
use crate::hooks::{Page, use_page};
use crate::model::{Action, CellValue, FleetAction, InstanceOrder};
use crate::shared::{Icon, IconName, Sentence};

#[derive(PartialEq, Properties)]
pub(super) struct HeadProps {
    pub(super) view: Compared,
}

/// The head of the view.
#[component]
pub(super) fn Head(props: &HeadProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let view = &props.view;
    let has_odd = view.dumps.iter().any(|dump| dump.outliers > 0);
    let (icon, class) =
        if has_odd { (IconName::Warning, "verdict-icon-critical") } else { (IconName::Check, "verdict-icon-good") };
    html! {
        <section class="verdict fleet-verdict" aria-label={texts.verdict}>
            <div class={classes!("verdict-icon", class)}><Icon name={icon}/></div>
            <div class="verdict-text">
                <h1><Sentence text={view.title.clone()}/></h1>
                <p class="verdict-line"><Sentence text={view.detail.clone()}/></p>
                <div class="fleet-relation">
                    { relation(&page, view) }
                    <span class="dim ellipsis" id="fleet-relation-why" title={view.relation_why.clone()}>{ &view.relation_why }</span>
                </div>
            </div>
            <div class="fleet-controls">
                { legend(&page) }
                { cells(&page) }
                { orders(&page) }
                <NameSetting/>
                <button
                    class="button"
                    id="as-series"
                    title={texts.fleet.as_series_why}
                    onclick={compare_as(&page, ComparisonMode::Series)}
                >{ texts.fleet.as_series }</button>
            </div>
        </section>
    }
}

fn legend(page: &Page) -> Html {
    let value = page.state().fleet.cells;
    let mark = |(step, (words, _)): (usize, (&'static str, f64))| {
        html! { <span class={format!("fleet-legend-{step}")}>{ words }</span> }
    };
    html! {
        <span class={classes!("fleet-legend", format!("fleet-legend-of-{}", value.as_str()))} aria-hidden="true">
            { for value.legend().into_iter().enumerate().map(mark) }
            <span class="dim">{ (page.texts().fleet.legend)(value) }</span>
        </span>
    }
}

fn cells(page: &Page) -> Html {
    let texts = page.texts().fleet;
    let chosen = page.state().fleet.cells;
    let onchange = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let field: HtmlSelectElement = event.target_unchecked_into();
            let value = CellValue::ALL.into_iter().find(|value| value.as_str() == field.value());
            page.dispatch(Action::Fleet(FleetAction::CellsChosen(value.unwrap_or_default())));
        })
    };
    let option = |value: CellValue| {
        html! { <option value={value.as_str()} selected={value == chosen}>{ (texts.cell_value)(value) }</option> }
    };
    html! {
        <label class="fleet-cell-value">
            { texts.cell }{ " " }
            <select class="button" id="fleet-cells" {onchange}>{ for CellValue::ALL.into_iter().map(option) }</select>
        </label>
    }
}

fn orders(page: &Page) -> Html {
    let texts = page.texts().fleet;
    let chosen = page.state().fleet.order;
    let button = |order: InstanceOrder| {
        let page = page.clone();
        let onclick = Callback::from(move |_: MouseEvent| page.dispatch(Action::Fleet(FleetAction::OrderChosen(order))));
        html! {
            <button
                key={order.as_str()}
                class="fleet-order"
                data-order={order.as_str()}
                aria-pressed={(order == chosen).to_string()}
                {onclick}
            >{ (texts.order_name)(order) }</button>
        }
    };
    html! {
        <div class="fleet-orders" role="group" aria-label={texts.order}>{ for InstanceOrder::ALL.into_iter().map(button) }</div>
    }
}

/// How instances are named, for those whose files are named otherwise than anybody thought of.
#[component]
fn NameSetting() -> Html {
    let page = use_page();
    let texts = page.texts().fleet;
    let field = use_node_ref();
    let fleet = &page.state().fleet;
    let onsubmit = {
        let (page, field) = (page.clone(), field.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let pattern = field.value();
                // Who names instances says that there are several, whatever the names look like.
                if !pattern.trim().is_empty() {
                    set_mode(&page, ComparisonMode::Fleet);
                }
                page.dispatch(Action::Fleet(FleetAction::PatternGiven(pattern.trim().into())));
            }
        })
    };
    let error = fleet.pattern_error.as_ref();
    html! {
        <details class="fleet-naming">
            <summary class="button" id="fleet-naming">{ texts.names }</summary>
            <form class="fleet-naming-form" {onsubmit}>
                <label for="fleet-pattern">{ texts.names_why }</label>
                <div class="fleet-naming-line">
                    <input
                        id="fleet-pattern"
                        class="settings-field mono"
                        type="text"
                        spellcheck="false"
                        autocomplete="off"
                        placeholder="(pod-\\w+)"
                        aria-invalid={error.is_some().to_string()}
                        aria-describedby={error.is_some().then_some("fleet-pattern-error")}
                        value={fleet.pattern.to_string()}
                        ref={field}
                    />
                    <button class="button button-primary">{ texts.names_use }</button>
                </div>
                if let Some(why) = error {
                    <p class="fleet-naming-error" id="fleet-pattern-error" role="alert">{ (texts.names_invalid)(why) }</p>
                }
            </form>
        </details>
    }
}
