//! The workloads, the same for every server. Only the time inside requests counts, not what the client does with the answers.

use super::http::{Client, encode};
use super::servers::Server;
use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// Requests and what they brought, over the time inside them.
#[derive(Debug, Default, Clone, Copy)]
pub struct Rate {
    /// Requests answered.
    pub requests: u64,
    /// Objects or entries in the answers.
    pub items: u64,
    /// Bytes of bodies.
    pub bytes: u64,
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

/// POSTs envelopes of `batch` objects; items are objects that the server says it stored.
pub fn post(server: &Server, path: &str, objects: &[String], batch: usize) -> Result<Rate> {
    let mut client = Client::new(&server.address, Some(&server.authorization));
    let path = format!("{path}objects/");
    let mut rate = Rate::default();
    for group in objects.chunks(batch) {
        let body = format!("{{\"objects\":[{}]}}", group.join(","));
        let begun = Instant::now();
        let reply = client.post(&path, body.as_bytes())?;
        rate.time += begun.elapsed();
        if reply.status != 202 && reply.status != 200 {
            bail!("{}: POST answered {}: {}", server.name, reply.status, String::from_utf8_lossy(&reply.body[..reply.body.len().min(300)]));
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

/// Follows `next` from the first page to the last, or until the time is up; each page's time goes to `each`.
pub fn walk(server: &Server, what: Walk, limit: usize, time: Duration, each: &mut dyn FnMut(Duration)) -> Result<Rate> {
    let mut client = Client::new(&server.address, Some(&server.authorization));
    let (resource, word) = if what == Walk::Objects { ("objects", "\"spec_version\"") } else { ("manifest", "\"date_added\"") };
    let first = format!("{}{resource}/?limit={limit}", server.collection);
    let mut path = first.clone();
    let mut rate = Rate::default();
    while rate.time < time {
        let begun = Instant::now();
        let reply = client.get_ok(&path)?;
        let took = begun.elapsed();
        rate.time += took;
        rate.requests += 1;
        rate.bytes += reply.body.len() as u64;
        rate.items += reply.count(word) as u64;
        each(took);
        match reply.next() {
            Some(next) => path = format!("{first}&next={}", encode(&next)),
            None => break,
        }
    }
    Ok(rate)
}

/// Asks for the same path again and again over some connections.
pub fn repeat(server: &Server, authorization: &str, path: &str, connections: usize, time: Duration) -> Result<Rate> {
    repeat_paths(server, authorization, &[path.to_owned()], connections, time)
}

/// Asks for the paths in turn.
pub fn repeat_paths(server: &Server, authorization: &str, paths: &[String], connections: usize, time: Duration) -> Result<Rate> {
    let authorization = (!authorization.is_empty()).then_some(authorization);
    let probe = Client::new(&server.address, authorization).get_ok(paths.first().map_or("/", String::as_str))?;
    let items = probe.count("\"spec_version\"").max(probe.count("\"date_added\"")) as u64;
    let start = Instant::now();
    let worker = |shift: usize| -> Result<(u64, u64)> {
        let mut client = Client::new(&server.address, authorization);
        let (mut requests, mut bytes) = (0, 0);
        while start.elapsed() < time {
            let path = &paths[(shift * 7919 + requests as usize) % paths.len()];
            bytes += client.get_ok(path)?.body.len() as u64;
            requests += 1;
        }
        Ok((requests, bytes))
    };
    let counts = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections).map(|shift| scope.spawn(move || worker(shift))).collect();
        workers
            .into_iter()
            .map(|handle| handle.join().map_err(|_| anyhow::anyhow!("a connection's thread broke"))?)
            .collect::<Result<Vec<_>>>()
    })?;
    let time = start.elapsed();
    let requests = counts.iter().map(|(requests, _)| requests).sum();
    Ok(Rate { requests, items: items * requests, bytes: counts.iter().map(|(_, bytes)| bytes).sum(), time })
}
