//! When a log line was written.
//!
//! A parser of its own: what logs print follows no one standard (`2026/11/21 01:38:30`, a comma before the fraction, a space for
//! the `T`, no zone), a time has to be found in the line before it can be read, and what is left then is adding up days. `jiff`
//! and `time` bring calendars, formats and zones that nothing here needs into every page.

use memchr::memmem::find;

/// A time stands near the start of a line, except in JSON, where fields have any order.
const MAX_START_BYTES: usize = 160;
const MAX_RECORD_BYTES: usize = 4096;

/// Names of fields that hold seconds or milliseconds since 1970.
const EPOCH_FIELDS: &[&[u8]] = &[
    b"\"ts\":",
    b"\"time\":",
    b"\"timestamp\":",
    b"\"@timestamp\":",
    b"\"t\":",
    b"\"timeMillis\":",
    b"ts=",
    b"time=",
    b"timestamp=",
];

/// Milliseconds since 1970 at which `line` was written. A time without a zone is taken to be UTC: what counts is how far apart
/// lines are. `None` for times that are not whole, such as syslog's `Nov 21 01:38:30`, which lacks the year.
pub(super) fn millis(line: &[u8]) -> Option<i64> {
    let is_record = line.trim_ascii_start().first() == Some(&b'{');
    let len = if is_record { MAX_RECORD_BYTES } else { MAX_START_BYTES };
    let start = line.get(..len).unwrap_or(line);
    epoch_field(start).or_else(|| calendar_time_in(start)).or_else(|| {
        let text = line.trim_ascii_start();
        epoch(text.strip_prefix(b"[").unwrap_or(text))
    })
}

fn epoch_field(text: &[u8]) -> Option<i64> {
    EPOCH_FIELDS.iter().find_map(|name| {
        let at = find(text, name)?;
        let is_whole_name = name.first() == Some(&b'"') || at == 0 || text.get(at - 1).is_some_and(|byte| *byte == b' ');
        let value = text.get(at + name.len()..).filter(|_| is_whole_name)?.trim_ascii_start();
        epoch(value.strip_prefix(b"\"").unwrap_or(value))
    })
}

/// A number of seconds, milli-, micro- or nanoseconds since 1970, told apart by their size: from 2001 on each has its own.
pub(super) fn epoch(text: &[u8]) -> Option<i64> {
    let n_digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (whole, rest) = text.split_at_checked(n_digits)?;
    let millis_per_unit = match n_digits {
        10 => 1.0,
        13 => 1e-3,
        16 => 1e-6,
        19 => 1e-9,
        _ => return None,
    };
    let fraction_len = match rest.strip_prefix(b".") {
        Some(fraction) => 1 + fraction.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        None => 0,
    };
    if rest.get(fraction_len).is_some_and(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    if n_digits > 10 {
        let whole: i64 = core::str::from_utf8(whole).ok()?.parse().ok()?;
        // Exact, as a double is not.
        return Some(match n_digits {
            13 => whole,
            16 => whole / 1000,
            _ => whole / 1_000_000,
        });
    }
    let number: f64 = core::str::from_utf8(text.get(..n_digits + fraction_len.min(10))?).ok()?.parse().ok()?;
    Some((number * millis_per_unit * 1000.0 + 0.5) as i64)
}

/// The first `2026-11-21T01:38:30.123+01:00` or the like.
fn calendar_time_in(text: &[u8]) -> Option<i64> {
    memchr::memchr_iter(b':', text).find_map(|colon| {
        // `2026-11-21T01:`
        let from = colon.checked_sub(13)?;
        let is_inside_number = from > 0 && text.get(from - 1).is_some_and(u8::is_ascii_digit);
        if is_inside_number { None } else { calendar_time(text.get(from..)?) }
    })
}

fn calendar_time(text: &[u8]) -> Option<i64> {
    let date_mark = *text.get(4)?;
    let is_shaped = matches!(date_mark, b'-' | b'/')
        && text.get(7) == Some(&date_mark)
        && matches!(text.get(10)?, b'T' | b't' | b' ' | b'_')
        && text.get(13) == Some(&b':')
        && text.get(16) == Some(&b':');
    if !is_shaped {
        return None;
    }
    let field = |from: usize, len: usize, range: core::ops::RangeInclusive<i64>| {
        let digits = text.get(from..from + len)?;
        let value =
            digits.iter().try_fold(0, |value: i64, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))?;
        range.contains(&value).then_some(value)
    };
    let (year, month, day) = (field(0, 4, 1970..=9999)?, field(5, 2, 1..=12)?, field(8, 2, 1..=31)?);
    let (hour, minute, second) = (field(11, 2, 0..=23)?, field(14, 2, 0..=59)?, field(17, 2, 0..=60)?);
    let mut rest = text.get(19..)?;
    let mut millis = 0;
    if let [b'.' | b',', fraction @ ..] = rest {
        let n_digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        for place in [100, 10, 1].into_iter().zip(fraction.iter().take(n_digits)) {
            millis += place.0 * i64::from(place.1 - b'0');
        }
        rest = fraction.get(n_digits..)?;
    }
    let seconds = (days(year, month, day) * 24 + hour) * 3600 + minute * 60 + second - zone_seconds(rest);
    Some(seconds * 1000 + millis)
}

