//! What a goroutine waits for: Go's words, and the categories they fall into.
//!
//! The words are those of `waitReasonStrings` in Go's `runtime/runtime2.go` and `gStatusStrings` in `runtime/traceback.go`,
//! Go 1.4 to 1.27. Words that are not in the table fall back on a prefix, then on [`Category::Other`]: newer versions of Go
//! add reasons, and their text is kept as printed.

/// What a goroutine does, coarse enough to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// On a processor.
    Running,
    /// Waiting for a processor.
    Runnable,
    /// Receiving from a channel.
    ChanReceive,
    /// Sending to a channel.
    ChanSend,
    /// Sending or receiving; the format can't tell.
    Chan,
    /// In a select statement.
    Select,
    /// Waiting for a mutex or a semaphore.
    Lock,
    /// Waiting for a `WaitGroup`, a `Cond` or a synctest bubble.
    Wait,
    /// Waiting for the network poller.
    Io,
    /// In a system call or C code.
    Syscall,
    /// In `time.Sleep`.
    Sleep,
    /// The Go runtime's own work.
    Runtime,
    /// Anything else.
    Other,
}

impl Category {
    /// Every category, in the order of declaration.
    pub const ALL: [Self; 13] = [
        Self::Running,
        Self::Runnable,
        Self::ChanReceive,
        Self::ChanSend,
        Self::Chan,
        Self::Select,
        Self::Lock,
        Self::Wait,
        Self::Io,
        Self::Syscall,
        Self::Sleep,
        Self::Runtime,
        Self::Other,
    ];

    /// The word used in reports and keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Runnable => "runnable",
            Self::ChanReceive => "chan-receive",
            Self::ChanSend => "chan-send",
            Self::Chan => "chan",
            Self::Select => "select",
            Self::Lock => "lock",
            Self::Wait => "wait",
            Self::Io => "io",
            Self::Syscall => "syscall",
            Self::Sleep => "sleep",
            Self::Runtime => "runtime",
            Self::Other => "other",
        }
    }

    /// The category of a state as printed, flags removed: `chan receive`, `semacquire`.
    ///
    /// `semacquire` stands for locks and for waits; [`refine_semacquire`] tells them apart by the frames.
    #[must_use]
    pub fn of(state: &[u8]) -> Self {
        let exact = REASONS.iter().find(|(text, _)| text.as_bytes() == state);
        let by_prefix = || PREFIXES.iter().find(|(prefix, _)| state.starts_with(prefix.as_bytes()));
        exact.or_else(by_prefix).map_or(Self::Other, |&(_, category)| category)
    }
}

/// Go's words, most frequent first.
const REASONS: &[(&str, Category)] = &[
    ("chan receive", Category::ChanReceive),
    ("chan send", Category::ChanSend),
    ("select", Category::Select),
    ("IO wait", Category::Io),
    ("sync.Mutex.Lock", Category::Lock),     // Go 1.20
    ("sync.WaitGroup.Wait", Category::Wait), // Go 1.24
    ("sync.Cond.Wait", Category::Wait),      // Go 1.11
    ("semacquire", Category::Lock),
    ("sync.RWMutex.RLock", Category::Lock), // Go 1.20
    ("sync.RWMutex.Lock", Category::Lock),  // Go 1.20
    ("syscall", Category::Syscall),
    ("sleep", Category::Sleep),
    ("running", Category::Running),
    ("runnable", Category::Runnable),
    ("chan receive (nil chan)", Category::ChanReceive),
    ("chan send (nil chan)", Category::ChanSend),
    ("select (no cases)", Category::Select),
    ("chan receive (synctest)", Category::ChanReceive), // Go 1.24, experiment
    ("chan send (synctest)", Category::ChanSend),       // Go 1.24, experiment
    ("select (synctest)", Category::Select),            // Go 1.24, experiment
    ("synctest.Run", Category::Wait),                   // Go 1.24
    ("synctest.Wait", Category::Wait),                  // Go 1.24
    ("semarelease", Category::Wait),                    // until Go 1.5
    ("waiting for cgo callback", Category::Syscall),    // Go 1.26
    ("copystack", Category::Running),
    ("preempted", Category::Runnable), // Go 1.14
    ("coroutine", Category::Other),    // Go 1.23, iter.Pull
    ("idle", Category::Runtime),
    ("panicwait", Category::Runtime),
    ("garbage collection", Category::Runtime),
    ("garbage collection scan", Category::Runtime),
    ("GC assist wait", Category::Runtime),
    ("GC assist marking", Category::Runtime),
    ("GC sweep wait", Category::Runtime),
    ("GC scavenge wait", Category::Runtime),
    ("GC worker (idle)", Category::Runtime),
    ("GC worker (active)", Category::Runtime),
    ("GC mark termination", Category::Runtime),
    ("GC weak to strong wait", Category::Runtime),
    ("stopping the world", Category::Runtime),
    ("wait for GC cycle", Category::Runtime),
    ("force gc (idle)", Category::Runtime),
    ("finalizer wait", Category::Runtime),
    ("cleanup wait", Category::Runtime),              // Go 1.25
    ("GOMAXPROCS updater (idle)", Category::Runtime), // Go 1.25
    ("timer goroutine (idle)", Category::Runtime),    // until Go 1.19
    ("trace reader (blocked)", Category::Runtime),
    ("dumping heap", Category::Runtime),
    ("debug call", Category::Runtime),
    ("flushing proc caches", Category::Runtime),   // Go 1.22
    ("trace goroutine status", Category::Runtime), // Go 1.22
    ("trace proc status", Category::Runtime),      // Go 1.22
    ("page trace flush", Category::Runtime),       // Go 1.22
    ("waiting", Category::Other),
    ("dead", Category::Other),
    ("enqueue", Category::Other), // Go 1.4
    ("leaked", Category::Other),  // Go 1.26, bare status
    ("???", Category::Other),
    ("unknown wait reason", Category::Other),
];

