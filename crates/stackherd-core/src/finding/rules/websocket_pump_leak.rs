//! `websocket-pump-leak`
#![doc = include_str!("../doc/websocket-pump-leak.md")]

use alloc::vec::Vec;

use crate::finding::story::{by_place, finding, grade, groups_of, median_minutes};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, Pumps, Rule, Severity, Site};
use crate::text::{Count, text};

pub(super) const RULE: Rule = Rule {
    name: "websocket-pump-leak",
    doc_en: include_str!("../doc/websocket-pump-leak.md"),
    doc_zh_cn: include_str!("../doc/websocket-pump-leak.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pumps in Pumps::of_all(analysis) {
        if pumps.n_writers < pumps.n_readers + analysis.thresholds.pile {
            continue;
        }
        let is_suspect = |group: &u32| analysis.is_free(*group) && analysis.idle(*group).is_none();
        let writers: Vec<u32> = pumps.writers.iter().copied().filter(is_suspect).collect();
        let sites = by_place(groups_of(analysis, &writers));
        // The readers that are left say something about writers that are more than they.
        let many = sites.iter().filter(|site| site.n_goroutines >= pumps.n_readers + analysis.thresholds.pile);
        findings.extend(many.map(|site| at(analysis, &pumps, site)));
    }
    findings
}

fn at(analysis: &Analysis<'_>, pumps: &Pumps, site: &Site) -> Finding {
    let graded = grade(analysis, site.n_goroutines, median_minutes(analysis, site));
    let mut finding = finding(analysis, &RULE, site, &[], graded.max((Severity::Warning, Confidence::Likely)));
    let n = Count(site.n_goroutines);
    let (place, readers) = (analysis.place_text(site.place), Count(pumps.n_readers));
    let gone = Count(site.n_goroutines - pumps.n_readers);
    let function = analysis.function_text(site.place);
    finding.title = text!(
        "{n} WebSocket writers wait at {place}, and only {readers} of their readers are left",
        "{n} 个 WebSocket 写 goroutine 停在 {place}，而对应的读 goroutine 只剩 {readers} 个"
    );
    finding.evidence.insert(
        0,
        text!(
            "A connection has a reader and a writer. {readers} readers wait for their peers, so at least {gone} of the {n} {function} belong to connections that are over.",
            "每个连接各有一个读者和一个写者。仍在等待对端的读者有 {readers} 个，因此 {n} 个 {function} 中至少 {gone} 个属于已经结束的连接。"
        ),
    );
    finding.counter_evidence.insert(
        0,
        text!(
            "Readers and writers are matched by their type or by who started them; writers that serve something else would be counted, too.",
            "读者与写者按类型或启动者对应；为其他目的服务的写者也会被计入。"
        ),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "When the reader ends, unsubscribe and close the writer's channel, exactly once.",
            "读者结束时退订，并关闭写者的 channel，且只关闭一次。"
        ),
        before: "func (c *Client) readPump() {\n\tdefer c.conn.Close() // writePump waits for c.send for ever\n\tfor {\n\t\t_, message, err := c.conn.ReadMessage()\n\t\tif err != nil {\n\t\t\treturn\n\t\t}\n\t\tc.hub.broadcast <- message\n\t}\n}\n",
        after: "func (c *Client) readPump() {\n\tdefer func() {\n\t\tc.hub.unregister <- c // the hub deletes c and closes c.send\n\t\tc.conn.Close()\n\t}()\n\tfor {\n\t\t_, message, err := c.conn.ReadMessage()\n\t\tif err != nil {\n\t\t\treturn\n\t\t}\n\t\tc.hub.broadcast <- message\n\t}\n}\n",
    });
    finding.reference = Some("https://pkg.go.dev/github.com/gorilla/websocket");
    finding
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const WRITER: &str = "
goroutine N [chan receive, 1 minutes]:
main.(*Client).writePump(0xc00013a000)
\t/src/chat/chat.go:56 +0x85
created by main.(*Room).serve in goroutine 21
\t/src/chat/chat.go:41 +0x1c5
";
    const READER: &str = "
goroutine N [IO wait, 1 minutes]:
internal/poll.runtime_pollWait(0x7f3c1c0e2d08, 0x72)
\t/usr/local/go/src/runtime/netpoll.go:351 +0x85
github.com/gorilla/websocket.(*Conn).NextReader(0xc000142000)
\t/go/pkg/mod/github.com/gorilla/websocket@v1.5.0/conn.go:1020 +0x9f
github.com/gorilla/websocket.(*Conn).ReadMessage(0xc000142000)
\t/go/pkg/mod/github.com/gorilla/websocket@v1.5.0/conn.go:1104 +0x13
main.(*Client).readPump(0xc00013a000)
\t/src/chat/chat.go:48 +0x45
created by main.(*Room).serve in goroutine 21
\t/src/chat/chat.go:42 +0x205
";

    #[test]
    fn ok_writers_without_readers() {
        let lines = findings(&dump(&[(110, WRITER), (20, READER)]));
        assert!(
            lines[0].starts_with(
                "websocket-pump-leak warning likely 110 chat.go:56 | \
                 110 WebSocket writers wait at chat.go:56, and only 20 of their readers are left"
            ),
            "{lines:?}"
        );
    }

    #[test]
    fn ok_debug_1_pairs_by_type() {
        let text = "goroutine profile: total 130
110 @ 0x43a0d6 0x405dd2 0x405b5d 0x6b4f34 0x46a5a1
#\t0x6b4f33\tmain.(*Client).writePump+0x93\t/src/chat/chat.go:56

20 @ 0x43a0d6 0x432a77 0x464d49 0x69e111 0x69f111 0x6b5034 0x46a5a1
#\t0x464d48\tinternal/poll.runtime_pollWait+0x88\t/usr/local/go/src/runtime/netpoll.go:305
#\t0x69e110\tgithub.com/gorilla/websocket.(*Conn).NextReader+0x9f\t/go/pkg/mod/github.com/gorilla/websocket@v1.5.0/conn.go:1020
#\t0x69f110\tgithub.com/gorilla/websocket.(*Conn).ReadMessage+0x13\t/go/pkg/mod/github.com/gorilla/websocket@v1.5.0/conn.go:1104
#\t0x6b5033\tmain.(*Client).readPump+0x45\t/src/chat/chat.go:48
";
        let lines = findings(text);
        assert!(lines[0].starts_with("websocket-pump-leak warning likely 110 chat.go:56 | "), "{lines:?}");
    }

    #[test]
    fn ok_pairs_are_no_finding() {
        assert_eq!(findings(&dump(&[(300, WRITER), (300, READER)])), [""; 0]);
    }
}
