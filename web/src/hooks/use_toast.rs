//! How long a toast stays.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use yew::prelude::*;

use super::Page;
use crate::model::Action;
use crate::shared::{is_shown, window};

const STAYS_MILLIS: i32 = 4000;

/// Removes the toast after its time; one under the pointer or with the focus stays.
#[hook]
pub(crate) fn use_toast(page: &Page) {
    let serial = page.state().toast.as_ref().map(|toast| toast.serial);
    let page = page.clone();
    use_effect_with(serial, move |serial| {
        let timer = serial.and_then(|serial| {
            let fade = Closure::<dyn FnMut()>::new(move || {
                if !is_shown(".toast:hover, .toast:focus-within") {
                    page.dispatch(Action::ToastFaded { serial });
                }
            });
            let function = fade.as_ref().unchecked_ref();
            let id = window().set_interval_with_callback_and_timeout_and_arguments_0(function, STAYS_MILLIS).ok()?;
            Some((id, fade))
        });
        move || {
            if let Some((id, fade)) = timer {
                window().clear_interval_with_handle(id);
                drop(fade);
            }
        }
    });
}
