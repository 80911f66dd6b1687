//! [`Marking`] to a label and back.
//!
//! A marking that says nothing of foreigners is for the US alone, unless it is UNCLASSIFIED and nothing else. Two audiences in a label
//! become what they have in common as words, which is never wider. What a label asks for and no US marking can say is refused.

use std::collections::BTreeSet;

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, Value};

use super::super::{Facets, Reading, Refused, Site, from_code, to_code};
use super::tokens::{self, Meaning, Token};
use super::{ATOMIC_ENERGY, CONCEALED_SOURCE, Classification, DISSEMINATION_CONTROLS, Marking, SPECIAL_ACCESS, USA};
use crate::policy::{DISPLAY_ONLY, HANDLING, OBLIGATIONS, ORIGINATOR_CONTROL, RELEASABLE_TO, SCI_CONTROLS, THIRD_PARTY};

impl Marking {
    /// What it means here, with what came out stricter than it was written.
    ///
    /// # Errors
    /// [`Refused`] for a nation or group that the node does not know, ORCON without an originator, and parts that exclude each other.
    pub fn label(&self, site: &Site<'_>) -> Result<Reading, Refused> {
        self.check()?;
        let mut facets = Facets::default();
        facets.level(USA, self.classification.rank());
        for token in self.controls.iter().filter_map(|code| tokens::by_code(code)) {
            demand(&mut facets, token, site)?;
        }
        self.programmes.iter().for_each(|name| facets.hold(USA, SPECIAL_ACCESS, name));
        for owner in self.sources.iter().chain(self.joint.iter().filter(|owner| *owner != USA)) {
            from_code(owner, site)?;
            facets.hold(HANDLING, THIRD_PARTY, owner);
        }
        if self.concealed {
            facets.hold(HANDLING, THIRD_PARTY, CONCEALED_SOURCE);
        }
        let notes = self.admit(&mut facets, site)?;
        Ok(Reading { label: facets.label("UNCLASSIFIED")?, notes })
    }

    fn admit(&self, facets: &mut Facets, site: &Site<'_>) -> Result<Vec<String>, Refused> {
        let mut notes = Vec::new();
        let mut named = Vec::new();
        if self.is_bare() {
            return Ok(notes);
        }
        for code in if self.release.is_empty() { &self.display } else { &self.release } {
            named.push(from_code(code, site)?);
        }
        if self.release.is_empty() {
            named.push(Value::Nation(USA.to_owned()));
            if self.display.is_empty() && !self.is_no_foreign() {
                notes.push("nothing is said of foreigners, so it is for the US alone".to_owned());
            } else if !self.display.is_empty() {
                facets.hold(HANDLING, OBLIGATIONS, DISPLAY_ONLY);
            }
        } else if !self.display.is_empty() {
            let left_out = self.display.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            notes.push(format!("released to some and shown to others, which one label cannot say: {left_out} get nothing"));
        }
        if self.has("OC-USGOV") {
            notes.push("ORCON-USGOV is held to as ORCON".to_owned());
        }
        facets.only(USA, RELEASABLE_TO, named);
        Ok(notes)
    }

    /// The marking that says `label`, or something stricter.
    ///
    /// # Errors
    /// [`Refused`] when no US marking restricts as much.
    pub fn of_label(label: &Label, site: &Site<'_>) -> Result<Self, Refused> {
        let mut marking = Self::default();
        let (mut audience, mut is_display, mut is_american) = (None, false, false);
        for (policy, facet) in label.facets() {
            match policy.as_str() {
                USA => {
                    is_american = true;
                    marking.classification = Classification::of_rank(facet.level)
                        .ok_or_else(|| Refused::new(&facet.level.to_string(), "the US has no classification of this rank"))?;
                    facet.restrictive.iter().try_for_each(|restriction| marking.take_value(restriction))?;
                    audience = in_common(&facet.permissive, site)?;
                }
                HANDLING => is_display = marking.take_handling(facet, site)?,
                other => return Err(Refused::new(other, "a US marking says nothing of this policy")),
            }
        }
        if !is_american {
            return Err(Refused::new("classification", "a US marking begins with a US classification"));
        }
        marking.name(audience, is_display)?;
        marking.check()?;
        Ok(marking)
    }

