//! Select, assert, dispatch, select, assert.

use stackherd_report::protocol::{DumpSummary, Failure, GroupDetail, GroupPage, GroupRow, Response, SortKey};
use stackherd_report::{Category, Dump, DumpKind, Format, IssueKind};

use super::super::{Action, CursorMove, DetailTab, DumpStatus, Loss, Question, Reader, State, questions};
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

    fn add(&mut self, dump: u32) -> &mut Self {
        self.dispatch(Action::DumpAdded { dump, name: format!("{dump}.txt"), size_bytes: 100 })
    }

    fn opened(&mut self, dump: u32, groups: u64) -> &mut Self {
        self.dispatch(Action::Answered(Box::new(Response::Opened { dump, summary: summary(groups) })))
    }

    fn failed(&mut self, dump: u32) -> &mut Self {
        let failure = Failure { kind: IssueKind::Unrecognized, looks_like: None, message: "nothing".into() };
        self.dispatch(Action::Answered(Box::new(Response::Failed { dump, failure })))
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

fn summary(groups: u64) -> DumpSummary {
    DumpSummary {
        dump: Dump {
            id: 0,
            name: String::new(),
            format: Format::Traceback,
            kind: DumpKind::Goroutine,
            bytes: 0,
            goroutines: groups,
            declared_goroutines: None,
            distinct_stacks: groups,
            go_version: None,
            crash: None,
            issues: Vec::new(),
            captured_at: None,
        },
        groups,
        by_category: Vec::new(),
        max_wait_minutes: None,
        largest: None,
        stopped: false,
        memory_bytes: 0,
        parse_millis: 0.0,
    }
}

fn row(key: &str) -> GroupRow {
    GroupRow {
        key: key.to_owned(),
        rank: 1,
        goroutines: 1,
        category: Category::Select,
        state: "select".into(),
        top: None,
        leaf: None,
        created_by: None,
        wait_minutes: None,
        leaked: 0,
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
            let detail = GroupDetail {
                row: row(&key),
                stack: Vec::new(),
                elided_before: None,
                culprit: None,
                wait_reasons: Vec::new(),
                wait_histogram: Vec::new(),
                locked_to_thread: 0,
                labels: Vec::new(),
                parents: Vec::new(),
                goroutines: Vec::new(),
                markdown: String::new(),
            };
            Response::Group { ask, dump, detail: Some(detail) }
        }
        Question::Goroutines { dump, key, offset, .. } => Response::Goroutines { ask, dump, key, offset, rows: Vec::new() },
    }
}

#[test]
fn ok_a_dump_goes_from_empty_to_its_first_group_open() {
    let mut page = Page::new();
    assert_eq!(page.state.phase(), "empty");
    page.add(1);
    assert_eq!(page.state.phase(), "loading");
    page.dispatch(Action::DumpStarted(1)).dispatch(Action::Answered(Box::new(Response::Progress {
        dump: 1,
        bytes: 40,
        goroutines: 3,
    })));
    assert!(matches!(page.active().status, DumpStatus::Reading { bytes: 40, goroutines: 3 }));
    assert!(questions(&page.state).is_empty());
    page.opened(1, 200).settle(200);
    assert_eq!((page.state.phase(), page.state.runs), ("ready", 1));
    assert_eq!(page.key(), Some("0"));
    assert!(page.active().detail.is_current());
}

#[test]
fn ok_one_bad_file_among_several_does_not_stop_the_others() {
    let mut page = Page::new();
    page.add(1).add(2).add(3);
    assert_eq!(page.active().id, 1);
    page.failed(1);
    assert_eq!(page.state.phase(), "error");
    page.opened(2, 1);
    assert_eq!((page.active().id, page.state.phase()), (2, "ready"), "a good dump is shown instead of the failed one");
    page.opened(3, 1);
    assert_eq!(page.active().id, 2);
    page.dispatch(Action::DumpStepped { forward: true });
    assert_eq!(page.active().id, 3);
    page.dispatch(Action::DumpStepped { forward: true });
    assert_eq!(page.active().id, 3);
}

#[test]
fn ok_removing_the_active_dump_shows_its_neighbour() {
    let mut page = Page::new();
    page.add(1).opened(1, 1).add(2).opened(2, 1);
    assert_eq!(page.active().id, 2);
    page.dispatch(Action::DumpRemoved(2));
    assert_eq!(page.active().id, 1);
    page.opened(2, 1);
    assert_eq!(page.state.dumps.len(), 1, "a late answer brings nothing back");
    page.dispatch(Action::DumpRemoved(1));
    assert_eq!(page.state.phase(), "empty");
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
fn ok_a_lost_worker_leaves_dumps_that_can_be_read_again() {
    let mut page = Page::new();
    page.add(1).opened(1, 2).add(2).dispatch(Action::DumpStarted(2)).add(3).failed(3);
    page.dispatch(Action::WorkerLost);
    assert_eq!(page.state.lost_dumps(), [1, 2]);
    assert_eq!(page.state.reader, Reader::Starting);
    assert!(matches!(&page.state.dumps[2].status, DumpStatus::Failed(loss) if **loss != Loss::Crashed));
    page.dispatch(Action::DumpReopened { old: 2, new: 4 });
    assert_eq!(page.active().id, 4);
    assert!(page.active().is_loading());
    page.opened(4, 2).settle(2);
    assert_eq!(page.key(), Some("0"));
}
