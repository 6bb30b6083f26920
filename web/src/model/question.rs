//! What has to be asked of the worker, concluded from what is on show and not yet known.

use stackherd_report::protocol::{GroupQuery, Request};

use super::State;

/// A question to the worker.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Question {
    /// A page of the groups table.
    Groups { dump: u32, query: GroupQuery, offset: u32, limit: u32 },
    /// One group.
    Group { dump: u32, key: String },
    /// A page of the goroutines of a group.
    Goroutines { dump: u32, key: String, offset: u32, limit: u32 },
}

impl Question {
    /// As the worker takes it.
    pub(crate) fn request(&self, ask: u32) -> Request {
        match self.clone() {
            Self::Groups { dump, query, offset, limit } => Request::Groups { ask, dump, query, offset, limit },
            Self::Group { dump, key } => Request::Group { ask, dump, key },
            Self::Goroutines { dump, key, offset, limit } => Request::Goroutines { ask, dump, key, offset, limit },
        }
    }
}

/// What the views of the active dump lack, at most one question of each kind; ask again after these are noted.
pub(crate) fn questions(state: &State) -> Vec<Question> {
    let Some(entry) = state.active_dump() else { return Vec::new() };
    if entry.summary.groups == 0 {
        return Vec::new();
    }
    let mut questions = Vec::new();
    let dump = entry.id;

    let groups = &entry.groups;
    let total = groups.matched_groups.unwrap_or_else(|| u32::try_from(entry.summary.groups).unwrap_or(u32::MAX));
    if let Some((offset, limit)) = groups.rows.missing(total) {
        questions.push(Question::Groups { dump, query: groups.query.clone(), offset, limit });
    }

    let detail = &entry.detail;
    let Some(key) = &detail.key else { return questions };
    if !detail.is_current() {
        if detail.asked.is_none() {
            questions.push(Question::Group { dump, key: key.clone() });
        }
    } else if let Some(loaded) = &detail.loaded
        && detail.tab == super::DetailTab::Goroutines
    {
        // One row may stand for many goroutines, so there may be fewer.
        let at_most = u32::try_from(loaded.row.goroutines).unwrap_or(u32::MAX);
        if let Some((offset, limit)) = detail.goroutines.missing(detail.goroutines.total(at_most)) {
            questions.push(Question::Goroutines { dump, key: key.clone(), offset, limit });
        }
    }
    questions
}
