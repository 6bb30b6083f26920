//! Listings as delve prints them.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::*;
use crate::format::Parser;
use crate::format::traceback::labels;

fn read(text: &str) -> (Tables, Vec<Snapshot>) {
    let (mut tables, mut parser) = (Tables::default(), Parser::default());
    parser.push(&mut tables, text.as_bytes());
    let snapshots = parser.finish(&mut tables).unwrap_or_default();
    (tables, snapshots)
}

/// A line per goroutine: number, state, minutes, labels, frames, creator.
fn listed(tables: &Tables, snapshot: &Snapshot) -> Vec<String> {
    assert_eq!(snapshot.format(), Format::Delve);
    let text = |id| String::from_utf8_lossy(tables.bytes(id)).into_owned();
    let rows = snapshot.goroutines().iter().map(|goroutine| {
        let mut row = format!("{} {}", goroutine.goid().unwrap().0, text(goroutine.wait_reason));
        if let Some(minutes) = goroutine.wait_minutes() {
            row += &format!(" {minutes}m");
        }
        for (key, value) in labels::parse(tables.bytes(goroutine.labels.0)) {
            row += &format!(" {key}={value}");
        }
        for edge in tables.edges(goroutine.stack) {
            row += &match edge {
                Edge::Frame(frame) => {
                    let frame = tables.frames.get(frame);
                    format!(" | {} {}", text(frame.function), text(frame.location))
                }
                Edge::Elided => String::from(" | …"),
                Edge::CreatedBy(frame) => {
                    let frame = tables.frames.get(frame);
                    format!(" < {} {}", text(frame.function), text(frame.location))
                }
            };
        }
        row
    });
    rows.collect()
}

const PLAIN: &str = "(dlv) goroutines
* Goroutine 1 - User: ./main.go:12 main.main (0x4b8d2a) (thread 4242)
  Goroutine 2 - User: /usr/local/go/src/runtime/proc.go:363 runtime.gopark (0x4392d6) [force gc (idle)]
  Goroutine 18 - User: ./main.go:30 main.recv (0x4b8e00) [chan receive 187126783232]
  Goroutine 19 - User: ./main.go:31 main.recv (0x4b8e00) [chan receive 5m0s]
  Goroutine 20 - User: ./main.go:32 main.lag (0x4b8e00) [unknown wait reason 37 187126783232]
  Goroutine 21 - User: ./main.go:33 main.fresh (0x4b8e00)
  Goroutine 22 - User: /usr/local/go/src/sync/waitgroup.go:118 sync.(*WaitGroup).Wait (0x47) [semacquire]
[7 goroutines]
(dlv) exit
";

#[test]
fn ok_plain_listing() {
    let (tables, snapshots) = read(PLAIN);
    assert_eq!(snapshots.len(), 1);
    let snapshot = &snapshots[0];
    assert_eq!((snapshot.line_number(), snapshot.declared_goroutines()), (2, Some(7)));
    assert!(snapshot.issues().is_empty());
    assert_eq!(
        listed(&tables, snapshot),
        [
            "1 running | main.main ./main.go:12",
            "2 force gc (idle) | runtime.gopark /usr/local/go/src/runtime/proc.go:363",
            "18 chan receive | main.recv ./main.go:30",
            "19 chan receive 5m | main.recv ./main.go:31",
            "20 unknown wait reason 37 | main.lag ./main.go:32",
            "21  | main.fresh ./main.go:33",
            "22 semacquire | sync.(*WaitGroup).Wait /usr/local/go/src/sync/waitgroup.go:118",
        ]
    );
    let categories: Vec<_> = snapshot.goroutines().iter().map(|goroutine| goroutine.category).collect();
    let expected = [
        Category::Running,
        Category::Runtime,
        Category::ChanReceive,
        Category::ChanReceive,
        Category::Other,
        Category::Other,
        Category::Wait,
    ];
    assert_eq!(categories, expected);
}

const STACKS: &str = "* Goroutine 1 - Go: ./main.go:9 main.start (0x4b8d2a) [chan receive]
\tLabels: \"handler\":\"/api\", \"user\":\"7\"... (2 more)
\t0  0x00000000004392d6 in runtime.gopark
\t   at /usr/local/go/src/runtime/proc.go:363
\t1  0x00000000004b8e00 in main.(*T).run
\t   at ./main.go:30
\t(truncated)
  Goroutine 2 - Go: :0 ??? (0x0)
\t 0  0x00000000004b8e00 in main.main
\t    at ./main.go:31
\t 1  0x00000000004b8e01 in runtime.goexit
\t    at /usr/local/go/src/runtime/asm_amd64.s:1594
[3 goroutines]
";

