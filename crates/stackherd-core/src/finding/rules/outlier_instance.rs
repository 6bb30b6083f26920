//! `outlier-instance`
#![doc = include_str!("../doc/outlier-instance.md")]

use alloc::vec::Vec;
use core::cmp::Reverse;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::across::{Median, about, are_related, at_place};
use crate::compare::fleet::{OUTLIER_FACTOR, spread_of};
use crate::compare::sentence::name_of;
use crate::compare::sites::{Places, Site, group_of, is_idle, sites};
use crate::compare::{Compared, ComparedFinding, Mode, Row};
use crate::finding::{Confidence, Detect, Finding, Rule, Severity, Thresholds};
use crate::tables::{Edge, StringId};
use crate::text::{Count, Goroutines, Percent, Text, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "outlier-instance",
    doc_en: include_str!("../doc/outlier-instance.md"),
    doc_zh_cn: include_str!("../doc/outlier-instance.zh-CN.md"),
    detect: Detect::Dumps(detect),
};

/// Sets of instances that are told of, the oddest first.
const MAX_SETS: usize = 20;
/// Instances of a set that get a sentence each.
const MAX_NAMED: usize = 10;
/// A larger part of the fleet is not odd but of another kind, in percent.
const MAX_ODD_PERCENT: usize = 25;
/// So many times the median is hard to explain by load.
const FAR_FACTOR: f64 = 10.0;

fn detect(compared: &Compared<'_>) -> Vec<ComparedFinding> {
    if compared.comparison.mode != Mode::Fleet || !are_related(compared) {
        return Vec::new();
    }
    let mut sets: Vec<(Vec<u32>, Vec<u32>)> = Vec::new();
    let mut known: HashMap<Vec<u32>, usize, FixedState> = HashMap::default();
    for (index, row) in (0..).zip(&compared.comparison.rows) {
        let Some(spread) = row.spread.as_ref().filter(|spread| !spread.outliers.is_empty()) else { continue };
        let mut set = spread.outliers.clone();
        set.sort_unstable();
        let at = *known.entry(set).or_insert_with_key(|set| {
            sets.push((set.clone(), Vec::new()));
            sets.len() - 1
        });
        if let Some((_, rows)) = sets.get_mut(at) {
            rows.push(index);
        }
    }
    if sets.is_empty() {
        return Vec::new();
    }
    let functions = functions(compared);
    // Rows come the oddest first, and so do sets.
    sets.into_iter().take(MAX_SETS).filter_map(|(set, rows)| found(compared, &functions, set, &rows)).collect()
}

/// Goroutines of each instance by what they do and in which function.
type Functions = HashMap<(Category, StringId), Vec<u64>, FixedState>;

/// Counts by function: another build of the program has the same ones on other stacks. `O(rows × (frames + instances))`.
fn functions(compared: &Compared<'_>) -> Functions {
    let mut places = Places::new(compared.tables, compared.origins);
    let mut functions = Functions::default();
    for row in &compared.comparison.rows {
        let Some(dump) = (0_u32..).zip(&row.groups).find(|(_, group)| group.is_some()).map(|(dump, _)| dump) else { continue };
        let Some((_, group)) = group_of(compared, row, dump) else { continue };
        let Some(place) = places.of(group.signature.stack) else { continue };
        let key = (group.signature.category, compared.tables.frames.get(place).function);
        let sums = functions.entry(key).or_insert_with(|| alloc::vec![0; row.counts.len()]);
        sums.iter_mut().zip(&row.counts).for_each(|(sum, &count)| *sum = sum.saturating_add(count));
    }
    functions
}

/// What stands out in the same instances.
struct Odd<'a> {
    /// The oddest first, with their goroutines.
    instances: Vec<(u32, u64)>,
    /// The largest one is the first.
    sites: Vec<Site<'a>>,
    /// Goroutines of the largest site in the oddest instance.
    count: u64,
    /// The median of that site.
    median: f64,
    is_idle: bool,
    /// The others have as many in the same function on other stacks.
    is_other_build: bool,
    /// Goroutines that serve requests, as far as they may be busy with them.
    is_load: bool,
    /// The oddest instance by itself says that something is wrong.
    is_loud: bool,
}

