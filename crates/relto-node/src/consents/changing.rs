//! Changing what stands beside the label numbers of objects, and what that opens and closes for everybody.

use std::collections::BTreeMap;

use relto_gate::{Arrival, LabelId};
use relto_model::ObjectId;
use relto_policy::law::Consent;
use relto_store::{Held, RecordKind, part_key};

use super::{key, record_beside};
use crate::error::StoreError;
use crate::node::Writing;
use crate::records::{ConsentRecord, PartsRecord};
use crate::relabel::{Along, Moves, carry_all, goes_along, grant, markings_of, standing};

/// Consents that change together: what follows from them for everybody is worked out once.
pub(crate) struct Changing {
    event: Arrival,
    numbers: Vec<(LabelId, LabelId)>,
    along: Along,
}

impl Changing {
    pub(crate) fn begin(writing: &mut Writing<'_>) -> Self {
        Self { event: writing.draw(), numbers: Vec::new(), along: Along::new() }
    }

    /// Changes the consents beside `rows`, which are all of `id`: each is given a number that is the object's alone, if it has none.
    pub(crate) fn change(
        &mut self,
        writing: &mut Writing<'_>,
        id: &ObjectId,
        rows: &[Held],
        put: &dyn Fn(&mut Vec<Consent>),
    ) -> Result<(), StoreError> {
        let mut numbers = BTreeMap::<LabelId, LabelId>::new();
        for row in rows {
            let own = match numbers.get(&row.label) {
                Some(known) => *known,
                None => own_number(writing, id, row.label, put)?,
            };
            numbers.insert(row.label, own);
            self.renumber(writing, row, own)?;
        }
        self.numbers.extend(numbers);
        Ok(())
    }

    /// Puts `consents` beside `rows` of `id`, which have one label number; where that `is_shared` with other rows, under another one.
    pub(crate) fn replace(
        &mut self,
        writing: &mut Writing<'_>,
        id: &ObjectId,
        rows: &[Held],
        consents: Vec<Consent>,
        is_shared: bool,
    ) -> Result<(), StoreError> {
        let Some(label) = rows.first().map(|row| row.label) else { return Ok(()) };
        if !is_shared {
            return self.change(writing, id, rows, &|known| known.clone_from(&consents));
        }
        let known = writing.label(label)?;
        let own = writing.add_label_of(&known, &ConsentRecord { object: id.clone(), consents })?;
        rows.iter().try_for_each(|row| self.renumber(writing, row, own))?;
        self.numbers.push((label, own));
        Ok(())
    }

    fn renumber(&mut self, writing: &mut Writing<'_>, row: &Held, own: LabelId) -> Result<(), StoreError> {
        if own != row.label {
            let markings = markings_of(writing, row)?;
            writing.transaction.relabel(row.collection, row.arrival, own)?;
            keep_ways(writing, row, own)?;
            goes_along(&mut self.along, markings, own);
        }
        Ok(())
    }

    /// Who gains and loses by all of it.
    pub(crate) fn finish(self, writing: &mut Writing<'_>) -> Result<Moves, StoreError> {
        carry_all(writing, self.along)?;
        writing.facts_changed();
        let after = writing.facts_then()?;
        let mut moves = Moves::default();
        for (before, own) in self.numbers {
            let wanted = standing(writing, [&writing.before.gate, &after.gate], [before, own], self.event, &mut moves);
            grant(writing, own, &wanted);
        }
        Ok(moves.sorted())
    }
}

/// The label of `row` is another number and the same label: it is shown in part as before.
fn keep_ways(writing: &mut Writing<'_>, row: &Held, own: LabelId) -> Result<(), StoreError> {
    let record = PartsRecord::of(&*writing.transaction, row)?;
    record.map_or(Ok(()), |record| writing.put(RecordKind::Part, &part_key(row.arrival), &PartsRecord { whole: own, ..record }))
}

/// The number of `id` alone for what stands under `label`, with its consents changed by `put`.
pub(super) fn own_number(
    writing: &mut Writing<'_>,
    id: &ObjectId,
    label: LabelId,
    put: &dyn Fn(&mut Vec<Consent>),
) -> Result<LabelId, StoreError> {
    if let Some(mut record) = record_beside(&*writing.transaction, label)?.filter(|record| record.object == *id) {
        put(&mut record.consents);
        writing.put(RecordKind::Consent, &key(label), &record)?;
        return Ok(label);
    }
    let known = writing.label(label)?;
    let mut record = ConsentRecord { object: id.clone(), consents: Vec::new() };
    put(&mut record.consents);
    writing.add_label_of(&known, &record)
}
