//! What the page knows.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::rc::Rc;

use stackherd_report::Similarity;
use stackherd_report::protocol::{DumpSummary, Failure, GoroutineRow, GroupDetail, GroupQuery, GroupRow};
use stackherd_report::report::InputIssue;

use super::{AncestryState, BlockingState, CompareState, FleetState, JudgementState, Judging, RowCache, Settings, Tab};

/// Everything on the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// In the order they were added.
    pub(crate) inputs: Vec<Rc<InputEntry>>,
    pub(crate) shown: Option<Shown>,
    /// The dump that was on show when an input took its place.
    pub(crate) shown_before: Option<u32>,
    pub(crate) reader: Reader,
    pub(crate) tab: Tab,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) toast: Option<Toast>,
    /// Something that can be dropped hangs over the page.
    pub(crate) is_dragged_over: bool,
    pub(crate) settings: Settings,
    /// Inputs read to the end, well or not. Tests wait for it.
    pub(crate) runs: u32,
    pub(crate) judging: Judging,
    pub(crate) compare: CompareState,
    pub(crate) fleet: FleetState,
    /// How alike the goroutines of a group are.
    pub(crate) similarity: Similarity,
}

impl State {
    /// Every dump that can be looked at.
    pub(crate) fn dumps(&self) -> impl Iterator<Item = &Rc<DumpEntry>> {
        self.inputs.iter().flat_map(|input| input.dumps())
    }

    pub(crate) fn active_dump(&self) -> Option<&Rc<DumpEntry>> {
        let Some(Shown::Dump(id)) = self.shown else { return None };
        self.dumps().find(|dump| dump.id == id)
    }

    /// The input on show, or the one that the dump on show came in.
    pub(crate) fn active_input(&self) -> Option<&Rc<InputEntry>> {
        match self.shown? {
            Shown::Input(id) => self.inputs.iter().find(|input| input.id == id),
            Shown::Dump(id) => self.inputs.iter().find(|input| input.dumps().iter().any(|dump| dump.id == id)),
        }
    }

    /// For the `data-state` attribute.
    pub(crate) fn phase(&self) -> &'static str {
        match self.active_input().map(|input| &input.status) {
            _ if matches!(self.reader, Reader::Broken(_)) => "error",
            None => "empty",
            Some(InputStatus::Waiting | InputStatus::Reading { .. }) => "loading",
            Some(InputStatus::Opened { .. }) => "ready",
            Some(InputStatus::Failed(_)) => "error",
        }
    }

    /// Inputs that can be read again after the worker was lost.
    pub(crate) fn lost_inputs(&self) -> Vec<u32> {
        let is_lost = |input: &&Rc<InputEntry>| matches!(&input.status, InputStatus::Failed(loss) if **loss == Loss::Crashed);
        self.inputs.iter().filter(is_lost).map(|input| input.id).collect()
    }
}

/// What is on show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A file on its way, or one that could not be read.
    Input(u32),
    Dump(u32),
}

/// The worker that reads dumps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reader {
    #[default]
    Starting,
    Ready,
    /// It can't be started; the browser's words.
    Broken(String),
}

/// What lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialog {
    Paste,
    Help,
    /// All dumps by name.
    Dumps,
    Settings,
    /// Texts to act with.
    Export,
}

/// A short message that goes away by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toast {
    pub(crate) notice: Notice,
    /// Tells one toast from the next with the same words.
    pub(crate) serial: u32,
}

/// What a toast says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    CopiedMarkdown,
    Copied(String),
    CopyRefused,
    NothingToRead,
    SaveRefused,
    /// Files that could not be read while others could: the last one's name, and how many more.
    NotRead {
        name: String,
        more: u32,
    },
}

/// A file, a paste or a sample: it may hold one dump or many.
#[derive(Clone, Debug)]
pub(crate) struct InputEntry {
    /// Chosen by the page, never used twice.
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) size_bytes: u64,
    pub(crate) status: InputStatus,
}

impl InputEntry {
    pub(crate) const fn new(id: u32, name: String, size_bytes: u64) -> Self {
        Self { id, name, size_bytes, status: InputStatus::Waiting }
    }

    /// Those that can be looked at.
    pub(crate) fn dumps(&self) -> &[Rc<DumpEntry>] {
        match &self.status {
            InputStatus::Opened { dumps, .. } => dumps,
            _ => &[],
        }
    }

