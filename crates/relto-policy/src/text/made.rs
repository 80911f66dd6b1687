//! Labels that are made without words: of a TLP colour, of organisations, and of what was received.

use relto_model::label::Clause;
use relto_model::{Facet, Label, PolicyId, Value};

use super::LabelContext;
use crate::policy::{ADDRESSEES, ORG, ORGANISATIONS, TLP, tlp};

/// The TLP label of `level` for an object of `context`.
///
/// GREEN is for all accounts and partners, which is everybody who can ask; AMBER for the owner, the collection's recipients and their
/// clients; AMBER+STRICT without the clients; RED for nobody but whom somebody names for the one object ([`pending`](crate::pending)).
#[must_use]
pub fn tlp_label(level: u8, context: &LabelContext) -> Label {
    let facet = Facet::at_level(level);
    let recipients = || {
        let collection = context.collection.clone().map(Value::RecipientsOf);
        collection.into_iter().chain([Value::Organisation(context.owner.clone())])
    };
    let facet = match level {
        tlp::CLEAR | tlp::GREEN => facet,
        tlp::AMBER => {
            let clients = context.collection.clone().map(Value::ClientsOf);
            facet.only(Clause::new(ORGANISATIONS, recipients().chain(clients)))
        }
        tlp::AMBER_STRICT => facet.only(Clause::new(ORGANISATIONS, recipients())),
        _ => facet.only(Clause::new(ADDRESSEES, [])),
    };
    Label::new(PolicyId::new(TLP), facet)
}

/// `label` as `organisation` reads it, to whom the object was sent: what is TLP:AMBER is for its originator and for it. The recipients of the
/// collection that it keeps the object in are its own, and no more recipients of the originator than their clients are.
#[must_use]
pub fn received_by(label: Label, organisation: &str) -> Label {
    let tlp = PolicyId::new(TLP);
    label.map(|mut facets| {
        if let Some(facet) = facets.get_mut(&tlp) {
            let clauses = std::mem::take(&mut facet.permissive).into_iter().map(|mut clause| {
                if clause.values.iter().any(|value| matches!(value, Value::RecipientsOf(_))) {
                    clause.values.retain(|value| !matches!(value, Value::RecipientsOf(_) | Value::ClientsOf(_)));
                    clause.values.insert(Value::Organisation(organisation.to_owned()));
                }
                clause
            });
            facet.permissive = clauses.collect();
        }
        facets
    })
}

/// The label that admits `organisations` and nobody else; of an empty list, nobody.
#[must_use]
pub fn organisation_label<'n>(organisations: impl IntoIterator<Item = &'n str>) -> Label {
    let values = organisations.into_iter().map(|name| Value::Organisation(name.to_owned()));
    Label::new(PolicyId::new(ORG), Facet::at_level(0).only(Clause::new(ORGANISATIONS, values)))
}
