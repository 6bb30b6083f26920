//! Select, assert, dispatch, select, assert.

use stackherd_report::protocol::{AncestryView, BlockingView, Failure, GroupPage, Judgement, Opened, Response, SortKey};
use stackherd_report::report::InputIssue;
use stackherd_report::{Category, IssueKind};

use super::super::sample::{detail, judgement, row, summary};
use super::super::{
    Action, CursorMove, DetailTab, InputStatus, Language, Loss, Notice, Question, Reader, Settings, Shown, State, Tab,
    questions, strip,
};
use super::reduce;

struct Page {
    state: State,
    ask: u32,
}

impl Page {
    fn new() -> Self {
        Self { state: State::default(), ask: 0 }
    }

    fn dispatch(&mut self, action: Action) -> &mut Self {
        self.state = reduce(core::mem::take(&mut self.state), action);
        self
    }

    fn add(&mut self, input: u32) -> &mut Self {
        self.dispatch(Action::InputAdded { input, name: format!("{input}.txt"), size_bytes: 100 })
    }

    /// An input with one dump of the same number.
    fn opened(&mut self, input: u32, groups: u64) -> &mut Self {
        self.opened_many(input, &[(input, groups)])
    }

    /// An input with these dumps: their numbers and how many groups each has.
    fn opened_many(&mut self, input: u32, dumps: &[(u32, u64)]) -> &mut Self {
        let dump = |&(id, groups): &(u32, u64)| {
            let mut summary = summary(groups);
            summary.dump.id = id;
            summary.dump.name = format!("{input}.txt/{id}");
            summary
        };
        let skipped = InputIssue {
            kind: IssueKind::SkippedArchiveEntry,
            entry: Some("notes.md".into()),
            message: "no dump".into(),
            looks_like: None,
        };
        let opened = Opened { dumps: dumps.iter().map(dump).collect(), issues: vec![skipped] };
        self.dispatch(Action::Answered(Box::new(Response::Opened { input, opened })))
    }

    fn failed(&mut self, input: u32) -> &mut Self {
        let failure = Failure { kind: IssueKind::Unrecognized, looks_like: None, message: "nothing".into() };
        self.dispatch(Action::Answered(Box::new(Response::Failed { input, failure })))
    }

    fn strip(&self) -> Vec<Shown> {
        strip(&self.state).iter().map(|item| item.shown()).collect()
    }

    /// Asks and answers until nothing is open, from a table of `total` groups.
    fn settle(&mut self, total: u32) -> &mut Self {
        for _ in 0..20 {
            let questions = questions(&self.state);
            if questions.is_empty() {
                return self;
            }
            for question in questions {
                self.ask += 1;
                let ask = self.ask;
                self.dispatch(Action::Asked { ask, question: question.clone() });
                self.dispatch(Action::Answered(Box::new(answer(ask, question, total))));
            }
        }
        panic!("the page asks for ever");
    }

    fn active(&self) -> &super::DumpEntry {
        self.state.active_dump().expect("no dump")
    }

    fn key(&self) -> Option<&str> {
        self.active().detail.key.as_deref()
    }
}

fn answer(ask: u32, question: Question, total: u32) -> Response {
    match question {
        Question::Groups { dump, query, offset, limit } => {
            // A filter text keeps the groups whose number starts with it.
            let all: Vec<u32> = (0..total).filter(|index| index.to_string().starts_with(&query.text)).collect();
            let rows = all.iter().skip(offset as usize).take(limit as usize).map(|index| row(&index.to_string())).collect();
            let matched_groups = u32::try_from(all.len()).expect("small");
            let page = GroupPage {
                offset,
                rows,
                matched_groups,
                matched_goroutines: u64::from(matched_groups),
                goroutines: u64::from(total),
                invalid_query: None,
            };
            Response::Groups { ask, dump, page }
        }
        Question::Group { dump, key } => {
            let detail = detail(row(&key));
            Response::Group { ask, dump, detail: Some(Box::new(detail)) }
        }
        Question::Goroutines { dump, key, offset, .. } => Response::Goroutines { ask, dump, key, offset, rows: Vec::new() },
        Question::Blocking { dump, .. } => {
            let blocking = BlockingView { objects: Vec::new(), n_objects: 0, waiters: 0, cycles: Vec::new() };
            Response::Blocking { ask, dump, blocking }
        }
        Question::Ancestry { dump } => {
            Response::Ancestry { ask, dump, ancestry: AncestryView { sites: Vec::new(), n_sites: 0, has_parents: false } }
        }
        // What comes of findings is tested with the judgement.
        Question::Findings { dump, .. } => {
            let judgement = Judgement { verdict_finding: None, findings: Vec::new(), ..judgement() };
            Response::Findings { ask, dump, judgement }
        }
        question => panic!("not asked here: {question:?}"),
    }
}

