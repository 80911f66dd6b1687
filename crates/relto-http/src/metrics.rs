//! Counts and durations for whoever operates the node, on a listener of their own: a custodian surface, never for those who read.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// One endpoint's outcome. No path, no id, no name: nothing of what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    endpoint: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Endpoint {
    endpoint: &'static str,
}

/// What the node counts.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Outcome, Counter>,
    seconds: Family<Endpoint, Histogram>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("relto");
        let requests = Family::default();
        let buckets: fn() -> Histogram = || Histogram::new(exponential_buckets(0.000_1, 4.0, 9));
        let seconds = Family::new_with_constructor(buckets);
        registry.register("requests", "Requests answered, by endpoint and status", requests.clone());
        registry.register("request_seconds", "Time to the head of the reply, by endpoint", seconds.clone());
        Self { registry, requests, seconds }
    }
}

impl Metrics {
    /// Counts one answered request.
    pub(crate) fn answered(&self, endpoint: &'static str, status: StatusCode, seconds: f64) {
        self.requests.get_or_create(&Outcome { endpoint, status: status.as_u16() }).inc();
        self.seconds.get_or_create(&Endpoint { endpoint }).observe(seconds);
    }
}

/// The router of the metrics listener.
pub(crate) fn router(metrics: Arc<Metrics>) -> Router {
    Router::new().route("/metrics", get(show)).with_state(metrics)
}

async fn show(State(metrics): State<Arc<Metrics>>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
