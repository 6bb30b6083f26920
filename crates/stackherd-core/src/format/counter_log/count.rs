//! Goroutine counts as log lines, metrics and JSON word them.
//!
//! ```text
//! level=info msg="stats" num_goroutine=512        {"goroutines":512}        当前Goroutine数量：512        512 goroutines
//! go_goroutines{job="api"} 512 1795225110000      "goroutines": 512,        runtime.NumGoroutine 512
//! ```
//!
//! Logs also say `goroutine 512`, and mean its number. So a singular counts only with a word such as `num` or `count` beside it.

use core::ops::ControlFlow;

use memchr::memmem::{find, find_iter};

use super::time;
use super::{MAX_COUNT, words};

/// What every line with a count in Latin letters holds.
pub(super) const WORD: &[u8] = b"oroutine";
/// The same in capitals.
pub(super) const UPPER_WORD: &[u8] = b"OROUTINE";

/// What else goroutines are called, and whether that alone means several.
const FOREIGN_WORDS: &[(&str, bool)] = &[("协程", false), ("ゴルーチン", false), ("고루틴", false), ("горутин", true)];

/// Words looked at in one line.
const MAX_HITS: usize = 8;
/// Longest name, labels included.
const MAX_NAME_BYTES: usize = 300;

/// A number with its name.
pub(super) struct Count<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: f64,
    pub(super) source: Source,
}

/// What kind of line holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Any line of a log.
    Log,
    /// Prometheus text, with the time if it has one.
    Metric { at_millis: Option<i64> },
    /// A line or a document of `/debug/vars`.
    Expvar,
}

/// Hands out the counts in `line`.
pub(super) fn each<'a>(line: &'a [u8], mut take: impl FnMut(Count<'a>)) {
    let words = [(WORD, false), (UPPER_WORD, false)];
    let foreign = FOREIGN_WORDS.iter().map(|&(word, is_several)| (word.as_bytes(), is_several));
    for (word, is_several) in words.into_iter().chain(foreign.filter(|_| !line.is_ascii())) {
        let mut done = 0;
        for at in find_iter(line, word).take(MAX_HITS) {
            // A name may hold the word twice.
            if at < done {
                continue;
            }
            let (from, to) = words::token(line, at, word.len());
            done = to;
            if let Some(count) = count(line, from, to, is_several).filter(|count| count.name.len() <= MAX_NAME_BYTES) {
                take(count);
            }
        }
    }
}

/// The count whose name stands at `from..to`.
fn count(line: &[u8], from: usize, to: usize, is_several: bool) -> Option<Count<'_>> {
    let token = line.get(from..to)?;
    let meaning = words::meaning(token);
    if meaning.is_limit_or_id {
        return None;
    }
    let is_plural = is_several || meaning.is_plural;
    if let Some(count) = metric(line, from, to).filter(|_| is_plural || meaning.is_count) {
        return Some(count);
    }
    if meaning.is_bare_plural
        && let Some(value) = number_before(line.get(..from)?)
    {
        return Some(Count { name: token, value, source: Source::Log });
    }
    // `"num_goroutine": 5`, `NumGoroutine() = 5`
    let rest = line.get(to..)?;
    let rest = rest.strip_prefix(b"()").unwrap_or(rest);
    let is_quoted = rest.first() == Some(&b'"');
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let rest = if is_quoted { rest } else { rest.strip_prefix(b"'").unwrap_or(rest) };
    let name_from = words::extended_start(line, from);
    let (rest, has_count_behind) = words::skip_fillers(rest, is_plural || name_from < from);
    let is_count = meaning.is_count || has_count_behind || words::is_count(line.get(name_from..from)?);
    if words::is_about_limit(line.get(..name_from)?) || !(is_plural || is_count) {
        return None;
    }
    let name_to = if has_count_behind { line.len() - rest.len() } else { to };
    let name_from = if is_quoted { from } else { name_from };
    let (rest, has_mark) = skip_mark(rest);
    if !has_mark && !is_count {
        return None;
    }
    let (value, _) = number(rest.strip_prefix(b"\"").unwrap_or(rest))?;
    let source = if is_quoted && is_expvar(line, from) { Source::Expvar } else { Source::Log };
    Some(Count { name: line.get(name_from..name_to)?, value, source })
}

