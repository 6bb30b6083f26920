//! The words of the page in its languages.
//!
//! A language is one [`Texts`] value, so that a missing text does not compile. Go's own words, functions and files stay
//! as they are.

mod ancestry;
mod blocking;
mod compare;
mod en;
mod findings;
mod fleet;
mod zh_cn;

use stackherd_report::protocol::DumpSummary;
use stackherd_report::report::{InputKind, Note, NoteKind};
use stackherd_report::{Category, CrashKind, Format, Issue, IssueKind};

pub(crate) use self::ancestry::{AncestryTexts, GoneFact, SiteFact, SiteName};
pub(crate) use self::blocking::{BlockingTexts, CycleFact, MostFact, ObjectName};
pub(crate) use self::compare::{ChangeName, CompareTexts};
pub(crate) use self::findings::{FindingTexts, code_in};
pub(crate) use self::fleet::{CellName, FleetRowName, FleetTexts};
use crate::model::{Axis, Lacks, Language, Theme};

/// Stands before and after code inside a sentence; never typed by people and not printed by Go.
pub(crate) const CODE: char = '\u{1}';

impl Language {
    pub(crate) const fn texts(self) -> &'static Texts {
        match self {
            Self::English => &en::TEXTS,
            Self::Chinese => &zh_cn::TEXTS,
        }
    }
}

/// Marks a part of a sentence as code.
pub(crate) fn code(text: &str) -> String {
    format!("{CODE}{text}{CODE}")
}

/// What an input is, what to do, and a command that does it.
#[derive(Debug)]
pub(crate) struct Advice {
    pub(crate) what: &'static str,
    pub(crate) todo: &'static str,
    pub(crate) command: Option<&'static str>,
}

/// What one row of the groups table says in one sentence.
#[derive(Debug)]
pub(crate) struct RowName<'a> {
    pub(crate) goroutines: &'a str,
    pub(crate) percent: &'a str,
    pub(crate) state: &'a str,
    pub(crate) function: &'a str,
    pub(crate) place: &'a str,
    /// What became of it since the baseline.
    pub(crate) change: Option<&'a str>,
    pub(crate) oldest: Option<&'a str>,
}

/// The fact that many goroutines share a stack.
#[derive(Debug)]
pub(crate) struct Shared<'a> {
    pub(crate) goroutines: &'a str,
    pub(crate) total: &'a str,
    pub(crate) percent: &'a str,
    pub(crate) is_all: bool,
    pub(crate) state: &'a str,
    /// Marked as code.
    pub(crate) place: &'a str,
    pub(crate) oldest: Option<&'a str>,
}

/// How a number went. Values carry their unit.
#[derive(Debug)]
pub(crate) struct CountsFact<'a> {
    /// Marked as code.
    pub(crate) name: &'a str,
    pub(crate) first: &'a str,
    /// `None` when there is one value only.
    pub(crate) last: Option<&'a str>,
    pub(crate) highest: &'a str,
    pub(crate) span: Option<&'a str>,
}

/// Every text of the page. Arguments are already written out; see [`crate::model`].
#[derive(Debug)]
pub(crate) struct Texts {
    // Views with texts of their own.
    pub(crate) blocking: &'static BlockingTexts,
    pub(crate) compare: &'static CompareTexts,
    pub(crate) fleet: &'static FleetTexts,
    pub(crate) ancestry: &'static AncestryTexts,

    // Header.
    pub(crate) promise: &'static str,
    pub(crate) promise_long: &'static str,
    pub(crate) loaded_dumps: &'static str,
    pub(crate) add_dump: &'static str,
    pub(crate) all_dumps: fn(&str) -> String,
    pub(crate) find_dump: &'static str,
    pub(crate) no_such_dump: &'static str,
    pub(crate) remove_dump: fn(&str) -> String,
    pub(crate) theme: fn(Theme) -> &'static str,
    /// The short name of this language, and what the button does.
    pub(crate) language: &'static str,
    pub(crate) switch_language: &'static str,
    pub(crate) keyboard_help: &'static str,
    pub(crate) views: &'static str,
    pub(crate) tab_groups: &'static str,
    /// In place of the groups where a dump has numbers instead.
    pub(crate) tab_numbers: &'static str,
    pub(crate) tab_issues: &'static str,
    pub(crate) filter: &'static str,
    pub(crate) filter_hint: &'static str,
    pub(crate) clear_filter: &'static str,
    pub(crate) invalid_filter: fn(&str) -> String,

