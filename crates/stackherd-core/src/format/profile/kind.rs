//! What a profile counts. All of Go's profiles share one container.

use super::contents::Contents;
use super::messages::ValueType;
use crate::error::InputKind;
use crate::snapshot::Scope;

/// Where samples keep the number of goroutines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counts {
    /// Index of the value.
    pub(super) value_idx: usize,
    pub(super) scope: Scope,
}

/// Finds the goroutines among the sample types.
///
/// # Errors
/// What the profile is about instead.
pub(super) fn counts(contents: &Contents<'_>) -> Result<Counts, InputKind> {
    let name = |value_type: &ValueType| contents.string(value_type.name);
    let by_sample_type = contents.sample_types.iter().map(name).enumerate();
    if let Some((value_idx, scope)) = by_sample_type.filter_map(|(idx, name)| Some((idx, scope(name)?))).next() {
        return Ok(Counts { value_idx, scope });
    }
    let period = name(&contents.period_type);
    // Some producers name the value in their own way and keep Go's period.
    if let Some(scope) = scope(period).filter(|_| contents.sample_types.len() <= 1) {
        return Ok(Counts { value_idx: 0, scope });
    }
    let named = contents.sample_types.iter().map(name).chain([period]).find_map(kind);
    Err(named.unwrap_or(InputKind::CustomProfile))
}

fn scope(name: &[u8]) -> Option<Scope> {
    match name {
        b"goroutine" | b"goroutines" => Some(Scope::All),
        b"goroutineleak" | b"goroutineleaks" => Some(Scope::Leaked),
        _ => None,
    }
}

/// Sample types of Go's other profiles: Go `runtime/pprof/protomem.go`, `pprof.go`, `proto.go`.
fn kind(name: &[u8]) -> Option<InputKind> {
    match name {
        b"alloc_objects" | b"alloc_space" | b"inuse_objects" | b"inuse_space" | b"objects" | b"space" => {
            Some(InputKind::HeapProfile)
        }
        b"contentions" | b"delay" => Some(InputKind::ContentionProfile),
        b"cpu" => Some(InputKind::CpuProfile),
        b"threadcreate" => Some(InputKind::ThreadcreateProfile),
        _ => None,
    }
}
