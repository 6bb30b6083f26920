//! Laws about the text of our sources.

use std::fs;
use std::path::Path;

use crate::corpus::{files_below, workspace};

/// Longest file, in lines, tests included.
const MAX_LINES: usize = 600;

/// Paths from the workspace and texts of all Rust files of ours.
fn sources() -> Vec<(String, String)> {
    let mut sources = Vec::new();
    for folder in ["crates", "web", "tests/src", "tests/fuzz"] {
        let at = workspace().join(folder);
        if folder == "tests/fuzz" && !at.exists() {
            continue;
        }
        for path in files_below(&at) {
            let is_built = path.split('/').any(|part| matches!(part, "target" | "dist" | "node_modules"));
            if path.ends_with(".rs") && !is_built {
                sources.push((format!("{folder}/{path}"), fs::read_to_string(at.join(&path)).unwrap()));
            }
        }
    }
    assert!(sources.len() > 50, "only {} sources", sources.len());
    sources
}

#[track_caller]
fn assert_none(law: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{law}:\n{}", offenders.join("\n"));
}

#[test]
fn ok_no_file_is_too_long() {
    let long = sources().into_iter().filter_map(|(path, text)| {
        let n_lines = text.lines().count();
        (n_lines > MAX_LINES).then(|| format!("{path} has {n_lines} lines"))
    });
    assert_none("no file has more than 600 lines", &long.collect::<Vec<_>>());
}

#[test]
fn ok_no_unsafe_code() {
    // Put together so that this file does not hold what it looks for.
    let words: Vec<_> = ["{", "fn ", "impl ", "trait ", "extern "].iter().map(|word| ["unsafe", word].join(" ")).collect();
    let found = sources().into_iter().filter(|(_, text)| words.iter().any(|word| text.contains(word)));
    assert_none("there is no unsafe code", &found.map(|(path, _)| path).collect::<Vec<_>>());
}

/// The model of the page is tested natively, so it can't know the browser.
#[test]
fn ok_model_of_the_page_is_pure() {
    let folder = workspace().join("web/src/model");
    let files = files_below(&folder);
    assert!(!files.is_empty(), "{} is empty", folder.display());
    let mut offenders = Vec::new();
    for path in files {
        let text = fs::read_to_string(folder.join(&path)).unwrap();
        for word in ["yew", "web_sys", "js_sys", "wasm_bindgen", "gloo"] {
            if text.contains(word) {
                offenders.push(format!("web/src/model/{path} mentions {word}"));
            }
        }
    }
    assert_none("the model knows no browser", &offenders);
}

#[test]
fn ok_nothing_is_ignored_and_nothing_should_panic() {
    let words = ["ignore", "should_panic"].map(|word| format!("#[{word}"));
    let found = sources().into_iter().filter(|(_, text)| words.iter().any(|word| text.contains(word)));
    assert_none("every test runs and says what it expects", &found.map(|(path, _)| path).collect::<Vec<_>>());
}

#[test]
fn ok_every_module_says_what_it_is() {
    let silent = sources().into_iter().filter(|(path, text)| {
        let is_test_of_a_binary = path.contains("/tests/") || path.contains("/benches/") || path.contains("fuzz");
        !is_test_of_a_binary && !text.starts_with("//!")
    });
    assert_none("the first line of a module is its doc", &silent.map(|(path, _)| path).collect::<Vec<_>>());
}

/// Files that travel must not name the machine they were written on.
#[test]
fn ok_no_path_of_a_machine() {
    let root = fs::canonicalize(workspace()).unwrap();
    let own = root.to_string_lossy().into_owned();
    assert!(Path::new(&own).is_absolute() && own.len() > 1);
    let found = sources().into_iter().filter(|(_, text)| text.contains(&own));
    assert_none("no source names this folder", &found.map(|(path, _)| path).collect::<Vec<_>>());
}

/// FORMATS, section 13: each of its 121 cases has a test that carries its number.
#[test]
fn ok_every_case_of_the_checklist_has_a_test() {
    let named = sources().into_iter().filter(|(path, _)| path.starts_with("tests/src/checklist_"));
    let text: String = named.map(|(_, text)| text).collect();
    let missing = (1..=121)
        .filter(|number| !["ok", "err"].iter().any(|word| text.contains(&format!("fn {word}_checklist_{number:02}_"))));
    assert_none("every case of the checklist has a test", &missing.map(|number| number.to_string()).collect::<Vec<_>>());
}
