//! Calls as pprof writes them.

use memchr::{memmem, memrchr};

/// One call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Call<'a> {
    /// Its function; an address when the profile has no name.
    pub(super) function: &'a [u8],
    /// `FILE:LINE`, or what is known of it.
    pub(super) location: &'a [u8],
    /// It has a name.
    pub(super) is_symbolized: bool,
}

/// Reads a frame of `-traces`: `main.recv`; with `-lines` `main.recv /src/main.go:54`, with `-addresses`
/// `0000000000536f24 main.recv /src/main.go:54`.
pub(super) fn traced(text: &[u8]) -> Call<'_> {
    let (address, rest) = match text.split_at_checked(16) {
        Some((address, rest)) if address.iter().all(u8::is_ascii_hexdigit) && matches!(rest.first(), None | Some(b' ')) => {
            (address, rest.trim_ascii())
        }
        _ => (b"".as_slice(), text),
    };
    if rest.is_empty() || rest.starts_with(b"[") || rest == b"<unknown>" {
        let function = if address.is_empty() { rest } else { address };
        return Call { function, location: b"", is_symbolized: false };
    }
    let (function, place) = rest.split_at(name_len(rest));
    Call { function, location: without_column(place.trim_ascii()), is_symbolized: true }
}

/// Reads a call of `-raw`: `main.recv /src/main.go:54:0 s=54`, without the column in older versions; `??` without a name.
pub(super) fn raw(text: &[u8]) -> Option<Call<'_>> {
    if text == b"??" {
        return Some(Call { function: b"", location: b"", is_symbolized: false });
    }
    let start = memmem::rfind(text, b" s=")?;
    if !text.get(start + 3..)?.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let text = text.get(..start)?;
    let (function, place) = text.split_at(name_len(text));
    let location = without_column(place.strip_prefix(b" ").unwrap_or(place));
    // No file is known.
    let location = if location.starts_with(b":") { b"" } else { location };
    (!function.is_empty()).then_some(Call { function, location, is_symbolized: true })
}

/// Length of the function's name at the start of `text`. It holds spaces only in brackets: Go's type arguments, and the
/// parameters of C++.
pub(super) fn name_len(text: &[u8]) -> usize {
    let mut depth = 0_u32;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b' ' | b'\t' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// `/src/main.go:54` of `/src/main.go:54:0`.
fn without_column(place: &[u8]) -> &[u8] {
    let shorter = without_number(place);
    match shorter {
        Some(shorter) if without_number(shorter).is_some() => shorter,
        _ => place,
    }
}

fn without_number(place: &[u8]) -> Option<&[u8]> {
    let colon = memrchr(b':', place)?;
    let digits = place.get(colon + 1..)?;
    (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then(|| place.get(..colon))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(call: Call<'_>) -> (&str, &str, bool) {
        let text = |bytes| core::str::from_utf8(bytes).unwrap();
        (text(call.function), text(call.location), call.is_symbolized)
    }

    #[test]
    fn ok_traced() {
        let of = |text: &'static str| parts(traced(text.as_bytes()));
        assert_eq!(of("main.(*Server).lockIt"), ("main.(*Server).lockIt", "", true));
        assert_eq!(of("a/b.F[go.shape.struct { x int }]"), ("a/b.F[go.shape.struct { x int }]", "", true));
        assert_eq!(of("main.recv /src/my app/main.go:54"), ("main.recv", "/src/my app/main.go:54", true));
        assert_eq!(of("0000000000536f24 main.recv /src/main.go:54:3"), ("main.recv", "/src/main.go:54", true));
        assert_eq!(of("0000000000536f24 [bin-27]"), ("0000000000536f24", "", false));
        assert_eq!(of("<unknown>"), ("<unknown>", "", false));
    }

    #[test]
    fn ok_raw() {
        let of = |text: &'static str| raw(text.as_bytes()).map(parts);
        assert_eq!(of("main.recv /src/main.go:54:0 s=54"), Some(("main.recv", "/src/main.go:54", true)));
        assert_eq!(of("main.recv C:/My Go/main.go:54 s=54"), Some(("main.recv", "C:/My Go/main.go:54", true)));
        assert_eq!(of("foo(int, char) /x.cc:1:2 s=0(_Z3fooic)"), Some(("foo(int, char)", "/x.cc:1", true)));
        assert_eq!(of("clone :0:0 s=0"), Some(("clone", "", true)));
        assert_eq!(of("??"), Some(("", "", false)));
        assert_eq!(of("main.recv /src/main.go:54:0"), None);
        assert_eq!(of("listening on :8080"), None);
    }
}
