//! `relto request`: asking partners, answering them, and closing what was asked.

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, Subcommand};
use relto_node::{NewInformationRequest, NewInformationResponse, ResponseOutcome};

use super::Place;
use super::help::{REQUEST_ANSWERS, REQUEST_ASKS, REQUEST_CLOSES, REQUEST_LISTS};
use crate::command::{Command, RequestAct};

/// `relto request`.
#[derive(Debug, Subcommand)]
pub(crate) enum RequestForm {
    /// Ask a question; its id is the last line
    #[command(after_help = REQUEST_ASKS)]
    Ask(RequestAsk),
    /// Show questions that are open, with the answers to them, as far as somebody may see them
    #[command(after_help = REQUEST_LISTS)]
    List(RequestList),
    /// Answer a question, with objects or a note, or say that there is no answer; the answer's id is the last line
    #[command(after_help = REQUEST_ANSWERS)]
    Answer(RequestAnswer),
    /// Close a question that one's own organisation asks
    #[command(after_help = REQUEST_CLOSES)]
    Close(RequestClose),
}

/// `relto request ask`.
#[derive(Debug, Args)]
pub(crate) struct RequestAsk {
    #[command(flatten)]
    pub place: Place,
    /// Who asks
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
    /// Name or id of the collection that the question stands in
    #[arg(long, value_name = "NAME")]
    pub collection: String,
    /// Its label; with --to, both the label and the audience must be met [default: as of objects that come with none]
    #[arg(long, value_name = "LABEL")]
    pub label: Option<String>,
    /// A partner that is asked; with it, the question is for those named and one's own organisation alone
    #[arg(long, value_name = "PARTNER")]
    pub to: Vec<String>,
    /// The day or time from which an answer is of use no more
    #[arg(long, value_name = "TIME")]
    pub due: Option<String>,
    /// What is behind the question
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub description: Option<String>,
    /// The question
    #[arg(value_name = "QUESTION", value_parser = NonEmptyStringValueParser::new())]
    pub question: String,
}

/// `relto request list`.
#[derive(Debug, Args)]
pub(crate) struct RequestList {
    #[command(flatten)]
    pub place: Place,
    /// For whom
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
    /// Those that are closed, too
    #[arg(long)]
    pub all: bool,
}

/// `relto request answer`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("answer").required(true).multiple(true).args(["with", "note", "nothing", "decline"]))]
pub(crate) struct RequestAnswer {
    #[command(flatten)]
    pub place: Place,
    /// Who answers
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
    /// The question
    #[arg(value_name = "REQUEST-ID")]
    pub request: String,
    /// An object that answers it
    #[arg(long, value_name = "OBJECT-ID")]
    pub with: Vec<String>,
    /// What is to be said
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub note: Option<String>,
    /// Nothing is held that would answer it
    #[arg(long, conflicts_with_all = ["with", "decline"])]
    pub nothing: bool,
    /// It is not answered, whatever is held
    #[arg(long, conflicts_with = "with")]
    pub decline: bool,
    /// Must be met beside the labels of the question and of the objects
    #[arg(long, value_name = "LABEL")]
    pub label: Option<String>,
}

/// `relto request close`.
#[derive(Debug, Args)]
pub(crate) struct RequestClose {
    #[command(flatten)]
    pub place: Place,
    /// Who closes it
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
    /// The question
    #[arg(value_name = "REQUEST-ID")]
    pub request: String,
    /// Why; everybody who was asked reads it
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub reason: Option<String>,
}

impl RequestForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        let (place, user, act) = match self {
            Self::Ask(RequestAsk { place, user, collection, label, to, due, description, question }) => {
                (place, user, RequestAct::Ask(NewInformationRequest { collection, label, to, due, question, description }))
            }
            Self::List(RequestList { place, user, all }) => (place, user, RequestAct::List { all }),
            Self::Answer(RequestAnswer { place, user, request, with: objects, note, nothing, decline, label }) => {
                let outcome = match (nothing, decline) {
                    (true, _) => ResponseOutcome::NothingHeld,
                    (false, true) => ResponseOutcome::Declined,
                    (false, false) => ResponseOutcome::Answered,
                };
                let new = NewInformationResponse { objects: Vec::new(), note, outcome, label };
                (place, user, RequestAct::Answer { request, objects, new })
            }
            Self::Close(RequestClose { place, user, request, reason }) => (place, user, RequestAct::Close { request, reason }),
        };
        (place, Command::Request { user, act })
    }
}
