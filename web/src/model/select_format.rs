//! What a format can't tell, so that the page says so instead of showing nothing.

use stackherd_report::Format;
use stackherd_report::protocol::DumpSummary;

/// What is missing in a dump because its format never has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lacks {
    pub(crate) ids: bool,
    pub(crate) waits: bool,
    pub(crate) creators: bool,
}

impl Lacks {
    pub(crate) const fn any(self) -> bool {
        self.ids || self.waits || self.creators
    }
}

/// By the format, unless the dump shows otherwise.
pub(crate) fn lacks(summary: &DumpSummary) -> Lacks {
    let by_format = match summary.dump.format {
        Format::Traceback | Format::Goleak => Lacks::default(),
        Format::Delve => Lacks { ids: false, waits: true, creators: true },
        Format::Counted | Format::Profile | Format::Race | Format::Gops | Format::CounterLog => {
            Lacks { ids: true, waits: true, creators: true }
        }
    };
    let has_creator = summary.largest.as_ref().is_some_and(|row| row.created_by.is_some());
    Lacks {
        ids: by_format.ids,
        waits: by_format.waits && summary.max_wait_minutes.is_none(),
        creators: by_format.creators && !has_creator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_profile_has_neither_ids_nor_waits_nor_creators() {
        let mut summary = super::super::sample::summary(3);
        assert!(!lacks(&summary).any());
        summary.dump.format = Format::Profile;
        assert_eq!(lacks(&summary), Lacks { ids: true, waits: true, creators: true });
    }

    #[test]
    fn ok_what_is_there_is_not_lacking() {
        let mut summary = super::super::sample::summary(3);
        summary.dump.format = Format::Delve;
        assert_eq!(lacks(&summary), Lacks { ids: false, waits: true, creators: true });
        summary.max_wait_minutes = Some(3);
        assert!(!lacks(&summary).waits);
    }
}
