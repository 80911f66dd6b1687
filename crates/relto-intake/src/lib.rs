//! x
pub mod analysis;
pub mod chinese;
pub mod dates;
pub mod edit;
pub mod entities;
pub mod figures;
pub mod gazetteer;
pub mod knowledge;
pub mod laundered;
pub mod map;
pub mod missing;
pub mod numbers;
pub mod raw;
pub mod reading;
pub mod repair;
pub mod span;
pub mod text;

pub use analysis::{Analysis, analyse};
pub use knowledge::{Additions, Knowledge, KnowledgeError};
