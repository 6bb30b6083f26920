//! Finds a browser for the end-to-end tests, and installs one where that is one plain command.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{ask, find_on_path, run, shown};
use crate::failure::{Failure, Result};
use crate::setup;
use crate::workspace;

/// The names under which Chromium and its kin are installed.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// Where it stands when it is not on PATH.
const PLACES: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/// Debian's packages: the browser, and a font that draws Chinese in screenshots.
const PACKAGES: &[&str] = &["chromium", "fonts-wqy-microhei"];

/// Node, with what the files of `tests/browser` need to open the built page in a browser.
pub(crate) fn node() -> Result<Command> {
    let page = workspace::page()?;
    if !page.is_file() {
        return Err(
            Failure::new("there is no page to open in a browser").remedy("`cargo xtask build` builds it, or says why not")
        );
    }
    let mut node = Command::new(setup::node()?);
    node.current_dir(workspace::root()?).env("STACKHERD_PAGE", page);
    node.env("STACKHERD_PLAYWRIGHT", setup::playwright()?).env("STACKHERD_CHROME", find_or_install()?);
    Ok(node)
}

/// The browser's program: CHROME, else one that is installed, else one installed now.
fn find_or_install() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROME").filter(|chosen| !chosen.is_empty()).map(PathBuf::from) {
        return if chosen.is_file() {
            Ok(chosen)
        } else {
            Err(Failure::new(format!("CHROME names {}, which is not there", chosen.display())))
        };
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    install()?;
    find().ok_or_else(|| Failure::new("the browser was installed and is still not found").remedy("set CHROME to its program"))
}

fn find() -> Option<PathBuf> {
    let on_path = NAMES.iter().find_map(|name| find_on_path(name));
    on_path.or_else(|| PLACES.iter().map(PathBuf::from).find(|place| place.is_file()))
}

fn install() -> Result<()> {
    if find_on_path("apt-get").is_none() {
        let remedy = "install Chromium or Chrome, or set CHROME to its program";
        return Err(Failure::new("no browser was found").remedy(remedy));
    }
    if !is_root() {
        let remedy = format!("sudo apt-get update && sudo {}", shown(&apt_install()));
        return Err(Failure::new("no browser was found, and installing one takes root").remedy(remedy));
    }
    println!("Installing a browser (about half a minute, once per machine)…");
    run(Command::new("apt-get").args(["update", "-qq"]))?;
    run(&mut apt_install())
}

fn apt_install() -> Command {
    let mut command = Command::new("apt-get");
    command.args(["install", "-y", "-qq", "--no-install-recommends"]).args(PACKAGES).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> bool {
    Path::new("/usr/bin/id").is_file() && ask(Command::new("/usr/bin/id").arg("-u")).as_deref() == Some("0")
}
