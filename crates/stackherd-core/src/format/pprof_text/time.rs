//! When a profile was taken.

const NANOS_PER_SEC: i64 = 1_000_000_000;

/// Reads `2026-11-21 01:39:25.135620524 +0000 UTC` and `2026-11-21 01:39:25 UTC` into nanoseconds since 1970. `None` for times
/// in a zone of which only the name is printed.
pub(super) fn nanos(text: &[u8]) -> Option<i64> {
    let mut words = text.trim_ascii().split(|&byte| byte == b' ');
    let [year, month, day] = numbers(words.next()?, b'-')?;
    let (clock, fraction) = {
        let clock = words.next()?;
        match clock.iter().position(|&byte| byte == b'.') {
            Some(dot) => (clock.get(..dot)?, clock.get(dot + 1..)?),
            None => (clock, b"".as_slice()),
        }
    };
    let [hour, minute, second] = numbers(clock, b':')?;
    let offset_secs = match words.next()? {
        b"UTC" => 0,
        zone => offset_secs(zone)?,
    };
    let is_valid = (1970..=2262).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24;
    if !is_valid || minute >= 60 || second > 60 {
        return None;
    }
    let secs = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset_secs;
    let mut nanos = if fraction.is_empty() { 0 } else { number(fraction)? };
    for _ in fraction.len()..9 {
        nanos *= 10;
    }
    secs.checked_mul(NANOS_PER_SEC)?.checked_add(nanos)
}

/// `+0130`
fn offset_secs(zone: &[u8]) -> Option<i64> {
    let (sign, digits) = match zone {
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = digits.split_at_checked(2)?;
    Some(sign * (number(hours)? * 3600 + number(minutes)? * 60))
}

fn numbers(text: &[u8], separator: u8) -> Option<[i64; 3]> {
    let mut parts = text.split(|&byte| byte == separator);
    let all = [number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?];
    parts.next().is_none().then_some(all)
}

/// At most nine digits, so that nothing overflows.
fn number(text: &[u8]) -> Option<i64> {
    let is_number = (1..=9).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    is_number.then(|| text.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
}

/// Days in the proleptic Gregorian calendar; years are counted from March, so that a leap day is their last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let months_since_march = (month + 9) % 12;
    let day_of_year = (153 * months_since_march + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_times() {
        assert_eq!(nanos(b"1970-01-01 00:00:00 UTC"), Some(0));
        assert_eq!(nanos(b"2026-11-21 01:39:25 UTC"), Some(1_795_225_165 * NANOS_PER_SEC));
        assert_eq!(nanos(b"2026-11-21 01:39:25.135620524 +0000 UTC"), Some(1_795_225_165_135_620_524));
        assert_eq!(nanos(b"2024-02-29 02:30:00.5 +0130 XST"), Some(1_709_168_400 * NANOS_PER_SEC + 500_000_000));
    }

    #[test]
    fn err_times_that_tell_no_moment() {
        for text in ["2026-11-21 01:39:25 CET", "2026-11-21", "2026-13-21 01:39:25 UTC", "", "9999-01-01 00:00:00 UTC"] {
            assert_eq!(nanos(text.as_bytes()), None, "{text}");
        }
    }
}
