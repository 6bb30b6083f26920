//! Checklist of the formats, items 113 to 115: what others than the runtime print.

use expect_test::expect;
use stackherd_core::{Format, NoteKind};

use crate::corpus::bytes_of;
use crate::dump::{check, read};

/// goleak up to 1.2.1 repeats the header.
#[test]
fn ok_checklist_113_goleak_with_headers() {
    check(
        "goleak: Errors on successful test run: found unexpected goroutines:\n\
         [Goroutine 16 in state select, with app.(*worker).start on top of the stack:\ngoroutine 16 [select]:\n\
         app.(*worker).start(0xc000379200)\n\tapp/worker.go:292 +0x9f\ncreated by app.init.0 in goroutine 1\n\tapp/worker.go:34 +0x8d\n\n \
         Goroutine 17 in state chan receive, 2 minutes, with app.(*worker).start on top of the stack:\n\
         goroutine 17 [chan receive, 2 minutes]:\napp.(*worker).start(0xc000379200)\n\tapp/worker.go:299 +0x9f\n\
         created by app.init.0 in goroutine 1\n\tapp/worker.go:34 +0x8d\n]\n",
        expect![[r#"
            Goleak
            16 [select] select
              app.(*worker).start app/worker.go:292
              by app.init.0 app/worker.go:34 in 1
            17 [chan receive] chan-receive, 2 min
              app.(*worker).start app/worker.go:299
              by app.init.0 app/worker.go:34 in 1
            go >=1.21
        "#]],
    );
}

#[test]
fn ok_checklist_113_goleak_without_headers() {
    check(
        "--- FAIL: TestLeak (0.44s)\n    gl_test.go:15: found unexpected goroutines:\n\
         \x20       [Goroutine 20 in state chan receive, with gl.TestLeak.func1 on top of the stack:\n\
         \x20       gl.TestLeak.func1()\n        \t/gl_test.go:13 +0x19\n        created by gl.TestLeak in goroutine 19\n\
         \x20       \t/gl_test.go:13 +0xa5\n         Goroutine 21 in state select (no cases), with gl.TestLeak.func2 on top of the stack:\n\
         \x20       gl.TestLeak.func2()\n        \t/gl_test.go:14 +0xf\n        created by gl.TestLeak in goroutine 19\n\
         \x20       \t/gl_test.go:14 +0xb1\n        ]\nFAIL\n",
        expect![[r#"
            Goleak
            20 [chan receive] chan-receive
              gl.TestLeak.func1 /gl_test.go:13
              by gl.TestLeak /gl_test.go:13 in 19
            21 [select (no cases)] select
              gl.TestLeak.func2 /gl_test.go:14
              by gl.TestLeak /gl_test.go:14 in 19
            go >=1.21
        "#]],
    );
    assert_eq!(read(&bytes_of("tests/1.24.11/goleak.txt")).unwrap().n_goroutines(), 3);
    assert_eq!(read(&bytes_of("public/issues/tidb-46844.goleak.txt")).unwrap().n_goroutines(), 1);
}

#[test]
fn ok_checklist_114_race_report_only() {
    let dump = read(&bytes_of("tests/1.27.3/race.txt")).unwrap();
    assert_eq!((dump.n_goroutines(), dump.only().format()), (0, Format::Race), "{}", dump.render());
    let notes = dump.only().notes();
    assert!(notes.iter().any(|note| note.kind == NoteKind::RaceReport && note.count == 3), "{notes:?}");
}

#[test]
fn ok_checklist_115_delve_with_stacks() {
    check(
        crate::samples::DELVE,
        expect![[r#"
            Delve
            declares 3
            1 [running] running
              main.main ./main.go:12
            18 [chan receive] chan-receive
              runtime.gopark /go/src/runtime/proc.go:363
              main.recv ./main.go:30
            19 [unknown wait reason 37] other
              runtime.gopark /go/src/runtime/proc.go:363
              main.recv ./main.go:31
        "#]],
    );
}
