//! What is proposed to alter a decision does, and all of it is needed.

use relto_model::Stamp;
use relto_policy::law::{Consent, ConsentedTo, Subject};
use relto_policy::smallest::{Step, smallest_changes};
use relto_policy::{Clearance, Profile, Verdict};

use super::*;

/// Every change that is proposed alters the decision, and none of its steps can be left out: each step is taken here by its own meaning, not by
/// the code that proposed it, where the recipient alone changes.
#[test]
fn every_proposed_change_alters_the_decision_and_is_needed_whole() {
    let mut draw = Draw(11);
    let mut proposed = [0u64; 2];
    for _ in 0..PAIRS / 5 {
        let (rules, now, label, profile) = (rules(&mut draw), time(&mut draw), label(&mut draw), profile(&mut draw));
        let changes = smallest_changes(&profile, &label, &rules, now);
        let is_released = fast(&profile, &label, &rules, now) == Verdict::Permit;
        for change in changes {
            let steps: Vec<&Step> = change.0.iter().collect();
            let released = |(profile, named): (Profile, Vec<Consent>)| reads(&profile, &label, &named, &rules, now);
            let Some(all) = taken(&profile, &steps, now) else { continue };
            proposed[usize::from(is_released)] += 1;
            assert_ne!(released(all), is_released, "{change:?}\n{profile:?}\n{label:?}");
            for mask in 0..(1usize << steps.len().min(10)) - 1 {
                let some: Vec<&Step> = (0..steps.len()).filter(|at| mask >> at & 1 == 1).map(|at| steps[at]).collect();
                assert_eq!(released(taken(&profile, &some, now).unwrap()), is_released, "{change:?}\n{profile:?}\n{label:?}");
            }
        }
    }
    assert!(proposed.iter().all(|proposed| *proposed > PAIRS / 200), "{proposed:?}");
}

/// `profile` once `steps` are taken, and whom they name; `None` when one of them is not on the recipient's side.
fn taken(profile: &Profile, steps: &[&Step], now: Stamp) -> Option<(Profile, Vec<Consent>)> {
    let (mut profile, mut named) = (profile.clone(), Vec::new());
    for step in steps {
        match step {
            Step::Clearance(policy, level) => {
                profile.clearances.insert(Clearance { policy: policy.clone(), level: *level, until: None });
            }
            Step::Access(policy, held) => {
                profile.accesses.insert((policy.clone(), held.clone()));
            }
            Step::Recipient(collection) => {
                profile.recipient_of.insert(collection.clone());
            }
            Step::EndClearance(clearance) => profile.clearances.retain(|held| held != clearance),
            Step::EndAccess(policy, access) => profile.accesses.retain(|(of, held)| (of, held) != (policy, access)),
            Step::Leave(membership) => profile.groups.retain(|held| held != membership),
            Step::EndRecipient(collection) => {
                profile.recipient_of.retain(|held| held != collection);
                profile.client_of.retain(|held| held != collection);
            }
            Step::Addressee(_, name) => named.push(Consent {
                subject: Subject::Addressees,
                recipient: ConsentedTo::Person(name.clone()),
                purpose: None,
                from: now,
                until: None,
                by: "anna".to_owned(),
                reference: "7".to_owned(),
            }),
            _ => return None,
        }
    }
    Some((profile, named))
}
