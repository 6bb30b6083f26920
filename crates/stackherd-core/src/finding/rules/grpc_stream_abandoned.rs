//! `grpc-stream-abandoned`
#![doc = include_str!("../doc/grpc-stream-abandoned.md")]

use alloc::vec::Vec;

use crate::finding::library::{caller_of, is_one_of};
use crate::finding::story::{as_one, by_frame, finding, grade, median_minutes};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity, Site};
use crate::text::{Count, text};

pub(super) const RULE: Rule = Rule {
    name: "grpc-stream-abandoned",
    doc_en: include_str!("../doc/grpc-stream-abandoned.md"),
    doc_zh_cn: include_str!("../doc/grpc-stream-abandoned.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Calls that receive or send on a stream.
const STREAM: &[&str] = &[
    "google.golang.org/grpc.(*clientStream).RecvMsg",
    "google.golang.org/grpc.(*clientStream).SendMsg",
    "google.golang.org/grpc.(*serverStream).RecvMsg",
    "google.golang.org/grpc.(*serverStream).SendMsg",
    "google.golang.org/grpc/internal/transport.(*recvBufferReader).*",
    "google.golang.org/grpc/transport.(*recvBufferReader).*",
];
/// Everything of gRPC's.
const PACKAGES: &[&str] = &["google.golang.org/grpc"];
/// A reader for each connection of a client.
const CONNECTIONS: &[&str] = &[
    "google.golang.org/grpc/internal/transport.(*http2Client).reader",
    "google.golang.org/grpc/transport.(*http2Client).reader",
];
/// Goroutines that a connection of a client has besides.
const COMPANIONS: &[&str] = &[
    "google.golang.org/grpc/internal/transport.newHTTP2Client.*",
    "google.golang.org/grpc/internal/transport.NewHTTP2Client.*",
    "google.golang.org/grpc/internal/transport.(*http2Client).keepalive",
    "google.golang.org/grpc/internal/grpcsync.(*CallbackSerializer).run",
    "google.golang.org/grpc.(*ccBalancerWrapper).watcher",
];

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let is_at = |group: GroupView<'_>, names: &[&str]| group.library_functions().any(|function| is_one_of(function, names));
    let users: Vec<GroupView<'_>> = analysis.suspects().filter(|&group| is_at(group, STREAM)).collect();
    let n_users: u64 = analysis.groups().filter(|&group| is_at(group, STREAM)).map(GroupView::n_goroutines).sum();
    let mut findings = Vec::new();
    // Streams whose owner neither receives nor sends.
    let watchers = as_one(analysis.suspects().filter(|&group| is_watcher(group)));
    if let Some(site) = watchers
        && site.n_goroutines >= 2 * n_users + analysis.thresholds.pile
    {
        findings.push(abandoned(analysis, &site, n_users));
    }
    for site in by_frame(users.into_iter(), |group| caller_of(analysis, group, PACKAGES).or_else(|| group.place())) {
        if site.n_goroutines >= analysis.thresholds.pile {
            findings.push(stuck(analysis, &site));
        }
    }
    let connections = as_one(analysis.suspects().filter(|&group| is_at(group, CONNECTIONS)));
    if let Some(site) = connections
        && site.n_goroutines > analysis.thresholds.idle_connections
    {
        let more: Vec<u32> = analysis.suspects().filter(|&group| is_at(group, COMPANIONS)).map(GroupView::index).collect();
        findings.push(connections_kept(analysis, &site, &more));
    }
    findings
}

/// It is a closure of the function that opens a stream.
fn is_watcher(group: GroupView<'_>) -> bool {
    let is_closure = |name: &str| name.contains(".func") && is_one_of(name, &["google.golang.org/grpc.newClientStream*"]);
    group.library_functions().find(|name| !name.starts_with("runtime.")).is_some_and(is_closure)
}

fn abandoned(analysis: &Analysis<'_>, site: &Site, n_users: u64) -> Finding {
    let mut graded = grade(analysis, site.n_goroutines, median_minutes(analysis, site));
    if site.n_goroutines >= 10 * n_users + 2 * analysis.thresholds.pile {
        // Hardly a stream is used.
        graded = graded.max((Severity::Warning, Confidence::Possible));
    }
    let mut finding = finding(analysis, &RULE, site, &[], graded);
    let (n, users) = (Count(site.n_goroutines), Count(n_users));
    finding.title = text!("{n} gRPC client streams are open and not used", "{n} 个 gRPC 客户端流打开着却没有在用");
    finding.evidence.insert(
        0,
        text!(
            "gRPC runs a goroutine for each stream of a client until the stream ends or its context is cancelled: {n} of them, while {users} goroutines receive or send on a stream.",
            "gRPC 为每个客户端流运行一个 goroutine，直到流结束或其 context 被取消：共 {n} 个，而正在流上收发的 goroutine 有 {users} 个。"
        ),
    );
    finding.counter_evidence.insert(
        0,
        text!(
            "Streams that are written to now and then, such as heartbeats and feeds, look the same between messages. A second dump shows whether their number grows.",
            "偶尔才收发消息的流（心跳、订阅）在两条消息之间看起来一样。第二份转储能看出数量是否增长。"
        ),
    );
    finding.fix = Some(fix());
    finding.reference = Some("https://pkg.go.dev/google.golang.org/grpc#ClientConn.NewStream");
    finding
}

fn stuck(analysis: &Analysis<'_>, site: &Site) -> Finding {
    let graded = match grade(analysis, site.n_goroutines, median_minutes(analysis, site)) {
        // Streams may be silent for hours.
        graded if site.n_goroutines >= analysis.thresholds.crowd / 10 => graded,
        _ => (Severity::Info, Confidence::Possible),
    };
    let mut finding = finding(analysis, &RULE, site, &[], graded);
    (finding.severity, finding.confidence) = graded;
    let n = Count(site.n_goroutines);
    let place = analysis.place_text(site.place);
    finding.title = text!("{n} goroutines wait for a gRPC stream at {place}", "{n} 个 goroutine 在 {place} 等待 gRPC 流");
    let is_server = site.largest(analysis).is_some_and(|group| {
        group.library_functions().any(|function| is_one_of(function, &["google.golang.org/grpc.(*Server).*"]))
    });
    finding.evidence.insert(
        0,
        if is_server {
            text!(
                "They run in handlers of a gRPC server and end when the client closes its stream or its connection.",
                "它们在 gRPC 服务端的处理函数里，客户端关闭流或连接后才会结束。"
            )
        } else {
            text!(
                "They wait for the next message of the peer; only a message, the end of the stream or its context wakes them.",
                "它们在等待对端的下一条消息；只有新消息、流结束或 context 结束才会唤醒它们。"
            )
        },
    );
    finding.counter_evidence.insert(
        0,
        text!(
            "A stream that is open for long is what streams are for; compare with the number of clients you expect.",
            "长时间打开正是流的用途；请与预期的客户端数量比较。"
        ),
    );
    finding.fix = Some(fix());
    finding.reference = Some("https://pkg.go.dev/google.golang.org/grpc#ClientConn.NewStream");
    finding
}

fn connections_kept(analysis: &Analysis<'_>, site: &Site, more: &[u32]) -> Finding {
    let graded = grade(analysis, site.n_goroutines, 0);
    let mut finding = finding(analysis, &RULE, site, more, graded);
    (finding.severity, finding.confidence) = graded;
    let (n, all) = (Count(site.n_goroutines), Count(finding.n_goroutines));
    finding.title = text!("{n} gRPC client connections are open", "打开了 {n} 个 gRPC 客户端连接");
    finding.evidence.insert(
        0,
        text!(
            "A ClientConn has one connection to each server and serves any number of calls; {all} goroutines belong to these connections.",
            "一个 ClientConn 与每个服务器只有一个连接，可服务任意多的调用；属于这些连接的 goroutine 有 {all} 个。"
        ),
    );
    finding.counter_evidence.insert(
        0,
        text!("A client of so many servers has that many on purpose.", "与这么多服务器通信的客户端会有意保持这么多连接。"),
    );
    finding.fix = Some(Fix {
        summary: text!(
            "Make one ClientConn for each target, share it, and close it at the end.",
            "每个目标只建一个 ClientConn，共享使用，最后关闭。"
        ),
        before: "func call(ctx context.Context) error {\n\tconn, err := grpc.NewClient(target, opts...) // never closed\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn ping(ctx, conn)\n}\n",
        after: "conn, err := grpc.NewClient(target, opts...) // once, in main\nif err != nil {\n\treturn err\n}\ndefer conn.Close()\n\nfunc call(ctx context.Context) error {\n\treturn ping(ctx, conn)\n}\n",
    });
    finding.reference = Some("https://pkg.go.dev/google.golang.org/grpc#NewClient");
    finding
}

fn fix() -> Fix {
    Fix {
        summary: text!(
            "Cancel the stream's context when you are done, or receive until an error.",
            "用完后取消流的 context，或一直接收直到返回错误。"
        ),
        before: "stream, err := client.Watch(ctx, req)\nif err != nil {\n\treturn err\n}\nevent, err := stream.Recv()\nreturn use(event, err) // the stream stays open\n",
        after: "ctx, cancel := context.WithCancel(ctx)\ndefer cancel()\nstream, err := client.Watch(ctx, req)\nif err != nil {\n\treturn err\n}\nevent, err := stream.Recv()\nreturn use(event, err)\n",
    }
}

#[cfg(test)]
mod tests {
    use crate::finding::testing::{dump, findings};

    const WATCHER: &str = "
goroutine N [select, 12 minutes]:
google.golang.org/grpc.newClientStreamWithParams.func4()
\t/go/pkg/mod/google.golang.org/grpc@v1.58.0/stream.go:383 +0x8c
created by google.golang.org/grpc.newClientStreamWithParams in goroutine 7
\t/go/pkg/mod/google.golang.org/grpc@v1.58.0/stream.go:382 +0xda5
";
    const RECEIVER: &str = "
goroutine N [select]:
google.golang.org/grpc/internal/transport.(*recvBufferReader).readClient(0xc0002a4000, {0xc000240038, 0x5, 0x5})
\t/go/pkg/mod/google.golang.org/grpc@v1.58.0/internal/transport/transport.go:195 +0x95
google.golang.org/grpc.(*clientStream).RecvMsg(0xc0002b6000, {0x8a1d60, 0xc000290000})
\t/go/pkg/mod/google.golang.org/grpc@v1.58.0/stream.go:880 +0x113
main.watch(0xc000012345)
\t/src/app/watch.go:31 +0xaa
created by main.main in goroutine 1
\t/src/app/main.go:12 +0x6a
";

    #[test]
    fn ok_streams_that_nobody_reads() {
        let lines = findings(&dump(&[(300, WATCHER)]));
        assert_eq!(
            lines,
            ["grpc-stream-abandoned warning likely 300 stream.go:383 | 300 gRPC client streams are open and not used"]
        );
    }

    #[test]
    fn ok_streams_in_use_are_not_called_abandoned() {
        let lines = findings(&dump(&[(15, WATCHER), (15, RECEIVER)]));
        assert!(!lines.iter().any(|line| line.starts_with("grpc-")), "{lines:?}");
    }

    #[test]
    fn ok_silent_streams_are_worth_knowing() {
        let lines = findings(&dump(&[(40, WATCHER), (40, RECEIVER)]));
        assert!(lines[0].starts_with("grpc-stream-abandoned info possible 40 watch.go:31 | "), "{lines:?}");
    }
}
