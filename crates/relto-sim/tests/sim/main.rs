//! Whole nodes: the censored twin, and the table of who sees what.

mod addressees;
mod caveats;
mod consents;
mod documents;
mod examined;
mod federation;
mod partners;
mod tearline;
mod time;
mod twin;
mod types;
mod who_sees_what;
