//! Installs what is missing, once per machine and version, without root.
//!
//! A tool lives in its own folder, named after it and its version. It is built beside that folder and renamed at
//! the end: where the folder exists, the tool is whole, and two runs at once don't disturb each other.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{ask, find_on_path, path_with, run, run_quietly};
use crate::failure::{Failure, Result};
use crate::tools::{self, CargoTool, NpmTool};
use crate::workspace;

/// Marks the folder of a tool that is being installed; the process's number follows.
const NEW: &str = ".new-";

/// What building the page takes.
#[derive(Debug)]
pub(crate) struct PageTools {
    pub(crate) trunk: PathBuf,
    /// PATH for Trunk, which looks there for the other tools.
    pub(crate) path: OsString,
}

/// Sets up everything the page's build needs. Takes no time and no network when it is all there.
pub(crate) fn page_tools() -> Result<PageTools> {
    rust_targets()?;
    dependencies()?;
    let trunk = cargo_tool(&tools::TRUNK)?;
    let bindgen = cargo_tool(&tools::WASM_BINDGEN)?;
    let binaryen = npm_tool(&tools::BINARYEN)?.join(".bin");
    clear_build_folder()?;
    let path = path_with(&[trunk.clone(), bindgen, binaryen])?;
    Ok(PageTools { trunk: trunk.join("trunk"), path })
}

/// The program that runs wasm tests under Node.
pub(crate) fn wasm_test_runner() -> Result<PathBuf> {
    node()?;
    Ok(cargo_tool(&tools::WASM_BINDGEN)?.join("wasm-bindgen-test-runner"))
}

/// The folder of the browser driver's package.
pub(crate) fn playwright() -> Result<PathBuf> {
    Ok(npm_tool(&tools::PLAYWRIGHT)?.join(tools::PLAYWRIGHT.package))
}

/// Node.js, recent enough.
pub(crate) fn node() -> Result<PathBuf> {
    let remedy = format!("install Node.js {} or newer, with npm", tools::NODE_MAJOR);
    let node = find_on_path("node").ok_or_else(|| Failure::new("node is missing").remedy(&remedy))?;
    let version = ask(Command::new(&node).arg("--version")).unwrap_or_default();
    match node_major(&version) {
        Some(major) if major >= tools::NODE_MAJOR => Ok(node),
        _ => Err(Failure::new(format!("node {version} is too old")).remedy(remedy)),
    }
}

/// The targets of `rust-toolchain.toml`; rustup usually adds them by itself.
pub(crate) fn rust_targets() -> Result<()> {
    let root = workspace::root()?;
    let sysroot = ask(Command::new("rustc").args(["--print", "sysroot"]).current_dir(&root)).unwrap_or_default();
    for target in tools::RUST_TARGETS {
        if Path::new(&sysroot).join("lib/rustlib").join(target).is_dir() {
            continue;
        }
        if find_on_path("rustup").is_none() {
            let remedy = "install rustup, or add the target's standard library to your Rust installation";
            return Err(Failure::new(format!("the compiler cannot build for {target}")).remedy(remedy));
        }
        println!("Adding the Rust target {target}…");
        run(Command::new("rustup").args(["target", "add", target]).current_dir(&root))?;
    }
    Ok(())
}

/// The crates of `Cargo.lock`: Trunk builds offline.
pub(crate) fn dependencies() -> Result<()> {
    let root = workspace::root()?;
    let there = workspace::cargo().args(["fetch", "--locked", "--offline", "--quiet"]).current_dir(&root).output();
    if there.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    println!("Fetching the crates of Cargo.lock…");
    run(workspace::cargo().args(["fetch", "--locked"]).current_dir(&root))
}

/// The folder with the tool's programs; builds them when they are missing.
fn cargo_tool(tool: &CargoTool) -> Result<PathBuf> {
    if let Some(folder) = installed_by_the_user(tool) {
        return Ok(folder);
    }
    let cache = cache()?;
    let home = cache.join(format!("{}-{}", tool.package, tool.version));
    let bin = home.join("bin");
    if tool.programs.iter().all(|program| bin.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)).is_file()) {
        return Ok(bin);
    }
    let fresh = fresh_folder(&cache, &home)?;
    let log = cache.join(format!("{}.log", tool.package));
    let title = format!("Installing {} {} ({}, once per machine)…", tool.package, tool.version, tool.takes);
    // A tool's own lock file can name what a registry does not serve yet; then the newest compatible versions do.
    run_quietly(&title, &mut cargo_install(tool, &fresh, &cache, true), &log).or_else(|_| {
        let title = "  its lock file can't be followed; trying the newest compatible crates…";
        run_quietly(title, &mut cargo_install(tool, &fresh, &cache, false), &log)
    })?;
    settle(&fresh, &home)?;
    let _ = fs::remove_file(log);
    Ok(bin)
}

