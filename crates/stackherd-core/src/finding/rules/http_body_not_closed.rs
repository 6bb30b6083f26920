//! `http-body-not-closed`
#![doc = include_str!("../doc/http-body-not-closed.md")]

use alloc::vec::Vec;

use crate::finding::story::{as_one, finding, frame_in, grade, groups_of, median_minutes};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, HttpClient, Rule, Severity, Site};
use crate::text::{Count, Text, text};

pub(super) const RULE: Rule = Rule {
    name: "http-body-not-closed",
    doc_en: include_str!("../doc/http-body-not-closed.md"),
    doc_zh_cn: include_str!("../doc/http-body-not-closed.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let client = HttpClient::of(analysis);
    let free = |groups: &[u32]| -> Vec<u32> { groups.iter().copied().filter(|&group| analysis.is_free(group)).collect() };
    let (open, waiting, writers) = (free(&client.open_bodies), free(&client.waiting), free(&client.writers));
    let mut findings = Vec::new();
    let has_open = client.n_open_bodies >= client.n_body_readers + analysis.thresholds.pile;
    if let Some(site) = as_one(groups_of(analysis, &open))
        && site.n_goroutines >= client.n_body_readers + analysis.thresholds.pile
    {
        findings.push(open_bodies(analysis, &client, &site));
    }
    if let Some(mut site) = as_one(groups_of(analysis, &waiting))
        && site.n_goroutines > client.n_callers + 2 * analysis.thresholds.idle_connections
    {
        site.place = frame_in(analysis, &site, &["net/http.(*persistConn).readLoop"]).unwrap_or(site.place);
        let more = if has_open { &[] } else { &*writers };
        findings.push(idle_connections(analysis, &client, &site, more));
    }
    if has_open
        && let (Some(reader), Some(site)) = (findings.first(), as_one(groups_of(analysis, &writers)))
        // Fewer belong to other connections.
        && site.n_goroutines + analysis.thresholds.pile >= reader.n_goroutines
    {
        findings.push(writers_of(analysis, reader, &site));
    }
    findings
}

/// Connections whose response was delivered and never read to its end.
fn open_bodies(analysis: &Analysis<'_>, client: &HttpClient, site: &Site) -> Finding {
    let graded = grade(analysis, site.n_goroutines, median_minutes(analysis, site));
    let mut finding = finding(analysis, &RULE, site, &[], graded.max((Severity::Warning, Confidence::Likely)));
    let n = Count(site.n_goroutines);
    let place = analysis.place_text(site.place);
    finding.title = text!(
        "{n} HTTP client connections wait for their response body to be read or closed ({place})",
        "{n} 个 HTTP 客户端连接在等待响应体被读完或关闭（{place}）"
    );
    let n_readers = client.n_body_readers;
    let readers = Count(n_readers);
    let unread = Count(site.n_goroutines.saturating_sub(n_readers));
    finding.evidence.insert(
        0,
        text!(
            "readLoop waits in a select only after it has delivered a response whose body is still open: {n} such connections, {readers} goroutines that read a body, so at least {unread} bodies nobody reads at this moment.",
            "readLoop 只有在响应已交付而响应体仍打开时才停在 select：这样的连接有 {n} 个，正在读响应体的 goroutine 有 {readers} 个，因此此刻至少 {unread} 个响应体无人读取。"
        ),
    );
    finding.counter_evidence.insert(
        0,
        text!(
            "The dump does not show which call left them open: its goroutine has gone on. A caller that keeps a body open while it waits for something else looks the same; a second dump shows whether their number grows.",
            "转储不显示是哪次调用留下的：那个 goroutine 早已继续执行。调用者打开响应体却在等别的事情时看起来一样；第二份转储能看出数量是否增长。"
        ),
    );
    finding.fix = Some(fix());
    finding.reference = Some("https://pkg.go.dev/net/http#Response");
    finding
}

/// More idle connections than a shared client keeps.
fn idle_connections(analysis: &Analysis<'_>, client: &HttpClient, site: &Site, more: &[u32]) -> Finding {
    let waited = median_minutes(analysis, site);
    // The default transport drops a connection that was idle for 90 seconds.
    let graded = match grade(analysis, site.n_goroutines, waited) {
        _ if waited >= 2 => (Severity::Warning, Confidence::Likely),
        (severity, _) => (severity, Confidence::Possible),
    };
    let mut finding = finding(analysis, &RULE, site, more, graded);
    let n = Count(site.n_goroutines);
    let place = analysis.place_text(site.place);
    finding.title = text!(
        "{n} HTTP client connections are kept open, far more than one client pools ({place})",
        "{n} 个 HTTP 客户端连接保持打开，远多于一个客户端的连接池（{place}）"
    );
    let callers = Count(client.n_callers);
    let pool = Count(analysis.thresholds.idle_connections);
    let all = Count(finding.n_goroutines);
    finding.evidence.insert(
        0,
        text!(
            "{callers} goroutines wait for a response, and {n} connections are open, {all} goroutines with their writers; http.DefaultTransport keeps at most {pool} idle connections and drops them after 90 seconds.",
            "等待响应的 goroutine 有 {callers} 个，打开的连接有 {n} 个（连同写循环共 {all} 个 goroutine）；http.DefaultTransport 最多保留 {pool} 个空闲连接，90 秒后断开。"
        ),
    );
    finding.counter_evidence.insert(
        0,
        text!(
            "A Transport with a large MaxIdleConns keeps so many on purpose.",
            "MaxIdleConns 设得很大的 Transport 会有意保留这么多连接。"
        ),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "Share one client: each Transport has a pool of its own, and one made per call is never emptied.",
            "共用一个客户端：每个 Transport 都有自己的连接池，每次调用新建的池永远不会被清空。"
        ),
        before: "func fetch(url string) (*http.Response, error) {\n\tclient := &http.Client{Transport: &http.Transport{}}\n\treturn client.Get(url)\n}\n",
        after: "var client = &http.Client{Timeout: 10 * time.Second}\n\nfunc fetch(url string) (*http.Response, error) {\n\treturn client.Get(url)\n}\n",
    });
    finding.reference = Some("https://pkg.go.dev/net/http#Transport");
    finding
}

