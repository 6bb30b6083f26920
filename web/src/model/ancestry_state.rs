//! What is known of who started whom, and which part of the tree is open.

use std::collections::BTreeSet;
use std::rc::Rc;

use stackherd_report::protocol::AncestryView;

use super::CursorMove;
use super::select_ancestry::SiteTree;

/// Sites above this depth are open at first.
const OPEN_DEPTH: u32 = 2;

/// Something the reader did in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AncestryAction {
    CursorMoved(CursorMove),
    /// A site of the tree takes the cursor.
    Chosen(u32),
    /// A site was opened or closed.
    Toggled(u32),
    /// Opens the site under the cursor, else goes down to what is below it.
    Inward,
    /// Closes the site under the cursor, else goes up to the one above it.
    Outward,
    /// Every site, open or closed.
    AllToggled {
        open: bool,
    },
}

/// The tree of a dump.
#[derive(Clone, Debug, Default)]
pub(crate) struct AncestryState {
    pub(crate) tree: Option<Rc<SiteTree>>,
    /// The tree need not be asked for again.
    pub(crate) is_known: bool,
    asked: Option<u32>,
    /// Sites that are open though they are deep, or closed though they are not.
    toggled: BTreeSet<u32>,
    /// Index into the sites.
    pub(crate) cursor: u32,
    /// Changes whenever the cursor has to be brought into sight.
    pub(crate) reveal: u32,
}

impl AncestryState {
    pub(super) const fn is_missing(&self) -> bool {
        !self.is_known && self.asked.is_none()
    }

    /// The worker judges by other rules now.
    pub(super) const fn outdate(&mut self) {
        (self.is_known, self.asked) = (false, None);
    }

    pub(super) const fn ask(&mut self, ask: u32) {
        self.asked = Some(ask);
    }

    pub(super) fn answer(&mut self, ask: u32, view: AncestryView) {
        if self.asked.take_if(|asked| *asked == ask).is_some() {
            *self = Self { tree: Some(Rc::new(SiteTree::new(view))), is_known: true, ..Self::default() };
        }
    }

    /// What is below a site is on show, if there is anything.
    pub(crate) fn is_open(&self, tree: &SiteTree, site: u32) -> bool {
        let is_shallow = tree.site(site).is_some_and(|row| row.depth < OPEN_DEPTH);
        is_shallow != self.toggled.contains(&site)
    }

    /// The sites that are not inside a closed one, in their order.
    pub(crate) fn rows(&self, tree: &SiteTree) -> Vec<u32> {
        tree.rows(|site| self.is_open(tree, site))
    }

    pub(super) fn act(&mut self, action: AncestryAction) {
        let Some(tree) = self.tree.clone() else { return };
        match action {
            AncestryAction::CursorMoved(to) => {
                let rows = self.rows(&tree);
                let now = rows.binary_search(&self.cursor).unwrap_or(0);
                let last = u32::try_from(rows.len().saturating_sub(1)).unwrap_or(u32::MAX);
                let next = to.row_from(u32::try_from(now).unwrap_or(0), last);
                self.cursor = rows.get(next as usize).copied().unwrap_or(self.cursor);
            }
            AncestryAction::Chosen(site) => self.cursor = site,
            AncestryAction::Toggled(site) => {
                self.toggle(site);
                self.cursor = site;
            }
            AncestryAction::Inward => {
                if !tree.has_below(self.cursor) {
                    return;
                }
                if self.is_open(&tree, self.cursor) {
                    self.cursor += 1;
                } else {
                    self.toggle(self.cursor);
                }
            }
            AncestryAction::Outward => {
                if tree.has_below(self.cursor) && self.is_open(&tree, self.cursor) {
                    self.toggle(self.cursor);
                } else if let Some(above) = tree.above(self.cursor) {
                    self.cursor = above;
                }
            }
            AncestryAction::AllToggled { open } => {
                let differs = |site: &u32| tree.site(*site).is_some_and(|row| (row.depth < OPEN_DEPTH) != open);
                self.toggled = (0..tree.len()).filter(differs).collect();
                while !open && let Some(above) = tree.above(self.cursor) {
                    self.cursor = above;
                }
            }
        }
        self.reveal += 1;
    }

    fn toggle(&mut self, site: u32) {
        if !self.toggled.remove(&site) {
            self.toggled.insert(site);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::select_ancestry::sample::view;
    use super::*;

    /// Depths 0 1 2 3 2 1 0.
    fn known() -> (AncestryState, Rc<SiteTree>) {
        let mut state = AncestryState::default();
        assert!(state.is_missing());
        state.ask(4);
        assert!(!state.is_missing());
        state.answer(3, view(&[0]));
        assert!(state.tree.is_none(), "not the answer to this question");
        state.answer(4, view(&[0, 1, 2, 3, 2, 1, 0]));
        let tree = state.tree.clone().expect("a tree");
        (state, tree)
    }

    #[test]
    fn ok_open_to_depth_two_at_first() {
        let (state, tree) = known();
        assert_eq!(state.rows(&tree), [0, 1, 2, 4, 5, 6]);
        assert!(!state.is_missing());
    }

    #[test]
    fn ok_arrows_open_go_in_and_come_out() {
        let (mut state, tree) = known();
        state.act(AncestryAction::CursorMoved(CursorMove::By(2)));
        assert_eq!(state.cursor, 2);
        state.act(AncestryAction::Inward);
        assert_eq!((state.cursor, state.rows(&tree).len()), (2, 7), "opened");
        state.act(AncestryAction::Inward);
        assert_eq!(state.cursor, 3, "gone in");
        state.act(AncestryAction::Inward);
        assert_eq!(state.cursor, 3, "nothing is below");
        state.act(AncestryAction::Outward);
        assert_eq!(state.cursor, 2);
        state.act(AncestryAction::Outward);
        assert_eq!((state.cursor, state.rows(&tree).len()), (2, 6), "closed");
        state.act(AncestryAction::Outward);
        state.act(AncestryAction::Outward);
        assert_eq!((state.cursor, state.rows(&tree).len()), (1, 4), "up, then closed");
        state.act(AncestryAction::CursorMoved(CursorMove::Last));
        assert_eq!(state.cursor, 6);
        state.act(AncestryAction::Outward);
        assert_eq!(state.cursor, 6, "a root without anything below");
    }

    #[test]
    fn ok_all_at_once() {
        let (mut state, tree) = known();
        state.act(AncestryAction::AllToggled { open: true });
        assert_eq!(state.rows(&tree).len(), 7);
        state.act(AncestryAction::Chosen(3));
        state.act(AncestryAction::AllToggled { open: false });
        assert_eq!((state.rows(&tree), state.cursor), (vec![0, 6], 0), "the cursor stays in sight");
        state.act(AncestryAction::Toggled(0));
        assert_eq!(state.rows(&tree), [0, 1, 5, 6]);
    }
}
