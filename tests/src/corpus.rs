//! Real dumps of real programs, and what is true of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// One file, as `corpus/MANIFEST.json` describes it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Entry {
    /// Below `corpus/`.
    pub(crate) path: String,
    /// What printed or packed it; README.md lists the words.
    pub(crate) format: String,
    /// `go1.24.11`; unknown for most public dumps.
    pub(crate) go_version: Option<String>,
    /// Goroutines in it, as it says itself.
    pub(crate) total: Option<u64>,
    /// The first line of the crash, for dumps of format `crash`.
    pub(crate) headline: Option<String>,
    /// Files in an archive.
    pub(crate) members: Option<u64>,
    /// The files that an archive was made of, in the order of their paths in it.
    #[serde(default)]
    pub(crate) contains: Vec<String>,
    /// `none`, `n/a`, or a list of what is wrong with the program.
    pub(crate) expected_leaks: Option<serde_json::Value>,
    /// The end is missing.
    #[serde(default)]
    pub(crate) truncated: bool,
}

/// What an independent reader found in a file.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Truth {
    path: String,
    #[serde(default)]
    pub(crate) groups: Vec<TrueGroup>,
    /// For a file with several dumps, these instead of groups.
    #[serde(default)]
    pub(crate) dumps: Vec<TrueDump>,
    /// For an archive of a fleet, these instead of groups.
    #[serde(default)]
    pub(crate) pods: Vec<TruePod>,
}

/// One of the dumps of a file.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TrueDump {
    pub(crate) groups: Vec<TrueGroup>,
}

/// A member of a fleet.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TruePod {
    pub(crate) pod: String,
    pub(crate) total_debug2: u64,
    pub(crate) total_pb: u64,
}

/// Goroutines with the same state, frames, creator and labels.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TrueGroup {
    pub(crate) count: u64,
    /// The first item in the brackets, flags included; without labels, wait and thread lock. Missing in profiles.
    pub(crate) state: Option<String>,
    /// `function file:line`, leaf first. A frame without a place is left out.
    pub(crate) frames: Vec<String>,
    /// `function file:line`, or empty. Missing in profiles.
    pub(crate) created_by: Option<String>,
    /// The shortest and the longest wait; missing if none is printed.
    pub(crate) wait_minutes: Option<(u32, u32)>,
    /// As printed, with braces.
    pub(crate) labels: Option<String>,
    /// The same of profiles, which print them differently: key and value.
    #[serde(default)]
    pub(crate) label_pairs: Vec<(String, String)>,
    #[serde(default)]
    pub(crate) locked_to_thread: u64,
    #[serde(default)]
    pub(crate) frames_elided: bool,
}

#[derive(Deserialize)]
struct Manifest {
    files: Vec<Entry>,
}

impl Entry {
    /// The file as it is.
    pub(crate) fn raw(&self) -> Vec<u8> {
        let path = folder().join(&self.path);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The dump itself: inflated, as far as it can be.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let raw = self.raw();
        if !self.is_single() || !raw.starts_with(b"\x1f\x8b") {
            return raw;
        }
        let mut inflated = Vec::new();
        let read = MultiGzDecoder::new(raw.as_slice()).read_to_end(&mut inflated);
        assert!(read.is_ok() || self.format == "cut-short", "{}: {read:?}", self.path);
        inflated
    }

    pub(crate) fn truth(&self) -> Option<&'static Truth> {
        static TRUTHS: OnceLock<BTreeMap<String, Truth>> = OnceLock::new();
        let truths = TRUTHS.get_or_init(|| {
            let lines = String::from_utf8(inflated(&folder().join(TRUTH))).unwrap();
            let truths =
                lines.lines().map(|line| serde_json::from_str::<Truth>(line).unwrap_or_else(|error| panic!("{error}: {line}")));
            truths.map(|truth| (truth.path.clone(), truth)).collect()
        });
        truths.get(&self.path)
    }

    /// 24 for `go1.24.11`.
    pub(crate) fn go_minor(&self) -> Option<u32> {
        self.go_version.as_ref()?.strip_prefix("go1.")?.split('.').next()?.parse().ok()
    }

    /// Text that Go printed goroutine by goroutine, with nothing wrapped around it.
    pub(crate) fn is_traceback(&self) -> bool {
        let is_bare = !self.path.contains("goleak.txt") && !self.path.contains("-prefixed");
        matches!(self.format.as_str(), "debug2" | "leak-debug2" | "stack" | "crash" | "go-test" | "log" | "sample") && is_bare
    }

    /// Nothing is cut off and nothing but stacks is in it.
    pub(crate) fn is_clean(&self) -> bool {
        matches!(self.format.as_str(), "debug2" | "leak-debug2") && !self.truncated && !self.path.starts_with("public/")
    }

    /// One text or profile, and no archive of several; gzip does not count.
    pub(crate) fn is_single(&self) -> bool {
        !matches!(self.format.as_str(), "fleet" | "packed")
    }
}

/// Truths of all files, a JSON object a line.
const TRUTH: &str = "truth.jsonl.gz";

/// Every file, by path.
pub(crate) fn entries() -> Vec<Entry> {
    let manifest: Manifest = parse(&folder().join("MANIFEST.json"));
    assert!(manifest.files.len() > 700, "the corpus is there");
    manifest.files
}

/// The files of bare stacks.
pub(crate) fn tracebacks() -> Vec<Entry> {
    entries().into_iter().filter(Entry::is_traceback).collect()
}

/// The files of bare stacks of at most `max_bytes`, for tests that read each of them many times.
pub(crate) fn small(max_bytes: usize) -> Vec<(Entry, Vec<u8>)> {
    let small = small_of(max_bytes, Entry::is_traceback);
    assert!(small.len() > 50, "only {} dumps have at most {max_bytes} bytes", small.len());
    small
}

/// The files that `is_wanted`, of at most `max_bytes` when inflated.
pub(crate) fn small_of(max_bytes: usize, is_wanted: impl Fn(&Entry) -> bool) -> Vec<(Entry, Vec<u8>)> {
    let wanted = entries().into_iter().filter(is_wanted).map(|entry| {
        let bytes = entry.bytes();
        (entry, bytes)
    });
    wanted.filter(|(_, bytes)| bytes.len() <= max_bytes).collect()
}

/// The file of this name below `corpus/`, compressed or not.
pub(crate) fn bytes_of(path: &str) -> Vec<u8> {
    let is_it = |entry: &Entry| entry.path == path || entry.path.strip_suffix(".gz") == Some(path);
    let found = entries().into_iter().find(is_it);
    found.unwrap_or_else(|| panic!("there is no {path}")).bytes()
}

/// Where the dumps are.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Files below `folder`, as paths from there with forward slashes, sorted.
pub(crate) fn files_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).unwrap_or_else(|error| panic!("{}: {error}", at.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort_unstable();
    found
}

fn parse<T: DeserializeOwned>(path: &Path) -> T {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn inflated(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut inflated = Vec::new();
    let read = MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut inflated);
    read.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    inflated
}

#[test]
fn ok_every_file_is_in_the_manifest_and_the_other_way_round() {
    let mut listed: Vec<String> = ["MANIFEST.json", "README.md", "packed/README.md", TRUTH].map(str::to_owned).to_vec();
    listed.extend(entries().into_iter().map(|entry| entry.path));
    listed.sort_unstable();
    assert_eq!(listed, files_below(&folder()));
}
