//! The steps of `cargo xtask test`, in order: cheap ones first, the browser last.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::browser;
use crate::command::run;
use crate::failure::{Failure, Result};
use crate::page::{self, Profile};
use crate::setup;
use crate::test::Step;
use crate::workspace;

/// All steps.
pub(crate) const STEPS: &[Step] = &[
    Step { name: "format", promise: "the code is formatted", run: format },
    Step { name: "lint", promise: "clippy has nothing to say, natively and for the browser", run: lint },
    Step { name: "docs", promise: "the documentation builds without warnings", run: docs },
    Step { name: "bare-metal", promise: "the core needs no operating system", run: bare_metal },
    Step { name: "native", promise: "the tests of all crates pass", run: native },
    Step { name: "wasm", promise: "the JavaScript interface works in a wasm engine", run: wasm },
    Step { name: "cli", promise: "the terminal program builds for release", run: cli },
    Step { name: "benches", promise: "every benchmark runs once", run: benches },
    Step { name: "page", promise: "the page builds into one file of the promised size", run: built_page },
    Step { name: "browser", promise: "the page keeps its promises in a real browser", run: in_browser },
];

fn format() -> Result<()> {
    cargo(&["fmt", "--all", "--check"])
}

fn lint() -> Result<()> {
    setup::rust_targets()?;
    cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    cargo(&["clippy", "-p", "web", "--target", "wasm32-unknown-unknown", "--", "-D", "warnings"])?;
    let wasm = ["clippy", "-p", "stackherd-wasm", "--target", "wasm32-unknown-unknown"];
    cargo(&[&wasm[..], &["--all-targets", "--", "-D", "warnings"]].concat())?;
    // The page's worker.
    cargo(&[&wasm[..], &["--no-default-features", "--", "-D", "warnings"]].concat())
}

fn docs() -> Result<()> {
    run(command(&["doc", "--no-deps", "--workspace"])?.env("RUSTDOCFLAGS", "-D warnings"))
}

fn bare_metal() -> Result<()> {
    setup::rust_targets()?;
    cargo(&["build", "-p", "stackherd-core", "--target", "wasm32v1-none"])
}

fn native() -> Result<()> {
    cargo(&["test", "--workspace"])
}

fn wasm() -> Result<()> {
    setup::rust_targets()?;
    let runner = setup::wasm_test_runner()?;
    let mut test = command(&["test", "-p", "stackherd-wasm", "--target", "wasm32-unknown-unknown"])?;
    run(test.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner))
}

fn cli() -> Result<()> {
    cargo(&["build", "--release", "-p", "stackherd-cli"])
}

fn benches() -> Result<()> {
    cargo(&["bench", "-p", "stackherd-core", "-p", "stackherd-engine", "--benches", "--", "--test"])
}

fn built_page() -> Result<()> {
    page::build(Profile::Release)
}

fn in_browser() -> Result<()> {
    run(browser::node()?.args(["--test", "--test-reporter=spec"]).args(test_files()?))
}

/// The end-to-end tests, one process each.
fn test_files() -> Result<Vec<PathBuf>> {
    let folder = workspace::root()?.join("tests/browser");
    let entries = fs::read_dir(&folder).map_err(|error| Failure::file("read", &folder, &error))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() { Err(Failure::new("tests/browser holds no tests")) } else { Ok(files) }
}

fn cargo(arguments: &[&str]) -> Result<()> {
    run(&mut command(arguments)?)
}

/// Cargo in the workspace, and the command on the screen, so that a reader can repeat it.
fn command(arguments: &[&str]) -> Result<Command> {
    println!("   cargo {}", arguments.join(" "));
    let mut command = workspace::cargo();
    command.args(arguments).current_dir(workspace::root()?);
    Ok(command)
}
