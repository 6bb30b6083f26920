//! A comparison made from counts alone.

use stackherd_core::compare::{Row, fleet, join, order, trend};
use stackherd_core::{Mode, Status};
use stackherd_report::{Comparison, Dump, Group, GroupChange, GroupStatus, Origin, Relation, Report};

use crate::convert;
use crate::instances::{self, Facts};
use crate::rows::key_text;
use crate::times::{self, Moment};

/// More dumps than somebody takes by hand.
const MANY: usize = 12;
/// Dumps of one program share so many of their groups of application code, in percent.
const SHARED_PERCENT: usize = 50;

/// How the dumps of a merged report differ; `None` below two with goroutines.
pub(super) fn compare(report: &Report, mixed_formats: bool) -> Option<Comparison> {
    let dumps: Vec<&Dump> = report.dumps.iter().filter(|dump| dump.goroutines > 0).collect();
    if dumps.len() < 2 {
        return None;
    }
    let facts: Vec<Facts<'_>> = dumps.iter().map(|dump| facts(dump)).collect();
    let names = instances::names(&facts);
    let moments: Vec<Option<Moment>> = dumps.iter().map(|dump| dump.captured_at.clone().map(Moment::of_file)).collect();
    let at_millis = times::together(&moments.iter().map(Option::as_ref).collect::<Vec<_>>());
    let mode = mode(&facts);
    let order = in_time(&names, &at_millis);
    let (baseline, target) = (*order.first()?, *order.last()?);
    let minutes = |instance: u32| at_millis.get(instance as usize).copied().flatten().map(|millis| millis as f64 / 60_000.0);
    let span = minutes(baseline).zip(minutes(target)).map(|(from, to)| to - from).filter(|span| *span != 0.0);
    let mut rows: Vec<Row> = report.groups.iter().filter_map(|group| row(group, &dumps)).collect();
    join::measure(&mut rows, baseline, target, span);
    let at_minutes: Option<Vec<f64>> = order.iter().map(|&instance| minutes(instance)).collect();
    for row in &mut rows {
        match mode {
            Mode::Series => {
                let counts: Vec<u64> = order.iter().filter_map(|&at| row.counts.get(at as usize)).copied().collect();
                row.trend = trend::trend(&counts, at_minutes.as_deref());
            }
            Mode::Fleet => row.spread = Some(fleet::spread_of(&row.counts)),
        }
    }
    join::sort(&mut rows, mode);
    let id = |instance: u32| dumps.get(instance as usize).map_or(instance, |dump| dump.id);
    let ids = |instances: &[u32]| instances.iter().map(|&instance| id(instance)).collect::<Vec<u32>>();
    let (relation, relation_why) = relation(report);
    let mut instances: Vec<String> = report.dumps.iter().map(|dump| dump.name.clone()).collect();
    for (dump, name) in dumps.iter().zip(names) {
        if let Some(slot) = instances.get_mut(dump.id as usize) {
            *slot = name;
        }
    }
    let changes = rows.iter().map(|row| change(row, &dumps, report.dumps.len(), &ids));
    Some(Comparison {
        relation,
        relation_why,
        mode: convert::mode(mode),
        baseline: id(baseline),
        target: id(target),
        order: ids(&order),
        restarts: Vec::new(),
        instances,
        minutes: span,
        mixed_formats,
        title: title(dumps.len(), &rows, mode),
        detail: "Made from the counts of reports: who was born, ended or did not move is not known.".to_owned(),
        outcome: None,
        groups: changes.collect(),
    })
}

fn facts(dump: &Dump) -> Facts<'_> {
    Facts { instance: dump.instance.as_deref(), source: dump.source.as_deref(), name: &dump.name }
}