/// Skips ` = `, `: ` and the like before a number; false when there is white space only.
fn skip_mark(text: &[u8]) -> (&[u8], bool) {
    let rest = text.trim_ascii_start();
    for mark in ["=", ":", "：", "是", "为", "は"] {
        if let Some(rest) = rest.strip_prefix(mark.as_bytes()) {
            return (rest.trim_ascii_start(), true);
        }
    }
    // White space is needed where there is no mark; without it nothing parses as a number.
    (if rest.len() < text.len() { rest } else { b"" }, false)
}

/// The number at the start of `text`: `512`, `1,024`, `512.0`. Not one that goes on as something else: `5ms`, `5/10`, `5-3`.
fn number(text: &[u8]) -> Option<(f64, &[u8])> {
    let mut value: u64 = 0;
    let mut n_digits = 0;
    let mut has_groups = false;
    let mut rest = text;
    loop {
        match rest {
            [digit @ b'0'..=b'9', tail @ ..] => {
                value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
                n_digits += 1;
                rest = tail;
            }
            // Thousands come in threes.
            [b',', a, b, c, tail @ ..]
                if (has_groups || (1..=3).contains(&n_digits))
                    && [a, b, c].iter().all(|byte| byte.is_ascii_digit())
                    && !tail.first().is_some_and(u8::is_ascii_digit) =>
            {
                has_groups = true;
                rest = rest.get(1..)?;
            }
            _ => break,
        }
    }
    if n_digits == 0 || value > MAX_COUNT {
        return None;
    }
    if let [b'.', fraction @ ..] = rest {
        let zeros = fraction.iter().take_while(|byte| **byte == b'0').count();
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 {
            // Half a goroutine is no count.
            rest = fraction.get(zeros..).filter(|_| zeros == digits)?;
        }
    }
    // InfluxDB's line protocol marks integers so.
    let rest = rest.strip_prefix(b"i").unwrap_or(rest);
    let goes_on = match rest {
        [b'-' | b':' | b'.', next, ..] => next.is_ascii_alphanumeric(),
        [next, ..] => next.is_ascii_alphanumeric() || matches!(next, b'_' | b'%' | b'/' | b'(' | b'\''),
        [] => false,
    };
    // Below 2^53.
    (!goes_on).then_some((value as f64, rest))
}

/// The number that ends `text` and white space: `there are 1,024 `.
fn number_before(text: &[u8]) -> Option<f64> {
    let trimmed = text.strip_suffix(b" ")?;
    let len = trimmed.iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b',').count();
    let (before, digits) = trimmed.split_at_checked(trimmed.len() - len)?;
    let is_apart = matches!(before.last(), None | Some(b' ' | b'(' | b'[' | b'=' | b':' | b'"' | b'\t' | b'|'));
    if !is_apart || words::is_about_starting(before) {
        return None;
    }
    number(digits).filter(|(_, rest)| rest.is_empty()).map(|(value, _)| value)
}

