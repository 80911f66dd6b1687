//! Notices and receipts on the wire: `{"notices": [NOTICE]}` and `{"receipts": [RECEIPT]}`, as JSON.
//!
//! A node asks its partner for notices, does as they say, and posts the receipts; or is told, and answers with them. To anybody who is no
//! partner there is nothing here.

use axum::extract::Request;
use axum::http::StatusCode;
use bytes::Bytes;
use relto_node::{Node, Notice, NoticeReceipt, ReadError, Session};
use relto_taxii::Problem;
use serde::{Deserialize, Serialize};

use crate::reply::Reply;
use crate::routes::{Application, Call, Endpoint};
use crate::taxii::{blocking, unavailable, unreadable};

/// The media type of both.
pub(crate) const JSON: &str = "application/json";

/// Notices.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Notices {
    /// In order.
    pub notices: Vec<Notice>,
}

/// Receipts.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Receipts {
    /// In the order of the notices.
    pub receipts: Vec<NoticeReceipt>,
}

/// Answers a request for one of the three endpoints.
pub(crate) async fn answer(application: &Application, call: Call, request: Request) -> Result<Reply, Problem> {
    if !call.is_link {
        return Err(Problem::NotFound);
    }
    let node = application.node().clone();
    let content = match call.endpoint {
        Endpoint::Notices => None,
        _ => Some(application.intake().collect(request.into_body()).await?),
    };
    let session = call.session;
    match (call.endpoint, content) {
        (Endpoint::Receipts, Some(content)) => {
            let Receipts { receipts } = read(content.bytes())?;
            blocking(move || node.take_receipts(&session, &receipts).map_err(unreadable)).await?;
            Ok(Reply::plain(StatusCode::OK, Bytes::from_static(b"{}")))
        }
        (Endpoint::TellNotices, Some(content)) => {
            let Notices { notices } = read(content.bytes())?;
            let receipts = blocking(move || obey(&node, &session, &notices)).await?;
            Ok(Reply::plain(StatusCode::OK, to_json(&Receipts { receipts })))
        }
        _ => {
            let notices = blocking(move || node.notices(&session).map_err(unreadable)).await?;
            Ok(Reply::plain(StatusCode::OK, to_json(&Notices { notices })))
        }
    }
}

fn obey(node: &Node, session: &Session, notices: &[Notice]) -> Result<Vec<NoticeReceipt>, Problem> {
    if !node.is_notified(session) {
        return Err(unreadable(ReadError::SignedOut));
    }
    node.obey(session.name(), notices).map_err(unavailable)
}

fn read<T: serde::de::DeserializeOwned>(bytes: &Bytes) -> Result<T, Problem> {
    // I-JSON first: duplicate keys, deep nesting and numbers that lose precision are refused there.
    let value = relto_model::json::read(bytes).map_err(|error| Problem::BadRequest(format!("{}/: {}", error.pointer, error.message)))?;
    serde_json::from_value(value).map_err(|error| Problem::BadRequest(format!("/: {error}")))
}

fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
