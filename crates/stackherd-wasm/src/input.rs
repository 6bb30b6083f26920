//! What JavaScript can pass as a dump: a `File`, a `Blob`, bytes or text.

use js_sys::{ArrayBuffer, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob, File};

use crate::error::{bad_usage, error};

/// Bytes read of a `Blob` at once; more in flight would only help from a disk.
const SLICE_BYTES: f64 = (4 << 20) as f64;

/// A dump to read.
pub(crate) enum Input {
    Blob(Blob),
    Bytes(Uint8Array),
    Text(String),
}

/// What goes with it.
#[derive(Default)]
pub(crate) struct InputOptions {
    pub(crate) name: Option<String>,
    pub(crate) captured_at: Option<String>,
    on_progress: Option<Function>,
    signal: Option<AbortSignal>,
}

impl Input {
    pub(crate) fn from_js(value: &JsValue) -> Result<Self, JsValue> {
        if let Some(text) = value.as_string() {
            return Ok(Self::Text(text));
        }
        if let Some(blob) = value.dyn_ref::<Blob>() {
            return Ok(Self::Blob(blob.clone()));
        }
        if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
            return Ok(Self::Bytes(bytes.clone()));
        }
        if let Some(buffer) = value.dyn_ref::<ArrayBuffer>() {
            return Ok(Self::Bytes(Uint8Array::new(buffer)));
        }
        Err(bad_usage("a dump must be a File, a Blob, a Uint8Array, an ArrayBuffer or a string"))
    }

    /// The file's name, if it is a `File`.
    pub(crate) fn name(&self) -> Option<String> {
        match self {
            Self::Blob(blob) => blob.dyn_ref::<File>().map(File::name),
            Self::Bytes(_) | Self::Text(_) => None,
        }
    }

    /// When the file was written last, if it is a `File`; RFC 3339.
    pub(crate) fn modified_at(&self) -> Option<String> {
        match self {
            Self::Blob(blob) => stackherd_engine::time_text(blob.dyn_ref::<File>()?.last_modified() as i64),
            Self::Bytes(_) | Self::Text(_) => None,
        }
    }

    /// Hands out the bytes in chunks, so that a large file never sits in memory.
    pub(crate) async fn read(&self, options: &InputOptions, mut on_chunk: impl FnMut(&[u8])) -> Result<(), JsValue> {
        match self {
            Self::Text(text) => on_chunk(text.as_bytes()),
            Self::Bytes(bytes) => on_chunk(&bytes.to_vec()),
            Self::Blob(blob) => {
                let size = blob.size();
                let mut chunk = Vec::new();
                let mut from = 0.0;
                while from < size {
                    options.check_signal()?;
                    let to = (from + SLICE_BYTES).min(size);
                    let slice = blob.slice_with_f64_and_f64(from, to)?;
                    let bytes = Uint8Array::new(&JsFuture::from(slice.array_buffer()).await?);
                    chunk.resize(bytes.length() as usize, 0);
                    bytes.copy_to(&mut chunk);
                    on_chunk(&chunk);
                    from = to;
                    options.progress(from, size)?;
                }
            }
        }
        Ok(())
    }
}

impl InputOptions {
    pub(crate) fn from_js(value: &JsValue) -> Result<Self, JsValue> {
        if value.is_undefined() || value.is_null() {
            return Ok(Self::default());
        }
        let get = |key: &str| Reflect::get(value, &key.into()).map_err(|_| bad_usage("options must be an object"));
        Ok(Self {
            name: get("name")?.as_string(),
            captured_at: get("capturedAt")?.as_string(),
            on_progress: get("onProgress")?.dyn_into().ok(),
            signal: get("signal")?.dyn_into().ok(),
        })
    }

    fn check_signal(&self) -> Result<(), JsValue> {
        match &self.signal {
            Some(signal) if signal.aborted() => Err(error("aborted", "the reading was aborted")),
            _ => Ok(()),
        }
    }

    fn progress(&self, bytes: f64, size: f64) -> Result<(), JsValue> {
        match &self.on_progress {
            Some(callback) => callback.call2(&JsValue::NULL, &bytes.into(), &size.into()).map(|_| ()),
            None => Ok(()),
        }
    }
}
