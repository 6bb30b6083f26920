//! A comparison as it is kept.

use std::collections::HashMap;

use stackherd_core::compare::{Row, Wanted};
use stackherd_core::{self as model, Grouping, Instance, Keys};
use stackherd_report::protocol::ChangeQuery;

use super::listing::Listing;
use super::{Changes, basis};
use crate::instances::{self, Facts};
use crate::rows::Grouped;
use crate::session::Loaded;
use crate::{Session, convert, times};

/// How the dumps of a session differ.
#[derive(Debug)]
pub(crate) struct Compared {
    pub(crate) sides: Sides,
    pub(crate) comparison: model::Comparison,
    /// Where each instance stands in the order of time.
    positions: Vec<u32>,
    row_of: HashMap<u64, u32>,
    /// The listing asked for last.
    pub(super) listing: Option<(ChangeQuery, Listing)>,
    /// Milliseconds that comparing took; 0 without a clock.
    pub(super) millis: f64,
}

/// What is compared: instances are known by their index in here.
#[derive(Debug)]
pub(crate) struct Sides {
    /// Numbers of the dumps, in the order of the session.
    pub(crate) dumps: Vec<u32>,
    /// What they are called, each differently.
    pub(crate) names: Vec<String>,
    /// What their processes are called; empty when unknown.
    processes: Vec<String>,
    /// When they were taken, in milliseconds since 1970.
    pub(crate) at_millis: Vec<Option<i64>>,
    /// What joins them when their formats tell different things; one for each, else empty.
    common: Vec<Common>,
}

impl Sides {
    pub(super) fn instances<'a>(&'a self, session: &'a Session) -> Vec<Instance<'a>> {
        let loaded = self.dumps.iter().enumerate().filter_map(|(at, dump)| Some((at, session.dumps.get(dump)?)));
        let instance = |(at, loaded): (usize, &'a Loaded)| Instance {
            snapshot: &loaded.snapshot,
            judgement: self.common.get(at).map_or_else(|| loaded.shown(), |common| &common.judgement),
            at_millis: self.at_millis.get(at).copied().flatten(),
            name: self.names.get(at).map_or("", String::as_str),
            process: self.processes.get(at).map_or("", String::as_str),
        };
        loaded.map(instance).collect()
    }
}

/// A dump grouped by what all of the compared ones tell.
#[derive(Debug)]
struct Common {
    judgement: model::Judgement,
    /// The key, by what all tell, of each group as shown.
    key_of_shown: Vec<u64>,
}

impl Common {
    fn of(session: &Session, loaded: &Loaded, grouping: Grouping, keys: &Keys<'_>) -> Self {
        Self {
            judgement: loaded.judgement.folded(&session.tables, &loaded.snapshot, &session.rules, grouping),
            key_of_shown: loaded.shown().groups.iter().map(|group| keys.key(group.signature)).collect(),
        }
    }
}

impl Compared {
    /// Compares what `session` holds; `None` below two dumps with goroutines.
    pub(crate) fn of(session: &Session) -> Option<Self> {
        let loaded: Vec<(u32, &Loaded)> = session
            .dumps
            .iter()
            .filter(|(_, loaded)| !loaded.snapshot.goroutines().is_empty())
            .map(|(&dump, loaded)| (dump, loaded))
            .collect();
        if loaded.len() < 2 {
            return None;
        }
        let basis = basis(&session.tables, loaded.iter().map(|(_, loaded)| &loaded.snapshot));
        let common: Vec<Common> = basis.map_or_else(Vec::new, |basis| {
            let grouping = Grouping { similarity: session.similarity, basis };
            let keys = Keys::of(&session.tables, &session.rules, grouping);
            loaded.iter().map(|(_, loaded)| Common::of(session, loaded, grouping, &keys)).collect()
        });
        let dumps: Vec<u32> = loaded.iter().map(|&(dump, _)| dump).collect();
        let told: Vec<Option<String>> =
            loaded.iter().map(|(_, loaded)| loaded.instance(session.instance_pattern.as_ref())).collect();
        let facts: Vec<Facts<'_>> = loaded.iter().zip(&told).map(|((_, loaded), told)| loaded.facts(told.as_deref())).collect();
        let (names, processes) = (instances::names(&facts), instances::processes(&facts));
        let at_millis = times::together(&loaded.iter().map(|(_, loaded)| loaded.taken_at()).collect::<Vec<_>>());
        let sides = Sides { dumps, names, processes, at_millis, common };
        let index = |dump: Option<u32>| Some(sides.dumps.iter().position(|&known| Some(known) == dump)? as u32);
        let wanted = Wanted {
            mode: session.options.mode.map(convert::wanted_mode),
            relation: session.options.relation.map(convert::wanted_relation),
            baseline: index(session.options.baseline),
            target: index(session.options.target),
        };
        let mut comparison = model::compare(&session.tables, &session.rules, &sides.instances(session), wanted)?;
        session.user_rules.settle(&mut comparison.findings);
        let mut positions = vec![0; sides.dumps.len()];
        for (position, &at) in (0..).zip(&comparison.order) {
            if let Some(slot) = positions.get_mut(at as usize) {
                *slot = position;
            }
        }
        let row_of = comparison.rows.iter().zip(0..).map(|(row, index)| (row.key, index)).collect();
        Some(Self { sides, comparison, positions, row_of, listing: None, millis: 0.0 })
    }

