//! From the worker's words to the fix on the screen.

use stackherd_report::Severity;
use stackherd_report::protocol::{ExportKind, FindingBadge, GroupDetail, GroupPage, GroupRow, Judgement, Opened, Response};

use super::super::sample::{self, finding, judgement, summary};
use super::super::{
    Action, CursorMove, DetailTab, DumpEntry, Language, Question, Settings, Shown, State, Tab, detail_tab, questions, reduce,
};
use super::finding_on_show;

/// A page with a dump of twenty groups, `0` to `19`, of which `5` is spoken for by the first finding.
struct Page {
    state: State,
    ask: u32,
    /// What the worker says of the dump.
    judgement: Judgement,
    asked: Vec<Question>,
}

impl Page {
    fn opened() -> Self {
        let mut page = Self { state: State::default(), ask: 0, judgement: judgement(), asked: Vec::new() };
        page.answer(Response::Ready);
        page.dispatch(Action::InputAdded { input: 1, name: "1.txt".into(), size_bytes: 100 });
        let mut summary = summary(20);
        summary.dump.id = 1;
        page.answer(Response::Opened { input: 1, opened: Opened { dumps: vec![summary], issues: Vec::new() } });
        page
    }

    fn settled() -> Self {
        let mut page = Self::opened();
        page.settle();
        page
    }

    fn dispatch(&mut self, action: Action) -> &mut Self {
        self.state = reduce(core::mem::take(&mut self.state), action);
        self
    }

    fn answer(&mut self, response: Response) -> &mut Self {
        self.dispatch(Action::Answered(Box::new(response)))
    }

    fn set(&mut self, change: impl Fn(&mut Settings)) -> &mut Self {
        let mut settings = self.state.settings.clone();
        change(&mut settings);
        self.dispatch(Action::SettingsChanged(settings))
    }

    /// Asks and answers until nothing is open; `asked` tells what was asked.
    fn settle(&mut self) -> &mut Self {
        self.asked.clear();
        for _ in 0..20 {
            let questions = questions(&self.state);
            if questions.is_empty() {
                return self;
            }
            for question in questions {
                self.ask += 1;
                self.asked.push(question.clone());
                self.dispatch(Action::Asked { ask: self.ask, question: question.clone() });
                if let Some(response) = self.respond(question) {
                    self.answer(response);
                }
            }
        }
        panic!("the page asks for ever");
    }

    fn respond(&self, question: Question) -> Option<Response> {
        let ask = self.ask;
        Some(match question {
            Question::Findings { dump, language } => {
                let mut judgement = self.judgement.clone();
                judgement.verdict.title.insert_str(0, language.as_str());
                Response::Findings { ask, dump, judgement }
            }
            Question::Groups { dump, offset, .. } => {
                let rows = (0..20).map(|index| row(&index.to_string())).collect();
                let page =
                    GroupPage { offset, rows, matched_groups: 20, matched_goroutines: 20, goroutines: 20, invalid_query: None };
                Response::Groups { ask, dump, page }
            }
            Question::Group { dump, key } => Response::Group { ask, dump, detail: Some(Box::new(detail(&key))) },
            Question::RuleDoc { rule, language } => {
                Response::RuleDoc { ask, markdown: format!("{} {rule}", language.as_str()), rule }
            }
            Question::Export { dump, kind, .. } => Response::Exported { ask, dump, text: kind.as_str().to_owned() },
            Question::Rules { text } => {
                Response::Rules { ask, error: text.contains("wrong").then(|| "line 1: wrong".to_owned()) }
            }
            Question::AppPrefixes { .. } => return None,
            question => panic!("not asked here: {question:?}"),
        })
    }

    fn active(&self) -> &DumpEntry {
        self.state.active_dump().expect("no dump")
    }

    /// The rule of the finding on show, and the group.
    fn on_show(&self) -> (Option<&str>, Option<&str>) {
        let rule = finding_on_show(self.active()).map(|(_, finding)| finding.rule.as_str());
        (rule, self.active().detail.key.as_deref())
    }
}

fn row(key: &str) -> GroupRow {
    let finding = FindingBadge { index: 0, rule: "lock-pileup".into(), severity: Severity::Critical };
    GroupRow { finding: (key == "5").then_some(finding), ..sample::row(key) }
}

fn detail(key: &str) -> GroupDetail {
    sample::detail(row(key))
}

