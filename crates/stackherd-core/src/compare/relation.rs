//! Whether dumps are of one process.
//!
//! Dumps are taken in the order of their highest id, and each is compared with the last one of every process known so far
//! (`evidence`). What ids leave open is decided by names: where they look like those of instances, other
//! names are other processes.
//! A dump without ids, as a profile is, has a number of its own: nothing tells its process.

use alloc::vec;
use alloc::vec::Vec;

use super::evidence::{Evidence, Kinship};
use super::ids::{self, Ids};
use super::service::Functions;
use super::{Instance, Row, Wanted, order};
use crate::origin::OriginRules;
use crate::tables::Tables;
use crate::text::{Count, Text, text};

/// How dumps relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// One process at several moments: ids can be followed.
    SameProcess,
    /// Processes that run the same program.
    SameService,
    /// Nothing says that they have to do with each other.
    Unknown,
}

/// How the dumps relate, and why that is thought.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// Of all of them together.
    pub relation: Relation,
    /// The reader said so.
    pub is_given: bool,
    /// What it is told from.
    pub why: Text,
    /// Number of the process of each dump, from 0 in the order of first appearance: equal numbers, one process.
    pub process: Vec<u32>,
    /// The highest id of each dump. `None` for dumps without ids, of which the number of the process says nothing.
    pub max_goids: Vec<Option<u64>>,
    /// Of all distinct groups of application code, those that at least two dumps share, in percent.
    pub shared_percent: u32,
}

impl Related {
    /// Whether two dumps are of one process.
    #[must_use]
    pub fn are_one_process(&self, left: u32, right: u32) -> bool {
        let process = |dump: u32| self.process.get(dump as usize);
        process(left).is_some() && process(left) == process(right)
    }

    /// Whether two dumps are of different processes, and that is known.
    #[must_use]
    pub fn are_two_processes(&self, left: u32, right: u32) -> bool {
        self.max_goid(left).is_some() && self.max_goid(right).is_some() && !self.are_one_process(left, right)
    }

    /// The highest id of a dump.
    pub(super) fn max_goid(&self, dump: u32) -> Option<u64> {
        self.max_goids.get(dump as usize).copied().flatten()
    }

    /// Dumps whose process is known, and how many processes these are.
    #[must_use]
    pub(super) fn n_known(&self) -> (usize, usize) {
        let dumps = self.process.iter().zip(&self.max_goids);
        let mut known: Vec<u32> = dumps.filter(|(_, max)| max.is_some()).map(|(&process, _)| process).collect();
        let n = known.len();
        known.sort_unstable();
        known.dedup();
        (n, known.len())
    }
}

/// Tells how dumps relate. `O(goroutines + groups × dumps + dumps × processes)`.
pub(super) fn relate(
    tables: &Tables,
    origins: &OriginRules,
    instances: &[Instance<'_>],
    rows: &[Row],
    wanted: Wanted,
) -> Related {
    let mut functions = Functions::new(tables, origins);
    let shared_percent = functions.shared_percent(instances, rows);
    let max_goids: Vec<Option<u64>> = instances.iter().map(|instance| ids::max(instance.snapshot)).collect();
    if let Some(relation) = wanted.relation {
        let process = match relation {
            Relation::SameProcess => vec![0; instances.len()],
            Relation::SameService | Relation::Unknown => (0..instances.len() as u32).collect(),
        };
        let why = text!("You said so.", "由您指定。");
        return Related { relation, is_given: true, why, process, max_goids, shared_percent };
    }
    let told = processes(tables, instances, &max_goids);
    let n_processes = told.process.iter().max().map_or(0, |&max| max as usize + 1);
    let (are_one_service, percent) = if n_processes > 1 { functions.are_one_service(instances) } else { (true, 100) };
    let relation = match n_processes {
        1 => Relation::SameProcess,
        _ if are_one_service => Relation::SameService,
        _ => Relation::Unknown,
    };
    let why = why(relation, &told, &max_goids, percent);
    Related { relation, is_given: false, why, process: told.process, max_goids, shared_percent }
}

/// The processes of dumps, and by what they are told.
#[derive(Debug, Default)]
struct Told {
    process: Vec<u32>,
    /// Of dumps of one process, for the pair with the least.
    joined: Option<Evidence>,
    /// Of dumps of two processes, for the pair with the most ids in common.
    parted: Option<Evidence>,
}

/// What an instance goes by: its process, else itself.
fn called<'a>(instance: &Instance<'a>) -> &'a str {
    if instance.process.is_empty() { instance.name } else { instance.process }
}

