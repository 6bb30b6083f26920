//! `http-server-no-timeout`
#![doc = include_str!("../doc/http-server-no-timeout.md")]

use alloc::vec::Vec;

use crate::finding::story::{as_one, finding, frame_in, grade, groups_of, median_minutes};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, ServerWait, Severity, Site};
use crate::text::{Count, minutes, text};

pub(super) const RULE: Rule = Rule {
    name: "http-server-no-timeout",
    doc_en: include_str!("../doc/http-server-no-timeout.md"),
    doc_zh_cn: include_str!("../doc/http-server-no-timeout.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let Some(mut site) = as_one(analysis.suspects().filter(|&group| ServerWait::of(group).is_some())) else {
        return Vec::new();
    };
    if site.n_goroutines < analysis.thresholds.pile {
        return Vec::new();
    }
    site.place = frame_in(analysis, &site, &["net/http.(*conn).serve"]).unwrap_or(site.place);
    alloc::vec![at(analysis, &site)]
}

fn at(analysis: &Analysis<'_>, site: &Site) -> Finding {
    let waited = median_minutes(analysis, site);
    let count = |kind| -> u64 {
        let groups = groups_of(analysis, &site.groups).filter(move |&group| ServerWait::of(group) == Some(kind));
        groups.map(GroupView::n_goroutines).sum()
    };
    let (n_next, n_request) = (count(ServerWait::NextRequest), count(ServerWait::Request));
    let n_handshake = site.n_goroutines - n_next - n_request;
    let n_many = analysis.thresholds.crowd / 10;
    // Many clients make many connections; only those that never end speak for missing timeouts.
    let graded = match grade(analysis, site.n_goroutines, waited) {
        graded if site.n_goroutines >= n_many && waited >= analysis.thresholds.old_minutes => graded,
        (Severity::Critical, _) => (Severity::Warning, Confidence::Possible),
        _ => (Severity::Info, Confidence::Possible),
    };
    let mut finding = finding(analysis, &RULE, site, &[], graded);
    (finding.severity, finding.confidence) = graded;
    let n = Count(site.n_goroutines);
    finding.title = match waited {
        0 => text!("{n} connections of an HTTP server wait for their clients", "{n} 个 HTTP 服务端连接在等待客户端"),
        _ => {
            let half = minutes(waited);
            let (en, zh_cn) = (half.en, half.zh_cn);
            text!(
                "{n} connections of an HTTP server wait for their clients, half of them for at least {en}",
                "{n} 个 HTTP 服务端连接在等待客户端，其中一半至少等了 {zh_cn}"
            )
        }
    };
    let (next, request, handshake) = (Count(n_next), Count(n_request), Count(n_handshake));
    finding.evidence.insert(
        0,
        text!(
            "{next} are kept alive for a next request, {request} wait for the head of a request, {handshake} for a TLS handshake; no handler runs on them.",
            "{next} 个保持连接等待下一个请求，{request} 个在等请求头，{handshake} 个在等 TLS 握手；都没有处理函数在运行。"
        ),
    );
    finding.counter_evidence.insert(
        0,
        text!(
            "Clients that keep connections open are ordinary, and up to Go 1.21 a connection kept alive also waits for a request's head. It matters when the number grows or file descriptors run out.",
            "客户端保持连接很常见，而且在 Go 1.21 及更早版本中保持的连接也停在读请求头处。只有数量持续增长或文件描述符耗尽时才成问题。"
        ),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "Give the server timeouts for heads and for idle connections.",
            "为服务器设置读请求头和空闲连接的超时。"
        ),
        before: "log.Fatal(http.ListenAndServe(addr, handler)) // waits for ever\n",
        after: "server := &http.Server{\n\tAddr:              addr,\n\tHandler:           handler,\n\tReadHeaderTimeout: 10 * time.Second,\n\tIdleTimeout:       2 * time.Minute,\n}\nlog.Fatal(server.ListenAndServe())\n",
    });
    finding.reference = Some("https://pkg.go.dev/net/http#Server");
    finding
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const READ_HEAD: &str = "
goroutine N [IO wait, 90 minutes]:
internal/poll.runtime_pollWait(0x7f3c1c0e2d08, 0x72)
\t/usr/local/go/src/runtime/netpoll.go:351 +0x85
net/http.(*connReader).Read(0xc00011c0c0, {0xc000134000, 0x1000, 0x1000})
\t/usr/local/go/src/net/http/server.go:798 +0x159
net/http.readRequest(0xc00011e060)
\t/usr/local/go/src/net/http/request.go:1087 +0xbe
net/http.(*conn).readRequest(0xc000120090, {0x7f5cd0, 0xc000100000})
\t/usr/local/go/src/net/http/server.go:1042 +0x265
net/http.(*conn).serve(0xc000120090, {0x7f5cd0, 0xc000100000})
\t/usr/local/go/src/net/http/server.go:2030 +0x3a5
created by net/http.(*Server).Serve in goroutine 1
\t/usr/local/go/src/net/http/server.go:3454 +0x485
";
    const KEEP_ALIVE: &str = "
goroutine N [IO wait, 2 minutes]:
internal/poll.runtime_pollWait(0x7f3c1c0e2d08, 0x72)
\t/usr/local/go/src/runtime/netpoll.go:351 +0x85
net/http.(*connReader).Read(0xc00011c0c0, {0xc000134000, 0x1000, 0x1000})
\t/usr/local/go/src/net/http/server.go:798 +0x159
bufio.(*Reader).Peek(0xc00011e060, 0x4)
\t/usr/local/go/src/bufio/bufio.go:152 +0x53
net/http.(*conn).serve(0xc000120090, {0x7f5cd0, 0xc000100000})
\t/usr/local/go/src/net/http/server.go:2145 +0x7c5
created by net/http.(*Server).Serve in goroutine 1
\t/usr/local/go/src/net/http/server.go:3454 +0x485
";

    #[test]
    fn ok_clients_that_say_nothing() {
        let lines = findings(&dump(&[(3000, READ_HEAD)]));
        assert_eq!(
            lines,
            ["http-server-no-timeout critical likely 3000 server.go:2030 | \
              3,000 connections of an HTTP server wait for their clients, half of them for at least 1 h 30 min"]
        );
    }

    #[test]
    fn ok_some_old_ones_are_worth_knowing() {
        let lines = findings(&dump(&[(60, READ_HEAD)]));
        assert!(lines[0].starts_with("http-server-no-timeout info possible 60 "), "{lines:?}");
    }

    #[test]
    fn ok_keep_alive_is_no_finding() {
        assert_eq!(findings(&dump(&[(500, KEEP_ALIVE), (19, READ_HEAD)])), [""; 0]);
    }
}
