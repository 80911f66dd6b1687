//! x
#![allow(missing_docs)]
pub mod chinese;
pub mod edit;
pub mod map;
pub mod raw;
pub mod reading;
pub mod repair;
pub mod span;
pub mod text;
