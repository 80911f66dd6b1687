//! `relto demo`.
use std::process::ExitCode;
use crate::failure::Failure;
/// x
pub fn demo(_check: bool) -> Result<ExitCode, Failure> { Err(Failure::new("building")) }
