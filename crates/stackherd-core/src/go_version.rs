//! Which Go versions print such text.

use core::fmt;

/// The oldest Go version that prints everything that was seen; [`GoVersion::UNKNOWN`] when nothing tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoVersion(u8);

impl GoVersion {
    /// Nothing in the dump tells.
    pub const UNKNOWN: Self = Self(0);
    /// `sync.Mutex.Lock` and `sync.RWMutex.*` as wait reasons: Go 1.20 `runtime/runtime2.go`.
    pub const SYNC_REASONS: Self = Self(20);
    /// `created by F in goroutine N`, `...N frames elided...`: Go 1.21 `runtime/traceback.go`.
    pub const PARENTS: Self = Self(21);
    /// `gp=0x… m=…` in headers: Go 1.22 `runtime/traceback.go`, `goroutineheader`.
    pub const GP_IN_HEADER: Self = Self(22);
    /// `sync.WaitGroup.Wait` as a wait reason, synctest: Go 1.24 `runtime/runtime2.go`.
    pub const WAITGROUP_REASON: Self = Self(24);
    /// `(durable)`, `synctest bubble N`: Go 1.25 `runtime/traceback.go`.
    pub const DURABLE: Self = Self(25);
    /// `(leaked)`, labels inside the brackets: Go 1.26 `runtime/traceback.go`.
    pub const LEAKED: Self = Self(26);
    /// Labels after the brackets: Go 1.27 `runtime/traceback.go`.
    pub const LABELS_AFTER: Self = Self(27);

    /// The version that a wait reason proves.
    #[must_use]
    pub fn of_reason(reason: &[u8]) -> Self {
        match reason {
            b"sync.Mutex.Lock" | b"sync.RWMutex.Lock" | b"sync.RWMutex.RLock" => Self::SYNC_REASONS,
            b"sync.WaitGroup.Wait" | b"synctest.Run" | b"synctest.Wait" => Self::WAITGROUP_REASON,
            b"cleanup wait" | b"GOMAXPROCS updater (idle)" => Self::DURABLE,
            _ => Self::UNKNOWN,
        }
    }

    /// Notes that `other` was seen too.
    #[inline]
    pub fn raise(&mut self, other: Self) {
        *self = (*self).max(other);
    }
}

impl fmt::Display for GoVersion {
    /// `>=1.24`; nothing when unknown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::UNKNOWN { Ok(()) } else { write!(f, ">=1.{}", self.0) }
    }
}
