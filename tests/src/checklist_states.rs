//! Checklist of the formats, items 116 to 121: what goroutines wait for, and how long.

use std::fmt::Write;

use stackherd_engine::Session;

use crate::corpus::bytes_of;
use crate::dump::read;

/// The table of states: what Go prints, and what it means. Versions and sources are in the core's `wait.rs`.
const STATES: &[(&str, &[&str])] = &[
    ("chan-receive", &["chan receive", "chan receive (nil chan)", "chan receive (synctest)", "chan receive (durable)"]),
    ("chan-send", &["chan send", "chan send (nil chan)", "chan send (synctest)", "chan send (durable)"]),
    ("select", &["select", "select (no cases)", "select (synctest)", "select (durable)", "select (no cases) (durable)"]),
    ("io", &["IO wait"]),
    ("sleep", &["sleep", "sleep (durable)"]),
    ("lock", &["semacquire", "sync.Mutex.Lock", "sync.RWMutex.Lock", "sync.RWMutex.RLock"]),
    (
        "wait",
        &[
            "semarelease",
            "sync.Cond.Wait",
            "sync.Cond.Wait (durable)",
            "sync.WaitGroup.Wait",
            "sync.WaitGroup.Wait (durable)",
            "synctest.Run",
            "synctest.Wait",
        ],
    ),
    ("syscall", &["syscall", "waiting for cgo callback"]),
    ("running", &["running", "copystack"]),
    ("runnable", &["runnable", "preempted"]),
    (
        "runtime",
        &[
            "idle",
            "panicwait",
            "garbage collection",
            "garbage collection scan",
            "GC assist wait",
            "GC assist marking",
            "GC sweep wait",
            "GC scavenge wait",
            "GC worker (idle)",
            "GC worker (active)",
            "GC mark termination",
            "stopping the world",
            "GC weak to strong wait",
            "wait for GC cycle",
            "force gc (idle)",
            "finalizer wait",
            "cleanup wait",
            "GOMAXPROCS updater (idle)",
            "timer goroutine (idle)",
            "trace reader (blocked)",
            "dumping heap",
            "debug call",
            "flushing proc caches",
            "trace goroutine status",
            "trace proc status",
            "page trace flush",
        ],
    ),
    ("other", &["coroutine", "waiting", "dead", "enqueue", "leaked", "???", "unknown wait reason", "quantum wait"]),
];

#[test]
fn ok_checklist_116_every_state() {
    let mut text = String::new();
    for (goid, state) in STATES.iter().flat_map(|(_, states)| *states).enumerate() {
        let _ = write!(text, "goroutine {} [{state}, 2 minutes]:\nmain.f()\n\t/main.go:1 +0x1\n\n", goid + 1);
    }
    let rows = read(text.as_bytes()).unwrap().rows();
    let expected = STATES.iter().flat_map(|(category, states)| states.iter().map(move |state| (*state, *category)));
    let mut n_states = 0;
    for ((state, category), row) in expected.zip(&rows) {
        assert_eq!(row.category, category, "{state}");
        assert!(state.starts_with(row.state.split(" (").next().unwrap()), "{state} became {}", row.state);
        n_states += 1;
    }
    assert_eq!(n_states, rows.len());
}

/// The category of a goroutine in this state with these calls, leaf first.
fn category(state: &str, calls: &[&str]) -> &'static str {
    let calls: String = calls.iter().map(|call| format!("{call}(0x0?)\n\t/go/src/x.go:1 +0x1\n")).collect();
    let rows = read(format!("goroutine 1 [{state}]:\n{calls}main.main()\n\t/main.go:1 +0x1\n").as_bytes()).unwrap().rows();
    rows[0].category
}

#[test]
fn ok_checklist_117_semacquire_by_frames() {
    for (calls, expected) in [
        (&["sync.runtime_SemacquireMutex", "sync.(*Mutex).lockSlow", "sync.(*Mutex).Lock"][..], "lock"),
        (&["sync.runtime_SemacquireRWMutexR", "sync.(*RWMutex).RLock"], "lock"),
        (&["sync.runtime_Semacquire", "sync.(*RWMutex).RLock"], "lock"),
        (&["sync.runtime_Semacquire", "sync.(*WaitGroup).Wait"], "wait"),
        (&["sync.runtime_SemacquireWaitGroup", "sync.(*WaitGroup).Wait"], "wait"),
        (&["sync.runtime_Syncsemacquire", "sync.(*Cond).Wait"], "wait"),
        (&["sync.runtime_notifyListWait", "sync.(*Cond).Wait"], "wait"),
        (&["internal/poll.runtime_Semacquire", "internal/poll.(*fdMutex).rwlock", "internal/poll.(*FD).Close"], "lock"),
        (&["runtime.gcStart", "runtime.mallocgc"], "runtime"),
        (&["runtime.GC"], "runtime"),
        (&["runtime.ReadMemStats"], "runtime"),
        (&["main.lock"], "lock"),
    ] {
        assert_eq!(category("semacquire", calls), expected, "{calls:?}");
    }
}