#[test]
fn ok_a_dump_goes_from_empty_to_its_first_group_open() {
    let mut page = Page::new();
    assert_eq!(page.state.phase(), "empty");
    page.add(1);
    assert_eq!(page.state.phase(), "loading");
    page.dispatch(Action::InputStarted(1)).dispatch(Action::Answered(Box::new(Response::Progress {
        input: 1,
        bytes: 40,
        goroutines: 3,
    })));
    let status = page.state.active_input().map(|input| input.status.clone());
    assert!(matches!(status, Some(InputStatus::Reading { bytes: 40, goroutines: 3 })));
    assert!(questions(&page.state).is_empty());
    page.opened(1, 200).settle(200);
    assert_eq!((page.state.phase(), page.state.runs), ("ready", 1));
    assert_eq!(page.key(), Some("0"));
    assert!(page.active().detail.is_current());
}

#[test]
fn ok_one_input_brings_many_dumps() {
    let mut page = Page::new();
    page.add(1).opened_many(1, &[(7, 2), (8, 90), (9, 4)]).settle(2);
    assert_eq!((page.state.runs, page.active().id, page.state.phase()), (1, 7, "ready"));
    assert_eq!(page.strip(), [7, 8, 9].map(Shown::Dump));
    assert_eq!(page.state.active_input().map(|input| input.issues().len()), Some(1));
    page.dispatch(Action::Stepped { forward: true }).settle(90);
    assert_eq!((page.active().id, page.key()), (8, Some("0")));
    page.dispatch(Action::DumpRemoved(8));
    assert_eq!((page.active().id, page.strip().len()), (9, 2));
    page.dispatch(Action::DumpRemoved(7)).dispatch(Action::DumpRemoved(9));
    assert_eq!((page.state.phase(), page.state.inputs.len()), ("empty", 0), "an input goes with its last dump");
}

#[test]
fn ok_a_first_dump_without_goroutines_is_passed_over() {
    let mut page = Page::new();
    page.add(1).opened_many(1, &[(1, 0), (2, 5), (3, 80), (4, 80)]);
    assert_eq!(page.active().id, 3);
    page.add(2).opened_many(2, &[(5, 0), (6, 0)]);
    assert_eq!(page.active().id, 5, "the first when none has any");
    let asked = questions(&page.state);
    assert!(matches!(asked[..], [Question::Findings { dump: 5, .. }]), "there is nothing to list");
}

#[test]
fn ok_dumps_stand_in_the_order_of_their_files_and_failures_last() {
    let mut page = Page::new();
    page.add(1).add(2).add(3).opened_many(2, &[(20, 1), (21, 1)]).failed(1);
    assert_eq!(page.strip(), [Shown::Dump(20), Shown::Dump(21), Shown::Input(3), Shown::Input(1)]);
}

#[test]
fn ok_one_bad_file_among_several_does_not_stop_the_others() {
    let mut page = Page::new();
    page.add(1).add(2).add(3);
    assert_eq!(page.state.shown, Some(Shown::Input(1)));
    page.failed(1);
    assert_eq!((page.state.shown, page.state.phase()), (Some(Shown::Input(2)), "loading"), "the next one is on its way");
    page.opened(2, 1);
    assert_eq!((page.active().id, page.state.phase()), (2, "ready"));
    page.opened(3, 1);
    assert_eq!((page.active().id, page.state.runs), (2, 3));
    page.dispatch(Action::Stepped { forward: true });
    assert_eq!(page.active().id, 3);
    page.dispatch(Action::Stepped { forward: true }).dispatch(Action::Stepped { forward: true });
    assert_eq!((page.state.shown, page.state.phase()), (Some(Shown::Input(1)), "error"), "it can still be looked at");
}

#[test]
fn ok_only_failures_are_shown_as_such() {
    let mut page = Page::new();
    page.add(1).failed(1);
    assert_eq!((page.state.phase(), page.state.toast.is_none()), ("error", true));
    page.add(2).failed(2);
    assert_eq!((page.state.phase(), page.state.shown), ("error", Some(Shown::Input(2))));
    page.add(3).opened(3, 1);
    assert_eq!(page.active().id, 3);
}

