//! In place of the groups where a dump has none.

use yew::prelude::*;

use crate::hooks::use_page;
use crate::model::{Summary, Verdict, verdict};

#[derive(PartialEq, Properties)]
pub(crate) struct NothingProps {
    pub(crate) summary: Summary,
}

/// What it means that there are no goroutines.
#[component]
pub(crate) fn Nothing(props: &NothingProps) -> Html {
    let texts = use_page().texts();
    let why = match verdict(&props.summary) {
        Verdict::NoLeaks => texts.no_leaks_why,
        Verdict::Races(_) => texts.races_why,
        _ => texts.nothing_why,
    };
    html! { <p class="nothing">{ why }</p> }
}
