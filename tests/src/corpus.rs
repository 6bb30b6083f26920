//! Real dumps of real programs, and what is true of them.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// One dump, as `corpus/MANIFEST.json` describes it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Entry {
    /// Below `corpus/`.
    pub(crate) path: String,
    /// `debug2`, `leak-debug2`, `stack` or `crash`; `sample` for a dump that shows one peculiarity and has no truth.
    pub(crate) format: String,
    /// `go1.24.11`; unknown for most public dumps.
    pub(crate) go_version: Option<String>,
    /// Goroutines in the text.
    pub(crate) total: Option<u64>,
    /// The first line of the crash, for dumps of format `crash`.
    pub(crate) headline: Option<String>,
    /// The buffer was too small for the dump.
    #[serde(default)]
    pub(crate) truncated: bool,
    truth: Option<String>,
}

/// What an independent reader found in a dump.
#[derive(Debug, Deserialize)]
pub(crate) struct Truth {
    pub(crate) total: u64,
    pub(crate) groups: Vec<TrueGroup>,
}

/// Goroutines with the same state, frames, creator and labels.
#[derive(Debug, Deserialize)]
pub(crate) struct TrueGroup {
    pub(crate) count: u64,
    /// The first item in the brackets, flags included; without labels, wait and thread lock.
    pub(crate) state: String,
    /// `function file:line`, leaf first. A frame without a place is left out.
    pub(crate) frames: Vec<String>,
    /// `function file:line`, or empty.
    pub(crate) created_by: String,
    /// The shortest and the longest wait; missing if none is printed.
    pub(crate) wait_minutes: Option<(u32, u32)>,
    /// As printed, with braces.
    pub(crate) labels: Option<String>,
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
    /// The dump itself, inflated.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        read(&folder().join(&self.path))
    }

    pub(crate) fn truth(&self) -> Option<Truth> {
        self.truth.as_ref().map(|path| parse(&folder().join(path)))
    }

    /// 24 for `go1.24.11`.
    pub(crate) fn go_minor(&self) -> Option<u32> {
        self.go_version.as_ref()?.strip_prefix("go1.")?.split('.').next()?.parse().ok()
    }

    /// Nothing is cut off and nothing but stacks is in it.
    pub(crate) fn is_clean(&self) -> bool {
        matches!(self.format.as_str(), "debug2" | "leak-debug2") && !self.truncated && !self.path.starts_with("public/")
    }
}

/// Every dump, by path.
pub(crate) fn entries() -> Vec<Entry> {
    let manifest: Manifest = parse(&folder().join("MANIFEST.json"));
    assert!(manifest.files.len() > 300, "the corpus is there");
    manifest.files
}

/// The clean dumps of at most `max_bytes`, for tests that read each of them many times.
pub(crate) fn small(max_bytes: usize) -> Vec<(Entry, Vec<u8>)> {
    let all = entries().into_iter().map(|entry| {
        let bytes = entry.bytes();
        (entry, bytes)
    });
    let small: Vec<_> = all.filter(|(_, bytes)| bytes.len() <= max_bytes).collect();
    assert!(small.len() > 50, "only {} dumps have at most {max_bytes} bytes", small.len());
    small
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
    serde_json::from_slice(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads a file, inflated if its name ends in `.gz`.
fn read(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if path.extension().is_none_or(|extension| extension != "gz") {
        return bytes;
    }
    let mut inflated = Vec::new();
    let read = MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut inflated);
    read.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    inflated
}

#[test]
fn ok_every_file_is_in_the_manifest_and_the_other_way_round() {
    let mut listed: Vec<String> = vec!["MANIFEST.json".to_owned(), "README.md".to_owned()];
    for entry in entries() {
        listed.push(entry.path);
        listed.extend(entry.truth);
    }
    listed.sort_unstable();
    assert_eq!(listed, files_below(&folder()));
}
