//! Statuses for a partner by route and situation, and by how its agreement stands, as a table that a diplomat could review.
//!
//! After a deliberate change: `UPDATE_EXPECT=1 cargo test --workspace --test sim partners::routes`, and read the difference line by line.

use std::fmt::Write as _;

use expect_test::expect_file;
use relto_http::ROUTES;
use relto_model::Stamp;
use relto_sim::node::By;
use serde_json::{Value as Json, json};

use super::{DEU, FRA, Net, OBJECT, bytes, indicator};

const STANDINGS: [&str; 6] = ["in force", "suspended", "not confirmed", "left", "before", "after"];
const HIDDEN: &str = "indicator--bbbbbbbb-0000-4000-8000-000000000001";
const OWN: &str = "indicator--bbbbbbbb-0000-4000-8000-000000000002";
const ABSENT: &str = "indicator--bbbbbbbb-0000-4000-8000-000000000009";

fn named(id: &str) -> Json {
    let mut object = indicator("2026-01-01");
    object["id"] = json!(id);
    object
}

/// A node with something for its partner, something that is not, and something of the partner's own.
fn standing(standing: &str) -> Net {
    let net = Net::apart();
    if standing == "not confirmed" {
        net.agree(FRA, DEU, |new| new.phrase = None);
    } else {
        net.agree(FRA, DEU, |_| {});
        net.deliver(DEU, FRA, bytes(&[&named(OWN)])).unwrap();
    }
    net.load(FRA, "TLP:GREEN", &named(OBJECT));
    net.load(FRA, "ORG:FRA Node", &named(HIDDEN));
    let later = |seconds: i64| Some(Stamp(net.now.get() + seconds * 1_000_000).to_string());
    match standing {
        "suspended" => net.at(FRA).node.suspend_partner(DEU, true, None).unwrap(),
        "left" => drop(net.at(FRA).node.remove_partner(DEU).unwrap()),
        "before" => net.agree(FRA, DEU, |new| new.from = later(1_000)),
        "after" => {
            net.agree(FRA, DEU, |new| new.until = later(10));
            net.now.set(net.now.get() + 20_000_000);
        }
        _ => {}
    }
    net
}

/// What is asked for, by the words of a route's path.
fn paths(route: &str) -> Vec<(&'static str, String)> {
    let path = |collection: &str, object: &str| {
        let path = route.replace("{collection}", collection).replace("{object}", object);
        let until = if route.ends_with("/notifications/") { "?until=now" } else { "" };
        let nobodys = ["{status}", "{draft}", "{proposal}", "{release}"];
        nobodys.iter().fold(path, |path, name| path.replace(name, "00000000-0000-4000-8000-000000000000")) + until
    };
    let mut all = vec![("released", path("intel", OBJECT))];
    if route.contains("{object}") {
        all.extend([("hidden", path("intel", HIDDEN)), ("its own", path("intel", OWN)), ("absent", path("intel", ABSENT))]);
    }
    if route.contains("{collection}") {
        all.extend([("outside the agreement", path("other", OBJECT)), ("absent collection", path("nowhere", OBJECT))]);
    }
    all
}

fn body(route: &str) -> Json {
    match route {
        "/relto/notices/" => json!({"notices": []}),
        "/relto/receipts/" => json!({"receipts": []}),
        _ => json!({"objects": [named(ABSENT)]}),
    }
}

#[test]
fn by_route_and_standing() {
    let mut shown = String::from("Statuses for a partner, over its link, by route and situation and by how its agreement stands.\n\n");
    write!(shown, "{:<6} {:<66} {:<22}", "method", "route", "situation").unwrap();
    STANDINGS.iter().for_each(|standing| write!(shown, " {standing}").unwrap());
    shown.push('\n');
    let for_reading = STANDINGS.map(standing);
    for (method, route, _) in ROUTES {
        for (situation, path) in paths(route) {
            write!(shown, "{method:<6} {route:<66} {situation:<22}").unwrap();
            for (name, for_reading) in STANDINGS.iter().zip(&for_reading) {
                // What is written changes what the next one finds: each asks a node of its own.
                let own = (*method != "GET").then(|| standing(name));
                let net = own.as_ref().unwrap_or(for_reading);
                let body = (*method == "POST").then(|| body(route).to_string());
                let key = relto_policy::dsse::SigningKey::from_seed(&net.at(DEU).node.identity().unwrap()[0]).public().to_bytes();
                let answer = net.at(FRA).send_by(method, &path, By::Link(key), body.as_deref());
                write!(shown, " {:<width$}", answer.status.as_u16(), width = name.len()).unwrap();
            }
            shown.truncate(shown.trim_end().len());
            shown.push('\n');
        }
    }
    expect_file!["routes.txt"].assert_eq(&shown);
}
