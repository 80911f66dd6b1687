//! A draft carried out with its writer's eyes, in a transaction that the caller keeps or drops.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use relto_gate::LabelId;
use relto_model::object::Object;
use relto_model::{Label, ObjectId, stix20};
use relto_policy::text::parse_label;
use relto_policy::{LabelContext, LabelError, read_markings};
use relto_store::{Bodies, held};

use super::{DRAFT_OBJECTS_MAX, DeskError, DeskRefusal, Draft};
use crate::error::StoreError;
use crate::facts::Account;
use crate::ingest::{Author, Eyes, Labelling, Outcome, Receipt, Told, definitions, take_in};
use crate::labels::one_content;
use crate::load::{LoadError, Source};
use crate::node::{Node, Writing};
use crate::pieces;
use crate::records::CollectionRecord;
use crate::session::{Session, account_of};

/// The labels of single objects as they were written.
pub(super) type Given = BTreeMap<ObjectId, String>;

/// What is to be carried out.
pub(super) struct Submission {
    /// Each object and where in the file it stands.
    pub objects: Vec<(String, Object)>,
    /// What is no object.
    pub refused: Vec<DeskRefusal>,
    /// How the objects are labelled.
    pub labelling: Labelling,
}

/// What came of it.
#[derive(Clone)]
pub(super) struct CarriedOut {
    /// The objects that are there now, with their effective labels.
    pub objects: Vec<Placed>,
    /// What is refused.
    pub refused: Vec<DeskRefusal>,
}

/// An object that is there.
#[derive(Clone)]
pub(super) struct Placed {
    pub object: Object,
    pub label: LabelId,
    pub is_present: bool,
    pub notes: Vec<String>,
}

/// Who writes, and where; as the facts of this transaction have it.
#[derive(Clone)]
pub(super) struct Writer {
    pub account: Arc<Account>,
    pub collection: CollectionRecord,
}

impl Writer {
    /// The account of `session` writing to the collection called `name`. What is hidden from it, and what it may not write to, is absent.
    pub(super) fn of(writing: &Writing<'_>, session: &Session, name: &str) -> Result<Self, DeskError> {
        let account = account_of(&writing.before, session).ok_or(crate::reading::ReadError::SignedOut)?;
        let release = writing.before.gate.release(&account.name, &account.profile);
        let found = writing.before.directory.collection(name).filter(|record| release.permits(record.label) && account.reads(record));
        let found = found.filter(|record| account.record.role.writes() && record.can_write).ok_or(DeskError::Absent)?;
        Ok(Self { collection: found.as_ref().clone(), account })
    }
}

/// What `draft` asks for.
pub(super) fn submission(node: &Node, writing: &mut Writing<'_>, writer: &Writer, draft: &Draft) -> Result<Submission, DeskError> {
    let context = LabelContext {
        made: writing.stamp,
        owner: writer.account.record.organisation.clone(),
        collection: Some(writer.collection.id.clone()),
    };
    let given = draft.label.as_deref().map(|text| read_label(writing, writer, text, &context)).transpose()?;
    let mut of_objects = HashMap::new();
    for (id, text) in &draft.labels {
        of_objects.insert(id.clone(), read_label(writing, writer, text, &context)?);
    }
    let labelling = Labelling { given, of_objects, ..Labelling::default() };
    let (objects, refused) = parse(node, draft)?;
    Ok(Submission { objects, refused, labelling })
}

