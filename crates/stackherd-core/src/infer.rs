//! States of goroutines in profiles, which print none: inferred from the frames.
//!
//! A goroutine that waits was stopped in `runtime.gopark`, and what called it tells why: Go `runtime/chan.go`, `select.go`,
//! `sema.go`, `netpoll.go`, `time.go`, the same from 1.15 to 1.27. Text profiles leave the runtime's first frames out, so the
//! names that other packages give to runtime functions are known here too: `time.Sleep`, `sync.runtime_SemacquireMutex`.

use memchr::memmem;

use crate::wait::Category;

/// A state inferred from frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inferred {
    /// Go's words where the frames prove them: `chan receive`.
    pub(crate) wait_reason: &'static str,
    /// What it means.
    pub(crate) category: Category,
}

const RUNNING: Inferred = Inferred { wait_reason: "running", category: Category::Running };
const RUNNABLE: Inferred = Inferred { wait_reason: "runnable", category: Category::Runnable };
const WAITING: Inferred = Inferred { wait_reason: "waiting", category: Category::Other };
const SEMACQUIRE: Inferred = Inferred { wait_reason: "semacquire", category: Category::Lock };

/// The state of a goroutine whose functions are these, leaf first, inlined ones and the runtime's included as far as the format
/// lists them. `None` when the frames prove nothing.
pub(crate) fn infer<'a>(functions: impl Iterator<Item = &'a [u8]>) -> Option<Inferred> {
    let mut functions = functions.into_iter();
    let mut is_parked = false;
    let mut is_in_runtime = false;
    while let Some(function) = functions.next() {
        is_parked |= function == b"runtime.gopark";
        // The runtime's own frame without gopark below it is at work: polling a channel, spinning on a lock.
        if is_parked || !is_in_runtime {
            if is_semacquire(function) && (is_parked || !is_runtime(function)) {
                return Some(semacquire(function, functions));
            }
            if let Some(inferred) = reason(PARKED, function).filter(|_| is_parked || !is_runtime(function)) {
                return Some(inferred);
            }
        }
        if !is_parked && let Some(inferred) = active(function) {
            return Some(inferred);
        }
        if !is_runtime(function) {
            break;
        }
        is_in_runtime = true;
    }
    match (is_parked, is_in_runtime) {
        (true, _) => Some(WAITING),
        (false, true) => Some(RUNNING),
        (false, false) => None,
    }
}

/// The state of a goroutine whose functions are all here, the runtime's included: what does not wait is on a processor, or was
/// when it was stopped.
pub(crate) fn infer_or_running<'a>(functions: impl Iterator<Item = &'a [u8]>) -> Inferred {
    let mut functions = functions.peekable();
    if functions.peek().is_none() {
        // It has not started yet: profiles leave out `runtime.goexit`, and wrappers that the compiler made.
        return RUNNABLE;
    }
    infer(functions).unwrap_or(RUNNING)
}

