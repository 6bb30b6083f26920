//! Fixed words of texts that the engine writes, in every language.

use stackherd_report::{Confidence, Language, Severity};

/// Words around findings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrases {
    pub(crate) culprit: &'static str,
    pub(crate) created_by: &'static str,
    pub(crate) fix: &'static str,
    pub(crate) pattern: &'static str,
    pub(crate) may_be_wrong: &'static str,
    pub(crate) reference: &'static str,
    /// Between a label and what it labels.
    pub(crate) colon: &'static str,
    severities: [&'static str; 3],
    confidences: [&'static str; 3],
}

const EN: Phrases = Phrases {
    culprit: "Stuck at",
    created_by: "Created by",
    fix: "Fix",
    pattern: "A pattern, not your source:",
    may_be_wrong: "Why this may be wrong",
    reference: "Read on",
    colon: ": ",
    severities: ["info", "warning", "critical"],
    confidences: ["possible", "likely", "certain"],
};

const ZH_CN: Phrases = Phrases {
    culprit: "卡在",
    created_by: "创建于",
    fix: "修复",
    pattern: "这是模式，不是你的源码：",
    may_be_wrong: "为什么这可能不对",
    reference: "延伸阅读",
    colon: "：",
    severities: ["提示", "警告", "严重"],
    confidences: ["可能", "很可能", "确定"],
};

impl Phrases {
    pub(crate) const fn of(language: Language) -> Self {
        match language {
            Language::En => EN,
            Language::ZhCn => ZH_CN,
        }
    }

    pub(crate) const fn severity(self, severity: Severity) -> &'static str {
        let [info, warning, critical] = self.severities;
        match severity {
            Severity::Info => info,
            Severity::Warning => warning,
            Severity::Critical => critical,
        }
    }

    pub(crate) const fn confidence(self, confidence: Confidence) -> &'static str {
        let [possible, likely, certain] = self.confidences;
        match confidence {
            Confidence::Possible => possible,
            Confidence::Likely => likely,
            Confidence::Certain => certain,
        }
    }
}
