//! Checklist of the traceback format, items 67 to 75: what a process prints before its stacks.

use expect_test::expect;

use crate::dump::check;

const CALL: &str = "main.f(0x1)\n\t/main.go:1 +0x1\n";

/// Go up to 1.22 prints the lines of a message as they are, so a goroutine in it can't be told from a real one.
#[test]
fn ok_checklist_67_fake_header_as_it_is() {
    check(
        &format!(
            "panic: bad input:\ngoroutine 99 [chan receive, 7 minutes]:\nmain.notReal(0x1)\n\t/app/x.go:1 +0x1\n\nend of input\n\n\
             goroutine 1 [running]:\n{CALL}"
        ),
        expect![[r#"
            99 [chan receive] chan-receive, 7 min
              main.notReal /app/x.go:1
            1 [running] running
              main.f /main.go:1
            crash Panic "bad input:" goroutine 99
        "#]],
    );
}

#[test]
fn ok_checklist_67_fake_header_without_frames_as_it_is() {
    check(
        &format!("panic: bad input:\ngoroutine 99 [chan receive]:\nand more\n\ngoroutine 1 [running]:\n{CALL}"),
        expect![[r#"
            1 [running] running
              main.f /main.go:1
            crash Panic "bad input:" goroutine 1
            issue MalformedHeader line 2 x1 ""
        "#]],
    );
}

#[test]
fn ok_checklist_67_fake_header_indented() {
    check(
        &format!(
            "panic: bad input:\n\tgoroutine 99 [chan receive, 7 minutes]:\n\tmain.notReal(0x1)\n\t\t/app/x.go:1 +0x1\n\t\n\tend of input\n\n\
             goroutine 1 [running]:\n{CALL}"
        ),
        expect![[r#"
            1 [running] running
              main.f /main.go:1
            crash Panic "bad input:\ngoroutine 99 [chan receive, 7 minutes]:\nmain.notReal(0x1)\n\t/app/x.go:1 +0x1" goroutine 1
            note OtherText line 6 x1
        "#]],
    );
}

#[test]
fn ok_checklist_68_recovered_and_panicked_again() {
    check(
        &format!("panic: first [recovered]\n\tpanic: handler: first\n\ngoroutine 1 [running]:\n{CALL}"),
        expect![[r#"
        1 [running] running
          main.f /main.go:1
        crash Panic "first [recovered]\npanic: handler: first" goroutine 1
    "#]],
    );
    check(
        &format!("panic: first [recovered, repanicked]\n\ngoroutine 1 [running]:\n{CALL}"),
        expect![[r#"
        1 [running] running
          main.f /main.go:1
        crash Panic "first [recovered, repanicked]" goroutine 1
    "#]],
    );
}

#[test]
fn ok_checklist_69_signal_in_c_code() {
    check(
        "SIGSEGV: segmentation violation\nPC=0x7f m=0 sigcode=1 addr=0x0\nsignal arrived during cgo execution\n\n\
         goroutine 1 gp=0x1 m=0 mp=0x2 [syscall]:\nruntime.cgocall(0x1, 0x2)\n\t/cgocall.go:167 +0x4b fp=0x1 sp=0x2 pc=0x3\n\
         main._Cfunc_crash()\n\t_cgo_gotypes.go:39 +0x3f fp=0x1 sp=0x2 pc=0x3\n\nrax    0x0\n",
        expect![[r#"
            1 [syscall] syscall
              runtime.cgocall /cgocall.go:167
              main._Cfunc_crash _cgo_gotypes.go:39
            crash Signal "SIGSEGV: segmentation violation" goroutine 1
            note OtherText line 2 x3
            go >=1.22
        "#]],
    );
}

#[test]
fn ok_checklist_70_stack_overflow() {
    check(
        &format!(
            "runtime: goroutine stack exceeds 1000000000-byte limit\nruntime: sp=0xc0200e1390 stack=[0xc0200e0000, 0xc0400e0000]\n\
             fatal error: stack overflow\n\nruntime stack:\nruntime.throw({{0x1, 0x2}})\n\t/panic.go:1 +0x1\n\n\
             goroutine 1 [running]:\n{CALL}...additional frames elided...\n"
        ),
        expect![[r#"
            1 [running] running
              main.f /main.go:1
              ...
            crash FatalError "stack overflow" goroutine 1
            note OtherText line 1 x5
        "#]],
    );
}

#[test]
fn ok_checklist_71_deadlock() {
    check(
        &format!("fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\n{CALL}exit status 2\n"),
        expect![[r#"
            1 [chan receive] chan-receive
              main.f /main.go:1
            crash FatalError "all goroutines are asleep - deadlock!" goroutine 1
        "#]],
    );
}

#[test]
fn ok_checklist_72_concurrent_map_writes() {
    check(
        &format!("fatal error: concurrent map writes\n\ngoroutine 18 [running]:\n{CALL}"),
        expect![[r#"
        18 [running] running
          main.f /main.go:1
        crash FatalError "concurrent map writes" goroutine 18
    "#]],
    );
}

#[test]
fn ok_checklist_73_test_timeout() {
    check(
        &format!(
            "=== RUN   TestHang\npanic: test timed out after 10m0s\n\trunning tests:\n\t\tTestHang (10m0s)\n\n\
             goroutine 17 [running]:\n{CALL}\ngoroutine 1 [chan receive, 9 minutes]:\n{CALL}FAIL\texample.com/app\t600.012s\nFAIL\n"
        ),
        expect![[r#"
            17 [running] running
              main.f /main.go:1
            1 [chan receive] chan-receive, 9 min
              main.f /main.go:1
            crash Panic "test timed out after 10m0s\nrunning tests:\n\tTestHang (10m0s)" goroutine 17
            note OtherText line 1 x1
        "#]],
    );
}

#[test]
fn ok_checklist_74_http_panic() {
    check(
        "2026/11/21 10:00:00 http: panic serving 127.0.0.1:1: boom\ngoroutine 7 [running]:\nnet/http.(*conn).serve.func1()\n\t/server.go:1947 +0xbe\n\
         panic({0x1, 0x2})\n\t/panic.go:783 +0x132\nmain.handle({0x1, 0x2}, 0x3)\n\t/main.go:9 +0x1\n\
         created by net/http.(*Server).Serve in goroutine 1\n\t/server.go:3454 +0x485\n2026/11/21 10:00:01 next request\n",
        expect![[r#"
            7 [running] running
              net/http.(*conn).serve.func1 /server.go:1947
              panic /panic.go:783
              main.handle /main.go:9
              by net/http.(*Server).Serve /server.go:3454 in 1
            note OtherText line 1 x2
            go >=1.21
        "#]],
    );
}

#[test]
fn ok_checklist_75_synctest_deadlock() {
    check(
        "--- FAIL: TestBubble (0.00s)\npanic: deadlock: main bubble goroutine has exited but blocked goroutines remain [recovered, repanicked]\n\n\
         goroutine 7 [running]:\ntesting.tRunner.func1.2({0x1, 0x2})\n\t/testing.go:1872 +0x237\n\n\
         goroutine 9 [chan receive (durable), synctest bubble 1]:\nmain.TestBubble.func1.1()\n\t/x_test.go:9 +0x1\n",
        expect![[r#"
            7 [running] running
              testing.tRunner.func1.2 /testing.go:1872
            9 [chan receive (durable)] chan-receive, synctest
              main.TestBubble.func1.1 /x_test.go:9
            crash Panic "deadlock: main bubble goroutine has exited but blocked goroutines remain [recovered, repanicked]" goroutine 7
            note OtherText line 1 x1
            go >=1.25
        "#]],
    );
}
