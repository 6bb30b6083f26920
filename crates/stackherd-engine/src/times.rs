//! When dumps were taken, and who says so.
//!
//! The reader is believed first, then the dump or the log around it, then its name, then the time of its file.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use regex::{Captures, Regex};

/// Dumps of one service are taken by a person or a script, this far apart at least; files that a copy or an archive wrote are
/// much closer.
const LEAST_STEP_MILLIS: i64 = 1000;
/// Seconds since 1970 that a number in a name may stand for: 2008 to 2099.
const UNIX_SECS: Range<i64> = 1_200_000_000..4_070_908_800;

/// A moment and who says so.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moment {
    /// RFC 3339, as it was given.
    pub(crate) text: String,
    /// Milliseconds since 1970; `None` for a text that is no time.
    pub(crate) millis: Option<i64>,
    /// The time of the file: copies and archives lose it.
    pub(crate) is_of_file: bool,
}

impl Moment {
    /// What the reader, the dump itself or its name says.
    pub(crate) fn said(text: String) -> Self {
        Self { millis: millis(&text), text, is_of_file: false }
    }

    /// When the file was written.
    pub(crate) fn of_file(text: String) -> Self {
        Self { is_of_file: true, ..Self::said(text) }
    }
}

/// RFC 3339 in milliseconds since 1970.
pub(crate) fn millis(text: &str) -> Option<i64> {
    text.trim().parse().ok().map(Timestamp::as_millisecond)
}

/// Whether a text is a moment as dumps carry it: RFC 3339.
#[must_use]
pub fn is_time(text: &str) -> bool {
    millis(text).is_some()
}

/// Milliseconds since 1970 as RFC 3339; `None` for moments that no calendar has.
#[must_use]
pub fn time_text(millis: i64) -> Option<String> {
    Some(Timestamp::from_millisecond(millis).ok()?.to_string())
}

/// The times of dumps that are compared, in milliseconds since 1970. Files that were all written at once are copies, and all
/// equal times say nothing.
pub(crate) fn together(moments: &[Option<&Moment>]) -> Vec<Option<i64>> {
    let of_files = moments.iter().flatten().filter(|moment| moment.is_of_file).filter_map(|moment| moment.millis);
    let are_copies = is_at_once(of_files);
    let is_known = |moment: &&&Moment| !(moment.is_of_file && are_copies);
    let times: Vec<Option<i64>> = moments.iter().map(|moment| moment.as_ref().filter(is_known)?.millis).collect();
    let (first, mut rest) = (times.iter().flatten().next(), times.iter().flatten().skip(1).peekable());
    let are_equal = rest.peek().is_some() && rest.all(|time| Some(time) == first);
    if are_equal { vec![None; moments.len()] } else { times }
}

/// Whether files were written so shortly after each other that it was a copy that wrote them.
fn is_at_once(times: impl Iterator<Item = i64>) -> bool {
    let (mut n, mut min, mut max) = (0, i64::MAX, i64::MIN);
    for time in times {
        (n, min, max) = (n + 1, min.min(time), max.max(time));
    }
    n > 1 && max.saturating_sub(min) < (n - 1) * LEAST_STEP_MILLIS
}

/// `2026-11-21T12-30-00Z`, `20261121-123000`, `2026-11-21_12.30`, `20261121`.
static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let date = "(20[0-9]{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12][0-9]|3[01])";
    let time = "([01][0-9]|2[0-3])[-_.:hH]?([0-5][0-9])(?:[-_.:mM]?([0-5][0-9])s?(?:[.,][0-9]{1,9})?)?";
    Regex::new(&format!("{date}(?:[-_. @tT]{{0,2}}{time}(Z|[+][0-9]{{2}}:?[0-9]{{2}})?)?")).ok()
});
/// `1795225165`, `1795225165135`.
static UNIX: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("[0-9]{10,13}").ok());

/// A time that stands in a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    /// Where it stands, in bytes.
    pub(crate) range: Range<usize>,
    /// Milliseconds since 1970; `None` for a date without a time, which does not tell dumps of a day apart.
    pub(crate) millis: Option<i64>,
}

/// The last time that stands in a name, with the best precision. A time without a zone is taken for UTC: what counts is how far
/// times lie apart.
pub(crate) fn written(name: &str) -> Option<Written> {
    let stands_alone = |range: &Range<usize>| {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let bytes = name.as_bytes();
        !digit(range.start.checked_sub(1).and_then(|at| bytes.get(at))) && !digit(bytes.get(range.end))
    };
    let dates = DATE.iter().flat_map(|regex| regex.captures_iter(name)).filter_map(|captures| of_date(&captures));
    let unix = UNIX.iter().flat_map(|regex| regex.find_iter(name)).filter_map(|found| {
        let number: i64 = found.as_str().parse().ok()?;
        let millis = match found.len() {
            10 => number.checked_mul(1000)?,
            13 => number,
            _ => return None,
        };
        UNIX_SECS.contains(&(millis / 1000)).then_some(Written { range: found.range(), millis: Some(millis) })
    });
    let all = dates.chain(unix).filter(|written| stands_alone(&written.range));
    all.max_by_key(|written| (written.millis.is_some(), written.range.start))
}

