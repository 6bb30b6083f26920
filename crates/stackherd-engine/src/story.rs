//! One story told by several dumps: findings of the same rule at the same place.

use std::collections::HashMap;

use stackherd_report::{Finding, Report};

/// Findings of several dumps that tell the same: the same rule at the same place.
#[derive(Clone, Debug, PartialEq)]
pub struct Story<'a> {
    /// The worst of them.
    pub finding: &'a Finding,
    /// The dumps, in their order.
    pub dumps: Vec<u32>,
    /// Goroutines in all of them.
    pub goroutines: u64,
}

/// The findings of `report`, those that several dumps share folded into one; worst first.
#[must_use]
pub fn stories(report: &Report) -> Vec<Story<'_>> {
    let mut stories: Vec<Story<'_>> = Vec::new();
    let mut known = HashMap::new();
    for finding in &report.findings {
        if !finding.dumps.is_empty() {
            // Several dumps say it together.
            stories.push(Story { finding, dumps: finding.dumps.clone(), goroutines: finding.goroutines });
            continue;
        }
        let place = finding.culprit.as_ref().or(finding.created_by.as_ref());
        let place = place.map(|site| (site.function.as_str(), site.file.as_str(), site.line));
        // What one dump tells twice are two stories.
        let n_before = known.entry((finding.rule.as_str(), place, Some(finding.dump), 0)).or_insert(0_usize);
        let nth = *n_before;
        *n_before += 1;
        let at = *known.entry((finding.rule.as_str(), place, None, nth)).or_insert(stories.len());
        match stories.get_mut(at) {
            Some(story) => {
                story.dumps.push(finding.dump);
                story.goroutines = story.goroutines.saturating_add(finding.goroutines);
            }
            None => stories.push(Story { finding, dumps: vec![finding.dump], goroutines: finding.goroutines }),
        }
    }
    for story in &mut stories {
        story.dumps.sort_unstable();
    }
    stories
}
