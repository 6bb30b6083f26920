//! Goroutines that share a stack.

use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Reverse;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::order;
use crate::signature::Signature;
use crate::snapshot::{Flags, Goroutine};
use crate::tables::Tables;

/// The groups of a dump, the largest first, and who is in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    groups: Vec<Group>,
    /// Indices of goroutines; each group has a run of it, in the order of the dump.
    members: Vec<u32>,
}

/// Goroutines that share a [`Signature`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub signature: Signature,
    /// How many they are.
    pub n_goroutines: u64,
    /// Rows they stand in.
    n_members: u32,
    /// Where its members start.
    first_member: u32,
    /// Their waits; `None` if none is printed.
    pub wait_minutes: Option<WaitMinutes>,
    /// Goroutines that the runtime marked as leaked.
    pub n_leaked: u64,
    /// Goroutines locked to an operating system thread.
    pub n_locked_to_thread: u64,
}

/// The distribution of waits in whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitMinutes {
    /// Goroutines whose wait is printed.
    pub n_known: u32,
    /// The shortest.
    pub min: u32,
    /// The median.
    pub p50: u32,
    /// The 95th percentile.
    pub p95: u32,
    /// The longest.
    pub max: u32,
}

impl WaitMinutes {
    /// The distribution of `waits`, which are reordered; `None` if there is none. `O(waits)`.
    #[must_use]
    pub fn of(waits: &mut [u32]) -> Option<Self> {
        let n = waits.len();
        let (min, max) = (*waits.iter().min()?, *waits.iter().max()?);
        let mut quantile = |percent: usize| *waits.select_nth_unstable((n - 1) * percent / 100).1;
        Some(Self { n_known: n as u32, min, p50: quantile(50), p95: quantile(95), max })
    }
}

impl Groups {
    /// Number of groups.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The groups in the default ranking.
    pub fn iter(&self) -> core::slice::Iter<'_, Group> {
        self.groups.iter()
    }

    /// The group at `index` of the ranking.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Group> {
        self.groups.get(index)
    }

    /// The same groups in another order: `order` lists their indices.
    #[must_use]
    pub fn reordered(&self, order: &[u32]) -> Self {
        let groups = order.iter().filter_map(|&index| self.groups.get(index as usize)).copied().collect();
        Self { groups, members: self.members.clone() }
    }

    /// Joins the groups whose `keys` are equal, each with the signature of its largest part; `keys` has one for each group,
    /// in the same order. Returns the joined groups, the largest first, ties by their first part, and where each group went.
    ///
    /// The counts still add up to the number of goroutines. `O(goroutines + groups)`.
    #[must_use]
    pub fn fold(&self, goroutines: &[Goroutine], keys: &[u64]) -> (Self, Vec<u32>) {
        let mut joined: Vec<Joined> = Vec::new();
        let mut known: HashMap<u64, u32, FixedState> = HashMap::default();
        let mut went: Vec<u32> = Vec::with_capacity(self.groups.len());
        for (index, part) in self.groups.iter().enumerate() {
            // Without a key a group stays alone.
            let new = joined.len() as u32;
            let at = keys.get(index).map_or(new, |&key| *known.entry(key).or_insert(new));
            match joined.get_mut(at as usize) {
                Some(whole) => whole.add(part),
                None => joined.push(Joined { group: *part, n_largest: part.n_goroutines, is_several: false }),
            }
            went.push(at);
        }
        let mut order: Vec<u32> = (0..joined.len() as u32).collect();
        order.sort_by_key(|&index| Reverse(joined.get(index as usize).map_or(0, |whole| whole.group.n_goroutines)));
        joined.sort_by_key(|whole| Reverse(whole.group.n_goroutines));
        let position = positions(&order);
        went.iter_mut().for_each(|group| *group = position.get(*group as usize).copied().unwrap_or(*group));

        let mut group_of: Vec<u32> = vec![0; self.members.len()];
        for (part, &at) in self.groups.iter().zip(&went) {
            for &member in self.members(part) {
                if let Some(group) = group_of.get_mut(member as usize) {
                    *group = at;
                }
            }
        }
        let mut groups: Vec<Group> = joined.iter().map(|whole| whole.group).collect();
        let members = sort_members(&mut groups, &group_of);
        let mut folded = Self { groups, members };
        // The parts' distributions do not tell that of the whole.
        let several = joined.iter().enumerate().filter(|(_, whole)| whole.is_several).map(|(index, _)| index);
        folded.measure_waits(goroutines, several);
        (folded, went)
    }

    /// Finds the waits of the groups at `indices`. `O(members)`.
    fn measure_waits(&mut self, goroutines: &[Goroutine], indices: impl Iterator<Item = usize>) {
        let mut waits = Vec::new();
        for index in indices {
            let Some(group) = self.groups.get(index) else { break };
            let members = self.members(group).iter();
            waits.clear();
            waits.extend(members.filter_map(|&member| goroutines.get(member as usize)?.wait_minutes()));
            let wait_minutes = WaitMinutes::of(&mut waits);
            if let Some(group) = self.groups.get_mut(index) {
                group.wait_minutes = wait_minutes;
            }
        }
    }

    /// Indices of the rows of `group`, in the order of the dump.
    #[must_use]
    pub fn members(&self, group: &Group) -> &[u32] {
        let first = group.first_member as usize;
        self.members.get(first..first + group.n_members as usize).unwrap_or_default()
    }
}

