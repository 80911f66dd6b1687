//! Galaxies: the objects that their clusters stand for, related to what has them.

use serde_json::json;

use super::keeping::{members, said};
use super::{Part, Writing, shortened};
use crate::misp::items::{self, Item};
use crate::misp::{derived, galaxies};

impl Writing<'_> {
    /// What the galaxies of `item` stand for, related to its object where it has one.
    pub(super) fn galaxies(&mut self, item: &Item, part: &Part, of: Option<&str>) {
        for (at, galaxy) in items::list(item, "Galaxy") {
            let kind = items::text(galaxy, "type").unwrap_or_default();
            let around = self.part(galaxy, part, format!("{}/Galaxy/{at}", part.pointer));
            for (inner, cluster) in items::list(galaxy, "GalaxyCluster") {
                let pointer = format!("{}/Galaxy/{at}/GalaxyCluster/{inner}", part.pointer);
                let kind = items::text(cluster, "type").unwrap_or(kind);
                let part = self.part(cluster, &around, pointer);
                let written = match galaxies::object_kind(kind) {
                    Some(object) => self.cluster(object, cluster, &part),
                    None => Err(format!("`{}` is no galaxy that STIX has an object for", shortened(kind))),
                };
                match written {
                    Ok(id) => drop(of.map(|of| self.relate(of, &id, &part))),
                    Err(why) => self.not_told(part.pointer, &why),
                }
            }
        }
    }

    pub(super) fn cluster(&mut self, object: &str, cluster: &Item, part: &Part) -> Result<String, String> {
        let own = galaxies::properties(object, cluster).ok_or("a cluster without a name")?;
        let key = items::uuid(cluster).unwrap_or_else(|| said(&own, "name").unwrap_or_default().to_owned());
        let readers = part.markings.iter().cloned().collect::<Vec<_>>().join(" ");
        let id = format!("{object}--{}", derived(&[&self.uuid, "cluster", &key, &readers]));
        if self.known.contains(&id) {
            return Ok(id);
        }
        self.add_part(id, members(own), &Part { changed: self.changed, ..part.clone() })
    }

    pub(super) fn relate(&mut self, from: &str, to: &str, part: &Part) {
        let word = if from.starts_with("indicator--") { "indicates" } else { "related-to" };
        let id = format!("relationship--{}", derived(&[&self.uuid, from, word, to]));
        let own = members(json!({ "relationship_type": word, "source_ref": from, "target_ref": to }));
        if let Err(why) = self.add_part(id, own, part) {
            self.not_told(part.pointer.clone(), &why);
        }
    }
}
