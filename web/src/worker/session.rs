//! The inputs of this page visit: their files, the queue in which they are read, and the worker.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::{Rc, Weak};

use stackherd_report::protocol::{Request, Response};
use wasm_bindgen_futures::spawn_local;
use yew::UseReducerDispatcher;

use super::Source;
use super::connection::Connection;
use super::gate::{Flow, Gate};
use super::pump::pump;
use crate::hooks::Store;
use crate::model::{Action, Question};

/// Handle to the one session of the page.
#[derive(Clone)]
pub(crate) struct Session(Rc<Inner>);

struct Inner {
    store: UseReducerDispatcher<Store>,
    connection: RefCell<Option<Connection>>,
    is_ready: Cell<bool>,
    /// Files stay at hand, so that they can be read again when the worker is lost. A file is a name for bytes on disk;
    /// it takes no memory.
    sources: RefCell<BTreeMap<u32, Source>>,
    queue: RefCell<VecDeque<u32>>,
    /// The input being read, and its gate.
    current: RefCell<Option<(u32, Gate)>>,
    next_input: Cell<u32>,
    next_ask: Cell<u32>,
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Session {
    /// Starts the worker.
    pub(crate) fn start(store: UseReducerDispatcher<Store>) -> Self {
        let session = Self(Rc::new(Inner {
            store,
            connection: RefCell::default(),
            is_ready: Cell::default(),
            sources: RefCell::default(),
            queue: RefCell::default(),
            current: RefCell::default(),
            next_input: Cell::new(1),
            next_ask: Cell::new(1),
        }));
        session.connect();
        session
    }

    /// Adds inputs and reads them one after the other.
    pub(crate) fn open(&self, sources: Vec<Source>) {
        for source in sources {
            let input = next(&self.0.next_input);
            self.0.store.dispatch(Action::InputAdded { input, name: source.name.clone(), size_bytes: size(&source) });
            self.enqueue(input, source);
        }
        self.read_next();
    }

    /// Forgets an input that is on its way, or could not be read.
    pub(crate) fn remove_input(&self, input: u32) {
        self.leave(input, Flow::Abandoned);
        self.forget(input);
        self.send(&Request::Cancel { input });
        self.0.store.dispatch(Action::InputRemoved(input));
    }

    /// Forgets a dump.
    pub(crate) fn remove_dump(&self, dump: u32) {
        self.send(&Request::Remove { dump });
        self.0.store.dispatch(Action::DumpRemoved(dump));
    }

    /// Lets go of the file of an input. It can't be read again.
    pub(crate) fn forget(&self, input: u32) {
        self.0.sources.borrow_mut().remove(&input);
    }

    /// Stops reading an input and keeps what was read; one that is not begun is removed.
    pub(crate) fn cancel(&self, input: u32) {
        if self.leave(input, Flow::Stopped) {
            self.remove_input(input);
        }
    }

    /// Reads inputs again from their files.
    pub(crate) fn read_again(&self, inputs: &[u32]) {
        for &old in inputs {
            let Some(source) = self.0.sources.borrow_mut().remove(&old) else { continue };
            let new = next(&self.0.next_input);
            self.0.store.dispatch(Action::InputReopened { old, new });
            self.enqueue(new, source);
        }
        self.read_next();
    }

    /// Puts questions to the worker.
    pub(crate) fn ask(&self, questions: Vec<Question>) {
        for question in questions {
            let ask = next(&self.0.next_ask);
            self.send(&question.request(ask));
            self.0.store.dispatch(Action::Asked { ask, question });
        }
    }

    fn connect(&self) {
        let (responses, losses) = (Rc::downgrade(&self.0), Rc::downgrade(&self.0));
        let on_response = move |response| with(&responses, |session| session.heard(response));
        let on_lost = move |reason| with(&losses, |session| session.lost(reason));
        match Connection::start(on_response, on_lost) {
            Ok(connection) => *self.0.connection.borrow_mut() = Some(connection),
            Err(reason) => self.0.store.dispatch(Action::WorkerBroken(reason)),
        }
    }

    fn heard(&self, response: Response) {
        match &response {
            Response::Ready => self.0.is_ready.set(true),
            Response::Progress { input, .. } => self.with_gate(*input, Gate::answer),
            Response::Failed { input, .. } => self.with_gate(*input, |gate| gate.close(Flow::Abandoned)),
            // The last word on an input that was removed in the meantime: nobody else would free its dumps.
            Response::Opened { input, opened } if !self.0.sources.borrow().contains_key(input) => {
                for summary in &opened.dumps {
                    self.send(&Request::Remove { dump: summary.dump.id });
                }
            }
            _ => {}
        }
        self.0.store.dispatch(Action::Answered(Box::new(response)));
        self.read_next();
    }

    /// The worker stopped. One that never ran is not started again: it would stop again.
    fn lost(&self, reason: String) {
        let was_ready = self.0.is_ready.replace(false);
        self.0.queue.borrow_mut().clear();
        if let Some((_, gate)) = &*self.0.current.borrow() {
            gate.close(Flow::Abandoned);
        }
        // Not while one of its functions runs: this is one.
        let session = self.clone();
        spawn_local(async move {
            drop(session.0.connection.take());
            if was_ready {
                session.0.store.dispatch(Action::WorkerLost);
                session.connect();
            } else {
                session.0.store.dispatch(Action::WorkerBroken(reason));
            }
        });
    }

    fn enqueue(&self, input: u32, source: Source) {
        self.0.sources.borrow_mut().insert(input, source);
        self.0.queue.borrow_mut().push_back(input);
    }

    /// Reads the next input of the queue, unless one is being read or nobody is there to read it.
    fn read_next(&self) {
        if !self.0.is_ready.get() || self.0.current.borrow().is_some() {
            return;
        }
        let Some(input) = self.0.queue.borrow_mut().pop_front() else { return };
        let Some(source) = self.0.sources.borrow().get(&input).cloned() else { return };
        let gate = Gate::default();
        *self.0.current.borrow_mut() = Some((input, gate.clone()));
        let session = self.clone();
        spawn_local(async move {
            session.read(input, source, &gate).await;
            session.0.current.take();
            session.read_next();
        });
    }

    async fn read(&self, input: u32, source: Source, gate: &Gate) {
        self.0.store.dispatch(Action::InputStarted(input));
        self.send(&Request::Open { input, name: source.name, captured_at: source.captured_at });
        let send = |bytes: &_| match &*self.0.connection.borrow() {
            Some(connection) => connection.send_chunk(input, bytes),
            None => Ok(()),
        };
        match pump(&source.blob, gate, send).await {
            Ok(Flow::Open) => self.send(&Request::Finish { input, stopped: false }),
            Ok(Flow::Stopped) => self.send(&Request::Finish { input, stopped: true }),
            Ok(Flow::Abandoned) => {}
            Err(reason) => {
                self.send(&Request::Cancel { input });
                self.0.store.dispatch(Action::InputUnreadable { input, reason });
            }
        }
    }

    /// Takes an input out of the queue, or ends reading it; true when it was still in the queue.
    fn leave(&self, input: u32, flow: Flow) -> bool {
        self.with_gate(input, |gate| gate.close(flow));
        let mut queue = self.0.queue.borrow_mut();
        let before = queue.len();
        queue.retain(|queued| *queued != input);
        queue.len() < before
    }

    fn with_gate(&self, input: u32, then: impl Fn(&Gate)) {
        if let Some((current, gate)) = &*self.0.current.borrow()
            && *current == input
        {
            then(gate);
        }
    }

    /// A message that can't be sent means that the worker is gone.
    fn send(&self, request: &Request) {
        let sent = self.0.connection.borrow().as_ref().map(|connection| connection.send(request));
        if let Some(Err(reason)) = sent {
            self.lost(reason);
        }
    }
}

fn next(counter: &Cell<u32>) -> u32 {
    counter.replace(counter.get().wrapping_add(1))
}

fn with(session: &Weak<Inner>, then: impl FnOnce(Session)) {
    if let Some(inner) = session.upgrade() {
        then(Session(inner));
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in bytes is a whole number")]
fn size(source: &Source) -> u64 {
    source.blob.size() as u64
}
