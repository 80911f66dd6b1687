//! What site policies cost, on one core: `cargo bench -p relto-site [--profile ci] [-- LABELS]`.
//!
//! Sets of 50 policies: none guarded by more than the policy that every label has (each evaluated for every label), all guarded by a value that the label must carry, and half and half.
//! For each: decisions a second with nothing prepared, with both sides prepared, and 100 profiles against all labels as a gate asks.

use std::error::Error;
use std::io::Write as _;
use std::time::Instant;

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Stamp, Value};
use relto_policy::{Clearance, Profile, Rules};
use relto_site::{PreparedProfile, SitePolicies};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const POLICIES: usize = 50;
const PROFILES: usize = 100;
const NATIONS: [&str; 12] = ["FRA", "DEU", "USA", "GBR", "CAN", "JPN", "CHE", "FIN", "SWE", "NOR", "POL", "AUS"];
const NOW: Stamp = Stamp(1_798_000_000_000_000);

fn main() -> Result<()> {
    let labels = std::env::args().skip(1).find_map(|count| count.parse().ok()).unwrap_or(2_000);
    let (rules, labels) = (Rules::builtin()?, (0..labels).map(label).collect::<Vec<_>>());
    let profiles: Vec<Profile> = (0..PROFILES).map(profile).collect();
    for (name, guarded_of_ten) in [("none guarded", 0), ("half guarded", 5), ("all guarded", 10)] {
        let text: String = (0..POLICIES).map(|at| policy(at, at % 10 < guarded_of_ten)).collect();
        let site = SitePolicies::parse(name, &text)?;
        singles(name, &site, &profiles, &labels, &rules)?;
        all(name, &site, &profiles, &labels, &rules)?;
    }
    Ok(())
}

/// One line for `xtask bench`: name, figure, what is wanted.
fn figure(set: &str, name: &str, figure: f64, wanted: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{POLICIES} site policies, {set}: {name}\t{figure}\t{wanted}")?)
}

fn nation(at: usize) -> &'static str {
    NATIONS.get(at % NATIONS.len()).copied().unwrap_or("FRA")
}

/// A bilateral caveat, with or without a guard at its head.
fn policy(at: usize, is_guarded: bool) -> String {
    let (own, other) = (nation(at), nation(at / 3 + 1));
    let tag = format!("resource.restrictive.contains(\"HANDLING/Caveat/{at}\")");
    let reader = format!("principal.nations.contains(\"{own}\")");
    let head = if is_guarded { format!("{reader} && {tag}") } else { format!("{reader} && !resource.releasable_to.contains(\"{other}\")") };
    format!(
        "@id(\"caveat-{at}\") @reason(\"caveat {at}\") forbid (principal, action == Action::\"read\", resource)\n\
         when {{ {head} && resource.hasTag(\"NATO\") && resource.getTag(\"NATO\") >= 2 }}\n\
         unless {{ [\"{own}\", \"{other}\"].containsAll(principal.nations) && principal.groups.contains(\"NATO\") }};\n"
    )
}

fn profile(at: usize) -> Profile {
    let mut profile = Profile::new(&format!("organisation {at}"), [nation(at).to_owned(), nation(at / 12).to_owned()].into());
    profile.clearances.insert(Clearance { policy: PolicyId::new("NATO"), level: 1 + u8::try_from(at % 5).unwrap_or(0), until: None });
    profile
}

/// NATO labels with an audience of up to six nations and a caveat in two of three.
fn label(at: usize) -> Label {
    let nations = (0..=at % 6).map(|step| Value::Nation(nation(at + step * 5).to_owned()));
    let group = Value::Group { name: "NATO".to_owned(), as_of: NOW };
    let mut facet = Facet::at_level(1 + u8::try_from(at % 5).unwrap_or(0)).only(Clause::new("Releasable To", nations.chain([group])));
    facet.restrictive.insert(Restriction { tag: "Additional Sensitivity".to_owned(), value: format!("VALUE {at}") });
    let label = Label::new(PolicyId::new("NATO"), facet);
    if at.is_multiple_of(3) {
        return label;
    }
    let mut handling = Facet::at_level(0);
    handling.restrictive.insert(Restriction { tag: "Caveat".to_owned(), value: (at % POLICIES).to_string() });
    label.join(&Label::new(PolicyId::new("HANDLING"), handling))
}

/// Decisions a second: with nothing kept between two, and with both sides prepared.
fn singles(name: &str, site: &SitePolicies, profiles: &[Profile], labels: &[Label], rules: &Rules) -> Result<()> {
    const DECISIONS: usize = 20_000;
    let pairs = || profiles.iter().cycle().zip(labels.iter().cycle()).take(DECISIONS);
    let (begun, mut permitted) = (Instant::now(), 0);
    for (profile, label) in pairs() {
        permitted += usize::from(site.permits(profile, label, rules, NOW)?);
    }
    let uncached = DECISIONS as f64 / begun.elapsed().as_secs_f64();
    let profiles = profiles.iter().map(|profile| PreparedProfile::new(profile, rules, NOW)).collect::<std::result::Result<Vec<_>, _>>()?;
    let labels = labels.iter().map(|label| site.prepare_label(label, rules, NOW)).collect::<std::result::Result<Vec<_>, _>>()?;
    let begun = Instant::now();
    for (profile, label) in profiles.iter().cycle().zip(labels.iter().cycle()).take(DECISIONS) {
        permitted += usize::from(site.permits_prepared(profile, label)?);
    }
    let prepared = DECISIONS as f64 / begun.elapsed().as_secs_f64();
    if permitted == 0 || permitted == 2 * DECISIONS {
        return Err("all decisions are one".into());
    }
    figure(name, "nothing prepared, decisions/s", uncached, "")?;
    figure(name, "decisions/s", prepared, "at least 10000")
}

/// Everything, as a gate asks when policies are activated.
fn all(name: &str, site: &SitePolicies, profiles: &[Profile], labels: &[Label], rules: &Rules) -> Result<()> {
    let begun = Instant::now();
    let prepared = labels.iter().map(|label| site.prepare_label(label, rules, NOW)).collect::<std::result::Result<Vec<_>, _>>()?;
    for profile in profiles {
        let profile = PreparedProfile::new(profile, rules, NOW)?;
        for label in &prepared {
            site.permits_prepared(&profile, label)?;
        }
    }
    figure(name, &format!("{} profiles x {} labels, s", profiles.len(), labels.len()), begun.elapsed().as_secs_f64(), "")
}
