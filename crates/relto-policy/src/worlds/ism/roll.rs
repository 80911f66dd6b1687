//! From the portions of a page to its banner, by the register's rules. The lattice's join is the same thing; a test holds the two together.

use std::collections::BTreeSet;

use super::super::Refused;
use super::{Classification, Marking, USA};

/// Who may have what a marking is on.
struct Audience {
    /// The codes named; `None` for what is not kept from anybody.
    names: Option<BTreeSet<String>>,
    /// Whether it may be shown only.
    is_display: bool,
}

impl Marking {
    /// Whether it is UNCLASSIFIED and nothing else.
    pub(super) fn is_bare(&self) -> bool {
        *self == Self::default()
    }

    fn audience(&self) -> Audience {
        let home = || BTreeSet::from([USA.to_owned()]);
        if !self.release.is_empty() {
            return Audience { names: Some(self.release.clone()), is_display: false };
        }
        let names = (!self.is_bare()).then(|| home().union(&self.display).cloned().collect());
        Audience { names, is_display: !self.display.is_empty() }
    }
}

/// The marking of what holds all of `portions`: the highest classification, every control, NOFORN before REL TO, what two lists have in
/// common, and NOFORN when that is nobody but the US. Markings owned jointly become foreign government information.
///
/// # Errors
/// [`Refused`] when a portion is not valid, or one is to be displayed only where another lets no foreigner see it.
pub fn roll_up(portions: &[Marking]) -> Result<Marking, Refused> {
    let mut banner = Marking::default();
    let mut audience = Audience { names: None, is_display: false };
    for portion in portions {
        portion.check()?;
        banner.classification = banner.classification.max(portion.classification);
        banner.controls.extend(&portion.controls);
        banner.programmes.extend(portion.programmes.iter().cloned());
        banner.sources.extend(portion.sources.iter().cloned());
        banner.sources.extend(portion.joint.iter().filter(|owner| *owner != USA).cloned());
        banner.concealed |= portion.concealed;
        let own = portion.audience();
        audience.is_display |= own.is_display;
        audience.names = match (audience.names, own.names) {
            (Some(one), Some(other)) => Some(one.intersection(&other).cloned().collect()),
            (one, other) => one.or(other),
        };
    }
    settle(&mut banner, audience)?;
    banner.check()?;
    Ok(banner)
}

fn settle(banner: &mut Marking, audience: Audience) -> Result<(), Refused> {
    if banner.has("OC") {
        banner.controls.remove("OC-USGOV");
    }
    // RELIDO says nothing that others rely on once a portion is not so marked; without it the banner is stricter.
    banner.controls.remove("RELIDO");
    let Some(names) = audience.names else { return Ok(()) };
    let others: BTreeSet<String> = names.iter().filter(|code| *code != USA).cloned().collect();
    match (others.is_empty(), audience.is_display) {
        (true, true) => return Err(Refused::new("DISPLAYONLY", "shown to nobody in common, which a line cannot say beside NOFORN")),
        (true, false) => {
            banner.controls.insert("NF");
        }
        (false, true) => banner.display = others,
        (false, false) => {
            banner.controls.remove("NF");
            banner.release = names;
        }
    }
    Ok(())
}

impl Classification {
    /// Its rank in the policy `USA`.
    #[must_use]
    pub fn rank(self) -> u8 {
        super::CLASSIFICATIONS.iter().find(|(level, ..)| *level == self).map_or(u8::MAX, |(.., rank)| *rank)
    }

    /// Its code, in portion marks and in ISM.
    #[must_use]
    pub fn code(self) -> &'static str {
        super::CLASSIFICATIONS.iter().find(|(level, ..)| *level == self).map_or("", |(_, code, ..)| code)
    }

    /// The classification of a rank.
    #[must_use]
    pub fn of_rank(rank: u8) -> Option<Self> {
        super::CLASSIFICATIONS.iter().find(|(.., own)| *own == rank).map(|(level, ..)| *level)
    }
}
