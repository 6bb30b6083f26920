//! A group as rules see it.

use alloc::string::String;
use alloc::vec::Vec;

use super::Analysis;
use super::library::unvendored;
use super::parents::Parents;
use crate::func::FuncName;
use crate::group::{Group, WaitMinutes};
use crate::origin::{Origin, OriginRules};
use crate::snapshot::Goroutine;
use crate::tables::{Edge, FrameId, StackId, Tables};
use crate::wait::Category;

/// A stack taken apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Stack {
    /// Leaf first.
    frames: Vec<FrameId>,
    created_by: Option<FrameId>,
    is_elided: bool,
}

impl Stack {
    pub(super) fn of(tables: &Tables, stack: StackId) -> Self {
        let mut parts = Self::default();
        for edge in tables.edges(stack) {
            match edge {
                Edge::Frame(frame) => parts.frames.push(frame),
                Edge::CreatedBy(frame) => parts.created_by = Some(frame),
                Edge::Elided => parts.is_elided = true,
            }
        }
        parts
    }
}

/// What a frame's name and file say.
#[derive(Clone, Debug)]
pub(super) struct FrameFacts {
    pub(super) name: FuncName,
    pub(super) origin: Origin,
    /// Where the name starts that does not say where its package is vendored.
    pub(super) library_start: usize,
}

impl FrameFacts {
    /// Facts of the frames in `stacks`, by the index of the frame; the others are empty.
    pub(super) fn of_all(tables: &Tables, origins: &OriginRules, stacks: &[Stack]) -> Vec<Self> {
        let unknown = Self { name: FuncName::parse(b""), origin: Origin::Runtime, library_start: 0 };
        let mut facts: Vec<Option<Self>> = alloc::vec![None; tables.frames.iter().count()];
        for &frame in stacks.iter().flat_map(|stack| stack.frames.iter().chain(&stack.created_by)) {
            let Some(slot) = facts.get_mut(frame.index()) else { continue };
            slot.get_or_insert_with(|| {
                let text = tables.frames.get(frame);
                let name = FuncName::parse(tables.bytes(text.function));
                let location = String::from_utf8_lossy(tables.bytes(text.location));
                let file = location.rsplit_once(':').map_or(&*location, |(file, _)| file);
                let library_start = name.full().len() - unvendored(name.full()).len();
                Self { origin: origins.origin(&name, file), name, library_start }
            });
        }
        facts.into_iter().map(|facts| facts.unwrap_or_else(|| unknown.clone())).collect()
    }
}

/// A group as rules see it: its stack with names, its state and waits.
#[derive(Clone, Copy, Debug)]
pub struct GroupView<'a> {
    analysis: &'a Analysis<'a>,
    group: &'a Group,
    stack: &'a Stack,
    index: u32,
}

/// Groups that wait at the same line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The line: [`GroupView::place`].
    pub place: FrameId,
    /// What they do there.
    pub category: Category,
    /// How many they are.
    pub n_goroutines: u64,
    /// Their indices, the largest group first.
    pub groups: Vec<u32>,
}

impl<'a> GroupView<'a> {
    pub(super) fn new(analysis: &'a Analysis<'_>, index: u32) -> Option<Self> {
        let at = index as usize;
        Some(Self { group: analysis.grouped.get(at)?, stack: analysis.stacks.get(at)?, index, analysis })
    }

    /// Its index.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many goroutines it has.
    #[must_use]
    pub fn n_goroutines(self) -> u64 {
        self.group.n_goroutines
    }

    /// What they do.
    #[must_use]
    pub fn category(self) -> Category {
        self.group.signature.category
    }

    /// How long they wait, as printed.
    #[must_use]
    pub fn waits(self) -> Option<WaitMinutes> {
        self.group.wait_minutes
    }

    /// How many the runtime marked as leaked.
    #[must_use]
    pub fn n_leaked(self) -> u64 {
        self.group.n_leaked
    }

