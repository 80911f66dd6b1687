//! Making a label: what the policies in force offer, what the label of a choice says, who would get what carries it, and who would lose and gain if an
//! object had it. Nothing is stored. For release officers of the node's own organisation, who answer for its labels; to everybody else there is no such desk.

use std::collections::BTreeSet;

use relto_gate::Principal;
use relto_model::{ObjectId, Stamp};
use relto_policy::marking::stanag4774;
use relto_policy::text::{Choices, offered_policies, offered_tags, parse_label, rules_in_words};
use relto_policy::worlds::{Site, ism};
use relto_policy::{BannerPart, LabelContext, Rules, display};
use relto_store::{Bodies, Held, held};

use crate::error::StoreError;
use crate::facts::Account;
use crate::ingest::Eyes;
use crate::labels::shown;
use crate::node::{Node, Writing};
use crate::preview::{Withheld, audience, without_collection};
use crate::reading::{ReadError, Reading};
use crate::relabel::{RelabelError, relabel_rows, with_its_own};
use crate::session::Session;

/// What is asked of the desk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelRequest {
    /// What was chosen.
    pub choices: Choices,
    /// A label as people write it, instead of choices; empty when there is none.
    pub text: String,
    /// When the label is to be reviewed, which STANAG 4774 asks for.
    pub review: Option<Stamp>,
    /// The object whose label it might become.
    pub object: Option<ObjectId>,
}

/// What the desk shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelDesk {
    /// The policies that offer choices.
    pub policies: Vec<String>,
    /// The classifications of the chosen policy.
    pub levels: Vec<Offer>,
    /// Its tags.
    pub tags: Vec<TagOffer>,
    /// What came of it; `None` while nothing was chosen.
    pub outcome: Option<Result<BuiltLabel, String>>,
    /// The object and its labels in words, if one was asked about.
    pub object: Option<(ObjectId, Vec<String>)>,
    /// The banner of those.
    pub banner: Vec<BannerPart>,
}

/// Something that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What it is called.
    pub name: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
    /// Why the policy does not allow it with what is chosen already.
    pub refused: Option<String>,
}

/// A tag, and what may be chosen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagOffer {
    /// Its name.
    pub name: String,
    /// Whether it says who may read.
    pub is_audience: bool,
    /// Its values: those that somebody here has first, then the others.
    pub values: Vec<Offer>,
    /// How many of them are of those here.
    pub here: usize,
}

/// A label that the policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltLabel {
    /// As people write it.
    pub text: String,
    /// In words, with what the text leaves unsaid.
    pub words: String,
    /// Its banner.
    pub banner: Vec<BannerPart>,
    /// The US form (CAPCO), or why there is none.
    pub american: Result<String, String>,
    /// STANAG 4774 in XML, one text for each label that it takes, or why there is none.
    pub xml: Result<Vec<String>, String>,
    /// What a reader must meet, rule by rule.
    pub rules: Vec<String>,
    /// The accounts and partners that would get it.
    pub recipients: Vec<String>,
    /// Those that would not, and why.
    pub withheld: Vec<Withheld>,
    /// Who would gain and who would lose if the object had it.
    pub change: Option<LabelChange>,
}

/// What another label would change for an object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelChange {
    /// Who would see it and does not now.
    pub gained: Vec<String>,
    /// Who sees it now and would not.
    pub lost: Vec<String>,
}

/// Why there is no desk.
#[derive(Debug, thiserror::Error)]
pub enum LabelDeskError {
    /// It is not for this account, or there is no such object for it: the two are one.
    #[error("there is nothing here")]
    Absent,
    /// The session is over.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// What the desk shows the account of `session`, and whom the answer is for.
    ///
    /// # Errors
    /// [`LabelDeskError`].
    pub fn label_desk(&self, session: &Session, request: &LabelRequest) -> Result<(LabelDesk, Principal), LabelDeskError> {
        let reading = self.reading(session)?;
        if !reading.answers_for_labels() {
            return Err(LabelDeskError::Absent);
        }
        let (mut desk, choices) = reading.offered(&request.choices);
        let account = reading.account().clone();
        let rules = reading.facts().gate.rules();
        let text = if request.text.trim().is_empty() { choices.text(&rules.policies) } else { Some(request.text.trim().to_owned()) };
        self.rehearse(|writing| {
            let rows = own_rows(writing, &account, request.object.as_ref())?;
            if let Some(id) = &request.object {
                let labels: BTreeSet<String> = rows.iter().map(|row| shown(&writing.before.gate, row.label)).collect();
                desk.object = Some((id.clone(), labels.into_iter().collect()));
                desk.banner = reading.banner_of(rows.iter().fold(None, |label, row| reading.joined(label, row.label)).as_ref());
            }
            desk.outcome = text.map(|text| built(writing, &text, request, &rows)).transpose()?;
            Ok::<_, LabelDeskError>(())
        })?;
        Ok((desk, reading.into_principal()))
    }
}

