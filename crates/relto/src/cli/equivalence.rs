//! `relto equivalence`: clearances of one policy that count in another.

use clap::{Args, Subcommand};

use super::Place;
use crate::command::Command;

/// `relto equivalence`.
#[derive(Debug, Subcommand)]
pub(crate) enum EquivalenceForm {
    /// Let a clearance count as one in another policy
    #[command(after_help = "Example:\n  relto equivalence add --data DIR NATO:SECRET USA:SECRET")]
    Add(Pair),
    /// Take an equivalence back
    Remove(Pair),
    /// Show all equivalences
    List(Place),
}

/// Two clearances.
#[derive(Debug, Args)]
pub(crate) struct Pair {
    #[command(flatten)]
    pub place: Place,
    /// The clearance that somebody holds
    #[arg(value_name = "HELD")]
    pub held: String,
    /// What it counts as
    #[arg(value_name = "COUNTS-AS")]
    pub counts_as: String,
}

impl EquivalenceForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        match self {
            Self::Add(Pair { place, held, counts_as }) => (place, Command::EquivalenceAdd { held, counts_as }),
            Self::Remove(Pair { place, held, counts_as }) => (place, Command::EquivalenceRemove { held, counts_as }),
            Self::List(place) => (place, Command::EquivalenceList),
        }
    }
}