/// A writer behind another writer waits for the mutex inside: Go says `sync.Mutex.Lock`, and only the frames say more.
#[test]
fn ok_checklist_118_writer_of_a_rwmutex() {
    for path in ["format-samples/go1.27.3-rwmutex-writer.txt", "format-samples/go1.19.8-rwmutex-writer.txt"] {
        let dump = read(&bytes_of(path)).unwrap();
        let writers = dump.rows().into_iter().filter(|row| format!("{:?}", row.stack).contains("sync.(*RWMutex).Lock"));
        let states: Vec<_> = writers.map(|row| (row.state, row.category)).collect();
        assert!(!states.is_empty() && states.iter().all(|(_, category)| *category == "lock"), "{path}: {states:?}");
    }
    let calls =
        ["internal/sync.runtime_SemacquireMutex", "sync.(*Mutex).lockSlow", "sync.(*Mutex).Lock", "sync.(*RWMutex).Lock"];
    assert_eq!(category("sync.Mutex.Lock", &calls), "lock");
}

/// The second caller waits for the mutex inside.
#[test]
fn ok_checklist_119_once() {
    let calls = [
        "sync.runtime_SemacquireMutex",
        "sync.(*Mutex).lockSlow",
        "sync.(*Mutex).Lock",
        "sync.(*Once).doSlow",
        "sync.(*Once).Do",
    ];
    for state in ["semacquire", "sync.Mutex.Lock"] {
        assert_eq!(category(state, &calls), "lock");
    }
}

/// Addresses are of one process: waiters of any mutex at one place are one group, wherever Go 1.26 puts its heap.
#[test]
fn ok_checklist_120_addresses_do_not_split_groups() {
    let waiter = |goid: u32, address: &str| {
        format!(
            "goroutine {goid} [sync.Mutex.Lock]:\ninternal/sync.(*Mutex).lockSlow({address})\n\t/go/src/internal/sync/mutex.go:149 +0x15a\n\
             main.(*Bank).Move({address}, 0x{goid:x})\n\t/src/bank.go:9 +0x1\n\n"
        )
    };
    let addresses = ["0xc0000b0000", "0x3b371471e028", "0x29c8cb392028", "0x111b2254"];
    let text: String = addresses.iter().enumerate().map(|(at, address)| waiter(at as u32 + 7, address)).collect();
    let mut session = Session::default();
    session.add(0, "dump.txt", text.as_bytes()).unwrap();
    let report = session.report();
    let groups: Vec<_> = report.groups.iter().map(|group| (group.goroutines, group.category.as_str())).collect();
    assert_eq!(groups, [(4, "lock")]);
}

/// Minutes are counted from a garbage collection: none says nothing, and some may be too many. Both are kept as printed.
#[test]
fn ok_checklist_121_minutes_as_printed() {
    let none = read(b"goroutine 1 [select]:\nmain.main()\n\t/m.go:1 +0x1\n").unwrap().rows();
    assert_eq!(none[0].wait_minutes, None);
    for version in ["1.19.8", "1.27.3"] {
        let fresh = read(&bytes_of(&format!("format-samples/go{version}-wait-overestimate.txt"))).unwrap();
        let waits: Vec<_> = fresh.rows().iter().filter_map(|row| row.wait_minutes).collect();
        assert!(!waits.is_empty(), "{version}");
    }
    // What is not printed does not count as zero.
    let text =
        "goroutine 1 [select]:\nmain.f()\n\t/m.go:1 +0x1\n\ngoroutine 2 [select, 9 minutes]:\nmain.f()\n\t/m.go:1 +0x1\n";
    let mut session = Session::default();
    session.add(0, "dump.txt", text.as_bytes()).unwrap();
    let waits = session.report().groups[0].wait_minutes.clone().unwrap();
    assert_eq!((waits.known, waits.min, waits.p50, waits.max), (1, 9, 9, 9));
}
