//! `growing-group`
#![doc = include_str!("../doc/growing-group.md")]

use alloc::vec::Vec;

use super::across::{Pile, Rate, about, are_related, at_place, is_notable, piles, said_alone};
use crate::compare::sentence::name_of;
use crate::compare::span::{Span, whole};
use crate::compare::trend::{Course, Trend, trend};
use crate::compare::{Compared, ComparedFinding, Mode};
use crate::finding::{Confidence, Detect, Finding, Rule, Severity, Thresholds};
use crate::text::{Count, Text, minutes, text};

pub(super) const RULE: Rule = Rule {
    name: "growing-group",
    doc_en: include_str!("../doc/growing-group.md"),
    doc_zh_cn: include_str!("../doc/growing-group.zh-CN.md"),
    detect: Detect::Dumps(detect),
};

/// What grows by less than this factor goes up and down with the load, in percent.
const MIN_GROWTH_PERCENT: u64 = 120;
/// Of fewer goroutines in the first dump nobody can tell whether they stay or leave.
const MIN_KNOWN: u64 = 5;
/// Share of the first dump's goroutines that have to be where they were, in percent.
const STUCK_PERCENT: u64 = 90;
/// Between dumps so close to each other goroutines need not move, in minutes.
const MIN_MINUTES: f64 = 0.5;
/// When everything else grows by this factor, it is the load or a start, in percent.
const ALL_GROW_PERCENT: u64 = 150;

/// What became of those that the first dump has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Members {
    /// Nearly all are where they were.
    Stuck,
    /// Nearly all are still there, though not where they were.
    Stay,
    /// Most of them ended.
    Change,
    /// Neither.
    Mixed,
    /// No ids, or too few to tell.
    Unknown,
}

fn detect(compared: &Compared<'_>) -> Vec<ComparedFinding> {
    let is_series = compared.comparison.mode == Mode::Series && are_related(compared);
    let Some(span) = Span::of(compared).filter(|_| is_series) else { return Vec::new() };
    let grown: Vec<Pile<'_>> = piles(compared, &span).into_iter().filter(has_grown).collect();
    let total = |dump: u32| compared.comparison.totals.get(dump as usize).copied().unwrap_or(0);
    let of_grown = |count: fn(&Pile<'_>) -> u64| grown.iter().map(count).fold(0, u64::saturating_add);
    let others = Others {
        before: total(span.from).saturating_sub(of_grown(|pile| pile.before)),
        after: total(span.to).saturating_sub(of_grown(|pile| pile.after)),
    };
    let found = |pile: &Pile<'_>| {
        let finding = finding(compared, &span, pile, others);
        // In another process or build what is new may have another name only.
        let is_worth_telling = is_notable(compared, span.to, pile.after) && (pile.before > 0 || span.is_followed);
        (finding.severity > Severity::Info || is_worth_telling).then(|| ComparedFinding {
            finding,
            dump: span.to,
            dumps: span.dumps.clone(),
        })
    };
    grown.iter().filter_map(found).collect()
}

/// Whether there is enough more of it to speak of.
pub(super) fn has_grown(pile: &Pile<'_>) -> bool {
    let (before, after) = (pile.before, pile.after);
    after >= before.saturating_add(Thresholds::default().pile)
        && after.saturating_mul(100) >= before.saturating_mul(MIN_GROWTH_PERCENT)
}

/// Goroutines in no group that grew.
#[derive(Clone, Copy, Debug)]
struct Others {
    before: u64,
    after: u64,
}

impl Others {
    /// They grow as well, and `pile` not much faster.
    fn explain(self, pile: &Pile<'_>) -> bool {
        let grow = self.after.saturating_mul(100) >= self.before.saturating_mul(ALL_GROW_PERCENT)
            && self.after >= self.before.saturating_add(Thresholds::default().pile);
        let [before, after] = [pile.before, pile.after].map(u128::from);
        let [others_before, others_after] = [self.before, self.after].map(u128::from);
        grow && after * others_before <= 2 * before * others_after
    }
}

