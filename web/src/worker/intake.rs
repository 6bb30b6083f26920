//! Where dumps come from: chosen files, dropped files and folders, pasted text.

use js_sys::{Array, Date, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

/// Bytes to read, with what is known of them.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) blob: Blob,
    /// RFC 3339.
    pub(crate) captured_at: Option<String>,
}

impl Source {
    fn file(file: File, path: &str) -> Self {
        let captured_at = Date::new(&file.last_modified().into()).to_iso_string().as_string();
        let name = if path.is_empty() { file.name() } else { path.to_owned() };
        Self { name, blob: file.into(), captured_at }
    }
}

/// The files of a file chooser, in the order chosen; those of a folder in the order of their paths.
pub(crate) fn from_files(files: &FileList) -> Vec<Source> {
    let file = |index| {
        let file = files.get(index)?;
        let path = Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string()).unwrap_or_default();
        (!is_hidden(&file.name())).then(|| (path.clone(), Source::file(file, &path)))
    };
    let mut files: Vec<(String, Source)> = (0..files.length()).filter_map(file).collect();
    // Stable: files without a path stay as they are.
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    files.into_iter().map(|(_, source)| source).collect()
}

/// Text that was pasted or dropped.
pub(crate) fn from_text(text: &str, name: &str) -> Option<Source> {
    if text.trim().is_empty() {
        return None;
    }
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    Some(Source { name: name.to_owned(), blob, captured_at: None })
}

/// Bytes the page brings along.
pub(crate) fn from_bytes(bytes: &[u8], name: &str) -> Option<Source> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&js_sys::Uint8Array::from(bytes))).ok()?;
    Some(Source { name: name.to_owned(), blob, captured_at: None })
}

/// What the clipboard holds: files first, else text.
pub(crate) fn pasted(data: &DataTransfer, name: &str) -> Vec<Source> {
    match data.files() {
        Some(files) if files.length() > 0 => from_files(&files),
        _ => data.get_data("text/plain").ok().and_then(|text| from_text(&text, name)).into_iter().collect(),
    }
}

/// What was dropped. The entries have to be taken before the event ends; reading folders goes on after it.
pub(crate) fn dropped(data: &DataTransfer, name: &str) -> impl Future<Output = Vec<Source>> + use<> {
    let items = data.items();
    let entry = |index| items.get(index).filter(|item| item.kind() == "file")?.webkit_get_as_entry().ok()?;
    let entries: Vec<FileSystemEntry> = (0..items.length()).filter_map(entry).collect();
    let plain = if entries.is_empty() { pasted(data, name) } else { Vec::new() };
    async move {
        let mut sources = plain;
        // A stack of what is still to look at, last first, so that files come in the order of their folders.
        let mut entries: Vec<FileSystemEntry> = entries.into_iter().rev().collect();
        while let Some(entry) = entries.pop() {
            if is_hidden(&entry.name()) {
                continue;
            }
            if entry.is_directory() {
                let mut children = children(entry.unchecked_ref()).await;
                children.sort_by_key(|child| std::cmp::Reverse(child.name()));
                entries.extend(children);
            } else if let Ok(file) = file_of(entry.unchecked_ref()).await {
                let path = entry.full_path();
                sources.push(Source::file(file, path.trim_start_matches('/')));
            }
        }
        sources
    }
}

/// Files that systems put beside the reader's.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name == "Thumbs.db"
}

/// Everything in a folder. The browser hands it out in portions, an empty one at the end.
async fn children(folder: &FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader: FileSystemDirectoryReader = folder.create_reader();
    let mut children = Vec::new();
    loop {
        let portion = promise(|resolve, reject| reader.read_entries_with_callback_and_callback(resolve, reject)).await;
        let portion: Array = portion.map(JsCast::unchecked_into).unwrap_or_default();
        if portion.length() == 0 {
            return children;
        }
        children.extend(portion.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn file_of(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    let file = promise(|resolve, reject| {
        entry.file_with_callback_and_callback(resolve, reject);
        Ok(())
    });
    file.await.map(JsCast::unchecked_into)
}

/// Awaits an interface that takes two functions.
async fn promise(mut start: impl FnMut(&Function, &Function) -> Result<(), JsValue>) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        if let Err(error) = start(&resolve, &reject) {
            // A rejection that can't be delivered leaves nobody who waits for it.
            _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    JsFuture::from(promise).await
}
