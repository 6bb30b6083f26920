//! What kind of line stands in a counted profile. Columns are padded with any number of tabs, which a save-as may turn into
//! spaces, so a line is told by its shape.

use alloc::vec::Vec;

use memchr::{memchr, memmem, memrchr};

use crate::snapshot::Scope;

/// Reads `goroutine profile: total 44`: which goroutines are listed, and how many.
pub(super) fn header(text: &[u8]) -> Option<(Scope, u64)> {
    let (scope, rest) = match text.strip_prefix(b"goroutineleak") {
        Some(rest) => (Scope::Leaked, rest),
        None => (Scope::All, text.strip_prefix(b"goroutine")?),
    };
    let (total, rest) = number(rest.strip_prefix(b" profile: total ")?)?;
    rest.trim_ascii().is_empty().then_some((scope, total))
}

/// Reads `3 @ 0x4860aa 0x415bce`: the count. The program counters go to `pcs`; the last one of a cut line may be damaged.
pub(super) fn group(text: &[u8], is_terminated: bool, pcs: &mut Vec<u64>) -> Option<u64> {
    let (count, rest) = number(text)?;
    let mut rest = rest.trim_ascii_start().strip_prefix(b"@")?;
    pcs.clear();
    loop {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return Some(count);
        }
        match hex(rest) {
            Some((pc, after)) if after.first().is_none_or(u8::is_ascii_whitespace) => {
                pcs.push(pc);
                rest = after;
            }
            _ if !is_terminated && b"0x".starts_with(rest) => return Some(count),
            _ => return None,
        }
    }
}

/// A line of a group that starts with `#`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry<'a> {
    /// `# labels: {"k":"v"}`: the text between the braces.
    Labels(&'a [u8]),
    /// `#⇥0x536f24⇥main.recv+0x24⇥/src/main.go:54`
    Frame(Frame<'a>),
    /// `#⇥0x0`: an address without a name.
    Unsymbolized(u64, &'a [u8]),
    /// Starts like a frame and goes on like none.
    Malformed,
}

/// One call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame<'a> {
    /// The address of the call: one less than in the list behind the `@`.
    pub(super) pc: u64,
    /// Its function, the offset removed.
    pub(super) function: &'a [u8],
    /// Nothing of the function has run yet: the offset is zero.
    pub(super) is_entry: bool,
    /// `FILE:LINE`; empty when no file is known.
    pub(super) location: &'a [u8],
}

/// Reads a line that starts with `#`; `None` for other text.
pub(super) fn entry(text: &[u8]) -> Option<Entry<'_>> {
    let text = text.strip_prefix(b"#")?.trim_ascii_start();
    if let Some(labels) = text.strip_prefix(b"labels:") {
        let labels = labels.trim_ascii_start().strip_prefix(b"{")?;
        return Some(Entry::Labels(labels.strip_suffix(b"}").unwrap_or(labels)));
    }
    let (pc, rest) = hex(text)?;
    let address = text.get(..text.len() - rest.len())?;
    if rest.is_empty() {
        return Some(Entry::Unsymbolized(pc, address));
    }
    if !rest.first().is_some_and(u8::is_ascii_whitespace) {
        return None;
    }
    Some(frame(pc, rest.trim_ascii_start()).map_or(Entry::Malformed, Entry::Frame))
}

/// Reads `main.recv+0x24⇥/src/main.go:54`. Names with type arguments and files may hold spaces; no name holds an offset that
/// white space follows.
fn frame(pc: u64, text: &[u8]) -> Option<Frame<'_>> {
    for plus in memmem::find_iter(text, b"+0x") {
        let (function, offset) = text.split_at(plus);
        let Some((offset, rest)) = hex(offset.get(1..)?) else { continue };
        if !rest.first().is_some_and(u8::is_ascii_whitespace) {
            continue;
        }
        let location = location(rest.trim_ascii_start())?;
        return (!function.is_empty()).then_some(Frame { pc, function, is_entry: offset == 0, location });
    }
    None
}

/// Reads `/src/main.go:54`; text behind white space after the line is dropped. Empty for `:0`, which stands for no file.
fn location(text: &[u8]) -> Option<&[u8]> {
    let colon = memrchr(b':', text)?;
    let (_, rest) = number(text.get(colon + 1..)?)?;
    if !rest.first().is_none_or(u8::is_ascii_whitespace) {
        return None;
    }
    if colon == 0 { Some(&[]) } else { text.get(..text.len() - rest.len()) }
}

/// Whether a line starts something else, so that the profile has ended.
pub(super) fn starts_other_text(text: &[u8]) -> bool {
    let is_goroutine = text.strip_prefix(b"goroutine ").and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit);
    let is_signal =
        text.starts_with(b"SIG") && memchr(b':', text).is_some_and(|colon| (4..=10).contains(&colon)) && !text.contains(&b'@');
    is_goroutine
        || is_signal
        || [b"panic: ".as_slice(), b"fatal error: ", b"heap profile: ", b"--- ", b"====="]
            .iter()
            .any(|start| text.starts_with(start))
        || memmem::find(text, b" profile: total ").is_some()
}

