//! What stands between Chinese pages and an index of them, as one line of JSON each with the seconds it took: main text, simplified
//! characters, words, and the print by which copies are found. `bench/chinese.py` compares it with the chain that Python has for it.

use relto_intake::acquire::{self, Rendered};
use relto_intake::archive::Limits;
use relto_intake::copies::Document;
use relto_intake::{Knowledge, KnowledgeError};
use relto_model::Timestamp;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::time::{Duration, Instant};

/// Seconds of each stage, in order.
type Stages = [f64; 4];

fn main() -> Result<(), Box<dyn Error>> {
    let knowledge: Result<Knowledge, KnowledgeError> = Knowledge::builtin();
    let knowledge = knowledge?;
    let mut arguments = std::env::args().skip(1);
    let rounds: usize = arguments.next().unwrap_or_default().parse()?;
    let mut out = std::io::stdout().lock();
    for path in arguments {
        let bytes = std::fs::read(&path)?;
        let mut best = [f64::MAX; 4];
        let (mut text, mut words) = (0, 0);
        for _ in 0..rounds {
            let (seconds, characters, cut) = run(&bytes, &knowledge)?;
            (text, words) = (characters, cut);
            best.iter_mut().zip(seconds).for_each(|(best, seconds)| *best = best.min(seconds));
        }
        writeln!(out, "{}", json!({ "path": path, "bytes": bytes.len(), "seconds": best, "characters": text, "words": words }))?;
    }
    Ok(())
}

/// One run over a page: the seconds of its stages, its characters and its words.
fn run(bytes: &[u8], knowledge: &Knowledge) -> Result<(Stages, usize, usize), Box<dyn Error>> {
    let published = Timestamp::parse("2026-01-01T00:00:00Z").map_err(|error| error.to_string())?;
    let mut seconds = Stages::default();
    let (mut characters, mut words) = (0, 0);
    for member in acquire::open(bytes.to_vec(), Limits::default())? {
        let (taken, documents) = timed(|| acquire::read(member, &mut |_| Err::<Rendered, _>("no PDFs here".to_owned())));
        let [pages, simple, cut, printed] = &mut seconds;
        *pages += taken.as_secs_f64();
        for document in documents? {
            let (taken, normal) = timed(|| knowledge.chinese().script.normal_form(document.reading.text()));
            *simple += taken.as_secs_f64();
            let (taken, count) = timed(|| knowledge.chinese().words.segments(normal.text()).len());
            *cut += taken.as_secs_f64();
            let (taken, print) = timed(|| Document::new(&document.raw, &document.reading, "page", published.clone(), knowledge));
            *printed += taken.as_secs_f64();
            print?;
            characters += normal.text().chars().count();
            words += count;
        }
    }
    Ok((seconds, characters, words))
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let started = Instant::now();
    let made = work();
    (started.elapsed(), made)
}
