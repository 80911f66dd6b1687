//! Giving an object another label, up or down: an act of the custodian, with a reason, in the journal.
//!
//! Who could see it before and still can keeps it where it was, but for a partner to which it was never released; who gains it gets it as new. Both
//! are said by the label number alone: the object gets one at which every account stands as it must (see `LabelTable`). One relabelling is one event: what somebody gains by it stands
//! as in a batch that has just arrived, versions first and then the markings that go along, so that the order does not tell it was there.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use relto_gate::{Arrival, Gained, Gate, LabelId};
use relto_model::object::Object;
use relto_model::{Label, ObjectId};
use relto_policy::law::Consent;
use relto_policy::legal::beside;
use relto_policy::{LabelContext, LabelError, display};
use relto_store::{Bodies, CollectionKey, Held, RecordKind, held, part_key};

use crate::addressees::{asks, named};
use crate::consents::forget_left;
use crate::error::StoreError;
use crate::ingest::{Carried, Eyes, carry};
use crate::labels::{marking_ids, of_first_owner, reading_of};
use crate::node::{Node, Writing};
use crate::partners::{label_said, not_released, tell_of_label};
use crate::records::ConsentRecord;

/// Why an object keeps its label.
#[derive(Debug, thiserror::Error)]
pub enum RelabelError {
    /// There is no such object on this node.
    #[error("there is no object `{0}` on this node")]
    Absent(ObjectId),
    /// An addressee is no account.
    #[error("there is no user `{0}` to address: `relto user list` shows all")]
    Addressee(String),
    /// The label cannot be read.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What relabelling changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Relabelled {
    /// Versions that have the label now.
    pub rows: usize,
    /// The label in words.
    pub label: String,
    /// Accounts that see it now and did not before.
    pub gained: Vec<String>,
    /// Accounts that saw it before and do not now.
    pub lost: Vec<String>,
}

impl Node {
    /// Gives every version of `id` the label written `text`, whatever it had, and journals `reason`.
    ///
    /// # Errors
    /// [`RelabelError`]; then nothing has changed.
    pub fn relabel(&self, id: &ObjectId, text: &str, reason: &str) -> Result<Relabelled, RelabelError> {
        self.relabel_for(id, text, reason, &[])
    }

    /// As [`Node::relabel`], with the accounts that TLP:RED goes to.
    ///
    /// # Errors
    /// [`RelabelError`]; then nothing has changed.
    pub fn relabel_for(&self, id: &ObjectId, text: &str, reason: &str, addressees: &[String]) -> Result<Relabelled, RelabelError> {
        self.write(|writing| {
            if let Some(unknown) = addressees.iter().find(|name| !writing.before.directory.accounts.contains_key(*name)) {
                return Err(RelabelError::Addressee(unknown.clone()));
            }
            let rows = held(&*writing.transaction, id, None, Bodies::With).map_err(StoreError::from)?;
            let rows = Eyes::Custodian.open(writing, rows);
            if rows.is_empty() {
                return Err(RelabelError::Absent(id.clone()));
            }
            let before: BTreeSet<String> = rows.iter().map(|row| crate::labels::shown(&writing.before.gate, row.label)).collect();
            let by = &writing.before.directory.node.organisation;
            let addressed = named(addressees, by, "relto label set", writing.before.directory.node.evaluated);
            let result = relabel_rows(writing, id, &rows, addressed, &mut |writing, row| {
                let label = meant(writing, row, text)?;
                // What a partner wrote goes to nobody here to whom its writer does not let it go: it can be narrowed, and let go again.
                Ok::<_, RelabelError>(match label_said(writing, row)? {
                    Some(said) => said.join(&label),
                    None => label,
                })
            })?;
            tell_of_label(writing, id, &rows, &|_| true)?;
            let act = serde_json::json!({"act": "label set", "object": id.as_str(), "label": result.label, "addressees": addressees,
                "before": before, "reason": reason});
            writing.journal(&act)?;
            Ok(result)
        })
    }
}

