//! What becomes of consents here: those that come, those that this node gives, and those that end.

use std::collections::{BTreeMap, BTreeSet};

use relto_gate::LabelId;
use relto_model::object::Object;
use relto_model::{ObjectId, Stamp};
use relto_policy::dated::in_days;
use relto_policy::dsse::PinnedKeys;
use relto_policy::law::{Consent, ConsentedTo, Subject};
use relto_policy::pending::subjects;
use relto_store::{Bodies, Held, RecordKind, held};
use serde_json::json;

use super::{Claim, Concerned, KeptStatement, Said, kept_on, public, request};
use crate::consents::{Changing, record_beside};
use crate::error::StoreError;
use crate::facts::decode;
use crate::ingest::Eyes;
use crate::node::Writing;
use crate::partners::notice::{self, What};
use crate::partners::release;
use crate::relabel::Moves;
use crate::remove::removed_rows;

/// What has come and is to hold: [`settle`] does that, once for all.
#[derive(Default)]
pub(in crate::partners) struct Fresh {
    /// The objects, those among them that have come themselves: a consent to them can be here already.
    pub(in crate::partners) objects: BTreeSet<ObjectId>,
    /// The statements, by their keys.
    statements: BTreeSet<String>,
}

/// Keeps what `claim` says, which `from` brought, and has those told whom it concerns; or says why it is not believed. What is older than what is
/// known, or this node's own, changes nothing.
pub(in crate::partners) fn keep(
    writing: &mut Writing<'_>,
    from: &str,
    claim: &Claim,
    pinned: &PinnedKeys,
    fresh: &mut Fresh,
) -> Result<Result<(), String>, StoreError> {
    let said = match claim.verified(pinned) {
        Ok(said) => said,
        Err(why) => return Ok(Err(why)),
    };
    if said.consent.subject.organisation() == Some(writing.before.directory.node.organisation.as_str()) {
        return Ok(Ok(()));
    }
    if let Some(why) = refusal(writing, from, &said)? {
        return Ok(Err(why.to_owned()));
    }
    let key = said.key();
    let known = writing.transaction.record(RecordKind::ConsentStatement, &key)?;
    let known: Option<KeptStatement> = known.map(|known| decode("consent statement", &key, &known)).transpose()?;
    if known.as_ref().is_some_and(|known| known.outdoes(&said)) {
        return Ok(Ok(()));
    }
    let (object, refused) = (said.object.clone(), known.and_then(|known| known.refused));
    let kept = KeptStatement { said, statement: Some(claim.statement.clone()), refused };
    writing.put(RecordKind::ConsentStatement, &key, &kept)?;
    let Said { consent, withdrawn, sha256, .. } = &kept.said;
    let rows = rows_with(writing, &object, sha256)?;
    fresh.objects.insert(object.clone());
    fresh.statements.insert(key);
    if rows.is_empty() {
        return Ok(Ok(()));
    }
    for partner in told_of(writing, &object, consent, &rows)?.into_iter().filter(|partner| partner != from) {
        notice::put(writing, &partner, Some(&object), What::Labels(vec![claim.statement.clone()]))?;
    }
    writing.journal(&json!({"act": "consent taken", "through": from, "object": object.as_str(), "of": consent.subject.to_string(),
        "to": consent.recipient.to_string(), "until": consent.until.map(|until| until.to_string()), "withdrawn": withdrawn}))?;
    Ok(Ok(()))
}

