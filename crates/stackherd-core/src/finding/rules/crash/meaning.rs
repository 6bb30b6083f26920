//! What the runtime's messages mean, in plain words.

use super::fatal_errors::FATAL_ERRORS;
use super::panics::PANICS;

/// A sentence in English and in 简体中文.
pub(super) type Pair = (&'static str, &'static str);

/// What a message means and what it usually comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    /// What the message holds, one of these.
    pub(super) patterns: &'static [&'static str],
    /// What happened.
    pub(super) what: Pair,
    /// What it usually comes from.
    pub(super) cause: Pair,
    /// What the dump cannot tell; empty when there is nothing to add.
    pub(super) caveat: Pair,
    /// What to change.
    pub(super) fix: Pair,
    /// Go code that does it.
    pub(super) before: &'static str,
    /// Go code that does not.
    pub(super) after: &'static str,
    /// Where to read on.
    pub(super) reference: &'static str,
}

/// Nothing to add.
pub(super) const NONE: Pair = ("", "");

const HANDLING_PANICS: &str = "https://go.dev/ref/spec#Handling_panics";
pub(super) const RACE_DETECTOR: &str = "https://go.dev/doc/articles/race_detector";

/// The meaning of the first line of a panic or fatal error, if it is one of the runtime's or the standard library's.
pub(super) fn find(message: &str) -> Option<&'static Meaning> {
    let is_meant = |meaning: &&Meaning| meaning.patterns.iter().any(|pattern| message.contains(pattern));
    if message == "fault" {
        return Some(&FAULT);
    }
    FATAL_ERRORS.iter().chain(PANICS).find(is_meant)
}

/// Any other panic.
pub(super) const PANIC: Meaning = Meaning {
    patterns: &[],
    what: (
        "Code of the program or of a library called panic with this message, and nothing recovered it.",
        "程序或库的代码用此信息调用了 panic，且没有被 recover。",
    ),
    cause: (
        "Usually a state that its author held to be impossible; the message is theirs.",
        "通常是作者认为不可能出现的状态；信息由其给出。",
    ),
    caveat: NONE,
    fix: (
        "Return an error where a caller can do something about it; recover only at the edge, per request.",
        "调用者能处理时返回 error；只在边界处按请求 recover。",
    ),
    before: "if err != nil {\n\tpanic(err)\n}",
    after: "if err != nil {\n\treturn fmt.Errorf(\"load config: %w\", err)\n}",
    reference: HANDLING_PANICS,
};

/// Any other fatal error: the runtime found itself in a state that it cannot be in.
pub(super) const FATAL: Meaning = Meaning {
    patterns: &[],
    what: (
        "The Go runtime found its own state or memory damaged and ended the process. This cannot be recovered.",
        "Go 运行时发现自身状态或内存已损坏，终止了进程。此错误无法 recover。",
    ),
    cause: (
        "Usually unsafe, cgo or a data race wrote where it should not; more rarely it is faulty hardware or a bug in Go.",
        "通常是 unsafe、cgo 或数据竞争写到了不该写的地方；较少见的是硬件故障或 Go 的缺陷。",
    ),
    caveat: (
        "The goroutine that noticed need not be the one that did the damage.",
        "发现问题的 goroutine 未必是造成破坏的那个。",
    ),
    fix: (
        "Run with -race and with -gcflags=all=-d=checkptr, and look at unsafe and cgo code first.",
        "用 -race 和 -gcflags=all=-d=checkptr 运行，并先检查 unsafe 与 cgo 代码。",
    ),
    before: "",
    after: "",
    reference: RACE_DETECTOR,
};

/// An address that is not near zero and holds nothing (Go `runtime/signal_unix.go`, `sigpanic`).
const FAULT: Meaning = Meaning {
    patterns: &[],
    what: (
        "The code used an address at which there is no memory, or called a function there. This cannot be recovered.",
        "代码使用了没有内存的地址，或调用了位于该处的函数。此错误无法 recover。",
    ),
    cause: (
        "Usually a pointer was overwritten by unsafe, cgo or a data race, or a mapped file was cut short or unmapped.",
        "通常是指针被 unsafe、cgo 或数据竞争改写，或映射的文件被截短或解除映射。",
    ),
    caveat: FATAL.caveat,
    fix: FATAL.fix,
    before: "",
    after: "",
    reference: RACE_DETECTOR,
};

/// A signal that C code or the system raised.
pub(super) const SIGNAL: Meaning = Meaning {
    patterns: &[],
    what: (
        "The system ended the process with this signal outside of Go code, most likely in C code called through cgo.",
        "系统在 Go 代码之外用此信号终止了进程，最可能是在通过 cgo 调用的 C 代码中。",
    ),
    cause: (
        "Usually C code used a bad pointer, or Go handed it memory that was freed or moved.",
        "通常是 C 代码使用了错误的指针，或 Go 交给它的内存已被释放或移动。",
    ),
    caveat: (
        "Frames of C code are in the dump only when a cgo symbolizer is linked in.",
        "只有链接了 cgo 符号化器，转储中才有 C 代码的帧。",
    ),
    fix: (
        "Look at the C function that the goroutine called; a core dump (GOTRACEBACK=crash) shows its frames.",
        "检查该 goroutine 调用的 C 函数；core dump（GOTRACEBACK=crash）会显示其帧。",
    ),
    before: "",
    after: "",
    reference: "https://pkg.go.dev/os/signal#hdr-Go_programs_that_use_cgo_or_SWIG",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_messages_have_their_meaning() {
        for (message, pattern) in [
            ("runtime error: index out of range [5] with length 0", "index out of range"),
            ("sync: Unlock of unlocked RWMutex", "nlock of unlocked"),
            ("sync: unlock of unlocked mutex", "nlock of unlocked"),
            ("concurrent map read and map write", "concurrent map"),
            ("sync: negative WaitGroup counter", "negative WaitGroup counter"),
            ("sync: WaitGroup is reused before previous Wait has returned", "WaitGroup"),
            ("runtime: cannot allocate memory", "out of memory"),
        ] {
            assert_eq!(find(message).unwrap().patterns[0], pattern, "{message}");
        }
        assert!(find("no route to host").is_none());
    }

    #[test]
    fn ok_every_meaning_is_told_in_both_languages() {
        for meaning in PANICS.iter().chain(FATAL_ERRORS).chain([&PANIC, &FATAL, &FAULT, &SIGNAL]) {
            for (en, zh) in [meaning.what, meaning.cause, meaning.fix] {
                assert!(!en.is_empty() && !zh.is_empty(), "{:?}", meaning.patterns);
            }
            assert_eq!(meaning.caveat.0.is_empty(), meaning.caveat.1.is_empty());
            assert!(meaning.reference.starts_with("https://"));
        }
    }
}
