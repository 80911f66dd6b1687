//! Scaffold.
/// Kinds.
#[derive(Debug, Default)]
pub struct Kinds;
impl Kinds { /// The shipped ones.
 pub fn builtin() -> Self { Self } }
