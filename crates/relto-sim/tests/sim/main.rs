//! Whole nodes: the censored twin, and the table of who sees what.

mod time;
mod tearline;
mod twin;
mod types;
mod who_sees_what;
