//! Random worlds: who there is, what there is, and what happens.

mod objects;
mod partners;
mod reads;
mod requests;

use relto_node::{NewPartner, UserChange};
use relto_policy::law::Subject;
use serde_json::Value as Json;

use self::objects::{no_marking, object_id, objects};
use self::partners::exchange;
pub use self::partners::{ALLY, Telling, said};
pub use self::reads::Read;
use self::reads::{query, read};
pub use self::requests::Requesting;
use self::requests::requests;
use crate::draw::Draw;
use crate::site::{Caveat, What, Whom};

/// Labels that custodians give, from open to closed; some the witness may see, some not, whoever the witness is.
pub const LABELS: [&str; 20] = [
    "TLP:CLEAR",
    "NATO UNCLASSIFIED",
    "NATO SECRET",
    "NATO RESTRICTED REL TO JPN",
    "SECRET//REL TO USA, FRA",
    "EU RESTRICTED",
    "TLP:AMBER",
    "TLP:RED",
    "ORG:Org A",
    "NATO UNCLASSIFIED REL TO JTF-7",
    "NATO SECRET, from 2026-06-01T00:00:20Z NATO UNCLASSIFIED",
    "TLP:GREEN, from 2026-06-01T00:00:16Z ORG:Org A",
    "COMMERCIAL INTERNAL",
    "COMMERCIAL CONFIDENTIAL; Project=AURORA, BOREAS",
    "TLP:GREEN AND LAW:GDPR PERSONAL",
    "TLP:CLEAR AND HANDLING:ORCON Org A",
    "TLP:CLEAR AND HANDLING:ORCON Org A; THIRD PARTY Org B",
    "TLP:GREEN AND LAW:RETAIN UNTIL 2026-06-01T00:00:22Z",
    "TLP:GREEN AND LAW:PURPOSE CYBER DEFENCE",
    "NATO UNCLASSIFIED AND LAW:PURPOSE SALES, CYBER DEFENCE",
];
/// What the law may know of an account.
const FACTS: [&str; 4] = [
    r#"{"purpose": "cyber defence"}"#,
    r#"{"country": "FRA", "headquarters": "FRA", "kind": "private", "residence": [], "purpose": "sales"}"#,
    r#"{"country": "USA", "headquarters": "USA", "kind": "private", "residence": []}"#,
    r#"{"country": "USA", "headquarters": "USA", "kind": "private", "residence": [],
        "purpose": "cyber defence", "frameworks": [{"id": "DPF", "until": "2026-06-01T00:00:24Z"}]}"#,
];
/// The classifications up to which the company's policy may be open.
const OPEN: [&str; 2] = ["PUBLIC", "INTERNAL"];
/// Labels that let many in once the node's own organisation consents, now or at a date.
const CONTROLLED: [&str; 4] = [
    "TLP:CLEAR AND HANDLING:ORCON Node Org",
    "NATO UNCLASSIFIED AND HANDLING:ORCON Node Org",
    "TLP:GREEN AND HANDLING:ORCON Node Org, from 2026-06-01T00:00:28Z TLP:GREEN",
    "TLP:GREEN, from 2026-06-01T00:00:24Z TLP:GREEN AND HANDLING:ORCON Node Org",
];
/// To whom consents go: the witness, everybody whom it could become, and somebody else.
const CONSENTED: [&str; 8] = ["Org B", "Org A", NODE, "user:witness", "user:witness", "user:witness", "user:quinn", "nation:FRA"];
/// When consents end.
const ENDS: [&str; 3] = ["2026-06-01T00:00:18Z", "2026-06-01T00:00:26Z", "2026-06-01T00:00:33Z"];
/// Names of collections.
pub const COLLECTIONS: [&str; 4] = ["alpha", "bravo", "charlie", "delta"];
/// Accounts; the first is the witness.
pub const USERS: [&str; 3] = ["witness", "quinn", "rene"];
/// Whoever writes: the accounts, and the partner beside them.
pub const WRITERS: [&str; 4] = ["witness", "quinn", "rene", ALLY];
/// Whose node it is.
pub const NODE: &str = "Node Org";
const ORGANISATIONS: [&str; 3] = ["Org A", "Org B", NODE];
const NATIONS: [&str; 5] = ["FRA", "USA", "DEU", "JPN", "GBR"];
const MEMBERS: [&str; 3] = ["JTF-7", "JTF-7@2020-01-01..2026-06-01T00:00:20Z", "JTF-7@2026-06-01T00:00:15Z"];
const CLEARANCES: [&str; 7] = [
    "NATO:SECRET",
    "NATO:RESTRICTED",
    "USA:SECRET",
    "EU:RESTRICTED",
    "COMMERCIAL:CONFIDENTIAL",
    "NATO:SECRET@2026-06-01T00:00:25Z",
    "USA:SECRET@2026-06-01T00:00:12Z",
];
const ROLES: [&str; 4] = ["contributor", "contributor", "release-officer", "reader"];