#[test]
fn ok_a_bad_file_beside_a_dump_does_not_take_its_place() {
    let mut page = Page::new();
    page.add(1).opened_many(1, &[(1, 3), (2, 3)]);
    page.dispatch(Action::Activated(Shown::Dump(2))).dispatch(Action::TabChosen(Tab::Issues));
    page.add(2);
    assert_eq!(page.state.phase(), "loading");
    page.add(3).failed(2);
    assert_eq!((page.active().id, page.state.tab), (2, Tab::Issues), "back to where the reader was");
    assert_eq!(page.state.toast.as_ref().map(|toast| &toast.notice), Some(&Notice::NotRead { name: "2.txt".into(), more: 0 }));
    page.failed(3);
    assert_eq!(page.state.toast.as_ref().map(|toast| &toast.notice), Some(&Notice::NotRead { name: "3.txt".into(), more: 1 }));
    page.add(4).dispatch(Action::Activated(Shown::Dump(1))).opened(4, 9);
    assert_eq!(page.active().id, 1, "a reader who went on reading is left alone");
}

#[test]
fn ok_removing_what_is_on_show_shows_its_neighbour() {
    let mut page = Page::new();
    page.add(1).opened(1, 1).add(2).opened(2, 1).add(3).failed(3);
    assert_eq!(page.active().id, 2);
    page.dispatch(Action::DumpRemoved(2));
    assert_eq!(page.active().id, 1, "rather a dump than a failure");
    page.opened(2, 1);
    assert_eq!(page.state.dumps().count(), 1, "a late answer brings nothing back");
    page.dispatch(Action::DumpRemoved(1));
    assert_eq!(page.state.phase(), "error");
    page.dispatch(Action::InputRemoved(3));
    assert_eq!(page.state.phase(), "empty");
    page.add(4).add(5).dispatch(Action::InputRemoved(4));
    assert_eq!(page.state.shown, Some(Shown::Input(5)));
}

#[test]
fn ok_an_answer_without_dumps_is_a_failure() {
    let mut page = Page::new();
    page.add(1).opened_many(1, &[]);
    assert_eq!((page.state.phase(), page.state.runs), ("error", 1));
}

#[test]
fn ok_cursor_moves_over_pages_and_opens_what_it_meets() {
    let mut page = Page::new();
    page.add(1).opened(1, 200).settle(200);
    page.dispatch(Action::CursorMoved(CursorMove::By(1)));
    assert_eq!(page.key(), Some("1"));
    page.dispatch(Action::CursorMoved(CursorMove::Last));
    assert_eq!((page.active().groups.cursor, page.key()), (199, Some("1")), "not known yet");
    page.dispatch(Action::GroupsSeen { first: 180, count: 20 }).settle(200);
    assert_eq!(page.key(), Some("199"));
    page.dispatch(Action::CursorMoved(CursorMove::By(5)));
    assert_eq!(page.active().groups.cursor, 199);
    page.dispatch(Action::CursorMoved(CursorMove::By(-500)));
    assert_eq!(page.active().groups.cursor, 0);
}

#[test]
fn ok_filter_shows_the_first_match_and_clearing_brings_all_back() {
    let mut page = Page::new();
    page.add(1).opened(1, 200).settle(200);
    page.dispatch(Action::Filtered("7".into())).settle(200);
    assert_eq!(page.active().groups.matched_groups, Some(11));
    assert_eq!(page.key(), Some("7"));
    page.dispatch(Action::Filtered("x".into())).settle(200);
    assert_eq!(page.active().groups.matched_groups, Some(0));
    assert_eq!(page.key(), Some("7"), "the detail keeps what it shows");
    page.dispatch(Action::FilterCleared).settle(200);
    assert_eq!(page.active().groups.matched_groups, Some(200));
    assert_eq!((page.key(), page.active().groups.cursor), (Some("7"), 7), "the open group is still the open group");
}

#[test]
fn ok_states_toggle() {
    let mut page = Page::new();
    page.add(1).opened(1, 2).dispatch(Action::CategoryToggled(Category::Lock));
    assert_eq!(page.active().groups.query.categories, [Category::Lock]);
    page.dispatch(Action::CategoryToggled(Category::Lock));
    assert!(!page.active().groups.is_filtered());
}

#[test]
fn ok_sort_starts_useful_and_reverses_and_keeps_the_open_group() {
    let mut page = Page::new();
    page.add(1).opened(1, 200).settle(200);
    page.dispatch(Action::CursorMoved(CursorMove::To(5)));
    page.dispatch(Action::Sorted(SortKey::MaxWait)).settle(200);
    assert!(!page.active().groups.query.ascending);
    page.dispatch(Action::Sorted(SortKey::MaxWait));
    assert!(page.active().groups.query.ascending);
    page.dispatch(Action::Sorted(SortKey::Function)).settle(200);
    assert!(page.active().groups.query.ascending);
    assert_eq!(page.key(), Some("5"));
}

#[test]
fn ok_goroutines_are_asked_for_only_when_shown() {
    let mut page = Page::new();
    page.add(1).opened(1, 2).settle(2);
    assert!(questions(&page.state).is_empty());
    page.dispatch(Action::DetailTabChosen(DetailTab::Goroutines));
    assert!(matches!(questions(&page.state)[..], [Question::Goroutines { offset: 0, .. }]));
}