fn found(compared: &Compared<'_>, functions: &Functions, set: Vec<u32>, rows: &[u32]) -> Option<ComparedFinding> {
    let odd = Odd::new(compared, functions, set, rows)?;
    let dump = odd.instances.first()?.0;
    Some(ComparedFinding {
        finding: finding(compared, &odd, rows)?,
        dump,
        dumps: odd.instances.iter().map(|&(dump, _)| dump).collect(),
    })
}

impl<'a> Odd<'a> {
    fn new(compared: &Compared<'a>, functions: &Functions, set: Vec<u32>, rows: &[u32]) -> Option<Self> {
        let row = |index: &u32| compared.comparison.rows.get(*index as usize);
        let count = |dump: u32| rows.iter().filter_map(row).filter_map(|row| row.counts.get(dump as usize)).sum::<u64>();
        let mut instances: Vec<(u32, u64)> = set.into_iter().map(|dump| (dump, count(dump))).collect();
        instances.sort_by_key(|&(_, count)| Reverse(count));
        let oddest = instances.first()?.0;
        let is_busy = |row: &Row| !is_idle(compared, row, oddest);
        let busy = || rows.iter().copied().filter(|index| row(index).is_some_and(is_busy));
        let is_idle = busy().next().is_none();
        let mut sites = if is_idle { sites(compared, oddest, rows.iter().copied()) } else { sites(compared, oddest, busy()) };
        sites.sort_by_key(|site| Reverse(site.count(compared, oddest)));
        let largest = sites.first()?;
        let counts: Vec<u64> = (0..compared.instances.len() as u32).map(|dump| largest.count(compared, dump)).collect();
        let (count, median) = (largest.count(compared, oddest), spread_of(&counts).median);
        let function = largest.place.map(|place| (largest.category, compared.tables.frames.get(place).function));
        let elsewhere: Vec<u64> = function
            .and_then(|function| functions.get(&function))
            .map(|all| all.iter().zip(&counts).map(|(all, here)| all.saturating_sub(*here)).collect())
            .unwrap_or_default();
        let has_none = elsewhere.get(oddest as usize) == Some(&0);
        let is_small = (count as f64 - median) < Thresholds::default().large as f64;
        Some(Self {
            is_idle,
            is_other_build: has_none && spread_of(&elsewhere).median * OUTLIER_FACTOR as f64 > count as f64,
            is_load: busy().filter_map(|index| row(&index)).all(|row| serves(compared, row, oddest, is_small)),
            is_loud: sites.iter().filter_map(|site| site.finding).any(|finding| finding.severity > Severity::Info),
            instances,
            sites,
            count,
            median,
        })
    }

    fn is_common(&self, compared: &Compared<'_>) -> bool {
        self.instances.len() > 1 && self.instances.len() * 100 > compared.instances.len() * MAX_ODD_PERCENT
    }

    fn judge(&self, compared: &Compared<'_>) -> (Severity, Confidence) {
        let excess = self.count as f64 - self.median;
        let is_far = self.count as f64 >= FAR_FACTOR * self.median;
        let confidence = if is_far || self.is_loud { Confidence::Likely } else { Confidence::Possible };
        match () {
            () if self.is_idle || self.is_other_build => (Severity::Info, Confidence::Possible),
            () if !self.is_loud && (self.is_load || self.is_common(compared)) => (Severity::Info, Confidence::Possible),
            () if excess >= Thresholds::default().huge as f64 => (Severity::Critical, confidence),
            () => (Severity::Warning, confidence),
        }
    }
}

/// Whether the goroutines of `row` serve a request and may be busy with it: they run or wait for the network; `is_small` numbers
/// may wait for another goroutine, too.
fn serves(compared: &Compared<'_>, row: &Row, dump: u32, is_small: bool) -> bool {
    let Some((_, group)) = group_of(compared, row, dump) else { return false };
    let is_at_work = match group.signature.category {
        Category::Running | Category::Runnable | Category::Io | Category::Syscall => true,
        Category::ChanReceive | Category::Chan | Category::Select | Category::Wait => is_small,
        _ => false,
    };
    let is_server = |edge: Edge| {
        let Edge::Frame(frame) = edge else { return false };
        let function = compared.tables.bytes(compared.tables.frames.get(frame).function);
        [&b"net/http.(*conn).serve"[..], b"google.golang.org/grpc.(*Server).handleStream", b"net/rpc.(*service).call"]
            .iter()
            .any(|server| function.ends_with(server))
    };
    is_at_work && compared.tables.edges(group.signature.stack).into_iter().any(is_server)
}

