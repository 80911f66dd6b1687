//! When a row counts, which way it fails, and that no answer changes at an instant that the table does not announce.

use proptest::prelude::*;

use super::*;

fn dated(dates: [Option<i64>; 4], review: i64) -> Dated {
    let [from, until, learned, withdrawn] = dates.map(|date| date.map(Stamp));
    Dated { from, until, learned, withdrawn, authority: "A".to_owned(), source: "S".to_owned(), review: Stamp(review) }
}

#[test]
fn past_review_a_grant_ends_and_a_prohibition_goes_on() {
    let dates = dated([Some(10), None, None, None], 20);
    let (grant, prohibition) = (Row::<_, Grants>::new("x", dates.clone()), Row::<_, Proscribes>::new("x", dates));
    for (now, granted, proscribed) in [(9, false, false), (10, true, true), (19, true, true), (20, false, true), (21, false, true)] {
        assert_eq!(grant.counts_now(Stamp(now)), granted, "grant at {now}");
        assert_eq!(prohibition.counts_now(Stamp(now)), proscribed, "prohibition at {now}");
    }
}

#[test]
fn a_row_counts_for_what_was_known_at_the_time() {
    let row = Row::<_, Grants>::new("x", dated([Some(10), Some(40), Some(15), Some(30)], 100));
    assert!(!row.counts(Stamp(12), Stamp(12), Stamp(50)), "true, and not yet learned");
    assert!(row.counts(Stamp(12), Stamp(15), Stamp(50)));
    assert!(!row.counts(Stamp(12), Stamp(30), Stamp(50)), "withdrawn");
    assert!(!row.counts(Stamp(40), Stamp(20), Stamp(50)), "over");
    assert!(!row.counts(Stamp(12), Stamp(15), Stamp(100)), "past review");
}

#[test]
fn what_falls_due_is_said_before() {
    let rows = [(5, None), (20, None), (21, None), (1, Some(3))];
    let rows = rows.map(|(day, withdrawn)| Row::<_, Grants>::new(day, dated([None, None, None, withdrawn], in_days(Stamp(0), day).0)));
    let table = Table::new(rows.into());
    let due: Vec<String> = table.due(in_days(Stamp(0), 10), 10).into_iter().map(|due| due.what).collect();
    assert_eq!(due, ["5", "20"]);
}

#[test]
fn bad_rows_are_refused_by_number() {
    let good = r#""authority":"A","source":"S","review":"2030-01-01""#;
    for (text, part) in [
        ("{}".to_owned(), "not a list"),
        (format!(r#"[{{"name":"x",{good}}},{{"name":"x","colour":"red",{good}}}]"#), "row 2: unknown field `colour`"),
        (r#"[{"name":"x","authority":"A","source":"S"}]"#.to_owned(), "row 1: missing field `review`"),
        (r#"[{"name":"x","authority":" ","source":"S","review":"2030-01-01"}]"#.to_owned(), "row 1: `authority`"),
        (format!(r#"[{{"name":"x","from":"2020-01-01","until":"2019-01-01",{good}}}]"#), "row 1: the spell ends"),
        (format!(r#"[{{"name":"x","learned":"2020-01-01","withdrawn":"2019-01-01",{good}}}]"#), "row 1: the row is withdrawn"),
        (format!(r#"[{{"name":"x","from":"yesterday",{good}}}]"#), "yesterday"),
    ] {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only read from JSON")]
        struct Name {
            name: String,
        }
        let error = parse_rows::<Name, Grants>(&text).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

fn date() -> impl Strategy<Value = Option<i64>> {
    proptest::option::of(0..40_i64)
}

proptest! {
    #[test]
    fn answers_change_only_when_announced(rows in proptest::collection::vec(([date(), date(), date(), date()], 0..40_i64), 0..4)) {
        announced::<Grants>(&rows);
        announced::<Proscribes>(&rows);
    }

    #[test]
    fn expiry_never_opens(dates in [date(), date(), date(), date()], review in 0..40_i64, now in 0..40_i64) {
        let row = |review| dated(dates, review);
        let (early, late) = (Row::<_, Grants>::new("", row(review)), Row::<_, Grants>::new("", row(review + 5)));
        prop_assert!(!early.counts_now(Stamp(now)) || late.counts_now(Stamp(now)));
        let (early, late) = (Row::<_, Proscribes>::new("", row(review)), Row::<_, Proscribes>::new("", row(review + 5)));
        prop_assert_eq!(early.counts_now(Stamp(now)), late.counts_now(Stamp(now)));
    }
}

fn announced<E: Effect>(rows: &[([Option<i64>; 4], i64)]) {
    let table: Table<usize, E> =
        Table::new(rows.iter().enumerate().map(|(at, (dates, review))| Row::new(at, dated(*dates, *review))).collect());
    let answers = |now: i64| table.counting(Stamp(now)).copied().collect::<Vec<_>>();
    for instant in 0..41 {
        let next = table.next_change(Stamp(instant)).map_or(41, |next| next.0);
        assert!((instant..next).all(|later| answers(later) == answers(instant)), "from {instant} to {next}");
    }
}
