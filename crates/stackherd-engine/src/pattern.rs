//! The filter's text: what it means, and where it occurs.

use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};
use stackherd_core as model;
use stackherd_core::{Edge, Goroutine, StringId, Tables};

use crate::rows::Grouped;

/// What to look for.
pub(crate) enum Pattern {
    /// A run of bytes; in lower case when case does not matter.
    Substring {
        finder: Box<Finder<'static>>,
        any_case: bool,
    },
    Regex(Regex),
}

/// Why an expression can't be used, in a few words.
#[allow(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
pub(crate) fn refusal(error: regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "the expression is too large".to_owned(),
        error => error.to_string().lines().last().unwrap_or("invalid expression").trim_start_matches("error: ").to_owned(),
    }
}

impl Pattern {
    /// Text between slashes is a regular expression, other text a substring; case matters only with a capital letter in it.
    /// `None` looks for nothing in particular.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let Some(source) = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|inner| !inner.is_empty())
        else {
            let any_case = !text.chars().any(char::is_uppercase);
            return Ok(Some(Self::Substring { finder: Box::new(Finder::new(text.as_bytes()).into_owned()), any_case }));
        };
        // A class such as \S is no capital letter.
        let plain = ["\\S", "\\W", "\\D", "\\B"].iter().fold(source.to_owned(), |plain, class| plain.replace(class, ""));
        let any_case = !plain.chars().any(char::is_uppercase);
        match RegexBuilder::new(source).case_insensitive(any_case).size_limit(1 << 20).build() {
            Ok(regex) => Ok(Some(Self::Regex(regex))),
            Err(error) => Err(refusal(error)),
        }
    }

    /// Whether it occurs in `text`. `lower` is room that is used again.
    fn is_in(&self, text: &[u8], lower: &mut Vec<u8>) -> bool {
        match self {
            Self::Regex(regex) => regex.is_match(text),
            Self::Substring { finder, any_case: false } => finder.find(text).is_some(),
            Self::Substring { finder, any_case: true } => {
                lower.clear();
                lower.extend(text.iter().map(u8::to_ascii_lowercase));
                finder.find(lower).is_some()
            }
        }
    }
}

/// Where a pattern occurs: every distinct string and stack is looked at once, however many groups share it.
pub(crate) struct Matches {
    strings: Vec<bool>,
    stacks: Vec<bool>,
}

impl Matches {
    pub(crate) fn new(tables: &Tables, pattern: &Pattern) -> Self {
        let mut lower = Vec::new();
        let mut is_match = |text: &[u8]| {
            // Names are shown with their escapes decoded, so that is what a reader looks for.
            pattern.is_in(text, &mut lower)
                || text.contains(&b'%') && pattern.is_in(model::FuncName::parse(text).full().as_bytes(), &mut lower)
        };
        let strings: Vec<bool> = tables.strings.iter().map(&mut is_match).collect();
        let has = |id: StringId| strings.get(id.index()).copied().unwrap_or(false);
        let frames: Vec<bool> = tables.frames.iter().map(|frame| has(frame.function) || has(frame.location)).collect();
        // The empty stack holds nothing; every other one what the shorter one holds, and its own edge.
        let mut stacks = vec![false];
        for (shorter, edge) in tables.stacks.iter() {
            let by_edge = match edge {
                Edge::Frame(frame) | Edge::CreatedBy(frame) => frames.get(frame.index()).copied().unwrap_or(false),
                Edge::Elided => false,
            };
            stacks.push(by_edge || stacks.get(shorter.index()).copied().unwrap_or(false));
        }
        Self { strings, stacks }
    }

    /// Whether it occurs in a frame, the creator or a state of `group`.
    pub(crate) fn has(&self, grouped: Grouped<'_>, group: &model::Group) -> bool {
        let in_state = |goroutine: &Goroutine| self.strings.get(goroutine.wait_reason.index()).copied().unwrap_or(false);
        self.stacks.get(group.signature.stack.index()).copied().unwrap_or(false) || grouped.members(group).any(in_state)
    }
}
