//! Files that an authority puts in force: policies (XML SPIF) and tables. What they say takes effect in one moment, for everybody.
//!
//! An act of the custodian, in the journal. What would change is shown beforehand by [`impact`](crate::impact).

mod kind;

use std::collections::BTreeMap;
use std::sync::Arc;

use relto_gate::SiteRules;
use relto_model::Stamp;
use relto_policy::policy::{ACS, HANDLING, LAW, LAW_BESIDE, ORG, PAP, TLP};
use relto_policy::spif::{Spif, check, lattice};
use relto_policy::{Policies, Policy, Rules};
use relto_store::{RecordKind, Snapshot};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;
use crate::facts::{Answered, decode};
use crate::node::{Node, Writing};

use self::kind::with_tables;

pub use self::kind::{FileKind, TABLES, Table};

/// Policies whose meaning is the node's own.
const BUILT_IN: [&str; 7] = [ACS, HANDLING, LAW, LAW_BESIDE, ORG, PAP, TLP];

/// A file to put in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFile {
    /// Its name, which site policies are known by.
    pub name: String,
    /// Its text.
    pub text: String,
    /// For a table: which ([`TABLES`]).
    #[serde(default)]
    pub table: Option<String>,
    /// For a policy: the highest classification that needs no clearance. Without it, that of the policy it replaces, or none.
    #[serde(default)]
    pub open_up_to: Option<String>,
}

/// A file in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInForce {
    /// What it is.
    pub kind: FileKind,
    /// The name of what it describes, such as that of a policy.
    pub name: String,
    /// The highest classification that needs no clearance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_up_to: Option<String>,
    /// Since when.
    pub since: Stamp,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
    /// For a policy: every rank that it ever had, with its classification. Labels are stored with ranks, and none may come to mean another.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ranks: BTreeMap<u8, String>,
    /// Since when it is out of force, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<Stamp>,
    /// Its text.
    pub text: String,
}

/// Why a file is not put in force; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum ActivationError {
    /// It is neither a policy nor a table.
    #[error("the file is neither a policy (XML SPIF), nor a site policy (Cedar), nor a table that is named (JSON)")]
    Kind,
    /// This process cannot read site policies.
    #[error("site policies cannot be read here")]
    NoEngine,
    /// It cannot be read, or contradicts itself.
    #[error("the {kind} cannot be used")]
    Unusable {
        /// What it is.
        kind: &'static str,
        /// What is wrong, place by place.
        findings: Vec<String>,
    },
    /// What it describes is not for a site to say.
    #[error("policy {0} is built in: its meaning does not come from a file")]
    BuiltIn(String),
    /// A rank would mean another classification, in labels that are stored.
    #[error("{policy}: stored labels have {before} where the file has {after} (hierarchy {rank}), and would come to mean that")]
    Rank {
        /// The policy.
        policy: String,
        /// The hierarchy.
        rank: u8,
        /// What it is now.
        before: String,
        /// What the file calls it.
        after: String,
    },
    /// There is no such file in force.
    #[error("no file `{0}` is in force: `relto policy list` shows all")]
    Absent(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// The policies in force.
    #[must_use]
    pub fn policies(&self) -> Policies {
        self.facts().gate.rules().policies.clone()
    }

    /// The files in force, without their text.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn files_in_force(&self) -> Result<Vec<FileInForce>, StoreError> {
        let (_, snapshot) = self.settled()?;
        let files = stored(&*snapshot)?.into_iter().filter(|file| file.retired.is_none());
        Ok(files.map(|file| FileInForce { text: String::new(), ..file }).collect())
    }

    /// Puts `file` in force, in the place of one that describes the same; `reason` goes into the journal.
    /// What a site policy says to everybody is worked out before it is in force, while the node goes on as before.
    ///
    /// # Errors
    /// [`ActivationError`]; then nothing has changed.
    pub fn activate(&self, file: &NewFile, reason: &str) -> Result<FileInForce, ActivationError> {
        let site = self.site_beforehand(file)?;
        self.write(|writing| {
            writing.site = site;
            let file = put_in_force(writing, file)?;
            let act = serde_json::json!({"act": "policy activate", "kind": file.kind, "name": file.name, "sha256": file.sha256,
                "open_up_to": file.open_up_to, "reason": reason});
            writing.journal(&act)?;
            Ok(FileInForce { text: String::new(), ..file })
        })
    }

    /// Takes the file called `name` out of force; what is built in holds again, if anything is.
    ///
    /// # Errors
    /// [`ActivationError`]; then nothing has changed.
    pub fn deactivate(&self, name: &str, reason: &str) -> Result<(), ActivationError> {
        self.write(|writing| {
            let is_it = |file: &FileInForce| file.retired.is_none() && file.name.eq_ignore_ascii_case(name);
            let found = stored(&*writing.transaction)?.into_iter().find(is_it);
            let file = found.ok_or_else(|| ActivationError::Absent(name.to_owned()))?;
            let retired = FileInForce { retired: Some(writing.stamp), text: String::new(), ..file };
            let file = &retired;
            writing.put(RecordKind::File, &key(file.kind, &file.name), file)?;
            writing.facts_changed();
            Ok(writing.journal(&serde_json::json!({"act": "policy deactivate", "name": file.name, "reason": reason}))?)
        })
    }
}

