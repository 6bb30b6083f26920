//! Running other programs: with their words on the screen, or quietly with a sign of life.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};

/// How often a quiet program gives a sign of life.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// How much of a failed program's last words are shown.
const LAST_WORDS: usize = 40;

/// Runs a program that speaks for itself.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    check(command, status)
}

/// Runs a program and returns what it printed. `None` when it could not start or failed.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a long program whose words go to `log`; prints `title`, then the time every 15 seconds.
///
/// The failure holds the end of the log.
pub(crate) fn run_quietly(title: &str, command: &mut Command, log: &Path) -> Result<()> {
    println!("{title}");
    let file = File::create(log).map_err(|error| Failure::file("write", log, &error))?;
    let second = file.try_clone().map_err(|error| Failure::file("write", log, &error))?;
    let mut child =
        command.stdin(Stdio::null()).stdout(file).stderr(second).spawn().map_err(|error| not_started(command, &error))?;
    let started = Instant::now();
    let mut next_sign = SIGN_OF_LIFE;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => std::thread::sleep(Duration::from_millis(100)),
            Err(error) => return Err(not_started(command, &error)),
        }
        if started.elapsed() >= next_sign {
            println!("  {:>4} s  {}", next_sign.as_secs(), last_lines(log, 1).trim());
            next_sign += SIGN_OF_LIFE;
        }
    };
    check(command, status)
        .map_err(|failure| Failure::new(format!("{failure}; its last words:\n{}", last_lines(log, LAST_WORDS))))
}

/// Finds a program on PATH.
pub(crate) fn find_on_path(program: &str) -> Option<PathBuf> {
    let file_name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(&file_name)).find(|path| path.is_file())
}

/// PATH with `folders` before everything else.
pub(crate) fn path_with(folders: &[PathBuf]) -> Result<OsString> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(std::env::split_paths(&old));
    std::env::join_paths(all).map_err(|error| Failure::new(format!("a tool's folder does not fit into PATH: {error}")))
}

/// A program and its arguments as one would type them.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let words: Vec<_> = std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}` failed: {status}", shown(command)))) }
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("could not run `{}`: {error}", shown(command)))
}

/// The end of a log: at most `count` lines of its last 16 KiB.
fn last_lines(log: &Path, count: usize) -> String {
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(log) {
        let length = fs::metadata(log).map_or(0, |facts| facts.len());
        let _ = file.seek(SeekFrom::Start(length.saturating_sub(16 * 1024)));
        let _ = file.read_to_end(&mut bytes);
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let (_, end) = lines.split_at(lines.len().saturating_sub(count));
    end.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_command_is_shown_as_typed() {
        assert_eq!(shown(Command::new("/somewhere/cargo").args(["test", "--workspace"])), "cargo test --workspace");
    }

    #[test]
    fn ok_missing_program_is_not_found() {
        assert_eq!(find_on_path("no-such-program-anywhere"), None);
    }
}
