//! The group on show: how it changed, where it stands, since when.

use std::rc::Rc;

use stackherd_report::protocol::{ChangeDetail, ComparisonView};
use yew::prelude::*;

use super::near::near;
use crate::detail::{StackFacts, creator_line, stack_lines, wait_section};
use crate::hooks::{Page, use_page};
use crate::i18n::Texts;
use crate::model::{
    Action, CompareAction, Shown, forecast, frame_name, names_of, per_minute, percent, shows_stuck, signed, since_dump,
    thousands, trend_tone, wait,
};
use crate::shared::{Chip, Icon, IconName, focus_after_frame};

/// Goroutine ids shown at most.
const MAX_IDS: usize = 20;

#[derive(PartialEq, Properties)]
pub(crate) struct GroupOnShowProps {
    pub(crate) view: Rc<ComparisonView>,
    pub(crate) labels: Vec<String>,
}

/// Growth, stuck goroutines, stack and waits of one group.
#[component]
pub(crate) fn GroupOnShow(props: &GroupOnShowProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let Some(detail) = page.state().compare.detail.clone() else {
        return html! { <p class="section dim">{ texts.compare.choose_row }</p> };
    };
    let row = &detail.row;
    html! {
        <>
            <section class="section">
                <div class="compare-group-title">
                    <h2 translate="no" title={row.top.as_ref().map(|top| top.function.clone())}>
                        { row.top.as_ref().map_or_else(|| texts.no_stack.to_owned(), frame_name) }
                    </h2>
                    { copy(&page, &detail) }
                </div>
                <div class="compare-group-line">
                    <Chip category={row.category} state={row.state.clone()}/>
                    { open_in(&page, &props.view, &detail) }
                </div>
                { facts(texts, props, &detail) }
            </section>
            { stack(&page, &detail) }
            if let Some(other) = &detail.near {
                { near(&page, other) }
            }
            { wait_section(texts, &detail.wait_histogram, row.wait_minutes.as_ref(), row.category, goroutines(&props.view, &detail)) }
            if !detail.stuck_goids.is_empty() {
                <section class="section" id="stuck-ids">
                    <h3>{ texts.compare.stuck_ids }</h3>
                    <p class="mono compare-ids">{ ids(&detail) }</p>
                </section>
            }
        </>
    }
}

/// In the dump whose stack is shown.
fn goroutines(view: &ComparisonView, detail: &ChangeDetail) -> u64 {
    let position = view.dumps.iter().position(|dump| dump.dump == detail.dump);
    position.and_then(|position| detail.row.counts.get(position).copied()).unwrap_or(0)
}

fn ids(detail: &ChangeDetail) -> String {
    let first: Vec<String> = detail.stuck_goids.iter().take(MAX_IDS).map(u64::to_string).collect();
    let more = if detail.row.stuck.unwrap_or(0) > first.len() as u64 { " …" } else { "" };
    first.join(" ") + more
}

fn copy(page: &Page, detail: &ChangeDetail) -> Html {
    let texts = page.texts();
    let onclick = {
        let (page, markdown) = (page.clone(), detail.markdown.clone());
        Callback::from(move |_: MouseEvent| page.copy(markdown.clone(), crate::model::Notice::CopiedMarkdown))
    };
    html! {
        <button class="button button-small" id="copy-change" title={texts.copy_markdown} {onclick}><Icon name={IconName::Copy}/>{ texts.markdown }</button>
    }
}

/// Leads to the group among those of a dump that has it.
fn open_in(page: &Page, view: &ComparisonView, detail: &ChangeDetail) -> Html {
    let names = names_of(page.state(), view);
    let position = view.dumps.iter().position(|dump| dump.dump == detail.dump);
    let name = position.and_then(|position| names.get(position).cloned()).unwrap_or_default();
    let onclick = {
        let (page, dump, key) = (page.clone(), detail.dump, detail.group.clone());
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::Activated(Shown::Dump(dump)));
            page.dispatch(Action::GroupShown { key: key.clone() });
            focus_after_frame("#detail");
        })
    };
    html! { <button class="link" id="open-in-dump" {onclick}>{ (page.texts().compare.open_in)(&name) }</button> }
}

fn facts(texts: &Texts, props: &GroupOnShowProps, detail: &ChangeDetail) -> Html {
    let words = texts.compare;
    let (view, row) = (&props.view, &detail.row);
    let count = |position: u32| thousands(row.counts.get(position as usize).copied().unwrap_or(0));
    let mut pace = Vec::new();
    pace.extend(row.per_minute.filter(|rate| *rate != 0.0).map(|rate| (words.growth_rate)(&per_minute(rate))));
    pace.extend(row.trend.as_ref().map(|trend| (words.course)(trend.course).to_owned()));
    pace.extend(
        row.trend.as_ref().and_then(|trend| trend.doubling_minutes).map(|minutes| (words.doubles_in)(&forecast(minutes))),
    );
    let stuck = row.stuck.filter(|_| shows_stuck(view) && detail.before > 0);
    let turnover = row.born.zip(row.ended);
    html! {
        <dl class="compare-facts">
            { fact(words.growth, html! {
                <>
                    { (words.growth_line)(&count(view.baseline), &count(view.target)) }{ " " }
                    <b class={classes!(trend_tone(row.delta))}>{ signed(row.delta) }</b>
                    { for pace.into_iter().map(|one| html! { <>{ ", " }{ one }</> }) }
                </>
            }) }
            if let Some(stuck) = stuck {
                { fact(words.stuck, html! { (words.stuck_line)(&thousands(stuck), &thousands(detail.before), &percent(stuck, detail.before)) }) }
            }
            if let Some((born, ended)) = turnover {
                { fact(words.born_ended, html! { (words.born_ended_line)(&thousands(born), &thousands(ended)) }) }
            }
            { fact(words.since, html! { since(texts, props, detail) }) }
            if let Some(minutes) = detail.minutes_to_million {
                { fact(words.forecast, html! { (words.forecast_line)(&forecast(minutes)) }) }
            }
        </dl>
    }
}

fn fact(label: &'static str, value: Html) -> Html {
    html! { <><dt>{ label }</dt><dd>{ value }</dd></> }
}

/// When it appeared, as far as the dumps tell.
fn since(texts: &Texts, props: &GroupOnShowProps, detail: &ChangeDetail) -> String {
    let label = |position: usize| props.labels.get(position).cloned().unwrap_or_default();
    let first = match since_dump(&detail.row.counts) {
        None | Some(0) => texts.compare.before_first.to_owned(),
        Some(position) => (texts.compare.between)(&label(position - 1), &label(position)),
    };
    let oldest = detail.row.wait_minutes.as_ref().map(|waits| (texts.compare.oldest)(&wait(waits.max)));
    first + &oldest.unwrap_or_default()
}

fn stack(page: &Page, detail: &ChangeDetail) -> Html {
    let texts = page.texts();
    let facts = StackFacts {
        stack: &detail.stack,
        culprit: detail.culprit,
        elided_before: None,
        unfolded: &page.state().compare.unfolded,
    };
    let on_unfold = {
        let page = page.clone();
        Callback::from(move |first| page.dispatch(Action::Compare(CompareAction::FramesUnfolded(first))))
    };
    html! {
        <section class="section">
            <h3>{ texts.stack }</h3>
            <ol class="stack">
                { stack_lines(page, facts, &on_unfold) }
                if detail.stack.is_empty() {
                    <li class="stack-fold">{ texts.no_stack }</li>
                }
                if let Some(creator) = &detail.created_by {
                    { creator_line(page, creator) }
                }
            </ol>
        </section>
    }
}
