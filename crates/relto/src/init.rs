//! `relto init`.

use std::io::Write as _;
use std::process::ExitCode;

use relto_node::Clock as _;

use crate::ambient::SystemClock;
use crate::certificate;
use crate::cli::Init;
use crate::directory::{Founding, create};
use crate::failure::Failure;

/// Makes a data directory.
///
/// # Errors
/// [`Failure`]; then there is none.
pub(crate) fn init(form: &Init) -> Result<ExitCode, Failure> {
    let nation = relto_policy::profile::parse_nation(&form.nation)
        .map_err(|error| Failure::new(failure_text(&error)).help("for instance FRA, USA, JPN"))?;
    let organisation = form.org.as_str();
    relto_node::check_name(relto_node::ORGANISATION, organisation)?;
    let certificate = certificate::make(organisation, &form.host, SystemClock.now())?;
    let founding = Founding { organisation, nation: &nation, certificate_pem: &certificate.certificate_pem, key_pem: &certificate.key_pem };
    create(&form.path, &founding)?;
    // What is shown can be pasted.
    let directory = form.path.display().to_string();
    let directory = if directory.contains(char::is_whitespace) { format!("\"{directory}\"") } else { directory };
    let mut out = anstream::stdout().lock();
    crate::told(if form.json {
        let facts = serde_json::json!({"directory": form.path, "organisation": organisation, "nation": nation,
            "certificate_sha256": certificate.fingerprint, "hosts": form.host});
        writeln!(out, "{facts}")
    } else {
        writeln!(
            out,
            "made the data directory {directory} of {organisation} ({nation})\n\
             certificate for {}, SHA-256 fingerprint:\n  {}\n\
             next: relto collection add --data {directory} NAME",
            form.host.join(", "),
            certificate.fingerprint
        )
    })
}

fn failure_text(error: &dyn std::error::Error) -> String {
    crate::failure::chain(error)
}
