//! Runs the checks and tests, each under a heading, and sums up at the end.

use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::steps::STEPS;

/// One check or test suite.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// What is true when it passes.
    pub(crate) promise: &'static str,
    pub(crate) run: fn() -> Result<()>,
}

/// Prints the names of the steps.
pub(crate) fn list() {
    for step in STEPS {
        println!("{:<12} {}", step.name, step.promise);
    }
}

/// Runs all steps, or those in the comma-separated `only`, in their usual order.
///
/// A failing step does not keep the others from running; the whole fails at the end.
pub(crate) fn test(only: Option<&str>) -> Result<()> {
    let chosen = choose(only)?;
    let mut outcomes = Vec::new();
    for (number, step) in chosen.iter().enumerate() {
        println!("\n== {}/{} {}: {}", number + 1, chosen.len(), step.name, step.promise);
        let started = Instant::now();
        let result = (step.run)();
        if let Err(failure) = &result {
            eprintln!("error: {failure}");
        }
        outcomes.push((step.name, started.elapsed(), result));
    }
    println!("\n== Summary");
    for (name, time, result) in &outcomes {
        println!("{}", summary_line(name, *time, result));
    }
    let n_failed = outcomes.iter().filter(|(_, _, result)| result.is_err()).count();
    match n_failed {
        0 => Ok(()),
        _ => Err(Failure::new(format!("{n_failed} of {} steps failed", outcomes.len()))),
    }
}

fn choose(only: Option<&str>) -> Result<Vec<&'static Step>> {
    let Some(only) = only else { return Ok(STEPS.iter().collect()) };
    let names: Vec<&str> = only.split(',').map(str::trim).collect();
    match names.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        Some(name) => Err(Failure::new(format!("there is no step `{name}`")).remedy("`cargo xtask test --list` names them")),
        None => Ok(STEPS.iter().filter(|step| names.contains(&step.name)).collect()),
    }
}

fn summary_line(name: &str, time: Duration, result: &Result<()>) -> String {
    let word = if result.is_ok() { "ok" } else { "FAILED" };
    format!("{word:<6}  {name:<12} {:>6.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_steps_keep_their_order() {
        let names: Vec<&str> = choose(Some("docs,format")).unwrap().iter().map(|step| step.name).collect();
        assert_eq!(names, ["format", "docs"]);
    }

    #[test]
    fn err_unknown_step() {
        assert!(choose(Some("format,colour")).unwrap_err().to_string().contains("`colour`"));
    }

    #[test]
    fn ok_summary_lines_stand_in_columns() {
        assert_eq!(summary_line("docs", Duration::from_millis(1250), &Ok(())), "ok      docs            1.2 s");
        assert_eq!(summary_line("docs", Duration::from_secs(61), &Err(Failure::new(""))), "FAILED  docs           61.0 s");
    }
}
