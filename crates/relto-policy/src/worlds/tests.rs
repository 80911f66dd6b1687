//! What the worlds share in their tests, and the page of all rows.

use std::fmt::Write as _;

use expect_test::expect_file;
use relto_model::Stamp;

use super::*;

/// A node of `Owner`, at a fixed time, for which `Maker` made the object.
pub(super) fn with_site<T>(run: impl FnOnce(&Site<'_>) -> T) -> T {
    with_owner("Owner", run)
}

/// As [`with_site`], of another organisation.
pub(super) fn with_owner<T>(owner: &str, run: impl FnOnce(&Site<'_>) -> T) -> T {
    let mut rules = Rules::builtin().unwrap();
    rules.groups.insert("JTF7".to_owned());
    let context = LabelContext { made: Stamp::parse("2026-11-23").unwrap(), owner: owner.to_owned(), collection: None };
    run(&Site { rules: &rules, context: &context, originator: Some("Maker") })
}

/// A label in the words of the policies that are built in.
pub(super) fn display(label: &Label) -> String {
    crate::text::display(label, &crate::Policies::default())
}

/// Whether `upper` restricts at least as much as `lower`, clause by clause.
pub(super) fn dominates(upper: &Label, lower: &Label) -> bool {
    upper.clone().join(lower) == *upper
}

fn section(page: &mut String, title: &str, rows: &[Row]) {
    let cell = |text: &str| text.replace('|', "\\|");
    writeln!(page, "\n## {title}\n\n| there | here | source |\n|---|---|---|").unwrap();
    for row in rows {
        writeln!(page, "| {} | {} | {} |", cell(&row.there), cell(&row.here), cell(row.source)).unwrap();
    }
}

#[test]
fn every_row_is_on_the_page() {
    let mut page = "# Markings of other worlds\n\nWhat each marking of another scheme is in a label of this node. Written by a test from the tables in \
                    `relto-policy/src/worlds`:\n`UPDATE_EXPECT=1 cargo test -p relto-policy every_row` renews it. What has no row is refused with its \
                    reason; what cannot be said exactly comes\nout stricter (decision 0012). A tag with a value is what a reader must hold; a clause \
                    names who may read.\n"
        .to_owned();
    section(&mut page, "US banners, portion marks and ISM", &ism::rows());
    section(&mut page, "ACS 3.0", &acs::rows());
    section(&mut page, "MISP", &misp::rows());
    section(&mut page, "PAP", &pap::rows());
    expect_file!["../../../../docs/markings.md"].assert_eq(&page);
}
