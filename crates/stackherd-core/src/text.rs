//! Sentences for readers, in every language that Stackherd speaks.

use alloc::string::String;
use core::fmt;

/// A language that sentences are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// 简体中文.
    ZhCn,
}

/// A sentence in every language. Names, places and Go's own words stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: String,
    /// 简体中文.
    pub zh_cn: String,
}

impl Text {
    /// The sentence in `language`.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::ZhCn => &self.zh_cn,
        }
    }
}

/// `text!("{n} wait", "{n} 个在等待")`: formats one sentence in every language, with arguments in scope.
macro_rules! text {
    ($en:literal, $zh_cn:literal $(,)?) => {
        $crate::text::Text { en: ::alloc::format!($en), zh_cn: ::alloc::format!($zh_cn) }
    };
}
pub(crate) use text;

/// A number with its digits in groups: `104,856`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(pub u64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1000 {
            return write!(f, "{}", self.0);
        }
        write!(f, "{},{:03}", Self(self.0 / 1000), self.0 % 1000)
    }
}

/// Goroutines, counted: `1 goroutine`, `104,856 goroutines`. For English sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goroutines(pub u64);

impl fmt::Display for Goroutines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} goroutine{}", Count(self.0), if self.0 == 1 { "" } else { "s" })
    }
}

/// Whole minutes in words: `1 minute`, `2 h 5 min`, `3 d 4 h`.
#[must_use]
pub fn minutes(minutes: u32) -> Text {
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) if minutes == 1 => text!("1 minute", "1 分钟"),
        (0, 0) => text!("{minutes} minutes", "{minutes} 分钟"),
        (0, _) => text!("{hours} h {rest} min", "{hours} 小时 {rest} 分钟"),
        _ => text!("{days} d {hours} h", "{days} 天 {hours} 小时"),
    }
}

/// A part of a whole in percent: `94.8%`, `<0.1%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(pub u64, pub u64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(part, whole) = *self;
        let thousandths = part.saturating_mul(1000).checked_div(whole).unwrap_or(0);
        match (part, thousandths) {
            (1.., 0) => f.write_str("<0.1%"),
            (_, 0 | 1000) => write!(f, "{}%", thousandths / 10),
            _ => write!(f, "{}.{}%", thousandths / 10, thousandths % 10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn ok_numbers_read_well() {
        assert_eq!([0, 999, 1000, 1_234_567].map(|n| Count(n).to_string()), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([1, 2000].map(|n| Goroutines(n).to_string()), ["1 goroutine", "2,000 goroutines"]);
        assert_eq!(
            [0, 1, 59, 125, 4600].map(|n| minutes(n).en),
            ["0 minutes", "1 minute", "59 minutes", "2 h 5 min", "3 d 4 h"]
        );
        assert_eq!(
            [(0, 9), (1, 9), (9, 9), (1, 5000)].map(|(a, b)| Percent(a, b).to_string()),
            ["0%", "11.1%", "100%", "<0.1%"]
        );
    }

    #[test]
    fn ok_sentences_have_every_language() {
        let n = Count(12_000);
        let text = text!("{n} wait", "{n} 个在等待");
        assert_eq!((text.get(Language::En), text.get(Language::ZhCn)), ("12,000 wait", "12,000 个在等待"));
    }
}
