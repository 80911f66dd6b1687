//! What goes wrong with requests for information.

use relto_node::InformationRequestError;

use super::{Failure, absent, chain, label};

impl From<InformationRequestError> for Failure {
    fn from(error: InformationRequestError) -> Self {
        let said = Self::new(chain(&error));
        match error {
            InformationRequestError::Account(error) => error.into(),
            InformationRequestError::Store(error) => error.into(),
            InformationRequestError::Label(error) => label(&error),
            InformationRequestError::NoPartner(name) => absent("partner", &name),
            InformationRequestError::NoCollection(_) => Self::not_found(said.message)
                .help("`relto collection list --data DIR` shows all; a user sees those whose label admits them"),
            InformationRequestError::Absent(_) => {
                Self::not_found(said.message).help("`relto request list` shows what is asked, `relto export` what else a user may see")
            }
            InformationRequestError::Partner(_) => said.help("name a user of this node with `--as`"),
            InformationRequestError::MayNotWrite { .. } => {
                said.help("`relto user set --role contributor` lets a user write, in collections that are not read-only")
            }
            InformationRequestError::NotAgreed { .. } => {
                said.help("ask in another `--collection`, or change the agreement by `relto partner add`")
            }
            InformationRequestError::Withheld { kept, .. } => {
                let details = kept.iter().map(|one| format!("{}: {}", one.user, one.because.join("; "))).collect();
                Self { details, ..said }.help("give another `--label`, leave that `--to` out, or change what is agreed; nothing was stored")
            }
            InformationRequestError::Date { .. } => said.help("write a day such as 2027-01-31, or an RFC 3339 time"),
            InformationRequestError::Past(_) => said.help("give a later one, or none"),
            InformationRequestError::NotARequest(_) => said.help("`relto request list` shows what is asked"),
            InformationRequestError::Closed(_) => {
                said.help("`relto request ask` asks again; `relto request list --all` says why it was closed")
            }
            InformationRequestError::NotTheAsker { .. } => said.help("`relto request answer --decline` says that there will be no answer"),
            InformationRequestError::Ahead { .. } => said.help("close it once that time has come"),
            InformationRequestError::Invalid(_) => {
                said.help("an answer names objects or has a note; `--nothing` and `--decline` need neither")
            }
            InformationRequestError::Refused(_) => said.help("`relto load --help` says what is taken in; nothing was stored"),
            InformationRequestError::Cut => said.help("ask again"),
        }
    }
}
