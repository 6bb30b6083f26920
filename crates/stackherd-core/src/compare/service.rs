//! Whether dumps are of one program, told by the application's functions: they survive a rebuild, and every format prints them.

use alloc::vec;
use alloc::vec::Vec;
use core::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::{Instance, Row};
use crate::func::FuncName;
use crate::origin::{Origin, OriginRules};
use crate::tables::{Edge, Frame, StackId, Tables};

/// Processes run one program when they have so many of the application's functions in common, in percent of the ones that
/// the smaller dump shows.
const SHARED_PERCENT: usize = 50;

/// The application's functions.
#[derive(Debug)]
pub(super) struct Functions<'a> {
    tables: &'a Tables,
    origins: &'a OriginRules,
    /// By name: `None` before it was looked at.
    is_app: Vec<Option<bool>>,
}

impl<'a> Functions<'a> {
    pub(super) fn new(tables: &'a Tables, origins: &'a OriginRules) -> Self {
        Self { tables, origins, is_app: vec![None; tables.strings.iter().count()] }
    }

    /// A number for the function if it is the application's. Every program has a `main.main`, so there the file counts too,
    /// and its name does for the rest of that package.
    fn number(&mut self, frame: Frame) -> Option<u64> {
        let name = self.tables.bytes(frame.function);
        let file = file_of(self.tables.bytes(frame.location));
        let index = frame.function.index();
        let (origins, slot) = (self.origins, self.is_app.get_mut(index)?);
        let is_app = *slot.get_or_insert_with(|| {
            origins.origin(&FuncName::parse(name), &alloc::string::String::from_utf8_lossy(file)) == Origin::App
        });
        let file_name = file.rsplit(|&byte| byte == b'/').next().unwrap_or(file);
        let number = match name {
            b"main.main" => FixedState::with_seed(0x5eed).hash_one((index, file)),
            _ if name.starts_with(b"main.") => FixedState::with_seed(0x5eed).hash_one((index, file_name)),
            _ => index as u64,
        };
        is_app.then_some(number)
    }

    fn of_edge(&mut self, edge: Edge) -> Option<u64> {
        match edge {
            Edge::Frame(frame) | Edge::CreatedBy(frame) => self.number(self.tables.frames.get(frame)),
            Edge::Elided => None,
        }
    }

    /// The numbers of those that a dump shows, sorted. `O(goroutines + frames)`.
    fn of_dump(&mut self, instance: &Instance<'_>) -> Vec<u64> {
        let mut is_seen = vec![false; self.tables.stacks.n_nodes()];
        let mut found = Vec::new();
        for goroutine in instance.snapshot.goroutines() {
            let mut at = goroutine.stack;
            while at != StackId::EMPTY {
                let Some(is_seen) = is_seen.get_mut(at.index()).filter(|is_seen| !**is_seen) else { break };
                *is_seen = true;
                let Some((parent, edge)) = self.tables.stacks.last_edge(at) else { break };
                found.extend(self.of_edge(edge));
                at = parent;
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn is_in(&mut self, stack: StackId) -> bool {
        let mut at = stack;
        while let Some((parent, edge)) = self.tables.stacks.last_edge(at) {
            if self.of_edge(edge).is_some() {
                return true;
            }
            at = parent;
        }
        false
    }

    /// Whether all dumps are of one program, and how much the least alike of them has in common with the others, in percent.
    pub(super) fn are_one_service(&mut self, instances: &[Instance<'_>]) -> (bool, u32) {
        let functions: Vec<Vec<u64>> = instances.iter().map(|instance| self.of_dump(instance)).collect();
        // The largest first: the others are measured by it, then by all that belong to it.
        let mut rest: Vec<&Vec<u64>> = functions.iter().filter(|functions| !functions.is_empty()).collect();
        rest.sort_by_key(|functions| core::cmp::Reverse(functions.len()));
        if rest.len() < 2 {
            return (false, 0);
        }
        let mut known = rest.remove(0).clone();
        let mut least = 100;
        loop {
            let n_before = rest.len();
            let mut joined = Vec::new();
            rest.retain(|functions| {
                let percent = percent_in(functions, &known);
                let is_other = percent < SHARED_PERCENT;
                if !is_other {
                    least = least.min(percent);
                    joined.extend_from_slice(functions);
                }
                is_other
            });
            known.append(&mut joined);
            known.sort_unstable();
            known.dedup();
            if rest.is_empty() {
                return (true, least as u32);
            }
            if rest.len() == n_before {
                let percent = rest.iter().map(|functions| percent_in(functions, &known)).min();
                return (false, percent.unwrap_or(0) as u32);
            }
        }
    }

    /// Of all rows of application code, those that at least two dumps share, in percent.
    pub(super) fn shared_percent(&mut self, instances: &[Instance<'_>], rows: &[Row]) -> u32 {
        let (mut n_app, mut n_shared) = (0_usize, 0_usize);
        for row in rows {
            let mut groups = instances
                .iter()
                .zip(&row.groups)
                .filter_map(|(instance, group)| instance.judgement.groups.get((*group)? as usize));
            let Some(group) = groups.next() else { continue };
            if self.is_in(group.signature.stack) {
                n_app += 1;
                n_shared += usize::from(groups.next().is_some());
            }
        }
        (n_shared * 100).checked_div(n_app).unwrap_or(0) as u32
    }
}

/// How much of `functions` is in `known`; both are sorted.
fn percent_in(functions: &[u64], known: &[u64]) -> usize {
    let n = functions.iter().filter(|function| known.binary_search(function).is_ok()).count();
    (n * 100).checked_div(functions.len()).unwrap_or(0)
}

/// `/src/main.go` of `/src/main.go:42`.
pub(super) fn file_of(location: &[u8]) -> &[u8] {
    let colon = memchr::memrchr(b':', location).unwrap_or(location.len());
    location.get(..colon).unwrap_or(location)
}
