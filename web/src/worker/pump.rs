//! Reads a file piece by piece.

use std::collections::VecDeque;

use js_sys::ArrayBuffer;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::gate::{Flow, Gate};
use crate::shared::describe;

/// Bytes of one chunk. Smaller ones cost round trips, larger ones memory and the smoothness of the page.
const CHUNK_BYTES: f64 = 4.0 * 1024.0 * 1024.0;

/// Reads under way at once, so that the worker never waits for the disk.
const MAX_READS: usize = 8;

/// Sends the bytes of a file in order, at most [`MAX_READS`] pieces read ahead. Ends with why no more bytes were wanted,
/// [`Flow::Open`] when there were no more.
pub(super) async fn pump(blob: &Blob, gate: &Gate, send: impl Fn(&ArrayBuffer) -> Result<(), String>) -> Result<Flow, String> {
    let size = blob.size();
    let mut offset = 0.0;
    let mut reads: VecDeque<JsFuture> = VecDeque::new();
    loop {
        while reads.len() < MAX_READS && offset < size {
            let end = (offset + CHUNK_BYTES).min(size);
            let piece = blob.slice_with_f64_and_f64(offset, end).map_err(describe)?;
            reads.push_back(JsFuture::from(piece.array_buffer()));
            offset = end;
        }
        let Some(read) = reads.pop_front() else { return Ok(Flow::Open) };
        let bytes = read.await.map_err(describe)?;
        let flow = gate.pass().await;
        if flow != Flow::Open {
            return Ok(flow);
        }
        send(bytes.unchecked_ref())?;
    }
}
