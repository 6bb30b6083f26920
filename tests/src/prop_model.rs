//! What Go prints is what is read.

use proptest::prelude::*;
use stackherd_core::FuncName;

use crate::dump::{Row, Step, read};
use crate::model::{self, Call, FLAGS, Goroutine};
use crate::oracle;

/// What must be read of `goroutine`. The category is not of the text; `actual` has it.
fn expected(goroutine: &Goroutine, actual: &Row) -> Row {
    let flags = goroutine.flags.into_iter().zip(FLAGS).filter(|(is_set, _)| *is_set).map(|(_, text)| text);
    let mut stack: Vec<Step> = goroutine.frames.iter().map(|frame| Step::Call(call(frame), frame.arguments == "...")).collect();
    if let Some(at) = goroutine.elided_before {
        stack.insert(at, Step::Elided);
    }
    Row {
        goid: Some(goroutine.goid),
        count: 1,
        state: goroutine.reason.to_owned() + &flags.collect::<String>(),
        category: actual.category,
        wait_minutes: goroutine.minutes,
        is_locked: goroutine.is_locked,
        is_synctest: goroutine.bubble.is_some(),
        labels: goroutine.labels.clone(),
        stack,
        created_by: goroutine.created_by.as_ref().map(|(creator, _)| call(creator)),
        parent: goroutine.parent(),
    }
}

fn call(call: &Call) -> String {
    format!("{} {}:{}", FuncName::parse(call.function.as_bytes()).full(), call.file, call.line)
}

/// Whether a call was inlined is noted for its function and place once, so rows are compared without it.
fn without_inlining(rows: &[Row]) -> Vec<Row> {
    let mut rows = rows.to_vec();
    for step in rows.iter_mut().flat_map(|row| &mut row.stack) {
        if let Step::Call(_, is_inlined) = step {
            *is_inlined = false;
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prop_print_then_read_is_the_same(goroutines in model::dump(8)) {
        let text = model::print(&goroutines);
        let dump = read(text.as_bytes()).unwrap();
        let actual = dump.rows();
        prop_assert_eq!(actual.len(), goroutines.len(), "{}", text);
        let expected: Vec<_> = goroutines.iter().zip(&actual).map(|(goroutine, row)| expected(goroutine, row)).collect();
        for (actual, expected) in without_inlining(&actual).iter().zip(without_inlining(&expected)) {
            prop_assert_eq!(actual, &expected, "{}", text);
        }
        prop_assert!(dump.issues().is_empty(), "{:?}\n{}", dump.issues(), text);
        prop_assert!(dump.only().crash().is_none());
    }

    #[test]
    fn prop_inlined_calls_are_marked(goroutine in model::dump(2).prop_map(|mut goroutines| goroutines.remove(0))) {
        let text = model::print_goroutine(&goroutine);
        let actual = read(text.as_bytes()).unwrap().rows();
        let mut places: Vec<_> = goroutine.frames.iter().chain(goroutine.created_by.iter().map(|(call, _)| call)).map(call).collect();
        places.sort_unstable();
        places.dedup();
        prop_assume!(places.len() == goroutine.frames.len() + usize::from(goroutine.created_by.is_some()));
        prop_assert_eq!(&actual[0].stack, &expected(&goroutine, &actual[0]).stack, "{}", text);
    }

    #[test]
    fn prop_offsets_and_lengths_frame_the_text(goroutines in model::dump(8)) {
        let text = model::print(&goroutines);
        let dump = read(text.as_bytes()).unwrap();
        for (row, goroutine) in dump.goroutines().zip(&goroutines) {
            let start = row.offset_bytes as usize;
            let own = &text[start..start + row.len_bytes as usize];
            let printed = model::print_goroutine(goroutine);
            prop_assert!(own.starts_with("goroutine "), "{:?} in {}", own, text);
            prop_assert!(printed.starts_with(own), "{:?} in {}", own, printed);
            let printed_stack = printed.split("[originating").next().unwrap().trim_end();
            prop_assert!(own.len() >= printed_stack.len() - 1, "{:?} ends too early in {:?}", own, printed_stack);
        }
    }

    #[test]
    fn prop_fast_groups_are_the_naive_groups(goroutines in model::dump(30)) {
        oracle::compare("random dump", model::print(&goroutines).as_bytes());
    }

    #[test]
    fn prop_windows_line_ends_change_nothing(goroutines in model::dump(8)) {
        let text = model::print(&goroutines);
        let plain = read(text.as_bytes()).unwrap();
        let windows = read(text.replace('\n', "\r\n").as_bytes()).unwrap();
        prop_assert_eq!(plain.render(), windows.render());
    }
}
