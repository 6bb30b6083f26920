//! Tests that need more than one crate, or real dumps.
//!
//! - `corpus` loads the files of `corpus/`, `dump` reads one and renders it; everything else asks these two.
//! - `truth` compares stacks with what other readers and the programs themselves say, `truth_reports` does so for every file
//!   as it is dropped; `same_process` compares the formats with each other, `golden` with `expect/`.
//! - `checklist_*` goes through every peculiarity of the formats on minimal inputs.
//! - `model` writes random dumps as Go would, `wrap` wraps them as logs do, `protobuf` writes profiles; `samples` has an input
//!   for each; `oracle` reads dumps line by line and slowly; `prop_*` compares.
//! - `findings` compares what is found with what programs were made to do wrong; `rule_dumps` does so for a program a rule,
//!   with goldens; `prop_findings` says what findings do not depend on; `rule_laws` asks every rule for its pages and tests.
//! - `relations` asks of real dumps whether they are of one process, one service, or neither; `prop_compare` follows goroutines
//!   from dump to dump the slow way.
//! - `compare_reports` keeps what is said of real series and fleets; `merge` compares merged reports with those of the dumps
//!   together.
//! - `prop_similarity` says what similarity levels join; `rebuilt` compares dumps of one program built twice, in `rebuilt/`.
//! - `compare_reports` keeps what is said of real series and fleets; `merge` compares merged reports with those of the dumps
//!   together.
//! - `prop_similarity` says what similarity levels join; `rebuilt` compares dumps of one program built twice, in `rebuilt/`.
//! - `relations` asks of real dumps whether they are of one process, one service, or neither; `prop_compare` follows goroutines
//!   from dump to dump the slow way.
//! - `seeds` keeps what the fuzzers start from.
//! - `layers`, `sources` and `schema` hold laws about the workspace itself.
//!
//! `STACKHERD_BLESS=1 cargo test -p stackherd-tests` rewrites `expect/` and the JSON Schema; `UPDATE_EXPECT=1` rewrites
//! the expectations inside the sources.

#[cfg(test)]
mod checklist_counted;
#[cfg(test)]
mod checklist_crashes;
#[cfg(test)]
mod checklist_frames;
#[cfg(test)]
mod checklist_headers;
#[cfg(test)]
mod checklist_producers;
#[cfg(test)]
mod checklist_profile;
#[cfg(test)]
mod checklist_stacks;
#[cfg(test)]
mod checklist_states;
#[cfg(test)]
mod checklist_wrappers;
#[cfg(test)]
mod compare_reports;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod dump;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod fleets;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod growth;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod merge;
#[cfg(test)]
mod model;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod prop_bytes;
#[cfg(test)]
mod prop_compare;
#[cfg(test)]
mod prop_containers;
#[cfg(test)]
mod prop_envelopes;
#[cfg(test)]
mod prop_findings;
#[cfg(test)]
mod prop_formats;
#[cfg(test)]
mod prop_groups;
#[cfg(test)]
mod prop_model;
#[cfg(test)]
mod prop_similarity;
#[cfg(test)]
mod prop_trends;
#[cfg(test)]
mod protobuf;
#[cfg(test)]
mod rebuilt;
#[cfg(test)]
mod relations;
#[cfg(test)]
mod rule_dumps;
#[cfg(test)]
mod rule_laws;
#[cfg(test)]
mod same_process;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod seeds;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod truth;
#[cfg(test)]
mod truth_reports;
#[cfg(test)]
mod wrap;
