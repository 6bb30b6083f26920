//! `stuck-syscall`
#![doc = include_str!("../doc/stuck-syscall.md")]

use alloc::vec::Vec;

use crate::finding::story::{by_place, finding, grade, median_minutes};
use crate::finding::{Analysis, Detect, Finding, Fix, GroupView, Rule, Site};
use crate::text::{Count, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "stuck-syscall",
    doc_en: include_str!("../doc/stuck-syscall.md"),
    doc_zh_cn: include_str!("../doc/stuck-syscall.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let mut sites = by_place(analysis.suspects().filter(|&group| holds_a_thread(group)));
    sites.retain(|site| site.n_goroutines >= analysis.thresholds.pile);
    sites.iter().map(|site| at(analysis, site)).collect()
}

/// In the kernel or in C. Sockets never block there: what is caught in a read of one has just begun.
fn holds_a_thread(group: GroupView<'_>) -> bool {
    group.category() == Category::Syscall && !group.functions().any(|name| name.starts_with("net.(*netFD)."))
}

fn at(analysis: &Analysis<'_>, site: &Site) -> Finding {
    let graded = grade(analysis, site.n_goroutines, median_minutes(analysis, site));
    let mut finding = finding(analysis, &RULE, site, &[], graded);
    let n = Count(site.n_goroutines);
    let place = analysis.place_text(site.place);
    let is_c = site
        .largest(analysis)
        .is_some_and(|group| group.functions().any(|name| name == "runtime.cgocall" || name.contains("_Cfunc_")));
    if is_c {
        finding.title = text!("{n} goroutines are in C code at {place}", "{n} 个 goroutine 在 {place} 执行 C 代码");
    } else {
        finding.title = text!("{n} goroutines are in a system call at {place}", "{n} 个 goroutine 在 {place} 执行系统调用");
    }
    finding.evidence.insert(
        0,
        text!(
            "Each of the {n} holds a thread of the operating system; Go ends the process at 10,000 threads.",
            "这 {n} 个各占一个操作系统线程；线程数达到 10,000 时 Go 会终止进程。"
        ),
    );
    finding.counter_evidence.insert(
        0,
        text!(
            "Which file or device is slow is not visible. Calls under way look the same; the same goroutine ids in a second dump decide.",
            "看不出是哪个文件或设备慢。正在进行的调用看起来一样；第二份转储中 goroutine id 相同即可断定。"
        ),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "Limit how many such calls run at once, and let callers give up on one that hangs.",
            "限制这类调用的并发数，并让调用者能够放弃卡住的调用。"
        ),
        before: "data, err := os.ReadFile(path) // hangs with the file system\n",
        after: "select {\ncase slots <- struct{}{}: // make(chan struct{}, 16)\ncase <-ctx.Done():\n\treturn nil, ctx.Err()\n}\nresult := make(chan reply, 1)\ngo func() {\n\tdefer func() { <-slots }()\n\tdata, err := os.ReadFile(path)\n\tresult <- reply{data, err}\n}()\nselect {\ncase r := <-result:\n\treturn r.data, r.err\ncase <-ctx.Done():\n\treturn nil, ctx.Err()\n}\n",
    });
    finding.reference = Some("https://pkg.go.dev/runtime/debug#SetMaxThreads");
    finding
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const OPEN: &str = "
goroutine N [syscall, 9 minutes]:
syscall.Syscall6(0x101, 0xffffffffffffff9c, 0xc000122030, 0x80000, 0x0, 0x0, 0x0)
\t/usr/local/go/src/syscall/syscall_linux.go:96 +0x39
syscall.openat(0xffffffffffffff9c, {0xc000122018?, 0x0?}, 0x80000, 0x0)
\t/usr/local/go/src/syscall/zsyscall_linux_amd64.go:98 +0x90
os.OpenFile({0xc000122018, 0x14}, 0x0, 0x0)
\t/usr/local/go/src/os/file.go:412 +0x3e
main.tailFifo({0xc000122018, 0x14})
\t/src/app/main.go:34 +0x2b
created by main.main in goroutine 1
\t/src/app/main.go:80 +0x4a5
";
    const SOCKET: &str = "
goroutine N [syscall]:
syscall.Syscall(0x0, 0x5, 0xc00021c000, 0x1000)
\t/usr/local/go/src/syscall/syscall_linux.go:73 +0x25
net.(*netFD).Read(0xc000124000, {0xc00021c000, 0x1000, 0x1000})
\t/usr/local/go/src/net/fd_posix.go:55 +0x25
main.serve(0xc000012345)
\t/src/app/main.go:50 +0x2b
created by main.main in goroutine 1
\t/src/app/main.go:90 +0x4a5
";

    #[test]
    fn ok_opens_that_hang() {
        let lines = findings(&dump(&[(30, OPEN)]));
        assert_eq!(lines, ["stuck-syscall warning likely 30 main.go:34 | 30 goroutines are in a system call at main.go:34"]);
    }

    #[test]
    fn ok_reads_of_sockets_are_no_finding() {
        let lines = findings(&dump(&[(30, SOCKET), (19, OPEN)]));
        assert!(!lines.iter().any(|line| line.starts_with("stuck-syscall")), "{lines:?}");
    }
}
