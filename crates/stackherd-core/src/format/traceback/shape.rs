//! What kind of line stands inside a stack, told by its shape and not by its indent: indents get lost on the way.

use memchr::{memchr, memchr2, memrchr};

/// A call: `main.(*Worker).Process(0xc000018060, {0x1, 0x2})`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::format) struct Call<'a> {
    /// The name as printed, arguments removed.
    pub(super) function: &'a [u8],
    /// Printed as `(...)`.
    pub(super) inlined: bool,
    /// The rest, parentheses included.
    pub(super) arguments: &'a [u8],
}

/// Reads a call. Arguments hold no parentheses but names do, so the last opening one starts the arguments.
#[inline]
pub(in crate::format) fn call(line: &[u8]) -> Option<Call<'_>> {
    if line.last() != Some(&b')') {
        return None;
    }
    let open = memrchr(b'(', line)?;
    let (function, arguments) = line.split_at(open);
    if function.is_empty() { None } else { Some(Call { function, inlined: arguments == b"(...)", arguments }) }
}

/// Reads `/src/app/main.go:42 +0x1d fp=0x… sp=0x… pc=0x…` and returns `/src/app/main.go:42`. `text` has no indent.
///
/// The file may hold spaces, colons and plus signs, so it is read from the right.
#[inline]
pub(in crate::format) fn location(text: &[u8]) -> Option<&[u8]> {
    let colon = memrchr(b':', text)?;
    let tail = text.get(colon + 1..)?;
    let n_digits = tail.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(tail.len());
    let is_location = n_digits > 0
        && colon > 0
        && match tail.get(n_digits..) {
            None | Some([]) => true,
            Some([b' ', first, ..]) => matches!(first, b'+' | b'f' | b's' | b'p'),
            Some(_) => false,
        };
    if is_location { text.get(..colon + 1 + n_digits) } else { None }
}

/// Whether the end of `text` shows that `location` is not cut off: an offset or a frame pointer follows.
pub(super) fn is_whole(text: &[u8], location: &[u8]) -> bool {
    let rest = text.get(location.len()..).unwrap_or_default();
    let number = rest.strip_prefix(b" +0x").or_else(|| rest.strip_prefix(b" fp=0x"));
    number.is_some_and(|digits| digits.first().is_some_and(u8::is_ascii_hexdigit))
}

/// `...51 frames elided...` (Go 1.21), `...additional frames elided...` (before, and in ancestors).
pub(in crate::format) fn is_elision(text: &[u8]) -> bool {
    text.starts_with(b"...") && text.ends_with(b" frames elided...")
}

/// The goroutine number of `[originating from goroutine 7]:`, Go `runtime/traceback.go`, `printAncestorTraceback`.
pub(in crate::format) fn ancestor(text: &[u8]) -> Option<u64> {
    let rest = text.strip_prefix(b"[originating from goroutine ")?;
    super::header::number(rest).map(|(goid, _)| goid)
}

/// Splits `main.Start in goroutine 7` (Go 1.21) into the function and the goroutine that called it.
#[inline]
pub(super) fn creator(text: &[u8]) -> (&[u8], Option<u64>) {
    const MARK: &[u8] = b" in goroutine ";
    let Some(space) = memrchr(b' ', text) else { return (text, None) };
    let (before, digits) = text.split_at(space + 1);
    match (before.strip_suffix(MARK), super::header::number(digits)) {
        (Some(function), Some((goid, []))) => (function, Some(goid)),
        _ => (text, None),
    }
}

/// A place that a cgo symbolizer printed: `file.c:12 pc=0x4a`, or only `pc=0x4a`. Returns the place, perhaps empty.
pub(super) fn c_location(text: &[u8]) -> Option<&[u8]> {
    if text.starts_with(b"pc=0x") {
        return Some(&[]);
    }
    memchr::memmem::find(text, b" pc=0x").and_then(|_| location(text))
}

/// `rax    0x0`, `r8   0x7ffe…`: a processor's registers after a crash. Sections of a dump end there.
pub(super) fn is_register(text: &[u8]) -> bool {
    let Some(space) = memchr(b' ', text) else { return false };
    let (name, value) = text.split_at(space);
    (2..=8).contains(&name.len())
        && name.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && value.trim_ascii().starts_with(b"0x")
}

