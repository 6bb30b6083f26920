//! Goroutines that serve WebSocket connections: one reads, one writes.

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::library::{caller_of, is_one_of, receiver};
use super::{Analysis, GroupView};
use crate::wait::Category;

/// The goroutines of one kind of WebSocket connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pumps {
    /// Groups that wait for messages of the peer.
    pub readers: Vec<u32>,
    /// Goroutines in `readers`.
    pub n_readers: u64,
    /// Groups that wait for messages to send.
    pub writers: Vec<u32>,
    /// Goroutines in `writers`.
    pub n_writers: u64,
}

/// Functions that wait for a message of the peer.
const READ: &[&str] = &[
    "github.com/gorilla/websocket.(*Conn).NextReader",
    "github.com/gorilla/websocket.(*Conn).ReadMessage",
    "github.com/fasthttp/websocket.(*Conn).NextReader",
    "github.com/coder/websocket.(*Conn).reader",
    "github.com/coder/websocket.(*Conn).Reader",
    "nhooyr.io/websocket.(*Conn).reader",
    "nhooyr.io/websocket.(*Conn).Reader",
    "golang.org/x/net/websocket.(*Conn).Read",
    "golang.org/x/net/websocket.Codec.Receive",
    "github.com/gobwas/ws/wsutil.*",
    "github.com/gobwas/ws.ReadHeader",
    "github.com/lxzan/gws.(*Conn).ReadLoop",
];

/// Their packages.
const PACKAGES: &[&str] = &[
    "github.com/gorilla/websocket.",
    "github.com/fasthttp/websocket.",
    "github.com/coder/websocket.",
    "nhooyr.io/websocket.",
    "golang.org/x/net/websocket.",
    "github.com/gobwas/ws",
    "github.com/lxzan/gws.",
];

impl Pumps {
    /// Finds the pumps, by the type whose methods they are, or by the function that started both. `O(groups * frames)`.
    #[must_use]
    pub fn of_all(analysis: &Analysis<'_>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        let mut of_receiver: HashMap<&str, usize, FixedState> = HashMap::default();
        let mut of_creator: HashMap<&str, usize, FixedState> = HashMap::default();
        for group in analysis.groups().filter(|group| is_reader(*group)) {
            let Some(place) = caller_of(analysis, group, PACKAGES) else { continue };
            let receiver = receiver(analysis.function(place));
            let known = receiver.and_then(|receiver| of_receiver.get(receiver)).or_else(|| of_creator.get(group.creator()));
            let at = known.copied().unwrap_or_else(|| {
                all.push(Self::default());
                all.len() - 1
            });
            if let Some(receiver) = receiver {
                of_receiver.entry(receiver).or_insert(at);
            }
            if !group.creator().is_empty() {
                of_creator.entry(group.creator()).or_insert(at);
            }
            if let Some(pumps) = all.get_mut(at) {
                pumps.readers.push(group.index());
                pumps.n_readers += group.n_goroutines();
            }
        }
        if all.is_empty() {
            return all;
        }
        for group in analysis.groups().filter(|group| waits_for_messages(*group) && !is_reader(*group)) {
            let Some(place) = group.culprit() else { continue };
            let function = analysis.function(place);
            // Servers start goroutines of other kinds where they accept connections; a profile does not even say where.
            let by_type = || receiver(function).filter(|_| is_named_writer(function)).and_then(|name| of_receiver.get(name));
            let Some(&at) = by_type().or_else(|| of_creator.get(group.creator()).filter(|_| is_named_writer(function))) else {
                continue;
            };
            if let Some(pumps) = all.get_mut(at) {
                pumps.writers.push(group.index());
                pumps.n_writers += group.n_goroutines();
            }
        }
        all
    }
}

fn is_reader(group: GroupView<'_>) -> bool {
    group.category() == Category::Io && group.library_functions().any(|function| is_one_of(function, READ))
}

fn waits_for_messages(group: GroupView<'_>) -> bool {
    matches!(group.category(), Category::ChanReceive | Category::Chan | Category::Select)
}

/// `(*Client).writePump`, `(*conn).writeLoop`, `(*Session).sendMessages`.
fn is_named_writer(function: &str) -> bool {
    let name = function.rsplit('/').next().unwrap_or(function).to_ascii_lowercase();
    ["write", "send", "pump", "push", "out"].iter().any(|word| name.contains(word))
}
