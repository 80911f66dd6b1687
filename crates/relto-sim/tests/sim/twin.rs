//! The censored twin: on the memory store in many worlds, on SQLite in some.
//!
//! Real processes live through it in the tests of the binary. `RELTO_SEED` and `RELTO_WORLDS` choose other worlds; a failure names its seed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use relto_sim::surfaces::TWIN_SURFACES;
use relto_sim::twin::{Lived, live_as};
use relto_sim::world::Cast;
use relto_store::Backend;
use relto_store::memory::Memory;
use relto_store_sql::Sqlite;

/// Worlds on the memory store.
const WORLDS: u64 = 2_000;
/// Worlds on SQLite.
const WORLDS_ON_SQLITE: u64 = 50;
/// Random acts of each.
const ACTS: usize = 46;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Lives through `worlds` worlds on two threads; every world must compare enough answers to say something, and all of them together drive
/// every surface there is.
fn worlds(worlds: u64, new_store: impl Fn() -> Arc<dyn Backend> + Sync) {
    let first = number("RELTO_SEED", 1);
    let all = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for part in 0..2 {
            let (all, new_store) = (&all, &new_store);
            scope.spawn(move || {
                let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
                for seed in (first..first + worlds).filter(|seed| seed % 2 == part) {
                    let lived = live_as(Cast::of(seed), seed, ACTS, &|| new_store(), &runtime);
                    all.lock().push(lived);
                }
            });
        }
    });
    let all = all.into_inner();
    let sum = |of: fn(&Lived) -> usize| all.iter().map(of).sum::<usize>();
    let (compared, tearlines, consents) = (sum(|lived| lived.compared), sum(|lived| lived.tearlines), sum(|lived| lived.consents));
    let (withheld, gaps, addressed) = (sum(|lived| lived.withheld), sum(|lived| lived.gaps), sum(|lived| lived.addressed));
    let (released, notices, statements) = (sum(|lived| lived.released), sum(|lived| lived.notices), sum(|lived| lived.statements));
    let (hits, instead, paths) = (sum(|lived| lived.hits), sum(|lived| lived.instead), sum(|lived| lived.paths));
    let outside = sum(|lived| lived.outside);
    let (facts, contradictions) = (sum(|lived| lived.facts), sum(|lived| lived.contradictions));
    let documents = sum(|lived| lived.documents);
    let (versions, reasons) = (sum(|lived| lived.versions), sum(|lived| lived.reasons));
    let (answers, consents_said) = (sum(|lived| lived.answers), sum(|lived| lived.consents_said));
    println!(
        "{worlds} worlds, {compared} answers compared, {tearlines} tearlines published, {consents} consents that opened something, \
         {withheld} rows withheld by a caveat alone, {outside} by terms of an agreement alone, {gaps} objects shown with gaps, \
         {addressed} objects seen at the end as an addressee, {released} objects released to a partner, {notices} notices, {statements} label statements, \
         {consents_said} consent statements, {answers} answers to questions listed, {hits} objects found, {instead} queries proposed instead, {paths} paths, \
         {facts} facts of entities, {contradictions} contradictions, {documents} documents, {versions} versions on pages, \
         {reasons} reasons of others"
    );
    assert!(compared as u64 > worlds * 10);
    if worlds >= WORLDS {
        assert!(tearlines > 15, "{tearlines} tearlines say little");
        assert!(consents > 80, "{consents} consents say little");
        assert!(withheld > 300, "{withheld} rows withheld by caveats say little");
        assert!(outside > 25, "{outside} rows outside the terms of an agreement say little");
        assert!(gaps > 100, "{gaps} objects with gaps say little");
        assert!(addressed > 20, "{addressed} objects for addressees say little");
        assert!(notices > 50, "{notices} notices say little");
        assert!(hits > 1_000, "{hits} objects found say little");
        assert!(documents > 500, "{documents} documents say little");
        assert!(paths > 20, "{paths} paths say little");
        assert!(facts > 1_000, "{facts} facts of entities say little");
        assert!(contradictions > 20, "{contradictions} contradictions say little");
        assert!(versions > 1_000, "{versions} versions on pages say little");
        assert!(reasons > 100, "{reasons} reasons of others say little");
        assert!(instead > 50, "{instead} proposals say little");
        assert!(answers > 50, "{answers} answers say little");
        assert!(consents_said > 10, "{consents_said} consent statements say little");
        assert!(statements > 300, "{statements} label statements say little");
        let driven: BTreeSet<_> = all.iter().flat_map(|lived| &lived.driven).copied().collect();
        assert_eq!(driven, TWIN_SURFACES.iter().copied().collect(), "the surfaces that answered, and those of the table");
    }
}

#[test]
fn on_the_memory_store() {
    worlds(number("RELTO_WORLDS", WORLDS), || Arc::new(Memory::default()));
}

#[test]
fn on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let stores = AtomicUsize::new(0);
    worlds(number("RELTO_WORLDS", WORLDS_ON_SQLITE).min(WORLDS_ON_SQLITE), || {
        let number = stores.fetch_add(1, Ordering::Relaxed);
        Arc::new(Sqlite::open(&folder.path().join(format!("{number}.sqlite"))).unwrap())
    });
}
