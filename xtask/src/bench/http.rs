//! The one HTTP client that drives every server alike: blocking, HTTP/1.1, connections kept open where the server allows it.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const MEDIA_TYPE: &str = "application/taxii+json;version=2.1";
const PATIENCE: Duration = Duration::from_secs(120);

/// A reply, read to its end.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Header lines, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, free of transfer coding.
    pub body: Vec<u8>,
}

impl Reply {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of `next`, when the envelope has one: it stands near the head or the tail, never among the objects.
    pub fn next(&self) -> Option<String> {
        let length = self.body.len();
        let parts = [self.body.get(..length.min(800)), self.body.get(length.saturating_sub(800)..)];
        parts.into_iter().flatten().find_map(|part| {
            let text = String::from_utf8_lossy(part).into_owned();
            let rest = text.split_once("\"next\"")?.1.split_once('"')?.1;
            Some(rest.split_once('"')?.0.to_owned())
        })
    }

    /// The first of the body, for people.
    pub fn beginning(&self) -> String {
        String::from_utf8_lossy(self.body.get(..300).unwrap_or(&self.body)).into_owned()
    }

    /// How often a word occurs in the body.
    pub fn count(&self, word: &str) -> usize {
        std::str::from_utf8(&self.body).map_or(0, |text| text.matches(word).count())
    }
}

/// One connection to one server, made again when the server closed it.
#[derive(Debug)]
pub struct Client {
    address: String,
    authorization: Option<String>,
    stream: Option<BufReader<TcpStream>>,
    /// The memory of a body that nobody wanted to keep.
    spare: Vec<u8>,
}

impl Client {
    /// A client of `host:port`; `authorization` is the header's whole value.
    pub fn new(address: &str, authorization: Option<&str>) -> Self {
        Self { address: address.to_owned(), authorization: authorization.map(str::to_owned), stream: None, spare: Vec::new() }
    }

    /// GETs a path.
    pub fn get(&mut self, path: &str) -> Result<Reply> {
        self.send("GET", path, &[])
    }

    /// GETs a path; anything but 200 is an error.
    pub fn get_ok(&mut self, path: &str) -> Result<Reply> {
        let reply = self.get(path)?;
        if reply.status != 200 {
            bail!("GET {path} answered {}: {}", reply.status, reply.beginning());
        }
        Ok(reply)
    }

    /// GETs a path and keeps nothing but the memory: a client that is measured with must not spend its time on that.
    pub fn drain_ok(&mut self, path: &str) -> Result<()> {
        let reply = self.get_ok(path)?;
        self.spare = reply.body;
        Ok(())
    }

    /// POSTs a body.
    pub fn post(&mut self, path: &str, body: &[u8]) -> Result<Reply> {
        self.send("POST", path, body)
    }

    /// DELETEs a path.
    pub fn delete(&mut self, path: &str) -> Result<Reply> {
        self.send("DELETE", path, &[])
    }

    /// Sends, and once more on a fresh connection when the kept one had been closed meanwhile.
    fn send(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Reply> {
        if self.stream.is_some() {
            if let Ok(reply) = self.exchange(method, path, body) {
                return Ok(reply);
            }
            self.stream = None;
        }
        self.exchange(method, path, body)
    }

    fn exchange(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Reply> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: {MEDIA_TYPE}\r\n", self.address);
        if let Some(value) = &self.authorization {
            head.push_str(&format!("Authorization: {value}\r\n"));
        }
        if method == "POST" {
            head.push_str(&format!("Content-Type: {MEDIA_TYPE}\r\nContent-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        if self.stream.is_none() {
            let stream = TcpStream::connect(&self.address).with_context(|| format!("cannot connect to {}", self.address))?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            self.stream = Some(BufReader::with_capacity(1 << 16, stream));
        }
        let reader = self.stream.as_mut().context("no connection")?;
        let mut message = head.into_bytes();
        message.extend_from_slice(body);
        reader.get_mut().write_all(&message)?;
        let (reply, keep) = read_reply(reader, std::mem::take(&mut self.spare))?;
        if !keep {
            self.stream = None;
        }
        Ok(reply)
    }
}

/// Reads a reply into the memory of an earlier `body`.
fn read_reply(reader: &mut BufReader<TcpStream>, body: Vec<u8>) -> Result<(Reply, bool)> {
    let status_line = line(reader)?;
    let status =
        status_line.split(' ').nth(1).and_then(|code| code.parse().ok()).with_context(|| format!("no status in `{status_line}`"))?;
    let mut headers = Vec::new();
    loop {
        let text = line(reader)?;
        if text.is_empty() {
            break;
        }
        if let Some((name, value)) = text.split_once(':') {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let mut reply = Reply { status, headers, body };
    let mut keep =
        !status_line.starts_with("HTTP/1.0") && !reply.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    if reply.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        reply.body.clear();
        read_chunks(reader, &mut reply.body)?;
    } else if let Some(length) = reply.header("content-length").and_then(|value| value.parse().ok()) {
        reply.body.resize(length, 0);
        reader.read_exact(&mut reply.body)?;
    } else if status == 204 {
        reply.body.clear();
    } else {
        reply.body.clear();
        reader.read_to_end(&mut reply.body)?;
        keep = false;
    }
    Ok((reply, keep))
}

fn read_chunks(reader: &mut BufReader<TcpStream>, body: &mut Vec<u8>) -> Result<()> {
    loop {
        let size = line(reader)?;
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16).context("bad chunk size")?;
        if size == 0 {
            while !line(reader)?.is_empty() {}
            return Ok(());
        }
        let start = body.len();
        body.resize(start + size, 0);
        reader.read_exact(&mut body[start..])?;
        line(reader)?;
    }
}

fn line(reader: &mut BufReader<TcpStream>) -> Result<String> {
    let mut text = String::new();
    if reader.read_line(&mut text)? == 0 {
        bail!("the server closed the connection");
    }
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Waits until a GET answers with 200; returns how long that took.
pub fn wait_until_up(address: &str, authorization: Option<&str>, path: &str) -> Result<Duration> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        if Client::new(address, authorization).get(path).is_ok_and(|reply| reply.status == 200) {
            return Ok(start.elapsed());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    bail!("{address}{path} did not answer 200 within a minute")
}

/// A port of the loopback that is free now.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Characters that must not stand in a query as they are.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
}

/// The value of `Authorization` for a name and a password (RFC 7617).
pub fn basic(name: &str, password: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::from("Basic ");
    for chunk in format!("{name}:{password}").as_bytes().chunks(3) {
        let block = chunk.iter().fold(0_usize, |block, byte| block << 8 | usize::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            out.push(if place <= chunk.len() { char::from(ALPHABET[block >> (18 - 6 * place) & 63]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials() {
        assert_eq!(basic("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(basic("a", "bc"), "Basic YTpiYw==");
        assert_eq!(basic("a", "bcd"), "Basic YTpiY2Q=");
    }

    #[test]
    fn next_is_found_before_and_after_the_objects() {
        let reply = |body: &str| Reply { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec() };
        assert_eq!(reply("{\"more\":true,\"next\":\"abc\",\"objects\":[]}").next().as_deref(), Some("abc"));
        assert_eq!(reply("{\"objects\": [], \"more\": true, \"next\": \"x=\"}").next().as_deref(), Some("x="));
        assert_eq!(reply("{\"objects\":[]}").next(), None);
    }
}
