//! `stackherd merge`: several reports as one.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use stackherd_report::{Report, SCHEMA};

use crate::args::Merge;
use crate::{EXIT_UNUSABLE, warn, written};

/// Reads reports and writes the one that they make together.
pub(crate) fn merge(options: &Merge) -> ExitCode {
    let merged = read_all(options).and_then(|reports| stackherd_engine::merge(reports).map_err(|error| error.to_string()));
    match merged {
        Ok(report) => written(print(&report), ExitCode::SUCCESS),
        Err(message) => {
            warn(&message);
            ExitCode::from(EXIT_UNUSABLE)
        }
    }
}

fn read_all(options: &Merge) -> Result<Vec<Report>, String> {
    let mut reports = Vec::new();
    if options.files.is_empty() {
        read(Path::new("-"), &mut reports)?;
    }
    for path in &options.files {
        read(path, &mut reports)?;
    }
    Ok(reports)
}

/// Adds the reports of a file: one, or several one after the other.
fn read(path: &Path, reports: &mut Vec<Report>) -> Result<(), String> {
    let is_stdin = path.as_os_str() == "-";
    let name = if is_stdin { "standard input".to_owned() } else { path.display().to_string() };
    let text = if is_stdin { io::read_to_string(io::stdin().lock()) } else { fs::read_to_string(path) };
    let text = text.map_err(|error| format!("{name}: {error}"))?;
    let values = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
    for value in values {
        let value = value.map_err(|error| format!("{name}: this is no report: {error}"))?;
        reports.push(parse(value).map_err(|message| format!("{name}: {message}"))?);
    }
    Ok(())
}

fn parse(value: serde_json::Value) -> Result<Report, String> {
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) => serde_json::from_value(value).map_err(|error| format!("the report can't be read: {error}")),
        Some(other) => Err(format!("the report's schema is {other:?}, this version knows {SCHEMA:?}")),
        None => Err(format!("this is no report; 'stackherd analyze --format json' writes {SCHEMA}")),
    }
}

fn print(report: &Report) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut out, report)?;
    writeln!(out)?;
    out.flush()
}
