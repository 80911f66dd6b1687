//! Relto by size of the store: the time of a page must not depend on how much is stored, how deep the page lies, or how little of it
//! somebody may see.
//!
//! One object in a hundred is for everybody, the rest for the node's own organisation; they lie mixed, which is the hard case for whoever
//! sees one in a hundred.

use super::measure::{Walk, cursor_after, items, latency};
use super::servers::{Node, Server};
use super::table::{number, table};
use super::{PAGE, http, object_id};
use crate::process;
use anyhow::{Context, Result};
use std::io::BufRead as _;
use std::path::Path;

/// One object in so many is for everybody.
pub const RARE: usize = 100;
const SIZES: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
/// Requests behind one median.
const REQUESTS: usize = 60;
/// A page may take so many times as long as the first of the smallest store and still count as independent.
const INDEPENDENT: f64 = 1.5;

/// The figures of one size.
#[derive(Default)]
struct Size {
    objects: usize,
    /// Name and figure, in order.
    figures: Vec<(&'static str, f64)>,
}

impl Size {
    fn add(&mut self, name: &'static str, figure: f64) {
        eprintln!("  {}: {name}: {}", self.objects, number(figure));
        self.figures.push((name, figure));
    }

    fn get(&self, name: &str) -> f64 {
        self.figures.iter().find(|(known, _)| *known == name).map_or(f64::NAN, |(_, figure)| *figure)
    }
}

const DEPTHS: [(&str, &str, &str, f64); 3] = [
    ("page at 0 %, ms", "one in 100: page at 0 %, ms", "manifest at 0 %, ms", 0.0),
    ("page at 50 %, ms", "one in 100: page at 50 %, ms", "manifest at 50 %, ms", 0.5),
    ("page at 99 %, ms", "one in 100: page at 99 %, ms", "manifest at 99 %, ms", 0.99),
];

/// Measures every size up to `largest`; returns the table and the promise.
pub fn run(folder: &Path, bundle: &dyn Fn(usize) -> Result<std::path::PathBuf>, largest: usize) -> Result<String> {
    let mut sizes = Vec::new();
    for objects in SIZES.into_iter().filter(|size| *size <= largest) {
        eprintln!("measuring Relto with {objects} objects");
        let place = folder.join(format!("scale-{objects}"));
        std::fs::create_dir_all(&place)?;
        sizes.push(size(&place, &bundle(objects)?, objects)?);
        drop(std::fs::remove_dir_all(&place));
    }
    Ok(format!("{}\n{}", figures(&sizes), independence(&sizes)))
}

fn size(folder: &Path, bundle: &Path, objects: usize) -> Result<Size> {
    let mut size = Size { objects, figures: Vec::new() };
    let node = Node::make(&process::binary("release"), folder)?;
    let loaded = node.load(bundle)?;
    size.add("load, objects/s", objects as f64 / loaded.time.as_secs_f64());
    size.add("load, peak MiB", loaded.memory);
    let server = node.serve(folder)?;
    size.add("start, s", server.started.as_secs_f64());
    let (own, outsider) = (server.cheapest().to_owned(), node.outsider());
    for (page, rare, manifest, depth) in DEPTHS {
        // A full page at least is left, so that all are of one length.
        let skip = |visible: usize| ((visible as f64 * depth) as usize).min(visible.saturating_sub(PAGE));
        size.add(page, at_depth(&server, &own, Walk::Objects, skip(objects), "")?);
        size.add(rare, at_depth(&server, &outsider, Walk::Objects, skip(objects / RARE), "")?);
        size.add(manifest, at_depth(&server, &own, Walk::Manifest, skip(objects), "")?);
    }
    let since = "&added_after=2020-01-01T00:00:00.000000Z&match%5Btype%5D=indicator";
    size.add("added_after + type, ms", at_depth(&server, &own, Walk::Objects, 0, since)?);
    size.add("one in 100: added_after + type, ms", at_depth(&server, &outsider, Walk::Objects, 0, since)?);
    let paths = |ids: Vec<String>| ids.into_iter().map(|id| format!("{}objects/{id}/", server.collection)).collect::<Vec<_>>();
    size.add("by id, ms", latency(&server, &own, &paths(some_ids(bundle, objects)?), REQUESTS)?);
    size.add("serve, peak MiB", server.peak_memory().unwrap_or(f64::NAN));
    Ok(size)
}

/// The median time of the page that stands after `skip` objects.
fn at_depth(server: &Server, authorization: &str, what: Walk, skip: usize, filters: &str) -> Result<f64> {
    let first = what.first(&server.collection, PAGE);
    let path = match cursor_after(server, authorization, what, skip)? {
        Some(next) => format!("{first}&next={}", http::encode(&next)),
        None => format!("{first}{filters}"),
    };
    let probe = http::Client::new(&server.address, Some(authorization)).get_ok(&path)?;
    anyhow::ensure!(items(&probe) > 0, "an empty page at {skip}");
    latency(server, authorization, &[path], REQUESTS)
}

/// Ids from all over the bundle.
fn some_ids(bundle: &Path, objects: usize) -> Result<Vec<String>> {
    let lines = std::io::BufReader::new(std::fs::File::open(bundle)?).lines();
    let mut ids = Vec::new();
    for line in lines.skip(1).step_by(objects / 50 + 1) {
        let line = line?;
        if line.starts_with('{') {
            ids.push(object_id(line.trim_end_matches(','))?);
        }
    }
    ids.first().context("the bundle has no objects")?;
    Ok(ids)
}

fn figures(sizes: &[Size]) -> String {
    let names: Vec<String> = sizes.iter().map(|size| size.objects.to_string()).collect();
    let head: Vec<&str> = std::iter::once("Relto by objects in the store").chain(names.iter().map(String::as_str)).collect();
    let rows = sizes.first().map_or(&[] as &[_], |size| &size.figures).iter();
    let row = |name: &str| std::iter::once(name.to_owned()).chain(sizes.iter().map(|size| number(size.get(name)))).collect();
    table(&head, rows.map(|(name, _)| row(name)).collect())
}

/// Whether any page of 100 takes longer than the first one of the smallest store.
fn independence(sizes: &[Size]) -> String {
    let whole = |size: &Size| DEPTHS.map(|(page, _, _, _)| size.get(page));
    // Who sees one in a hundred has a full page only from 10 000 objects on.
    let rare = |size: &Size| DEPTHS.map(|(_, rare, _, _)| size.get(rare));
    let ratio = |figures: Vec<f64>| {
        let first = figures.first().copied().unwrap_or(f64::NAN);
        figures.into_iter().fold(0.0, f64::max) / first
    };
    let line = |name: &str, figures: Vec<f64>| {
        let is = ratio(figures);
        let word = if is <= INDEPENDENT { "met" } else { "not met" };
        vec![name.to_owned(), format!("{}x", number(is)), format!("{INDEPENDENT}x"), word.to_owned()]
    };
    let rows = vec![
        line("page of 100: the slowest of all sizes and depths against the first", sizes.iter().flat_map(whole).collect()),
        line("the same for who sees one in 100, from 10 000 objects", sizes.iter().skip(1).flat_map(rare).collect()),
    ];
    table(&["Independence of size and depth", "is", "at most", ""], rows)
}