fn finding(compared: &Compared<'_>, odd: &Odd<'_>, rows: &[u32]) -> Option<Finding> {
    let (largest, &(oddest, _)) = (odd.sites.first()?, odd.instances.first()?);
    let (severity, confidence) = odd.judge(compared);
    let (n_odd, n_all) = (Count(odd.instances.len() as u64), Count(compared.instances.len() as u64));
    let (name, at) = (name_of(compared, oddest), at_place(compared, largest));
    let (name_en, name_zh, at_en, at_zh) = (&name.en, &name.zh_cn, &at.en, &at.zh_cn);
    let (goroutines, count, median) = (Goroutines(odd.count), Count(odd.count), Median(odd.median));
    let stand = if odd.instances.len() == 1 { "stands" } else { "stand" };
    let mut groups = rows.to_vec();
    groups.sort_unstable();
    Some(Finding {
        severity,
        confidence,
        title: text!(
            "{n_odd} of {n_all} instances {stand} out: {name_en} has {goroutines}{at_en}, the median has {median}",
            "{n_all} 个实例中有 {n_odd} 个异常：{name_zh} 在{at_zh}有 {count} 个 goroutine，中位数为 {median}"
        ),
        groups,
        evidence: evidence(compared, odd),
        counter_evidence: counter_evidence(compared, odd),
        ..about(&RULE, largest, odd.instances.iter().map(|&(_, count)| count).fold(0, u64::saturating_add))
    })
}

fn evidence(compared: &Compared<'_>, odd: &Odd<'_>) -> Vec<Text> {
    let totals = &compared.comparison.totals;
    let median = Median(spread_of(totals).median);
    let instance = |&(dump, count): &(u32, u64)| {
        let Text { en, zh_cn } = name_of(compared, dump);
        let all = totals.get(dump as usize).copied().unwrap_or(0);
        let (count, goroutines, share, all) = (Count(count), Goroutines(count), Percent(count, all), Count(all));
        text!(
            "{en}: {goroutines} stand out, {share} of its {all}; the median instance has {median} in all.",
            "{zh_cn}：{count} 个 goroutine 异常，占其 {all} 个的 {share}；实例总数的中位数为 {median}。"
        )
    };
    let mut said: Vec<Text> = odd.instances.iter().take(MAX_NAMED).map(instance).collect();
    if odd.instances.len() > MAX_NAMED {
        let more = Count((odd.instances.len() - MAX_NAMED) as u64);
        said.push(text!("And {more} more instances.", "另有 {more} 个实例。"));
    }
    if odd.sites.len() > 1 {
        let n = Count(odd.sites.len() as u64);
        said.push(text!(
            "{n} groups stand out in the same instances; the largest is named here.",
            "同样的实例中有 {n} 个分组异常；此处列出最大的一个。"
        ));
    }
    let alone = odd.sites.iter().filter_map(|site| site.finding).max_by_key(|finding| finding.severity);
    if let (Some(alone), Some(&(oddest, _))) = (alone, odd.instances.first()) {
        let (name, title) = (name_of(compared, oddest), &alone.title);
        let (name_en, name_zh, title_en, title_zh) = (&name.en, &name.zh_cn, &title.en, &title.zh_cn);
        said.push(text!("{name_en} alone says: {title_en}.", "仅看 {name_zh}：{title_zh}。"));
    }
    said
}

