//! In which order dumps were taken, and whether they follow one service or show many instances.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::{Instance, Mode, Related};

/// Dumps that lie so close together were taken at one moment, in milliseconds.
const ONE_MOMENT_MILLIS: i64 = 120_000;
/// So many dumps without ids and times are hardly a series that somebody took by hand.
const MANY: usize = 12;

/// The dumps in the order of time.
///
/// By their times, when all are known and not all equal. Else by name, in natural order (`t2` before `t10`), unless ids say
/// otherwise: within a process the highest id only grows. Then processes come in the order of their first names, and the dumps
/// of each by their highest id. Equal ones stay as given.
pub(super) fn in_time(instances: &[Instance<'_>], related: &Related) -> Vec<u32> {
    let all = || (0..instances.len() as u32).collect::<Vec<u32>>();
    let instance = |dump: u32| instances.get(dump as usize);
    let name = |dump: u32| instance(dump).map_or("", |instance| instance.name);
    let max = |dump: u32| related.max_goid(dump);
    let process = |dump: u32| related.process.get(dump as usize).copied().unwrap_or(dump);
    if let Some(times) = times(instances) {
        let at = |dump: u32| times.get(dump as usize).copied();
        let mut order = all();
        order.sort_by(|&left, &right| at(left).cmp(&at(right)).then_with(|| natural(name(left), name(right))));
        // Times of files are of whole seconds.
        let mut by_ids = order.clone();
        by_ids.sort_by_key(|&dump| (at(dump), process(dump), max(dump)));
        return if grows(&by_ids, related) { by_ids } else { order };
    }
    let mut order = all();
    order.sort_by(|&left, &right| natural(name(left), name(right)));
    if grows(&order, related) {
        return order;
    }
    let mut first = alloc::vec![usize::MAX; instances.len()];
    for (place, &dump) in order.iter().enumerate() {
        if let Some(first) = first.get_mut(process(dump) as usize) {
            *first = place.min(*first);
        }
    }
    order.sort_by_key(|&dump| (first.get(process(dump) as usize).copied(), max(dump)));
    order
}

/// The times of all dumps, unless one is unknown or all are equal.
fn times(instances: &[Instance<'_>]) -> Option<Vec<i64>> {
    let times: Vec<i64> = instances.iter().map(|instance| instance.at_millis).collect::<Option<_>>()?;
    let first = times.first()?;
    times.iter().any(|time| time != first).then_some(times)
}

/// Whether the highest ids of each process grow in this order.
fn grows(order: &[u32], related: &Related) -> bool {
    let mut last = alloc::vec![0_u64; order.len()];
    order.iter().all(|&dump| {
        let max = related.max_goid(dump);
        let process = related.process.get(dump as usize).and_then(|&process| last.get_mut(process as usize));
        let (Some(max), Some(last)) = (max, process) else { return true };
        core::mem::replace(last, max) <= max
    })
}

/// Whether they follow one service or show many instances.
///
/// Two dumps, and dumps of one process, are a series. Others are a fleet when their names are those of instances, such as
/// `checkout-7c9fd8b-x2k9p`, `pod-07` or `10.0.0.7`, unless the same name comes again and again. Names that count time, such
/// as `t0`, `dump-3` or plain numbers, are a series. Where names say neither, dumps of mostly different processes are a fleet
/// when they were taken within two minutes, or when times are unknown and ids tell the processes apart; more than twelve dumps
/// without ids and times are a fleet, too.
pub(super) fn mode(instances: &[Instance<'_>], related: &Related, _order: &[u32]) -> Mode {
    let n = instances.len();
    let (n_known, n_processes) = related.n_known();
    if n < 3 || n_known == n && n_processes == 1 {
        return Mode::Series;
    }
    // With a process for every two dumps or fewer, most of what changes is not growth.
    let are_mostly_others = n_known == 0 || n_processes * 2 > n_known;
    if !are_mostly_others {
        return Mode::Series;
    }
    match names(instances) {
        Names::Moments => Mode::Series,
        Names::Instances => Mode::Fleet,
        Names::Unclear => {
            let is_one_moment = match times(instances) {
                Some(times) => {
                    let (first, last) = (times.iter().min(), times.iter().max());
                    first.zip(last).is_some_and(|(&first, &last)| last.saturating_sub(first) <= ONE_MOMENT_MILLIS)
                }
                None => n_known > n / 2 || n > MANY,
            };
            if is_one_moment { Mode::Fleet } else { Mode::Series }
        }
    }
}

/// What names of dumps look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    /// One service again and again, or a count.
    Moments,
    /// Each is another instance.
    Instances,
    /// They say neither.
    Unclear,
}

/// Words before a number that count dumps and not instances.
const MOMENTS: &[&str] = &[
    "",
    "t",
    "dump",
    "dumps",
    "goroutine",
    "goroutines",
    "snap",
    "snapshot",
    "stack",
    "stacks",
    "trace",
    "debug",
    "step",
    "run",
    "min",
    "after",
];

/// Whether the names are those of instances.
pub(super) fn are_instances(instances: &[Instance<'_>]) -> bool {
    names(instances) == Names::Instances
}

fn names(instances: &[Instance<'_>]) -> Names {
    // A process that is called the same in all of its dumps tells more than what sets the dumps apart.
    let are_named = instances.iter().all(|instance| !instance.process.is_empty());
    let mut names: Vec<&str> =
        instances.iter().map(|instance| if are_named { instance.process } else { instance.name }).collect();
    if names.iter().any(|name| name.is_empty()) {
        return Names::Unclear;
    }
    if names.iter().all(|name| is_moment(name)) {
        return Names::Moments;
    }
    let n = names.len();
    names.sort_unstable();
    names.dedup();
    if names.len() == 1 {
        return Names::Moments;
    }
    let have_numbers = names.iter().all(|name| name.bytes().any(|byte| byte.is_ascii_digit()));
    if names.len() * 2 > n && have_numbers { Names::Instances } else { Names::Unclear }
}

/// `t0`, `dump-3`, `notify/t12`, `2`: the last word counts.
fn is_moment(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.len() == name.len() {
        return false;
    }
    let stem = stem.trim_end_matches(['-', '_', '.', ' ', '#', '(']);
    let word = stem.rsplit(['/', '-', '_', '.', ' ', '\\']).next().unwrap_or(stem);
    // A number behind a number is an address or a date.
    !word.bytes().any(|byte| byte.is_ascii_digit()) && MOMENTS.contains(&word.to_ascii_lowercase().as_str())
}

/// Compares names as people count: runs of digits by their value.
#[must_use]
pub fn natural(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    loop {
        let (Some(a), Some(b)) = (left.first(), right.first()) else { return left.len().cmp(&right.len()) };
        if a.is_ascii_digit() && b.is_ascii_digit() {
            let (a, left_rest) = digits(left);
            let (b, right_rest) = digits(right);
            let order = a.len().cmp(&b.len()).then_with(|| a.cmp(b));
            if order != Ordering::Equal {
                return order;
            }
            (left, right) = (left_rest, right_rest);
            continue;
        }
        if a != b {
            return a.cmp(b);
        }
        (left, right) = (left.get(1..).unwrap_or_default(), right.get(1..).unwrap_or_default());
    }
}

/// The digits at the start without leading zeros, and the rest.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let zeros = digits.iter().position(|&byte| byte != b'0').unwrap_or(digits.len());
    (digits.get(zeros..).unwrap_or_default(), rest)
}

/// Dumps of another process than the one before, of those whose process is known.
pub(super) fn restarts(related: &Related, order: &[u32]) -> Vec<u32> {
    let known: Vec<u32> = order.iter().copied().filter(|&dump| related.max_goid(dump).is_some()).collect();
    let pairs = known.iter().zip(known.iter().skip(1));
    pairs.filter(|&(&before, &dump)| related.are_two_processes(before, dump)).map(|(_, &dump)| dump).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Comparison, Relation, Wanted, compare};
    use crate::finding::testing::dump;
    use crate::format::Parser;
    use crate::group::group;
    use crate::judgement::{Given, judge};
    use crate::origin::OriginRules;
    use crate::tables::Tables;
    use alloc::string::String;

    fn compared(dumps: &[(&str, &str, Option<i64>)]) -> Comparison {
        let mut tables = Tables::default();
        let snapshots: Vec<_> = dumps
            .iter()
            .map(|(_, text, _)| {
                let mut parser = Parser::default();
                parser.push(&mut tables, text.as_bytes());
                parser.finish(&mut tables).unwrap().remove(0)
            })
            .collect();
        let origins = OriginRules::default();
        let judged: Vec<_> = snapshots
            .iter()
            .map(|snapshot| judge(&tables, snapshot, &group(&tables, snapshot.goroutines()), &origins, Given::default()))
            .collect();
        let instances = snapshots.iter().zip(&judged).zip(dumps).map(|((snapshot, judgement), &(name, _, at_millis))| {
            Instance { snapshot, judgement, at_millis, name, process: name }
        });
        compare(&tables, &origins, &instances.collect::<Vec<_>>(), Wanted::default()).unwrap()
    }

    /// Counted stacks have no ids.
    const COUNTED: &str = "goroutine profile: total 2\n2 @ 0x1 0x2\n#\t0x1\tshop.example/w.run+0x1\t/src/w.go:9\n\n";

    fn counted(names: &[&str], times: Option<&[i64]>) -> Comparison {
        let at = |index: usize| times.map(|times| times[index]);
        compared(&names.iter().enumerate().map(|(index, &name)| (name, COUNTED, at(index))).collect::<Vec<_>>())
    }

    #[test]
    fn ok_names_are_compared_as_people_count() {
        let mut names = ["t10", "t2", "t02b", "t0", "a", "t2/10", "t2/9", ""];
        names.sort_by(|left, right| natural(left, right));
        assert_eq!(names, ["", "a", "t0", "t2", "t2/9", "t2/10", "t02b", "t10"]);
        assert_eq!(natural("t99999999999999999999999", "t100000000000000000000000"), Ordering::Less);
    }

    #[test]
    fn ok_order_by_name_and_by_time() {
        assert_eq!(counted(&["t10", "t2", "t0"], None).order, [2, 1, 0]);
        assert_eq!(counted(&["b", "a"], Some(&[1000, 2000])).order, [0, 1]);
        assert_eq!(counted(&["b", "a"], Some(&[2000, 2000])).order, [1, 0]);
        assert_eq!(counted(&["", "", ""], None).order, [0, 1, 2]);
    }

    #[test]
    fn ok_modes_of_dumps_without_ids() {
        let mode = |names: &[&str], times: Option<&[i64]>| counted(names, times).mode;
        assert_eq!(mode(&["checkout-x2k9p", "checkout-8d7fq"], None), Mode::Series);
        assert_eq!(mode(&["t0", "t1", "t2", "t3", "t4", "t5"], None), Mode::Series);
        assert_eq!(mode(&["run/dump-1", "run/dump-2", "run/dump-3"], None), Mode::Series);
        assert_eq!(mode(&["checkout-x2k9p", "checkout-8d7fq", "checkout-zz1ab"], None), Mode::Fleet);
        assert_eq!(mode(&["10.0.0.7", "10.0.0.8", "10.0.0.9"], None), Mode::Fleet);
        assert_eq!(mode(&["before", "during", "after"], None), Mode::Series);
        assert_eq!(mode(&["", "", ""], None), Mode::Series);
        assert_eq!(mode(&["", "", ""], Some(&[0, 5000, 9000])), Mode::Fleet);
        assert_eq!(mode(&["", "", ""], Some(&[0, 300_000, 600_000])), Mode::Series);
        assert_eq!(mode(&["checkout", "checkout", "checkout"], Some(&[0, 5000, 9000])), Mode::Series);
        assert!(counted(&["t0", "t1", "t2"], None).restarts.is_empty());
    }

    /// Goroutines of one `go` statement, from `first` on.
    fn text(creator: &str, first: u64, n: usize) -> String {
        let stack = alloc::format!(
            "goroutine N [select]:\nshop.example/w.run()\n\t/src/w.go:9 +0x1\ncreated by shop.example/w.{creator} in goroutine 7\n\t/src/w.go:3 +0x2"
        );
        let mut all = dump(&[(n, &stack)]);
        for goid in (101..101 + n as u64).rev() {
            all = all.replace(&alloc::format!("goroutine {goid} "), &alloc::format!("goroutine {} ", first + goid - 101));
        }
        all
    }

    #[test]
    fn ok_ids_order_the_dumps_of_a_process_and_tell_a_restart() {
        let (early, late, restarted) = (text("a", 300, 10), text("a", 300, 12), text("b", 300, 11));
        let found = compared(&[("", &late, None), ("", &early, None)]);
        assert_eq!((found.order.as_slice(), found.related.relation), ([1, 0].as_slice(), Relation::SameProcess));
        assert_eq!((found.baseline, found.target), (1, 0));
        let found = compared(&[("t0", &early, None), ("t1", &late, None), ("t2", &restarted, None), ("t3", &restarted, None)]);
        assert_eq!((found.mode, found.related.relation), (Mode::Series, Relation::SameService));
        assert_eq!((found.order.as_slice(), found.restarts.as_slice()), ([0, 1, 2, 3].as_slice(), [2].as_slice()));
        // Names that contradict the ids count for less.
        let found = compared(&[("after", &late, None), ("before", &early, None)]);
        assert_eq!(found.order, [1, 0]);
    }
}
