//! `relto doctor`: whether a real installation stands as it should. The directory and its files are looked at here; what the node holds
//! is examined by the node, through the server if one runs.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::path::PathBuf;

use relto_model::Stamp;
use relto_node::{
    Ailments, Clock as _, ConsentExamination, Ending, Examination, LABELS_ALARM, NAMED_MAX, Node, REVIEW_DAYS, SearchIndexState,
};

use crate::ambient::SystemClock;
use crate::certificate;
use crate::command::{Check, Command, Outcome, State};
use crate::directory::Directory;
use crate::failure::{Exit, Failure};
use crate::run::{Bar, run};

/// A certificate that ends within so many days is to be renewed.
pub(crate) const RENEW_DAYS: i64 = 30;
const DAY_MICROS: i64 = 86_400_000_000;

/// Looks at everything in the directory at `data`.
///
/// # Errors
/// [`Failure`] when it is not a data directory, or another process holds it.
pub(crate) fn examine(data: &Path) -> Result<Vec<Check>, Failure> {
    let directory = Directory::find(data)?;
    let mut checks = vec![permissions(&directory), certificate(&directory, SystemClock.now()), database(&directory)];
    match run(data, Command::Doctor, &[], &Bar::of_objects()) {
        Ok(Outcome::Examined(found)) => checks.extend(found),
        Ok(_) => checks.push(wrong("node", "the server gave another answer than an examination", None)),
        Err(failure) if failure.exit == Exit::Held => return Err(failure),
        Err(failure) => checks.push(wrong("node", failure.message, failure.help)),
    }
    Ok(checks)
}

fn check(state: State, name: &str, found: impl Into<String>, help: Option<String>) -> Check {
    Check { check: name.to_owned(), state, found: found.into(), help }
}

fn good(name: &str, found: impl Into<String>) -> Check {
    check(State::Good, name, found, None)
}

fn warning(name: &str, found: impl Into<String>, help: impl Into<String>) -> Check {
    check(State::Warning, name, found, Some(help.into()))
}

fn wrong(name: &str, found: impl Into<String>, help: Option<String>) -> Check {
    check(State::Wrong, name, found, help)
}

/// Nobody but the owner may enter the directory or read what is in it: key, store, and the store's log.
fn permissions(directory: &Directory) -> Check {
    const NAME: &str = "permissions";
    const OTHERS: u32 = 0o077;
    let mut open = Vec::new();
    let log = |suffix: &str| {
        let mut path = directory.database().into_os_string();
        path.push(suffix);
        PathBuf::from(path)
    };
    let within = [directory.key(), directory.database(), log("-wal"), log("-shm"), directory.socket()];
    for path in [directory.path().to_owned()].into_iter().chain(within) {
        match path.metadata().map(|found: Metadata| found.mode()) {
            Ok(mode) if mode & OTHERS != 0 => open.push(format!("{} is {:o}", path.display(), mode & 0o777)),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return wrong(NAME, format!("{}: {error}", path.display()), Some("use the account that owns the directory".to_owned()));
            }
        }
    }
    if open.is_empty() {
        return good(NAME, "only the owner enters");
    }
    wrong(NAME, open.join(", "), Some(format!("chmod -R go-rwx {}", directory.path().display())))
}

fn certificate(directory: &Directory, now: Stamp) -> Check {
    const NAME: &str = "certificate";
    let path = directory.certificate();
    let renew = "give `serve` another with `--tls-cert` and `--tls-key`";
    let der = match std::fs::read(&path) {
        Ok(pem) => certificate::first(&pem),
        Err(error) => return wrong(NAME, format!("{}: {error}", path.display()), Some(renew.to_owned())),
    };
    let Some((until, fingerprint)) = der.and_then(|der| Some((certificate::good_until(&der)?, certificate::fingerprint(&der)))) else {
        return wrong(NAME, format!("{} holds no certificate", path.display()), Some(renew.to_owned()));
    };
    let days = (until.0.saturating_sub(now.0)).div_euclid(DAY_MICROS);
    match days {
        ..0 => wrong(NAME, format!("it ended on {until}"), Some(renew.to_owned())),
        0..RENEW_DAYS => warning(NAME, format!("it ends in {days} days, on {until}"), renew),
        RENEW_DAYS.. => good(NAME, format!("good for {days} days, SHA-256 {fingerprint}")),
    }
}

