//! Trees of small dumps.

use super::*;
use crate::finding::testing::{judged, read};
use alloc::format;
use alloc::string::String;
use alloc::vec;

/// `depth goroutines/subtree orphans wait place`
fn tree(text: &str) -> Vec<String> {
    let (tables, _, judgement) = judged(text);
    let line = |site: &CreationSite| {
        let place = site.frame.map_or(String::from("-"), |frame| {
            let location = String::from_utf8_lossy(tables.bytes(tables.frames.get(frame).location)).into_owned();
            String::from(location.rsplit('/').next().unwrap_or_default())
        });
        let wait = site.max_wait_minutes.map_or(String::from("-"), |minutes| format!("{minutes}m"));
        format!("{} {}/{} {} {wait} {place}", site.depth, site.n_goroutines, site.n_subtree, site.n_orphans)
    };
    judgement.ancestry.sites.iter().map(line).collect()
}

fn goroutine(goid: u64, state: &str, created_by: Option<(&str, Option<u64>)>) -> String {
    let mut text = format!("goroutine {goid} [{state}]:\nmain.work()\n\t/src/work.go:9 +0x1\n");
    if let Some((place, parent)) = created_by {
        let parent = parent.map_or(String::new(), |parent| format!(" in goroutine {parent}"));
        text.push_str(&format!("created by main.start{parent}\n\t/src/{place} +0x1\n"));
    }
    text + "\n"
}

fn family() -> Vec<String> {
    vec![
        goroutine(1, "select", None),
        goroutine(5, "chan receive, 3 minutes", Some(("a.go:1", Some(1)))),
        goroutine(6, "chan receive, 9 minutes", Some(("a.go:1", Some(1)))),
        goroutine(7, "select", Some(("b.go:2", Some(5)))),
        goroutine(8, "select", Some(("b.go:2", Some(6)))),
        goroutine(9, "select", Some(("b.go:2", Some(99)))),
        goroutine(4, "select", Some(("c.go:3", Some(8)))),
    ]
}

#[test]
fn ok_sites_stand_below_the_sites_of_their_creators() {
    let expected = ["0 1/6 0 - -", "1 2/5 0 9m a.go:1", "2 2/3 0 - b.go:2", "3 1/1 0 - c.go:3", "0 1/1 1 - b.go:2"];
    assert_eq!(tree(&family().concat()), expected);
}

#[test]
fn ok_the_order_of_goroutines_changes_nothing() {
    let mut texts = family();
    let expected = tree(&texts.concat());
    for _ in 0..texts.len() {
        texts.rotate_left(1);
        assert_eq!(tree(&texts.concat()), expected);
    }
    texts.reverse();
    assert_eq!(tree(&texts.concat()), expected);
}

#[test]
fn ok_without_ids_of_creators_sites_are_a_list() {
    let texts = [
        goroutine(1, "select", None),
        goroutine(5, "chan receive, 3 minutes", Some(("a.go:1", None))),
        goroutine(6, "select", Some(("a.go:1", None))),
    ];
    assert_eq!(tree(&texts.concat()), ["0 2/2 0 3m a.go:1", "0 1/1 0 - -"]);
    let profile = "goroutine profile: total 3\n3 @ 0x1 0x2\n#\t0x1\tmain.work+0x1\t/src/work.go:9\n\n";
    assert_eq!(tree(profile), ["0 3/3 0 - -"]);
}

#[test]
fn err_goroutines_that_started_each_other_are_roots() {
    let texts = [
        goroutine(1, "select", None),
        goroutine(2, "select", Some(("a.go:1", Some(3)))),
        goroutine(3, "select", Some(("b.go:2", Some(2)))),
        goroutine(4, "select", Some(("c.go:3", Some(4)))),
        goroutine(5, "select", Some(("d.go:4", Some(3)))),
    ];
    let expected = tree(&texts.concat());
    assert!(expected.contains(&String::from("0 1/1 0 - a.go:1")) && expected.contains(&String::from("0 1/1 0 - c.go:3")));
    let mut reversed = texts;
    reversed.reverse();
    assert_eq!(tree(&reversed.concat()), expected);
}

#[test]
fn ok_long_chains_end_at_the_greatest_depth() {
    let n = 3 * MAX_DEPTH as u64;
    let text: String = (1..=n).map(|goid| goroutine(goid, "select", Some(("a.go:1", (goid > 1).then(|| goid - 1))))).collect();
    let sites = judged(&text).2.ancestry.sites;
    assert_eq!(sites.len(), MAX_DEPTH);
    assert_eq!(sites[0].n_subtree, n);
    assert_eq!(sites[MAX_DEPTH - 1].n_goroutines, n - MAX_DEPTH as u64 + 1);
}

#[test]
fn ok_chain_of_one_goroutine() {
    let (tables, snapshot) = read(&family().concat());
    let of = |goid: u64| {
        let row = snapshot.goroutines().iter().position(|goroutine| goroutine.goid().unwrap().0 == goid).unwrap();
        let place = |creator: &Creator| {
            let location = tables.bytes(tables.frames.get(creator.site.unwrap()).location);
            format!("{} {} {}", creator.goid.0, String::from_utf8_lossy(location), creator.in_dump)
        };
        chain(&tables, &snapshot, row as u32).iter().map(place).collect::<Vec<_>>()
    };
    assert_eq!(of(4), ["8 /src/c.go:3 true", "6 /src/b.go:2 true", "1 /src/a.go:1 true"]);
    assert_eq!(of(9), ["99 /src/b.go:2 false"]);
    assert_eq!(of(1), [""; 0]);
    assert_eq!(chain(&tables, &snapshot, 999), []);
}

#[test]
fn err_chain_of_a_cycle_ends() {
    let texts = [goroutine(2, "select", Some(("a.go:1", Some(3)))), goroutine(3, "select", Some(("b.go:2", Some(2))))];
    let (tables, snapshot) = read(&texts.concat());
    assert_eq!(chain(&tables, &snapshot, 0).len(), 2);
}

#[test]
fn err_the_same_number_twice_is_harmless() {
    let texts = [
        goroutine(0, "idle", None),
        goroutine(0, "idle", Some(("e.go:5", Some(0)))),
        goroutine(5, "select", Some(("d.go:4", Some(5)))),
        goroutine(5, "select", Some(("d.go:4", Some(0)))),
    ];
    for n in 0..=texts.len() {
        tree(&format!("{}{}", goroutine(7, "select", None), texts[..n].concat()));
    }
}
