//! Logs exported with the newest line first: places stand before their calls, and the header comes last.
//!
//! ```text
//! ⇥/src/app/main.go:42 +0x1d
//! main.worker(0xc000018060)
//! goroutine 7 [chan receive]:
//! ```

use super::held::HeldLines;
use super::{Peeled, Sink, marks};

/// Lines of a stack that are held back to see whether its header comes last: Go prints 100 frames.
const MAX_HELD_LINES: usize = 256;
/// Text that is turned round as a whole; longer logs are turned round in pieces, each of which ends at a header.
const MAX_REVERSED_BYTES: usize = 64 << 20;
/// More text than any goroutine has.
const MAX_GOROUTINE_BYTES: usize = 1 << 20;

/// Turns lines round if they need it.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    state: State,
    lines: HeldLines,
    /// The last line may be a call, so that a place is due.
    is_after_call: bool,
    /// Lines turned round, and the first of them.
    pub(super) n_reversed: u64,
    pub(super) line_number: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Lines pass. To: `Held` on a place without a call before it.
    #[default]
    Forward,
    /// Lines are held back: a place, its call, and so on. To: `AfterHeader` on a header behind a call, `Forward` otherwise.
    Held,
    /// A header came behind a call. To: `Forward` if a call follows it, `Reversed` otherwise.
    AfterHeader,
    /// Lines are kept up to the end.
    Reversed,
}

/// What a line is, as far as its order goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Place,
    Call,
    Elision,
    /// `[originating from goroutine 7]:`, which is the last line of a reversed goroutine's ancestor.
    Ancestor,
    Header,
    Blank,
    Other,
}

impl Order {
    /// Whether every line has to come here.
    #[inline]
    pub(super) fn is_active(&self) -> bool {
        self.state != State::Forward
    }

    /// A line passed by that is no call.
    #[inline]
    pub(super) fn pass(&mut self) {
        self.is_after_call = false;
    }

    /// Takes the next line.
    pub(super) fn line(&mut self, peeled: Peeled<'_>, sink: &mut Sink<'_>) {
        let text = peeled.line.bytes;
        match self.state {
            State::Forward => {
                if !self.is_after_call && (marks::is_place(text) || shape(text) == Shape::Ancestor) {
                    self.lines.push(peeled);
                    self.state = State::Held;
                    return;
                }
                self.is_after_call = shape(text) == Shape::Call;
                sink(peeled);
            }
            State::Held => {
                let was_call = self.is_after_call;
                let shape = shape(text);
                self.lines.push(peeled);
                if !matches!(shape, Shape::Elision | Shape::Ancestor) {
                    self.is_after_call = shape == Shape::Call;
                }
                let goes_on = match shape {
                    Shape::Place => was_call,
                    Shape::Call => !was_call,
                    Shape::Header => was_call,
                    Shape::Elision | Shape::Ancestor => true,
                    Shape::Blank | Shape::Other => false,
                };
                if !goes_on || self.lines.len() > MAX_HELD_LINES {
                    self.go_forward(sink);
                } else if shape == Shape::Header {
                    self.state = State::AfterHeader;
                }
            }
            State::AfterHeader => {
                self.lines.push(peeled);
                match shape(text) {
                    Shape::Call => self.go_forward(sink),
                    _ => self.state = State::Reversed,
                }
            }
            State::Reversed => {
                self.lines.push(peeled);
                let n_bytes = self.lines.n_bytes();
                let is_whole = shape(text) == Shape::Header;
                if n_bytes > MAX_REVERSED_BYTES && (is_whole || n_bytes > MAX_REVERSED_BYTES + MAX_GOROUTINE_BYTES) {
                    self.turn_round(sink);
                }
            }
        }
    }

    /// Hands out what is kept.
    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) {
        match self.state {
            State::Forward => {}
            State::Held => self.go_forward(sink),
            State::AfterHeader | State::Reversed => self.turn_round(sink),
        }
    }

    fn go_forward(&mut self, sink: &mut Sink<'_>) {
        self.state = State::Forward;
        self.lines.drain(sink);
    }

    fn turn_round(&mut self, sink: &mut Sink<'_>) {
        let lines = &self.lines;
        if self.n_reversed == 0 {
            self.line_number = lines.get(0).map_or(0, |peeled| peeled.line.number);
        }
        self.n_reversed += lines.len() as u64;
        for at in (0..lines.len()).rev() {
            if let Some(mut peeled) = lines.get(at) {
                peeled.line.is_terminated = true;
                sink(peeled);
            }
        }
        self.lines.clear();
    }
}

fn shape(text: &[u8]) -> Shape {
    let body = text.trim_ascii();
    if body.is_empty() {
        Shape::Blank
    } else if body.starts_with(b"goroutine ") && body.ends_with(b":") {
        Shape::Header
    } else if marks::is_place(text) || matches!(text, [b'\t' | b' ', ..]) && ends_in_line_number(body) {
        Shape::Place
    } else if body.ends_with(b")") && body.contains(&b'(') || body.starts_with(b"created by ") {
        Shape::Call
    } else if body.ends_with(b" frames elided...") {
        Shape::Elision
    } else if body.starts_with(b"[originating from goroutine ") {
        Shape::Ancestor
    } else {
        Shape::Other
    }
}

/// Less sure than [`marks::is_place`]: it only tells whether a stack goes on.
fn ends_in_line_number(body: &[u8]) -> bool {
    let colon = memchr::memrchr(b':', body);
    colon.and_then(|colon| body.get(colon + 1)).is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Line;
    use alloc::string::String;

    fn order(lines: &[&str]) -> String {
        let mut order = Order::default();
        let mut out = String::new();
        let mut sink = |peeled: Peeled<'_>| {
            out.push_str(core::str::from_utf8(peeled.line.bytes).unwrap());
            out.push('|');
        };
        for (at, line) in lines.iter().enumerate() {
            let line =
                Line { bytes: line.as_bytes(), number: at as u64 + 1, offset_bytes: 0, len_bytes: 0, is_terminated: true };
            order.line(Peeled { line, source: b"" }, &mut sink);
        }
        order.finish(&mut sink);
        out
    }

    const DUMP: &[&str] = &[
        "goroutine 7 [chan receive]:",
        "main.f(0x1)",
        "\t/src/f.go:1 +0x1d",
        "main.g(...)",
        "\t/src/g.go:2",
        "created by main.h in goroutine 1",
        "\t/src/h.go:3 +0x1d",
        "",
        "goroutine 1 [running]:",
        "main.main()",
        "\t/src/main.go:4 +0x1d",
    ];

    #[test]
    fn ok_newest_first_is_turned_round() {
        let mut reversed = DUMP.to_vec();
        reversed.reverse();
        assert_eq!(order(&reversed), order(DUMP));
        reversed.retain(|line| !line.is_empty());
        assert_eq!(order(&reversed), order(DUMP).replace("||", "|"));
    }

    #[test]
    fn ok_other_orders_stay() {
        let keep = |lines: &[&str]| assert_eq!(order(lines), lines.join("|") + "|");
        keep(DUMP);
        // The start of the log is missing.
        keep(&DUMP[2..]);
        keep(&["\t/src/f.go:1", "main.f()", "goroutine 1 [running]:", "main.main()", "\t/src/main.go:4"]);
        keep(&["\t/src/f.go:1", "not a call"]);
        keep(&["\t/src/f.go:1", "main.f()"]);
    }
}
