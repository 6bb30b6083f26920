//! The colour of a category.

use stackherd_report::Category;

/// The class that sets a mark's colour. Categories that mean the same kind of waiting share one; the words beside the
/// mark always tell them apart.
pub(crate) const fn colour_class(category: Category) -> &'static str {
    match category {
        Category::ChanSend => "state-send",
        Category::ChanReceive | Category::Chan => "state-recv",
        Category::Select => "state-select",
        Category::Lock | Category::Wait => "state-lock",
        Category::Io => "state-io",
        Category::Syscall => "state-sys",
        Category::Sleep => "state-sleep",
        Category::Running | Category::Runnable => "state-run",
        Category::Runtime | Category::Other => "state-rt",
    }
}
