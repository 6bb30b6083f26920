//! Where the project stands on this machine.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// The folder of the workspace's `Cargo.toml`.
///
/// Cargo tells it at run time, so a moved checkout with its old build still finds itself.
pub(crate) fn root() -> Result<PathBuf> {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    match here.as_deref().and_then(Path::parent).and_then(Path::parent) {
        Some(root) => Ok(root.to_owned()),
        None => Err(Failure::new("the project's folder is unknown").remedy("start this program with `cargo xtask`")),
    }
}

/// The built page.
pub(crate) fn page() -> Result<PathBuf> {
    Ok(root()?.join("dist").join("index.html"))
}

/// Cargo as it started this program.
pub(crate) fn cargo() -> std::process::Command {
    let mut command = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    without_own_package(&mut command);
    command
}

/// Takes back what `cargo run` says about this package, lest build scripts of others take it for news.
pub(crate) fn without_own_package(command: &mut std::process::Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
}
