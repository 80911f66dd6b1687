//! The terms of an agreement, for each direction: options of `relto partner add`. Each can be given several times; `none`, alone, is the empty list.

use clap::Args;
use relto_policy::WrittenTerms;

/// On which terms objects go to the partner.
#[derive(Debug, Args)]
#[command(next_help_heading = "What goes to it; each option can be given several times, and `none` alone leaves nothing")]
pub(crate) struct SendTerms {
    /// Nothing above this level of a policy, whatever it is cleared for
    #[arg(long, value_name = "POLICY:LEVEL")]
    send_up_to: Vec<String>,
    /// Only of this one of the collections [default: of all]
    #[arg(long, value_name = "NAME")]
    send_collection: Option<Vec<String>>,
    /// Only legal tags of this law
    #[arg(long, value_name = "LAW")]
    send_law: Option<Vec<String>>,
    /// Only for this purpose, which its --facts have
    #[arg(long, value_name = "PURPOSE")]
    send_purpose: Option<Vec<String>>,
    /// Only on this ground, which its --facts have: a contract, certificate, mandate or authorisation
    #[arg(long, value_name = "GROUND")]
    send_ground: Option<Vec<String>>,
}

/// On which terms objects are taken in from the partner.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is taken in from it; what is not is named in quarantine, and not kept")]
pub(crate) struct AcceptTerms {
    /// Nothing above this level of a policy
    #[arg(long, value_name = "POLICY:LEVEL")]
    accept_up_to: Vec<String>,
    /// Only into this one of the collections [default: into all]
    #[arg(long, value_name = "NAME")]
    accept_collection: Option<Vec<String>>,
    /// Only legal tags of this law
    #[arg(long, value_name = "LAW")]
    accept_law: Option<Vec<String>>,
    /// Only what may be used for this purpose
    #[arg(long, value_name = "PURPOSE")]
    accept_purpose: Option<Vec<String>>,
    /// Only what names this contract, mandate or authorisation, or none
    #[arg(long, value_name = "GROUND")]
    accept_ground: Option<Vec<String>>,
}

impl SendTerms {
    /// As they are written.
    pub(crate) fn terms(self) -> WrittenTerms {
        let Self { send_up_to, send_collection, send_law, send_purpose, send_ground } = self;
        WrittenTerms { levels: send_up_to, collections: send_collection, laws: send_law, purposes: send_purpose, grounds: send_ground }
    }
}

impl AcceptTerms {
    /// As they are written.
    pub(crate) fn terms(self) -> WrittenTerms {
        let Self { accept_up_to, accept_collection, accept_law, accept_purpose, accept_ground } = self;
        WrittenTerms {
            levels: accept_up_to,
            collections: accept_collection,
            laws: accept_law,
            purposes: accept_purpose,
            grounds: accept_ground,
        }
    }
}