/// Whether `newer`, whose ids are higher by far, was taken before `older`: a process that is started again counts from 1.
fn began_again(older: &Instance<'_>, newer: &Instance<'_>) -> bool {
    let is_before = newer.at_millis.zip(older.at_millis).is_some_and(|(newer, older)| newer < older);
    let maxima = ids::max(older.snapshot).zip(ids::max(newer.snapshot));
    is_before && maxima.is_some_and(|(older, newer)| older.saturating_mul(2) < newer)
}

/// The last dump of each process, in the order of highest ids.
fn processes(tables: &Tables, instances: &[Instance<'_>], maxima: &[Option<u64>]) -> Told {
    let mut told = Told { process: vec![u32::MAX; instances.len()], ..Told::default() };
    let mut order: Vec<usize> = (0..instances.len()).filter(|&at| maxima.get(at).is_some_and(Option::is_some)).collect();
    order.sort_by_key(|&at| maxima.get(at).copied().flatten());
    let mut last: Vec<usize> = Vec::new();
    let are_instances = order::are_instances(instances);
    for at in order {
        let Some(instance) = instances.get(at) else { continue };
        let ids = Ids::of(instance.snapshot);
        // The process met last is the likeliest.
        let found = last.iter().enumerate().rev().find_map(|(process, &older)| {
            let older = instances.get(older)?;
            let evidence = Evidence::between(tables, older.snapshot, instance.snapshot, &ids, instances.len() == 2);
            let is_one = match evidence.kinship() {
                Kinship::Same => true,
                Kinship::Other => false,
                Kinship::Unclear => (called(older) == called(instance) || !are_instances) && !began_again(older, instance),
            };
            let (kept, is_better): (_, fn(u32, u32) -> bool) =
                if is_one { (&mut told.joined, |new, old| new < old) } else { (&mut told.parted, |new, old| new > old) };
            if kept.is_none_or(|kept| is_better(evidence.n_common, kept.n_common)) {
                *kept = Some(evidence);
            }
            is_one.then_some(process)
        });
        let process = found.unwrap_or_else(|| {
            last.push(at);
            last.len() - 1
        });
        if let (Some(last), Some(slot)) = (last.get_mut(process), told.process.get_mut(at)) {
            *last = at;
            *slot = process as u32;
        }
    }
    renumber(&mut told.process);
    told
}

/// Numbers processes in the order of their first dumps; those without one get their own.
fn renumber(process: &mut [u32]) {
    let mut new_of = vec![u32::MAX; process.len()];
    let mut next = 0;
    for process in process {
        let new = new_of.get(*process as usize).copied().filter(|&new| new != u32::MAX).unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        if let Some(slot) = new_of.get_mut(*process as usize) {
            *slot = new;
        }
        *process = new;
    }
}

/// What it is told from, in a sentence.
fn why(relation: Relation, told: &Told, max_goids: &[Option<u64>], percent: u32) -> Text {
    let n_dumps = max_goids.len();
    let n_without = max_goids.iter().filter(|max| max.is_none()).count();
    match (relation, told.joined, told.parted) {
        (Relation::SameProcess, Some(joined), _) => {
            let n = Count(joined.n_common.into());
            if n_dumps == 2 && joined.n_same_address > 0 {
                let n_same = Count(joined.n_same_address.into());
                return text!(
                    "{n} goroutine ids compared were started by the same code in both dumps, and {n_same} of these goroutines work on the same addresses.",
                    "所比较的 {n} 个 goroutine id 在两份转储中由相同的代码启动，其中 {n_same} 个 goroutine 使用相同的地址。"
                );
            }
            if n_dumps == 2 {
                return text!(
                    "{n} goroutine ids compared were started by the same code in both dumps.",
                    "所比较的 {n} 个 goroutine id 在两份转储中由相同的代码启动。"
                );
            }
            text!(
                "From dump to dump, equal goroutine ids were started by the same code: {n} or more were compared each time.",
                "相邻转储中相同的 goroutine id 由相同的代码启动：每次至少比较了 {n} 个。"
            )
        }
        (Relation::SameProcess, None, _) => text!("There is one dump.", "只有一份转储。"),
        (Relation::SameService | Relation::Unknown, joined, parted) => {
            let processes = if n_without == n_dumps {
                text!("These dumps have no goroutine ids to tell a process by", "这些转储没有可用来判断进程的 goroutine id")
            } else if let Some(parted) = parted {
                parted_by(&parted, told, joined.is_some())
            } else {
                text!(
                    "{n_without} of {n_dumps} dumps have no goroutine ids",
                    "{n_dumps} 份转储中有 {n_without} 份没有 goroutine id"
                )
            };
            let (en, zh_cn) = (processes.en, processes.zh_cn);
            if relation == Relation::SameService {
                let share =
                    if percent >= 100 { text!("all", "全部") } else { text!("at least {percent}%", "至少 {percent}% ") };
                let (share_en, share_zh) = (share.en, share.zh_cn);
                text!("{en}; {share_en} of the application's functions are the same.", "{zh_cn}；{share_zh}的应用函数相同。")
            } else {
                text!(
                    "{en}, and only {percent}% of the application's functions are the same.",
                    "{zh_cn}，且只有 {percent}% 的应用函数相同。"
                )
            }
        }
    }
}

/// What tells that there are several processes.
fn parted_by(parted: &Evidence, told: &Told, are_some_joined: bool) -> Text {
    let n_processes = told.process.iter().max().map_or(0, |&max| max + 1);
    let (n, n_other) = (Count(parted.n_common.into()), Count(parted.n_other_start.into()));
    if parted.n_common == 0 {
        return text!("No goroutine id is in two of the dumps", "没有任何 goroutine id 同时出现在两份转储中");
    }
    if parted.are_two_builds() && n_processes == 2 {
        let (n, n_other) = (Count(parted.n_places.into()), Count(parted.n_other_place.into()));
        return text!(
            "Two builds: {n_other} of {n} calls found in both dumps have another file or code offset",
            "两个不同的构建：两份转储中都有的 {n} 个调用中，有 {n_other} 个的文件或代码偏移不同"
        );
    }
    if parted.kinship() == Kinship::Unclear {
        return text!(
            "{n} equal goroutine ids do not tell the processes apart, but the names do",
            "{n} 个相同的 goroutine id 不足以区分进程，但名称可以"
        );
    }
    if are_some_joined || n_processes > 2 {
        return text!(
            "{n_processes} processes: equal goroutine ids were started by other code, or work on other addresses",
            "共 {n_processes} 个进程：相同的 goroutine id 由不同的代码启动，或使用不同的地址"
        );
    }
    if parted.n_other_start > 0 {
        return text!(
            "Two processes: of {n} goroutine ids compared, {n_other} were started by other code or another goroutine",
            "两个进程：所比较的 {n} 个 goroutine id 中，有 {n_other} 个由不同的代码或不同的 goroutine 启动"
        );
    }
    if parted.n_late > 0 && parted.n_late > parted.n_below / 2 {
        let n_late = Count(parted.n_late.into());
        return text!(
            "Two processes: {n_late} goroutines of one dump have ids that the other had long passed, and does not have",
            "两个进程：其中一份转储有 {n_late} 个 goroutine 的 id 在另一份转储中早已分配过，却不存在"
        );
    }
    let n_other = Count(parted.n_other_address.into());
    text!(
        "Two processes: {n_other} goroutines with equal ids work on other addresses",
        "两个进程：{n_other} 个 id 相同的 goroutine 使用不同的地址"
    )
}
