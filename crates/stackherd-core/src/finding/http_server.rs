//! What connections of a `net/http` server wait for.

use super::GroupView;
use crate::origin::Origin;
use crate::wait::Category;

/// What a server connection waits for. No handler runs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerWait {
    /// Kept alive, for the client's next request. Up to Go 1.21 a server without `IdleTimeout` waits in
    /// [`ServerWait::Request`] instead (Go `net/http/server.go`, `(*conn).serve`).
    NextRequest,
    /// For the head of a request.
    Request,
    /// For the client's part of the TLS handshake.
    Handshake,
}

impl ServerWait {
    /// What the connections of `group` wait for; `None` when they are none, or run a handler.
    #[must_use]
    pub fn of(group: GroupView<'_>) -> Option<Self> {
        if group.category() != Category::Io {
            return None;
        }
        let serve = group.position("net/http.(*conn).serve")?;
        if group.frames().iter().any(|&frame| matches!(group.origin(frame), Origin::App | Origin::Dependency)) {
            return None;
        }
        let callee = serve.checked_sub(1).and_then(|at| group.functions().nth(at))?;
        match callee {
            "bufio.(*Reader).Peek" => Some(Self::NextRequest),
            "net/http.(*conn).readRequest" => Some(Self::Request),
            _ if callee.starts_with("crypto/tls.") => Some(Self::Handshake),
            _ => None,
        }
    }
}
