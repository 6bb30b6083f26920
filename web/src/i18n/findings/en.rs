//! English.

use stackherd_report::protocol::ExportKind;
use stackherd_report::{Confidence, Severity};

use super::FindingTexts;

pub(in crate::i18n) const TEXTS: FindingTexts = FindingTexts {
    copy_summary: "Copy summary",
    how_to_fix: "How to fix",
    kpi_concerned: "Affected",
    kpi_began: "Began",
    ago: |time| format!("~{time} ago"),

    findings: "Findings",
    by_severity: "by severity",
    severity: |severity| match severity {
        Severity::Critical => "Critical",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
    },
    good: "Good",
    confidence: "confidence",
    confidence_word: |confidence| match confidence {
        Confidence::Possible => "low",
        Confidence::Likely => "medium",
        Confidence::Certain => "high",
    },
    judging: "Looking for patterns",
    nothing: "Nothing unusual",
    nothing_checked: |groups| {
        let groups = if groups == "1" { "1 group".to_owned() } else { format!("{groups} groups") };
        format!(
            "{groups} were checked for leaks, deadlocks, lock queues, missing timeouts and other known patterns. None stands out."
        )
    },
    nothing_next: "One dump cannot prove growth. Take a second one a minute later.",
    more: |n| format!("Show {n} more"),
    idle_set_aside: |goroutines, groups| {
        let goroutines =
            if goroutines == "1" { "1 idle goroutine".to_owned() } else { format!("{goroutines} idle goroutines") };
        let groups = if groups == "1" { "1 group".to_owned() } else { format!("{groups} groups") };
        format!("{goroutines} in {groups} set aside")
    },
    hide_idle: "Hide idle",
    show_idle: "Show idle",
    all_idle: "All groups that match are idle.",

    idle: "idle",
    why_idle: "Why it is set aside as idle",
    tab_fix: "Fix",
    finding: "Finding",
    evidence: "Evidence",
    places: "Where",
    stuck_at: "stuck at",
    started_at: "created by",
    open_source: |place| format!("Open {place}"),
    in_groups: |groups| if groups == "1" { "in 1 group".to_owned() } else { format!("in {groups} groups") },
    pattern_note: "pattern, not your source",
    removed_line: "removed",
    added_line: "added",
    whole_finding: "Evidence and doubts",
    read_on: "Read on",
    counter_evidence: "Why this may be wrong",
    about_rule: |rule| format!("About the rule {rule}"),
    own_rule: "A rule of your own.",
    copy_finding: "Copy as Markdown",

    export: "Export",
    export_title: "Texts to act with",
    export_kind: |kind| match kind {
        ExportKind::GoleakOptions => "goleak options",
        ExportKind::PrometheusRule => "Prometheus rule",
        ExportKind::IncidentSummary => "Incident summary",
    },
    export_lead: |kind| match kind {
        ExportKind::GoleakOptions => "Go options that make goleak ignore the goroutines that are idle in this dump.",
        ExportKind::PrometheusRule => "An alert rule from the number of goroutines seen here. Adjust it to your peaks.",
        ExportKind::IncidentSummary => "The verdict and the findings as Markdown, for a ticket or a chat.",
    },
    export_empty: "There is nothing to export from this dump.",
    making: "Writing …",
    download: "Download",
    download_refused: "The browser refused to save the file. Copy the text instead.",

    settings: "Settings",
    rules: "Your rules",
    rules_lead: "Findings of your own, and groups to leave alone, as TOML or JSON.",
    rules_keys: [
        ("[[rule]]", "starts a finding of your own; all its conditions must hold, one is needed"),
        ("name, message", "what it is called, and its sentence with {count} and {place}"),
        ("severity", "info, warning or critical"),
        (
            "any_frame, top_frame, created_by",
            "a regular expression on a function or file:line of the stack, of its top, or of the go statement",
        ),
        ("state", "a list of Go's words: chan send, select, IO wait …"),
        ("min_count, min_wait_minutes", "goroutines and longest wait from which it counts"),
        ("fix, reference", "a sentence and an address to read on; optional"),
        (
            "[[ignore]]",
            "starts a pattern to set aside as idle: reason, and top_function, any_function, any_containing_pkg or created_by",
        ),
        ("mute, severity.RULE", "built-in rules that are not applied, or count for less or more"),
    ],
    rules_keys_title: "Keys",
    rules_taken: "These rules are in use.",
    rules_not_taken: |why| format!("Not taken, the rules before stay in use: {why}"),
    app_prefixes: "Your packages",
    app_prefixes_lead: "Prefixes of import paths, between commas. Empty: inferred from the dump.",
    source_link: "Link to your source",
    source_link_lead: "{path}, {line} and {func} are filled in. Begins with https://, http://, vscode:// or idea://; followed only when you click.",
    source_link_refused: "A link begins with https://, http://, vscode:// or idea://.",
    apply: "Apply",
    applied: "Applied.",
    stored_here: "Kept in this browser. Nothing of a dump is stored.",

    key_fix: "go to the fix",
    key_export: "export",
    hint_fix: "fix",
};
