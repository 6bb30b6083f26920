//! Numbers as readers read them.

/// `104857` is `104,857`; both languages of the page group by three.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number that need not be whole, with three decimals at most: `1,234`, `0.25`, `−3.5`.
pub(crate) fn decimal(value: f64) -> String {
    let size = value.abs();
    if !size.is_finite() || size >= 1e15 || (size > 0.0 && size < 0.001) {
        return if value.is_finite() { format!("{value:.2e}").replace('-', "−") } else { value.to_string() };
    }
    let text = format!("{size:.3}");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let decimals = decimals.trim_end_matches('0');
    let sign = if value < 0.0 { "−" } else { "" };
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{decimals}", whole.parse().map_or_else(|_| whole.to_owned(), thousands))
}

/// A difference, with its sign: `+12`, `−3`, `0`.
pub(crate) fn change(value: f64) -> String {
    if value > 0.0 { format!("+{}", decimal(value)) } else { decimal(value) }
}

/// A share with one decimal. Never `100%` unless it is all, never `0%` unless it is nothing.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return "0%".to_owned();
    }
    if part >= whole {
        return "100%".to_owned();
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    if part * 1000 < whole {
        return "<0.1%".to_owned();
    }
    let tenths = ((part * 1000 + whole / 2) / whole).min(999);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// Bytes in the unit that leaves one to four digits: `43.5 MB`, of 1,048,576 bytes each.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10)];
    for (unit, scale) in UNITS {
        if bytes >= scale {
            let tenths = bytes.saturating_mul(10) / scale;
            return format!("{}.{} {unit}", thousands(tenths / 10), tenths % 10);
        }
    }
    format!("{bytes} B")
}

/// A wait in words: `21 min`, `3 h 20 min`, `2 d 4 h`. Go prints whole minutes, rounded down.
pub(crate) fn wait(minutes: u32) -> String {
    let (hours, days) = (minutes / 60, minutes / 1440);
    match minutes {
        0 => "<1 min".to_owned(),
        1..=119 => format!("{minutes} min"),
        120..=2879 if minutes.is_multiple_of(60) => format!("{hours} h"),
        120..=2879 => format!("{hours} h {} min", minutes % 60),
        _ if hours.is_multiple_of(24) => format!("{days} d"),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// A wait for a narrow column: `21m`, `3h`, `2d`, rounded down.
pub(crate) fn wait_short(minutes: u32) -> String {
    match minutes {
        0 => "<1m".to_owned(),
        1..=119 => format!("{minutes}m"),
        120..=2879 => format!("{}h", minutes / 60),
        _ => format!("{}d", minutes / 1440),
    }
}

/// A duration measured by the worker: `310 ms`, `1.4 s`.
pub(crate) fn millis(millis: f64) -> String {
    if millis < 1000.0 { format!("{millis:.0} ms") } else { format!("{:.1} s", millis / 1000.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_thousands() {
        assert_eq!([0, 999, 1000, 104_857, 1_000_000].map(thousands), ["0", "999", "1,000", "104,857", "1,000,000"]);
    }

    #[test]
    fn ok_decimal() {
        assert_eq!(
            [0.0, 1234.0, 0.25, -3.5, 104_857.125, 0.9999].map(decimal),
            ["0", "1,234", "0.25", "−3.5", "104,857.125", "1"]
        );
        assert_eq!([1e18, -0.000_05, f64::NAN, f64::INFINITY].map(decimal), ["1.00e18", "−5.00e−5", "NaN", "inf"]);
        assert_eq!([12.0, -3.0, 0.0].map(change), ["+12", "−3", "0"]);
    }

    #[test]
    fn ok_percent_is_honest_at_both_ends() {
        assert_eq!(percent(0, 10), "0%");
        assert_eq!(percent(10, 10), "100%");
        assert_eq!(percent(104_856, 104_857), "99.9%");
        assert_eq!(percent(1, 104_857), "<0.1%");
        assert_eq!(percent(1, 1000), "0.1%");
        assert_eq!(percent(99_490, 104_904), "94.8%");
        assert_eq!(percent(u64::MAX - 1, u64::MAX), "99.9%");
        assert_eq!(percent(0, 0), "0%");
    }

    #[test]
    fn ok_size() {
        assert_eq!(size(999), "999 B");
        assert_eq!(size(45_612_000), "43.4 MB");
        assert_eq!(size(1 << 30), "1.0 GB");
        assert_eq!(size(53_712), "52.4 kB");
    }

    #[test]
    fn ok_wait() {
        assert_eq!(
            [0, 1, 119, 120, 200, 2880, 3000].map(wait),
            ["<1 min", "1 min", "119 min", "2 h", "3 h 20 min", "2 d", "2 d 2 h"]
        );
        assert_eq!([0, 21, 200, 3000].map(wait_short), ["<1m", "21m", "3h", "2d"]);
    }

    #[test]
    fn ok_millis() {
        assert_eq!(millis(309.6), "310 ms");
        assert_eq!(millis(1440.0), "1.4 s");
    }
}
