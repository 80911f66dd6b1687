//! Links between partner nodes: who is at the other side, and the way to it.
//!
//! A node is its Ed25519 key. Both sides of a link prove theirs in a TLS 1.3 handshake; certificates only carry the keys, so that no name,
//! date or issuer in them counts. Which keys are whose is decided by whoever calls [`client`] or finds a [`LinkKey`] with a request, not
//! here, and neither is what goes over a link. A link shares the port with ordinary clients: a ClientHello that offers [`LINK_PROTOCOL`]
//! asks for one. Start at [`client`] for the calling side; the other one is in `tls.rs`.

pub mod client;
mod error;
mod identity;
mod verify;

#[cfg(test)]
pub(crate) mod tests;

pub use error::LinkError;
pub(crate) use error::shown;
pub use identity::LinkIdentity;
pub(crate) use verify::{AnyKey, OneOf, key_of};

/// What a ClientHello offers by ALPN to ask for a link. HTTP/1.1 is spoken on it.
pub const LINK_PROTOCOL: &[u8] = b"relto-link/1";

/// The Ed25519 key that the other side of a link has proved to hold; with every request that came over one, and with no other.
///
/// It says who asks, and nothing about what they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkKey(pub [u8; 32]);
