//! The one function that carries a command out, whoever asks: the command line in process, or the control socket.

mod intake;
mod models;

use relto_model::ObjectId;
use relto_node::{KeyStep, NewInformationResponse, Node, Source, UserChange, UserRecord};
use relto_policy::release_check::WordList;
use relto_policy::{GroupMembership, Policies};

use crate::command::{Act, CollectionFacts, Command, Consenting, EquivalenceFacts, GroupFacts, Outcome, RequestAct, Secret, UserFacts};
use crate::failure::Failure;

pub(crate) use intake::unusable;

/// Told while a command runs. Failing to tell never undoes what the command does.
pub(crate) trait Reporter: Sync {
    /// `done` of `total` objects.
    fn progress(&self, done: u64, total: u64);

    /// A piece of what the command writes.
    ///
    /// # Errors
    /// When it cannot be passed on; the command then ends.
    fn write(&self, piece: &[u8]) -> std::io::Result<()>;
}

/// Carries `command` out. `sources` are what a load loads, by name.
///
/// # Errors
/// [`Failure`]; then nothing has changed.
pub(crate) fn execute(node: &Node, command: Command, sources: &[Source], reporter: &dyn Reporter) -> Result<Outcome, Failure> {
    match command {
        Command::UserAdd { name, change } => {
            let token = node.add_user(&name, &change)?;
            Ok(Outcome::Made {
                act: format!("added user `{name}`; this is the token, shown only now:"),
                name,
                secret: Secret::Token(token),
            })
        }
        Command::UserPassword { name, password } => done(
            node.set_password(&name, &password.0),
            format!("user `{name}` has a new password; sessions under an earlier one have ended"),
        ),
        Command::UserCertificate { name, key } => done(
            node.set_certificate(&name, key.as_ref()),
            match key {
                Some(key) => format!("user `{name}` signs in with the certificate whose public key has the SHA-256 {}", hex::encode(key)),
                None => format!("user `{name}` has no certificate any more; sessions under it have ended"),
            },
        ),
        Command::UserRotateToken { name } => {
            let token = node.rotate_token(&name)?;
            let act = format!("user `{name}` has a new token, the old one is void; shown only now:");
            Ok(Outcome::Made { act, name, secret: Secret::Token(token) })
        }
        Command::UserSet { name, change } if change == UserChange::default() => {
            Err(Failure::new(format!("nothing is said that could change `{name}`")).help("`relto user set --help` shows what can be set"))
        }
        Command::UserSet { name, change } => done(node.set_user(&name, &change), format!("changed user `{name}`")),
        Command::UserDisable { name, disabled } => {
            let act = if disabled { format!("user `{name}` can no longer sign in") } else { format!("user `{name}` can sign in again") };
            done(node.disable_user(&name, disabled), act)
        }
        Command::UserList => {
            let policies = node.policies();
            Ok(Outcome::Users(node.users().iter().map(|record| user_facts(record, &policies)).collect()))
        }
        Command::CollectionAdd(new) => {
            let id = node.add_collection(&new)?;
            Ok(Outcome::Made { act: format!("added collection `{}`; its id:", new.name), name: new.name, secret: Secret::Id(id) })
        }
        Command::CollectionSet { name, change } => done(node.set_collection(&name, &change), format!("changed collection `{name}`")),
        Command::CollectionList => Ok(Outcome::Collections(collections(node))),
        Command::GroupAdd { name } => done(node.add_group(&name), format!("declared group `{name}`")),
        Command::GroupList => {
            let groups = node.groups().into_iter();
            Ok(Outcome::Groups(groups.map(|(name, nations)| GroupFacts { name, nations }).collect()))
        }
        Command::EquivalenceAdd { held, counts_as } => {
            done(node.add_equivalence(&held, &counts_as), format!("a clearance {held} now counts as {counts_as}"))
        }
        Command::EquivalenceRemove { held, counts_as } => {
            done(node.remove_equivalence(&held, &counts_as), format!("a clearance {held} no longer counts as {counts_as}"))
        }
        Command::EquivalenceList => {
            let all = node.equivalences()?.into_iter();
            Ok(Outcome::Equivalences(all.map(|(held, counts_as)| EquivalenceFacts { held, counts_as }).collect()))
        }
        Command::ConsentAdd { object, consent } => Ok(Outcome::Consented(node.add_consent(&object_id(&object)?, &consent)?)),
        Command::ConsentRemove { object, of, reason } => Ok(Outcome::Consented(node.remove_consent(&object_id(&object)?, &of, &reason)?)),
        Command::ConsentList { object } => {
            let object = object.as_deref().map(object_id).transpose()?;
            Ok(Outcome::Consents(node.consents(object.as_ref())?))
        }
        Command::Consenting(consenting) => consent(node, consenting),
        Command::PolicyActivate { file, reason } => {
            let file = node.activate(&file, &reason)?;
            Ok(Outcome::Done { act: format!("{} is in force for everybody", file.name) })
        }
        Command::PolicyDeactivate { name, reason } => done(node.deactivate(&name, &reason), format!("{name} is no longer in force")),
        Command::PolicyList => Ok(Outcome::Files(node.files_in_force()?)),
        Command::Impact(file) => Ok(Outcome::Impact(node.impact(&file)?)),
        Command::LabelSet { object, label, reason, addressees } => {
            Ok(Outcome::Relabelled(node.relabel_for(&object_id(&object)?, &label, &reason, &addressees)?))
        }
        Command::LabelDefaultShow => Ok(Outcome::Done { act: default_label(node.default_label().as_deref()) }),
        Command::LabelDefault { label } => {
            let act = default_label(label.as_deref());
            done(node.set_default_label(label.as_deref()), act)
        }
        Command::LabelCheck { label } => {
            let means = node.check_label(&label)?;
            Ok(Outcome::Label { written: label, means: node.label_in_words(&means), rules: node.label_rules(&means) })
        }
        Command::LabelWrite { label, labels, form, review } => {
            Ok(Outcome::Written(node.write_label(label.as_deref(), &labels, form, review.as_deref())?))
        }
        Command::Load(request) => Ok(Outcome::Loaded(node.load(&request, sources, &|done, total| reporter.progress(done, total))?)),
        Command::Modelling(modelling) => models::model(node, modelling, sources),
        Command::Preview { request, words } => {
            let words = words.as_deref().map(WordList::parse).transpose()?;
            let progress = |done, total| reporter.progress(done, total);
            Ok(Outcome::Previewed(node.preview(&request, sources, words.as_ref(), &progress)?))
        }
        Command::Tearline { object, request } => Ok(Outcome::Proposed(Box::new(node.propose_tearline(&object_id(&object)?, &request)?))),
        Command::TearlinePublish { object, request, review } => {
            Ok(Outcome::Published(node.publish_tearline(&object_id(&object)?, &request, &review)?))
        }
        Command::Explain { object, user } => {
            let versions = node.explain(&object_id(&object)?, &user)?;
            Ok(Outcome::Explained { object, user, versions })
        }
        Command::Show { object, user } => {
            let versions = node.reading_as(&user)?.show(node, &object_id(&object)?)?;
            Ok(Outcome::Shown { object, user, versions })
        }
        Command::Search { user, request } => {
            Ok(Outcome::Found(node.search(&user, &request, &|done, total| reporter.progress(done, total))?))
        }
        Command::Path { user, from, to } => {
            Ok(Outcome::Paths(node.paths(&user, &from, &to, &|done, total| reporter.progress(done, total))?))
        }
        Command::Entity { user, request } => {
            Ok(Outcome::Entity(Box::new(node.entity(&user, &request, &|done, total| reporter.progress(done, total))?)))
        }
        Command::Export { user, collection } => {
            let mut out = std::io::BufWriter::with_capacity(PIECE_BYTES, Pieces(reporter));
            let objects = node.reading_as(&user)?.export(collection.as_deref(), &mut out)?;
            std::io::Write::flush(&mut out).map_err(|error| Failure::of("the bundle could not be written", &error))?;
            Ok(Outcome::Exported { objects })
        }
        Command::PartnerCard { address } => Ok(Outcome::Card(node.card(&address)??)),
        Command::ServerCard(card) => Ok(Outcome::Card(card.to_json())),
        Command::PartnerAdd(new) => Ok(Outcome::Partner(Box::new(node.add_partner(&new)?))),
        Command::PartnerPreview(new) => Ok(Outcome::AgreementEffect(node.preview_partner(&new)?)),
        Command::PartnerKey(step) => Ok(Outcome::Done { act: key_step(step, &node.step_key(step)?) }),
        Command::PartnerList => Ok(Outcome::Partners(node.partners()?)),
        Command::PartnerSuspend { name, suspended, phrase } => {
            let act = if suspended {
                format!("nothing flows to or from `{name}` any more")
            } else {
                format!("the exchange with `{name}` goes on")
            };
            done(node.suspend_partner(&name, suspended, phrase.as_deref()), act)
        }
        Command::PartnerHoldings { name } => Ok(Outcome::Holdings { holdings: node.holdings(&name)?, has_left: false }),
        Command::PartnerExport { name, from_start } => {
            let mut out = std::io::BufWriter::with_capacity(PIECE_BYTES, Pieces(reporter));
            let (written, places) = node.write_media(&name, from_start, &mut out)?;
            std::io::Write::flush(&mut out).map_err(|error| Failure::of("the file could not be written", &error))?;
            Ok(Outcome::MediaWritten { written, places })
        }
        Command::PartnerExported(places) => done(node.media_written(&places), "the next file begins where this one ends".to_owned()),
        Command::PartnerImport { name } => {
            let file = sources.first().ok_or_else(|| Failure::new("there is no file to import"))?;
            Ok(Outcome::MediaRead(node.read_media(&name, &file.content)?))
        }
        Command::PartnerRemove { name } => Ok(Outcome::Holdings { holdings: node.remove_partner(&name)?, has_left: true }),
        Command::Recall { object, reason } => Ok(Outcome::Recalled(node.recall(&object_id(&object)?, &reason)?)),
        Command::Trace { object } => traced(node, &object),
        Command::QuarantineList { partner } => Ok(Outcome::Quarantine(node.quarantined(partner.as_deref())?)),
        Command::QuarantineRetry { partner, object } => Ok(Outcome::Taken(node.retry_quarantined(&partner, object.as_deref())?)),
        Command::QuarantineDrop { partner, object, reason } => {
            let dropped = node.drop_quarantined(&partner, object.as_deref(), &reason)?;
            Ok(Outcome::Done { act: format!("{dropped} object(s) of `{partner}` were thrown away") })
        }
        Command::Request { user, act } => request(node, &user, act),
        Command::Intake(act) => intake::intake(node, act, sources, reporter),
        Command::Doctor => Ok(Outcome::Examined(crate::doctor::node_checks(node)?)),
        Command::Log { limit } => Ok(Outcome::Acts(acts(node, limit)?)),
    }
}

