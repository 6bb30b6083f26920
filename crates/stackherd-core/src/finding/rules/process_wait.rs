//! `process-wait`
#![doc = include_str!("../doc/process-wait.md")]

use alloc::vec::Vec;

use crate::finding::library::is_one_of;
use crate::finding::story::{by_place, finding, grade, median_minutes};
use crate::finding::{Analysis, Detect, Finding, Fix, GroupView, Rule, Site};
use crate::text::{Count, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "process-wait",
    doc_en: include_str!("../doc/process-wait.md"),
    doc_zh_cn: include_str!("../doc/process-wait.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// In `Cmd.Wait` goroutines wait for the child, then for those that copy its output.
const WAIT: &[&str] = &["os.(*Process).Wait", "os.(*Process).wait", "os/exec.(*Cmd).Wait", "os/exec.(*Cmd).awaitGoroutines"];
/// They copy a child's input and output, or kill it when a context ends.
const COMPANIONS: &[&str] = &[
    "os/exec.(*Cmd).Start.func*",
    "os/exec.(*Cmd).Start.gowrap*",
    "os/exec.(*Cmd).watchCtx*",
    "os/exec.(*Cmd).writerDescriptor.*",
];

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let mut sites = by_place(analysis.suspects().filter(|group| group.has_any(WAIT) && group.category() != Category::Running));
    sites.retain(|site| site.n_goroutines >= analysis.thresholds.pile);
    let is_companion = |group: &GroupView<'_>| group.library_functions().any(|name| is_one_of(name, COMPANIONS));
    let mut more: Vec<u32> =
        if sites.is_empty() { Vec::new() } else { analysis.suspects().filter(is_companion).map(GroupView::index).collect() };
    // The copying goroutines are told with the largest site.
    sites.iter().map(|site| at(analysis, site, &core::mem::take(&mut more))).collect()
}

fn at(analysis: &Analysis<'_>, site: &Site, more: &[u32]) -> Finding {
    let graded = grade(analysis, site.n_goroutines, median_minutes(analysis, site));
    let mut finding = finding(analysis, &RULE, site, more, graded);
    let n = Count(site.n_goroutines);
    let place = analysis.place_text(site.place);
    finding.title = text!("{n} goroutines wait for child processes at {place}", "{n} 个 goroutine 在 {place} 等待子进程");
    let n_copying = finding.n_goroutines.saturating_sub(site.n_goroutines);
    let (copying, all) = (Count(n_copying), Count(finding.n_goroutines));
    finding.evidence.insert(
        0,
        if n_copying > 0 {
            text!(
                "{n} are in Wait and {copying} copy input or output of children, {all} in all; each Wait ends when the child has exited and its output is closed.",
                "{n} 个在 Wait，{copying} 个在复制子进程的输入输出，合计 {all} 个；子进程退出且输出关闭后 Wait 才返回。"
            )
        } else {
            text!(
                "Each is in Wait and goes on when its child has exited and the child's output is closed, also by grandchildren that hold it open.",
                "每个都在 Wait，要等子进程退出且其输出关闭；孙进程也可能一直占着输出。"
            )
        },
    );
    finding.counter_evidence.insert(
        0,
        text!(
            "Long work in children looks the same; look at them with ps. The dump does not show which program runs.",
            "子进程里的长任务看起来一样；可用 ps 查看。转储不显示运行的是哪个程序。"
        ),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "Start commands with a context that ends, and give Wait a delay after which it gives up on output.",
            "用会结束的 context 启动命令，并设置 WaitDelay，超时后不再等待输出。"
        ),
        before: "out, err := exec.Command(\"convert\", name).Output()\n",
        after: "ctx, cancel := context.WithTimeout(ctx, time.Minute)\ndefer cancel()\ncmd := exec.CommandContext(ctx, \"convert\", name)\ncmd.WaitDelay = 5 * time.Second\nout, err := cmd.Output()\n",
    });
    finding.reference = Some("https://pkg.go.dev/os/exec#CommandContext");
    finding
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const WAITER: &str = "
goroutine N [syscall, 7 minutes]:
syscall.Syscall6(0xf7, 0x3, 0x11, 0xc00011be00, 0x4, 0x0, 0x0)
\t/usr/local/go/src/syscall/syscall_linux.go:96 +0x39
os.(*Process).wait(0xc00013c000)
\t/usr/local/go/src/os/exec_unix.go:25 +0x25
os.(*Process).Wait(...)
\t/usr/local/go/src/os/exec.go:347
os/exec.(*Cmd).Wait(0xc000142000)
\t/usr/local/go/src/os/exec/exec.go:944 +0x45
main.runTool()
\t/src/app/main.go:30 +0x65
created by main.main in goroutine 1
\t/src/app/main.go:76 +0x3c5
";
    const COPIER: &str = "
goroutine N [IO wait, 7 minutes]:
internal/poll.runtime_pollWait(0x7f3c1c0e2d08, 0x72)
\t/usr/local/go/src/runtime/netpoll.go:351 +0x85
os.(*File).Read(0xc00011a0a8, {0xc000210000, 0x8000, 0x8000})
\t/usr/local/go/src/os/file.go:144 +0x4f
os/exec.(*Cmd).writerDescriptor.func1()
\t/usr/local/go/src/os/exec/exec.go:613 +0x34
os/exec.(*Cmd).Start.func2(0xc00011c0c0)
\t/usr/local/go/src/os/exec/exec.go:768 +0x2c
created by os/exec.(*Cmd).Start in goroutine 40
\t/usr/local/go/src/os/exec/exec.go:767 +0x98e
";

    #[test]
    fn ok_children_that_never_exit() {
        let lines = findings(&dump(&[(40, WAITER), (40, COPIER)]));
        assert_eq!(lines, ["process-wait warning likely 80 main.go:30 | 40 goroutines wait for child processes at main.go:30"]);
    }

    #[test]
    fn ok_some_children_are_no_finding() {
        assert_eq!(findings(&dump(&[(19, WAITER), (19, COPIER)])), [""; 0]);
    }
}
