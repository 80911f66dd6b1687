//! Examining what was consented to: records that cannot be read, that nothing stands under or asks for, and consents that end.

use relto_gate::LabelId;
use relto_model::{ObjectId, Stamp};
use relto_policy::dated::in_days;
use relto_policy::law::{Consent, ConsentedTo, Subject};
use relto_policy::pending::subjects;
use relto_store::{Bodies, Snapshot, held};

use super::{Ailments, REVIEW_DAYS};
use crate::consents::{Kept, kept};
use crate::error::StoreError;
use crate::facts::Facts;
use crate::ingest::Eyes;
use crate::records::ConsentRecord;

/// How consents stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConsentExamination {
    /// How many there are for objects that are here.
    pub held: u64,
    /// Records that cannot be read, by their objects, where that is known: what they said opens nothing.
    pub unreadable: Ailments,
    /// Objects that are gone, or of which the version is gone that was consented to.
    pub gone: Ailments,
    /// Objects whose label asks for no such consent.
    pub unasked: Ailments,
    /// Those that end within [`REVIEW_DAYS`] or have ended, the earliest first.
    pub ending: Vec<Ending>,
}

/// A consent that ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ending {
    /// First instant at which it no longer holds.
    pub until: Stamp,
    /// The object.
    pub object: ObjectId,
    /// Whose it is.
    pub subject: Subject,
    /// To whom the object goes until then.
    pub recipient: ConsentedTo,
}

/// Examines every record. `under` says what stands under a number.
pub(super) fn examine(
    facts: &Facts,
    snapshot: &dyn Snapshot,
    now: Stamp,
    under: &dyn Fn(LabelId) -> Option<ObjectId>,
) -> Result<ConsentExamination, StoreError> {
    let mut found = ConsentExamination::default();
    for kept in kept(snapshot)? {
        match kept {
            Kept::Unreadable { key, label } => {
                let object = label.and_then(under).map_or_else(|| format!("record {key}"), |id| id.to_string());
                found.unreadable.add(&object);
            }
            Kept::Record(label, record) => found.record(facts, snapshot, label, &record, now)?,
        }
    }
    found.ending.sort();
    Ok(found)
}

impl ConsentExamination {
    fn record(
        &mut self,
        facts: &Facts,
        snapshot: &dyn Snapshot,
        label: LabelId,
        record: &ConsentRecord,
        now: Stamp,
    ) -> Result<(), StoreError> {
        let ConsentRecord { object, consents } = record;
        // All were withdrawn; the record says that the number is the object's alone.
        if consents.is_empty() {
            return Ok(());
        }
        let rows = Eyes::open_as_custodian(held(snapshot, object, None, Bodies::Without)?);
        if !rows.iter().any(|row| row.label == label) {
            self.gone.add(object.as_str());
            return Ok(());
        }
        let asked: Vec<Subject> = facts.gate.labels().get(label).into_iter().flat_map(|label| subjects(label)).collect();
        if consents.iter().any(|consent| !asked.contains(&consent.subject)) {
            self.unasked.add(object.as_str());
        }
        self.held += consents.len() as u64;
        self.ending.extend(consents.iter().filter_map(|consent| ending(object, consent, in_days(now, REVIEW_DAYS))));
        Ok(())
    }
}

fn ending(object: &ObjectId, consent: &Consent, by: Stamp) -> Option<Ending> {
    let until = consent.until.filter(|until| *until <= by)?;
    let (object, subject, recipient) = (object.clone(), consent.subject.clone(), consent.recipient.clone());
    Some(Ending { until, object, subject, recipient })
}
