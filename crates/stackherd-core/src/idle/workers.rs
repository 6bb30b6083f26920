//! Worker pools that wait for jobs, and main that waits for the end.

use super::{Idle, Marks};
use crate::finding::{Analysis, GroupView};
use crate::origin::Origin;
use crate::text::text;
use crate::wait::Category;

/// Workers of one pool that are still ordinary.
const WORKERS: u64 = 256;

/// Marks workers of pools: named so, in a row of equal ones, started by one goroutine that is still there.
///
/// Without the name, a pool is not to be told from receivers that a loop left behind; without parents, it is not claimed.
pub(super) fn worker_pools(analysis: &Analysis<'_>, marks: &mut Marks) {
    for group in analysis.groups().filter(|&group| waits_for_a_job(group) && group.n_goroutines() <= WORKERS) {
        let is_named = group.entry().rsplit('/').next().is_some_and(|name| {
            let name = name.to_ascii_lowercase();
            name.contains("worker") || name.contains("pool")
        });
        if !is_named {
            continue;
        }
        let parents = group.parents();
        if parents.n_known == group.n_goroutines() && parents.n_distinct == 1 && parents.n_gone == 0 {
            marks.set(group.index(), || {
                Idle::named(
                    "worker-pool",
                    text!(
                        "Workers by their name, started by one goroutine that is still there: a pool that waits for jobs.",
                        "从名字看是工作者，由一个仍然存在的 goroutine 启动：这是在等待任务的工作池。"
                    ),
                )
            });
        }
    }
}

/// On a channel or in a select, in code outside the standard library.
fn waits_for_a_job(group: GroupView<'_>) -> bool {
    let waits = matches!(group.category(), Category::ChanReceive | Category::Select) && !group.wait_reason().contains('(');
    waits && group.leaf().is_some_and(|leaf| matches!(group.origin(leaf), Origin::App | Origin::Dependency))
}

/// Marks main when it waits for the end of the program.
pub(super) fn main_waits(analysis: &Analysis<'_>, marks: &mut Marks) {
    for group in analysis.groups().filter(|group| group.n_goroutines() == 1 && group.has("main.main")) {
        let waits = match group.category() {
            Category::ChanReceive | Category::Chan => !group.wait_reason().contains("nil chan"),
            Category::Select | Category::Wait | Category::Sleep => true,
            _ => false,
        };
        let leaf = group.leaf().map(|leaf| (group.origin(leaf), analysis.function(leaf)));
        let is_plain = leaf.is_none_or(|(origin, name)| {
            matches!(origin, Origin::App | Origin::Dependency) || matches!(name, "sync.(*WaitGroup).Wait" | "time.Sleep")
        });
        if waits && is_plain {
            marks.set(group.index(), || {
                Idle::named("main", text!("The main goroutine waits for the program's end.", "主 goroutine 在等待程序结束。"))
            });
        }
    }
}
