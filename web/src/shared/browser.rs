//! The few doors to the browser that more than one view goes through.

use js_sys::{Array, Function};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, Document, Event, EventTarget, FocusOptions, HtmlDocument, HtmlElement, HtmlTextAreaElement, Url,
    Window,
};

/// The window. The page is nothing without one.
#[expect(clippy::expect_used, reason = "a page runs in a window")]
pub(crate) fn window() -> Window {
    web_sys::window().expect("no window")
}

/// The document in it.
#[expect(clippy::expect_used, reason = "a window has a document")]
pub(crate) fn document() -> Document {
    window().document().expect("no document")
}

/// A JavaScript value in words, for messages.
pub(crate) fn describe(value: impl Into<JsValue>) -> String {
    let value = value.into();
    let message = js_sys::Reflect::get(&value, &"message".into()).ok().and_then(|message| message.as_string());
    message.or_else(|| value.as_string()).unwrap_or_else(|| format!("{value:?}"))
}

/// A function that hears an event of the browser as long as it lives.
pub(crate) struct Listener {
    target: EventTarget,
    kind: &'static str,
    function: Closure<dyn FnMut(Event)>,
}

impl Listener {
    pub(crate) fn new(target: &EventTarget, kind: &'static str, hear: impl FnMut(Event) + 'static) -> Self {
        let function = Closure::<dyn FnMut(Event)>::new(hear);
        // Only an event target that is none refuses.
        _ = target.add_event_listener_with_callback(kind, function.as_ref().unchecked_ref());
        Self { target: target.clone(), kind, function }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function: &Function = self.function.as_ref().unchecked_ref();
        _ = self.target.remove_event_listener_with_callback(self.kind, function);
    }
}

/// Runs something before the next frame is drawn.
pub(crate) fn on_next_frame(run: impl FnOnce() + 'static) {
    let function = Closure::once_into_js(run);
    _ = window().request_animation_frame(function.unchecked_ref());
}

/// Moves the focus once what just changed is drawn. Without a match, it stays.
pub(crate) fn focus_after_frame(selector: &'static str) {
    on_next_frame(move || {
        if let Ok(Some(element)) = document().query_selector(selector) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            _ = element.unchecked_ref::<HtmlElement>().focus_with_options(&options);
        }
    });
}

/// Whether an element is laid out at all.
pub(crate) fn is_shown(selector: &str) -> bool {
    let element = document().query_selector(selector).ok().flatten();
    element.is_some_and(|element| element.unchecked_ref::<HtmlElement>().offset_width() > 0)
}

/// Copies text; false when the browser refuses.
pub(crate) async fn copy_text(text: String) -> bool {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into());
    if clipboard.is_ok_and(|clipboard| !clipboard.is_undefined())
        && JsFuture::from(window().navigator().clipboard().write_text(&text)).await.is_ok()
    {
        return true;
    }
    // Frames and some file: pages have no clipboard, but they have this.
    copy_by_selection(&text).unwrap_or(false)
}

fn copy_by_selection(text: &str) -> Result<bool, JsValue> {
    let document = document();
    let focused = document.active_element();
    let field: HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    field.set_class_name("visually-hidden");
    field.set_value(text);
    let parent = document.body().ok_or(JsValue::UNDEFINED)?;
    parent.append_child(&field)?;
    field.select();
    let copied = document.unchecked_ref::<HtmlDocument>().exec_command("copy");
    field.remove();
    if let Some(focused) = focused {
        focused.unchecked_ref::<HtmlElement>().focus()?;
    }
    copied
}

/// Saves text as a file; false when the browser refuses.
pub(crate) fn save_text(text: &str, name: &str) -> bool {
    try_save_text(text, name).is_ok()
}

fn try_save_text(text: &str, name: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("text/plain;charset=utf-8");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlElement = document().create_element("a")?.unchecked_into();
    link.set_attribute("href", &url)?;
    link.set_attribute("download", name)?;
    link.click();
    // The browser takes the bytes after the click; until then the address must lead to them.
    let revoke = Closure::once_into_js(move || _ = Url::revoke_object_url(&url));
    window().set_timeout_with_callback_and_timeout_and_arguments_0(revoke.unchecked_ref(), 10_000)?;
    Ok(())
}
