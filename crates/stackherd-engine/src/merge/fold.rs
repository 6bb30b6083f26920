//! Groups of reports whose formats tell different things, joined by what all of them tell.

use std::collections::HashMap;

use stackherd_core::{self as model, Basis, Edge, Frame, Grouping, Keys, OriginRules, Signature, StackId, Tables};
use stackherd_report::{Format, Group, Report, Similarity};

use super::groups::add;
use crate::convert;
use crate::rows::key_text;

/// Groups all reports by what all of their dumps tell, when that differs. Returns whether it does.
pub(super) fn to_common(reports: &mut [Report], similarity: Similarity) -> bool {
    let mut formats: Vec<Kind> = Vec::new();
    for dump in reports.iter().flat_map(|report| &report.dumps).filter(|dump| dump.goroutines > 0) {
        let kind = kind(dump.format);
        if !formats.contains(&kind) {
            formats.push(kind);
        }
    }
    let were_mixed = |report: &Report| report.comparison.as_ref().is_some_and(|comparison| comparison.mixed_formats);
    if formats.len() < 2 && !reports.iter().any(were_mixed) {
        return false;
    }
    let has_text = formats.iter().all(|kind| *kind == Kind::Text);
    let has_places = reports.iter().all(has_places);
    let basis = Basis { has_creators: has_text, has_places, has_states: has_text };
    let grouping = Grouping { similarity: convert::similarity(similarity), basis };
    for report in reports {
        fold(report, grouping);
    }
    true
}

/// Whether files and lines are printed: always, but for what `go tool pprof -traces` prints of a profile.
fn has_places(report: &Report) -> bool {
    let is_bare = |group: &Group| !group.stack.is_empty() && group.stack.iter().all(|frame| frame.file.is_empty());
    !report.dumps.iter().any(|dump| dump.format == Format::Profile) || !report.groups.iter().any(is_bare)
}

/// How a format tells of stacks.
#[derive(PartialEq)]
enum Kind {
    Text,
    Counted,
    Profile,
    Delve,
}

fn kind(format: Format) -> Kind {
    match format {
        Format::Counted => Kind::Counted,
        Format::Profile => Kind::Profile,
        Format::Delve => Kind::Delve,
        Format::Traceback | Format::Goleak | Format::Race | Format::Gops | Format::CounterLog => Kind::Text,
    }
}

/// Joins the groups of a report that are alike as `grouping` says. Groups keep their order; what names them by rank follows.
fn fold(report: &mut Report, grouping: Grouping) {
    let mut tables = Tables::default();
    let signatures: Vec<Signature> = report.groups.iter().map(|group| signature(&mut tables, group)).collect();
    let keys = Keys::of(&tables, &OriginRules::default(), grouping);
    let mut folded: Vec<Group> = Vec::new();
    let mut position: HashMap<u64, usize> = HashMap::new();
    let mut rank_of: HashMap<u32, u32> = HashMap::new();
    for (mut group, signature) in std::mem::take(&mut report.groups).into_iter().zip(signatures) {
        let key = keys.key(signature);
        group.key = key_text(key);
        let old = group.rank;
        let rank = match position.get(&key).and_then(|&at| folded.get_mut(at)) {
            Some(known) => {
                let rank = known.rank;
                if group.goroutines > known.goroutines {
                    // The largest part stands for all.
                    std::mem::swap(known, &mut group);
                    known.rank = rank;
                }
                add(known, group);
                rank
            }
            None => {
                position.insert(key, folded.len());
                folded.push(group);
                old
            }
        };
        rank_of.insert(old, rank);
    }
    let renumber = |ranks: &mut Vec<u32>| {
        let mut new: Vec<u32> = ranks.iter().filter_map(|rank| rank_of.get(rank)).copied().collect();
        let mut seen = std::collections::HashSet::new();
        new.retain(|&rank| seen.insert(rank));
        *ranks = new;
    };
    report.findings.iter_mut().for_each(|finding| renumber(&mut finding.groups));
    report.blocking.iter_mut().for_each(|object| renumber(&mut object.groups));
    report.groups = folded;
}

fn signature(tables: &mut Tables, group: &Group) -> Signature {
    let mut stack = StackId::EMPTY;
    for frame in &group.stack {
        let frame = intern(tables, &frame.function, &frame.file, frame.line, frame.inlined);
        stack = tables.stacks.child(stack, Edge::Frame(frame));
    }
    if let Some(site) = &group.created_by {
        let frame = intern(tables, &site.function, &site.file, site.line, false);
        stack = tables.stacks.child(stack, Edge::CreatedBy(frame));
    }
    let word = group.category.as_str();
    let category = model::Category::ALL.into_iter().find(|category| category.as_str() == word);
    Signature { stack, category: category.unwrap_or(model::Category::Other) }
}

fn intern(tables: &mut Tables, function: &str, file: &str, line: u32, inlined: bool) -> model::FrameId {
    let location = if file.is_empty() { String::new() } else { format!("{file}:{line}") };
    // Names are written with their escapes decoded; a percent sign of their own must not be taken for one.
    let function = tables.strings.intern(function.replace('%', "%25").as_bytes());
    let location = tables.strings.intern(location.as_bytes());
    tables.frames.intern(Frame { function, location, inlined })
}