#[test]
fn ok_the_verdicts_finding_and_its_group_are_open_without_a_click() {
    let mut page = Page::opened();
    assert!(matches!(questions(&page.state)[0], Question::Findings { .. }), "what is wrong comes first");
    page.settle();
    assert_eq!(page.on_show(), (Some("blocked-senders"), Some("7")));
    let groups = page.active();
    assert_eq!((groups.groups.cursor, groups.detail.tab), (7, DetailTab::Stack), "the cursor stands on its row");
}

#[test]
fn ok_without_findings_the_first_group_is_open() {
    let mut page = Page::opened();
    page.judgement = Judgement { verdict_finding: None, findings: Vec::new(), ..judgement() };
    page.settle();
    assert_eq!(page.on_show(), (None, Some("0")));
    page.dispatch(Action::FixShown);
    assert_eq!((detail_tab(page.active()), page.active().detail.is_open), (DetailTab::Stack, false), "there is none to go to");
}

#[test]
fn ok_a_reader_who_was_faster_is_left_alone() {
    let mut page = Page::opened();
    page.dispatch(Action::Filtered("x".into())).settle();
    assert_eq!(page.on_show().1, Some("0"));
}

#[test]
fn ok_a_finding_opens_its_group_and_a_group_shows_its_finding() {
    let mut page = Page::settled();
    page.dispatch(Action::TabChosen(Tab::Issues)).dispatch(Action::FindingChosen(0)).settle();
    assert_eq!((page.state.tab, page.on_show()), (Tab::Groups, (Some("lock-pileup"), Some("3"))));
    page.dispatch(Action::CursorMoved(CursorMove::To(4))).settle();
    assert_eq!(page.on_show(), (None, Some("4")), "nothing is said of this group");
    page.dispatch(Action::CursorMoved(CursorMove::To(5))).settle();
    assert_eq!(page.on_show(), (Some("lock-pileup"), Some("5")), "the row's badge says so");
    page.dispatch(Action::FindingChosen(1)).dispatch(Action::CursorMoved(CursorMove::To(8))).settle();
    assert_eq!(page.on_show(), (Some("blocked-senders"), Some("8")), "another group of the same finding");
    page.dispatch(Action::FindingChosen(99));
    assert_eq!(page.on_show().1, Some("8"));
}

#[test]
fn ok_the_fix_is_one_key_away() {
    let mut page = Page::settled();
    page.dispatch(Action::CursorMoved(CursorMove::To(4))).settle();
    page.dispatch(Action::FixShown).settle();
    assert_eq!(page.on_show(), (Some("blocked-senders"), Some("7")), "the verdict's, when the group has none");
    assert_eq!((detail_tab(page.active()), page.active().detail.is_open), (DetailTab::Fix, true));
    page.dispatch(Action::CursorMoved(CursorMove::To(5))).settle().dispatch(Action::FixShown);
    assert_eq!(page.on_show().0, Some("lock-pileup"), "the group's own");
    page.dispatch(Action::CursorMoved(CursorMove::To(4))).settle();
    assert_eq!(detail_tab(page.active()), DetailTab::Stack, "a group without a finding has no such tab");
}

#[test]
fn ok_what_is_said_of_the_whole_dump_has_no_group() {
    let mut page = Page::opened();
    page.judgement.findings.push(finding("truncated-dump", &[]));
    page.settle().dispatch(Action::FindingChosen(2)).settle();
    assert_eq!((page.on_show(), detail_tab(page.active())), ((Some("truncated-dump"), Some("7")), DetailTab::Fix));
    page.dispatch(Action::CursorMoved(CursorMove::To(4))).settle();
    assert_eq!(page.on_show(), (None, Some("4")));
}

#[test]
fn ok_another_language_is_asked_for_and_keeps_the_finding() {
    let mut page = Page::settled();
    let title = |page: &Page| page.active().judgement.loaded.as_ref().expect("judged").verdict.title.clone();
    assert!(title(&page).starts_with("enLikely"));
    page.dispatch(Action::FindingChosen(0)).settle();
    page.set(|settings| settings.language = Language::Chinese);
    assert!(title(&page).starts_with("en"), "the old words stay until the new ones come");
    page.settle();
    assert!(title(&page).starts_with("zh-CN"));
    assert_eq!(page.on_show(), (Some("lock-pileup"), Some("3")));
    page.set(|settings| settings.language = Language::English);
    page.dispatch(Action::Asked { ask: 900, question: Question::Findings { dump: 1, language: Language::English } });
    page.answer(Response::Findings { ask: 3, dump: 1, judgement: judgement() });
    assert!(title(&page).starts_with("zh-CN"), "an answer that was overtaken is dropped");
}

