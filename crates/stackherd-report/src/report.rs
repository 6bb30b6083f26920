//! The report: one JSON contract for the terminal, JavaScript, the worker and tests.
//!
//! Fields are only ever added. All lists are ordered and deterministic; unknown is `null`, never a guess.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub use crate::words::*;

/// The schema id every report carries.
pub const SCHEMA: &str = "stackherd.report/1";

/// Derives what every type of the contract needs.
macro_rules! contract {
    ($($item:item)*) => {$(
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
        $item
    )*};
}
pub(crate) use contract;

contract! {
    /// Everything Stackherd concluded from one or several dumps.
    pub struct Report {
        /// Always [`SCHEMA`].
        pub schema: String,
        /// What wrote the report.
        pub generator: Generator,
        /// The files read, in the order given; one file may hold several dumps, or none.
        pub inputs: Vec<Input>,
        /// The dumps read, in the order given.
        pub dumps: Vec<Dump>,
        /// Sums over all dumps.
        pub totals: Totals,
        /// How alike the goroutines of a group are.
        pub similarity: Similarity,
        /// Goroutines that share a stack, in the default ranking.
        pub groups: Vec<Group>,
        /// Judgements with their evidence.
        pub findings: Vec<Finding>,
        /// How several dumps differ; `null` when they were not compared.
        pub comparison: Option<Comparison>,
        /// Objects that goroutines wait for, most waiters first, at most 1,000 of each dump.
        pub blocking: Vec<BlockingObject>,
        /// Who started whom: creation sites of each dump as a tree, at most 1,000 of each dump.
        pub ancestry: Vec<CreationSite>,
    }

    /// The program that wrote a report.
    pub struct Generator {
        /// `stackherd`.
        pub name: String,
        /// Its version.
        pub version: String,
    }

    /// A file, a paste or a stream as it was given.
    pub struct Input {
        /// As given.
        pub name: String,
        /// Its size as it came, compressed or not.
        pub bytes: u64,
        /// Its dumps, by [`Dump::id`].
        pub dumps: Vec<u32>,
        /// What of it could not be read.
        pub issues: Vec<InputIssue>,
    }

    /// A file, or an entry of an archive, that could not be read.
    pub struct InputIssue {
        /// Why.
        pub kind: IssueKind,
        /// The archive's entry; `null` for the whole input.
        pub entry: Option<String>,
        /// What it is and what to do, in plain English.
        pub message: String,
        /// What it looks like, when that is known.
        pub looks_like: Option<InputKind>,
    }

    /// One dump as read.
    pub struct Dump {
        /// Position in [`Report::dumps`].
        pub id: u32,
        /// File name; the path inside an archive is included. A file's second dump ends in ` #2`.
        pub name: String,
        /// Which pod, service or package of a shared log it comes from.
        pub source: Option<String>,
        /// What its process calls itself: a label that all labelled goroutines share, or what the reader's pattern finds in the
        /// name.
        pub instance: Option<String>,
        /// How Go printed it.
        pub format: Format,
        /// All goroutines, or only leaked ones.
        pub kind: DumpKind,
        /// Size of the input, uncompressed.
        pub bytes: u64,
        /// What the groups add up to.
        pub goroutines: u64,
        /// The dump's own total, when it states one.
        pub declared_goroutines: Option<u64>,
        /// Stacks that differ in a function, a file, a line or the creator.
        pub distinct_stacks: u64,
        /// For example `>=1.24`, when the text proves it.
        pub go_version: Option<String>,
        /// What ended the process, when the dump says so.
        pub crash: Option<Crash>,
        /// What was not understood, in the order of lines.
        pub issues: Vec<Issue>,
        /// What was peeled off or inferred, in the order of lines. Nothing of it is a fault.
        pub notes: Vec<Note>,
        /// Numbers over time, of a counter log.
        pub series: Vec<Series>,
        /// What is wrong, in one sentence.
        pub verdict: Verdict,
        /// Line of the input it starts at, from 1; 0 when the format has no lines.
        pub line: u64,
        /// RFC 3339, when the input or the caller gave it.
        pub captured_at: Option<String>,
    }

    /// The answer to "what is wrong?" of one dump.
    pub struct Verdict {
        /// What kind of trouble it is.
        pub kind: VerdictKind,
        /// State, count, place and age.
        pub title: String,
        /// What else is worth knowing; may be empty.
        pub detail: String,
        /// What would decide it, for a reader who has this dump only; may be empty.
        pub advice: String,
    }

    /// What ended the process.
    pub struct Crash {
        /// Panic, fatal error or signal.
        pub kind: CrashKind,
        /// The runtime's message, without its prefix.
        pub message: String,
        /// The goroutine it happened in, when the dump names one.
        pub goid: Option<u64>,
    }

    /// Something in the input that was not understood, or that limits what can be concluded.
    pub struct Issue {
        /// What it is.
        pub kind: IssueKind,
        /// Line number from 1, of the first occurrence.
        pub line: u64,
        /// How often it occurred.
        pub count: u64,
        /// What was seen and what to do, in plain English.
        pub message: String,
        /// The offending line, shortened, when there is one.
        pub excerpt: Option<String>,
        /// Where in the text it is, when the place is a byte and not a line.
        pub offset_bytes: Option<u64>,
        /// The goroutine it is about, when it is about one.
        pub goid: Option<u64>,
    }

    /// Something worth knowing about how a dump was read.
    pub struct Note {
        /// What it is.
        pub kind: NoteKind,
        /// Line number from 1, of the first occurrence; 0 when the format has no lines.
        pub line: u64,
        /// Lines, records or goroutines concerned; the kind says which.
        pub count: u64,
        /// In plain English.
        pub message: String,
    }

    /// One number over time.
    pub struct Series {
        /// What is counted, as the log words it: `go_goroutines`.
        pub name: String,
        /// `goroutines`, `MB`, `ms`; empty when unknown.
        pub unit: String,
        /// In the order of the log.
        pub points: Vec<Point>,
    }

    /// A number at a moment.
    pub struct Point {
        /// Line number from 1.
        pub line: u64,
        /// Milliseconds since 1970, or since the process started for logs that count from there; `null` when the line has no time.
        pub at_millis: Option<i64>,
        /// The number.
        pub value: f64,
    }

    /// Sums over all dumps of a report.
    pub struct Totals {
        /// Goroutines in all groups.
        pub goroutines: u64,
        /// Number of groups.
        pub groups: u64,
        /// Goroutines in groups known to be idle.
        pub idle_goroutines: u64,
        /// Goroutines per category; categories without goroutines are left out.
        #[cfg_attr(feature = "typescript", tsify(type = "Partial<Record<Category, number>>"))]
        pub by_category: BTreeMap<Category, u64>,
    }

    /// Goroutines that share a stack.
    pub struct Group {
        /// Position in the default ranking, from 1.
        pub rank: u32,
        /// 16 hexadecimal digits, stable across dumps, runs and machines for the same similarity.
        pub key: String,
        /// Goroutines in all dumps.
        pub goroutines: u64,
        /// Goroutines in each dump.
        pub per_dump: Vec<u64>,
        /// What the goroutines do.
        pub category: Category,
        /// Go's own words with their counts, most frequent first.
        pub wait_reasons: Vec<WaitReasonCount>,
        /// How long they wait; `null` if no wait is known.
        pub wait_minutes: Option<WaitMinutes>,
        /// The same in full, the shortest wait first: what adds up when reports are merged.
        pub wait_counts: Vec<WaitCount>,
        /// Leaf first.
        pub stack: Vec<Frame>,
        /// Go left frames out of the middle or the end.
        pub frames_elided: bool,
        /// The `go` statement that started them.
        pub created_by: Option<Site>,
        /// Index into `stack` of the first application frame from the leaf.
        pub culprit: Option<u32>,
        /// Name of the idle pattern.
        pub idle: Option<String>,
        /// Goroutines that the runtime marked as leaked.
        pub leaked: u64,
        /// Goroutines locked to an operating system thread.
        pub locked_to_thread: u64,
        /// Labels with their counts, most frequent first.
        pub labels: Vec<Label>,
        /// Ids of the first 100 goroutines, in the order of the dump.
        pub goids: Vec<u64>,
        /// 0 to 1, why it ranks where it does.
        pub score: f64,
    }

    /// One of Go's own words for a state.
    pub struct WaitReasonCount {
        /// As printed, without wait time and flags.
        pub text: String,
        /// Goroutines in that state.
        pub goroutines: u64,
    }

    /// The distribution of waits in whole minutes, as printed. Go rounds down, and counts from the garbage collection before
    /// the one that first saw the goroutine waiting, so a wait can be off by the time between two collections, about two
    /// minutes at most; waits under a minute are not printed (Go `runtime/mgcmark.go`, `waitsince`).
    pub struct WaitMinutes {
        /// Goroutines whose wait is printed.
        pub known: u64,
        /// The shortest printed wait.
        pub min: u32,
        /// The median.
        pub p50: u32,
        /// The 95th percentile.
        pub p95: u32,
        /// The longest.
        pub max: u32,
    }

    /// Goroutines that have waited for so long.
    #[derive(Copy, Eq)]
    pub struct WaitCount {
        /// As printed.
        pub minutes: u32,
        /// How many.
        pub goroutines: u64,
    }

    /// One call on a stack.
    pub struct Frame {
        /// Full name, escapes decoded: `example.com/app.(*Server).serve`.
        pub function: String,
        /// As printed.
        pub file: String,
        /// From 1; 0 when the dump has none.
        pub line: u32,
        /// Whose code it is.
        pub origin: Origin,
        /// The compiler inlined the call.
        pub inlined: bool,
    }

    /// A place in code.
    pub struct Site {
        /// Full name, escapes decoded.
        pub function: String,
        /// As printed.
        pub file: String,
        /// From 1; 0 when the dump has none.
        pub line: u32,
        /// Whose code it is.
        pub origin: Origin,
    }

    /// A profiler label.
    pub struct Label {
        /// Key.
        pub key: String,
        /// Value.
        pub value: String,
        /// Goroutines that carry it.
        pub goroutines: u64,
    }

    /// A judgement with its evidence.
    pub struct Finding {
        /// The pattern seen, in kebab case.
        pub rule: String,
        /// How bad it is.
        pub severity: Severity,
        /// How sure Stackherd is.
        pub confidence: Confidence,
        /// One sentence.
        pub title: String,
        /// Goroutines concerned.
        pub goroutines: u64,
        /// Ranks of the groups concerned.
        pub groups: Vec<u32>,
        /// Where they are stuck.
        pub culprit: Option<Site>,
        /// Where they were started.
        pub created_by: Option<Site>,
        /// What speaks for it.
        pub evidence: Vec<String>,
        /// What speaks against it.
        pub counter_evidence: Vec<String>,
        /// What to change.
        pub fix: Option<Fix>,
        /// Where to read on.
        pub reference: Option<String>,
        /// When it began.
        pub onset: Option<Onset>,
        /// The dump it is about, by [`Dump::id`].
        pub dump: u32,
        /// The dumps that show it together, when it takes several: for an odd instance those that stand out, the oddest first.
        pub dumps: Vec<u32>,
    }

    /// An estimate of when goroutines began to pile up, from the minutes that they wait.
    pub struct Onset {
        /// Minutes before the dump.
        pub minutes: u32,
        /// How far off that may be, either way.
        pub error_minutes: u32,
    }

    /// A pattern to change, not the reader's source.
    pub struct Fix {
        /// One sentence.
        pub summary: String,
        /// Go code that shows the pattern.
        pub before: String,
        /// Go code that mends it.
        pub after: String,
    }

    /// How several dumps differ.
    pub struct Comparison {
        /// Whether the dumps are of one process.
        pub relation: Relation,
        /// Why Stackherd thinks so.
        pub relation_why: String,
        /// In time or in space.
        pub mode: ComparisonMode,
        /// The dump the others compare to.
        pub baseline: u32,
        /// The dump that is compared to it: the last in time.
        pub target: u32,
        /// The dumps in the order of time; as given where that is unknown.
        pub order: Vec<u32>,
        /// Dumps of another process than the one before them in `order`.
        pub restarts: Vec<u32>,
        /// What the process of each dump is called, in the order of [`Report::dumps`].
        pub instances: Vec<String>,
        /// Minutes from baseline to target.
        pub minutes: Option<f64>,
        /// The dumps are of formats that tell different things; groups are joined by what all of them tell.
        pub mixed_formats: bool,
        /// What changed, in one sentence.
        pub title: String,
        /// What else is worth knowing; may be empty.
        pub detail: String,
        /// What became of the leaks of the baseline.
        pub outcome: Option<Outcome>,
        /// One row per group: the greatest change first, in a fleet the oddest first.
        pub groups: Vec<GroupChange>,
    }

    /// What became of the leaks of the baseline.
    pub struct Outcome {
        /// In one word.
        pub kind: OutcomeKind,
        /// In one sentence.
        pub title: String,
        /// Keys of the groups that leaked, the largest first.
        pub leaks: Vec<String>,
        /// Garbage collection before and after, when a `gctrace` log of both is there.
        pub gc: Option<GcChange>,
    }

    /// Numbers of `gctrace` logs before and after.
    pub struct GcChange {
        /// Live heap after a collection, in MB: the median before and after.
        pub live_heap_mb: (f64, f64),
        /// Milliseconds the world was stopped per collection: the median before and after.
        pub pause_ms: (f64, f64),
    }

    /// How one group changed.
    pub struct GroupChange {
        /// The group's key.
        pub key: String,
        /// What happened to it.
        pub status: GroupStatus,
        /// Goroutines in each dump, in the order of [`Report::dumps`].
        pub counts: Vec<u64>,
        /// Target minus baseline.
        pub delta: i64,
        /// Goroutines that the baseline does not have.
        pub born: Option<u64>,
        /// Goroutines that only the baseline has.
        pub ended: Option<u64>,
        /// Goroutines that have not moved.
        pub stuck: Option<u64>,
        /// Growth per minute, when times are known.
        pub per_minute: Option<f64>,
        /// Dumps in which this group stands out.
        pub outlier_dumps: Vec<u32>,
        /// Dumps without it although most others have it.
        pub missing_dumps: Vec<u32>,
        /// The median over the instances of a fleet.
        pub median: Option<f64>,
        /// The median distance from the median.
        pub deviation: Option<f64>,
        /// How it went over three dumps or more.
        pub trend: Option<Trend>,
    }

    /// How the count of a group went over time.
    pub struct Trend {
        /// In one word.
        pub course: Course,
        /// It never fell, and rose.
        pub monotone: bool,
        /// Typical growth per minute, robust against one odd dump; `null` when times are unknown.
        pub per_minute: Option<f64>,
        /// Minutes in which it doubles.
        pub doubling_minutes: Option<f64>,
    }

    /// Something that goroutines wait for.
    pub struct BlockingObject {
        /// Its address as Go prints it; empty when none is printed and only the waiting line is known.
        pub object: String,
        /// The address is the object's own, not that of the struct it is in.
        pub exact: bool,
        /// The dump it is in.
        pub dump: u32,
        /// What it is.
        pub kind: BlockingKind,
        /// Goroutines that wait for it.
        pub waiters: u64,
        /// Ranks of their groups.
        pub groups: Vec<u32>,
        /// Where most of them wait.
        pub waiting_at: Option<Site>,
        /// Their longest wait, in minutes.
        pub oldest_minutes: Option<u32>,
        /// Goroutines that may hold it, the likeliest first.
        pub holder_candidates: Vec<HolderCandidate>,
        /// The goroutines of the cycle it closes.
        pub cycle: Option<Vec<u64>>,
    }

    /// A goroutine that may hold an object.
    pub struct HolderCandidate {
        /// Its id.
        pub goid: u64,
        /// How likely it is.
        pub confidence: Confidence,
        /// What speaks for it.
        pub why: String,
    }

    /// A `go` statement as reached by one chain of creators: a line of the tree, which is listed from the top.
    pub struct CreationSite {
        /// The dump it is in.
        pub dump: u32,
        /// 0 for the roots; a site is below the last one before it with a smaller depth.
        pub depth: u32,
        /// The `go` statement; `null` for goroutines that none started, such as main.
        pub site: Option<Site>,
        /// Goroutines started here that are in the dump.
        pub goroutines: u64,
        /// Those, and all that descend from them.
        pub subtree: u64,
        /// Goroutines started here whose creator is not in the dump any more.
        pub orphans: u64,
        /// The longest wait of a goroutine started here, in minutes.
        pub oldest_minutes: Option<u32>,
    }
}

contract! {
    /// Goroutines in one category.
    pub struct CategoryCount {
        /// The category.
        pub category: Category,
        /// How many.
        pub goroutines: u64,
    }
}
