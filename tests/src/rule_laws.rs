//! Every rule has a page of documentation in each language, a test that finds it, and a test that does not.

use std::fs;

use stackherd_core::finding::RULES;

use crate::corpus::workspace;

/// The headings of a page, in their order.
const HEADINGS: [(&str, [&str; 4]); 2] = [
    ("en", ["## What it finds", "## Why it matters", "## Example", "## Limits"]),
    ("zh-CN", ["## 发现什么", "## 为何重要", "## 示例", "## 局限"]),
];

#[test]
fn ok_every_rule_has_its_pages() {
    for rule in RULES {
        for ((language, headings), page) in HEADINGS.iter().zip([rule.doc_en, rule.doc_zh_cn]) {
            let found: Vec<_> = page.lines().filter(|line| line.starts_with("## ")).collect();
            assert_eq!(found, headings, "{} {language}", rule.name);
            for part in page.split("## ").skip(1) {
                let (heading, text) = part.split_once('\n').unwrap();
                assert!(text.trim().chars().count() >= 10, "{} {language}: nothing under {heading}", rule.name);
            }
        }
        assert_ne!(rule.doc_en, rule.doc_zh_cn, "{}", rule.name);
    }
}

#[test]
fn ok_every_rule_has_a_positive_and_a_negative_test() {
    let mut lacking = Vec::new();
    for rule in RULES {
        let file = format!("crates/stackherd-core/src/finding/rules/{}", rule.name.replace('-', "_"));
        // A rule that outgrew its file is a folder with its tests in one of their own.
        let tests = fs::read_to_string(workspace().join(&file).join("tests.rs")).ok().or_else(|| {
            let source = fs::read_to_string(workspace().join(file + ".rs")).ok()?;
            Some(source.split_once("#[cfg(test)]")?.1.to_owned())
        });
        let Some(tests) = tests else {
            lacking.push(format!("{} has no tests", rule.name));
            continue;
        };
        if !tests.contains(&format!("\"{}", rule.name)) {
            lacking.push(format!("{} has no test that names it", rule.name));
        }
        let names = tests.lines().filter_map(|line| line.trim().strip_prefix("fn "));
        let is_negative =
            |name: &str| ["_no_", "_none", "_nothing", "_not_", "_without_"].iter().any(|part| name.contains(part));
        if !names.into_iter().any(|name| is_negative(name) || name.starts_with("err_")) {
            lacking.push(format!("{} has no test of what it is not", rule.name));
        }
    }
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

#[test]
fn ok_names_are_unique_and_kebab_case() {
    let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len());
    assert!(RULES.len() >= 34, "{}", RULES.len());
}
