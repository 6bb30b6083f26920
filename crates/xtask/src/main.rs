//! The project's own commands: set up the tools, build the page, serve it, test everything.
//!
//! Run them as `cargo xtask COMMAND`. Each command sets up what it needs and is quick when nothing is missing.

#![expect(clippy::print_stdout, reason = "a terminal program speaks on standard output")]

mod bench;
mod browser;
mod command;
mod dense;
mod elements;
mod failure;
mod glue;
mod inline;
mod page;
mod serve;
mod setup;
mod steps;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Result};

const USAGE: &str = "\
cargo xtask COMMAND

  serve [--port N]          build the page, serve it on this machine, rebuild it when a source changes
  build [--debug]           build the page into dist/index.html, one file that needs nothing else
  test [--only STEP,STEP]   run every check and test; `test --list` names the steps
  bench                     measure
  setup                     install the missing tools and do nothing else

The tools are kept in a per-user cache; STACKHERD_TOOLS names another folder for them.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        ["serve"] => serve::serve(None),
        ["serve", "--port", port] => match port.parse() {
            Ok(port) => serve::serve(Some(port)),
            Err(_) => Err(Failure::new(format!("`{port}` is not a port")).remedy("give a number from 1 to 65535")),
        },
        ["build"] => page::build(page::Profile::Release),
        ["build", "--debug"] => page::build(page::Profile::Debug),
        ["test"] => test::test(None),
        ["test", "--list"] => {
            test::list();
            Ok(())
        }
        ["test", "--only", names] => test::test(Some(names)),
        ["bench"] => bench::bench(),
        ["setup"] => setup::page_tools().and_then(|_| setup::playwright()).map(|_| println!("Everything is in place.")),
        ["page-hook"] => page::hook(),
        other => {
            Err(Failure::new(format!("unknown command `{}`", other.join(" "))).remedy("`cargo xtask help` lists the commands"))
        }
    }
}
