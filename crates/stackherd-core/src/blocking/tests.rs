//! Real dumps of small programs, `tests/rules`: what they wait for, and what the rules about it say.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::finding::testing::{dump, findings, judged};

macro_rules! real {
    ($name:literal) => {
        include_str!(concat!("../../../../tests/rules/", $name, ".debug2.txt"))
    };
}

/// What the rules about waiting say: rule, severity, confidence, goroutines, culprit.
fn said(text: &str) -> Vec<String> {
    let rules = [
        "lock-",
        "recursive-read-lock",
        "once-reentry",
        "waitgroup-never-done",
        "errgroup-limit-deadlock",
        "cond-never-signalled",
        "deadlock",
    ];
    let of_waiting = |line: &String| rules.iter().any(|rule| line.starts_with(rule));
    let short = |line: String| line.split(" | ").next().unwrap_or_default().to_string();
    findings(text).into_iter().filter(of_waiting).map(short).collect()
}

fn objects(text: &str) -> Vec<String> {
    let (_, _, judgement) = judged(text);
    let line = |object: &super::Object| {
        let exact = if object.is_exact { "exact" } else { "struct or line" };
        format!("{:?} {exact} {} {:?}", object.kind, object.n_waiters, object.candidates.first().map(|first| first.confidence))
    };
    judgement.blocking.objects.iter().map(line).collect()
}

#[test]
fn ok_two_locks_in_opposite_orders() {
    for text in [real!("lock-order.go1.19"), real!("lock-order.go1.27")] {
        assert_eq!(said(text), ["lock-cycle critical likely 2 main.go:26", "lock-pileup warning likely 30 main.go:33"]);
        assert_eq!(objects(text), ["Mutex exact 16 Some(Likely)", "Mutex exact 16 Some(Likely)"]);
    }
}

#[test]
fn ok_longer_rings() {
    for text in [real!("philosophers.go1.19"), real!("philosophers.go1.27")] {
        assert_eq!(said(text), ["lock-cycle critical likely 5 main.go:16"]);
        assert_eq!(judged(text).2.blocking.cycles[0].steps.len(), 5);
    }
}

#[test]
fn ok_a_lock_taken_twice_by_one_goroutine() {
    for text in [real!("lock-again.go1.19"), real!("lock-again.go1.27")] {
        assert_eq!(said(text), ["lock-cycle critical likely 1 main.go:17", "lock-pileup warning likely 25 main.go:17"]);
    }
}

#[test]
fn ok_a_lock_held_across_a_request() {
    for text in [real!("lock-over-http.go1.19"), real!("lock-over-http.go1.27")] {
        assert_eq!(said(text), ["lock-pileup warning likely 24 main.go:20"]);
        let (_, _, judgement) = judged(text);
        let finding = judgement.findings.iter().find(|finding| finding.rule == "lock-pileup").unwrap();
        assert!(finding.evidence.iter().any(|text| text.en.contains("held across network I/O")), "{:?}", finding.evidence);
        assert!(
            judgement.blocking.objects[0].candidates[0]
                .why
                .en
                .contains("net/http.(*persistConn).roundTrip, called at main.go:25")
        );
    }
}

#[test]
fn ok_a_lock_held_across_a_send() {
    for text in [real!("lock-over-send.go1.19"), real!("lock-over-send.go1.27")] {
        assert_eq!(said(text), ["lock-pileup warning likely 24 main.go:27"]);
        assert_eq!(objects(text)[0], "Mutex exact 27 Some(Likely)");
    }
}

#[test]
fn ok_a_read_lock_taken_twice() {
    for text in [real!("read-lock-twice.go1.19"), real!("read-lock-twice.go1.27")] {
        assert_eq!(
            said(text),
            ["recursive-read-lock critical likely 2 main.go:18", "lock-pileup warning likely 22 main.go:18"]
        );
    }
}

#[test]
fn ok_a_once_inside_itself() {
    for text in [real!("once-again.go1.19"), real!("once-again.go1.27")] {
        assert_eq!(said(text), ["once-reentry critical likely 6 main.go:17"]);
    }
}

