//! What decisions cost, on one core: `cargo bench -p relto-gate`. One line for each figure, `name<TAB>figure<TAB>wanted`, for `xtask bench`.
//!
//! 100 profiles against 10,000 labels: classes of three policies, up to six release values of 48 nations and 6 groups, 12 compartments,
//! legal tags. Whatever is timed is compared with the slow way: verdicts with `explain`, counts and pages with `permits`.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use relto_gate::{Gate, LabelId, LabelTable, ReleaseSet};
use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Stamp, Value};
use relto_policy::policy::{ADDITIONAL_SENSITIVITY, LAW, RELEASABLE_TO};
use relto_policy::{Clearance, Floor, Profile, Rules, Verdict, decide, explain};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const PROFILES: usize = 100;
const PAIRS: usize = 20_000_000;
const ROWS: usize = 10_000_000;
const PAGE: usize = 1_000;
const NOW: Stamp = Stamp(1_798_000_000_000_000);
const NATIONS: &str = "ALB AUS AUT BEL BGR BRA CAN CHE CHL CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN IRL ISL ISR ITA JPN KOR LTU LUX \
                       LVA MEX MLT MNE MKD NLD NOR NZL POL PRT ROU SGP SVK SVN SWE TUR UKR USA ZAF";
const GROUPS: [&str; 6] = ["NATO", "EU", "FVEY", "AUKUS", "JTF-7", "JTF-9"];
const POLICIES: [(&str, &[u8]); 3] = [("NATO", &[1, 2, 3, 4, 5]), ("EU", &[1, 2, 3, 4, 5]), ("USA", &[1, 3, 4, 5])];
const TAGS: [(&str, &str); 4] = [("GDPR", "PERSONAL"), ("GDPR", "NONE"), ("ITAR", "VIII"), ("EUDU", "5A002")];

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end.max(1)
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> Result<T> {
        Ok(*of.get(self.below(of.len())).ok_or("nothing to draw from")?)
    }
}

fn main() -> Result<()> {
    let mut numbers = Numbers(2026);
    let rules = Arc::new(Rules { groups: GROUPS.map(str::to_owned).into(), ..Rules::builtin()? });
    let nations: Vec<&str> = NATIONS.split_whitespace().collect();
    let profiles = (0..PROFILES).map(|_| profile(&mut numbers, &nations)).collect::<Result<Vec<_>>>()?;
    for size in [2_000, 10_000] {
        let mut distinct = BTreeSet::new();
        while distinct.len() < size {
            distinct.insert(label(&mut numbers, &nations)?);
        }
        let labels: Vec<Label> = distinct.into_iter().collect();
        floor(&mut numbers, &rules, &profiles, &labels)?;
        let release = gate(&rules, &profiles, &labels)?;
        rows(&mut numbers, &release, labels.len())?;
    }
    Ok(())
}

fn say(name: &str, labels: usize, figure: f64, wanted: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{name}, {labels} labels\t{figure}\t{wanted}")?)
}

fn ensure(holds: bool, what: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(format!("the fast way and the slow way differ: {what}").into()) }
}

fn profile(numbers: &mut Numbers, nations: &[&str]) -> Result<Profile> {
    let nation = numbers.one(nations)?;
    let mut profile = Profile::new(&format!("organisation {}", numbers.below(40)), [nation.to_owned()].into());
    for _ in 0..1 + numbers.below(3) {
        let (policy, levels) = numbers.one(&POLICIES)?;
        profile.clearances.insert(Clearance { policy: PolicyId::new(policy), level: numbers.one(levels)?, until: None });
    }
    for _ in 0..numbers.below(6) {
        profile.accesses.insert((PolicyId::new(numbers.one(&POLICIES)?.0), compartment(numbers)));
    }
    profile.facts.country = Some(nation.to_owned());
    Ok(profile)
}

fn compartment(numbers: &mut Numbers) -> Restriction {
    Restriction { tag: ADDITIONAL_SENSITIVITY.to_owned(), value: format!("COMPARTMENT {}", numbers.below(12)) }
}

fn label(numbers: &mut Numbers, nations: &[&str]) -> Result<Label> {
    let (policy, levels) = numbers.one(&POLICIES)?;
    let mut values = Vec::new();
    for _ in 0..1 + numbers.below(6) {
        values.push(if numbers.below(3) == 0 {
            Value::Group { name: numbers.one(&GROUPS)?.to_owned(), as_of: NOW }
        } else {
            Value::Nation(numbers.one(nations)?.to_owned())
        });
    }
    let mut facet = Facet::at_level(numbers.one(levels)?).only(Clause::new(RELEASABLE_TO, values));
    if numbers.below(4) == 0 {
        facet.restrictive.insert(compartment(numbers));
    }
    let label = Label::new(PolicyId::new(policy), facet);
    if numbers.below(5) > 0 {
        return Ok(label);
    }
    let (tag, value) = numbers.one(&TAGS)?;
    let mut law = Facet::at_level(0);
    law.restrictive.insert(Restriction { tag: tag.to_owned(), value: value.to_owned() });
    Ok(label.join(&Label::new(PolicyId::new(LAW), law)))
}

