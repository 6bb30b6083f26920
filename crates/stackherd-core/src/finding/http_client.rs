//! Who uses `net/http` clients in a dump, and the connections they have.
//!
//! The transport has two goroutines for each HTTP/1 connection (Go `net/http/transport.go`). `readLoop` waits for bytes while
//! the connection is idle or a caller waits for its response; in a select, it waits until the response's body is read to its
//! end or closed. `writeLoop` is in a select in both cases.

use alloc::vec::Vec;

use super::{Analysis, GroupView};
use crate::wait::Category;

/// The goroutines around `net/http` clients: indices of groups, and how many goroutines they have.
#[derive(Clone, Debug, Default)]
pub struct HttpClient {
    /// Callers that wait for a connection, or for the head of a response.
    pub callers: Vec<u32>,
    /// Goroutines in `callers`.
    pub n_callers: u64,
    /// Callers that read the body of a response, or pass it on.
    pub body_readers: Vec<u32>,
    /// Goroutines in `body_readers`.
    pub n_body_readers: u64,
    /// `readLoop` of connections that are idle or wait for a response.
    pub waiting: Vec<u32>,
    /// Goroutines in `waiting`.
    pub n_waiting: u64,
    /// `readLoop` of connections whose response has an open body.
    pub open_bodies: Vec<u32>,
    /// Goroutines in `open_bodies`.
    pub n_open_bodies: u64,
    /// `writeLoop`.
    pub writers: Vec<u32>,
    /// Goroutines in `writers`.
    pub n_writers: u64,
    /// Goroutines of the transport that dial.
    pub dialers: Vec<u32>,
}

/// Functions in which a caller waits for a connection or for a response.
const ROUND_TRIP: &[&str] = &[
    "(*persistConn).roundTrip",
    "(*Transport).getConn",
    "(*http2ClientConn).roundTrip",
    "(*http2ClientConn).RoundTrip",
    "(*http2Transport).RoundTripOpt",
    "(*ClientConn).roundTrip",
    "(*ClientConn).RoundTrip",
    "(*Transport).RoundTripOpt",
];

/// Functions in which the body of a response is read.
const BODY: &[&str] = &[
    "(*bodyEOFSignal).Read",
    "http2transportResponseBody.Read",
    "transportResponseBody.Read",
    "(*ReverseProxy).copyResponse",
    "(*ReverseProxy).copyBuffer",
];

/// Packages they are in; HTTP/2 lies elsewhere since Go 1.26.
const PACKAGES: &[&str] =
    &["net/http", "net/http/httputil", "net/http/internal/http2", "golang.org/x/net/http2", "vendor/golang.org/x/net/http2"];

impl HttpClient {
    /// Finds them. `O(groups * frames)`.
    #[must_use]
    pub fn of(analysis: &Analysis<'_>) -> Self {
        let mut client = Self::default();
        for group in analysis.groups() {
            let Some(part) = Part::of(analysis, group) else { continue };
            let (groups, n) = match part {
                Part::Caller => (&mut client.callers, &mut client.n_callers),
                Part::BodyReader => (&mut client.body_readers, &mut client.n_body_readers),
                Part::Waiting => (&mut client.waiting, &mut client.n_waiting),
                Part::OpenBody => (&mut client.open_bodies, &mut client.n_open_bodies),
                Part::Writer => (&mut client.writers, &mut client.n_writers),
                Part::Dialer => {
                    client.dialers.push(group.index());
                    continue;
                }
            };
            groups.push(group.index());
            *n += group.n_goroutines();
        }
        client
    }
}

/// What a goroutine is to a client.
enum Part {
    Caller,
    BodyReader,
    Waiting,
    OpenBody,
    Writer,
    Dialer,
}

impl Part {
    fn of(analysis: &Analysis<'_>, group: GroupView<'_>) -> Option<Self> {
        let mut is_caller = false;
        for &frame in group.frames() {
            let function = analysis.library_function(frame);
            let within = |package: &&str| function.strip_prefix(*package)?.strip_prefix('.');
            let Some(name) = PACKAGES.iter().find_map(within) else { continue };
            match name {
                "(*persistConn).readLoop" if group.category() == Category::Select => return Some(Self::OpenBody),
                "(*persistConn).readLoop" => return Some(Self::Waiting),
                "(*persistConn).writeLoop" => return Some(Self::Writer),
                "(*Transport).dialConnFor" | "(*Transport).startDialConnForLocked" => return Some(Self::Dialer),
                _ if BODY.contains(&name) => return Some(Self::BodyReader),
                _ => is_caller |= ROUND_TRIP.contains(&name),
            }
        }
        is_caller.then_some(Self::Caller)
    }
}
