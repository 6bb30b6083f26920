//! `http-client-no-timeout`
#![doc = include_str!("../doc/http-client-no-timeout.md")]

use alloc::vec::Vec;

use crate::finding::story::{as_one, by_place, finding, grade, groups_of, median_minutes};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, HttpClient, Rule, Severity, Site};
use crate::text::{Count, minutes, text};

pub(super) const RULE: Rule = Rule {
    name: "http-client-no-timeout",
    doc_en: include_str!("../doc/http-client-no-timeout.md"),
    doc_zh_cn: include_str!("../doc/http-client-no-timeout.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let client = HttpClient::of(analysis);
    let is_suspect = |group: &u32| analysis.is_free(*group) && analysis.idle(*group).is_none();
    let callers: Vec<u32> = client.callers.iter().chain(&client.body_readers).copied().filter(is_suspect).collect();
    let mut connections = Some(connections(analysis, &client));
    let (mut sites, small): (Vec<Site>, Vec<Site>) =
        by_place(groups_of(analysis, &callers)).into_iter().partition(|site| site.n_goroutines >= analysis.thresholds.pile);
    // A peer that hangs shows in all the calls to it, few at each line.
    let n_lines = small.len() as u64;
    let rest: Vec<u32> = small.iter().flat_map(|site| &site.groups).copied().collect();
    let rest = as_one(groups_of(analysis, &rest)).filter(|site| site.n_goroutines >= analysis.thresholds.pile);
    let n_large = sites.len();
    sites.extend(rest);
    // The connections are told with the largest site.
    let lines = (0..sites.len()).map(|at| if at < n_large { 1 } else { n_lines });
    let findings = sites.iter().zip(lines);
    findings.map(|(site, n_lines)| at(analysis, &client, site, n_lines, &connections.take().unwrap_or_default())).collect()
}

/// Groups of the transport's own goroutines, when there are not many more than callers and a full pool explain.
fn connections(analysis: &Analysis<'_>, client: &HttpClient) -> Vec<u32> {
    let pool = analysis.thresholds.idle_connections;
    let mut groups = client.dialers.clone();
    let has_waiting = client.n_waiting <= client.n_callers + pool;
    let has_bodies = client.n_open_bodies <= client.n_body_readers + analysis.thresholds.pile;
    if has_waiting {
        groups.extend(&client.waiting);
    }
    if has_bodies {
        groups.extend(&client.open_bodies);
    }
    if has_waiting && has_bodies {
        groups.extend(&client.writers);
    }
    groups.retain(|&group| analysis.is_free(group));
    groups
}

fn at(analysis: &Analysis<'_>, client: &HttpClient, site: &Site, n_lines: u64, connections: &[u32]) -> Finding {
    let n = Count(site.n_goroutines);
    let place = match (analysis.place_text(site.place), Count(n_lines.saturating_sub(1))) {
        (place, Count(0)) => text!("{place}", "{place}"),
        (place, more) => text!("{place} and {more} more lines", "{place} 等处（另有 {more} 行）"),
    };
    let (place, place_zh_cn) = (place.en, place.zh_cn);
    let waited = median_minutes(analysis, site);
    let mut graded = grade(analysis, site.n_goroutines, waited);
    let n_bodies: u64 = n_in(analysis, site, &client.body_readers);
    if n_bodies * 2 > site.n_goroutines && site.n_goroutines < analysis.thresholds.crowd {
        // Watches and event streams read one body for hours.
        graded = (Severity::Info, Confidence::Possible);
    }
    let mut finding = finding(analysis, &RULE, site, connections, graded);
    finding.title = match waited {
        0 => text!("{n} goroutines wait for an HTTP response at {place}", "{n} 个 goroutine 在 {place_zh_cn} 等待 HTTP 响应"),
        _ => {
            let half = minutes(waited);
            let (en, zh_cn) = (half.en, half.zh_cn);
            text!(
                "{n} goroutines wait for an HTTP response at {place}, half of them for at least {en}",
                "{n} 个 goroutine 在 {place_zh_cn} 等待 HTTP 响应，其中一半至少等了 {zh_cn}"
            )
        }
    };
    let (heads, bodies) = (Count(site.n_goroutines - n_bodies), Count(n_bodies));
    let mut evidence = alloc::vec![if n_bodies == 0 {
        text!(
            "All {heads} wait for a connection or for the head of a response: the other side is slow or silent.",
            "{heads} 个全部在等待连接或响应头：对端很慢或没有回应。"
        )
    } else {
        text!(
            "{heads} wait for a connection or for the head of a response, {bodies} for the rest of a body: the other side is slow or silent.",
            "{heads} 个在等待连接或响应头，{bodies} 个在等待响应体的其余部分：对端很慢或没有回应。"
        )
    }];
    let n_loops = finding.n_goroutines.saturating_sub(site.n_goroutines);
    if n_loops > 0 {
        let (loops, all) = (Count(n_loops), Count(finding.n_goroutines));
        evidence.push(text!(
            "net/http runs {loops} more goroutines for their connections (readLoop, writeLoop, dial), so this is about {all} in all.",
            "net/http 为这些连接另外运行了 {loops} 个 goroutine（readLoop、writeLoop、拨号），合计 {all} 个。"
        ));
    }
    evidence.append(&mut finding.evidence);
    finding.evidence = evidence;
    finding.counter_evidence.insert(
        0,
        text!(
            "A dump shows no timeouts: requests that have just been sent look the same. The same goroutine ids in a second dump a minute later decide.",
            "转储不显示超时设置：刚发出的请求看起来一样。一分钟后再取一份转储，若 goroutine id 相同即可断定。"
        ),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "Bound every call: a client with a timeout, and the request's context with a deadline.",
            "给每次调用设上限：客户端设置超时，请求使用带截止时间的 context。"
        ),
        before: "resp, err := http.Get(url) // http.DefaultClient never gives up\n",
        after: "var client = &http.Client{Timeout: 10 * time.Second}\n\nreq, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)\nif err != nil {\n\treturn err\n}\nresp, err := client.Do(req)\nif err != nil {\n\treturn err\n}\ndefer resp.Body.Close()\n",
    });
    finding.reference = Some("https://pkg.go.dev/net/http#Client");
    finding
}

