//! Numbers for people.

pub(super) fn megabytes(bytes: u64) -> String {
    if bytes < 1_000_000 { format!("{:.1} kB", bytes as f64 / 1e3) } else { format!("{:.1} MB", bytes as f64 / 1e6) }
}

/// `1 group`, `104,856 groups`
pub(super) fn count(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped_digits(n), if n == 1 { "" } else { "s" })
}

/// `104,856`
pub(super) fn grouped_digits(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `104,856`, `-3`, `0.25`
pub(super) fn value(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        let sign = if value < 0.0 { "-" } else { "" };
        format!("{sign}{}", grouped_digits(value.abs() as u64))
    } else {
        let text = format!("{value:.2}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// Rounded down, so that 100 % means all.
pub(super) fn percent(part: u64, all: u64) -> String {
    let per_mille = (u128::from(part) * 1000 / u128::from(all.max(1))) as u64;
    if per_mille == 0 && part > 0 { "<0.1 %".to_owned() } else { format!("{}.{} %", per_mille / 10, per_mille % 10) }
}

/// `45 s`, `12 min`, `3 h 20 min`, `5 d 2 h`
pub(super) fn duration(millis: u64) -> String {
    let (secs, mins, hours) = (millis / 1000, millis / 60_000, millis / 3_600_000);
    let two = |large: u64, large_unit: &str, small: u64, small_unit: &str| match small {
        0 => format!("{large} {large_unit}"),
        _ => format!("{large} {large_unit} {small} {small_unit}"),
    };
    match (secs, mins, hours) {
        (0, _, _) => format!("{millis} ms"),
        (_, 0, _) => format!("{secs} s"),
        (_, _, 0) => format!("{mins} min"),
        (_, _, 1..24) => two(hours, "h", mins % 60, "min"),
        _ => two(hours / 24, "d", hours % 24, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_numbers() {
        assert_eq!(grouped_digits(7), "7");
        assert_eq!(grouped_digits(104_856), "104,856");
        assert_eq!(count(1, "group"), "1 group");
        assert_eq!(percent(104_856, 104_857), "99.9 %");
        assert_eq!(percent(5, 5), "100.0 %");
        assert_eq!(percent(1, 100_000), "<0.1 %");
        assert_eq!(megabytes(43_500_000), "43.5 MB");
    }

    #[test]
    fn ok_values() {
        let values = [1234.0, -3.0, 0.25, 2.5, 1e300, -0.001].map(value);
        assert_eq!(values[..4], ["1,234", "-3", "0.25", "2.5"]);
        assert!(values[4].starts_with("1000000"));
        assert_eq!(value(f64::NAN), "NaN");
    }

    #[test]
    fn ok_durations() {
        let durations = [250, 45_000, 720_000, 12_000_000, 10_800_000, 439_200_000].map(duration);
        assert_eq!(durations, ["250 ms", "45 s", "12 min", "3 h 20 min", "3 h", "5 d 2 h"]);
    }
}
