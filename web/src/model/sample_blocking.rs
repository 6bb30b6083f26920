//! Objects for tests: a crowded channel, a mutex with a candidate, and two mutexes that close a cycle.

use stackherd_report::protocol::{BlockingView, CandidateView, CycleStep, CycleView, FrameView, ObjectRow};
use stackherd_report::{BlockingKind, Confidence, Fix, Origin};

pub(crate) fn frame(origin: Origin, function: &str, line: u32) -> FrameView {
    let (package, name) = function.split_once('.').unwrap_or(("", function));
    FrameView {
        function: function.to_owned(),
        package: package.to_owned(),
        name: name.to_owned(),
        file: format!("/src/{package}/{package}.go"),
        short_file: format!("{package}/{package}.go"),
        line,
        origin,
        inlined: false,
    }
}

pub(crate) fn object(kind: BlockingKind, waiters: u64) -> ObjectRow {
    ObjectRow {
        address: String::new(),
        exact: true,
        kind,
        waiters,
        groups: Vec::new(),
        waiting_at: None,
        oldest_minutes: None,
        candidates: Vec::new(),
        cycle: None,
    }
}

fn candidate(goid: u64, confidence: Confidence) -> CandidateView {
    CandidateView {
        goid: Some(goid),
        state: "chan send".into(),
        group: format!("group-{goid}"),
        top: Some(frame(Origin::App, "audit.(*Log).Record", 17)),
        confidence,
        why: format!("Goroutine {goid} is in a call of the same receiver."),
    }
}

fn step(goid: u64, object: u32, address: &str) -> CycleStep {
    CycleStep {
        goid: Some(goid),
        state: "sync.Mutex.Lock, 11 minutes".into(),
        group: format!("group-{goid}"),
        stack: vec![
            frame(Origin::Runtime, "sync.runtime_SemacquireMutex", 95),
            frame(Origin::Std, "sync.(*Mutex).lockSlow", 149),
            frame(Origin::App, "ledger.Transfer", 18),
        ],
        object: Some(object),
        address: address.into(),
        kind: BlockingKind::Mutex,
    }
}

/// Goroutine 207 waits for what 208 seems to hold and back; 317 wait for a mutex that 18303 may hold; 99,490 send.
pub(crate) fn view() -> BlockingView {
    let channel = ObjectRow {
        groups: vec!["group-a".into(), "group-b".into()],
        waiting_at: Some(frame(Origin::App, "worker.(*Pool).run", 89)),
        oldest_minutes: Some(11),
        ..object(BlockingKind::Channel, 99_490)
    };
    let mutex = ObjectRow {
        address: "0x16e6ea01e3c0".into(),
        candidates: vec![candidate(18_303, Confidence::Likely), candidate(7, Confidence::Possible)],
        ..object(BlockingKind::Mutex, 317)
    };
    let first = ObjectRow {
        address: "0x16e6ea24a100".into(),
        cycle: Some(0),
        candidates: vec![candidate(5, Confidence::Possible), candidate(208, Confidence::Likely)],
        waiting_at: Some(frame(Origin::App, "ledger.Transfer", 18)),
        ..object(BlockingKind::Mutex, 1)
    };
    let second = ObjectRow { address: "0x16e6ea24a0f0".into(), candidates: Vec::new(), ..first.clone() };
    BlockingView {
        objects: vec![channel, mutex, first, second],
        n_objects: 4,
        waiters: 99_809,
        cycles: vec![CycleView {
            steps: vec![step(207, 2, "0x16e6ea24a100"), step(208, 3, "0x16e6ea24a0f0")],
            why: vec!["Goroutine 207 has both as arguments.".into(), "So has 208, swapped.".into()],
            fix: Some(Fix {
                summary: "Take both locks in one fixed order.".into(),
                before: "from.mu.Lock()\nto.mu.Lock()".into(),
                after: "first, second := inOrder(from, to)\nfirst.mu.Lock()\nsecond.mu.Lock()".into(),
            }),
        }],
    }
}
