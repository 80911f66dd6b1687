//! Reads documents by path and writes the analysis of each as a line of JSON: for scoring and for a first look.

use relto_intake::{Knowledge, analyse};
use std::error::Error;
use std::io::Write;

fn main() -> Result<(), Box<dyn Error>> {
    let knowledge = Knowledge::builtin()?;
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        let analysis = analyse(std::fs::read(path)?, &knowledge)?;
        serde_json::to_writer(&mut out, &analysis)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
