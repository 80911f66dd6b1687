//! Asking a model what a document says: each piece only after the gate has let it go, one document at a time.
//!
//! What it may propose and what is taken of it is `relto-intake`'s, whether it may be asked is the node's; here are the socket, the key, and what
//! people are told. Nothing that goes wrong with a model keeps a document out: it is then taken in by rules alone.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use relto_http::link::LinkError;
use relto_intake::proposals::{self, ANSWER_BYTES_MAX, Answer, Judged, Proposed, Proposer, Refusal};
use relto_intake::{Analysis, Knowledge};
use relto_node::{Endpoint, LoadReport, LoadRequest, ModelAnswered, ModelAsked, ModelDecision, Source};
use tokio::runtime::Runtime;

use crate::cli::{chat, key_in};
use crate::command::{Command, Modelling, Outcome};
use crate::failure::{Failure, chain};
use crate::render::WARNING;
use crate::run::{Bar, run};

/// After so many documents in a row for which a model gave nothing that could be used it is asked no more.
const FAILURES_MAX: usize = 3;

/// A model that is asked about each document of one command.
pub(super) struct Proposing<'p> {
    data: &'p Path,
    request: &'p LoadRequest,
    knowledge: &'p Knowledge,
    proposer: Proposer,
    runtime: Runtime,
    failures: usize,
    /// What is told at the end: how often.
    tally: BTreeMap<String, u64>,
}

/// A document as the model is asked about it.
pub(super) struct Asked<'a> {
    pub(super) name: &'a str,
    pub(super) sha256: &'a str,
    pub(super) analysis: &'a Analysis,
    /// What would be stored of it by rules alone.
    pub(super) alone: &'a Source,
}

/// Why a document is taken in by rules alone.
enum Alone {
    /// It may not go to the model, for these reasons.
    Withheld { labels: Vec<String>, because: Vec<String> },
    /// The model gave nothing that could be used.
    Failed(String),
}

