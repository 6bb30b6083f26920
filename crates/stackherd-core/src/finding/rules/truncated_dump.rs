//! `truncated-dump`
#![doc = include_str!("../doc/truncated-dump.md")]

use alloc::vec::Vec;

use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, Rule};
use crate::issue::IssueKind;
use crate::text::{Count, Text, text};

pub(super) const RULE: Rule = Rule {
    name: "truncated-dump",
    doc_en: include_str!("../doc/truncated-dump.md"),
    doc_zh_cn: include_str!("../doc/truncated-dump.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Where `debug=2` stops (Go `runtime/pprof/pprof.go`, `writeGoroutineStacks`).
const PPROF_LIMIT_BYTES: u64 = 64 << 20;
/// Smallest buffer that somebody makes for `runtime.Stack`.
const MIN_BUFFER_BYTES: u64 = 1 << 10;

/// What ended the dump early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// `debug=2` wrote as much as it writes.
    PprofLimit,
    /// It ends in the middle, after so many bytes.
    Middle(u64),
    /// The reader stopped the reading.
    Stopped,
    /// Compressed data that ends early.
    Compression,
    /// More text than is read.
    TooLarge,
    /// The dump's own total, and what was read.
    Count(u64, u64),
}

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let cuts = analysis.snapshot.issues().iter().filter_map(|issue| match issue.kind {
        IssueKind::Truncated { offset_bytes: PPROF_LIMIT_BYTES, .. } => Some(Cut::PprofLimit),
        IssueKind::Truncated { offset_bytes, .. } => Some(Cut::Middle(offset_bytes)),
        IssueKind::Stopped { .. } => Some(Cut::Stopped),
        IssueKind::InvalidCompression { .. } => Some(Cut::Compression),
        IssueKind::TooLarge { .. } => Some(Cut::TooLarge),
        IssueKind::CountMismatch { declared, found } => Some(Cut::Count(declared, found)),
        _ => None,
    });
    // What cut it says more than that something is missing.
    let cut = cuts.min_by_key(|cut| matches!(cut, Cut::Count(..)));
    let is_full = analysis.snapshot.n_bytes() == PPROF_LIMIT_BYTES && analysis.snapshot.declared_goroutines().is_none();
    cut.or(is_full.then_some(Cut::PprofLimit)).map(|cut| finding(analysis, cut)).into_iter().collect()
}

fn finding(analysis: &Analysis<'_>, cut: Cut) -> Finding {
    let mut evidence = alloc::vec![cut.sentence()];
    if let Cut::Count(declared, found) = cut
        && found > declared
    {
        evidence.push(text!(
            "There are more than declared: two dumps may have run into each other, or the text was edited.",
            "读到的比声明的多：可能两份转储混在一起，或文本被编辑过。"
        ));
    } else {
        evidence.push(text!(
            "All counts and shares here are lower bounds, and a group, a lock's holder or a creator that seems to be missing may be in \
             the part that is. This holds for every other finding of this dump.",
            "这里的所有数量与占比都是下限；看似缺失的分组、锁的持有者或创建者可能就在缺失的部分里。此点适用于本转储的其他所有发现。"
        ));
    }
    Finding {
        confidence: Confidence::Certain,
        title: cut.title(),
        evidence,
        fix: cut.fix(),
        reference: Some("https://pkg.go.dev/runtime/pprof#Profile.WriteTo"),
        claims: false,
        ..Finding::new(analysis, &RULE, &[])
    }
}

impl Cut {
    fn title(self) -> Text {
        match self {
            Self::PprofLimit => text!(
                "The dump ends at 64 MB, where debug=2 stops: it is not whole",
                "转储止于 64 MB，即 debug=2 的上限：内容不完整"
            ),
            Self::Middle(_) => {
                text!(
                    "The dump ends in the middle of a goroutine: it is not whole",
                    "转储在某个 goroutine 中间中断：内容不完整"
                )
            }
            Self::Stopped => text!("Reading was stopped: the dump is not whole", "读取被中止：转储不完整"),
            Self::Compression => {
                text!("The compressed data is damaged: the dump is not whole", "压缩数据已损坏：转储不完整")
            }
            Self::TooLarge => text!("Only the first part of the dump was read", "只读取了转储的前一部分"),
            Self::Count(declared, found) => {
                let (declared, found) = (Count(declared), Count(found));
                text!(
                    "The dump declares {declared} goroutines and holds {found}",
                    "转储声明有 {declared} 个 goroutine，实际有 {found} 个"
                )
            }
        }
    }