/// Files of caveats; two, so that one can be replaced and both be in force.
pub const CAVEAT_FILES: [&str; 2] = ["first.caveat", "second.caveat"];
const WHOM: [Whom; 7] = [
    Whom::Of("Org A"),
    Whom::Of("Org B"),
    Whom::Of(NODE),
    Whom::National("FRA"),
    Whom::National("USA"),
    Whom::Outside("JTF-7"),
    Whom::Outside("JTF-7"),
];
const WHAT: [What; 6] = [
    What::AtLeast("TLP", "CLEAR"),
    What::AtLeast("TLP", "GREEN"),
    What::AtLeast("NATO", "UNCLASSIFIED"),
    What::AtLeast("NATO", "RESTRICTED"),
    What::AtLeast("ORG", "ORGANISATIONS"),
    What::Tagged("HANDLING", "Originator Control"),
];
const SPELLS: [(&str, &str); 4] = [
    ("2026-01-01", "2027-01-01"),
    ("2026-01-01", "2026-06-01T00:00:27Z"),
    ("2026-06-01T00:00:19Z", "2027-01-01"),
    ("2026-06-01T00:00:17Z", "2026-06-01T00:00:31Z"),
];

/// One thing that happens. Fields are named as the command's options are.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields say what the command line says")]
#[expect(clippy::large_enum_variant, reason = "a world has some hundred of them")]
pub enum Act {
    /// The custodian adds a collection.
    AddCollection { name: &'static str, label: Option<&'static str>, can_read: bool, can_write: bool, recipients: Vec<String> },
    /// The custodian gives a collection another label, other recipients, or both.
    SetCollection { name: &'static str, label: Option<&'static str>, recipients: Option<Vec<String>> },
    /// The custodian adds an account, or changes one that is there.
    SetUser { name: &'static str, change: UserChange },
    /// The custodian puts the company's policy in force, open up to a classification.
    Activate { open_up_to: &'static str },
    /// The custodian puts a caveat of the site in force, in the place of the one of that file.
    Forbid { file: &'static str, caveat: Caveat },
    /// The custodian takes a file of the site out of force.
    Lift { file: &'static str },
    /// The custodian loads objects.
    Load { collection: &'static str, label: Option<&'static str>, date: Option<&'static str>, addressees: Vec<String>, objects: Vec<Json> },
    /// The custodian relabels an object.
    Relabel { id: String, label: &'static str, addressees: Vec<String> },
    /// The custodian enters a consent to an object's release.
    Consent { id: String, by: Consenting, until: Option<&'static str> },
    /// The custodian withdraws one.
    Withdraw { id: String, by: Consenting },
    /// The custodian publishes a tearline.
    Tearline { id: String, label: &'static str },
    /// The custodian lets a clearance count elsewhere.
    Equate,
    /// An account posts.
    Post { user: usize, collection: &'static str, objects: Vec<Json> },
    /// An account deletes.
    Delete { user: usize, collection: &'static str, id: String, query: &'static str },
    /// The witness reads.
    Read { path: Read, query: String },
    /// The witness walks a collection from page to page.
    Walk { collection: &'static str, manifest: bool, query: String },
    /// The custodian exports what the witness sees.
    Export { collection: Option<&'static str> },
    /// An account asks, answers or closes, or is shown what was.
    Request { user: usize, what: Requesting },
    /// The custodian adds a partner, or changes what was agreed with it.
    Partner { name: &'static str, new: NewPartner },
    /// The custodian stops what flows to and from a partner, or lets it go on.
    Suspend { name: &'static str, suspended: bool },
    /// The custodian has a partner leave.
    Leave { name: &'static str },
    /// The custodian recalls an object.
    Recall { id: String },
    /// A partner tells of something that it wrote.
    Tell { user: usize, id: String, told: Telling },
    /// The witness asks in which collections there is something new, since it last asked or since ever.
    Listen { anew: bool },
    /// The witness asks for notices.
    Notices,
    /// The witness answers the notices that it last got.
    Receipts { done: bool, onward: &'static str },
}

/// Whose consent, and to whom: organisations and recipients of few names, so that acts meet.
#[derive(Debug, Clone)]
pub struct Consenting {
    /// Who consents, and as what.
    pub subject: Subject,
    /// To whom.
    pub to: &'static str,
}

impl Act {
    /// Whether the act changes nothing.
    #[must_use]
    pub fn is_read(&self) -> bool {
        let is_list = matches!(self, Self::Request { what: Requesting::List { .. }, .. });
        is_list || matches!(self, Self::Read { .. } | Self::Walk { .. } | Self::Export { .. } | Self::Listen { .. } | Self::Notices)
    }

    /// Whether the first of the users, who is the witness, writes. A partner that gives another label to what it wrote is shown it again, if that lets
    /// it (docs/leaks.md, "Receipts").
    #[must_use]
    pub fn is_write_of_the_witness(&self) -> bool {
        let writes = matches!(
            self,
            Self::Post { user: 0, .. } | Self::Delete { user: 0, .. } | Self::Tell { user: 0, .. } | Self::Request { user: 0, .. }
        );
        writes && !matches!(self, Self::Tell { told: Telling::Label(..), .. }) && !self.is_read()
    }

    /// The ids of what the act brings, without what only says something of that.
    fn ids(&self) -> impl Iterator<Item = &str> {
        let objects = match self {
            Self::Load { objects, .. } | Self::Post { objects, .. } => objects.as_slice(),
            _ => &[],
        };
        let is_drawn = |id: &&str| !["note", "opinion", "report"].iter().any(|kind| id.starts_with(kind));
        objects.iter().filter_map(|object| object.get("id")?.as_str()).filter(is_drawn)
    }
}

/// The id of a status that nobody has.
pub const NO_STATUS: &str = "00000000-0000-4000-8000-000000000000";

/// Who the witness is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// A person with a token. There may be a partner beside it.
    Person,
    /// A partner, over a link.
    Partner,
}

impl Cast {
    /// Of every three worlds the witness of one is a partner.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        if seed.is_multiple_of(3) { Self::Partner } else { Self::Person }
    }
}

/// The acts of the world of `seed`, in which the witness is a person.
#[must_use]
pub fn world(seed: u64, length: usize) -> Vec<Act> {
    world_for(Cast::Person, seed, length)
}

/// The acts of the world of `seed`.
#[must_use]
pub fn world_for(cast: Cast, seed: u64, length: usize) -> Vec<Act> {
    let mut draw = Draw::new(seed);
    let mut acts = vec![Act::Activate { open_up_to: OPEN[0] }];
    acts.extend(COLLECTIONS.into_iter().take(2).map(|name| add_collection(&mut draw, name)));
    acts.extend(USERS.into_iter().map(|name| account(&mut draw, cast, name)));
    acts.iter_mut().filter(|_| cast == Cast::Partner).for_each(partners::agree);
    let length = acts.len() + length;
    while acts.len() < length {
        let next = some_acts(&mut draw, cast, &acts);
        acts.extend(next);
    }
    // Whether what the ally wrote stays here is agreed for good: what goes on later does not appear as new (docs/leaks.md).
    let stays = draw.chance(40);
    for act in &mut acts {
        if let Act::Partner { name: ALLY, new } = act {
            new.no_onward = stays;
        }
    }
    // Whoever opens the stores afterwards may not know the language of our caveats.
    acts.extend(CAVEAT_FILES.map(|file| Act::Lift { file }));
    acts
}

/// One act, or two of which the second needs the first; `before` are those that went before.
fn some_acts(draw: &mut Draw, cast: Cast, before: &[Act]) -> Vec<Act> {
    if draw.chance(if cast == Cast::Partner { 35 } else { 10 }) {
        return exchange(draw, cast, before);
    }
    if draw.chance(8) {
        return requests(draw, before);
    }
    match act(draw, cast) {
        // Few objects are labelled so that somebody could consent, and fewer so that nothing else withholds them.
        Act::Consent { id, by, until } if by.subject == Subject::Originator(NODE.to_owned()) => {
            let id = known_id(draw, before).unwrap_or(id);
            vec![Act::Relabel { id: id.clone(), label: draw.one(&CONTROLLED), addressees: Vec::new() }, Act::Consent { id, by, until }]
        }
        other => vec![other],
    }
}

/// The id of something that an act has brought, and that is no marking.
fn known_id(draw: &mut Draw, before: &[Act]) -> Option<String> {
    let is_meant = |id: &&str| !id.starts_with("marking-definition") && !id.starts_with("label-statement");
    let ids: Vec<&str> = before.iter().flat_map(Act::ids).filter(is_meant).collect();
    (!ids.is_empty()).then(|| draw.one(&ids).to_owned())
}

fn act(draw: &mut Draw, cast: Cast) -> Act {
    match draw.below(100) {
        0..3 => {
            let name = draw.one(&COLLECTIONS);
            add_collection(draw, name)
        }
        3..5 => Act::SetCollection {
            name: draw.one(&COLLECTIONS[..3]),
            label: draw.chance(70).then(|| draw.one(&LABELS)),
            recipients: draw.chance(40).then(|| recipients(draw)),
        },
        5..9 => {
            let name = draw.one(&USERS);
            account(draw, cast, name)
        }
        9..25 => Act::Load {
            collection: draw.one(&COLLECTIONS[..3]),
            label: draw.chance(70).then(|| draw.one(&LABELS)),
            date: draw.chance(15).then_some("2019-06-30"),
            addressees: addressees(draw),
            objects: objects(draw),
        },
        25..29 => Act::Consent { id: no_marking(draw), by: consenting(draw), until: draw.chance(30).then(|| draw.one(&ENDS)) },
        29..31 => Act::Withdraw { id: no_marking(draw), by: consenting(draw) },
        31..39 => Act::Relabel { id: object_id(draw), label: draw.one(&LABELS), addressees: addressees(draw) },
        39..40 => Act::Equate,
        40..42 => Act::Activate { open_up_to: draw.one(&OPEN) },
        42..45 => Act::Tearline { id: object_id(draw), label: draw.one(&LABELS) },
        45..60 => {
            let user = if draw.chance(50) { 0 } else { 1 + draw.below(2) };
            Act::Post { user, collection: draw.one(&COLLECTIONS[..3]), objects: objects(draw) }
        }
        60..68 => {
            let user = if draw.chance(60) { 0 } else { 1 + draw.below(2) };
            let query = draw.one(&["", "", "match[version]=last", "match[version]=first", "match[spec_version]=2.0"]);
            Act::Delete { user, collection: draw.one(&COLLECTIONS[..3]), id: object_id(draw), query }
        }
        68..70 => Act::Forbid { file: draw.one(&CAVEAT_FILES), caveat: caveat(draw) },
        70..71 => Act::Lift { file: draw.one(&CAVEAT_FILES) },
        71..86 => {
            let path = read(draw);
            Act::Read { path, query: query(draw) }
        }
        86..97 => Act::Walk { collection: draw.one(&COLLECTIONS[..3]), manifest: draw.chance(30), query: query(draw) },
        _ => Act::Export { collection: draw.chance(50).then(|| draw.one(&COLLECTIONS)) },
    }
}

fn consenting(draw: &mut Draw) -> Consenting {
    let subject = match draw.below(5) {
        0 => return Consenting { subject: Subject::Addressees, to: draw.one(&["user:witness", "user:quinn"]) },
        1 | 2 => Subject::Originator(NODE.to_owned()),
        3 => Subject::Originator("Org A".to_owned()),
        _ => Subject::ThirdParty("Org B".to_owned()),
    };
    Consenting { subject, to: draw.one(&CONSENTED) }
}

/// To whom what is TLP:RED goes: nobody, the witness, somebody else, or both.
fn addressees(draw: &mut Draw) -> Vec<String> {
    USERS[..2].iter().filter(|_| draw.chance(50)).map(|name| (*name).to_owned()).collect()
}

fn caveat(draw: &mut Draw) -> Caveat {
    let (from, until) = draw.one(&SPELLS);
    Caveat { whom: draw.one(&WHOM), what: draw.one(&WHAT), from, until }
}

fn add_collection(draw: &mut Draw, name: &'static str) -> Act {
    let (can_read, can_write) = draw.one(&[(true, true), (true, true), (true, true), (true, false), (false, true)]);
    let recipients = recipients(draw);
    Act::AddCollection { name, label: draw.chance(40).then(|| draw.one(&LABELS)), can_read, can_write, recipients }
}

fn recipients(draw: &mut Draw) -> Vec<String> {
    (0..draw.below(2)).map(|_| (draw.one(&["Org A", "Org B", "Org B=Org A"])).to_owned()).collect()
}

fn account(draw: &mut Draw, cast: Cast, name: &'static str) -> Act {
    let change = attributes(draw);
    if cast == Cast::Partner && name == USERS[0] {
        return partners::partner(draw, name, change);
    }
    let (organisation, role) = (draw.one(&ORGANISATIONS), draw.one(&ROLES));
    Act::SetUser { name, change: UserChange { organisation: Some(organisation.to_owned()), role: Some(role.to_owned()), ..change } }
}

/// What is granted to somebody, without organisation and role.
fn attributes(draw: &mut Draw) -> UserChange {
    let several = |draw: &mut Draw, of: &[&str], most: usize| -> Vec<String> {
        (0..draw.below(most + 1)).map(|_| (draw.one(of)).to_owned()).collect()
    };
    let mut nations = several(draw, &NATIONS, 1);
    nations.push((draw.one(&NATIONS)).to_owned());
    UserChange {
        nations: Some(nations),
        members: Some(several(draw, &MEMBERS, 1)),
        clearances: Some(several(draw, &CLEARANCES, 3)),
        accesses: Some(several(draw, &["COMMERCIAL:AURORA"], 1)),
        facts: serde_json::from_str(draw.one(&FACTS)).ok(),
        ..UserChange::default()
    }
}
