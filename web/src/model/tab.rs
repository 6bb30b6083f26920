//! The views of a dump, and how to get to them.

use stackherd_report::protocol::DumpSummary;

use super::State;

/// The views of a dump.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Groups,
    /// What changed between dumps.
    Compare,
    /// Groups by instance.
    Fleet,
    /// Objects that goroutines wait for.
    Blocking,
    /// Who started whom.
    Ancestry,
    Issues,
}

impl Tab {
    /// Element id of the tab itself.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Groups => "tab-groups",
            Self::Compare => "tab-compare",
            Self::Fleet => "tab-fleet",
            Self::Blocking => "tab-blocking",
            Self::Ancestry => "tab-ancestry",
            Self::Issues => "tab-issues",
        }
    }

    /// Element id of what it shows.
    pub(crate) const fn panel(self) -> &'static str {
        match self {
            Self::Groups => "panel-groups",
            Self::Compare => "panel-compare",
            Self::Fleet => "panel-fleet",
            Self::Blocking => "panel-blocking",
            Self::Ancestry => "panel-ancestry",
            Self::Issues => "panel-issues",
        }
    }

    /// It begins with a sentence of its own, in place of the verdict.
    pub(crate) const fn has_own_sentence(self) -> bool {
        matches!(self, Self::Compare | Self::Fleet | Self::Blocking | Self::Ancestry)
    }

    /// It is about all dumps. The filter of the page is about their groups.
    pub(crate) const fn is_of_all_dumps(self) -> bool {
        matches!(self, Self::Compare | Self::Fleet)
    }

    /// The view that a letter after `g` goes to.
    pub(crate) fn by_letter(key: &str) -> Option<Self> {
        match key {
            "o" => Some(Self::Groups),
            "c" => Some(Self::Compare),
            "f" => Some(Self::Fleet),
            "b" => Some(Self::Blocking),
            "t" => Some(Self::Ancestry),
            "i" => Some(Self::Issues),
            _ => None,
        }
    }
}

/// The views a dump has, in their order; some are about all dumps, when there are others to compare with.
pub(crate) fn tabs(summary: &DumpSummary, can_compare: bool) -> &'static [Tab] {
    match (summary.groups > 0, can_compare) {
        (true, true) => &[Tab::Groups, Tab::Compare, Tab::Fleet, Tab::Blocking, Tab::Ancestry, Tab::Issues],
        // The view of changes says what to add.
        (true, false) => &[Tab::Groups, Tab::Compare, Tab::Blocking, Tab::Ancestry, Tab::Issues],
        (false, _) => &[Tab::Groups, Tab::Issues],
    }
}

impl State {
    /// There are dumps to compare.
    pub(crate) fn can_compare(&self) -> bool {
        self.dumps().filter(|dump| dump.summary.groups > 0).nth(1).is_some()
    }

    /// The view on show: the one chosen, where the dump has it.
    pub(crate) fn tab_on_show(&self) -> Tab {
        let has_it = |summary: &DumpSummary| tabs(summary, self.can_compare()).contains(&self.tab);
        if self.active_dump().is_none_or(|dump| has_it(&dump.summary)) { self.tab } else { Tab::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::summary;
    use super::*;

    #[test]
    fn ok_a_dump_without_goroutines_has_nothing_that_waits() {
        assert_eq!(tabs(&summary(3), false).len(), 5);
        assert_eq!(tabs(&summary(3), true).len(), 6);
        assert_eq!(tabs(&summary(0), true), [Tab::Groups, Tab::Issues]);
    }

    #[test]
    fn ok_every_view_has_a_letter_and_elements_of_its_own() {
        let all = tabs(&summary(1), true);
        let by_letter: Vec<Tab> = ["o", "c", "f", "b", "t", "i"].into_iter().filter_map(Tab::by_letter).collect();
        assert_eq!(by_letter, all);
        assert_eq!(Tab::by_letter("x"), None);
        let mut ids: Vec<&str> = all.iter().flat_map(|tab| [tab.id(), tab.panel()]).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 2 * all.len());
    }
}
