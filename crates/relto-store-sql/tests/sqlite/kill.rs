//! What was acknowledged survives `kill -9`, whole; what was not is there whole or not at all.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use relto_store_sql::check;

use super::{add_batch, content, open, path};

/// Names the store for the process that is to be killed.
const STORE: &str = "RELTO_TEST_KILL_STORE";
const ROUNDS: u64 = 20;
/// The victim ends by itself after so many batches, should nobody kill it.
const BATCHES_MAX: u64 = 2_000;

#[test]
fn acknowledged_batches_survive() {
    if let Some(store) = std::env::var_os(STORE) {
        return commit_for_ever(&PathBuf::from(store));
    }
    let directory = tempfile::tempdir().unwrap();
    let mut before = 0;
    for round in 1..=ROUNDS {
        let acknowledged = kill_one(&path(&directory), round).max(before);
        let found = batches(&path(&directory));
        assert!(found == acknowledged || found == acknowledged + 1, "round {round}: {acknowledged} acknowledged, {found} found");
        before = found;
    }
    assert!(before > ROUNDS, "{before} batches in all");
    assert_eq!(check(&path(&directory)).unwrap(), Vec::<String>::new());
}

/// The victim: commits batch after batch, and says so after each.
fn commit_for_ever(path: &Path) {
    let first = batches(path) + 1;
    let store = open(path);
    for number in first..BATCHES_MAX {
        add_batch(&store, number).unwrap();
        if writeln!(std::io::stderr(), "acknowledged {number}").is_err() {
            return;
        }
    }
}

/// Runs a victim, kills it at a moment that `round` determines, and returns the last batch that it acknowledged.
fn kill_one(store: &Path, round: u64) -> u64 {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "kill::acknowledged_batches_survive", "--nocapture"]).env(STORE, store);
    let mut victim = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut acknowledged = BufReader::new(victim.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok());
    let mut last: u64 = 0;
    for _ in 0..round * 7 % 12 {
        last = acknowledged.next().unwrap();
    }
    // Somewhere within the next batch, or in opening the store when none was waited for.
    for _ in 0..round.wrapping_mul(2_654_435_761) % 2_000_000 {
        std::hint::spin_loop();
    }
    victim.kill().unwrap();
    victim.wait().unwrap();
    acknowledged.last().unwrap_or(last)
}

/// How many batches are there, each of them whole.
fn batches(path: &Path) -> u64 {
    let content = content(&open(path)).unwrap();
    let batches = u64::try_from(content.journal.len()).unwrap();
    assert!(content.rows.keys().map(|arrival| arrival.0).eq(10..batches * 10 + 10), "events of rows");
    assert_eq!(content.rows.len(), content.journal.len() * 10, "rows");
    assert_eq!(content.records.len(), content.journal.len(), "records");
    assert_eq!(content.last.map_or(0, |last| last.last.0 / 10), batches, "events");
    batches
}