/// Reads `go_goroutines{job="api"} 512 1795225110000`, the whole line; the name is at `from..to`.
fn metric(line: &[u8], from: usize, to: usize) -> Option<Count<'_>> {
    let is_first = line.get(..from)?.trim_ascii_start().is_empty();
    let name = line.get(from..to)?;
    let has_shape = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    if !is_first || !name.contains(&b'_') || !name.iter().all(has_shape) {
        return None;
    }
    let rest = line.get(to..)?;
    let labels_len = if rest.first() == Some(&b'{') { labels_len(rest)? } else { 0 };
    let mut fields = rest.get(labels_len..)?.trim_ascii().split(u8::is_ascii_whitespace).filter(|field| !field.is_empty());
    let is_apart = rest.get(labels_len).is_some_and(u8::is_ascii_whitespace);
    let text = core::str::from_utf8(fields.next().filter(|_| is_apart)?).ok()?;
    let is_number = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'e' | b'E'));
    let value: f64 = if is_number { text.parse().ok()? } else { return None };
    let at_millis = match fields.next() {
        Some(stamp) => Some(time::epoch(stamp)?),
        None => None,
    };
    let is_plausible = (0.0..=MAX_COUNT as f64).contains(&value) && fields.next().is_none();
    let name = line.get(from..to + labels_len)?;
    is_plausible.then_some(Count { name, value, source: Source::Metric { at_millis } })
}

/// Length of `{job="api",path="}"}`.
fn labels_len(text: &[u8]) -> Option<usize> {
    let mut in_quotes = false;
    let mut is_escaped = false;
    let end = text.iter().try_fold(0, |at, byte| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => in_quotes = !in_quotes,
            b'}' if !in_quotes => return ControlFlow::Break(at + 1),
            _ => {}
        }
        ControlFlow::Continue(at + 1)
    });
    match end {
        ControlFlow::Break(len) => Some(len),
        ControlFlow::Continue(_) => None,
    }
}

