//! Dumps pasted into issues and mails: `> ` before each line.
//!
//! The asterisks that Markdown eats are put back where names are stored; fences are other text.

/// `text` without the quote marks at its start; `None` when it has none.
pub(super) fn unquote(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    while let [b'>', tail @ ..] = rest {
        rest = match tail {
            [b' ', tail @ ..] => tail,
            [] | [b'>' | b'\t', ..] => tail,
            // An arrow, or a prompt.
            _ => return if rest.len() < text.len() { Some(rest) } else { None },
        };
    }
    (rest.len() < text.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_quotes() {
        let cases: &[(&[u8], Option<&[u8]>)] = &[
            (b"> goroutine 1 [running]:", Some(b"goroutine 1 [running]:")),
            (b"> \t/src/main.go:1", Some(b"\t/src/main.go:1")),
            (b">\t/src/main.go:1", Some(b"\t/src/main.go:1")),
            (b">", Some(b"")),
            (b">> > main.f()", Some(b"main.f()")),
            (b">=3", None),
            (b"main.f()", None),
            (b"", None),
        ];
        for (text, expected) in cases {
            assert_eq!(unquote(text), *expected, "{:?}", text.escape_ascii());
        }
    }
}
