//! What two or more views use.

mod browser;
mod chip;
mod command_line;
mod icon;
mod modal;
mod sentence;
mod storage;
mod styled;
mod tab_list;
mod virtual_list;

pub(crate) use browser::{
    Listener, copy_text, describe, document, focus_after_frame, is_shown, on_next_frame, save_text, window,
};
pub(crate) use chip::Chip;
pub(crate) use command_line::CommandLine;
pub(crate) use icon::{Icon, IconName};
pub(crate) use modal::Modal;
pub(crate) use sentence::Sentence;
pub(crate) use storage::{load_settings, store_settings};
pub(crate) use styled::{Segments, observe_size, use_css, use_width};
pub(crate) use tab_list::{TabItem, TabList};
pub(crate) use virtual_list::{VirtualList, on_scroll};
