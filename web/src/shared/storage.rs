//! Settings in the browser. Nothing of a dump is ever stored.

use web_sys::Storage;

use super::window;
use crate::model::{Language, Settings, Theme};

const THEME: &str = "stackherd.theme";
const LANGUAGE: &str = "stackherd.language";
const DETAIL_WIDTH: &str = "stackherd.detail-width";
const RULES: &str = "stackherd.rules";
const APP_PREFIXES: &str = "stackherd.app-prefixes";
const SOURCE_LINK: &str = "stackherd.source-link";

/// What the reader chose before; the browser's language where nothing was chosen.
pub(crate) fn load_settings() -> Settings {
    let get = |key| storage()?.get_item(key).ok()?;
    let browser = || {
        let languages: Vec<String> = window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect();
        Language::parse(&languages.join(","))
    };
    Settings {
        theme: get(THEME).and_then(|text| Theme::parse(&text)).unwrap_or_default(),
        language: get(LANGUAGE).and_then(|text| Language::parse(&text)).or_else(browser).unwrap_or_default(),
        detail_width: get(DETAIL_WIDTH).and_then(|text| text.parse().ok()).map(Settings::clamp_width),
        rules: get(RULES).unwrap_or_default().into(),
        app_prefixes: get(APP_PREFIXES).unwrap_or_default().into(),
        source_link: get(SOURCE_LINK).unwrap_or_default().into(),
    }
}

/// Keeps what differs. A browser that stores nothing for this page is fine.
pub(crate) fn store_settings(old: &Settings, new: &Settings) {
    let Some(storage) = storage() else { return };
    let set = |key, value: &str| _ = storage.set_item(key, value);
    if old.theme != new.theme {
        set(THEME, new.theme.as_str());
    }
    if old.language != new.language {
        set(LANGUAGE, new.language.as_str());
    }
    if let Some(width) = new.detail_width.filter(|_| old.detail_width != new.detail_width) {
        set(DETAIL_WIDTH, &width.to_string());
    }
    for (key, old, new) in [
        (RULES, &old.rules, &new.rules),
        (APP_PREFIXES, &old.app_prefixes, &new.app_prefixes),
        (SOURCE_LINK, &old.source_link, &new.source_link),
    ] {
        if old != new {
            set(key, new);
        }
    }
}

/// Throws in sandboxed frames and on some file: pages.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
