//! Banner lines and portion marks to [`Marking`]. The order of tokens is free where it leaves no doubt; unknown tokens are refused.

use super::super::{LINE_BYTES_MAX, Refused};
use super::tokens::{self, Category};
use super::{CLASSIFICATIONS, Classification, Marking, USA};

/// Those to whom `EYES ONLY` could be addressed.
const EYES: [&str; 5] = ["USA", "AUS", "CAN", "GBR", "NZL"];
/// What may stand before a list of those to whom it is released.
const RELEASE: [&str; 3] = ["REL TO ", "RELEASABLE TO ", "AUTHORIZED FOR RELEASE TO "];
/// What may stand before a list of those to whom it is shown.
const DISPLAY: [&str; 3] = ["DISPLAY ONLY ", "DISPLAYONLY ", "AUTHORIZED FOR DISPLAY BUT NOT RELEASE TO "];

impl Marking {
    /// Reads a banner line, or a portion mark in parentheses.
    ///
    /// # Errors
    /// [`Refused`] for a token that no row has, a list that is not one, or parts that exclude each other.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        if text.len() > LINE_BYTES_MAX {
            return Err(Refused::new(text, "longer than a marking in one line"));
        }
        let trimmed = text.trim();
        let inner = match (trimmed.strip_prefix('('), trimmed.strip_suffix(')')) {
            (None, None) => trimmed,
            _ => trimmed
                .strip_prefix('(')
                .and_then(|text| text.strip_suffix(')'))
                .ok_or_else(|| Refused::new(text, "a portion mark stands in parentheses"))?,
        };
        let words = inner.to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ");
        let mut marking = Self::default();
        let rest = marking.take_classification(&words)?;
        for segment in rest.split("//").map(str::trim).filter(|_| !rest.is_empty()) {
            marking.take_segment(segment)?;
        }
        marking.check()?;
        Ok(marking)
    }

    /// Takes the classification, with its owners if JOINT; what follows it is left.
    fn take_classification<'t>(&mut self, words: &'t str) -> Result<&'t str, Refused> {
        let foreign = words.strip_prefix("//");
        let body = foreign.unwrap_or(words);
        let (head, rest) = body.split_once("//").unwrap_or((body, ""));
        if body.contains("//") && rest.is_empty() {
            return Err(Refused::new(words, "nothing stands behind the last `//`"));
        }
        let head = match foreign {
            None => head.trim(),
            Some(_) => self.take_owners(head.trim())?,
        };
        self.classification = classification(head)?;
        Ok(rest)
    }

    fn take_owners<'t>(&mut self, head: &'t str) -> Result<&'t str, Refused> {
        let joint = head.strip_prefix("JOINT ").ok_or_else(|| {
            Refused::new(head, "a marking that another government or organisation owns; its own policy says what it means")
        })?;
        let of_name = CLASSIFICATIONS.iter().find_map(|(_, code, name, _)| {
            let split = |word: &str| joint.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')).map(|rest| (word.len(), rest));
            split(name).or_else(|| split(code))
        });
        let (length, owners) = of_name.ok_or_else(|| Refused::new(joint, "JOINT, a US classification and the owners are expected"))?;
        for owner in owners.split(' ') {
            self.joint.insert(code(owner)?);
        }
        Ok(joint.get(..length).unwrap_or_default())
    }

    fn take_segment(&mut self, segment: &str) -> Result<(), Refused> {
        if let Some(owners) = segment.strip_suffix(" EYES ONLY").or_else(|| segment.strip_suffix(" EYES")) {
            return self.take_eyes(owners);
        }
        if let Some(programmes) = segment.strip_prefix("SAR-").or_else(|| segment.strip_prefix("SPECIAL ACCESS REQUIRED-")) {
            return programmes.split('/').try_for_each(|name| self.take_programme(name.trim().trim_start_matches("SAR-")));
        }
        segment.split('/').try_for_each(|element| self.take_element(element.trim()))
    }

    fn take_eyes(&mut self, owners: &str) -> Result<(), Refused> {
        for owner in owners.split('/').map(str::trim) {
            if !EYES.contains(&owner) {
                return Err(Refused::new(owner, "EYES ONLY is for USA, AUS, CAN, GBR and NZL"));
            }
            self.release.insert(owner.to_owned());
        }
        Ok(())
    }

    pub(super) fn take_programme(&mut self, name: &str) -> Result<(), Refused> {
        let is_identifier = (2..=32).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !is_identifier {
            return Err(Refused::new(name, "a special access programme is named by its identifier, each by its own"));
        }
        self.programmes.insert(name.to_owned());
        Ok(())
    }

    fn take_element(&mut self, element: &str) -> Result<(), Refused> {
        let after = |words: &[&str]| words.iter().find_map(|word| element.strip_prefix(word));
        if let Some(list) = after(&RELEASE) {
            let named = codes(list.split(','))?;
            return fill(&mut self.release, named, "REL");
        }
        if let Some(list) = after(&DISPLAY) {
            let named = codes(list.split(','))?;
            return fill(&mut self.display, named, "DISPLAYONLY");
        }
        if let Some(list) = element.strip_prefix("FGI ") {
            let named = codes(list.split(' '))?;
            return fill(&mut self.sources, named, "FGI");
        }
        match element {
            "FGI" => self.concealed = true,
            "REL" => return Err(Refused::new(element, "REL alone means the list of the banner, which is not here")),
            _ => self.take_token(element)?,
        }
        Ok(())
    }

    /// One token; of SCI also a system with several compartments, `HCS-O-P`.
    fn take_token(&mut self, element: &str) -> Result<(), Refused> {
        if let Some(token) = tokens::find(element) {
            self.controls.insert(token.code);
            return Ok(());
        }
        let unknown = || Refused::new(element, "no row of the table has this token");
        let (system, compartments) = element.split_once('-').ok_or_else(unknown)?;
        for compartment in compartments.split('-') {
            let token = tokens::find(&format!("{system}-{compartment}")).filter(|token| token.category == Category::Sci);
            self.controls.insert(token.ok_or_else(unknown)?.code);
        }
        Ok(())
    }
}

