//! What ties the views to the state, the worker and the browser.

mod use_intake;
mod use_page;
mod use_settings;
mod use_shortcuts;
mod use_summary_copy;
mod use_toast;

pub(crate) use use_intake::use_intake;
pub(crate) use use_page::{Page, Store, use_page, use_page_root};
pub(crate) use use_settings::use_settings;
pub(crate) use use_shortcuts::use_shortcuts;
pub(crate) use use_summary_copy::use_summary_copy;
pub(crate) use use_toast::use_toast;
