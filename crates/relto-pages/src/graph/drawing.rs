//! The picture of a graph: nodes with their names, and the curves between them.

use super::layout::{COLUMN, lay_out};
use super::shape::Family;
use super::{GraphPage, name_of, words_of};
use crate::objects::kind_name;

/// In graphs of up to so many nodes each has a way to show what surrounds it.
pub(super) const NODES_WITH_WAYS_MAX: usize = 300;
/// In graphs of up to so many links each says what it is.
const LINKS_SAID_MAX: usize = 60;
/// How wide the name of a node is at most, in units of the picture.
const NAME_WIDTH: i32 = COLUMN - WAY - 38;
/// How wide the way to what surrounds a node is.
const WAY: i32 = 30;
/// About how wide a letter is, in tenths of a unit; those of East Asian scripts are twice as wide.
const LETTER_TENTHS: i32 = 76;
/// About how wide a letter on a link is.
const SMALL_LETTER: i32 = 6;

/// A picture.
pub(super) struct Drawing {
    pub nodes: Vec<Drawn>,
    pub arcs: Vec<Arc>,
    /// The numbers of the nodes in the order in which one reads them.
    pub order: Vec<usize>,
    pub width: i32,
    pub height: i32,
}

/// A node, drawn.
pub(super) struct Drawn {
    pub number: usize,
    pub id: String,
    pub x: i32,
    pub y: i32,
    pub width: i32,
    /// What it is called, as far as there is room.
    pub words: String,
    /// The same in full, with its kind.
    pub full: String,
    pub class: &'static str,
    pub path: &'static str,
    pub is_chosen: bool,
    /// Where what surrounds it is shown.
    pub expand: Option<String>,
}

/// A link, drawn.
pub(super) struct Arc {
    pub from: usize,
    pub to: usize,
    pub path: String,
    /// What it says, and where.
    pub words: Option<(String, i32, i32)>,
}

pub(super) fn draw(page: &GraphPage<'_>, expand: &dyn Fn(&str) -> String) -> Drawing {
    let (nodes, links) = (&page.graph.nodes, &page.graph.links);
    let ends: Vec<(usize, usize)> = links.iter().map(|link| (link.from, link.to)).collect();
    let has_ways = nodes.len() <= NODES_WITH_WAYS_MAX;
    let way = |node: &relto_node::GraphNode| has_ways && !node.is_expanded;
    let names: Vec<(String, i32)> = nodes.iter().map(|node| fitted(&name_of(page, node))).collect();
    let widths: Vec<i32> = nodes.iter().zip(&names).map(|(node, (_, width))| width + 38 + if way(node) { WAY } else { 0 }).collect();
    let layout = lay_out(&widths, &ends, &|number| nodes.get(number).is_some_and(|node| node.is_chosen));
    let drawn = |number: &usize| {
        let (node, (x, y), (words, width)) = (nodes.get(*number)?, *layout.places.get(*number)?, names.get(*number)?);
        let family = Family::of(node.id.split("--").next().unwrap_or_default());
        Some(Drawn {
            number: *number,
            id: node.id.clone(),
            x,
            y,
            width: width + 38,
            words: words.clone(),
            full: format!("{}: {}", kind_name(page.language, page.kinds, &node.id), name_of(page, node)),
            class: family.class(),
            path: family.path(),
            is_chosen: node.is_chosen,
            expand: way(node).then(|| expand(&node.id)),
        })
    };
    let place = |number: usize| {
        let ((x, y), width) = (*layout.places.get(number)?, *widths.get(number)?);
        Some((x, y, width))
    };
    let are_said = links.len() <= LINKS_SAID_MAX;
    let mut said: Vec<(i32, i32, i32)> = Vec::new();
    let arc = |link: &relto_node::GraphLink| {
        let (path, at) = curve(place(link.from)?, place(link.to)?);
        let words = if are_said { room_for(words_of(&link.what), at, &mut said) } else { None };
        Some(Arc { from: link.from, to: link.to, path, words })
    };
    let arcs = links.iter().filter_map(arc).collect();
    let nodes = layout.order.iter().filter_map(drawn).collect();
    Drawing { nodes, arcs, order: layout.order.clone(), width: layout.width, height: layout.height }
}

/// `words` where they are on no others, near to `at`; none when there is no room.
fn room_for(words: String, at: (i32, i32), said: &mut Vec<(i32, i32, i32)>) -> Option<(String, i32, i32)> {
    let half = i32::try_from(words.chars().count()).unwrap_or(0) * SMALL_LETTER / 2;
    let is_free = |(x, y): &(i32, i32)| {
        said.iter().all(|(other_x, other_y, other_half)| (x - other_x).abs() > half + other_half + 4 || (y - other_y).abs() > 10)
    };
    let (x, y) = [0, 11, -11, 22].into_iter().map(|down| (at.0, at.1 + down)).find(is_free)?;
    said.push((x, y, half));
    Some((words, x, y))
}

/// A curve from one node to another, each with its left end, its middle from above and its width, and where there is room for words.
fn curve(from: (i32, i32, i32), to: (i32, i32, i32)) -> (String, (i32, i32)) {
    let ((from_x, from_y, from_width), (to_x, to_y, to_width)) = (from, to);
    let (start, end, bend) = match from_x.cmp(&to_x) {
        std::cmp::Ordering::Less => (from_x + from_width, to_x - 4, 70),
        std::cmp::Ordering::Greater => (from_x, to_x + to_width + 4, -70),
        std::cmp::Ordering::Equal => (from_x, to_x - 4, -50),
    };
    let turned = if from_x == to_x { -50 } else { -bend };
    let path = format!("M{start} {from_y}C{} {from_y} {} {to_y} {end} {to_y}", start + bend, end + turned);
    // Near the end that is further from the middle of things, where curves are apart: the one that is led to, or else the one that leads.
    let (near, far, near_y, far_y) = if from_x < to_x { (end, start, to_y, from_y) } else { (start, end, from_y, to_y) };
    let inward = if from_x == to_x { -30 } else { (far - near).signum() * 62 };
    (path, (near + inward, near_y + (far_y - near_y) / 8 - 4))
}

/// As much of `name` as there is room for, and how wide that is.
fn fitted(name: &str) -> (String, i32) {
    let width_of = |letter: char| if u32::from(letter) >= 0x1100 { 2 * LETTER_TENTHS } else { LETTER_TENTHS };
    let whole: i32 = name.chars().map(width_of).fold(0, i32::saturating_add) / 10;
    if whole <= NAME_WIDTH {
        return (name.to_owned(), whole);
    }
    let (mut words, mut tenths) = (String::new(), LETTER_TENTHS);
    for letter in name.chars() {
        tenths += width_of(letter);
        if tenths / 10 > NAME_WIDTH {
            break;
        }
        words.push(letter);
    }
    (format!("{}…", words.trim_end()), NAME_WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_on_no_others() {
        let mut said = Vec::new();
        let places: Vec<Option<(i32, i32)>> =
            (0..6).map(|_| room_for("uses".to_owned(), (50, 50), &mut said).map(|(_, x, y)| (x, y))).collect();
        assert_eq!(places, [Some((50, 50)), Some((50, 61)), Some((50, 39)), Some((50, 72)), None, None]);
    }

    #[test]
    fn names_fit() {
        assert_eq!(fitted("APT1").0, "APT1");
        let long = fitted(&"a".repeat(100));
        assert!(long.0.ends_with('…') && long.0.chars().count() < 30 && long.1 == NAME_WIDTH);
        assert!(fitted(&"人".repeat(100)).0.chars().count() < 16);
    }
}
