//! Addressees: to whom TLP:RED goes, object by object. They are consents (decision 0016), named when an object is loaded or relabelled, or
//! later by [`Node::add_consent`](crate::Node::add_consent).
//!
//! What refers to an object goes to nobody to whom that does not go. Its label says so of everything but addressees, which no label holds:
//! so it has those that all it refers to have in common, fixed when it is written, as its label is.

use std::rc::Rc;

use relto_gate::{LabelId, LabelTable};
use relto_model::label::Clause;
use relto_model::{Label, Stamp, Value};
use relto_policy::law::{Consent, ConsentedTo, Subject};
use relto_policy::pending::{of_audience, subjects};

/// The addressees of something; `None` where its label asks for none, and leaves them to whatever else is asked.
pub(crate) type Addressees = Option<Rc<[Consent]>>;

/// Whether what carries `label` is for addressees, now or at one of its dates.
pub(crate) fn asks(label: &Label) -> bool {
    subjects(label).any(|subject| subject == Subject::Addressees)
}

/// The naming of the accounts `names` by `by`, which is recorded in `reference`. It holds from `since`: for an object that arrives, from when
/// what everybody may see was last worked out, since a naming that begins later would be a change, by which they gain the object as new.
pub(crate) fn named(names: &[String], by: &str, reference: &str, since: Stamp) -> Vec<Consent> {
    let one = |name: &String| Consent {
        subject: Subject::Addressees,
        recipient: ConsentedTo::Person(name.clone()),
        purpose: None,
        from: since,
        until: None,
        by: by.to_owned(),
        reference: reference.to_owned(),
    };
    let mut all: Vec<Consent> = names.iter().map(one).collect();
    all.sort();
    all.dedup();
    all
}

/// The addressees at `now` of what stands under the number `id`: those named for it, and those whom a label from before they stood beside it
/// names itself.
pub(crate) fn of_number(labels: &LabelTable, id: LabelId, now: Stamp) -> Addressees {
    let label = labels.get(id).filter(|label| asks(label))?;
    let beside = labels.consents(id).unwrap_or_default().iter();
    let beside = beside.filter(|consent| consent.subject == Subject::Addressees && consent.holds(now)).cloned();
    // Since ever: where anybody else was named too, that says since when.
    Some(named(&named_in(label), "its label", "the label itself", Stamp(0)).into_iter().chain(beside).collect())
}

/// Those of `addressees` whom `label` does not name itself: what is to stand beside it.
pub(crate) fn beside(label: &Label, addressees: &[Consent]) -> Vec<Consent> {
    let within: Vec<ConsentedTo> = named_in(label).into_iter().map(ConsentedTo::Person).collect();
    addressees.iter().filter(|consent| !within.contains(&consent.recipient)).cloned().collect()
}

/// The accounts that every clause of addressees in `label` names.
fn named_in(label: &Label) -> Vec<String> {
    let facets = label.facets_ever();
    let clauses = facets.flat_map(|(policy, facet)| facet.permissive.iter().filter(move |clause| of_audience(policy, clause).is_some()));
    let clauses: Vec<&Clause> = clauses.collect();
    let persons = clauses.first().into_iter().flat_map(|clause| &clause.values);
    let in_all = persons.filter(|person| clauses.iter().all(|clause| clause.values.contains(*person)));
    in_all.filter_map(|value| if let Value::Person(name) = value { Some(name.clone()) } else { None }).collect()
}

/// The addressees of what is for those of `one` and of `other` alike.
pub(crate) fn in_common(one: &Addressees, other: &Addressees) -> Addressees {
    match (one, other) {
        (Some(one), Some(other)) if Rc::ptr_eq(one, other) => Some(one.clone()),
        (Some(one), Some(other)) => Some(one.iter().flat_map(|own| other.iter().filter_map(|their| both(own, their))).collect()),
        (one, other) => one.as_ref().or(other.as_ref()).cloned(),
    }
}

/// The naming that holds when and for what both do.
fn both(own: &Consent, their: &Consent) -> Option<Consent> {
    let purpose = match (&own.purpose, &their.purpose) {
        (Some(own), Some(their)) if own != their => return None,
        (own, their) => own.as_ref().or(their.as_ref()).cloned(),
    };
    let until = own.until.into_iter().chain(their.until).min();
    (own.recipient == their.recipient).then(|| Consent { purpose, from: own.from.max(their.from), until, ..own.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(addressees: &Addressees) -> Vec<String> {
        let one = |consent: &Consent| format!("{} for {:?} until {:?}", consent.recipient, consent.purpose, consent.until.map(|at| at.0));
        addressees.iter().flat_map(|all| all.iter()).map(one).collect()
    }

    /// Named in `names`, with a purpose after `/` and an end after `@`.
    fn of(names: &[&str]) -> Addressees {
        let one = |text: &&str| {
            let (text, until) = text.split_once('@').map_or((*text, None), |(text, until)| (text, until.parse().ok().map(Stamp)));
            let (name, purpose) = text.split_once('/').map_or((text, None), |(name, purpose)| (name, Some(purpose.to_owned())));
            named(&[name.to_owned()], "a", "b", Stamp(1)).into_iter().map(move |consent| Consent {
                purpose: purpose.clone(),
                until,
                ..consent
            })
        };
        Some(names.iter().flat_map(one).collect())
    }

    #[test]
    fn what_is_in_common_is_no_more_than_either() {
        for (one, other, both) in [
            (of(&["anna", "ben"]), of(&["ben", "carl"]), "user:ben for None until None"),
            (of(&["anna@9"]), of(&["anna@7"]), "user:anna for None until Some(7)"),
            (of(&["anna/tax"]), of(&["anna"]), "user:anna for Some(\"tax\") until None"),
            (of(&["anna/tax"]), of(&["anna/war"]), ""),
            (of(&["anna"]), of(&[]), ""),
            (of(&["anna"]), None, "user:anna for None until None"),
        ] {
            assert_eq!(shown(&in_common(&one, &other)).join("; "), both);
            assert_eq!(shown(&in_common(&other, &one)).join("; "), both);
        }
        assert_eq!(in_common(&None, &None), None);
    }

    /// A label from before: who is named in it is an addressee, and stands there already.
    #[test]
    fn a_label_that_names_persons_keeps_its_meaning() {
        let clause = |names: &[&str]| Clause::new("Addressees", names.iter().map(|name| Value::Person((*name).to_owned())));
        let red = |names: &[&str]| Label::new(relto_model::PolicyId::new("TLP"), relto_model::Facet::at_level(5).only(clause(names)));
        let joined = red(&["anna", "ben"]).join(&red(&["ben", "carl"]));
        assert_eq!(named_in(&joined), ["ben"]);
        let all = named(&["ben".to_owned(), "carl".to_owned()], "a", "b", Stamp(1));
        assert_eq!(shown(&Some(beside(&joined, &all).into())), ["user:carl for None until None"]);
        let mut labels = LabelTable::default();
        labels.insert(LabelId(0), joined.into(), true);
        labels.set_consents(LabelId(0), all.into());
        let names: Vec<ConsentedTo> = of_number(&labels, LabelId(0), Stamp(2)).unwrap().iter().map(|one| one.recipient.clone()).collect();
        assert_eq!(names, ["ben", "ben", "carl"].map(|name| ConsentedTo::Person(name.to_owned())));
    }
}
