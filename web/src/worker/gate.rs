//! Back-pressure between the file and the worker.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Chunks handed over and not yet answered.
const MAX_UNANSWERED: u32 = 8;

/// Whether more bytes are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Flow {
    #[default]
    Open,
    /// The reader of the page has seen enough: finish with what is read.
    Stopped,
    /// Nobody waits for the input any more.
    Abandoned,
}

/// Lets chunks of one input pass as fast as the worker takes them in.
#[derive(Clone, Debug, Default)]
pub(super) struct Gate(Rc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    unanswered: Cell<u32>,
    flow: Cell<Flow>,
    waker: RefCell<Option<Waker>>,
}

impl Gate {
    /// Waits until the next chunk may go; counts it as gone when the gate is open.
    pub(super) async fn pass(&self) -> Flow {
        poll_fn(|context| {
            let flow = self.0.flow.get();
            if flow == Flow::Open && self.0.unanswered.get() >= MAX_UNANSWERED {
                *self.0.waker.borrow_mut() = Some(context.waker().clone());
                return Poll::Pending;
            }
            if flow == Flow::Open {
                self.0.unanswered.set(self.0.unanswered.get() + 1);
            }
            Poll::Ready(flow)
        })
        .await
    }

    /// The worker took a chunk in.
    pub(super) fn answer(&self) {
        self.0.unanswered.set(self.0.unanswered.get().saturating_sub(1));
        self.wake();
    }

    /// Lets no more chunks pass.
    pub(super) fn close(&self, flow: Flow) {
        if self.0.flow.get() != Flow::Abandoned {
            self.0.flow.set(flow);
        }
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.0.waker.borrow_mut().take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Context;

    use super::*;

    fn poll(gate: &Gate) -> Poll<Flow> {
        pin!(gate.pass()).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn ok_passes_as_many_as_are_answered() {
        let gate = Gate::default();
        for _ in 0..MAX_UNANSWERED {
            assert_eq!(poll(&gate), Poll::Ready(Flow::Open));
        }
        assert_eq!(poll(&gate), Poll::Pending);
        gate.answer();
        assert_eq!(poll(&gate), Poll::Ready(Flow::Open));
        assert_eq!(poll(&gate), Poll::Pending);
        gate.close(Flow::Stopped);
        assert_eq!(poll(&gate), Poll::Ready(Flow::Stopped));
        gate.close(Flow::Abandoned);
        gate.close(Flow::Stopped);
        assert_eq!(poll(&gate), Poll::Ready(Flow::Abandoned));
    }
}
