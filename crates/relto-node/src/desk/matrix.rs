//! Objects by recipients: what follows from each label for each of them, rule by rule.
//!
//! Labels alone decide here. What was consented to beside an object that is here already opens nothing in a matrix: a writer may see one of its
//! addressees, which is himself, and is not told of the others.

use std::collections::HashMap;
use std::sync::Arc;

use relto_gate::LabelId;
use relto_model::Label;
use relto_policy::release_check::{Check, check};
use relto_policy::{LabelContext, banner_parts, display};
use sha2::{Digest as _, Sha256};

use super::carrying::{CarriedOut, Placed, Writer};
use super::{DESK_RECIPIENTS_MAX, DeskCell, DeskFinding, DeskLabel, DeskMatrix, DeskObject, DeskRecipient};
use crate::explaining::{self, Decision, Rule, agreement, disabled, explain_alone, explain_label, explain_site, not_agreed, unreadable};
use crate::facts::{Account, Facts};
use crate::partners::PartnerState;
use crate::records::{CollectionRecord, Role};
use crate::searching::title_of;

/// Whether `account` looks after the releases of the node itself, and so knows whom it releases to: a release officer of its own organisation.
pub(super) fn sees_recipients(facts: &Facts, account: &Account) -> bool {
    facts.directory.answers_for_labels(account)
}

/// What was carried out, as `writer` is shown it. `facts` hold the labels that came with it.
pub(super) fn matrix(facts: &Facts, writer: &Writer, name: &str, given: &super::carrying::Given, done: CarriedOut) -> DeskMatrix {
    let account = &writer.account;
    let is_owner = sees_recipients(facts, account);
    let (columns, further) = recipients(facts, account, is_owner);
    let (labels, places) = labels(facts, &done.objects);
    let owner = account.record.organisation.as_str();
    let shown = labels.iter().map(|(id, label, objects)| {
        let of = |account: &Account| cell(facts, account, *id, &writer.collection, owner);
        DeskLabel {
            words: is_owner.then(|| display(label, &facts.gate.rules().policies)),
            banner: banner_parts(label, &facts.gate.rules().policies, facts.gate.now()),
            objects: *objects,
            cells: columns.iter().map(|account| of(account)).collect(),
            further: further.iter().filter(|account| of(account).decision == Decision::Released).count(),
        }
    });
    let shown: Vec<DeskLabel> = shown.collect();
    let join = labels.iter().map(|(_, label, _)| label.as_ref().clone()).reduce(|all, label| all.join(&label));
    let banner = join.map(|label| banner_parts(&label, &facts.gate.rules().policies, facts.gate.now())).unwrap_or_default();
    let context = LabelContext { made: facts.gate.now(), owner: owner.to_owned(), collection: Some(writer.collection.id.clone()) };
    let mut objects: Vec<DeskObject> = (done.objects.into_iter().zip(places))
        .map(|(placed, at)| DeskObject {
            title: title_of(placed.object.value()),
            given: given.get(placed.object.id()).cloned(),
            findings: labels.get(at).map(|(_, label, _)| findings(facts, &placed, label, &context)).unwrap_or_default(),
            id: placed.object.id().clone(),
            label: at,
            is_present: placed.is_present,
            notes: placed.notes,
        })
        .collect();
    objects.sort_by_key(|object| object.label);
    let mut matrix = DeskMatrix {
        name: name.to_owned(),
        collection: (writer.collection.name.clone(), writer.collection.title.clone()),
        recipients: columns.iter().map(|column| recipient(column, account)).collect(),
        further: further.len(),
        labels: shown,
        objects,
        refused: done.refused,
        may_publish: account.record.role == Role::ReleaseOfficer && !writer.collection.second_person,
        banner,
        digest: String::new(),
    };
    // Nothing is in it but what is shown: it goes along with the page.
    matrix.digest = hex::encode(Sha256::digest(format!("{matrix:?}")));
    matrix
}

/// Who has a column, and the accounts that have none.
fn recipients<'f>(facts: &'f Facts, own: &'f Arc<Account>, is_owner: bool) -> (Vec<&'f Arc<Account>>, Vec<&'f Arc<Account>>) {
    if !is_owner {
        return (vec![own], Vec::new());
    }
    let all = facts.directory.accounts.values();
    let is_left = |account: &Arc<Account>| account.partner.as_ref().is_some_and(|partner| partner.state == PartnerState::Left);
    let mut columns: Vec<&Arc<Account>> = all.filter(|account| !is_left(account)).collect();
    columns.sort_by_key(|account| account.partner.is_none());
    let further = columns.split_off(columns.len().min(DESK_RECIPIENTS_MAX));
    (columns, further)
}

fn recipient(account: &Account, own: &Account) -> DeskRecipient {
    DeskRecipient {
        name: account.record.name.clone(),
        organisation: account.record.organisation.clone(),
        is_partner: account.partner.is_some(),
        is_self: account.name == own.name,
    }
}

/// A label that objects have: its number, what it is, and how many have it.
type Had<'f> = (LabelId, &'f Arc<Label>, usize);

/// The labels of `objects` in the order in which they first stand, and the place of each object's. Objects for addressees have a number each; those
/// under one label stand together.
fn labels<'f>(facts: &'f Facts, objects: &[Placed]) -> (Vec<Had<'f>>, Vec<usize>) {
    let mut all: Vec<Had<'f>> = Vec::new();
    let mut known: HashMap<&'f Label, usize> = HashMap::new();
    let mut places = Vec::with_capacity(objects.len());
    for placed in objects {
        let Some(label) = facts.gate.labels().get(placed.label) else {
            places.push(usize::MAX);
            continue;
        };
        let at = *known.entry(label.as_ref()).or_insert_with(|| {
            all.push((placed.label, label, 0));
            all.len() - 1
        });
        all.get_mut(at).into_iter().for_each(|(_, _, count)| *count += 1);
        places.push(at);
    }
    (all, places)
}

/// What follows for one account from what `owner` wrote under the label into `collection`.
fn cell(facts: &Facts, account: &Account, label: LabelId, collection: &CollectionRecord, owner: &str) -> DeskCell {
    let (gate, now) = (&facts.gate, facts.gate.now());
    let mut rules: Vec<Rule> = explain_alone(gate.labels(), gate.rules(), account, label, now, "");
    rules.extend(explain_site(gate, gate.labels(), account, label, ""));
    rules.extend(explain_label(gate.labels(), gate.rules(), account, collection.label, now, "collection: "));
    rules.extend(explain_site(gate, gate.labels(), account, collection.label, "collection: "));
    rules.extend((!collection.can_read).then(unreadable));
    let of = gate.labels().get(label).map(|known| (known.as_ref(), gate.labels().consents(label).unwrap_or_default()));
    let placed = explaining::Placed { collection: Some(collection), label: of, owner };
    rules.extend(not_agreed(facts, account, &placed, now).into_iter().map(agreement));
    rules.extend(disabled(account));
    let decision = rules.iter().map(|rule| rule.verdict).max().unwrap_or(Decision::Withheld);
    let because = rules.into_iter().filter(|rule| !rule.met).map(|rule| (rule.rule, rule.because)).collect();
    DeskCell { decision, because }
}

fn findings(facts: &Facts, placed: &Placed, label: &Label, context: &LabelContext) -> Vec<DeskFinding> {
    let found = check(&placed.object, &Check { label, rules: facts.gate.rules(), context, words: &[] });
    let shown = found.into_iter().map(|finding| DeskFinding {
        pointer: finding.pointer,
        what: finding.what.name().to_owned(),
        snippet: finding.snippet,
        why: finding.why,
    });
    shown.collect()
}
