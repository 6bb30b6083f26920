//! The goroutines by state.

use yew::prelude::*;

use crate::hooks::{Page, use_page};
use crate::i18n::Texts;
use crate::model::{Action, Segment, Summary, colour_class, percent, state_bars, thousands};
use crate::shared::Segments;

#[derive(PartialEq, Properties)]
pub(crate) struct StatesProps {
    pub(crate) summary: Summary,
}

/// Bars in proportion, and a legend whose entries filter.
#[component]
pub(crate) fn States(props: &StatesProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let bars = state_bars(&props.summary.by_category);
    html! {
        <section class="states" aria-label={texts.states}>
            <span class="muted">{ (texts.all_states)(&thousands(bars.total)) }</span>
            <Segments label={words(texts, &bars.all)} segments={bars.all.clone()}/>
            if !bars.rest.is_empty() {
                <span class="muted states-rest">{ (texts.other_states)(&thousands(bars.rest_total)) }</span>
                <div class="states-rest"><Segments label={words(texts, &bars.rest)} segments={bars.rest.clone()}/></div>
            }
            <div class="state-legend">{ for bars.all.iter().map(|segment| legend(&page, *segment, bars.total)) }</div>
        </section>
    }
}

fn words(texts: &Texts, segments: &[Segment]) -> String {
    let words: Vec<String> = segments
        .iter()
        .map(|segment| format!("{} {}", (texts.category)(segment.category), thousands(segment.goroutines)))
        .collect();
    words.join(", ")
}

fn legend(page: &Page, segment: Segment, total: u64) -> Html {
    let texts = page.texts();
    let category = segment.category;
    let is_on = page.active().is_some_and(|dump| dump.groups.query.categories.contains(&category));
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::CategoryToggled(category)))
    };
    let name = (texts.category)(category);
    html! {
        <button
            key={category.as_str()}
            class={classes!("state-legend-item", colour_class(category))}
            aria-pressed={is_on.to_string()}
            title={(texts.filter_state)(name)}
            data-category={category.as_str()}
            {onclick}
        >
            <span class="swatch"></span>{ name }{ " " }<b>{ thousands(segment.goroutines) }</b>
            <span class="dim">{ percent(segment.goroutines, total) }</span>
        </button>
    }
}
