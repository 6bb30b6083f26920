//! Short messages, and what screen readers hear.

use yew::prelude::*;

use crate::hooks::{Page, use_page};
use crate::i18n::Texts;
use crate::model::{DumpEntry, InputStatus, Language, Notice, judged_verdict, n_values, thousands};

/// A toast, and a polite live region.
#[component]
pub(crate) fn Toaster() -> Html {
    let page = use_page();
    let texts = page.texts();
    let toast = page.state().toast.as_ref().map(|toast| match &toast.notice {
        Notice::CopiedMarkdown => texts.copied_markdown.to_owned(),
        Notice::Copied(text) => (texts.copied)(text),
        Notice::CopyRefused => texts.copy_refused.to_owned(),
        Notice::SaveRefused => texts.findings.download_refused.to_owned(),
        Notice::NothingToRead => texts.nothing_to_read.to_owned(),
        Notice::NotRead { name, more } => (texts.could_not_read)(name, *more),
    });
    html! {
        <>
            <div class="toast-place" role="status">
                if let Some(toast) = toast {
                    <div class="toast" tabindex="-1">{ toast }</div>
                }
            </div>
            <div class="visually-hidden" role="status" id="announcement">{ announcement(&page) }</div>
        </>
    }
}

/// What has changed without the reader's doing. Progress is told by quarters, so that it does not drown the rest.
fn announcement(page: &Page) -> String {
    let texts = page.texts();
    if let Some(dump) = page.active() {
        return of_dump(texts, &dump, page.state().settings.language);
    }
    let Some(input) = page.state().active_input() else { return String::new() };
    match &input.status {
        InputStatus::Reading { bytes, .. } => {
            let quarters = bytes.saturating_mul(4) / input.size_bytes.max(1);
            format!("{} {}%", (texts.reading)(&input.name), quarters.min(4) * 25)
        }
        InputStatus::Waiting => texts.waiting.to_owned(),
        InputStatus::Failed(_) => (texts.failed)(&input.name),
        InputStatus::Opened { .. } => String::new(),
    }
}

fn of_dump(texts: &Texts, dump: &DumpEntry, language: Language) -> String {
    let (summary, groups) = (&dump.summary, &dump.groups);
    if summary.groups == 0 && !summary.dump.series.is_empty() {
        return (texts.n_values)(&thousands(n_values(&summary.dump.series)));
    }
    match groups.matched_groups.filter(|_| groups.is_filtered()) {
        Some(0) => texts.no_match.to_owned(),
        Some(matched) => (texts.matched)(&thousands(u64::from(matched)), &thousands(groups.matched_goroutines)),
        None => {
            let ready = (texts.ready)(&thousands(summary.groups), &thousands(summary.dump.goroutines));
            let verdict = judged_verdict(dump, language).map(|verdict| format!(". {}", verdict.title.replace('`', "")));
            ready + &verdict.unwrap_or_default()
        }
    }
}
