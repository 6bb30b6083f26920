//! English.

use stackherd_report::report::{InputKind, Note, NoteKind};
use stackherd_report::{Category, CrashKind, Format, IssueKind};

use super::{Advice, CountsFact, RowName, Shared, Texts};
use crate::model::{Axis, Lacks, Theme, thousands};

const TAKE: Option<&str> = Some("curl -s 'http://localhost:6060/debug/pprof/goroutine?debug=2' > dump.txt");

pub(super) const TEXTS: Texts = Texts {
    blocking: &super::blocking::EN,
    compare: &super::compare::EN,
    fleet: &super::fleet::EN,
    ancestry: &super::ancestry::EN,

    promise: "Your dump never leaves this page",
    promise_long: "Your dump never leaves this page: its security policy forbids every request, and nothing of a dump is stored.",
    loaded_dumps: "Loaded dumps",
    add_dump: "Add dump",
    all_dumps: |n| format!("All {n} dumps"),
    find_dump: "Find a dump by its name",
    no_such_dump: "No dump has such a name.",
    remove_dump: |name| format!("Remove {name}"),
    theme: |theme| match theme {
        Theme::System => "Theme: as the system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    },
    language: "EN",
    switch_language: "切换到简体中文",
    keyboard_help: "All keys",
    views: "Views",
    tab_groups: "Groups",
    tab_numbers: "Numbers",
    tab_issues: "Issues",
    filter: "Filter groups",
    filter_hint: "Filter: text or /regex/ in functions, files, states and creators",
    clear_filter: "Clear filter",
    invalid_filter: |why| format!("The expression can't be used: {why}"),

    empty_title: "See why your goroutines are stuck",
    empty_lead: "Open one goroutine dump to find the leak. Open several to see what changed.",
    drop_here: "Drop dumps here",
    or_paste: "or paste text with",
    drop_now: "Drop to read it here",
    open_files: "Open files",
    open_folder: "Open folder",
    paste: "Paste",
    accepted: "Goroutine profiles (debug=0, 1 and 2), runtime.Stack, SIGQUIT and panic output, go test and goleak, delve and gops",
    accepted_compressed: "In logs of kubectl, docker and journald; in zip, tar.gz, gz, zst, xz and bz2; any Go version",
    try_sample: "Try a sample",
    samples: [
        ("HTTP client without timeout", "requests hang on a slow upstream, each holds two more goroutines"),
        ("Send that nobody receives", "the first answer wins, the other senders stay blocked for good"),
        ("Mutex deadlock", "two transfers take two locks in opposite order, readers pile up"),
        ("Subscriptions never closed", "three goroutines for each of 3,330 clients that went away"),
        ("A leak over 14 minutes", "five dumps of one service: which groups grow, and how fast"),
        ("Forty pods, three sick", "one dump each: the odd ones stand out"),
    ],
    n_goroutines: |n| if n == "1" { "1 goroutine".to_owned() } else { format!("{n} goroutines") },
    take_dump: "How to take a dump",
    take_running: "Running service",
    take_large: "100,000 and more",
    take_counted: "Counts and labels",
    take_no_endpoint: "No pprof endpoint",
    copy: "Copy",
    offline: "Works offline. No upload, no cookies, no analytics.",
    pasted_name: "pasted text",
    paste_title: "Paste a dump",
    paste_label: "Text of the dump",
    read_pasted: "Read",

    reading: |name| format!("Reading {name}"),
    read_so_far: |read, size, goroutines| format!("{read} of {size}, {goroutines} goroutines found"),
    waiting: "Waiting for the dumps before it",
    cancel: "Cancel",
    cancel_keeps: "keeps what was read so far",

    verdict: "Summary",
    shared: |fact| {
        let Shared { goroutines, total, percent, state, place, .. } = fact;
        let who = if fact.is_all {
            format!("All {goroutines} goroutines share one stack")
        } else {
            format!("{goroutines} of {total} goroutines ({percent}) share one stack")
        };
        let at = if place.is_empty() { String::new() } else { format!(" at {place}") };
        let oldest = fact.oldest.map(|oldest| format!(", oldest {oldest}")).unwrap_or_default();
        format!("{who}: {state}{at}{oldest}")
    },
    distinct: |goroutines, groups| format!("{goroutines} goroutines in {groups} groups, each with a stack of its own"),
    nothing: "This dump lists no goroutines",
    nothing_why: "It was read without a fault, but there is nothing in it. The issues may say why.",
    no_leaks: "No leaked goroutines",
    no_leaks_why: "The Go runtime looked for goroutines that can never go on and found none. That is a good result, not a proof of health: it does not see every leak.",
    races: |n| format!("A race report lists no goroutines; {} {}", thousands(n), if n == 1 { "race" } else { "races" }),
    races_why: "It tells which goroutines accessed the same memory at the same time. For goroutines that are stuck, take a dump of the running process.",
    counts,
    crash: |kind, message, goid| {
        let what = match kind {
            CrashKind::Panic => "panic",
            CrashKind::FatalError => "fatal error",
            CrashKind::Signal => "signal",
        };
        let whose = goid.map(|goid| format!(", in goroutine {goid}")).unwrap_or_default();
        format!("{what}: {message}{whose}")
    },
    started_by: |creator| format!("Started by {creator}."),
    marked_leaked: |goroutines| format!("The Go runtime marked {goroutines} of them as leaked."),
    only_leaked: "The Go runtime lists only leaked goroutines here.",
    lower_bound: "Cut off: counts are a lower bound",
    stopped: |goroutines| format!("Stopped. Showing the first {goroutines} goroutines."),
    declared_differs: |declared| format!("The dump declares {declared} goroutines"),
    kpi_goroutines: "Goroutines",
    kpi_groups: "Groups",
    kpi_top_group: "Top group",
    kpi_oldest: "Oldest wait",
    kpi_values: "Values",
    kpi_series: "Series",
    states: "Goroutine states",
    all_states: |n| format!("All {n}"),
    other_states: |n| format!("Other {n}, enlarged"),
    category: |category| match category {
        Category::Running => "running",
        Category::Runnable => "runnable",
        Category::ChanReceive => "chan receive",
        Category::ChanSend => "chan send",
        Category::Chan => "chan",
        Category::Select => "select",
        Category::Lock => "lock",
        Category::Wait => "cond / WaitGroup",
        Category::Io => "IO wait",
        Category::Syscall => "syscall",
        Category::Sleep => "sleep",
        Category::Runtime => "runtime",
        Category::Other => "other",
    },
    filter_state: |state| format!("Show only {state}"),

    groups: "Groups",
    n_of: |n, total| format!("{n} of {total}"),
    by_rank: "by rank",
    order_by_rank: "Order by rank",
    column_count: "Count",
    column_share: "Share",
    column_frame: "Top user frame, state → leaf",
    column_created_by: "Created by",
    column_wait: "Max, p50",
    no_match: "No group matches.",
    matched: |groups, goroutines| {
        let groups = if groups == "1" { "1 group matches".to_owned() } else { format!("{groups} groups match") };
        let goroutines = if goroutines == "1" { "1 goroutine".to_owned() } else { format!("{goroutines} goroutines") };
        format!("{groups}, {goroutines}")
    },
    no_stack: "no stack",
    entry_point: "entry point",
    row_name: |name| {
        let RowName { goroutines, percent, state, function, place, .. } = name;
        let oldest = name.oldest.map(|oldest| format!(", oldest {oldest}")).unwrap_or_default();
        let noun = if *goroutines == "1" { "goroutine" } else { "goroutines" };
        let change = name.change.map(|change| format!(", {change}")).unwrap_or_default();
        format!("{goroutines} {noun}, {percent}, {state}, {}{change}{oldest}", [*function, *place].join(" ").trim())
    },
    resize: "Width of the detail",
    no_waits: "This format has no wait times",
    lacks,

    series: "Numbers over time",
    series_chart: |names, from, to| format!("Chart of {names}, from {from} to {to}. The table below has all values."),
    series_keys: "Values at one place: arrow keys, Page Up, Page Down, Home and End move",
    series_hidden: |n| format!("{n} more in the table"),
    axis: |axis| match axis {
        Axis::Clock => "UTC",
        Axis::Elapsed => "elapsed",
        Axis::Line => "line",
        Axis::Index => "value",
    },
    at_clock: |time| format!("{time} UTC"),
    at_elapsed: |time| format!("{time} after the start"),
    nth_line: |n| format!("line {n}"),
    nth_value: |n| format!("value {n}"),
    column_time: "Time",
    column_name: "Name",
    column_value: "Value",
    column_change: "Change",

    detail: "Group detail",
    back_to_groups: "Groups",
    markdown: "Markdown",
    copy_markdown: "Copy as Markdown (y)",
    detail_views: "Views of the group",
    tab_stack: "Stack",
    tab_goroutines: "Goroutines",
    goroutines: |n| if n == "1" { "goroutine" } else { "goroutines" },
    wait_p50_max: |p50, max| format!("wait p50 {p50}, max {max}"),
    stack: "Stack",
    origin_app: "app bold",
    origin_others: "dependency normal, stdlib dim",
    created_by: "created by",
    no_creator: "not told by this format",
    elided: "… frames left out by Go …",
    runtime_frames: |n| format!("{n} runtime frames"),
    inlined: "inlined",
    copy_place: |place| format!("Copy {place}"),
    go_states: "States",
    wait_time: |n| format!("Wait time, {n} goroutines"),
    bar_minutes: |n| format!("1 bar = {n} min"),
    histogram: |from, to| format!("Histogram of waits from {from} to {to}"),
    labels: "Labels",
    parents: "Started by",
    goroutine: |goid| format!("goroutine {goid}"),
    not_in_dump: "not in this dump",
    locked_to_thread: |n| format!("{n} locked to a thread"),
    leaked: |n| format!("{n} leaked"),
    locked: "locked to thread",
    column_id: "id",
    column_state: "state",
    column_wait_one: "wait",
    column_parent: "parent",
    column_labels: "labels",

    issues_lead: "What was not understood, or limits what can be concluded. Every goroutine is either in a group or listed here.",
    no_issues: "No issues: every goroutine was understood.",
    column_line: "Line",
    column_kind: "Kind",
    column_times: "Times",
    column_message: "What was seen",
    column_excerpt: "Excerpt",
    issue_kind: |kind| match kind {
        IssueKind::Truncated => "cut off",
        IssueKind::MalformedHeader => "malformed header",
        IssueKind::MalformedFrame => "malformed frame",
        IssueKind::OrphanFrame => "orphan frame",
        IssueKind::DuplicateGoroutine => "duplicate goroutine",
        IssueKind::StackUnavailable => "stack unavailable",
        IssueKind::InterleavedText => "interleaved text",
        IssueKind::CountMismatch => "count mismatch",
        IssueKind::UnsupportedProfile => "unsupported profile",
        IssueKind::Unrecognized => "unrecognized",
        IssueKind::InvalidCompression => "invalid compression",
        IssueKind::TooLarge => "too large",
        IssueKind::EncryptedArchive => "encrypted archive",
        IssueKind::SkippedArchiveEntry => "skipped archive entry",
        IssueKind::Unsymbolized => "no symbol names",
        IssueKind::OtherFormat => "other format left out",
        IssueKind::OverlongLine => "overlong line",
    },
    issue_message: |issue, _| issue.message.clone(),
    not_read: "Not read",
    not_read_lead: "Files and entries of archives in which no dump could be read.",
    not_read_why: |_| None,
    look_at: |name| format!("Look at {name}"),
    how_read: "How this was read",
    from_line: |line| format!("from line {line}"),
    from_source: |source| format!("from {source}"),
    note_kind: |kind| match kind {
        NoteKind::Utf16 => "UTF-16",
        NoteKind::TerminalCodes => "terminal codes",
        NoteKind::CriPrefix => "container runtime prefix",
        NoteKind::KubectlPrefix => "pod prefix",
        NoteKind::ComposePrefix => "service prefix",
        NoteKind::TimestampPrefix => "time stamps",
        NoteKind::SyslogPrefix => "syslog prefix",
        NoteKind::LogPrefix => "log prefix",
        NoteKind::JsonRecords => "JSON records",
        NoteKind::EscapedText => "escaped text",
        NoteKind::Html => "HTML",
        NoteKind::Markdown => "Markdown",
        NoteKind::Table => "table",
        NoteKind::HardWrap => "wrapped lines",
        NoteKind::NewestFirst => "newest first",
        NoteKind::InferredState => "inferred states",
        NoteKind::ChannelDirection => "channel direction",
        NoteKind::Delta => "differences",
        NoteKind::RaceReport => "race report",
        NoteKind::OtherText => "other text",
    },
    note_message,

    failed: |name| format!("No goroutines found in {name}"),
    advice,
    unreadable: "The browser could not read this file.",
    unreadable_todo: "It may have been moved, changed or locked since you chose it. Choose it again.",
    crashed: "The reader stopped working, and the dumps it held are gone from memory.",
    crashed_todo: "A new reader is running and the files are still here. If it stops at the same dump again, the dump is too large for this browser tab; take a smaller one or open it alone.",
    broken: "The reader of dumps can't be started in this browser.",
    broken_todo: "Stackherd needs WebAssembly and workers from blob: addresses. Allow them for this page, or use a current browser.",
    details: "Details",
    read_again: "Read again",
    read_all_again: |n| format!("Read all {n} again"),
    remove: "Remove",
    reload_page: "Reload the page",

    keys_title: "Keys",
    keys_note: "Single letters do nothing while you type in a field.",
    key_filter: "go to the filter",
    key_move: "next, previous group",
    key_ends: "first, last group",
    key_open: "open the group",
    key_views: "groups, compare, fleet, blocked on, created by, issues",
    key_tree: "created by: close or go up, open or go down",
    key_escape: "close, then clear the filter, then cancel reading",
    key_dumps: "previous, next dump",
    key_copy: "copy the group as Markdown",
    key_open_files: "open files, add a dump",
    key_paste: "paste a dump",
    key_help: "all keys",
    close: "Close",

    n_values: |n| if n == "1" { "1 value".to_owned() } else { format!("{n} values") },
    n_groups_goroutines: |groups, goroutines| format!("{groups} groups, {goroutines} goroutines"),
    format: |format, crash| match (format, crash) {
        (Format::Traceback, None) => "debug=2 text",
        (Format::Traceback, Some(CrashKind::Panic)) => "panic output",
        (Format::Traceback, Some(CrashKind::FatalError)) => "fatal error output",
        (Format::Traceback, Some(CrashKind::Signal)) => "signal output",
        (Format::Counted, _) => "debug=1 text",
        (Format::Profile, _) => "protobuf profile",
        (Format::Goleak, _) => "goleak report",
        (Format::Race, _) => "race report",
        (Format::Delve, _) => "delve listing",
        (Format::Gops, _) => "gops listing",
        (Format::CounterLog, _) => "goroutine counts",
    },
    leaked_only: "leaked goroutines only",
    parsed_in: |time| format!("read in {time}"),
    memory: |size| format!("{size} of memory"),
    hint_move: "move",
    hint_open: "open",
    hint_filter: "filter",
    hint_keys: "all keys",
    hint_views: "then letter: switch view",
    hint_open_files: "open",
    copied_markdown: "Copied as Markdown",
    copied: |text| format!("Copied {text}"),
    copy_refused: "The browser refused to copy. Select the text and copy it by hand.",
    nothing_to_read: "There was no file and no text in it.",
    could_not_read: |name, more| match more {
        0 => format!("{name} could not be read. Issues say why."),
        1 => format!("{name} and 1 more file could not be read. Issues say why."),
        _ => format!("{name} and {more} more files could not be read. Issues say why."),
    },
    ready: |groups, goroutines| format!("Ready: {groups} groups, {goroutines} goroutines"),

    findings: super::findings::EN,
};

fn counts(fact: &CountsFact<'_>) -> String {
    let CountsFact { name, first, highest, .. } = fact;
    let Some(last) = fact.last else { return format!("{name} is {first}") };
    let span = fact.span.map(|span| format!(" in {span}")).unwrap_or_default();
    format!("{name} went from {first} to {last}{span}, highest {highest}")
}

fn lacks(lacks: Lacks) -> String {
    let words = [(lacks.ids, "ids"), (lacks.waits, "wait times"), (lacks.creators, "creators")];
    let words: Vec<&str> = words.into_iter().filter_map(|(is_lacking, word)| is_lacking.then_some(word)).collect();
    let list = match words.as_slice() {
        [first, second, third] => format!("{first}, {second} or {third}"),
        words => words.join(" or "),
    };
    format!("This format has no {list}. Take debug=2 for those.")
}

fn note_message(note: &Note) -> String {
    let n = thousands(note.count);
    let is_one = note.count == 1;
    let lines = if is_one { "1 line".to_owned() } else { format!("{n} lines") };
    let goroutines = if is_one { "1 goroutine".to_owned() } else { format!("{n} goroutines") };
    match note.kind {
        NoteKind::Utf16 => "The text was UTF-16 and was decoded.".to_owned(),
        NoteKind::TerminalCodes => format!("Terminal colour codes were removed from {lines}."),
        NoteKind::CriPrefix => format!("The container runtime's log prefix was removed from {lines}."),
        NoteKind::KubectlPrefix => format!("The pod's name was removed from {lines}."),
        NoteKind::ComposePrefix => format!("The service's name was removed from {lines}."),
        NoteKind::TimestampPrefix => format!("A time stamp was removed from {lines}."),
        NoteKind::SyslogPrefix => format!("The syslog prefix was removed from {lines}."),
        NoteKind::LogPrefix => format!("A log prefix was removed from {lines}."),
        NoteKind::JsonRecords => format!("The text was taken out of {n} JSON {}.", if is_one { "record" } else { "records" }),
        NoteKind::EscapedText => format!("Escaped line breaks were undone in {lines}."),
        NoteKind::Html => format!("HTML tags and entities were removed from {lines}."),
        NoteKind::Markdown => format!("Markdown quoting was undone in {lines}."),
        NoteKind::Table => format!("The text was taken out of a table of {lines}."),
        NoteKind::HardWrap => format!("{lines} broken at the width of a terminal were joined again."),
        NoteKind::NewestFirst => format!("{lines} stood in reverse order and were turned round."),
        NoteKind::InferredState => {
            format!("This format prints no states; those of {goroutines} were inferred from the frames.")
        }
        NoteKind::ChannelDirection => {
            format!("{goroutines} in a channel operation: this format does not tell sending from receiving. debug=2 does.")
        }
        NoteKind::Delta => {
            format!("This profile holds differences between two moments; {goroutines} that went away are not shown.")
        }
        NoteKind::RaceReport => {
            let races = if is_one { "1 race".to_owned() } else { format!("{n} races") };
            format!("The race detector reported {races}; such a report lists memory accesses, not goroutines.")
        }
        NoteKind::OtherText => format!("Other text around the stacks was skipped: {lines}."),
    }
}

fn advice(kind: InputKind) -> Advice {
    let advice = |what, todo, command| Advice { what, todo, command };
    match kind {
        InputKind::Empty => {
            advice("The input is empty.", "Check that the command that wrote it worked, and take the dump again:", TAKE)
        }
        InputKind::ProtobufProfile => advice(
            "This looks like a protobuf profile that is damaged at its start.",
            "Take the goroutines of the same process:",
            TAKE,
        ),
        InputKind::HeapProfile => advice(
            "This is a heap or allocation profile. It holds no goroutines.",
            "Take the goroutines of the same process:",
            TAKE,
        ),
        InputKind::BlockProfile => advice(
            "This is a block profile: where goroutines waited in the past, not which wait now.",
            "Take the goroutines of the same process:",
            TAKE,
        ),
        InputKind::MutexProfile => advice(
            "This is a mutex profile: where locks were contended, not which goroutines wait now.",
            "Take the goroutines of the same process:",
            TAKE,
        ),
        InputKind::ContentionProfile => advice(
            "This is a block or mutex profile: where goroutines waited in the past, not which wait now.",
            "Take the goroutines of the same process:",
            TAKE,
        ),
        InputKind::ThreadcreateProfile => advice(
            "This is a thread creation profile. It holds operating system threads, not goroutines.",
            "Take the goroutines of the same process:",
            TAKE,
        ),
        InputKind::CpuProfile => advice(
            "This is a CPU profile: what ran, not what waits. go tool pprof shows it.",
            "Take the goroutines of the same process:",
            TAKE,
        ),
        InputKind::CustomProfile => advice(
            "This is a profile of another kind. It holds no goroutines.",
            "Take the goroutines of the same process:",
            TAKE,
        ),
        InputKind::ExecutionTrace => advice(
            "This is an execution trace. go tool trace shows it.",
            "For the goroutines that are stuck now, take a dump:",
            TAKE,
        ),
        InputKind::PprofIndex => advice(
            "This is the index page of /debug/pprof, or its error text, such as 404.",
            "Ask for the goroutines, with nothing but debug=2 behind the question mark:",
            TAKE,
        ),
        InputKind::Html => advice(
            "This is a web page. A log-in page or a proxy may have answered instead of the service.",
            "Ask the service itself, from where it runs:",
            TAKE,
        ),
        InputKind::Archive => advice(
            "This is an archive in which no dump was found.",
            "Pack the text, the .pb.gz or the logs themselves, without a password. A dump is taken like this:",
            TAKE,
        ),
        InputKind::Compressed => advice(
            "This is compressed in a way that is not read here.",
            "Unpack it first, or use gzip, zstd, xz, bzip2, zip or tar.",
            None,
        ),
        InputKind::Image => advice("This is a picture.", "Take the dump as text:", TAKE),
        InputKind::Executable => {
            advice("This is a program, not its output.", "Run it, and take a dump of the running process:", TAKE)
        }
        InputKind::Binary => advice("These are bytes that are no text.", "Take the dump as text:", TAKE),
        InputKind::Text => advice(
            "This is text, but no line looks like “goroutine 1 [running]:”.",
            "Expected debug=1 or debug=2 text, a goroutine .pb.gz, crash output, or a log with one of them. Take a dump:",
            TAKE,
        ),
    }
}
