//! How long a document takes, the best of ten runs: repair alone, and everything.

use relto_intake::raw::Raw;
use relto_intake::{Knowledge, analyse, repair::repair};
use std::error::Error;
use std::io::Write;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let knowledge = Knowledge::builtin()?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "knowledge {:?}", started.elapsed())?;
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let repaired = best(|| Ok(repair(&Raw::new(bytes.clone()).decode(), knowledge.chinese(), knowledge.cues())?))?;
        let analysed = best(|| Ok(analyse(bytes.clone(), &knowledge)?))?;
        writeln!(out, "{path}: {} bytes, repair {repaired:?}, everything {analysed:?}", bytes.len())?;
    }
    Ok(())
}

fn best<T>(run: impl Fn() -> Result<T, Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let mut best = Duration::MAX;
    for _ in 0..10 {
        let started = Instant::now();
        run()?;
        best = best.min(started.elapsed());
    }
    Ok(best)
}
