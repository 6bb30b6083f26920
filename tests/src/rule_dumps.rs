//! Dumps of programs that make one mistake each, or none: what has to be found, and goldens of all that is said.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use stackherd_engine::Session;
use stackherd_report::{Report, Severity};

use crate::corpus::files_below;

/// Programs and the rule that names their mistake.
const MISTAKES: &[(&str, &str)] = &[
    ("cond-each", "cond-never-signalled"),
    ("errgroup-nested", "errgroup-limit-deadlock"),
    ("exec-wait", "process-wait"),
    ("grpc-abandoned", "grpc-stream-abandoned"),
    ("http-body-open", "http-body-not-closed"),
    ("http-no-timeout", "http-client-no-timeout"),
    ("http-transport-per-call", "http-body-not-closed"),
    ("lock-again", "lock-cycle"),
    ("lock-order", "lock-cycle"),
    ("lock-order-with-readers", "lock-cycle"),
    ("lock-over-http", "lock-pileup"),
    ("lock-over-send", "lock-pileup"),
    ("once-again", "once-reentry"),
    ("philosophers", "lock-cycle"),
    ("read-lock-behind-writer", "recursive-read-lock"),
    ("read-lock-twice", "recursive-read-lock"),
    ("rwmutex-over-receive", "lock-pileup"),
    ("sleepers", "sleep-loop"),
    ("sql-open-per-call", "database-opened-per-call"),
    ("sql-pool-exhausted", "connection-pool-exhausted"),
    ("sql-rows-open", "connection-pool-exhausted"),
    ("subscribers-never-cancelled", "select-without-exit"),
    ("waitgroup-stuck", "waitgroup-never-done"),
    ("waitgroup-workers-gone", "waitgroup-never-done"),
    ("websocket-chat-left", "websocket-pump-leak"),
];

/// Programs without a mistake. `http-slow-heads` has clients that have only just connected.
const HEALTHY: &[&str] = &[
    "busy-lock",
    "grpc-idle",
    "healthy-service",
    "http-busy-client",
    "http-keep-alive",
    "http-slow-heads",
    "sql-pool-idle",
    "websocket-chat",
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Names of the dumps, without their folder.
fn dumps() -> Vec<String> {
    // What is expected of them lies in a folder below.
    let is_dump = |path: &String| !path.contains('/') && (path.ends_with(".txt") || path.ends_with(".txt.gz"));
    let dumps: Vec<String> = files_below(&folder("rules")).into_iter().filter(is_dump).collect();
    assert!(dumps.len() > 70, "only {} dumps", dumps.len());
    dumps
}

fn report(name: &str) -> Report {
    let mut session = Session::default();
    let bytes = fs::read(folder("rules").join(name)).unwrap();
    session.add(0, name, &bytes).unwrap_or_else(|failure| panic!("{name}: {}", failure.message));
    session.report()
}

/// `lock-order` of `lock-order.go1.27.debug2.txt`.
fn program(name: &str) -> &str {
    name.split(".go1.").next().unwrap()
}

fn render(report: &Report) -> String {
    let mut out = String::new();
    for dump in &report.dumps {
        let _ = writeln!(out, "{}: {}\n  {}", dump.verdict.kind.as_str(), dump.verdict.title, dump.verdict.detail);
    }
    let _ = writeln!(out, "idle {} of {}", report.totals.idle_goroutines, report.totals.goroutines);
    for finding in &report.findings {
        let (severity, confidence) = (finding.severity.as_str(), finding.confidence.as_str());
        let _ = writeln!(out, "\n{severity}, {confidence}: {} {}\n  {}", finding.rule, finding.goroutines, finding.title);
        for sentence in &finding.evidence {
            let _ = writeln!(out, "  + {sentence}");
        }
        for sentence in &finding.counter_evidence {
            let _ = writeln!(out, "  - {sentence}");
        }
    }
    for object in &report.blocking {
        let place = object.waiting_at.as_ref().map_or("-".to_owned(), |site| format!("{}:{}", site.file, site.line));
        let _ = writeln!(out, "\n{} wait for {} at {place}", object.waiters, object.kind.as_str());
        for candidate in &object.holder_candidates {
            let _ = writeln!(out, "  {}: {}", candidate.confidence.as_str(), candidate.why);
        }
    }
    out
}

#[test]
fn ok_every_mistake_is_named() {
    for name in dumps() {
        let Some((_, rule)) = MISTAKES.iter().find(|(program_name, _)| *program_name == program(&name)) else { continue };
        let report = report(&name);
        let said: Vec<_> = report.findings.iter().map(|finding| (&finding.rule, &finding.title)).collect();
        let named = report.findings.iter().find(|finding| finding.rule == *rule);
        let finding = named.unwrap_or_else(|| panic!("{name}: no {rule}, but {said:?}"));
        assert!(finding.culprit.is_some() && finding.fix.is_some(), "{name}: {finding:?}");
    }
}

#[test]
fn ok_healthy_programs_yield_no_warning() {
    for name in dumps().iter().filter(|name| HEALTHY.contains(&program(name))) {
        let report = report(name);
        let loud: Vec<_> = report.findings.iter().filter(|finding| finding.severity > Severity::Info).collect();
        assert!(loud.is_empty(), "{name}: {loud:?}");
    }
}

#[test]
fn ok_a_nil_channel_is_told_by_stacks_only() {
    let rules = |name: &str| report(name).findings.into_iter().map(|finding| finding.rule).collect::<Vec<_>>();
    assert_eq!(rules("nil-channel.go1.27.debug2.txt"), ["nil-channel"]);
    assert_eq!(rules("nil-channel.go1.19.debug2.txt"), ["nil-channel"]);
    assert_eq!(rules("nil-channel.go1.24.debug1.txt"), [""; 0]);
}

#[test]
fn ok_every_dump_is_expected_to_say_something() {
    for name in dumps() {
        let program = program(&name);
        let is_known =
            MISTAKES.iter().any(|(known, _)| *known == program) || HEALTHY.contains(&program) || program == "nil-channel";
        assert!(is_known, "{name}");
    }
}

#[test]
fn ok_goldens() {
    let is_blessing = std::env::var_os("STACKHERD_BLESS").is_some();
    let goldens = folder("rules/expect");
    let mut wrong = Vec::new();
    for name in dumps() {
        let path = goldens.join(name.strip_suffix(".gz").unwrap_or(&name));
        let said = render(&report(&name));
        if is_blessing {
            fs::create_dir_all(&goldens).unwrap();
            fs::write(&path, &said).unwrap();
        } else if fs::read_to_string(&path).ok().as_ref() != Some(&said) {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "these say something else now; STACKHERD_BLESS=1 rewrites what is expected: {wrong:?}");
}
