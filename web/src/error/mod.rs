//! When there is nothing to show: what the input was, and what to do.

use std::rc::Rc;

use yew::prelude::*;

use crate::empty::{OpenButtons, TakeDump};
use crate::hooks::use_page;
use crate::i18n::Texts;
use crate::model::{Loss, Shown};
use crate::shared::{CommandLine, Icon, IconName, window};

#[derive(PartialEq, Properties)]
pub(crate) struct FailedProps {
    pub(crate) id: u32,
    pub(crate) name: AttrValue,
    pub(crate) loss: Rc<Loss>,
}

/// An input that could not be read.
#[component]
pub(crate) fn Failed(props: &FailedProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let advice = match &*props.loss {
        Loss::Input(failure) => failure.looks_like.map(texts.advice),
        _ => None,
    };
    let title = match &*props.loss {
        Loss::Input(_) => (texts.failed)(&props.name),
        _ => props.name.to_string(),
    };
    let again = |inputs: Vec<u32>| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.session().read_again(&inputs))
    };
    let remove = {
        let (page, id) = (page.clone(), props.id);
        Callback::from(move |_: MouseEvent| page.remove(Shown::Input(id)))
    };
    let lost = page.state().lost_inputs();
    html! {
        <div class="empty-scroll">
            <section class="failure" role="alert">
                <div class="failure-icon"><Icon name={IconName::Warning}/></div>
                <div class="failure-text">
                    <h1>{ title }</h1>
                    <p>{ reason(texts, &props.loss) }</p>
                    <p class="muted">{ todo(texts, &props.loss) }</p>
                    if let Some(command) = advice.as_ref().and_then(|advice| advice.command) {
                        <div class="card failure-command"><CommandLine {command}/></div>
                    }
                    { details(texts, &props.loss) }
                    <div class="failure-actions">
                        if !matches!(&*props.loss, Loss::Input(_)) {
                            <button class="button button-primary" onclick={again(vec![props.id])}>{ texts.read_again }</button>
                        }
                        if lost.len() > 1 {
                            <button class="button" onclick={again(lost.clone())}>{ (texts.read_all_again)(&lost.len().to_string()) }</button>
                        }
                        <button class="button" onclick={remove}>{ texts.remove }</button>
                    </div>
                </div>
            </section>
            <div class="failure-next">
                <OpenButtons/>
                if advice.is_none() && matches!(&*props.loss, Loss::Input(_)) {
                    <TakeDump/>
                }
            </div>
        </div>
    }
}

/// What is wrong, in one sentence.
pub(crate) fn reason(texts: &Texts, loss: &Loss) -> String {
    match loss {
        Loss::Input(failure) => match failure.looks_like {
            Some(kind) => (texts.advice)(kind).what.to_owned(),
            None => (texts.not_read_why)(failure.kind).map_or_else(|| failure.message.clone(), str::to_owned),
        },
        Loss::Unreadable(_) => texts.unreadable.to_owned(),
        Loss::Crashed => texts.crashed.to_owned(),
    }
}

fn todo(texts: &Texts, loss: &Loss) -> &'static str {
    match loss {
        Loss::Input(failure) => failure.looks_like.map(|kind| (texts.advice)(kind).todo).unwrap_or_default(),
        Loss::Unreadable(_) => texts.unreadable_todo,
        Loss::Crashed => texts.crashed_todo,
    }
}

/// The words of the engine or the browser, where the page has its own.
fn details(texts: &Texts, loss: &Loss) -> Html {
    let words = match loss {
        Loss::Input(failure) if failure.looks_like.is_some() || (texts.not_read_why)(failure.kind).is_some() => {
            &failure.message
        }
        Loss::Unreadable(reason) => reason,
        _ => return Html::default(),
    };
    html! { <details class="failure-details"><summary>{ texts.details }</summary><p class="mono" translate="no">{ words }</p></details> }
}

#[derive(PartialEq, Properties)]
pub(crate) struct BrokenProps {
    /// The browser's words.
    pub(crate) reason: AttrValue,
}

/// Nothing can be read in this browser.
#[component]
pub(crate) fn Broken(props: &BrokenProps) -> Html {
    let texts = use_page().texts();
    let reload = Callback::from(|_: MouseEvent| {
        // A page that may not reload itself can still be reloaded by hand.
        _ = window().location().reload();
    });
    html! {
        <div class="empty-scroll">
            <section class="failure" role="alert">
                <div class="failure-icon"><Icon name={IconName::Warning}/></div>
                <div class="failure-text">
                    <h1>{ texts.broken }</h1>
                    <p class="muted">{ texts.broken_todo }</p>
                    <details class="failure-details" open=true>
                        <summary>{ texts.details }</summary><p class="mono" translate="no">{ &props.reason }</p>
                    </details>
                    <div class="failure-actions"><button class="button" onclick={reload}>{ texts.reload_page }</button></div>
                </div>
            </section>
        </div>
    }
}