/// `+01:00`, `-0700`, ` +0000`; anything else is UTC.
fn zone_seconds(text: &[u8]) -> i64 {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let (sign, digits) = match text {
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return 0,
    };
    let (tens, ones, minutes) = match digits {
        [tens, ones, b':', minutes @ ..] | [tens, ones, minutes @ ..] => (tens, ones, minutes),
        _ => return 0,
    };
    let [minute_tens, minute_ones, ..] = minutes else { return 0 };
    let figures = [tens, ones, minute_tens, minute_ones];
    if !figures.iter().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    let [tens, ones, minute_tens, minute_ones] = figures.map(|byte| i64::from(byte - b'0'));
    sign * ((tens * 10 + ones) * 3600 + (minute_tens * 10 + minute_ones) * 60)
}

/// Days since 1970 in the Gregorian calendar, years counted from March so that the leap day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days_before_month = (153 * month + 2) / 5;
    // 719,468 days from 1 March of the year 0 to 1970.
    year * 365 + year / 4 - year / 100 + year / 400 + days_before_month + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_795_225_110_000; // 2026-11-21T01:38:30Z

    #[test]
    fn ok_times_of_all_shapes() {
        let cases: &[(&str, i64)] = &[
            ("2026-11-21T01:38:30.123Z goroutines=5", AT + 123),
            ("2026-11-21T01:38:30Z goroutines=5", AT),
            ("2026-11-21 01:38:30,123 INFO goroutines=5", AT + 123),
            ("2026/11/21 01:38:30 goroutines=5", AT),
            ("2026/11/21 01:38:30.123456 main.go:5: goroutines=5", AT + 123),
            ("time=\"2026-11-21T02:38:30+01:00\" level=info goroutines=5", AT),
            ("2026-11-20T18:38:30.5-0700\tinfo\tx\t{\"goroutines\": 5}", AT + 500),
            ("[2026-11-21 01:38:30 +0000] goroutines=5", AT),
            ("{\"level\":\"info\",\"ts\":1795225110.12,\"goroutines\":5}", AT + 120),
            ("{\"goroutines\":5,\"time\":\"2026-11-21T01:38:30Z\"}", AT),
            ("{\"goroutines\":5,\"timestamp\":1795225110123}", AT + 123),
            ("ts=1795225110.5 goroutines=5", AT + 500),
            ("1795225110123 goroutines=5", AT + 123),
            ("[1795225110] goroutines=5", AT),
            ("{\"ts\":1795225110123456789}", AT + 123),
        ];
        for &(line, expected) in cases {
            assert_eq!(millis(line.as_bytes()), Some(expected), "{line}");
        }
        assert_eq!(millis(b"1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(millis(b"2024-02-29T23:59:59Z"), Some(1_709_251_199_000));
        assert_eq!(millis(b"2000-03-01T00:00:00Z"), Some(951_868_800_000));
    }

    #[test]
    fn err_no_whole_time() {
        for line in [
            "Nov 21 01:38:30 host app[42]: goroutines=5",
            "I1121 01:38:30.123456 goroutines=5",
            "01:38:30 goroutines=5",
            "2026-13-21T01:38:30Z",
            "2026-11-21T25:38:30Z",
            "12026-11-21T01:38:30Z",
            "parts=1795225110.5x goroutines=5",
            "179522511 goroutines=5",
            "goroutines=5",
            "",
        ] {
            assert_eq!(millis(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn prop_any_cut_gives_a_time_or_none() {
        let line = "{\"ts\":1795225110.12,\"a\":\"2026-11-21 01:38:30,123 +0100\"}";
        for from in 0..line.len() {
            for to in from..line.len() {
                millis(&line.as_bytes()[from..to]);
            }
        }
    }
}