    fn name(&mut self, audience: Option<BTreeSet<String>>, is_display: bool) -> Result<(), Refused> {
        let Some(mut audience) = audience else {
            if is_display {
                return Err(Refused::new(DISPLAY_ONLY, "a US marking says to whom something is displayed only"));
            }
            if !self.is_bare() {
                self.controls.insert("NF");
            }
            return Ok(());
        };
        if !audience.contains(USA) {
            return Err(Refused::new("REL", "a US marking is always for the US, and this label is not"));
        }
        match (audience.len() == 1, is_display) {
            (true, true) => return Err(Refused::new(DISPLAY_ONLY, "a US marking says to whom something is displayed only")),
            (true, false) => {
                self.controls.insert("NF");
            }
            (false, true) => {
                audience.remove(USA);
                self.display = audience;
            }
            (false, false) => self.release = audience,
        }
        Ok(())
    }

    fn take_value(&mut self, Restriction { tag, value }: &Restriction) -> Result<(), Refused> {
        if tag == SPECIAL_ACCESS {
            return self.take_programme(value);
        }
        let known = [SCI_CONTROLS, ATOMIC_ENERGY, DISSEMINATION_CONTROLS].contains(&tag.as_str());
        let holds = |token: &&'static Token| {
            let own = matches!(token.meaning, Meaning::Hold(own) | Meaning::HoldAtHome(own) if own == tag);
            own && token.code == value
        };
        let token = tokens::TOKENS.iter().filter(|_| known).find(holds);
        let token = token.ok_or_else(|| Refused::new(value, format!("no US marking says `{tag}: {value}`")))?;
        self.controls.insert(token.code);
        Ok(())
    }

    /// Takes what holds whatever the classification; the answer is whether it may be shown only.
    fn take_handling(&mut self, facet: &Facet, site: &Site<'_>) -> Result<bool, Refused> {
        if facet.level > 0 || !facet.permissive.is_empty() {
            return Err(Refused::new(HANDLING, "a US marking has no level and no audience of handling"));
        }
        let mut is_display = false;
        for Restriction { tag, value } in &facet.restrictive {
            match tag.as_str() {
                ORIGINATOR_CONTROL if site.originator == Some(value) => {
                    self.controls.insert("OC");
                }
                ORIGINATOR_CONTROL => {
                    return Err(Refused::new(value, "ORCON means whoever made the object, and this is another organisation"));
                }
                OBLIGATIONS if value == DISPLAY_ONLY => is_display = true,
                THIRD_PARTY if value == CONCEALED_SOURCE => self.concealed = true,
                THIRD_PARTY if from_code(value, site).is_ok() => {
                    self.sources.insert(super::parse::code(value)?);
                }
                _ => return Err(Refused::new(value, format!("no US marking says `{tag}: {value}`"))),
            }
        }
        Ok(is_display)
    }
}

/// Puts what `token` asks for into `facets`.
fn demand(facets: &mut Facets, token: &Token, site: &Site<'_>) -> Result<(), Refused> {
    match token.meaning {
        Meaning::Hold(tag) | Meaning::HoldAtHome(tag) => {
            token.systems().for_each(|value| facets.hold(USA, tag, value));
        }
        Meaning::HoldOtherAtHome(tag, other) => facets.hold(USA, tag, other),
        Meaning::Originator => {
            let originator = site.originator.ok_or_else(|| Refused::new(token.code, "it is not known who made the object"))?;
            facets.hold(HANDLING, ORIGINATOR_CONTROL, originator);
        }
        Meaning::NoForeign | Meaning::Official => {}
    }
    Ok(())
}

/// What all clauses name; `None` when there is no clause.
fn in_common(clauses: &BTreeSet<Clause>, site: &Site<'_>) -> Result<Option<BTreeSet<String>>, Refused> {
    let mut common: Option<BTreeSet<String>> = None;
    for clause in clauses {
        if clause.tag != RELEASABLE_TO {
            return Err(Refused::new(&clause.tag, "a US marking names nations and groups only"));
        }
        let named = clause.values.iter().map(|value| to_code(value, site)).collect::<Result<BTreeSet<_>, _>>()?;
        common = Some(match common {
            Some(common) => common.intersection(&named).cloned().collect(),
            None => named,
        });
    }
    Ok(common)
}
