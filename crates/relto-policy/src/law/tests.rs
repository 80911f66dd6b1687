//! Known cases, the second judge, and properties: more tags, fewer facts and older rows never let more in.

mod cases;
mod judge;
mod page;
mod properties;
mod site;
mod worlds;

pub(super) use worlds::TAGS;
