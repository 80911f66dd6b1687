//! Accounts: added, changed, disabled, given another token.

use relto_policy::law::RecipientFacts;
use relto_policy::{Policies, profile};
use relto_store::RecordKind;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{ACCOUNT, AdminError, ORGANISATION, check_name, declare};
use crate::node::{Node, Writing};
use crate::passwords::{check_password, hash_password};
use crate::records::UserRecord;
use crate::session::new_token;

/// The attributes of an account as written on the command line. `None` leaves what there is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserChange {
    /// All nationalities.
    pub nations: Option<Vec<String>>,
    /// The organisation.
    pub organisation: Option<String>,
    /// `GROUP[@FROM[..UNTIL]]`.
    pub members: Option<Vec<String>>,
    /// `POLICY:LEVEL[@UNTIL]`.
    pub clearances: Option<Vec<String>>,
    /// Restrictive values held.
    pub accesses: Option<Vec<String>>,
    /// What the law asks about: a JSON object.
    pub facts: Option<Json>,
    /// What it may do.
    pub role: Option<String>,
}

impl Node {
    /// Adds an account. Returns its token, which is stored nowhere.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn add_user(&self, name: &str, change: &UserChange) -> Result<String, AdminError> {
        check_name(ACCOUNT, name)?;
        let (token, stored) = new_token(self);
        self.write(|writing| {
            if writing.before.directory.accounts.contains_key(name) {
                return Err(AdminError::Exists { kind: "user", name: name.to_owned() });
            }
            let record = UserRecord { token: stored, ..UserRecord::new(name) };
            store_user(writing, changed(record, change, &writing.before.gate.rules().policies)?, "user add")
        })?;
        Ok(token)
    }

    /// Changes the attributes of an account.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn set_user(&self, name: &str, change: &UserChange) -> Result<(), AdminError> {
        self.write(|writing| {
            let record = user(writing, name)?;
            store_user(writing, changed(record, change, &writing.before.gate.rules().policies)?, "user set")
        })
    }

    /// Ends an account's right to sign in, or gives it back.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn disable_user(&self, name: &str, disabled: bool) -> Result<(), AdminError> {
        self.write(|writing| {
            let record = UserRecord { disabled, ..user(writing, name)? };
            store_user(writing, record, if disabled { "user disable" } else { "user enable" })
        })
    }

    /// Replaces an account's token. Returns the new one, which is stored nowhere.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn rotate_token(&self, name: &str) -> Result<String, AdminError> {
        let (token, stored) = new_token(self);
        self.write(|writing| {
            let record = UserRecord { token: stored, ..user(writing, name)? };
            store_user(writing, record, "user rotate-token")
        })?;
        Ok(token)
    }

    /// Gives an account the password with which its person signs in to the pages. Sessions under an earlier one end.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn set_password(&self, name: &str, password: &str) -> Result<(), AdminError> {
        check_password(password)?;
        let hashed = hash_password(password, &self.random())?;
        self.set_hashed_password(name, hashed)
    }

    /// The same, with what is stored of a password: a PHC string of Argon2.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub fn set_hashed_password(&self, name: &str, hashed: String) -> Result<(), AdminError> {
        self.write(|writing| {
            let record = UserRecord { password: Some(hashed), ..user(writing, name)? };
            store_user(writing, record, "user password")
        })
    }

    /// Gives an account the certificate by which its person signs in to the pages, by the SHA-256 of its public key (SubjectPublicKeyInfo); without
    /// one, none counts any more. Sessions under an earlier one end.
    ///
    /// # Errors
    /// [`AdminError`], also when another account has it; then nothing has changed.
    pub fn set_certificate(&self, name: &str, key: Option<&[u8; 32]>) -> Result<(), AdminError> {
        self.write(|writing| {
            let record = user(writing, name)?;
            let written = key.map(hex::encode);
            let mut others = writing.before.directory.accounts.values().filter(|other| other.record.name != name);
            if written.is_some() && others.any(|other| other.record.certificate == written) {
                return Err(AdminError::Exists { kind: "user with the certificate of", name: name.to_owned() });
            }
            store_user(writing, UserRecord { certificate: written, ..record }, "user certificate")
        })
    }

    /// All accounts, without what would let anybody sign in.
    #[must_use]
    pub fn users(&self) -> Vec<UserRecord> {
        let facts = self.facts();
        let people = facts.directory.accounts.values().filter(|account| account.partner.is_none());
        people.map(|account| account.record.without_secrets()).collect()
    }
}

