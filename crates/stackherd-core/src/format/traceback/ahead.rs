//! The fast road: goroutines come in crowds with one stack, so each frame says which one is likely next. Its text is compared
//! where it lies, without cutting lines or looking anything up.
//!
//! Whatever is not exactly as expected is left to the line state machine, which reads every frame the same way but slower.

use memchr::{memchr, memchr2};

use super::open::Pending;
use super::{State, Traceback};
use crate::go_version::GoVersion;
use crate::line::{MAX_LINE_BYTES, Taken};
use crate::snapshot::Goid;
use crate::tables::{Edge, FrameId, Tables};

impl Traceback {
    /// Takes the frames at the start of `rest` that are as they were the last time. `rest` starts at a line's start.
    #[inline]
    pub(crate) fn ahead(&mut self, tables: &Tables, rest: &[u8], offset_bytes: u64) -> Taken {
        let mut taken = Taken::default();
        self.is_after_blank = false;
        if self.state != State::InStack {
            return taken;
        }
        let Some(open) = &mut self.open else { return taken };
        let is_closed = super::offsets::are_kept(&self.offsets, self.goroutines.len());
        if is_closed || !matches!(open.pending, Pending::None) || open.interleaved.is_some() {
            return taken;
        }
        let mut text = rest;
        let mut last = Place::default();
        while let Some((child, edge)) = tables.stacks.recent_child(open.goroutine.stack) {
            let end = match edge {
                Edge::Frame(frame) => call_and_place(tables, frame, text).map(|(place, call)| (place, None, call)),
                Edge::CreatedBy(frame) => {
                    creator_and_place(tables, frame, text).map(|(place, parent)| (place, parent, &[][..]))
                }
                Edge::Elided => None,
            };
            // Overlong lines are cut by the scanner.
            let Some((place, parent, arguments)) = end.filter(|(place, ..)| place.end <= MAX_LINE_BYTES) else { break };
            if let Some(parent) = parent {
                open.goroutine.set_parent(Some(Goid(parent)));
                self.go_version.raise(GoVersion::PARENTS);
                self.state = State::Ended;
            }
            text = text.get(place.end..).unwrap_or_default();
            open.goroutine.stack = child;
            self.arguments.note(tables, arguments, &mut open.goroutine, self.goroutines.len());
            taken.n_bytes += place.end;
            last = place;
            taken.n_lines += 2;
            if self.state == State::Ended {
                break;
            }
        }
        if taken.n_bytes > 0 {
            // Without the line feed.
            open.end_bytes = offset_bytes + taken.n_bytes as u64 - 1;
            let n_place_bytes = last.end - last.start - 1;
            open.place_has_offset = n_place_bytes > 1 + last.location_len;
            open.place_columns = n_place_bytes + 7;
        }
        taken
    }
}

/// Where the line of a place lies in the text that starts with its call.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    start: usize,
    /// Its line feed included.
    end: usize,
    location_len: usize,
}

/// `main.(*Worker).Process(0xc000018060)⏎⇥/src/main.go:42 +0x1d⏎` for the given frame, and the call's arguments.
#[inline]
fn call_and_place<'a>(tables: &Tables, frame: FrameId, text: &'a [u8]) -> Option<(Place, &'a [u8])> {
    let frame = tables.frames.get(frame);
    let arguments = text.strip_prefix(tables.bytes(frame.function))?.strip_prefix(b"(")?;
    // A parenthesis before the line's end means that this is a longer name.
    let end = memchr2(b'\n', b'(', arguments)?;
    let (line, rest) = arguments.split_at(end);
    if line.last() != Some(&b')') {
        return None;
    }
    Some((Place::read(text, rest.strip_prefix(b"\n")?, tables.bytes(frame.location))?, line))
}

/// `created by main.(*Worker).Start in goroutine 7⏎⇥/src/main.go:56 +0x105⏎` for the given frame, and the goroutine.
#[inline]
fn creator_and_place(tables: &Tables, frame: FrameId, text: &[u8]) -> Option<(Place, Option<u64>)> {
    let frame = tables.frames.get(frame);
    let rest = text.strip_prefix(b"created by ")?.strip_prefix(tables.bytes(frame.function))?;
    let end = memchr(b'\n', rest)?;
    let (line, rest) = rest.split_at(end);
    // Creators without a parent are left to the slow road.
    let (parent, []) = super::header::number(line.strip_prefix(b" in goroutine ")?)? else { return None };
    Some((Place::read(text, rest.strip_prefix(b"\n")?, tables.bytes(frame.location))?, Some(parent)))
}

impl Place {
    /// The place at the start of `rest`, which is the end of `text`.
    #[inline]
    fn read(text: &[u8], rest: &[u8], location: &[u8]) -> Option<Self> {
        let after = place(rest, location)?;
        Some(Self { start: text.len() - rest.len(), end: text.len() - after.len(), location_len: location.len() })
    }
}

/// `⇥/src/main.go:42 +0x1d⏎` for the given place: what follows.
#[inline]
fn place<'a>(text: &'a [u8], location: &[u8]) -> Option<&'a [u8]> {
    let rest = text.strip_prefix(b"\t")?.strip_prefix(location)?;
    if let Some(rest) = rest.strip_prefix(b"\n") {
        return Some(rest);
    }
    if !rest.starts_with(b" +0x") {
        return None;
    }
    let end = memchr2(b'\n', b':', rest)?;
    let (line, rest) = rest.split_at(end);
    if line.ends_with(b"\r") { None } else { rest.strip_prefix(b"\n") }
}