#[test]
fn ok_wait_groups_with_their_workers() {
    for text in [real!("waitgroup-stuck.go1.19"), real!("waitgroup-stuck.go1.27")] {
        let said = said(text);
        assert!(said[0].starts_with("waitgroup-never-done ") && said[0].ends_with(" 24 main.go:21"), "{said:?}");
        let (_, _, judgement) = judged(text);
        let finding = judgement.findings.iter().find(|finding| finding.rule == "waitgroup-never-done").unwrap();
        assert!(finding.evidence[0].en.starts_with("48 goroutines that they started at main.go:19"), "{:?}", finding.evidence);
    }
}

#[test]
fn ok_a_limited_errgroup_inside_itself() {
    for text in [real!("errgroup-nested.go1.19"), real!("errgroup-nested.go1.27")] {
        assert_eq!(said(text), ["errgroup-limit-deadlock critical likely 4 main.go:18"]);
    }
}

#[test]
fn ok_conds_are_told_apart() {
    for text in [real!("cond-each.go1.19"), real!("cond-each.go1.27")] {
        assert_eq!(objects(text).len(), 24);
        let (_, _, judgement) = judged(text);
        let finding = judgement.findings.iter().find(|finding| finding.rule == "cond-never-signalled").unwrap();
        assert!(finding.evidence[0].en.contains("24 different Conds"), "{:?}", finding.evidence);
    }
}

#[test]
fn err_a_busy_lock_is_no_trouble() {
    for (text, n) in [(real!("busy-lock.go1.19"), 29), (real!("busy-lock.go1.27"), 23)] {
        assert_eq!(said(text), [format!("lock-pileup info possible {n} main.go:17")]);
        assert!(judged(text).2.blocking.cycles.is_empty());
    }
}

/// One lock order, and somebody works: whoever mentions a lock that others wait for need not hold it.
#[test]
fn err_a_lock_order_that_holds_is_no_cycle() {
    let transfer = |state: &str, lock: Option<&str>, arguments: &str, line: u32| {
        let lock = lock.map_or(String::new(), |lock| {
            format!("sync.(*Mutex).lockSlow({lock})\n\t/go/src/sync/mutex.go:171 +0x15d\nsync.(*Mutex).Lock(...)\n\t/go/src/sync/mutex.go:90\n")
        });
        format!("goroutine N [{state}]:\n{lock}main.Transfer({arguments})\n\t/src/main.go:{line} +0x9c\n")
    };
    let second = transfer("sync.Mutex.Lock", Some("0xc000018270"), "0xc000018258, 0xc000018270", 21);
    let first = transfer("sync.Mutex.Lock", Some("0xc000018258"), "0xc000018258, 0xc000018270", 18);
    let working = transfer("runnable", None, "0xc000018270, 0xc000018288", 24);
    let text = dump(&[(1, &second), (1, &first), (1, &working)]);
    assert_eq!(said(&text), [""; 0]);
}

#[test]
fn ok_addresses_and_order_decide_nothing() {
    let text = real!("lock-order.go1.27");
    let mut goroutines: Vec<&str> = text.trim().split("\n\n").collect();
    goroutines[1..].reverse();
    let reversed = goroutines.join("\n\n").replace("0x2b231f", "0x5d442e");
    assert_ne!(reversed, text);
    assert_eq!(findings(&reversed), findings(text));
}

#[test]
fn ok_many_waiters_and_many_objects() {
    let waiter = "goroutine N [sync.Mutex.Lock]:\nsync.(*Mutex).lockSlow(0xc000018270)\n\t/go/src/sync/mutex.go:171 +0x15d\nmain.(*T).Get(0xc000018260)\n\t/src/main.go:21 +0x9c\n";
    assert_eq!(objects(&dump(&[(5_000, waiter)])), ["Mutex exact 5000 None"]);
    let each: String = (0..5_000_u64)
        .map(|n| {
            dump(&[(1, &waiter.replace("0xc000018270", &format!("{:#x}", 0xc0_0001_8270 + n * 64)))])
                .replace("goroutine 101", &format!("goroutine {}", n + 101))
        })
        .collect();
    assert_eq!(objects(&each).len(), 5_000);
}