/// The other goroutine of each of these connections.
fn writers_of(analysis: &Analysis<'_>, reader: &Finding, site: &Site) -> Finding {
    let mut finding = finding(analysis, &RULE, site, &[], (reader.severity, reader.confidence));
    (finding.severity, finding.confidence) = (reader.severity, reader.confidence);
    let n = Count(site.n_goroutines);
    let place = analysis.place_text(site.place);
    finding.title = text!(
        "{n} writeLoops at {place} are the other half of these HTTP client connections",
        "{place} 处的 {n} 个 writeLoop 是这些 HTTP 客户端连接的另一半"
    );
    let loops = Count(reader.n_goroutines);
    finding.evidence = alloc::vec![text!(
        "Each connection has a readLoop and a writeLoop; {loops} readLoops are reported beside this. Both end when the connection is closed.",
        "每个连接各有一个 readLoop 和一个 writeLoop；旁边已报告 {loops} 个 readLoop。连接关闭后两者都会结束。"
    )];
    finding.counter_evidence.clone_from(&reader.counter_evidence);
    finding.fix.clone_from(&reader.fix);
    finding.reference = reader.reference;
    finding
}

fn fix() -> Fix {
    let summary: Text = text!(
        "Close the body of every response, right after the error check; read it to the end first to reuse the connection.",
        "检查错误后立即安排关闭每个响应体；先读完再关闭，连接才能复用。"
    );
    Fix {
        summary,
        before: "resp, err := client.Get(url)\nif err != nil {\n\treturn err\n}\nreturn check(resp.StatusCode) // the body stays open\n",
        after: "resp, err := client.Get(url)\nif err != nil {\n\treturn err\n}\ndefer resp.Body.Close()\n_, err = io.Copy(io.Discard, resp.Body)\nif err != nil {\n\treturn err\n}\nreturn check(resp.StatusCode)\n",
    }
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const OPEN_BODY: &str = "
goroutine N [select]:
net/http.(*persistConn).readLoop(0xc0001a2000)
\t/usr/local/go/src/net/http/transport.go:2213 +0xda5
created by net/http.(*Transport).dialConn
\t/usr/local/go/src/net/http/transport.go:1750 +0x173e
";
    const WRITE_LOOP: &str = "
goroutine N [select]:
net/http.(*persistConn).writeLoop(0xc0001a2000)
\t/usr/local/go/src/net/http/transport.go:2392 +0xf5
created by net/http.(*Transport).dialConn
\t/usr/local/go/src/net/http/transport.go:1751 +0x1791
";
    const READ_LOOP: &str = "
goroutine N [IO wait, 30 minutes]:
internal/poll.runtime_pollWait(0x7f3c1c0e2d08, 0x72)
\t/usr/local/go/src/runtime/netpoll.go:305 +0x89
bufio.(*Reader).Peek(0xc00009c000, 0x1)
\t/usr/local/go/src/bufio/bufio.go:144 +0x5d
net/http.(*persistConn).readLoop(0xc0001a2000)
\t/usr/local/go/src/net/http/transport.go:2093 +0x1ac
created by net/http.(*Transport).dialConn
\t/usr/local/go/src/net/http/transport.go:1750 +0x173e
";
    const BODY_READER: &str = "
goroutine N [select]:
net/http.(*bodyEOFSignal).Read(0xc0001a2000, {0xc0000fe000, 0x1000, 0x1000})
\t/usr/local/go/src/net/http/transport.go:2773 +0x142
main.fetch(0xc00001a000)
\t/src/app/fetch.go:20 +0xc5
created by main.main
\t/src/app/main.go:5 +0x6a
";

    #[test]
    fn ok_open_bodies() {
        let lines = findings(&dump(&[(150, OPEN_BODY), (150, WRITE_LOOP)]));
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].starts_with("http-body-not-closed warning likely 150 transport.go:2213 | "), "{lines:?}");
        assert!(
            lines[1].starts_with("http-body-not-closed warning likely 150 transport.go:2392 | 150 writeLoops"),
            "{lines:?}"
        );
    }

    #[test]
    fn ok_a_transport_per_call() {
        let lines = findings(&dump(&[(900, READ_LOOP), (900, WRITE_LOOP)]));
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("http-body-not-closed warning likely 1800 transport.go:2093 | "), "{lines:?}");
    }

    #[test]
    fn ok_bodies_being_read_are_no_finding() {
        let lines = findings(&dump(&[(19, BODY_READER), (30, OPEN_BODY), (30, WRITE_LOOP)]));
        assert_eq!(lines, [""; 0]);
    }

    #[test]
    fn ok_a_full_pool_is_no_finding() {
        assert_eq!(findings(&dump(&[(100, READ_LOOP), (100, WRITE_LOOP)])), [""; 0]);
    }
}
