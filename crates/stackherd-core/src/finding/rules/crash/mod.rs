//! `crash`
#![doc = include_str!("../../doc/crash.md")]

mod fatal_errors;
mod meaning;
mod message;
mod panics;
mod test_timeout;

use alloc::vec::Vec;

use self::meaning::{Meaning, Pair};
use self::message::{Message, shortened};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity};
use crate::origin::Origin;
use crate::signature::Signature;
use crate::snapshot::{Crash, CrashKind, Goid, Goroutine};
use crate::tables::FrameId;
use crate::text::{Count, Text, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "crash",
    doc_en: include_str!("../../doc/crash.md"),
    doc_zh_cn: include_str!("../../doc/crash.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Characters of a message in a title.
const MAX_TITLE_CHARS: usize = 120;
/// Addresses below this are offsets of fields from a nil pointer: the first page is never mapped.
const NIL_PAGE_BYTES: u64 = 4096;
/// What the `deadlock` rule tells.
const DEADLOCKS: [&str; 2] = ["all goroutines are asleep", "no goroutines (main called runtime.Goexit)"];
/// Signals with which somebody asks a Go process for its stacks.
const ASKED: [&str; 2] = ["SIGQUIT", "SIGABRT"];

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let Some(crash) = analysis.snapshot.crash() else { return Vec::new() };
    let message = Message::parse(&crash.message);
    if DEADLOCKS.iter().any(|text| message.first.starts_with(text)) {
        return Vec::new();
    }
    let asked = ASKED.iter().find(|name| crash.kind == CrashKind::Signal && message.first.starts_with(**name));
    let finding = match asked {
        Some(name) => asked_for(analysis, name),
        None => test_timeout::finding(analysis, &message).unwrap_or_else(|| finding(analysis, crash, &message)),
    };
    alloc::vec![finding]
}

/// Somebody sent a signal to see the goroutines; nothing crashed.
fn asked_for(analysis: &Analysis<'_>, signal: &str) -> Finding {
    let n = Count(analysis.n_goroutines());
    let mut evidence = alloc::vec![text!(
        "It got {signal}, printed its {n} goroutines and ended. Go programs do so unless they handle the signal themselves.",
        "它收到 {signal}，打印了 {n} 个 goroutine 后退出。Go 程序默认如此，除非自行处理该信号。"
    )];
    evidence.push(if signal == "SIGQUIT" {
        text!(
            "Who sends it: kill -QUIT, Ctrl-\\ in a terminal, go test for a test that runs too long.",
            "发送者通常是 kill -QUIT、终端中的 Ctrl-\\，或 go test（测试运行过久时）。"
        )
    } else {
        text!(
            "Who sends it: a watchdog such as systemd's, kill -ABRT, or abort in C code of the process itself.",
            "发送者通常是 systemd 之类的看门狗、kill -ABRT，或进程自身 C 代码中的 abort。"
        )
    });
    Finding {
        confidence: Confidence::Certain,
        title: text!(
            "The process was asked for its goroutines with {signal}; it did not crash by itself",
            "进程是被 {signal} 要求打印 goroutine 的，并非自行崩溃"
        ),
        evidence,
        counter_evidence: alloc::vec![text!(
            "Why somebody asked is not in the dump: look at what waits longest.",
            "为何有人要求打印，转储中看不到：请看等待最久的是什么。"
        )],
        reference: Some("https://pkg.go.dev/os/signal#hdr-Default_behavior_of_signals_in_Go_programs"),
        claims: false,
        ..Finding::new(analysis, &RULE, &[])
    }
}

fn finding(analysis: &Analysis<'_>, crash: &Crash, message: &Message<'_>) -> Finding {
    let fallback = match crash.kind {
        CrashKind::Panic => &meaning::PANIC,
        CrashKind::FatalError => &meaning::FATAL,
        CrashKind::Signal => &meaning::SIGNAL,
    };
    let meaning = Some(crash.kind).filter(|kind| *kind != CrashKind::Signal).and_then(|_| meaning::find(message.first));
    let meaning = meaning.unwrap_or(fallback);
    let crashed = crashed(analysis, crash);
    let place = crashed.and_then(|(_, group)| place(analysis, group));
    let groups: Vec<u32> = crashed.iter().map(|(_, group)| group.index()).collect();
    Finding {
        severity: Severity::Critical,
        confidence: Confidence::Certain,
        title: title(analysis, crash.kind, message, place),
        n_goroutines: groups.len() as u64,
        culprit: place,
        evidence: evidence(analysis, crash.kind, message, meaning, crashed, place),
        counter_evidence: pair(meaning.caveat).into_iter().collect(),
        fix: pair(meaning.fix).map(|summary| Fix { summary, before: meaning.before, after: meaning.after }),
        reference: Some(meaning.reference),
        claims: false,
        ..Finding::new(analysis, &RULE, &groups)
    }
}

fn pair((en, zh_cn): Pair) -> Option<Text> {
    (!en.is_empty()).then(|| Text { en: en.into(), zh_cn: zh_cn.into() })
}

fn title(analysis: &Analysis<'_>, kind: CrashKind, message: &Message<'_>, place: Option<FrameId>) -> Text {
    let said = message.first.strip_prefix("runtime error: ").unwrap_or(message.first);
    let said = match said {
        "fault" => "unexpected fault address",
        said => said.trim_end_matches(':'),
    };
    let said = shortened(said, MAX_TITLE_CHARS);
    let Text { en, zh_cn } = match kind {
        CrashKind::Panic => text!("The process panicked: {said}", "进程发生 panic：{said}"),
        CrashKind::FatalError => text!("The Go runtime ended the process: {said}", "Go 运行时终止了进程：{said}"),
        CrashKind::Signal => text!("The process was ended by {said}", "进程被 {said} 终止"),
    };
    match place.map(|place| analysis.place_text(place)) {
        Some(place) => text!("{en}, at {place}", "{zh_cn}，位于 {place}"),
        None => Text { en, zh_cn },
    }
}

fn evidence(
    analysis: &Analysis<'_>,
    kind: CrashKind,
    message: &Message<'_>,
    meaning: &Meaning,
    crashed: Option<(Goid, GroupView<'_>)>,
    place: Option<FrameId>,
) -> Vec<Text> {
    let mut evidence: Vec<Text> = Vec::new();
    if let (Some((Goid(goid), _)), Some(place)) = (crashed, place) {
        let (function, at) = (analysis.function_text(place), analysis.place_text(place));
        evidence.push(match kind {
            CrashKind::Panic => {
                text!("Goroutine {goid} panicked in {function} at {at}.", "goroutine {goid} 在 {at} 的 {function} 中 panic。")
            }
            _ => text!("Goroutine {goid} was in {function} at {at}.", "当时 goroutine {goid} 在 {at} 的 {function} 中。"),
        });
    }
    evidence.extend(pair(meaning.what));
    evidence.extend(numbers(message));
    evidence.extend(pair(meaning.cause));
    match message.later.last() {
        Some(last) => {
            let last = shortened(last, MAX_TITLE_CHARS);
            evidence.push(text!(
                "While it unwound, a deferred function panicked as well: {last}. What came first is the cause.",
                "在其展开过程中，某个 defer 函数又 panic 了：{last}。最先发生的才是原因。"
            ));
        }
        None if message.is_repanicked => evidence.push(text!(
            "A deferred function recovered it and panicked again, so that function is on top of the stack; the cause is below.",
            "某个 defer 函数 recover 后再次 panic，因此它位于栈顶；原因在其下方。"
        )),
        None => {}
    }
    evidence
}

/// What the numbers of a message say.
fn numbers(message: &Message<'_>) -> Option<Text> {
    if let Some((index, length)) = message.index_and_length() {
        return Some(if length == 0 {
            text!("It has no elements at all; element {index} was asked for.", "它没有任何元素；代码请求了第 {index} 号元素。")
        } else {
            let last = length.saturating_sub(1);
            text!(
                "It has {length} elements, 0 to {last}; element {index} was asked for.",
                "它有 {length} 个元素（0 到 {last}）；代码请求了第 {index} 号元素。"
            )
        });
    }
    let (is_nil, is_fault) = (message.first.contains("nil pointer dereference"), message.first == "fault");
    match message.address.filter(|_| is_nil || is_fault)? {
        0 => None,
        address if is_fault => Some(text!("The address is {address:#x}.", "该地址为 {address:#x}。")),
        address if address < NIL_PAGE_BYTES => Some(text!(
            "The address {address:#x} is the offset of a field: the pointer to the struct was nil.",
            "地址 {address:#x} 是字段的偏移量：指向结构体的指针为 nil。"
        )),
        address => Some(text!(
            "The address {address:#x} is not near zero, so the pointer was not nil but wrong: look at unsafe, cgo and data races.",
            "地址 {address:#x} 并不接近零，因此指针不是 nil 而是错误的：请检查 unsafe、cgo 与数据竞争。"
        )),
    }
}

/// The goroutine that crashed, and its group.
fn crashed<'a>(analysis: &'a Analysis<'_>, crash: &Crash) -> Option<(Goid, GroupView<'a>)> {
    let goid = crash.goid?;
    let rows = analysis.snapshot.goroutines();
    let rows = rows.get(rows.iter().position(|row| row.goid() == Some(goid))?..)?;
    // The system goroutine of the thread comes first; what it ran for comes behind it. Who panics runs; a message of several
    // lines may hold what looks like another goroutine (Go up to 1.22 does not indent it).
    let is_it =
        |row: &&Goroutine| row.goid() != Some(Goid(0)) && (crash.kind != CrashKind::Panic || row.category == Category::Running);
    let row = rows.iter().find(is_it).or(rows.first().filter(|row| row.goid() != Some(Goid(0))))?;
    let signature = Signature { stack: row.stack, category: row.category };
    let group = analysis.grouped.iter().position(|group| group.signature == signature)?;
    let group = analysis.group(group as u32)?;
    let is_its_own = goid != Goid(0) || group.has("runtime.cgocall");
    is_its_own.then_some((row.goid()?, group))
}

/// Where it went wrong: the first frame of the application below the first panic, since deferred functions run above it.
/// `None` for the runtime's own goroutines.
fn place(analysis: &Analysis<'_>, group: GroupView<'_>) -> Option<FrameId> {
    let is_panic = |frame: &FrameId| matches!(analysis.function(*frame), "panic" | "runtime.gopanic" | "runtime.panic");
    let first = group.frames().iter().rposition(is_panic).map_or(0, |panic| panic + 1);
    let frames = group.frames().get(first..).unwrap_or_default();
    // cgo's Go side of a C function has no line of the reader's.
    let is_app = |&&frame: &&FrameId| group.origin(frame) == Origin::App && !analysis.function(frame).contains("._Cfunc_");
    let is_code = |&&frame: &&FrameId| group.origin(frame) != Origin::Runtime;
    frames.iter().find(is_app).or_else(|| frames.iter().find(is_code)).copied()
}

#[cfg(test)]
mod tests;