/// The objects of the file, and what is none.
#[expect(clippy::type_complexity, reason = "two lists that the caller takes apart at once")]
pub(super) fn parse(node: &Node, draft: &Draft) -> Result<(Vec<(String, Object)>, Vec<DeskRefusal>), DeskError> {
    let sources = [Source { name: draft.name.clone(), content: draft.content.clone() }];
    let pieces = pieces::split(&sources).map_err(|error| match error {
        LoadError::Form { message, .. } => DeskError::Form(message),
        other => DeskError::Form(other.to_string()),
    })?;
    if pieces.len() > DRAFT_OBJECTS_MAX {
        return Err(DeskError::TooMany(pieces.len()));
    }
    let (mut objects, mut refused) = (Vec::new(), Vec::new());
    for piece in &pieces {
        match stix20::read(piece.bytes.clone(), node.kinds()) {
            Ok(read) => objects.extend(read.objects.into_iter().map(|object| (piece.place_of(""), object))),
            Err(error) => refused.push(DeskRefusal {
                place: piece.place_of(&error.pointer),
                id: None,
                why: format!("{} (STIX 2.1, section {})", error.message, error.section),
            }),
        }
    }
    if objects.len() > DRAFT_OBJECTS_MAX {
        return Err(DeskError::TooMany(objects.len()));
    }
    Ok((objects, refused))
}

/// Reads a label as its writer may: a marking-definition that is hidden from them is none.
fn read_label(writing: &Writing<'_>, writer: &Writer, text: &str, context: &LabelContext) -> Result<Label, DeskError> {
    let rules = writing.before.gate.rules();
    let Some(id) = ObjectId::parse(text.trim()).ok().filter(|id| id.kind() == "marking-definition") else {
        return Ok(parse_label(text, rules, context)?);
    };
    let rows = held(&*writing.transaction, &id, None, Bodies::With).map_err(StoreError::from)?;
    let visible = Eyes::of(writer.account.clone()).open(writing, rows);
    let node = writing.before.directory.node.organisation.as_str();
    let definition = one_content(visible, &[&writer.account.record.organisation, node]);
    let reading = read_markings([&id], &|_| definition.clone(), rules, context);
    let label = reading.label.filter(|_| !reading.withheld);
    Ok(label.ok_or_else(|| LabelError::Unmapped { part: id.to_string(), label: text.to_owned() })?)
}

/// Stores what is asked for, judged by what the writer may see.
pub(super) fn carry_out(writing: &mut Writing<'_>, writer: &Writer, asked: Submission) -> Result<CarriedOut, StoreError> {
    let mut eyes = Eyes::of(writer.account.clone());
    let author = Author { organisation: writer.account.record.organisation.clone(), eyes: &mut eyes };
    let known = definitions(asked.objects.iter().map(|(_, object)| object));
    let mut receipts: Vec<Receipt> = Vec::with_capacity(asked.objects.len());
    let mut labels: HashMap<ObjectId, VecDeque<LabelId>> = HashMap::new();
    let told = Told {
        receipt: &mut |receipt| receipts.push(receipt),
        // Those of one id come in the order in which its versions were taken in.
        label: &mut |id, label| labels.entry(id.clone()).or_default().push_back(label),
    };
    let mut objects = asked.objects.iter().map(|(_, object)| object.clone());
    take_in(writing, author, &writer.collection, &asked.labelling, &known, &mut objects, told)?;
    let mut done = CarriedOut { objects: Vec::new(), refused: asked.refused };
    for ((place, object), receipt) in asked.objects.into_iter().zip(receipts) {
        match receipt.outcome {
            Outcome::Refused(why) | Outcome::NotAgreed(why) => done.refused.push(DeskRefusal { place, id: Some(receipt.id), why }),
            outcome => {
                let Some(label) = labels.get_mut(object.id()).and_then(VecDeque::pop_front) else { continue };
                done.objects.push(Placed { object, label, is_present: outcome == Outcome::Present, notes: receipt.notes });
            }
        }
    }
    Ok(done)
}

/// The label of whoever may see all of `objects`: the join of theirs.
pub(super) fn joined(writing: &Writing<'_>, objects: &[Placed]) -> Result<Option<Label>, StoreError> {
    let mut joined: Option<Label> = None;
    for placed in objects {
        let label = writing.label(placed.label)?;
        joined = Some(joined.map_or_else(|| label.as_ref().clone(), |joined| joined.join(&label)));
    }
    Ok(joined)
}
