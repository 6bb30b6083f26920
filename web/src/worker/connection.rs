//! A running worker.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use stackherd_report::protocol::{Request, Response};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, Event, MessageEvent, Url, Worker};

use crate::shared::{describe, document};

/// The element that holds the worker's script; the build puts it there.
const SCRIPT_ID: &str = "stackherd-worker";

/// A worker and the functions that hear from it. Dropping it stops the worker.
pub(super) struct Connection {
    worker: Worker,
    url: String,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Connection {
    /// Starts a worker. `on_lost` gets the browser's words when it stops, or says what is not in the protocol.
    pub(super) fn start(
        on_response: impl Fn(Response) + 'static,
        on_lost: impl Fn(String) + Clone + 'static,
    ) -> Result<Self, String> {
        let script = document().get_element_by_id(SCRIPT_ID).and_then(|element| element.text_content());
        let script = script.ok_or_else(|| format!("no script element #{SCRIPT_ID} in the page"))?;
        let options = BlobPropertyBag::new();
        options.set_type("text/javascript");
        let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&script.into()), &options).map_err(describe)?;
        let url = Url::create_object_url_with_blob(&blob).map_err(describe)?;
        let worker = Worker::new(&url).map_err(describe)?;

        let lost = on_lost.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| match decode(&event.data()) {
            Ok(response) => on_response(response),
            Err(reason) => lost(reason),
        });
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            on_lost(if message.is_empty() { event.type_() } else { message });
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, url, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a request that stands alone.
    pub(super) fn send(&self, request: &Request) -> Result<(), String> {
        self.post(request, &JsValue::UNDEFINED, &Array::new())
    }

    /// Hands the next bytes of an input over; the page keeps none of them.
    pub(super) fn send_chunk(&self, input: u32, bytes: &ArrayBuffer) -> Result<(), String> {
        self.post(&Request::Chunk { input }, bytes, &Array::of1(bytes))
    }

    fn post(&self, request: &Request, beside: &JsValue, transfer: &Array) -> Result<(), String> {
        let bytes = postcard::to_allocvec(request).map_err(|error| error.to_string())?;
        let message = Array::of2(&Uint8Array::from(bytes.as_slice()), beside);
        self.worker.post_message_with_transfer(&message, transfer).map_err(describe)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
        // The address is of no use any more; if the browser can't take it back, nothing is lost.
        _ = Url::revoke_object_url(&self.url);
    }
}

fn decode(data: &JsValue) -> Result<Response, String> {
    let bytes = data.dyn_ref::<Uint8Array>().ok_or_else(|| describe(data.clone()))?.to_vec();
    postcard::from_bytes(&bytes).map_err(|error| error.to_string())
}
