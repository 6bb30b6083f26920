//! What is known of the objects that goroutines wait for, and which one is on show.

use std::rc::Rc;

use stackherd_report::BlockingKind;
use stackherd_report::protocol::BlockingView;

use super::select_blocking::objects_of;
use super::{CursorMove, Language};

/// Something the reader did in the view of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockingAction {
    /// Only objects of this kind; `None` for all.
    KindChosen(Option<BlockingKind>),
    CursorMoved(CursorMove),
    /// The object is wanted over the list, where there is room for one of them only.
    Opened(bool),
}

/// The view of objects of a dump.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlockingState {
    /// The last answer; for a moment the one in the language before.
    pub(crate) view: Option<Rc<BlockingView>>,
    /// The language of its sentences; `None` when it has to be asked for again.
    pub(crate) known_in: Option<Language>,
    /// The question under way.
    asked: Option<(u32, Language)>,
    pub(crate) kind: Option<BlockingKind>,
    /// The object on show: an index into the view's objects.
    pub(crate) cursor: u32,
    /// Changes whenever the cursor has to be brought into sight.
    pub(crate) reveal: u32,
    pub(crate) is_open: bool,
}

impl BlockingState {
    /// The question that is to be asked, as its language.
    pub(super) fn missing(&self, language: Language) -> Option<Language> {
        let is_asked = self.asked.is_some_and(|(_, asked)| asked == language);
        (self.known_in != Some(language) && !is_asked).then_some(language)
    }

    /// The worker judges by other rules now.
    pub(super) const fn outdate(&mut self) {
        (self.known_in, self.asked) = (None, None);
    }

    pub(super) const fn ask(&mut self, ask: u32, language: Language) {
        self.asked = Some((ask, language));
    }

    pub(super) fn answer(&mut self, ask: u32, view: BlockingView) {
        let Some((_, language)) = self.asked.take_if(|(asked, _)| *asked == ask) else { return };
        if self.view.is_none() {
            // Goroutines that wait for each other are what matters most.
            self.cursor = view.objects.iter().position(|object| object.cycle.is_some()).map_or(0, index);
        }
        let last = view.objects.len().saturating_sub(1);
        self.cursor = self.cursor.min(index(last));
        self.known_in = Some(language);
        self.view = Some(Rc::new(view));
    }

    pub(super) fn act(&mut self, action: BlockingAction) {
        let Some(view) = self.view.clone() else { return };
        match action {
            BlockingAction::KindChosen(kind) => {
                self.kind = kind;
                let objects = objects_of(&view, kind);
                if !objects.contains(&self.cursor) {
                    self.cursor = objects.first().copied().unwrap_or(0);
                }
            }
            BlockingAction::CursorMoved(to) => {
                let objects = objects_of(&view, self.kind);
                let now = objects.iter().position(|object| *object == self.cursor).map_or(0, index);
                let next = to.row_from(now, index(objects.len().saturating_sub(1)));
                self.cursor = objects.get(next as usize).copied().unwrap_or(self.cursor);
            }
            BlockingAction::Opened(is_open) => {
                self.is_open = is_open;
                return;
            }
        }
        self.reveal += 1;
    }
}

/// The worker sends a thousand objects at most.
fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::sample_blocking::view;
    use super::*;

    fn known() -> BlockingState {
        let mut state = BlockingState::default();
        state.ask(1, Language::English);
        state.answer(1, view());
        state
    }

    #[test]
    fn ok_asked_once_for_each_language_and_overtaken_answers_are_dropped() {
        let mut state = BlockingState::default();
        assert_eq!(state.missing(Language::English), Some(Language::English));
        state.ask(1, Language::English);
        assert_eq!(state.missing(Language::English), None);
        assert_eq!(state.missing(Language::Chinese), Some(Language::Chinese), "the reader changed the language");
        state.ask(2, Language::Chinese);
        state.answer(1, view());
        assert!(state.view.is_none());
        state.answer(2, view());
        assert_eq!((state.missing(Language::Chinese), state.known_in), (None, Some(Language::Chinese)));
        assert_eq!(state.missing(Language::English), Some(Language::English));
    }

    #[test]
    fn ok_a_cycle_is_on_show_first_and_stays_through_another_language() {
        let mut state = known();
        assert_eq!(state.cursor, 2);
        state.act(BlockingAction::CursorMoved(CursorMove::First));
        state.ask(2, Language::Chinese);
        state.answer(2, view());
        assert_eq!(state.cursor, 0);
        state.ask(3, Language::English);
        let mut shorter = view();
        shorter.objects.truncate(1);
        state.cursor = 3;
        state.answer(3, shorter);
        assert_eq!(state.cursor, 0, "there are fewer now");
    }

    #[test]
    fn ok_the_cursor_moves_over_the_objects_of_the_chosen_kind() {
        let mut state = known();
        state.act(BlockingAction::KindChosen(Some(BlockingKind::Mutex)));
        assert_eq!(state.cursor, 2, "it is a mutex");
        state.act(BlockingAction::CursorMoved(CursorMove::By(-1)));
        assert_eq!(state.cursor, 1);
        state.act(BlockingAction::CursorMoved(CursorMove::By(-1)));
        assert_eq!(state.cursor, 1, "the object above is a channel");
        state.act(BlockingAction::CursorMoved(CursorMove::Last));
        assert_eq!(state.cursor, 3);
        state.act(BlockingAction::KindChosen(Some(BlockingKind::Channel)));
        assert_eq!(state.cursor, 0);
        state.act(BlockingAction::KindChosen(None));
        state.act(BlockingAction::CursorMoved(CursorMove::To(2)));
        assert_eq!(state.cursor, 2);
    }

    #[test]
    fn ok_nothing_known_nothing_moves() {
        let mut state = BlockingState::default();
        state.act(BlockingAction::CursorMoved(CursorMove::Last));
        assert_eq!((state.cursor, state.reveal), (0, 0));
        state.ask(1, Language::English);
        state.answer(1, BlockingView { objects: Vec::new(), n_objects: 0, waiters: 0, cycles: Vec::new() });
        state.act(BlockingAction::CursorMoved(CursorMove::Last));
        assert_eq!(state.cursor, 0);
    }
}