#[test]
fn ok_rules_go_to_the_worker_once_and_everything_is_asked_again() {
    let mut page = Page::settled();
    page.dispatch(Action::FindingChosen(0)).settle();
    page.judgement.findings.insert(0, finding("mine", &["1"]));
    page.set(|settings| settings.rules = "name = 1".into()).settle();
    assert_eq!(page.asked.iter().filter(|question| matches!(question, Question::Rules { .. })).count(), 1);
    for kind in ["Rules", "Findings", "Groups", "Group "] {
        assert!(page.asked.iter().any(|question| format!("{question:?}").starts_with(kind)), "{kind} {:?}", page.asked);
    }
    assert_eq!(page.on_show(), (Some("lock-pileup"), Some("3")), "the same finding, at another place of the list");
    assert_eq!(page.state.judging.rules_error, None);
    page.set(|settings| settings.rules = "wrong".into()).settle();
    assert_eq!(page.state.judging.rules_error.as_deref(), Some("line 1: wrong"));
    page.settle();
    assert!(page.asked.is_empty(), "a mistake is not repeated");
}

#[test]
fn ok_another_worker_is_told_again() {
    let mut page = Page::settled();
    page.set(|settings| {
        settings.rules = "name = 1".into();
        settings.app_prefixes = "shop.example, main".into();
    });
    page.settle();
    assert!(page.asked.contains(&Question::AppPrefixes { prefixes: vec!["shop.example".into(), "main".into()] }));
    page.dispatch(Action::WorkerLost);
    assert!(questions(&page.state).is_empty(), "there is nobody to tell");
    page.answer(Response::Ready).settle();
    assert!(matches!(page.asked[..], [Question::Rules { .. }, Question::AppPrefixes { .. }]));
}

#[test]
fn ok_documentation_is_asked_for_when_it_is_wanted() {
    let mut page = Page::settled();
    assert_eq!(page.state.judging.doc("blocked-senders", Language::English), None);
    page.dispatch(Action::RuleDocOpened(true)).settle();
    assert_eq!(page.state.judging.doc("blocked-senders", Language::English), Some("en blocked-senders"));
    page.dispatch(Action::FindingChosen(0)).settle();
    assert_eq!(page.state.judging.doc("lock-pileup", Language::English), Some("en lock-pileup"));
    page.dispatch(Action::FindingChosen(1)).settle();
    assert!(!page.asked.iter().any(|question| matches!(question, Question::RuleDoc { .. })), "known already");
}

#[test]
fn ok_texts_to_act_with() {
    let mut page = Page::settled();
    page.dispatch(Action::ExportWanted { kind: ExportKind::PrometheusRule, is_for_clipboard: false }).settle();
    let export = page.state.judging.export.clone().expect("wanted");
    assert_eq!((export.text.as_deref(), export.is_for_clipboard), (Some("prometheus-rule"), false));
    page.dispatch(Action::ExportWanted { kind: ExportKind::IncidentSummary, is_for_clipboard: true });
    assert_eq!(page.state.judging.export.as_ref().and_then(|export| export.text.clone()), None, "not the old text");
    page.settle().dispatch(Action::ExportDone).settle();
    assert_eq!((page.state.judging.export.is_none(), page.asked.is_empty()), (true, true));
}

#[test]
fn ok_idle_groups_are_listed_or_not() {
    let mut page = Page::settled();
    page.dispatch(Action::IdleHidden(true)).settle();
    let groups = &page.active().groups;
    assert!(groups.query.hides_idle && groups.is_narrowed() && !groups.is_filtered());
    assert_eq!(page.on_show().1, Some("7"), "the open group stays open");
    page.dispatch(Action::IdleHidden(true)).settle();
    assert!(page.asked.is_empty());
}

#[test]
fn ok_the_list_over_the_groups_goes_when_a_finding_is_chosen() {
    let mut page = Page::settled();
    page.dispatch(Action::TabChosen(Tab::Issues)).dispatch(Action::FindingListOpened(true));
    assert_eq!((page.state.tab, page.state.judging.is_list_open), (Tab::Groups, true));
    page.dispatch(Action::FindingChosen(0));
    assert!(!page.state.judging.is_list_open);
    page.dispatch(Action::Activated(Shown::Dump(1))).dispatch(Action::FindingListOpened(false));
    assert!(!page.state.judging.is_list_open);
}
