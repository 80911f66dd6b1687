//! What an event, an object or an attribute says of its readers.

use serde_json::{Value as Json, json};

use super::super::Refused;
use super::{Distribution, SharingGroup};

/// More tags on one item than this are refused.
const TAGS_MAX: usize = 1_024;

/// One of the things that an item stands in, or the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// How far it goes.
    pub distribution: Distribution,
    /// The group, when that is how far.
    pub group: Option<SharingGroup>,
    /// The names of its tags.
    pub tags: Vec<String>,
}

impl Layer {
    /// Reads an event.
    ///
    /// # Errors
    /// [`Refused`] when it does not say how far it goes.
    pub fn of_event(event: &Json) -> Result<Self, Refused> {
        let event = event.get("Event").unwrap_or(event);
        if event.get("distribution").is_none() {
            return Err(Refused::new("distribution", "an event that does not say how far it goes"));
        }
        Self::of_part(event)
    }

    /// Reads an object or an attribute of an event; one that does not say how far it goes goes as far as the event.
    ///
    /// # Errors
    /// [`Refused`] when what it says cannot be read.
    pub fn of_part(part: &Json) -> Result<Self, Refused> {
        let object = part.as_object().ok_or_else(|| Refused::new("MISP", "not an object"))?;
        let distribution = object.get("distribution").map_or(Ok(Distribution::Inherit), number)?;
        let group = object.get("SharingGroup").filter(|group| !group.is_null()).map(SharingGroup::parse).transpose()?;
        match (distribution, &group) {
            (Distribution::SharingGroup, None) => return Err(Refused::new("distribution 4", "the sharing group is not there")),
            (Distribution::SharingGroup, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err(Refused::new("SharingGroup", "a sharing group beside another distribution")),
        }
        Ok(Self { distribution, group, tags: object.get("Tag").map_or(Ok(Vec::new()), tags)? })
    }

    /// The members of an event's JSON that say the same.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let tags: Vec<Json> = self.tags.iter().map(|name| json!({"name": name})).collect();
        let mut written = json!({"distribution": self.distribution.number().to_string(), "Tag": tags});
        if let (Some(group), Some(members)) = (&self.group, written.as_object_mut()) {
            members.insert("SharingGroup".to_owned(), group.to_json());
        }
        written
    }
}

/// A distribution, written as a number or as its text.
fn number(value: &Json) -> Result<Distribution, Refused> {
    let number = value.as_u64().or_else(|| value.as_str().filter(|text| text.len() == 1).and_then(|text| text.parse().ok()));
    let found = number.and_then(|number| u8::try_from(number).ok()).and_then(Distribution::of_number);
    found.ok_or_else(|| Refused::new(&value.to_string(), "not a distribution"))
}

fn tags(value: &Json) -> Result<Vec<String>, Refused> {
    let wrong = || Refused::new("Tag", "not a list of tags with names");
    let tags = value.as_array().filter(|tags| tags.len() <= TAGS_MAX).ok_or_else(wrong)?;
    tags.iter().map(|tag| tag.get("name").and_then(Json::as_str).map(str::to_owned).ok_or_else(wrong)).collect()
}