fn database(directory: &Directory) -> Check {
    const NAME: &str = "database";
    let restore = || Some("restore the directory from a backup".to_owned());
    if !directory.database().is_file() {
        return wrong(NAME, "node.sqlite is missing", restore());
    }
    match relto_store_sql::check(&directory.database()) {
        Ok(problems) if problems.is_empty() => good(NAME, "sound"),
        Ok(problems) => wrong(NAME, problems.join("; "), restore()),
        Err(error) => {
            let cure = "see that you may read and write the directory and that its disk is neither read-only nor full; what is damaged \
                        comes back from a backup";
            wrong(NAME, crate::failure::chain(&error), Some(cure.to_owned()))
        }
    }
}

/// What the node says of itself.
///
/// # Errors
/// [`Failure`] when the store fails.
pub(crate) fn node_checks(node: &Node) -> Result<Vec<Check>, Failure> {
    let examination = node.examine()?;
    let Examination { damaged, unreadable_markings, unreadable_parts, references_above, conflicts, .. } = &examination;
    Ok(vec![
        clock(&examination),
        default_label(&examination),
        labels(&examination),
        ailment(
            "objects",
            &format!("{} versions, all readable", examination.rows),
            damaged,
            State::Wrong,
            "cannot be read",
            "restore the directory from a backup",
        ),
        ailment(
            "markings",
            "all understood",
            unreadable_markings,
            State::Warning,
            "carry a marking that cannot be read, and are withheld from all but their owner",
            "load the marking-definitions, or `relto label set` the objects",
        ),
        ailment(
            "parts",
            "all that is recorded of marked parts is readable",
            unreadable_parts,
            State::Warning,
            "have a record of their parts that cannot be read, and are shown whole or not at all",
            "remove the objects and load them anew",
        ),
        ailment(
            "references",
            "none above its label",
            references_above,
            State::Warning,
            "refer to what some of their readers may not see",
            "`relto label set` raises their label, if the reference itself tells too much",
        ),
        ailment(
            "versions",
            "none in conflict",
            conflicts,
            State::Warning,
            "have versions of one time with different content",
            "their owner publishes a later version; `relto explain` shows all",
        ),
        search_index(node),
        reviews(&examination),
        consents(&examination.consents),
        consents_end(&examination),
    ])
}

/// That it is behind is no ailment: it catches up with the next search.
fn search_index(node: &Node) -> Check {
    const NAME: &str = "search index";
    match node.search_index() {
        Ok(None) => good(NAME, "none yet: the first `relto search` makes it"),
        Ok(Some(SearchIndexState { rows, behind: 0 })) => good(NAME, format!("{rows} versions, up to the last change")),
        Ok(Some(SearchIndexState { rows, behind })) => {
            good(NAME, format!("{rows} versions, {behind} change(s) behind: the next `relto search` catches up"))
        }
        Err(error) => wrong(NAME, crate::failure::chain(&error), Some("remove the folder `search` in the data directory".to_owned())),
    }
}

fn clock(examination: &Examination) -> Check {
    const NAME: &str = "clock";
    match examination.last.filter(|last| *last > examination.now) {
        None => good(NAME, format!("{}", examination.now)),
        Some(last) => wrong(
            NAME,
            format!("it says {}, but the last change is of {last}", examination.now),
            Some("set the machine's clock right: nothing is written until then".to_owned()),
        ),
    }
}

fn default_label(examination: &Examination) -> Check {
    const NAME: &str = "default label";
    match &examination.default_label {
        None => good(NAME, "the node's and the poster's organisation"),
        Some((text, None)) => good(NAME, text.clone()),
        Some((text, Some(why))) => wrong(NAME, format!("`{text}`: {why}"), Some("set another with `relto label default`".to_owned())),
    }
}

/// Rows of law and memberships that somebody must read again: past its date, one that lets in counts no more.
fn reviews(examination: &Examination) -> Check {
    const NAME: &str = "reviews";
    let due = &examination.due;
    if due.is_empty() {
        return good(NAME, format!("no row of law or memberships is to be reviewed within {REVIEW_DAYS} days"));
    }
    let words = |row: &relto_policy::dated::Due| {
        let what = if row.stops { "counts until" } else { "to be reviewed by" };
        format!("{} ({}; {what} {})", row.what, row.source, row.review)
    };
    let named = due.iter().take(NAMED_MAX).map(words).collect::<Vec<_>>().join("; ");
    let more = if due.len() > NAMED_MAX { ", …" } else { "" };
    let passed = due.iter().filter(|row| row.stops && row.review <= examination.now).count();
    let found = format!("{} row(s), {passed} of which count no more: {named}{more}", due.len());
    warning(NAME, found, "read the source again, and `relto policy activate` the table with a later `review`")
}

