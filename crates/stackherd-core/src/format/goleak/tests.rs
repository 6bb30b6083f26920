//! Reports as goleak prints them.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::*;
use crate::format::Parser;
use crate::note::NoteKind;
use crate::wait::Category;

fn read(text: &str) -> (Tables, Vec<Snapshot>) {
    let (mut tables, mut parser) = (Tables::default(), Parser::default());
    parser.push(&mut tables, text.as_bytes());
    let snapshots = parser.finish(&mut tables).unwrap_or_default();
    (tables, snapshots)
}

/// A line per goroutine: number, state, minutes, labels, frames, creator.
fn listed(tables: &Tables, snapshot: &Snapshot) -> Vec<String> {
    let text = |id| String::from_utf8_lossy(tables.bytes(id)).into_owned();
    let rows = snapshot.goroutines().iter().map(|goroutine| {
        let mut row = format!("{} {}", goroutine.goid().unwrap().0, text(goroutine.wait_reason));
        if let Some(minutes) = goroutine.wait_minutes() {
            row += &format!(" {minutes}m");
        }
        if !goroutine.labels.0.is_empty() {
            row += &format!(" {{{}}}", text(goroutine.labels.0));
        }
        for edge in tables.edges(goroutine.stack) {
            row += &match edge {
                Edge::Frame(frame) => {
                    let frame = tables.frames.get(frame);
                    format!(" | {} {}", text(frame.function), text(frame.location))
                }
                Edge::Elided => " | …".to_string(),
                Edge::CreatedBy(frame) => format!(" < {}", text(tables.frames.get(frame).function)),
            };
        }
        match goroutine.parent() {
            Some(Goid(parent)) => row + &format!(" in {parent}"),
            None => row,
        }
    });
    rows.collect()
}

const V1_3: &str = "=== RUN   TestForgetsClose
    leak_test.go:17: found unexpected goroutines:
        [Goroutine 6 in state select, with acme.io/sched.(*Scheduler).loop on top of the stack:
        acme.io/sched.(*Scheduler).loop(0xc0000260d0)
        \t/tmp/src/sched.go:23 +0xd7
        created by acme.io/sched.New in goroutine 5
        \t/tmp/src/sched.go:14 +0x8f
         Goroutine 7 in state chan receive, 2 minutes, with acme.io/sched.recv on top of the stack:
        acme.io/sched.recv(...)
        \t/tmp/src/sched.go:33
        created by acme.io/sched.New in goroutine 5
        \t/tmp/src/sched.go:15 +0x8f
        ]
--- FAIL: TestForgetsClose (0.44s)
FAIL
FAIL\tacme.io/sched\t0.446s
";

#[test]
fn ok_report_of_today() {
    let (tables, snapshots) = read(V1_3);
    assert_eq!(snapshots.len(), 1);
    let snapshot = &snapshots[0];
    assert_eq!((snapshot.format(), snapshot.line_number()), (Format::Goleak, 2));
    assert_eq!(
        listed(&tables, snapshot),
        [
            "6 select | acme.io/sched.(*Scheduler).loop /tmp/src/sched.go:23 < acme.io/sched.New in 5",
            "7 chan receive 2m | acme.io/sched.recv /tmp/src/sched.go:33 < acme.io/sched.New in 5",
        ]
    );
    assert_eq!(snapshot.go_version().to_string(), ">=1.21");
    assert!(snapshot.issues().is_empty(), "{:?}", snapshot.issues());
    let first = snapshot.goroutines()[0];
    let range = first.offset_bytes as usize..first.offset_bytes as usize + first.len_bytes as usize;
    assert!(V1_3[range.clone()].trim_start().starts_with("[Goroutine 6"), "{}", &V1_3[range.clone()]);
    assert!(V1_3[range].ends_with("+0x8f"));
}

#[test]
fn ok_header_repeated_up_to_v1_2_1_is_counted_once() {
    let (tables, snapshots) = read(
        "goleak: Errors on successful test run: found unexpected goroutines:
[Goroutine 16 in state select, with go.opencensus.io/stats/view.(*worker).start on top of the stack:
goroutine 16 [select]:
go.opencensus.io/stats/view.(*worker).start(0xc000379200)
\texternal/worker.go:292 +0x9f
created by go.opencensus.io/stats/view.init.0
\texternal/worker.go:34 +0x8d

 Goroutine 17 in state semacquire, with sync.runtime_Semacquire on top of the stack:
goroutine 17 [semacquire]:
sync.runtime_Semacquire(0xc00010c0a8)
\t/go/src/runtime/sema.go:56 +0x42
sync.(*WaitGroup).Wait(0xc00010c0a0)
\t/go/src/sync/waitgroup.go:130 +0x65
]
-- ",
    );
    assert_eq!(
        listed(&tables, &snapshots[0]),
        [
            "16 select | go.opencensus.io/stats/view.(*worker).start external/worker.go:292 < go.opencensus.io/stats/view.init.0",
            "17 semacquire | sync.runtime_Semacquire /go/src/runtime/sema.go:56 | sync.(*WaitGroup).Wait /go/src/sync/waitgroup.go:130",
        ]
    );
    assert_eq!(snapshots.len(), 1);
    assert_eq!(snapshots[0].goroutines()[1].category, Category::Wait);
}

