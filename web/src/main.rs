//! The page of Stackherd: drop a goroutine dump, see what the goroutines do.
//!
//! [`model`] knows and decides, the views show, [`worker`] reads. Nothing here looks into a dump.

mod ancestry;
mod app;
mod blocking;
mod compare;
mod detail;
mod empty;
mod error;
mod export;
mod findings;
mod fleet;
mod groups;
mod header;
mod help;
mod hooks;
mod i18n;
mod issues;
mod loading;
mod model;
mod overview;
mod series;
mod settings;
mod shared;
mod worker;

fn main() {
    yew::Renderer::<app::App>::new().render();
}
