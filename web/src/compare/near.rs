//! Two stacks that are nearly the same, line by line.

use stackherd_report::protocol::{NearGroup, StackDiffLine, StackSide};
use yew::prelude::*;

use crate::hooks::Page;
use crate::model::{Action, CompareAction, frame_name, short_place, thousands};

/// What both have, and what only one of them has.
pub(super) fn near(page: &Page, near: &NearGroup) -> Html {
    let texts = page.texts().compare;
    let onclick = {
        let (page, key) = (page.clone(), near.key.clone());
        Callback::from(move |_: MouseEvent| page.dispatch(Action::Compare(CompareAction::GroupChosen(key.clone()))))
    };
    html! {
        <section class="section" id="near-group" data-key={near.key.clone()}>
            <h3>
                { (texts.near)(near.status, &thousands(near.goroutines)) }<span class="section-space"></span>
                <button class="link" {onclick}>{ texts.open_near }</button>
            </h3>
            <p class="dim">{ texts.near_why }</p>
            <ol class="stack stack-diff">{ for near.lines.iter().map(|one| line(page, one)) }</ol>
        </section>
    }
}

fn line(page: &Page, line: &StackDiffLine) -> Html {
    let texts = page.texts();
    let (sign, class, words) = match line.side {
        StackSide::Both => ("", None, None),
        StackSide::This => ("+", Some("stack-diff-this"), Some(texts.compare.only_this)),
        StackSide::Other => ("−", Some("stack-diff-other"), Some(texts.compare.only_other)),
    };
    html! {
        <li class={classes!("stack-frame", class)}>
            <span class="stack-number" aria-hidden="true">{ sign }</span>
            <span class="stack-function" translate="no">
                if let Some(words) = words {
                    <span class="visually-hidden">{ words }{ ": " }</span>
                }
                if line.is_creator {
                    <span class="dim">{ texts.created_by }{ " " }</span>
                }
                { line.frame.as_ref().map_or_else(|| texts.elided.to_owned(), frame_name) }
            </span>
            <span class="stack-diff-place dim" translate="no">{ line.frame.as_ref().map(short_place) }</span>
        </li>
    }
}
