//! Options that make goleak ignore the goroutines of a dump that are idle.

use std::collections::BTreeMap;
use std::fmt::Write;

use stackherd_core::order;
use stackherd_core::text::Goroutines;
use stackherd_core::{Category, FrameId, Group};
use stackherd_report::Origin;

use super::{count, one_line};
use crate::judged::Judged;
use crate::rows::Grouped;

/// Packages whose functions say only that a goroutine waits, not what for.
const GENERIC: &[&str] = &["bufio", "bytes", "context", "crypto/tls", "io", "net", "os", "sync", "syscall", "time"];

/// goleak's options, by name and function.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct GoleakOption {
    name: &'static str,
    /// As Go prints it, which is how goleak compares it.
    function: String,
}

/// What an option covers.
#[derive(Debug, Default)]
struct Covered {
    goroutines: u64,
    groups: u64,
    /// Names and reasons of idle patterns.
    reasons: BTreeMap<String, String>,
}

/// A Go file with the options, one for each function.
pub(crate) fn goleak(judged: &[Judged<'_>]) -> String {
    let (mut options, mut n_system) = (BTreeMap::<GoleakOption, Covered>::new(), 0_u64);
    for judged in judged {
        for (index, group) in judged.grouped.groups.iter().enumerate() {
            let Some(idle) = judged.grouped.idle(index).filter(|_| is_seen(judged.grouped, group)) else { continue };
            let Some(option) = option(judged.grouped, group) else {
                n_system = n_system.saturating_add(group.n_goroutines);
                continue;
            };
            let covered = options.entry(option).or_default();
            covered.goroutines = covered.goroutines.saturating_add(group.n_goroutines);
            covered.groups += 1;
            // Comments of a Go file are in English, as its code is.
            covered.reasons.insert(idle.name.to_string(), idle.reason.en.clone());
        }
    }
    let mut options: Vec<_> = options.into_iter().collect();
    order::by_key(&mut options, |(_, covered)| std::cmp::Reverse(covered.goroutines));
    file(&options, n_system)
}

fn file(options: &[(GoleakOption, Covered)], n_system: u64) -> String {
    let mut out = String::from("package main_test // the package of your tests\n\nimport \"go.uber.org/goleak\"\n\n");
    out.push_str("// idleGoroutines are those that Stackherd set aside as idle. Give them to goleak:\n");
    out.push_str("// goleak.VerifyTestMain(m, idleGoroutines...) or goleak.VerifyNone(t, idleGoroutines...).\n");
    if options.is_empty() {
        out.push_str("//\n// No group of the dump is idle.\n");
    }
    if n_system > 0 {
        let _ = writeln!(out, "//\n// The runtime's own ({}) need no option.", Goroutines(n_system));
    }
    out.push_str("var idleGoroutines = []goleak.Option{");
    for (GoleakOption { name, function }, covered) in options {
        let groups = if covered.groups == 1 { "1 group".to_owned() } else { format!("{} groups", count(covered.groups)) };
        let _ = write!(out, "\n\t// {} in {groups}.", Goroutines(covered.goroutines));
        for (name, reason) in &covered.reasons {
            let _ = write!(out, "\n\t// {}: {}", one_line(name), one_line(reason));
        }
        let _ = write!(out, "\n\tgoleak.{name}({}),", quoted(function));
    }
    out.push_str(if options.is_empty() { "}\n" } else { "\n}\n" });
    out
}

/// Whether goleak could take a group for a leak: it waits for goroutines that still run, and leaves the main one alone.
fn is_seen(grouped: Grouped<'_>, group: &Group) -> bool {
    let is_waiting = !matches!(group.signature.category, Category::Running | Category::Runnable);
    let frames = grouped.parts(group).frames;
    is_waiting && !frames.iter().any(|&frame| grouped.frames.function(frame).full() == "main.main")
}

/// The option for a group; `None` for the runtime's own goroutines, which goleak does not see.
fn option(grouped: Grouped<'_>, group: &Group) -> Option<GoleakOption> {
    let frames = grouped.parts(group).frames;
    let printed = |&frame: &FrameId| grouped.frames.origin(frame) != Origin::Runtime;
    let top = frames.iter().position(printed)?;
    // The top frame of most waits is `internal/poll.runtime_pollWait`: an option for that would ignore every connection.
    let says_what_for = |&frame: &FrameId| {
        let function = grouped.frames.function(frame);
        let package = function.package();
        let is_generic = GENERIC.contains(&package) || package.starts_with("internal/") || package.starts_with("vendor/");
        printed(&frame) && (grouped.frames.origin(frame) != Origin::Std || !is_generic)
    };
    let at = frames.iter().position(says_what_for).unwrap_or(top);
    let function = grouped.frames.text(grouped.frames.tables.frames.get(*frames.get(at)?).function);
    Some(GoleakOption { name: if at == top { "IgnoreTopFunction" } else { "IgnoreAnyFunction" }, function })
}

/// A string of Go.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            // Go refuses a byte order mark in source text.
            c if c.is_control() || c == '\u{feff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Session;
    use stackherd_report::Language;
    use stackherd_report::protocol::ExportKind;

    const DUMP: &str = "goroutine 5 [IO wait]:\ninternal/poll.runtime_pollWait(0x1, 0x72)\n\t/go/src/runtime/netpoll.go:351 +0x1\n\
                        internal/poll.(*FD).Accept(0x1)\n\t/go/src/internal/poll/fd_unix.go:613 +0x1\n\
                        net.(*netFD).accept(0x1)\n\t/go/src/net/fd_unix.go:161 +0x1\n\
                        net/http.(*Server).Serve(0x1)\n\t/go/src/net/http/server.go:3424 +0x1\n\n\
                        goroutine 6 [select]:\nmain.(*pool).work(0x1)\n\t/src/main.go:9 +0x1\n\n\
                        goroutine 7 [select]:\nmain.(*pool).work(0x1)\n\t/src/main.go:10 +0x1\n\n\
                        goroutine 8 [select]:\nmain.other(0x1)\n\t/src/main.go:19 +0x1\n\n\
                        goroutine 9 [running]:\nmain.(*pool).work(0x1)\n\t/src/main.go:11 +0x1\n\n\
                        goroutine 1 [select]:\nmain.(*pool).work(0x1)\n\t/src/main.go:9 +0x1\nmain.main()\n\t/src/main.go:2 +0x1\n";

    fn export(rules: &str, dump: &str) -> String {
        let mut session = Session::default();
        session.set_rules(rules).unwrap();
        session.add(0, "a.txt", dump.as_bytes()).unwrap();
        session.export(Some(0), ExportKind::GoleakOptions, Language::ZhCn).unwrap()
    }

    #[test]
    fn ok_options_name_what_goroutines_wait_for() {
        let rules = "[[ignore]]\nname = \"pool\"\nreason = \"A pool.\"\ntop_function = \"main.(*pool).work\"\n\
                     [[ignore]]\nname = \"accept-loop\"\nreason = \"It accepts.\"\nany_function = \"net/http.(*Server).Serve\"\n";
        let file = export(rules, DUMP);
        let expected = "var idleGoroutines = []goleak.Option{\n\t// 2 goroutines in 2 groups.\n\t// pool: A pool.\n\t\
                        goleak.IgnoreTopFunction(\"main.(*pool).work\"),\n\t// 1 goroutine in 1 group.\n\t// accept-loop: It accepts.\n\t\
                        goleak.IgnoreAnyFunction(\"net/http.(*Server).Serve\"),\n}\n";
        assert!(file.ends_with(expected), "{file}");
    }

    #[test]
    fn ok_hostile_names_stay_names() {
        assert_eq!(quoted("a\"b\\c\nd\u{7}`"), "\"a\\\"b\\\\c\\nd\\u0007`\"");
        let dump = "goroutine 6 [select]:\nmain.a\"`{{x}}*/(0x1)\n\t/src/main.go:9 +0x1\n";
        let rules = "[[ignore]]\nname = \"x\"\nreason = \"y\"\nany_function = '/^main/'\n";
        assert!(export(rules, dump).contains("goleak.IgnoreTopFunction(\"main.a\\\"`{{x}}*/\"),"), "{}", export(rules, dump));
    }

    #[test]
    fn ok_nothing_idle_is_a_file_all_the_same() {
        let file = export("", "goroutine 8 [select]:\nmain.other(0x1)\n\t/src/main.go:19 +0x1\n");
        assert!(file.contains("// No group of the dump is idle.\nvar idleGoroutines = []goleak.Option{}\n"), "{file}");
    }
}
