//! `relto model`: endpoints that may propose what documents say, and what each is cleared for.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use relto_http::chat::{Chat, PlainText};
use relto_node::{Endpoint, NewModel, UserChange};

use super::{Attributes, Place, help};
use crate::command::{Command, Modelling};
use crate::failure::{Failure, chain};
use crate::files;

/// Longer than any key or certificate, in bytes.
pub(crate) const FILE_BYTES_MAX: usize = 64 << 10;

/// `relto model`.
#[derive(Debug, Subcommand)]
pub(crate) enum ModelForm {
    /// Add a model, or replace one: where it is asked, who runs it, and up to which label it is sent documents
    #[command(after_help = help::MODELS)]
    Set(Box<ModelSet>),
    /// Show all models
    List(Place),
    /// Remove a model, and all that it answered
    Remove {
        #[command(flatten)]
        place: Place,
        /// Its name
        name: String,
    },
}

/// `relto model set`.
#[derive(Debug, Args)]
pub(crate) struct ModelSet {
    #[command(flatten)]
    pub place: Place,
    /// What it is called here
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The address of its OpenAI-compatible API, such as http://127.0.0.1:8080/v1
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// The model, as the endpoint calls it
    #[arg(long, value_name = "ID")]
    pub model_id: String,
    /// A file with the key that the endpoint wants; the key itself is read when it is needed, and kept nowhere
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// The endpoint's certificate, or that of whoever signed it, in PEM; https needs it
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// Send text over a network without TLS; without this, http goes to this machine alone
    #[arg(long, conflicts_with = "certificate")]
    pub without_tls: bool,
    /// How long an answer may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub timeout: u32,
    /// Nothing goes to it that asks for more than this label, whatever the gate would give it
    #[arg(long, value_name = "LABEL")]
    pub cleared: String,
    /// A nation of whoever runs it, ISO 3166-1 alpha-3; every one must be allowed to see what it is sent
    #[arg(long, value_name = "NATION", required = true)]
    pub nation: Vec<String>,
    /// The organisation that runs it [default: its name]
    #[arg(long, value_name = "ORG")]
    pub org: Option<String>,
    #[command(flatten)]
    pub attributes: Attributes,
}

impl ModelForm {
    /// Where, and what to do there.
    ///
    /// # Errors
    /// [`Failure`] when a file cannot be read, or the address is no good.
    pub(crate) fn command(self) -> Result<(Place, Command), Failure> {
        Ok(match self {
            Self::Set(form) => {
                let place = form.place.clone();
                (place, Command::Modelling(Modelling::Set(Box::new(form.new_model()?))))
            }
            Self::List(place) => (place, Command::Modelling(Modelling::List)),
            Self::Remove { place, name } => (place, Command::Modelling(Modelling::Remove { name })),
        })
    }
}

impl ModelSet {
    fn new_model(self) -> Result<NewModel, Failure> {
        let certificate = self.certificate.as_deref().map(|path| files::read_text(path, FILE_BYTES_MAX)).transpose()?;
        let key_file = self.key_file.as_deref().map(absolute).transpose()?;
        let endpoint =
            Endpoint { url: self.url, model: self.model_id, key_file, certificate, without_tls: self.without_tls, timeout_s: self.timeout };
        chat(&endpoint)?;
        let organisation = self.org.unwrap_or_else(|| self.name.clone());
        let attributes = UserChange { nations: Some(self.nation), organisation: Some(organisation), ..self.attributes.change() };
        Ok(NewModel { name: self.name, endpoint, cleared: self.cleared, attributes })
    }
}

/// The endpoint, ready to be asked.
///
/// # Errors
/// [`Failure`] when its address or certificate is no good.
pub(crate) fn chat(endpoint: &Endpoint) -> Result<Chat, Failure> {
    let plain = if endpoint.without_tls { PlainText::Anywhere } else { PlainText::OnThisMachine };
    let answer_max = Duration::from_secs(endpoint.timeout_s.into());
    Chat::new(&endpoint.url, endpoint.certificate.as_deref(), plain, answer_max).map_err(|error| {
        Failure::new(format!("`{}` cannot be asked: {}", endpoint.url, chain(&error))).help(
            "give `--url http://127.0.0.1:PORT/v1`, or `https://…` with `--certificate FILE`; `--without-tls` lets text go unencrypted",
        )
    })
}

/// Where a file is, from wherever a command is run later.
fn absolute(path: &std::path::Path) -> Result<String, Failure> {
    key_in(path)?;
    let found = path.canonicalize().map_err(|error| Failure::of(&format!("{}: cannot be found", path.display()), &error))?;
    found
        .into_os_string()
        .into_string()
        .map_err(|_| Failure::new("the path of the key is no text in UTF-8").help("move the file elsewhere"))
}

/// The key in a file: one line.
///
/// # Errors
/// [`Failure`], which says nothing of what is in the file.
pub(crate) fn key_in(path: &std::path::Path) -> Result<String, Failure> {
    let text = files::read_text(path, FILE_BYTES_MAX)?;
    let key = text.trim();
    if key.is_empty() || !key.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Failure::new(format!("{}: holds no key", path.display())).help("a key is one line of ASCII without spaces"));
    }
    Ok(key.to_owned())
}
