//! Several dumps side by side, as the page shows them: views of the protocol.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::judged::FindingView;
use crate::protocol::{FrameView, WaitBar};
use crate::report::{
    Category, ComparisonMode, GroupStatus, Outcome, Relation, Series, Severity, Similarity, Trend, WaitMinutes, contract,
};
use crate::words::words;

contract! {
    /// What the reader decides instead of Stackherd.
    #[derive(Default)]
    pub struct CompareOptions {
        /// In time or in space; `None` to tell from the dumps.
        pub mode: Option<ComparisonMode>,
        /// Whether the dumps are of one process; `None` to tell from them.
        pub relation: Option<Relation>,
        /// The dump the others compare to; `None` for the first in time.
        pub baseline: Option<u32>,
        /// The dump that is compared; `None` for the last in time.
        pub target: Option<u32>,
    }

    /// How several dumps differ, without the rows.
    pub struct ComparisonView {
        /// In time or in space.
        pub mode: ComparisonMode,
        /// Whether the dumps are of one process.
        pub relation: Relation,
        /// The reader said so.
        pub relation_is_given: bool,
        /// What it is told from.
        pub relation_why: String,
        /// Of all groups of application code, those that at least two dumps share, in percent.
        pub shared_percent: u32,
        /// What changed, in one sentence.
        pub title: String,
        /// What else is worth knowing; may be empty.
        pub detail: String,
        /// How alike the goroutines of a group are.
        pub similarity: Similarity,
        /// The dumps are of formats that tell different things.
        pub mixed_formats: bool,
        /// All dumps have goroutine ids, so that goroutines can be followed between dumps of one process.
        pub has_ids: bool,
        /// The dumps in the order of time. Everything that is listed per dump has this order.
        pub dumps: Vec<ComparedDump>,
        /// Position in `dumps` of the dump the others compare to.
        pub baseline: u32,
        /// Position in `dumps` of the dump that is compared.
        pub target: u32,
        /// Minutes from baseline to target.
        pub minutes: Option<f64>,
        /// Goroutines of the target minus those of the baseline.
        pub delta: i64,
        /// Groups by what happened to them.
        pub statuses: StatusCounts,
        /// What follows from several dumps, worst first. Their groups are keys of rows.
        pub findings: Vec<FindingView>,
        /// What became of the leaks of the baseline.
        pub outcome: Option<Outcome>,
        /// The groups worth drawing: those that changed most, at most 8.
        pub lines: Vec<TrendLine>,
        /// Counters of logs among the inputs that have times.
        pub counters: Vec<Series>,
        /// Median of the goroutines per dump.
        pub median_goroutines: f64,
        /// Milliseconds spent on comparing, measured by the worker; 0 when it has no clock.
        pub compare_millis: f64,
    }

    /// One of the dumps that are compared.
    pub struct ComparedDump {
        /// As in [`Dump::id`](crate::Dump::id).
        pub dump: u32,
        /// What its process is called, as short as it can be.
        pub name: String,
        /// What is in it.
        pub goroutines: u64,
        /// Milliseconds since 1970.
        pub at_millis: Option<i64>,
        /// It is of another process than the one before.
        pub begins_process: bool,
        /// Groups that stand out in it.
        pub outliers: u32,
        /// The worst finding that several dumps together make about it.
        pub severity: Option<Severity>,
    }

    /// Groups by what happened to them.
    #[derive(Default, Copy, Eq)]
    pub struct StatusCounts {
        /// New ones.
        pub new: u32,
        /// Gone ones.
        pub gone: u32,
        /// Grown ones.
        pub grown: u32,
        /// Shrunk ones.
        pub shrunk: u32,
        /// Those that did not change.
        pub same: u32,
    }

    /// A group in a chart.
    pub struct TrendLine {
        /// The group.
        pub key: String,
        /// What it is called.
        pub name: String,
        /// What its goroutines do.
        pub category: Category,
        /// Goroutines in each dump.
        pub counts: Vec<u64>,
    }

    /// Which rows of a comparison to list, and how.
    #[derive(Default)]
    pub struct ChangeQuery {
        /// As [`GroupQuery::text`](crate::protocol::GroupQuery::text).
        pub text: String,
        /// Categories to keep; empty means all.
        pub categories: Vec<Category>,
        /// What happened to the groups wanted; empty means anything.
        pub statuses: Vec<GroupStatus>,
        /// Column to sort by.
        pub sort: ChangeSort,
        /// Smallest first.
        pub ascending: bool,
        /// Leave out groups that are idle wherever they are.
        pub hides_idle: bool,
    }

    /// Some rows of a comparison.
    pub struct ChangePage {
        /// Index of the first row.
        pub offset: u32,
        /// The rows.
        pub rows: Vec<ChangeRow>,
        /// Groups that match the query.
        pub matched_groups: u32,
        /// Why the query can't be used; the rows then ignore its text.
        pub invalid_query: Option<String>,
    }

    /// One group in all dumps.
    pub struct ChangeRow {
        /// The group.
        pub key: String,
        /// What happened to it.
        pub status: GroupStatus,
        /// Goroutines in each dump, in the order of [`ComparisonView::dumps`].
        pub counts: Vec<u64>,
        /// Target minus baseline.
        pub delta: i64,
        /// Goroutines of it that the baseline does not have.
        pub born: Option<u64>,
        /// Goroutines of it that the target does not have.
        pub ended: Option<u64>,
        /// Goroutines that have not moved.
        pub stuck: Option<u64>,
        /// Growth per minute.
        pub per_minute: Option<f64>,
        /// How it went.
        pub trend: Option<Trend>,
        /// The median over the instances of a fleet.
        pub median: Option<f64>,
        /// The median distance from it.
        pub deviation: Option<f64>,
        /// Positions of the dumps in which it stands out, the oddest first.
        pub outliers: Vec<u32>,
        /// Positions of the dumps without it although most have it.
        pub missing: Vec<u32>,
        /// What they do.
        pub category: Category,
        /// Go's most frequent word for it.
        pub state: String,
        /// As [`GroupRow::top`](crate::protocol::GroupRow::top).
        pub top: Option<FrameView>,
        /// As [`GroupRow::leaf`](crate::protocol::GroupRow::leaf).
        pub leaf: Option<FrameView>,
        /// Waits in the target; in the last dump that has it when it is gone.
        pub wait_minutes: Option<WaitMinutes>,
        /// Name of the idle pattern, when it is idle in all dumps that have it.
        pub idle: Option<String>,
        /// The worst finding that speaks for it.
        pub severity: Option<Severity>,
    }

    /// One group in all dumps, in full.
    pub struct ChangeDetail {
        /// As in the table.
        pub row: ChangeRow,
        /// The dump whose stack is shown: the target, or the last that has the group.
        pub dump: u32,
        /// Key of the group in that dump: what [`Request::Group`](crate::protocol::Request::Group) takes.
        pub group: String,
        /// Leaf first.
        pub stack: Vec<FrameView>,
        /// The `go` statement.
        pub created_by: Option<FrameView>,
        /// Index into `stack` of the first application frame from the leaf.
        pub culprit: Option<u32>,
        /// Goroutines by wait in that dump.
        pub wait_histogram: Vec<WaitBar>,
        /// Goroutines of the baseline's group: what `stuck` is a part of.
        pub before: u64,
        /// Minutes until the group has a million goroutines at the pace it grows; `None` unless it grows.
        pub minutes_to_million: Option<f64>,
        /// A group of the other side whose stack is nearly the same: a gone one for a new one, and the reverse.
        pub near: Option<NearGroup>,
        /// Ids of goroutines that have not moved, the first 50.
        pub stuck_goids: Vec<u64>,
        /// As Markdown, for the clipboard.
        pub markdown: String,
    }

    /// A group with nearly the same stack, and how the two differ.
    pub struct NearGroup {
        /// The other group.
        pub key: String,
        /// What happened to it.
        pub status: GroupStatus,
        /// Goroutines in it, in the dump that has it.
        pub goroutines: u64,
        /// Line by line, leaf first.
        pub lines: Vec<StackDiffLine>,
    }

    /// A line of two stacks laid side by side.
    pub struct StackDiffLine {
        /// Where it is.
        pub side: StackSide,
        /// The call; `None` where Go left frames out.
        pub frame: Option<FrameView>,
        /// It is the `go` statement.
        pub is_creator: bool,
    }

    /// One instance of a fleet against the median one.
    pub struct InstanceView {
        /// Position in [`ComparisonView::dumps`].
        pub position: u32,
        /// Groups that differ, the greatest excess over the median first, at most 50.
        pub rows: Vec<InstanceRow>,
        /// Groups that differ.
        pub n_rows: u32,
    }

    /// A group in one instance.
    pub struct InstanceRow {
        /// The group.
        pub key: String,
        /// What they do.
        pub category: Category,
        /// As [`GroupRow::top`](crate::protocol::GroupRow::top).
        pub top: Option<FrameView>,
        /// Goroutines in the instance.
        pub goroutines: u64,
        /// The median over the instances.
        pub median: f64,
        /// It stands out.
        pub is_outlier: bool,
        /// It is missing although most instances have it.
        pub is_missing: bool,
    }

    /// What changed about a row of the groups table.
    pub struct RowChange {
        /// What happened to it.
        pub status: GroupStatus,
        /// Target minus baseline.
        pub delta: i64,
        /// Goroutines in each dump, in the order of [`ComparisonView::dumps`].
        pub counts: Vec<u64>,
        /// Goroutines that have not moved.
        pub stuck: Option<u64>,
        /// It stands out in this dump.
        pub is_outlier: bool,
    }
}

words! {
    /// A column of a comparison.
    #[derive(Default)]
    pub enum ChangeSort {
        /// The greatest change first; in a fleet the oddest group first.
        #[default]
        Rank = "rank",
        /// Target minus baseline.
        Delta = "delta",
        /// Goroutines in the target.
        Goroutines = "goroutines",
        /// Goroutines in the baseline.
        Before = "before",
        /// Growth per minute.
        PerMinute = "per-minute",
        /// Goroutines that have not moved.
        Stuck = "stuck",
        /// Name of the top frame.
        Function = "function",
        /// State.
        State = "state",
        /// The median over the instances.
        Median = "median",
    }

    /// Where a line of two stacks is.
    pub enum StackSide {
        /// In both.
        Both = "both",
        /// Only in the group on show.
        This = "this",
        /// Only in the other group.
        Other = "other",
    }
}
