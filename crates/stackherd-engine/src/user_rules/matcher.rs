//! Conditions of the reader's rules, and what they are held against.

use regex::{Regex, RegexBuilder};
use stackherd_core::{Category, Edge, FrameId, Group, Groups, Origin, OriginRules, Snapshot, StringId, Tables};

use crate::convert::FrameReader;

/// Compiled size of an expression.
const MAX_COMPILED_BYTES: usize = 1 << 20;

/// A regular expression that is held against functions and places.
#[derive(Debug)]
pub(super) struct Expression {
    source: String,
    regex: Regex,
}

/// A full name as goleak takes it, or a regular expression between slashes.
#[derive(Debug)]
pub(super) enum Name {
    Exact(String),
    Matches(Expression),
}

/// What goroutines do.
#[derive(Debug)]
pub(super) enum State {
    Category(Category),
    /// Go's word.
    Reason(String),
}

impl Expression {
    pub(super) fn parse(source: &str) -> Result<Self, String> {
        match RegexBuilder::new(source).size_limit(MAX_COMPILED_BYTES).build() {
            Ok(regex) => Ok(Self { source: source.to_owned(), regex }),
            Err(regex::Error::CompiledTooBig(_)) => Err("the expression is too large".to_owned()),
            Err(error) => {
                let text = error.to_string();
                let last = text.lines().last().unwrap_or_default();
                Err(format!("{source:?} is no regular expression: {}", last.trim_start_matches("error: ")))
            }
        }
    }

    pub(super) fn source(&self) -> &str {
        &self.source
    }

    fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl Name {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some("") | None => Ok(Self::Exact(text.to_owned())),
            Some(source) => Expression::parse(source).map(Self::Matches),
        }
    }

    fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Exact(name) => name == text,
            Self::Matches(expression) => expression.is_match(text),
        }
    }

    /// `text` is the package, or one above it.
    fn is_package(&self, text: &str) -> bool {
        match self {
            Self::Exact(name) => text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            Self::Matches(expression) => expression.is_match(text),
        }
    }
}

impl State {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Category(category) => category.as_str(),
            Self::Reason(word) => word,
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if let Some(&category) = Category::ALL.iter().find(|category| category.as_str() == text) {
            return Ok(Self::Category(category));
        }
        if Category::of(text.as_bytes()) != Category::Other || text == "coroutine" {
            return Ok(Self::Reason(text.to_owned()));
        }
        let categories: Vec<_> = Category::ALL.iter().map(|category| category.as_str()).collect();
        let categories = categories.join(", ");
        Err(format!(
            "{text:?} is no state; allowed are {categories}, and Go's own words such as \"chan receive\" or \"IO wait\""
        ))
    }
}

/// A dump as rules see it: every distinct frame is read once.
pub(super) struct Stacks<'a> {
    tables: &'a Tables,
    snapshot: &'a Snapshot,
    pub(super) groups: &'a Groups,
    stacks: Vec<Stack>,
    frames: Vec<Option<FrameText>>,
}

struct Stack {
    /// Leaf first.
    frames: Vec<FrameId>,
    created_by: Option<FrameId>,
}

struct FrameText {
    /// Full name, escapes decoded.
    function: String,
    /// As printed, as goleak compares it.
    printed: String,
    package: String,
    /// `/src/worker.go:89`
    place: String,
    origin: Origin,
    is_plumbing: bool,
}

/// What one expression says of the frames it was asked about.
pub(super) struct Answers(Vec<Option<bool>>);

impl<'a> Stacks<'a> {
    pub(super) fn new(tables: &'a Tables, snapshot: &'a Snapshot, groups: &'a Groups, origins: &'a OriginRules) -> Self {
        let reader = FrameReader { tables, rules: origins };
        let mut frames: Vec<Option<FrameText>> = Vec::new();
        let mut stacks = Vec::new();
        for group in groups {
            let mut stack = Stack { frames: Vec::new(), created_by: None };
            for edge in tables.edges(group.signature.stack) {
                let frame = match edge {
                    Edge::Frame(frame) => {
                        stack.frames.push(frame);
                        frame
                    }
                    Edge::CreatedBy(frame) => {
                        stack.created_by = Some(frame);
                        frame
                    }
                    Edge::Elided => continue,
                };
                if frames.len() <= frame.index() {
                    frames.resize_with(frame.index() + 1, || None);
                }
                if let Some(text @ None) = frames.get_mut(frame.index()) {
                    *text = Some(FrameText::new(reader, frame));
                }
            }
            stacks.push(stack);
        }
        Self { tables, snapshot, groups, stacks, frames }
    }

    fn text(&self, frame: FrameId) -> Option<&FrameText> {
        self.frames.get(frame.index())?.as_ref()
    }

    fn of(&self, group: usize) -> &[FrameId] {
        self.stacks.get(group).map_or(&[], |stack| &stack.frames)
    }

