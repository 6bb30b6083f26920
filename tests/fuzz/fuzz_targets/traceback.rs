//! Any bytes, cut anywhere: no panic, every header accounted for, group counts that add up, the same snapshot as uncut.
//!
//! `cargo +nightly fuzz run traceback` in `tests/`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stackherd_core::{Error, GroupConfig, IssueKind, Keys, Parser, Snapshot, Tables, group};

fn read(tables: &mut Tables, chunks: &[&[u8]]) -> Result<Snapshot, Error> {
    let mut parser = Parser::default();
    for chunk in chunks {
        parser.push(tables, chunk);
    }
    parser.finish(tables)
}

// The first byte chooses the chunks, the rest is the dump.
fuzz_target!(|data: &[u8]| {
    let [first, dump @ ..] = data else { return };
    let size = usize::from(first % 64) + 1;
    let (mut tables, mut cut_tables) = (Tables::default(), Tables::default());
    let whole = read(&mut tables, &[dump]);
    let cut = read(&mut cut_tables, &dump.chunks(size).collect::<Vec<_>>());
    assert_eq!(whole, cut, "chunks of {size} bytes");
    let again = read(&mut tables, &[dump]);
    assert_eq!(whole, again, "tables that know the names and stacks");
    let Ok(snapshot) = whole else { return };

    // A line that is nothing but a plain header is a goroutine, or is noted.
    let is_header = |line: &&[u8]| line.starts_with(b"goroutine 1 [select") && line.ends_with(b"]:") && line.iter().filter(|&&byte| byte == b']').count() == 1;
    let n_headers = dump.split(|&byte| byte == b'\n').filter(is_header).filter(|line| !line.contains(&b'{')).count() as u64;
    let is_counted = |kind| matches!(kind, IssueKind::MalformedHeader | IssueKind::DuplicateGoroutine);
    let noted: u64 = snapshot.issues().iter().filter(|issue| is_counted(issue.kind)).map(|issue| issue.count).sum();
    assert!(snapshot.n_goroutines() as u64 + noted >= n_headers, "{n_headers} headers");

    let groups = group(&tables, snapshot.goroutines(), &GroupConfig::default());
    let n_grouped: usize = groups.iter().map(|group| groups.members(group).len()).sum();
    assert_eq!(n_grouped, snapshot.n_goroutines());
    let keys = Keys::new(&tables);
    for found in &groups {
        assert_eq!(found.n_goroutines as usize, groups.members(found).len());
        let _ = keys.key(found.signature);
    }
    for goroutine in snapshot.goroutines() {
        let end = goroutine.offset_bytes + u64::from(goroutine.len_bytes);
        assert!(end <= dump.len() as u64, "goroutine text ends at {end} of {}", dump.len());
    }
});
