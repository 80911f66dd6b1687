//! The censored twin across the wire: the same world without what one receiver may never see gives that receiver the same.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use relto_model::Label;

use super::judge::{Judge, Raw, rows};
use super::plan::Plan;
use super::{Lived, World};

/// Whose twin the world has: an honest node that exchanges with others, none of them hostile. Worlds whose stores fail have none, since a
/// store fails at a call, and there are other calls where there are other objects.
pub(super) fn witness(plan: &Plan) -> Option<usize> {
    let is_beside = |node: usize| plan.terms.iter().any(|terms| terms.here == node && Some(terms.there) == plan.hostile);
    let fetches = |node: usize| plan.terms.iter().any(|terms| terms.here == node && terms.pull);
    (0..plan.orgs.len()).find(|node| !plan.has_faults && plan.hostile != Some(*node) && fetches(*node) && !is_beside(*node))
}

/// Lives through the world without what `witness` never could see, and compares what it holds.
pub(super) fn compare(
    plan: &Plan,
    seed: u64,
    runtime: &Arc<tokio::runtime::Runtime>,
    world: &World<'_>,
    witness: usize,
    lived: &mut Lived,
) {
    let mut twin = World::new(plan, seed, runtime, Some(witness));
    twin.only = Some(world.open.clone());
    twin.refused = Some(world.ledger.refused.clone());
    twin.live();
    twin.check();
    let wrote = |world: &World<'_>| world.ledger.loaded;
    lived.censored = wrote(world) - wrote(&twin);
    let both = [world, &twin];
    let alone = both.into_iter().flat_map(|world| world.markings_alone(witness));
    let alone = alone.filter(|(_, id)| both.into_iter().any(|world| world.is_others_to_decide(id)));
    let outlived: BTreeSet<(String, String)> = alone.collect();
    let (full, twin) = (held(world, witness, &outlived), held(&twin, witness, &outlived));
    lived.compared = full.len();
    let only = |one: &BTreeSet<Shown>, other: &BTreeSet<Shown>| one.difference(other).cloned().collect::<Vec<_>>();
    assert!(
        full == twin,
        "seed {seed}: {} holds otherwise where what it may not see never was\n--- only with it: {:#?}\n--- only without: {:#?}",
        plan.orgs[witness].name,
        only(&full, &twin),
        only(&twin, &full)
    );
}

/// A row, as far as it must be the same: collection, id, version, content, owner, and the label in words, which do not name the instant as of
/// which a group is meant. Of a marking-definition several organisations can be the owner, and it goes along with whatever carries it; one that outlived
/// what carried it where it came from is in the twin only if that was (docs/leaks.md, "A marking that outlives what carried it").
type Shown = (String, String, String, Bytes, Option<(String, String)>);

fn held(world: &World<'_>, witness: usize, outlived: &BTreeSet<(String, String)>) -> BTreeSet<Shown> {
    let site = world.site(witness);
    let shown = |row: Raw| {
        let stands_alone = !row.id.starts_with("marking-definition--");
        let whose = stands_alone.then(|| (row.owner, site.node.label_in_words(&row.label)));
        (row.collection, row.id, row.version, row.body, whose)
    };
    let is_compared = |row: &Raw| !outlived.contains(&(row.collection.clone(), row.id.clone()));
    rows(site).into_iter().filter(is_compared).map(shown).collect()
}

/// A row's place at a node, and what stands there: node, then collection, id and version.
pub(super) type Standing = (usize, (String, String, String));

impl World<'_> {
    /// The marking-definitions at `witness` that nothing in their collection there carries.
    fn markings_alone(&self, witness: usize) -> Vec<(String, String)> {
        let all = rows(self.site(witness));
        let carries = |row: &Raw, marking: &Raw| {
            row.collection == marking.collection && row.id != marking.id && String::from_utf8_lossy(&row.body).contains(&marking.id)
        };
        let markings = all.iter().filter(|row| row.id.starts_with("marking-definition--"));
        let alone = markings.filter(|marking| !all.iter().any(|row| carries(row, marking)));
        alone.map(|row| (row.collection.clone(), row.id.clone())).collect()
    }

    /// Whether a marking-definition may be in one world and not in the other: several wrote it, of whom the first owns it at each node, where the others'
    /// waits; or something that carried it is gone where it was written, or has another label there.
    fn is_others_to_decide(&self, marking: &str) -> bool {
        let is_written = |all: &&BTreeSet<(String, String, Bytes)>| all.iter().any(|(id, _, _)| id == marking);
        let writers = self.ledger.written.values().filter(is_written).count();
        writers > 1 || self.honest().any(|(number, _)| self.is_gone_that_carried(number, marking))
    }

    /// Whether the node wrote something that carried the marking, and that is there no more or had another label before.
    fn is_gone_that_carried(&self, node: usize, marking: &str) -> bool {
        let there = rows(self.site(node));
        let is_there = |body: &Bytes| there.iter().any(|row| row.body == *body);
        let had_another = |id: &str| self.labels.iter().any(|((at, (_, of, _)), all)| *at == node && of == id && all.len() > 1);
        let written = self.ledger.written.get(&node).into_iter().flatten();
        let carried = written.filter(|(id, _, body)| id != marking && String::from_utf8_lossy(body).contains(marking));
        carried.into_iter().any(|(id, _, body)| !is_there(body) || had_another(id))
    }

    /// Notes what is open to the witness now, wherever it has an account, whether anything flows or not; and what it could see under a label that it
    /// had before, where something that is open refers to it and has kept that label (docs/leaks.md, "A label that something raised").
    pub(super) fn watch(&mut self) {
        let Some(witness) = self.witness else { return };
        let (mut open, mut labels) = (BTreeSet::new(), std::mem::take(&mut self.labels));
        for (number, site) in self.honest() {
            let there = rows(site);
            for row in &there {
                let what = (row.collection.clone(), row.id.clone(), row.version.clone());
                labels.entry((number, what)).or_default().insert(row.label.clone());
            }
            let judge = Judge::of(site);
            let Some(partner) = judge.partner(self.name(witness)) else { continue };
            let profile = judge.partner_profile(partner);
            let seen: Vec<&Raw> = there.iter().filter(|row| number == witness || judge.permits(&profile, &row.label)).collect();
            open.extend(seen.iter().map(|row| (row.collection.clone(), row.id.clone(), row.version.clone())));
            let is_named = |id: &str| seen.iter().any(|row| row.id != id && String::from_utf8_lossy(&row.body).contains(id));
            let could = |all: &BTreeSet<Label>| all.iter().any(|label| judge.permits(&profile, label));
            let once = labels.iter().filter(|((at, (_, id, _)), all)| *at == number && is_named(id) && could(all));
            open.extend(once.map(|((_, what), _)| what.clone()));
        }
        open.extend(rows(self.site(witness)).into_iter().map(|row| (row.collection, row.id, row.version)));
        self.labels = labels;
        self.open.append(&mut open);
    }
}