/// Beginnings of names of functions that park, and what for. A name that ends in `$` must be matched to its end.
const PARKED: &[(&str, Inferred)] = &[
    ("runtime.chanrecv", Inferred { wait_reason: "chan receive", category: Category::ChanReceive }),
    ("runtime.chansend", Inferred { wait_reason: "chan send", category: Category::ChanSend }),
    ("runtime.selectgo$", Inferred { wait_reason: "select", category: Category::Select }),
    ("runtime.block$", Inferred { wait_reason: "select (no cases)", category: Category::Select }),
    ("runtime.netpollblock$", Inferred { wait_reason: "IO wait", category: Category::Io }),
    ("internal/poll.runtime_pollWait", Inferred { wait_reason: "IO wait", category: Category::Io }),
    ("time.Sleep$", Inferred { wait_reason: "sleep", category: Category::Sleep }),
    ("sync.runtime_notifyListWait$", Inferred { wait_reason: "sync.Cond.Wait", category: Category::Wait }),
    ("reflect.chanrecv$", Inferred { wait_reason: "chan receive", category: Category::ChanReceive }),
    ("reflect.chansend", Inferred { wait_reason: "chan send", category: Category::ChanSend }),
    ("reflect.rselect$", Inferred { wait_reason: "select", category: Category::Select }),
    ("internal/synctest.Run$", Inferred { wait_reason: "synctest.Run", category: Category::Wait }),
    ("internal/synctest.Wait$", Inferred { wait_reason: "synctest.Wait", category: Category::Wait }),
    ("runtime.gcBgMarkWorker", Inferred { wait_reason: "GC worker (idle)", category: Category::Runtime }),
    ("runtime.bgsweep$", Inferred { wait_reason: "GC sweep wait", category: Category::Runtime }),
    ("runtime.bgscavenge$", Inferred { wait_reason: "GC scavenge wait", category: Category::Runtime }),
    ("runtime.forcegchelper$", Inferred { wait_reason: "force gc (idle)", category: Category::Runtime }),
    ("runtime.gcParkAssist$", Inferred { wait_reason: "GC assist wait", category: Category::Runtime }),
    ("runtime.gcWaitOnMark$", Inferred { wait_reason: "wait for GC cycle", category: Category::Runtime }),
    ("runtime.runfinq$", Inferred { wait_reason: "finalizer wait", category: Category::Runtime }),
    ("runtime.runFinalizers$", Inferred { wait_reason: "finalizer wait", category: Category::Runtime }),
    ("runtime.runCleanups$", Inferred { wait_reason: "cleanup wait", category: Category::Runtime }),
    ("runtime.(*cleanupQueue).", Inferred { wait_reason: "cleanup wait", category: Category::Runtime }),
    ("runtime.updateMaxProcsGoroutine$", Inferred { wait_reason: "GOMAXPROCS updater (idle)", category: Category::Runtime }),
    ("runtime.ReadTrace$", Inferred { wait_reason: "trace reader (blocked)", category: Category::Runtime }),
    ("runtime.readTrace0$", Inferred { wait_reason: "trace reader (blocked)", category: Category::Runtime }),
];

const COROUTINE: Inferred = Inferred { wait_reason: "coroutine", category: Category::Other };
const SYSCALL: Inferred = Inferred { wait_reason: "syscall", category: Category::Syscall };

/// Beginnings of names of functions that do not park.
const ACTIVE: &[(&str, Inferred)] = &[
    ("syscall.Syscall", SYSCALL),
    ("syscall.RawSyscall", SYSCALL),
    ("syscall.rawSyscall", SYSCALL),
    ("syscall.syscall", SYSCALL), // macOS and the BSDs: syscall.syscall6, syscall.syscalln
    ("internal/runtime/syscall", SYSCALL),
    ("runtime/internal/syscall", SYSCALL),
    ("runtime.cgocall$", SYSCALL),
    ("runtime.notetsleepg$", SYSCALL), // as the runtime's headers word it: it hands its processor over
    ("os/signal.signal_recv$", SYSCALL),
    ("runtime.coroswitch", COROUTINE), // iter.Pull: switches without gopark
    ("runtime.corostart$", COROUTINE), // not started yet
    ("runtime.Gosched$", RUNNABLE),
    // Who takes the profile.
    ("runtime.goroutineProfile", RUNNING),
    ("runtime/pprof.runtime_", RUNNING),
    ("runtime/pprof.pprof_", RUNNING),
    ("runtime/pprof.write", RUNNING),
];

fn reason(rules: &[(&str, Inferred)], function: &[u8]) -> Option<Inferred> {
    let is_match = |rule: &str| match rule.strip_suffix('$') {
        Some(name) => name.as_bytes() == function,
        None => function.starts_with(rule.as_bytes()),
    };
    rules.iter().find(|(rule, _)| is_match(rule)).map(|&(_, inferred)| inferred)
}

fn active(function: &[u8]) -> Option<Inferred> {
    // cgo names the Go side of a C function so: main._Cfunc_sleep.
    reason(ACTIVE, function).or_else(|| memmem::find(function, b"._Cfunc_").map(|_| SYSCALL))
}

fn is_semacquire(function: &[u8]) -> bool {
    ["runtime.semacquire", "sync.runtime_Sem", "sync.runtime_Syncsem", "internal/sync.runtime_Sem", "internal/poll.runtime_Sem"]
        .iter()
        .any(|name| function.strip_prefix(name.as_bytes()).is_some_and(|rest| !rest.starts_with(b"release")))
}

