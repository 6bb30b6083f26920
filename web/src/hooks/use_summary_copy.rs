//! Copies the summary once the worker has written it.

use yew::prelude::*;

use super::Page;
use crate::model::{Action, Export, Notice};

/// A summary that was asked for goes to the clipboard as soon as it is there.
#[hook]
pub(crate) fn use_summary_copy(page: &Page) {
    let text = match &page.state().judging.export {
        Some(Export { is_for_clipboard: true, text: Some(text), .. }) => Some(text.clone()),
        _ => None,
    };
    let page = page.clone();
    use_effect_with(text, move |text| {
        if let Some(text) = text {
            page.copy(text.as_ref().to_owned(), Notice::CopiedMarkdown);
            page.dispatch(Action::ExportDone);
        }
    });
}
