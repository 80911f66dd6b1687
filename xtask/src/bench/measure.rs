//! The workloads, the same for every server. Only the time inside requests counts, not what the client does with the answers.

use super::http::{Client, Reply, encode};
use super::servers::Server;
use anyhow::{Context, Result, bail};
use std::time::{Duration, Instant};

/// Requests and what they brought, over the time inside them.
#[derive(Debug, Default, Clone, Copy)]
pub struct Rate {
    /// Requests answered.
    pub requests: u64,
    /// Objects or entries in the answers.
    pub items: u64,
    /// Time inside requests.
    pub time: Duration,
}

impl Rate {
    /// Requests per second.
    pub fn per_second(&self) -> f64 {
        self.requests as f64 / self.time.as_secs_f64()
    }

    /// Items per second.
    pub fn items_per_second(&self) -> f64 {
        self.items as f64 / self.time.as_secs_f64()
    }
}

/// POSTs envelopes of `batch` objects over one connection, signed in the cheapest way; items are objects that the server says it stored.
pub fn post(server: &Server, path: &str, objects: &[String], batch: usize) -> Result<Rate> {
    let mut client = Client::new(&server.address, Some(server.cheapest()));
    let path = format!("{path}objects/");
    let mut rate = Rate::default();
    for group in objects.chunks(batch) {
        let body = format!("{{\"objects\":[{}]}}", group.join(","));
        let begun = Instant::now();
        let reply = client.post(&path, body.as_bytes())?;
        rate.time += begun.elapsed();
        if reply.status != 202 && reply.status != 200 {
            bail!("{}: POST answered {}: {}", server.name, reply.status, reply.beginning());
        }
        let status: serde_json::Value = serde_json::from_slice(&reply.body)?;
        let (stored, complete) = (status["success_count"].as_u64().unwrap_or(0), status["status"] == "complete");
        if stored != group.len() as u64 || !complete {
            bail!("{}: stored {stored} of {}: {status}", server.name, group.len());
        }
        rate.requests += 1;
        rate.items += stored;
    }
    Ok(rate)
}

/// What is walked: objects or their manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    /// `objects/`
    Objects,
    /// `manifest/`
    Manifest,
}

impl Walk {
    /// The first page of a walk by `limit`.
    pub fn first(self, collection: &str, limit: usize) -> String {
        let resource = if self == Self::Objects { "objects" } else { "manifest" };
        format!("{collection}{resource}/?limit={limit}")
    }
}

/// How many objects or entries an answer holds.
pub fn items(reply: &Reply) -> u64 {
    reply.count("\"spec_version\"").max(reply.count("\"date_added\"")) as u64
}

/// Follows `next` from the first page to the last, or until the time is up.
pub fn walk(server: &Server, authorization: &str, what: Walk, limit: usize, time: Duration) -> Result<Rate> {
    let mut client = Client::new(&server.address, Some(authorization));
    let first = what.first(&server.collection, limit);
    let mut path = first.clone();
    let mut rate = Rate::default();
    while rate.time < time {
        let begun = Instant::now();
        let reply = client.get_ok(&path)?;
        rate.time += begun.elapsed();
        rate.requests += 1;
        rate.items += items(&reply);
        match reply.next() {
            Some(next) => path = format!("{first}&next={}", encode(&next)),
            None => break,
        }
    }
    Ok(rate)
}

/// The `next` of a walk that stands after at least `skip` objects; `None` when they end before.
///
/// Walks in large steps: a cursor is good for any size of page.
pub fn cursor_after(server: &Server, authorization: &str, what: Walk, skip: usize) -> Result<Option<String>> {
    const STEP: usize = 1_000;
    let mut client = Client::new(&server.address, Some(authorization));
    let (mut path, mut left) = (what.first(&server.collection, skip.clamp(1, STEP)), skip);
    let mut next = None;
    while left > 0 {
        let reply = client.get_ok(&path)?;
        left = left.saturating_sub(items(&reply) as usize);
        next = reply.next();
        let Some(next) = &next else { return Ok(None) };
        path = format!("{}&next={}", what.first(&server.collection, left.clamp(1, STEP)), encode(next));
    }
    Ok(next)
}

/// Asks for the same path again and again over some connections.
pub fn repeat(server: &Server, authorization: &str, path: &str, connections: usize, time: Duration) -> Result<Rate> {
    repeat_paths(server, authorization, &[path.to_owned()], connections, time)
}

/// Asks for the paths in turn. The first answer of each connection is not counted: it makes the connection and warms what can be warm.
pub fn repeat_paths(server: &Server, authorization: &str, paths: &[String], connections: usize, time: Duration) -> Result<Rate> {
    let authorization = (!authorization.is_empty()).then_some(authorization);
    let worker = |shift: usize| -> Result<Rate> {
        let mut client = Client::new(&server.address, authorization);
        let path = |turn: u64| paths.get((shift * 7919 + turn as usize) % paths.len().max(1)).context("nothing to ask for");
        let each = items(&client.get_ok(path(0)?)?);
        let begun = Instant::now();
        let mut rate = Rate::default();
        while begun.elapsed() < time {
            client.drain_ok(path(rate.requests)?)?;
            rate.requests += 1;
        }
        Ok(Rate { items: each * rate.requests, time: begun.elapsed(), ..rate })
    };
    let rates = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections).map(|shift| scope.spawn(move || worker(shift))).collect();
        workers
            .into_iter()
            .map(|handle| handle.join().map_err(|_| anyhow::anyhow!("a connection's thread broke"))?)
            .collect::<Result<Vec<_>>>()
    })?;
    let time = rates.iter().map(|rate| rate.time).max().unwrap_or_default();
    Ok(Rate { requests: rates.iter().map(|rate| rate.requests).sum(), items: rates.iter().map(|rate| rate.items).sum(), time })
}

/// The median time of a request in milliseconds, over one connection.
pub fn latency(server: &Server, authorization: &str, paths: &[String], requests: usize) -> Result<f64> {
    let mut client = Client::new(&server.address, Some(authorization));
    let mut times = Vec::with_capacity(requests);
    for path in paths.iter().cycle().take(requests + requests / 4) {
        let begun = Instant::now();
        client.drain_ok(path)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    // The first ones warm connection and caches.
    Ok(median(times.split_off(requests / 4)))
}

/// The value in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
