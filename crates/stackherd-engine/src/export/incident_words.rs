//! Fixed words of an incident summary, in every language.

use stackherd_report::{Language, VerdictKind};

/// Words of an incident summary. `{}` stands for a number or a name.
#[derive(Debug)]
pub(super) struct IncidentWords {
    pub(super) title: &'static str,
    pub(super) when: &'static str,
    pub(super) unknown_time: &'static str,
    pub(super) onset: &'static str,
    pub(super) findings: &'static str,
    pub(super) no_findings: &'static str,
    pub(super) more_findings: &'static str,
    pub(super) more_dumps: &'static str,
    /// In how many dumps a finding is: of these, of all, their names.
    pub(super) in_dumps: &'static str,
    pub(super) counts: &'static str,
    pub(super) dump_head: &'static str,
    pub(super) state_head: &'static str,
    /// Goroutines, groups, idle ones.
    pub(super) totals: &'static str,
    pub(super) not_known: &'static str,
    pub(super) limits: &'static [&'static str],
    pub(super) one_dump: &'static str,
    /// Kind of issue, message.
    pub(super) issue: &'static str,
    /// What kind of trouble it is, in the order of [`VerdictKind`].
    kinds: [&'static str; 8],
}

static EN: IncidentWords = IncidentWords {
    title: "Goroutine incident",
    when: "When",
    unknown_time: "time not recorded",
    onset: "It began about {minutes} minutes before the dump, give or take {error}.",
    findings: "Findings",
    no_findings: "No finding.",
    more_findings: "More findings: {n}.",
    more_dumps: "More dumps: {n}.",
    in_dumps: "In {n} of {all} dumps; goroutines in all: {goroutines}. {names}",
    counts: "Counts",
    dump_head: "| dump | taken at | goroutines | format | verdict |\n| --- | --- | ---: | --- | --- |\n",
    state_head: "| state | goroutines |\n| --- | ---: |\n",
    totals: "Goroutines: {goroutines}. Groups: {groups}. Idle goroutines: {idle}.",
    not_known: "What is not known",
    limits: &[
        "A dump names no holder of a lock; candidates are likely, not certain.",
        "A wait is a lower bound: Go counts it from a garbage collection and rounds it down.",
        "Memory, caches, timers and open files are not visible in a goroutine dump; take a heap profile for those.",
    ],
    one_dump: "One dump shows no growth; a second one, taken minutes later, would.",
    issue: "{name}: {message}",
    kinds: ["crash", "deadlock", "leak", "lock", "busy", "leak in a test", "possible", "nothing"],
};

static ZH_CN: IncidentWords = IncidentWords {
    title: "Goroutine 事故",
    when: "时间",
    unknown_time: "未记录时间",
    onset: "大约在转储之前 {minutes} 分钟开始，误差约 {error} 分钟。",
    findings: "发现",
    no_findings: "没有发现。",
    more_findings: "另有 {n} 个发现。",
    more_dumps: "另有 {n} 个转储。",
    in_dumps: "出现在 {all} 个转储中的 {n} 个，共 {goroutines} 个 goroutine。{names}",
    counts: "数量",
    dump_head: "| 转储 | 采集时间 | goroutine 数 | 格式 | 结论 |\n| --- | --- | ---: | --- | --- |\n",
    state_head: "| 状态 | goroutine 数 |\n| --- | ---: |\n",
    totals: "共 {goroutines} 个 goroutine，分为 {groups} 组；其中 {idle} 个空闲。",
    not_known: "尚不清楚的",
    limits: &[
        "转储不会写明锁的持有者；候选者只是很可能，并不确定。",
        "等待时间是下限：Go 从某次垃圾回收开始计算，并向下取整。",
        "内存、缓存、定时器和打开的文件在 goroutine 转储中不可见；请为此采集堆 profile。",
    ],
    one_dump: "单个转储看不出增长；几分钟后再采集一个即可判断。",
    issue: "{name}：{message}",
    kinds: ["崩溃", "死锁", "泄漏", "锁", "繁忙", "测试泄漏", "可疑", "无异常"],
};

impl IncidentWords {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::ZhCn => &ZH_CN,
        }
    }

    pub(super) const fn kind(&self, kind: VerdictKind) -> &'static str {
        let [crash, deadlock, leak, lock, busy, test_leak, possible, nothing] = self.kinds;
        match kind {
            VerdictKind::Crash => crash,
            VerdictKind::Deadlock => deadlock,
            VerdictKind::Leak => leak,
            VerdictKind::Lock => lock,
            VerdictKind::Busy => busy,
            VerdictKind::TestLeak => test_leak,
            VerdictKind::Possible => possible,
            VerdictKind::Nothing => nothing,
        }
    }
}
