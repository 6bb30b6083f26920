//! What can happen.

use stackherd_report::protocol::{ExportKind, Response, SortKey};
use stackherd_report::{Category, Similarity};

use super::{
    AncestryAction, BlockingAction, CompareAction, DetailTab, Dialog, FleetAction, Notice, Question, Settings, Shown, Tab,
};

/// Something the reader did, or the worker said.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// The worker said something.
    Answered(Box<Response>),
    /// A question went to the worker.
    Asked {
        ask: u32,
        question: Question,
    },
    /// The worker is gone, with all it held; another one is being started.
    WorkerLost,
    /// No worker can be started.
    WorkerBroken(String),

    InputAdded {
        input: u32,
        name: String,
        size_bytes: u64,
    },
    /// Its first bytes are on their way.
    InputStarted(u32),
    /// The browser could not read the file.
    InputUnreadable {
        input: u32,
        reason: String,
    },
    InputRemoved(u32),
    /// It is read again, under a new number.
    InputReopened {
        old: u32,
        new: u32,
    },
    DumpRemoved(u32),
    Activated(Shown),
    /// The next dump, or the one before.
    Stepped {
        forward: bool,
    },

    /// The text in the filter changed.
    Filtered(String),
    /// A state was switched on or off.
    CategoryToggled(Category),
    FilterCleared,
    Sorted(SortKey),
    /// These rows of the groups table are in sight.
    GroupsSeen {
        first: u32,
        count: u32,
    },
    CursorMoved(CursorMove),
    /// The detail is wanted over the list.
    DetailOpened(bool),
    DetailTabChosen(DetailTab),
    /// A folded run of frames was unfolded.
    FramesUnfolded(usize),
    /// These goroutines of the detail are in sight.
    GoroutinesSeen {
        first: u32,
        count: u32,
    },

    Compare(CompareAction),
    Fleet(FleetAction),
    /// Goroutines are to be grouped otherwise.
    SimilarityChosen(Similarity),
    /// When a dump was taken, as the reader says; `None` for what its file says. RFC 3339.
    CaptureTimeSet {
        dump: u32,
        captured_at: Option<String>,
    },
    Blocking(BlockingAction),
    Ancestry(AncestryAction),
    /// Another view leads to a group.
    GroupShown {
        key: String,
    },

    TabChosen(Tab),
    DialogShown(Option<Dialog>),
    DraggedOver(bool),
    Noticed(Notice),
    /// A toast had its time.
    ToastFaded {
        serial: u32,
    },
    SettingsChanged(Settings),

    /// A finding, by its index.
    FindingChosen(u32),
    /// What to change is wanted.
    FixShown,
    /// Idle groups are to be listed, or not.
    IdleHidden(bool),
    /// The list of findings is wanted over the groups.
    FindingListOpened(bool),
    RuleDocOpened(bool),
    ExportWanted {
        kind: ExportKind,
        is_for_clipboard: bool,
    },
    /// The text was copied, or is not wanted any more.
    ExportDone,
}

/// Where the cursor of a table goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CursorMove {
    By(i32),
    To(u32),
    First,
    Last,
}

impl CursorMove {
    /// The row it leads to, in a table that has rows up to `last`.
    pub(super) fn row_from(self, now: u32, last: u32) -> u32 {
        match self {
            Self::By(rows) => now.saturating_add_signed(rows),
            Self::To(row) => row,
            Self::First => 0,
            Self::Last => last,
        }
        .min(last)
    }
}