/// A tool of the right version that is already on PATH.
fn installed_by_the_user(tool: &CargoTool) -> Option<PathBuf> {
    let mut folders = Vec::new();
    for program in tool.programs {
        let found = find_on_path(program)?;
        let answer = ask(Command::new(&found).arg("--version"))?;
        if answer.split_whitespace().nth(1) != Some(tool.version) {
            return None;
        }
        folders.push(found.parent()?.to_owned());
    }
    folders.dedup();
    match folders.as_slice() {
        [folder] => Some(folder.clone()),
        _ => None,
    }
}

/// Tools are used seconds at a time, so they are built fast rather than to be fast.
fn cargo_install(tool: &CargoTool, root: &Path, cache: &Path, locked: bool) -> Command {
    let mut command = workspace::cargo();
    command.args(["install", tool.package, "--version", tool.version, "--no-default-features", "--root"]).arg(root);
    if locked {
        command.arg("--locked");
    }
    command
        .current_dir(cache)
        .env("CARGO_TARGET_DIR", build_folder(cache))
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    command
}

/// The tool's `node_modules`; fetches them when they are missing.
fn npm_tool(tool: &NpmTool) -> Result<PathBuf> {
    node()?;
    let cache = cache()?;
    let home = cache.join(format!("{}-{}", tool.package, tool.version));
    let modules = home.join("node_modules");
    if modules.join(tool.proof).is_file() {
        return Ok(modules);
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    if !cfg!(windows) && find_on_path(npm).is_none() {
        let remedy = format!("install Node.js {} or newer, with npm", tools::NODE_MAJOR);
        return Err(Failure::new("npm is missing").remedy(remedy));
    }
    let fresh = fresh_folder(&cache, &home)?;
    let log = cache.join(format!("{}.log", tool.package));
    let title = format!("Installing {} {} (seconds, once per machine)…", tool.package, tool.version);
    let mut command = Command::new(npm);
    command.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]).arg(&fresh);
    command.arg(format!("{}@{}", tool.package, tool.version)).current_dir(&cache);
    run_quietly(&title, &mut command, &log)?;
    settle(&fresh, &home)?;
    let _ = fs::remove_file(log);
    Ok(modules)
}

/// The per-user folder of all tools.
fn cache() -> Result<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = variable("STACKHERD_TOOLS")
        .or_else(|| variable("XDG_CACHE_HOME").map(|cache| cache.join("stackherd/tools")))
        .or_else(|| variable("HOME").map(|home| home.join(".cache/stackherd/tools")))
        .or_else(|| variable("LOCALAPPDATA").map(|home| home.join("stackherd/tools")))
        .ok_or_else(|| Failure::new("there is no home folder to keep tools in").remedy("set STACKHERD_TOOLS to a folder"))?;
    fs::create_dir_all(&folder).map_err(|error| Failure::file("create", &folder, &error))?;
    Ok(folder)
}

/// Where tools are compiled: they share most of their crates, and runs at the same time share the work.
fn build_folder(cache: &Path) -> PathBuf {
    cache.join("build")
}

/// Gives the room back that compiling took, unless another run is at work.
fn clear_build_folder() -> Result<()> {
    let cache = cache()?;
    let entries = fs::read_dir(&cache).map_err(|error| Failure::file("read", &cache, &error))?;
    let busy = entries.flatten().any(|entry| entry.file_name().to_string_lossy().contains(NEW));
    if !busy && build_folder(&cache).exists() {
        let _ = fs::remove_dir_all(build_folder(&cache));
    }
    Ok(())
}

/// An empty folder of this process beside `home`.
fn fresh_folder(cache: &Path, home: &Path) -> Result<PathBuf> {
    let name = home.file_name().unwrap_or_default().to_string_lossy();
    let fresh = cache.join(format!("{name}{NEW}{}", std::process::id()));
    fs::create_dir_all(&fresh).map_err(|error| Failure::file("create", &fresh, &error))?;
    Ok(fresh)
}

/// Moves a finished tool to its place, over what is broken there.
fn settle(fresh: &Path, home: &Path) -> Result<()> {
    if home.exists() {
        let _ = fs::remove_dir_all(home);
    }
    match fs::rename(fresh, home) {
        Ok(()) => Ok(()),
        // Another run was faster; its tool is as good.
        Err(_) if home.exists() => fs::remove_dir_all(fresh).map_err(|error| Failure::file("remove", fresh, &error)),
        Err(error) => Err(Failure::file("create", home, &error)),
    }
}

/// The 20 of `v20.20.2`.
fn node_major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_node_major() {
        assert_eq!(node_major("v20.20.2"), Some(20));
        assert_eq!(node_major(""), None);
    }

    #[test]
    fn ok_settle_puts_a_whole_tool_in_place_of_a_broken_one() {
        let place = std::env::temp_dir().join(format!("stackherd-settle-{}", std::process::id()));
        let (fresh, home) = (place.join("tool.new"), place.join("tool"));
        fs::create_dir_all(fresh.join("bin")).unwrap();
        fs::create_dir_all(home.join("half")).unwrap();
        settle(&fresh, &home).unwrap();
        assert!(home.join("bin").is_dir() && !home.join("half").exists() && !fresh.exists());
        fs::remove_dir_all(place).unwrap();
    }
}
