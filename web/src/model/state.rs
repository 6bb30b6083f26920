//! What the page knows.

use std::collections::BTreeSet;
use std::rc::Rc;

use stackherd_report::protocol::{DumpSummary, Failure, GoroutineRow, GroupDetail, GroupQuery, GroupRow};

use super::{RowCache, Settings};

/// Everything on the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// In the order they were added.
    pub(crate) dumps: Vec<Rc<DumpEntry>>,
    /// The one on show.
    pub(crate) active: Option<u32>,
    pub(crate) reader: Reader,
    pub(crate) tab: Tab,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) toast: Option<Toast>,
    /// Something that can be dropped hangs over the page.
    pub(crate) is_dragged_over: bool,
    pub(crate) settings: Settings,
    /// Dumps read to the end, well or not. Tests wait for it.
    pub(crate) runs: u32,
}

impl State {
    pub(crate) fn active_dump(&self) -> Option<&Rc<DumpEntry>> {
        let active = self.active?;
        self.dumps.iter().find(|dump| dump.id == active)
    }

    /// For the `data-state` attribute.
    pub(crate) fn phase(&self) -> &'static str {
        match self.active_dump().map(|dump| &dump.status) {
            _ if matches!(self.reader, Reader::Broken(_)) => "error",
            None => "empty",
            Some(DumpStatus::Waiting | DumpStatus::Reading { .. }) => "loading",
            Some(DumpStatus::Ready(_)) => "ready",
            Some(DumpStatus::Failed(_)) => "error",
        }
    }

    /// Whether a dump can be read again after the worker was lost.
    pub(crate) fn lost_dumps(&self) -> Vec<u32> {
        let is_lost = |dump: &&Rc<DumpEntry>| matches!(&dump.status, DumpStatus::Failed(loss) if **loss == Loss::Crashed);
        self.dumps.iter().filter(is_lost).map(|dump| dump.id).collect()
    }
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

/// The views of a dump.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Groups,
    Issues,
}

/// What lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialog {
    Paste,
    Help,
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
}

/// One dump.
#[derive(Clone, Debug)]
pub(crate) struct DumpEntry {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) size_bytes: u64,
    pub(crate) status: DumpStatus,
    pub(crate) groups: GroupsState,
    pub(crate) detail: DetailState,
}

impl DumpEntry {
    pub(crate) fn new(id: u32, name: String, size_bytes: u64) -> Self {
        Self {
            id,
            name,
            size_bytes,
            status: DumpStatus::Waiting,
            groups: GroupsState::default(),
            detail: DetailState::default(),
        }
    }

    pub(crate) const fn summary(&self) -> Option<&Rc<DumpSummary>> {
        match &self.status {
            DumpStatus::Ready(summary) => Some(summary),
            _ => None,
        }
    }

    /// It waits for the reader or is being read.
    pub(crate) const fn is_loading(&self) -> bool {
        matches!(self.status, DumpStatus::Waiting | DumpStatus::Reading { .. })
    }
}

/// How far a dump is.
#[derive(Clone, Debug)]
pub(crate) enum DumpStatus {
    /// Others are read first.
    Waiting,
    Reading {
        bytes: u64,
        goroutines: u64,
    },
    Ready(Rc<DumpSummary>),
    Failed(Rc<Loss>),
}

/// Why there is nothing to show of a dump.
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
}

impl DetailState {
    /// The group loaded is the one chosen.
    pub(crate) fn is_current(&self) -> bool {
        self.loaded.as_ref().map(|detail| &detail.row.key) == self.key.as_ref()
    }
}

/// The tabs of the detail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DetailTab {
    #[default]
    Stack,
    Goroutines,
}
