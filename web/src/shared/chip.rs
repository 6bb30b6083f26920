//! A mark and the word beside it.

use stackherd_report::Category;
use yew::prelude::*;

use crate::model::colour_class;

#[derive(PartialEq, Properties)]
pub(crate) struct ChipProps {
    pub(crate) category: Category,
    /// Go's own word.
    pub(crate) state: AttrValue,
}

/// The state of a group.
#[component]
pub(crate) fn Chip(props: &ChipProps) -> Html {
    html! {
        <span class={classes!("chip", colour_class(props.category))} translate="no"><span class="swatch"></span>{ &props.state }</span>
    }
}
