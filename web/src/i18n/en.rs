//! English.

use stackherd_report::protocol::InputKind;
use stackherd_report::{Category, CrashKind, Format, IssueKind};

use super::{Advice, RowName, Shared, Texts};
use crate::model::Theme;

const TAKE: Option<&str> = Some("curl -s 'localhost:6060/debug/pprof/goroutine?debug=2' > dump.txt");

pub(super) const TEXTS: Texts = Texts {
    promise: "Your dump never leaves this page",
    promise_long: "Your dump never leaves this page: its security policy forbids every request, and nothing of a dump is stored.",
    loaded_dumps: "Loaded dumps",
    add_dump: "Add dump",
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
    tab_issues: "Issues",
    filter: "Filter groups",
    filter_hint: "Filter: text or /regex/ in functions, files, states and creators",
    clear_filter: "Clear filter",
    invalid_filter: |why| format!("The expression can't be used: {why}"),

    empty_title: "See why your goroutines are stuck",
    empty_lead: "Open one goroutine dump to see which goroutines share a stack. Open several to see them side by side.",
    drop_here: "Drop dumps here",
    or_paste: "or paste text with",
    drop_now: "Drop to read it here",
    open_files: "Open files",
    open_folder: "Open folder",
    paste: "Paste",
    accepted: "debug=2 text, runtime.Stack, SIGQUIT, panic and fatal error output",
    accepted_compressed: ".gz of these; any Go version",
    try_sample: "Try a sample",
    samples: [
        ("HTTP client without timeout", "requests hang on a slow upstream, each holds two more goroutines"),
        ("Send that nobody receives", "the first answer wins, the other senders stay blocked for good"),
        ("Mutex deadlock", "two transfers take two locks in opposite order, readers pile up"),
        ("Subscriptions never closed", "three goroutines for each of 3,330 clients that went away"),
    ],
    n_goroutines: |n| format!("{n} goroutines"),
    take_dump: "How to take a dump",
    take_running: "Running service",
    take_large: "Very large",
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
        format!("{goroutines} {noun}, {percent}, {state}, {}{oldest}", [*function, *place].join(" ").trim())
    },
    resize: "Width of the detail",

    detail: "Group detail",
    back_to_groups: "Groups",
    markdown: "Markdown",
    copy_markdown: "Copy as Markdown (y)",
    detail_views: "Views of the group",
    tab_stack: "Stack",
    tab_goroutines: "Goroutines",
    goroutines: "goroutines",
    wait_p50_max: |p50, max| format!("wait p50 {p50}, max {max}"),
    stack: "Stack",
    origin_app: "app bold",
    origin_others: "dependency normal, stdlib dim",
    created_by: "created by",
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
    },
    issue_message: |issue, _| issue.message.clone(),

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
    key_escape: "close, then clear the filter, then cancel reading",
    key_dumps: "previous, next dump",
    key_copy: "copy the group as Markdown",
    key_open_files: "open files, add a dump",
    key_paste: "paste a dump",
    key_help: "all keys",
    close: "Close",

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
    parsed_in: |time| format!("read in {time}"),
    memory: |size| format!("{size} of memory"),
    hint_move: "move",
    hint_open: "open",
    hint_filter: "filter",
    hint_keys: "all keys",
    hint_open_files: "open",
    copied_markdown: "Copied as Markdown",
    copied: |text| format!("Copied {text}"),
    copy_refused: "The browser refused to copy. Select the text and copy it by hand.",
    nothing_to_read: "There was no file and no text in it.",
    ready: |groups, goroutines| format!("Ready: {groups} groups, {goroutines} goroutines"),
};

fn advice(kind: InputKind) -> Advice {
    let advice = |what, todo, command| Advice { what, todo, command };
    match kind {
        InputKind::Empty => {
            advice("The input is empty.", "Check that the command that wrote it worked, and take the dump again:", TAKE)
        }
        InputKind::CountedProfile => advice(
            "This is debug=1 text: stacks with counts, without ids and waits.",
            "It can't be read yet. Take debug=2 of the same process:",
            TAKE,
        ),
        InputKind::ProtobufProfile => advice(
            "This is a protobuf profile, as debug=0 and go tool pprof write it.",
            "It can't be read yet. Take the goroutines as debug=2 text:",
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
        InputKind::ThreadcreateProfile => advice(
            "This is a thread creation profile. It holds operating system threads, not goroutines.",
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
        InputKind::Goleak => advice(
            "This is a goleak report without goroutine headers.",
            "Paste the whole output of go test, with the lines that start with “goroutine” or “Goroutine”.",
            Some("go test ./... 2>&1 | tee test.log"),
        ),
        InputKind::Race => advice(
            "This is a race detector report. It tells of accesses, not of waiting goroutines.",
            "For the goroutines that are stuck now, take a dump:",
            TAKE,
        ),
        InputKind::Delve => {
            advice("This is a delve listing.", "It can't be read yet. Take the dump from the process itself:", TAKE)
        }
        InputKind::PprofText => {
            advice("This is output of go tool pprof, which has already summed the stacks up.", "Take the dump itself:", TAKE)
        }
        InputKind::PprofIndex => {
            advice("This is the index page of /debug/pprof, or its error text.", "Ask for the goroutines with debug=2:", TAKE)
        }
        InputKind::Html => advice(
            "This is a web page. A log-in page or a proxy may have answered instead of the service.",
            "Ask the service itself, from where it runs:",
            TAKE,
        ),
        InputKind::Zip => advice(
            "This is a zip archive.",
            "It can't be opened here yet. Unpack it and drop the folder.",
            Some("unzip dumps.zip -d dumps"),
        ),
        InputKind::Tar => advice(
            "This is a tar archive.",
            "It can't be opened here yet. Unpack it and drop the folder.",
            Some("tar -xf dumps.tar"),
        ),
        InputKind::Compressed => {
            advice("This is compressed, but not with gzip.", "Unpack it first, or compress it with gzip.", None)
        }
        InputKind::Utf16 => advice(
            "This is UTF-16 text, as PowerShell writes it with >.",
            "Save it as UTF-8:",
            Some("Get-Content dump.txt | Set-Content -Encoding utf8 dump-utf8.txt"),
        ),
        InputKind::Image => advice("This is a picture.", "Take the dump as text:", TAKE),
        InputKind::Executable => {
            advice("This is a program, not its output.", "Run it, and take a dump of the running process:", TAKE)
        }
        InputKind::Binary => advice("These are bytes that are no text.", "Take the dump as text:", TAKE),
        InputKind::Text => advice(
            "This is text, but no line looks like “goroutine 1 [running]:”.",
            "Expected debug=2 text, runtime.Stack, SIGQUIT, panic or fatal error output. Take a dump:",
            TAKE,
        ),
    }
}
