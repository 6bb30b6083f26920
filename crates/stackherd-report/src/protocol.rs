//! What the page asks its worker and what comes back.
//!
//! Messages travel as postcard bytes. A [`Request::Chunk`] carries its bytes beside the message, as a
//! transferred `ArrayBuffer`, so that a dump is never copied on the page. Every view answers one question of one
//! pane: the rows in sight, one group, one page of goroutines.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub use crate::compared::*;
pub use crate::detailed::*;
pub use crate::judged::*;
use crate::report::{
    Category, CategoryCount, Dump, InputIssue, InputKind, IssueKind, Language, Origin, Severity, Similarity, WaitMinutes,
    contract,
};
use crate::words::words;

contract! {
    /// What the page asks.
    ///
    /// `input` is a number the page chooses for a file, never used twice. A file may hold several dumps; the worker numbers
    /// them, and never uses a number twice either. `ask` comes back in the answer, so that an answer overtaken by a newer
    /// question can be dropped.
    pub enum Request {
        /// A file follows in chunks.
        Open {
            /// Chosen by the page.
            input: u32,
            /// File name.
            name: String,
            /// RFC 3339, when known.
            captured_at: Option<String>,
        },
        /// The next bytes of a file, in order; answered by [`Response::Progress`].
        Chunk {
            /// The file they belong to.
            input: u32,
        },
        /// The file is complete; answered by [`Response::Opened`] or [`Response::Failed`].
        Finish {
            /// The file.
            input: u32,
            /// The reader stopped it: what was read so far is kept and marked as incomplete.
            stopped: bool,
        },
        /// Forget a file that is being read. Not answered.
        Cancel {
            /// The file.
            input: u32,
        },
        /// Forget a dump. Not answered.
        Remove {
            /// The dump.
            dump: u32,
        },
        /// Rows of the groups table; answered by [`Response::Groups`].
        Groups {
            /// Comes back in the answer.
            ask: u32,
            /// The dump.
            dump: u32,
            /// Which groups, in which order.
            query: GroupQuery,
            /// First row wanted.
            offset: u32,
            /// Rows wanted at most.
            limit: u32,
        },
        /// One group in full; answered by [`Response::Group`].
        Group {
            /// Comes back in the answer.
            ask: u32,
            /// The dump.
            dump: u32,
            /// The group.
            key: String,
        },
        /// Rows of the goroutines of one group; answered by [`Response::Goroutines`].
        Goroutines {
            /// Comes back in the answer.
            ask: u32,
            /// The dump.
            dump: u32,
            /// The group.
            key: String,
            /// First row wanted, in the order of the dump. In a profile a row stands for several goroutines.
            offset: u32,
            /// Rows wanted at most; fewer come at the end.
            limit: u32,
        },
        /// What is wrong with a dump; answered by [`Response::Findings`].
        Findings {
            /// Comes back in the answer.
            ask: u32,
            /// The dump.
            dump: u32,
            /// Of the sentences.
            language: Language,
        },
        /// Rows of the objects that goroutines wait for; answered by [`Response::Blocking`].
        Blocking {
            /// Comes back in the answer.
            ask: u32,
            /// The dump.
            dump: u32,
            /// Of the sentences.
            language: Language,
        },
        /// Who started whom; answered by [`Response::Ancestry`].
        Ancestry {
            /// Comes back in the answer.
            ask: u32,
            /// The dump.
            dump: u32,
        },
        /// What a rule finds, why it matters, an example and its limits; answered by [`Response::RuleDoc`].
        RuleDoc {
            /// Comes back in the answer.
            ask: u32,
            /// The rule.
            rule: String,
            /// Of the text.
            language: Language,
        },
        /// A text to act with; answered by [`Response::Exported`].
        Export {
            /// Comes back in the answer.
            ask: u32,
            /// The dump.
            dump: u32,
            /// Which text.
            kind: ExportKind,
            /// Of the sentences.
            language: Language,
        },
        /// The reader's own rules, as TOML or JSON; empty for none. All dumps are judged again. Answered by
        /// [`Response::Rules`].
        Rules {
            /// Comes back in the answer.
            ask: u32,
            /// The file.
            text: String,
        },
        /// How alike the goroutines of a group are from now on, in all dumps; answered by [`Response::Regrouped`]. Keys of
        /// groups change with it.
        Regroup {
            /// Comes back in the answer.
            ask: u32,
            /// How alike.
            similarity: Similarity,
            /// A dump and the group on show in it: the answer says which group has that stack now.
            open: Option<(u32, String)>,
        },
        /// When a dump was taken, as the reader says. Not answered.
        CapturedAt {
            /// The dump.
            dump: u32,
            /// RFC 3339; `None` for what the file says.
            captured_at: Option<String>,
        },
        /// How to tell instances from the names of dumps: a regular expression whose first group, or whole match, is the
        /// name; empty for Stackherd's own way. Answered by [`Response::InstancePattern`].
        InstancePattern {
            /// Comes back in the answer.
            ask: u32,
            /// The expression.
            pattern: String,
        },
        /// How the dumps differ; answered by [`Response::Compared`]. What is asked about rows from now on is about this
        /// comparison.
        Compare {
            /// Comes back in the answer.
            ask: u32,
            /// What the reader decides.
            options: CompareOptions,
            /// Of the sentences.
            language: Language,
        },
        /// Rows of the comparison; answered by [`Response::Changes`].
        Changes {
            /// Comes back in the answer.
            ask: u32,
            /// Which rows, in which order.
            query: ChangeQuery,
            /// First row wanted.
            offset: u32,
            /// Rows wanted at most.
            limit: u32,
        },
        /// One row of the comparison in full; answered by [`Response::Change`].
        Change {
            /// Comes back in the answer.
            ask: u32,
            /// The group.
            key: String,
        },
        /// One instance against the median one; answered by [`Response::Instance`].
        Instance {
            /// Comes back in the answer.
            ask: u32,
            /// The dump.
            dump: u32,
        },
        /// Which packages are the reader's own, by prefix; empty means to infer it. Not answered.
        AppPrefixes {
            /// For example `shop.example/checkout`.
            prefixes: Vec<String>,
        },
    }

    /// What the worker answers.
    pub enum Response {
        /// The worker runs and takes requests.
        Ready,
        /// A chunk was read.
        Progress {
            /// The file.
            input: u32,
            /// Bytes taken in so far, as they came (compressed bytes for a compressed input).
            bytes: u64,
            /// Goroutines found so far.
            goroutines: u64,
        },
        /// A file was read.
        Opened {
            /// The number the page chose.
            input: u32,
            /// What was read.
            opened: Opened,
        },
        /// A file could not be read; it is forgotten.
        Failed {
            /// The number the page chose.
            input: u32,
            /// Why.
            failure: Failure,
        },
        /// Rows of the groups table.
        Groups {
            /// From the question.
            ask: u32,
            /// From the question.
            dump: u32,
            /// The rows.
            page: GroupPage,
        },
        /// One group.
        Group {
            /// From the question.
            ask: u32,
            /// From the question.
            dump: u32,
            /// `None` when the dump has no such group.
            detail: Option<Box<GroupDetail>>,
        },
        /// Goroutines of one group.
        Goroutines {
            /// From the question.
            ask: u32,
            /// From the question.
            dump: u32,
            /// The group.
            key: String,
            /// Index of the first one.
            offset: u32,
            /// The goroutines.
            rows: Vec<GoroutineRow>,
        },
        /// What is wrong with a dump.
        Findings {
            /// From the question.
            ask: u32,
            /// From the question.
            dump: u32,
            /// The verdict and the findings.
            judgement: Judgement,
        },
        /// Objects that goroutines wait for.
        Blocking {
            /// From the question.
            ask: u32,
            /// From the question.
            dump: u32,
            /// The objects.
            blocking: BlockingView,
        },
        /// Who started whom.
        Ancestry {
            /// From the question.
            ask: u32,
            /// From the question.
            dump: u32,
            /// The tree.
            ancestry: AncestryView,
        },
        /// What a rule is about.
        RuleDoc {
            /// From the question.
            ask: u32,
            /// From the question.
            rule: String,
            /// Markdown: paragraphs under four headings. Empty for a rule of the reader's own.
            markdown: String,
        },
        /// A text to act with.
        Exported {
            /// From the question.
            ask: u32,
            /// From the question.
            dump: u32,
            /// The text.
            text: String,
        },
        /// All dumps were grouped anew. Listings, details and comparisons are to be asked for again.
        Regrouped {
            /// From the question.
            ask: u32,
            /// From the question.
            similarity: Similarity,
            /// The group that has the stack of the one that was open.
            open: Option<(u32, String)>,
        },
        /// The pattern of instance names was taken, or not.
        InstancePattern {
            /// From the question.
            ask: u32,
            /// Why it was not taken; `None` when it was. The comparison is to be asked for again.
            error: Option<String>,
        },
        /// How the dumps differ.
        Compared {
            /// From the question.
            ask: u32,
            /// `None` when there are fewer than two dumps with goroutines.
            view: Option<Box<ComparisonView>>,
        },
        /// Rows of the comparison.
        Changes {
            /// From the question.
            ask: u32,
            /// The rows.
            page: ChangePage,
        },
        /// One row of the comparison.
        Change {
            /// From the question.
            ask: u32,
            /// `None` when the comparison has no such group.
            detail: Option<Box<ChangeDetail>>,
        },
        /// One instance against the median one.
        Instance {
            /// From the question.
            ask: u32,
            /// From the question.
            dump: u32,
            /// `None` when it is not compared.
            view: Option<Box<InstanceView>>,
        },
        /// The reader's rules were taken, or not.
        Rules {
            /// From the question.
            ask: u32,
            /// Why they were not taken, with the line; `None` when they were. Listings and judgements are to be asked for
            /// again.
            error: Option<String>,
        },
    }

    /// Which groups to list, and how.
    #[derive(Default)]
    pub struct GroupQuery {
        /// What to look for in functions, files, states and creators. Empty means all.
        /// Text between slashes is a regular expression; other text is a substring, in which case matters only
        /// when it holds a capital letter.
        pub text: String,
        /// Categories to keep; empty means all.
        pub categories: Vec<Category>,
        /// Column to sort by.
        pub sort: SortKey,
        /// Smallest first.
        pub ascending: bool,
        /// Leave out groups that are idle.
        pub hides_idle: bool,
    }

    /// What was read of a file.
    pub struct Opened {
        /// Its dumps, in their order, at least one. [`Dump::id`] is the worker's number.
        pub dumps: Vec<DumpSummary>,
        /// Entries of an archive that could not be read.
        pub issues: Vec<InputIssue>,
    }

    /// What the header, the overview strip and the issues panel show of a dump.
    pub struct DumpSummary {
        /// As in the report.
        pub dump: Dump,
        /// Number of groups.
        pub groups: u64,
        /// Largest first.
        pub by_category: Vec<CategoryCount>,
        /// The longest wait printed, in minutes.
        pub max_wait_minutes: Option<u32>,
        /// The first group of the default ranking.
        pub largest: Option<GroupRow>,
        /// The reader of the page stopped the reading before its end.
        pub stopped: bool,
        /// Memory that the worker holds for all dumps, in bytes; 0 when it can't tell.
        pub memory_bytes: u64,
        /// Milliseconds spent in the core and engine on this dump, measured by the worker; 0 when it has no clock.
        pub parse_millis: f64,
        /// Milliseconds of these spent on idle patterns, objects, ancestry and rules; 0 without a clock.
        pub judge_millis: f64,
    }

    /// Some rows of the groups table.
    pub struct GroupPage {
        /// Index of the first row.
        pub offset: u32,
        /// The rows.
        pub rows: Vec<GroupRow>,
        /// Groups that match the query.
        pub matched_groups: u32,
        /// Goroutines in them.
        pub matched_goroutines: u64,
        /// Goroutines in the whole dump.
        pub goroutines: u64,
        /// Why the query can't be used; the rows then ignore its text.
        pub invalid_query: Option<String>,
    }

    /// A row of the groups table.
    pub struct GroupRow {
        /// The group.
        pub key: String,
        /// Position in the default ranking, from 1.
        pub rank: u32,
        /// Goroutines in it.
        pub goroutines: u64,
        /// What they do.
        pub category: Category,
        /// Go's most frequent word for it.
        pub state: String,
        /// The first application frame from the leaf; without one, the entry function, runtime frames skipped. `None` for an
        /// empty stack.
        pub top: Option<FrameView>,
        /// What they wait in: the leaf, the runtime's frames and the standard library's plumbing skipped, when it differs from
        /// `top`.
        pub leaf: Option<FrameView>,
        /// The `go` statement.
        pub created_by: Option<FrameView>,
        /// Waits; `None` if none is known.
        pub wait_minutes: Option<WaitMinutes>,
        /// Goroutines that the runtime marked as leaked.
        pub leaked: u64,
        /// Name of the idle pattern.
        pub idle: Option<String>,
        /// The finding that speaks for it.
        pub finding: Option<FindingBadge>,
        /// 0 to 1, why it ranks where it does.
        pub score: f32,
        /// What changed, when the dump is compared with others.
        pub change: Option<RowChange>,
    }

    /// A finding in a row.
    pub struct FindingBadge {
        /// Index into [`Judgement::findings`].
        pub index: u32,
        /// The rule's name.
        pub rule: String,
        /// How bad it is.
        pub severity: Severity,
    }

    /// A frame, cut into the pieces a view prints.
    pub struct FrameView {
        /// Full name: `shop.example/checkout/internal/worker.(*Pool).run`.
        pub function: String,
        /// Last element of the package path: `worker`. Empty for C functions.
        pub package: String,
        /// The rest of the name: `(*Pool).run`.
        pub name: String,
        /// As printed; empty when the dump has none.
        pub file: String,
        /// The file and its folder: `worker/worker.go`.
        pub short_file: String,
        /// From 1; 0 when the dump has none.
        pub line: u32,
        /// Whose code it is.
        pub origin: Origin,
        /// The compiler inlined the call.
        pub inlined: bool,
    }

    /// Why a dump could not be read.
    pub struct Failure {
        /// For programs.
        pub kind: IssueKind,
        /// What the input looks like, when that is known.
        pub looks_like: Option<InputKind>,
        /// What it is and what to do, in plain English.
        pub message: String,
    }
}

words! {
    /// A text to act with.
    pub enum ExportKind {
        /// Go options that make goleak ignore the idle goroutines.
        GoleakOptions = "goleak-options",
        /// A Prometheus alert rule from the observed count.
        PrometheusRule = "prometheus-rule",
        /// A summary of the incident as Markdown.
        IncidentSummary = "incident-summary",
    }

    /// A column of the groups table.
    #[derive(Default)]
    pub enum SortKey {
        /// The default ranking.
        #[default]
        Rank = "rank",
        /// Goroutines.
        Goroutines = "goroutines",
        /// State.
        State = "state",
        /// Name of the top frame.
        Function = "function",
        /// Name of the creator.
        CreatedBy = "created-by",
        /// The longest wait.
        MaxWait = "max-wait",
        /// The median wait.
        P50Wait = "p50-wait",
        /// What changed, when the dump is compared with others.
        Delta = "delta",
    }
}
