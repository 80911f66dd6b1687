//! The policies that ship, written by us from public facts: examples to start from, and what the tests hold the rest to.
//!
//! None is in force anywhere because it is here: the binary reads the files that it is given.

/// Every shipped policy file by its name, with its text.
pub const SHIPPED: [(&str, &str); 6] = [
    ("commercial.xml", include_str!("../../policies/commercial.xml")),
    ("eu-style.xml", include_str!("../../policies/eu-style.xml")),
    ("nato-style.xml", include_str!("../../policies/nato-style.xml")),
    ("public.xml", include_str!("../../policies/public.xml")),
    ("tlp.xml", include_str!("../../policies/tlp.xml")),
    ("us-style.xml", include_str!("../../policies/us-style.xml")),
];
