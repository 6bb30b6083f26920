//! The state, the session and the language, for every view.

use std::rc::Rc;

use stackherd_report::protocol::CompareOptions;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::i18n::Texts;
use crate::model::{Action, CompareAction, DumpEntry, InputEntry, Notice, Shown, State, questions, reduce};
use crate::shared::{copy_text, focus_after_frame, load_settings};
use crate::worker::Session;

/// The state as yew keeps it.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) state: State,
}

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let state = Rc::try_unwrap(self).map_or_else(|shared| shared.state.clone(), |store| store.state);
        Rc::new(Self { state: reduce(state, action) })
    }
}

impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// What a view needs to show something and to say what the reader did.
#[derive(Clone, PartialEq)]
pub(crate) struct Page {
    store: UseReducerHandle<Store>,
    session: Session,
}

impl Page {
    pub(crate) fn state(&self) -> &State {
        &self.store.state
    }

    pub(crate) fn dispatch(&self, action: Action) {
        self.store.dispatch(action);
    }

    pub(crate) const fn session(&self) -> &Session {
        &self.session
    }

    pub(crate) fn texts(&self) -> &'static Texts {
        self.state().settings.language.texts()
    }

    /// The dump on show.
    pub(crate) fn active(&self) -> Option<Rc<DumpEntry>> {
        self.state().active_dump().cloned()
    }

    /// Takes a dump or an input away; the file goes with its last dump.
    pub(crate) fn remove(&self, shown: Shown) {
        match shown {
            Shown::Input(input) => self.session.remove_input(input),
            Shown::Dump(dump) => {
                let is_its_only_one = |input: &&Rc<InputEntry>| matches!(input.dumps(), [only] if only.id == dump);
                if let Some(input) = self.state().inputs.iter().find(is_its_only_one) {
                    self.session.forget(input.id);
                }
                self.session.remove_dump(dump);
            }
        }
    }

    /// Compares the others to this dump.
    pub(crate) fn make_baseline(&self, dump: u32) {
        let options = &self.state().compare.options;
        // A dump is not compared to itself.
        let target = options.target.filter(|target| *target != dump);
        let options = CompareOptions { baseline: Some(dump), target, ..options.clone() };
        self.dispatch(Action::Compare(CompareAction::OptionsChanged(options)));
    }

    /// Copies text and says so.
    pub(crate) fn copy(&self, text: String, notice: Notice) {
        let page = self.clone();
        spawn_local(async move {
            let notice = if copy_text(text).await { notice } else { Notice::CopyRefused };
            page.dispatch(Action::Noticed(notice));
        });
    }

    /// Goes to what to change.
    pub(crate) fn show_fix(&self) {
        self.dispatch(Action::FixShown);
        focus_after_frame("#tab-fix");
    }

    /// Copies the group on show.
    pub(crate) fn copy_group(&self) {
        if let Some(detail) = self.active().and_then(|dump| dump.detail.loaded.clone()) {
            self.copy(detail.markdown.clone(), Notice::CopiedMarkdown);
        }
    }
}

/// The page around a view.
#[hook]
#[expect(clippy::expect_used, reason = "every view is inside the app, which provides the page")]
pub(crate) fn use_page() -> Page {
    use_context().expect("no page")
}

/// Makes the page: state, worker, and the questions that follow from the state.
#[hook]
pub(crate) fn use_page_root() -> Page {
    let store = use_reducer(|| Store { state: State { settings: load_settings(), ..State::default() } });
    let dispatcher = store.dispatcher();
    let session = use_memo((), |()| Session::start(dispatcher));
    let page = Page { store, session: (*session).clone() };
    {
        let page = page.clone();
        use_effect(move || page.session.ask(questions(page.state())));
    }
    page
}
