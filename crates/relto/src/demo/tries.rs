//! The commands that the demo shows: ready to paste, and run as they are by `--check`.

use crate::demo::policy::{Policy, User};
use crate::demo::stage::{Play, quoted};

/// What a command is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// How many objects of ATLAS a user gets.
    Count,
    /// The object of which the people get different answers.
    Object,
    /// How many objects of each collection the OASIS client gets.
    Client,
}

/// A command that somebody can paste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Try {
    /// Whose it is.
    pub user: String,
    /// What it is for.
    pub aim: Aim,
    /// The text.
    pub text: String,
}

/// The commands of `user`.
pub(super) fn of_user(play: &Play, policy: &Policy, user: &User) -> Vec<Try> {
    let make = |aim, text| Try { user: user.name.clone(), aim, text };
    vec![
        make(
            Aim::Count,
            format!("{} | grep -o '\"id\":' | wc -l", curl(play, &user.name, &format!("{}manifest/", play.collection("atlas")))),
        ),
        make(Aim::Object, curl(play, &user.name, &object_url(play, &policy.explained))),
        make(Aim::Client, client(play, user)),
    ]
}

/// Where an object of ATLAS is.
pub(super) fn object_url(play: &Play, id: &str) -> String {
    format!("{}objects/{id}/", play.collection("atlas"))
}

fn curl(play: &Play, name: &str, url: &str) -> String {
    let certificate = quoted(&play.certificate().display().to_string());
    format!("curl -s --cacert {certificate} -u {name}:{} {url}", play.token(name))
}

/// A program for the OASIS client, all in one command. The certificate is named in the environment, since that also holds where somebody's
/// surroundings name another.
fn client(play: &Play, user: &User) -> String {
    let (name, token, taxii) = (&user.name, play.token(&user.name), &play.taxii);
    let certificate = quoted(&play.certificate().display().to_string());
    format!(
        "REQUESTS_CA_BUNDLE={certificate} python3 -c '\n\
         from taxii2client.v21 import Server\n\
         server = Server(\"{taxii}\", user=\"{name}\", password=\"{token}\")\n\
         for c in server.api_roots[0].collections: print(len(c.get_objects().get(\"objects\", [])), c.title)'"
    )
}

/// The command that explains one decision.
pub(super) fn explain(play: &Play, policy: &Policy, name: &str) -> String {
    format!("{} explain --data {} {} --as {name}", play.relto, node(play), policy.explained)
}

/// The command that lets a clearance count in another policy.
pub(super) fn equivalence(play: &Play, policy: &Policy) -> String {
    let (held, counts_as) = &policy.equivalence;
    format!("{} equivalence add --data {} {held} {counts_as}", play.relto, node(play))
}

/// The command that writes what `name` may see.
pub(super) fn export(play: &Play, name: &str, collection: &str) -> String {
    format!("{} export --data {} --as {name} --collection {collection}", play.relto, node(play))
}

fn node(play: &Play) -> String {
    quoted(&play.node.display().to_string())
}
