//! A delivery as it is read: each object with the statement that is on it, and what stands beside them.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use relto_model::kinds::Kinds;
use relto_model::object::Object;

use super::consent;
use crate::ingest::{Definitions, definitions};
use crate::partners::quarantine::{claimed, claimed_in};
use crate::partners::statement::{Claim, KIND};

/// One object with the statement beside it.
pub(super) struct Arriving {
    pub(super) object: Object,
    pub(super) claim: Option<Claim>,
}

/// What came, read.
pub(super) struct Parsed {
    pub(super) arriving: Vec<Arriving>,
    /// What is no valid object: the id and version that it claims, why, and its bytes.
    pub(super) broken: Vec<((String, String), String, Bytes)>,
    pub(super) definitions: Definitions,
    /// Statements on what is not in this delivery.
    pub(super) alone: Vec<Claim>,
    /// Consents, each as an object and as what it claims.
    pub(super) consents: Vec<(Object, consent::Claim)>,
    /// Objects whose statement cannot be read: what it says of them is not known, and may be more than they say themselves.
    pub(super) spoiled: HashSet<String>,
}

impl Parsed {
    /// Reads `objects`, each by itself: what is no valid object keeps nothing else back.
    pub(super) fn read(objects: &[Bytes], kinds: &Kinds) -> Self {
        let (mut read, mut broken) = (Vec::new(), Vec::new());
        for bytes in objects {
            match Object::parse(bytes.clone(), kinds) {
                Ok(object) => read.push(object),
                Err(error) => broken.push((claimed_in(bytes), error.to_string(), bytes.clone())),
            }
        }
        let mut parsed = Self::of(read);
        parsed.broken.append(&mut broken);
        parsed
    }

    /// Puts each statement beside the object that it is on.
    pub(super) fn of(objects: Vec<Object>) -> Self {
        let (mut broken, mut spoiled) = (Vec::new(), HashSet::new());
        let mut claims: HashMap<String, Vec<Claim>> = HashMap::new();
        let (given, objects): (Vec<Object>, Vec<Object>) = objects.into_iter().partition(|object| object.kind() == consent::KIND);
        let mut consents = Vec::new();
        for given in given {
            match consent::Claim::read(&given) {
                Ok(claim) => consents.push((given, claim)),
                Err(why) => broken.push((claimed(&given), why, given.bytes().clone())),
            }
        }
        let (statements, objects): (Vec<Object>, Vec<Object>) = objects.into_iter().partition(|object| object.kind() == KIND);
        for statement in statements {
            match Claim::read(&statement) {
                Ok(claim) => claims.entry(claim.object.clone()).or_default().push(claim),
                Err(why) => {
                    spoiled.extend(statement.value().get("object_ref").and_then(|of| of.as_str()).map(str::to_owned));
                    broken.push((claimed(&statement), why, statement.bytes().clone()));
                }
            }
        }
        let definitions = definitions(objects.iter());
        // Versions of one object come with a statement each, which names the very content.
        let mut take = |object: &Object, fits: &dyn Fn(&Claim) -> bool| {
            let of_id = claims.get_mut(object.id().as_str())?;
            of_id.iter().position(fits).map(|at| of_id.swap_remove(at))
        };
        let mut arriving: Vec<Arriving> =
            objects.into_iter().map(|object| Arriving { claim: take(&object, &|claim| claim.is_about(&object)), object }).collect();
        // A statement that is about other content leaves its object without one that holds.
        for one in arriving.iter_mut().filter(|one| one.claim.is_none()) {
            one.claim = take(&one.object, &|_| true);
        }
        Self { arriving, broken, definitions, alone: claims.into_values().flatten().collect(), consents, spoiled }
    }
}
