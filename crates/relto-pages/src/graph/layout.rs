//! Where the nodes of a graph stand: the selection in the middle, what leads to it on its left, what it leads to on its right, and what is further away
//! further out. A long column is broken into several. The same graph always gives the same picture, in time that grows with its size alone.

/// How far the middles of neighbouring rows are apart.
pub(super) const ROW: i32 = 34;
/// How wide a node is at most, with the room beside it.
pub(super) const COLUMN: i32 = 246;
/// Between the parts of a column that is broken.
const BESIDE: i32 = 14;
/// Between two steps there is room for links and what they say.
pub(super) const GAP: i32 = 140;
/// Around everything.
pub(super) const MARGIN: i32 = 24;
/// A column of up to so many rows is not broken.
const ROWS_WHOLE: usize = 24;
/// A broken column is about so many times as wide as it is high, in tenths.
const ASPECT_TENTHS: f64 = 16.0;

/// Where everything stands, in units of the picture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Layout {
    /// The left end of each node and its middle from above.
    pub places: Vec<(i32, i32)>,
    /// The nodes in the order in which one reads them: the selection, then column by column.
    pub order: Vec<usize>,
    pub width: i32,
    pub height: i32,
}

/// Lays out nodes of these `widths` with `links` from one to another; `is_chosen` says which are the selection. Links to nodes that there are not are none.
pub(super) fn lay_out(widths: &[i32], links: &[(usize, usize)], is_chosen: &dyn Fn(usize) -> bool) -> Layout {
    let count = widths.len();
    let neighbours = neighbours(count, links);
    let steps = steps(count, &neighbours, is_chosen);
    let mut columns: std::collections::BTreeMap<i32, Vec<usize>> = std::collections::BTreeMap::new();
    steps.iter().enumerate().for_each(|(node, step)| columns.entry(*step).or_default().push(node));
    settle(&mut columns, &neighbours);
    let heights = columns.values().map(|column| rows_of(column.len()));
    let height = i32::try_from(heights.max().unwrap_or(0)).unwrap_or(0) * ROW + 2 * MARGIN;
    let mut layout = Layout { places: vec![(0, 0); count], order: Vec::with_capacity(count), width: 0, height };
    let mut left = MARGIN;
    for column in columns.values() {
        let rows = rows_of(column.len());
        let used = i32::try_from(column.len().min(rows)).unwrap_or(0);
        let top = (height - used * ROW) / 2 + ROW / 2;
        for part in column.chunks(rows) {
            for (down, node) in (0..).zip(part) {
                if let Some(place) = layout.places.get_mut(*node) {
                    *place = (left, top + down * ROW);
                }
            }
            left += part.iter().filter_map(|node| widths.get(*node)).max().copied().unwrap_or(0).clamp(0, COLUMN) + BESIDE;
        }
        left += GAP - BESIDE;
    }
    layout.width = (left - GAP + MARGIN).max(2 * MARGIN);
    let outward = |step: &i32| (step.unsigned_abs(), *step < 0);
    let mut by_step: Vec<&i32> = columns.keys().collect();
    by_step.sort_by_key(|step| outward(step));
    layout.order = by_step.into_iter().filter_map(|step| columns.get(step)).flatten().copied().collect();
    layout
}