/// Compiling, and decisions on random pairs.
fn floor(numbers: &mut Numbers, rules: &Arc<Rules>, profiles: &[Profile], labels: &[Label]) -> Result<()> {
    let mut floor = Floor::new(rules.clone(), NOW);
    let begun = Instant::now();
    let ready: Vec<_> = labels.iter().map(|label| floor.label(label)).collect();
    say("compile a label, us", labels.len(), begun.elapsed().as_secs_f64() * 1e6 / labels.len() as f64, "")?;
    let begun = Instant::now();
    let readers: Vec<_> = profiles.iter().map(|profile| floor.profile(profile)).collect();
    say("compile a profile, us", labels.len(), begun.elapsed().as_secs_f64() * 1e6 / profiles.len() as f64, "")?;
    let pairs: Vec<(u32, u32)> = (0..1 << 16).map(|_| (numbers.below(profiles.len()) as u32, numbers.below(labels.len()) as u32)).collect();
    let mut slow = 0;
    for (reader, label) in pairs.iter().take(2_000) {
        let (reader, label) = (*reader as usize, *label as usize);
        let asked = profiles.get(reader).zip(labels.get(label)).ok_or("no such pair")?;
        let verdict = readers.get(reader).zip(ready.get(label)).map(|(reader, label)| decide(reader, label));
        slow += usize::from(verdict == Some(explain(asked.0, asked.1, rules, NOW).0));
    }
    ensure(slow == 2_000, "verdicts")?;
    let (begun, mut permitted) = (Instant::now(), 0_usize);
    for _ in 0..PAIRS / pairs.len() {
        for (reader, label) in &pairs {
            let pair = readers.get(*reader as usize).zip(ready.get(*label as usize));
            permitted += usize::from(pair.is_some_and(|(reader, label)| decide(reader, label) == Verdict::Permit));
        }
    }
    let decisions = PAIRS / pairs.len() * pairs.len();
    say("decisions, M/s", labels.len(), decisions as f64 / begun.elapsed().as_secs_f64() / 1e6, "at least 50")?;
    ensure(permitted > 0 && permitted < decisions, "all verdicts are one")
}

/// A gate anew: until it is there, and until every profile is decided. Returns the release set that permits most.
fn gate(rules: &Arc<Rules>, profiles: &[Profile], labels: &[Label]) -> Result<ReleaseSet> {
    let mut table = LabelTable::default();
    for (number, label) in (0..).zip(labels) {
        table.insert(LabelId(number), Arc::new(label.clone()), true);
    }
    let table = Arc::new(table);
    let begun = Instant::now();
    let gate = Gate::new(rules.clone(), table, NOW, None);
    say("gate built anew, ms", labels.len(), begun.elapsed().as_secs_f64() * 1e3, "")?;
    let begun = Instant::now();
    let releases: Vec<ReleaseSet> = profiles.iter().map(|profile| gate.release(&profile.organisation, profile)).collect();
    say("all profiles decided, ms", labels.len(), begun.elapsed().as_secs_f64() * 1e3, "")?;
    releases.into_iter().max_by_key(|release| release.labels().count()).ok_or_else(|| "no profiles".into())
}

/// Ten million rows, a label number each.
fn rows(numbers: &mut Numbers, release: &ReleaseSet, labels: usize) -> Result<()> {
    let rows: Vec<u16> = (0..ROWS).map(|_| numbers.below(labels) as u16).collect();
    let begun = Instant::now();
    let slow = rows.iter().filter(|row| release.permits(LabelId(u32::from(**row)))).count();
    say("kept decisions, M/s", labels, ROWS as f64 / begun.elapsed().as_secs_f64() / 1e6, "at least 50")?;
    let begun = Instant::now();
    let count = release.count(&rows);
    say("count over 10,000,000 rows, ms", labels, begun.elapsed().as_secs_f64() * 1e3, "at most 10")?;
    ensure(count == slow && slow > 0, "counts")?;
    let mut times = Vec::new();
    for _ in 0..1_000 {
        let from = numbers.below(ROWS / 2);
        let begun = Instant::now();
        let visible = (from..).zip(rows.get(from..).unwrap_or_default()).filter(|(_, row)| release.permits(LabelId(u32::from(**row))));
        let page: Vec<usize> = visible.map(|(at, _)| at).take(PAGE).collect();
        times.push(begun.elapsed());
        let end = page.last().map_or(from, |last| last + 1);
        ensure(page.len() == PAGE && release.count(rows.get(from..end).unwrap_or_default()) == PAGE, "pages")?;
    }
    times.sort_unstable();
    let median = times.get(times.len() / 2).map_or(f64::NAN, |time| time.as_secs_f64() * 1e6);
    say("page of 1,000, us", labels, median, "at most 50")
}
