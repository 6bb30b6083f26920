//! What the fuzzers start from: the samples and small files of the corpus, in `fuzz/corpus/TARGET/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::corpus::{entries, files_below, small_of};
use crate::samples::{envelopes, formats};

/// Longest seed: short ones are mutated faster.
const MAX_BYTES: usize = 9000;
/// The first byte of a seed chooses the size of the chunks; this makes it 8.
const CHUNKS: u8 = 7;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The targets that are seeded from here. Those of `traceback` were chosen by hand.
const TARGETS: &[&str] = &[
    "counted",
    "profile",
    "pprof_text",
    "goleak",
    "race",
    "delve",
    "gops",
    "counter_log",
    "envelope",
    "unpack",
    "user_rules",
    "compare",
];

/// Rules files: they have no chunks.
const RULES: &[(&str, &str)] = &[
    (
        "rule.toml",
        "[[rule]]\nname = \"a\"\nmessage = \"{count} at {place}\"\nany_frame = 'w\\.\\(\\*Pool\\)'\nstate = [\"chan-send\"]\nmin_count = 1\n",
    ),
    (
        "ignore.toml",
        "mute = [\"sleep-loop\"]\nseverity.blocked-senders = \"info\"\n[[ignore]]\nreason = \"idle\"\nany_function = \"shop.example/w.(*Pool).run\"\n",
    ),
    (
        "rule.json",
        "{\"rule\": [{\"name\": \"a\", \"message\": \"m\", \"created_by\": \"main\", \"min_wait_minutes\": 2}], \"mute\": []}",
    ),
];

/// Two dumps each, with what the target looks for between them.
fn pairs() -> Vec<(String, Vec<u8>)> {
    let text = |goids: &[(u64, &str)]| -> String {
        let stack =
            "main.work(0xc000010000)\n\t/src/main.go:9 +0x1d\ncreated by main.main in goroutine 1\n\t/src/main.go:5 +0x2";
        goids.iter().map(|(goid, state)| format!("goroutine {goid} [{state}]:\n{stack}\n\n")).collect()
    };
    let early = text(&[(7, "select, 2 minutes"), (8, "select"), (0, "idle")]);
    let late = text(&[(7, "select, 5 minutes"), (9, "chan send"), (0, "idle")]);
    let counted = "goroutine profile: total 1\n1 @ 0x1\n#\t0x1\tmain.work+0x1\t/src/main.go:9\n\n".to_owned();
    let pairs = [("process", &early, &late), ("same", &late, &late), ("formats", &counted, &late)];
    pairs.map(|(name, left, right)| (name.to_owned(), format!("{left}\n=====\n{right}").into_bytes())).to_vec()
}

fn target(sample: &str) -> &'static str {
    match sample {
        "counted" => "counted",
        "profile" => "profile",
        "pprof -traces" | "pprof -raw" => "pprof_text",
        "goleak" | "old goleak" => "goleak",
        "race" => "race",
        "delve" => "delve",
        "gops" => "gops",
        "counter log" => "counter_log",
        _ => "envelope",
    }
}

/// Path below `fuzz/corpus` and content of every seed.
fn seeds() -> BTreeMap<String, Vec<u8>> {
    let mut seeds: BTreeMap<String, Vec<u8>> =
        RULES.iter().map(|(name, rules)| (format!("user_rules/{name}"), rules.as_bytes().to_vec())).collect();
    seeds.extend(pairs().into_iter().map(|(name, bytes)| (format!("compare/{name}"), bytes)));
    let mut add = |target: &str, name: &str, bytes: &[u8]| {
        let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' }).collect();
        // A part of a text says enough.
        let bytes = bytes.get(..MAX_BYTES).unwrap_or(bytes);
        seeds.insert(format!("{target}/{name}"), [&[CHUNKS][..], bytes].concat());
    };
    for (name, bytes) in formats().into_iter().chain(envelopes()) {
        add(target(name), name, &bytes);
    }
    for (entry, bytes) in small_of(MAX_BYTES, |entry| entry.is_single()) {
        let target = match entry.format.as_str() {
            "debug1" | "leak-debug1" if bytes.len() < 2500 || !entry.path.starts_with("scenarios/") => "counted",
            "pb" | "leak-pb" if bytes.len() < 2500 => "profile",
            "goleak" => "goleak",
            "wrapped" => "envelope",
            _ => continue,
        };
        add(target, &entry.path, &bytes);
    }
    for entry in entries().into_iter().filter(|entry| matches!(entry.format.as_str(), "packed" | "cut-short" | "leak-pb")) {
        let raw = entry.raw();
        if raw.len() <= MAX_BYTES {
            add("unpack", &entry.path, &raw);
        }
    }
    seeds
}

#[test]
fn ok_seeds_of_the_fuzzers_are_those_of_the_corpus() {
    let seeds = seeds();
    let corpus = folder().join("corpus");
    if std::env::var_os("STACKHERD_BLESS").is_some() {
        for target in TARGETS {
            let _ = fs::remove_dir_all(corpus.join(target));
            fs::create_dir_all(corpus.join(target)).unwrap();
        }
        for (path, bytes) in &seeds {
            fs::write(corpus.join(path), bytes).unwrap();
        }
    }
    for target in TARGETS {
        let expected: Vec<_> = seeds.keys().filter_map(|path| path.strip_prefix(&format!("{target}/"))).collect();
        assert!(!expected.is_empty(), "{target} has no seeds");
        assert_eq!(files_below(&corpus.join(target)), expected, "{target}; STACKHERD_BLESS=1 rewrites them");
    }
    let differs = |(path, bytes): &(&String, &Vec<u8>)| fs::read(corpus.join(path)).unwrap() != **bytes;
    let stale: Vec<_> = seeds.iter().filter(differs).map(|(path, _)| path).collect();
    assert!(stale.is_empty(), "{stale:?}; STACKHERD_BLESS=1 rewrites them");
}

/// Each target has its program, its words and its seeds.
#[test]
fn ok_every_fuzz_target_is_complete() {
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    for target in TARGETS.iter().chain(&["traceback"]) {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is not in Cargo.toml");
        for file in [format!("fuzz_targets/{target}.rs"), format!("{target}.dict"), format!("corpus/{target}")] {
            assert!(folder().join(&file).exists(), "{file} is missing");
        }
    }
    assert_eq!(files_below(&folder().join("fuzz_targets")).len(), TARGETS.len() + 1);
}