    /// Its rows.
    pub fn goroutines(self) -> impl Iterator<Item = &'a Goroutine> + Clone {
        let rows = self.analysis.snapshot.goroutines();
        self.analysis.grouped.members(self.group).iter().filter_map(|&row| rows.get(row as usize))
    }

    /// Indices of its rows in the snapshot.
    #[must_use]
    pub fn rows(self) -> &'a [u32] {
        self.analysis.grouped.members(self.group)
    }

    /// Go's word for the state of its first goroutine: `chan receive (nil chan)`.
    #[must_use]
    pub fn wait_reason(self) -> &'a str {
        let reason = self.goroutines().next().map(|goroutine| self.analysis.tables.bytes(goroutine.wait_reason));
        reason.and_then(|reason| core::str::from_utf8(reason).ok()).unwrap_or_default()
    }

    /// Its frames, leaf first.
    #[must_use]
    pub fn frames(self) -> &'a [FrameId] {
        &self.stack.frames
    }

    /// Go left frames out.
    #[must_use]
    pub fn is_elided(self) -> bool {
        self.stack.is_elided
    }

    /// The `go` statement.
    #[must_use]
    pub fn created_by(self) -> Option<FrameId> {
        self.stack.created_by
    }

    /// Names of its functions, leaf first.
    pub fn functions(self) -> impl DoubleEndedIterator<Item = &'a str> + Clone + ExactSizeIterator {
        self.frames().iter().map(move |&frame| self.analysis.function(frame))
    }

    /// Names of its functions as [`Analysis::library_function`] gives them, leaf first.
    pub fn library_functions(self) -> impl DoubleEndedIterator<Item = &'a str> + Clone + ExactSizeIterator {
        self.frames().iter().map(move |&frame| self.analysis.library_function(frame))
    }

    /// Whether `function` is on the stack.
    #[must_use]
    pub fn has(self, function: &str) -> bool {
        self.position(function).is_some()
    }

    /// Whether one of `functions` is on the stack.
    #[must_use]
    pub fn has_any(self, functions: &[&str]) -> bool {
        self.functions().any(|name| functions.contains(&name))
    }

    /// Where `function` is on the stack, from the leaf.
    #[must_use]
    pub fn position(self, function: &str) -> Option<usize> {
        self.functions().position(|name| name == function)
    }

    /// Name of the function of the `go` statement; empty when there is none.
    #[must_use]
    pub fn creator(self) -> &'a str {
        self.created_by().map_or("", |frame| self.analysis.function(frame))
    }

    /// Name of the function that the goroutine started with; empty for an empty stack.
    #[must_use]
    pub fn entry(self) -> &'a str {
        // `runtime.goexit` and `runtime.main` call it.
        self.frames()
            .iter()
            .rev()
            .find(|&&frame| self.origin(frame) != Origin::Runtime)
            .map_or("", |&frame| self.analysis.function(frame))
    }

    /// The frame from the leaf that is neither the runtime's nor the standard library's plumbing: what it waits in.
    #[must_use]
    pub fn leaf(self) -> Option<FrameId> {
        self.frames().iter().copied().find(|&frame| match self.origin(frame) {
            Origin::Runtime => false,
            Origin::Std => !self.analysis.facts.get(frame.index()).is_some_and(|facts| facts.name.is_plumbing()),
            Origin::App | Origin::Dependency => true,
        })
    }

    /// Whose code `frame` is.
    #[must_use]
    pub fn origin(self, frame: FrameId) -> Origin {
        self.analysis.facts.get(frame.index()).map_or(Origin::Runtime, |facts| facts.origin)
    }

    /// Package of `frame`.
    #[must_use]
    pub fn package(self, frame: FrameId) -> &'a str {
        self.analysis.facts.get(frame.index()).map_or("", |facts| facts.name.package())
    }

    /// The first application frame from the leaf.
    #[must_use]
    pub fn culprit(self) -> Option<FrameId> {
        self.frames().iter().copied().find(|&frame| self.origin(frame) == Origin::App)
    }

    /// Where it is stuck, as the reader would say: the first application frame from the leaf; else the first one of a
    /// dependency; else the first that is not plumbing.
    #[must_use]
    pub fn place(self) -> Option<FrameId> {
        let dependency = || self.frames().iter().copied().find(|&frame| self.origin(frame) == Origin::Dependency);
        self.culprit().or_else(dependency).or_else(|| self.leaf())
    }

    /// Who started its goroutines.
    #[must_use]
    pub fn parents(self) -> Parents {
        self.analysis.lineage.of(self.goroutines())
    }
}

impl Site {
    /// Who started its goroutines.
    #[must_use]
    pub fn parents(&self, analysis: &Analysis<'_>) -> Parents {
        let groups = self.groups.iter().filter_map(|&group| analysis.group(group));
        analysis.lineage.of(groups.flat_map(GroupView::goroutines))
    }

    /// How long its goroutines wait, as printed.
    #[must_use]
    pub fn waits(&self, analysis: &Analysis<'_>) -> Option<WaitMinutes> {
        let groups = self.groups.iter().filter_map(|&group| analysis.group(group));
        let mut waits: Vec<u32> = groups.flat_map(GroupView::goroutines).filter_map(Goroutine::wait_minutes).collect();
        WaitMinutes::of(&mut waits)
    }

    /// Its largest group.
    #[must_use]
    pub fn largest<'a>(&self, analysis: &'a Analysis<'_>) -> Option<GroupView<'a>> {
        analysis.group(*self.groups.first()?)
    }
}