/// For words of Go versions to come.
const PREFIXES: &[(&str, Category)] = &[
    ("chan receive", Category::ChanReceive),
    ("chan send", Category::ChanSend),
    ("select", Category::Select),
    ("GC ", Category::Runtime),
    ("sync.WaitGroup", Category::Wait),
    ("sync.Cond", Category::Wait),
    ("synctest", Category::Wait),
    ("sync.", Category::Lock),
];

/// What `semacquire` means on a stack with these functions, leaf first.
///
/// Go up to 1.19 says `semacquire` for mutexes, up to 1.23 for a `WaitGroup`; a goroutine that waits to start a garbage
/// collection says so in every version.
pub fn refine_semacquire<'a>(functions: impl Iterator<Item = &'a [u8]>) -> Category {
    for function in functions {
        if let Some(&(_, category)) = SEMACQUIRE.iter().find(|(prefix, _)| function.starts_with(prefix.as_bytes())) {
            return category;
        }
    }
    Category::Lock
}

/// Beginnings of function names that tell who called `semacquire`.
const SEMACQUIRE: &[(&str, Category)] = &[
    ("sync.runtime_SemacquireWaitGroup", Category::Wait),
    ("sync.runtime_SemacquireMutex", Category::Lock),
    ("sync.runtime_SemacquireRWMutex", Category::Lock),
    ("internal/sync.", Category::Lock),
    ("sync.(*Mutex)", Category::Lock),
    ("sync.(*RWMutex)", Category::Lock),
    ("sync.(*WaitGroup).Wait", Category::Wait),
    ("sync.(*Cond).Wait", Category::Wait),
    ("sync.runtime_Syncsemacquire", Category::Wait),
    ("sync.runtime_notifyListWait", Category::Wait),
    ("internal/poll.", Category::Lock),
    ("runtime.gcStart", Category::Runtime),
    ("runtime.GC", Category::Runtime),
    ("runtime.stopTheWorld", Category::Runtime),
    ("runtime.ReadMemStats", Category::Runtime),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_category_of_every_reason() {
        for &(text, category) in REASONS {
            assert_eq!(Category::of(text.as_bytes()), category, "{text}");
        }
    }

    #[test]
    fn ok_unknown_reasons_fall_back_on_their_prefix() {
        assert_eq!(Category::of(b"chan receive (something new)"), Category::ChanReceive);
        assert_eq!(Category::of(b"GC dance"), Category::Runtime);
        assert_eq!(Category::of(b"sync.Barrier.Wait"), Category::Lock);
        assert_eq!(Category::of(b"unheard of"), Category::Other);
    }

    #[test]
    fn ok_semacquire_is_refined_by_frames() {
        let of = |names: &[&'static str]| refine_semacquire(names.iter().map(|name| name.as_bytes()));
        assert_eq!(of(&["sync.runtime_Semacquire", "sync.(*WaitGroup).Wait", "main.main"]), Category::Wait);
        assert_eq!(of(&["sync.runtime_SemacquireMutex", "sync.(*RWMutex).Lock"]), Category::Lock);
        assert_eq!(of(&["internal/poll.runtime_Semacquire"]), Category::Lock);
        assert_eq!(of(&["runtime.GC"]), Category::Runtime);
        assert_eq!(of(&["main.alloc"]), Category::Lock);
    }
}
