//! Every call fails once, in a store of its own: afterwards the store holds the state before or after the transaction that was under way,
//! never one between, and works on.

use std::ops::ControlFlow;
use std::sync::Arc;

use relto_gate::{Arrival, LabelId};
use relto_model::Stamp;

use super::content::{Content, Row, add_labels, everything, id, scanned};
use crate::backend::{Backend, BackendError, Batch, Journal, Scan, Transaction};
use crate::entry::CollectionKey;
use crate::fault::{Fault, Faulty};
use crate::record::RecordKind;

const HERE: CollectionKey = CollectionKey(1);
const THERE: CollectionKey = CollectionKey(7);

/// Runs the script with a fault at its first call, its second, and so on, until there is no further call.
pub(super) fn every_call(fresh: &dyn Fn() -> Box<dyn Backend>) {
    let states = script(&*fresh());
    assert!(states.is_ok(), "the script without a fault: {states:?}");
    let states = states.unwrap_or_default();
    assert!(states.iter().zip(states.iter().skip(1)).all(|(before, after)| before != after), "each transaction changes the state");
    for fault in [Fault::Undone, Fault::Done] {
        let mut nth = 1;
        while survive(Arc::from(fresh()), nth, fault, &states) {
            nth += 1;
        }
        assert!(nth > 40, "the script makes {nth} calls");
    }
}

type Step = fn(&mut dyn Transaction) -> Result<(), BackendError>;

/// The script's transactions, in order.
const STEPS: [Step; 4] = [found, fill, change, clear];

/// The states before, between and after the transactions.
fn script(store: &dyn Backend) -> Result<Vec<Content>, BackendError> {
    let mut states = vec![Content::read(&*store.read()?)?];
    for at in 0..STEPS.len() {
        step(store, at)?;
        states.push(Content::read(&*store.read()?)?);
    }
    Ok(states)
}

/// Whether the script had an n-th call that failed.
fn survive(inner: Arc<dyn Backend>, nth: u64, fault: Fault, states: &[Content]) -> bool {
    let store = Faulty::new(inner);
    store.fail(nth, fault);
    let mut acknowledged = 0;
    let failed = (0..STEPS.len()).any(|at| {
        let result = step(&store, at);
        acknowledged += usize::from(result.is_ok());
        result.is_err()
    });
    if store.heal() {
        return false;
    }
    assert!(failed, "the failure of call {nth} ({fault:?}) is reported");
    let found = content(&store);
    let at = [acknowledged, acknowledged + 1].into_iter().find(|at| states.get(*at).is_some_and(|state| Some(state) == found.as_ref()));
    assert!(at.is_some(), "call {nth} failed ({fault:?}) after {acknowledged} transactions and left a state between: {found:?}");
    let at = at.unwrap_or(acknowledged);
    assert!(at == acknowledged || fault == Fault::Done, "what failed undone at call {nth} did not happen");
    for later in at..STEPS.len() {
        let result = step(&store, later);
        assert!(result.is_ok(), "after call {nth} failed ({fault:?}), transaction {later}: {result:?}");
    }
    assert_eq!(content(&store).as_ref(), states.last(), "the script ends as it would have without the failure of call {nth}");
    true
}

fn content(store: &dyn Backend) -> Option<Content> {
    let read = store.read().and_then(|snapshot| Content::read(&*snapshot));
    assert!(read.is_ok(), "reading after a fault: {read:?}");
    read.ok()
}

/// Reads as a request does, then runs the n-th transaction.
fn step(store: &dyn Backend, at: usize) -> Result<(), BackendError> {
    let snapshot = store.read()?;
    let last = snapshot.arrival()?;
    snapshot.arrival_at(Stamp(1))?;
    scanned(&*snapshot, &Scan { collection: HERE, labels: &[LabelId(0), LabelId(1)], ..everything() })?;
    drop(snapshot);
    let mut transaction = store.write()?;
    assert_eq!(transaction.arrival()?, last, "nobody else writes");
    transaction.last_stamp()?;
    if let Some(act) = STEPS.get(at) {
        act(&mut *transaction)?;
    }
    let number = u64::try_from(at).unwrap_or(0) * 10 + 10;
    transaction.commit(Batch { stamp: Stamp(i64::try_from(number).unwrap_or(0)), last: Arrival(number) })
}

fn found(transaction: &mut dyn Transaction) -> Result<(), BackendError> {
    add_labels(transaction)?;
    transaction.put(RecordKind::Node, "node", b"{}")?;
    transaction.append(&Journal { at: Stamp(1), act: "init".to_owned() })
}

fn fill(transaction: &mut dyn Transaction) -> Result<(), BackendError> {
    (11..15).try_for_each(|at| Row::new(at, HERE, 0, "tool").insert(transaction))?;
    Row::new(15, THERE, 2, "malware").insert(transaction)?;
    transaction.rows_of(&id("tool", 11), Some(HERE), true, &mut |_| ControlFlow::Continue(()))?;
    transaction.tally(HERE).map(drop)
}

fn change(transaction: &mut dyn Transaction) -> Result<(), BackendError> {
    transaction.relabel(HERE, Arrival(11), LabelId(1))?;
    transaction.mark_siblings(HERE, Arrival(13))?;
    transaction.remove(HERE, Arrival(12))?;
    transaction.put(RecordKind::Node, "node", b"{1}")?;
    Row::new(25, HERE, 3, "campaign").insert(transaction)
}

fn clear(transaction: &mut dyn Transaction) -> Result<(), BackendError> {
    transaction.records(RecordKind::Node)?;
    transaction.record(RecordKind::Node, "node")?;
    transaction.labels()?;
    transaction.journal(1)?;
    transaction.forget(RecordKind::Node, "node")?;
    transaction.remove(THERE, Arrival(15))?;
    transaction.append(&Journal { at: Stamp(2), act: "clear".to_owned() })
}