/// What is known of a group that grew.
struct Growth<'p, 'a> {
    pile: &'p Pile<'a>,
    span: &'p Span,
    members: Members,
    trend: Option<Trend>,
    /// The load or a start would explain it.
    is_explained: bool,
}

impl Growth<'_, '_> {
    fn added(&self) -> u64 {
        self.pile.after.saturating_sub(self.pile.before)
    }

    fn is_short(&self) -> bool {
        self.span.minutes.is_some_and(|minutes| minutes < MIN_MINUTES)
    }

    /// It grows from dump to dump, and there are enough dumps to see that.
    fn grows_on(&self) -> bool {
        self.trend.is_some_and(|trend| trend.course == Course::Growing)
    }

    fn judge(&self) -> (Severity, Confidence) {
        let is_huge = self.added() >= Thresholds::default().huge;
        let (severity, confidence) = match self.members {
            Members::Change => return (Severity::Info, Confidence::Possible),
            _ if self.is_short() => (Severity::Info, Confidence::Possible),
            Members::Stuck if self.is_explained => (Severity::Warning, Confidence::Possible),
            Members::Stuck if is_huge => (Severity::Critical, Confidence::Likely),
            Members::Stuck => (Severity::Warning, Confidence::Likely),
            _ if self.is_explained => (Severity::Info, Confidence::Possible),
            Members::Stay | Members::Unknown if self.grows_on() => (Severity::Warning, Confidence::Possible),
            Members::Stay | Members::Unknown if is_huge => (Severity::Warning, Confidence::Possible),
            _ => (Severity::Info, Confidence::Possible),
        };
        let Some(alone) = self.pile.site.finding else { return (severity, confidence) };
        // What looked like a leak and grows is one: two signs.
        let is_twice = severity.min(alone.severity) >= Severity::Warning;
        let together = if is_twice { Confidence::Likely } else { Confidence::Possible };
        (severity.max(alone.severity), confidence.max(alone.confidence).max(together))
    }
}

fn members(pile: &Pile<'_>) -> Members {
    let Some(lives) = pile.lives.filter(|_| pile.before >= MIN_KNOWN) else { return Members::Unknown };
    let is_share = |part: u64, percent: u64| part.saturating_mul(100) >= pile.before.saturating_mul(percent);
    match () {
        () if is_share(lives.stuck, STUCK_PERCENT) => Members::Stuck,
        () if is_share(lives.ended, 50) => Members::Change,
        () if !is_share(lives.ended, 100 - STUCK_PERCENT) => Members::Stay,
        () => Members::Mixed,
    }
}

fn finding(compared: &Compared<'_>, span: &Span, pile: &Pile<'_>, others: Others) -> Finding {
    let counts: Vec<u64> = span.dumps.iter().map(|&dump| pile.site.count(compared, dump)).collect();
    let growth = Growth {
        pile,
        span,
        members: members(pile),
        trend: trend(&counts, span.times.as_deref()),
        is_explained: others.explain(pile),
    };
    let (severity, confidence) = growth.judge();
    let (from, to, when, at) = (Count(pile.before), Count(pile.after), span.text(), at_place(compared, &pile.site));
    let (when_en, when_zh, at_en, at_zh) = (&when.en, &when.zh_cn, &at.en, &at.zh_cn);
    Finding {
        severity,
        confidence,
        title: text!(
            "Goroutines{at_en} grew from {from} to {to} {when_en}",
            "{at_zh}的 goroutine 在{when_zh}从 {from} 个增至 {to} 个"
        ),
        evidence: evidence(compared, &growth, &counts),
        counter_evidence: counter_evidence(&growth, others),
        ..about(&RULE, &pile.site, pile.after)
    }
}

