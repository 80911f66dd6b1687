//! Random worlds: the shipped tables with rows lost and dates moved, as text for the first judge and as raw rows for the second; random
//! recipients, tags and instants in them.

use relto_model::Stamp;
use relto_model::label::Restriction;
use serde_json::{Map, Value, json};

use super::cases::{at, tag};
use crate::law::{Held, Kind, LawRules, LawTables, Obligation, ObligationSet, RecipientFacts, Screening, Sources};
use crate::membership::Memberships;

/// SplitMix64 (Steele, Lea, Flood 2014): small, seeded, and good enough to draw cases from.
pub(super) struct Draw(pub(super) u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    pub(super) fn chance(&mut self, in_hundred: usize) -> bool {
        self.below(100) < in_hundred
    }

    pub(super) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// One row as it stands in the file.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    fields: Map<String, Value>,
    spans: [(Option<i64>, Option<i64>); 2],
    pub(super) review: i64,
}

impl Raw {
    fn new(fields: Map<String, Value>) -> Self {
        let date = |name: &str| fields.get(name).and_then(Value::as_str).map(|text| at(text).0);
        let spans = [(date("from"), date("until")), (date("learned"), date("withdrawn"))];
        Self { spans, review: date("review").unwrap(), fields }
    }

    pub(super) fn is_believed(&self, now: i64) -> bool {
        self.spans.iter().all(|(from, until)| from.is_none_or(|from| now >= from) && until.is_none_or(|until| now < until))
    }

    pub(super) fn is_relied_on(&self, now: i64) -> bool {
        self.is_believed(now) && now < self.review
    }

    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }

    pub(super) fn is(&self, field: &str, text: &str) -> bool {
        self.text(field).is_some_and(|own| own.eq_ignore_ascii_case(text))
    }

    pub(super) fn list(&self, field: &str) -> &[Value] {
        self.fields.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(super) fn names(&self, country: &str) -> bool {
        self.list("countries").iter().any(|own| own == country)
    }
}

/// Tables and rules in both forms.
pub(super) struct World {
    pub(super) tables: LawTables,
    pub(super) law: LawRules,
    pub(super) members: Vec<Raw>,
    pub(super) adequacy: Vec<Raw>,
    pub(super) lists: Vec<Raw>,
    pub(super) embargoes: Vec<Raw>,
    pub(super) entities: Vec<Raw>,
    pub(super) instruments: Vec<Raw>,
    pub(super) rules: Vec<Raw>,
}

const DAYS: [&str; 9] = [
    "2019-06-01",
    "2024-02-29",
    "2025-12-31",
    "2026-10-01",
    "2026-11-25",
    "2027-06-30T12:00:00.5Z",
    "2027-12-31",
    "2028-06-30",
    "2029-01-01",
];

pub(super) fn instant(draw: &mut Draw) -> Stamp {
    let day = at(draw.one(&DAYS));
    Stamp(day.0 + [-1, 0, 0, 1, 86_400_000_000][draw.below(5)])
}

impl World {
    pub(super) fn draw(draw: &mut Draw) -> Self {
        let dates = json!({"authority": "A", "source": "S", "review": "2027-12-31"});
        let more = [("SAFEGUARDS", "GDPR 46"), ("STA-1", "STA 740.20(D)"), ("FR-7", "NATSEC"), ("DE-8", "NATSEC")].map(|(id, kind)| {
            let mut row = dates.as_object().unwrap().clone();
            row.extend([("id".to_owned(), json!(id)), ("kind".to_owned(), json!(kind))]);
            row
        });
        let shipped = Sources::SHIPPED;
        let mut table = |text: &str, more: &[Map<String, Value>]| {
            let mut rows: Vec<Map<String, Value>> = serde_json::from_str(text).unwrap();
            rows.extend_from_slice(more);
            rows.retain(|_| draw.chance(97));
            for row in &mut rows {
                move_a_date(draw, row);
            }
            rows
        };
        let members = table(include_str!("../../../data/memberships.json"), &[]);
        let (adequacy, lists) = (table(shipped.adequacy, &[]), table(shipped.lists, &[]));
        let (embargoes, entities) = (table(shipped.embargoes, &[]), table(shipped.entities, &[]));
        let (instruments, rules) = (table(shipped.instruments, &more), table(include_str!("../../../data/law/rules.json"), &[]));
        Self::of([members, adequacy, lists, embargoes, entities, instruments, rules])
    }

