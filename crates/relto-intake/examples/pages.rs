//! What is read of web pages, as one line of JSON each, with the seconds it took; `bench/pages.py` scores it.

use relto_intake::acquire::{self, Rendered};
use relto_intake::archive::Limits;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        for member in acquire::open(bytes, Limits::default())? {
            let length = member.bytes.len();
            let started = Instant::now();
            let documents = acquire::read(member, &mut |_| Err::<Rendered, _>("no PDFs here".to_owned()))?;
            let seconds = started.elapsed().as_secs_f64();
            for document in documents {
                let text = document.reading.text();
                let said = json!({ "path": path, "bytes": length, "seconds": seconds, "text": text, "about": document.about, "origin": document.origin });
                writeln!(out, "{said}")?;
            }
        }
    }
    Ok(())
}
