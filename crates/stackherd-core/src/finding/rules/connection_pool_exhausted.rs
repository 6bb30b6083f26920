//! `connection-pool-exhausted`
#![doc = include_str!("../doc/connection-pool-exhausted.md")]

use alloc::vec::Vec;

use crate::finding::library::is_one_of;
use crate::finding::story::{by_place, finding, grade, groups_of, median_minutes, n_goroutines};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity, Site};
use crate::text::{Count, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "connection-pool-exhausted",
    doc_en: include_str!("../doc/connection-pool-exhausted.md"),
    doc_zh_cn: include_str!("../doc/connection-pool-exhausted.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Functions that wait until a pool has a connection to give.
const WAIT: &[&str] = &[
    "database/sql.(*DB).conn",
    "github.com/jackc/puddle.(*Pool).Acquire",
    "github.com/jackc/puddle/v2.(*Pool[...]).Acquire",
    "github.com/jackc/puddle/v2.(*Pool[...]).acquire",
    "github.com/go-redis/redis/v8/internal/pool.(*ConnPool).waitTurn",
    "github.com/redis/go-redis/v9/internal/pool.(*ConnPool).waitTurn",
    "github.com/gomodule/redigo/redis.(*Pool).waitVacantConn",
    "go.mongodb.org/mongo-driver/x/mongo/driver/topology.(*pool).checkOut",
];

/// Goroutines that database/sql keeps for rows and transactions that are open.
pub(super) const OPEN: &[&str] = &["database/sql.(*Rows).awaitDone", "database/sql.(*Tx).awaitDone"];

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let waiters: Vec<GroupView<'_>> = analysis.suspects().filter(|&group| waits_for_connection(group)).collect();
    let n_waiters: u64 = waiters.iter().map(|group| group.n_goroutines()).sum();
    if n_waiters < 2 {
        return Vec::new();
    }
    let n_busy: u64 = analysis.groups().filter(|&group| is_in_query(group)).map(GroupView::n_goroutines).sum();
    let mut open: Vec<u32> = analysis.suspects().filter(|group| group.has_any(OPEN)).map(GroupView::index).collect();
    let mut sites = by_place(waiters.into_iter());
    // All of them wait for the same thing; only large sites are worth a finding of their own.
    sites.retain({
        let mut is_first = true;
        move |site| core::mem::take(&mut is_first) || site.n_goroutines >= analysis.thresholds.pile
    });
    sites.iter().map(|site| at(analysis, site, n_waiters, n_busy, &core::mem::take(&mut open))).collect()
}

/// In a select or on a channel, with nothing but the runtime above the function that waits for a connection.
fn waits_for_connection(group: GroupView<'_>) -> bool {
    let waits =
        matches!(group.category(), Category::Select | Category::ChanReceive | Category::Chan | Category::Lock | Category::Wait);
    waits && group.library_functions().take(8).any(|function| is_one_of(function, WAIT))
}

/// In a call of database/sql that has its connection.
fn is_in_query(group: GroupView<'_>) -> bool {
    let is_own = |function: &str| is_one_of(function, OPEN) || function.starts_with("database/sql.(*DB).connection");
    !waits_for_connection(group)
        && group.library_functions().any(|function| function.starts_with("database/sql."))
        && !group.library_functions().any(is_own)
}

fn at(analysis: &Analysis<'_>, site: &Site, n_waiters: u64, n_busy: u64, open: &[u32]) -> Finding {
    let waited = median_minutes(analysis, site);
    let is_std = site.largest(analysis).is_some_and(|group| group.has("database/sql.(*DB).conn"));
    let (mut severity, confidence) = grade(analysis, site.n_goroutines, waited);
    // Nobody works with a connection, and yet all are taken; or many wait at once.
    let is_stuck = (is_std && n_busy == 0) || waited >= 1;
    if is_stuck || site.n_goroutines >= analysis.thresholds.pile {
        severity = severity.max(Severity::Warning);
    }
    let confidence = if is_stuck { Confidence::Likely } else { confidence };
    let mut finding = finding(analysis, &RULE, site, open, (severity, confidence));
    let n = Count(site.n_goroutines);
    let place = analysis.place_text(site.place);
    finding.title = text!(
        "{n} goroutines wait for a connection of an exhausted pool at {place}",
        "{n} 个 goroutine 在 {place} 等待连接，连接池已耗尽"
    );
    let mut evidence = Vec::new();
    if is_std {
        let (all, busy) = (Count(n_waiters), Count(n_busy));
        evidence.push(text!(
            "{all} goroutines are in database/sql.(*DB).conn, where they wait only when MaxOpenConns connections are taken.",
            "{all} 个 goroutine 停在 database/sql.(*DB).conn，只有 MaxOpenConns 个连接全被占用时才会在此等待。"
        ));
        evidence.push(match n_busy {
            0 => text!(
                "No goroutine works with a connection: they were taken and not given back.",
                "没有 goroutine 正在使用连接：它们被取走后没有归还。"
            ),
            1 => text!("One goroutine works with a connection.", "有 1 个 goroutine 正在使用连接。"),
            _ => text!("{busy} goroutines work with a connection.", "有 {busy} 个 goroutine 正在使用连接。"),
        });
    }
    let n_open = n_goroutines(analysis, open);
    if n_open > 0 {
        let n_tx: u64 = groups_of(analysis, open)
            .filter(|group| group.has("database/sql.(*Tx).awaitDone"))
            .map(GroupView::n_goroutines)
            .sum();
        let (tx, rows, all) = (Count(n_tx), Count(n_open - n_tx), Count(finding.n_goroutines));
        evidence.push(text!(
            "{rows} result sets and {tx} transactions are open and hold a connection each (awaitDone); with the waiters that makes {all} goroutines.",
            "有 {rows} 个结果集和 {tx} 个事务未结束，各占一个连接（awaitDone）；连同等待者共 {all} 个 goroutine。"
        ));
    }
    evidence.append(&mut finding.evidence);
    finding.evidence = evidence;
    finding.counter_evidence.insert(
        0,
        text!(
            "The dump shows neither MaxOpenConns nor who took the connections. A pool too small for its load, or slow queries, look the same; db.Stats() and a second dump tell them apart.",
            "转储既不显示 MaxOpenConns，也不显示谁占用了连接。池太小或查询太慢看起来也一样；db.Stats() 和第二份转储可以区分。"
        ),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "Give every connection back: close rows, end transactions on every path; bound the wait with a context.",
            "归还每个连接：关闭 rows，在每条路径上结束事务；并用 context 限制等待时间。"
        ),
        before: "rows, err := db.Query(query)\nif err != nil {\n\treturn err\n}\nif !rows.Next() {\n\treturn errNotFound // rows stay open\n}\n",
        after: "rows, err := db.QueryContext(ctx, query)\nif err != nil {\n\treturn err\n}\ndefer rows.Close()\nif !rows.Next() {\n\treturn errors.Join(errNotFound, rows.Err())\n}\n",
    });
    finding.reference = Some("https://go.dev/doc/database/manage-connections");
    finding
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const WAITER: &str = "
goroutine N [select]:
database/sql.(*DB).conn(0xc0000b4000, {0x6f5c28, 0xc000014098}, 0x1)
\t/usr/local/go/src/database/sql/sql.go:1326 +0x6c5
database/sql.(*DB).query(0xc0000b4000, {0x6f5c28, 0xc000014098}, {0x68b6b5, 0x8}, {0x0, 0x0, 0x0}, 0x0?)
\t/usr/local/go/src/database/sql/sql.go:1753 +0x57
database/sql.(*DB).QueryContext(0x0?, {0x6f5c28, 0xc000014098}, {0x68b6b5, 0x8}, {0x0, 0x0, 0x0})
\t/usr/local/go/src/database/sql/sql.go:1731 +0x91
main.(*Store).Find(0xc000012345)
\t/src/app/store.go:31 +0xaa
created by main.handle
\t/src/app/main.go:12 +0x6a
";
    const TX: &str = "
