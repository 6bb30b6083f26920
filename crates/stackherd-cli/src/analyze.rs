//! `stackherd analyze`: what dumps say.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use stackherd_engine::Session;
use stackherd_report::Report;
use stackherd_report::protocol::Opened;

use crate::args::{Analyze, OutputFormat};
use crate::input::{Input, Progress};
use crate::{EXIT_FOUND, EXIT_UNUSABLE, compare, text, warn, written};

/// Entries of an archive, and issues of its dumps, that are told one by one.
const MAX_ISSUES: usize = 20;

/// Reads the inputs and writes what they say.
pub(crate) fn analyze(options: &Analyze) -> ExitCode {
    let mut session = Session::default();
    session.set_app_prefixes(options.app.clone());
    if let Err(message) = options.rules.as_ref().map_or(Ok(()), |path| read_rules(&mut session, path)) {
        warn(&message);
        return ExitCode::from(EXIT_UNUSABLE);
    }
    let mut progress = Progress::new(io::stderr().is_terminal());
    for (id, input) in (0..).zip(Input::all(&options.files)) {
        let opened = input.read(&mut session, id, &mut progress);
        progress.clear();
        match opened {
            Ok(opened) => print_issues(&input, &opened),
            Err(message) => warn(&format!("{input}: {message}")),
        }
    }
    if let Err(message) = compare::set_up(&mut session, options) {
        warn(&message);
        return ExitCode::from(EXIT_UNUSABLE);
    }
    let report = session.report_in(options.language());
    if report.dumps.is_empty() {
        return ExitCode::from(EXIT_UNUSABLE);
    }
    let is_failed = report.findings.iter().any(|finding| options.fail_on.is_reached_by(finding.severity));
    let done = if is_failed { ExitCode::from(EXIT_FOUND) } else { ExitCode::SUCCESS };
    written(print(&session, &report, options), done)
}

fn read_rules(session: &mut Session, path: &Path) -> Result<(), String> {
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    session.set_rules(&text).map_err(|error| format!("{name}:{}: {}", error.line, error.message))
}

fn print(session: &Session, report: &Report, options: &Analyze) -> io::Result<()> {
    let stdout = io::stdout();
    let is_colored = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut out = BufWriter::new(stdout.lock());
    if let Some(kind) = options.exported() {
        let text = session.export(None, kind, options.language()).unwrap_or_default();
        out.write_all(text.as_bytes())?;
        return out.flush();
    }
    match options.format {
        OutputFormat::Json => {
            serde_json::to_writer(&mut out, report)?;
            writeln!(out)?;
        }
        OutputFormat::Text | OutputFormat::Markdown => {
            let options =
                text::Options { top: options.top, shows_idle: !options.no_idle, is_colored, language: options.language() };
            text::write(&mut out, report, &options)?;
        }
    }
    out.flush()
}

fn print_issues(input: &Input, opened: &Opened) {
    let of_input = opened.issues.iter().map(|issue| {
        let entry = issue.entry.as_ref().map_or_else(String::new, |entry| format!("/{entry}"));
        format!("{input}{entry}: {}: {}", issue.kind.as_str(), issue.message)
    });
    print_first(of_input, |n| format!("{input}: and {n} more that could not be read"));
    let dumps = opened.dumps.iter().map(|summary| &summary.dump);
    let of_dumps = dumps.flat_map(|dump| {
        dump.issues.iter().map(|issue| format!("{}:{}: {}: {}", dump.name, issue.line, issue.kind.as_str(), issue.message))
    });
    print_first(of_dumps, |n| format!("{input}: and {n} more issues; --format json lists all"));
}

/// Tells the first issues, and how many more there are.
fn print_first(mut issues: impl Iterator<Item = String>, rest: impl Fn(usize) -> String) {
    issues.by_ref().take(MAX_ISSUES).for_each(|issue| warn(&issue));
    let n = issues.count();
    if n > 0 {
        warn(&rest(n));
    }
}
