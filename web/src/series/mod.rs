//! Numbers over time: a chart, and a table that has every one of them.

mod chart;
mod legend;
mod table;

use yew::prelude::*;

use self::chart::Chart;
use self::table::Table;
use crate::hooks::use_page;
use crate::model::Summary;

#[derive(PartialEq, Properties)]
pub(crate) struct SeriesViewProps {
    pub(crate) summary: Summary,
}

/// The numbers of a log that counts goroutines.
#[component]
pub(crate) fn SeriesView(props: &SeriesViewProps) -> Html {
    let texts = use_page().texts();
    html! {
        <section class="series" aria-label={texts.series}>
            <Chart summary={props.summary.clone()}/>
            <Table summary={props.summary.clone()}/>
        </section>
    }
}