#[test]
fn ok_listing_with_stacks_and_labels() {
    let (tables, snapshots) = read(STACKS);
    let snapshot = &snapshots[0];
    assert_eq!(
        listed(&tables, snapshot),
        [
            "1 chan receive handler=/api user=7 | runtime.gopark /usr/local/go/src/runtime/proc.go:363 | main.(*T).run ./main.go:30 \
             | … < main.start ./main.go:9",
            "2  | main.main ./main.go:31 | runtime.goexit /usr/local/go/src/runtime/asm_amd64.s:1594",
        ]
    );
    assert_eq!(snapshot.issues().len(), 1);
    assert_eq!(snapshot.issues()[0].kind, IssueKind::CountMismatch { declared: 3, found: 2 });
    let first = snapshot.goroutines()[0];
    assert_eq!(first.offset_bytes, 0);
    assert!(STACKS[..first.len_bytes as usize].ends_with("(truncated)"));
}

#[test]
fn ok_groups_declare_more_than_they_list() {
    let (tables, snapshots) = read(
        "main.recv
\t  Goroutine 18 - User: ./main.go:30 main.recv (0x4b8e00) [chan receive]
\t  Goroutine 19 - User: ./main.go:30 main.recv (0x4b8e00) [chan receive]
\tTotal: 5

runtime.forcegchelper
\t  Goroutine 2 - User: /go/proc.go:363 runtime.gopark (0x4392d6) [force gc (idle)]
\tTotal: 1
(dlv) goroutines
  Goroutine 18 - User: ./main.go:30 main.recv (0x4b8e00) [chan receive]
",
    );
    assert_eq!(listed(&tables, &snapshots[0]).len(), 3);
    assert_eq!(snapshots[0].declared_goroutines(), Some(6));
    assert_eq!(snapshots[0].issues()[0].kind, IssueKind::CountMismatch { declared: 6, found: 3 });
    assert_eq!((snapshots.len(), listed(&tables, &snapshots[1]).len()), (2, 1));
}

#[test]
fn ok_long_form() {
    let (tables, snapshots) = read(
        "Thread 4242 at ./main.go:12
Goroutine 5:
\tRuntime: /go/proc.go:363 runtime.gopark (0x4392d6)
\tUser: ./main.go:30 main.recv (0x4b8e00)
\tGo: ./main.go:9 main.start (0x4b8d2a)
\tStart: ./main.go:28 main.recv (0x4b8d00)
\tLabels: \"k\":\"v\"
",
    );
    assert_eq!(listed(&tables, &snapshots[0]), ["5  k=v | main.recv ./main.go:30 < main.start ./main.go:9"]);
}

#[test]
fn ok_dump_behind_a_listing_is_read() {
    let dump = "goroutine 1 [running]:\nmain.main()\n\t/src/main.go:3 +0x1\n";
    let (_, snapshots) = read(&format!("{}{dump}", PLAIN.split("[7").next().unwrap()));
    let kinds: Vec<_> = snapshots.iter().map(|snapshot| (snapshot.format(), snapshot.n_goroutines())).collect();
    assert_eq!(kinds, [(Format::Delve, 7), (Format::Traceback, 1)]);
}

#[test]
fn err_prose_is_no_listing() {
    for text in
        ["Goroutine 5:\n", "Goroutine 5: started\n", "Goroutine 8 (running) created at:\n", "Goroutine 5 - User: left\n"]
    {
        assert!(read(text).1.is_empty(), "{text}");
    }
}

#[test]
fn err_unreadable_goroutine_is_noted() {
    let (_, snapshots) = read(&PLAIN.replace("Goroutine 2 -", "Goroutine (unreadable could not read g) -"));
    assert_eq!(snapshots[0].n_goroutines(), 6);
    assert_eq!(snapshots[0].issues().len(), 2);
}

#[test]
fn prop_any_prefix_gives_the_goroutines_begun_so_far() {
    for text in [PLAIN, STACKS] {
        for end in 0..text.len() {
            let (_, snapshots) = read(&text[..end]);
            let n: u64 = snapshots.iter().map(Snapshot::n_goroutines).sum();
            let is_begun =
                |line: &&str| line.contains("Goroutine ") && line.split("(0x").nth(1).is_some_and(|rest| rest.contains(')'));
            assert_eq!(n, text[..end].lines().filter(is_begun).count() as u64, "{}", &text[..end]);
            let is_cut = text[..end].lines().last().is_some_and(|line| line.contains(" -") && !is_begun(&line));
            let is_noted = snapshots
                .iter()
                .any(|snapshot| snapshot.issues().iter().any(|issue| matches!(issue.kind, IssueKind::Truncated { .. })));
            assert_eq!(is_noted, is_cut && n > 0, "{}", &text[..end]);
        }
    }
}