    /// Whether the dumps are of formats that tell different things.
    pub(crate) fn is_mixed(&self) -> bool {
        !self.sides.common.is_empty()
    }

    /// The groups of an instance as they were compared.
    pub(crate) fn judgement<'a>(&'a self, session: &'a Session, instance: u32) -> Option<&'a model::Judgement> {
        match self.sides.common.get(instance as usize) {
            Some(common) => Some(&common.judgement),
            None => Some(self.loaded(session, instance)?.shown()),
        }
    }

    pub(crate) fn loaded<'a>(&self, session: &'a Session, instance: u32) -> Option<&'a Loaded> {
        session.dumps.get(self.sides.dumps.get(instance as usize)?)
    }

    /// The groups of an instance as they were compared, to be shown.
    pub(crate) fn grouped<'a>(&'a self, session: &'a Session, instance: u32) -> Option<Grouped<'a>> {
        let loaded = self.loaded(session, instance)?;
        Some(session.grouped_by(loaded, self.judgement(session, instance)?))
    }

    /// The index of a dump among the instances.
    pub(crate) fn instance(&self, dump: u32) -> Option<u32> {
        self.sides.dumps.iter().position(|&known| known == dump).map(|at| at as u32)
    }

    /// Where an instance stands in the order of time.
    pub(crate) fn position(&self, instance: u32) -> u32 {
        self.positions.get(instance as usize).copied().unwrap_or(instance)
    }

    /// Where instances stand in the order of time.
    pub(crate) fn positions(&self, instances: &[u32]) -> Vec<u32> {
        instances.iter().map(|&instance| self.position(instance)).collect()
    }

    /// What is listed for each instance, in the order of time.
    pub(crate) fn in_time<T: Copy>(&self, values: &[T]) -> Vec<T> {
        self.comparison.order.iter().filter_map(|&instance| values.get(instance as usize)).copied().collect()
    }

    /// The row with a key, and its index.
    pub(crate) fn row(&self, key: u64) -> Option<(u32, &Row)> {
        let index = *self.row_of.get(&key)?;
        Some((index, self.comparison.rows.get(index as usize)?))
    }

    /// What changed about the groups of a dump; `None` when it is not compared.
    pub(crate) fn changes_of(&self, dump: u32) -> Option<Changes<'_>> {
        Some(Changes { compared: self, instance: self.instance(dump)? })
    }

    /// The key in the comparison of the group at `index` of an instance as shown; `shown` is its key there.
    pub(super) fn key_of_shown(&self, instance: u32, index: usize, shown: u64) -> Option<u64> {
        match self.sides.common.get(instance as usize) {
            Some(common) => common.key_of_shown.get(index).copied(),
            None => Some(shown),
        }
    }

    /// The instance whose goroutines stand for a row: the target, or the last in time that has it; in a fleet the one with most.
    pub(super) fn shown_in(&self, row: &Row) -> Option<u32> {
        let has = |instance: &&u32| row.groups.get(**instance as usize).is_some_and(Option::is_some);
        let count = |instance: u32| row.counts.get(instance as usize).copied().unwrap_or(0);
        let order = &self.comparison.order;
        match self.comparison.mode {
            model::Mode::Series => {
                let target = Some(&self.comparison.target).filter(has);
                target.or_else(|| order.iter().rev().find(has)).copied()
            }
            model::Mode::Fleet => order.iter().filter(has).copied().rev().max_by_key(|&instance| count(instance)),
        }
    }
}
