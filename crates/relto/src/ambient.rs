//! The one place where time and randomness come from the machine. Everything else is handed a [`Clock`] and an [`Entropy`].

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use relto_model::Stamp;
use relto_node::{Clock, Entropy};

/// The machine's clock. It may go back; the node notices and holds its writes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the machine's clock, read here and nowhere else")]
    fn now(&self) -> Stamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Stamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn pause(&self, micros: u64) {
        std::thread::sleep(Duration::from_micros(micros));
    }
}

/// The operating system's entropy.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(clippy::panic, reason = "without entropy every token could be guessed: there is nothing safe to go on with")]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            panic!("the operating system gives no randomness: {error}");
        }
    }
}