#[test]
fn ok_rows_that_stand_for_many_goroutines_are_asked_for_once() {
    let mut page = Page::new();
    page.add(1).opened(1, 1).settle(1);
    let mut detail = page.active().detail.loaded.as_deref().cloned().expect("loaded");
    detail.row.goroutines = 100_000;
    let ask = 1000;
    let question = Question::Group { dump: 1, key: "0".into() };
    page.dispatch(Action::Asked { ask, question });
    page.dispatch(Action::Answered(Box::new(Response::Group { ask, dump: 1, detail: Some(Box::new(detail)) })));
    page.dispatch(Action::DetailTabChosen(DetailTab::Goroutines)).settle(1);
    assert_eq!(page.active().detail.goroutines.total(100_000), 0, "the answer had no rows");
}

#[test]
fn ok_a_lost_worker_leaves_files_that_can_be_read_again() {
    let mut page = Page::new();
    page.add(1).opened_many(1, &[(1, 2), (5, 2)]).add(2).dispatch(Action::InputStarted(2)).add(3).failed(3);
    page.dispatch(Action::WorkerLost);
    assert_eq!(page.state.lost_inputs(), [1, 2]);
    assert_eq!((page.state.reader.clone(), page.state.dumps().count()), (Reader::Starting, 0));
    let of_third = &page.state.inputs[2].status;
    assert!(matches!(of_third, InputStatus::Failed(loss) if **loss != Loss::Crashed));
    page.dispatch(Action::Activated(Shown::Input(2))).dispatch(Action::InputReopened { old: 2, new: 4 });
    assert_eq!((page.state.shown, page.state.phase()), (Some(Shown::Input(4)), "loading"));
    page.opened_many(4, &[(9, 2)]).settle(2);
    assert_eq!((page.active().id, page.key()), (9, Some("0")));
}

#[test]
fn ok_objects_and_sites_are_asked_for_when_looked_at_and_kept() {
    let mut page = Page::new();
    page.add(1).opened_many(1, &[(1, 2), (2, 2), (3, 0)]).settle(2);
    page.dispatch(Action::TabChosen(Tab::Blocking));
    assert_eq!(questions(&page.state), [Question::Blocking { dump: 1, language: Language::English }]);
    page.settle(2).dispatch(Action::TabChosen(Tab::Ancestry));
    assert_eq!(questions(&page.state), [Question::Ancestry { dump: 1 }]);
    page.settle(2).dispatch(Action::TabChosen(Tab::Blocking));
    assert!(questions(&page.state).is_empty());
    page.dispatch(Action::SettingsChanged(Settings { language: Language::Chinese, ..Settings::default() }));
    assert!(questions(&page.state).contains(&Question::Blocking { dump: 1, language: Language::Chinese }));
    page.settle(2).dispatch(Action::Activated(Shown::Dump(2)));
    assert!(questions(&page.state).contains(&Question::Blocking { dump: 2, language: Language::Chinese }));
    page.dispatch(Action::Activated(Shown::Dump(3))).settle(0);
    assert_eq!(page.state.tab_on_show(), Tab::Groups, "it has no goroutines");
    page.dispatch(Action::Activated(Shown::Dump(2)));
    assert_eq!(page.state.tab_on_show(), Tab::Blocking);
    page.settle(2).dispatch(Action::SettingsChanged(Settings {
        language: Language::Chinese,
        app_prefixes: "shop.example".into(),
        ..Settings::default()
    }));
    page.dispatch(Action::Answered(Box::new(Response::Ready)));
    let told = Question::AppPrefixes { prefixes: vec!["shop.example".into()] };
    assert!(questions(&page.state).contains(&told));
    page.dispatch(Action::Asked { ask: 900, question: told });
    let again = Question::Blocking { dump: 2, language: Language::Chinese };
    assert!(questions(&page.state).contains(&again), "the first application frame may be another one now");
}

#[test]
fn ok_another_view_leads_to_a_group() {
    let mut page = Page::new();
    page.add(1).opened(1, 200).settle(200).dispatch(Action::TabChosen(Tab::Ancestry));
    page.dispatch(Action::DetailTabChosen(DetailTab::Goroutines));
    page.dispatch(Action::GroupShown { key: "7".into() }).settle(200);
    assert_eq!((page.state.tab, page.key(), page.active().groups.cursor), (Tab::Groups, Some("7"), 7));
    assert_eq!((page.active().detail.tab, page.active().detail.is_open), (DetailTab::Stack, true));
    page.dispatch(Action::GroupShown { key: "150".into() }).settle(200);
    assert_eq!((page.key(), page.active().groups.cursor), (Some("150"), 7), "its row is not known");
}