    pub(super) fn created_by(&self, group: usize) -> Option<FrameId> {
        self.stacks.get(group)?.created_by
    }

    /// The frame that Go prints first: profiles, and dumps with system frames, show the runtime's own above it.
    fn top(&self, group: usize) -> Option<FrameId> {
        let frames = self.of(group);
        let is_printed = |frame: &&FrameId| self.text(**frame).is_some_and(|text| text.origin != Origin::Runtime);
        frames.iter().find(is_printed).or_else(|| frames.first()).copied()
    }

    /// Where a group is stuck, as built-in rules see it.
    pub(super) fn place(&self, group: usize) -> Option<FrameId> {
        let of_origin = |origin| {
            let frames = self.of(group).iter().copied();
            frames.into_iter().find(|&frame| self.text(frame).is_some_and(|text| text.origin == origin && !text.is_plumbing))
        };
        of_origin(Origin::App).or_else(|| of_origin(Origin::Dependency)).or_else(|| of_origin(Origin::Std))
    }

    /// `worker.go:89`; the function when there is no file.
    pub(super) fn place_text(&self, frame: FrameId) -> String {
        let Some(text) = self.text(frame) else { return String::new() };
        match text.place.rsplit(['/', '\\']).next() {
            Some(place) if !place.is_empty() => place.to_owned(),
            _ => text.function.clone(),
        }
    }

    pub(super) fn answers(&self) -> Answers {
        Answers(vec![None; self.frames.len()])
    }

    pub(super) fn any_frame(&self, group: usize, expression: &Expression, answers: &mut Answers) -> bool {
        self.of(group).iter().any(|&frame| self.is_match(frame, expression, answers))
    }

    pub(super) fn top_frame(&self, group: usize, expression: &Expression, answers: &mut Answers) -> bool {
        self.top(group).is_some_and(|frame| self.is_match(frame, expression, answers))
    }

    pub(super) fn creator(&self, group: usize, expression: &Expression, answers: &mut Answers) -> bool {
        self.created_by(group).is_some_and(|frame| self.is_match(frame, expression, answers))
    }

    fn is_match(&self, frame: FrameId, expression: &Expression, answers: &mut Answers) -> bool {
        let (Some(text), Some(answer)) = (self.text(frame), answers.0.get_mut(frame.index())) else { return false };
        *answer.get_or_insert_with(|| expression.is_match(&text.function) || expression.is_match(&text.place))
    }

    fn is_named(&self, frame: FrameId, name: &Name) -> bool {
        self.text(frame).is_some_and(|text| name.is_match(&text.function) || name.is_match(&text.printed))
    }

    pub(super) fn has_top_function(&self, group: usize, name: &Name) -> bool {
        self.top(group).is_some_and(|frame| self.is_named(frame, name))
    }

    pub(super) fn has_function(&self, group: usize, name: &Name) -> bool {
        self.of(group).iter().any(|&frame| self.is_named(frame, name))
    }

    pub(super) fn has_package(&self, group: usize, name: &Name) -> bool {
        self.of(group).iter().any(|&frame| self.text(frame).is_some_and(|text| name.is_package(&text.package)))
    }

    pub(super) fn has_creator(&self, group: usize, name: &Name) -> bool {
        self.created_by(group).is_some_and(|frame| self.is_named(frame, name))
    }

    /// Go's words for the state of a group. `O(goroutines of the group)`.
    fn reasons(&self, group: &Group) -> Vec<StringId> {
        let rows = self.snapshot.goroutines();
        let mut reasons: Vec<StringId> = Vec::new();
        for goroutine in self.groups.members(group).iter().filter_map(|&row| rows.get(row as usize)) {
            if !reasons.contains(&goroutine.wait_reason) {
                reasons.push(goroutine.wait_reason);
            }
        }
        reasons
    }

    pub(super) fn has_state(&self, group: &Group, states: &[State]) -> bool {
        let by_category = |state: &State| matches!(state, State::Category(category) if *category == group.signature.category);
        if states.iter().any(by_category) {
            return true;
        }
        let words: Vec<&str> = states
            .iter()
            .filter_map(|state| match state {
                State::Reason(word) => Some(word.as_str()),
                State::Category(_) => None,
            })
            .collect();
        !words.is_empty()
            && self.reasons(group).iter().any(|&reason| words.iter().any(|word| word.as_bytes() == self.tables.bytes(reason)))
    }
}

impl FrameText {
    fn new(reader: FrameReader<'_>, id: FrameId) -> Self {
        let frame = reader.tables.frames.get(id);
        let function = reader.function(id);
        let place = reader.text(frame.location);
        let file = place.rsplit_once(':').map_or(place.as_str(), |(file, _)| file);
        let origin = reader.rules.origin(&function, file);
        Self {
            origin,
            is_plumbing: origin == Origin::Std && function.is_plumbing(),
            package: function.package().to_owned(),
            function: function.full().to_owned(),
            printed: reader.text(frame.function),
            place,
        }
    }
}
