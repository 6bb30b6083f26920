//! A small picture of how a count went.

use stackherd_report::Category;
use yew::prelude::*;

use crate::model::{colour_class, spark_path};

/// Pixels.
const WIDTH: f64 = 52.0;
const HEIGHT: f64 = 16.0;

#[derive(PartialEq, Properties)]
pub(crate) struct SparklineProps {
    pub(crate) counts: Vec<u64>,
    pub(crate) category: Category,
}

/// A line; the numbers stand beside it or in the name of the row.
#[component]
pub(crate) fn Sparkline(props: &SparklineProps) -> Html {
    html! {
        <svg class={classes!("sparkline", colour_class(props.category))} width="56" height="20" viewBox="-2 -2 56 20" aria-hidden="true">
            <path d={spark_path(&props.counts, WIDTH, HEIGHT)}/>
        </svg>
    }
}