fn traced(node: &Node, object: &str) -> Result<Outcome, Failure> {
    let trace = node.trace(&object_id(object)?)?;
    if trace.is_empty() {
        return Err(Failure::not_found(format!("this node took in no `{object}`, and released none"))
            .help("what a partner delivered and was not taken in: `relto quarantine list`"));
    }
    Ok(Outcome::Traced(trace))
}

fn request(node: &Node, user: &str, act: RequestAct) -> Result<Outcome, Failure> {
    let written = match act {
        RequestAct::Ask(new) => node.ask(user, &new)?,
        RequestAct::List { all } => return Ok(Outcome::InformationRequests(node.requests(user, all)?)),
        RequestAct::Answer { request, objects, new } => {
            let objects = objects.iter().map(|object| object_id(object)).collect::<Result<_, _>>()?;
            node.answer(user, &object_id(&request)?, &NewInformationResponse { objects, ..new })?
        }
        RequestAct::Close { request, reason } => node.close_request(user, &object_id(&request)?, reason.as_deref())?,
    };
    Ok(Outcome::InformationWritten(written))
}

fn consent(node: &Node, consenting: Consenting) -> Result<Outcome, Failure> {
    match consenting {
        Consenting::Request { object, request } => {
            Ok(Outcome::ConsentRequested(Box::new(node.request_consent(&object_id(&object)?, &request)?)))
        }
        Consenting::Requests => Ok(Outcome::ConsentRequests(node.consent_requests()?)),
        Consenting::Grant { request, grant } => Ok(Outcome::Consented(node.grant_request(&request, &grant)?)),
        Consenting::Refuse { request, reason } => {
            done(node.refuse_request(&request, &reason), format!("request `{request}` is refused, and whoever asked is told"))
        }
        Consenting::Announce { object, notice } => {
            let id = node.announce(&object_id(&object)?, &notice)?.to_string();
            let act = format!("published a release notice on `{object}`, beside it; its id:");
            Ok(Outcome::Made { act, name: object, secret: Secret::Id(id) })
        }
    }
}

