//! Files and entries of archives that could not be read.

use stackherd_report::IssueKind;
use stackherd_report::report::InputKind;
use yew::prelude::*;

use crate::error::reason;
use crate::hooks::{Page, use_page};
use crate::i18n::Texts;
use crate::model::{Action, Language, Loss, NotRead, Shown, not_read, thousands};

/// Entries drawn at most; an archive may hold thousands of other files.
const MAX_ROWS: usize = 200;

/// One entry: what, and why.
struct Entry<'a> {
    kind: &'a str,
    /// The kind in words.
    tag: &'a str,
    name: String,
    why: String,
    /// The engine's English words beside those of another language, or the browser's.
    message: Option<&'a str>,
    /// The file itself, when it can be looked at.
    file: Option<u32>,
}

/// A block of its own: the numbers of the dump have nothing to do with it.
#[component]
pub(crate) fn NotReadList() -> Html {
    let page = use_page();
    let texts = page.texts();
    let all = not_read(page.state());
    if all.is_empty() {
        return Html::default();
    }
    let is_english = page.state().settings.language == Language::English;
    html! {
        <section class="input-issues" aria-labelledby="not-read-title">
            <h2 id="not-read-title">{ texts.not_read }{ " " }<span class="dim">{ thousands(all.len() as u64) }</span></h2>
            <p class="issue-list-lead muted">{ texts.not_read_lead }</p>
            <ul>{ for all.iter().take(MAX_ROWS).map(|what| row(&page, &entry(texts, *what, is_english))) }</ul>
            if all.len() > MAX_ROWS {
                <p class="dim">{ (texts.n_of)(&thousands(MAX_ROWS as u64), &thousands(all.len() as u64)) }</p>
            }
        </section>
    }
}

fn entry<'a>(texts: &'static Texts, what: NotRead<'a>, is_english: bool) -> Entry<'a> {
    match what {
        NotRead::Entry { input, issue } => {
            let why = own_words(texts, issue.kind, issue.looks_like).filter(|_| !is_english);
            Entry {
                kind: issue.kind.as_str(),
                tag: (texts.issue_kind)(issue.kind),
                name: issue.entry.clone().unwrap_or_else(|| input.name.clone()),
                message: why.map(|_| issue.message.as_str()),
                why: why.map_or_else(|| issue.message.clone(), str::to_owned),
                file: None,
            }
        }
        NotRead::File { input, loss } => {
            let (kind, tag, message) = match &**loss {
                Loss::Input(failure) => {
                    let has_own_words = !is_english && own_words(texts, failure.kind, failure.looks_like).is_some();
                    let message = has_own_words.then_some(failure.message.as_str());
                    (failure.kind.as_str(), (texts.issue_kind)(failure.kind), message)
                }
                Loss::Unreadable(words) => ("unreadable", "", Some(words.as_str())),
                Loss::Crashed => ("crashed", "", None),
            };
            Entry { kind, tag, name: input.name.clone(), why: reason(texts, loss), message, file: Some(input.id) }
        }
    }
}

/// What the page itself says of a kind.
fn own_words(texts: &Texts, kind: IssueKind, looks_like: Option<InputKind>) -> Option<&'static str> {
    looks_like.map(|looks_like| (texts.advice)(looks_like).what).or_else(|| (texts.not_read_why)(kind))
}

fn row(page: &Page, entry: &Entry<'_>) -> Html {
    let texts = page.texts();
    let look = entry.file.map(|file| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::Activated(Shown::Input(file))))
    });
    html! {
        <li class="input-issue" data-kind={entry.kind.to_owned()}>
            if let Some(onclick) = look {
                <button class="link mono input-issue-name" translate="no" title={(texts.look_at)(&entry.name)} {onclick}>{ &entry.name }</button>
            } else {
                <span class="mono input-issue-name" translate="no">{ &entry.name }</span>
            }
            if !entry.tag.is_empty() {
                { " " }<span class="tag tag-warning">{ entry.tag.to_owned() }</span>
            }
            <span class="input-issue-why">{ &entry.why }</span>
            if let Some(message) = entry.message.filter(|message| !message.is_empty()) {
                <span class="input-issue-message dim" lang="en">{ message.to_owned() }</span>
            }
        </li>
    }
}