fn classification(word: &str) -> Result<Classification, Refused> {
    let found = CLASSIFICATIONS.iter().find(|(_, code, name, _)| *code == word || *name == word);
    found.map(|(level, ..)| *level).ok_or_else(|| match word {
        "R" | "RESTRICTED" => Refused::new(word, "the US has no such classification"),
        _ => Refused::new(word, "a marking begins with UNCLASSIFIED, CONFIDENTIAL, SECRET or TOP SECRET, or U, C, S or TS"),
    })
}

/// A trigraph or tetragraph by its form; whether anybody knows it is asked later.
pub(super) fn code(text: &str) -> Result<String, Refused> {
    let is_code = (2..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if is_code { Ok(text.to_owned()) } else { Err(Refused::new(text, "a list is of codes of nations and groups")) }
}

fn codes<'t>(list: impl Iterator<Item = &'t str>) -> Result<Vec<String>, Refused> {
    list.map(|name| code(name.trim())).collect()
}

fn fill(list: &mut std::collections::BTreeSet<String>, named: Vec<String>, part: &str) -> Result<(), Refused> {
    if !list.is_empty() {
        return Err(Refused::new(part, "two lists of which it cannot be said which holds"));
    }
    list.extend(named);
    Ok(())
}

/// The US first, then nations, then groups, each in order.
pub(super) fn in_order(list: &std::collections::BTreeSet<String>) -> Vec<&str> {
    let mut sorted: Vec<&str> = list.iter().map(String::as_str).collect();
    sorted.sort_by_key(|code| (*code != USA, code.len() != 3, *code));
    sorted
}
