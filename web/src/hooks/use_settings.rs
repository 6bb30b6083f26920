//! Settings on the document and in the browser's storage.

use yew::prelude::*;

use super::Page;
use crate::model::{Settings, Theme};
use crate::shared::{document, store_settings};

/// Keeps `lang`, `data-theme` and the storage in step with the settings.
#[hook]
pub(crate) fn use_settings(page: &Page) {
    let settings = page.state().settings.clone();
    let stored = use_mut_ref(|| settings.clone());
    use_effect_with(settings, move |settings: &Settings| {
        if let Some(root) = document().document_element() {
            // Attributes of fixed names are never refused.
            _ = root.set_attribute("lang", settings.language.as_str());
            _ = match settings.theme {
                Theme::System => root.remove_attribute("data-theme"),
                Theme::Light | Theme::Dark => root.set_attribute("data-theme", settings.theme.as_str()),
            };
        }
        let before = stored.replace(settings.clone());
        store_settings(&before, settings);
    });
}
