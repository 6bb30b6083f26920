//! Checklist of the formats, items 92 to 112: what is wrapped around a dump, and what is none.

use stackherd_core::{Error, InputKind, IssueKind, LogPrefix, NoteKind};
use stackherd_engine::Session;

use crate::corpus::bytes_of;
use crate::dump::{Dump, read};
use crate::samples::STACKS;
use crate::wrap::{self, Tabs};

/// Reads `wrapped`: it must hold [`STACKS`] and a note of this kind.
#[track_caller]
fn check(wrapped: impl AsRef<[u8]>, noted: Option<NoteKind>) -> Dump {
    let wrapped = wrapped.as_ref();
    let dump = read(wrapped).unwrap_or_else(|error| panic!("{error}:\n{}", String::from_utf8_lossy(wrapped)));
    let bare = read(STACKS.as_bytes()).unwrap();
    assert_eq!(dump.rows(), bare.rows(), "{}", dump.render());
    assert!(dump.issues().is_empty(), "{}", dump.render());
    if let Some(kind) = noted {
        let kinds: Vec<_> = dump.only().notes().iter().map(|note| note.kind).collect();
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    dump
}

/// Reads a corpus sample: it must hold these goroutines.
#[track_caller]
fn check_sample(path: &str, n_goroutines: u64) {
    let dump = read(&bytes_of(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(dump.n_goroutines(), n_goroutines, "{path}: {}", dump.render());
    assert!(dump.rows().iter().all(|row| !row.stack.is_empty()), "{path}: {}", dump.render());
}

#[test]
fn ok_checklist_92_crlf() {
    check(STACKS.replace('\n', "\r\n"), None);
    check_sample("format-samples/go1.27.3-wrapped-crlf.txt", 6);
}

#[test]
fn ok_checklist_93_utf16() {
    for is_big_endian in [false, true] {
        for has_mark in [false, true] {
            check(wrap::utf16(STACKS, is_big_endian, has_mark), Some(NoteKind::Utf16));
            check(wrap::utf16(&STACKS.replace('\n', "\r\n"), is_big_endian, has_mark), Some(NoteKind::Utf16));
        }
    }
    check_sample("wrapped/utf16le-bom.txt", 179);
}

#[test]
fn ok_checklist_94_terminal_codes() {
    let coloured: String = STACKS.lines().map(|line| format!("\x1b[1;31m{line}\x1b[0m\n")).collect();
    check(coloured, Some(NoteKind::TerminalCodes));
    // An editor shows the escape character as two.
    let literal: String = STACKS.lines().map(|line| format!("^[[36m{line}^[[0m\n")).collect();
    check(literal, Some(NoteKind::TerminalCodes));
}

#[test]
fn ok_checklist_95_cri_with_partial_lines() {
    for part_bytes in [7, 20, 1 << 14] {
        check(wrap::cri(STACKS, || part_bytes), Some(NoteKind::LogPrefix(LogPrefix::Cri)));
    }
    check_sample("format-samples/go1.27.3-wrapped-cri-kubelet.txt", 6);
}

/// The other stream goes its own way between the parts of a line.
#[test]
fn ok_checklist_95_other_stream_between_parts() {
    let mut log = String::new();
    for (at, line) in wrap::cri(STACKS, || 16).lines().enumerate() {
        log += &format!("{line}\n");
        if at % 3 == 0 {
            log += "2026-11-21T01:38:30.5Z stdout F GET /health 200\n";
        }
    }
    check(log, Some(NoteKind::LogPrefix(LogPrefix::Cri)));
}

#[test]
fn ok_checklist_96_docker_json() {
    for part_bytes in [9, 1 << 14] {
        check(wrap::docker_json(STACKS, part_bytes), Some(NoteKind::JsonRecords));
    }
    check_sample("wrapped/docker-json.log", 267);
}

#[test]
fn ok_checklist_97_go_test_json() {
    check(wrap::go_test_json(STACKS, "example.com/gl"), Some(NoteKind::JsonRecords));
    let dump = read(&bytes_of("format-samples/go1.27.3-test-timeout-json.txt")).unwrap();
    assert_eq!(dump.n_goroutines(), 4, "{}", dump.render());
    let crash = dump.only().crash().expect("a time-out is a panic");
    assert_eq!(crash.message.lines().next(), Some("test timed out after 300ms"));
}

/// Packages run side by side; their lines stand between each other.
#[test]
fn ok_checklist_97_two_packages() {
    let other = STACKS.replace("goroutine 1", "goroutine 3");
    let (one, two) = (wrap::go_test_json(STACKS, "example.com/a"), wrap::go_test_json(&other, "example.com/b"));
    let log: String = one.lines().zip(two.lines()).map(|(one, two)| format!("{one}\n{two}\n")).collect();
    let dump = read(log.as_bytes()).unwrap();
    let sources: Vec<_> = dump.snapshots.iter().map(|snapshot| (snapshot.source(), snapshot.n_goroutines())).collect();
    assert_eq!(sources, [("example.com/a", 5), ("example.com/b", 5)]);
}

#[test]
fn ok_checklist_98_one_string() {
    check(wrap::zap_json(STACKS), Some(NoteKind::JsonRecords));
    check(wrap::logfmt(STACKS), Some(NoteKind::EscapedText));
    check_sample("format-samples/go1.27.3-wrapped-json-singleline.txt", 6);
    check_sample("wrapped/logfmt-escaped.log", 244);
}

#[test]
fn ok_checklist_99_kubectl() {
    check(wrap::kubectl(STACKS, "api-7d9c5b", false), Some(NoteKind::LogPrefix(LogPrefix::Kubectl)));
    check(wrap::kubectl(STACKS, "api-7d9c5b", true), Some(NoteKind::LogPrefix(LogPrefix::Kubectl)));
    check(wrap::stern(STACKS), None);
    check(wrap::timestamps(STACKS), Some(NoteKind::LogPrefix(LogPrefix::Timestamp)));
    check_sample("format-samples/go1.27.3-wrapped-kubectl-prefix-timestamps.txt", 6);
    check_sample("wrapped/kubectl-timestamps.log", 59);
}

#[test]
fn ok_checklist_100_compose() {
    check(wrap::compose(STACKS, false), Some(NoteKind::LogPrefix(LogPrefix::Compose)));
    check(wrap::compose(STACKS, true), Some(NoteKind::LogPrefix(LogPrefix::Compose)));
    check_sample("format-samples/go1.27.3-wrapped-compose.txt", 6);
}

#[test]
fn ok_checklist_101_journald() {
    for tabs in [Tabs::Kept, Tabs::Lost] {
        for keeps_blank_lines in [false, true] {
            check(wrap::syslog(STACKS, tabs, keeps_blank_lines), Some(NoteKind::LogPrefix(LogPrefix::Syslog)));
        }
    }
    check_sample("format-samples/go1.27.3-wrapped-journald-short.txt", 6);
}

#[test]
fn ok_checklist_102_octal_tabs() {
    check(wrap::syslog(STACKS, Tabs::Octal, false), Some(NoteKind::LogPrefix(LogPrefix::Syslog)));
    check_sample("format-samples/go1.27.3-wrapped-rsyslog-hash011.txt", 6);
}

#[test]
fn ok_checklist_103_html() {
    check(wrap::html(STACKS), Some(NoteKind::Html));
    let page = wrap::html(STACKS);
    let (tags, text) = page.split_at(page.find("goroutine ").unwrap());
    check(tags.to_owned() + &text.replace("&#34;", "&quot;").replace(' ', "&nbsp;"), Some(NoteKind::Html));
    check_sample("format-samples/go1.27.3-wrapped-browser-saved.html.txt", 6);
}

#[test]
fn ok_checklist_104_markdown() {
    check(wrap::quoted(STACKS), Some(NoteKind::Markdown));
    check(wrap::fenced(STACKS), None);
    check(wrap::folded(STACKS), None);
    // Without a fence, a pair of asterisks is taken for emphasis.
    let eaten =
        "goroutine 1 [semacquire]:\nsync.(_Mutex).Lock(0x1)\n\t/go/src/sync/mutex.go:90 +0x1\nmain.main()\n\t/m.go:1 +0x1\n";
    let rendered = read(eaten.as_bytes()).unwrap().render();
    assert!(rendered.contains("sync.(*Mutex).Lock /go/src/sync/mutex.go:90"), "{rendered}");
    assert!(rendered.contains("1 [semacquire] lock"), "{rendered}");
}

/// A type without a pointer is no victim of Markdown.
#[test]
fn ok_checklist_104_types_in_parentheses_stay() {
    let text = "goroutine 1 [running]:\nexample.com/safemem.(Writer).Write-fm(0x1)\n\t/m.go:1 +0x1\n";
    let rendered = read(text.as_bytes()).unwrap().render();
    assert!(rendered.contains("example.com/safemem.(Writer).Write-fm /m.go:1"), "{rendered}");
}

#[test]
fn ok_checklist_105_indented() {
    for n_spaces in [1, 4, 8] {
        check(wrap::indented(STACKS, n_spaces), None);
    }
}

#[test]
fn ok_checklist_106_unindented() {
    check(wrap::unindented(STACKS), None);
    check(wrap::spaces_for_tabs(STACKS, 8), None);
    check_sample("wrapped/spaces-for-tabs.txt", 75);
}

#[test]
fn ok_checklist_107_hard_wrap() {
    check(wrap::hard_wrapped(STACKS, 80), Some(NoteKind::HardWrap));
    let text = String::from_utf8(bytes_of("scenarios/wgleak/1.27.3/late.debug2.txt")).unwrap();
    let (bare, wrapped) = (read(text.as_bytes()).unwrap(), read(wrap::hard_wrapped(&text, 80).as_bytes()).unwrap());
    assert_eq!(wrapped.rows(), bare.rows());
}

#[test]
fn ok_checklist_108_newest_first() {
    check(wrap::newest_first(STACKS), Some(NoteKind::NewestFirst));
}

/// `net/http/pprof` stops at 64 MB, wherever that is: a last goroutine that looks whole may not be the last.
#[test]
fn ok_checklist_109_cut_at_64_megabytes() {
    const LIMIT_BYTES: usize = 64 << 20;
    for (n_bytes, is_cut) in [(LIMIT_BYTES, true), (LIMIT_BYTES - 1, false)] {
        // One line is as long as a million goroutines, and read sooner.
        let log_line = vec![b'x'; n_bytes - STACKS.len() - 1];
        let dump = read(&[&log_line[..], b"\n", STACKS.as_bytes()].concat()).unwrap();
        let is_noted = dump.issues().iter().any(|issue| matches!(issue.kind, IssueKind::Truncated { .. }));
        assert_eq!((dump.n_goroutines(), is_noted), (5, is_cut), "{n_bytes} bytes");
    }
}

#[test]
fn err_checklist_110_pages_of_pprof() {
    let index = "<html>\n<head>\n<title>/debug/pprof/</title>\n</head>\n<body>\n/debug/pprof/\nTypes of profiles available:\n\
                 <a href=\"goroutine?debug=2\">full goroutine stack dump</a>\n</body>\n</html>\n";
    for text in [index, "Unknown profile\n", "404 page not found\n", "seconds and debug params are incompatible\n"] {
        assert_eq!(read(text.as_bytes()).unwrap_err(), Error::NoGoroutines(InputKind::PprofIndex), "{text}");
        let failure = Session::default().add(0, "index.html", text.as_bytes()).unwrap_err();
        assert!(failure.message.contains("/debug/pprof/goroutine?debug=2"), "{}", failure.message);
    }
}

#[test]
fn err_checklist_111_empty() {
    for text in ["", "\n", " \r\n\t\n"] {
        assert_eq!(read(text.as_bytes()).unwrap_err(), Error::NoGoroutines(InputKind::Empty), "{text:?}");
    }
}

#[test]
fn err_checklist_112_noise() {
    for text in [
        "2026/11/21 10:00:00 listening on :8080\n{\"level\":\"info\"}\nAll goroutines are fine.\n",
        "package main\n\nfunc main() {\n\tgo work()\n}\n",
        "goroutine\n",
        "the goroutine 5 is [not] here: at all\n",
    ] {
        assert_eq!(read(text.as_bytes()).unwrap_err(), Error::NoGoroutines(InputKind::Text), "{text}");
    }
}
