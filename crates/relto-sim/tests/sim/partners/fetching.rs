//! How much is asked for at once.

use relto_http::exchange::pull::{Answer, PAGE_ROWS, Pull};
use relto_model::Stamp;
use relto_node::Taken;
use serde_json::json;

use super::{DEU, FRA, Net, indicator};

/// What a node answers whose `number`-th page is not the last.
fn page(net: &Net, number: usize) -> Answer {
    let mut object = indicator("2026-01-01");
    object["id"] = json!(format!("indicator--bbbbbbbb-0000-4000-8000-{number:012}"));
    let body = json!({"more": true, "next": format!("page {number}"), "objects": [object]}).to_string().into();
    Answer { status: 200, added_last: Some("2026-06-01T00:00:00Z".to_owned()), body, asked: Stamp(net.now.get()) }
}

fn limit(pull: &Pull) -> u32 {
    let target = pull.target();
    let limit = target.split("limit=").nth(1).and_then(|rest| rest.split('&').next());
    limit.unwrap().parse().unwrap()
}

/// More and more while there is more, up to a bound; what was too large once is not asked for again.
#[test]
fn the_more_there_is_the_more_is_asked_for() {
    let net = Net::new();
    let node = net.at(FRA).node.clone();
    let partner = node.partner_records().into_iter().find(|partner| partner.name() == DEU).unwrap();
    let mut pull = Pull::new(node.clone(), &partner, "intel").unwrap();
    let mut limits = vec![limit(&pull)];
    for number in 0..6 {
        let (_, taken) = pull.take(page(&net, number).read(&node)).unwrap();
        assert_eq!(taken, Taken { added: 1, ..Taken::default() });
        limits.push(limit(&pull));
    }
    assert_eq!(limits, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
    assert!(pull.ask_for_less() && pull.ask_for_less());
    pull.take(page(&net, 6).read(&node)).unwrap();
    assert_eq!(limit(&pull), 2_500);
    assert_eq!((0..20).filter(|_| pull.ask_for_less()).count(), 11, "until it is one");
    assert_eq!((limit(&pull), PAGE_ROWS), (1, limits[0]));
}