fn evidence(compared: &Compared<'_>, growth: &Growth<'_, '_>, counts: &[u64]) -> Vec<Text> {
    let (pile, span) = (growth.pile, growth.span);
    let mut said = Vec::new();
    let (added, before) = (Count(growth.added()), Count(pile.before));
    if let Some(minutes) = span.minutes {
        let rate = Rate(growth.trend.map_or(growth.added() as f64 / minutes, |trend| trend.slope.max(0.0)));
        said.push(text!("{added} more, about {rate} a minute.", "增加了 {added} 个，约每分钟 {rate} 个。"));
        let pace = growth.added() as f64 / minutes;
        let doubling = growth.trend.and_then(|trend| trend.doubling_minutes).unwrap_or(pile.after as f64 / pace);
        if doubling.is_finite() {
            let Text { en, zh_cn } = minutes_text(doubling);
            said.push(text!("At this pace it doubles in another {en}.", "按此速度，再过{zh_cn}将翻倍。"));
        }
    } else {
        said.push(text!("{added} more.", "增加了 {added} 个。"));
    }
    if let Some(trend) = growth.trend.filter(|trend| trend.course == Course::Growing) {
        let n = Count(counts.len() as u64);
        said.push(if trend.is_monotone {
            text!("None of {n} dumps has fewer than the one before.", "{n} 份转储中没有一份少于前一份。")
        } else {
            text!("Over {n} dumps it grows, single odd ones apart.", "在 {n} 份转储中持续增长，个别异常除外。")
        });
    }
    if let (Members::Stuck | Members::Stay, Some(lives)) = (growth.members, pile.lives) {
        let (stuck, ended) = (Count(lives.stuck), Count(lives.ended));
        said.push(text!(
            "Of {before} in the first dump {stuck} have not moved: the same goroutines on the same stacks. {ended} ended.",
            "第一份转储中的 {before} 个里有 {stuck} 个未曾移动：同样的 goroutine 停在同样的栈上。{ended} 个已结束。"
        ));
    }
    let first = span.dumps.iter().zip(counts).find(|(_, count)| **count > 0).map(|(&dump, _)| dump);
    if let Some(first) = first.filter(|&dump| dump != span.from) {
        let Text { en, zh_cn } = name_of(compared, first);
        said.push(text!("First seen in {en}.", "首次出现于{zh_cn}。"));
    }
    said.extend(pile.site.finding.map(said_alone));
    said
}

/// At least a minute.
fn minutes_text(span: f64) -> Text {
    minutes(whole(span).max(1))
}

