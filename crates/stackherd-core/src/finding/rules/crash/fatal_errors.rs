//! Messages of fatal errors, which nothing can recover: Go `runtime/panic.go`, `runtime/map.go`, `runtime/malloc.go`, package
//! `sync`.

use super::meaning::{Meaning, NONE, RACE_DETECTOR};

pub(super) const FATAL_ERRORS: &[Meaning] = &[
    Meaning {
        patterns: &["nlock of unlocked"],
        what: ("A lock was unlocked that was not locked. This cannot be recovered.", "解锁了未加锁的锁。此错误无法 recover。"),
        cause: (
            "Usually Unlock is called twice on one path, the lock was copied with its struct, or RLock is paired with Unlock.",
            "通常是某条路径上解锁两次、锁随结构体被复制，或 RLock 与 Unlock 混用。",
        ),
        caveat: ("Who unlocked it first is not in the dump.", "先解锁的是谁，转储中看不到。"),
        fix: (
            "Pair each Lock with one deferred Unlock; go vet finds copied locks.",
            "每个 Lock 配一个 defer 的 Unlock；go vet 能发现被复制的锁。",
        ),
        before: "mu.Lock()\nif done {\n\tmu.Unlock()\n}\nmu.Unlock()",
        after: "mu.Lock()\ndefer mu.Unlock()\nif done {\n\treturn\n}",
        reference: "https://pkg.go.dev/sync#Mutex.Unlock",
    },
    Meaning {
        patterns: &["concurrent map"],
        what: (
            "Two goroutines used one map at the same time, and at least one of them wrote. The runtime ends the process, which cannot be recovered.",
            "两个 goroutine 同时使用同一个 map，且至少一个在写。运行时终止了进程，此错误无法 recover。",
        ),
        cause: (
            "Usually a map in a shared struct or a package variable has no lock.",
            "通常是共享结构体或包变量中的 map 没有加锁。",
        ),
        caveat: (
            "The dump shows the goroutine that noticed. The other one may have gone on since; go test -race or a build with -race names both.",
            "转储显示的是发现问题的 goroutine，另一个可能已继续运行；go test -race 或带 -race 的构建能指出两者。",
        ),
        fix: ("Guard the map with a mutex, or use sync.Map.", "用互斥锁保护 map，或使用 sync.Map。"),
        before: "cache[key] = value",
        after: "mu.Lock()\ncache[key] = value\nmu.Unlock()",
        reference: RACE_DETECTOR,
    },
    Meaning {
        patterns: &["stack overflow"],
        what: (
            "A goroutine's stack grew to its limit, 1 GB on 64-bit systems.",
            "某个 goroutine 的栈增长到了上限（64 位系统为 1 GB）。",
        ),
        cause: (
            "Almost always a function calls itself without end, often a String, Error or MarshalJSON method that formats its own value.",
            "几乎总是函数无休止地调用自身，常见于 String、Error 或 MarshalJSON 方法格式化了自身的值。",
        ),
        caveat: NONE,
        fix: ("Mend the case that ends the recursion.", "修正终止递归的条件。"),
        before: "func (u User) String() string { return fmt.Sprintf(\"%v\", u) } // calls String",
        after: "func (u User) String() string { return fmt.Sprintf(\"%s (%d)\", u.Name, u.ID) }",
        reference: "https://pkg.go.dev/runtime/debug#SetMaxStack",
    },
    Meaning {
        patterns: &["out of memory", "cannot allocate"],
        what: ("The runtime asked the system for memory and got none.", "运行时向系统申请内存而未获批准。"),
        cause: (
            "Usually memory leaks, one request is far too large, or a limit (container, ulimit) is below what is needed.",
            "通常是内存泄漏、单次申请过大，或限制（容器、ulimit）低于所需。",
        ),
        caveat: (
            "The goroutine that asked last need not be the one that holds the memory. A heap profile tells; a goroutine dump does not.",
            "最后申请的 goroutine 未必是占用内存的那个。堆剖析能说明，goroutine 转储不能。",
        ),
        fix: (
            "Take a heap profile before the limit is reached, and set GOMEMLIMIT below it.",
            "在达到限制之前取堆剖析，并把 GOMEMLIMIT 设在限制之下。",
        ),
        before: "",
        after: "",
        reference: "https://go.dev/doc/gc-guide#Memory_limit",
    },
    Meaning {
        patterns: &["thread exhaustion"],
        what: (
            "The program has more than 10,000 threads, the limit of the Go runtime.",
            "程序的线程超过 10,000，即 Go 运行时的上限。",
        ),
        cause: (
            "Usually thousands of goroutines are in system calls, file reads on a slow disk or C code at once: each takes a thread.",
            "通常是数千个 goroutine 同时处于系统调用、慢盘读写或 C 代码中：每个都占一个线程。",
        ),
        caveat: NONE,
        fix: ("Bound how many goroutines enter such calls at once.", "限制同时进入此类调用的 goroutine 数量。"),
        before: "for _, name := range names {\n\tgo read(name)\n}",
        after: "limit := make(chan struct{}, 64)\nfor _, name := range names {\n\tlimit <- struct{}{}\n\tgo func() {\n\t\tdefer func() { <-limit }()\n\t\tread(name)\n\t}()\n}",
        reference: "https://pkg.go.dev/runtime/debug#SetMaxThreads",
    },
    Meaning {
        patterns: &["newosproc"],
        what: ("The system refused to start another thread.", "系统拒绝启动新的线程。"),
        cause: (
            "Usually a limit on processes (ulimit -u, pids of a container) is reached.",
            "通常是进程数限制（ulimit -u、容器的 pids）已满。",
        ),
        caveat: NONE,
        fix: (
            "Raise the limit, or bound how many goroutines are in system calls and C code at once.",
            "提高限制，或限制同时处于系统调用和 C 代码中的 goroutine 数量。",
        ),
        before: "",
        after: "",
        reference: "https://pkg.go.dev/runtime/debug#SetMaxThreads",
    },
    Meaning {
        patterns: &["checkptr"],
        what: (
            "Code that uses package unsafe made a pointer that Go does not allow.",
            "使用 unsafe 包的代码产生了 Go 不允许的指针。",
        ),
        cause: (
            "Usually an address was computed beyond the object it came from, or is not aligned.",
            "通常是计算出的地址超出原对象，或未对齐。",
        ),
        caveat: NONE,
        fix: ("Follow the patterns that package unsafe documents.", "遵循 unsafe 包文档给出的用法。"),
        before: "",
        after: "",
        reference: "https://pkg.go.dev/unsafe#Pointer",
    },
];
