//! `pipe-blocked`
#![doc = include_str!("../doc/pipe-blocked.md")]

use alloc::vec::Vec;

use crate::finding::story::{by_place, finding, grade, median_minutes};
use crate::finding::{Analysis, Detect, Finding, Fix, GroupView, Rule, Site};
use crate::text::{Count, text};

pub(super) const RULE: Rule = Rule {
    name: "pipe-blocked",
    doc_en: include_str!("../doc/pipe-blocked.md"),
    doc_zh_cn: include_str!("../doc/pipe-blocked.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Both ends of an `io.Pipe`; the methods of `pipe` have capitals until Go 1.20.
const READ: &[&str] = &["io.(*pipe).read", "io.(*pipe).Read", "io.(*PipeReader).Read"];
const WRITE: &[&str] = &["io.(*pipe).write", "io.(*pipe).Write", "io.(*PipeWriter).Write"];

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for functions in [READ, WRITE] {
        let mut sites =
            by_place(analysis.suspects().filter(|group| group.functions().take(8).any(|name| functions.contains(&name))));
        sites.retain(|site| site.n_goroutines >= analysis.thresholds.pile);
        findings.extend(sites.iter().map(|site| at(analysis, site, functions == WRITE)));
    }
    findings
}

fn at(analysis: &Analysis<'_>, site: &Site, is_write: bool) -> Finding {
    let graded = grade(analysis, site.n_goroutines, median_minutes(analysis, site));
    let mut finding = finding(analysis, &RULE, site, &[], graded);
    let n = Count(site.n_goroutines);
    let place = analysis.place_text(site.place);
    let other = if is_write { READ } else { WRITE };
    let n_other: u64 = analysis.groups().filter(|group| group.has_any(other)).map(GroupView::n_goroutines).sum();
    let others = Count(n_other);
    if is_write {
        finding.title = text!("{n} goroutines wait to write to a pipe at {place}", "{n} 个 goroutine 在 {place} 等待写入管道");
        finding.evidence.insert(
            0,
            text!(
                "An io.Pipe has no buffer: a write waits until a reader took all of it or the reading end is closed. {others} goroutines read from a pipe in this dump.",
                "io.Pipe 没有缓冲：写入要等读者全部取走，或读端关闭。本转储中正在读管道的 goroutine 有 {others} 个。"
            ),
        );
    } else {
        finding.title = text!("{n} goroutines wait to read from a pipe at {place}", "{n} 个 goroutine 在 {place} 等待读取管道");
        finding.evidence.insert(
            0,
            text!(
                "A read from an io.Pipe waits until something is written or the writing end is closed. {others} goroutines write to a pipe in this dump.",
                "读取 io.Pipe 要等对方写入，或写端关闭。本转储中正在写管道的 goroutine 有 {others} 个。"
            ),
        );
    }
    finding.counter_evidence.insert(
        0,
        text!(
            "Which two ends belong together is not visible. A slow other end looks the same; the same goroutine ids in a second dump decide.",
            "看不出哪两端是一对。另一端只是慢时看起来一样；第二份转储中 goroutine id 相同即可断定。"
        ),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "Each end closes the pipe when it stops, on every path, with the error that stopped it.",
            "任何一端停止时，在每条路径上都关闭管道，并传递导致停止的错误。"
        ),
        before: "go func() {\n\t_, err := io.Copy(pw, src) // waits for ever when the reader gave up\n\tpw.CloseWithError(err)\n}()\nreturn parse(pr)\n",
        after: "go func() {\n\t_, err := io.Copy(pw, src)\n\tpw.CloseWithError(err)\n}()\nerr := parse(pr)\npr.CloseWithError(err) // wakes the writer\nreturn err\n",
    });
    finding.reference = Some("https://pkg.go.dev/io#Pipe");
    finding
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const WRITER: &str = "
goroutine N [select, 8 minutes]:
io.(*pipe).write(0xc0001040c0, {0xc000018030, 0x5, 0x5})
\t/usr/local/go/src/io/pipe.go:86 +0x1d8
io.(*PipeWriter).Write(0x0?, {0xc000018030?, 0x0?, 0x0?})
\t/usr/local/go/src/io/pipe.go:161 +0x1a
main.(*Feed).Write(...)
\t/src/app/main.go:19
created by main.main in goroutine 1
\t/src/app/main.go:70 +0x1d8
";
    const READER: &str = "
goroutine N [select]:
io.(*pipe).read(0xc0001040c0, {0xc00018e000, 0x200, 0x200})
\t/usr/local/go/src/io/pipe.go:57 +0xa5
io.(*PipeReader).Read(0x0?, {0xc00018e000?, 0x0?, 0x0?})
\t/usr/local/go/src/io/pipe.go:134 +0x1a
main.readAll(0xc000012345)
\t/src/app/main.go:23 +0x25
created by main.main in goroutine 1
\t/src/app/main.go:66 +0x1d8
";

    #[test]
    fn ok_writers_and_readers() {
        let lines = findings(&dump(&[(25, WRITER), (25, READER)]));
        assert!(lines[0].starts_with("pipe-blocked warning likely 25 main.go:19 | 25 goroutines wait to write"), "{lines:?}");
        assert!(
            lines[1].starts_with("pipe-blocked ") && lines[1].contains(" 25 main.go:23 | 25 goroutines wait to read"),
            "{lines:?}"
        );
    }

    #[test]
    fn ok_some_pipes_are_no_finding() {
        assert_eq!(findings(&dump(&[(19, WRITER), (19, READER)])), [""; 0]);
    }
}
