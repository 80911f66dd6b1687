//! `relto serve`: where to listen, with which certificate, what to log.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Place;

/// `relto serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub place: Place,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:6100")]
    pub listen: SocketAddr,
    /// Plain HTTP, for use behind something that speaks TLS
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key"])]
    pub insecure_http: bool,
    /// Certificate chain in PEM [default: the one that `init` made]
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its key in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Who issues the certificates that people may sign in with, in PEM; without it browsers are asked for none
    #[arg(long, value_name = "FILE", conflicts_with = "insecure_http")]
    pub client_ca: Option<PathBuf>,
    /// Which of those are revoked, as lists in PEM; whatever they do not cover is then refused
    #[arg(long, value_name = "FILE", requires = "client_ca")]
    pub client_crl: Option<PathBuf>,
    /// Where to serve metrics, or `off`
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    pub metrics: Metrics,
    /// How logs are written to standard error; RUST_LOG chooses what
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub log: LogForm,
}

/// Where metrics are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Metrics {
    /// Nowhere.
    Off,
    /// There.
    At(SocketAddr),
}

impl std::str::FromStr for Metrics {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::Off);
        }
        text.parse().map(Self::At).map_err(|_| "neither an address with a port nor `off`".to_owned())
    }
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogForm {
    /// One JSON object a line
    Json,
    /// For people
    Text,
}
