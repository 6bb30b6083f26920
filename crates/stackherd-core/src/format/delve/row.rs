//! Lines of a listing.

use memchr::{memchr_iter, memmem, memrchr};

use crate::format::traceback::header::number;
use crate::format::traceback::shape::trim_start;
use crate::snapshot::Goid;

/// The first line of a goroutine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row<'a> {
    pub(super) goid: Goid,
    /// The wait reason, or that it runs; empty when delve says neither, as for goroutines that could run.
    pub(super) state: &'a [u8],
    pub(super) wait_minutes: Option<u32>,
    /// `None` in the long form, where the places follow.
    pub(super) place: Option<(PlaceKind, Place<'a>)>,
}

/// Which place of a goroutine is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlaceKind {
    /// Where it is, the runtime's own frames included.
    Runtime,
    /// Where it is.
    User,
    /// The `go` statement that started it.
    Go,
    /// The function it started with.
    Start,
}

/// `./main.go:12 main.main`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub(super) location: &'a [u8],
    pub(super) function: &'a [u8],
}

impl<'a> Row<'a> {
    /// Reads `* Goroutine 1 - User: ./main.go:12 main.main (0x4b8d2a) (thread 4242) [chan receive 187126783232]`, or
    /// `Goroutine 1:`.
    pub(super) fn parse(line: &'a [u8]) -> Option<Self> {
        let body = trim_start(line);
        let body = body.strip_prefix(b"*").map_or(body, trim_start);
        let (goid, rest) = number(body.strip_prefix(b"Goroutine ")?)?;
        let goid = Goid(goid);
        if rest == b":" {
            return Some(Self { goid, state: b"", wait_minutes: None, place: None });
        }
        let (kind, rest) = PlaceKind::of(rest.strip_prefix(b" - ")?)?;
        let (place, rest) = Place::parse(rest)?;
        let (is_on_thread, rest) = match rest.strip_prefix(b" (thread ").and_then(number) {
            Some((_, rest)) => (true, rest.strip_prefix(b")").unwrap_or_default()),
            None => (false, rest),
        };
        let bracketed = rest.strip_prefix(b" [").and_then(|rest| rest.strip_suffix(b"]"));
        let (state, wait_minutes) = match bracketed {
            Some(text) => reason(text),
            None if is_on_thread && rest.is_empty() => (b"running".as_slice(), None),
            None => (b"".as_slice(), None),
        };
        Some(Self { goid, state, wait_minutes, place: Some((kind, place)) })
    }
}

/// Splits `chan receive 187126783232` and `chan receive 5m0s` into the reason and the minutes.
///
/// Old versions of delve print how long; today's print the runtime's clock (`formatGoroutine`), which says nothing without its
/// value now.
fn reason(text: &[u8]) -> (&[u8], Option<u32>) {
    let Some(space) = memrchr(b' ', text) else { return (text, None) };
    let (before, last) = (text.get(..space).unwrap_or_default(), text.get(space + 1..).unwrap_or_default());
    // `unknown wait reason 37`: the number is part of the name.
    if before == b"unknown wait reason" {
        return (text, None);
    }
    match (number(last), duration_minutes(last)) {
        (Some((_, [])), _) => (before, None),
        (_, Some(minutes)) => (before, (minutes > 0).then_some(minutes)),
        _ => (text, None),
    }
}

/// Whole minutes of a duration as Go prints it: `1h5m0.5s`, `350ms`. Go `time/time.go`, `Duration.String`.
fn duration_minutes(text: &[u8]) -> Option<u32> {
    let mut rest = text;
    let mut seconds: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = number(rest)?;
        let fraction_len = after.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
        let after = if after.first() == Some(&b'.') { after.get(1 + fraction_len..)? } else { after };
        let unit_len = after.iter().take_while(|byte| !byte.is_ascii_digit()).count();
        let (unit, after) = after.split_at(unit_len);
        let unit_seconds = match unit {
            b"h" => 3600,
            b"m" => 60,
            b"s" => 1,
            b"ms" | b"us" | b"ns" | b"\xc2\xb5s" => 0,
            _ => return None,
        };
        seconds = seconds.checked_add(whole.checked_mul(unit_seconds)?)?;
        rest = after;
    }
    (!text.is_empty()).then(|| u32::try_from(seconds / 60).unwrap_or(u32::MAX))
}

impl PlaceKind {
    /// Splits `User: ./main.go:12 …` behind the kind.
    fn of(text: &[u8]) -> Option<(Self, &[u8])> {
        const KINDS: &[(&[u8], PlaceKind)] = &[
            (b"Runtime: ", PlaceKind::Runtime),
            (b"User: ", PlaceKind::User),
            (b"Go: ", PlaceKind::Go),
            (b"Start: ", PlaceKind::Start),
        ];
        KINDS.iter().find_map(|&(name, kind)| Some((kind, text.strip_prefix(name)?)))
    }
}

