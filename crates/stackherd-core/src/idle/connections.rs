//! Connections that are kept open: idle as long as each has what it needs at the other end.

use super::{Idle, Marks};
use crate::finding::{Analysis, GroupView, HttpClient, Pumps, ServerWait};
use crate::text::text;

/// Server connections without a request that are still ordinary. A busy server keeps hundreds.
const SERVER_CONNECTIONS: u64 = 1000;
/// WebSocket connections with both of their goroutines that are still ordinary.
const WEBSOCKETS: u64 = 5000;

/// Marks the loops of client connections in the pool, and of those that a caller uses right now.
pub(super) fn client_connections(analysis: &Analysis<'_>, client: &HttpClient, marks: &mut Marks) {
    let thresholds = analysis.thresholds;
    // Many callers at once are a matter of their own; their connections are part of it.
    if client.n_callers >= thresholds.pile {
        return;
    }
    let are_pooled = client.n_waiting <= thresholds.idle_connections + client.n_callers;
    let are_read = client.n_open_bodies <= client.n_body_readers;
    if are_pooled {
        for &group in &client.waiting {
            marks.set(group, || {
                Idle::named(
                    "net-http-client-connection",
                    text!(
                        "A client connection in the pool, or one whose response is on its way; net/http keeps up to 100 idle ones.",
                        "连接池里的客户端连接，或响应正在路上的连接；net/http 最多保留 100 个空闲连接。"
                    ),
                )
            });
        }
    }
    if are_read {
        for &group in &client.open_bodies {
            marks.set(group, || {
                Idle::named(
                    "net-http-client-body",
                    text!(
                        "A client connection whose response body is being read by another goroutine.",
                        "客户端连接，其响应体正由另一个 goroutine 读取。"
                    ),
                )
            });
        }
    }
    let n_idle = u64::from(are_pooled) * client.n_waiting + u64::from(are_read) * client.n_open_bodies;
    // The one that is being set up or torn down has only one of the two.
    if client.n_writers > 0 && client.n_writers <= n_idle + 5 {
        for &group in &client.writers {
            marks.set(group, || {
                Idle::named(
                    "net-http-client-writer",
                    text!(
                        "The writing half of a client connection waits for a request; its reading half is idle or in use.",
                        "客户端连接的写入一侧在等待请求；它的读取一侧空闲或在用。"
                    ),
                )
            });
        }
    }
}

/// Marks server connections that wait for a request, unless they are very many or have waited for long for one to come in.
pub(super) fn server_connections(analysis: &Analysis<'_>, marks: &mut Marks) {
    let old = analysis.thresholds.old_minutes;
    let of = |kind| analysis.groups().filter(move |&group| ServerWait::of(group) == Some(kind));
    let is_stale = |group: GroupView<'_>| group.waits().is_some_and(|waits| waits.p50 >= old);
    let n_next: u64 = of(ServerWait::NextRequest).map(GroupView::n_goroutines).sum();
    if n_next <= SERVER_CONNECTIONS {
        for group in of(ServerWait::NextRequest) {
            marks.set(group.index(), || {
                Idle::named(
                    "net-http-keep-alive",
                    text!(
                        "A server connection kept alive, waiting for the client's next request.",
                        "保持中的服务端连接，在等待客户端的下一个请求。"
                    ),
                )
            });
        }
    }
    // Before Go 1.22 a connection kept alive looks like this, too.
    let n_request: u64 = of(ServerWait::Request).map(GroupView::n_goroutines).sum();
    let is_few = n_request < analysis.thresholds.pile;
    if n_request <= SERVER_CONNECTIONS {
        for group in of(ServerWait::Request).filter(|&group| is_few || !is_stale(group)) {
            marks.set(group.index(), || {
                Idle::named(
                    "net-http-read-request",
                    text!(
                        "A server connection waiting for a request; up to Go 1.21 connections kept alive wait here.",
                        "等待请求的服务端连接；Go 1.21 及更早版本中保持的连接也停在这里。"
                    ),
                )
            });
        }
    }
}

/// Marks both goroutines of WebSocket connections: readers that have writers, and writers when they are as many.
pub(super) fn websocket_pairs(analysis: &Analysis<'_>, marks: &mut Marks) {
    for pumps in Pumps::of_all(analysis) {
        if pumps.n_writers < pumps.n_readers || pumps.n_readers > WEBSOCKETS {
            continue;
        }
        let are_pairs = pumps.n_writers < pumps.n_readers + analysis.thresholds.pile;
        let writers = if are_pairs { &*pumps.writers } else { &[] };
        for &group in pumps.readers.iter().chain(writers) {
            marks.set(group, || {
                Idle::named(
                    "websocket-connection",
                    text!(
                        "An open WebSocket connection: one goroutine waits for the peer, one for something to send.",
                        "打开的 WebSocket 连接：一个 goroutine 等待对端，另一个等待要发送的消息。"
                    ),
                )
            });
        }
    }
}
