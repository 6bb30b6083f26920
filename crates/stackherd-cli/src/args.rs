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
/// Reads debug=2 text, runtime.Stack, SIGQUIT, panic and fatal error output, plain or gzip.
/// Exit codes: 0 fine, 2 nothing usable in the input or bad usage.
#[derive(Debug, Parser)]
pub(crate) struct Analyze {
    /// Dumps to read; '-' or no file reads standard input
    #[arg(value_name = "FILE")]
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
