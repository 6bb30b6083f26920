//! Moments and durations as readers read them.

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A moment in UTC, as logs write it: `2026-11-21 01:38:30`, with milliseconds where there are some.
pub(crate) fn clock(millis: i64) -> String {
    let of_second = millis.rem_euclid(SECOND);
    let fraction = if of_second == 0 { String::new() } else { format!(".{of_second:03}") };
    format!("{} {}{fraction}", date(millis), time(millis))
}

/// A moment for an axis whose marks are `step_millis` apart: no more than tells them apart.
pub(crate) fn clock_tick(millis: i64, step_millis: i64, spans_days: bool) -> String {
    let date = date(millis);
    let time = time(millis);
    let minutes = time.get(..5).unwrap_or(&time);
    match (step_millis, spans_days) {
        (DAY.., _) => date,
        (MINUTE.., true) => format!("{} {minutes}", date.get(5..).unwrap_or(&date)),
        (MINUTE.., false) => minutes.to_owned(),
        _ => time,
    }
}

/// A duration in its two largest units: `12 s`, `1 min 30 s`, `3 h 20 min`, `2 d`.
pub(crate) fn elapsed(millis: u64) -> String {
    const UNITS: [(&str, i64); 4] = [("d", DAY), ("h", HOUR), ("min", MINUTE), ("s", SECOND)];
    let mut parts: Vec<String> = Vec::new();
    let mut rest = millis;
    for (unit, scale) in UNITS {
        let whole = rest / scale.unsigned_abs();
        rest %= scale.unsigned_abs();
        match (whole, parts.len()) {
            (0, 0) => {}
            (_, 0) => parts.push(format!("{whole} {unit}")),
            // Two units are enough, and the second must be the next one.
            (0, _) => break,
            _ => {
                parts.push(format!("{whole} {unit}"));
                break;
            }
        }
    }
    if parts.is_empty() { format!("{millis} ms") } else { parts.join(" ") }
}

/// A moment since the start of a process: `62.451 s`.
pub(crate) fn elapsed_seconds(millis: i64) -> String {
    let sign = if millis < 0 { "−" } else { "" };
    let size = millis.unsigned_abs();
    let decimals = format!("{:03}", size % 1000);
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{decimals} s", super::thousands(size / 1000))
}

fn time(millis: i64) -> String {
    let of_day = millis.rem_euclid(DAY);
    format!("{:02}:{:02}:{:02}", of_day / HOUR, of_day % HOUR / MINUTE, of_day % MINUTE / SECOND)
}

/// The day of the Gregorian calendar, counted in eras of 400 years that start on the first of March, so that the leap
/// day is the last of its year.
fn date(millis: i64) -> String {
    const ERA_DAYS: i64 = 146_097;
    const DAYS_TO_1970: i64 = 719_468;
    let days = millis.div_euclid(DAY) + DAYS_TO_1970;
    let of_era = days.rem_euclid(ERA_DAYS);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = days.div_euclid(ERA_DAYS) * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_clock() {
        assert_eq!(clock(0), "1970-01-01 00:00:00");
        assert_eq!(clock(1_795_225_110_123), "2026-11-21 01:38:30.123");
        assert_eq!(clock(951_782_400_000), "2000-02-29 00:00:00");
        assert_eq!(clock(-1), "1969-12-31 23:59:59.999");
        assert!(!clock(i64::MAX).is_empty() && !clock(i64::MIN).is_empty());
    }

    #[test]
    fn ok_ticks_say_no_more_than_needed() {
        let at = 1_795_225_110_000;
        assert_eq!(clock_tick(at, 5 * SECOND, false), "01:38:30");
        assert_eq!(clock_tick(at, 5 * MINUTE, false), "01:38");
        assert_eq!(clock_tick(at, 6 * HOUR, true), "11-21 01:38");
        assert_eq!(clock_tick(at, DAY, true), "2026-11-21");
    }

    #[test]
    fn ok_elapsed() {
        let words = [0, 999, 12_345, 90_000, 120_000, 12_000_000, 2 * 86_400_000, 3_605_000].map(elapsed);
        assert_eq!(words, ["0 ms", "999 ms", "12 s", "1 min 30 s", "2 min", "3 h 20 min", "2 d", "1 h"]);
        assert_eq!([62_451, 0, -1500, 3_600_000].map(elapsed_seconds), ["62.451 s", "0 s", "−1.5 s", "3,600 s"]);
    }
}