    /// Entries of it that could not be read.
    pub(crate) fn issues(&self) -> &[InputIssue] {
        match &self.status {
            InputStatus::Opened { issues, .. } => issues,
            _ => &[],
        }
    }

    /// It waits for the reader or is being read.
    pub(crate) const fn is_loading(&self) -> bool {
        matches!(self.status, InputStatus::Waiting | InputStatus::Reading { .. })
    }

    pub(crate) const fn is_failed(&self) -> bool {
        matches!(self.status, InputStatus::Failed(_))
    }
}

/// How far an input is.
#[derive(Clone, Debug)]
pub(crate) enum InputStatus {
    /// Others are read first.
    Waiting,
    Reading {
        bytes: u64,
        goroutines: u64,
    },
    Opened {
        /// Never empty: an input without dumps has failed, and one whose last dump is removed goes with it.
        dumps: Vec<Rc<DumpEntry>>,
        issues: Rc<[InputIssue]>,
    },
    Failed(Rc<Loss>),
}

/// One dump.
#[derive(Clone, Debug)]
pub(crate) struct DumpEntry {
    /// The worker's number.
    pub(crate) id: u32,
    pub(crate) summary: Summary,
    pub(crate) groups: GroupsState,
    pub(crate) detail: DetailState,
    pub(crate) blocking: BlockingState,
    pub(crate) ancestry: AncestryState,
    pub(crate) judgement: JudgementState,
}

impl DumpEntry {
    pub(crate) fn new(summary: DumpSummary) -> Self {
        Self {
            id: summary.dump.id,
            summary: Summary(Rc::new(summary)),
            groups: GroupsState::default(),
            detail: DetailState::default(),
            blocking: BlockingState::default(),
            ancestry: AncestryState::default(),
            judgement: JudgementState::default(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.summary.dump.name
    }
}

/// What the worker said of a dump. It never changes, so only the very same one is equal: comparing the numbers of a long
/// log would take longer than drawing them.
#[derive(Clone, Debug)]
pub(crate) struct Summary(Rc<DumpSummary>);

impl Deref for Summary {
    type Target = DumpSummary;

    fn deref(&self) -> &DumpSummary {
        &self.0
    }
}

impl PartialEq for Summary {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Why there is nothing to show of an input.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Loss {
    /// The input holds no goroutines that can be read.
    Input(Failure),
    /// The browser could not read the file; its words.
    Unreadable(String),
    /// The worker that held or read it was lost.
    Crashed,
}

/// The groups table of a dump.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupsState {
    pub(crate) query: GroupQuery,
    pub(crate) rows: RowCache<GroupRow>,
    /// Groups that match; `None` before the first answer.
    pub(crate) matched_groups: Option<u32>,
    pub(crate) matched_goroutines: u64,
    pub(crate) invalid_query: Option<String>,
    /// The row that the keys move.
    pub(crate) cursor: u32,
    /// The row under the cursor is to be opened once it is known.
    pub(crate) follows: bool,
    /// Changes whenever the cursor has to be brought into sight.
    pub(crate) reveal: u32,
}

impl GroupsState {
    pub(crate) fn is_filtered(&self) -> bool {
        !self.query.text.is_empty() || !self.query.categories.is_empty()
    }

    /// Not all groups are listed.
    pub(crate) fn is_narrowed(&self) -> bool {
        self.is_filtered() || self.query.hides_idle
    }
}

/// The group on show.
#[derive(Clone, Debug, Default)]
pub(crate) struct DetailState {
    /// The group the reader chose.
    pub(crate) key: Option<String>,
    /// The last one the worker sent; for a moment the one chosen before.
    pub(crate) loaded: Option<Rc<GroupDetail>>,
    /// The question under way.
    pub(crate) asked: Option<u32>,
    pub(crate) tab: DetailTab,
    /// It lies over the list where there is room for one pane only.
    pub(crate) is_open: bool,
    /// First frames of the folded runs that the reader unfolded.
    pub(crate) unfolded: BTreeSet<usize>,
    pub(crate) goroutines: RowCache<GoroutineRow>,
    /// The group loaded was judged by other rules.
    pub(crate) is_outdated: bool,
}

impl DetailState {
    /// The group loaded is the one chosen.
    pub(crate) fn is_current(&self) -> bool {
        !self.is_outdated && self.loaded.as_ref().map(|detail| &detail.row.key) == self.key.as_ref()
    }
}

/// The tabs of the detail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DetailTab {
    #[default]
    Stack,
    Goroutines,
    /// What to change, of the finding that is about the group.
    Fix,
}
