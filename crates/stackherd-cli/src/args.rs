//! What can be asked on the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use stackherd_report::protocol::ExportKind;
use stackherd_report::{ComparisonMode, Language, Relation, Severity, Similarity};

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
    Merge(Merge),
}

/// Merge JSON reports to one, as if their dumps had been analyzed together.
///
/// Reads what 'stackherd analyze --format json' writes, of the same schema and grouped alike (--by), and writes one report as
/// JSON. What needs the goroutines themselves is not in it: who was born, ended or did not move between dumps.
///
/// Exit codes: 0 fine, 2 a report can't be read or does not fit the others.
#[derive(Debug, Parser)]
pub(crate) struct Merge {
    /// Reports to merge; '-' or none reads standard input
    #[arg(value_name = "REPORT.json")]
    pub(crate) files: Vec<PathBuf>,
}

/// Say what is wrong in one or several dumps: the verdict, findings with their evidence and fix, and the goroutines grouped
/// by their stacks.
///
/// Reads goroutine and goroutineleak profiles (debug=0, 1 and 2, and what go tool pprof prints of them), runtime.Stack,
/// SIGQUIT, panic and fatal error output, goleak and race detector reports, and the listings of delve and gops, by themselves
/// or inside logs; and goroutine counts in logs and metrics. A file may hold several dumps.
///
/// Several dumps are compared: dumps of one service as a series (what is new, grown, shrunk, gone, and how fast), many instances
/// as a fleet (which one is odd). Times come from the dump, its name or its file; --at sets them.
///
/// Unpacks gzip, zstd, xz, bzip2, zip and tar, one archive inside another included.
///
/// Exit codes: 0 fine, 1 a finding reaches --fail-on, 2 nothing usable in the input or bad usage. Issues and errors go to
/// standard error.
#[derive(Debug, Parser)]
#[command(after_long_help = RULES_HELP)]
pub(crate) struct Analyze {
    /// Dumps to read, or folders of them; '-' or none reads standard input
    #[arg(value_name = "FILE|FOLDER")]
    pub(crate) files: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub(crate) format: OutputFormat,
    /// Write this text instead of the report
    #[arg(long, value_enum, value_name = "KIND", conflicts_with = "format")]
    pub(crate) export: Option<Export>,
    /// How alike the goroutines of a group are
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = By::Stack)]
    pub(crate) by: By,
    /// How several dumps relate: one service over time, or many instances
    #[arg(long = "as", value_enum, value_name = "MODE", default_value_t = As::Auto)]
    pub(crate) mode: As,
    /// The dump that the others compare to: its number, from 0, or its name; default the first in time
    #[arg(long, value_name = "DUMP")]
    pub(crate) baseline: Option<String>,
    /// Whether the dumps are of one process
    #[arg(long, value_enum, value_name = "RELATION", default_value_t = Related::Auto)]
    pub(crate) relation: Related,
    /// Finds the name of an instance in the name of its dump: the first group, or the whole match
    #[arg(long, value_name = "REGEX")]
    pub(crate) instance: Option<String>,
    /// When a dump was taken, as in 1=2026-11-21T12:30:00Z; may be given several times
    #[arg(long, value_name = "DUMP=TIME")]
    pub(crate) at: Vec<String>,
    /// Groups to list in text output; 0 lists all, the idle ones too
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) top: usize,
    /// Leave idle groups out of text output altogether
    #[arg(long)]
    pub(crate) no_idle: bool,
    /// Package prefix that is your own code; may be given several times
    #[arg(long, value_name = "PREFIX")]
    pub(crate) app: Vec<String>,
    /// Your own rules and what to ignore, as TOML or JSON; --help shows an example
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    /// Exit with 1 when a finding is that bad, or worse
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Never)]
    pub(crate) fail_on: FailOn,
    /// Language of the verdict, the findings and the summary
    #[arg(long, value_enum, value_name = "LANG", default_value_t = Lang::En)]
    pub(crate) lang: Lang,
}

const RULES_HELP: &str = r#"A rules file:
  mute = ["sleep-loop"]                  # built-in rules not to apply
  severity.blocked-receivers = "info"    # info, warning or critical

  [[rule]]
  name = "payment-workers"
  severity = "critical"                  # default warning
  message = "{count} payment workers are stuck at {place}"
  any_frame = '^shop\.example/payment\.' # regular expressions, on a function or file:line; also top_frame, created_by
  state = ["select", "chan receive"]
  min_count = 20                         # also min_wait_minutes, fix, reference

  [[ignore]]                             # as goleak.IgnoreTopFunction; also any_function, any_containing_pkg, created_by
  reason = "The metrics flusher lives as long as the process."
  top_function = "example.com/metrics.(*Flusher).loop""#;

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people
    Text,
    /// The stackherd.report/1 contract
    Json,
    /// A summary of the incident, for tickets and chats
    Markdown,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum By {
    /// The same functions, files and lines
    Stack,
    /// The same functions, whatever their lines: survives a deploy
    Function,
    /// The same go statement and entry function
    Origin,
    /// The same first application frame
    Culprit,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum As {
    /// Told from the dumps
    Auto,
    /// One service at several moments
    Series,
    /// Many instances at about one moment
    Fleet,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Related {
    /// Told from goroutine ids and names
    Auto,
    /// One process: goroutines are followed by their ids
    SameProcess,
    /// Processes of one program
    SameService,
    /// Nothing is known
    Unknown,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Export {
    /// Go options that make goleak ignore the idle goroutines
    Goleak,
    /// A Prometheus alert rule from the observed count
    Prometheus,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FailOn {
    Never,
    Info,
    Warning,
    Critical,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Lang {
    /// English
    En,
    /// 简体中文
    #[value(name = "zh-CN", alias = "zh")]
    ZhCn,
}

impl Analyze {
    /// The text to write instead of the report.
    pub(crate) fn exported(&self) -> Option<ExportKind> {
        match (self.export, self.format) {
            (Some(Export::Goleak), _) => Some(ExportKind::GoleakOptions),
            (Some(Export::Prometheus), _) => Some(ExportKind::PrometheusRule),
            (None, OutputFormat::Markdown) => Some(ExportKind::IncidentSummary),
            (None, OutputFormat::Text | OutputFormat::Json) => None,
        }
    }

    pub(crate) fn similarity(&self) -> Similarity {
        match self.by {
            By::Stack => Similarity::Stack,
            By::Function => Similarity::Function,
            By::Origin => Similarity::Origin,
            By::Culprit => Similarity::Culprit,
        }
    }

    pub(crate) fn mode(&self) -> Option<ComparisonMode> {
        match self.mode {
            As::Auto => None,
            As::Series => Some(ComparisonMode::Series),
            As::Fleet => Some(ComparisonMode::Fleet),
        }
    }

    pub(crate) fn relation(&self) -> Option<Relation> {
        match self.relation {
            Related::Auto => None,
            Related::SameProcess => Some(Relation::SameProcess),
            Related::SameService => Some(Relation::SameService),
            Related::Unknown => Some(Relation::Unknown),
        }
    }

    pub(crate) fn language(&self) -> Language {
        match self.lang {
            Lang::En => Language::En,
            Lang::ZhCn => Language::ZhCn,
        }
    }
}

impl FailOn {
    /// Whether a finding that bad fails the run.
    pub(crate) fn is_reached_by(self, severity: Severity) -> bool {
        match self {
            Self::Never => false,
            Self::Info => true,
            Self::Warning => severity >= Severity::Warning,
            Self::Critical => severity >= Severity::Critical,
        }
    }
}
