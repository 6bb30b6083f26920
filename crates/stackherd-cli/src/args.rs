//! What can be asked on the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Finds leaking goroutines in Go goroutine dumps.
#[derive(Debug, Parser)]
#[command(name = "stackherd", version, about)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Analyze(Analyze),
}

/// Group the goroutines of one or several dumps by their stacks.
///
/// Reads goroutine and goroutineleak profiles (debug=0, 1 and 2, and what go tool pprof prints of them), runtime.Stack,
/// SIGQUIT, panic and fatal error output, goleak and race detector reports, and the listings of delve and gops, by themselves
/// or inside logs; and goroutine counts in logs and metrics. A file may hold several dumps.
///
/// Unpacks gzip, zstd, xz, bzip2, zip and tar, one archive inside another included.
///
/// Exit codes: 0 fine, 2 nothing usable in the input or bad usage. Issues and errors go to standard error.
#[derive(Debug, Parser)]
pub(crate) struct Analyze {
    /// Dumps to read, or folders of them; '-' or none reads standard input
    #[arg(value_name = "FILE|FOLDER")]
    pub(crate) files: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub(crate) format: OutputFormat,
    /// Groups to list in text output; 0 lists all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) top: usize,
    /// Package prefix that is your own code; may be given several times
    #[arg(long, value_name = "PREFIX")]
    pub(crate) app: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people
    Text,
    /// The stackherd.report/1 contract
    Json,
}
