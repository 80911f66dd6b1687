//! What the exchange costs: two nodes, the time from release to sight, catching up, an empty round, bytes on the wire; and beside them the
//! OASIS client that fetches from OpenTAXII.

use super::servers::Server;
use super::table::table;
use crate::process;
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// Releases that are timed one by one.
const SAMPLES: usize = 300;

/// Runs `bench/exchange.py` on the bundle; `peer` is an OpenTAXII that holds some of it.
pub fn run(python: &Path, folder: &Path, bundle: &Path, peer: Option<&Server>) -> Result<String> {
    eprintln!("measuring the exchange");
    let url = peer.map_or_else(|| "-".to_owned(), |server| format!("http://{}{}", server.address, server.collection));
    let mut command = Command::new(python);
    command.arg("bench/exchange.py").arg(process::binary("release")).arg(folder).arg(bundle).arg(SAMPLES.to_string()).arg(url);
    command.env_remove("REQUESTS_CA_BUNDLE").env_remove("CURL_CA_BUNDLE");
    let lines = process::output(&mut command)?;
    let rows = lines.lines().filter(|line| line.contains('\t')).map(super::decisions::row).collect::<Result<Vec<_>>>()?;
    Ok(table(&["exchange of two nodes, one run, loopback", "is", "wanted", ""], rows))
}