fn counter_evidence(growth: &Growth<'_, '_>, others: Others) -> Vec<Text> {
    let mut said = Vec::new();
    let pile = growth.pile;
    if let (Members::Change | Members::Mixed, Some(lives)) = (growth.members, pile.lives) {
        let (before, ended, born) = (Count(pile.before), Count(lives.ended), Count(lives.born));
        said.push(text!(
            "Of {before} in the first dump {ended} ended, and {born} are new: they come and go, so the number follows the load.",
            "第一份转储中的 {before} 个里有 {ended} 个已结束，另有 {born} 个是新的：它们来来去去，数量随负载变化。"
        ));
    }
    if growth.is_explained {
        let (from, to) = (Count(others.before), Count(others.after));
        said.push(text!(
            "All other goroutines grew from {from} to {to} as well: the load rose, or the service had just started.",
            "其余 goroutine 也从 {from} 个增至 {to} 个：负载上升，或服务刚刚启动。"
        ));
    }
    if growth.is_short() {
        said.push(text!(
            "The dumps are less than half a minute apart: many goroutines live as long.",
            "两份转储相隔不到半分钟：许多 goroutine 本就存活这么久。"
        ));
    }
    if growth.members == Members::Unknown && !growth.span.is_followed {
        said.push(text!(
            "Goroutines cannot be followed from dump to dump, so nobody can tell whether the same ones stay. Dumps of one process \
             with debug=2 tell.",
            "无法在转储之间跟踪 goroutine，因此无从得知留下的是否同一批。同一进程的 debug=2 转储可以说明。"
        ));
    }
    if growth.span.dumps.len() < 3 {
        said.push(text!(
            "Load makes groups grow as well. If a third dump has fewer, nothing leaks.",
            "负载也会使分组增长。若第三份转储中数量减少，就没有泄漏。"
        ));
    }
    said
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use crate::compare::Mode;
    use crate::finding::testing::{compared, dump_of, findings_between, findings_of_series};

    const MAIN: &str = "goroutine N [chan receive]:\nmain.main()\n\t/src/main.go:9 +0x1\n";

    /// A goroutine that sends to a channel, and waits.
    fn sender(minutes: &str) -> String {
        format!(
            "goroutine N [chan send{minutes}]:\nmain.(*Worker).Process()\n\t/src/worker.go:89 +0x1d\ncreated by main.(*Worker).Start in goroutine 1\n\t/src/worker.go:56 +0x2\n"
        )
    }

    /// A goroutine that serves a request and waits for its database.
    fn handler() -> String {
        String::from(
            "goroutine N [select]:\nmain.(*Api).get()\n\t/src/api.go:20 +0x1\nnet/http.(*conn).serve()\n\t/go/src/net/http/server.go:2157 +0x1\ncreated by net/http.(*Server).Serve in goroutine 1\n\t/go/src/net/http/server.go:3604 +0x1\n",
        )
    }

    /// `n` goroutines in a profile.
    fn profile(n: u64) -> String {
        format!(
            "goroutine profile: total {}\n{n} @ 0x1 0x2\n#\t0x1\tmain.watch+0x1\t/src/watch.go:7\n#\t0x2\tmain.start+0x1\t/src/watch.go:3\n\n",
            n + 4
        )
    }

    #[test]
    fn ok_a_pile_that_nobody_leaves() {
        let before = dump_of(&[(1..2, MAIN), (10..130, &sender(", 2 minutes"))]);
        let after = dump_of(&[(1..2, MAIN), (10..130, &sender(", 7 minutes")), (300..720, &sender(", 3 minutes"))]);
        let found = findings_of_series(&[(0, &before), (5, &after)]);
        assert_eq!(
            found,
            ["growing-group warning likely 540 worker.go:89 | Goroutines at worker.go:89 grew from 120 to 540 in 5 minutes"]
        );
        let (_, comparison) = compared(Mode::Series, &[("", Some(0), &before), ("", Some(5), &after)]);
        let finding = &comparison.findings[0].finding;
        let said: String = finding.evidence.iter().map(|text| format!("{}\n", text.en)).collect();
        assert_eq!(
            said,
            "420 more, about 84 a minute.\n\
             At this pace it doubles in another 6 minutes.\n\
             Of 120 in the first dump 120 have not moved: the same goroutines on the same stacks. 0 ended.\n\
             The last dump alone says: 540 goroutines are stuck sending on a channel at worker.go:89.\n"
        );
        assert!(finding.fix.is_some() && finding.reference.is_some() && finding.created_by.is_some());
        assert_eq!((comparison.findings[0].dump, &*comparison.findings[0].dumps), (1, &[0, 1][..]));
    }

    #[test]
    fn ok_many_more_are_critical() {
        let before = dump_of(&[(1..2, MAIN), (10..30, &sender(""))]);
        let after = dump_of(&[(1..2, MAIN), (10..30, &sender(", 2 minutes")), (100..1200, &sender(""))]);
        let found = findings_of_series(&[(0, &before), (2, &after)]);
        assert!(found[0].starts_with("growing-group critical likely 1120 worker.go:89 |"), "{found:?}");
    }

    #[test]
    fn ok_load_that_comes_and_goes_is_no_warning() {
        let before = dump_of(&[(1..2, MAIN), (10..70, &handler())]);
        let after = dump_of(&[(1..2, MAIN), (500..700, &handler())]);
        let found = findings_of_series(&[(0, &before), (5, &after)]);
        assert_eq!(
            found,
            ["growing-group info possible 200 api.go:20 | Goroutines at api.go:20 grew from 60 to 200 in 5 minutes"]
        );
        let again = dump_of(&[(1..2, MAIN), (900..950, &handler())]);
        assert!(findings_of_series(&[(0, &before), (5, &after), (10, &again)]).is_empty());
    }

    #[test]
    fn ok_a_start_explains_growth() {
        let other = handler().replace("main.(*Api).get", "main.(*Api).put").replace("api.go:20", "api.go:40");
        let watch = handler().replace("main.(*Api).get", "main.(*Feed).watch").replace("api.go:20", "feed.go:4");
        let before = dump_of(&[(1..2, MAIN), (10..30, &handler()), (30..45, &other), (45..60, &watch)]);
        let grown = dump_of(&[(1..2, MAIN), (10..30, &handler()), (30..45, &other), (45..60, &watch), (90..125, &handler())]);
        let after = format!("{grown}{}", dump_of(&[(130..149, &other), (150..169, &watch)]));
        let found = findings_of_series(&[(0, &before), (5, &after)]);
        assert_eq!(
            found,
            ["growing-group warning possible 55 api.go:20 | Goroutines at api.go:20 grew from 20 to 55 in 5 minutes"]
        );
    }

    #[test]
    fn ok_profiles_need_three_dumps() {
        let [first, second, third, odd] = [20, 60, 90, 500].map(profile);
        let pair = findings_of_series(&[(0, &first), (5, &second)]);
        assert!(pair[0].starts_with("growing-group info possible 60 watch.go:7 |"), "{pair:?}");
        let three = findings_of_series(&[(0, &first), (5, &second), (10, &third)]);
        assert_eq!(
            three,
            ["growing-group warning possible 90 watch.go:7 | Goroutines at watch.go:7 grew from 20 to 90 in 10 minutes"]
        );
        let burst = findings_of_series(&[(0, &first), (5, &odd), (10, &second)]);
        assert!(burst[0].starts_with("growing-group info possible 60 "), "{burst:?}");
    }

    #[test]
    fn ok_little_growth_and_idle_growth_is_no_finding() {
        let [hundred, more] = [100, 119].map(profile);
        assert!(findings_of_series(&[(0, &hundred), (5, &more)]).is_empty());
        let [two_hundred, more] = [200, 239].map(profile);
        assert!(findings_of_series(&[(0, &two_hundred), (5, &more)]).is_empty());
        let kept = "goroutine N [IO wait, 2 minutes]:\ninternal/poll.runtime_pollWait()\n\t/go/src/runtime/netpoll.go:351 +0x85\nnet/http.(*connReader).Read()\n\t/go/src/net/http/server.go:818 +0x1\nbufio.(*Reader).fill()\n\t/go/src/bufio/bufio.go:113 +0x1\nbufio.(*Reader).Peek()\n\t/go/src/bufio/bufio.go:152 +0x1\nnet/http.(*conn).serve()\n\t/go/src/net/http/server.go:2165 +0x1\ncreated by net/http.(*Server).Serve in goroutine 1\n\t/go/src/net/http/server.go:3604 +0x1\n";
        let (before, after) = (dump_of(&[(1..2, MAIN), (10..40, kept)]), dump_of(&[(1..2, MAIN), (10..140, kept)]));
        assert!(findings_of_series(&[(0, &before), (5, &after)]).is_empty());
    }

    #[test]
    fn ok_after_a_restart_the_new_process_counts() {
        let old = dump_of(&[(1..2, MAIN), (10_010..10_500, &sender(", 9 minutes"))]);
        let [first, second, third] = [(40, ", 1 minutes"), (90, ", 5 minutes"), (160, ", 9 minutes")]
            .map(|(to, waits)| dump_of(&[(1..2, MAIN), (10..to, &sender(waits))]));
        let dumps = [("old", 0, &old), ("new", 10, &first), ("new", 15, &second), ("new", 20, &third)];
        let found = findings_between(Mode::Series, &dumps.map(|(name, minutes, text)| (name, Some(minutes), &**text)));
        assert_eq!(
            found,
            ["growing-group warning likely 150 worker.go:89 | Goroutines at worker.go:89 grew from 30 to 150 in 10 minutes"]
        );
        let found = findings_between(Mode::Series, &[("old", None, &first), ("new", None, &old)]);
        // Nothing tells two processes from one whose goroutines were all replaced, which is no leak either.
        assert!(found[0].starts_with("growing-group info possible 490 "), "{found:?}");
    }
}