/// A group that grows while others join it.
struct Joined {
    group: Group,
    /// Size of the part whose signature it has.
    n_largest: u64,
    is_several: bool,
}

impl Joined {
    fn add(&mut self, part: &Group) {
        self.is_several = true;
        if part.n_goroutines > self.n_largest {
            (self.group.signature, self.n_largest) = (part.signature, part.n_goroutines);
        }
        let group = &mut self.group;
        group.n_members += part.n_members;
        group.n_goroutines = group.n_goroutines.saturating_add(part.n_goroutines);
        group.n_leaked = group.n_leaked.saturating_add(part.n_leaked);
        group.n_locked_to_thread += part.n_locked_to_thread;
    }
}

impl<'a> IntoIterator for &'a Groups {
    type Item = &'a Group;
    type IntoIter = core::slice::Iter<'a, Group>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Stands for "no group" in the chains below.
const NONE: u32 = u32::MAX;

/// Groups `goroutines` that share a [`Signature`]; [`Groups::fold`] joins groups that are less alike.
///
/// Largest group first; equal sizes keep the order of first appearance. The counts add up to the number of goroutines, of
/// which the first 4 billion are taken. `O(goroutines + stacks)` time, `O(goroutines)` extra memory.
#[must_use]
pub fn group(tables: &Tables, goroutines: &[Goroutine]) -> Groups {
    // Stacks are small numbers, so a side table finds a stack's groups; few stacks have more than one category.
    let mut first_of_stack = vec![NONE; tables.stacks.n_nodes()];
    let mut next_of_stack: Vec<u32> = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut group_of: Vec<u32> = Vec::with_capacity(goroutines.len());
    for goroutine in goroutines {
        let signature = Signature { stack: goroutine.stack, category: goroutine.category };
        let head = first_of_stack.get(signature.stack.index()).copied().unwrap_or(NONE);
        let mut at = head;
        while let Some(group) = groups.get(at as usize) {
            if group.signature.category == signature.category {
                break;
            }
            at = next_of_stack.get(at as usize).copied().unwrap_or(NONE);
        }
        if at == NONE {
            at = groups.len() as u32;
            next_of_stack.push(head);
            if let Some(first) = first_of_stack.get_mut(signature.stack.index()) {
                *first = at;
            }
            groups.push(Group {
                signature,
                n_goroutines: 0,
                n_members: 0,
                first_member: 0,
                wait_minutes: None,
                n_leaked: 0,
                n_locked_to_thread: 0,
            });
        }
        if let Some(group) = groups.get_mut(at as usize) {
            let count = goroutine.count();
            group.n_members += 1;
            group.n_goroutines = group.n_goroutines.saturating_add(count);
            if goroutine.flags.has(Flags::LEAKED) {
                group.n_leaked = group.n_leaked.saturating_add(count);
            }
            group.n_locked_to_thread += u64::from(goroutine.flags.has(Flags::LOCKED_TO_THREAD));
        }
        group_of.push(at);
    }
    let members = sort_members(&mut groups, &group_of);
    let mut grouped = Groups { groups, members };
    let all = 0..grouped.groups.len();
    grouped.measure_waits(goroutines, all);
    order::by_key(&mut grouped.groups, |group| Reverse(group.n_goroutines));
    grouped
}

/// Where each index of a permutation stands.
pub(crate) fn positions(order: &[u32]) -> Vec<u32> {
    let mut position = vec![0_u32; order.len()];
    for (new, &old) in order.iter().enumerate() {
        if let Some(slot) = position.get_mut(old as usize) {
            *slot = new as u32;
        }
    }
    position
}

/// Lists the goroutines group by group: a counting sort.
fn sort_members(groups: &mut [Group], group_of: &[u32]) -> Vec<u32> {
    let mut start = 0;
    let mut next: Vec<u32> = Vec::with_capacity(groups.len());
    for group in groups.iter_mut() {
        group.first_member = start;
        next.push(start);
        start += group.n_members;
    }
    let mut members = vec![0; group_of.len()];
    for (index, &group) in group_of.iter().enumerate() {
        let Some(next) = next.get_mut(group as usize) else { continue };
        if let Some(member) = members.get_mut(*next as usize) {
            *member = index as u32;
        }
        *next += 1;
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Parser;
    use crate::signature::Keys;
    use crate::snapshot::Snapshot;
    use alloc::format;
    use alloc::string::String;

    fn read(text: &str) -> (Tables, Snapshot) {
        let mut tables = Tables::default();
        let mut parser = Parser::default();
        parser.push(&mut tables, text.as_bytes());
        let snapshot = parser.finish(&mut tables).unwrap().remove(0);
        (tables, snapshot)
    }

    fn dump(goroutines: &[(u64, &str, &str)]) -> String {
        goroutines
            .iter()
            .map(|(goid, state, function)| {
                format!("goroutine {goid} [{state}]:\nmain.{function}(0x1)\n\t/src/main.go:9 +0x1\n\n")
            })
            .collect()
    }

    fn render(text: &str) -> Vec<String> {
        let (tables, snapshot) = read(text);
        let groups = group(&tables, snapshot.goroutines());
        let goids = |group| {
            groups.members(group).iter().map(|&at| snapshot.goroutines()[at as usize].goid().unwrap().0).collect::<Vec<_>>()
        };
        groups
            .iter()
            .map(|group| format!("{} {} {:?}", group.n_goroutines, group.signature.category.as_str(), goids(group)))
            .collect()
    }

    #[test]
    fn ok_largest_first_and_ties_by_first_appearance() {
        let text = dump(&[(1, "running", "a"), (2, "select", "b"), (3, "select", "c"), (4, "select", "c")]);
        assert_eq!(render(&text), ["2 select [3, 4]", "1 running [1]", "1 select [2]"]);
    }

    #[test]
    fn ok_one_stack_in_two_categories_makes_two_groups() {
        let text = dump(&[(1, "chan receive", "a"), (2, "runnable", "a"), (3, "chan receive, 5 minutes", "a")]);
        assert_eq!(render(&text), ["2 chan-receive [1, 3]", "1 runnable [2]"]);
    }

    #[test]
    fn ok_joined_groups_add_up_and_the_largest_part_speaks() {
        let (tables, snapshot) = read(&dump(&[
            (1, "select, 4 minutes", "a"),
            (2, "running", "b"),
            (3, "select, 9 minutes", "c"),
            (4, "select", "c"),
            (5, "running", "b"),
            (6, "running", "b"),
        ]));
        let groups = group(&tables, snapshot.goroutines());
        let (folded, went) = groups.fold(snapshot.goroutines(), &[7, 5, 5]);
        assert_eq!(went, [0, 1, 1], "equal sizes keep the order of their first parts");
        let joined = folded.get(1).unwrap();
        assert_eq!((joined.n_goroutines, joined.signature), (3, groups.get(1).unwrap().signature));
        assert_eq!(folded.members(joined), [0, 2, 3]);
        assert_eq!(joined.wait_minutes, Some(WaitMinutes { n_known: 2, min: 4, p50: 4, p95: 4, max: 9 }));
        let (again, _) = folded.fold(snapshot.goroutines(), &[1, 2]);
        assert_eq!(again, folded);
        let (one, _) = folded.fold(snapshot.goroutines(), &[1, 1]);
        assert_eq!((one.len(), one.get(0).unwrap().n_goroutines), (1, 6));
    }

    #[test]
    fn ok_wait_distribution() {
        let text = dump(&[
            (1, "select, 4 minutes", "a"),
            (2, "select", "a"),
            (3, "select, 1 minutes", "a"),
            (4, "select, 9 minutes", "a"),
        ]);
        let (tables, snapshot) = read(&text);
        let groups = group(&tables, snapshot.goroutines());
        let expected = WaitMinutes { n_known: 3, min: 1, p50: 4, p95: 4, max: 9 };
        assert_eq!(groups.get(0).unwrap().wait_minutes, Some(expected));
    }

    #[test]
    fn ok_key_is_stable_and_ignores_ids_and_arguments() {
        let key = |text: &str| {
            let (tables, snapshot) = read(text);
            let groups = group(&tables, snapshot.goroutines());
            Keys::new(&tables).key(groups.get(0).unwrap().signature)
        };
        let one = key(&dump(&[(1, "select", "a")]));
        assert_eq!(one, 15_212_479_992_241_445_776, "a change here breaks comparison with older reports");
        assert_eq!(one, key(&dump(&[(7, "select, 3 minutes", "a")]).replace("0x1)", "0x2)")));
        assert_ne!(one, key(&dump(&[(1, "running", "a")])));
        assert_ne!(one, key(&dump(&[(1, "select", "b")])));
    }
}
