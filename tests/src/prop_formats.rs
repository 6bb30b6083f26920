//! Every format and every envelope: the same dumps however the bytes come, and never more than there are.

use proptest::collection::vec;
use proptest::prelude::*;
use stackherd_core::{Keys, group};

use crate::dump::{Dump, read};
use crate::prop_bytes::{chunks, n_certain_headers, outcome};
use crate::samples::{envelopes, formats};

fn samples() -> Vec<(&'static str, Vec<u8>)> {
    formats().into_iter().chain(envelopes()).collect()
}

/// Group counts of each dump add up to its goroutines, every group has a key, and every goroutine is somewhere in the text.
fn assert_adds_up(dump: &Dump) {
    for snapshot in &dump.snapshots {
        let groups = group(&dump.tables, snapshot.goroutines());
        let keys = Keys::new(&dump.tables);
        let mut sum = 0u64;
        for group in &groups {
            let members = groups.members(group).iter().map(|&at| snapshot.goroutines()[at as usize].count());
            assert_eq!(members.sum::<u64>(), group.n_goroutines);
            let _ = keys.key(group.signature);
            sum += group.n_goroutines;
        }
        assert_eq!(sum, snapshot.n_goroutines());
        for goroutine in snapshot.goroutines() {
            let end = goroutine.offset_bytes + u64::from(goroutine.len_bytes);
            assert!(end <= snapshot.n_bytes(), "goroutine text ends at {end} of {} bytes", snapshot.n_bytes());
        }
    }
}

#[test]
fn ok_every_sample_is_read() {
    for (name, bytes) in samples() {
        let dump = read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let n_points: usize =
            dump.snapshots.iter().flat_map(|snapshot| snapshot.series()).map(|series| series.points.len()).sum();
        let has_content = dump.n_goroutines() > 0 || n_points > 0 || name == "race";
        assert!(has_content, "{name}: {}", dump.render());
        assert_adds_up(&dump);
    }
}

/// Sizes that put seams at every place of the usual lines.
#[test]
fn ok_chunks_of_every_sample() {
    for (name, bytes) in samples() {
        let whole = outcome(&[&bytes]);
        for size in [1, 2, 7, 61, 1021] {
            let pieces: Vec<_> = bytes.chunks(size).collect();
            assert_eq!(outcome(&pieces), whole, "{name} in chunks of {size} bytes");
        }
    }
}

#[test]
fn ok_every_sample_cut_in_two() {
    for (name, bytes) in samples() {
        let whole = outcome(&[&bytes]);
        // The first bytes decide how the input is read.
        let step = bytes.len() / 25 + 1;
        let cuts = (0..bytes.len().min(70)).chain((70..bytes.len()).step_by(step));
        for cut in cuts {
            let (head, tail) = bytes.split_at(cut);
            assert_eq!(outcome(&[head, tail]), whole, "{name} cut at {cut}");
        }
    }
}

/// What is cut off is not made up. Only a profile, of which nothing can be said before its end, is refused.
#[test]
fn ok_prefixes_of_every_sample() {
    for (name, bytes) in samples() {
        let n = read(&bytes).unwrap().n_goroutines();
        let step = bytes.len() / 120 + 1;
        for len in (0..bytes.len()).step_by(step) {
            if let Ok(dump) = read(&bytes[..len]) {
                assert_adds_up(&dump);
                let n_prefix = dump.n_goroutines();
                assert!(
                    n_prefix <= n,
                    "{name}: {n_prefix} goroutines in the first {len} bytes, {n} in all:\n{}",
                    dump.render()
                );
            }
        }
    }
}

/// A log may hold one after the other; no dump takes lines of another.
#[test]
fn ok_two_samples_in_one_input() {
    let stacks = read(crate::samples::STACKS.as_bytes()).unwrap().n_goroutines();
    for (name, bytes) in formats() {
        if matches!(name, "profile" | "traceback" | "counted" | "pprof -traces" | "pprof -raw") {
            // A profile is a file of its own, and the same goroutines twice are counted once.
            continue;
        }
        let alone = read(&bytes).unwrap().n_goroutines();
        let renumbered = crate::samples::STACKS.replace("goroutine ", "goroutine 77");
        for joined in
            [[&bytes[..], b"\n\n", renumbered.as_bytes()].concat(), [renumbered.as_bytes(), b"\n\n", &bytes[..]].concat()]
        {
            let dump = read(&joined).unwrap();
            assert_eq!(dump.n_goroutines(), alone + stacks, "{name}:\n{}", dump.render());
            assert_adds_up(&dump);
        }
    }
}

/// Lines of all samples in any order.
fn shuffled_lines() -> impl Strategy<Value = Vec<u8>> {
    let lines: Vec<Vec<u8>> = samples()
        .iter()
        .filter(|(name, bytes)| bytes.len() < 20_000 && *name != "profile" && !name.starts_with("UTF-16"))
        .flat_map(|(_, bytes)| bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>())
        .collect();
    let run = (any::<prop::sample::Index>(), 1..6usize).prop_map(move |(start, len)| {
        let start = start.index(lines.len());
        lines[start..(start + len).min(lines.len())].concat()
    });
    vec(run, 0..20).prop_map(|runs| runs.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prop_any_chunking_of_mixed_lines_gives_the_same_dumps(bytes in shuffled_lines(), cuts in vec(any::<prop::sample::Index>(), 0..6)) {
        prop_assert_eq!(outcome(&chunks(&bytes, &cuts)), outcome(&[&bytes]), "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn prop_mixed_lines_add_up(bytes in shuffled_lines()) {
        if let Ok(dump) = read(&bytes) {
            assert_adds_up(&dump);
            let n_headers = n_certain_headers(&bytes);
            prop_assert!(dump.n_headers() >= n_headers, "{} certain headers\n{}", n_headers, dump.render());
        }
    }
}
