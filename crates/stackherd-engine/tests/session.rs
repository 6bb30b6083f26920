//! A session as its doors use it.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use stackherd_engine::Session;
use stackherd_report::protocol::{GroupPage, GroupQuery, Request, Response, SortKey};
use stackherd_report::{Category, InputKind, IssueKind, Language, Severity};

/// Three goroutines in `worker.run`, two in `net/http` below a client call, one that started them.
const DUMP: &str = "\
goroutine 1 [select, 40 minutes]:
main.main()
\t/srv/app/main.go:12 +0x1d

goroutine 21 [chan send, 3 minutes] {route: \"/a\", user: 7}:
shop.example/worker.(*Pool).run(0xc000010000)
\t/srv/app/worker/worker.go:89 +0x1d
created by shop.example/worker.(*Pool).Start in goroutine 1
\t/srv/app/worker/worker.go:81 +0x105

goroutine 22 [chan send, 9 minutes] {route: \"/a\"}:
shop.example/worker.(*Pool).run(0xc000020000)
\t/srv/app/worker/worker.go:89 +0x1d
created by shop.example/worker.(*Pool).Start in goroutine 1
\t/srv/app/worker/worker.go:81 +0x105

goroutine 23 [chan send (leaked)]:
shop.example/worker.(*Pool).run(0xc000030000)
\t/srv/app/worker/worker.go:89 +0x1d
created by shop.example/worker.(*Pool).Start in goroutine 5
\t/srv/app/worker/worker.go:81 +0x105

goroutine 31 [IO wait, 2 minutes, locked to thread]:
internal/poll.runtime_pollWait(0x7f0000000000, 0x72)
\t/usr/local/go/src/runtime/netpoll.go:351 +0x85
internal/poll.(*FD).Read(0xc000040000, {0x0, 0x0, 0x0})
\t/usr/local/go/src/internal/poll/fd_unix.go:165 +0x2a8
net.(*netFD).Read(0xc000040000, {0x0, 0x0, 0x0})
\t/usr/local/go/src/net/fd_posix.go:55 +0x25
shop.example/feed.(*Client).Next(...)
\t/srv/app/feed/client.go:21
shop.example/feed.loop()
\t/srv/app/feed/client.go:9 +0x10
created by main.main in goroutine 1
\t/srv/app/main.go:10 +0x99

goroutine 32 [IO wait]:
internal/poll.runtime_pollWait(0x7f0000000001, 0x72)
\t/usr/local/go/src/runtime/netpoll.go:351 +0x85
internal/poll.(*FD).Read(0xc000050000, {0x0, 0x0, 0x0})
\t/usr/local/go/src/internal/poll/fd_unix.go:165 +0x2a8
net.(*netFD).Read(0xc000050000, {0x0, 0x0, 0x0})
\t/usr/local/go/src/net/fd_posix.go:55 +0x25
shop.example/feed.(*Client).Next(...)
\t/srv/app/feed/client.go:21
shop.example/feed.loop()
\t/srv/app/feed/client.go:9 +0x10
created by main.main in goroutine 1
\t/srv/app/main.go:10 +0x99
";

fn session() -> Session {
    let mut session = Session::default();
    session.add(0, "dump.txt", DUMP.as_bytes()).unwrap();
    session
}

fn query(text: &str) -> GroupQuery {
    GroupQuery { text: text.to_owned(), ..GroupQuery::default() }
}

fn names(page: &GroupPage) -> Vec<String> {
    page.rows.iter().map(|row| row.top.as_ref().map_or_else(String::new, |top| top.name.clone())).collect()
}

fn list(session: &mut Session, query: &GroupQuery) -> Vec<String> {
    names(&session.groups(0, query, 0, 100).unwrap())
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn ok_summary_adds_up() {
    let summary = session().summary(0).unwrap();
    assert_eq!((summary.dump.goroutines, summary.groups, summary.max_wait_minutes), (6, 3, Some(40)));
    assert_eq!(summary.by_category.iter().map(|count| count.goroutines).sum::<u64>(), 6);
    assert_eq!(summary.by_category.first().unwrap().category, Category::ChanSend);
    assert_eq!(summary.dump.go_version.as_deref(), Some(">=1.27"));
    assert_eq!(summary.largest.unwrap().goroutines, 3);
}

#[test]
fn ok_rows_name_the_application_frame_and_what_it_waits_in() {
    let mut session = session();
    let page = session.groups(0, &GroupQuery::default(), 0, 10).unwrap();
    let row = page.rows.get(1).unwrap();
    assert_eq!(row.top.as_ref().unwrap().short_file, "feed/client.go");
    assert_eq!(row.leaf.as_ref().unwrap().function, "net.(*netFD).Read");
    assert_eq!(row.created_by.as_ref().unwrap().function, "main.main");
    assert_eq!((row.state.as_str(), row.category), ("IO wait", Category::Io));
    assert_eq!(page.rows.first().unwrap().leaked, 1);
}

#[test]
fn ok_filters_by_substring_expression_and_category() {
    let mut session = session();
    assert_eq!(list(&mut session, &query("worker.go:89")), ["(*Pool).run"]);
    assert_eq!(list(&mut session, &query("NETFD")), Vec::<String>::new(), "a capital letter makes case matter");
    assert_eq!(list(&mut session, &query("netfd")), ["(*Client).Next"]);
    assert_eq!(list(&mut session, &query("io wait")), ["(*Client).Next"]);
    assert_eq!(list(&mut session, &query(r"/\.loop$/")), ["(*Client).Next"]);
    assert_eq!(list(&mut session, &query("pool).start")), ["(*Pool).run"], "creators are searched too");
    let by_category = GroupQuery { categories: vec![Category::Select], ..GroupQuery::default() };
    assert_eq!(list(&mut session, &by_category), ["main"]);
    let page = session.groups(0, &query("/(/"), 0, 10).unwrap();
    assert_eq!((page.rows.len(), page.invalid_query.is_some()), (3, true));
    let page = session.groups(0, &query("nothing like it"), 0, 10).unwrap();
    assert_eq!((page.matched_groups, page.matched_goroutines, page.goroutines), (0, 0, 6));
}

#[test]
fn ok_sorts_by_every_column_both_ways() {
    let mut session = session();
    let by = |sort, ascending| GroupQuery { sort, ascending, ..GroupQuery::default() };
    let (run, next, main) = ("(*Pool).run", "(*Client).Next", "main");
    for (sort, smallest_first) in [
        (SortKey::Goroutines, [main, next, run]),
        (SortKey::MaxWait, [next, run, main]),
        (SortKey::P50Wait, [next, run, main]),
        (SortKey::State, [next, run, main]),
        (SortKey::Function, [main, next, run]),
        (SortKey::CreatedBy, [main, next, run]),
    ] {
        assert_eq!(list(&mut session, &by(sort, true)), smallest_first, "{sort:?}");
        let mut largest_first = smallest_first;
        largest_first.reverse();
        assert_eq!(list(&mut session, &by(sort, false)), largest_first, "{sort:?}");
    }
    assert_eq!(list(&mut session, &GroupQuery::default()), [run, next, main]);
}

#[test]
fn ok_pages_are_windows_of_one_order() {
    let mut session = session();
    let page = session.groups(0, &GroupQuery::default(), 1, 1).unwrap();
    assert_eq!((page.offset, page.matched_groups, names(&page)), (1, 3, vec!["(*Client).Next".to_owned()]));
    assert!(session.groups(0, &GroupQuery::default(), 9, 5).unwrap().rows.is_empty());
    assert!(session.groups(7, &GroupQuery::default(), 0, 5).is_none());
}

#[test]
fn ok_detail_has_stack_labels_parents_and_waits() {
    let mut session = session();
    let key = session.groups(0, &GroupQuery::default(), 0, 1).unwrap().rows.first().unwrap().key.clone();
    let detail = session.group(0, &key).unwrap();
    assert_eq!((detail.stack.len(), detail.culprit, detail.elided_before), (1, Some(0), None));
    let labels: Vec<_> =
        detail.labels.iter().map(|label| (label.key.as_str(), label.value.as_str(), label.goroutines)).collect();
    assert_eq!(labels, [("route", "/a", 2), ("user", "7", 1)]);
    let parents: Vec<_> = detail.parents.iter().map(|parent| (parent.goid, parent.goroutines, parent.alive)).collect();
    assert_eq!(parents, [(1, 2, true), (5, 1, false)]);
    let bars: Vec<_> = detail.wait_histogram.iter().map(|bar| bar.goroutines).collect();
    assert_eq!(bars, [1, 0, 0, 0, 0, 0, 1]);
    assert_eq!(
        detail.goroutines.iter().map(|row| row.state.as_str()).collect::<Vec<_>>(),
        ["chan send", "chan send", "chan send (leaked)"]
    );
    assert!(detail.markdown.contains("shop.example/worker.(*Pool).run(...)\n\t/srv/app/worker/worker.go:89\ncreated by"));
    let second = session.goroutines(0, &key, 1, 1);
    assert_eq!(second.first().unwrap().goid, Some(22));
    assert!(session.group(0, "no key").is_none());
}

#[test]
fn ok_gzip_in_any_cut_reads_like_text() {
    let whole = session().report();
    let (first, second) = DUMP.split_at(500);
    let members = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    for bytes in [gzip(DUMP.as_bytes()), members] {
        for size in [1, 7, bytes.len()] {
            let mut session = Session::default();
            session.open(0, "dump.txt", None);
            for chunk in bytes.chunks(size) {
                session.push(0, chunk);
            }
            session.finish(0, false).unwrap();
            let report = session.report();
            assert_eq!((report.dumps, report.groups), (whole.dumps.clone(), whole.groups.clone()));
        }
    }
}

#[test]
fn ok_damaged_gzip_keeps_what_was_inflated_and_says_so() {
    let stacks: String =
        (1..=500).map(|goid| format!("goroutine {goid} [select]:\nmain.f()\n\t/m.go:{} +0x1\n\n", goid % 9)).collect();
    let bytes = gzip(stacks.as_bytes());
    let mut session = Session::default();
    let dump = session.add(0, "cut.gz", bytes.get(..bytes.len() - 30).unwrap()).unwrap().dumps.remove(0).dump;
    assert!(dump.goroutines > 6 && dump.goroutines < 500, "{}", dump.goroutines);
    assert!(dump.issues.iter().any(|issue| issue.kind == IssueKind::InvalidCompression));
    let failure = session.add(1, "broken.gz", b"\x1f\x8b\xff\xff\xff\xff").unwrap_err();
    assert_eq!(failure.kind, IssueKind::InvalidCompression);
}

/// A tar archive of `files`, written 2026-11-21T01:39:25Z.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mtime(1_795_225_165);
        builder.append_data(&mut header, path, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn ok_archives_hold_dumps_under_their_paths() {
    let twice = format!("{DUMP}\nlog line\n{DUMP}");
    let files: [(&str, &[u8]); 3] =
        [("pod-1/dump.txt", DUMP.as_bytes()), ("README.md", b"# Notes\n"), ("pod-2/app.log", twice.as_bytes())];
    let mut session = Session::default();
    session.open(3, "pods.tar.gz", Some("2026-11-22T00:00:00Z".to_owned()));
    session.push(3, &gzip(&tar(&files)));
    let opened = session.finish(3, false).unwrap();
    let dumps: Vec<_> = opened.dumps.iter().map(|summary| (summary.dump.name.as_str(), summary.dump.goroutines)).collect();
    assert_eq!(
        dumps,
        [("pods.tar.gz/pod-1/dump.txt", 6), ("pods.tar.gz/pod-2/app.log", 6), ("pods.tar.gz/pod-2/app.log #2", 6)]
    );
    let [issue] = opened.issues.as_slice() else { panic!("{:?}", opened.issues) };
    assert_eq!((issue.kind, issue.entry.as_deref()), (IssueKind::Unrecognized, Some("README.md")));
    let written = opened.dumps.first().unwrap().dump.captured_at.as_deref();
    assert_eq!(written, Some("2026-11-21T01:39:25Z"), "an entry's own time says more than the archive's");
    let report = session.report();
    assert_eq!(report.inputs.first().unwrap().dumps, [0, 1, 2]);
    assert_eq!(report.groups.first().unwrap().per_dump, [3, 3, 3]);
}

#[test]
fn err_archives_without_dumps_name_their_entries() {
    let names: Vec<_> = (0..5).map(|n| format!("{n}.md")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), b"# Notes\n".as_slice())).collect();
    let mut session = Session::default();
    let failure = session.add(0, "docs.tar", &tar(&files)).unwrap_err();
    assert_eq!((failure.kind, failure.looks_like), (IssueKind::Unrecognized, Some(InputKind::Archive)));
    assert!(
        failure.message.contains("; 0.md: no goroutine") && failure.message.ends_with("; and 2 more entries"),
        "{failure:?}"
    );
    assert_eq!(session.report().inputs.first().unwrap().issues.len(), 5);
}

#[test]
fn err_failed_dumps_are_forgotten_and_named() {
    let mut session = Session::default();
    let failure = session.add(0, "heap.txt", b"heap profile: 1: 2 [3: 4] @ heap/1048576\n").unwrap_err();
    assert_eq!((failure.kind, failure.looks_like), (IssueKind::UnsupportedProfile, Some(InputKind::HeapProfile)));
    let failure = session.add(1, "empty.txt", b"").unwrap_err();
    assert_eq!(failure.looks_like, Some(InputKind::Empty));
    assert!(session.report().dumps.is_empty());
}

#[test]
fn ok_report_joins_dumps() {
    let mut session = session();
    session.add(1, "later.txt", DUMP.replace("worker.go:89", "worker.go:90").as_bytes()).unwrap();
    let report = session.report();
    assert_eq!((report.dumps.len(), report.totals.goroutines, report.totals.groups), (2, 12, 4));
    let per_dump: Vec<_> = report.groups.iter().map(|group| group.per_dump.clone()).collect();
    // What stands out in one dump goes before what is larger in all of them together.
    assert_eq!(per_dump, [vec![0, 3], vec![3, 0], vec![2, 2], vec![1, 1]]);
    assert!(report.groups.iter().all(|group| group.per_dump.iter().sum::<u64>() == group.goroutines));
    session.remove(0);
    assert_eq!(session.report().totals.goroutines, 6);
}

#[test]
fn ok_application_prefixes_move_the_culprit() {
    let mut session = session();
    session.set_app_prefixes(vec!["net".to_owned()]);
    let page = session.groups(0, &query("netfd"), 0, 1).unwrap();
    assert_eq!(names(&page), ["(*netFD).Read"]);
}

#[test]
fn ok_requests_are_answered_while_a_file_is_read_and_after() {
    let mut session = Session::default();
    let (first, second) = DUMP.as_bytes().split_at(900);
    let captured_at = Some("2026-11-21T03:00:00Z".to_owned());
    let open = |input| Request::Open { input, name: "d".to_owned(), captured_at: captured_at.clone() };
    let groups = |dump| Request::Groups { ask: 9, dump, query: GroupQuery::default(), offset: 0, limit: 10 };
    assert_eq!(session.handle(open(4), &[]), None);
    let progress = session.handle(Request::Chunk { input: 4 }, first);
    assert_eq!(progress, Some(Response::Progress { input: 4, bytes: 900, goroutines: 4 }));
    assert_eq!(session.handle(groups(0), &[]), None, "there is no dump yet");
    session.handle(Request::Chunk { input: 4 }, second);
    let Some(Response::Opened { input: 4, opened }) = session.handle(Request::Finish { input: 4, stopped: false }, &[]) else {
        panic!("opened")
    };
    let dump = &opened.dumps.first().unwrap().dump;
    assert_eq!((dump.id, dump.goroutines, dump.captured_at.clone()), (0, 6, captured_at.clone()));
    assert_eq!(session.handle(open(5), &[]), None);
    let Some(Response::Groups { ask: 9, dump: 0, page }) = session.handle(groups(0), &[]) else { panic!("groups") };
    assert_eq!(page.goroutines, 6, "another file is being read");
    assert_eq!(session.handle(Request::Remove { dump: 0 }, &[]), None);
    assert_eq!(session.handle(groups(0), &[]), None);
}

#[test]
fn ok_a_stopped_reading_keeps_what_was_read_and_says_so() {
    let mut session = Session::default();
    session.open(0, "d", None);
    session.push(0, DUMP.as_bytes().get(..700).unwrap());
    let summary = session.finish(0, true).unwrap().dumps.remove(0);
    assert!(summary.dump.goroutines >= 2);
    assert!(summary.stopped);
    let [issue] = summary.dump.issues.as_slice() else { panic!("one issue, for one reason: {:?}", summary.dump.issues) };
    assert!(issue.message.starts_with("Reading was stopped after 700 bytes"));
}

#[test]
fn ok_a_stop_concerns_the_last_dump_of_a_file() {
    let mut session = Session::default();
    session.open(0, "d", None);
    session.push(0, format!("{DUMP}\nlog line\n{DUMP}").as_bytes());
    let stopped: Vec<_> = session.finish(0, true).unwrap().dumps.iter().map(|summary| summary.stopped).collect();
    assert_eq!(stopped, [false, true]);
}

#[test]
fn ok_built_in_rules_can_be_muted_and_weighed_anew() {
    let dump = "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()\n\t/src/main.go:4 +0x1\n";
    let mut session = Session::default();
    session.add(0, "a.txt", dump.as_bytes()).unwrap();
    let of_rule = |session: &Session| {
        let findings = session.findings(0, Language::En).unwrap().findings;
        findings.into_iter().filter(|finding| finding.rule == "deadlock").map(|finding| finding.severity).collect::<Vec<_>>()
    };
    let n = of_rule(&session).len();
    session.set_rules("severity.deadlock = \"info\"").unwrap();
    assert_eq!(of_rule(&session), vec![Severity::Info; n]);
    session.set_rules("mute = [\"deadlock\"]").unwrap();
    assert!(of_rule(&session).is_empty());
}
