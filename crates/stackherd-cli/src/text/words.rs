//! Words around verdicts and findings, in every language.

use stackherd_report::{Confidence, Language, Severity, VerdictKind};

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
