//! What whoever passes an object on must be able to see to. A closed list; what cannot be seen to is a denial.
//!
//! An obligation is a duty of the *sender*. Duties of a recipient (to delete, to pass nothing on) appear as the sender's duty to see that
//! they are kept, which most ways out cannot.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obligation {
    /// Record what went to whom and when.
    Log,
    /// Record the declared purpose as well.
    LogPurpose,
    /// Let the legal tags go with the object, so that the next hop is bound by them.
    CarryTags,
    /// Let the list of third-party owners go with the object.
    CarryOwners,
    /// Let the date of deletion go with the object.
    StateRetention,
    /// Let the name of the contract that binds the use go with the object.
    NameContract,
    /// Keep the signed declaration on which the release rests.
    RecordDeclaration,
    /// Record the ground, the receiving authority and the justification of a transfer by a law-enforcement authority.
    DocumentTransfer,
    /// Tell the consignee in writing the ECCN and that the exception is used.
    StaNotice,
    /// Count the release against value, quantity and end of a licence.
    DecrementLicence,
    /// Send the statement that forbids retransfer without approval.
    RetransferNotice,
    /// Register the use of a general authorisation with the national authority.
    RegisterUse,
    /// Keep the record of the release five years.
    KeepFiveYears,
    /// See that the recipient passes nothing on.
    NoOnward,
    /// See that the recipient deletes the object in time.
    Purge,
    /// Show it on a screen and hand nothing over.
    DisplayOnly,
}

use Obligation::{
    CarryOwners, CarryTags, DecrementLicence, DisplayOnly, DocumentTransfer, KeepFiveYears, Log, LogPurpose, NameContract, NoOnward, Purge,
    RecordDeclaration, RegisterUse, RetransferNotice, StaNotice, StateRetention,
};

impl Obligation {
    /// Every obligation, in the order of the list.
    pub const ALL: [Self; 16] = [
        Log,
        LogPurpose,
        CarryTags,
        CarryOwners,
        StateRetention,
        NameContract,
        RecordDeclaration,
        DocumentTransfer,
        StaNotice,
        DecrementLicence,
        RetransferNotice,
        RegisterUse,
        KeepFiveYears,
        NoOnward,
        Purge,
        DisplayOnly,
    ];

    /// The obligation called `name`, in any case and with spaces or hyphens: as in tables, and as labels of policy `HANDLING` write it.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase().replace(' ', "-");
        Self::ALL.into_iter().find(|obligation| obligation.describe().0 == name)
    }

    /// Its name in tables, what it asks for, and where it stands.
    #[must_use]
    pub fn describe(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Log => ("log", "record what went to whom and when", "GDPR Art. 5(2), 30(1)(d); LED Art. 25"),
            LogPurpose => ("log-purpose", "record the declared purpose", "GDPR Art. 5(1)(b), 30(1)(b)"),
            CarryTags => ("carry-tags", "let the legal tags go with the object", "GDPR Art. 44; (EU) 2021/821 Art. 11(9)"),
            CarryOwners => ("carry-owners", "let the list of owners go with the object", "C-M(2002)49-REV1, third-party rule"),
            StateRetention => ("state-retention", "let the date of deletion go with the object", "GDPR Art. 5(1)(e), 30(1)(f)"),
            NameContract => ("name-contract", "let the name of the contract go with the object", "the contract"),
            RecordDeclaration => ("record-declaration", "keep the signed declaration", "GDPR Art. 2(2)(a); Art. 4(2) TEU"),
            DocumentTransfer => ("document-transfer", "record ground, authority and justification", "LED Art. 37(3), 38(3), 39(4)"),
            StaNotice => ("sta-notice", "tell the consignee the ECCN and that STA is used", "15 CFR 740.20(d)"),
            DecrementLicence => ("decrement-licence", "count against the licence", "22 CFR 123.22; 15 CFR 750.7"),
            RetransferNotice => ("retransfer-notice", "send the destination control statement", "22 CFR 123.9(b)"),
            RegisterUse => ("register-use", "register the use with the national authority", "(EU) 2021/821, Annex II, A"),
            KeepFiveYears => ("keep-five-years", "keep the record five years", "15 CFR 762.6; 22 CFR 122.5; (EU) 2021/821 Art. 27"),
            NoOnward => ("no-onward", "see that nothing is passed on", "C-M(2002)49-REV1, originator control"),
            Purge => ("purge", "see that the recipient deletes in time", "GDPR Art. 5(1)(e), 17(1)(a)"),
            DisplayOnly => ("display-only", "show and hand nothing over", "the owner's condition"),
        }
    }
}

impl fmt::Display for Obligation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.describe().0)
    }
}

