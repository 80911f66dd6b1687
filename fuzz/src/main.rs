//! `cargo xtask fuzz [TARGET] [--seconds N]`: mutates the corpora until the time is up or something breaks.
//!
//! An input that breaks a target is kept in its corpus as `crash-…`, so that it replays as a test from then on. This loop is guided
//! by outcomes, not by coverage: it needs nothing but the stable compiler.

use relto_fuzz::{TARGETS, Target, corpus, inputs, mutate};
use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    let mut seconds = 20;
    let mut only = None;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--seconds" {
            seconds = words.next().and_then(|number| number.parse().ok()).unwrap_or(seconds);
        } else {
            only = Some(word);
        }
    }
    let chosen: Vec<_> = TARGETS.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
        eprintln!("no such target; there are: {}", names.join(", "));
        return ExitCode::from(2);
    }
    std::panic::set_hook(Box::new(|_| {}));
    let broken = chosen.into_iter().filter(|(name, target)| !survives(name, *target, Duration::from_secs(seconds))).count();
    ExitCode::from(u8::from(broken > 0))
}

/// Runs one target for the time given; false when an input broke it.
fn survives(name: &str, target: Target, time: Duration) -> bool {
    let mut pool: Vec<Vec<u8>> = inputs(name).unwrap_or_default().into_iter().map(|(_, bytes)| bytes).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    pool.retain(|input| catch_unwind(|| target(input)).map(|outcome| seen.insert(outcome)).is_ok());
    let seed = u64::from(std::process::id());
    let mut random = mutate::Random::new(seed);
    let start = Instant::now();
    let mut runs = 0_u64;
    let mut slowest = (Duration::ZERO, Vec::new());
    while start.elapsed() < time {
        let input = mutate::mutate(&pool, &mut random);
        let begun = Instant::now();
        let outcome = catch_unwind(|| target(&input));
        runs += 1;
        if begun.elapsed() > slowest.0 {
            slowest = (begun.elapsed(), input.clone());
        }
        match outcome {
            Ok(outcome) => {
                if seen.insert(outcome) {
                    pool.push(input);
                }
            }
            Err(_) => {
                let path = corpus(name).join(format!("crash-{seed}-{runs}"));
                let kept = std::fs::write(&path, &input).is_ok();
                println!("{name}: BROKEN after {runs} runs; input {}kept as {}", if kept { "" } else { "not " }, path.display());
                return false;
            }
        }
    }
    let slow = slowest.0.as_secs_f64() * 1e3;
    println!("{name}: {runs} runs, {} outcomes, slowest {slow:.1} ms ({} bytes), seed {seed}", seen.len(), slowest.1.len());
    true
}
