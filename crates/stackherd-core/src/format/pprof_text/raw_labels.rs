//! Label lines of `-raw`: `handler:[/api/v1] user name:[a b]`.
//!
//! Nothing is quoted and a value may hold brackets and line feeds (github.com/google/pprof `profile/profile.go`,
//! `labelsToString`), so a value is taken to end at the last `] ` before the next `:[`.

use alloc::vec::Vec;

use memchr::memmem;

use crate::format::traceback::labels;

/// Reads labels and writes them as [`labels::append`] does. What is no label is left out. `O(text)`.
pub(super) fn read(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut starts = memmem::find_iter(text, b":[");
    let Some(first) = starts.next() else { return out };
    let mut key = text.get(..first).unwrap_or_default();
    let mut value_start = first + 2;
    // No value ends before it.
    let mut searched = value_start;
    for start in starts {
        let between = text.get(searched..start).unwrap_or_default();
        let end = memmem::rfind(between, b"] ").max(memmem::rfind(between, b"]\n")).map(|end| searched + end);
        searched = start + 2;
        // Without an end in between, the mark is part of a value.
        let Some(end) = end else { continue };
        labels::append(&mut out, key.trim_ascii(), text.get(value_start..end).unwrap_or_default());
        key = text.get(end + 2..start).unwrap_or_default();
        value_start = start + 2;
    }
    let value = text.get(value_start..).unwrap_or_default().trim_ascii_end();
    labels::append(&mut out, key.trim_ascii(), value.strip_suffix(b"]").unwrap_or(value));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let labels = labels::parse(&read(text.as_bytes()));
        let labels: Vec<_> = labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(labels, expected, "{text}");
    }

    #[test]
    fn ok_labels() {
        check("handler:[/api/v1]", &[("handler", "/api/v1")]);
        check("handler:[/api/v1] user name:[a \"b\" é\n]", &[("handler", "/api/v1"), ("user name", "a \"b\" é\n")]);
        check("a-b:[x]: {y}] k:[] ok:[a.b/c_d]", &[("a-b", "x]: {y}"), ("k", ""), ("ok", "a.b/c_d")]);
        check("job:[x]\n                bytes:[5 count]", &[("job", "x"), ("bytes", "5 count")]);
        check("a:[b:[c]", &[("a", "b:[c")]);
        check("no label", &[]);
        check("cut:[of", &[("cut", "of")]);
    }
}
