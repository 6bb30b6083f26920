//! Text with its line breaks written as `\n`: strings in JSON, quoted values in logfmt, Go's `%q`.
//!
//! ```text
//! time="2026-03-01T12:00:09Z" level=warning msg="=== BEGIN goroutine stack dump ===\ngoroutine 363 [running]:\nruntime/…"
//! ```

use alloc::vec::Vec;

use memchr::{memchr, memchr2, memmem};

use super::marks;

/// The escaped text that holds the first dump of `line`, and what follows it.
pub(super) fn find(line: &[u8]) -> Option<(Text<'_>, &[u8])> {
    // Few lines hold a backslash at all.
    memchr(b'\\', line)?;
    let mark = marks::find_dump(line)?;
    let rest = line.get(mark..)?;
    // Labels in a header have escapes too, so it is the header's end that counts.
    let end: &[u8] = if rest.starts_with(b"goroutine ") && !rest.starts_with(b"goroutine profile") { b":\\" } else { b"\\n" };
    memmem::find(rest, end)?;
    let mut rest = line;
    let mut at = 0;
    // The string that the dump stands in; strings before it are passed over.
    while let Some(open) = memchr(b'"', rest).filter(|&open| at + open < mark) {
        let (text, tail) = Text::until(rest.get(open + 1..)?, b'"');
        at += rest.len() - tail.len();
        rest = tail;
        if at > mark {
            return Some((text, tail));
        }
    }
    let before = line.get(..mark)?;
    let single = before.iter().rposition(|&byte| byte == b'\'');
    if let Some(open) =
        single.filter(|&open| open == 0 || before.get(open - 1).is_some_and(|byte| !byte.is_ascii_alphanumeric()))
    {
        return Some(Text::until(line.get(open + 1..)?, b'\''));
    }
    Some((Text { raw: line, is_closed: true }, b""))
}

/// A string as written, escapes and all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text<'a> {
    pub(super) raw: &'a [u8],
    /// The quote at its end was there; otherwise it is cut off.
    pub(super) is_closed: bool,
}

impl<'a> Text<'a> {
    /// The string that ends at the next `quote`, and what follows that.
    pub(super) fn until(text: &'a [u8], quote: u8) -> (Self, &'a [u8]) {
        let mut at = 0;
        while let Some(next) = memchr2(quote, b'\\', text.get(at..).unwrap_or_default()) {
            at += next;
            if text.get(at) == Some(&quote) {
                let (raw, rest) = text.split_at(at);
                return (Self { raw, is_closed: true }, rest.get(1..).unwrap_or_default());
            }
            at += 2;
        }
        (Self { raw: text, is_closed: false }, b"")
    }

    /// Whether it has several lines.
    pub(super) fn has_lines(&self) -> bool {
        memmem::find(self.raw, b"\\n").is_some()
    }

    /// Hands out its lines, unescaped, and whether each has an end. `O(bytes)`; `line` is where they are put together.
    pub(super) fn lines(&self, line: &mut Vec<u8>, mut sink: impl FnMut(&[u8], bool)) {
        line.clear();
        let mut rest = self.raw;
        while let Some(at) = memchr(b'\\', rest) {
            let (plain, escape) = rest.split_at(at);
            line.extend_from_slice(plain);
            rest = escape.get(1..).unwrap_or_default();
            if let [b'n', tail @ ..] = rest {
                rest = tail;
                sink(line.strip_suffix(b"\r").unwrap_or(line), true);
                line.clear();
            } else {
                rest = unescape(rest, line);
            }
        }
        line.extend_from_slice(rest);
        if !line.is_empty() {
            sink(line, self.is_closed);
        }
    }

    /// Appends all of it to `out`, unescaped.
    pub(super) fn append_to(&self, out: &mut Vec<u8>) {
        let mut rest = self.raw;
        while let Some(at) = memchr(b'\\', rest) {
            let (plain, escape) = rest.split_at(at);
            out.extend_from_slice(plain);
            rest = unescape(escape.get(1..).unwrap_or_default(), out);
        }
        out.extend_from_slice(rest);
    }
}