/// What was consented to and opens nothing: damaged, of an object that is gone, or not asked for.
fn consents(found: &ConsentExamination) -> Check {
    const NAME: &str = "consents";
    const REMOVE: &str = "withdraw it with `relto consent remove`";
    let kinds = [
        (&found.unreadable, State::Wrong, "cannot be read", "`relto label set` the object anew, and enter its consents again"),
        (&found.gone, State::Warning, "are for an object or a version that is gone", REMOVE),
        (&found.unasked, State::Warning, "are not asked for by the label of their object", REMOVE),
    ];
    let ailing = kinds.into_iter().filter(|(ailments, ..)| ailments.count > 0);
    let checks: Vec<Check> = ailing.map(|(ailments, state, what, help)| ailment(NAME, "", ailments, state, what, help)).collect();
    // The worst comes first.
    match checks.first() {
        None => good(NAME, format!("{}, all for what is here and asks for them", found.held)),
        Some(worst) => {
            let all = checks.iter().map(|check| check.found.as_str()).collect::<Vec<_>>().join("; ");
            check(worst.state, NAME, all, worst.help.clone())
        }
    }
}

/// Consents that somebody must ask for again.
fn consents_end(examination: &Examination) -> Check {
    const NAME: &str = "ends of consents";
    let ending = &examination.consents.ending;
    if ending.is_empty() {
        return good(NAME, format!("none has ended, or ends within {REVIEW_DAYS} days"));
    }
    let words = |one: &Ending| format!("{} to {} ({}; until {})", one.object, one.recipient, one.subject, one.until);
    let named = ending.iter().take(NAMED_MAX).map(words).collect::<Vec<_>>().join("; ");
    let more = if ending.len() > NAMED_MAX { ", …" } else { "" };
    let ended = ending.iter().filter(|one| one.until <= examination.now).count();
    let found = format!("{}, {ended} of which have ended: {named}{more}", ending.len());
    warning(NAME, found, "ask for them again and `relto consent add`, or `relto consent remove` them")
}

fn labels(examination: &Examination) -> Check {
    let found = format!("{} distinct", examination.labels);
    if examination.labels < LABELS_ALARM {
        return good("labels", found);
    }
    warning("labels", found, "objects are labelled one by one, or consented to: label whole collections alike where the policy allows it")
}

fn ailment(name: &str, none: &str, ailments: &Ailments, state: State, what: &str, help: &str) -> Check {
    if ailments.count == 0 {
        return good(name, none);
    }
    let more = if ailments.count > ailments.named.len() as u64 { ", …" } else { "" };
    check(state, name, format!("{} {what}: {}{more}", ailments.count, ailments.named.join(", ")), Some(help.to_owned()))
}

#[cfg(test)]
mod tests {
    use relto_model::ObjectId;
    use relto_policy::law::{ConsentedTo, Subject};

    use super::*;

    fn object() -> ObjectId {
        ObjectId::parse("report--00000000-0000-4000-8000-000000000001").unwrap()
    }

    #[test]
    fn consents_stand_as_the_worst_of_them() {
        let ailing = |name: &str| Ailments { count: 1, named: vec![name.to_owned()] };
        let warned = ConsentExamination { unasked: ailing("a"), ..ConsentExamination::default() };
        let worse = ConsentExamination { unreadable: ailing("b"), gone: ailing("c"), ..warned.clone() };
        let states = [&ConsentExamination::default(), &warned, &worse].map(|found| consents(found).state);
        assert_eq!(states, [State::Good, State::Warning, State::Wrong]);
        let said = consents(&worse);
        assert!(said.found.starts_with("1 cannot be read: b; 1 are for") && said.help.is_some_and(|help| help.contains("label set")));
    }

    #[test]
    fn consents_that_end_are_named_with_their_end() {
        let one = |until| Ending {
            until: Stamp(until),
            object: object(),
            subject: Subject::Addressees,
            recipient: ConsentedTo::Person("kenji".to_owned()),
        };
        let ending = vec![one(1), one(3)];
        let examination =
            Examination { now: Stamp(2), consents: ConsentExamination { ending, ..Default::default() }, ..Examination::default() };
        let Check { state, found, .. } = consents_end(&examination);
        assert_eq!(state, State::Warning);
        assert!(found.starts_with(&format!("2, 1 of which have ended: {} to user:kenji", object())), "{found}");
        assert_eq!(consents_end(&Examination::default()).state, State::Good);
    }
}
