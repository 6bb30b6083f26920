//! Measures, beside a yardstick of the same run.

use crate::command::run;
use crate::failure::Result;
use crate::workspace;

/// Runs the benchmarks of the core.
pub(crate) fn bench() -> Result<()> {
    run(workspace::cargo().args(["bench", "-p", "stackherd-core", "--benches"]).current_dir(workspace::root()?))
}
