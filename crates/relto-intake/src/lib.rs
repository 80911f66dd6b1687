//! x
#![allow(missing_docs)]
pub mod chinese;
pub mod dates;
pub mod edit;
pub mod figures;
pub mod laundered;
pub mod map;
pub mod missing;
pub mod numbers;
pub mod raw;
pub mod reading;
pub mod repair;
pub mod span;
pub mod text;