/// How much of an export is passed on at once, in bytes.
const PIECE_BYTES: usize = 256 << 10;

struct Pieces<'r>(&'r dyn Reporter);

impl std::io::Write for Pieces<'_> {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        self.0.write(piece)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a step towards another key has done, and what comes next.
fn key_step(step: KeyStep, phrases: &[String]) -> String {
    let phrases = phrases.join("`, then `");
    let next = match step {
        KeyStep::Make => {
            "give every partner the new card (`relto partner card`), and once all have added it `relto partner key --use-next`"
        }
        KeyStep::Use => "start `relto serve` again; once every link has come back, `relto partner key --forget`",
        KeyStep::Forget => "partners need not do anything",
    };
    format!("the keys of this node have the phrases `{phrases}`\nnext: {next}")
}

fn default_label(label: Option<&str>) -> String {
    label.map_or_else(
        || "objects that come with no marking go to the node's and the poster's organisation".to_owned(),
        |label| format!("objects that come with no marking get `{label}`"),
    )
}

fn done<E: Into<Failure>>(result: Result<(), E>, act: String) -> Result<Outcome, Failure> {
    result.map(|()| Outcome::Done { act }).map_err(Into::into)
}

fn object_id(text: &str) -> Result<ObjectId, Failure> {
    ObjectId::parse(text)
        .map_err(|error| Failure::of(&format!("`{text}` is not an object id"), &error).help("ids are written `TYPE--UUID`"))
}

