//! Which crate may know which: the arrows of ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::corpus::workspace;

/// Direct dependencies of the workspace's crates, tests and build scripts left out.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter().map(|package| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let normal = dependencies.filter(|dependency| dependency["kind"].is_null());
        (text(&package["name"]), normal.map(|dependency| text(&dependency["name"])).collect())
    });
    packages.collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Of our own crates, `name` may know these and no others.
#[track_caller]
fn check(name: &str, may_know: &[&str]) {
    let all = dependencies();
    let knows = all.get(name).unwrap_or_else(|| panic!("there is no crate {name}"));
    let ours: BTreeSet<_> = knows.iter().filter(|dependency| all.contains_key(*dependency)).map(String::as_str).collect();
    let may_know: BTreeSet<_> = may_know.iter().copied().collect();
    assert!(ours.is_subset(&may_know), "{name} knows {ours:?}, which is more than {may_know:?}");
}

#[test]
fn ok_core_knows_nothing_of_ours() {
    check("stackherd-core", &[]);
}

#[test]
fn ok_core_knows_no_serialization_and_no_system() {
    let all = dependencies();
    for crate_name in ["serde", "serde_json", "postcard", "flate2", "regex", "web-sys", "js-sys", "wasm-bindgen"] {
        assert!(!all["stackherd-core"].contains(crate_name), "{crate_name}");
    }
}

#[test]
fn ok_report_knows_nothing_of_ours() {
    check("stackherd-report", &[]);
}

#[test]
fn ok_engine_knows_core_and_report() {
    check("stackherd-engine", &["stackherd-core", "stackherd-report"]);
}

#[test]
fn ok_doors_know_engine_and_report() {
    check("stackherd-wasm", &["stackherd-engine", "stackherd-report"]);
    check("stackherd-cli", &["stackherd-engine", "stackherd-report"]);
}

#[test]
fn ok_web_knows_report_only() {
    check("web", &["stackherd-report"]);
}

#[test]
fn ok_only_web_knows_the_view_library() {
    for (name, knows) in dependencies() {
        assert!(name == "web" || !knows.contains("yew"), "{name} knows yew");
    }
}

#[test]
fn ok_nobody_knows_web_or_the_terminal_or_the_tests() {
    for (name, knows) in dependencies() {
        for leaf in ["web", "stackherd-cli", "stackherd-tests", "xtask"] {
            assert!(!knows.contains(leaf), "{name} knows {leaf}");
        }
    }
}

/// A crate that this file does not know has no place in the architecture yet.
#[test]
fn ok_every_crate_has_a_place() {
    let names: Vec<_> = dependencies().into_keys().collect();
    let known = [
        "stackherd-cli",
        "stackherd-core",
        "stackherd-engine",
        "stackherd-report",
        "stackherd-tests",
        "stackherd-wasm",
        "web",
        "xtask",
    ];
    assert_eq!(names, known);
}
