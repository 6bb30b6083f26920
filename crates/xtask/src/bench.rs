//! Measures, beside yardsticks of the same run.

use crate::browser;
use crate::command::run;
use crate::failure::Result;
use crate::page::{self, Profile};
use crate::workspace;

/// Runs the benchmarks of the core, then measures the page in a browser.
///
/// The page's figures go to `target/bench/report.json` and `report.md`.
pub(crate) fn bench() -> Result<()> {
    let root = workspace::root()?;
    run(workspace::cargo().args(["bench", "-p", "stackherd-core", "-p", "stackherd-engine", "--benches"]).current_dir(&root))?;
    page::build(Profile::Release)?;
    run(browser::node()?.arg("tests/browser/bench.mjs"))
}