    fn of(rows: [Vec<Map<String, Value>>; 7]) -> Self {
        let [members, adequacy, lists, embargoes, entities, instruments, rules] =
            rows.each_ref().map(|rows| serde_json::to_string(rows).unwrap());
        let sources = Sources { adequacy: &adequacy, lists: &lists, embargoes: &embargoes, entities: &entities, instruments: &instruments };
        let tables = LawTables::parse(sources, Memberships::parse(&members).unwrap()).unwrap();
        let law = LawRules::parse(&rules).unwrap();
        let [members, adequacy, lists, embargoes, entities, instruments, rules] = rows.map(|rows| rows.into_iter().map(Raw::new).collect());
        Self { tables, law, members, adequacy, lists, embargoes, entities, instruments, rules }
    }

    /// The same world in which nobody has read one of its rows again since `review`.
    pub(super) fn with_an_older_row(&self, draw: &mut Draw, review: Stamp) -> Self {
        let tables = [&self.members, &self.adequacy, &self.lists, &self.embargoes, &self.entities, &self.instruments, &self.rules];
        let mut rows = tables.map(|rows| rows.iter().map(|row| row.fields.clone()).collect::<Vec<_>>());
        for table in &mut rows {
            for row in table.iter_mut().filter(|_| draw.chance(20)) {
                if at(row["review"].as_str().unwrap()) > review {
                    row.insert("review".to_owned(), json!(review.to_string()));
                }
            }
        }
        Self::of(rows)
    }
}

/// One row in five begins, ends, is learned, withdrawn or due another day. A row that would contradict itself stays as it is.
fn move_a_date(draw: &mut Draw, row: &mut Map<String, Value>) {
    if !draw.chance(20) {
        return;
    }
    let (name, other) =
        draw.one(&[("from", "until"), ("until", "from"), ("learned", "withdrawn"), ("withdrawn", "learned"), ("review", "")]);
    if !row.contains_key(other) && (name != "until" || !row.contains_key("from")) {
        row.insert(name.to_owned(), json!(instant(draw).to_string()));
    }
}

pub(in crate::law) const TAGS: [&str; 46] = [
    "GDPR NONE",
    "GDPR PERSONAL",
    "gdpr personal basis 6(1)(f)",
    "GDPR PERSONAL BASIS",
    "GDPR SPECIAL",
    "GDPR SPECIAL BASIS 9(2)(G)",
    "GDPR CRIMINAL BASIS 10",
    "GDPR UNKNOWN",
    "LED PERSONAL",
    "LED OTHER",
    "NATSEC UNDECLARED",
    "NATSEC UNDER FR-7",
    "NATSEC UNDER DE-8",
    "ITAR VIII",
    "ITAR VIII(h)",
    "ITAR VIII 126.7",
    "ITAR VIII 126.7 UNDER L-1",
    "ITAR VIII UNDER L-2",
    "ITAR VIII SECRET",
    "ITAR IX",
    "EAR EAR99",
    "EAR EAR99 STA",
    "EAR 5A002",
    "EAR 5A002 STA",
    "EAR 5A002.A STA STA-A6",
    "EAR 5A002 STA-A6 UNDER L-1",
    "EAR 5A002 STA-A6 STA",
    "EAR 3A090",
    "EAR 3A090.A UNDER L-1",
    "EAR 3A090 STA",
    "EAR 5A992.Z",
    "EAR 4D090",
    "EAR 3E001 FOR-090",
    "EAR 3A090.Z",
    "EUDU 5A002",
    "EUDU 5A002 EU001",
    "EUDU 5A002 ANNEX-IV",
    "EUDU 5A002 ANNEX-IV EU001",
    "PROP UNDER ACME 7",
    "NDA UNDER ACME 7",
    "PCII PROTECTED",
    "PURPOSE CYBER DEFENCE, CRISIS",
    "RETAIN UNTIL 2026-11-25",
    "RETAIN UNTIL 2027-06-30T12:00:00.5Z",
    "RETAIN UNTIL SOON",
    "MOON ROCK",
];