/// A set of obligations, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Obligation>", into = "Vec<Obligation>")]
pub struct ObligationSet(u32);

/// What TAXII and `relto export` can see to, and nothing else. Each was weighed:
///
/// - [`Log`], [`LogPurpose`]: the node decides per profile and label, knows both, and writes down in its journal who may get what under which
///   law from when on, with the facts that it was decided on.
/// - [`CarryTags`], [`CarryOwners`], [`StateRetention`], [`NameContract`]: all four are values of the object's marking, which goes in its bytes
///   and in the marking-definition that goes along. The recipient is told; whether it obeys is its own duty. Of tags that stand beside the
///   object it is not told: see [`BESIDE_FULFILS`].
/// - [`RecordDeclaration`]: the release rests on a row of the instrument table, and that row is the record.
///
/// Not [`DocumentTransfer`] (nobody writes a justification while a page is served), [`StaNotice`] and [`RetransferNotice`] (a page has no room
/// for a statement to the consignee), [`DecrementLicence`] (nothing counts), [`RegisterUse`] (an act towards an authority),
/// [`KeepFiveYears`] (Relto prunes no log, and cannot say that its operator does not: a site that keeps them adds it), [`NoOnward`],
/// [`Purge`] and [`DisplayOnly`] (what was handed over is out of reach).
pub const EXCHANGE_FULFILS: ObligationSet =
    ObligationSet::of(&[Log, LogPurpose, CarryTags, CarryOwners, StateRetention, NameContract, RecordDeclaration]);

/// What TAXII and `relto export` can see to of tags that stand beside the object: nothing tells the recipient of them.
pub const BESIDE_FULFILS: ObligationSet =
    EXCHANGE_FULFILS.minus(ObligationSet::of(&[CarryTags, CarryOwners, StateRetention, NameContract]));

impl ObligationSet {
    /// The set of `obligations`.
    #[must_use]
    pub const fn of(mut obligations: &[Obligation]) -> Self {
        let mut bits = 0;
        while let [first, rest @ ..] = obligations {
            bits |= 1 << (*first as u32);
            obligations = rest;
        }
        Self(bits)
    }

    /// Every obligation: what a way out would have to see to so that none stands in the way.
    #[must_use]
    pub const fn all() -> Self {
        Self::of(&Obligation::ALL)
    }

    /// Both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in `self` and not in `other`.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all of `self` is in `other`.
    #[must_use]
    pub const fn is_subset(self, other: Self) -> bool {
        self.minus(other).0 == 0
    }

    /// Whether `obligation` is in the set.
    #[must_use]
    pub const fn contains(self, obligation: Obligation) -> bool {
        self.0 & (1 << (obligation as u32)) != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The obligations in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = Obligation> {
        Obligation::ALL.into_iter().filter(move |obligation| self.contains(*obligation))
    }
}

impl From<Vec<Obligation>> for ObligationSet {
    fn from(list: Vec<Obligation>) -> Self {
        Self::of(&list)
    }
}

impl From<ObligationSet> for Vec<Obligation> {
    fn from(set: ObligationSet) -> Self {
        set.iter().collect()
    }
}

impl fmt::Display for ObligationSet {
    /// The names with commas between them; `none` for the empty set.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.iter().map(|obligation| obligation.describe().0).collect::<Vec<_>>().join(", ");
        out.write_str(if names.is_empty() { "none" } else { &names })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_each_and_names_are_those_of_serde() {
        for obligation in Obligation::ALL {
            let set = ObligationSet::of(&[obligation]);
            assert_eq!(set.iter().collect::<Vec<_>>(), [obligation]);
            assert_eq!(serde_json::to_string(&obligation).unwrap(), format!("\"{obligation}\""));
            assert_eq!(serde_json::from_str::<ObligationSet>(&serde_json::to_string(&set).unwrap()).unwrap(), set);
            assert!(set.is_subset(ObligationSet::all()) && !set.is_empty());
            assert_eq!(Obligation::find(&obligation.to_string().to_uppercase().replace('-', " ")), Some(obligation));
        }
        assert_eq!(ObligationSet::all().iter().count(), Obligation::ALL.len());
        assert_eq!(ObligationSet::default().to_string(), "none");
        assert_eq!(Obligation::find(crate::policy::DISPLAY_ONLY), Some(DisplayOnly));
        assert_eq!(Obligation::find("none"), None);
    }

    #[test]
    fn what_was_handed_over_is_out_of_reach() {
        for beyond in [NoOnward, Purge, DisplayOnly, StaNotice, DecrementLicence] {
            assert!(!EXCHANGE_FULFILS.contains(beyond));
        }
    }
}
