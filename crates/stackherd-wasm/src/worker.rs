//! The page's worker.
//!
//! The page posts `[Uint8Array request, ArrayBuffer? chunk]`, the worker posts `Uint8Array response`; both are postcard bytes of
//! the types in `stackherd_report::protocol`. The worker reads no file and no network.

use std::cell::RefCell;

use js_sys::{Array, ArrayBuffer, Uint8Array, WebAssembly};
use stackherd_engine::Session;
use stackherd_report::Language;
use stackherd_report::protocol::{Request, Response};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Times that the built-in dump is read twice and compared with itself: 2 MB of text together, some ten milliseconds.
const N_WARM_UPS: u32 = 4;

/// Answers requests until the worker ends. Call it once, in a worker.
pub fn serve_worker() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let mut server = Server::default();
    server.session.set_clock(now);
    let server = RefCell::new(server);
    let answering = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let (request, chunk) = unpack(&event.data());
        if let Some(response) = server.borrow_mut().answer(&request, chunk) {
            post(&answering, &response);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as the page wants it; its handler is never dropped.
    on_message.forget();
    post(&scope, &Response::Ready);
    warm_up();
}

/// Reads and compares a small dump a few times while nobody waits: engines compile hot code a second time, for speed, and the
/// reader's first dumps then run on that.
fn warm_up() {
    const DUMP: &[u8] = include_bytes!("warm-up.gz");
    for _ in 0..N_WARM_UPS {
        let mut session = Session::default();
        for input in 0..2 {
            // The built-in dump can be read; nothing is kept of it.
            let _ = session.add(input, "", DUMP);
        }
        let _ = session.comparison(Language::En);
    }
}

/// A session, and what is reused from message to message.
#[derive(Default)]
struct Server {
    session: Session,
    /// The chunk being read: one buffer, however large the dump.
    chunk: Vec<u8>,
    /// Milliseconds spent on the dump being read.
    busy_millis: f64,
}

impl Server {
    fn answer(&mut self, request: &[u8], chunk: Option<Uint8Array>) -> Option<Response> {
        // Page and worker are built together, so a request that can't be read is a broken build; the page sees no answer.
        let request: Request = postcard::from_bytes(request).ok()?;
        if matches!(request, Request::Open { .. }) {
            self.busy_millis = 0.0;
        }
        let start = now();
        self.chunk.clear();
        if let Some(bytes) = chunk {
            self.chunk.resize(bytes.length() as usize, 0);
            bytes.copy_to(&mut self.chunk);
        }
        let is_reading = matches!(request, Request::Chunk { .. } | Request::Finish { .. });
        let mut response = self.session.handle(request, &self.chunk);
        if is_reading {
            self.busy_millis += now() - start;
        }
        if let Some(Response::Opened { opened, .. }) = &mut response {
            for summary in &mut opened.dumps {
                summary.parse_millis = self.busy_millis;
                summary.memory_bytes = memory_bytes();
            }
        }
        response
    }
}

/// Size of this worker's memory; it only grows.
fn memory_bytes() -> u64 {
    let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: ArrayBuffer = memory.buffer().unchecked_into();
    buffer.byte_length().into()
}

fn unpack(data: &JsValue) -> (Vec<u8>, Option<Uint8Array>) {
    let parts = Array::from(data);
    let request = parts.get(0).dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default();
    let chunk = parts.get(1).dyn_ref::<ArrayBuffer>().map(|buffer| Uint8Array::new(buffer));
    (request, chunk)
}

fn post(scope: &DedicatedWorkerGlobalScope, response: &Response) {
    let Ok(bytes) = postcard::to_allocvec(response) else { return };
    let bytes = Uint8Array::from(bytes.as_slice());
    let transfer = Array::of1(&bytes.buffer());
    // Fails only for values that can't be cloned; bytes can.
    let _ = scope.post_message_with_transfer(&bytes, &transfer);
}

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since the worker started.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}
