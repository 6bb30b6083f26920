//! `rows-not-closed`
#![doc = include_str!("../doc/rows-not-closed.md")]

use alloc::vec::Vec;

use super::connection_pool_exhausted::OPEN;
use crate::finding::story::{as_one, finding, grade, groups_of, median_minutes};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity, Site};
use crate::text::{Count, text};

pub(super) const RULE: Rule = Rule {
    name: "rows-not-closed",
    doc_en: include_str!("../doc/rows-not-closed.md"),
    doc_zh_cn: include_str!("../doc/rows-not-closed.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let Some(site) = as_one(analysis.suspects().filter(|group| group.has_any(OPEN))) else { return Vec::new() };
    // Goroutines that read rows or run statements have something open for good reason.
    let is_using = |group: &GroupView<'_>| {
        !group.has_any(OPEN)
            && group.functions().any(|name| name.starts_with("database/sql.") && !name.contains(").connection"))
    };
    let n_using: u64 = analysis.groups().filter(is_using).map(GroupView::n_goroutines).sum();
    if site.n_goroutines < n_using + analysis.thresholds.pile {
        return Vec::new();
    }
    alloc::vec![at(analysis, &site, n_using)]
}

fn at(analysis: &Analysis<'_>, site: &Site, n_using: u64) -> Finding {
    let waited = median_minutes(analysis, site);
    let mut graded = grade(analysis, site.n_goroutines, waited);
    if waited >= 1 || site.n_goroutines >= 5 * (n_using + analysis.thresholds.pile) {
        graded = graded.max((Severity::Warning, Confidence::Likely));
    }
    let mut finding = finding(analysis, &RULE, site, &[], graded);
    let count = |function: &str| -> u64 {
        groups_of(analysis, &site.groups).filter(|group| group.has(function)).map(GroupView::n_goroutines).sum()
    };
    let n_tx = count("database/sql.(*Tx).awaitDone");
    let (rows, tx) = (Count(site.n_goroutines - n_tx), Count(n_tx));
    finding.title = match (site.n_goroutines - n_tx, n_tx) {
        (_, 0) => text!("{rows} result sets of database/sql are open", "{rows} 个 database/sql 结果集没有关闭"),
        (0, _) => text!("{tx} transactions of database/sql are open", "{tx} 个 database/sql 事务没有结束"),
        _ => text!(
            "{rows} result sets and {tx} transactions of database/sql are open",
            "{rows} 个 database/sql 结果集和 {tx} 个事务没有结束"
        ),
    };
    let (all, using) = (Count(site.n_goroutines), Count(n_using));
    finding.evidence.insert(
        0,
        text!(
            "awaitDone runs from the query or BeginTx until Close, Commit or Rollback: {all} of them, while {using} goroutines are in a call of database/sql.",
            "awaitDone 从查询或 BeginTx 起运行，直到 Close、Commit 或 Rollback：共 {all} 个，而正在调用 database/sql 的 goroutine 有 {using} 个。"
        ),
    );
    finding.counter_evidence.insert(
        0,
        text!(
            "The dump does not name the query. Code that works long on each row keeps rows open, too; a second dump shows whether their number grows.",
            "转储不显示是哪条查询。逐行处理很慢的代码也会让 rows 一直打开；第二份转储能看出数量是否增长。"
        ),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "Close rows and end transactions with defer, right after the error check.",
            "检查错误后立即用 defer 关闭 rows、结束事务。"
        ),
        before: "tx, err := db.BeginTx(ctx, nil)\nif err != nil {\n\treturn err\n}\nif err := reserve(tx); err != nil {\n\treturn err // tx stays open\n}\nreturn tx.Commit()\n",
        after: "tx, err := db.BeginTx(ctx, nil)\nif err != nil {\n\treturn err\n}\ndefer tx.Rollback() // does nothing after Commit\nif err := reserve(tx); err != nil {\n\treturn err\n}\nreturn tx.Commit()\n",
    });
    finding.reference = Some("https://go.dev/doc/database/execute-transactions");
    finding
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const ROWS: &str = "
goroutine N [select, 6 minutes]:
database/sql.(*Rows).awaitDone(0xc000124000, {0x6f5cd0, 0xc000100000}, {0x0, 0x0}, {0x6f5cd0, 0xc000100050})
\t/usr/local/go/src/database/sql/sql.go:3000 +0x105
created by database/sql.(*Rows).initContextClose in goroutine 9
\t/usr/local/go/src/database/sql/sql.go:2973 +0x1a5
";
    const READER: &str = "
goroutine N [IO wait]:
internal/poll.runtime_pollWait(0x7f3c1c0e2d08, 0x72)
\t/usr/local/go/src/runtime/netpoll.go:351 +0x89
database/sql.(*Rows).Next(0xc000124000)
\t/usr/local/go/src/database/sql/sql.go:3048 +0x85
main.export(0xc000012345)
\t/src/app/export.go:31 +0xaa
created by main.handle in goroutine 7
\t/src/app/main.go:12 +0x6a
";

    #[test]
    fn ok_rows_that_nobody_reads() {
        let lines = findings(&dump(&[(80, ROWS)]));
        assert_eq!(lines, ["rows-not-closed warning likely 80 sql.go:3000 | 80 result sets of database/sql are open"]);
    }

    #[test]
    fn ok_rows_being_read_are_no_finding() {
        let lines = findings(&dump(&[(30, ROWS), (15, READER)]));
        assert!(!lines.iter().any(|line| line.starts_with("rows-not-closed")), "{lines:?}");
    }
}