pub(super) fn any_tag(draw: &mut Draw) -> Restriction {
    tag(draw.one(&TAGS))
}

pub(super) fn fulfilled(draw: &mut Draw) -> ObligationSet {
    let some: Vec<Obligation> = Obligation::ALL.into_iter().filter(|_| draw.chance(85)).collect();
    ObligationSet::of(&some)
}

const COUNTRIES: [&str; 12] = ["FRA", "DEU", "USA", "GBR", "JPN", "NOR", "CAN", "CHN", "IRN", "CYP", "MAC", "VNM"];
const KINDS: [Kind; 6] =
    [Kind::PublicAuthority, Kind::LawEnforcement, Kind::Military, Kind::Intelligence, Kind::Private, Kind::InternationalOrganisation];
const NAMES: [&str; 4] = ["ACME", "huawei technologies co., ltd.", "European Patent Organisation", "MOD"];

/// A recipient that is mostly of one country, with a few facts of each sort, and gaps.
pub(super) fn recipient(draw: &mut Draw) -> RecipientFacts {
    let home = draw.one(&COUNTRIES);
    let kind = draw.one(&KINDS);
    let mut facts = RecipientFacts::organisation(draw.one(&NAMES), home, kind);
    if draw.chance(20) {
        facts.nations.insert(draw.one(&COUNTRIES).to_owned());
    }
    if draw.chance(15) {
        facts.residence = Some([draw.one(&COUNTRIES).to_owned()].into());
    }
    if draw.chance(15) {
        facts = facts.owned_from(draw.one(&COUNTRIES));
    }
    for _ in 0..draw.below(4) {
        facts = facts.party_to(held(draw, &["SAFEGUARDS", "sta-1", "FR-7", "ACME 7", "EU-US UMBRELLA AGREEMENT"]));
    }
    for _ in 0..draw.below(3) {
        facts = facts.certified(held(draw, &["DPF", "ITAR 126.7", "PCII authorized user"]));
        facts = facts.mandated(held(draw, &["9(2)(G)", "10"]));
        let (law, cover) = (draw.one(&["ITAR", "EAR", "EUDU"]), draw.one(&["VIII", "5A002", "3A090", "3E001"]));
        facts = facts.authorised(law, &[cover], held(draw, &["L-1", "l-2"]));
    }
    facts.purpose = draw.chance(70).then(|| draw.one(&["crisis", "Cyber Defence", "sales"]).to_owned());
    facts.screening = draw.chance(80).then(|| Screening { is_listed: draw.chance(10), until: instant(draw) });
    if draw.chance(20) { without_a_fact(draw, facts) } else { facts }
}

fn held(draw: &mut Draw, ids: &[&str]) -> Held {
    let mut held = Held::new(draw.one(ids));
    held.from = draw.chance(10).then(|| instant(draw));
    held.until = draw.chance(20).then(|| instant(draw));
    held
}

/// The same recipient, one fact less known or held.
pub(super) fn without_a_fact(draw: &mut Draw, mut facts: RecipientFacts) -> RecipientFacts {
    match draw.below(12) {
        0 => facts.nations.clear(),
        1 => facts.residence = None,
        2 => facts.birth = None,
        3 => facts.organisation = None,
        4 => facts.country = None,
        5 => facts.headquarters = None,
        6 => facts.kind = None,
        7 => facts.purpose = None,
        8 => drop(facts.instruments.pop_first()),
        9 => drop(facts.frameworks.pop_first()),
        10 => drop(facts.authorisations.pop_first()),
        _ if draw.chance(50) => drop(facts.mandates.pop_first()),
        _ => facts.screening = None,
    }
    facts
}