/// The number at the start of `text`, saturating, and what follows.
fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let n_digits = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(n_digits);
    let value =
        digits.iter().fold(0_u64, |value, digit| value.saturating_mul(10).saturating_add(u64::from(digit.wrapping_sub(b'0'))));
    (n_digits > 0).then_some((value, rest))
}

/// The number `0x…` at the start of `text`, its lowest 64 bits, and what follows.
fn hex(text: &[u8]) -> Option<(u64, &[u8])> {
    let text = text.strip_prefix(b"0x")?;
    let n_digits = text.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(n_digits);
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => byte - b'0',
        _ => (byte | 0x20).wrapping_sub(b'a').wrapping_add(10),
    };
    let value = digits.iter().fold(0_u64, |value, &byte| value << 4 | u64::from(digit(byte)));
    (n_digits > 0).then_some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame_of(text: &str) -> (u64, &str, bool, &str) {
        match entry(text.as_bytes()) {
            Some(Entry::Frame(frame)) => {
                let text = |bytes| core::str::from_utf8(bytes).unwrap();
                (frame.pc, text(frame.function), frame.is_entry, text(frame.location))
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn ok_headers() {
        assert_eq!(header(b"goroutine profile: total 44"), Some((Scope::All, 44)));
        assert_eq!(header(b"goroutineleak profile: total 0"), Some((Scope::Leaked, 0)));
        assert_eq!(header(b"goroutine profile: total 99999999999999999999"), Some((Scope::All, u64::MAX)));
        for other in
            ["threadcreate profile: total 5", "example.com/conns profile: total 2", "goroutine profile: total 5 so far"]
        {
            assert_eq!(header(other.as_bytes()), None, "{other}");
        }
        assert_eq!(header(b"heap profile: 1: 2048 [1: 2049] @ heap/1048576"), None);
    }

    #[test]
    fn ok_groups() {
        let mut pcs = Vec::new();
        assert_eq!(group(b"3 @ 0x4860aa 0x415bce", true, &mut pcs), Some(3));
        assert_eq!(pcs, [0x48_60aa, 0x41_5bce]);
        assert_eq!(group(b"4 @", true, &mut pcs), Some(4));
        assert!(pcs.is_empty());
        assert_eq!(group(b"4 @ 0x4860aa 0", false, &mut pcs), Some(4));
        assert_eq!(group(b"4 @ 0x4860aa 0", true, &mut pcs), None);
        assert_eq!(group(b"13394082 1 @ 0x53aef3", true, &mut pcs), None, "a block profile");
        assert_eq!(group(b"1: 2048 [1: 2048] @ 0x483fec", true, &mut pcs), None, "a heap profile");
        assert_eq!(group(b"7 @ home", true, &mut pcs), None);
    }

    #[test]
    fn ok_frames_with_tabs_and_spaces() {
        let expected = (0x53_6f24, "main.recv", false, "/tmp/src/app/main.go:54");
        assert_eq!(frame_of("#\t0x536f24\tmain.recv+0x24\t/tmp/src/app/main.go:54"), expected);
        assert_eq!(frame_of("#\t0x536f24\tmain.recv+0x24\t\t\t\t/tmp/src/app/main.go:54"), expected);
        assert_eq!(frame_of("#       0x536f24        main.recv+0x24  /tmp/src/app/main.go:54"), expected);
        assert_eq!(
            frame_of("#\t0x1\tm.F[go.shape.struct { x int }]+0x1\tC:/Users/Jane Doe/a+0x1.go:10"),
            (1, "m.F[go.shape.struct { x int }]", false, "C:/Users/Jane Doe/a+0x1.go:10")
        );
        assert_eq!(frame_of("#\t0x12def60\tmain.f+0x0\t/a:b/x.go:77"), (0x12d_ef60, "main.f", true, "/a:b/x.go:77"));
        assert_eq!(frame_of("#\t0x7f\tclone+0x7f\t:0"), (0x7f, "clone", false, ""));
    }

    #[test]
    fn ok_other_entries() {
        assert_eq!(entry(b"#\t0x0"), Some(Entry::Unsymbolized(0, b"0x0")));
        assert_eq!(entry(b"# labels: {\"k\":\"}\"}"), Some(Entry::Labels(b"\"k\":\"}\"")));
        assert_eq!(entry(b"# labels: {\"k\":\"v"), Some(Entry::Labels(b"\"k\":\"v")));
        assert_eq!(entry(b"#\t0x536f24\tmain.recv+0x24"), Some(Entry::Malformed));
        assert_eq!(entry(b"#\t0x536f24\tmain.recv+0x24\t/src/main.go"), Some(Entry::Malformed));
        assert_eq!(entry(b"# runtime.MemStats"), None);
    }

    #[test]
    fn ok_what_ends_a_profile() {
        for text in ["goroutine 1 [running]:", "threadcreate profile: total 5", "SIGQUIT: quit", "panic: no"] {
            assert!(starts_other_text(text.as_bytes()), "{text}");
        }
        for text in ["2026/11/21 01:38:30 listening on :8080", "goroutine pool ready", "SIG"] {
            assert!(!starts_other_text(text.as_bytes()), "{text}");
        }
    }
}