/// Why what is signed is not taken from `from`. A statement is good for whom it names and for whoever has asked: in other hands nobody would hear
/// of its end. Whoever consents may say it to anybody.
fn refusal(writing: &Writing<'_>, from: &str, said: &Said) -> Result<Option<&'static str>, StoreError> {
    let directory = &writing.before.directory;
    let partner = directory.partner(from);
    if !said.withdrawn && !partner.is_some_and(|partner| partner.flows_at(writing.stamp)) {
        return Ok(Some("nothing flows from whoever brings the consent"));
    }
    if said.issued > in_days(writing.stamp, 1) {
        return Ok(Some("the consent is dated in the future"));
    }
    let is_givers = partner.is_some_and(|partner| said.consent.subject.organisation() == Some(partner.account.organisation.as_str()));
    let is_named = match &said.consent.recipient {
        ConsentedTo::Organisation(name) => *name == directory.node.organisation,
        ConsentedTo::Nation(code) => *code == directory.node.nation,
        ConsentedTo::Person(_) => false,
    };
    if is_givers || is_named || request::has_asked(writing, &said.object, &said.consent.recipient)? {
        return Ok(None);
    }
    Ok(Some("the consent names nobody here, and nobody here has asked for it"))
}

impl KeptStatement {
    /// Whether `said`, which is on the same consent, brings nothing new.
    fn outdoes(&self, said: &Said) -> bool {
        let is_same = (&self.said.consent, self.said.withdrawn) == (&said.consent, said.withdrawn);
        let is_refused = !said.withdrawn && self.refused.is_some_and(|until| said.consent.from <= until);
        // What a label has ended is said again, at that very moment, by whoever still consents.
        let is_old = said.issued < self.said.issued || (said.issued == self.said.issued && self.statement.is_some());
        is_old || is_refused || (is_same && self.statement.is_some())
    }
}

/// Has what is fresh hold: every statement that has just come for what is here, and every one that is kept for what has just come.
pub(in crate::partners) fn settle(writing: &mut Writing<'_>, fresh: Fresh) -> Result<(), StoreError> {
    let mut changing = None;
    let mut changed = Vec::new();
    for id in fresh.objects {
        let rows = Eyes::open_as_custodian(held(&*writing.transaction, &id, None, Bodies::With)?);
        let mut alike: BTreeMap<LabelId, BTreeMap<(String, bool), Vec<Held>>> = BTreeMap::new();
        for row in &rows {
            if let Some(sha256) = sha256_of(writing, row) {
                let is_new = row.added == writing.stamp;
                alike.entry(row.label).or_default().entry((sha256, is_new)).or_default().push(row.clone());
            }
        }
        let mut is_changed = false;
        for (label, contents) in alike {
            let asked: BTreeSet<Subject> = writing.labels().get(label).into_iter().flat_map(|label| subjects(label)).collect();
            let is_shared = contents.len() > 1;
            for ((sha256, is_new), rows) in contents {
                let mut kept = kept_on(&*writing.transaction, &sha256)?;
                kept.retain(|kept| asked.contains(&kept.said.consent.subject));
                kept.retain(|kept| is_new || fresh.statements.contains(&kept.said.key()));
                let before = record_beside(&*writing.transaction, label)?.filter(|record| record.object == id);
                let before = before.map(|record| record.consents).unwrap_or_default();
                let mut after = before.clone();
                kept.iter().for_each(|kept| kept.said.put(&mut after));
                if after != before {
                    let begun = changing.get_or_insert_with(|| Changing::begin(writing));
                    // A consent is to one content: another that has the same number keeps what it has.
                    begun.replace(writing, &id, &rows, after, is_shared)?;
                    is_changed = true;
                }
            }
        }
        if is_changed {
            changed.push((id, rows));
        }
    }
    let Some(changing) = changing else { return Ok(()) };
    let Moves { lost, .. } = changing.finish(writing)?;
    // Of this node's own objects, partners that may have them no more are told; others hear it from whoever wrote them.
    changed
        .iter()
        .try_for_each(|(id, rows)| notice::tell_of_label(writing, id, rows, &|partner| lost.iter().any(|lost| lost == partner.name())))
}

/// Those of `rows` whose content is `digest` have another label as of `issued`, which takes away what was consented to before (decision 0016). Equal
/// content of somebody else keeps its label, and its consents.
pub(in crate::partners) fn end_with_label(
    writing: &mut Writing<'_>,
    id: &ObjectId,
    rows: &[Held],
    digest: &[u8; 32],
    issued: Stamp,
) -> Result<(), StoreError> {
    let sha256 = hex::encode(digest);
    let alike = rows_with(writing, id, &sha256)?;
    if alike.iter().any(|other| !rows.iter().any(|row| row.owner == other.owner)) {
        return Ok(());
    }
    let issued = issued.min(writing.stamp);
    for KeptStatement { said, refused, .. } in kept_on(&*writing.transaction, &sha256)? {
        let ended = KeptStatement { said: Said { withdrawn: true, issued: issued.max(said.issued), ..said }, statement: None, refused };
        writing.put(RecordKind::ConsentStatement, &ended.said.key(), &ended)?;
    }
    Ok(())
}

/// What was consented to for `rows` of `id` from now on is said to those whom it concerns, as far as this node's organisation consents itself;
/// `withdrawn` is what holds no more.
pub(crate) fn tell(
    writing: &mut Writing<'_>,
    id: &ObjectId,
    rows: &[Held],
    given: &[Consent],
    withdrawn: &[Consent],
) -> Result<(), StoreError> {
    let node = writing.before.directory.node.clone();
    let is_own = |consent: &Consent| consent.subject.organisation() == Some(node.organisation.as_str());
    for sha256 in rows.iter().filter_map(|row| sha256_of(writing, row)).collect::<BTreeSet<_>>() {
        let said = |consent: &Consent| Said {
            object: id.clone(),
            sha256: sha256.clone(),
            consent: public(consent, &node.organisation),
            withdrawn: true,
            issued: writing.stamp,
        };
        for key in given.iter().filter(|consent| is_own(consent)).map(|consent| said(consent).key()).collect::<Vec<_>>() {
            writing.transaction.forget(RecordKind::ConsentStatement, &key)?;
        }
        for (said, is_own) in withdrawn.iter().map(|consent| (said(consent), is_own(consent))).collect::<Vec<_>>() {
            let known = writing.transaction.record(RecordKind::ConsentStatement, &said.key())?.is_some();
            let kept = match (is_own, known) {
                // Without a key nothing was ever said to anybody.
                (true, _) if !node.signing_keys().is_empty() => {
                    KeptStatement { statement: Some(said.statement(&node)?), said, refused: None }
                }
                (false, true) => KeptStatement { refused: Some(writing.stamp), statement: None, said },
                _ => continue,
            };
            writing.put(RecordKind::ConsentStatement, &kept.said.key(), &kept)?;
        }
    }
    let directory = &writing.before.directory;
    let is_own_row = |owner: &str| !directory.is_partners(owner);
    let gone = if rows.is_empty() { removed_rows(&*writing.transaction, id, &is_own_row)? } else { Vec::new() };
    let mut partners = BTreeSet::new();
    for consent in given.iter().chain(withdrawn) {
        partners.extend(told_of(writing, id, consent, rows)?);
        // Of what was deleted here nothing is left that could be said; whoever has it is to destroy it.
        for partner in concerned(writing, id, consent)? {
            if release::any_of(&*writing.transaction, &partner, &gone)? {
                notice::put(writing, &partner, Some(id), What::Withdrawal)?;
            }
        }
    }
    notice::tell_of_label(writing, id, rows, &|partner| partners.contains(partner.name()))
}

/// The partners to which one of `rows` of `id` was released and whom `consent` concerns.
fn told_of(writing: &Writing<'_>, id: &ObjectId, consent: &Consent, rows: &[Held]) -> Result<Vec<String>, StoreError> {
    let arrivals: Vec<_> = rows.iter().map(|row| row.arrival).collect();
    let mut told = Vec::new();
    for partner in concerned(writing, id, consent)? {
        if release::any_of(&*writing.transaction, &partner, &arrivals)? {
            told.push(partner);
        }
    }
    Ok(told)
}

/// The partners whom `consent` to the release of `id` concerns.
fn concerned(writing: &Writing<'_>, id: &ObjectId, consent: &Consent) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for partner in writing.before.directory.partners() {
        if Concerned::of(&*writing.transaction, partner)?.by(id, consent) {
            names.push(partner.name().to_owned());
        }
    }
    Ok(names)
}

/// SHA-256 of the canonical form of what `row` holds, in hexadecimal.
fn sha256_of(writing: &Writing<'_>, row: &Held) -> Option<String> {
    Some(hex::encode(Object::parse(row.body.clone(), writing.node.kinds()).ok()?.digest()))
}

fn rows_with(writing: &Writing<'_>, id: &ObjectId, sha256: &str) -> Result<Vec<Held>, StoreError> {
    let mut rows = Eyes::open_as_custodian(held(&*writing.transaction, id, None, Bodies::With)?);
    rows.retain(|row| sha256_of(writing, row).as_deref() == Some(sha256));
    Ok(rows)
}
