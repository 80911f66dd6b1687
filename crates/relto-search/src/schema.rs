//! What the index holds of a row: terms, and numbers beside them. Nothing is stored that could be read back as a document.

use relto_intake::chinese::script::Script;
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token as IndexToken};

use crate::content::{Content, number_of_content, number_of_id};
use crate::words::tokens;

/// Changes with whatever the index holds, words and their folding included: an index of another format is made anew.
pub(crate) const FORMAT: u32 = 1;
/// Between the name of a property and a term in it.
pub(crate) const OF_PROPERTY: char = '\u{1f}';
/// Properties are so far apart that no phrase reaches from one into the next.
const GAP: usize = 64;

/// The names of numbers beside terms.
pub(crate) mod numbers {
    pub(crate) const ROW: &str = "row";
    pub(crate) const COLLECTION: &str = "collection";
    pub(crate) const LABEL: &str = "label";
    pub(crate) const OWNER: &str = "owner";
    pub(crate) const KIND: &str = "kind";
    pub(crate) const ID: &str = "id";
    pub(crate) const CONTENT: &str = "content";
    pub(crate) const DATE: &str = "date";
    pub(crate) const TEXT_TERMS: &str = "text_terms";
    pub(crate) const TITLE_TERMS: &str = "title_terms";
}

/// The fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Every term of the object.
    pub text: Field,
    /// The terms of its names.
    pub title: Field,
    /// Every term after the name of its property.
    pub property: Field,
    /// The place of the row.
    pub row: Field,
    /// The number of the object's id.
    pub id: Field,
    /// The numbers of the ids that it refers to.
    pub reference: Field,
    collection: Field,
    label: Field,
    owner: Field,
    kind: Field,
    content: Field,
    date: Field,
    text_terms: Field,
    title_terms: Field,
}

/// A row as the index is told of it.
pub(crate) struct Told<'r> {
    pub row: u64,
    pub collection: u32,
    pub label: u32,
    pub owner: &'r str,
    pub body: &'r [u8],
}

impl Fields {
    /// The fields, and the schema that has them.
    pub(crate) fn new() -> (Self, Schema) {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let words = TextOptions::default().set_indexing_options(indexing);
        let fields = Self {
            text: schema.add_text_field("text", words.clone()),
            title: schema.add_text_field("title", words.clone()),
            property: schema.add_text_field("property", words),
            row: schema.add_u64_field(numbers::ROW, INDEXED | FAST),
            id: schema.add_u64_field(numbers::ID, INDEXED | FAST),
            reference: schema.add_u64_field("reference", INDEXED),
            collection: schema.add_u64_field(numbers::COLLECTION, FAST),
            label: schema.add_u64_field(numbers::LABEL, FAST),
            owner: schema.add_text_field(numbers::OWNER, STRING | FAST),
            kind: schema.add_text_field(numbers::KIND, STRING | FAST),
            content: schema.add_u64_field(numbers::CONTENT, FAST),
            date: schema.add_i64_field(numbers::DATE, FAST),
            text_terms: schema.add_u64_field(numbers::TEXT_TERMS, FAST),
            title_terms: schema.add_u64_field(numbers::TITLE_TERMS, FAST),
        };
        (fields, schema.build())
    }

    /// The document of `told`. A row that is no object with an id has its place and nothing to be found by.
    pub(crate) fn document(&self, told: &Told<'_>, script: &Script) -> TantivyDocument {
        let object: serde_json::Value = serde_json::from_slice(told.body).unwrap_or_default();
        let mut document = TantivyDocument::default();
        document.add_u64(self.row, told.row);
        document.add_u64(self.collection, told.collection.into());
        document.add_u64(self.label, told.label.into());
        document.add_text(self.owner, told.owner);
        document.add_u64(self.content, number_of_content(told.body));
        let content = Content::of(&object);
        let id = content.as_ref().map_or("", |content| content.id);
        document.add_text(self.kind, id.split("--").next().unwrap_or_default());
        document.add_u64(self.id, number_of_id(id));
        let mut terms = Terms::default();
        if let Some(content) = &content {
            terms.add(content, script);
            content.references.iter().for_each(|id| document.add_u64(self.reference, number_of_id(id)));
            content.date.iter().for_each(|date| document.add_i64(self.date, *date));
        }
        document.add_u64(self.text_terms, terms.text.len() as u64);
        document.add_u64(self.title_terms, terms.title.len() as u64);
        for (field, tokens) in [(self.text, terms.text), (self.title, terms.title), (self.property, terms.property)] {
            document.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
        }
        document
    }
}

#[derive(Default)]
struct Terms {
    text: Vec<IndexToken>,
    title: Vec<IndexToken>,
    property: Vec<IndexToken>,
}

impl Terms {
    fn add(&mut self, content: &Content<'_>, script: &Script) {
        let mut begin = 0;
        for property in &content.properties {
            let mut end = begin;
            for token in tokens(&property.text, script) {
                end = begin + token.position;
                let told = |text: String| IndexToken { offset_from: 0, offset_to: 0, position: end, position_length: 1, text };
                self.property.push(told(format!("{}{OF_PROPERTY}{}", property.name, token.term)));
                if property.is_title() {
                    self.title.push(told(token.term.clone()));
                }
                if !property.is_value {
                    self.text.push(told(token.term));
                }
            }
            begin = end + GAP;
        }
    }
}
