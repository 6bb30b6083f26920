//! One instance against the median one.

use stackherd_report::Severity;
use stackherd_report::protocol::InstanceRow;
use yew::prelude::*;

use super::actions::open_dump;
use super::odd::also_differ;
use super::{Compared, group_label, group_name};
use crate::findings::SeverityTag;
use crate::hooks::{Page, use_page};
use crate::i18n::CellName;
use crate::model::{Action, FleetAction, colour_class, median_text, ratio, ratio_bar, ratio_text, thousands};

#[derive(PartialEq, Properties)]
pub(super) struct InstancePaneProps {
    pub(super) view: Compared,
}

/// The groups in which it differs, the oddest first.
#[component]
pub(super) fn InstancePane(props: &InstancePaneProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let fleet = &page.state().fleet;
    let Some(dump) = fleet.instance_on_show(&props.view) else { return Html::default() };
    let Some(compared) = props.view.of_dump(dump) else { return Html::default() };
    let loaded = fleet.instance_view.as_ref().filter(|view| props.view.at(view.position).is_some_and(|at| at.dump == dump));
    let open = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| open_dump(&page, dump))
    };
    html! {
        <section
            class="fleet-pane"
            id="fleet-pane"
            aria-labelledby="fleet-pane-title"
            aria-busy={(!fleet.is_instance_current(dump)).to_string()}
            data-dump={dump.to_string()}
        >
            <div class="pane-header">
                <h2 id="fleet-pane-title" class="ellipsis">{ (texts.fleet.against_median)(&compared.name) }</h2>
                if let Some(severity) = compared.severity.filter(|severity| *severity != Severity::Info) {
                    <SeverityTag {severity} word={(texts.findings.severity)(severity)}/>
                }
                <span class="section-space"></span>
                { also_differ(&page, &props.view, Some(dump)) }
                <button class="button button-primary button-small" id="open-dump" onclick={open}>{ texts.fleet.open_dump }</button>
            </div>
            if let Some(view) = loaded {
                { rows(&page, &compared.name, dump, &view.rows, view.n_rows) }
            }
        </section>
    }
}

fn rows(page: &Page, name: &str, dump: u32, rows: &[InstanceRow], n_rows: u32) -> Html {
    let texts = page.texts().fleet;
    if rows.is_empty() {
        return html! { <p class="fleet-note dim">{ texts.like_the_median }</p> };
    }
    let most = rows.iter().map(|row| ratio(row.goroutines, Some(row.median))).fold(1.0, f64::max);
    let listed = rows.len() as u64;
    html! {
        <div class="fleet-pane-scroll" role="table" aria-label={(texts.against_median)(name)}>
            <div class="fleet-pane-head" role="row">
                <span role="columnheader">{ texts.column_group }</span>
                <span class="number" role="columnheader">{ texts.column_median }</span>
                <span class="number" role="columnheader">{ texts.column_here }</span>
                <span class="number" role="columnheader" title={texts.ratio_note}>{ texts.column_ratio }</span>
            </div>
            { for rows.iter().map(|each| row(page, name, dump, each, most)) }
            if u64::from(n_rows) > listed {
                <p class="fleet-note dim">{ (texts.first_groups)(&thousands(listed), &thousands(u64::from(n_rows))) }</p>
            }
        </div>
    }
}

fn row(page: &Page, name: &str, dump: u32, row: &InstanceRow, most: f64) -> Html {
    let texts = page.texts();
    let times = ratio_text(row.goroutines, Some(row.median));
    let label = (texts.fleet.cell_name)(&CellName {
        instance: name,
        group: &group_name(texts, row.top.as_ref()),
        goroutines: &thousands(row.goroutines),
        ratio: times.as_deref(),
        median: &median_text(Some(row.median)),
        is_outlier: row.is_outlier,
        is_missing: row.is_missing,
    });
    let onclick = {
        let (page, key) = (page.clone(), row.key.clone());
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::Fleet(FleetAction::GroupChosen { key: key.clone(), dump: Some(dump) }));
        })
    };
    let part = ratio_bar(ratio(row.goroutines, Some(row.median)), most);
    html! {
        <div key={row.key.clone()} class={classes!("fleet-pane-row", colour_class(row.category))} role="row" data-key={row.key.clone()}>
            <span class="fleet-pane-group" role="cell">
                <span class="swatch"></span>
                <button class="fleet-pane-button" aria-label={label} {onclick}>{ group_label(texts, row.top.as_ref()) }</button>
            </span>
            <span class="number dim" role="cell">{ median_text(Some(row.median)) }</span>
            <b class="number" role="cell">{ thousands(row.goroutines) }</b>
            <span class={classes!("number", row.is_outlier.then_some("fleet-sick"))} role="cell">
                if row.is_missing {
                    { texts.fleet.missing }
                } else {
                    { times.unwrap_or_else(|| format!("+{}", thousands(row.goroutines))) }
                }
            </span>
            <svg class="fleet-pane-bar" width="100%" height="6" aria-hidden="true">
                <rect width={format!("{:.1}%", part * 100.0)} height="6" rx="1"/>
            </svg>
        </div>
    }
}
