//! Partners, what flows, and what waits, for people.

use std::collections::BTreeMap;
use std::io::{self, Write};

use relto_node::{
    AgreementEffect, Holdings, MediaRead, MediaWritten, Onward, PartnerView, Quarantined, Recalled, RecalledFrom, Taken, Trace,
};

use super::{GOOD, STRONG, WARNING, WRONG, show_table, table};

/// Writes a partner as it stands.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_partner(partner: &PartnerView, out: &mut dyn Write) -> io::Result<()> {
    let style = if partner.state == "active" { GOOD } else { WARNING };
    writeln!(out, "partner {STRONG}{}{STRONG:#} ({}) is {style}{}{style:#}", partner.name, partner.nation, partner.state)?;
    writeln!(out, "  its card claims: {} (shown, never used)", partner.claims)?;
    writeln!(out, "  address:     {}", partner.address)?;
    writeln!(out, "  fingerprint: {}", partner.fingerprint)?;
    writeln!(out, "  collections: {}", collections(partner))?;
    for (direction, terms) in [("sends:", &partner.sends), ("accepts:", &partner.accepts)] {
        terms.in_words().iter().try_for_each(|words| writeln!(out, "  {direction:<12} {words}"))?;
    }
    partner.notes.iter().try_for_each(|note| writeln!(out, "{WARNING}note:{WARNING:#} {note}"))?;
    if !partner.confirmed {
        writeln!(
            out,
            "{WARNING}note:{WARNING:#} nothing flows until somebody has compared the fingerprint with the partner, by another way than the card came:"
        )?;
        writeln!(out, "      relto partner resume --data DIR \"{}\" --fingerprint \"WORDS\"", partner.name)?;
    }
    Ok(())
}

/// Writes what an agreement would release.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_effect(effect: &AgreementEffect, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["collection", "label", "versions", "would go to it"]);
    for (counts, goes) in [(&effect.released, "yes"), (&effect.withheld, "no")] {
        for (collection, labels) in counts {
            for (label, versions) in labels {
                shown.add_row([collection.as_str(), label, &versions.to_string(), goes]);
            }
        }
    }
    writeln!(out, "{STRONG}{}{STRONG:#}: nothing was changed", effect.partner)?;
    show_table(&shown, "there is nothing in these collections yet", out)?;
    if effect.refused.is_empty() {
        return Ok(());
    }
    writeln!(out, "of what it wrote and is here already, would not be taken in if it came then:")?;
    let mut shown = table(["collection", "label", "versions"]);
    for (collection, labels) in &effect.refused {
        for (label, versions) in labels {
            shown.add_row([collection.as_str(), label, &versions.to_string()]);
        }
    }
    show_table(&shown, "", out)
}

/// Writes all partners as a table.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_partners(partners: &[PartnerView], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["name", "nation", "state", "collections", "flows", "taken", "released", "waits", "link"]);
    for partner in partners {
        let state = if partner.confirmed { partner.state.clone() } else { format!("{}, fingerprint not compared", partner.state) };
        let flows: Vec<&str> =
            [(partner.pull, "pull"), (partner.push, "push")].into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
        let taken: u64 = partner.progress.values().map(|progress| progress.taken).sum();
        let link = match (&partner.link.error, partner.link.contact) {
            (Some(error), _) => error.clone(),
            (None, Some(contact)) => format!("answered {contact}"),
            (None, None) => String::new(),
        };
        shown.add_row([
            partner.name.as_str(),
            &partner.nation,
            &state,
            &collections(partner),
            &flows.join(", "),
            &taken.to_string(),
            &partner.released.to_string(),
            &partner.quarantined.to_string(),
            &link,
        ]);
    }
    show_table(&shown, "no partners yet: `relto partner add` adds one by its card", out)?;
    for partner in partners {
        for (direction, terms) in [("goes to", &partner.sends), ("is taken in from", &partner.accepts)] {
            let terms = terms.in_words();
            if !terms.is_empty() {
                writeln!(out, "what {direction} {STRONG}{}{STRONG:#}: {}", partner.name, terms.join("; "))?;
            }
        }
    }
    let left: Vec<RecalledFrom> = partners.iter().filter_map(|partner| partner.recalled.clone()).collect();
    if left.is_empty() {
        return Ok(());
    }
    writeln!(out, "who was let go, and is to destroy what it was released:")?;
    show_receipts(&left, "", out)
}

fn collections(partner: &PartnerView) -> String {
    let named = partner.collections.iter().map(|(here, theirs)| if here == theirs { here.clone() } else { format!("{here}={theirs}") });
    named.collect::<Vec<_>>().join(", ")
}