fn user_facts(record: &UserRecord, policies: &Policies) -> UserFacts {
    UserFacts {
        name: record.name.clone(),
        nations: record.nations.iter().cloned().collect(),
        organisation: record.organisation.clone(),
        members: record.groups.iter().map(membership).collect(),
        clearances: record.clearances.iter().map(|clearance| clearance.in_words(policies)).collect(),
        accesses: record.accesses.iter().map(|(_, restriction)| restriction.value.clone()).collect(),
        role: record.role.to_string(),
        disabled: record.disabled,
    }
}

/// `GROUP[@FROM[..UNTIL]]`, as it is written on the command line.
fn membership(membership: &GroupMembership) -> String {
    let open = || "1970-01-01".to_owned();
    let from = membership.from.map(|from| from.to_string());
    match (from, membership.until) {
        (None, None) => membership.group.clone(),
        (Some(from), None) => format!("{}@{from}", membership.group),
        (from, Some(until)) => format!("{}@{}..{until}", membership.group, from.unwrap_or_else(open)),
    }
}

fn collections(node: &Node) -> Vec<CollectionFacts> {
    let all = node.collections().into_iter();
    all.map(|(record, label)| CollectionFacts {
        name: record.name,
        id: record.id,
        title: record.title,
        label,
        can_read: record.can_read,
        can_write: record.can_write,
        recipients: record.recipients.into_iter().map(|(organisation, clients)| (organisation, clients.into_iter().collect())).collect(),
        second_person: record.second_person,
    })
    .collect()
}

fn acts(node: &Node, limit: usize) -> Result<Vec<Act>, Failure> {
    let entries = node.journal(limit)?.into_iter();
    Ok(entries
        .map(|(at, act)| Act { at: at.to_string(), act: serde_json::from_str(&act).unwrap_or(serde_json::Value::String(act)) })
        .collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use relto_model::Stamp;
    use relto_model::kinds::Kinds;
    use relto_node::{Clock, Entropy};
    use relto_store::memory::Memory;

    use super::*;
    use crate::failure::Exit;

    struct SetClock(AtomicI64);

    impl Clock for SetClock {
        fn now(&self) -> Stamp {
            Stamp(self.0.load(Ordering::Relaxed))
        }

        fn pause(&self, micros: u64) {
            self.0.fetch_add(i64::try_from(micros).unwrap(), Ordering::Relaxed);
        }
    }

    struct Counter(AtomicI64);

    impl Entropy for Counter {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes()[0]);
        }
    }

    struct Silent;

    impl Reporter for Silent {
        fn progress(&self, _: u64, _: u64) {}

        fn write(&self, _: &[u8]) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_clock_set_back_changes_nothing_and_is_named() {
        const HOUR: i64 = 3_600_000_000;
        let noon = Stamp::parse("2026-11-25T12:00:00Z").unwrap().0;
        let (store, clock, entropy) = (Arc::new(Memory::default()), Arc::new(SetClock(noon.into())), Arc::new(Counter(1.into())));
        Node::create(store.as_ref(), "French Node", "FRA", clock.as_ref(), entropy.as_ref()).unwrap();
        let node = Node::open(store, clock.clone(), entropy, Kinds::builtin()).unwrap();
        let add = |name: &str| execute(&node, Command::GroupAdd { name: name.to_owned() }, &[], &Silent);
        clock.0.fetch_add(1, Ordering::Relaxed);
        add("JTF-7").unwrap();
        let groups = node.groups();
        clock.0.fetch_sub(HOUR, Ordering::Relaxed);
        let failure = add("JTF-8").unwrap_err();
        assert_eq!(failure.exit, Exit::Failed);
        assert_eq!(failure.message, "the clock says 2026-11-25T11:00:00.000001Z, but the last change is of 2026-11-25T12:00:00.000001Z");
        assert!(failure.help.unwrap().contains("set the machine's clock right"));
        assert!(!node.is_healthy());
        clock.0.fetch_add(HOUR + 1, Ordering::Relaxed);
        assert_eq!(node.groups(), groups);
        assert!(node.is_healthy());
        add("JTF-8").unwrap();
    }
}