goroutine N [chan receive]:
database/sql.(*Tx).awaitDone(0xc000124000)
\t/usr/local/go/src/database/sql/sql.go:2196 +0x2b
created by database/sql.(*DB).beginDC
\t/usr/local/go/src/database/sql/sql.go:1914 +0x245
";
    const QUERY: &str = "
goroutine N [IO wait]:
internal/poll.runtime_pollWait(0x7f3c1c0e2d08, 0x72)
\t/usr/local/go/src/runtime/netpoll.go:305 +0x89
example.com/driver.(*conn).Query(0xc000012345)
\t/go/pkg/mod/example.com/driver@v1.0.0/conn.go:10 +0x1a
database/sql.(*DB).queryDC(0xc0000b4000)
\t/usr/local/go/src/database/sql/sql.go:1806 +0x211
main.(*Store).Find(0xc000012345)
\t/src/app/store.go:31 +0xaa
created by main.handle
\t/src/app/main.go:12 +0x6a
";

    #[test]
    fn ok_open_transactions_join() {
        let lines = findings(&dump(&[(60, WAITER), (5, TX)]));
        assert_eq!(
            lines,
            ["connection-pool-exhausted warning likely 65 store.go:31 | \
              60 goroutines wait for a connection of an exhausted pool at store.go:31"]
        );
    }

    #[test]
    fn ok_few_waiters_when_nobody_queries() {
        let lines = findings(&dump(&[(3, WAITER), (2, TX)]));
        assert!(lines[0].starts_with("connection-pool-exhausted warning likely 5 store.go:31"), "{lines:?}");
    }

    #[test]
    fn ok_a_busy_pool_is_no_warning() {
        let lines = findings(&dump(&[(5, WAITER), (10, QUERY)]));
        assert!(lines.iter().all(|line| line.starts_with("connection-pool-exhausted info possible 5 ")), "{lines:?}");
    }

    #[test]
    fn ok_queries_under_way_are_no_finding() {
        assert_eq!(findings(&dump(&[(1, WAITER), (10, QUERY)])), [""; 0]);
    }
}
