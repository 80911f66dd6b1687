//! The censored twin on the memory store.

use std::sync::Arc;

use relto_sim::twin::live;
use relto_store::memory::Memory;

/// Worlds lived through in every run.
const WORLDS: u64 = 2_000;
/// Random acts of each.
const ACTS: usize = 40;

fn runtime() -> Arc<tokio::runtime::Runtime> {
    Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap())
}

#[test]
fn memory() {
    let first: u64 = std::env::var("RELTO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let worlds = std::env::var("RELTO_WORLDS").ok().and_then(|worlds| worlds.parse().ok()).unwrap_or(WORLDS);
    let threads: Vec<_> = (0..2)
        .map(|part| {
            std::thread::spawn(move || {
                let runtime = runtime();
                let seeds = (first..first + worlds).filter(|seed| seed % 2 == part);
                seeds.map(|seed| live(seed, ACTS, &|| Arc::new(Memory::default()), &runtime)).sum::<usize>()
            })
        })
        .collect();
    let compared: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    println!("{compared} answers compared");
    assert!(compared as u64 > worlds * 10);
}
