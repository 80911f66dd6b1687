//! The targets for markings of other worlds: what is read is written and read again without being lowered.

use crate::targets::{merge, refused, text};
use relto_model::{Label, Stamp};
use relto_policy::Rules;
use relto_policy::text::LabelContext;
use relto_policy::worlds::acs::{self, AccessControl, Issue};
use relto_policy::worlds::ism::{Form, Marking};
use relto_policy::worlds::misp::{self, Came, Community, Directory, Layer, NewGroup};
use relto_policy::worlds::{Reading, Refused, Site};
use std::sync::LazyLock;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::builtin().unwrap_or_default());
static CONTEXT: LazyLock<LabelContext> = LazyLock::new(|| LabelContext {
    owner: "USA.DHS".to_owned(),
    made: Stamp(1_700_000_000_000_000),
    collection: Some("collection".to_owned()),
});
static DIRECTORY: LazyLock<Directory> =
    LazyLock::new(|| Directory::from([("55f6ea5e-2c60-40e5-964f-47a8950d210f".to_owned(), "A".to_owned())]));

fn site() -> Site<'static> {
    Site { rules: &RULES, context: &CONTEXT, originator: Some("Maker") }
}

fn never_lower(label: &Label, back: &Label) {
    assert_eq!(back.clone().join(label), *back, "came back lower");
}

fn one_line(refused: &Refused) {
    let message = refused.to_string();
    assert!(!message.contains(['\n', '\r']) && message.chars().count() < 1_000, "{message}");
}

fn outcome(reading: &Reading) -> String {
    let facets: Vec<String> = reading
        .label
        .facets()
        .map(|(policy, facet)| format!("{policy} {} {}", facet.permissive.len().min(2), facet.restrictive.len().min(3)))
        .collect();
    format!("{} with {} notes", facets.join(" and "), reading.notes.len().min(3))
}

/// Banner lines, portion marks and ISM attributes: each form of what was read is the same label.
pub(crate) fn banner(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let read = if text.trim_start().starts_with('<') { Marking::from_xml(text) } else { Marking::parse(text) };
        let marking = read.inspect_err(one_line).map_err(refused)?;
        let reading = marking.label(&site()).inspect_err(one_line).map_err(refused)?;
        for form in [Form::Banner, Form::Portion, Form::Xml] {
            let Ok(written) = marking.write(form) else { continue };
            let again = if form == Form::Xml { Marking::from_xml(&written) } else { Marking::parse(&written) };
            let again = again.and_then(|again| again.label(&site())).unwrap_or_else(|refused| panic!("`{written}` is not read: {refused}"));
            assert_eq!(again.label, reading.label, "{written}");
        }
        if let Ok(out) = Marking::of_label(&reading.label, &site()) {
            let back = out.label(&site()).unwrap_or_else(|refused| panic!("written and not read: {refused}"));
            never_lower(&reading.label, &back.label);
        }
        Ok(outcome(&reading))
    }))
}

/// ACS extensions: what is read prints as an extension that reads alike, and its label comes back no lower.
pub(crate) fn acs_extension(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let extension: serde_json::Value = serde_json::from_str(text).map_err(refused)?;
        let control = AccessControl::parse(&extension).inspect_err(one_line).map_err(refused)?;
        let printed = serde_json::to_value(&control).unwrap_or_default();
        assert_eq!(AccessControl::parse(&printed).as_ref(), Ok(&control));
        let reading = acs::read(&extension, &site()).inspect_err(one_line).map_err(refused)?;
        let issue = Issue { identifier: "isa:1".to_owned(), created: "2026-01-01T00:00:00Z".to_owned(), custodian: "USA.DHS".to_owned() };
        if let Ok(out) = acs::write(&reading.label, &issue, &site()) {
            let back = acs::read(&out, &site()).unwrap_or_else(|refused| panic!("written and not read: {refused}"));
            never_lower(&reading.label, &back.label);
        }
        Ok(outcome(&reading))
    }))
}

/// Events of MISP with their sharing groups: from another server never wider than here, written and read again no lower, and no group that
/// is written is empty.
pub(crate) fn misp_layer(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let event: serde_json::Value = serde_json::from_str(text).map_err(refused)?;
        let layer = Layer::of_event(&event).inspect_err(one_line).map_err(refused)?;
        let community = Community { directory: &DIRECTORY, url: Some("https://misp.example.org") };
        let read = |layer: &Layer, came: Came| misp::read(std::slice::from_ref(layer), came, &community, &site());
        let reading = read(&layer, Came::Here).inspect_err(one_line).map_err(refused)?;
        if let Ok(arrived) = read(&layer, Came::FromServer) {
            never_lower(&reading.label, &arrived.label);
        }
        let group = NewGroup { uuid: "22222222-2222-4222-8222-222222222222".to_owned(), name: "Written".to_owned() };
        if let Ok(out) = misp::write(&reading.label, &group, &community, &site()) {
            assert!(out.group.as_ref().is_none_or(|group| !group.members.is_empty()), "an empty group");
            let again = Layer::of_event(&out.to_json()).unwrap_or_else(|refused| panic!("written and not read: {refused}"));
            let back = read(&again, Came::Here).unwrap_or_else(|refused| panic!("written and not read: {refused}"));
            never_lower(&reading.label, &back.label);
        }
        Ok(outcome(&reading))
    }))
}
