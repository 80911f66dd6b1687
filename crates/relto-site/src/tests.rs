//! What this crate promises, over random profiles and labels and over what people get wrong.

mod answers;
mod bounds;
mod judges;
mod refusals;
mod slicing;
mod world;

use crate::SitePolicies;

/// The policies that ship as examples, by file.
pub(crate) const EXAMPLES: &[(&str, &str)] = &[
    ("bilateral.cedar", include_str!("../policies/bilateral.cedar")),
    ("compartments.cedar", include_str!("../policies/compartments.cedar")),
    ("handling.cedar", include_str!("../policies/handling.cedar")),
    ("law.cedar", include_str!("../policies/law.cedar")),
];

/// All examples as one file.
pub(crate) fn examples() -> SitePolicies {
    let text: String = EXAMPLES.iter().map(|(_, text)| *text).collect();
    SitePolicies::parse("examples", &text).unwrap()
}

pub(crate) fn parse(text: &str) -> SitePolicies {
    SitePolicies::parse("site.cedar", text).unwrap()
}
