//! Builds the page with Trunk, and is the hook that Trunk calls to make it one file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::read::GzEncoder;

use crate::command;
use crate::failure::{Failure, Result};
use crate::glue;
use crate::inline::{self, Program};
use crate::setup::{self, PageTools};
use crate::workspace;

/// The page promises to stay below this many bytes.
const LIMIT_BYTES: usize = 2 * 1024 * 1024;

/// How the page is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Debug,
    Release,
}

/// Builds `dist/index.html` and says how big it is.
pub(crate) fn build(profile: Profile) -> Result<()> {
    let tools = setup::page_tools()?;
    command::run(&mut trunk(&tools, "build", profile)?)?;
    let page = workspace::page()?;
    let bytes = read(&page)?;
    let mut zipped = GzEncoder::new(bytes.as_slice(), Compression::best());
    let gzip_bytes =
        std::io::copy(&mut zipped, &mut std::io::sink()).map_err(|error| Failure::file("compress", &page, &error))?;
    println!("dist/index.html: {} KB, {} KB gzipped", bytes.len().div_ceil(1000), gzip_bytes.div_ceil(1000));
    if profile == Profile::Release && bytes.len() > LIMIT_BYTES {
        return Err(Failure::new(format!("the page is bigger than the {LIMIT_BYTES} bytes it may have")));
    }
    Ok(())
}

/// Trunk with its tools on PATH.
pub(crate) fn trunk(tools: &PageTools, verb: &str, profile: Profile) -> Result<Command> {
    let mut command = Command::new(&tools.trunk);
    workspace::without_own_package(&mut command);
    command.arg(verb).current_dir(workspace::root()?).env("PATH", &tools.path);
    if profile == Profile::Release {
        command.arg("--release");
    }
    Ok(command)
}

/// Makes one file of what Trunk has staged, and leaves only that file.
pub(crate) fn hook() -> Result<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let staging =
        staging.ok_or_else(|| Failure::new("this command is for Trunk's post_build hook").remedy("`cargo xtask build`"))?;
    let index = staging.join("index.html");
    let shell = read_text(&index)?;
    let sheets: Vec<PathBuf> = inline::style_sheets(&shell).iter().map(|href| staging.join(href)).collect();
    let style = sheets.iter().map(|sheet| read_text(sheet)).collect::<Result<Vec<_>>>()?.join("\n");
    let html = inline::join(&shell, &style, &program(&staging, "web")?, &program(&staging, "stackherd-worker")?)?;
    fs::write(&index, html).map_err(|error| Failure::file("write", &index, &error))?;
    for name in ["web", "stackherd-worker"] {
        remove(&staging.join(format!("{name}.js")))?;
        remove(&staging.join(format!("{name}_bg.wasm")))?;
    }
    for sheet in &sheets {
        remove(sheet)?;
    }
    nothing_else(&staging)
}

/// The two files that wasm-bindgen wrote for a program.
fn program(staging: &Path, name: &str) -> Result<Program> {
    let script = read_text(&staging.join(format!("{name}.js")))?;
    Ok(Program { glue: glue::without_comments(&script)?, wasm: read(&staging.join(format!("{name}_bg.wasm")))? })
}

fn nothing_else(staging: &Path) -> Result<()> {
    let entries = fs::read_dir(staging).map_err(|error| Failure::file("read", staging, &error))?;
    let mut names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "index.html");
    names.sort();
    if names.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("the page would need more files: {}", names.join(", ")))
        .remedy("inline them in crates/xtask/src/page.rs, or don't link them in index.html"))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| Failure::file("read", path, &error))
}

fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))
}

fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path).map_err(|error| Failure::file("remove", path, &error))
}