    fn sentence(self) -> Text {
        match self {
            Self::PprofLimit => text!(
                "It ends after exactly 64 MB; net/http/pprof writes no more than that with debug=2, whatever there is.",
                "它恰好止于 64 MB；net/http/pprof 在 debug=2 时最多只写这么多。"
            ),
            Self::Middle(bytes) if bytes.is_power_of_two() && bytes >= MIN_BUFFER_BYTES => {
                let kib = Count(bytes >> 10);
                text!(
                    "It ends after exactly {kib} KiB, as if runtime.Stack had been given a buffer of that size.",
                    "它恰好止于 {kib} KiB，像是给 runtime.Stack 的缓冲区就这么大。"
                )
            }
            Self::Middle(bytes) => {
                let bytes = Count(bytes);
                text!(
                    "It ends after {bytes} bytes, in the middle of a goroutine.",
                    "它在 {bytes} 字节之后、某个 goroutine 中间结束。"
                )
            }
            Self::Stopped => text!("You stopped the reading before the end.", "读取在结束前被你中止。"),
            Self::Compression => {
                text!("The data ends early or was changed on the way.", "数据提前结束，或在传输中被改动。")
            }
            Self::TooLarge => text!("There is more text than is read at once.", "文本超过了一次读取的上限。"),
            Self::Count(declared, found) => {
                let (declared, found) = (Count(declared), Count(found));
                text!(
                    "Its first line says {declared}; the goroutines below it add up to {found}.",
                    "首行声明 {declared} 个；其下的 goroutine 合计 {found} 个。"
                )
            }
        }
    }

    fn fix(self) -> Option<Fix> {
        match self {
            Self::PprofLimit => Some(Fix {
                summary: text!(
                    "Take the profile with debug=0 or debug=1: it counts equal stacks instead of printing each, so it has no limit.",
                    "用 debug=0 或 debug=1 取剖析：它对相同的栈计数而不逐个打印，因此没有上限。"
                ),
                before: "",
                after: "",
            }),
            Self::Middle(_) => Some(Fix {
                summary: text!(
                    "Save the whole response of /debug/pprof/goroutine?debug=2, or let the buffer grow until the dump fits.",
                    "保存 /debug/pprof/goroutine?debug=2 的完整响应，或让缓冲区增长到容得下整个转储。"
                ),
                before: "buf := make([]byte, 1<<20)\nn := runtime.Stack(buf, true)\nlog.Printf(\"%s\", buf[:n])",
                after: "buf := make([]byte, 1<<20)\nfor {\n\tn := runtime.Stack(buf, true)\n\tif n < len(buf) {\n\t\tos.Stderr.Write(buf[:n])\n\t\tbreak\n\t}\n\tbuf = make([]byte, 2*len(buf))\n}",
            }),
            Self::Compression => {
                Some(Fix { summary: text!("Fetch the file again.", "重新获取该文件。"), before: "", after: "" })
            }
            Self::Stopped | Self::TooLarge | Self::Count(..) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::testing::{dump, findings};
    use crate::group::group;
    use crate::issue::Issue;
    use crate::judgement::{Given, judge};
    use crate::origin::OriginRules;
    use crate::snapshot::Snapshot;
    use crate::tables::Tables;

    const STACK: &str = "goroutine N [select]:\nmain.loop()\n\t/src/main.go:9 +0x1d\n";

    fn with_issue(kind: IssueKind) -> Finding {
        let (tables, mut snapshot) = (Tables::default(), Snapshot::default());
        snapshot.add_issue(Issue::new(kind, 1, b""));
        let groups = group(&tables, &[]);
        judge(&tables, &snapshot, &groups, &OriginRules::default(), Given::default()).findings.remove(0)
    }

    #[test]
    fn ok_a_dump_that_ends_in_the_middle() {
        let whole = dump(&[(3, STACK)]);
        let cut = whole.trim_end().trim_end_matches(" +0x1d").trim_end_matches(":9");
        assert_eq!(
            findings(cut),
            ["truncated-dump info certain 0 - | The dump ends in the middle of a goroutine: it is not whole"]
        );
    }

    #[test]
    fn ok_limits_are_named() {
        let at = |offset_bytes: u64| with_issue(IssueKind::Truncated { offset_bytes, goid: None });
        assert!(at(64 << 20).title.en.starts_with("The dump ends at 64 MB"));
        assert!(at(1 << 20).evidence[0].en.contains("exactly 1,024 KiB"));
        assert!(at(1000).evidence[0].en.contains("after 1,000 bytes"));
        let mismatch = with_issue(IssueKind::CountMismatch { declared: 9, found: 7 });
        assert_eq!(mismatch.title.en, "The dump declares 9 goroutines and holds 7");
    }

    #[test]
    fn ok_a_whole_dump_is_no_cut_one() {
        assert!(findings(&dump(&[(3, STACK)])).is_empty());
    }
}
