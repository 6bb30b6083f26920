//! The words around findings. The sentences of findings themselves come from the engine.

mod en;
mod zh_cn;

use stackherd_report::protocol::ExportKind;
use stackherd_report::{Confidence, Severity};

use super::CODE;

pub(super) use self::en::TEXTS as EN;
pub(super) use self::zh_cn::TEXTS as ZH_CN;

/// Every text around findings, exports and settings.
#[derive(Debug)]
pub(crate) struct FindingTexts {
    // Verdict.
    pub(crate) copy_summary: &'static str,
    pub(crate) how_to_fix: &'static str,
    pub(crate) kpi_concerned: &'static str,
    pub(crate) kpi_began: &'static str,
    /// How long ago, about.
    pub(crate) ago: fn(&str) -> String,

    // The list.
    pub(crate) findings: &'static str,
    pub(crate) by_severity: &'static str,
    pub(crate) severity: fn(Severity) -> &'static str,
    /// A verdict without a finding to worry about.
    pub(crate) good: &'static str,
    pub(crate) confidence: &'static str,
    pub(crate) confidence_word: fn(Confidence) -> &'static str,
    pub(crate) judging: &'static str,
    pub(crate) nothing: &'static str,
    /// What was looked for, in how many groups.
    pub(crate) nothing_checked: fn(&str) -> String,
    pub(crate) nothing_next: &'static str,
    pub(crate) more: fn(&str) -> String,
    /// Goroutines and groups.
    pub(crate) idle_set_aside: fn(&str, &str) -> String,
    pub(crate) hide_idle: &'static str,
    pub(crate) show_idle: &'static str,
    pub(crate) all_idle: &'static str,

    // Groups and detail.
    pub(crate) idle: &'static str,
    pub(crate) why_idle: &'static str,
    pub(crate) tab_fix: &'static str,
    pub(crate) finding: &'static str,
    pub(crate) evidence: &'static str,
    pub(crate) places: &'static str,
    pub(crate) stuck_at: &'static str,
    pub(crate) started_at: &'static str,
    pub(crate) open_source: fn(&str) -> String,
    pub(crate) in_groups: fn(&str) -> String,
    pub(crate) pattern_note: &'static str,
    pub(crate) removed_line: &'static str,
    pub(crate) added_line: &'static str,
    pub(crate) whole_finding: &'static str,
    pub(crate) read_on: &'static str,
    pub(crate) counter_evidence: &'static str,
    pub(crate) about_rule: fn(&str) -> String,
    pub(crate) own_rule: &'static str,
    pub(crate) copy_finding: &'static str,

    // Exports.
    pub(crate) export: &'static str,
    pub(crate) export_title: &'static str,
    pub(crate) export_kind: fn(ExportKind) -> &'static str,
    pub(crate) export_lead: fn(ExportKind) -> &'static str,
    pub(crate) export_empty: &'static str,
    pub(crate) making: &'static str,
    pub(crate) download: &'static str,
    pub(crate) download_refused: &'static str,

    // Settings.
    pub(crate) settings: &'static str,
    pub(crate) rules: &'static str,
    pub(crate) rules_lead: &'static str,
    /// Key and meaning.
    pub(crate) rules_keys: [(&'static str, &'static str); 9],
    pub(crate) rules_keys_title: &'static str,
    pub(crate) rules_taken: &'static str,
    pub(crate) rules_not_taken: fn(&str) -> String,
    pub(crate) app_prefixes: &'static str,
    pub(crate) app_prefixes_lead: &'static str,
    pub(crate) source_link: &'static str,
    pub(crate) source_link_lead: &'static str,
    pub(crate) source_link_refused: &'static str,
    pub(crate) apply: &'static str,
    pub(crate) applied: &'static str,
    pub(crate) stored_here: &'static str,

    // Help.
    pub(crate) key_fix: &'static str,
    pub(crate) key_export: &'static str,
    pub(crate) hint_fix: &'static str,
}

/// A sentence of the engine with its code marked: what stands between backquotes, else the places it names.
pub(crate) fn code_in(text: &str, places: &[String]) -> String {
    let n_quotes = text.matches('`').count();
    if n_quotes > 0 && n_quotes.is_multiple_of(2) {
        return text.replace('`', CODE.encode_utf8(&mut [0; 4]));
    }
    let mut marked = text.to_owned();
    for place in places {
        if let Some(at) = marked.find(place.as_str()) {
            let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '.' | CODE));
            let (before, after) = (marked.get(..at).unwrap_or_default(), marked.get(at + place.len()..).unwrap_or_default());
            let follows = after.trim_start_matches('.').chars().next();
            if !is_part(before.chars().next_back()) && !is_part(follows.filter(|_| !after.starts_with(". "))) {
                marked = format!("{before}{CODE}{place}{CODE}{after}");
            }
        }
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, places: &[&str], expected: &str) {
        let places: Vec<String> = places.iter().map(|place| (*place).to_owned()).collect();
        assert_eq!(code_in(text, &places).replace(CODE, "|"), expected);
    }

    #[test]
    fn ok_backquotes_mark_code() {
        check("stuck in `chan send` at `a.go:9`", &["a.go:9"], "stuck in |chan send| at |a.go:9|");
        check("one ` alone at a.go:9", &["a.go:9"], "one ` alone at |a.go:9|");
    }

    #[test]
    fn ok_places_are_code() {
        check("stuck at worker.go:89, oldest 11 min", &["worker.go:89", "main.go:1"], "stuck at |worker.go:89|, oldest 11 min");
        check("卡在 worker.go:89。", &["worker.go:89"], "卡在 |worker.go:89|。");
        check("started at main.go:1.", &["main.go:1"], "started at |main.go:1|.");
    }

    #[test]
    fn ok_a_longer_place_is_another_one() {
        check("at worker.go:891", &["worker.go:89"], "at worker.go:891");
        check("at the_worker.go:89", &["worker.go:89"], "at the_worker.go:89");
        check("at a.go:9", &["a.go:9", "a.go:9"], "at |a.go:9|");
    }

    #[test]
    fn ok_words_differ() {
        for texts in [&EN, &ZH_CN] {
            let mut words: Vec<&str> = Severity::ALL.iter().map(|severity| (texts.severity)(*severity)).collect();
            words.push(texts.good);
            words.extend(Confidence::ALL.iter().map(|confidence| (texts.confidence_word)(*confidence)));
            words.extend(ExportKind::ALL.iter().map(|kind| (texts.export_kind)(*kind)));
            let n_words = words.len();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), n_words);
        }
    }
}
