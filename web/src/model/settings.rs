//! What the reader prefers. The only thing the page stores.

use std::rc::Rc;

/// Narrowest and widest detail pane, in pixels.
pub(crate) const DETAIL_WIDTHS: (u32, u32) = (340, 1400);

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the operating system says.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::System, Self::Light, Self::Dark].into_iter().find(|theme| theme.as_str() == text)
    }

    /// The one the button switches to.
    pub(crate) const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// The language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Chinese,
}

impl Language {
    /// For the `lang` attribute.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// Of the engine's sentences.
    pub(crate) const fn of_sentences(self) -> stackherd_report::Language {
        match self {
            Self::English => stackherd_report::Language::En,
            Self::Chinese => stackherd_report::Language::ZhCn,
        }
    }

    /// The first of the browser's languages that the page speaks.
    pub(crate) fn parse(tags: &str) -> Option<Self> {
        tags.split(',').find_map(|tag| match tag.trim().split('-').next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        })
    }

    /// The one the button switches to.
    pub(crate) const fn next(self) -> Self {
        match self {
            Self::English => Self::Chinese,
            Self::Chinese => Self::English,
        }
    }
}

/// The reader's preferences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) theme: Theme,
    pub(crate) language: Language,
    /// Pixels; `None` for the width the style sheet gives.
    pub(crate) detail_width: Option<u32>,
    /// The reader's own rules, as TOML or JSON.
    pub(crate) rules: Rc<str>,
    /// Which packages are the reader's own, as they wrote it; empty means to infer it.
    pub(crate) app_prefixes: Rc<str>,
    /// Template of links to the reader's source; empty means none.
    pub(crate) source_link: Rc<str>,
}

impl Settings {
    /// Keeps a dragged or stored width within [`DETAIL_WIDTHS`].
    pub(crate) fn clamp_width(width: u32) -> u32 {
        width.clamp(DETAIL_WIDTHS.0, DETAIL_WIDTHS.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_language_by_browser() {
        assert_eq!(Language::parse("zh-CN,zh,en"), Some(Language::Chinese));
        assert_eq!(Language::parse("zh"), Some(Language::Chinese));
        assert_eq!(Language::parse("de-DE,en-US"), Some(Language::English));
        assert_eq!(Language::parse("fr"), None);
        assert_eq!(Language::parse(""), None);
    }

    #[test]
    fn ok_theme_cycle_returns() {
        let start = Theme::System;
        assert_eq!(start.next().next().next(), start);
        assert_eq!(Theme::parse(Theme::Dark.as_str()), Some(Theme::Dark));
        assert_eq!(Theme::parse("purple"), None);
    }
}
