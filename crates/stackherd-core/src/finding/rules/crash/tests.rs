//! Crashes as Go prints them.

use crate::finding::testing::{findings, judged};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

const STACK: &str = "goroutine 7 [running]:\nmain.load(0x1)\n\t/src/load.go:12 +0x1d\nmain.main()\n\t/src/main.go:5 +0x1\n";

fn of_rule(text: &str) -> Vec<String> {
    findings(text).into_iter().filter(|finding| finding.starts_with("crash ")).collect()
}

fn evidence(text: &str) -> String {
    let judgement = judged(text).2;
    let finding = judgement.findings.iter().find(|finding| finding.rule == "crash").unwrap();
    finding.evidence.iter().map(|text| format!("{}\n", text.en)).collect()
}

#[track_caller]
fn check(message: &str, title: &str, plain: &str) {
    let text = format!("{message}\n\n{STACK}");
    assert_eq!(of_rule(&text), [format!("crash critical certain 1 load.go:12 | {title}, at load.go:12")]);
    assert!(evidence(&text).contains(plain), "{}", evidence(&text));
}

#[test]
fn ok_what_crashed_in_plain_words() {
    check(
        "panic: runtime error: index out of range [5] with length 3",
        "The process panicked: index out of range [5] with length 3",
        "It has 3 elements, 0 to 2; element 5 was asked for.",
    );
    check(
        "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x28 pc=0x5]",
        "The process panicked: invalid memory address or nil pointer dereference",
        "0x28 is the offset of a field",
    );
    check("panic: send on closed channel", "The process panicked: send on closed channel", "that had been closed");
    check(
        "panic: sync: negative WaitGroup counter",
        "The process panicked: sync: negative WaitGroup counter",
        "more often than Add",
    );
    check("panic: main.E(\"lost\")", "The process panicked: main.E(\"lost\")", "called panic with this message");
    check("fatal error: concurrent map writes", "The Go runtime ended the process: concurrent map writes", "used one map");
    check("fatal error: runtime: out of memory", "The Go runtime ended the process: runtime: out of memory", "got none");
    check(
        "fatal error: found pointer to free object",
        "The Go runtime ended the process: found pointer to free object",
        "its own state or memory damaged",
    );
    check(
        "unexpected fault address 0x3a0000008f\nfatal error: fault\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x3a0000008f pc=0x3]",
        "The Go runtime ended the process: unexpected fault address",
        "The address is 0x3a0000008f.",
    );
}

#[test]
fn ok_the_cause_lies_below_the_first_panic() {
    let text = "panic: first [recovered]\n\tpanic: handler: first\n\ngoroutine 1 [running]:\nmain.rethrow.func1()\n\t/src/main.go:62 +0x5c\npanic({0x5678f8?, 0x4abd98?})\n\t/usr/local/go/src/runtime/panic.go:859 +0x125\nmain.rethrow()\n\t/src/main.go:65 +0x3e\nmain.main()\n\t/src/main.go:94 +0x51d\n";
    assert_eq!(of_rule(text), ["crash critical certain 1 main.go:65 | The process panicked: first, at main.go:65"]);
    assert!(evidence(text).contains("panicked as well: handler: first."));
}

#[test]
fn ok_a_message_that_looks_like_a_goroutine_is_none() {
    let text =
        format!("panic: bad input:\ngoroutine 99 [chan receive, 7 minutes]:\nmain.notReal(0x1)\n\t/app/x.go:1 +0x1\n\n{STACK}");
    assert_eq!(of_rule(&text), ["crash critical certain 1 load.go:12 | The process panicked: bad input, at load.go:12"]);
}

#[test]
fn ok_the_runtime_itself_has_no_culprit() {
    let text = "fatal error: found pointer to free object\n\ngoroutine 3 [running]:\nruntime.throw({0xd7d523?, 0xc000280060?})\n\t/go/src/runtime/panic.go:1047 +0x5d\nruntime.bgsweep(0x0?)\n\t/go/src/runtime/mgcsweep.go:297 +0x18d\n";
    assert_eq!(of_rule(text), ["crash critical certain 1 - | The Go runtime ended the process: found pointer to free object"]);
}

#[test]
fn ok_a_crash_in_c_code() {
    let text = "SIGSEGV: segmentation violation\nPC=0x7f m=0 sigcode=1 addr=0x0\nsignal arrived during cgo execution\n\ngoroutine 1 [syscall]:\nruntime.cgocall(0x4, 0xc0)\n\t/usr/local/go/src/runtime/cgocall.go:157 +0x5c\nmain._Cfunc_decode(0x0)\n\t_cgo_gotypes.go:66 +0x3a\nmain.main()\n\t/src/main.go:9 +0x1d\n";
    assert_eq!(
        of_rule(text),
        ["crash critical certain 1 main.go:9 | The process was ended by SIGSEGV: segmentation violation, at main.go:9"]
    );
}

#[test]
fn ok_a_process_that_was_asked_did_not_crash() {
    let text = format!("SIGQUIT: quit\nPC=0x46e661 m=0 sigcode=0\n\ngoroutine 0 [idle]:\n\n{STACK}");
    assert_eq!(
        of_rule(&text),
        ["crash info certain 0 - | The process was asked for its goroutines with SIGQUIT; it did not crash by itself"]
    );
}

const HANGS: &str = "\ngoroutine 22 [running]:\ntesting.(*M).startAlarm.func1()\n\t/go/src/testing/testing.go:2484 +0x394\ncreated by time.goFunc\n\t/go/src/time/sleep.go:215 +0x2d\n\ngoroutine 1 [chan receive]:\ntesting.(*T).Run(0xc0000a01c0, {0x577e8d?, 0xc00008ab30?}, 0x5846e0)\n\t/go/src/testing/testing.go:1859 +0x431\ntesting.runTests.func1(0xc0000a01c0)\n\t/go/src/testing/testing.go:2279 +0x37\ntesting.tRunner(0xc0000a01c0, 0xc00008ac70)\n\t/go/src/testing/testing.go:1792 +0xf4\nmain.main()\n\t_testmain.go:47 +0x9b\n\ngoroutine 18 [chan send]:\nacme.io/sched.(*Scheduler).Run(...)\n\t/src/sched.go:33\nacme.io/sched.TestHangs(0xc0000a0380?)\n\t/src/timeout_test.go:16 +0xc5\ntesting.tRunner(0xc0000a0380, 0x5846e0)\n\t/go/src/testing/testing.go:1792 +0xf4\ncreated by testing.(*T).Run in goroutine 1\n\t/go/src/testing/testing.go:1851 +0x413\n";

#[test]
fn ok_a_test_that_hangs() {
    let expected = "crash critical likely 1 sched.go:33 | TestHangs did not end within 2s: it waits at sched.go:33";
    assert_eq!(of_rule(&format!("panic: test timed out after 2s\n\trunning tests:\n\t\tTestHangs (2s)\n{HANGS}")), [expected]);
    assert_eq!(of_rule(&format!("panic: test timed out after 2s\n{HANGS}")), [expected], "Go 1.19 names no tests");
}

#[test]
fn ok_a_deadlock_is_no_matter_of_this_rule() {
    assert!(of_rule(&format!("fatal error: all goroutines are asleep - deadlock!\n\n{STACK}")).is_empty());
}

#[test]
fn ok_a_dump_is_no_crash() {
    assert!(of_rule(STACK).is_empty());
}