    // Empty.
    pub(crate) empty_title: &'static str,
    pub(crate) empty_lead: &'static str,
    pub(crate) drop_here: &'static str,
    pub(crate) or_paste: &'static str,
    pub(crate) drop_now: &'static str,
    pub(crate) open_files: &'static str,
    pub(crate) open_folder: &'static str,
    pub(crate) paste: &'static str,
    pub(crate) accepted: &'static str,
    pub(crate) accepted_compressed: &'static str,
    pub(crate) try_sample: &'static str,
    /// Name and lesson, in the order of the samples.
    pub(crate) samples: [(&'static str, &'static str); 6],
    pub(crate) n_goroutines: fn(&str) -> String,
    pub(crate) take_dump: &'static str,
    pub(crate) take_running: &'static str,
    pub(crate) take_large: &'static str,
    pub(crate) take_counted: &'static str,
    pub(crate) take_no_endpoint: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) offline: &'static str,
    pub(crate) pasted_name: &'static str,
    pub(crate) paste_title: &'static str,
    pub(crate) paste_label: &'static str,
    pub(crate) read_pasted: &'static str,

    // Loading.
    pub(crate) reading: fn(&str) -> String,
    pub(crate) read_so_far: fn(&str, &str, &str) -> String,
    pub(crate) waiting: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) cancel_keeps: &'static str,

    // Overview.
    pub(crate) verdict: &'static str,
    pub(crate) shared: fn(&Shared<'_>) -> String,
    pub(crate) distinct: fn(&str, &str) -> String,
    pub(crate) nothing: &'static str,
    /// What it may mean that a dump lists nothing.
    pub(crate) nothing_why: &'static str,
    /// A list of leaked goroutines without any: headline and what it is worth.
    pub(crate) no_leaks: &'static str,
    pub(crate) no_leaks_why: &'static str,
    pub(crate) races: fn(u64) -> String,
    pub(crate) races_why: &'static str,
    pub(crate) counts: fn(&CountsFact<'_>) -> String,
    pub(crate) crash: fn(CrashKind, &str, Option<&str>) -> String,
    pub(crate) started_by: fn(&str) -> String,
    pub(crate) marked_leaked: fn(&str) -> String,
    pub(crate) only_leaked: &'static str,
    pub(crate) lower_bound: &'static str,
    pub(crate) stopped: fn(&str) -> String,
    pub(crate) declared_differs: fn(&str) -> String,
    pub(crate) kpi_goroutines: &'static str,
    pub(crate) kpi_groups: &'static str,
    pub(crate) kpi_top_group: &'static str,
    pub(crate) kpi_oldest: &'static str,
    pub(crate) kpi_values: &'static str,
    pub(crate) kpi_series: &'static str,
    pub(crate) states: &'static str,
    pub(crate) all_states: fn(&str) -> String,
    pub(crate) other_states: fn(&str) -> String,
    pub(crate) category: fn(Category) -> &'static str,
    pub(crate) filter_state: fn(&str) -> String,

    // Groups.
    pub(crate) groups: &'static str,
    pub(crate) n_of: fn(&str, &str) -> String,
    pub(crate) by_rank: &'static str,
    pub(crate) order_by_rank: &'static str,
    pub(crate) column_count: &'static str,
    pub(crate) column_share: &'static str,
    pub(crate) column_frame: &'static str,
    pub(crate) column_created_by: &'static str,
    pub(crate) column_wait: &'static str,
    pub(crate) no_match: &'static str,
    pub(crate) matched: fn(&str, &str) -> String,
    pub(crate) no_stack: &'static str,
    pub(crate) entry_point: &'static str,
    pub(crate) row_name: fn(&RowName<'_>) -> String,
    pub(crate) resize: &'static str,
    pub(crate) no_waits: &'static str,
    /// What the format can't tell, and what does.
    pub(crate) lacks: fn(Lacks) -> String,

    // Numbers over time.
    pub(crate) series: &'static str,
    /// Names, first and last place.
    pub(crate) series_chart: fn(&str, &str, &str) -> String,
    pub(crate) series_keys: &'static str,
    pub(crate) series_hidden: fn(&str) -> String,
    /// What stands below the lines, in little room.
    pub(crate) axis: fn(Axis) -> &'static str,
    pub(crate) at_clock: fn(&str) -> String,
    pub(crate) at_elapsed: fn(&str) -> String,
    pub(crate) nth_line: fn(&str) -> String,
    pub(crate) nth_value: fn(&str) -> String,
    pub(crate) column_time: &'static str,
    pub(crate) column_name: &'static str,
    pub(crate) column_value: &'static str,
    pub(crate) column_change: &'static str,

    // Detail.
    pub(crate) detail: &'static str,
    pub(crate) back_to_groups: &'static str,
    pub(crate) markdown: &'static str,
    pub(crate) copy_markdown: &'static str,
    pub(crate) detail_views: &'static str,
    pub(crate) tab_stack: &'static str,
    pub(crate) tab_goroutines: &'static str,
    /// The noun behind a number.
    pub(crate) goroutines: fn(&str) -> &'static str,
    /// Median and longest.
    pub(crate) wait_p50_max: fn(&str, &str) -> String,
    pub(crate) stack: &'static str,
    pub(crate) origin_app: &'static str,
    pub(crate) origin_others: &'static str,
    pub(crate) created_by: &'static str,
    pub(crate) no_creator: &'static str,
    pub(crate) elided: &'static str,
    pub(crate) runtime_frames: fn(&str) -> String,
    pub(crate) inlined: &'static str,
    pub(crate) copy_place: fn(&str) -> String,
    pub(crate) go_states: &'static str,
    pub(crate) wait_time: fn(&str) -> String,
    pub(crate) bar_minutes: fn(&str) -> String,
    pub(crate) histogram: fn(&str, &str) -> String,
    pub(crate) labels: &'static str,
    pub(crate) parents: &'static str,
    pub(crate) goroutine: fn(&str) -> String,
    /// Of a parent; it may have ended, or the dump may be cut or list only some goroutines.
    pub(crate) not_in_dump: &'static str,
    pub(crate) locked_to_thread: fn(&str) -> String,
    pub(crate) leaked: fn(&str) -> String,
    pub(crate) locked: &'static str,
    pub(crate) column_id: &'static str,
    pub(crate) column_state: &'static str,
    pub(crate) column_wait_one: &'static str,
    pub(crate) column_parent: &'static str,
    pub(crate) column_labels: &'static str,

    // Issues.
    pub(crate) issues_lead: &'static str,
    pub(crate) no_issues: &'static str,
    pub(crate) column_line: &'static str,
    pub(crate) column_kind: &'static str,
    pub(crate) column_times: &'static str,
    pub(crate) column_message: &'static str,
    pub(crate) column_excerpt: &'static str,
    pub(crate) issue_kind: fn(IssueKind) -> &'static str,
    /// What was seen and what to do.
    pub(crate) issue_message: fn(&Issue, &DumpSummary) -> String,
    pub(crate) not_read: &'static str,
    pub(crate) not_read_lead: &'static str,
    /// The page's own words for why an input was not read, where it has better ones than the engine's.
    pub(crate) not_read_why: fn(IssueKind) -> Option<&'static str>,
    pub(crate) look_at: fn(&str) -> String,
    pub(crate) how_read: &'static str,
    pub(crate) from_line: fn(&str) -> String,
    pub(crate) from_source: fn(&str) -> String,
    pub(crate) note_kind: fn(NoteKind) -> &'static str,
    pub(crate) note_message: fn(&Note) -> String,

    // Errors.
    pub(crate) failed: fn(&str) -> String,
    pub(crate) advice: fn(InputKind) -> Advice,
    pub(crate) unreadable: &'static str,
    pub(crate) unreadable_todo: &'static str,
    pub(crate) crashed: &'static str,
    pub(crate) crashed_todo: &'static str,
    pub(crate) broken: &'static str,
    pub(crate) broken_todo: &'static str,
    pub(crate) details: &'static str,
    pub(crate) read_again: &'static str,
    pub(crate) read_all_again: fn(&str) -> String,
    pub(crate) remove: &'static str,
    pub(crate) reload_page: &'static str,

    // Help.
    pub(crate) keys_title: &'static str,
    pub(crate) keys_note: &'static str,
    pub(crate) key_filter: &'static str,
    pub(crate) key_move: &'static str,
    pub(crate) key_ends: &'static str,
    pub(crate) key_open: &'static str,
    pub(crate) key_views: &'static str,
    pub(crate) key_tree: &'static str,
    pub(crate) key_escape: &'static str,
    pub(crate) key_dumps: &'static str,
    pub(crate) key_copy: &'static str,
    pub(crate) key_open_files: &'static str,
    pub(crate) key_paste: &'static str,
    pub(crate) key_help: &'static str,
    pub(crate) close: &'static str,

    // Status bar and toasts.
    pub(crate) n_groups_goroutines: fn(&str, &str) -> String,
    pub(crate) n_values: fn(&str) -> String,
    pub(crate) format: fn(Format, Option<CrashKind>) -> &'static str,
    pub(crate) leaked_only: &'static str,
    pub(crate) parsed_in: fn(&str) -> String,
    pub(crate) memory: fn(&str) -> String,
    pub(crate) hint_move: &'static str,
    pub(crate) hint_open: &'static str,
    pub(crate) hint_filter: &'static str,
    pub(crate) hint_keys: &'static str,
    pub(crate) hint_views: &'static str,
    pub(crate) hint_open_files: &'static str,
    pub(crate) copied_markdown: &'static str,
    pub(crate) copied: fn(&str) -> String,
    pub(crate) copy_refused: &'static str,
    pub(crate) nothing_to_read: &'static str,
    /// The name of a file that could not be read, and how many more.
    pub(crate) could_not_read: fn(&str, u32) -> String,
    pub(crate) ready: fn(&str, &str) -> String,

    pub(crate) findings: FindingTexts,
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

    #[test]
    fn ok_every_kind_of_input_has_advice_of_its_own() {
        for language in LANGUAGES {
            let texts = language.texts();
            let mut seen: Vec<&str> = InputKind::ALL.iter().map(|kind| (texts.advice)(*kind).what).collect();
            assert!(seen.iter().all(|what| !what.is_empty()));
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), InputKind::ALL.len(), "{language:?}");
        }
    }

    #[test]
    fn ok_every_category_and_issue_has_words_of_its_own() {
        for language in LANGUAGES {
            let texts = language.texts();
            let mut words: Vec<&str> = Category::ALL.iter().map(|category| (texts.category)(*category)).collect();
            words.extend(IssueKind::ALL.iter().map(|kind| (texts.issue_kind)(*kind)));
            words.extend(NoteKind::ALL.iter().map(|kind| (texts.note_kind)(*kind)));
            let n_words = words.len();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), n_words, "{language:?}");
        }
    }

    #[test]
    fn ok_every_format_has_a_name_of_its_own() {
        for language in LANGUAGES {
            let texts = language.texts();
            let mut names: Vec<&str> = Format::ALL.iter().map(|format| (texts.format)(*format, None)).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), Format::ALL.len(), "{language:?}");
        }
    }

    #[test]
    fn ok_every_note_says_how_many_it_counts() {
        for language in LANGUAGES {
            for kind in NoteKind::ALL {
                let note = Note { kind: *kind, line: 1, count: 1234, message: "1,234 of them".into() };
                let message = (language.texts().note_message)(&note);
                assert!(*kind == NoteKind::Utf16 || message.contains("1,234"), "{language:?} {message}");
            }
        }
    }

    #[test]
    fn ok_what_a_format_lacks_is_one_sentence() {
        let all = Lacks { ids: true, waits: true, creators: true };
        assert_eq!((en::TEXTS.lacks)(all), "This format has no ids, wait times or creators. Take debug=2 for those.");
        let no_ids = Lacks { ids: false, ..all };
        assert_eq!((en::TEXTS.lacks)(no_ids), "This format has no wait times or creators. Take debug=2 for those.");
        assert_eq!((zh_cn::TEXTS.lacks)(all), "此格式没有 id、等待时间和创建者，请使用 debug=2。");
        let waits = Lacks { waits: true, ..Lacks::default() };
        assert_eq!((zh_cn::TEXTS.lacks)(waits), "此格式没有等待时间，请使用 debug=2。");
    }

    #[test]
    fn ok_counts_say_from_where_to_where() {
        let fact = CountsFact { name: "go_goroutines", first: "120", last: Some("4,503"), highest: "4,600", span: Some("3 h") };
        assert_eq!((en::TEXTS.counts)(&fact), "go_goroutines went from 120 to 4,503 in 3 h, highest 4,600");
        assert_eq!((en::TEXTS.counts)(&CountsFact { last: None, ..fact }), "go_goroutines is 120");
    }

    #[test]
    fn ok_shared_states_facts_only() {
        let place = code("worker.go:89");
        let shared = Shared {
            goroutines: "104,856",
            total: "104,857",
            percent: "99.9%",
            is_all: false,
            state: "chan send",
            place: &place,
            oldest: Some("21 min"),
        };
        assert_eq!(
            (en::TEXTS.shared)(&shared).replace(CODE, "`"),
            "104,856 of 104,857 goroutines (99.9%) share one stack: chan send at `worker.go:89`, oldest 21 min"
        );
        assert_eq!(
            (zh_cn::TEXTS.shared)(&Shared { is_all: true, oldest: None, ..shared }).replace(CODE, "`"),
            "全部 104,856 个 goroutine 的堆栈相同：chan send，位于 `worker.go:89`"
        );
    }

    #[test]
    fn ok_row_name_as_the_specification_has_it() {
        let name = RowName {
            goroutines: "99,490",
            percent: "94.8%",
            state: "chan send",
            function: "worker.(*Pool).run",
            place: "worker.go:89",
            change: Some("up 72,420"),
            oldest: Some("11 min"),
        };
        assert_eq!(
            (en::TEXTS.row_name)(&name),
            "99,490 goroutines, 94.8%, chan send, worker.(*Pool).run worker.go:89, up 72,420, oldest 11 min"
        );
    }
}