/// Gives each of `rows`, which are all of `id`, the label that `meant` says for it.
///
/// # Errors
/// What `meant` returns; or [`StoreError`].
pub(crate) fn relabel_rows<E: From<StoreError>>(
    writing: &mut Writing<'_>,
    id: &ObjectId,
    rows: &[Held],
    addressees: Vec<Consent>,
    meant: &mut dyn FnMut(&mut Writing<'_>, &Held) -> Result<Label, E>,
) -> Result<Relabelled, E> {
    let (mut result, mut moves, mut along) = (Relabelled::default(), Moves::default(), Along::new());
    let event = writing.draw();
    let mut beside = Beside::new(id, addressees);
    let is_new_to = not_released(writing, rows)?;
    for row in rows {
        let label = meant(writing, row)?;
        result.label = display(&label, &writing.before.gate.rules().policies);
        let markings = markings_of(writing, row)?;
        let event = Event { arrival: event, is_new_to: is_new_to.get(&row.arrival) };
        let target = move_row(writing, row, &label, &mut beside, &event, &mut moves)?;
        goes_along(&mut along, markings, target);
        result.rows += 1;
    }
    carry_all(writing, along)?;
    let gate = writing.before.gate.clone();
    // Nobody consented to what the object is from now on.
    forget_left(writing, id, rows.iter().map(|row| row.label).filter(|label| gate.labels().consents(*label).is_some()))?;
    Moves { gained: result.gained, lost: result.lost } = moves.sorted();
    writing.facts_changed();
    Ok(result)
}

/// The label that `text` means for the object of `row`; the id of a marking-definition means what that marking means.
fn meant(writing: &mut Writing<'_>, row: &Held, text: &str) -> Result<Label, RelabelError> {
    let collection = writing.before.directory.collection_of(row.collection).map(|collection| collection.id.clone());
    let context = LabelContext { made: writing.stamp, owner: row.owner.clone(), collection };
    let label = writing.read_label(text, &context)??;
    Ok(with_its_own(writing, row, &label)?)
}

/// `label` for the object of `row`: what the object's own markings say goes along with it; of the rest nobody is told.
pub(crate) fn with_its_own(writing: &Writing<'_>, row: &Held, label: &Label) -> Result<Label, StoreError> {
    let own = Object::parse(row.body.clone(), writing.node.kinds()).ok();
    let own = own.map(|object| reading_of(&object, row, &writing.before, &*writing.transaction)).transpose()?;
    Ok(beside(label, own.and_then(|own| own.label).as_ref()))
}

/// A marking-definition of a row, as it stands under the row's label.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Marking {
    collection: CollectionKey,
    id: ObjectId,
    version: String,
    owner: String,
    body: Bytes,
}

/// The marking-definitions that go along, each with the label numbers at which it must be. They are in order of what they are, which says
/// nothing of the order in which the rows that carry them arrived.
pub(crate) type Along = BTreeMap<Marking, BTreeSet<LabelId>>;

/// The marking-definitions of `row`, as those who see it under its present label see them.
pub(crate) fn markings_of(writing: &Writing<'_>, row: &Held) -> Result<Vec<Marking>, StoreError> {
    let Ok(object) = Object::parse(row.body.clone(), writing.node.kinds()) else { return Ok(Vec::new()) };
    let node = &writing.before.directory.node.organisation;
    let mut markings = Vec::new();
    for id in marking_ids(&object) {
        let mut rows = Eyes::open_as_custodian(held(&*writing.transaction, &id, Some(row.collection), Bodies::With)?);
        rows.retain(|other| other.label == row.label);
        let first = of_first_owner(rows, &[&row.owner, node]).into_iter().next();
        markings.extend(first.map(|Held { version, owner, body, .. }| Marking { collection: row.collection, id, version, owner, body }));
    }
    Ok(markings)
}

/// Adds to `along` that `markings` must be at `target` as well.
pub(crate) fn goes_along(along: &mut Along, markings: Vec<Marking>, target: LabelId) {
    for marking in markings {
        along.entry(marking).or_default().insert(target);
    }
}

/// Makes them visible to whoever sees what carries them under its new label.
pub(crate) fn carry_all(writing: &mut Writing<'_>, along: Along) -> Result<(), StoreError> {
    for (Marking { collection, id, version, owner, body }, labels) in along {
        carry(writing, collection, &Carried { id: &id, version: &version, owner: &owner, body: &body }, labels)?;
    }
    Ok(())
}

/// What stands beside the label of a relabelled object: whom it is for, where the label leaves that open.
struct Beside<'i> {
    id: &'i ObjectId,
    addressees: Vec<Consent>,
    /// The numbers that the object was given for each label.
    numbers: BTreeMap<Label, Vec<LabelId>>,
}

impl<'i> Beside<'i> {
    fn new(id: &'i ObjectId, addressees: Vec<Consent>) -> Self {
        Self { id, addressees, numbers: BTreeMap::new() }
    }

    /// Whether the object has a number of its own under `label`.
    fn is_apart(&self, label: &Label) -> bool {
        !self.addressees.is_empty() && asks(label)
    }

    /// The numbers that the object can have under `label`. Any other with consents beside it is another object's alone, or was this one's.
    fn known(&self, writing: &Writing<'_>, label: &Label) -> Vec<LabelId> {
        if self.is_apart(label) {
            return self.numbers.get(label).cloned().unwrap_or_default();
        }
        let is_shared = |id: &LabelId| writing.labels().consents(*id).is_none();
        writing.labels().iter().filter(|(_, known)| known.as_ref() == label).map(|(id, _)| id).filter(is_shared).collect()
    }