/// A fleet has many names; one service again and again has one.
fn mode(facts: &[Facts<'_>]) -> Mode {
    let mut processes = instances::processes(facts);
    let are_named = processes.iter().all(|name| !name.is_empty());
    processes.sort_unstable();
    processes.dedup();
    let is_fleet = facts.len() > 2 && if are_named { processes.len() * 2 > facts.len() } else { facts.len() > MANY };
    if is_fleet { Mode::Fleet } else { Mode::Series }
}

/// By time when all are known, else by name.
fn in_time(names: &[String], at_millis: &[Option<i64>]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..names.len() as u32).collect();
    let name = |instance: u32| names.get(instance as usize).map_or("", String::as_str);
    order.sort_by(|&left, &right| order::natural(name(left), name(right)));
    if at_millis.iter().all(Option::is_some) {
        order.sort_by_key(|&instance| at_millis.get(instance as usize).copied().flatten());
    }
    order
}

fn row(group: &Group, dumps: &[&Dump]) -> Option<Row> {
    let count = |dump: &&Dump| group.per_dump.get(dump.id as usize).copied().unwrap_or(0);
    Some(Row {
        key: u64::from_str_radix(&group.key, 16).ok()?,
        counts: dumps.iter().map(count).collect(),
        groups: Vec::new(),
        status: Status::Same,
        delta: 0,
        lives: None,
        per_minute: None,
        trend: None,
        spread: None,
    })
}

fn change(row: &Row, dumps: &[&Dump], n_dumps: usize, ids: &dyn Fn(&[u32]) -> Vec<u32>) -> GroupChange {
    let mut counts = vec![0; n_dumps];
    for (dump, &count) in dumps.iter().zip(&row.counts) {
        if let Some(slot) = counts.get_mut(dump.id as usize) {
            *slot = count;
        }
    }
    let spread = row.spread.as_ref();
    GroupChange {
        key: key_text(row.key),
        status: convert::status(row.status),
        counts,
        delta: row.delta,
        born: None,
        ended: None,
        stuck: None,
        per_minute: row.per_minute,
        outlier_dumps: spread.map_or_else(Vec::new, |spread| ids(&spread.outliers)),
        missing_dumps: spread.map_or_else(Vec::new, |spread| ids(&spread.missing)),
        median: spread.map(|spread| spread.median),
        deviation: spread.map(|spread| spread.deviation),
        trend: row.trend.map(convert::trend),
    }
}

/// One program shares most groups of its own code; whether it was one process, only ids tell.
fn relation(report: &Report) -> (Relation, String) {
    let is_app = |group: &&Group| group.stack.iter().any(|frame| frame.origin == Origin::App);
    let n_dumps = |group: &&Group| group.per_dump.iter().filter(|&&count| count > 0).count();
    let (mut n_app, mut n_shared) = (0, 0);
    for group in report.groups.iter().filter(is_app) {
        n_app += 1;
        n_shared += usize::from(n_dumps(&group) > 1);
    }
    let percent = (n_shared * 100_usize).checked_div(n_app).unwrap_or(0);
    let why = format!("{percent}% of the groups of application code are in several dumps; reports have no ids to compare.");
    (if percent >= SHARED_PERCENT { Relation::SameService } else { Relation::Unknown }, why)
}

fn title(n_dumps: usize, rows: &[Row], mode: Mode) -> String {
    match mode {
        Mode::Series => {
            let count = |status: GroupStatus| rows.iter().filter(|row| convert::status(row.status) == status).count();
            let counts = GroupStatus::ALL.iter().map(|&status| (status.as_str(), count(status))).filter(|&(_, n)| n > 0);
            let counts: Vec<String> = counts.map(|(status, n)| format!("{n} {status}")).collect();
            format!("{n_dumps} dumps; groups: {}", counts.join(", "))
        }
        Mode::Fleet => {
            let is_odd = |row: &&Row| row.spread.as_ref().is_some_and(|spread| !spread.outliers.is_empty());
            format!("{n_dumps} instances; {} of {} groups stand out in some", rows.iter().filter(is_odd).count(), rows.len())
        }
    }
}
