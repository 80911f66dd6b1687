//! Reads a document by path and writes its STIX bundle, as if published at the time given: for a first look.

use relto_intake::{Knowledge, analyse, stix};
use relto_model::Timestamp;
use std::error::Error;
use std::io::Write;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(published)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bundle PATH YYYY-MM-DDTHH:MM:SSZ".into());
    };
    let analysis = analyse(std::fs::read(&path)?, &Knowledge::builtin()?)?;
    let published = Timestamp::parse(&published)?;
    let source =
        stix::Source { name: path, media_type: None, published, address: None, markings: Vec::new(), relations: stix::Relations::Asserted };
    writeln!(std::io::stdout().lock(), "{}", stix::bundle(&analysis, &source)?)?;
    Ok(())
}
