//! Tests that need more than one crate, or real dumps.
//!
//! - `corpus` loads the dumps of `corpus/`, `dump` reads one and renders it; everything else asks these two.
//! - `truth` compares with what other readers and the programs themselves say; `golden` with `expect/`.
//! - `checklist_*` goes through every peculiarity of the traceback format on minimal inputs.
//! - `model` writes random dumps as Go would; `oracle` reads dumps line by line and slowly; `prop_*` compares.
//! - `layers`, `sources` and `schema` hold laws about the workspace itself.
//!
//! `STACKHERD_BLESS=1 cargo test -p stackherd-tests` rewrites `expect/` and the JSON Schema; `UPDATE_EXPECT=1` rewrites
//! the expectations inside the sources.

#[cfg(test)]
mod checklist_crashes;
#[cfg(test)]
mod checklist_frames;
#[cfg(test)]
mod checklist_headers;
#[cfg(test)]
mod checklist_stacks;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod dump;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod model;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod prop_bytes;
#[cfg(test)]
mod prop_groups;
#[cfg(test)]
mod prop_model;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod truth;