/// Log text in parentheses has spaces before them; names have them only inside type arguments.
pub(super) fn is_function_name(function: &[u8]) -> bool {
    let has_words =
        memchr2(b' ', b'\t', function).is_some_and(|space| memchr(b'[', function).is_none_or(|bracket| bracket > space));
    // A receiver's parentheses and nothing behind them: the name goes on.
    !has_words && function.last() != Some(&b'.')
}

/// Indented like the place of a call.
pub(super) fn is_framed(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'\t' | b' '))
}

/// Without white space at its end.
#[inline]
pub(in crate::format) fn trim_end(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t' | b'\r'] = text {
        text = rest;
    }
    text
}

/// Without its indent.
#[inline]
pub(in crate::format) fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Option<&[u8]>) -> &str {
        bytes.map_or("-", |bytes| core::str::from_utf8(bytes).unwrap())
    }

    #[test]
    fn ok_calls() {
        let cases = [
            ("main.main()", "main.main"),
            ("sync.(*Mutex).Lock(0xc0000b0000?)", "sync.(*Mutex).Lock"),
            ("main.(*S[...]).wait.1({0x1, {0x2?, _}}, ...)", "main.(*S[...]).wait.1"),
            ("gopkg.in/mgo%2ev2.newServer(0x1)", "gopkg.in/mgo%2ev2.newServer"),
            ("stopm()", "stopm"),
            ("pkg.func·001()", "pkg.func·001"),
            ("runtime.goexit({})", "runtime.goexit"),
            ("non-Go function", "-"),
            ("(0x1)", "-"),
        ];
        for (line, function) in cases {
            assert_eq!(text(call(line.as_bytes()).map(|call| call.function)), function, "{line}");
        }
        assert!(call(b"main.f(...)").unwrap().inlined);
        assert!(!call(b"main.f(0x1, ...)").unwrap().inlined);
    }

    #[test]
    fn ok_locations() {
        let cases = [
            ("/src/app/main.go:42 +0x1d", "/src/app/main.go:42"),
            ("/src/app/main.go:42", "/src/app/main.go:42"),
            ("/usr/go/src/runtime/proc.go:1 +0x2 fp=0xc0 sp=0xc1 pc=0x46", "/usr/go/src/runtime/proc.go:1"),
            ("/a/b.go:328 fp=0xc0 sp=0xc1", "/a/b.go:328"),
            ("C:/Users/Jane Doe/x.go:10 +0x1", "C:/Users/Jane Doe/x.go:10"),
            ("C:\\Users\\x y\\back.go:12", "C:\\Users\\x y\\back.go:12"),
            ("/a:b/x.go:77", "/a:b/x.go:77"),
            ("github.com/x/y@v20.10.1+incompatible/z.go:108 +0xe7", "github.com/x/y@v20.10.1+incompatible/z.go:108"),
            ("<autogenerated>:1 +0x5", "<autogenerated>:1"),
            ("?:0", "?:0"),
            ("gram.y:5", "gram.y:5"),
            ("/src/main.go:", "-"),
            ("/src/main.go", "-"),
            ("listening on :8080 now", "-"),
            (":12", "-"),
        ];
        for (line, expected) in cases {
            assert_eq!(text(location(line.as_bytes())), expected, "{line}");
        }
    }

    #[test]
    fn ok_creators() {
        assert_eq!(creator(b"main.Start in goroutine 7"), (b"main.Start".as_slice(), Some(7)));
        assert_eq!(creator(b"main.Start"), (b"main.Start".as_slice(), None));
        assert_eq!(creator(b"main.F[go.shape.chan int]"), (b"main.F[go.shape.chan int]".as_slice(), None));
        assert_eq!(creator(b"main.Start in goroutine "), (b"main.Start in goroutine ".as_slice(), None));
    }

    #[test]
    fn ok_marks() {
        assert!(is_elision(b"...1 frames elided..."));
        assert!(is_elision(b"...additional frames elided..."));
        assert_eq!(ancestor(b"[originating from goroutine 17]:"), Some(17));
        assert_eq!(text(c_location(b"/src/x.c:12 pc=0x4a")), "/src/x.c:12");
        assert_eq!(text(c_location(b"pc=0x4a")), "");
        assert_eq!(c_location(b"/src/x.go:12 +0x4a"), None);
        assert!(is_register(b"rax    0xfffffffffffffffc"));
        assert!(!is_register(b"main.main 0x"));
    }
}
