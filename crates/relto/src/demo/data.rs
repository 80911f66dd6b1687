//! The objects of the demo, as they are shipped, and the files that `relto load` is given.

use std::collections::{BTreeMap, HashSet};
use std::io::Read as _;

use bytes::Bytes;
use relto_model::bundle;
use serde_json::Value as Json;

use crate::demo::policy::Policy;
use crate::demo::reckoning::id;
use crate::failure::Failure;

const ATLAS: &[u8] = include_bytes!("../../../../demo/atlas/stix-atlas.json.zst");
const OASIS: [(&str, &[u8]); 3] = [
    ("using-marking-definitions.json", include_bytes!("../../../../demo/oasis/using-marking-definitions.json")),
    ("interop-objectmarking-test.json", include_bytes!("../../../../demo/oasis/interop-objectmarking-test.json")),
    ("acs-spec-use-case-3.json", include_bytes!("../../../../demo/oasis/acs-spec-use-case-3.json")),
];
const WARNING: &[u8] = include_bytes!("../../../../demo/supply/warning.json");
/// Longest data set of the demo, unpacked.
const SET_BYTES_MAX: u64 = 4 << 20;

/// All of it.
#[derive(Debug)]
pub(super) struct Data {
    /// What is loaded, in order.
    pub loads: Vec<Load>,
}

/// One `relto load`.
#[derive(Debug)]
pub(super) struct Load {
    /// The collection's name.
    pub collection: &'static str,
    /// The label given with `--label`.
    pub label: String,
    /// What these objects are, in words.
    pub what: String,
    /// Whether what the objects refer to decides, too.
    pub as_what_it_refers_to: bool,
    /// File names and contents.
    pub files: Vec<(String, Bytes)>,
    /// The objects in the files that a node takes.
    pub objects: Vec<Json>,
    /// Why it refuses others, and how many: published data is not without faults.
    pub refused: BTreeMap<&'static str, usize>,
}

impl Data {
    /// The data that is shipped, labelled by `policy`.
    ///
    /// # Errors
    /// [`Failure`] when a file is damaged, or the policy has no rule for an object.
    pub(super) fn shipped(policy: &Policy) -> Result<Self, Failure> {
        let mut loads = atlas(policy)?;
        let files: Vec<(String, Bytes)> = OASIS.iter().map(|(name, content)| ((*name).to_owned(), Bytes::from_static(content))).collect();
        loads.push(load("oasis", &policy.oasis_label, "OASIS examples, and their own markings", files)?);
        let files = vec![("warning.json".to_owned(), Bytes::from_static(WARNING))];
        loads.push(load("supply", &policy.supply_label, "supply-disruption warning", files)?);
        Ok(Self { loads })
    }

    /// The loads of one collection.
    pub(super) fn of<'d>(&'d self, collection: &'d str) -> impl Iterator<Item = &'d Load> {
        self.loads.iter().filter(move |load| load.collection == collection)
    }
}

fn damaged(name: &str, error: &dyn std::error::Error) -> Failure {
    Failure::of(&format!("the demo's {name} cannot be read"), error)
}

fn load(collection: &'static str, label: &str, what: &str, files: Vec<(String, Bytes)>) -> Result<Load, Failure> {
    let mut objects = Vec::new();
    for (name, content) in &files {
        for raw in bundle::split(content).map_err(|error| damaged(name, &error))? {
            objects.push(serde_json::from_slice(&raw.bytes).map_err(|error| damaged(name, &error))?);
        }
    }
    let (objects, refused) = sifted(objects);
    Ok(Load { collection, label: label.to_owned(), what: what.to_owned(), as_what_it_refers_to: true, files, objects, refused })
}

/// ATLAS, one load for each rule; what takes its label from others comes after them.
fn atlas(policy: &Policy) -> Result<Vec<Load>, Failure> {
    let mut whole = Vec::new();
    let unpacked = zstd::stream::read::Decoder::new(ATLAS).and_then(|packed| packed.take(SET_BYTES_MAX).read_to_end(&mut whole));
    unpacked.map_err(|error| damaged("ATLAS", &error))?;
    let mut parts: Vec<(Vec<Bytes>, Vec<Json>)> = policy.rules.iter().map(|_| (Vec::new(), Vec::new())).collect();
    for raw in bundle::split(&whole.into()).map_err(|error| damaged("ATLAS", &error))? {
        let object: Json = serde_json::from_slice(&raw.bytes).map_err(|error| damaged("ATLAS", &error))?;
        let rule = policy.rule_for(&object).and_then(|at| parts.get_mut(at));
        let (bytes, objects) = rule.ok_or_else(|| Failure::new(format!("demo/policy.json has no rule for {}", raw.place)))?;
        bytes.push(raw.bytes);
        objects.push(object);
    }
    let mut loads = Vec::with_capacity(parts.len());
    for (number, (rule, (bytes, objects))) in policy.rules.iter().zip(parts).enumerate() {
        let (objects, refused) = sifted(objects);
        loads.push(Load {
            collection: "atlas",
            label: rule.label.clone(),
            what: rule.what.clone(),
            as_what_it_refers_to: rule.as_what_it_refers_to,
            files: vec![(format!("atlas-{}.json", number + 1), list(&bytes))],
            objects,
            refused,
        });
    }
    loads.sort_by_key(|load| load.as_what_it_refers_to);
    Ok(loads)
}

/// What of `objects` a node takes, and how many it refuses for which fault.
fn sifted(objects: Vec<Json>) -> (Vec<Json>, BTreeMap<&'static str, usize>) {
    let text = |object: &Json, key: &str| object.get(key).and_then(Json::as_str).map(str::to_owned);
    let mut known = HashSet::new();
    let mut refused = BTreeMap::new();
    let mut fault = |object: &Json| {
        // Both have the same digits in these data, so that they compare as texts.
        if text(object, "modified").is_some_and(|modified| Some(modified) < text(object, "created")) {
            Some("`modified` is before `created` (STIX 2.1, section 3.2)")
        } else if !known.insert(id(object).to_owned()) {
            Some("the id stands for another object of the same data already (section 3.6)")
        } else {
            None
        }
    };
    let taken = objects.into_iter().filter(|object| match fault(object) {
        Some(fault) => {
            *refused.entry(fault).or_default() += 1;
            false
        }
        None => true,
    });
    (taken.collect(), refused)
}

/// A list of objects, each as the bytes that it arrived in.
fn list(objects: &[Bytes]) -> Bytes {
    let mut text = vec![b'['];
    for (number, object) in objects.iter().enumerate() {
        text.extend_from_slice(if number == 0 { b"\n" } else { b",\n" });
        text.extend_from_slice(object);
    }
    text.extend_from_slice(b"\n]\n");
    text.into()
}
