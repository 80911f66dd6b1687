//! TAXII 2.1 (OASIS Standard, 10 June 2021) on the wire: requests to values, cleared objects to bytes.
//!
//! Pure: no sockets, no runtime, no clock. What a request may have is decided elsewhere; encoders take only what was cleared for the
//! principal they write for. Routes are `relto-http`'s.

pub mod cursor;
pub mod envelope;
pub mod filter;
pub mod media;
pub mod page;
pub mod problem;
pub mod resource;

pub use problem::Problem;
