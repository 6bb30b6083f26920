//! `deadlock`
#![doc = include_str!("../doc/deadlock.md")]

use alloc::vec::Vec;

use crate::blocking::words::does;
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity};
use crate::origin::Origin;
use crate::snapshot::CrashKind;
use crate::text::{Count, Goroutines, Text, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "deadlock",
    doc_en: include_str!("../doc/deadlock.md"),
    doc_zh_cn: include_str!("../doc/deadlock.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Groups that the evidence tells of.
const MAX_TOLD: usize = 4;

/// What the runtime says when nothing can run: Go `runtime/proc.go`, `checkdead`; with synctest only a bubble may be meant.
fn is_deadlock(message: &str) -> bool {
    message.starts_with("all goroutines are asleep")
        || message.starts_with("no goroutines (main called runtime.Goexit)")
        || message.contains("all goroutines in bubble are blocked")
}

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let crash = analysis.snapshot.crash();
    let crash = crash.filter(|crash| crash.kind != CrashKind::Signal && is_deadlock(&crash.message));
    let Some(crash) = crash else { return Vec::new() };
    let is_own = |group: &GroupView<'_>| {
        group.category() != Category::Runtime && group.frames().iter().any(|&frame| group.origin(frame) != Origin::Runtime)
    };
    let waiting: Vec<GroupView<'_>> = analysis.groups().filter(is_own).collect();
    let groups: Vec<u32> = waiting.iter().map(|group| group.index()).collect();
    let mut finding = Finding::new(analysis, &RULE, &groups);
    finding.severity = Severity::Critical;
    finding.confidence = Confidence::Certain;
    // Later rules name the mistake where they can.
    finding.claims = false;
    let main = waiting.iter().find(|group| group.has("main.main"));
    if let Some(main) = main.or(waiting.first()) {
        finding.culprit = main.place();
        finding.created_by = main.created_by();
    }
    let (n, count) = (Goroutines(finding.n_goroutines), Count(finding.n_goroutines));
    let is_exit = crash.message.starts_with("no goroutines");
    let place = finding.culprit.map(|culprit| analysis.place_text(culprit));
    finding.title = match (is_exit, main.is_some(), place) {
        (true, _, _) => text!(
            "Deadlock: main called runtime.Goexit and nothing else can run",
            "死锁：main 调用了 runtime.Goexit，其余也都无法运行"
        ),
        (_, true, Some(place)) => text!(
            "Deadlock: all goroutines wait, {n} in this dump, main at {place}",
            "死锁：所有 goroutine 都在等待（转储中有 {count} 个），main 停在 {place}"
        ),
        (_, _, Some(place)) => text!(
            "Deadlock: all goroutines wait, {n} in this dump, most of them at {place}",
            "死锁：所有 goroutine 都在等待（转储中有 {count} 个），最多的停在 {place}"
        ),
        (_, _, None) => text!("Deadlock: all goroutines wait", "死锁：所有 goroutine 都在等待"),
    };
    let message = crash.message.lines().next().unwrap_or_default();
    finding.evidence.push(text!(
        "The runtime found nothing that could ever run again and ended the process: \"{message}\".",
        "运行时发现再也没有可运行的 goroutine，于是结束了进程：“{message}”。"
    ));
    let told = main.into_iter().chain(waiting.iter().filter(|group| Some(group.index()) != main.map(|main| main.index())));
    for &group in told.take(MAX_TOLD) {
        let Text { en, zh_cn } = does(analysis, group, None);
        let (n, count) = (Goroutines(group.n_goroutines()), Count(group.n_goroutines()));
        finding.evidence.push(if group.has("main.main") {
            text!("main {en}.", "main {zh_cn}。")
        } else {
            text!("{n}: each {en}.", "{count} 个 goroutine：每个{zh_cn}。")
        });
    }
    let n_more = waiting.len().saturating_sub(MAX_TOLD) as u64;
    if n_more > 0 {
        let n_more = Count(n_more);
        finding.evidence.push(text!("And {n_more} more groups.", "另有 {n_more} 组。"));
    }
    finding.fix = Some(fix(main.or(waiting.first()).map_or(Category::Other, |group| group.category())));
    finding.reference = Some("https://go.dev/ref/spec#Send_statements");
    alloc::vec![finding]
}

/// By what main waits for.
fn fix(category: Category) -> Fix {
    match category {
        Category::Wait => Fix {
            summary: text!(
                "See why the goroutines that main waits for never end: each must reach Done, on every way out.",
                "查明 main 所等待的 goroutine 为何不结束：每个都必须在所有路径上执行 Done。"
            ),
            before: "\
wg.Add(1)
go func() {
\tresult := <-ch // nobody sends
\tuse(result)
\twg.Done()
}()
wg.Wait()",
            after: "\
wg.Add(1)
go func() {
\tdefer wg.Done()
\tselect {
\tcase result := <-ch:
\t\tuse(result)
\tcase <-ctx.Done():
\t}
}()
wg.Wait()",
        },
        Category::Lock => Fix {
            summary: text!("Break the cycle of locks: take them in one order.", "打破锁的循环：按同一顺序加锁。"),
            before: "a.Lock()\nb.Lock() // another goroutine takes b, then a",
            after: "// everywhere: a before b\na.Lock()\nb.Lock()",
        },
        _ => Fix {
            summary: text!(
                "Give each channel a sender and a receiver that run at the same time, and close it when no more is sent.",
                "让每个通道的发送方与接收方同时运行，并在不再发送时关闭通道。"
            ),
            before: "\
ch := make(chan int)
ch <- 1 // nobody receives yet
fmt.Println(<-ch)",
            after: "\
ch := make(chan int)
go func() {
\tdefer close(ch)
\tch <- 1
}()
for v := range ch {
\tfmt.Println(v)
}",
        },
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use crate::finding::testing::findings;

    fn said(text: &str) -> Vec<String> {
        let mine = |line: &String| line.starts_with(super::RULE.name);
        let short = |line: String| line.split(" | ").next().map(String::from);
        findings(text).into_iter().filter(mine).filter_map(short).collect()
    }

    const STACKS: &str = "
goroutine 1 [chan receive]:
main.main()
\t/src/main.go:90 +0x765

goroutine 7 [chan send]:
main.main.func1()
\t/src/main.go:88 +0x49
created by main.main in goroutine 1
\t/src/main.go:88 +0x6dc
";

    #[test]
    fn ok_the_runtime_says_so() {
        let text = alloc::format!("fatal error: all goroutines are asleep - deadlock!\n{STACKS}");
        assert_eq!(said(&text), ["deadlock critical certain 2 main.go:90"]);
        let text = alloc::format!("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n{STACKS}");
        assert_eq!(said(&text), ["deadlock critical certain 2 main.go:90"]);
    }

    #[test]
    fn ok_another_end_is_no_deadlock() {
        assert_eq!(said(&alloc::format!("panic: all goroutines are late\n{STACKS}")), [""; 0]);
        assert_eq!(said(STACKS), [""; 0]);
    }
}
