//! Signing in: by a token, 256 random bits, shown once and stored as their SHA-256; to the pages by a password or a certificate; a partner's node by
//! its key, which the link has proved.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::facts::{Account, Facts};
use crate::node::Node;
use crate::passwords::verify_password;
use crate::records::Role;

/// Every token begins so, that people and scanners recognise one that lies about.
const TOKEN_PREFIX: &str = "relto_";

/// A token that was checked. It stays good for as long as the account keeps it; every request asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    name: Arc<str>,
    proof: Proof,
}

/// By what somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Proof {
    /// The SHA-256 of a token.
    Token([u8; 32]),
    /// The key of a partner's node.
    Key([u8; 32]),
    /// The SHA-256 of what is stored of a password: it ends with that password.
    Password([u8; 32]),
    /// The SHA-256 of the key of a certificate, which the connection has proved.
    Certificate([u8; 32]),
}

impl Session {
    /// The account's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The SHA-256 of the key of the certificate that somebody signed in with: every request must come over a connection that has proved it.
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8; 32]> {
        match &self.proof {
            Proof::Certificate(key) => Some(key),
            Proof::Token(_) | Proof::Key(_) | Proof::Password(_) => None,
        }
    }
}

/// A fresh token: what the user is shown, and what is stored.
pub(crate) fn new_token(node: &Node) -> (String, String) {
    let token = format!("{TOKEN_PREFIX}{}", URL_SAFE_NO_PAD.encode(node.random::<32>()));
    let stored = hex::encode(hash(&token));
    (token, stored)
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

impl Node {
    /// Checks a token, and the name that came with it, if any. `None` says nothing about which of the two is wrong.
    ///
    /// The look-up is by the token's hash: its time tells at most of hashes, and a token has 256 random bits.
    #[must_use]
    pub fn sign_in(&self, name: Option<&str>, token: &str) -> Option<Session> {
        let session = Session { proof: Proof::Token(hash(token)), name: "".into() };
        let facts = self.facts();
        let account = account_of(&facts, &session)?;
        name.is_none_or(|name| name == account.record.name).then(|| Session { name: account.name.clone(), ..session })
    }

    /// Checks a password. `None` says nothing about which of the two is wrong, nor does the time that it takes: that of a hash, whoever it is.
    #[must_use]
    pub fn sign_in_password(&self, name: &str, password: &str) -> Option<Session> {
        let facts = self.facts();
        let account = facts.directory.accounts.get(name);
        let stored = account.and_then(|account| account.record.password.as_deref());
        let fits = verify_password(password, stored);
        let session = Session { name: account?.name.clone(), proof: Proof::Password(hash(stored?)) };
        account_of(&facts, &session).filter(|_| fits).map(|_| session)
    }

    /// The session of the partner whose node holds `key`, which whoever calls has seen proved. `None` when nobody has compared the phrase of
    /// the key. Whether anything flows is asked with each request.
    #[must_use]
    pub fn sign_in_link(&self, key: &[u8; 32]) -> Option<Session> {
        let facts = self.facts();
        let account = facts.directory.accounts.get(facts.directory.keys.get(key)?)?;
        let partner = account.partner.as_ref().filter(|partner| partner.confirmed);
        partner.map(|_| Session { proof: Proof::Key(*key), name: account.name.clone() })
    }

    /// The session of the account that has the certificate whose public key has this SHA-256. Whoever calls has seen that the certificate is valid
    /// and its key proved.
    #[must_use]
    pub fn sign_in_certificate(&self, key: &[u8; 32]) -> Option<Session> {
        let facts = self.facts();
        let account = facts.directory.accounts.get(facts.directory.certificates.get(key)?)?;
        Some(Session { name: account.name.clone(), proof: Proof::Certificate(*key) })
    }

    /// What the account of `session` may do now; `None` when the session is over.
    #[must_use]
    pub fn role(&self, session: &Session) -> Option<Role> {
        account_of(&self.facts(), session).map(|account| account.record.role)
    }

    /// Whether the account of `session` answers for the labels of what the node's own organisation wrote.
    #[must_use]
    pub fn answers_for_labels(&self, session: &Session) -> bool {
        let facts = self.facts();
        account_of(&facts, session).is_some_and(|account| facts.directory.answers_for_labels(&account))
    }
}

/// The account whose token, key, password or certificate `session` holds, if it still does.
pub(crate) fn account_of(facts: &Facts, session: &Session) -> Option<Arc<Account>> {
    let directory = &facts.directory;
    match &session.proof {
        Proof::Token(token) => directory.accounts.get(directory.tokens.get(token)?).cloned(),
        Proof::Certificate(key) => directory.accounts.get(directory.certificates.get(key)?).cloned(),
        Proof::Key(key) => {
            let account = directory.accounts.get(directory.keys.get(key)?).cloned();
            account.filter(|account| account.partner.as_ref().is_some_and(|partner| partner.flows_at(facts.gate.now())))
        }
        Proof::Password(proof) => {
            let account = directory.accounts.get(&*session.name).cloned();
            account.filter(|account| {
                let is_person = account.partner.is_none() && !account.record.disabled;
                is_person && account.record.password.as_deref().is_some_and(|stored| hash(stored) == *proof)
            })
        }
    }
}
