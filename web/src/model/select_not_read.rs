//! What could not be read, as far as it concerns the dump on show.

use std::rc::Rc;

use stackherd_report::report::InputIssue;

use super::{InputEntry, InputStatus, Loss, State};

/// A file, or an entry of an archive.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NotRead<'a> {
    /// A whole file.
    File { input: &'a Rc<InputEntry>, loss: &'a Rc<Loss> },
    /// An entry of the file that the dump came in.
    Entry { input: &'a Rc<InputEntry>, issue: &'a InputIssue },
}

/// Entries of the dump's own file first, then the files that failed as a whole.
pub(crate) fn not_read(state: &State) -> Vec<NotRead<'_>> {
    let own = state.active_input().into_iter();
    let entries = own.flat_map(|input| input.issues().iter().map(move |issue| NotRead::Entry { input, issue }));
    let files = state.inputs.iter().filter_map(|input| match &input.status {
        InputStatus::Failed(loss) => Some(NotRead::File { input, loss }),
        _ => None,
    });
    entries.chain(files).collect()
}

#[cfg(test)]
mod tests {
    use stackherd_report::IssueKind;

    use super::super::{DumpEntry, Shown, sample};
    use super::*;

    #[test]
    fn ok_own_entries_and_failed_files() {
        let issue = |entry: &str| InputIssue {
            kind: IssueKind::SkippedArchiveEntry,
            entry: Some(entry.into()),
            message: String::new(),
            looks_like: None,
        };
        let archive = |id: u32, entry: &str| {
            let mut summary = sample::summary(1);
            summary.dump.id = id;
            let dumps = vec![Rc::new(DumpEntry::new(summary))];
            let status = InputStatus::Opened { dumps, issues: [issue(entry)].into() };
            Rc::new(InputEntry { status, ..InputEntry::new(id, format!("{id}.zip"), 1) })
        };
        let failed = InputStatus::Failed(Rc::new(Loss::Crashed));
        let failed = Rc::new(InputEntry { status: failed, ..InputEntry::new(3, "3.txt".into(), 1) });
        let state =
            State { inputs: vec![archive(1, "a"), failed, archive(2, "b")], shown: Some(Shown::Dump(2)), ..State::default() };
        let found = not_read(&state);
        assert!(
            matches!(found[0], NotRead::Entry { issue, .. } if issue.entry.as_deref() == Some("b")),
            "not of another archive"
        );
        assert!(matches!(found[1], NotRead::File { input, .. } if input.id == 3));
        assert_eq!(found.len(), 2);
    }
}