#[test]
fn ok_labels_that_goleak_leaves_behind_the_bracket() {
    let (tables, snapshots) = read(
        "[Goroutine 8 in state chan send] {route: \"/a, with b\"}, with main.f on top of the stack:
main.f()
\t/src/main.go:5 +0x1
 Goroutine 9 in state select labels:{\"k\": \"v\"}, with main.g on top of the stack:
main.g()
\t/src/main.go:6 +0x1]
main.later()
\t/src/main.go:7 +0x1
",
    );
    assert_eq!(
        listed(&tables, &snapshots[0]),
        ["8 chan send {route: \"/a, with b\"} | main.f /src/main.go:5", "9 select {\"k\": \"v\"} | main.g /src/main.go:6",]
    );
}

#[test]
fn ok_first_lines_alone_name_the_function() {
    let (tables, snapshots) = read(
        " Goroutine 3 in state select, with main.a on top of the stack:
 Goroutine 4 in state IO wait, with main.b on top of the stack:
main.b()
\t/src/b.go:1 +0x1
 Goroutine 5 in state select, with main.a on top of the stack:
",
    );
    assert_eq!(listed(&tables, &snapshots[0]), ["3 select | main.a ", "4 IO wait | main.b /src/b.go:1", "5 select | main.a "]);
}

#[test]
fn ok_dump_behind_a_report_is_its_own() {
    let text = format!("{V1_3}panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:3 +0x1\n{V1_3}");
    let (_, snapshots) = read(&text);
    let kinds: Vec<_> = snapshots.iter().map(|snapshot| (snapshot.format(), snapshot.n_goroutines())).collect();
    assert_eq!(kinds, [(Format::Goleak, 2), (Format::Traceback, 1), (Format::Goleak, 2)]);
    // Without a closing bracket.
    let (_, snapshots) =
        read(&V1_3.replace("        ]\n--- FAIL", "goroutine 9 [select]:\nmain.x()\n\t/src/x.go:3 +0x1\n--- FAIL"));
    let kinds: Vec<_> = snapshots.iter().map(|snapshot| (snapshot.format(), snapshot.n_goroutines())).collect();
    assert_eq!(kinds, [(Format::Goleak, 2), (Format::Traceback, 1)]);
}

#[test]
fn ok_text_between_goroutines_is_noted() {
    let text = V1_3.replace("         Goroutine 7", "still here\nand here\n         Goroutine 7");
    let (tables, snapshots) = read(&text);
    assert_eq!(listed(&tables, &snapshots[0]).len(), 2);
    assert_eq!((snapshots[0].notes()[0].kind, snapshots[0].notes()[0].count), (NoteKind::OtherText, 2));
}

#[test]
fn ok_reports_in_a_row_stay_apart() {
    let bare = V1_3.lines().skip(2).take(10).collect::<Vec<_>>().join("\n");
    let (_, snapshots) = read(&format!("{bare}\n{bare}\n        ]\n"));
    assert_eq!(snapshots.iter().map(Snapshot::n_goroutines).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn ok_log_lines_inside_are_noted() {
    let log = "2026/11/21 10:00:00 still here\n";
    let text = V1_3.replace(
        "        created by acme.io/sched.New in goroutine 5\n        \t/tmp/src/sched.go:14",
        &format!("{log}        created by acme.io/sched.New in goroutine 5\n        \t/tmp/src/sched.go:14"),
    );
    let (tables, snapshots) = read(&text);
    assert_eq!(listed(&tables, &snapshots[0]), listed(&tables, &read(V1_3).1[0]).as_slice(), "same stacks");
    assert_eq!(snapshots[0].issues()[0].kind, IssueKind::InterleavedText);
    // Many of them end it.
    let (_, snapshots) = read(&format!("{}{}{}", V1_3.split("        ]").next().unwrap(), log.repeat(30), &V1_3[210..]));
    assert_eq!(snapshots.len(), 2, "{snapshots:?}");
}

#[test]
fn err_prose_is_no_report() {
    assert!(read("goleak found unexpected goroutines:\nsee above\n").1.is_empty());
    assert!(read("Goroutine 5 in state of shock, with nothing\n").1.is_empty());
}

#[test]
fn err_report_cut_off() {
    let (_, snapshots) =
        read(" Goroutine 3 in state select, with main.a on top of the stack:\nmain.a()\n\t/a.go:1\n Goroutine 4 in sta");
    assert_eq!(snapshots[0].n_goroutines(), 1);
    assert!(matches!(snapshots[0].issues()[0].kind, IssueKind::Truncated { .. }));
}

#[test]
fn prop_any_prefix_gives_the_goroutines_begun_so_far() {
    for end in 0..V1_3.len() {
        let text = &V1_3[..end];
        let n_goroutines: u64 = read(text).1.iter().map(Snapshot::n_goroutines).sum();
        assert_eq!(n_goroutines, text.matches(" on top of the stack:").count() as u64, "{text}");
    }
}
