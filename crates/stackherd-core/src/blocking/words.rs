//! Candidates and cycles in words.

use alloc::vec::Vec;

use super::cycle::{Nested, Ring, Step};
use super::holder::{Reason, Suspect};
use crate::finding::{Analysis, GroupView};
use crate::text::{Text, minutes, text};
use crate::wait::Category;

/// Why the suspect may hold the object.
pub(super) fn why(analysis: &Analysis<'_>, suspect: &Suspect) -> Text {
    let Some(group) = analysis.group(suspect.group) else { return Text::default() };
    let wait = analysis.snapshot.goroutines().get(suspect.row as usize).and_then(|goroutine| goroutine.wait_minutes());
    let Text { en: does, zh_cn: does_zh } = does(analysis, group, wait);
    let function = |frame| analysis.function_text(frame);
    match suspect.reason {
        Reason::SameObject(frame) => {
            let function = function(frame);
            text!(
                "{function} has the address itself as an argument and does not wait there; it {does}",
                "{function} 的参数中就有该地址，而它不在等待它；它{does_zh}"
            )
        }
        Reason::SameStruct(frame) => {
            let function = function(frame);
            text!(
                "{function} works on the same struct as the waiters and does not wait for this lock; it {does}",
                "{function} 操作的是与等待者相同的结构体，而它不在等待这把锁；它{does_zh}"
            )
        }
        Reason::Near(frame, distance) => {
            let function = function(frame);
            text!(
                "{function} works on a struct that starts {distance} bytes below the lock, and does not wait for it; it {does}",
                "{function} 操作的结构体始于这把锁之前 {distance} 字节处，而它不在等待这把锁；它{does_zh}"
            )
        }
        Reason::SameFunction(frame) => {
            let function = function(frame);
            text!(
                "a goroutine inside {function}, where others wait, does not wait for the lock; it {does}",
                "有 goroutine 已在 {function} 之内（其他 goroutine 正等在那里），而它不在等待这把锁；它{does_zh}"
            )
        }
        Reason::SameType(frame) => {
            let function = function(frame);
            text!(
                "a goroutine inside {function}, a method of the same type, does not wait for the lock; it {does}",
                "有 goroutine 在同一类型的方法 {function} 之内，而它不在等待这把锁；它{does_zh}"
            )
        }
        Reason::Initialiser(_) => {
            text!(
                "a goroutine runs the function given to the Once; it {does}",
                "有 goroutine 正在运行交给 Once 的函数；它{does_zh}"
            )
        }
    }
}

/// What a goroutine does, and where: `sends on a channel at hub.go:88, for at least 9 minutes`.
pub(crate) fn does(analysis: &Analysis<'_>, group: GroupView<'_>, wait_minutes: Option<u32>) -> Text {
    let Text { en, zh_cn } = match group.category() {
        Category::Running => text!("runs", "正在运行"),
        Category::Runnable => text!("is ready to run", "已就绪待运行"),
        Category::ChanReceive => text!("receives from a channel", "在从通道接收"),
        Category::ChanSend => text!("sends on a channel", "在向通道发送"),
        Category::Chan => text!("waits for a channel", "在等待通道"),
        Category::Select => text!("waits in a select", "等在 select 中"),
        Category::Lock => text!("waits for a lock", "在等待锁"),
        Category::Wait => text!("waits for other goroutines", "在等待其他 goroutine"),
        Category::Io => text!("waits for I/O", "在等待 I/O"),
        Category::Syscall => text!("is in a system call", "在系统调用中"),
        Category::Sleep => text!("sleeps", "在睡眠"),
        Category::Runtime | Category::Other => text!("is busy elsewhere", "在做别的事"),
    };
    let at = group.place().map(|place| analysis.place_text(place));
    // What the standard library or a dependency waits in says more than the line that called it.
    let inner = group.leaf().filter(|&leaf| Some(leaf) != group.place() && group.package(leaf) != "sync");
    let inner = inner.map(|leaf| analysis.function(leaf));
    let Text { en, zh_cn } = match (at, inner) {
        (Some(place), Some(inner)) => text!("{en} in {inner}, called at {place}", "{zh_cn}（{inner}，调用处 {place}）"),
        (Some(place), None) => text!("{en} at {place}", "{zh_cn}（{place}）"),
        (None, _) => Text { en, zh_cn },
    };
    match wait_minutes.filter(|&wait| wait > 0).map(minutes) {
        Some(Text { en: wait, zh_cn: wait_zh }) => {
            text!("{en}, for at least {wait}", "{zh_cn}，至少已 {wait_zh}")
        }
        None => Text { en, zh_cn },
    }
}

/// Why a ring is thought to be one, step by step.
pub(super) fn steps(analysis: &Analysis<'_>, ring: &Ring) -> Vec<Text> {
    let place = |step: &Step| {
        let place = analysis.group(step.group).and_then(GroupView::place);
        place.map(|place| (analysis.function_text(place), analysis.place_text(place)))
    };
    if let Some(Nested { inner, outer, .. }) = ring.again {
        let (inner_text, outer_text) = (analysis.function_text(inner), analysis.function_text(outer));
        let (at, below) = (analysis.place_text(inner), analysis.place_text(outer));
        return alloc::vec![text!(
            "{inner_text} waits for the lock at {at}; further down the same stack {outer_text} ({below}) works on the same value and seems to hold it",
            "{inner_text} 在 {at} 等待这把锁；同一栈的下方 {outer_text}（{below}）操作同一个值，似乎正持有它"
        )];
    }
    let next = ring.steps.iter().cycle().skip(1);
    let step = |(step, holder): (&Step, &Step)| {
        let ((function, at), (next, next_at)) = (place(step)?, place(holder)?);
        Some(text!(
            "{function} waits at {at} for a lock that {next} ({next_at}) seems to hold",
            "{function} 在 {at} 等待的锁，似乎由 {next}（{next_at}）持有"
        ))
    };
    ring.steps.iter().zip(next).filter_map(step).collect()
}
