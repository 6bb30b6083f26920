//! A second reader of clean dumps, as plain as it can be: whole text, line by line, strings everywhere.
//!
//! What it groups is what the fast path must group. It knows goroutines, calls, places and creators, and nothing of damage.

use std::collections::HashMap;

use stackherd_core::wait::{Category, refine_semacquire};
use stackherd_core::{Edge, group};

use crate::dump::{Dump, read};

/// Goroutines with the same stack and category, in the order of the dump.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NaiveGroup {
    pub(crate) category: &'static str,
    /// `call file:line`, `...` and `created by call file:line`; leaf first.
    pub(crate) stack: Vec<String>,
    pub(crate) goids: Vec<u64>,
}

/// Reads and groups `text`: largest group first, ties by first appearance.
pub(crate) fn naive_groups(text: &str) -> Vec<NaiveGroup> {
    let mut groups: Vec<NaiveGroup> = Vec::new();
    let mut position: HashMap<(&str, Vec<String>), usize> = HashMap::new();
    for block in blocks(text) {
        let (goid, category, stack) = naive_goroutine(&block);
        let at = *position.entry((category, stack.clone())).or_insert_with(|| {
            groups.push(NaiveGroup { category, stack, goids: Vec::new() });
            groups.len() - 1
        });
        groups[at].goids.push(goid);
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.goids.len()));
    groups
}

/// The lines of each goroutine, its header first.
fn blocks(text: &str) -> Vec<Vec<&str>> {
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    for line in text.lines() {
        if line.starts_with("goroutine ") {
            blocks.push(vec![line]);
        } else if let Some(block) = blocks.last_mut().filter(|_| !line.is_empty()) {
            block.push(line);
        }
    }
    blocks
}

fn naive_goroutine(block: &[&str]) -> (u64, &'static str, Vec<String>) {
    let header = block[0].strip_prefix("goroutine ").unwrap();
    let (goid, rest) = header.split_once(' ').unwrap();
    let (_, rest) = rest.split_once('[').unwrap();
    let end = rest.find([',', ']']).into_iter().chain(rest.find(" labels:{")).min().unwrap();
    let mut state = &rest[..end];
    for flag in [" (durable)", " (scan)", " (leaked)"] {
        state = state.strip_suffix(flag).unwrap_or(state);
    }
    let mut stack = Vec::new();
    let mut functions = Vec::new();
    let mut lines = block[1..].iter();
    while let Some(line) = lines.next() {
        if line.starts_with("[originating from goroutine ") {
            break;
        }
        if line.starts_with("...") {
            stack.push("...".to_owned());
            continue;
        }
        let Some(place) = lines.clone().next().filter(|next| next.starts_with('\t')) else { continue };
        lines.next();
        let place = naive_place(place.trim_start());
        match line.strip_prefix("created by ") {
            Some(creator) => {
                let (creator, _) = creator.split_once(" in goroutine ").unwrap_or((creator, ""));
                stack.push(format!("created by {creator} {place}"));
            }
            None => {
                let (function, _) = line.rsplit_once('(').unwrap();
                functions.push(function.as_bytes());
                stack.push(format!("{function} {place}"));
            }
        }
    }
    let mut category = Category::of(state.as_bytes());
    if state == "semacquire" {
        category = refine_semacquire(functions.into_iter());
    }
    (goid.parse().unwrap(), category.as_str(), stack)
}

/// `/a b/c.go:12` of `/a b/c.go:12 +0x1 fp=0x2`.
fn naive_place(place: &str) -> &str {
    let colon = place.rfind(':').unwrap();
    let digits = place[colon + 1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(place.len() - colon - 1);
    &place[..colon + 1 + digits]
}

/// The groups of the fast path in the same terms.
pub(crate) fn fast_groups(dump: &Dump) -> Vec<NaiveGroup> {
    let goroutines = dump.only().goroutines();
    let groups = group(&dump.tables, goroutines);
    let text = |frame| {
        let frame = dump.tables.frames.get(frame);
        let [function, location] =
            [frame.function, frame.location].map(|id| String::from_utf8_lossy(dump.tables.bytes(id)).into_owned());
        format!("{function} {location}")
    };
    let stack = |stack| {
        let edges = dump.tables.edges(stack).into_iter();
        edges.map(|edge| match edge {
            Edge::Frame(frame) => text(frame),
            Edge::Elided => "...".to_owned(),
            Edge::CreatedBy(frame) => format!("created by {}", text(frame)),
        })
    };
    let fast = groups.iter().map(|group| NaiveGroup {
        category: group.signature.category.as_str(),
        stack: stack(goroutines[groups.members(group)[0] as usize].stack).collect(),
        goids: groups.members(group).iter().map(|&at| goroutines[at as usize].goid().unwrap().0).collect(),
    });
    fast.collect()
}

/// Compares both readers; panics with the first group that differs.
#[track_caller]
pub(crate) fn compare(name: &str, text: &[u8]) {
    let dump = read(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let fast = fast_groups(&dump);
    let naive = naive_groups(std::str::from_utf8(text).unwrap());
    for (at, (fast, naive)) in fast.iter().zip(&naive).enumerate() {
        assert_eq!(fast, naive, "{name}: group {at}");
    }
    assert_eq!(fast.len(), naive.len(), "{name}");
}
