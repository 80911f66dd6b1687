//! Release sets: the labels that somebody may see now, as bits, and since when where that is later than arrival.

use std::collections::BTreeMap;
use std::sync::Arc;

use relto_model::Stamp;
use serde::{Deserialize, Serialize};

use crate::labels::LabelId;

/// A place in the node's order of events. Objects and changes of what somebody may see draw from one sequence, so that a
/// principal's own order of objects is the later of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Arrival(pub u64);

/// When a principal first could see a label that existed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gained {
    /// Its place among the arrivals.
    pub arrival: Arrival,
    /// The date added that those objects have for the principal.
    pub since: Stamp,
}

/// What one principal may see, decided by a [`Gate`](crate::Gate) and by nobody else.
// INVARIANT: built only in this crate, from verdicts; bits beyond the table are zero, so that an unknown label withholds.
pub struct ReleaseSet {
    permitted: Arc<[u64]>,
    gained: Arc<BTreeMap<LabelId, Gained>>,
}

impl ReleaseSet {
    pub(crate) fn new(permitted: Arc<[u64]>, gained: Arc<BTreeMap<LabelId, Gained>>) -> Self {
        Self { permitted, gained }
    }

    /// Whether what carries `label` may be seen.
    #[must_use]
    pub fn permits(&self, label: LabelId) -> bool {
        bit(&self.permitted, label)
    }

    /// How many of `labels`, one number for each object, may be seen. No object is looked at.
    #[must_use]
    pub fn count<N: Copy + Into<u32>>(&self, labels: &[N]) -> usize {
        // A byte for each label costs a load for each object; a bit, a load, two shifts and a mask.
        let of_word = |word: &u64| (0..64).map(move |bit| u8::from(word >> bit & 1 == 1)).collect::<Vec<_>>();
        let bytes: Vec<u8> = self.permitted.iter().flat_map(of_word).collect();
        let one = |label: &N| usize::from(bytes.get((*label).into() as usize).copied().unwrap_or(0));
        labels.iter().map(one).sum()
    }

    /// When the principal first could see `label`, if that was after its first objects arrived.
    #[must_use]
    pub fn gained(&self, label: LabelId) -> Option<Gained> {
        self.gained.get(&label).copied()
    }

    /// The numbers of all permitted labels, in order.
    pub fn labels(&self) -> impl Iterator<Item = LabelId> {
        (0u32..)
            .zip(self.permitted.iter())
            .flat_map(|(at, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| LabelId(at * 64 + bit)))
    }
}

/// Says nothing: what somebody may not see is nobody's log line.
impl std::fmt::Debug for ReleaseSet {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ReleaseSet")
    }
}

fn bit(words: &[u64], label: LabelId) -> bool {
    words.get(label.0 as usize / 64).is_some_and(|word| word >> (label.0 % 64) & 1 == 1)
}
