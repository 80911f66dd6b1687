//! The exchange with partners: telling them that there is something new, and fetching what they have.
//!
//! Everything goes through the same pages as for anybody else; a link only says who asks. [`notifications`] is the stream that a partner
//! listens to, [`notices`] are recalls, new labels and receipts, [`pull`] what is asked of a partner and what becomes of its answers; the tasks that do so begin in [`run`].

mod fetch;
mod link;
pub mod notices;
pub(crate) mod notifications;
pub mod pull;
pub(crate) mod run;
mod send;

/// An error and its causes on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source()).map(ToString::to_string);
    let mut text = error.to_string();
    causes.filter(|cause| !cause.is_empty()).for_each(|cause| {
        if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    });
    text
}
