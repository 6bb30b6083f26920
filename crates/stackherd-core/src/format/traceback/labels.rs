//! Profiler labels as dumps carry them.
//!
//! ```text
//! "handler":"/api/v1", "user name":"a \"b\""        debug=1, everything quoted
//! "handler": "/api/v1", "user name": "a \"b\""      Go 1.26, inside the brackets, everything quoted
//! handler: "/api/v1", user: 7, empty: , "a-b": c    Go 1.27, after the brackets, quoted where needed
//! ```
//!
//! Go `runtime/traceback.go`, `printlabels`, quoting as in `strconv.AppendQuoteToASCII`; Go `runtime/pprof/label.go`,
//! `labelMap.String`, quoting as in `strconv.Quote`, which keeps what can be printed.

use alloc::string::String;
use alloc::vec::Vec;

/// Length of the label text at the start of `text`, up to the brace that ends it. `None` if there is no such brace.
pub(super) fn text_len(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match text.get(at)? {
            b'}' => return Some(at),
            b'"' => at += quoted_len(text.get(at..)?)?,
            _ => at += 1,
        }
    }
}

/// Reads label text, braces removed, into keys and values. Bytes that are not UTF-8 are replaced.
///
/// What can't be read ends the list.
#[must_use]
pub fn parse(text: &[u8]) -> Vec<(String, String)> {
    let mut labels = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some((key, after)) = word(rest, b':') else { break };
        let Some(after) = after.strip_prefix(b": ").or_else(|| after.strip_prefix(b":")) else { break };
        let Some((value, after)) = word(after, b',') else { break };
        labels.push((key, value));
        let Some(after) = after.strip_prefix(b", ") else { break };
        rest = after;
    }
    labels
}

/// A quoted or bare word; a bare one ends before `end` and may be empty, as keys and values may be.
fn word(text: &[u8], end: u8) -> Option<(String, &[u8])> {
    if text.first() == Some(&b'"') {
        let len = quoted_len(text)?;
        let inner = text.get(1..len - 1)?;
        return Some((unquote(inner), text.get(len..)?));
    }
    let len = text.iter().position(|&byte| byte == end).unwrap_or(text.len());
    Some((String::from_utf8_lossy(text.get(..len)?).into_owned(), text.get(len..)?))
}

/// Length of the quoted word at the start of `text`, quotes included.
fn quoted_len(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Adds a label to `text`, as `debug=1` prints it: what [`parse`] reads back.
pub(crate) fn append(text: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    if !text.is_empty() {
        text.extend_from_slice(b", ");
    }
    quote(text, key);
    text.push(b':');
    quote(text, value);
}

/// Writes `bytes` as `strconv.Quote` does, but for characters above ASCII that can't be printed, which stay as they are.
fn quote(text: &mut Vec<u8>, bytes: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let escape = |text: &mut Vec<u8>, byte: u8| {
        text.extend_from_slice(b"\\x");
        text.extend([byte >> 4, byte & 15].iter().filter_map(|&digit| HEX.get(usize::from(digit))));
    };
    text.push(b'"');
    for chunk in bytes.utf8_chunks() {
        for &byte in chunk.valid().as_bytes() {
            match CONTROLS.iter().find(|&&(_, control)| control == byte) {
                Some(&(letter, _)) => text.extend_from_slice(&[b'\\', letter]),
                None if matches!(byte, b'"' | b'\\') => text.extend_from_slice(&[b'\\', byte]),
                None if byte.is_ascii_control() => escape(text, byte),
                None => text.push(byte),
            }
        }
        for &byte in chunk.invalid() {
            escape(text, byte);
        }
    }
    text.push(b'"');
}

/// Letters that stand for control characters behind a backslash.
const CONTROLS: &[(u8, u8)] =
    &[(b'n', b'\n'), (b't', b'\t'), (b'r', b'\r'), (b'a', 0x07), (b'b', 0x08), (b'f', 0x0c), (b'v', 0x0b)];

/// Undoes Go's escapes; what is no escape stays as it is.
fn unquote(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let [escape, tail @ ..] = rest else { break };
        rest = tail;
        let digits = match escape {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            other => {
                let control = CONTROLS.iter().find(|(letter, _)| letter == other);
                bytes.push(control.map_or(*other, |&(_, control)| control));
                continue;
            }
        };
        let code =
            rest.get(..digits).and_then(|hex| core::str::from_utf8(hex).ok()).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let Some(code) = code else { continue };
        rest = rest.get(digits..).unwrap_or_default();
        if digits == 2 {
            bytes.push(u8::try_from(code).unwrap_or(b'?'));
        } else {
            let symbol = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            bytes.extend_from_slice(symbol.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let labels = parse(text.as_bytes());
        let labels: Vec<_> = labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(labels, expected, "{text}");
        assert_eq!(text_len(alloc::format!("{text}}}:").as_bytes()), Some(text.len()));
    }

    #[test]
    fn ok_quoted_labels_of_1_26() {
        check(
            r#""handler": "/api/v1", "user name": "a \"b\" \u00e9\n""#,
            &[("handler", "/api/v1"), ("user name", "a \"b\" é\n")],
        );
    }

    #[test]
    fn ok_bare_labels_of_1_27() {
        check(
            r#""a-b": "x]: {y}", emoji: "\U0001f600", k: , ok: a.b/c_d"#,
            &[("a-b", "x]: {y}"), ("emoji", "😀"), ("k", ""), ("ok", "a.b/c_d")],
        );
    }

    #[test]
    fn ok_empty_keys_and_values() {
        check(": x, k: , : ", &[("", "x"), ("k", ""), ("", "")]);
    }

    #[test]
    fn ok_quoted_labels_of_counted_profiles() {
        check(
            r#""a-b":"x]: {y}", "emoji":"😀\xff", "k":"", "ok":"a.b/c_d", "t":"tab\tx\a\v""#,
            &[("a-b", "x]: {y}"), ("emoji", "😀\u{fffd}"), ("k", ""), ("ok", "a.b/c_d"), ("t", "tab\tx\u{7}\u{b}")],
        );
    }

    #[test]
    fn ok_appended_labels_read_back() {
        let mut text = Vec::new();
        append(&mut text, b"user name", "a \"b\" é\n".as_bytes());
        append(&mut text, b"", b"\\x, \xff\x07\x01");
        assert_eq!(text, r#""user name":"a \"b\" é\n", "":"\\x, \xff\a\x01""#.as_bytes());
        let expected = [("user name", "a \"b\" é\n"), ("", "\\x, \u{fffd}\u{7}\u{1}")];
        assert_eq!(parse(&text), expected.map(|(key, value)| (key.into(), value.into())));
    }

    #[test]
    fn ok_bytes_that_are_no_text_are_replaced() {
        check(r#"bin: "\xff""#, &[("bin", "\u{fffd}")]);
    }

    #[test]
    fn err_text_without_end() {
        assert_eq!(text_len(br#""a": "b"#), None);
        assert_eq!(text_len(b"a: b"), None);
        assert!(parse(b"").is_empty());
    }
}
