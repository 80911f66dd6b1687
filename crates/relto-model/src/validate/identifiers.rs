//! Identifiers of cyber-observables (STIX 2.1, sections 2.9 and 3.4): the recommended ones follow from the content.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Checked, Walk};
use crate::ObjectId;
use crate::json::Step;
use crate::observable_id;

pub(super) fn check<'v>(walk: &mut Walk<'v>, map: &'v Map<String, Value>, id: &ObjectId) -> Checked {
    let Some(names) = observable_id::contributing(id.kind()) else { return Ok(()) };
    if !names.iter().any(|name| map.contains_key(*name)) {
        let random = Uuid::parse_str(id.uuid()).is_ok_and(|uuid| uuid.get_version_num() == 4);
        let wrong =
            |walk: &mut Walk<'v>| Err(walk.fault("2.9", "must be a random UUID (version 4), since nothing here identifies the object"));
        return if random { Ok(()) } else { walk.at(Step::Key("id"), wrong) };
    }
    if observable_id::of(id.kind(), map).as_ref() != Some(id) {
        walk.warn("a cyber-observable whose id does not follow from its content (STIX 2.1, section 3.4)");
    }
    Ok(())
}