/// How many rows a column of `count` nodes gets.
fn rows_of(count: usize) -> usize {
    if count <= ROWS_WHOLE {
        return count.max(1);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a root of a few thousand")]
    let rows = (count as f64 * f64::from(COLUMN) / f64::from(ROW) * 10.0 / ASPECT_TENTHS).sqrt().ceil() as usize;
    rows.clamp(ROWS_WHOLE, count)
}

/// The nodes beside each, with whether the link leads there.
fn neighbours(count: usize, links: &[(usize, usize)]) -> Vec<Vec<(usize, bool)>> {
    let mut neighbours: Vec<Vec<(usize, bool)>> = vec![Vec::new(); count];
    for (from, to) in links.iter().filter(|(from, to)| *from < count && *to < count) {
        if let Some(of) = neighbours.get_mut(*from) {
            of.push((*to, true));
        }
        if let Some(of) = neighbours.get_mut(*to) {
            of.push((*from, false));
        }
    }
    neighbours
}

/// In which column each node stands: 0 is the selection, before it what leads there, behind it what it leads to. What hangs together with none of it
/// stands last.
fn steps(count: usize, neighbours: &[Vec<(usize, bool)>], is_chosen: &dyn Fn(usize) -> bool) -> Vec<i32> {
    let mut steps: Vec<Option<i32>> = (0..count).map(|node| is_chosen(node).then_some(0)).collect();
    let mut reached: Vec<usize> = (0..count).filter(|node| is_chosen(*node)).collect();
    let mut at = 0;
    while let Some(node) = reached.get(at).copied() {
        at += 1;
        let own = steps.get(node).copied().flatten().unwrap_or(0);
        // What is led to first: what leads both ways stands where one reads on.
        let of = neighbours.get(node).map(Vec::as_slice).unwrap_or_default();
        for (other, is_forward) in of.iter().filter(|(_, forward)| *forward).chain(of.iter().filter(|(_, forward)| !*forward)) {
            let step = steps.get_mut(*other).filter(|step| step.is_none());
            if let Some(step) = step {
                let side = if own == 0 { if *is_forward { 1 } else { -1 } } else { own.signum() };
                *step = Some(own + side);
                reached.push(*other);
            }
        }
    }
    let last = steps.iter().flatten().max().copied().unwrap_or(0) + 1;
    steps.into_iter().map(|step| step.unwrap_or(last)).collect()
}

/// Orders each column by where its nodes' neighbours stand in the column nearer to the selection; nodes alike stay in the order that they came in.
fn settle(columns: &mut std::collections::BTreeMap<i32, Vec<usize>>, neighbours: &[Vec<(usize, bool)>]) {
    let mut rank: Vec<Option<usize>> = vec![None; neighbours.len()];
    let mut outward: Vec<i32> = columns.keys().copied().collect();
    outward.sort_by_key(|step| (step.unsigned_abs(), *step));
    for step in outward {
        let Some(column) = columns.get_mut(&step) else { continue };
        if step.unsigned_abs() > 1 {
            column.sort_by_cached_key(|node| {
                let of = neighbours.get(*node).map(Vec::as_slice).unwrap_or_default();
                let ranks: Vec<usize> = of.iter().filter_map(|(other, _)| rank.get(*other).copied().flatten()).collect();
                // In thousandths, so that no order rests on how a fraction is rounded.
                ranks.iter().sum::<usize>() * 1_000 / ranks.len().max(1)
            });
        }
        let settled = column.clone();
        for (at, node) in settled.into_iter().enumerate() {
            if let Some(rank) = rank.get_mut(node) {
                *rank = Some(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Instant;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_leads_there_is_left_and_what_it_leads_to_right() {
        let layout = lay_out(&[100; 5], &[(1, 0), (0, 2), (2, 3)], &|node| node == 0);
        let x: Vec<i32> = layout.places.iter().map(|(x, _)| *x).collect();
        assert!(x[1] < x[0] && x[0] < x[2] && x[2] < x[3] && x[3] < x[4], "{x:?}");
        assert_eq!(layout.order, [0, 2, 1, 3, 4]);
    }

    #[test]
    fn nothing_is_a_picture_too() {
        assert_eq!(lay_out(&[], &[], &|_| true).width, 2 * MARGIN);
        assert_eq!(lay_out(&[9], &[(0, 0), (0, 9), (7, 0)], &|_| true).places.len(), 1);
    }

    #[test]
    fn two_thousand_nodes_take_little_time() {
        let links: Vec<(usize, usize)> =
            (1..2_000).map(|node| (node / 3, node)).chain((0..4_000).map(|at| (at * 7 % 2_000, at * 13 % 2_000))).collect();
        let begun = Instant::now();
        let layout = lay_out(&[COLUMN; 2_000], &links, &|node| node == 0);
        let took = begun.elapsed();
        assert!(took.as_millis() < 200, "{took:?}");
        assert!(layout.width < 16_000 && layout.height < 6_000, "{} x {}", layout.width, layout.height);
    }

    proptest! {
        /// The same picture each time, everything inside it, and no two nodes in one place.
        #[test]
        fn pictures_are_sound(
            widths in proptest::collection::vec(1..COLUMN, 0..120),
            links in proptest::collection::vec((0_usize..120, 0_usize..120), 0..300),
            chosen in proptest::collection::btree_set(0_usize..120, 0..4),
        ) {
            let layout = lay_out(&widths, &links, &|node| chosen.contains(&node));
            prop_assert_eq!(&layout, &lay_out(&widths, &links, &|node| chosen.contains(&node)));
            let places: BTreeSet<(i32, i32)> = layout.places.iter().copied().collect();
            let count = widths.len();
            prop_assert_eq!(places.len(), count);
            for ((x, y), width) in layout.places.iter().zip(&widths) {
                prop_assert!(*x >= MARGIN && x + width <= layout.width - MARGIN);
                prop_assert!(*y >= MARGIN && *y <= layout.height - MARGIN);
            }
            let order: BTreeSet<usize> = layout.order.iter().copied().collect();
            prop_assert_eq!((order.len(), layout.order.len()), (count, count));
        }
    }
}