impl<'p> Proposing<'p> {
    /// The model `name` of the node at `data`, to be asked about documents that `request` loads.
    ///
    /// # Errors
    /// [`Failure`] when there is no such model.
    pub(super) fn new(data: &'p Path, name: &str, request: &'p LoadRequest, knowledge: &'p Knowledge) -> Result<Self, Failure> {
        let Outcome::Models(models) = carry_out(data, Command::Modelling(Modelling::List), &[])? else { return Err(unexpected()) };
        let found = models.into_iter().find(|model| model.name == name);
        let found = found.ok_or_else(|| {
            Failure::not_found(format!("there is no model `{name}`"))
                .help("`relto model list --data DIR` shows all; `relto model set` adds one")
        })?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::of("the model cannot be asked", &error))?;
        let proposer = Proposer { name: found.name, model: found.endpoint.model };
        Ok(Self { data, request, knowledge, proposer, runtime, failures: 0, tally: BTreeMap::new() })
    }

    /// Who proposes.
    pub(super) fn proposer(&self) -> &Proposer {
        &self.proposer
    }

    /// What the model proposes of a document; nothing where it may not or cannot be asked, which is told.
    ///
    /// # Errors
    /// [`Failure`] when the node fails.
    pub(super) fn propose(&mut self, asked: &Asked<'_>) -> Result<Vec<Proposed>, Failure> {
        if self.failures >= FAILURES_MAX {
            self.count("documents that it was not asked about after it had failed", 1);
            return Ok(Vec::new());
        }
        match self.judged(asked)? {
            Ok(judged) => {
                self.failures = 0;
                self.count("proposals that were taken", judged.accepted.len());
                judged
                    .refused
                    .iter()
                    .for_each(|(reason, count)| self.count(&format!("proposals that were refused: {}", reason.in_words()), *count));
                Ok(judged.accepted)
            }
            Err(Alone::Withheld { labels, because }) => {
                self.count("documents that were not sent: label", 1);
                let (labels, because) = (labels.join("; "), because.join("; "));
                self.warn(asked.name, &format!("not sent: label `{labels}`: {because}"));
                Ok(Vec::new())
            }
            Err(Alone::Failed(why)) => {
                self.failures += 1;
                self.count("documents that were read by rules alone after it had failed", 1);
                self.warn(asked.name, &format!("read by rules alone: {why}"));
                if self.failures == FAILURES_MAX {
                    self.warn("from here on", "it is asked no more");
                }
                Ok(Vec::new())
            }
        }
    }

    /// Adds to `report` what came of asking.
    pub(super) fn tell(self, report: &mut LoadReport) {
        let name = &self.proposer.name;
        report.notes.extend(self.tally.into_iter().map(|(what, count)| (format!("model `{name}`: {what}"), count)));
    }

    fn judged(&mut self, asked: &Asked<'_>) -> Result<Result<Judged, Alone>, Failure> {
        let cut = proposals::pieces(asked.analysis);
        if cut.left_out_bytes > 0 {
            self.count("documents of which it was sent only the beginning", 1);
        }
        let mut whole = Judged::default();
        for piece in cut.pieces {
            let request = proposals::request(asked.analysis, piece, &self.proposer.model)
                .map_err(|error| Failure::of(&format!("{}: cannot be put to a model", asked.name), &error))?;
            let about = ModelAsked {
                model: self.proposer.name.clone(),
                document: asked.sha256.to_owned(),
                request: request.sha256,
                bytes: request.body.len() as u64,
            };
            let command = Command::Modelling(Modelling::Ask { asked: about.clone(), request: self.request.clone() });
            let Outcome::ModelDecided(decision) = carry_out(self.data, command, std::slice::from_ref(asked.alone))? else {
                return Err(unexpected());
            };
            let judge = |content: &str| {
                let answer = Answer::read(content).map_err(|error| error.to_string())?;
                Ok(proposals::judge(asked.analysis, self.knowledge, piece, &answer))
            };
            let judged = match decision {
                ModelDecision::Withheld { labels, because } => return Ok(Err(Alone::Withheld { labels, because })),
                ModelDecision::Kept(content) => judge(&content),
                ModelDecision::Granted(endpoint) => {
                    let answered = self.ask(&endpoint, request.body).and_then(|content| Ok((judge(&content)?, content)));
                    self.put_on_record(about, &answered)?;
                    answered.map(|(judged, _)| judged)
                }
            };
            match judged {
                Ok(judged) => whole.add(judged),
                Err(why) => return Ok(Err(Alone::Failed(why))),
            }
        }
        Ok(Ok(whole))
    }

    /// What the model at `endpoint` wrote, or why it wrote nothing that can be read; neither says anything of what was sent or answered.
    fn ask(&self, endpoint: &Endpoint, body: Vec<u8>) -> Result<String, String> {
        if endpoint.model != self.proposer.model {
            return Err("it has become another model meanwhile".to_owned());
        }
        let key = endpoint.key_file.as_ref().map(|path| key_in(&PathBuf::from(path))).transpose().map_err(|failure| failure.message)?;
        let chat = chat(endpoint).map_err(|failure| failure.message)?;
        let answer = self.runtime.block_on(chat.complete(body, key.as_deref(), ANSWER_BYTES_MAX));
        let answer = answer.map_err(|error| match error {
            LinkError::Refused { status, .. } => format!("the endpoint answered with status {status}"),
            other => chain(&other),
        })?;
        proposals::content_of(&answer).map_err(|error| error.to_string())
    }

    fn put_on_record(&self, asked: ModelAsked, answered: &Result<(Judged, String), String>) -> Result<(), Failure> {
        let judged = answered.as_ref().ok().map(|(judged, _)| judged);
        let in_words = |(reason, count): (&Refusal, &usize)| (reason.in_words().to_owned(), *count as u64);
        let answered = ModelAnswered {
            asked,
            answer: answered.as_ref().ok().map(|(_, content)| content.clone()),
            accepted: judged.map_or(0, |judged| judged.accepted.len() as u64),
            refused: judged.map(|judged| judged.refused.iter().map(in_words).collect()).unwrap_or_default(),
            failed: answered.as_ref().err().cloned(),
        };
        carry_out(self.data, Command::Modelling(Modelling::Answered(answered)), &[]).map(drop)
    }

    fn count(&mut self, what: &str, count: usize) {
        if count > 0 {
            *self.tally.entry(what.to_owned()).or_default() += count as u64;
        }
    }

    fn warn(&self, document: &str, what: &str) {
        let name = &self.proposer.name;
        let _ = writeln!(anstream::stderr().lock(), "{WARNING}model {name}{WARNING:#}: {document}: {what}");
    }
}

fn carry_out(data: &Path, command: Command, sources: &[Source]) -> Result<Outcome, Failure> {
    run(data, command, sources, &Bar::of_objects())
}

/// The node answered something else than was asked.
pub(super) fn unexpected() -> Failure {
    Failure::new("the server speaks of something else than it was asked").help("use one release for the server and for commands")
}