fn counter_evidence(compared: &Compared<'_>, odd: &Odd<'_>) -> Vec<Text> {
    let mut said = Vec::new();
    if odd.is_idle {
        said.push(text!(
            "They are idle: more clients keep connections open to it, or it has been up for longer.",
            "它们是空闲的：有更多客户端与之保持连接，或者它运行得更久。"
        ));
    } else if odd.is_other_build {
        said.push(text!(
            "Other instances have about as many in the same function on other stacks: this is another build.",
            "其他实例在同一函数的不同栈上也有相近的数量：这是另一个构建版本。"
        ));
    } else if odd.is_load {
        said.push(text!(
            "They serve requests: an instance that gets more of the load looks the same.",
            "它们在处理请求：分到更多负载的实例看起来也是这样。"
        ));
    } else {
        said.push(text!(
            "An instance with another role, or one that has been up for longer, differs as well.",
            "角色不同或运行更久的实例也会有差异。"
        ));
    }
    if odd.is_common(compared) {
        said.push(text!(
            "So many instances are rather of another kind than odd: another version, another role.",
            "这么多实例更像是另一类而非异常：版本不同，或角色不同。"
        ));
    }
    said
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    use crate::compare::Mode;
    use crate::finding::testing::{compared, dump, findings_between};

    const MAIN: &str = "goroutine N [chan receive]:\nmain.main()\n\t/src/main.go:9 +0x1\n";
    const REFRESH: &str = "goroutine N [chan receive]:\nmain.(*Cart).Refresh()\n\t/src/cart.go:39 +0x1d\ncreated by main.(*Cart).Warm in goroutine 7\n\t/src/cart.go:53 +0x2\n";
    const HANDLER: &str = "goroutine N [IO wait]:\nmain.(*Api).get()\n\t/src/api.go:20 +0x1\nnet/http.(*conn).serve()\n\t/go/src/net/http/server.go:2157 +0x1\ncreated by net/http.(*Server).Serve in goroutine 1\n\t/go/src/net/http/server.go:3604 +0x1\n";

    /// A fleet with `counts` of goroutines at one stack.
    fn fleet(counts: &[usize], stack: &str) -> Vec<(String, String)> {
        let pod = |(number, &count): (usize, &usize)| {
            (format!("pod{:02}", number + 1), dump(&[(1, MAIN), (2, HANDLER), (count, stack)]))
        };
        counts.iter().enumerate().map(pod).collect()
    }

    fn found(fleet: &[(String, String)]) -> Vec<String> {
        let dumps: Vec<_> = fleet.iter().map(|(name, text)| (&**name, None, &**text)).collect();
        findings_between(Mode::Fleet, &dumps)
    }

    #[test]
    fn ok_sick_instances_are_one_finding() {
        let pods = fleet(&[1, 0, 140, 1, 0, 1, 0, 88, 1, 0, 1, 1], REFRESH);
        assert_eq!(
            found(&pods),
            [
                "outlier-instance warning likely 228 cart.go:39 | 2 of 12 instances stand out: pod03 has 140 goroutines at cart.go:39, \
              the median has 1"
            ]
        );
        let dumps: Vec<_> = pods.iter().map(|(name, text)| (&**name, None, &**text)).collect();
        let (_, comparison) = compared(Mode::Fleet, &dumps);
        assert_eq!((comparison.findings[0].dump, &*comparison.findings[0].dumps), (2, &[2, 7][..]));
        assert_eq!(
            comparison.findings[0].finding.evidence[0].en,
            "pod03: 140 goroutines stand out, 97.9% of its 143; the median instance has 4 in all."
        );
    }

    #[test]
    fn ok_far_more_are_critical() {
        let found = found(&fleet(&[30, 30, 1200, 30, 30], REFRESH));
        assert!(
            found[0].starts_with("outlier-instance critical likely 1200 cart.go:39 | 1 of 5 instances stands out:"),
            "{found:?}"
        );
    }

    #[test]
    fn ok_requests_in_progress_are_no_warning() {
        let found = found(&fleet(&[5, 5, 80, 5, 5], &HANDLER.replace("api.go:20", "api.go:44")));
        assert!(found[0].starts_with("outlier-instance info possible 80 api.go:44 |"), "{found:?}");
    }

    #[test]
    fn ok_another_build_is_no_warning() {
        let mut pods = fleet(&[50, 50, 50, 50], REFRESH);
        pods.extend(fleet(&[50], &REFRESH.replace("cart.go:39", "cart.go:41")));
        let found = found(&pods);
        assert!(found[0].starts_with("outlier-instance info possible 50 cart.go:41 |"), "{found:?}");
    }

    #[test]
    fn ok_two_instances_and_small_differences_are_not_odd() {
        assert!(found(&fleet(&[1, 900], REFRESH)).is_empty());
        assert!(found(&fleet(&[30, 40, 50, 100], REFRESH)).is_empty());
        assert!(found(&fleet(&[1, 1, 1, 15], REFRESH)).is_empty());
    }
}
