//! Federations: many nodes exchange while everything fails that can, and nothing leaks and nothing is lost.
//!
//! `RELTO_SEED` and `RELTO_WORLDS` choose other worlds, as `cargo xtask soak --worlds N` does; a failure names its seed, and of one world alone it is
//! told what happens in it, and of the object that `RELTO_FOLLOW` names, where it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use relto_sim::federation::{Lived, live, told};

/// Worlds in CI.
const WORLDS: u64 = 100;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn nothing_leaks_and_nothing_is_lost() {
    let (first, worlds) = (number("RELTO_SEED", 1), number("RELTO_WORLDS", WORLDS));
    if worlds == 1 {
        told(first).iter().for_each(|line| println!("{line}"));
    }
    let (next, all) = (AtomicU64::new(first), Mutex::new(Lived::default()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + worlds {
                        return;
                    }
                    let lived = live(seed, &runtime);
                    *all.lock() += lived;
                }
            });
        }
    });
    let all = all.into_inner();
    println!("{worlds} worlds from seed {first}: {all:?}");
    if worlds >= WORLDS {
        let Lived { held, quarantined, refused, kept, crashes, attacks, compared, censored, .. } = all;
        for (what, count) in [
            ("held", held),
            ("quarantined", quarantined),
            ("refused by terms, in every fourth world", refused * 4),
            ("kept by terms", kept),
            ("crashes", crashes),
            ("attacks", attacks),
            ("compared", compared),
            ("censored", censored),
        ] {
            assert!(count as u64 > worlds, "{count} {what} say little");
        }
    }
}
