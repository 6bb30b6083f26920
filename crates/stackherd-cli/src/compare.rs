//! How several dumps are compared, as the command line says.

use stackherd_engine::Session;
use stackherd_report::Report;
use stackherd_report::protocol::CompareOptions;

use crate::args::Analyze;

/// Sets level, times, names and baseline, once all dumps were read.
pub(crate) fn set_up(session: &mut Session, options: &Analyze) -> Result<(), String> {
    session.regroup(options.similarity(), None);
    if let Some(pattern) = &options.instance {
        session.set_instance_pattern(pattern).map_err(|error| format!("--instance: {error}"))?;
    }
    if !options.at.is_empty() || options.baseline.is_some() {
        let report = session.report();
        for at in &options.at {
            let (dump, time) = at.rsplit_once('=').ok_or_else(|| format!("--at {at}: give a dump and a time, as in 1=TIME"))?;
            if !stackherd_engine::is_time(time) {
                return Err(format!("--at {at}: {time:?} is no time; give one as in 2026-11-21T12:30:00Z"));
            }
            session.set_captured_at(find(&report, "--at", dump)?, Some(time.to_owned()));
        }
    }
    let baseline = match &options.baseline {
        Some(dump) => Some(find(&session.report(), "--baseline", dump)?),
        None => None,
    };
    session.set_comparison(CompareOptions { mode: options.mode(), relation: options.relation(), baseline, target: None });
    Ok(())
}

/// The dump that is meant by its name, the name of its instance, or its number.
fn find(report: &Report, option: &str, wanted: &str) -> Result<u32, String> {
    let instances = report.comparison.as_ref().map_or(&[][..], |comparison| &comparison.instances);
    let instance = |id: u32| instances.get(id as usize).map_or("", String::as_str);
    let by_name = report.dumps.iter().find(|dump| dump.name == wanted || instance(dump.id) == wanted);
    let by_number = || report.dumps.iter().find(|dump| wanted.parse() == Ok(dump.id));
    if let Some(dump) = by_name.or_else(by_number) {
        return Ok(dump.id);
    }
    let mut ends = report.dumps.iter().filter(|dump| dump.name.ends_with(wanted));
    match (ends.next(), ends.next()) {
        (Some(dump), None) => Ok(dump.id),
        (Some(_), Some(_)) => Err(format!("{option} {wanted}: several dumps are called so; give its number, from 0")),
        (None, _) => {
            let last = report.dumps.len().saturating_sub(1);
            Err(format!("{option} {wanted}: there is no such dump; give its name, or its number from 0 to {last}"))
        }
    }
}