fn of_date(captures: &Captures<'_>) -> Option<Written> {
    let number = |group: usize| captures.get(group).and_then(|found| found.as_str().parse::<i8>().ok());
    let year = captures.get(1)?.as_str().parse::<i16>().ok()?;
    let range = captures.get(0)?.range();
    let time = number(4).zip(number(5));
    let (hour, minute) = time.unwrap_or_default();
    let moment = DateTime::new(year, number(2)?, number(3)?, hour, minute, number(6).unwrap_or(0), 0).ok()?;
    let offset = captures.get(7).map_or(0, |zone| offset_minutes(zone.as_str()));
    let millis = TimeZone::UTC.to_timestamp(moment).ok()?.as_millisecond() - offset * 60_000;
    Some(Written { range, millis: time.map(|_| millis) })
}

/// `Z`, `+0130`, `+01:30` in minutes.
fn offset_minutes(zone: &str) -> i64 {
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let number = |range: Range<usize>| digits.get(range).and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(0);
    number(0..2) * 60 + number(2..4)
}

/// The time that a path tells, the file's own name first; RFC 3339.
pub(crate) fn of_path(path: &str) -> Option<String> {
    let millis = path.rsplit(['/', '\\']).find_map(|segment| written(segment)?.millis)?;
    time_text(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_times_in_names() {
        for (name, expected) in [
            ("pod-7-2026-11-21T12-30-00Z.txt", "2026-11-21T12:30:00Z"),
            ("20261121-123000.dump", "2026-11-21T12:30:00Z"),
            ("goroutine.20261121123000.txt", "2026-11-21T12:30:00Z"),
            ("2026-11-21_12.30.txt", "2026-11-21T12:30:00Z"),
            ("goroutines-2026-11-21T12:30:00+01:00.txt", "2026-11-21T11:30:00Z"),
            ("2026-11-21T12:30:00.250Z", "2026-11-21T12:30:00Z"),
            ("Screen 2026-11-21 at 12.30", ""),
            ("checkout.1795225165.gz", "2026-11-21T01:39:25Z"),
            ("checkout-1795225165135", "2026-11-21T01:39:25.135Z"),
            ("dumps/20261121-123000/goroutine.txt", "2026-11-21T12:30:00Z"),
            ("20251121-120000/20261121-123000.txt", "2026-11-21T12:30:00Z"),
            ("20261121/goroutine-0001.txt", ""),
            ("20261121-123000-0700.txt", "2026-11-21T12:30:00Z"),
            ("checkout-7c9fd8b-pod07.txt", ""),
            ("9912345678901234.txt", ""),
            ("20261321-123000", ""),
            ("", ""),
        ] {
            assert_eq!(of_path(name).unwrap_or_default(), expected, "{name}");
        }
    }

    fn known(moments: &[Moment]) -> Vec<Option<i64>> {
        let moments: Vec<_> = moments.iter().map(Some).collect();
        together(&moments)
    }

    #[test]
    fn ok_times_of_copies_are_none() {
        let of_file = |text: &str| Moment::of_file(text.to_owned());
        let said = |text: &str| Moment::said(text.to_owned());
        let minute = 60_000;
        let noon = 1_795_262_400_000;
        assert_eq!(known(&[of_file("2026-11-21T12:00:00Z"), of_file("2026-11-21T12:00:00.9Z")]), [None, None]);
        let copied = [said("2026-11-21T12:00:00Z"), of_file("2026-12-01T00:00:00.1Z"), of_file("2026-12-01T00:00:00.2Z")];
        assert_eq!(known(&copied), [Some(noon), None, None]);
        let taken = [of_file("2026-11-21T12:00:00Z"), of_file("2026-11-21T12:01:00Z")];
        assert_eq!(known(&taken), [Some(noon), Some(noon + minute)]);
        assert_eq!(known(&[said("2026-11-21T12:00:00Z"), said("2026-11-21T12:00:00Z")]), [None, None]);
        assert_eq!(known(&[said("2026-11-21T12:00:00Z"), said("noon")]), [Some(noon), None]);
        assert_eq!(together(&[None, None]), [None, None]);
    }
}
