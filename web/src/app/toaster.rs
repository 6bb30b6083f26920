//! Short messages, and what screen readers hear.

use yew::prelude::*;

use crate::hooks::{Page, use_page};
use crate::model::{DumpStatus, Notice, thousands};

/// A toast, and a polite live region.
#[component]
pub(crate) fn Toaster() -> Html {
    let page = use_page();
    let texts = page.texts();
    let toast = page.state().toast.as_ref().map(|toast| match &toast.notice {
        Notice::CopiedMarkdown => texts.copied_markdown.to_owned(),
        Notice::Copied(text) => (texts.copied)(text),
        Notice::CopyRefused => texts.copy_refused.to_owned(),
        Notice::NothingToRead => texts.nothing_to_read.to_owned(),
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
    let Some(dump) = page.active() else { return String::new() };
    match &dump.status {
        DumpStatus::Reading { bytes, .. } => {
            let quarters = bytes.saturating_mul(4) / dump.size_bytes.max(1);
            format!("{} {}%", (texts.reading)(&dump.name), quarters.min(4) * 25)
        }
        DumpStatus::Ready(summary) if dump.groups.is_filtered() => match dump.groups.matched_groups {
            Some(0) => texts.no_match.to_owned(),
            Some(groups) => (texts.matched)(&thousands(u64::from(groups)), &thousands(dump.groups.matched_goroutines)),
            None => (texts.ready)(&thousands(summary.groups), &thousands(summary.dump.goroutines)),
        },
        DumpStatus::Ready(summary) => (texts.ready)(&thousands(summary.groups), &thousands(summary.dump.goroutines)),
        DumpStatus::Waiting => texts.waiting.to_owned(),
        DumpStatus::Failed(_) => (texts.failed)(&dump.name),
    }
}
