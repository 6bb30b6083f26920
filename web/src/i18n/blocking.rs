//! Words of the view of objects that goroutines wait for.

use stackherd_report::{BlockingKind, Confidence};

use super::code;

/// Goroutines that wait for each other.
#[derive(Debug)]
pub(crate) struct CycleFact<'a> {
    /// `None` when the format has no ids.
    pub(crate) goids: Option<&'a [String]>,
    pub(crate) goroutines: usize,
    pub(crate) places: &'a [String],
}

/// The object with the most waiters.
#[derive(Debug)]
pub(crate) struct MostFact<'a> {
    pub(crate) waiters: &'a str,
    pub(crate) kind: &'a str,
    /// Empty when unknown.
    pub(crate) place: &'a str,
    /// They wait for the very same one, because its address says so.
    pub(crate) is_one: bool,
}

/// What one row of the table says in one sentence.
#[derive(Debug)]
pub(crate) struct ObjectName<'a> {
    pub(crate) waiters: &'a str,
    /// Its kind and address.
    pub(crate) object: &'a str,
    /// Function and file; empty when unknown.
    pub(crate) place: &'a str,
    pub(crate) holder: Option<&'a str>,
    pub(crate) oldest: Option<&'a str>,
}

/// The texts of the view.
#[derive(Debug)]
pub(crate) struct BlockingTexts {
    pub(crate) tab: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) cycle_headline: fn(&CycleFact<'_>) -> String,
    pub(crate) most_headline: fn(&MostFact<'_>) -> String,
    /// How many objects, and how many goroutines wait for them.
    pub(crate) lead: fn(&str, &str) -> String,
    /// How many are listed of how many; follows the sentence before.
    pub(crate) cut: fn(&str, &str) -> String,
    pub(crate) empty_title: &'static str,
    pub(crate) empty_why: &'static str,
    pub(crate) empty_channels: &'static str,

    pub(crate) objects: &'static str,
    pub(crate) kinds: &'static str,
    pub(crate) all_kinds: &'static str,
    /// Go's own names where it has some.
    pub(crate) kind: fn(BlockingKind) -> &'static str,
    pub(crate) column_waiters: &'static str,
    pub(crate) column_kind: &'static str,
    pub(crate) column_address: &'static str,
    pub(crate) column_waiting_at: &'static str,
    pub(crate) column_holder: &'static str,
    pub(crate) column_oldest: &'static str,
    /// The address is that of the struct around it.
    pub(crate) inside: fn(&str) -> String,
    pub(crate) inside_why: &'static str,
    pub(crate) no_candidate: &'static str,
    pub(crate) no_owner: &'static str,
    pub(crate) some_goroutine: &'static str,
    pub(crate) in_cycle: fn(&str) -> String,
    pub(crate) confidence: fn(Confidence) -> &'static str,
    /// Confidence and reason.
    pub(crate) because: fn(Confidence, &str) -> String,
    /// What follows the first candidate, where there are more.
    pub(crate) others: fn(&str) -> String,
    pub(crate) row_name: fn(&ObjectName<'_>) -> String,
    pub(crate) n_shown: fn(&str) -> String,

    pub(crate) detail: &'static str,
    pub(crate) back: &'static str,
    pub(crate) copy_object: &'static str,
    pub(crate) n_wait: fn(&str) -> String,
    pub(crate) oldest: fn(&str) -> String,
    pub(crate) candidates: fn(BlockingKind) -> &'static str,
    pub(crate) candidates_note: fn(BlockingKind) -> &'static str,
    pub(crate) no_candidates: &'static str,
    pub(crate) no_address: &'static str,
    pub(crate) channel_address: &'static str,
    pub(crate) open_group: &'static str,
    pub(crate) open_group_of: fn(&str) -> String,
    pub(crate) waiting_groups: &'static str,
    pub(crate) first_groups: fn(&str) -> String,
    pub(crate) group: fn(&str) -> String,

    pub(crate) cycle: &'static str,
    pub(crate) critical: &'static str,
    pub(crate) waits_for: &'static str,
    pub(crate) likely_held_by: &'static str,
    pub(crate) closed_cycle: &'static str,
    /// A goroutine, what it waits for, and who likely holds that.
    pub(crate) step: fn(&str, &str, &str) -> String,
    pub(crate) why: &'static str,
    pub(crate) inferred: &'static str,
    pub(crate) fix: &'static str,
    pub(crate) fix_note: &'static str,
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
    pub(crate) sides: fn(usize) -> String,
    pub(crate) likely_holds: fn(&str) -> String,
    pub(crate) waits_for_object: fn(&str) -> String,

    /// How many objects, and how many goroutines wait for them, for the last line of the page.
    pub(crate) status: fn(&str, &str) -> String,
}

pub(super) const EN: BlockingTexts = BlockingTexts {
    tab: "Blocked on",
    loading: "Looking for what the goroutines wait for",
    cycle_headline: |fact| {
        let at = places(fact.places, " and ");
        let at = if at.is_empty() { String::new() } else { format!(" at {at}") };
        match (fact.goids, fact.goroutines) {
            (Some([goid]), _) => format!("Likely deadlock: goroutine {goid} waits for what it seems to hold itself{at}"),
            (None, 1) => format!("Likely deadlock: a goroutine waits for what it seems to hold itself{at}"),
            (Some([first @ .., last]), _) => {
                format!("Likely deadlock: goroutines {} and {last} wait for each other{at}", first.join(", "))
            }
            (_, n) => format!("Likely deadlock: {n} goroutines wait for each other{at}"),
        }
    },
    most_headline: |fact| {
        let MostFact { waiters, kind, place, is_one } = fact;
        let wait = if *waiters == "1" { "goroutine waits" } else { "goroutines wait" };
        let which = if *is_one && *waiters != "1" { "one" } else { "a" };
        let at = if place.is_empty() { String::new() } else { format!(" at {}", code(place)) };
        format!("{waiters} {wait} for {which} {kind}{at}")
    },
    lead: |objects, waiters| {
        let have = if objects == "1" { "object has" } else { "objects have" };
        let goroutines = if waiters == "1" { "1 goroutine".to_owned() } else { format!("{waiters} goroutines") };
        format!(
            "{objects} {have} waiters, {goroutines} in all. Go prints no owner: holders are inferred from stacks and arguments, each with its confidence."
        )
    },
    cut: |listed, all| format!(" Listed are the {listed} of {all} objects with the most waiters."),
    empty_title: "No goroutine waits for an object that can be told from this dump",
    empty_why: "Listed are locks, WaitGroups, conditions, connections and channels that goroutines wait for. Their addresses are in the arguments of calls, which debug=2 text and crash output print; debug=1 text and profiles print none.",
    empty_channels: "Channels have addresses only in crash output taken with GOTRACEBACK=system.",

    objects: "Objects that goroutines wait for",
    kinds: "Kind of object",
    all_kinds: "All",
    kind: |kind| match kind {
        BlockingKind::Channel => "channel",
        BlockingKind::Connection => "connection",
        BlockingKind::Semaphore => "semaphore",
        kind => go_name(kind),
    },
    column_waiters: "Waiters",
    column_kind: "Kind",
    column_address: "Address",
    column_waiting_at: "Waiting at",
    column_holder: "Suspected holder",
    column_oldest: "Oldest",
    inside: |address| format!("in {address}"),
    inside_why: "The address is that of the struct it is in.",
    no_candidate: "no candidate found",
    no_owner: "no owner is printed by Go",
    some_goroutine: "a goroutine",
    in_cycle: |goroutine| format!("{goroutine}, in the same cycle"),
    confidence,
    because: |how, why| if why.is_empty() { confidence(how).to_owned() } else { format!("{}: {why}", confidence(how)) },
    others: |n| format!("; {n} more"),
    row_name: |name| {
        let ObjectName { waiters, object, place, .. } = name;
        let wait = if *waiters == "1" { "goroutine waits" } else { "goroutines wait" };
        let at = if place.is_empty() { String::new() } else { format!(" at {place}") };
        let holder = name.holder.map(|holder| format!(", likely held by {holder}")).unwrap_or_default();
        let oldest = name.oldest.map(|oldest| format!(", oldest {oldest}")).unwrap_or_default();
        format!("{waiters} {wait} for {object}{at}{holder}{oldest}")
    },
    n_shown: |n| if n == "1" { "1 object".to_owned() } else { format!("{n} objects") },

    detail: "Object",
    back: "Objects",
    copy_object: "Copy the object as Markdown (y)",
    n_wait: |n| if n == "1" { "1 goroutine waits".to_owned() } else { format!("{n} goroutines wait") },
    oldest: |wait| format!("oldest {wait}"),
    candidates: |kind| match kind {
        BlockingKind::Channel | BlockingKind::Connection => "Who may be at the other end",
        BlockingKind::Waitgroup | BlockingKind::Cond => "Who may be waited for",
        _ => "Likely held by",
    },
    candidates_note: |kind| match kind {
        BlockingKind::Channel | BlockingKind::Connection => {
            "Go does not print who is at the other end. These goroutines' calls mention it, and they do not wait for it."
        }
        _ => "No owner is printed by Go. These goroutines' calls mention it, and they do not wait for it.",
    },
    no_candidates: "No owner is printed by Go, and no goroutine of this dump mentions it without waiting for it.",
    no_address: "Its address is not in the dump, so no other goroutine can be matched with it. Goroutines that wait at one line are counted together; they may wait for different ones.",
    channel_address: "Channels have addresses only in crash output taken with GOTRACEBACK=system.",
    open_group: "Open group",
    open_group_of: |goroutine| format!("Open the group of {goroutine}"),
    waiting_groups: "Waiting groups",
    first_groups: |n| format!("The {n} largest are listed."),
    group: |key| format!("group {key}"),

    cycle: "Deadlock cycle",
    critical: "Critical",
    waits_for: "waits for",
    likely_held_by: "likely held by",
    closed_cycle: "closed cycle",
    step: |goroutine, object, holder| format!("{goroutine} waits for {object}, likely held by {holder}"),
    why: "Why this is likely a deadlock",
    inferred: "No owner is printed by Go: “held” is inferred.",
    fix: "How to fix",
    fix_note: "pattern, not your source",
    before: "Before",
    after: "After",
    sides: |n| match n {
        1 => "The goroutine that waits for itself".to_owned(),
        2 => "Both sides of the cycle".to_owned(),
        n => format!("The {n} sides of the cycle"),
    },
    likely_holds: |object| format!("likely holds {object}"),
    waits_for_object: |object| format!("waits for {object}"),

    status: |objects, waiters| {
        let objects = if objects == "1" { "1 object".to_owned() } else { format!("{objects} objects") };
        let goroutines = if waiters == "1" { "1 goroutine".to_owned() } else { format!("{waiters} goroutines") };
        format!("{objects} with waiters, {goroutines} blocked")
    },
};

pub(super) const ZH_CN: BlockingTexts = BlockingTexts {
    tab: "阻塞于",
    loading: "正在查找 goroutine 在等待什么",
    cycle_headline: |fact| {
        let at = places(fact.places, " 和 ");
        let at = if at.is_empty() { String::new() } else { format!("在 {at} ") };
        match (fact.goids, fact.goroutines) {
            (Some([goid]), _) => format!("疑似死锁：goroutine {goid} {at}等待疑似由它自己持有的对象"),
            (None, 1) => format!("疑似死锁：一个 goroutine {at}等待疑似由它自己持有的对象"),
            (Some([first @ .., last]), _) => format!("疑似死锁：goroutine {} 和 {last} {at}相互等待", first.join("、")),
            (_, n) => format!("疑似死锁：{n} 个 goroutine {at}相互等待"),
        }
    },
    most_headline: |fact| {
        let MostFact { waiters, kind, place, is_one } = fact;
        let which = if *is_one && *waiters != "1" { "同一个 " } else { "" };
        let at = if place.is_empty() { String::new() } else { format!("在 {} ", code(place)) };
        format!("{waiters} 个 goroutine {at}等待{which}{kind}")
    },
    lead: |objects, waiters| {
        format!("{objects} 个对象有等待者，共 {waiters} 个 goroutine。Go 不打印持有者：持有者由堆栈和参数推断，各附置信度。")
    },
    cut: |listed, all| format!("仅列出 {all} 个对象中等待者最多的 {listed} 个。"),
    empty_title: "从此转储中看不出 goroutine 在等待哪个对象",
    empty_why: "此处列出 goroutine 等待的锁、WaitGroup、条件变量、连接和通道。它们的地址在调用参数中，只有 debug=2 文本和崩溃输出才会打印；debug=1 文本和剖析文件没有。",
    empty_channels: "只有以 GOTRACEBACK=system 取得的崩溃输出才有通道的地址。",

    objects: "goroutine 等待的对象",
    kinds: "对象类型",
    all_kinds: "全部",
    kind: |kind| match kind {
        BlockingKind::Channel => "通道",
        BlockingKind::Connection => "连接",
        BlockingKind::Semaphore => "信号量",
        kind => go_name(kind),
    },
    column_waiters: "等待者",
    column_kind: "类型",
    column_address: "地址",
    column_waiting_at: "等待位置",
    column_holder: "疑似持有者",
    column_oldest: "最久",
    inside: |address| format!("{address} 内"),
    inside_why: "这是它所在结构体的地址。",
    no_candidate: "未找到候选者",
    no_owner: "Go 不打印持有者",
    some_goroutine: "某个 goroutine",
    in_cycle: |goroutine| format!("{goroutine}，在同一个环中"),
    confidence: confidence_zh,
    because: |how, why| if why.is_empty() { confidence_zh(how).to_owned() } else { format!("{}：{why}", confidence_zh(how)) },
    others: |n| format!("；另有 {n} 个"),
    row_name: |name| {
        let ObjectName { waiters, object, place, .. } = name;
        let at = if place.is_empty() { String::new() } else { format!("在 {place} ") };
        let holder = name.holder.map(|holder| format!("，疑似持有者 {holder}")).unwrap_or_default();
        let oldest = name.oldest.map(|oldest| format!("，最久 {oldest}")).unwrap_or_default();
        format!("{waiters} 个 goroutine {at}等待 {object}{holder}{oldest}")
    },
    n_shown: |n| format!("{n} 个对象"),

    detail: "对象",
    back: "对象列表",
    copy_object: "将对象复制为 Markdown (y)",
    n_wait: |n| format!("{n} 个 goroutine 在等待"),
    oldest: |wait| format!("最久 {wait}"),
    candidates: |kind| match kind {
        BlockingKind::Channel | BlockingKind::Connection => "可能在另一端的 goroutine",
        BlockingKind::Waitgroup | BlockingKind::Cond => "可能在等的 goroutine",
        _ => "疑似持有者",
    },
    candidates_note: |kind| match kind {
        BlockingKind::Channel | BlockingKind::Connection => {
            "Go 不打印谁在另一端。以下 goroutine 的调用提到了它，而且没有在等待它。"
        }
        _ => "Go 不打印持有者。以下 goroutine 的调用提到了它，而且没有在等待它。",
    },
    no_candidates: "Go 不打印持有者，而此转储中也没有提到它却不等待它的 goroutine。",
    no_address: "它的地址不在此转储中，因此无法与其他 goroutine 对应。在同一行等待的 goroutine 合并计数，等待的可能不是同一个对象。",
    channel_address: "只有以 GOTRACEBACK=system 取得的崩溃输出才有通道的地址。",
    open_group: "打开分组",
    open_group_of: |goroutine| format!("打开 {goroutine} 所在的分组"),
    waiting_groups: "等待中的分组",
    first_groups: |n| format!("仅列出最大的 {n} 个。"),
    group: |key| format!("分组 {key}"),

    cycle: "死锁环",
    critical: "严重",
    waits_for: "等待",
    likely_held_by: "疑似持有者",
    closed_cycle: "闭合的环",
    step: |goroutine, object, holder| format!("{goroutine} 等待 {object}，其疑似持有者为 {holder}"),
    why: "为何疑似死锁",
    inferred: "Go 不打印持有者，“持有”由推断得出。",
    fix: "如何修复",
    fix_note: "通用写法，非你的源码",
    before: "修复前",
    after: "修复后",
    sides: |n| match n {
        1 => "等待自己的 goroutine".to_owned(),
        2 => "环的两侧".to_owned(),
        n => format!("环中的 {n} 个 goroutine"),
    },
    likely_holds: |object| format!("疑似持有 {object}"),
    waits_for_object: |object| format!("等待 {object}"),

    status: |objects, waiters| format!("{objects} 个对象有等待者，{waiters} 个 goroutine 被阻塞"),
};

const fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Possible => "confidence low",
        Confidence::Likely => "confidence medium",
        Confidence::Certain => "confidence high",
    }
}