fn user(writing: &Writing<'_>, name: &str) -> Result<UserRecord, AdminError> {
    let account = writing.before.directory.accounts.get(name).filter(|account| account.partner.is_none());
    account.map(|account| account.record.clone()).ok_or_else(|| AdminError::Absent { kind: "user", name: name.to_owned() })
}

pub(crate) fn changed(mut record: UserRecord, change: &UserChange, policies: &Policies) -> Result<UserRecord, AdminError> {
    if let Some(nations) = &change.nations {
        record.nations = nations.iter().map(|text| profile::parse_nation(text)).collect::<Result<_, _>>()?;
    }
    if let Some(organisation) = &change.organisation {
        check_name(ORGANISATION, organisation)?;
        record.organisation.clone_from(organisation);
    }
    if let Some(members) = &change.members {
        record.groups = members.iter().map(|text| profile::parse_membership(text)).collect::<Result<_, _>>()?;
    }
    if let Some(clearances) = &change.clearances {
        record.clearances = clearances.iter().map(|text| profile::parse_clearance(text, policies)).collect::<Result<_, _>>()?;
    }
    if let Some(accesses) = &change.accesses {
        record.accesses = accesses.iter().map(|text| profile::parse_access(text, policies)).collect::<Result<_, _>>()?;
    }
    if let Some(facts) = &change.facts {
        record.facts = legal_facts(facts)?;
    }
    if let Some(role) = &change.role {
        record.role = role.parse()?;
    }
    if record.nations.is_empty() {
        return Err(AdminError::NoNation);
    }
    check_name(ORGANISATION, &record.organisation)?;
    Ok(record)
}

/// Nations and organisation are the account's own, and are not said twice.
fn legal_facts(facts: &Json) -> Result<RecipientFacts, AdminError> {
    // A list would be read as facts in their order.
    if !facts.is_object() {
        return Err(AdminError::Facts(serde::de::Error::custom("the facts are one JSON object")));
    }
    let read: RecipientFacts = serde_json::from_value(facts.clone()).map_err(AdminError::Facts)?;
    if read.nations.is_empty() && read.organisation.is_none() { Ok(read) } else { Err(AdminError::FactsTwice) }
}

fn store_user(writing: &mut Writing<'_>, record: UserRecord, act: &str) -> Result<(), AdminError> {
    let (record, shown) = settle(writing, record)?;
    writing.put(RecordKind::User, &record.name, &record)?;
    writing.facts_changed();
    Ok(writing.journal(&serde_json::json!({"act": act, "user": shown}))?)
}

/// Checks the attributes of an account and declares the groups that it names. Returns it with what the journal says of it.
pub(crate) fn settle(writing: &mut Writing<'_>, mut record: UserRecord) -> Result<(UserRecord, Json), AdminError> {
    let rules = writing.before.gate.rules().clone();
    writing.before.directory.profile(&record).check(&rules, writing.stamp)?;
    // The table of nations says it already; kept twice, the two could come to differ.
    record.groups.retain(|membership| !rules.memberships.knows(&membership.group));
    for membership in &record.groups {
        if !rules.knows_group(&membership.group) {
            declare(writing, &membership.group)?;
        }
    }
    let clearances: Vec<String> = record.clearances.iter().map(|clearance| clearance.in_words(&rules.policies)).collect();
    let accesses: Vec<String> = record.accesses.iter().map(|(policy, held)| format!("{policy}:{}", held.value)).collect();
    let mut shown = serde_json::json!(record.without_secrets());
    // In the words of the policy of the day, which a later one may not have.
    if let Some(members) = shown.as_object_mut() {
        members.insert("clearances".to_owned(), clearances.into());
        members.insert("accesses".to_owned(), accesses.into());
    }
    Ok((record, shown))
}