/// Writes what two sides hold of each other's.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_holdings(holdings: &Holdings, has_left: bool, out: &mut dyn Write) -> io::Result<()> {
    let counted = |counts: &BTreeMap<String, u64>| {
        let each: Vec<String> = counts.iter().map(|(name, count)| format!("{count} in {name}")).collect();
        if each.is_empty() { "nothing".to_owned() } else { each.join(", ") }
    };
    let (happened, ends) = if has_left { ("has left", "ended") } else { ("stays as it is: nothing was changed", "would end") };
    writeln!(out, "{STRONG}{}{STRONG:#} {happened}", holdings.partner)?;
    holdings.flows.iter().try_for_each(|flow| writeln!(out, "  {:<22}{flow}", format!("{ends}:")))?;
    writeln!(out, "  this node holds of it: {}, {} in quarantine", counted(&holdings.here), holdings.quarantined)?;
    writeln!(out, "  it was released:       {}", counted(&holdings.there))?;
    let onward: Vec<String> = holdings.onward.iter().map(|(name, count)| format!("{count} to {name}")).collect();
    writeln!(out, "  of its own, went on:   {}", if onward.is_empty() { "nothing".to_owned() } else { onward.join(", ") })?;
    if has_left && !holdings.there.is_empty() {
        writeln!(
            out,
            "a Relto node is told to destroy what it was released, when it next asks; `relto partner list` shows what it answered"
        )?;
    }
    Ok(())
}

/// Writes what is in a file for a partner.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_written(written: &MediaWritten, out: &mut dyn Write) -> io::Result<()> {
    let MediaWritten { number, objects, notices, receipts } = written;
    writeln!(out, "wrote file {number}: {objects} objects with what goes beside them, {notices} notices, {receipts} receipts")
}

/// Writes what became of a partner's file.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_read(read: &MediaRead, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "read file {}: {} notices done, {} receipts", read.number, read.notices, read.receipts)?;
    show_taken(&read.taken, out)?;
    if read.missing {
        writeln!(out, "{WARNING}note:{WARNING:#} files before it were not read here: read them, or ask for one `--from-start`")?;
    }
    Ok(())
}

/// Writes how a recall stands.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_recalled(recalled: &Recalled, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{STRONG}{}{STRONG:#} is recalled; {} version(s) were destroyed here now", recalled.object, recalled.destroyed)?;
    show_receipts(&recalled.partners, "it was released to no partner", out)
}

fn show_receipts(receipts: &[RecalledFrom], none: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["partner", "told of", "done", "versions", "sent on from there"]);
    for RecalledFrom { partner, told, confirmed, versions, onward, reason } in receipts {
        let state = match (confirmed, reason) {
            (true, _) => "confirmed".to_owned(),
            (false, Some(why)) => format!("refused: {why}"),
            (false, None) => "not confirmed yet".to_owned(),
        };
        let onward = match onward {
            Onward::None => "no",
            Onward::Pending if *confirmed => "yes, not all confirmed",
            Onward::Pending => "not known yet",
            Onward::Complete => "yes, all confirmed",
            Onward::Kept => "yes, and kept there: recall those objects",
        };
        let told = match told.as_str() {
            "label" => "a new label",
            "leaving" => "everything, when it was let go",
            _ => "the recall",
        };
        shown.add_row([partner.as_str(), told, &state, &versions.to_string(), onward]);
    }
    show_table(&shown, none, out)
}

/// Writes the way of an object.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_trace(trace: &Trace, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{STRONG}{}{STRONG:#}", trace.object)?;
    for version in &trace.held {
        let (owner, collection, label) = (&version.owner, &version.collection, &version.label);
        let through = if version.through.is_empty() { String::new() } else { format!(" through {}", version.through.join(" and ")) };
        writeln!(out, "  version {} in `{collection}`, by {owner}{through}, added {}: {label}", version.version, version.added)?;
    }
    if trace.held.is_empty() {
        writeln!(out, "  this node holds no version of it")?;
    }
    if trace.removed > 0 {
        writeln!(out, "  {} version(s) were removed", trace.removed)?;
    }
    trace.recalled.iter().try_for_each(|recalled| writeln!(out, "  {WARNING}{recalled}{WARNING:#}"))?;
    for released in &trace.released {
        writeln!(out, "  released to {}: {} version(s), first {}", released.partner, released.versions, released.first)?;
    }
    if trace.released.is_empty() {
        writeln!(out, "  it was released to no partner")?;
    }
    if trace.receipts.is_empty() { Ok(()) } else { show_receipts(&trace.receipts, "", out) }
}

/// Writes what waits in quarantine as a table.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_quarantine(waiting: &[Quarantined], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["partner", "collection", "object", "version", "since", "why"]);
    for object in waiting {
        let since = object.at.to_string();
        shown.add_row([object.partner.as_str(), &object.collection, &object.id, &object.version, &since, &object.reason]);
    }
    show_table(&shown, "nothing waits in quarantine", out)
}

/// Writes what was taken in.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_taken(taken: &Taken, out: &mut dyn Write) -> io::Result<()> {
    let Taken { added, present, own, quarantined } = taken;
    writeln!(out, "{added} added, {present} here already, {own} of this node's own")?;
    if *quarantined == 0 { Ok(()) } else { writeln!(out, "{WRONG}{quarantined} in quarantine:{WRONG:#} `relto quarantine list` says why") }
}