/// Undoes the escape whose backslash stands before `text`, and returns what follows it.
fn unescape<'a>(text: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let Some((&first, rest)) = text.split_first() else {
        out.push(b'\\');
        return text;
    };
    let n_digits = match first {
        b'u' => 4,
        b'U' => 8,
        b'x' => 2,
        _ => 0,
    };
    if n_digits > 0 {
        let Some(code) = hex(rest, n_digits) else {
            out.extend_from_slice(&[b'\\', first]);
            return rest;
        };
        let mut rest = rest.get(n_digits..).unwrap_or_default();
        if first == b'x' {
            // Go quotes bytes that are not UTF-8 one by one.
            out.push(code as u8);
            return rest;
        }
        let mut character = char::from_u32(code);
        if (0xd800..0xdc00).contains(&code)
            && let Some(low) =
                rest.strip_prefix(b"\\u").and_then(|low| hex(low, 4)).filter(|low| (0xdc00..0xe000).contains(low))
        {
            character = char::from_u32(0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00));
            rest = rest.get(6..).unwrap_or_default();
        }
        out.extend_from_slice(character.unwrap_or('\u{fffd}').encode_utf8(&mut [0; 4]).as_bytes());
        return rest;
    }
    let byte = match first {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        b'"' | b'\'' | b'\\' | b'/' => first,
        other => {
            out.push(b'\\');
            other
        }
    };
    out.push(byte);
    rest
}

fn hex(text: &[u8], n_digits: usize) -> Option<u32> {
    let digits = core::str::from_utf8(text.get(..n_digits)?).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;

    fn lines(raw: &str) -> Vec<String> {
        let mut out = Vec::new();
        let text = Text { raw: raw.as_bytes(), is_closed: true };
        text.lines(&mut Vec::new(), |line, _| out.push(String::from_utf8(line.to_vec()).unwrap()));
        out
    }

    fn found(line: &str) -> String {
        find(line.as_bytes()).map_or_else(String::new, |(text, rest)| {
            format!("{} {} {}", String::from_utf8_lossy(text.raw), text.is_closed, String::from_utf8_lossy(rest))
        })
    }

    #[test]
    fn ok_escapes() {
        assert_eq!(
            lines(r"a\tb\r\n\u003cautogenerated\u003e:1 \ud83d\ude00 \U0001f600\n\n\\n \/ \q"),
            ["a\tb", "<autogenerated>:1 😀 😀", "", "\\n / \\q"]
        );
        assert_eq!(lines(r"\ud83d \u12"), ["\u{fffd} \\u12"]);
        assert_eq!(lines("tail\\"), ["tail\\"]);
        assert!(lines("").is_empty());
    }

    #[test]
    fn ok_quoted_values() {
        assert_eq!(
            found(r#"t="1" msg="say \"x\"\ngoroutine 1 [running]:\nmain.f()" n=1"#),
            r#"say \"x\"\ngoroutine 1 [running]:\nmain.f() true  n=1"#
        );
        assert_eq!(found(r"msg='goroutine 1 [running]:\nmain.f()' n=1"), r"goroutine 1 [running]:\nmain.f() true  n=1");
        assert_eq!(found(r"goroutine 1 [running]:\nmain.f()"), r"goroutine 1 [running]:\nmain.f() true ");
        assert_eq!(found(r#"msg="goroutine 1 [running]:\nmain.f("#), r"goroutine 1 [running]:\nmain.f( false ");
        assert_eq!(found(r#"msg="goroutine leak\n""#), "");
        assert_eq!(found("msg=goroutine 1 [running]:"), "");
        assert_eq!(found(r#"goroutine 6 [select] {name: "a\nb"}:"#), "");
    }
}