/// Whether a frame with this function is the runtime's, so that what called it may tell more.
fn is_runtime(function: &[u8]) -> bool {
    [b"runtime.".as_slice(), b"internal/runtime/", b"runtime/internal/"].iter().any(|package| function.starts_with(package))
}

/// Beginnings of names of functions that wait for a semaphore, the most telling first.
const SEMAPHORES: &[(&str, Inferred)] = &[
    ("sync.runtime_SemacquireRWMutexR$", Inferred { wait_reason: "sync.RWMutex.RLock", category: Category::Lock }),
    ("sync.runtime_SemacquireRWMutex$", Inferred { wait_reason: "sync.RWMutex.Lock", category: Category::Lock }),
    ("sync.runtime_SemacquireWaitGroup", Inferred { wait_reason: "sync.WaitGroup.Wait", category: Category::Wait }),
    ("sync.runtime_Syncsemacquire", Inferred { wait_reason: "sync.Cond.Wait", category: Category::Wait }),
    ("sync.(*Mutex).", Inferred { wait_reason: "sync.Mutex.Lock", category: Category::Lock }),
    ("internal/sync.(*Mutex).", Inferred { wait_reason: "sync.Mutex.Lock", category: Category::Lock }),
    ("sync.(*RWMutex).RLock", Inferred { wait_reason: "sync.RWMutex.RLock", category: Category::Lock }),
    ("sync.(*RWMutex).", Inferred { wait_reason: "sync.RWMutex.Lock", category: Category::Lock }),
    ("sync.(*WaitGroup).", Inferred { wait_reason: "sync.WaitGroup.Wait", category: Category::Wait }),
    ("sync.(*Cond).", Inferred { wait_reason: "sync.Cond.Wait", category: Category::Wait }),
    ("runtime.gc", Inferred { wait_reason: "semacquire", category: Category::Runtime }),
    ("runtime.GC", Inferred { wait_reason: "semacquire", category: Category::Runtime }),
    ("runtime.stopTheWorld", Inferred { wait_reason: "semacquire", category: Category::Runtime }),
    ("runtime.ReadMemStats", Inferred { wait_reason: "semacquire", category: Category::Runtime }),
];

