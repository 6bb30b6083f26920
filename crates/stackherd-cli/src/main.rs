//! `stackherd`: Go goroutine dumps in a terminal.
//!
//! Exit codes: 0 fine, 1 a finding reaches `--fail-on`, 2 nothing usable in the input or bad usage. Issues and errors go to
//! standard error.

mod analyze;
mod args;
mod compare;
mod input;
mod merge;
mod text;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// A finding reaches `--fail-on`.
const EXIT_FOUND: u8 = 1;
/// Nothing usable in the input.
const EXIT_UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    match Args::parse().command {
        Command::Analyze(options) => analyze::analyze(&options),
        Command::Merge(options) => merge::merge(&options),
    }
}

/// What to exit with after the output was written, `done` if nothing went wrong.
fn written(result: io::Result<()>, done: ExitCode) -> ExitCode {
    match result {
        // Whoever reads the output had enough of it, as in `stackherd analyze … | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => done,
        Err(error) => {
            warn(&format!("standard output: {error}"));
            ExitCode::from(EXIT_UNUSABLE)
        }
        Ok(()) => done,
    }
}

fn warn(message: &str) {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(io::stderr(), "stackherd: {}", text::plain(message));
}
