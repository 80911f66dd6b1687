//! Graphs as pages: hostile names stay text, the picture and the table say the same, and the same graph gives the same bytes.

use relto_node::{GraphLink, GraphNode};

use super::*;

const HOSTILE: &str = "\"'></title></svg><script>alert(1)</script>";

fn id(number: usize) -> String {
    format!("indicator--00000000-0000-4000-8000-{number:012}")
}

/// A star of `count` nodes around the first.
fn star(count: usize, name: &str) -> Graph {
    let node =
        |number| GraphNode { id: id(number), title: Some(format!("{name}{number}")), is_chosen: number == 0, is_expanded: number == 0 };
    let link = |number| GraphLink { from: 0, to: number, what: format!("uses{name}"), relationship: None };
    Graph {
        nodes: (0..count).map(node).collect(),
        links: (1..count).map(link).collect(),
        kinds: [("indicator".to_owned(), count)].into(),
        ..Graph::default()
    }
}

fn page(graph: &Graph, size: GraphSize, hidden: &[String]) -> String {
    let visitor = Visitor { name: "anna", csrf: "x", writes: false, is_officer: false };
    let (language, kinds, of) = (Language::English, &Kinds::builtin(), &[id(0)]);
    super::graph(&GraphPage { language, visitor, kinds, of, more: &[], hidden, size, graph }).0
}

#[test]
fn hostile_names_stay_text() {
    let graph = star(5, HOSTILE);
    let page = page(&graph, GraphSize::Steps(0), &[HOSTILE.to_owned()]);
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert_eq!(page.matches("</svg>").count(), page.matches("<svg").count());
    assert!(page.contains("&#60;script&#62;"));
}

#[test]
fn the_same_graph_gives_the_same_bytes() {
    let graph = star(200, "n");
    assert_eq!(page(&graph, GraphSize::Steps(2), &[]), page(&graph, GraphSize::Steps(2), &[]));
}

#[test]
fn the_picture_and_the_table_say_the_same() {
    let page = page(&star(6, "node "), GraphSize::Steps(0), &[]);
    let (picture, table) = page.split_once("</svg>\n</div>").unwrap();
    for number in 0..6 {
        let href = format!("href=\"/objects/{}/\"", id(number));
        assert!(picture.contains(&href) && table.contains(&href), "{number}");
    }
    assert_eq!(picture.matches("class=\"expand\"").count(), 5, "each but the one that is shown with what surrounds it");
    assert_eq!(table.matches("<span class=\"verb\">usesnode </span>").count(), 5);
}

#[test]
fn it_becomes_larger_and_smaller_within_bounds() {
    let graph = star(3, "n");
    let width = |page: &str| {
        page.split_once("<svg class=\"graph")
            .unwrap()
            .1
            .split_once("width=\"")
            .map(|(_, rest)| rest.split_once('"').unwrap().0.parse::<i32>().unwrap())
    };
    let (plain, large) = (page(&graph, GraphSize::Steps(0), &[]), page(&graph, GraphSize::Steps(1), &[]));
    assert!(width(&large) > width(&plain));
    assert!(
        page(&graph, GraphSize::Steps(ZOOM_MAX), &[]).contains("data-zoom=\"smaller\"")
            && !page(&graph, GraphSize::Steps(ZOOM_MAX), &[]).contains("data-zoom=\"larger\"")
    );
    assert_eq!(page(&graph, GraphSize::Steps(i32::MAX), &[]), page(&graph, GraphSize::Steps(ZOOM_MAX), &[]));
    assert!(page(&graph, GraphSize::Whole, &[]).contains("class=\"graph fitted whole\""));
}

#[test]
fn two_thousand_nodes_stay_usable() {
    let graph = star(2_000, "a name of some length ");
    let begun = std::time::Instant::now();
    let page = page(&graph, GraphSize::Steps(0), &[]);
    let took = begun.elapsed();
    assert!(took.as_millis() < 1_000, "{took:?}");
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    assert!(!page.contains("class=\"expand\"") && !page.contains("NaN"));
    println!("2,000 nodes: {took:?}, {} bytes", page.len());
}