impl Reading<'_> {
    /// Whether the account answers for the labels of what the node's own organisation wrote.
    pub(crate) fn answers_for_labels(&self) -> bool {
        self.facts().directory.answers_for_labels(self.account())
    }

    /// What there is to choose, and what of `asked` is among it.
    fn offered(&self, asked: &Choices) -> (LabelDesk, Choices) {
        let rules = self.facts().gate.rules();
        let context = self.label_context();
        let mut desk = LabelDesk { policies: offered_policies(&rules.policies).map(str::to_owned).collect(), ..LabelDesk::default() };
        let Some(policy) = rules.policies.find(&asked.policy) else { return (desk, Choices::default()) };
        let here = self.named_here();
        let tags = offered_tags(policy, rules, &here);
        let choices = &asked.among(policy, &tags);
        let offer = |name: &str, is_chosen: bool, with: &Choices| Offer {
            name: name.to_owned(),
            is_chosen,
            refused: refused(choices, with, rules, &context),
        };
        let level = |name: &str| offer(name, choices.level.eq_ignore_ascii_case(name), &choices.at_level(name));
        desk.levels = policy.levels.iter().map(|own| level(&own.name)).collect();
        for tag in &tags {
            let value = |name: &String| {
                let written = format!("{}={name}", tag.name);
                offer(name, choices.values.contains(&written), &choices.with(&written))
            };
            let is_here =
                |name: &&String| !tag.is_audience || here.contains(*name) || choices.values.contains(&format!("{}={name}", tag.name));
            let (first, others): (Vec<&String>, Vec<&String>) = tag.values.iter().partition(is_here);
            let values = first.iter().chain(&others).map(|name| value(name)).collect();
            desk.tags.push(TagOffer { name: tag.name.clone(), is_audience: tag.is_audience, values, here: first.len() });
        }
        (desk, choices.clone())
    }

    /// Organisations and nations of accounts and partners here, their groups, and the groups of their nations.
    fn named_here(&self) -> BTreeSet<String> {
        let (facts, mut here) = (self.facts(), BTreeSet::new());
        for account in facts.directory.accounts.values() {
            here.insert(account.record.organisation.clone());
            here.extend(account.record.nations.iter().cloned());
            here.extend(account.record.groups.iter().map(|membership| membership.group.clone()));
        }
        here.insert(facts.directory.node.organisation.clone());
        here
    }

    fn label_context(&self) -> LabelContext {
        let (facts, owner) = (self.facts(), self.record().organisation.clone());
        LabelContext { made: facts.gate.now(), owner, collection: None }
    }
}

/// Why `with` is not allowed where `choices` are, or where they are not complete: a choice is told of what itself breaks.
fn refused(choices: &Choices, with: &Choices, rules: &Rules, context: &LabelContext) -> Option<String> {
    let why = |choices: &Choices| choices.text(&rules.policies).and_then(|text| parse_label(&text, rules, context).err());
    let (before, after) = (why(choices).map(|error| error.to_string()), why(with)?.to_string());
    (choices != with && !choices.level.is_empty() && before.is_none()).then_some(after)
}

/// The versions of the object that the account may see and its organisation wrote; none of it is [`LabelDeskError::Absent`].
fn own_rows(writing: &Writing<'_>, account: &std::sync::Arc<Account>, id: Option<&ObjectId>) -> Result<Vec<Held>, LabelDeskError> {
    let Some(id) = id else { return Ok(Vec::new()) };
    let rows = held(&*writing.transaction, id, None, Bodies::With).map_err(StoreError::from)?;
    let mut rows = Eyes::of(account.clone()).open(writing, rows);
    rows.retain(|row| row.owner == writing.before.directory.node.organisation);
    if rows.is_empty() { Err(LabelDeskError::Absent) } else { Ok(rows) }
}

fn built(
    writing: &mut Writing<'_>,
    text: &str,
    request: &LabelRequest,
    rows: &[Held],
) -> Result<Result<BuiltLabel, String>, LabelDeskError> {
    let facts = writing.before.clone();
    let (rules, now) = (facts.gate.rules(), facts.gate.now());
    let context = LabelContext { made: writing.stamp, owner: facts.directory.node.organisation.clone(), collection: None };
    // The id of a marking-definition is no label here: it could be one that the officer may not see.
    let label = match parse_label(text, rules, &context) {
        Ok(label) => label,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let interned = writing.intern(&label)?;
    let anywhere = without_collection(writing)?;
    let (recipients, withheld) = audience(writing, &anywhere, interned);
    let change = match request.object.as_ref().map(|id| change(writing, id, rows, text)).transpose() {
        Ok(change) => change,
        Err(RelabelError::Store(error)) => return Err(error.into()),
        Err(refused) => return Ok(Err(refused.to_string())),
    };
    let site = Site { rules, context: &context, originator: Some(&context.owner) };
    Ok(Ok(BuiltLabel {
        text: text.to_owned(),
        words: display(&label, &rules.policies),
        banner: relto_policy::banner_parts(&label, &rules.policies, now),
        american: ism::write(&label, ism::Form::Banner, &site).map_err(|refused| refused.to_string()),
        xml: stanag4774::write(&label, request.review, rules, now),
        rules: rules_in_words(&label, rules, now),
        recipients,
        withheld,
        change,
    }))
}

/// Who would gain and who would lose if `rows` had the label of `text`: found by giving it to them, in a transaction that is dropped.
fn change(writing: &mut Writing<'_>, id: &ObjectId, rows: &[Held], text: &str) -> Result<LabelChange, RelabelError> {
    let relabelled = relabel_rows(writing, id, rows, Vec::new(), &mut |writing, row| {
        let collection = writing.before.directory.collection_of(row.collection).map(|collection| collection.id.clone());
        let context = LabelContext { made: writing.stamp, owner: row.owner.clone(), collection };
        let label = parse_label(text, writing.before.gate.rules(), &context)?;
        Ok::<_, RelabelError>(with_its_own(writing, row, &label)?)
    })?;
    Ok(LabelChange { gained: relabelled.gained, lost: relabelled.lost })
}
