//! Checklist of the traceback format, items 47 to 66: what a stack is made of, and what stands between stacks.

use expect_test::expect;

use crate::dump::{check, read};

const CALL: &str = "main.f(0x1)\n\t/main.go:1 +0x1\n";

#[test]
fn ok_checklist_47_created_by() {
    check(
        "goroutine 7 [select]:\nmain.f()\n\t/m.go:1 +0x1\ncreated by main.start in goroutine 5\n\t/m.go:2 +0x2\n\n\
         goroutine 8 [select]:\nmain.f()\n\t/m.go:1 +0x1\ncreated by main.start\n\t/m.go:2 +0x2\n",
        expect![[r#"
            7 [select] select
              main.f /m.go:1
              by main.start /m.go:2 in 5
            8 [select] select
              main.f /m.go:1
              by main.start /m.go:2
            go >=1.21
        "#]],
    );
}

#[test]
fn ok_checklist_48_no_creator() {
    check(
        "goroutine 1 [select]:\nmain.main()\n\t/m.go:1 +0x1\n\ngoroutine 5 [finalizer wait]:\nruntime.runFinalizers()\n\t/f.go:2 +0x1\n",
        expect![[r#"
            1 [select] select
              main.main /m.go:1
            5 [finalizer wait] runtime
              runtime.runFinalizers /f.go:2
        "#]],
    );
}

#[test]
fn ok_checklist_49_created_by_a_timer() {
    check(
        &format!("goroutine 1 [select]:\n{CALL}created by time.goFunc\n\t/sleep.go:215 +0x2d\n"),
        expect![[r#"
        1 [select] select
          main.f /main.go:1
          by time.goFunc /sleep.go:215
    "#]],
    );
}

#[test]
fn ok_checklist_50_ancestors() {
    check(
        "goroutine 7 [select]:\nmain.c()\n\t/m.go:3 +0x1\ncreated by main.b\n\t/m.go:2 +0x2\n\
         [originating from goroutine 6]:\nmain.b(...)\n\t/m.go:2 +0x2\ncreated by main.a\n\t/m.go:1 +0x2\n\
         [originating from goroutine 1]:\nmain.a(...)\n\t/m.go:1 +0x2\nmain.main(...)\n\t/m.go:9 +0x2\n\n\
         goroutine 8 [select]:\nmain.c()\n\t/m.go:3 +0x1\n",
        expect![[r#"
            7 [select] select
              main.c /m.go:3
              by main.b /m.go:2 in 6
            8 [select] select
              main.c /m.go:3
        "#]],
    );
}

#[test]
fn ok_checklist_51_frames_elided_in_the_middle() {
    check(
        &format!("goroutine 1 [select]:\n{CALL}...51 frames elided...\nmain.main()\n\t/m.go:9 +0x1\n"),
        expect![[r#"
        1 [select] select
          main.f /main.go:1
          ...
          main.main /m.go:9
        go >=1.21
    "#]],
    );
}

#[test]
fn ok_checklist_52_one_frame_elided() {
    check(
        &format!("goroutine 1 [select]:\n{CALL}...1 frames elided...\nmain.main()\n\t/m.go:9 +0x1\n"),
        expect![[r#"
        1 [select] select
          main.f /main.go:1
          ...
          main.main /m.go:9
        go >=1.21
    "#]],
    );
}

#[test]
fn ok_checklist_53_additional_frames_elided() {
    check(
        &format!("goroutine 1 [select]:\n{CALL}...additional frames elided...\ncreated by main.main\n\t/m.go:9 +0x1\n"),
        expect![[r#"
            1 [select] select
              main.f /main.go:1
              ...
              by main.main /m.go:9
        "#]],
    );
}

/// Go up to 1.20 says nothing when it leaves out the outermost frames; what is there is read, and nothing is made up.
#[test]
fn ok_checklist_54_silent_cut() {
    let frames = CALL.repeat(97);
    let dump = read(format!("goroutine 1 [select]:\n{frames}created by main.main\n\t/m.go:9 +0x1\n").as_bytes()).unwrap();
    let row = &dump.rows()[0];
    assert_eq!((row.stack.len(), row.created_by.as_deref()), (97, Some("main.main /m.go:9")));
    assert!(dump.issues().is_empty());
}

#[test]
fn ok_checklist_55_stack_unavailable() {
    check(
        "goroutine 7 [running]:\n\tgoroutine running on other thread; stack unavailable\ncreated by main.main in goroutine 1\n\t/m.go:9 +0x1\n\n\
         goroutine 8 [running]:\n\tgoroutine running on other thread; stack unavailable\n\n\
         goroutine 9 [syscall]:\n\tgoroutine in C code; stack unavailable\n",
        expect![[r#"
            7 [running] running
              by main.main /m.go:9 in 1
            8 [running] running
            9 [syscall] syscall
            issue StackUnavailable line 2 x3 "\tgoroutine running on other thread; stack unavailable"
            go >=1.21
        "#]],
    );
}

#[test]
fn ok_checklist_56_finalizers_and_cleanups() {
    check(
        "goroutine 5 [chan receive]:\nmain.fin(0x1)\n\t/m.go:3 +0x1\nruntime.runFinalizers()\n\t/f.go:255 +0x1\ncreated by runtime.createfing in goroutine 1\n\t/f.go:177 +0x3d\n\n\
         goroutine 6 [sleep]:\nmain.fin(0x1)\n\t/m.go:3 +0x1\n",
        expect![[r#"
            5 [chan receive] chan-receive
              main.fin /m.go:3
              runtime.runFinalizers /f.go:255
              by runtime.createfing /f.go:177 in 1
            6 [sleep] sleep
              main.fin /m.go:3
            go >=1.21
        "#]],
    );
}

#[test]
fn ok_checklist_57_only_an_inlined_frame() {
    check(
        "goroutine 5 [chan receive]:\nmain.f(...)\n\t/m.go:3\n",
        expect![[r#"
        5 [chan receive] chan-receive
          main.f /m.go:3 inlined
    "#]],
    );
}

#[test]
fn ok_checklist_58_no_frames() {
    check(
        "goroutine 5 [running]:\n\ngoroutine 6 [select]:\ngoroutine 7 [idle]:\n",
        expect![[r#"
        5 [running] running
        6 [select] select
        7 [idle] runtime
    "#]],
    );
}

#[test]
fn ok_checklist_59_blank_line_inside_a_stack() {
    check(
        "goroutine 5 [select]:\n\nmain.f()\n\t/m.go:3 +0x1\n\nmain.main()\n\t/m.go:9 +0x1\ncreated by main.g\n\t/m.go:4 +0x1\n",
        expect![[r#"
            5 [select] select
              main.f /m.go:3
              main.main /m.go:9
              by main.g /m.go:4
        "#]],
    );
}

#[test]
fn ok_checklist_60_no_blank_line_between_goroutines() {
    check(
        &format!("goroutine 5 [select]:\n{CALL}goroutine 6 [select]:\n{CALL}goroutine 7 [sleep]:\n{CALL}"),
        expect![[r#"
        5 [select] select
          main.f /main.go:1
        6 [select] select
          main.f /main.go:1
        7 [sleep] sleep
          main.f /main.go:1
    "#]],
    );
}

#[test]
fn ok_checklist_61_log_line_inside_a_stack() {
    check(
        &format!(
            "goroutine 5 [select]:\n{CALL}2026/11/21 10:00:00 worker (pid 7) started\nmain.g()\n{{\"level\":\"info\"}}\n\t/m.go:3 +0x1\n\
             listening on :8080\nmain.main()\n\t/m.go:9 +0x1\n"
        ),
        expect![[r#"
            5 [select] select
              main.f /main.go:1
              main.g /m.go:3
              main.main /m.go:9
            issue InterleavedText line 4 x3 "2026/11/21 10:00:00 worker (pid 7) started"
        "#]],
    );
}

/// Other text after the last frame is no issue: whatever was printed next.
#[test]
fn ok_checklist_61_log_lines_behind_a_stack() {
    check(
        &format!("goroutine 5 [select]:\n{CALL}exit status 2\nFAIL\texample.com/app\t0.4s\n"),
        expect![[r#"
        5 [select] select
          main.f /main.go:1
    "#]],
    );
}

#[test]
fn ok_checklist_62_two_dumps() {
    let dump = format!("goroutine 1 [select]:\n{CALL}\ngoroutine 7 [sleep]:\n{CALL}\n");
    check(
        &format!("{dump}some log line\n\n{dump}"),
        expect![[r#"
            1 [select] select
              main.f /main.go:1
            7 [sleep] sleep
              main.f /main.go:1
            dump at line 11
            1 [select] select
              main.f /main.go:1
            7 [sleep] sleep
              main.f /main.go:1
        "#]],
    );
}

#[test]
fn ok_checklist_63_sections_with_goroutines_again() {
    check(
        &format!(
            "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n\ngoroutine 0 gp=0x1 m=0 mp=0x2 [idle]:\n{CALL}\n\
             goroutine 7 gp=0x3 m=4 mp=0x5 [running]:\n\tgoroutine running on other thread; stack unavailable\n\n\
             goroutine 8 gp=0x4 m=nil [select]:\n{CALL}\nrax    0x0\nrbx    0x1\n\n-----\n\n\
             SIGQUIT: quit\nPC=0x1 m=4 sigcode=0\n\ngoroutine 0 gp=0x9 m=4 mp=0x5 [idle]:\n{CALL}\n\
             goroutine 7 gp=0x3 m=4 mp=0x5 [running]:\n{CALL}\ngoroutine 8 gp=0x4 m=nil [select]:\n{CALL}\n"
        ),
        expect![[r#"
            0 [idle] runtime
              main.f /main.go:1
            8 [select] select
              main.f /main.go:1
            0 [idle] runtime
              main.f /main.go:1
            7 [running] running
              main.f /main.go:1
            crash Signal "SIGQUIT: quit" goroutine 0
            issue StackUnavailable line 9 x1 "\tgoroutine running on other thread; stack unavailable"
            issue DuplicateGoroutine line 18 x2 "-----"
            note OtherText line 2 x5
            go >=1.22
        "#]],
    );
}

/// A rule that somebody drew between two dumps is no section of Go's.
#[test]
fn ok_checklist_63_rule_between_two_dumps() {
    let dump = format!("goroutine 7 [select]:\n{CALL}\n");
    check(
        &format!("{dump}-----\n\n{dump}-----\ntaken again\n{dump}"),
        expect![[r#"
            7 [select] select
              main.f /main.go:1
            note OtherText line 5 x3
            dump at line 7
            7 [select] select
              main.f /main.go:1
            dump at line 13
            7 [select] select
              main.f /main.go:1
        "#]],
    );
}

#[test]
fn ok_checklist_64_runtime_stack() {
    check(
        &format!(
            "fatal error: out of memory\n\nruntime stack:\nruntime.throw(0x1)\n\t/panic.go:1 +0x1\nruntime.main()\n\t/proc.go:1 +0x1\n\n\
             goroutine 1 [running]:\n{CALL}"
        ),
        expect![[r#"
            1 [running] running
              main.f /main.go:1
            crash FatalError "out of memory" goroutine 1
            note OtherText line 3 x5
        "#]],
    );
}

#[test]
fn ok_checklist_65_registers() {
    check(
        &format!("goroutine 5 [select]:\n{CALL}\nrax    0xfffffffffffffffc\nr8     0x0\ncs     0x33\nexit status 2\n"),
        expect![[r#"
            5 [select] select
              main.f /main.go:1
            note OtherText line 5 x4
        "#]],
    );
}

#[test]
fn ok_checklist_66_coroutine() {
    check(
        "goroutine 7 [coroutine]:\niter.Pull[...].func1.1(0x1)\n\t/iter.go:1 +0x1\ncreated by iter.Pull[...]\n\t/iter.go:2 +0x1\n",
        expect![[r#"
            7 [coroutine] other
              iter.Pull[...].func1.1 /iter.go:1
              by iter.Pull[...] /iter.go:2
        "#]],
    );
}