impl<'a> Place<'a> {
    /// Reads a line of the long form: `Runtime: /usr/go/src/runtime/proc.go:363 runtime.gopark (0x4392d6)`.
    pub(super) fn of_kind(text: &'a [u8]) -> Option<(PlaceKind, Self)> {
        let (kind, rest) = PlaceKind::of(text)?;
        let (place, rest) = Self::parse(rest)?;
        rest.is_empty().then_some((kind, place))
    }

    /// Reads `./main.go:12 main.main (0x4b8d2a)` and returns what follows.
    fn parse(text: &'a [u8]) -> Option<(Self, &'a [u8])> {
        // Files may hold spaces and colons, functions spaces; neither holds `:12 `, and the address ends the function.
        let (location_len, rest) = memchr_iter(b':', text).find_map(|colon| {
            let (_, rest) = number(text.get(colon + 1..)?)?;
            Some((text.len() - rest.len(), rest.strip_prefix(b" ")?))
        })?;
        let open = memmem::find(rest, b" (0x")?;
        let (function, address) = rest.split_at(open);
        let digits = address.get(4..)?;
        let len = digits.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let rest = digits.get(len..)?.strip_prefix(b")")?;
        Some((Self { location: text.get(..location_len)?, function }, rest))
    }

    /// `:0 ???`
    pub(super) fn is_unknown(&self) -> bool {
        self.function == b"???" && matches!(self.location, b":0" | b"?:0" | b"?:-1")
    }
}

/// The function of `0  0x00000000004392d6 in runtime.gopark`.
pub(super) fn frame_function(body: &[u8]) -> Option<&[u8]> {
    let (_, rest) = number(body)?;
    let digits = rest.strip_prefix(b" ").map(trim_start)?.strip_prefix(b"0x")?;
    let len = digits.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    digits.get(len..)?.strip_prefix(b" in ").filter(|function| !function.is_empty())
}

/// A first line that is cut off, or of a goroutine that delve could not read: `Goroutine (unreadable could not read …)`.
pub(super) fn is_broken(body: &[u8]) -> bool {
    let Some(rest) = body.strip_prefix(b"* ").unwrap_or(body).strip_prefix(b"Goroutine ") else { return false };
    rest.starts_with(b"(unreadable ") || number(rest).is_some_and(|(_, rest)| rest.starts_with(b" -"))
}

/// Labels without the mark that there are more: `"k":"v"... (2 more)`.
pub(super) fn labels(text: &[u8]) -> &[u8] {
    match memmem::rfind(text, b"\"... (") {
        Some(at) if text.ends_with(b" more)") => text.get(..=at).unwrap_or(text),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_reasons() {
        let cases: &[(&str, &str, Option<u32>)] = &[
            ("chan receive 187126783232", "chan receive", None),
            ("chan receive 5m0s", "chan receive", Some(5)),
            ("select 1h5m0.25s", "select", Some(65)),
            ("sleep 59.9s", "sleep", None),
            ("sleep 350\u{b5}s", "sleep", None),
            ("IO wait", "IO wait", None),
            ("chan receive (nil chan)", "chan receive (nil chan)", None),
            ("unknown wait reason 37", "unknown wait reason 37", None),
            ("unknown wait reason 37 187126783232", "unknown wait reason 37", None),
            ("select", "select", None),
        ];
        for &(text, state, minutes) in cases {
            assert_eq!(reason(text.as_bytes()), (state.as_bytes(), minutes), "{text}");
        }
    }

    #[test]
    fn ok_places() {
        let cases = [
            ("./main.go:12 main.main (0x4b8d2a)", "./main.go:12", "main.main", ""),
            (
                "C:/Jane Doe/x.go:7 main.F[go.shape.chan int] (0x1) [x]",
                "C:/Jane Doe/x.go:7",
                "main.F[go.shape.chan int]",
                " [x]",
            ),
            ("./a.go:1 main.(*T).f.func1 (0x1)", "./a.go:1", "main.(*T).f.func1", ""),
        ];
        for (text, location, function, rest) in cases {
            let place = Place { location: location.as_bytes(), function: function.as_bytes() };
            assert_eq!(Place::parse(text.as_bytes()), Some((place, rest.as_bytes())), "{text}");
        }
        assert!(Place::parse(b":0 ??? (0x0)").unwrap().0.is_unknown());
        assert_eq!(Place::parse(b"./main.go main.main (0x4b8d2a)"), None);
    }

    #[test]
    fn ok_labels_that_are_not_all_shown() {
        assert_eq!(labels(br#""a":"b", "c":"d"... (2 more)"#), br#""a":"b", "c":"d""#);
        assert_eq!(labels(br#""a":"b""#), br#""a":"b""#);
    }
}
