//! The named way past the gate, for whoever keeps the data: storing it and answering for it.
//!
//! Calls are banned by `clippy.toml` and admitted one by one with `#[expect(clippy::disallowed_methods, reason = "…")]`; `cargo xtask tidy`
//! counts them.

use crate::seal::Sealed;

/// Why a seal is opened without a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To write a row, or to judge one row against another while writing.
    Persist,
    /// To tell whoever holds the data directory about it: explain, doctor, relabelling.
    Custodian,
}

/// Opens `sealed` for `purpose`. The caller is the custodian of the data, never somebody who reads.
pub fn open<T>(sealed: Sealed<T>, purpose: Purpose) -> T {
    let (Purpose::Persist | Purpose::Custodian) = purpose;
    sealed.into_content()
}