impl Node {
    /// The site policies as they would be with `file`, having answered for every account and label that there is; `None` for a file of
    /// another kind.
    pub(crate) fn site_beforehand(&self, file: &NewFile) -> Result<Option<Answered>, ActivationError> {
        if FileKind::of(file) != Some(FileKind::SitePolicy) {
            return Ok(None);
        }
        let engine = self.engine().ok_or(ActivationError::NoEngine)?;
        let (facts, snapshot) = self.settled()?;
        let in_force = stored(&*snapshot)?.into_iter().filter(|other| other.kind == FileKind::SitePolicy && other.retired.is_none());
        let mut texts: BTreeMap<String, String> = in_force.map(|other| (other.name, other.text)).collect();
        texts.insert(file.name.clone(), file.text.clone());
        let read = texts.iter().map(|(name, text)| engine.read(name, text)).collect::<Result<Vec<_>, _>>();
        let policies = read.map_err(|findings| ActivationError::Unusable { kind: FileKind::SitePolicy.word(), findings })?;
        // Nothing has to change the facts for days, while a policy that has dates must answer for this moment.
        let site = Arc::new(SiteRules::new(policies, facts.gate.rules().clone(), self.now()));
        facts.narrowed_by(&site);
        Ok(Some((site, facts.gate.valid_until())))
    }
}

/// Writes `file` down as in force, once it is sound. The facts that follow are those of the transaction's end.
pub(crate) fn put_in_force(writing: &mut Writing<'_>, file: &NewFile) -> Result<FileInForce, ActivationError> {
    let kind = FileKind::of(file).ok_or(ActivationError::Kind)?;
    let mut record = FileInForce {
        kind,
        name: kind.word().to_owned(),
        open_up_to: None,
        since: writing.stamp,
        sha256: hex::encode(Sha256::digest(&file.text)),
        ranks: BTreeMap::new(),
        retired: None,
        text: file.text.clone(),
    };
    match kind {
        FileKind::Policy => {
            let (policy, open_up_to) = sound_policy(file, &writing.before.gate.rules().clone())?;
            record.ranks = ranks(writing, &policy)?;
            (record.name, record.open_up_to) = (policy.name, open_up_to);
        }
        FileKind::SitePolicy => {
            record.name.clone_from(&file.name);
            let engine = writing.node.engine().ok_or(ActivationError::NoEngine)?;
            let read = engine.read(&file.name, &file.text);
            read.map_err(|findings| ActivationError::Unusable { kind: kind.word(), findings })?;
        }
        FileKind::Table(table) => table.check(&file.text).map_err(|why| unusable(kind.word(), why))?,
    }
    writing.put(RecordKind::File, &key(kind, &record.name), &record)?;
    writing.facts_changed();
    Ok(record)
}

