//! `database-opened-per-call`
#![doc = include_str!("../doc/database-opened-per-call.md")]

use alloc::vec::Vec;

use crate::finding::story::{as_one, finding, grade, median_minutes};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity, Site};
use crate::text::{Count, text};

pub(super) const RULE: Rule = Rule {
    name: "database-opened-per-call",
    doc_en: include_str!("../doc/database-opened-per-call.md"),
    doc_zh_cn: include_str!("../doc/database-opened-per-call.zh-CN.md"),
    detect: Detect::Dump(detect),
};

const OPENER: &str = "database/sql.(*DB).connectionOpener";
/// They come and go with a DB that has limits for idle connections; Go up to 1.13 has a resetter for each DB.
const COMPANIONS: &[&str] = &["database/sql.(*DB).connectionCleaner", "database/sql.(*DB).connectionResetter"];

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let Some(site) = as_one(analysis.suspects().filter(|group| group.has(OPENER))) else { return Vec::new() };
    if site.n_goroutines < analysis.thresholds.pile {
        return Vec::new();
    }
    let more: Vec<u32> = analysis.suspects().filter(|group| group.has_any(COMPANIONS)).map(GroupView::index).collect();
    alloc::vec![at(analysis, &site, &more)]
}

fn at(analysis: &Analysis<'_>, site: &Site, more: &[u32]) -> Finding {
    let graded = grade(analysis, site.n_goroutines, median_minutes(analysis, site));
    let mut finding = finding(analysis, &RULE, site, more, graded.max((Severity::Warning, Confidence::Likely)));
    let n = Count(site.n_goroutines);
    finding.title = text!("{n} databases are open at the same time", "同时打开了 {n} 个数据库");
    let all = Count(finding.n_goroutines);
    finding.evidence.insert(
        0,
        text!(
            "database/sql starts one connectionOpener for each sql.Open and ends it at DB.Close: {n} of them, {all} goroutines with their cleaners.",
            "database/sql 为每次 sql.Open 启动一个 connectionOpener，到 DB.Close 才结束：共 {n} 个，连同清理者 {all} 个 goroutine。"
        ),
    );
    finding.counter_evidence.insert(
        0,
        text!(
            "A service with a database for each tenant has that many on purpose. The dump does not show who called sql.Open.",
            "每个租户一个数据库的服务会有意打开这么多。转储不显示是谁调用了 sql.Open。"
        ),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "Open a database once; a DB is a pool, made for many goroutines at once.",
            "只打开一次数据库；DB 本身就是连接池，可供多个 goroutine 同时使用。"
        ),
        before: "func find(id int) error {\n\tdb, err := sql.Open(\"pgx\", dsn) // never closed\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn query(db, id)\n}\n",
        after: "type Store struct{ db *sql.DB } // opened once, in main\n\nfunc (s *Store) find(id int) error {\n\treturn query(s.db, id)\n}\n",
    });
    finding.reference = Some("https://pkg.go.dev/database/sql#Open");
    finding
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const OPENER: &str = "
goroutine N [select, 2 minutes]:
database/sql.(*DB).connectionOpener(0xc0000b4000, {0x6f5c60, 0xc0000a6000})
\t/usr/local/go/src/database/sql/sql.go:1218 +0x8d
created by database/sql.OpenDB
\t/usr/local/go/src/database/sql/sql.go:791 +0x18d
";

    #[test]
    fn ok_many_openers() {
        let lines = findings(&dump(&[(60, OPENER)]));
        assert_eq!(lines, ["database-opened-per-call warning likely 60 sql.go:1218 | 60 databases are open at the same time"]);
    }

    #[test]
    fn ok_some_databases_are_no_finding() {
        assert_eq!(findings(&dump(&[(8, OPENER)])), [""; 0]);
    }
}
