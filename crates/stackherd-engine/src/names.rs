//! What dumps are called, and when they were taken.

use std::collections::BTreeMap;

use jiff::Timestamp;
use stackherd_core::Snapshot;

/// Names of the dumps of one file: the file's name, the path inside an archive, the source in a shared log, and ` #2` for the
/// second dump of the same.
pub(crate) fn of(input: &str, entry: Option<&str>, snapshots: &[Snapshot]) -> Vec<String> {
    let file = entry.map_or_else(|| input.to_owned(), |entry| format!("{input}/{entry}"));
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut names = Vec::new();
    for snapshot in snapshots {
        let source = snapshot.source();
        let n = counts.entry(source).or_default();
        *n += 1;
        let name = if source.is_empty() { file.clone() } else { format!("{file} [{source}]") };
        names.push(if *n == 1 { name } else { format!("{name} #{n}") });
    }
    names
}

/// A moment in nanoseconds since 1970 as RFC 3339, to the second; `None` for moments before.
pub(crate) fn time(nanos: Option<i64>) -> Option<String> {
    time_of_secs(nanos? / 1_000_000_000)
}

/// A moment in seconds since 1970 as RFC 3339. Archives say 0 when they don't know.
pub(crate) fn time_of_secs(secs: i64) -> Option<String> {
    Some(Timestamp::from_second(secs).ok().filter(|_| secs > 0)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_names_tell_dumps_apart() {
        let two = [Snapshot::default(), Snapshot::default()];
        assert_eq!(of("a.log", None, &two), ["a.log", "a.log #2"]);
        assert_eq!(of("a.zip", Some("pod/x.txt"), &two[..1]), ["a.zip/pod/x.txt"]);
    }

    #[test]
    fn ok_moments() {
        assert_eq!(time_of_secs(86_400).as_deref(), Some("1970-01-02T00:00:00Z"));
        assert_eq!(time_of_secs(0), None);
        assert_eq!(time_of_secs(i64::MAX), None);
        assert_eq!(time(Some(1_709_208_000_000_000_000)).as_deref(), Some("2024-02-29T12:00:00Z"));
        assert_eq!(time(Some(1_795_225_165_135_620_524)).as_deref(), Some("2026-11-21T01:39:25Z"));
        assert_eq!(time(Some(-1)), None);
        assert_eq!(time(None), None);
    }
}
