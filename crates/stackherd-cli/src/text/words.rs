//! Words around verdicts and findings, in every language.

use stackherd_report::{Confidence, GcChange, GroupStatus, Language, Relation, Severity, VerdictKind};

use super::numbers::value;

/// Words around verdicts and findings. `{…}` stands for what is filled in.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) culprit: &'static str,
    pub(super) created_by: &'static str,
    pub(super) fix: &'static str,
    pub(super) may_be_wrong: &'static str,
    pub(super) reference: &'static str,
    pub(super) in_dumps: &'static str,
    pub(super) more: &'static str,
    pub(super) other_dumps: &'static str,
    /// Between a label and what it labels.
    pub(super) colon: &'static str,
    pub(super) mixed_formats: &'static str,
    pub(super) change: &'static str,
    pub(super) delta: &'static str,
    pub(super) per_minute: &'static str,
    pub(super) stuck: &'static str,
    pub(super) group: &'static str,
    pub(super) unchanged: &'static str,
    pub(super) more_changes: &'static str,
    pub(super) instance: &'static str,
    pub(super) against_median: &'static str,
    pub(super) more_instances: &'static str,
    pub(super) alike: &'static str,
    gc: &'static str,
    statuses: [&'static str; 5],
    relations: [&'static str; 3],
    severities: [&'static str; 3],
    confidences: [&'static str; 3],
    kinds: [&'static str; 8],
}

static EN: Words = Words {
    culprit: "at",
    created_by: "created by",
    fix: "fix",
    may_be_wrong: "but",
    reference: "see",
    in_dumps: "in {n} of {all} dumps; goroutines in all: {goroutines}",
    more: "… more findings: {n}; --format json lists all",
    other_dumps: "other dumps ({n}): {kinds}",
    colon: ": ",
    mixed_formats: "The dumps are of different formats; groups are joined by what all of them tell.",
    change: "change",
    delta: "delta",
    per_minute: "per min",
    stuck: "stuck",
    group: "group",
    unchanged: "unchanged: {n} groups with {goroutines} goroutines",
    more_changes: "… and {n} more; --top 0 or --format json lists all",
    instance: "has {n} goroutines",
    against_median: "{n} (median {median})",
    more_instances: "… and {n} more odd instances; --format json lists all",
    alike: "{n} of {all} instances are alike: median {median}",
    gc: "gctrace: live heap {heap_before} MB → {heap_after} MB, pause {pause_before} ms → {pause_after} ms",
    statuses: ["new", "gone", "grown", "shrunk", "same"],
    relations: ["same process", "same service", "relation unknown"],
    severities: ["info", "warning", "critical"],
    confidences: ["possible", "likely", "certain"],
    kinds: ["crash", "deadlock", "leak", "lock", "busy", "leak in a test", "possible", "nothing"],
};

static ZH_CN: Words = Words {
    culprit: "位于",
    created_by: "创建于",
    fix: "修复",
    may_be_wrong: "但",
    reference: "参见",
    in_dumps: "出现在 {all} 个转储中的 {n} 个，共 {goroutines} 个 goroutine",
    more: "… 另有 {n} 个发现；--format json 列出全部",
    other_dumps: "另外 {n} 个转储：{kinds}",
    colon: "：",
    mixed_formats: "这些转储格式不同；分组只按各格式共有的信息合并。",
    change: "变化",
    delta: "增减",
    per_minute: "每分钟",
    stuck: "未动",
    group: "分组",
    unchanged: "未变化：{n} 个分组，共 {goroutines} 个 goroutine",
    more_changes: "… 另有 {n} 个；--top 0 或 --format json 列出全部",
    instance: "有 {n} 个 goroutine",
    against_median: "{n}（中位数 {median}）",
    more_instances: "… 另有 {n} 个异常实例；--format json 列出全部",
    alike: "{all} 个实例中有 {n} 个相近：中位数 {median}",
    gc: "gctrace：存活堆 {heap_before} MB → {heap_after} MB，暂停 {pause_before} ms → {pause_after} ms",
    statuses: ["新增", "消失", "增长", "减少", "不变"],
    relations: ["同一进程", "同一服务", "关系未知"],
    severities: ["提示", "警告", "严重"],
    confidences: ["可能", "很可能", "确定"],
    kinds: ["崩溃", "死锁", "泄漏", "锁", "繁忙", "测试泄漏", "可疑", "无异常"],
};

impl Words {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::ZhCn => &ZH_CN,
        }
    }

    pub(super) const fn severity(&self, severity: Severity) -> &'static str {
        let [info, warning, critical] = self.severities;
        match severity {
            Severity::Info => info,
            Severity::Warning => warning,
            Severity::Critical => critical,
        }
    }

    pub(super) const fn confidence(&self, confidence: Confidence) -> &'static str {
        let [possible, likely, certain] = self.confidences;
        match confidence {
            Confidence::Possible => possible,
            Confidence::Likely => likely,
            Confidence::Certain => certain,
        }
    }

    pub(super) const fn status(&self, status: GroupStatus) -> &'static str {
        let [new, gone, grown, shrunk, same] = self.statuses;
        match status {
            GroupStatus::New => new,
            GroupStatus::Gone => gone,
            GroupStatus::Grown => grown,
            GroupStatus::Shrunk => shrunk,
            GroupStatus::Same => same,
        }
    }

    pub(super) const fn relation(&self, relation: Relation) -> &'static str {
        let [process, service, unknown] = self.relations;
        match relation {
            Relation::SameProcess => process,
            Relation::SameService => service,
            Relation::Unknown => unknown,
        }
    }

    /// Garbage collection before and after.
    pub(super) fn gc_change(&self, gc: &GcChange) -> String {
        let (heap, pause) = (gc.live_heap_mb, gc.pause_ms);
        let numbers =
            [("{heap_before}", heap.0), ("{heap_after}", heap.1), ("{pause_before}", pause.0), ("{pause_after}", pause.1)];
        numbers.iter().fold(self.gc.to_owned(), |line, (name, number)| line.replace(name, &value(*number)))
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