/// Whether the key at `from` stands in what Go's `expvar` serves: a key per line, or the whole document in one.
fn is_expvar(line: &[u8], from: usize) -> bool {
    let is_own_line = line.get(..from).is_some_and(|before| before.trim_ascii() == b"\"");
    let rest = line.get(from..).unwrap_or_default();
    let is_pair = is_own_line
        && !rest.iter().any(|byte| matches!(byte, b'{' | b'}'))
        && rest.iter().filter(|byte| **byte == b':').count() == 1;
    is_pair || find(line, b"\"memstats\"").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    fn counts(line: &str) -> Vec<String> {
        let mut counts = Vec::new();
        each(line.as_bytes(), |count| {
            let source = match count.source {
                Source::Log => String::new(),
                Source::Metric { at_millis: None } => String::from(" metric"),
                Source::Metric { at_millis: Some(at) } => format!(" metric at {at}"),
                Source::Expvar => String::from(" expvar"),
            };
            counts.push(format!("{}={}{source}", String::from_utf8_lossy(count.name), count.value));
        });
        counts
    }

    #[test]
    fn ok_counts_in_any_wording() {
        let cases = [
            ("level=info goroutines=512 heap=5", "goroutines=512"),
            ("num_goroutine: 512", "num_goroutine=512"),
            ("{\"level\":\"info\",\"goroutines\":512,\"x\":1}", "goroutines=512"),
            ("{\"num_goroutine\": \"512\"}", "num_goroutine=512"),
            ("NumGoroutine() = 512", "NumGoroutine=512"),
            ("2026/11/21 01:38:30 runtime.NumGoroutine(): 512", "runtime.NumGoroutine=512"),
            ("runtime.NumGoroutine 512", "runtime.NumGoroutine=512"),
            ("Goroutine数量: 512", "Goroutine数量=512"),
            ("当前goroutine数量：512，内存", "当前goroutine数量=512"),
            ("当前协程数：512", "当前协程数=512"),
            ("количество горутин: 512", "горутин=512"),
            ("goroutine count 512", "goroutine count=512"),
            ("goroutine count: 512", "goroutine count=512"),
            ("goroutine num: 512", "goroutine num=512"),
            ("Current goroutine number: 512", "Current goroutine number=512"),
            ("number of goroutines: 512", "number of goroutines=512"),
            ("number of goroutines is 512", "number of goroutines=512"),
            ("Number of goroutines 512", "Number of goroutines=512"),
            ("active goroutines: 12, idle goroutines: 500", "active goroutines=12 idle goroutines=500"),
            ("INFO goroutineCount=512 ok", "goroutineCount=512"),
            ("memory ok, 512 goroutines running", "goroutines=512"),
            ("(1,024 goroutines)", "goroutines=1024"),
            ("goroutines: 1,024", "goroutines=1024"),
            ("goroutines=512,threads=5", "goroutines=512"),
            ("app.goroutines:512|g", "app.goroutines=512"),
            ("runtime,host=a goroutines=512i 1795225110000000000", "goroutines=512"),
            ("GOROUTINES: 512", "GOROUTINES=512"),
            ("go_goroutines 42", "go_goroutines=42 metric"),
            (
                "go_goroutines{job=\"a}\",x=\"\\\"\"} 4.2e+01 1795225110123",
                "go_goroutines{job=\"a}\",x=\"\\\"\"}=42 metric at 1795225110123",
            ),
            ("go_sched_goroutines_goroutines 7", "go_sched_goroutines_goroutines=7 metric"),
            ("\"goroutines\": 42,", "goroutines=42 expvar"),
            ("{\"cmdline\":[\"x\"],\"NumGoroutine\":42,\"memstats\":{\"Alloc\":1}}", "NumGoroutine=42 expvar"),
        ];
        for (line, expected) in cases {
            assert_eq!(counts(line).join(" "), expected, "{line}");
        }
    }

    #[test]
    fn err_numbers_of_goroutines_and_other_numbers() {
        for line in [
            "goroutine 5 [running]:",
            "goroutine 7 exited",
            "worker goroutine 3 started",
            "created by main.start in goroutine 7",
            "Goroutine 8 (running) created at:",
            "goroutine: 7",
            "goroutine=7 done",
            "{\"goroutine\":\"7\"}",
            "goroutine num 7 started",
            "goroutine number: 7",
            "goroutine_id=7",
            "goroutineID: 7",
            "goroutines 5 and 6 are deadlocked",
            "goroutine profile: total 7",
            "max_goroutines=100",
            "maxGoroutines: 100",
            "max goroutines: 100",
            "goroutine limit: 100",
            "goroutines limit: 100",
            "starting 10 goroutines",
            "test with 10 goroutines",
            "waiting for 3 goroutines to exit",
            "# HELP go_goroutines Number of goroutines that currently exist.",
            "# TYPE go_goroutines gauge",
            "goroutines=5ms",
            "goroutines: 2026-11-21",
            "goroutines: 5/10",
            "goroutines: 99999999999999999999999",
            "goroutines: 1000000001",
            "goroutines: -5",
            "goroutines: 5.5",
            "goroutines := 5",
            "goroutines == 5",
            "go_goroutines NaN",
            "goroutines.go:15: hello",
            "/src/goroutines.go:15 +0x1d",
            "TestGoroutines: 5",
            "goroutine_test.go:5",
            "goroutines",
            "goroutines:",
            "协程 5 启动",
            "x-5 goroutines",
        ] {
            assert_eq!(counts(line), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn prop_any_cut_and_any_byte_is_read() {
        let line = "当前协程数：512 go_goroutines{a=\"\\\"}\"} 4 goroutines=1,024.0i 12 goroutines \"num_goroutine\": \"5\" ゴルーチン数は5";
        let bytes = line.as_bytes();
        for from in 0..bytes.len() {
            for to in from..=bytes.len() {
                each(&bytes[from..to], |count| assert!(count.value <= MAX_COUNT as f64));
            }
        }
        for at in 0..bytes.len() {
            for byte in [0, b'"', b'{', b'}', b',', b'9', 0xe5, 0xff] {
                let mut bent = bytes.to_vec();
                bent[at] = byte;
                each(&bent, |count| assert!(count.value <= MAX_COUNT as f64));
            }
        }
    }
}
