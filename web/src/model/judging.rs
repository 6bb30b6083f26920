//! By what the worker judges (the reader's rules and packages), what the rules are about, and texts to act with.

use std::collections::BTreeMap;
use std::rc::Rc;

use stackherd_report::protocol::ExportKind;

use super::reduce_inputs::edit_all_dumps;
use super::{Language, Question, Reader, State, Tab, finding_on_show};

/// What concerns the judgements of all dumps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judging {
    /// Counts the changes of rules and packages that went to the worker. What it said before is out of date.
    pub(super) edition: u32,
    /// The rules the worker has; it starts without.
    rules: Rc<str>,
    /// The packages the worker has.
    app_prefixes: Vec<String>,
    /// The question about rules under way.
    rules_asked: Option<u32>,
    /// Why the rules were not taken.
    pub(crate) rules_error: Option<String>,
    /// Of rules, in the languages they were asked for in.
    docs: BTreeMap<(String, &'static str), RuleDoc>,
    /// The reader wants to see what the rule of a finding is about.
    pub(crate) is_doc_open: bool,
    /// The list of findings lies over the groups, where there is no room beside them.
    pub(crate) is_list_open: bool,
    pub(crate) export: Option<Export>,
}

impl Judging {
    /// The rules went to the worker and it has not said what it thinks of them.
    pub(crate) const fn is_waiting(&self) -> bool {
        self.rules_asked.is_some()
    }

    /// What a rule is about, in Markdown; `None` before the worker sent it.
    pub(crate) fn doc(&self, rule: &str, language: Language) -> Option<&str> {
        match self.docs.get(&(rule.to_owned(), language.as_str())) {
            Some(RuleDoc::Known(markdown)) => Some(markdown),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
enum RuleDoc {
    Asked(u32),
    Known(Rc<str>),
}

/// A text to act with, made by the worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Export {
    pub(crate) dump: u32,
    pub(crate) kind: ExportKind,
    /// It is to be copied as soon as it is there.
    pub(crate) is_for_clipboard: bool,
    asked: Option<u32>,
    /// `None` until the worker sent it.
    pub(crate) text: Option<Rc<str>>,
}

/// Packages as the reader wrote them: between spaces, commas or line ends.
pub(crate) fn app_prefixes(text: &str) -> Vec<String> {
    text.split([',', ';']).flat_map(str::split_whitespace).map(str::to_owned).collect()
}

/// What the worker has to be told or asked, whatever dump is on show.
pub(super) fn judging_questions(state: &State) -> Vec<Question> {
    let (judging, settings) = (&state.judging, &state.settings);
    let mut questions = Vec::new();
    if state.reader != Reader::Ready {
        return questions;
    }
    if judging.rules != settings.rules {
        questions.push(Question::Rules { text: settings.rules.clone() });
    }
    let prefixes = app_prefixes(&settings.app_prefixes);
    if judging.app_prefixes != prefixes {
        questions.push(Question::AppPrefixes { prefixes });
    }
    if let Some(Export { dump, kind, asked: None, text: None, .. }) = judging.export {
        questions.push(Question::Export { dump, kind, language: settings.language });
    }
    let of_dump = || state.active_dump().and_then(|entry| finding_on_show(entry)).map(|(_, finding)| finding);
    let on_show = if state.tab_on_show() == Tab::Compare { state.compare.finding_on_show() } else { of_dump() };
    if let Some(finding) = on_show.filter(|_| judging.is_doc_open)
        && !judging.docs.contains_key(&(finding.rule.clone(), settings.language.as_str()))
    {
        questions.push(Question::RuleDoc { rule: finding.rule.clone(), language: settings.language });
    }
    questions
}

pub(super) fn judging_asked(state: &mut State, ask: u32, question: &Question) {
    let judging = &mut state.judging;
    match question {
        Question::Rules { text } => {
            judging.rules = text.clone();
            judging.rules_asked = Some(ask);
            judging.rules_error = None;
            outdate(state);
        }
        Question::AppPrefixes { prefixes } => {
            judging.app_prefixes.clone_from(prefixes);
            outdate(state);
        }
        Question::Export { .. } => {
            if let Some(export) = &mut judging.export {
                export.asked = Some(ask);
            }
        }
        Question::RuleDoc { rule, language } => {
            _ = judging.docs.insert((rule.clone(), language.as_str()), RuleDoc::Asked(ask));
        }
        _ => {}
    }
}

/// The worker answers in the order it is asked: what is asked from now on is judged by what it was just told.
pub(super) fn outdate(state: &mut State) {
    state.judging.edition += 1;
    state.compare.outdate();
    edit_all_dumps(state, |entry| {
        entry.groups.rows.change();
        entry.detail.is_outdated = true;
        entry.blocking.outdate();
        entry.ancestry.outdate();
    });
}

pub(super) fn rules_answered(judging: &mut Judging, ask: u32, error: Option<String>) {
    if judging.rules_asked == Some(ask) {
        judging.rules_asked = None;
        judging.rules_error = error;
    }
}

pub(super) fn rule_doc_answered(judging: &mut Judging, ask: u32, markdown: &str) {
    let asked = judging.docs.values_mut().find(|doc| matches!(doc, RuleDoc::Asked(asked) if *asked == ask));
    if let Some(doc) = asked {
        *doc = RuleDoc::Known(markdown.into());
    }
}

pub(super) fn exported(judging: &mut Judging, ask: u32, text: &str) {
    if let Some(export) = judging.export.as_mut().filter(|export| export.asked == Some(ask)) {
        export.asked = None;
        export.text = Some(text.into());
    }
}

/// A text about the dump on show is wanted.
pub(super) fn want_export(state: &mut State, kind: ExportKind, is_for_clipboard: bool) {
    let Some(dump) = state.active_dump().map(|entry| entry.id) else { return };
    state.judging.export = Some(Export { dump, kind, is_for_clipboard, asked: None, text: None });
}

/// Another worker knows nothing of what the last one was told.
pub(super) fn judging_lost(judging: &mut Judging) {
    *judging = Judging {
        edition: judging.edition + 1,
        is_doc_open: judging.is_doc_open,
        is_list_open: judging.is_list_open,
        ..Judging::default()
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_prefixes_as_people_write_them() {
        assert_eq!(app_prefixes(" shop.example/a, shop.example/b\nmain;"), ["shop.example/a", "shop.example/b", "main"]);
        assert!(app_prefixes(" ,\n").is_empty());
    }
}
