//! What must hold of any bytes, whatever the format they are taken for.

use stackherd_core::{Error, Format, Given, IssueKind, Keys, OriginRules, Parser, Snapshot, Tables, group, judge};

fn read(tables: &mut Tables, chunks: &[&[u8]]) -> Result<Vec<Snapshot>, Error> {
    let mut parser = Parser::default();
    for chunk in chunks {
        parser.push(tables, chunk);
    }
    parser.finish(tables)
}

/// The input without its first byte, which chooses the size of the chunks.
pub fn split(data: &[u8]) -> Option<(usize, &[u8])> {
    let (first, dump) = data.split_first()?;
    Some((usize::from(first % 64) + 1, dump))
}

/// No panic, the same dumps as uncut and on a second reading, group counts that add up. Returns the dumps.
///
/// # Panics
/// When one of it does not hold: that is what the fuzzer looks for.
#[must_use]
pub fn check(data: &[u8]) -> Vec<Snapshot> {
    let Some((size, dump)) = split(data) else { return Vec::new() };
    let (mut tables, mut cut_tables) = (Tables::default(), Tables::default());
    let whole = read(&mut tables, &[dump]);
    let cut = read(&mut cut_tables, &dump.chunks(size).collect::<Vec<_>>());
    assert_eq!(whole, cut, "chunks of {size} bytes");
    let again = read(&mut tables, &[dump]);
    assert_eq!(whole, again, "tables that know the names and stacks");
    let snapshots = whole.unwrap_or_default();
    for snapshot in &snapshots {
        check_groups(&tables, snapshot);
        for goroutine in snapshot.goroutines() {
            let end = goroutine.offset_bytes.saturating_add(u64::from(goroutine.len_bytes));
            assert!(end <= snapshot.n_bytes(), "goroutine text ends at {end} of {}", snapshot.n_bytes());
        }
        // A total that is not reached is told, here or as what is missing.
        let is_told = |kind: IssueKind| matches!(kind, IssueKind::CountMismatch { .. } | IssueKind::Truncated { .. });
        if snapshot.format() == Format::Counted && snapshot.declared_goroutines().is_some_and(|n| n != snapshot.n_goroutines())
        {
            assert!(snapshot.issues().iter().any(|issue| is_told(issue.kind)), "{:?}", snapshot.issues());
        }
        for text in snapshot.issues().iter().map(ToString::to_string).chain(snapshot.notes().iter().map(ToString::to_string)) {
            assert!(!text.is_empty());
        }
    }
    snapshots
}

fn check_groups(tables: &Tables, snapshot: &Snapshot) {
    let groups = group(tables, snapshot.goroutines());
    let keys = Keys::new(tables);
    let (mut n_rows, mut n_goroutines) = (0, 0_u64);
    for found in &groups {
        n_rows += groups.members(found).len();
        n_goroutines = n_goroutines.saturating_add(found.n_goroutines);
        let _ = keys.key(found.signature);
    }
    assert_eq!(n_rows, snapshot.goroutines().len());
    assert_eq!(n_goroutines, snapshot.n_goroutines());
    assert!(snapshot.n_distinct_stacks(tables) <= n_rows);
    check_judgement(tables, snapshot);
}

/// Judging keeps every group, and findings count what their groups hold.
fn check_judgement(tables: &Tables, snapshot: &Snapshot) {
    let groups = group(tables, snapshot.goroutines());
    let judgement = judge(tables, snapshot, &groups, &OriginRules::default(), Given::default());
    let sum = judgement.groups.iter().fold(0_u64, |sum, group| sum.saturating_add(group.n_goroutines));
    assert_eq!((judgement.groups.len(), sum), (groups.len(), snapshot.n_goroutines()));
    for finding in &judgement.findings {
        let held = finding.groups.iter().filter_map(|&group| judgement.groups.get(group as usize));
        let n = held.fold(0_u64, |sum, group| sum.saturating_add(group.n_goroutines));
        assert!(finding.groups.is_empty() || finding.n_goroutines <= n, "{finding:?}");
        assert!(!finding.title.en.is_empty() && !finding.title.zh_cn.is_empty(), "{finding:?}");
    }
    for object in &judgement.blocking.objects {
        assert!(object.groups.iter().all(|&group| (group as usize) < groups.len()), "{object:?}");
    }
}