/// Goroutines of `site` that are in `groups`.
fn n_in(analysis: &Analysis<'_>, site: &Site, groups: &[u32]) -> u64 {
    groups_of(analysis, &site.groups).filter(|group| groups.contains(&group.index())).map(|group| group.n_goroutines()).sum()
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const CALLER: &str = "
goroutine N [select, 40 minutes]:
net/http.(*persistConn).roundTrip(0xc0001a2000, 0xc0000a0000)
\t/usr/local/go/src/net/http/transport.go:2620 +0x974
net/http.(*Transport).roundTrip(0xc000100000, 0xc00007a000)
\t/usr/local/go/src/net/http/transport.go:595 +0x7ba
net/http.(*Client).Do(...)
\t/usr/local/go/src/net/http/client.go:581
main.(*Worker).Process(0xc00001a000)
\t/src/app/worker.go:89 +0xc5
created by main.(*Worker).Start
\t/src/app/worker.go:56 +0x6a
";
    const READ_LOOP: &str = "
goroutine N [IO wait, 40 minutes]:
internal/poll.runtime_pollWait(0x7f3c1c0e2d08, 0x72)
\t/usr/local/go/src/runtime/netpoll.go:305 +0x89
net/http.(*persistConn).Read(0xc0001a2000, {0xc0000fe000, 0x1000, 0x1000})
\t/usr/local/go/src/net/http/transport.go:1929 +0x4e
bufio.(*Reader).Peek(0xc00009c000, 0x1)
\t/usr/local/go/src/bufio/bufio.go:144 +0x5d
net/http.(*persistConn).readLoop(0xc0001a2000)
\t/usr/local/go/src/net/http/transport.go:2093 +0x1ac
created by net/http.(*Transport).dialConn
\t/usr/local/go/src/net/http/transport.go:1750 +0x173e
";
    const WRITE_LOOP: &str = "
goroutine N [select, 40 minutes]:
net/http.(*persistConn).writeLoop(0xc0001a2000)
\t/usr/local/go/src/net/http/transport.go:2392 +0xf5
created by net/http.(*Transport).dialConn
\t/usr/local/go/src/net/http/transport.go:1751 +0x1791
";

    #[test]
    fn ok_callers_and_their_connections_are_one_story() {
        let lines = findings(&dump(&[(1200, CALLER), (1200, READ_LOOP), (1200, WRITE_LOOP)]));
        assert_eq!(
            lines,
            ["http-client-no-timeout critical likely 3600 worker.go:89 | \
              1,200 goroutines wait for an HTTP response at worker.go:89, half of them for at least 40 minutes"]
        );
    }

    #[test]
    fn ok_debug_1_says_less() {
        let text = "goroutine profile: total 40
40 @ 0x43a0d6 0x44a1e5 0x6a4f34 0x699a5a 0x65e111 0x7030a5 0x46a5a1
#\t0x6a4f33\tnet/http.(*persistConn).roundTrip+0x973\t/usr/local/go/src/net/http/transport.go:2620
#\t0x699a59\tnet/http.(*Transport).roundTrip+0x7b9\t/usr/local/go/src/net/http/transport.go:595
#\t0x65e110\tnet/http.(*Client).Do+0x10\t/usr/local/go/src/net/http/client.go:581
#\t0x7030a4\tmain.(*Worker).Process+0xc4\t/src/app/worker.go:89
";
        let lines = findings(text);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].starts_with("http-client-no-timeout "), "{lines:?}");
        assert!(lines[0].contains(" possible 40 worker.go:89 | 40 goroutines wait for an HTTP response"), "{lines:?}");
    }

    #[test]
    fn ok_few_callers_at_many_lines() {
        let at = |line: &str| CALLER.replace("worker.go:89", line);
        let lines = findings(&dump(&[(9, CALLER), (8, &at("a.go:1")), (7, &at("b.go:2")), (24, READ_LOOP)]));
        assert_eq!(
            lines,
            [
                "http-client-no-timeout warning likely 48 worker.go:89 | 24 goroutines wait for an HTTP response at worker.go:89 \
              and 2 more lines, half of them for at least 40 minutes"
            ]
        );
    }

    #[test]
    fn ok_a_pool_with_few_callers_is_no_finding() {
        assert_eq!(findings(&dump(&[(19, CALLER), (90, READ_LOOP), (90, WRITE_LOOP)])), [""; 0]);
    }
}