/// The policy of `file`, and up to which classification it is open.
fn sound_policy(file: &NewFile, rules: &Rules) -> Result<(Policy, Option<String>), ActivationError> {
    let spif = Spif::parse(&file.text).map_err(|error| unusable("policy", error.to_string()))?;
    let findings: Vec<String> = check(&spif).iter().map(ToString::to_string).collect();
    if !findings.is_empty() {
        return Err(ActivationError::Unusable { kind: "policy", findings });
    }
    let name = spif.policy.name.to_uppercase();
    if BUILT_IN.contains(&name.as_str()) {
        return Err(ActivationError::BuiltIn(name));
    }
    let now = rules.policies.find(&name);
    let kept = || now.and_then(|policy| policy.level_of_rank(policy.open_up_to?)).map(|level| level.name.clone());
    let open_up_to = file.open_up_to.clone().or_else(kept);
    let policy = lattice::policy_of(&Arc::new(spif), open_up_to.as_deref()).map_err(|why| unusable("policy", why))?;
    Ok((policy, open_up_to))
}

/// Every rank that `policy` has or ever had, in files or built in: none may come to mean another classification.
fn ranks(writing: &Writing<'_>, policy: &Policy) -> Result<BTreeMap<u8, String>, ActivationError> {
    let built_in = Policies::default();
    let built_in = built_in.find(&policy.name).into_iter().flat_map(|built_in| &built_in.levels);
    let mut known: BTreeMap<u8, String> = built_in.map(|level| (level.rank, level.name.clone())).collect();
    let key = key(FileKind::Policy, &policy.name);
    if let Some(stored) = writing.transaction.record(RecordKind::File, &key).map_err(StoreError::from)? {
        known.extend(decode::<FileInForce>("file", &key, &stored)?.ranks);
    }
    for level in &policy.levels {
        let before = known.entry(level.rank).or_insert_with(|| level.name.clone());
        if *before != level.name {
            let (policy, before, after) = (policy.name.clone(), before.clone(), level.name.clone());
            return Err(ActivationError::Rank { policy, rank: level.rank, before, after });
        }
    }
    Ok(known)
}

fn unusable(kind: &'static str, finding: String) -> ActivationError {
    ActivationError::Unusable { kind, findings: vec![finding] }
}

fn key(kind: FileKind, name: &str) -> String {
    format!("{} {name}", kind.word())
}

fn stored(snapshot: &dyn Snapshot) -> Result<Vec<FileInForce>, StoreError> {
    let records = snapshot.records(RecordKind::File)?.into_iter();
    records.map(|(key, value)| decode("file", &key, &value)).collect()
}

/// `rules` with what the files in force say, and the site policies among them by name with their text.
///
/// # Errors
/// [`StoreError::File`] when a file that was put in force cannot be used any more: what it would have said is not guessed.
pub(crate) fn with_files(mut rules: Rules, snapshot: &dyn Snapshot) -> Result<(Rules, Vec<(String, String)>), StoreError> {
    let (mut tables, mut site) = (Vec::new(), Vec::new());
    for file in stored(snapshot)?.into_iter().filter(|file| file.retired.is_none()) {
        let failed = |why: String| StoreError::File { name: file.name.clone(), why };
        match file.kind {
            FileKind::Policy => {
                let spif = Spif::parse(&file.text).map_err(|error| failed(error.to_string()))?;
                rules.policies.insert(lattice::policy_of(&Arc::new(spif), file.open_up_to.as_deref()).map_err(failed)?);
            }
            FileKind::SitePolicy => site.push((file.name, file.text)),
            FileKind::Table(table) => tables.push((table, file.text)),
        }
    }
    let rules = if tables.is_empty() { rules } else { with_tables(rules, &tables)? };
    Ok((rules, site))
}