/// What a goroutine waits for that came to `function`, called by `callers`: the frames of `sync` tell.
fn semacquire<'a>(function: &'a [u8], callers: impl Iterator<Item = &'a [u8]>) -> Inferred {
    let is_between = |function: &[u8]| {
        is_runtime(function)
            || [b"sync.".as_slice(), b"internal/sync.", b"internal/poll."].iter().any(|p| function.starts_with(p))
    };
    core::iter::once(function)
        .chain(callers)
        .take_while(|function| is_between(function))
        .find_map(|function| reason(SEMAPHORES, function))
        .unwrap_or(SEMACQUIRE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn functions<'a>(names: &'a [&'a str]) -> impl Iterator<Item = &'a [u8]> {
        names.iter().map(|name| name.as_bytes())
    }

    #[track_caller]
    fn check(names: &[&str], wait_reason: &str, category: Category) {
        let inferred = infer(functions(names)).expect("the frames prove a state");
        assert_eq!((inferred.wait_reason, inferred.category), (wait_reason, category), "{names:?}");
    }

    #[test]
    fn ok_whole_stacks() {
        check(&["runtime.gopark", "runtime.chanrecv", "runtime.chanrecv1", "main.f"], "chan receive", Category::ChanReceive);
        check(&["runtime.gopark", "runtime.chansend", "runtime.chansend1", "main.f"], "chan send", Category::ChanSend);
        check(&["runtime.gopark", "runtime.selectgo", "main.f"], "select", Category::Select);
        check(&["runtime.gopark", "runtime.block", "main.main"], "select (no cases)", Category::Select);
        check(&["runtime.gopark", "runtime.netpollblock", "internal/poll.runtime_pollWait"], "IO wait", Category::Io);
        check(&["runtime.gopark", "time.Sleep", "main.f"], "sleep", Category::Sleep);
        check(&["runtime.coroswitch", "iter.Pull[go.shape.int].func2"], "coroutine", Category::Other);
        check(&["runtime.notetsleepg", "os/signal.signal_recv", "os/signal.loop"], "syscall", Category::Syscall);
        check(&["runtime.cgocall", "main._Cfunc_sleep", "main.f"], "syscall", Category::Syscall);
        check(&["runtime.gopark", "runtime.goparkunlock", "runtime.bgsweep"], "GC sweep wait", Category::Runtime);
        check(&["runtime.gopark", "runtime.goparkunlock", "main.linknamed"], "waiting", Category::Other);
        check(&["runtime.mallocgc", "runtime.newobject", "main.f"], "running", Category::Running);
        check(&["runtime.goroutineProfileWithLabels", "runtime/pprof.writeRuntimeProfile"], "running", Category::Running);
    }

    #[test]
    fn ok_first_visible_frames() {
        check(&["time.Sleep", "main.f"], "sleep", Category::Sleep);
        check(&["internal/poll.runtime_pollWait", "internal/poll.(*pollDesc).wait"], "IO wait", Category::Io);
        check(&["sync.runtime_notifyListWait", "sync.(*Cond).Wait"], "sync.Cond.Wait", Category::Wait);
        check(&["os/signal.signal_recv", "os/signal.loop"], "syscall", Category::Syscall);
        check(&["syscall.Syscall", "syscall.read", "syscall.Read"], "syscall", Category::Syscall);
        check(&["main._Cfunc_sleep", "main.f"], "syscall", Category::Syscall);
        check(&["runtime/pprof.runtime_goroutineProfileWithLabels"], "running", Category::Running);
    }

    #[test]
    fn ok_semaphores() {
        let parked = ["runtime.gopark", "runtime.goparkunlock", "runtime.semacquire1"];
        for (visible, wait_reason, category) in [
            (&["sync.runtime_SemacquireMutex", "sync.(*Mutex).lockSlow"][..], "sync.Mutex.Lock", Category::Lock),
            (&["internal/sync.runtime_SemacquireMutex", "internal/sync.(*Mutex).lockSlow"], "sync.Mutex.Lock", Category::Lock),
            (&["sync.runtime_SemacquireRWMutexR", "sync.(*RWMutex).RLock"], "sync.RWMutex.RLock", Category::Lock),
            (&["sync.runtime_SemacquireMutex", "sync.(*RWMutex).RLock"], "sync.RWMutex.RLock", Category::Lock),
            (&["sync.runtime_SemacquireRWMutex", "sync.(*RWMutex).Lock"], "sync.RWMutex.Lock", Category::Lock),
            (&["sync.runtime_Semacquire", "sync.(*WaitGroup).Wait"], "sync.WaitGroup.Wait", Category::Wait),
            (&["sync.runtime_SemacquireWaitGroup"], "sync.WaitGroup.Wait", Category::Wait),
            (&["internal/poll.runtime_Semacquire", "internal/poll.(*fdMutex).rwlock"], "semacquire", Category::Lock),
        ] {
            check(visible, wait_reason, category);
            check(&[&parked, visible].concat(), wait_reason, category);
        }
        check(&[&parked[..], &["runtime.semacquire", "runtime.gcStart", "main.f"]].concat(), "semacquire", Category::Runtime);
    }

    #[test]
    fn ok_what_does_not_park_is_no_wait() {
        check(&["runtime.lock2", "runtime.chanrecv", "runtime.selectnbrecv", "main.poll"], "running", Category::Running);
        check(&["runtime.procyield", "sync.runtime_doSpin", "sync.(*Mutex).lockSlow"], "running", Category::Running);
        check(&["runtime.futex", "runtime.semrelease1", "sync.runtime_Semrelease"], "running", Category::Running);
    }

    #[test]
    fn ok_frames_that_prove_nothing() {
        assert_eq!(infer(functions(&["main.work", "time.Sleep", "runtime.cgocall"])), None);
        assert_eq!(infer(functions(&["sync.runtime_Semrelease", "sync.(*Mutex).Unlock"])), None);
        assert_eq!(infer(functions(&[])), None);
        assert_eq!(infer_or_running(functions(&["main.work", "time.Sleep"])), RUNNING);
        assert_eq!(infer_or_running(functions(&[])), RUNNABLE);
    }
}
