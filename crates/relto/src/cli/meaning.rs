//! What each form stands for: where, and which command.

use relto_node::{CollectionChange, LoadRequest, NewCollection, UserChange, WrittenForm};

use super::files::Labelling;
use super::{Account, Attributes, CollectionForm, GroupForm, LabelCheck, LabelForm, LabelWrite, Load, Place, Preview, UserForm};
use crate::command::Command;
use crate::directory::Directory;
use crate::failure::Failure;
use crate::{password, sources};

/// `None` when nothing was given, so that it leaves what there is.
fn given(values: Vec<String>, none: bool) -> Option<Vec<String>> {
    (none || !values.is_empty()).then_some(values)
}

impl CollectionForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        match self {
            Self::Add { place, name, title, label, read_only, write_only, recipient } => {
                let new = NewCollection { name, title, label, can_read: !write_only, can_write: !read_only, recipients: recipient };
                (place, Command::CollectionAdd(new))
            }
            Self::Set { place, name, title, label, recipient, no_recipient, second_person, no_second_person } => {
                let second_person = (second_person || no_second_person).then_some(second_person);
                let change = CollectionChange { title, label, recipients: given(recipient, no_recipient), second_person };
                (place, Command::CollectionSet { name, change })
            }
            Self::List(place) => (place, Command::CollectionList),
        }
    }
}

impl UserForm {
    /// Where, and what to do there.
    ///
    /// # Errors
    /// [`Failure`] when a password cannot be read.
    pub(crate) fn command(self) -> Result<(Place, Command), Failure> {
        Ok(match self {
            Self::Add { place, name, nation, org, attributes, role } => {
                let change = UserChange { nations: Some(nation), organisation: Some(org), role, ..attributes.change() };
                (place, Command::UserAdd { name, change })
            }
            Self::Set { place, name, nation, org, attributes, role, no_member, no_clearance, no_access } => {
                let change = UserChange {
                    nations: given(nation, false),
                    organisation: org,
                    role,
                    members: given(attributes.member, no_member),
                    clearances: given(attributes.clearance, no_clearance),
                    accesses: given(attributes.access, no_access),
                    facts: attributes.facts,
                };
                (place, Command::UserSet { name, change })
            }
            Self::Disable(Account { place, name }) => (place, Command::UserDisable { name, disabled: true }),
            Self::Enable(Account { place, name }) => (place, Command::UserDisable { name, disabled: false }),
            Self::Password(Account { place, name }) => {
                // Whether there is a node is said before anybody types a password.
                Directory::find(&place.data)?;
                (place, Command::UserPassword { password: password::ask(&name)?, name })
            }
            Self::Certificate { account: Account { place, name }, file, .. } => {
                let key = file.as_deref().map(sources::read_certificate).transpose()?;
                (place, Command::UserCertificate { name, key })
            }
            Self::RotateToken(Account { place, name }) => (place, Command::UserRotateToken { name }),
            Self::List(place) => (place, Command::UserList),
        })
    }
}

impl Attributes {
    /// What is given to an account that has nothing yet.
    pub(super) fn change(self) -> UserChange {
        UserChange {
            members: given(self.member, false),
            clearances: given(self.clearance, false),
            accesses: given(self.access, false),
            facts: self.facts,
            ..UserChange::default()
        }
    }
}

impl GroupForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        match self {
            Self::Add { place, name } => (place, Command::GroupAdd { name }),
            Self::List(place) => (place, Command::GroupList),
        }
    }
}

impl LabelForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        match self {
            Self::Set { place, object, label, reason, addressee } => {
                (place, Command::LabelSet { object, label, reason, addressees: addressee })
            }
            Self::Default { place, label: None, reset: false } => (place, Command::LabelDefaultShow),
            Self::Default { place, label, .. } => (place, Command::LabelDefault { label }),
            Self::Write(form) => form.command(Vec::new()),
            Self::Check(form) => form.command(),
        }
    }
}

impl LabelWrite {
    /// Where, and what to do there, with the labels in XML read.
    pub(crate) fn command(self, labels: Vec<String>) -> (Place, Command) {
        let form = if self.form == "stix" { WrittenForm::Stix } else { WrittenForm::Stanag4774 };
        (self.place, Command::LabelWrite { label: self.text, labels, form, review: self.review })
    }
}

impl LabelCheck {
    /// The form without `--spif`: the command line asks for both, and what is missing all the same finds no node.
    fn command(self) -> (Place, Command) {
        let place = Place { data: self.data.unwrap_or_default(), json: self.json };
        (place, Command::LabelCheck { label: self.text.unwrap_or_default() })
    }
}

impl Labelling {
    /// Whether anything of it was given.
    pub(crate) fn is_given(&self) -> bool {
        self.label.is_some() || self.label_date.is_some() || !self.addressee.is_empty()
    }

    /// What it asks of a load into `collection`.
    pub(crate) fn request(self, collection: String, keep_going: bool) -> LoadRequest {
        LoadRequest { collection, label: self.label, label_date: self.label_date, addressees: self.addressee, keep_going }
    }
}

impl Load {
    /// Where, what to do there, and with which files.
    pub(crate) fn command(self) -> (Place, Command, Vec<String>) {
        (self.place, Command::Load(self.labelling.request(self.collection, self.keep_going)), self.files)
    }
}

impl Preview {
    /// Where, what to do there, and with which files.
    ///
    /// # Errors
    /// [`Failure`] when the word list cannot be read.
    pub(crate) fn command(self) -> Result<(Place, Command, Vec<String>), Failure> {
        let words = self.words.as_deref().map(sources::read_words).transpose()?;
        // It goes on past what would be refused, to say all of it.
        let request = self.labelling.request(self.collection.unwrap_or_default(), true);
        Ok((self.place, Command::Preview { request, words }, self.files))
    }
}