const fn confidence_zh(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Possible => "置信度低",
        Confidence::Likely => "置信度中",
        Confidence::Certain => "置信度高",
    }
}

/// The first places, as code.
fn places(places: &[String], and: &str) -> String {
    let first: Vec<String> = places.iter().take(2).map(|place| code(place)).collect();
    let more = if places.len() > 2 { " …" } else { "" };
    format!("{}{more}", first.join(and))
}

fn go_name(kind: BlockingKind) -> &'static str {
    crate::model::type_name(kind).unwrap_or_else(|| kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_cycle_is_told_with_or_without_ids() {
        let (goids, places) = (["207", "208"].map(str::to_owned), ["ledger.go:18".to_owned()]);
        let fact = CycleFact { goids: Some(&goids), goroutines: 2, places: &places };
        let plain = |text: String| text.replace(super::super::CODE, "");
        assert_eq!(
            plain((EN.cycle_headline)(&fact)),
            "Likely deadlock: goroutines 207 and 208 wait for each other at ledger.go:18"
        );
        assert_eq!(plain((ZH_CN.cycle_headline)(&fact)), "疑似死锁：goroutine 207 和 208 在 ledger.go:18 相互等待");
        let fact = CycleFact { goids: None, goroutines: 3, places: &[] };
        assert_eq!((EN.cycle_headline)(&fact), "Likely deadlock: 3 goroutines wait for each other");
        let fact = CycleFact { goids: Some(&goids[..1]), goroutines: 1, places: &[] };
        assert_eq!((EN.cycle_headline)(&fact), "Likely deadlock: goroutine 207 waits for what it seems to hold itself");
    }

    #[test]
    fn ok_one_object_only_where_the_address_says_so() {
        let fact = MostFact { waiters: "317", kind: "sync.Mutex", place: "", is_one: true };
        assert_eq!((EN.most_headline)(&fact), "317 goroutines wait for one sync.Mutex");
        let fact = MostFact { is_one: false, kind: "channel", ..fact };
        assert_eq!((EN.most_headline)(&fact), "317 goroutines wait for a channel");
        let fact = MostFact { waiters: "1", is_one: true, ..fact };
        assert_eq!((EN.most_headline)(&fact), "1 goroutine waits for a channel");
    }

    #[test]
    fn ok_every_kind_has_a_name_of_its_own() {
        for texts in [&EN, &ZH_CN] {
            let mut names: Vec<&str> = BlockingKind::ALL.iter().map(|kind| (texts.kind)(*kind)).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), BlockingKind::ALL.len());
        }
    }
}
