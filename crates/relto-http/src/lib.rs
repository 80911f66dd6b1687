//! Every socket that people and partners reach: routes, sign-in, TLS, limits, metrics.
//!
//! Nothing is decided here. A request becomes a use case of `relto-node`, and its reply the bytes that `relto-taxii` made of what was
//! cleared. Start at [`routes`]: one table says what there is.

pub mod authorization;
mod body;
pub mod chat;
mod crowd;
mod drafts;
pub mod exchange;
pub mod fetch;
mod intake;
pub mod link;
mod metrics;
mod pages;
mod reply;
pub mod routes;
mod serve;
mod session;
mod taxii;
mod tls;
mod traffic;

pub use routes::{Application, ROUTES, router};
pub use serve::{ClientAuthorities, Limits, ServeConfig, ServeError, Source, TlsFiles, serve, serve_within};
pub use tls::ClientCertificate;
