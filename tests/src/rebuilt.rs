//! One program built twice: between `rebuilt/before` and `rebuilt/after` lines and closures moved, functions changed their
//! files and grew too large to be inlined. The goroutines do the same.

use std::fs::File;
use std::io::Read;

use flate2::read::GzDecoder;
use stackherd_core::{Basis, Grouping, Similarity};

use crate::corpus::workspace;
use crate::dump::{Dump, read};
use crate::prop_similarity::{COMMON, LEVELS, counts, matched};

/// A dump of `rebuilt/`: `go1.24-before.debug2`.
fn dump(name: &str) -> Dump {
    let path = workspace().join("tests/rebuilt").join(format!("{name}.txt.gz"));
    let mut bytes = Vec::new();
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    read(&bytes).unwrap()
}

/// How much of `left` has the same key in `right`, of groups and of goroutines, in whole percent; in both formats.
#[track_caller]
fn check(left: &str, right: &str, similarity: Similarity, is_expected: impl Fn(f64) -> bool) {
    for (format, basis) in [("debug2", Basis::default()), ("debug1", COMMON)] {
        let [left_dump, right_dump] = [left, right].map(|name| dump(&format!("{name}.{format}")));
        let share = matched(&left_dump, &right_dump, Grouping { similarity, basis });
        println!(
            "{left} and {right}, {format} by {similarity:?}: {:.0} % of groups, {:.0} % of goroutines",
            share.groups, share.goroutines
        );
        assert!(is_expected(share.groups) && is_expected(share.goroutines), "{left} {right} {format} {similarity:?} {share:?}");
    }
}

#[test]
fn ok_functions_survive_a_rebuild() {
    for version in ["go1.24", "go1.27"] {
        let [before, after] = ["before", "after"].map(|build| format!("{version}-{build}"));
        check(&before, &after, Similarity::Function, |percent| percent >= 95.0);
        check(&after, &before, Similarity::Function, |percent| percent >= 95.0);
        check(&before, &after, Similarity::Stack, |percent| percent < 25.0);
    }
}

#[test]
fn ok_functions_survive_another_go() {
    check("go1.24-before", "go1.27-before", Similarity::Function, |percent| percent >= 95.0);
    check("go1.24-before", "go1.27-after", Similarity::Function, |percent| percent >= 95.0);
    check("go1.24-before", "go1.27-before", Similarity::Stack, |percent| percent < 60.0);
    check("go1.24-before", "go1.27-before", Similarity::Culprit, |percent| percent >= 95.0);
}

/// Closures that Go 1.19 copied while inlining do not tell where they are written.
#[test]
fn ok_most_functions_survive_a_rebuild_with_an_old_go() {
    check("go1.19-before", "go1.19-after", Similarity::Function, |percent| percent >= 94.0);
    // The library's own functions changed in between.
    check("go1.19-before", "go1.24-before", Similarity::Function, |percent| percent >= 70.0);
}

/// Folding names joins no more than what is written in one function.
#[test]
fn ok_few_groups_are_joined() {
    for name in ["go1.19-before", "go1.24-before", "go1.24-after", "go1.27-before", "go1.27-after"] {
        let dump = dump(&format!("{name}.debug2"));
        let n_groups = |similarity| counts(&dump, Grouping { similarity, basis: Basis::default() }).len();
        let (stacks, functions) = (n_groups(Similarity::Stack), n_groups(Similarity::Function));
        println!("{name}: {stacks} stacks, {functions} by function");
        assert!(functions * 100 >= stacks * 88, "{name}: {stacks} {functions}");
    }
}

#[test]
fn ok_formats_of_one_process_agree() {
    for build in ["go1.19-before", "go1.24-before", "go1.24-after", "go1.27-before", "go1.27-after"] {
        let [counted, stacks] = ["debug1", "debug2"].map(|format| dump(&format!("{build}.{format}")));
        for similarity in LEVELS {
            let share = matched(&stacks, &counted, Grouping { similarity, basis: COMMON });
            assert!(share.groups >= 95.0 && share.goroutines >= 99.0, "{build} {similarity:?} {share:?}");
        }
    }
}