    /// One more number for `label`.
    fn add(&mut self, writing: &mut Writing<'_>, label: &Label) -> Result<LabelId, StoreError> {
        if !self.is_apart(label) {
            return writing.add_label(label, false);
        }
        let id = writing.add_label_of(label, &ConsentRecord { object: self.id.clone(), consents: self.addressees.clone() })?;
        self.numbers.entry(label.clone()).or_default().push(id);
        Ok(id)
    }
}

/// One relabelling of a row.
struct Event<'r> {
    /// Where it stands in the order of arrivals.
    arrival: Arrival,
    /// The partners to which the row was never released.
    is_new_to: Option<&'r BTreeSet<String>>,
}

impl Event<'_> {
    /// To a partner that never got the row it is new under another label, although the partner might have had it before: perhaps its label could not
    /// be said to that partner, which passed it by.
    fn offer_anew(&self, writing: &Writing<'_>, wanted: &mut Standing) {
        for partner in self.is_new_to.into_iter().flatten() {
            if let Some(gained) = wanted.get_mut(partner) {
                *gained = Some(Gained { arrival: self.arrival, since: writing.stamp });
            }
        }
    }
}

/// Gives the row the label, which whoever gains it gains by `event`, and returns its number.
fn move_row(
    writing: &mut Writing<'_>,
    row: &Held,
    label: &Label,
    beside: &mut Beside<'_>,
    event: &Event<'_>,
    moves: &mut Moves,
) -> Result<LabelId, StoreError> {
    let label = &label.clone().since(writing.stamp);
    // How everybody stands to any number of it that is to hand; one that is new is nobody's yet, and can be what is wanted.
    let (any, is_new) = match beside.known(writing, label).first() {
        Some(known) => (*known, false),
        None if beside.is_apart(label) => (beside.add(writing, label)?, true),
        None => (writing.intern(label)?, false),
    };
    let gate = writing.acting_gate();
    let mut wanted = standing(writing, [&gate, &gate], [row.label, any], event.arrival, moves);
    if writing.labels().get(row.label).is_none_or(|before| before.as_ref() != label) {
        event.offer_anew(writing, &mut wanted);
    }
    let fitting = beside.known(writing, label).into_iter().find(|id| fits(writing, *id, row.arrival, &wanted));
    let target = match fitting {
        Some(fitting) => fitting,
        None if is_new => any,
        None => beside.add(writing, label)?,
    };
    if fitting.is_none() {
        grant(writing, target, &wanted);
    }
    writing.transaction.relabel(row.collection, row.arrival, target)?;
    // It is labelled as a whole now.
    writing.transaction.forget(RecordKind::Part, &part_key(row.arrival))?;
    Ok(target)
}

/// Lets every account stand to `label` as `wanted` says.
pub(crate) fn grant(writing: &mut Writing<'_>, label: LabelId, wanted: &Standing) {
    for (account, gained) in wanted {
        if let Some(gained) = gained {
            writing.grant(account, label, *gained);
        }
    }
}

/// How each account that will see the row must stand to its label: gained when, or as it arrived.
pub(crate) type Standing = BTreeMap<String, Option<Gained>>;

/// Accounts that gained something, and accounts that lost something.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    pub gained: Vec<String>,
    pub lost: Vec<String>,
}

impl Moves {
    /// The same in order, each account once.
    pub(crate) fn sorted(mut self) -> Self {
        for names in [&mut self.gained, &mut self.lost] {
            names.sort();
            names.dedup();
        }
        self
    }
}

/// How every account must stand to what goes from the first of `labels`, as the first of `gates` decides, to the other: whoever sees both
/// keeps it where it was, and whoever gains it does so by `event`. Who gains and who loses is added to `moves`.
pub(crate) fn standing(writing: &Writing<'_>, gates: [&Gate; 2], labels: [LabelId; 2], event: Arrival, moves: &mut Moves) -> Standing {
    let ([gate_before, gate_after], [before, after]) = (gates, labels);
    let mut wanted = Standing::new();
    for (name, account) in &writing.before.directory.accounts {
        let sees = gate_before.release(name, &account.profile).permits(before);
        match (sees, gate_after.release(name, &account.profile).permits(after)) {
            (true, true) => {
                wanted.insert(name.clone(), writing.gained(name, before));
            }
            (false, true) => {
                wanted.insert(name.clone(), Some(Gained { arrival: event, since: writing.stamp }));
                moves.gained.push(name.clone());
            }
            (true, false) => moves.lost.push(name.clone()),
            (false, false) => {}
        }
    }
    wanted
}

/// Whether every account already stands to `label` as wanted. A gain before the row arrived changes nothing for it.
fn fits(writing: &Writing<'_>, label: LabelId, row: Arrival, wanted: &Standing) -> bool {
    let effective = |gained: Option<Gained>| gained.filter(|gained| gained.arrival > row);
    wanted.iter().all(|(name, gained)| effective(writing.gained(name, label)) == effective(*gained))
}
